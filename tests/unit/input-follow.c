/* SPDX-License-Identifier: Apache-2.0
 *
 * Following while it goes on: every way in which a log is rotated, each line once, whole,
 * and word of what may be lost.
 */
#include <dirent.h>
#include <poll.h>

#include "follow-kit.h"

static int
open_files(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

static void
test_growing(void)
{
	struct reader r = {0};
	struct input_set *set;
	struct err err;

	enter();
	add(NAME, "old 1\nold 2\ntor");
	start(&r, false);
	gives(&r, "", "it begins at the end");
	add(NAME, "n 3\nnew 4\n");
	gives(&r, "torn 3|new 4|", "a line written in two halves is given whole");
	set = KIT_OPEN(&err, NAME);
	ok(set && r.head_hash == set->streams[0].files[0].head_hash && r.offset == 19,
	    "a line is told from others as by a reader of the file");
	input_close(set);
	add(NAME, "5");
	gives(&r, "", "a torn line waits");
	add(NAME, "\n\n\r\n");
	gives(&r, "5||\r|", "empty lines are lines");
	gives(&r, "", "and nothing comes twice");
	end(&r);
	start(&r, true);
	gives(&r, "old 1|old 2|torn 3|new 4|5||\r|", "from the start");
	end(&r);
}

/* Appends NULs. */
static void
add_hole(off_t size)
{
	struct stat st;

	if (stat(NAME, &st) != 0)
		exit(1);
	cut(st.st_size + size);
}

static void
test_holes(void)
{
	static const off_t sizes[] = {600, 262143, 3 << 20};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct reader r = {0};
		struct follow_sink sink = {take_line, take_notice, &r, NULL};

		enter();
		add(NAME, "1\n2\n");
		start(&r, true);
		gives(&r, "1|2|", "before a hole");
		add_hole(sizes[i]);
		gives(&r, "", "which tells nothing");
		add(NAME, "3\n4\nto");
		buf_clear(&r.got);
		for (int n = 0; n < 8; n++)
			follow_read(r.follow, &sink);
		is_text(r.got.p, r.got.len, "!hole|3|4|", "all behind it, and a word");
		ok(strstr(r.said, "NUL bytes before byte") != NULL, "%s", r.said);
		add_hole(sizes[i]);
		buf_clear(&r.got);
		for (int n = 0; n < 8; n++)
			follow_read(r.follow, &sink);
		is_text(r.got.p, r.got.len, "to|", "a torn line is one");
		stop(&r);
		start(&r, false);
		add(NAME, "5\n");
		gives(&r, "5|", "and the next one, though begun anew in the hole");
		end(&r);
	}
}

static void
test_waiting(void)
{
	struct reader r = {0};
	struct pollfd wait = {.events = POLLIN};

	enter();
	start(&r, false);
	gives(&r, "", "it need not exist");
	wait.fd = follow_fd(r.follow);
	add(NAME, "1\n");
	ok(poll(&wait, 1, 10000) == 1, "its creation wakes up");
	gives(&r, "1|", "it is read from its start");
	add(NAME, "2\n");
	ok(poll(&wait, 1, 10000) == 1, "a line wakes up");
	gives(&r, "2|", "and is given");
	end(&r);

	enter();
	r.follow = NULL;
	ok(follow_open(&(struct follow_settings){.names = (const char *const[]){NAME},
	    .count = 1, .poll = true}, &r.follow, &(struct err){""}) == 0, "without inotify");
	r.got.max = BUF_UNLIMITED;
	wait.fd = follow_fd(r.follow);
	gives(&r, "", "nothing");
	add(NAME, "1\n");
	ok(poll(&wait, 1, 10000) == 1, "a clock wakes up");
	gives(&r, "1|", "the same");
	end(&r);
}

static void
test_renamed(void)
{
	struct reader r = {0};

	enter();
	add(NAME, "0\n");
	start(&r, false);
	add(NAME, "1\n");
	rename(NAME, NAME ".1");
	gives(&r, "1|", "what was unread when it was renamed");
	add(NAME ".1", "2\n");
	gives(&r, "2|", "its writer goes on");
	add(NAME, "");
	add(NAME ".1", "3\n");
	gives(&r, "3|", "the new file has nothing yet");
	add(NAME, "5\n");
	add(NAME ".1", "4\n");
	gives(&r, "4|5|", "both, the old one first");
	add(NAME ".1", "to");
	rename(NAME ".1", NAME ".2");
	rename(NAME, NAME ".1");
	add(NAME, "6\n");
	add(NAME ".2", "rn\n");
	gives(&r, "torn|6|", "three are being read");
	add(NAME ".2", "last, torn");
	rename(NAME ".2", NAME ".3");
	rename(NAME ".1", NAME ".2");
	rename(NAME, NAME ".1");
	add(NAME, "7\n");
	gives(&r, "last, torn|7|", "the oldest is done with, its torn line too");
	add(NAME ".1", "8\n");
	add(NAME ".2", "9\n");
	gives(&r, "9|8|", "the others are not");
	end(&r);
}

