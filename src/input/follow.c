/* SPDX-License-Identifier: Apache-2.0
 *
 * follow: all names that are followed, and what their reader waits on: the kernel's
 * word that a file changed, and a clock for what the kernel does not tell.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/now.h"
#include "base/mem.h"
#include "input/follow-room.h"

/* How often files are looked at: beside inotify (network file systems tell it nothing). */
#define LOOK_USEC USEC_PER_SEC
#define LOOK_OFTEN_USEC (USEC_PER_SEC / 4)

#define QUIET_USEC (5 * USEC_PER_SEC)

struct follow {
	struct follow_means means;
	struct followed *files;
	size_t count;
	struct tail *tail; /* of the journal, or NULL */
	bool tail_more;    /* as followed.more */
	int epoll, timer;
	int64_t looked; /* after directories; by now_monotonic() */
	struct follow_position *positions;
	struct outlet *left_out; /* what is to be said of names that are not followed */
	size_t left_out_count;
};

/* Wakes up after PERIOD; 0: at once. */
static void
set_timer(struct follow *follow, int64_t period)
{
	struct itimerspec spec = {
		.it_value = {period / USEC_PER_SEC, period % USEC_PER_SEC * 1000 + 1},
		.it_interval = {1, 0},
	};

	timerfd_settime(follow->timer, 0, &spec, NULL);
}

