/* SPDX-License-Identifier: Apache-2.0
 *
 * keeping: how long events of each kind are kept.
 */
#ifndef ENGINE_KEEPING_H
#define ENGINE_KEEPING_H

#include "engine/rules.h"

struct keeping {
	int64_t usec[KINDS];     /* by kind */
	int64_t usual_usec;      /* [store] keep: of all that keep_kinds does not name */
};

/* Tells each fault of keep_kinds to FAULT, and returns their number. */
int keeping_make(const struct settings *settings, settings_fault *fault, void *context,
    struct keeping *ret);

/* Tells FAULT of rules that look further back than what they match is kept. */
int keeping_check(const struct keeping *keeping, const struct settings *settings,
    const struct rules *rules, settings_fault *fault, void *context);

#endif
