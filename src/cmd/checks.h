/* SPDX-License-Identifier: Apache-2.0
 *
 * checks: what a guard would refuse, told before one is started with it.
 */
#ifndef CMD_CHECKS_H
#define CMD_CHECKS_H

#include "engine/engine.h"

/*
 * Tells FAULT of everything in SETTINGS, read from PATH (NULL: the usual), that a guard
 * refuses at its start, with file and line and what was expected; sets the zone of times.
 * BEFORE: of the guard that runs, or NULL: its store may be away. ACTS: it is no dry run,
 * so no other guard may have what its actions change. RET: the caller's to
 * free with rules_done(), faults or not. Returns the number of faults.
 */
int checks_run(const struct settings *settings, const char *path,
    const struct settings *before, bool acts, settings_fault *fault, void *context,
    struct rules *ret);

#endif
