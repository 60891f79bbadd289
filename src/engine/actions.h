/* SPDX-License-Identifier: Apache-2.0
 *
 * actions: sections [action NAME] to what act does.
 */
#ifndef ENGINE_ACTIONS_H
#define ENGINE_ACTIONS_H

#include "act/act.h"
#include "engine/settings.h"

#define ACTIONS_MOST 63u /* sets of them have a bit for each */

/*
 * All in ARENA. Tells each fault to FAULT and returns their number; a kind that is none
 * counts, too, but settings_read() has told it.
 */
int actions_make(const struct settings *settings, struct arena *arena, settings_fault *fault,
    void *context, struct act_config *ret);

/* As act_load, of struct settings: for an action's own process. */
int actions_load(const void *settings, const struct act_config **ret, struct err *err);

/*
 * Those actions of BEFORE, as a bit set, that NOW has none for: of the same kind, with the
 * same table, file or, of commands, name. None if NOW has faults.
 */
uint64_t actions_gone(const struct settings *before, const struct settings *now);

/* The words of the command TEXT, then NULL; quotes keep blanks together. NULL: why not. */
const char *const *action_words(struct str text, struct arena *arena, struct err *err);

#endif
