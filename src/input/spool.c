/* SPDX-License-Identifier: Apache-2.0
 *
 * spool: a pipe that can be read again. What it gives is kept in an unlinked
 * temporary file as it is read; a second reader gets the kept bytes first and
 * then goes on with the pipe. Where no such file can be made the first MiB is
 * kept in memory, so that the head can be looked at; beyond it the pipe is read once.
 * One reader at a time.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/unnamed.h"
#include "input/room.h"

#define HEAD_MAX (1024 * 1024)
#define PAUSE_MSEC 250

struct spool {
	int in;
	int kept;        /* the temporary file, or -1 */
	struct buf head; /* without one */
	uint64_t taken;  /* bytes read from `in` */
	uint64_t safe;   /* of them, bytes that can be read again */
	bool drained;
};

struct spool *
spool_new(int fd)
{
	struct spool *spool = xcalloc(1, sizeof(*spool));

	spool->in = fd;
	spool->kept = unnamed_file();
	spool->head.max = HEAD_MAX;
	return spool;
}

void
spool_free(struct spool *spool)
{
	if (!spool)
		return;
	close(spool->in);
	if (spool->kept >= 0)
		close(spool->kept);
	buf_done(&spool->head);
	free(spool);
}

bool
spool_paused(const struct spool *spool, uint64_t at)
{
	struct pollfd wait = {.fd = spool->in, .events = POLLIN};

	return !spool->drained && at == spool->taken && poll(&wait, 1, PAUSE_MSEC) == 0;
}

static bool
write_all(int fd, const char *from, size_t len, uint64_t at)
{
	while (len > 0) {
		ssize_t n = pwrite(fd, from, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		from += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return true;
}

/* Keeps what was just taken, unless something before it is already lost. */
static void
spool_keep(struct spool *spool, const char *from, size_t len)
{
	bool kept = false;

	if (spool->safe == spool->taken) {
		if (spool->kept >= 0) {
			kept = write_all(spool->kept, from, len, spool->taken);
		} else {
			buf_add(&spool->head, from, len);
			kept = !spool->head.overflow;
		}
	}
	spool->taken += len;
	if (kept)
		spool->safe = spool->taken;
}

static ssize_t
spool_again(const struct spool *spool, char *to, size_t room, uint64_t at)
{
	ssize_t n;

	if (room > spool->safe - at)
		room = spool->safe - at;
	if (spool->kept < 0) {
		memcpy(to, spool->head.p + at, room);
		return (ssize_t)room;
	}
	do {
		n = pread(spool->kept, to, room, (off_t)at);
	} while (n < 0 && errno == EINTR);
	return n;
}

static ssize_t
spool_take(struct spool *spool, char *to, size_t room)
{
	ssize_t n;

	if (spool->drained)
		return 0;
	while ((n = read(spool->in, to, room)) < 0) {
		/* Whoever shares the pipe may have set O_NONBLOCK on it. */
		struct pollfd wait = {.fd = spool->in, .events = POLLIN};

		if (errno == EAGAIN)
			poll(&wait, 1, -1);
		else if (errno != EINTR)
			return -1;
	}
	if (n > 0)
		spool_keep(spool, to, (size_t)n);
	spool->drained = n == 0;
	return n;
}

struct spool_layer {
	struct layer layer;
	struct spool *spool;
};

static int
spool_lost(struct err *err)
{
	return err_set(err, "cannot be read a second time: "
	    "no room for a temporary file in $TMPDIR, /var/tmp or /tmp");
}

static ssize_t
spool_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct spool *spool = ((struct spool_layer *)layer)->spool;
	ssize_t n;

	if (layer->done < spool->safe)
		n = spool_again(spool, to, room, layer->done);
	else if (layer->done == spool->taken)
		n = spool_take(spool, to, room);
	else
		return spool_lost(err);
	if (n < 0)
		return err_set(err, "%s at byte %" PRIu64, strerror(errno), layer->done);
	return n;
}

static void
spool_close(struct layer *layer)
{
	free(layer);
}

struct layer *
spool_open(const struct input_file *file, struct err *err)
{
	struct spool *spool = file->private->spool;
	struct spool_layer *s;

	if (spool->safe < spool->taken) {
		spool_lost(err);
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	s->layer = (struct layer){.read = spool_read, .close = spool_close};
	s->spool = spool;
	return &s->layer;
}
