/* SPDX-License-Identifier: Apache-2.0
 *
 * followed: one name through its generations: the files of it that are open, each read
 * as it grows, until the older ones are done with. What comes next: succession.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/now.h"
#include "base/mem.h"
#include "input/follow-room.h"

struct generation *
followed_newest(const struct followed *f)
{
	return f->count ? f->list[f->count - 1] : NULL;
}

/* Takes f->list[AT] out of it. */
static struct generation *
take(struct followed *f, size_t at)
{
	struct generation *g = f->list[at];

	for (f->count--; at < f->count; at++)
		f->list[at] = f->list[at + 1];
	return g;
}

static void
let_go(struct followed *f, struct generation *g)
{
	watcher_drop(&f->means->watcher, g->watch);
	generation_close(g);
}

static void
finish(struct followed *f, size_t at)
{
	struct generation *g = take(f, at);

	generation_finish(g, f->means->buffer, &f->outlet);
	let_go(f, g);
}

void
followed_append(struct followed *f, struct generation *g)
{
	if (f->count == FOLLOW_OPEN)
		finish(f, 0);
	if (!g->packed)
		g->watch = watcher_file(&f->means->watcher, g->file.private->fd);
	g->number = ++f->means->generations;
	f->list[f->count++] = g;
	f->astray = false;
}

/* f->list[AT] began anew. An older one may be what the newest is being copied over. */
static void
begun_anew(struct followed *f, size_t at)
{
	struct generation *g = take(f, at);
	struct identity identity;

	if (at == f->count) {
		generation_identity(g, &identity);
		succession_reopen(f, &identity, g->offset,
		    g->seen > g->head_len ? g->seen : g->head_len, true);
	} else if (g->offset < g->seen) {
		outlet_notice(&f->outlet, FOLLOW_LOST, "%s: was truncated after it was "
		    "rotated; lines may be lost", f->name);
	}
	let_go(f, g);
}

/* Reads all that is open; true when more waits. */
static bool
read_open(struct followed *f)
{
	size_t i = 0;

	while (i < f->count) {
		switch (generation_read(f->list[i], f->means->buffer, &f->outlet)) {
		case READING_MORE:
			return true;
		case READING_ALL:
			i++;
			break;
		case READING_CUT:
			outlet_notice(&f->outlet, FOLLOW_LOST, "%s: became shorter; lines may "
			    "be lost", f->name);
			generation_seek_end(f->list[i++]);
			break;
		case READING_TRUNCATED:
			begun_anew(f, i);
			break;
		}
	}
	return false;
}

/* Closes rotated files that nobody has written to for long enough. */
static void
retire(struct followed *f)
{
	int64_t now = now_monotonic();
	size_t i = 0;

	while (i + 1 < f->count) {
		if (f->list[i]->packed || now - f->list[i]->grown >= f->means->quiet_usec)
			finish(f, i);
		else
			i++;
	}
}

bool
followed_pass(struct followed *f, const struct follow_sink *sink)
{
	bool more;

	outlet_begin(&f->outlet, sink);
	do {
		more = read_open(f);
	} while (!more && succession_advance(f));
	if (!more)
		retire(f);
	f->outlet.sink = NULL;
	return more;
}

static void
forget_link(struct followed *f)
{
	free(f->there);
	free(f->there_base);
	f->there = f->there_base = NULL;
}

/* Looks where the name goes, if to another directory; when it dangles that is known before. */
static void
look_behind(struct followed *f)
{
	struct stat st, here, there;
	char *path, *slash;

	if (lstat(f->name, &st) != 0 || !S_ISLNK(st.st_mode)) {
		forget_link(f);
		return;
	}
	path = realpath(f->name, NULL);
	if (!path)
		return;
	forget_link(f);
	slash = strrchr(path, '/');
	f->there = slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
	f->there_base = xstrdup(slash + 1);
	if (stat(f->there, &there) != 0 || stat(f->directory, &here) != 0 ||
	    (here.st_ino == there.st_ino && here.st_dev == there.st_dev))
		forget_link(f);
	free(path);
}

void
followed_siblings(struct followed *f, struct siblings *ret)
{
	look_behind(f);
	siblings_look(ret, f->there ? f->there : f->directory,
	    f->there ? f->there_base : f->base);
}

