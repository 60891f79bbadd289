/* SPDX-License-Identifier: Apache-2.0
 *
 * succession: which file of a followed name comes next. The newest that was opened stays
 * open, so that its inode is nobody else's; which file comes after it is read off the
 * directory: whatever happened meanwhile, the files of a rotated set tell their order.
 *
 *   renamed      the set is looked through for what is newer than our inode
 *   compressed   our inode is gone: our head is looked for
 *   copied and   the file's head changed: the head that it had is looked for, that
 *   truncated    copy is read from where we were, then what is newer than the copy
 *   restarted    as copied
 *   deleted      what changed after it is newer; in the end, the name itself
 */
#include <errno.h>

#include "base/civil.h"
#include "base/mem.h"
#include "base/now.h"
#include "input/follow-room.h"

/* A file that was renamed between looking and opening is looked for again. */
#define TRIES 5

#define FAULT_USEC (2 * USEC_PER_SEC)

/*
 * What comes after a file is not older than it, though its name may say so: archives of times
 * when others were given, a copy that somebody kept. Whoever writes on to a renamed file does
 * so for a moment.
 */
#define OLDER_USEC (600 * USEC_PER_SEC)

static bool
is_open(const struct followed *f, const struct sibling *s)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->list[i]->inode == s->inode && f->list[i]->device == s->device)
			return true;
	return false;
}

/*
 * Said once, until something can be opened again; not before it stays so: who makes a file may
 * let others read it a moment later, and where it leads out of a sandbox another process
 * takes our place.
 */
static void
tell_fault(struct followed *f, const struct err *err)
{
	int64_t now = now_monotonic();

	if (f->faulty_since == 0)
		f->faulty_since = now;
	if (!f->faulty && now - f->faulty_since >= FAULT_USEC) {
		outlet_notice(&f->outlet, FOLLOW_FAULT, "%s", err->text);
		f->faulty = true;
	}
}

struct generation *
succession_open(struct followed *f, const struct sibling *s, bool *ret_moved)
{
	struct generation *g = NULL;
	struct err err;
	bool failed = generation_open(s->path, &g, &err) < 0;
	struct stat st;

	if (!failed && g->inode == s->inode && g->device == s->device)
		return g;
	generation_close(g);
	if (failed && stat(s->path, &st) == 0 && st.st_ino == s->inode &&
	    st.st_dev == s->device)
		tell_fault(f, &err);
	else
		*ret_moved = true;
	return NULL;
}

static size_t
find_inode(const struct siblings *all, dev_t device, ino_t inode)
{
	size_t i = 0;

	while (i < all->count &&
	    (all->list[i].inode != inode || all->list[i].device != device))
		i++;
	return i;
}

/*
 * Opens the file that is IDENTITY, and says in *RET_AT which; NULL: there is none, or
 * *RET_MOVED: it may have been renamed since ALL were looked at.
 */
static struct generation *
find_identity(struct followed *f, const struct siblings *all, const struct identity *identity,
    size_t *ret_at, bool *ret_moved)
{
	size_t hint = find_inode(all, identity->device, identity->inode);

	/* First by its inode, then the newest first. */
	for (size_t i = 0; i <= all->count; i++) {
		size_t at = i == 0 ? hint : all->count - i;
		struct generation *g;

		if (at == all->count || (i > 0 && (at == hint || identity->head_len == 0)))
			continue;
		g = succession_open(f, &all->list[at], ret_moved);
		if (g && generation_is(g, identity)) {
			*ret_at = at;
			return g;
		}
		generation_close(g);
	}
	return NULL;
}

/* The first of ALL from AT on that has something to read and is not being read. */
static const struct sibling *
first_unread(const struct followed *f, const struct siblings *all, size_t at, int64_t since)
{
	for (; at < all->count; at++) {
		const struct sibling *s = &all->list[at];

		if (s->size > 0 && (s->newest || s->mtime > since) && !is_open(f, s))
			return s;
	}
	return NULL;
}

