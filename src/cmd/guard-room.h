/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the guard command share.
 */
#ifndef CMD_GUARD_ROOM_H
#define CMD_GUARD_ROOM_H

#include <signal.h>

#include "cmd/room.h"

struct guard_run {
	const struct options *options;
	struct settings *settings;
	struct rules rules;
	struct arena arena;
};

const char *setting_text(const struct settings *settings, enum setting setting,
    struct arena *arena);

/* guard_settings.log: to stderr, by [guard] log. */
void guard_say(void *context, enum guard_level level, const char *text);

/*
 * guard-sandbox.c: from now on only files below what the settings name, and no program.
 * 1: the kernel knows nothing of it.
 */
int guard_sandbox(struct guard_run *run, struct err *err);

/* guard-loop.c: follows and judges until a signal says to stop; the exit status. */
int guard_loop(struct guard_run *run, struct act *act, const sigset_t *signals);

#endif
