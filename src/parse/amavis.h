/* SPDX-License-Identifier: Apache-2.0
 *
 * amavis: the tables that its parser reads by.
 */
#ifndef PARSE_AMAVIS_H
#define PARSE_AMAVIS_H

#include "parse/filters.h"

extern const struct note amavis_chatter[]; /* said before there is a message */
extern const struct note amavis_steps[];   /* said of a message on its way, behind its id */

#endif