static void
test_missed(void)
{
	struct reader r = {0};

	enter();
	add(NAME, "0\n");
	start(&r, true);
	gives(&r, "0|", "begun");
	add(NAME, "1\n");
	rename(NAME, NAME ".6");
	add(NAME ".5", "2\n");
	add(NAME ".4", "3\n");
	add(NAME ".3", "4\n");
	compress_file(NAME ".4");
	compress_file(NAME ".6");
	add(NAME ".2", "");
	add(NAME ".1", "5\n");
	add(NAME, "6\n");
	gives(&r, "1|2|3|4|5|6|", "five rotations between two looks, in order");
	gives(&r, "", "once");
	rename(NAME, NAME ".0");
	add(NAME, "7\n");
	gives(&r, "7|", "and it goes on");
	end(&r);

	enter();
	add(NAME "-20260101", "a\n");
	add(NAME, "b\n");
	start(&r, true);
	gives(&r, "b|", "names with dates");
	rename(NAME, NAME "-20260102");
	add(NAME "-20260103", "c\n");
	add(NAME, "d\n");
	gives(&r, "c|d|", "are as good");
	add(NAME, "e\n");
	rename(NAME, "mail-20260104.log");
	add("mail-20260105.log", "f\n");
	add(NAME, "g\n");
	gives(&r, "e|f|g|", "before the ending, too");
	end(&r);
}

/* NAME is HOURS old. */
static void
age(const char *name, int hours)
{
	struct timespec then = {time(NULL) - hours * 3600, 0};

	utimensat(AT_FDCWD, name, (struct timespec[]){then, then}, 0);
}

/*
 * Somebody kept a copy of what there was, under a name that sounds newer than others; archives
 * have dates, from before those got numbers.
 */
static void
test_copy_kept(void)
{
	struct reader r = {0};

	enter();
	add(NAME "-20260101", "a\n");
	age(NAME "-20260101", 9999);
	add(NAME, "0\n1\n");
	start(&r, false);
	copy(NAME, NAME ".save");
	age(NAME ".save", 1);
	compress_file(NAME ".save");
	rename(NAME ".save.gz", NAME ".gz");
	copy(NAME, NAME "-20260102");
	usleep(20000);
	add(NAME, "2\n");
	gives(&r, "2|", "a copy beside it is nothing new");
	rename(NAME, NAME ".1");
	add(NAME, "3\n");
	gives(&r, "3|", "nor is it when the log is rotated");
	unlink(NAME "-20260102");
	rename(NAME ".1", NAME ".3");
	rename(NAME, NAME ".2");
	add(NAME ".1", "4\n");
	add(NAME, "5\n");
	gives(&r, "4|5|", "or again");
	end(&r);
}

static void
test_deleted(void)
{
	struct reader r = {0};
	int fd;

	enter();
	add(NAME ".1", "history\n");
	add(NAME, "1\n");
	start(&r, true);
	gives(&r, "1|", "begun");
	fd = open(NAME, O_WRONLY | O_APPEND);
	unlink(NAME);
	gives(&r, "", "deleted");
	ok(write(fd, "2\n", 2) == 2, "its writer has not noticed");
	gives(&r, "2|", "nor do we lose it");
	add(NAME, "3\n");
	gives(&r, "3|", "a new one");
	ok(write(fd, "4\n", 2) == 2, "the writer goes on");
	gives(&r, "4|", "in the deleted file");
	close(fd);
	unlink(NAME);
	add(NAME, "5\n");
	gives(&r, "5|", "deleted and made between two looks");
	end(&r);
}

static void
test_copied(void)
{
	struct reader r = {0};

	enter();
	add(NAME, "0\n1\n");
	start(&r, true);
	gives(&r, "0|1|", "begun");
	add(NAME, "2\n");
	copy(NAME, NAME ".1");
	cut(0);
	gives(&r, "!possible|2|", "the rest of the copy");
	add(NAME, "3\n");
	gives(&r, "3|", "then the file from its start");
	rename(NAME ".1", NAME ".2");
	copy(NAME, NAME ".1");
	cut(0);
	add(NAME, "4, longer than what was there\n");
	gives(&r, "!possible|4, longer than what was there|", "full again at the next look");
	copy(NAME, NAME ".1");
	add(NAME, "5\n");
	gives(&r, "5|", "a line that the copy has not");
	cut(0);
	gives(&r, "!lost|", "others may be lost");
	ok(strstr(r.said, "shorter than what was read") != NULL, "that is why: %s", r.said);
	add(NAME, "6\n");
	gives(&r, "6|", "on");
	cut(0);
	gives(&r, "!lost|", "there is no copy");
	add(NAME, "7\n");
	gives(&r, "7|", "on");
	rename(NAME ".1", NAME ".4");
	copy(NAME, NAME ".1");
	compress_file(NAME ".1");
	kit_write(NAME, STR("8 which is longer\n"));
	gives(&r, "!possible|8 which is longer|", "a compressed copy");
	end(&r);
}

