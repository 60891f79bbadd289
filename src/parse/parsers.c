/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of the daemons' parsers.
 */
#include "parse/room.h"

const struct parser *const parsers[] = {
#define ROW(id) &parser_##id,
    PARSERS(ROW)
#undef ROW
};

const unsigned parsers_count = sizeof(parsers) / sizeof(parsers[0]);
