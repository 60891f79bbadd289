/* SPDX-License-Identifier: Apache-2.0
 *
 * The file: a head, then records of two texts, tag and record; a text is its length in 8
 * bytes and its bytes, numbers are 8 bytes, as this machine has them.
 */
#include "base/state.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/stable-hash.h"

#define FLUSH_AT 65536

struct head {
	char magic[16];
	uint64_t version; /* of the form and of who wrote it */
	uint64_t len, hash; /* of what is behind it */
};

static const char magic[16] = "postern state 1";

static uint64_t
version(void)
{
	return stable_hash(STABLE_HASH_START, STR(POSTERN_VERSION));
}

void
state_begin(struct state_out *out, int fd)
{
	static const char nothing[sizeof(struct head)];

	*out = (struct state_out){.fd = fd, .waiting = BUF_INIT(BUF_UNLIMITED),
	    .hash = STABLE_HASH_START};
	buf_add(&out->waiting, nothing, sizeof(nothing));
}

static void
flush(struct state_out *out)
{
	size_t at = 0;

	while (at < out->waiting.len && !out->failed) {
		ssize_t n = write(out->fd, out->waiting.p + at, out->waiting.len - at);

		if (n > 0)
			at += (size_t)n;
		else if (errno != EINTR)
			out->failed = true;
	}
	buf_clear(&out->waiting);
}

void
state_record(struct state_out *out, struct str tag, const struct buf *record)
{
	size_t before = out->waiting.len;
	struct str added;

	state_put_text(&out->waiting, tag);
	state_put_text(&out->waiting, buf_view(record));
	added = str_from(buf_view(&out->waiting), before);
	out->hash = stable_hash(out->hash, added);
	out->len += added.len;
	if (out->waiting.len >= FLUSH_AT)
		flush(out);
}

int
state_end(struct state_out *out, struct err *err)
{
	struct head head = {.version = version(), .len = out->len, .hash = out->hash};

	memcpy(head.magic, magic, sizeof(magic));
	flush(out);
	buf_done(&out->waiting);
	if (out->failed || pwrite(out->fd, &head, sizeof(head), 0) != sizeof(head))
		return err_set(err, "what is handed over cannot be written: %s",
		    strerror(errno));
	return 0;
}

void
state_put_number(struct buf *record, int64_t number)
{
	buf_add(record, &number, sizeof(number));
}

void
state_put_text(struct buf *record, struct str text)
{
	state_put_number(record, (int64_t)text.len);
	buf_str(record, text);
}

int
state_check(struct str bytes, struct str *ret, struct err *err)
{
	struct head head;

	if (bytes.len < sizeof(head))
		return err_set(err, "what was handed over is too short");
	memcpy(&head, bytes.p, sizeof(head));
	bytes = str_from(bytes, sizeof(head));
	if (memcmp(head.magic, magic, sizeof(magic)) != 0 || head.version != version())
		return err_set(err, "what was handed over is of another version");
	if (head.len != bytes.len || head.hash != stable_hash(STABLE_HASH_START, bytes))
		return err_set(err, "what was handed over is damaged");
	*ret = bytes;
	return 0;
}

int
state_open(int fd, struct str *ret, struct err *err)
{
	struct str bytes = {NULL, 0};
	struct stat status;
	void *mapped;

	if (fstat(fd, &status) < 0)
		return err_set(err, "what was handed over: %s", strerror(errno));
	if (status.st_size == 0)
		return 1;
	bytes.len = (size_t)status.st_size;
	mapped = mmap(NULL, bytes.len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (mapped == MAP_FAILED)
		return err_set(err, "what was handed over: %s", strerror(errno));
	bytes.p = mapped;
	if (state_check(bytes, ret, err) < 0) {
		munmap(mapped, bytes.len);
		return -1;
	}
	return 0;
}

void
state_close(struct str records)
{
	if (records.p)
		munmap((void *)(uintptr_t)(records.p - sizeof(struct head)),
		    records.len + sizeof(struct head));
}

bool
state_next(struct str *records, struct str *ret_tag, struct str *ret_record)
{
	return state_text(records, ret_tag) && state_text(records, ret_record);
}

bool
state_number(struct str *record, int64_t *ret)
{
	if (record->len < sizeof(*ret))
		return false;
	memcpy(ret, record->p, sizeof(*ret));
	*record = str_from(*record, sizeof(*ret));
	return true;
}

bool
state_text(struct str *record, struct str *ret)
{
	struct str left = *record;
	int64_t len;

	if (!state_number(&left, &len) || len < 0 || (uint64_t)len > left.len)
		return false;
	*ret = str_head(left, (size_t)len);
	*record = str_from(left, (size_t)len);
	return true;
}
