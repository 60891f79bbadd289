/* SPDX-License-Identifier: Apache-2.0
 *
 * command: the owner's own programs. Arguments come from the configuration; what of a
 * ban stands in them are an address, numbers and an id.
 */
#include <stdlib.h>

#include "act/room.h"
#include "base/arena.h"
#include "base/child.h"

#define ARGUMENTS_MAX 64

struct command {
	const struct act_settings *settings;
	struct arena arena;
};

static void *
command_open(const struct act_settings *settings)
{
	struct command *command = xcalloc(1, sizeof(*command));

	command->settings = settings;
	return command;
}

/* Runs ARGV for BAN (NULL: for none); nothing to run is done. */
static int
run(struct command *command, const char *const *argv, const struct act_ban *ban, int64_t now,
    struct err *err)
{
	const char *words[ARGUMENTS_MAX + 1];
	size_t n = 0;

	if (!argv)
		return 0;
	for (; n < ARGUMENTS_MAX && argv[n]; n++) {
		struct buf word = BUF_INIT(4096);

		if (ban)
			ban_text(&word, str_of(argv[n]), ban, now);
		words[n] = ban ? arena_cstr(&command->arena, buf_view(&word)) : argv[n];
		buf_done(&word);
	}
	words[n] = NULL;
	return child_run(words, STR(""), command->settings->timeout_usec, err);
}

static int
command_start(void *state, struct err *err)
{
	struct command *command = state;

	return run(command, command->settings->start, NULL, 0, err);
}

static int
command_apply(void *state, const struct change *changes, size_t count, bool all, int64_t now,
    struct err *err)
{
	struct command *command = state;
	int result = 0;

	(void)all; /* what it did before it cannot undo without being told */
	for (size_t i = 0; i < count && result == 0; i++) {
		const struct act_ban *ban = &changes[i].ban;

		result = run(command, changes[i].unban ? command->settings->unban :
		    command->settings->ban, ban, now, err);
		arena_clear(&command->arena);
	}
	return result;
}

static bool
command_check(void *state)
{
	struct command *command = state;
	struct err err;

	return run(command, command->settings->check, NULL, 0, &err) == 0;
}

static int
command_stop(void *state, struct err *err)
{
	struct command *command = state;

	return run(command, command->settings->stop, NULL, 0, err);
}

static void
command_close(void *state)
{
	struct command *command = state;

	arena_free(&command->arena);
	free(command);
}

const struct sort sort_command = {
	.open = command_open,
	.start = command_start,
	.apply = command_apply,
	.check = command_check,
	.stop = command_stop,
	.close = command_close,
};
