/* SPDX-License-Identifier: Apache-2.0
 *
 * setting-value: one setting's text to its value, by its row.
 */
#ifndef ENGINE_SETTING_VALUE_H
#define ENGINE_SETTING_VALUE_H

#include <glob.h>

#include "engine/settings.h"

/* Fills in RET but for its place; texts live in ARENA. -1: what was expected. */
int setting_read(const struct setting_row *row, struct str text, struct arena *arena,
    struct setting_value *ret, struct err *err);

/* The files of conf.d beside PATH, in order of their names; for globfree(). */
void settings_more(const char *path, glob_t *ret);

/* May NAME name a section? The empty one may. */
bool setting_is_name(struct str name);

#endif