static void
tell_copied(struct followed *f, const struct sibling *copy)
{
	outlet_notice(&f->outlet, FOLLOW_LOSS_POSSIBLE, "%s: copied to %s and truncated; what "
	    "was written in between would be lost", f->name, copy->path);
}

/* Where what comes next is to be looked for. */
struct next {
	size_t at;       /* among the siblings */
	int64_t since;   /* that changed later */
	uint64_t offset; /* where it is read from */
};

/* False: files were renamed meanwhile. */
static bool
find_next(struct followed *f, const struct siblings *all, struct next *ret)
{
	const struct generation *g = f->astray ? NULL : followed_newest(f);
	struct generation *again;
	struct identity identity;
	bool moved = false;
	size_t at;

	*ret = (struct next){.since = g ? g->mtime : f->since};
	if (!g)
		return true;
	at = find_inode(all, g->device, g->inode);
	if (at == all->count) {
		generation_identity(g, &identity);
		again = find_identity(f, all, &identity, &at, &moved);
		if (!again)
			return !moved;
		generation_close(again);
		if (all->list[at].newest) {
			outlet_notice(&f->outlet, FOLLOW_LOSS_POSSIBLE,
			    "%s: was written anew with the same beginning", f->name);
			*ret = (struct next){at, INT64_MIN, g->offset};
			return true;
		}
	}
	ret->since = (g->mtime < all->list[at].mtime ? g->mtime : all->list[at].mtime) -
	    OLDER_USEC;
	for (ret->at = at; ret->at < all->count;)
		if (all->list[ret->at].order == all->list[at].order)
			ret->at++;
		else
			break;
	return true;
}

/*
 * S may be a copy of the newest that is not truncated yet. Then that one is to be read: once
 * it is truncated, the copy will be found by its head.
 */
static struct generation *
open_next(struct followed *f, const struct siblings *all, const struct sibling *s,
    bool *ret_moved)
{
	const struct sibling *last = &all->list[all->count - 1];
	struct generation *g = succession_open(f, s, ret_moved), *original;
	struct identity identity;

	if (!g || s->newest || !last->newest || g->head_len == 0)
		return g;
	original = succession_open(f, last, ret_moved);
	generation_identity(g, &identity);
	if (!*ret_moved && !(original && generation_is(original, &identity))) {
		generation_close(original);
		return g;
	}
	generation_close(g);
	return original;
}

/* Is G, of S, what was kept of the file that is being read? */
static bool
is_kept(const struct followed *f, const struct sibling *s, const struct generation *g)
{
	const struct generation *ours = f->astray ? NULL : followed_newest(f);
	struct identity identity;

	if (!ours || s->newest || s->mtime > ours->mtime || ours->head_len == 0)
		return false;
	generation_identity(ours, &identity);
	return generation_is(g, &identity);
}

enum step { STEP_NONE, STEP_OPENED, STEP_AGAIN };

static enum step
try_advance(struct followed *f)
{
	const struct sibling *s;
	struct siblings all;
	struct next next;
	enum step step = STEP_NONE;

	followed_siblings(f, &all);
	if (!find_next(f, &all, &next))
		step = STEP_AGAIN;
	while (step == STEP_NONE && (s = first_unread(f, &all, next.at, next.since))) {
		bool moved = false;
		struct generation *g = open_next(f, &all, s, &moved);

		if (g && (g->head_len == 0 || is_kept(f, s, g))) {
			generation_close(g); /* compressed nothing, or a copy */
			next.at = (size_t)(s - all.list) + 1;
		} else if (g) {
			/* Behind a copy there are copies, down to the name itself. */
			g->copy = followed_newest(f) && followed_newest(f)->copy &&
			    g->inode == s->inode && !s->newest;
			if (g->copy)
				tell_copied(f, s);
			generation_seek(g, next.offset);
			followed_append(f, g);
			f->faulty = false;
			f->faulty_since = 0;
			step = STEP_OPENED;
		} else if (moved) {
			step = STEP_AGAIN;
		} else {
			next.at = (size_t)(s - all.list) + 1; /* that one cannot be read */
		}
	}
	siblings_done(&all);
	return step;
}