void
followed_watch(struct followed *f)
{
	watcher_directory(&f->means->watcher, f->directory);
	look_behind(f);
	if (f->there)
		watcher_directory(&f->means->watcher, f->there);
}

/* Nothing is known of NAME yet: begins with what is there. */
static int
begin(struct followed *f, bool from_start, struct err *err)
{
	struct siblings all;
	struct generation *g;
	struct stat st;
	struct timespec now;

	/* The clock that files' times are taken from; what changes in this tick is later. */
	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	f->astray = true;
	f->since = (int64_t)now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000 - 1;
	if (stat(f->name, &st) == 0 && (st.st_size > 0 || !S_ISREG(st.st_mode))) {
		if (generation_open(f->name, &g, err) < 0)
			return -1;
		if (!from_start && g->packed) {
			generation_close(g);
			return err_set(err, "%s: compressed, so nothing is written to it any "
			    "more: it can be read, but not followed", f->name);
		}
		if (!from_start)
			generation_seek_end(g);
		followed_append(f, g);
		return 0;
	}
	/* In the middle of a rotation, maybe: the last one's end is where we are. */
	followed_siblings(f, &all);
	for (size_t i = all.count; i-- > 0 && f->count == 0;) {
		bool moved = false;

		g = all.list[i].size > 0 ? succession_open(f, &all.list[i], &moved) : NULL;
		if (g && !g->packed) {
			generation_seek_end(g);
			followed_append(f, g);
		} else {
			generation_close(g);
		}
	}
	siblings_done(&all);
	return 0;
}

/* Goes on where the positions of this name say; false: there is none. */
static bool
resume(struct followed *f, const struct follow_settings *settings)
{
	bool found = false;

	for (size_t i = 0; i < settings->from_count; i++) {
		const struct follow_position *from = &settings->from[i];

		if (strcmp(from->name, f->name) != 0)
			continue;
		found = true;
		if (succession_elsewhere(f, from))
			continue;
		succession_reopen(f, &(struct identity){
			.head_hash = from->head_hash,
			.head_len = from->head_len,
			.device = from->device,
			.inode = from->inode,
			.mtime = from->mtime,
		}, from->offset, from->offset, false);
	}
	return found;
}

int
followed_open(const char *name, size_t source, const struct follow_settings *settings,
    struct follow_means *means, struct followed *ret, struct err *err)
{
	const char *slash = strrchr(name, '/');
	struct stat st;

	if (stat(name, &st) != 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			return source_failed(name, errno, err);
	} else if (!S_ISREG(st.st_mode)) {
		return err_set(err, "%s: not a regular file, which alone can be followed",
		    name);
	}
	*ret = (struct followed){
		.name = xstrdup(name),
		.directory = !slash ? xstrdup(".") : slash == name ? xstrdup("/") :
		    xstrndup(name, (size_t)(slash - name)),
		.base = xstrdup(slash ? slash + 1 : name),
		.means = means,
		.outlet = {.source = source},
	};
	ret->outlet.name = ret->name;
	followed_watch(ret);
	if (!resume(ret, settings) && begin(ret, settings->from_start, err) < 0) {
		followed_done(ret);
		return -1;
	}
	return 0;
}

void
followed_done(struct followed *f)
{
	while (f->count)
		let_go(f, take(f, f->count - 1));
	outlet_done(&f->outlet);
	free(f->name);
	free(f->directory);
	forget_link(f);
	free(f->base);
}

size_t
followed_positions(const struct followed *f, struct follow_position *ret)
{
	for (size_t i = 0; i < f->count; i++) {
		struct identity identity;

		generation_identity(f->list[i], &identity);
		ret[i] = (struct follow_position){
			.name = f->name,
			.head_hash = identity.head_hash,
			.head_len = (uint32_t)identity.head_len,
			.offset = f->list[i]->offset,
			.device = identity.device,
			.inode = identity.inode,
			.mtime = identity.mtime,
			.path = f->list[i]->path,
			.generation = f->list[i]->number,
		};
	}
	if (!f->astray)
		return f->count;
	ret[f->count] = (struct follow_position){.name = f->name, .mtime = f->since};
	return f->count + 1;
}
