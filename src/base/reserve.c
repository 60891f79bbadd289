/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/replace.h"
#include "base/stable-hash.h"

/* A text's place in the file; one that was written in part has another hash. */
struct place {
	uint64_t hash; /* of all behind it */
	uint32_t len;
	char text[RESERVE_TEXT_MAX];
};

#define SIZE ((off_t)(RESERVE_TEXTS * sizeof(struct place)))

/* No place is all zeros but one that is free. */
static const struct place nothing;

static uint64_t
hash_of(const struct place *place)
{
	return stable_hash(STABLE_HASH_START, (struct str){(const char *)&place->len,
	    sizeof(place->len) + sizeof(place->text)});
}

static int
write_place(const struct reserve *reserve, size_t number, const struct place *place)
{
	ssize_t n = pwrite(reserve->fd, place, sizeof(*place),
	    (off_t)(number * sizeof(*place)));

	if (n >= 0 && n < (ssize_t)sizeof(*place))
		errno = ENOSPC;
	return n == (ssize_t)sizeof(*place) ? 0 : -1;
}

/* Zeros that are written are room; a hole is not. */
static int
take_room(struct reserve *reserve)
{
	struct stat st;

	if (fstat(reserve->fd, &st) < 0)
		return -1;
	if (st.st_size == SIZE)
		return 0;
	for (size_t i = (size_t)st.st_size / sizeof(nothing); i < RESERVE_TEXTS; i++)
		if (write_place(reserve, i, &nothing) < 0)
			return -1;
	return fsync(reserve->fd);
}

static bool
read_place(const struct reserve *reserve, size_t number, struct place *ret)
{
	return pread(reserve->fd, ret, sizeof(*ret), (off_t)(number * sizeof(*ret))) ==
	    (ssize_t)sizeof(*ret) && ret->len > 0 && ret->len <= sizeof(ret->text) &&
	    ret->hash == hash_of(ret);
}

/* Tells EACH (or NULL) the texts; counts them. */
static void
read_places(struct reserve *reserve, void (*each)(void *context, struct str text),
    void *context)
{
	struct place place;

	for (; reserve->count < RESERVE_TEXTS && read_place(reserve, reserve->count, &place);
	    reserve->count++)
		if (each)
			each(context, (struct str){place.text, place.len});
}

int
reserve_open(const char *path, void (*each)(void *context, struct str text), void *context,
    struct reserve *ret, struct err *err)
{
	*ret = (struct reserve){.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0640)};
	if (ret->fd < 0 || take_room(ret) < 0) {
		err_set(err, "%s: %s", path, strerror(errno));
		reserve_close(ret);
		return -1;
	}
	if (replace_sync_folder(path, err) < 0) {
		reserve_close(ret);
		return -1;
	}
	read_places(ret, each, context);
	return 0;
}

int
reserve_read(const char *path, void (*each)(void *context, struct str text), void *context,
    struct err *err)
{
	struct reserve reserve = {.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};

	if (reserve.fd < 0)
		return errno == ENOENT ? 0 : err_set(err, "%s: %s", path, strerror(errno));
	read_places(&reserve, each, context);
	reserve_close(&reserve);
	return 0;
}

int
reserve_put(struct reserve *reserve, struct str text, struct err *err)
{
	struct place place = {.len = (uint32_t)text.len};

	if (text.len == 0 || text.len > sizeof(place.text))
		return err_set(err, "%zu bytes do not fit", text.len);
	if (reserve->fd < 0)
		return err_set(err, "no room was taken");
	if (reserve->count == RESERVE_TEXTS)
		return err_set(err, "there is room for %u only", RESERVE_TEXTS);
	memcpy(place.text, text.p, text.len);
	place.hash = hash_of(&place);
	if (write_place(reserve, reserve->count, &place) < 0 || fdatasync(reserve->fd) < 0) {
		err_set(err, "%s", strerror(errno));
		write_place(reserve, reserve->count, &nothing);
		return -1;
	}
	reserve->count++;
	return 0;
}

void
reserve_clear(struct reserve *reserve)
{
	if (reserve->count == 0)
		return;
	while (reserve->count > 0)
		write_place(reserve, --reserve->count, &nothing);
	fdatasync(reserve->fd);
}

void
reserve_close(struct reserve *reserve)
{
	if (reserve->fd >= 0)
		close(reserve->fd);
	*reserve = (struct reserve){.fd = -1};
}