static int
wait_on(struct follow *follow, int fd, struct err *err)
{
	struct epoll_event event = {.events = EPOLLIN};

	if (fd >= 0 && epoll_ctl(follow->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		return err_set(err, "epoll: %s", strerror(errno));
	return 0;
}

/* The directory that NAME is in. */
static bool
directory_of(const char *name, struct stat *ret)
{
	const char *slash = strrchr(name, '/');
	char *directory = slash ? xstrndup(name, (size_t)(slash - name) + 1) : xstrdup(".");
	bool found = stat(directory, ret) == 0;

	free(directory);
	return found;
}

/* Are A and B one file? Where there is none yet, one name in one directory? */
static bool
is_same(const char *a, const char *b)
{
	const char *a_slash = strrchr(a, '/'), *b_slash = strrchr(b, '/');
	struct stat x, y;
	bool found = stat(a, &x) == 0;

	if (strcmp(a, b) == 0)
		return true;
	if (!found && strcmp(a_slash ? a_slash + 1 : a, b_slash ? b_slash + 1 : b) != 0)
		return false;
	return (found ? stat(b, &y) == 0 : directory_of(a, &x) && directory_of(b, &y)) &&
	    x.st_ino == y.st_ino && x.st_dev == y.st_dev;
}

/*
 * NAME, the argument number SOURCE, is not followed, for OTHER is, which is the SAME or wider.
 */
static void
leave_out(struct follow *follow, const char *name, size_t source, const char *other, bool same)
{
	struct outlet *outlet = &follow->left_out[follow->left_out_count++];

	*outlet = (struct outlet){.source = source, .name = xstrdup(name)};
	if (same)
		outlet_notice(outlet, FOLLOW_LEFT_OUT,
		    "%s: the same file as %s; it is followed "
		    "once", name, other);
	else
		outlet_notice(outlet, FOLLOW_LEFT_OUT, "%s: %s has the same lines; it is not "
		    "followed", name, other);
}

/* Follows NAME, the argument number SOURCE. */
static int
add_name(struct follow *follow, const char *name, size_t source,
    const struct follow_settings *settings, struct err *err)
{
	if (strcmp(name, "journal") != 0) {
		if (followed_open(name, source, settings, &follow->means,
			&follow->files[follow->count], err) < 0)
			return -1;
		follow->count++;
		return 0;
	}
	return tail_open(NULL, source, settings, &follow->tail, err) < 0 ? -1 :
	    wait_on(follow, follow->tail->fd, err);
}

/* Nothing was named: the usual log that is there, else the journal. */
static int
add_system(struct follow *follow, const struct follow_settings *settings, struct err *err)
{
#define F(path) path,
	static const char *const usual[] = {USUAL_LOGS(F)};
#undef F

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (access(usual[i], F_OK) == 0)
			return add_name(follow, usual[i], 0, settings, err);
	return add_name(follow, "journal", 0, settings, err);
}

/* Leaves names[AT] out if another has all that it tells. */
static bool
is_told_twice(struct follow *follow, const struct follow_settings *settings, size_t at)
{
	const char *name = settings->names[at], *wider;

	for (size_t i = 0; i < at; i++) {
		if (!is_same(name, settings->names[i]))
			continue;
		leave_out(follow, name, at, settings->names[i], true);
		return true;
	}
	wider = copies_wider(settings->names, settings->count, name);
	if (wider)
		leave_out(follow, name, at, wider, false);
	return wider;
}

static int
add_names(struct follow *follow, const struct follow_settings *settings, struct err *err)
{
	if (settings->count == 0)
		return add_system(follow, settings, err);
	for (size_t i = 0; i < settings->count; i++)
		if (!is_told_twice(follow, settings, i) &&
		    add_name(follow, settings->names[i], i, settings, err) < 0)
			return -1;
	return 0;
}

int
follow_open(const struct follow_settings *settings, struct follow **ret, struct err *err)
{
	struct follow *follow = xcalloc(1, sizeof(*follow));

	watcher_open(&follow->means.watcher, settings->poll);
	follow->means.quiet_usec = settings->quiet_usec ? settings->quiet_usec : QUIET_USEC;
	follow->means.buffer = xmalloc(FOLLOW_LINE);
	follow->files = xcalloc(settings->count + 1, sizeof(*follow->files));
	follow->left_out = xcalloc(settings->count + 1, sizeof(*follow->left_out));
	follow->positions = xcalloc((FOLLOW_OPEN + 1) * (settings->count + 1),
	    sizeof(*follow->positions));
	follow->epoll = epoll_create1(EPOLL_CLOEXEC);
	follow->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (follow->epoll < 0 || follow->timer < 0)
		err_no_descriptor(err, "to wait for files");
	else if (wait_on(follow, follow->means.watcher.inotify, err) == 0 &&
	    wait_on(follow, follow->timer, err) == 0 &&
	    add_names(follow, settings, err) == 0) {
		set_timer(follow, 0);
		*ret = follow;
		return 0;
	}
	follow_close(follow);
	return -1;
}

int
follow_check(const char *name, struct err *err)
{
	struct generation *g;
	struct stat st;

	if (stat(name, &st) != 0 || !S_ISREG(st.st_mode) || access(name, R_OK) != 0)
		return 0;
	if (generation_open(name, &g, err) < 0)
		return -1;
	generation_close(g);
	return 0;
}

int
follow_fd(const struct follow *follow)
{
	return follow->epoll;
}

/* Directories may have been made anew. */
static void
watch_directories(struct follow *follow)
{
	int64_t now = now_monotonic();

	if (now - follow->looked < LOOK_USEC)
		return;
	follow->looked = now;
	for (size_t i = 0; i < follow->count; i++)
		followed_watch(&follow->files[i]);
}

static bool
holds(const struct follow_sink *sink, size_t source)
{
	return sink->holds && sink->holds(sink->context, source);
}

void
follow_read(struct follow *follow, const struct follow_sink *sink)
{
	bool more = false;
	int64_t period;

	for (size_t i = 0; i < follow->left_out_count; i++)
		outlet_begin(&follow->left_out[i], sink);
	watcher_drain(&follow->means.watcher);
	watch_directories(follow);
	for (size_t i = 0; i < follow->count; i++) {
		struct followed *f = &follow->files[i];

		f->more = holds(sink, f->outlet.source) || followed_pass(f, sink);
		more |= f->more;
	}
	if (follow->tail) {
		follow->tail_more = holds(sink, follow->tail->source) ||
		    follow->tail->read(follow->tail, sink);
		more |= follow->tail_more;
	}
	period = more ? 0 : follow->means.watcher.failing ? LOOK_OFTEN_USEC : LOOK_USEC;
	set_timer(follow, period);
}

bool
follow_has_more(const struct follow *follow, size_t source)
{
	for (size_t i = 0; i < follow->count; i++)
		if (follow->files[i].outlet.source == source)
			return follow->files[i].more;
	return follow->tail && follow->tail->source == source && follow->tail_more;
}

size_t
follow_positions(struct follow *follow, const struct follow_position **ret)
{
	size_t count = 0;

	for (size_t i = 0; i < follow->count; i++)
		count += followed_positions(&follow->files[i], follow->positions + count);
	if (follow->tail)
		follow->tail->position(follow->tail, &follow->positions[count++]);
	*ret = follow->positions;
	return count;
}

void
follow_close(struct follow *follow)
{
	if (!follow)
		return;
	for (size_t i = 0; i < follow->count; i++)
		followed_done(&follow->files[i]);
	if (follow->tail)
		follow->tail->close(follow->tail);
	watcher_close(&follow->means.watcher);
	if (follow->epoll >= 0)
		close(follow->epoll);
	if (follow->timer >= 0)
		close(follow->timer);
	for (size_t i = 0; i < follow->left_out_count; i++) {
		outlet_done(&follow->left_out[i]);
		free((char *)(uintptr_t)follow->left_out[i].name);
	}
	free(follow->left_out);
	free(follow->files);
	free(follow->positions);
	free(follow->means.buffer);
	free(follow);
}
