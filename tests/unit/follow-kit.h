/* SPDX-License-Identifier: Apache-2.0
 *
 * follow-kit: one log being followed, what came of it as text, and what may happen to it
 * between two looks, which is done here by hand, so that nothing depends on time.
 */
#ifndef TESTS_UNIT_FOLLOW_KIT_H
#define TESTS_UNIT_FOLLOW_KIT_H

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

UNUSED static void
take_line(void *context, const struct follow_line *line)
{
	struct reader *r = context;

	buf_str(&r->got, line->text);
	buf_char(&r->got, '|');
	r->head_hash = line->head_hash;
	r->offset = line->offset;
}

UNUSED static void
take_notice(void *context, const struct follow_notice *notice)
{
	static const char *const words[] = {"!possible|", "!lost|", "!fault|", "!left|",
	    "!hole|"};
	struct reader *r = context;

	buf_str(&r->got, str_of(words[notice->kind]));
	snprintf(r->said, sizeof(r->said), "%s", notice->text);
}

#define NAME "mail.log"

/* Follows NAME with whatever was saved. */
UNUSED static void
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

UNUSED static void
start(struct reader *r, bool from_start)
{
	start_with(r, from_start, 3600 * INT64_C(1000000));
}

/* Reads until nothing more is there. */
UNUSED static void
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
UNUSED static void
gives(struct reader *r, const char *want, const char *what)
{
	buf_clear(&r->got);
	read_all(r);
	is_text(r->got.p ? r->got.p : "", r->got.len, want, what);
}

/* Stops, and keeps where. */
UNUSED static void
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

UNUSED static void
end(struct reader *r)
{
	follow_close(r->follow);
	buf_done(&r->got);
	*r = (struct reader){0};
}

/* Each test has a directory of its own. */
UNUSED static void
enter(void)
{
	static int number;
	char name[16];

	snprintf(name, sizeof(name), "t%d", ++number);
	if (chdir(kit_directory) != 0 || mkdir(name, 0755) != 0 || chdir(name) != 0)
		exit(1);
}

UNUSED static void
add(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_APPEND | O_CREAT, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		exit(1);
	close(fd);
}

UNUSED static void
copy(const char *from, const char *to)
{
	char bytes[65536];
	FILE *file = fopen(from, "r");
	size_t len = fread(bytes, 1, sizeof(bytes), file);

	fclose(file);
	kit_write(to, (struct str){bytes, len});
}

UNUSED static void
cut(off_t size)
{
	if (truncate(NAME, size) != 0)
		exit(1);
}

/* NAME becomes NAME.gz, with the time that it had. */
UNUSED static void
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

#endif
