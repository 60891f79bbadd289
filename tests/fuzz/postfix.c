/* SPDX-License-Identifier: Apache-2.0
 *
 * postfix: any bytes as a message of one of Postfix's daemons.
 */
#include "rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROW(id) &parser_##id,
static const struct parser *const rows[] = {PARSERS(ROW)};
#undef ROW

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return read_message(rows, sizeof(rows) / sizeof(*rows), data, size);
}
