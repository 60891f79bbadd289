/* SPDX-License-Identifier: Apache-2.0
 *
 * file: a table of the banned, for Postfix, rbldnsd, ipset or others. Written anew beside
 * the old one and put in its place, at most once a second; who ends when is looked after
 * here, as a file has no timeouts.
 */
#include <stdlib.h>
#include <unistd.h>

#include "act/room.h"
#include "base/child.h"
#include "base/now.h"
#include "base/replace.h"

#define WRITE_EVERY INT64_C(1000000)
#define RELOAD_EVERY INT64_C(60000000)
#define SAY_EVERY INT64_C(600000000)
#define COMMAND_TIMEOUT INT64_C(60000000)

struct file {
	const struct act_settings *settings;
	struct act_bans bans;
	bool changed, unseen;      /* the file is behind; Postfix was not told */
	struct pause write, tell;  /* before either is done again */
	struct act_bans left_out;  /* what the format cannot say, whether told or not */
	struct cidr untold;        /* the first of untold_count of them that were not told */
	size_t untold_count;
	struct pause say;
};

static void *
file_open(const struct act_settings *settings)
{
	struct file *file = xcalloc(1, sizeof(*file));

	file->settings = settings;
	return file;
}

/* Whether there were any. */
static bool
forget_ended(struct act_bans *bans, int64_t now)
{
	size_t kept = 0, before = bans->count;

	for (size_t i = 0; i < bans->count; i++)
		if (bans->bans[i].until > now)
			bans->bans[kept++] = bans->bans[i];
	bans->count = kept;
	return kept != before;
}

/* Who relies on the file for a network that it cannot have is to know. */
static void
note_left_out(struct file *file, const struct act_ban *ban)
{
	if (act_can_say(file->settings->format, &ban->prefix))
		return;
	if (!act_bans_find(&file->left_out, &ban->prefix) && file->untold_count++ == 0)
		file->untold = ban->prefix;
	act_bans_put(&file->left_out, ban);
}

static void
say_left_out(struct file *file, struct err *err)
{
	char prefix[CIDR_TEXT_MAX], more[48] = "";

	cidr_format(&file->untold, prefix);
	if (file->untold_count > 1)
		snprintf(more, sizeof(more), " and %zu more network%s", file->untold_count - 1,
		    file->untold_count > 2 ? "s" : "");
	err_set(err, "%s: format hash has no way to write %s%s: not in the file; cidr has all",
	    file->settings->path, prefix, more);
	file->untold_count = 0;
	pause_over(&file->say, SAY_EVERY);
}

/* A Postfix that does not run, as when the host starts, reads the file when it does. */
static int
reload_postfix(struct err *err)
{
	static const char *const reload[] = {"postfix", "reload", NULL};
	static const char *const status[] = {"postfix", "status", NULL};
	struct err ignored;

	if (child_run(reload, STR(""), COMMAND_TIMEOUT, err) == 0)
		return 0;
	if (child_run(status, STR(""), COMMAND_TIMEOUT, &ignored) == 0)
		return -1;
	err->text[0] = '\0';
	return 0;
}

/* Makes Postfix see the file. A cidr table is read when a process starts. */
static void
make_seen(struct file *file, struct err *err)
{
	const char *const postmap[] = {"postmap", file->settings->path, NULL};
	bool reloads = file->settings->after == ACT_RELOAD;

	if ((reloads && reload_postfix(err) < 0) || (file->settings->after == ACT_POSTMAP &&
		child_run(postmap, STR(""), COMMAND_TIMEOUT, err) < 0)) {
		err_wrap(err, "%s", file->settings->path);
		pause_longer(&file->tell);
		return;
	}
	pause_over(&file->tell, reloads ? RELOAD_EVERY : 0);
	file->unseen = false;
}

