/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes following: what happens to a log and its rotated files, as bytes say, and
 * positions that are not what was saved, as of a store that is damaged. No line may be
 * longer than is promised, none of a file that is none of the name's, and what is saved
 * at the end is good to go on from: nothing comes twice then. Only where a file is gone may
 * there be more: who had it open knows that another one with its beginning is none of its
 * copies, who begins with a position takes that for what it has become.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "input/follow-room.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS_MAX 100

static const char *const files[] = {"mail.log", "mail.log.1", "mail.log.2", "mail.log.3.gz"};
static const char *const names[] = {"mail.log"};

/* Where a position may say that its file was opened: "other" is a folder with a copy. */
static const char *const opened[] = {"./mail.log", "other/mail.log", "other/mail.log.1",
    "./other/mail.log.3.gz", "other/", "nowhere/mail.log", "/", ""};
#define OPENED (sizeof(opened) / sizeof(*opened))
static char folder[48];
static int top; /* where we come from: seeds are named from there */

static struct {
	struct follow *follow;
	struct follow_position saved[8];
	char paths[8][64]; /* theirs */
	size_t saved_count, lines;
	bool gone; /* the text of a file */
} reader;

static void
demanded(bool condition, int line)
{
	if (condition)
		return;
	fprintf(stderr, "follow.c:%d: demand failed (%s)\n", line, strerror(errno));
	abort();
}

#define demand(condition) demanded((condition), __LINE__)

static void
take_line(void *context, const struct follow_line *line)
{
	(void)context;
	demand(line->source == 0 && line->text.len <= FOLLOW_LINE &&
	    strcmp(line->name, names[0]) == 0 && !memchr(line->text.p, '\n', line->text.len));
	reader.lines++;
}

static void
take_notice(void *context, const struct follow_notice *notice)
{
	(void)context;
	demand(notice->source == 0 && *notice->text);
}

static void
read_all(void)
{
	static const struct follow_sink sink = {take_line, take_notice, NULL, NULL};

	/* A file that was cut is found out by one look and read by the next. */
	for (int i = 0; i < 4; i++)
		follow_read(reader.follow, &sink);
}

static void
start(void)
{
	struct follow_settings settings = {.names = names, .count = 1, .from = reader.saved,
	    .from_count = reader.saved_count, .from_start = true, .poll = true,
	    .quiet_usec = 1};
	struct err err;

	demand(follow_open(&settings, &reader.follow, &err) == 0);
}

static void
stop(void)
{
	const struct follow_position *positions;

	reader.saved_count = follow_positions(reader.follow, &positions);
	demand(reader.saved_count <= FOLLOW_OPEN + 1);
	memcpy(reader.saved, positions, reader.saved_count * sizeof(*positions));
	for (size_t i = 0; i < reader.saved_count; i++) {
		reader.saved[i].name = names[0];
		if (!positions[i].path)
			continue;
		snprintf(reader.paths[i], sizeof(reader.paths[i]), "%s", positions[i].path);
		demand(strcmp(reader.paths[i], positions[i].path) == 0);
		reader.saved[i].path = reader.paths[i];
	}
	follow_close(reader.follow);
}

/*
 * VALUE, or what a file that is there has in its place: a fuzzer that looks at comparisons
 * finds that as well, but finds it again only at that moment.
 */
static uint64_t
real(uint8_t which, uint64_t value)
{
	struct stat st;

	if (value > 0xff || stat(files[value % 4], &st) != 0)
		return value;
	switch (which % 8) {
	case 1:
		return (uint64_t)st.st_size;
	case 2:
		return st.st_dev;
	case 3:
		return st.st_ino;
	case 7:
		return (uint64_t)st.st_mtim.tv_sec * USEC_PER_SEC +
		    (uint64_t)st.st_mtim.tv_nsec / 1000;
	}
	return value;
}

/* A file is in another folder as well, as where a link led before. */
static void
link_elsewhere(uint8_t which)
{
	mkdir("other", 0700);
	unlink(opened[1 + which / 4 % 2]);
	reader.gone |= link(files[which % 4], opened[1 + which / 4 % 2]) == 0;
}

/* Where a position was opened is another place, or none. */
static void
misplace(struct follow_position *p, uint64_t value)
{
	link_elsewhere((uint8_t)(value / OPENED));
	p->path = opened[value % OPENED];
}

