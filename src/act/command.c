/* SPDX-License-Identifier: Apache-2.0
 *
 * command: the owner's own programs. Arguments come from the configuration; what of a
 * ban stands in them are an address, numbers and an id. What fails for one ban holds up
 * no other: it is tried again by itself, later each time.
 */
#include <stdlib.h>

#include "act/room.h"
#include "base/arena.h"
#include "base/child.h"

#define ARGUMENTS_MAX 64

/* What waits to be tried again at most; more is as a failure of all that comes. */
#define FAILED_MOST 10000u

/* An unban that failed so often was none: nothing was there to be taken away. */
#define UNBAN_TRIES 10u

struct failed {
	struct change change;
	struct pause pause;
	unsigned tries;
};

struct command {
	const struct act_settings *settings;
	struct act_bans banned; /* `ban` was run for, `unban` not */
	struct failed *failed;
	size_t failed_count, failed_room;
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
	int result;

	if (!argv)
		return 0;
	for (; n < ARGUMENTS_MAX && argv[n]; n++) {
		struct buf word = BUF_INIT(BUF_UNLIMITED);

		if (ban)
			ban_text(&word, str_of(argv[n]), ban, now);
		words[n] = ban ? arena_cstr(&command->arena, buf_view(&word)) : argv[n];
		buf_done(&word);
	}
	words[n] = NULL;
	result = child_run(words, STR(""), command->settings->timeout_usec, err);
	arena_clear(&command->arena);
	return result;
}

static int
command_start(void *state, struct err *err)
{
	struct command *command = state;

	command->banned.count = command->failed_count = 0;
	return run(command, command->settings->start, NULL, 0, err);
}

/* Is the program told how long a ban lasts? */
static bool
says_seconds(const char *const *argv)
{
	for (; argv && *argv; argv++)
		if (strstr(*argv, "{seconds}"))
			return true;
	return false;
}

static int
carry_out(struct command *command, const struct change *change, int64_t now, struct err *err)
{
	const struct act_settings *settings = command->settings;
	const struct act_ban *ban = &change->ban;
	bool there = act_bans_find(&command->banned, &ban->prefix) != NULL;
	char text[CIDR_TEXT_MAX];

	if (!change->unban && !there && command->banned.count >= BANS_MOST)
		return err_set(err, "%s: has banned %u and takes no more", settings->name,
		    BANS_MOST);
	/* One that lasts longer now is banned already. */
	if ((change->unban || !there || says_seconds(settings->ban)) &&
	    run(command, change->unban ? settings->unban : settings->ban, ban, now, err) < 0) {
		cidr_format(&ban->prefix, text);
		err_wrap(err, "%s: %s %s", settings->name, change->unban ? "unban" : "ban",
		    text);
		return -1;
	}
	if (change->unban)
		act_bans_take(&command->banned, &ban->prefix);
	else
		act_bans_put(&command->banned, ban);
	return 0;
}

static struct failed *
failed_of(const struct command *command, const struct cidr *prefix)
{
	for (size_t i = 0; i < command->failed_count; i++)
		if (cidr_equal(&command->failed[i].change.ban.prefix, prefix))
			return &command->failed[i];
	return NULL;
}

static void
drop_failed(struct command *command, struct failed *failed)
{
	*failed = command->failed[--command->failed_count];
}

/* -1: so much waits that this has no room. What is told stands in ERR. */
static int
attempt(struct command *command, const struct change *change, int64_t now, struct err *err)
{
	struct failed *failed = failed_of(command, &change->ban.prefix);
	struct err why = {""};

	/* How far an unban came that failed is not known: it is banned anew. */
	if (failed && failed->change.unban && !change->unban)
		act_bans_take(&command->banned, &change->ban.prefix);
	if (failed)
		drop_failed(command, failed); /* a later word takes its place */
	if (carry_out(command, change, now, &why) == 0)
		return 0;
	*err = why;
	if (command->failed_count == FAILED_MOST)
		return -1;
	MEM_GROW(command->failed, command->failed_count, command->failed_room);
	failed = &command->failed[command->failed_count++];
	*failed = (struct failed){.change = *change, .tries = 1};
	pause_longer(&failed->pause);
	return 0;
}

