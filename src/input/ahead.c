/* SPDX-License-Identifier: Apache-2.0
 *
 * ahead: decompresses in a thread of its own while the lines before are being read.
 * A bounded ring of buffers; the end and a fault come in their place, behind the
 * last byte. A file that is small begins no thread.
 */
#include <pthread.h>
#include <signal.h>

#include "base/mem.h"
#include "input/room.h"

#define BUFFERS 4
#define BUFFER_BYTES (256 * 1024)

struct ahead {
	struct layer layer;
	struct layer *below;  /* the thread's, once it runs */
	uint64_t direct;      /* bytes that are passed on before there is a thread */
	bool running;
	pthread_t thread;
	pthread_mutex_t lock; /* of all down to `fault`, while it runs */
	pthread_cond_t changed;
	size_t filled, emptied; /* buffers so far */
	bool stop, ended, failed;
	struct err fault;
	size_t given;         /* of the buffer being emptied */
	size_t len[BUFFERS];
	char bytes[BUFFERS][BUFFER_BYTES];
};

/* A buffer that may be filled, or NULL: nobody reads any more. */
static char *
wait_for_room(struct ahead *a)
{
	char *buffer;

	pthread_mutex_lock(&a->lock);
	while (!a->stop && a->filled - a->emptied == BUFFERS)
		pthread_cond_wait(&a->changed, &a->lock);
	buffer = a->stop ? NULL : a->bytes[a->filled % BUFFERS];
	pthread_mutex_unlock(&a->lock);
	return buffer;
}

static void *
produce(void *context)
{
	struct ahead *a = context;
	struct err fault;
	ssize_t n = 1;
	char *buffer;

	while (n > 0 && (buffer = wait_for_room(a))) {
		size_t len = 0;

		while (len < BUFFER_BYTES && (n = layer_read(a->below, buffer + len,
			BUFFER_BYTES - len, &fault)) > 0)
			len += (size_t)n;
		pthread_mutex_lock(&a->lock);
		a->len[a->filled % BUFFERS] = len;
		a->filled += len > 0;
		a->ended = n <= 0;
		a->failed = n < 0;
		if (n < 0)
			a->fault = fault;
		pthread_cond_signal(&a->changed);
		pthread_mutex_unlock(&a->lock);
	}
	return NULL;
}

/* Without a thread it is read as before. Signals are for those who wait for them. */
static void
start(struct ahead *a)
{
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	a->running = pthread_create(&a->thread, NULL, produce, a) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!a->running)
		a->direct = UINT64_MAX;
}

/* Is there a buffer with bytes in it? */
static bool
wait_for_bytes(struct ahead *a)
{
	bool some;

	pthread_mutex_lock(&a->lock);
	if (a->filled > a->emptied && a->given == a->len[a->emptied % BUFFERS]) {
		a->emptied++;
		a->given = 0;
		pthread_cond_signal(&a->changed);
	}
	while (a->filled == a->emptied && !a->ended)
		pthread_cond_wait(&a->changed, &a->lock);
	some = a->filled > a->emptied;
	pthread_mutex_unlock(&a->lock);
	return some;
}

static ssize_t
ahead_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct ahead *a = (struct ahead *)layer;
	size_t at;

	if (!a->running && layer->done >= a->direct)
		start(a);
	if (!a->running)
		return layer_read(a->below, to, room, err);
	if (!wait_for_bytes(a)) {
		if (!a->failed)
			return 0;
		*err = a->fault;
		return -1;
	}
	at = a->emptied % BUFFERS;
	if (room > a->len[at] - a->given)
		room = a->len[at] - a->given;
	memcpy(to, a->bytes[at] + a->given, room);
	a->given += room;
	return (ssize_t)room;
}

static void
ahead_close(struct layer *layer)
{
	struct ahead *a = (struct ahead *)layer;

	if (a->running) {
		pthread_mutex_lock(&a->lock);
		a->stop = true;
		pthread_cond_signal(&a->changed);
		pthread_mutex_unlock(&a->lock);
		pthread_join(a->thread, NULL);
	}
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->changed);
	layer_close(a->below);
	free(a);
}

struct layer *
ahead_open(struct layer *below)
{
	struct ahead *a = xmalloc(sizeof(*a));

	a->layer = (struct layer){.read = ahead_read, .close = ahead_close};
	a->below = below;
	a->direct = BUFFER_BYTES;
	a->running = a->stop = a->ended = a->failed = false;
	a->filled = a->emptied = a->given = 0;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	return &a->layer;
}
