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
#include "base/replace.h"

#define WRITE_EVERY INT64_C(1000000)
#define RELOAD_EVERY INT64_C(60000000)
#define COMMAND_TIMEOUT INT64_C(60000000)

struct file {
	const struct act_settings *settings;
	struct act_ban *bans; /* in order of their prefixes */
	size_t count, room;
	bool changed, unseen; /* the file is behind; Postfix was not told */
	int64_t written, reloaded;
};

static void *
file_open(const struct act_settings *settings)
{
	struct file *file = xcalloc(1, sizeof(*file));

	file->settings = settings;
	return file;
}

static int
compare(const struct cidr *a, const struct cidr *b)
{
	int order = (a->base.family > b->base.family) - (a->base.family < b->base.family);

	if (order == 0)
		order = memcmp(a->base.byte, b->base.byte, 16);
	return order ? order : (a->bits > b->bits) - (a->bits < b->bits);
}

/* Where PREFIX is or belongs. */
static size_t
position(const struct file *file, const struct cidr *prefix)
{
	size_t low = 0, high = file->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(&file->bans[middle].prefix, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
change(struct file *file, const struct change *change)
{
	size_t at = position(file, &change->ban.prefix);
	bool there = at < file->count &&
	    compare(&file->bans[at].prefix, &change->ban.prefix) == 0;

	if (change->unban && there) {
		memmove(file->bans + at, file->bans + at + 1,
		    (file->count - at - 1) * sizeof(*file->bans));
		file->count--;
	} else if (there) {
		file->bans[at] = change->ban;
	} else if (!change->unban) {
		MEM_GROW(file->bans, file->count, file->room);
		memmove(file->bans + at + 1, file->bans + at,
		    (file->count - at) * sizeof(*file->bans));
		file->bans[at] = change->ban;
		file->count++;
	}
	file->changed = true;
}

static void
forget_ended(struct file *file, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < file->count; i++)
		if (file->bans[i].until > now)
			file->bans[kept++] = file->bans[i];
	file->changed |= kept != file->count;
	file->count = kept;
}

/* Makes Postfix see the file. A cidr table is read when a process starts. */
static int
make_seen(struct file *file, int64_t now, struct err *err)
{
	const char *const postmap[] = {"postmap", file->settings->path, NULL};
	static const char *const reload[] = {"postfix", "reload", NULL};

	if (file->settings->after == ACT_RELOAD && now - file->reloaded < RELOAD_EVERY)
		return 0;
	if (file->settings->after == ACT_POSTMAP &&
	    child_run(postmap, STR(""), COMMAND_TIMEOUT, err) < 0)
		return -1;
	if (file->settings->after == ACT_RELOAD &&
	    child_run(reload, STR(""), COMMAND_TIMEOUT, err) < 0)
		return -1;
	file->reloaded = now;
	file->unseen = false;
	return 0;
}

static int
write_file(struct file *file, int64_t now, struct err *err)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	int result;

	act_put_table(file->settings->format, file->settings->text, file->bans, file->count,
	    now, &out);
	result = replace_file(file->settings->path, buf_view(&out), 0644, err);
	buf_done(&out);
	if (result < 0)
		return -1;
	file->changed = false;
	file->unseen = true;
	file->written = now;
	return 0;
}

static int
file_tick(void *state, int64_t now, struct err *err)
{
	struct file *file = state;

	forget_ended(file, now);
	if (file->changed && write_file(file, now, err) < 0) {
		file->written = now; /* not again at once */
		return -1;
	}
	return file->unseen ? make_seen(file, now, err) : 0;
}

static int
file_apply(void *state, const struct change *changes, size_t count, bool all, int64_t now,
    struct err *err)
{
	struct file *file = state;

	if (all) {
		file->count = 0;
		file->changed = true;
	}
	for (size_t i = 0; i < count; i++)
		change(file, &changes[i]);
	return all || now - file->written >= WRITE_EVERY ? file_tick(file, now, err) : 0;
}

/* Until the next write, reload or end of a ban. */
static int64_t
file_wait(void *state, int64_t now)
{
	const struct file *file = state;
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < file->count; i++)
		if (file->bans[i].until < next)
			next = file->bans[i].until;
	if (file->changed && next > file->written + WRITE_EVERY)
		next = file->written + WRITE_EVERY;
	if (file->unseen && next > file->reloaded + RELOAD_EVERY)
		next = file->reloaded + RELOAD_EVERY;
	return next == INT64_MAX ? next : next - now;
}

static bool
file_check(void *state)
{
	const struct file *file = state;

	return access(file->settings->path, F_OK) == 0;
}

static int
file_stop(void *state, struct err *err)
{
	struct file *file = state;

	return file->changed ? write_file(file, file->written, err) : 0;
}

static void
file_close(void *state)
{
	struct file *file = state;

	free(file->bans);
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
	.stop = file_stop,
	.close = file_close,
};
