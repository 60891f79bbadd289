/* SPDX-License-Identifier: Apache-2.0
 *
 * Following: every way in which a log is rotated, and restarts in between: each line
 * once, whole, and word of what may be lost. What happens between two looks is done
 * here by hand, so nothing depends on time.
 */
#include <dirent.h>
#include <poll.h>

#include "base/stable-hash.h"
#include "input-kit.h"
#include "input/follow-room.h"

/* What was read: "line|line|", notices as "!possible|" and so on. */
struct reader {
	struct follow *follow;
	bool poll; /* inotify takes its time to close, and all is done by hand here */
	struct buf got;
	char said[512]; /* the last notice */
	uint64_t head_hash, offset;
	/* What was saved at the last stop. */
	struct follow_position saved[8];
	char paths[8][512];
	size_t saved_count;
};

static void
take_line(void *context, const struct follow_line *line)
{
	struct reader *r = context;

	buf_str(&r->got, line->text);
	buf_char(&r->got, '|');
	r->head_hash = line->head_hash;
	r->offset = line->offset;
}

static void
take_notice(void *context, const struct follow_notice *notice)
{
	static const char *const words[] = {"!possible|", "!lost|", "!fault|", "!left|"};
	struct reader *r = context;

	buf_str(&r->got, str_of(words[notice->kind]));
	snprintf(r->said, sizeof(r->said), "%s", notice->text);
}

#define NAME "mail.log"

