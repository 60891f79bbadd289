/* SPDX-License-Identifier: Apache-2.0
 *
 * track-made: made-up logs, seeded, and the test that one tracked in pieces derives what it
 * derives tracked whole, wherever it is cut.
 */
#ifndef TESTS_UNIT_TRACK_MADE_H
#define TESTS_UNIT_TRACK_MADE_H

#include "unit/track-log.h"

#define LINES_MAX 4096

/* All of it is before, in seconds. */
#define LOG_ENDS 200000

static uint64_t seed;
static struct track_limits made_limits = {131072, 65536, 32768, 262144};
static unsigned joins[2]; /* that did and did not go on with a piece */
static bool guesses; /* what is told of a Message-ID that many have does not count */

static inline unsigned
below(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((seed >> 33) % n);
}

struct made {
	char *lines[LINES_MAX];
	size_t count;
	unsigned ids; /* queue ids given out */
};

__attribute__((format(printf, 3, 4))) static inline void
say(struct made *log, unsigned time, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (log->count < LINES_MAX && vasprintf(&text, format, args) >= 0) {
		log->lines[log->count++] = xasprintf("%06u %s", time, text);
		free(text);
	}
	va_end(args);
}

static inline int
by_time(const void *a, const void *b)
{
	return memcmp(*(const char *const *)a, *(const char *const *)b, 6);
}

static inline void
free_log(struct made *log)
{
	for (size_t i = 0; i < log->count; i++)
		free(log->lines[i]);
}

/* SECONDS more, from line AT on: the order stays. */
static inline void
shift(struct made *log, size_t at, int seconds)
{
	for (; at < log->count; at++) {
		char *line = log->lines[at];
		char digits[8];

		snprintf(digits, sizeof(digits), "%06d",
		    (int)strtol(line, NULL, 10) + seconds);
		memcpy(line, digits, 6);
	}
}

/* Lines that were written down late, by seconds; clocks that were set, by much more. */
static inline void
disorder(struct made *log)
{
	for (size_t i = 0; i + 1 < log->count; i++)
		if (below(3) == 0) {
			int late = (int)below(TRACK_LATE / USEC_PER_SEC);

			shift(log, i, late);
			shift(log, i + 1, -late);
		}
}

static inline void
set_clocks(struct made *log)
{
	shift(log, 0, 50000);
	for (unsigned n = 1 + below(3); n; n--)
		shift(log, below((unsigned)log->count), (int)below(8000) - 5000);
}

/* NEXT continues INTO; false if it does not, and is gone. */
static inline bool
join(struct log_piece *into, struct log_piece *next)
{
	if (track_continues(into->track, next->track)) {
		log_join(into, next);
		return true;
	}
	free(log_end(next, 0));
	return false;
}

/*
 * Tracked in the pieces that CUTS part; the later ones joined first if LAST_FIRST. Where one
 * does not continue those before, its lines are told to these instead; but NULL if
 * LAST_FIRST: pieces do not do.
 */
static inline char *
in_pieces(const struct made *log, const size_t *cuts, size_t count, bool last_first,
    bool *ret_had_room)
{
	const char *const *lines = (const char *const *)log->lines;
	struct log_piece pieces[4];
	size_t begins[5] = {0};
	bool joined = true;
	char *text;

	for (size_t i = 0; i <= count; i++) {
		begins[i + 1] = i < count ? cuts[i] : log->count;
		log_begin(&pieces[i], &made_limits, i == 0);
		log_feed(&pieces[i], lines + begins[i], begins[i + 1] - begins[i]);
	}
	for (size_t i = count; last_first && i > 0; i--)
		joined &= join(&pieces[i - 1], &pieces[i]);
	for (size_t i = 1; !last_first && i <= count; i++) {
		if (join(&pieces[0], &pieces[i]))
			continue;
		joins[1]++;
		log_feed(&pieces[0], lines + begins[i], begins[i + 1] - begins[i]);
	}
	*ret_had_room = track_had_room(pieces[0].track);
	text = log_end(&pieces[0], LOG_ENDS);
	if (joined)
		return text;
	free(text);
	return NULL;
}

/* What TEXT has and OTHER has not, as comments. */
static inline void
show_difference(const char *text, const char *other, char sign)
{
	for (const char *p = text; *p; p = strchr(p, '\n') + 1) {
		size_t len = (size_t)(strchr(p, '\n') - p);
		char *line = xstrndup(p, len + 1);

		if (!strstr(other, line))
			printf("# %c %s", sign, line);
		free(line);
	}
}

/* Leaves out of TEXT what is told of messages with a Message-ID that many have. */
static inline void
drop_shared(char *text)
{
	char *to = text;

	for (char *p = text, *end; *p; p = end) {
		end = strchr(p, '\n') + 1;
		if (memmem(p, (size_t)(end - p), "msgid=<m10", 10))
			continue;
		memmove(to, p, (size_t)(end - p));
		to += end - p;
	}
	*to = '\0';
}

/* What a log comes to as a whole, and whether there was room for all. */
struct uncut {
	char *text;
	bool had_room;
};

/* Where there was no room, that must be known wherever it is cut: it is all that is. */
static inline bool
same_in_pieces(const struct made *log, const struct uncut *whole, const size_t *cuts,
    size_t count, bool last_first)
{
	bool had_room, same;
	char *got = in_pieces(log, cuts, count, last_first, &had_room);

	if (got && guesses)
		drop_shared(got);
	same = !got || (last_first && !whole->had_room) || (had_room == whole->had_room &&
	    (!had_room || strcmp(got, whole->text) == 0));
	joins[got == NULL]++;
	if (!same) {
		printf("# cut at %zu, %zu of %zu%s%s\n", cuts[0], count > 1 ? cuts[1] : 0,
		    log->count, last_first ? ", the last joined first" : "",
		    had_room == whole->had_room ? "" : ", had room only so or uncut");
		show_difference(whole->text, got, '-');
		show_difference(got, whole->text, '+');
	}
	free(got);
	return same;
}

static inline void
cut_everywhere(struct made *log, const char *name)
{
	struct log_piece all;
	struct uncut whole;
	bool same = true;

	log_begin(&all, &made_limits, true);
	log_feed(&all, (const char *const *)log->lines, log->count);
	whole.had_room = track_had_room(all.track);
	whole.text = log_end(&all, LOG_ENDS);
	if (guesses)
		drop_shared(whole.text);
	for (size_t at = 0; at <= log->count && same; at++)
		same = same_in_pieces(log, &whole, &at, 1, false);
	for (size_t n = 0; n < log->count / 2 && same; n++) {
		size_t a = below((unsigned)log->count), b = below((unsigned)log->count);
		size_t cuts[2] = {a < b ? a : b, a < b ? b : a};

		same = same_in_pieces(log, &whole, cuts, 2, false) &&
		    same_in_pieces(log, &whole, cuts, 2, true);
	}
	ok(same, "%s of %zu events, cut anywhere%s", name, log->count,
	    whole.had_room ? "" : ", without room");
	free(whole.text);
	free_log(log);
}

#endif