/* One of what a position says is another; or there is one more, of nothing. */
static void
spoil(uint8_t which, uint64_t value)
{
	struct follow_position *p = &reader.saved[which / 8 % 4];
	uint64_t *const numbers[] = {&p->head_hash, &p->offset, &p->device, &p->inode};

	stop();
	value = real(which, value);
	if (p >= reader.saved + reader.saved_count) {
		p = &reader.saved[reader.saved_count++];
		*p = (struct follow_position){.name = names[0], .head_len = (uint32_t)value};
	} else if (which % 8 < 4) {
		*numbers[which % 8] = value;
	} else if (which % 8 < 6) {
		misplace(p, value);
	} else if (which % 8 == 6) {
		p->head_len = (uint32_t)value;
	} else {
		p->mtime = (int64_t)value;
	}
	start();
}

static void
append(const char *name, struct str text, int flags)
{
	int fd = open(name, O_WRONLY | O_CREAT | flags, 0600);

	demand(fd >= 0 && (text.len == 0 || write(fd, text.p, text.len) == (ssize_t)text.len));
	close(fd);
}

static void
copy(const char *from, const char *to)
{
	static char text[1 << 16];
	int fd = open(from, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text));

	append(to, (struct str){text, n > 0 ? (size_t)n : 0}, O_TRUNC);
	if (fd >= 0)
		close(fd);
}

/*
 * TEXT is for the name that is followed, which is never compressed: it begins like no
 * format. One that is and grows is found out by a restart only.
 */
static struct str
readable(struct str text)
{
	static char copy[64];

	for (size_t i = 0; i < text.len; i++)
		copy[i] = memchr("\x1f\x28\xfd" "B", text.p[i], 4) ? '.' : text.p[i];
	return (struct str){copy, text.len};
}

/* One step of DATA, of which the bytes used are cut off. */
static void
step(struct str *data)
{
	uint8_t op = (uint8_t)data->p[0], which = (uint8_t)data->p[1];
	struct str text = str_head(str_from(*data, 2), which % 64);
	uint64_t value = 0;

	*data = str_from(*data, 2);
	switch (op % 8) {
	case 0:
	case 1:
		append(files[op / 64], op / 64 ? text : readable(text), O_APPEND);
		*data = str_from(*data, text.len);
		break;
	case 2:
		reader.gone |= access(files[3], F_OK) == 0;
		for (int i = 3; i > 0; i--)
			rename(files[i - 1], files[i]);
		break;
	case 3:
		reader.gone |= access(files[1], F_OK) == 0;
		copy(files[0], files[1]);
		append(files[0], STR(""), O_TRUNC);
		break;
	case 4:
		reader.gone |= unlink(files[which % 4]) == 0;
		break;
	case 5:
		read_all();
		break;
	case 6:
		stop();
		start();
		break;
	case 7:
		text = str_head(*data, 8);
		memcpy(&value, text.p, text.len);
		*data = str_from(*data, text.len);
		spoil(which, value);
		break;
	}
}

static void
forget_files(void)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		unlink(files[i]);
	unlink(opened[1]);
	unlink(opened[2]);
	rmdir("other");
}

static void
finish(void)
{
	if (chdir(folder) == 0)
		forget_files();
	rmdir(folder);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size};

	if (!*folder) {
		snprintf(folder, sizeof(folder), "%s/postern-fuzz-follow-XXXXXX",
		    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		demand(mkdtemp(folder) != NULL);
		top = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		atexit(finish);
	}
	demand(chdir(folder) == 0);
	forget_files();
	reader.saved_count = 0;
	reader.gone = false;
	start();
	for (int i = 0; i < STEPS_MAX && rest.len >= 2; i++)
		step(&rest);
	/*
	 * A file that has but the first bytes of a line may be what it was, until there is
	 * more.
	 */
	append(files[0], STR("~\n"), O_APPEND);
	read_all();
	for (int i = 0; i < 2; i++) {
		stop();
		start();
		reader.lines = 0;
		read_all();
		demand(reader.lines == 0 || (i == 0 && reader.gone));
	}
	follow_close(reader.follow);
	demand(fchdir(top) == 0);
	return 0;
}
