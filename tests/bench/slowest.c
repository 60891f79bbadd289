/* SPDX-License-Identifier: Apache-2.0
 *
 * slowest: what reading a line costs at worst. Lines come on stdin (made to be slow by
 * tests/corpus/inject.py --long); each is read several times and the quickest counts,
 * in CPU time of the thread. Prints the COUNT dearest lines, one for each program:
 * microseconds, bytes, how many times the cost of an eighth of it with its end kept,
 * the line's head.
 *
 *   slowest [COUNT]
 *
 * A line whose cost grows with its length squared is 64 times as dear as its eighth.
 * Exit status 3 when one is more than 24 times as dear and worth speaking of: that
 * does not depend on how busy the machine is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "parse/parse.h"

#define TIMES 5
#define AGAIN 4
#define PROGRAMS 64
#define HEAD 240
#define END 200
/* Below that the clock's own steps show. */
#define WORTH_USEC 150
#define TOO_STEEP 24

struct worst {
	double usec, steep;
	size_t len;
	char program[32], head[HEAD + 1];
};

static double
now_usec(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

/* The cheapest of TIMES readings of LINE. */
static double
cost(struct parse *parse, char *line, size_t len)
{
	double best = 0;

	memset(line + len, ']', PARSE_PADDING);
	for (unsigned i = 0; i < TIMES; i++) {
		struct stamp stamp;
		struct event ev;
		double start = now_usec(), taken;

		parse_line(parse, (struct str){line, len}, &ev, &stamp);
		taken = now_usec() - start;
		best = i == 0 || taken < best ? taken : best;
	}
	return best;
}

/* The cost of an eighth of LINE: its beginning and its end. */
static double
cost_of_eighth(struct parse *parse, const char *line, size_t len)
{
	static char room[EVENT_LINE_MAX / 8 + 1 + PARSE_PADDING];
	size_t end = len / 8 < END ? len / 8 : END, head = len / 8 - end;

	memcpy(room, line, head);
	memcpy(room + head, line + len - end, end);
	return cost(parse, room, head + end);
}

/* PROGRAM's place in WORST, or NULL if there is no more. */
static struct worst *
place_of(struct worst *worst, struct str program)
{
	for (unsigned i = 0; i < PROGRAMS; i++) {
		if (!worst[i].program[0])
			memcpy(worst[i].program, program.p,
			    program.len < 31 ? program.len : 31);
		if (str_eq(str_of(worst[i].program), str_head(program, 31)))
			return &worst[i];
	}
	return NULL;
}

static void
look(struct parse *parse, struct worst *worst, char *line, size_t len)
{
	struct worst *place;
	struct stamp stamp;
	struct event ev;
	double usec = cost(parse, line, len), steep = 0;

	parse_line(parse, (struct str){line, len}, &ev, &stamp);
	place = place_of(worst, event_knows(&ev, FIELD_program) ?
	    event_word(&ev, ev.program) : STR("none"));
	/* Who is steep is asked again: a processor that others use may be slow for a while. */
	for (unsigned i = 0; i < AGAIN && usec > WORTH_USEC; i++) {
		double eighth = cost_of_eighth(parse, line, len);

		usec = i ? cost(parse, line, len) : usec;
		steep = usec / (eighth > 1 ? eighth : 1);
		if (steep <= TOO_STEEP)
			break;
	}
	if (usec <= WORTH_USEC)
		steep = 0;
	if (!place || (usec <= place->usec && steep <= place->steep))
		return;
	place->steep = steep > place->steep ? steep : place->steep;
	if (usec <= place->usec)
		return;
	place->usec = usec;
	place->len = len;
	for (size_t i = 0; i < HEAD; i++)
		place->head[i] = i < len && line[i] >= ' ' && line[i] <= '~' ? line[i] : '.';
}

static int
dearer(const void *a, const void *b)
{
	const struct worst *one = a, *other = b;

	return (one->usec < other->usec) - (one->usec > other->usec);
}

int
main(int argc, char **argv)
{
	static struct worst worst[PROGRAMS];
	unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 5;
	size_t room = EVENT_LINE_MAX + 2 * PARSE_PADDING;
	struct parse *parse = parse_new();
	char *line = xmalloc(room);
	bool steep = false;

	while (fgets(line, (int)(room - PARSE_PADDING), stdin))
		look(parse, worst, line, strcspn(line, "\n"));
	qsort(worst, PROGRAMS, sizeof(*worst), dearer);
	for (unsigned i = 0; i < PROGRAMS; i++) {
		steep |= worst[i].steep > TOO_STEEP;
		if (worst[i].program[0] && (i < count || worst[i].steep > TOO_STEEP))
			printf("%.0f %zu %.1f %s\n", worst[i].usec, worst[i].len,
			    worst[i].steep, worst[i].head);
	}
	free(line);
	parse_free(parse);
	return steep ? 3 : 0;
}