/* Ends what is banned and not among CHANGES, which are all there is to be. */
static int
end_others(struct command *command, const struct change *changes, size_t count, int64_t now,
    struct err *err)
{
	struct act_bans keep = {0};
	int result = 0;

	act_bans_change(&keep, changes, count);
	for (size_t i = command->banned.count; i-- > 0 && result == 0;) {
		struct change end = {.unban = true, .ban = command->banned.bans[i]};

		if (!act_bans_find(&keep, &end.ban.prefix))
			result = attempt(command, &end, now, err);
	}
	free(keep.bans);
	return result;
}

static int
command_apply(void *state, const struct change *changes, size_t count, bool all, int64_t now,
    struct err *err)
{
	struct command *command = state;
	int result = all ? end_others(command, changes, count, now, err) : 0;

	for (size_t i = 0; i < count && result == 0; i++)
		result = attempt(command, &changes[i], now, err);
	return result;
}

/* The one that waits for the shortest time, or NULL. */
static struct failed *
next_failed(const struct command *command)
{
	struct failed *next = NULL;

	for (size_t i = 0; i < command->failed_count; i++)
		if (!next || command->failed[i].pause.end < next->pause.end)
			next = &command->failed[i];
	return next;
}

static int64_t
command_wait(void *state, int64_t now)
{
	const struct failed *next = next_failed(state);

	(void)now; /* which may be set */
	return next ? pause_left(&next->pause) : INT64_MAX;
}

/* One at a time, for others may come meanwhile. */
static int
command_tick(void *state, int64_t now, struct err *err)
{
	struct command *command = state;
	struct failed *failed = next_failed(command);

	if (!failed)
		return 0;
	/* It would be over as soon as it is done. */
	if ((!failed->change.unban && failed->change.ban.until <= now) ||
	    carry_out(command, &failed->change, now, err) == 0) {
		drop_failed(command, failed);
		return 0;
	}
	pause_longer(&failed->pause);
	if (failed->change.unban && ++failed->tries == UNBAN_TRIES) {
		err_wrap(err, "given up after %u tries", UNBAN_TRIES);
		act_bans_take(&command->banned, &failed->change.ban.prefix);
		drop_failed(command, failed);
	}
	return 0;
}

static bool
command_check(void *state)
{
	struct command *command = state;
	struct err err;

	return run(command, command->settings->check, NULL, 0, &err) == 0;
}

static uint32_t
command_undone(const void *state)
{
	return (uint32_t)((const struct command *)state)->failed_count;
}

/* One failure holds up no other. Nobody is there to try again later, so they are told. */
static int
command_end(void *state, int64_t now, struct err *err)
{
	struct command *command = state;
	struct err why;

	if (!command->settings->unban && command->banned.count)
		return err_set(err, "%s: there is no unban: what it did for %zu stays",
		    command->settings->name, command->banned.count);
	for (size_t i = command->banned.count; i-- > 0;) {
		struct change end = {.unban = true, .ban = command->banned.bans[i]};

		if (carry_out(command, &end, now, &why) < 0)
			*err = why;
	}
	return command->banned.count == 0 ? 0 :
	    err_wrap(err, "%zu not taken away", command->banned.count);
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
	free(command->banned.bans);
	free(command->failed);
	free(command);
}

const struct sort sort_command = {
	.open = command_open,
	.start = command_start,
	.apply = command_apply,
	.check = command_check,
	.wait = command_wait,
	.tick = command_tick,
	.undone = command_undone,
	.end = command_end,
	.stop = command_stop,
	.close = command_close,
};