bool
succession_advance(struct followed *f)
{
	const struct generation *g = followed_newest(f);
	enum step step = STEP_AGAIN;
	struct stat st;
	struct err err;

	if (stat(f->name, &st) == 0) {
		if (g && !f->astray && g->inode == st.st_ino && g->device == st.st_dev)
			return false;
		/* Not opened before it has a line: until then it wakes us up by its name. */
		watcher_path(&f->means->watcher, f->name);
	} else if (errno != ENOENT && errno != ENOTDIR) {
		source_failed(f->name, errno, &err);
		tell_fault(f, &err);
		return false;
	}
	for (int i = 0; i < TRIES && step == STEP_AGAIN; i++)
		step = try_advance(f);
	return step == STEP_OPENED;
}

void
succession_reopen(struct followed *f, const struct identity *identity, uint64_t offset,
    uint64_t seen, bool truncated)
{
	struct siblings all = {0};
	struct generation *g = NULL;
	bool moved = true;
	size_t at = 0;

	for (int i = 0; i < TRIES && moved && !g; i++) {
		moved = false;
		siblings_done(&all);
		followed_siblings(f, &all);
		g = find_identity(f, &all, identity, &at, &moved);
	}
	if (!g) {
		f->since = identity->mtime;
		f->astray = true;
		siblings_done(&all);
		if (seen > 0)
			outlet_notice(&f->outlet, FOLLOW_LOST, "%s: what was being read "
			    "is in no file any more; lines may be lost", f->name);
		return;
	}
	g->copy = truncated || (!g->packed && !all.list[at].newest && identity->inode &&
	    (g->inode != identity->inode || g->device != identity->device));
	if (!generation_seek(g, offset) || (!g->packed && g->file.size < seen))
		outlet_notice(&f->outlet, FOLLOW_LOST, "%s: shorter than what was read "
		    "of it; lines may be lost", all.list[at].path);
	else if (g->copy)
		tell_copied(f, &all.list[at]);
	followed_append(f, g);
	siblings_done(&all);
}

/* The file of ALL that is IDENTITY by its inode and its beginning, or NULL. */
static struct generation *
open_same(struct followed *f, const struct siblings *all, const struct identity *identity)
{
	size_t at = find_inode(all, identity->device, identity->inode);
	bool moved;
	struct generation *g = at < all->count
	    ? succession_open(f, &all->list[at], &moved) : NULL;

	if (g && generation_is(g, identity))
		return g;
	generation_close(g);
	return NULL;
}

bool
succession_elsewhere(struct followed *f, const struct follow_position *from)
{
	const struct identity identity = {.head_hash = from->head_hash,
	    .head_len = from->head_len, .device = from->device, .inode = from->inode};
	const char *slash = from->path ? strrchr(from->path, '/') : NULL;
	struct generation *g = NULL;
	struct stat here, there;
	char *directory, *base;
	struct siblings all;
	int64_t order;

	if (!slash || slash == from->path || from->inode == 0)
		return false;
	directory = xstrndup(from->path, (size_t)(slash - from->path));
	base = rotated_base(slash + 1, &order);
	if (stat(directory, &there) == 0 &&
	    stat(f->there ? f->there : f->directory, &here) == 0 &&
	    (there.st_ino != here.st_ino || there.st_dev != here.st_dev)) {
		siblings_look(&all, directory, base);
		g = open_same(f, &all, &identity);
		siblings_done(&all);
	}
	if (g) {
		generation_seek(g, from->offset);
		followed_append(f, g);
	}
	free(directory);
	free(base);
	return g != NULL;
}
