/* SPDX-License-Identifier: Apache-2.0
 *
 * trials: what can only be known by trying it. For `config check`: a guard that starts
 * does without what is away for a while, and says so.
 */
#ifndef CMD_TRIALS_H
#define CMD_TRIALS_H

#include "engine/engine.h"

/*
 * Tells FAULT of what of SETTINGS, which passed checks_run(), would not work: logs,
 * databases and folders as the guard's user has them, if we are root, and what actions
 * need. Nothing is changed, nobody is asked over the network. Returns their number.
 */
int trials_run(const struct settings *settings, settings_fault *fault, void *context);

#endif