/* Follows NAME with whatever was saved. */
static void
start_with(struct reader *r, bool from_start, int64_t quiet_usec)
{
	static const char *const names[] = {NAME};
	struct follow_settings settings = {
		.names = names,
		.count = 1,
		.from = r->saved,
		.from_count = r->saved_count,
		.from_start = from_start,
		.quiet_usec = quiet_usec,
		.poll = r->poll,
	};
	struct err err;

	r->got.max = BUF_UNLIMITED;
	if (follow_open(&settings, &r->follow, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
}

static void
start(struct reader *r, bool from_start)
{
	start_with(r, from_start, 3600 * INT64_C(1000000));
}

/* Reads until nothing more is there. */
static void
read_all(struct reader *r)
{
	struct follow_sink sink = {take_line, take_notice, r, NULL};
	size_t before;

	do {
		before = r->got.len;
		follow_read(r->follow, &sink);
	} while (r->got.len > before);
}

/* Reads, and compares what came with WANT. */
static void
gives(struct reader *r, const char *want, const char *what)
{
	buf_clear(&r->got);
	read_all(r);
	is_text(r->got.p ? r->got.p : "", r->got.len, want, what);
}

/* Stops, and keeps where. */
static void
stop(struct reader *r)
{
	const struct follow_position *positions;

	r->saved_count = follow_positions(r->follow, &positions);
	memcpy(r->saved, positions, r->saved_count * sizeof(*positions));
	for (size_t i = 0; i < r->saved_count; i++) {
		r->saved[i].name = NAME;
		snprintf(r->paths[i], sizeof(r->paths[i]), "%s",
		    positions[i].path ? positions[i].path : "");
		r->saved[i].path = r->paths[i];
	}
	follow_close(r->follow);
	r->follow = NULL;
}

static void
end(struct reader *r)
{
	follow_close(r->follow);
	buf_done(&r->got);
	*r = (struct reader){0};
}

/* Each test has a directory of its own. */
static void
enter(void)
{
	static int number;
	char name[16];

	snprintf(name, sizeof(name), "t%d", ++number);
	if (chdir(kit_directory) != 0 || mkdir(name, 0755) != 0 || chdir(name) != 0)
		exit(1);
}

static void
add(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_APPEND | O_CREAT, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		exit(1);
	close(fd);
}

static void
copy(const char *from, const char *to)
{
	char bytes[65536];
	FILE *file = fopen(from, "r");
	size_t len = fread(bytes, 1, sizeof(bytes), file);

	fclose(file);
	kit_write(to, (struct str){bytes, len});
}

/* NAME is HOURS old. */
static void
age(const char *name, int hours)
{
	struct timespec then = {time(NULL) - hours * 3600, 0};

	utimensat(AT_FDCWD, name, (struct timespec[]){then, then}, 0);
}

static void
cut(off_t size)
{
	if (truncate(NAME, size) != 0)
		exit(1);
}

/* NAME becomes NAME.gz, with the time that it had. */
static void
compress_file(const char *name)
{
	struct buf gz = BUF_INIT(BUF_UNLIMITED);
	char bytes[65536], to[64];
	struct stat st;
	FILE *file = fopen(name, "r");
	size_t len = fread(bytes, 1, sizeof(bytes), file);

	fstat(fileno(file), &st);
	fclose(file);
	kit_gzip(&gz, (struct str){bytes, len});
	snprintf(to, sizeof(to), "%s.gz", name);
	kit_write(to, buf_view(&gz));
	utimensat(AT_FDCWD, to, (struct timespec[]){st.st_atim, st.st_mtim}, 0);
	unlink(name);
	buf_done(&gz);
}

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
	gives(&r, "!lost|2|", "the hole is no line");
	ok(pwrite(fd, "3\n", 2, 1000002) == 2, "and on");
	gives(&r, "3|", "the line behind");
	close(fd);
	end(&r);
}

static void
test_restart(void)
{
	struct reader r = {0};

	enter();
	add(NAME, "0\n1\n2\ntor");
	start(&r, true);
	gives(&r, "0|1|2|", "begun");
	stop(&r);
	add(NAME, "n\n3\n");
	start(&r, false);
	gives(&r, "torn|3|", "the same file");
	stop(&r);
	add(NAME, "4\n");
	rename(NAME, NAME ".1");
	add(NAME, "5\n");
	start(&r, false);
	gives(&r, "4|5|", "rotated");
	add(NAME ".1", "6\n");
	add(NAME, "7\n");
	gives(&r, "6|7|", "both are read");
	stop(&r);
	ok(r.saved_count == 2, "and both are saved");
	add(NAME ".1", "8\n");
	add(NAME, "9\n");
	rename(NAME ".1", NAME ".3");
	compress_file(NAME ".3");
	rename(NAME, NAME ".2");
	compress_file(NAME ".2");
	add(NAME ".1", "10\n");
	add(NAME, "11\n");
	start(&r, false);
	gives(&r, "8|9|10|11|", "rotated twice and compressed");
	stop(&r);
	copy(NAME, NAME ".0");
	kit_write(NAME, STR("12\n"));
	start(&r, false);
	gives(&r, "!possible|12|", "copied and truncated");
	stop(&r);
	add(NAME, "13\n");
	copy(NAME, "moved");
	rename("moved", NAME);
	start(&r, false);
	gives(&r, "13|", "another inode: its head tells");
	stop(&r);
	end(&r);
}

static void
test_restart_lost(void)
{
	struct reader r = {0};

	enter();
	start(&r, false);
	stop(&r);
	add(NAME, "1\n");
	start(&r, false);
	gives(&r, "1|", "made while nobody looked");
	stop(&r);
	usleep(20000); /* two files' times must differ */
	unlink(NAME);
	add(NAME ".1", "2\n");
	add(NAME, "3\n");
	start(&r, false);
	gives(&r, "!lost|2|3|", "gone while nobody looked; what is newer is read");
	stop(&r);
	usleep(20000);
	unlink(NAME);
	add(NAME, "4\n");
	start(&r, false);
	gives(&r, "!lost|4|", "what is older is not");
	stop(&r);
	cut(1);
	start(&r, false);
	gives(&r, "!lost|", "shorter than it was");
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

static void
test_refused(void)
{
	static const char *const directory[] = {"."};
	struct follow_settings settings = {.names = directory, .count = 1};
	struct follow *follow;
	struct err err;

	enter();
	ok(follow_open(&settings, &follow, &err) < 0 && strstr(err.text, "regular file"),
	    "a directory: %s", err.text);
}

/* Many more were lived once, when this was written. */
#define LIVES 200

/* The chain of logrotate, with KEEP files; those numbered above COMPRESS are compressed. */
static void
shift(int keep, int compress)
{
	char from[64], to[64];

	for (int i = keep; i > 0; i--) {
		snprintf(from, sizeof(from), NAME ".%d.gz", i);
		snprintf(to, sizeof(to), NAME ".%d.gz", i + 1);
		rename(from, to);
		snprintf(from, sizeof(from), NAME ".%d", i);
		snprintf(to, sizeof(to), NAME ".%d", i + 1);
		if (rename(from, to) == 0 && i + 1 > compress)
			compress_file(to);
	}
}

/*
 * Things happen in an order drawn from SEED; between them there are looks and restarts.
 * No line is written between copying and truncating, so none may be lost.
 */
static bool
random_life(unsigned seed)
{
	struct reader r = {.poll = true};
	struct buf want = BUF_INIT(BUF_UNLIMITED), got = BUF_INIT(BUF_UNLIMITED);
	int lines = 0;
	bool same;
	size_t at = 0;

	enter();
	start(&r, true);
	for (int i = 0; i < 60; i++) {
		char text[32];

		switch (rand_r(&seed) % 8) {
		case 0:
			shift(40, (int)(rand_r(&seed) % 4));
			rename(NAME, NAME ".1");
			break;
		case 1:
			if (access(NAME, F_OK) != 0)
				break;
			shift(40, (int)(rand_r(&seed) % 4));
			copy(NAME, NAME ".1");
			cut(0);
			break;
		case 2:
			stop(&r);
			start(&r, true);
			break;
		case 3:
		case 4:
			read_all(&r);
			break;
		default:
			snprintf(text, sizeof(text), "%u line %d", seed, ++lines);
			buf_printf(&want, "%s|", text);
			add(NAME, text);
			if (rand_r(&seed) % 3 == 0)
				read_all(&r);
			add(NAME, "\n");
		}
	}
	read_all(&r);
	while (at < r.got.len) {
		struct str rest = str_from(buf_view(&r.got), at), part = str_cut(&rest, '|');

		at += part.len + 1;
		if (!str_eq(part, STR("!possible"))) {
			buf_str(&got, part);
			buf_char(&got, '|');
		}
	}
	same = str_eq(buf_view(&got), buf_view(&want));
	if (!same)
		printf("# want %.*s\n#  got %.*s\n", STR_ARG(buf_view(&want)),
		    STR_ARG(buf_view(&r.got)));
	end(&r);
	buf_done(&want);
	buf_done(&got);
	return same;
}

/* Exim writes a refusal to both; another's rejectlog is another's. */
static void
test_told_twice(void)
{
	static const char *const names[] = {"rejectlog", "mainlog", "b/rejectlog", "b/mainlog2"};
	struct follow_settings settings = {.names = names, .count = 4, .from_start = true};
	struct reader r = {.got = BUF_INIT(BUF_UNLIMITED)};
	const struct follow_position *positions;
	struct err err;

	enter();
	if (mkdir("b", 0755) != 0 || follow_open(&settings, &r.follow, &err) < 0)
		exit(1);
	add("rejectlog", "one\n");
	add("mainlog", "one\ntwo\n");
	add("b/rejectlog", "three\n");
	add("b/mainlog2", "four\n");
	gives(&r, "!left|one|two|three|four|", "what two logs tell is read once");
	ok(strcmp(r.said, "rejectlog: mainlog has the same lines; it is not followed") == 0 &&
	    follow_positions(r.follow, &positions) == 3, "and that is said: %s", r.said);
	end(&r);
}

/* One file by several names, and one that is not there yet. */
static void
test_named_twice(void)
{
	static const char *const names[] = {"one", "b/link", "./one", "late", "b/../late", "one"};
	struct follow_settings settings = {.names = names, .count = 6, .from_start = true};
	struct reader r = {.got = BUF_INIT(BUF_UNLIMITED)};
	const struct follow_position *positions;
	struct err err;

	enter();
	add("one", "1\n");
	if (mkdir("b", 0755) != 0 || symlink("../one", "b/link") != 0 ||
	    follow_open(&settings, &r.follow, &err) < 0)
		exit(1);
	add("late", "2\n");
	gives(&r, "!left|!left|!left|!left|1|2|", "a file that is named twice is followed once");
	ok(strstr(r.said, "one: the same file as one; it is followed once") &&
	    follow_positions(r.follow, &positions) == 2, "and that is said: %s", r.said);
	end(&r);
}

/* The name is a link, and leads elsewhere; who writes goes on in the old file for a while. */
static void
test_led_elsewhere(void)
{
	struct reader r = {.got = BUF_INIT(BUF_UNLIMITED)};

	enter();
	if (mkdir("a", 0755) != 0 || mkdir("b", 0755) != 0 || symlink("a/real", NAME) != 0)
		exit(1);
	add("a/real", "1\n");
	start(&r, true);
	gives(&r, "1|", "a link");
	stop(&r);
	add("a/real", "2\n");
	add("b/real", "3\n");
	if (symlink("b/real", "next") != 0 || rename("next", NAME) != 0)
		exit(1);
	start(&r, false);
	gives(&r, "2|3|", "that leads elsewhere after a restart: the rest of the old file, too");
	add("a/real", "4\n");
	add("b/real", "5\n");
	gives(&r, "4|5|", "and what is written to it");
	stop(&r);
	if (rename("a/real", "a/real.1") != 0)
		exit(1);
	add("a/real.1", "6\n");
	start(&r, false);
	gives(&r, "6|", "once more, and renamed");
	end(&r);
}

int
main(void)
{
	bool all = true;

	kit_enter();
	test_named_twice();
	test_led_elsewhere();
	test_growing();
	test_waiting();
	test_renamed();
	test_missed();
	test_copy_kept();
	test_deleted();
	test_copied();
	test_copied_missed();
	test_hole();
	test_restart();
	test_restart_lost();
	test_quiet();
	test_long();
	test_many_bytes();
	test_refused();
	test_told_twice();
	for (unsigned seed = 1; seed <= LIVES && all; seed++) {
		all = random_life(seed);
		if (!all)
			printf("# seed %u\n", seed);
	}
	ok(all, "%d lives of a log: every line once, in order", LIVES);
	kit_leave();
	return tap_done();
}
