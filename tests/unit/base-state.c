/* SPDX-License-Identifier: Apache-2.0
 *
 * What is handed over comes back as it was; what is damaged anywhere is told.
 */
#include "base/state.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tap.h"

static int
write_state(int records)
{
	int fd = memfd_create("state", MFD_CLOEXEC);
	struct buf record = BUF_INIT(BUF_UNLIMITED);
	struct state_out out;
	struct err err;

	state_begin(&out, fd);
	for (int i = 0; i < records; i++) {
		buf_clear(&record);
		state_put_number(&record, -i);
		state_put_text(&record, (struct str){"a\0b", 3});
		state_record(&out, i % 2 ? STR("odd") : STR("even"), &record);
	}
	buf_done(&record);
	ok(state_end(&out, &err) == 0, "%d records are written", records);
	return fd;
}

static void
test_records(void)
{
	int fd = write_state(10000);
	struct str records = {NULL, 0}, left, tag, record, text;
	struct err err = {""};
	int64_t number, n = 0;
	bool good = true;

	ok(state_open(fd, &records, &err) == 0, "and read: %s", err.text);
	for (left = records; state_next(&left, &tag, &record); n++)
		good = good && str_eq(tag, n % 2 ? STR("odd") : STR("even")) &&
		    state_number(&record, &number) && number == -n &&
		    state_text(&record, &text) && text.len == 3 && text.p[2] == 'b' &&
		    record.len == 0 && !state_number(&record, &number);
	ok(good && n == 10000 && left.len == 0, "all of them, in order");
	state_close(records);
	close(fd);
}

/* Every byte changed, every end. */
static void
test_damage(void)
{
	int fd = write_state(3);
	off_t len = lseek(fd, 0, SEEK_END);
	char *bytes = calloc(1, (size_t)len);
	struct str records;
	struct err err;
	int wrong = 0;

	if (pread(fd, bytes, (size_t)len, 0) != len)
		return;
	for (off_t i = 0; i < len; i++) {
		bytes[i] ^= 1;
		wrong += state_check((struct str){bytes, (size_t)len}, &records, &err) == 0;
		bytes[i] ^= 1;
		wrong += state_check((struct str){bytes, (size_t)i}, &records, &err) == 0;
	}
	ok(wrong == 0, "no byte can be changed or missing: %d", wrong);
	ok(state_check((struct str){bytes, (size_t)len}, &records, &err) == 0, "it was good");
	free(bytes);
	close(fd);
	fd = memfd_create("empty", MFD_CLOEXEC);
	ok(state_open(fd, &records, &err) == 1, "an empty file has nothing");
	close(fd);
}

static void
test_lengths(void)
{
	static const struct {
		int64_t len;
		bool good;
	} rows[] = {{0, true}, {3, true}, {4, false}, {-1, false}, {INT64_MAX, false},
	    {INT64_MIN, false}};
	char bytes[11] = {[8] = 'a', 'b', 'c'};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str record = {bytes, sizeof(bytes)}, text;

		memcpy(bytes, &rows[i].len, 8);
		ok(state_text(&record, &text) == rows[i].good, "a text of %lld bytes",
		    (long long)rows[i].len);
	}
}

int
main(void)
{
	test_records();
	test_damage();
	test_lengths();
	return tap_done();
}