static void
test_copied_missed(void)
{
	struct reader r = {0};

	enter();
	add(NAME, "1\n2\n");
	start(&r, true);
	gives(&r, "1|2|", "begun");
	add(NAME, "3\nto");
	gives(&r, "3|", "a torn line");
	copy(NAME, NAME ".1");
	kit_write(NAME, STR("4\n5\n"));
	rename(NAME ".1", NAME ".2");
	copy(NAME, NAME ".1");
	kit_write(NAME, STR("6\n7\n8\n9\n"));
	gives(&r, "!possible|!possible|4|5|6|7|8|9|", "two copies between two looks");
	rename(NAME ".1", NAME ".3");
	rename(NAME, NAME ".1");
	add(NAME, "10\n");
	gives(&r, "to|10|", "the torn line comes when its file is done with");
	end(&r);

	enter();
	add(NAME, "1 a line\n2 a line\n");
	start(&r, true);
	gives(&r, "1 a line|2 a line|", "begun");
	cut(9);
	gives(&r, "!lost|", "cut in the middle");
	add(NAME, "3\n");
	gives(&r, "3|", "what follows is read");
	end(&r);
}

static void
test_hole(void)
{
	struct reader r = {0};
	int fd;

	enter();
	add(NAME, "1\n");
	start(&r, true);
	gives(&r, "1|", "begun");
	fd = open(NAME, O_WRONLY);
	cut(0);
	ok(pwrite(fd, "2\n", 2, 1000000) == 2, "a writer who goes on where it was");
	gives(&r, "!lost|!hole|2|", "the hole is no line");
	ok(pwrite(fd, "3\n", 2, 1000002) == 2, "and on");
	gives(&r, "3|", "the line behind");
	close(fd);
	end(&r);
}

static void
test_quiet(void)
{
	struct reader r = {0};
	int before;

	enter();
	add(NAME, "1\n");
	start_with(&r, true, 1);
	gives(&r, "1|", "begun");
	before = open_files();
	rename(NAME, NAME ".1");
	add(NAME ".1", "torn");
	gives(&r, "", "what has no successor stays open");
	add(NAME, "2\n");
	usleep(10);
	gives(&r, "2|torn|", "a quiet file is closed, its torn line given");
	ok(open_files() == before, "no descriptor is left");
	for (int i = 0; i < 100; i++) {
		rename(NAME, NAME ".1");
		add(NAME, "3\n");
		read_all(&r);
	}
	usleep(10);
	read_all(&r);
	ok(open_files() == before, "nor after a hundred rotations");
	end(&r);
}

static void
test_long(void)
{
	struct reader r = {0};
	struct buf text = BUF_INIT(BUF_UNLIMITED);

	enter();
	for (int i = 0; i < FOLLOW_LINE + 10000; i++)
		buf_char(&text, 'x');
	buf_str(&text, STR("\nshort\n"));
	kit_write(NAME, buf_view(&text));
	start(&r, true);
	read_all(&r);
	ok(r.got.len == FOLLOW_LINE + 7 && r.got.p[FOLLOW_LINE] == '|' &&
	    memcmp(r.got.p + FOLLOW_LINE + 1, "short|", 6) == 0, "a long line is cut, once");
	end(&r);

	enter();
	kit_write(NAME, str_head(buf_view(&text), FOLLOW_LINE + 100));
	start(&r, true);
	read_all(&r);
	ok(r.got.len == FOLLOW_LINE + 1, "a long line without an end");
	stop(&r);
	add(NAME, "rest\n1\n");
	start(&r, false);
	gives(&r, "1|", "its rest is no line after a restart");
	end(&r);
	buf_done(&text);
}

static void
test_many_bytes(void)
{
	struct reader r = {0};
	struct buf text = BUF_INIT(BUF_UNLIMITED), want = BUF_INIT(BUF_UNLIMITED);
	struct follow_sink sink = {take_line, take_notice, &r, NULL};
	struct pollfd wait = {.events = POLLIN};

	enter();
	for (int i = 0; i < 400000; i++) {
		buf_printf(&text, "line %d\n", i);
		buf_printf(&want, "line %d|", i);
	}
	kit_write(NAME, buf_view(&text));
	start(&r, true);
	follow_read(r.follow, &sink);
	ok(r.got.len > 500000 && r.got.len < 2000000, "a lot is read in parts");
	wait.fd = follow_fd(r.follow);
	ok(poll(&wait, 1, 0) == 1, "the descriptor says that there is more");
	stop(&r);
	rename(NAME, NAME ".1");
	add(NAME, "new\n");
	start(&r, false);
	read_all(&r);
	buf_str(&want, STR("new|"));
	ok(str_eq(buf_view(&r.got), buf_view(&want)), "all of it, rotated meanwhile");
	end(&r);
	buf_done(&text);
	buf_done(&want);
}

int
main(void)
{
	kit_enter();
	test_growing();
	test_holes();
	test_waiting();
	test_renamed();
	test_missed();
	test_copy_kept();
	test_deleted();
	test_copied();
	test_copied_missed();
	test_hole();
	test_quiet();
	test_long();
	test_many_bytes();
	kit_leave();
	return tap_done();
}