static int
write_file(struct file *file, int64_t now, struct err *err)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	int result;

	act_put_table(file->settings->format, file->settings->text, file->bans.bans,
	    file->bans.count, now, &out);
	result = replace_file(file->settings->path, buf_view(&out), 0644, err);
	buf_done(&out);
	if (result < 0) {
		pause_longer(&file->write);
		return -1;
	}
	pause_over(&file->write, WRITE_EVERY);
	file->changed = false;
	file->unseen = true;
	return 0;
}

static int
file_tick(void *state, int64_t now, struct err *err)
{
	struct file *file = state;

	forget_ended(&file->left_out, now);
	file->changed |= forget_ended(&file->bans, now);
	/* What fails is told and done again here, with what comes meanwhile. */
	if ((!file->changed || pause_left(&file->write) > 0 ||
	        write_file(file, now, err) == 0) &&
	    file->unseen && pause_left(&file->tell) == 0)
		make_seen(file, err);
	if (file->untold_count && !err->text[0] && pause_left(&file->say) == 0)
		say_left_out(file, err);
	return 0;
}

static int
file_apply(void *state, const struct change *changes, size_t count, bool all, int64_t now,
    struct err *err)
{
	struct file *file = state;
	size_t left;
	int result;

	if (all) {
		file->bans.count = 0;
		file->write.end = 0;
	}
	left = act_bans_change(&file->bans, changes, count);
	for (size_t i = 0; i < count; i++)
		if (!changes[i].unban)
			note_left_out(file, &changes[i].ban);
	file->changed = true;
	result = file_tick(file, now, err);
	if (left && !err->text[0])
		err_set(err, "%s: has %u bans, and no room for %zu more", file->settings->path,
		    BANS_MOST, left);
	return result;
}

/* Until the next write, reload or end of a ban. */
static int64_t
file_wait(void *state, int64_t now)
{
	const struct file *file = state;
	int64_t next = INT64_MAX, wait;

	for (size_t i = 0; i < file->bans.count; i++)
		if (file->bans.bans[i].until < next)
			next = file->bans.bans[i].until;
	wait = next == INT64_MAX ? next : next - now;
	/* While it cannot be written, an end changes nothing. */
	if (file->changed)
		wait = pause_left(&file->write);
	else if (file->unseen && pause_left(&file->tell) < wait)
		wait = pause_left(&file->tell);
	if (file->untold_count && pause_left(&file->say) < wait)
		wait = pause_left(&file->say);
	return wait;
}

static bool
file_check(void *state)
{
	const struct file *file = state;

	return access(file->settings->path, F_OK) == 0;
}

/* Bans and lifts that came meanwhile are one write. */
static uint32_t
file_undone(const void *state)
{
	const struct file *file = state;

	return (file->changed && file->write.length) || (file->unseen && file->tell.length);
}

/* Whoever reads it is told at once: there will be nobody to do so later. */
static int
file_end(void *state, int64_t now, struct err *err)
{
	struct file *file = state;

	file->bans.count = 0;
	if (write_file(file, now, err) < 0)
		return -1;
	err->text[0] = '\0';
	make_seen(file, err);
	return file->unseen ? -1 : 0;
}

static int
file_stop(void *state, struct err *err)
{
	struct file *file = state;

	return file->changed ? write_file(file, now_wall(), err) : 0;
}

static void
file_close(void *state)
{
	struct file *file = state;

	free(file->bans.bans);
	free(file->left_out.bans);
	free(file);
}

/* Who makes Postfix see the new file. */
static int
file_try(const struct act_settings *settings, struct err *err)
{
	if (settings->after == ACT_NOTHING)
		return 0;
	return child_can_run(settings->after == ACT_POSTMAP ? "postmap" : "postfix", err);
}

const struct sort sort_file = {
	.confined = true,
	.try = file_try,
	.open = file_open,
	.apply = file_apply,
	.check = file_check,
	.wait = file_wait,
	.tick = file_tick,
	.undone = file_undone,
	.end = file_end,
	.stop = file_stop,
	.close = file_close,
};
