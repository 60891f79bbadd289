/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes following: what happens to a log and its rotated files, as bytes say, and
 * positions that are not what was saved, as of a store that is damaged. No line may be
 * longer than is promised, none of a file that is none of the name's, and what is saved
 * at the end is good to go on from: nothing comes twice then.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/follow-room.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS_MAX 100

static const char *const files[] = {"mail.log", "mail.log.1", "mail.log.2", "mail.log.3.gz"};
static const char *const names[] = {"mail.log"};
static char folder[48];
static int top; /* where we come from: seeds are named from there */

static struct {
	struct follow *follow;
	struct follow_position saved[8];
	size_t saved_count, lines;
} reader;

static void
demand(bool condition)
{
	if (!condition)
		abort();
}

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
	static const struct follow_sink sink = {take_line, take_notice, NULL};

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
	for (size_t i = 0; i < reader.saved_count; i++)
		reader.saved[i].name = names[0];
	follow_close(reader.follow);
}

/* One of the numbers of a position is another; or there is one more, of nothing. */
static void
spoil(uint8_t which, uint64_t value)
{
	struct follow_position *p = &reader.saved[which / 8 % 4];
	uint64_t *const numbers[] = {
	    &p->head_hash, &p->offset, &p->device, &p->inode, &p->head_hash, &p->offset};

	stop();
	if (p >= reader.saved + reader.saved_count) {
		p = &reader.saved[reader.saved_count++];
		*p = (struct follow_position){.name = names[0], .head_len = (uint32_t)value};
	} else if (which % 8 < 6) {
		*numbers[which % 8] = value;
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
		append(files[op / 64], text, O_APPEND);
		*data = str_from(*data, text.len);
		break;
	case 2:
		for (int i = 3; i > 0; i--)
			rename(files[i - 1], files[i]);
		break;
	case 3:
		copy(files[0], files[1]);
		append(files[0], STR(""), O_TRUNC);
		break;
	case 4:
		unlink(files[which % 4]);
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
	start();
	for (int i = 0; i < STEPS_MAX && rest.len >= 2; i++)
		step(&rest);
	read_all();
	stop();
	start();
	reader.lines = 0;
	read_all();
	demand(reader.lines == 0);
	follow_close(reader.follow);
	demand(fchdir(top) == 0);
	return 0;
}
