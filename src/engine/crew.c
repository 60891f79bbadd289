/* SPDX-License-Identifier: Apache-2.0
 *
 * crew: threads that work on the pieces of one stream. Whoever is free takes the
 * next piece; finished ones are joined in order.
 *
 * What a piece's lines mean can depend on the pieces before only through the clock
 * (the year, the pass of the doubled hour) and through lines that go on with the last
 * ones before (none, nearly always). A piece begins with a guess; when it is joined the
 * guess is checked against the truth, and a piece that guessed wrong is done again.
 *
 * A thread alone has nothing to join: it reads all pieces as if there was one. That comes to
 * the same until a table reaches its cap, for what is dropped then depends on what the piece
 * has of its own. So when that happens, it begins again, with pieces apart.
 *
 * Where time steps back, what is over may matter again, and no piece can tell what it lacks.
 * Then what is left is read in one thread, as one with what was joined.
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/run.h"

struct crew {
	struct run *run;
	struct pieces pieces;
	size_t next;                /* piece to be taken */
	size_t joined;              /* pieces in `whole` */
	struct pipeline *whole;
	bool joining;               /* somebody is at it */
	bool stepped;               /* time steps back: a piece does not go on with `whole` */
	bool spoilt;                /* which has given that piece something */
	unsigned jobs;
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

static void
release(void *context)
{
	pipeline_flush(context);
}

/* The lines of PIECE go through PIPELINE. */
static void
read_piece(struct crew *crew, struct piece *piece, struct pipeline *pipeline)
{
	lines_init(&piece->lines, piece->segments, piece->segment_count, release, pipeline);
	piece->lines.done = &crew->run->done_bytes;
	while (pipeline_read(pipeline, &piece->lines))
		run_progress(crew->run);
	pipeline_flush(pipeline);
}

/* Works on PIECE with the clock it has, behind BEFORE, if that is known. */
static void
do_piece(struct crew *crew, struct piece *piece, struct pipeline *before)
{
	bool first = piece == crew->pieces.list;

	piece->fragment = pipeline_new(&crew->run->shared, first, &piece->clock);
	if (before)
		carry_give(before, piece->fragment);
	read_piece(crew, piece, piece->fragment);
	pipeline_cap(piece->fragment);
}

static bool
same_clock(const struct clock *a, const struct clock *b)
{
	return a->last_local == b->last_local && a->last_yearless == b->last_yearless &&
	    a->last_zoneless == b->last_zoneless &&
	    a->before_new_year == b->before_new_year &&
	    a->behind_new_year == b->behind_new_year && a->year == b->year &&
	    a->second_pass == b->second_pass && a->pass_known == b->pass_known;
}

/*
 * Would PIECE's first line that lacks a zone or a year have been read as it was, after CLOCK?
 */
static bool
guess_was_right(const struct piece *piece, const struct clock *clock)
{
	struct clock after = *clock;
	bool inferred;

	if (!piece->fragment->has_first_stamp)
		return true;
	clock_resolve(&after, &piece->fragment->first_stamp, &inferred);
	return same_clock(&after, &piece->fragment->first_clock);
}

/* What CLOCK is after PIECE, counted on from BEFORE. */
static struct clock
clock_after(const struct piece *piece, const struct clock *before)
{
	struct clock after = piece->fragment->clock, first = *before;
	bool inferred;
	int more;

	if (!piece->fragment->has_first_stamp)
		return *before;
	clock_resolve(&first, &piece->fragment->first_stamp, &inferred);
	more = first.rollovers - piece->fragment->first_clock.rollovers;
	after.rollovers += more;
	after.leap_day = after.leap_day ? after.leap_day + more : first.leap_day;
	after.first_year = first.first_year;
	return after;
}

/* Adds PIECE to the whole, if it can be; alone at it, without the lock. */
static bool
join_piece(struct crew *crew, struct piece *piece)
{
	const struct clock *before = crew->whole ? &crew->whole->clock : &piece->clock;
	struct clock after;

	crew->spoilt = false;
	if (crew->whole &&
	    (carry_matters(crew->whole, piece->fragment) || !guess_was_right(piece, before))) {
		pipeline_free(piece->fragment);
		lines_done(&piece->lines);
		piece->clock = *before;
		do_piece(crew, piece, crew->whole);
		crew->spoilt = true;
	}
	if (crew->whole && !track_continues(crew->whole->track, piece->fragment->track))
		return false;
	after = clock_after(piece, before);
	if (crew->whole)
		pipeline_join(crew->whole, piece->fragment, crew->jobs);
	else
		crew->whole = piece->fragment;
	crew->whole->clock = after;
	piece->fragment = NULL;
	return true;
}

/* Joins what is ready, in order. Called and returns with the lock held. */
static void
join_ready(struct crew *crew)
{
	if (crew->joining)
		return;
	crew->joining = true;
	while (!crew->stepped && crew->joined < crew->pieces.count &&
	    crew->pieces.list[crew->joined].done) {
		struct piece *piece = &crew->pieces.list[crew->joined];
		bool joined;

		pthread_mutex_unlock(&crew->lock);
		joined = join_piece(crew, piece);
		pthread_mutex_lock(&crew->lock);
		crew->joined += joined;
		crew->stepped = !joined;
		pthread_cond_broadcast(&crew->changed);
	}
	crew->joining = false;
}

/* PIECE goes on in the whole, whose clock is the true one, as if it was one with it. */
static void
go_on(struct crew *crew, struct piece *piece)
{
	read_piece(crew, piece, crew->whole);
	fold_derived(crew->whole);
	piece->done = true;
	crew->joined++;
}

