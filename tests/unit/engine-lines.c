/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines around holes of NULs: none is lost, wherever a log is cut into pieces, each has its
 * number, and what was left out is told.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "engine/lines.h"
#include "tap.h"

static char name[] = "/tmp/engine-lines-XXXXXX";

/* 'N' in SHAPE is so many NULs, each letter a line of it, '<' one torn, '.' one NUL. */
static void
make_log(const char *shape, size_t nuls, struct buf *ret)
{
	FILE *file = fopen(name, "w");

	buf_clear(ret);
	for (const char *c = shape; *c; c++) {
		if (*c == 'N')
			for (size_t i = 0; i < nuls; i++)
				buf_char(ret, '\0');
		else if (*c == '.')
			buf_char(ret, '\0');
		else
			buf_printf(ret, "%c%c%c%s", *c, *c, *c, *c == '<' ? "" : "\n");
	}
	if (!file || fwrite(ret->p, 1, ret->len, file) != ret->len || fclose(file) != 0)
		exit(1);
}

/* Each line's text, place, and number if asked for. */
static void
tell_lines(struct lines *lines, bool numbers, struct buf *out)
{
	struct line line;

	while (lines_next(lines, &line)) {
		buf_str(out, line.text);
		buf_printf(out, " %llu", (unsigned long long)line.offset);
		if (numbers)
			buf_printf(out, " %lld", (long long)line.lineno);
		buf_char(out, '\n');
	}
}

static void
tell_hole(const struct hole *hole, struct buf *out)
{
	buf_printf(out, "%llu NULs in %u", (unsigned long long)hole->bytes, hole->count);
}

/* What is read of the log cut at CUT: the lines, and with their numbers the holes. */
static void
read_log(const struct input_file *file, uint64_t cut, bool numbers, struct buf *out)
{
	struct segment segments[] = {{file, 0, 0, cut}, {file, 0, cut, UINT64_MAX}};

	buf_clear(out);
	for (size_t i = 0; i < 2; i++) {
		struct lines lines;

		lines_init(&lines, &segments[i], 1, NULL, NULL);
		tell_lines(&lines, numbers, out);
		for (size_t h = 0; numbers && h < lines.hole_count; h++) {
			tell_hole(&lines.holes[h], out);
			buf_printf(out, " before %lld\n", (long long)lines.holes[h].lineno);
		}
		lines_done(&lines);
	}
}

/* The same when what is behind CUT is read on from there; holes without line numbers. */
static void
read_on(const struct input_file *file, uint64_t cut, struct buf *out)
{
	struct segment segments[] = {{file, 0, 0, cut}, {file, 0, cut, UINT64_MAX}};
	struct lines lines;

	buf_clear(out);
	lines_init(&lines, segments, 1, NULL, NULL);
	tell_lines(&lines, true, out);
	if (cut != UINT64_MAX) {
		lines.segment_count = 2;
		tell_lines(&lines, true, out);
	}
	for (size_t h = 0; h < lines.hole_count; h++)
		tell_hole(&lines.holes[h], out);
	lines_done(&lines);
}

/* Read as a whole the log is WANT; and so are its parts, wherever it is cut. */
static void
check(const char *shape, size_t nuls, const char *want)
{
	static struct buf text = BUF_INIT(BUF_UNLIMITED), got = BUF_INIT(BUF_UNLIMITED),
	    whole = BUF_INIT(BUF_UNLIMITED), whole_on = BUF_INIT(BUF_UNLIMITED);
	const char *names[] = {name};
	struct input_settings settings = {.names = names, .count = 1, .since = INT64_MIN};
	struct input_set *set;
	const struct input_file *file;
	struct err err;
	size_t step, wrong = 0, wrong_on = 0;

	make_log(shape, nuls, &text);
	if (input_open(&settings, &set, &err) < 0)
		exit(1);
	file = &set->streams[0].files[0];
	read_log(file, UINT64_MAX, true, &got);
	is_text(got.p, got.len, want, shape);
	read_log(file, UINT64_MAX, false, &whole);
	read_on(file, UINT64_MAX, &whole_on);
	step = text.len < 5000 ? 1 : text.len / 211;
	for (uint64_t cut = 1; cut < text.len; cut += step) {
		read_log(file, cut, false, &got);
		if (!str_eq(buf_view(&got), buf_view(&whole)) && wrong++ == 0)
			printf("# cut at %llu: %.*s\n", (unsigned long long)cut,
			    STR_ARG(buf_view(&got)));
		read_on(file, cut, &got);
		if (!str_eq(buf_view(&got), buf_view(&whole_on)) && wrong_on++ == 0)
			printf("# read on at %llu: %.*s\n", (unsigned long long)cut,
			    STR_ARG(buf_view(&got)));
	}
	ok(wrong == 0, "%s with %zu, cut anywhere", shape, nuls);
	ok(wrong_on == 0, "%s with %zu, read on from anywhere", shape, nuls);
	input_close(set);
}

/* A part in which no line begins is read no further than to its end. */
static void
test_part_of_hole(void)
{
	static struct buf text = BUF_INIT(BUF_UNLIMITED);
	const char *names[] = {name};
	struct input_settings settings = {.names = names, .count = 1, .since = INT64_MIN};
	_Atomic uint64_t done = 0;
	struct input_set *set;
	struct segment part;
	struct lines lines;
	struct line line;
	struct err err;

	make_log("aNb", 4 << 20, &text);
	if (input_open(&settings, &set, &err) < 0)
		exit(1);
	part = (struct segment){&set->streams[0].files[0], 0, 1 << 20, 2 << 20};
	lines_init(&lines, &part, 1, NULL, NULL);
	lines.done = &done;
	ok(!lines_next(&lines, &line), "no line begins in a hole");
	ok(done < 3 << 19, "and what is behind it is not read: %llu",
	    (unsigned long long)done);
	lines_done(&lines);
	input_close(set);
}

int
main(void)
{
	int fd = mkstemp(name);

	if (fd < 0)
		return 1;
	close(fd);
	check("ab", 0, "aaa 0 1\nbbb 4 2\n");
	check("abNc", 512, "aaa 0 1\nbbb 4 2\nccc 520 3\n512 NULs in 1 before 3\n");
	check("a<Nbc", 600,
	    "aaa 0 1\n<<< 4 2\nbbb 607 2\nccc 611 3\n600 NULs in 1 before 2\n");
	check("NabN", 1000, "aaa 1000 1\nbbb 1004 2\n2000 NULs in 2 before 1\n");
	check("a<N", 1000, "aaa 0 1\n<<< 4 2\n1000 NULs in 1 before 2\n");
	check("abNcd", 3 << 20, "aaa 0 1\nbbb 4 2\nccc 3145736 3\nddd 3145740 4\n"
	    "3145728 NULs in 1 before 3\n");
	check("a<NbNc<Nd", 300000,
	    "aaa 0 1\n<<< 4 2\nbbb 300007 2\nccc 600011 3\n<<< 600015 4\n"
	    "ddd 900018 4\n900000 NULs in 3 before 2\n");
	check("a<Nb", 262138, "aaa 0 1\n<<< 4 2\nbbb 262145 2\n262138 NULs in 1 before 2\n");
	test_part_of_hole();
	unlink(name);
	return tap_done();
}