/* Pieces from number FROM on are not done. */
static void
undo_pieces(struct crew *crew, size_t from)
{
	for (size_t p = from; p < crew->pieces.count; p++) {
		struct piece *piece = &crew->pieces.list[p];

		if (piece->done)
			lines_done(&piece->lines);
		pipeline_free(piece->fragment);
		piece->fragment = NULL;
		piece->done = false;
	}
	crew->joined = from;
	crew->stepped = false;
}

static void
begin_again(struct crew *crew)
{
	undo_pieces(crew, 0);
	pipeline_free(crew->whole);
	crew->whole = NULL;
	crew->run->done_bytes = 0;
}

/*
 * The first COUNT pieces, in one thread. With room for as much again as the tables hold, a
 * piece hardly ever reaches a cap.
 */
static void
work_alone(struct crew *crew, size_t count)
{
	bool apart = false;

	while (crew->joined < count && !crew->stepped) {
		struct piece *piece = &crew->pieces.list[crew->joined];

		if (!crew->whole || apart || !pipeline_within(crew->whole, 2)) {
			do_piece(crew, piece, NULL);
			piece->done = true;
			crew->stepped = !join_piece(crew, piece);
			crew->joined += !crew->stepped;
			continue;
		}
		go_on(crew, piece);
		if (!pipeline_within(crew->whole, 1)) {
			begin_again(crew);
			apart = true;
		}
	}
}

/* What is left, which does not continue what was joined, as one with it. */
static void
work_uncut(struct crew *crew)
{
	size_t from = crew->joined;

	if (crew->spoilt) {
		begin_again(crew);
		work_alone(crew, from);
	}
	for (undo_pieces(crew, crew->joined); crew->joined < crew->pieces.count;) {
		go_on(crew, &crew->pieces.list[crew->joined]);
		pipeline_cap(crew->whole);
	}
}

/* Pieces done but not joined are bounded: nobody runs far ahead. */
static void *
work(void *context)
{
	struct crew *crew = context;

	pthread_mutex_lock(&crew->lock);
	while (crew->next < crew->pieces.count && !crew->stepped) {
		struct piece *piece;

		if (crew->next > crew->joined + crew->jobs) {
			pthread_cond_wait(&crew->changed, &crew->lock);
			continue;
		}
		piece = &crew->pieces.list[crew->next++];
		pthread_mutex_unlock(&crew->lock);
		do_piece(crew, piece, NULL);
		pthread_mutex_lock(&crew->lock);
		piece->done = true;
		join_ready(crew);
	}
	pthread_mutex_unlock(&crew->lock);
	return NULL;
}

/* Guesses the clock of each piece from the first stamps of all. */
static void
guess_clocks(struct crew *crew, int first_year, struct clock *ret_end)
{
	struct clock clock;
	struct stamp stamp;
	bool inferred;

	clock_init(&clock, first_year);
	for (size_t p = 0; p < crew->pieces.count; p++) {
		struct piece *piece = &crew->pieces.list[p];

		piece->clock = clock;
		for (size_t s = 0; s < piece->segment_count; s++)
			if (segment_first_stamp(&piece->segments[s], &stamp))
				clock_resolve(&clock, &stamp, &inferred);
		if (p + 1 == crew->pieces.count &&
		    segment_last_stamp(&piece->segments[piece->segment_count - 1], &stamp))
			clock_resolve(&clock, &stamp, &inferred);
	}
	*ret_end = clock;
}

static void
run_threads(struct crew *crew)
{
	size_t extra = crew->jobs < crew->pieces.count ? crew->jobs : crew->pieces.count;
	pthread_t *threads = xcalloc(extra, sizeof(*threads));
	size_t started = 0;

	while (started + 1 < extra && pthread_create(&threads[started], NULL, work, crew) == 0)
		started++;
	work(crew);
	for (size_t t = 0; t < started; t++)
		pthread_join(threads[t], NULL);
	pthread_mutex_lock(&crew->lock);
	join_ready(crew);
	pthread_mutex_unlock(&crew->lock);
	free(threads);
}

static unsigned
job_count(const struct run_settings *settings)
{
	long processors;

	if (settings->jobs)
		return settings->jobs;
	processors = sysconf(_SC_NPROCESSORS_ONLN);
	return processors > 0 ? (unsigned)processors : 1;
}

/* One go at PIECES, with FIRST_YEAR for the first undated line; 0: as guessed. */
static struct pipeline *
attempt(struct run *run, struct pieces *pieces, const struct input_stream *stream,
    int first_year)
{
	struct crew crew = {.run = run, .jobs = job_count(run->settings),
	    .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
	uint64_t chunk = run->settings->chunk_bytes;
	struct clock end;

	pieces_cut(&crew.pieces, stream, 0, chunk ? chunk : pieces_default_chunk(stream));
	guess_clocks(&crew, first_year, &end);
	if (first_year == 0)
		guess_clocks(&crew, run_first_year(run, stream, &end), &end);
	if (crew.jobs == 1)
		work_alone(&crew, crew.pieces.count);
	else
		run_threads(&crew);
	if (crew.stepped)
		work_uncut(&crew);
	*pieces = crew.pieces;
	return crew.whole;
}

struct pipeline *
crew_run(struct run *run, const struct input_stream *stream)
{
	struct pieces pieces;
	struct pipeline *whole = attempt(run, &pieces, stream, 0);
	int year = run_first_year(run, stream, &whole->clock);

	/* Only the last line tells how many New Years there were: begin again if the guess
	 * of the first line's year was wrong. */
	if (year && year != whole->clock.first_year) {
		pipeline_free(whole);
		pieces_free(&pieces);
		run->done_bytes = 0;
		whole = attempt(run, &pieces, stream, year);
	}
	for (size_t p = 0; p < pieces.count; p++)
		run_take_errors(run, &pieces.list[p].lines);
	pieces_free(&pieces);
	return whole;
}
