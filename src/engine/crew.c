/* SPDX-License-Identifier: Apache-2.0
 *
 * crew: threads that work on the pieces of one stream. Whoever is free begins in the middle
 * of the largest part that nobody has taken, and goes on piece by piece until it meets what
 * another has; such fragments are joined in order. So there are few of them to join, and all
 * threads end within two pieces of each other, however fast each of them is.
 *
 * What a piece's lines mean can depend on the pieces before only through the clock
 * (the year, the pass of the doubled hour) and through lines that go on with the last
 * ones before (none, nearly always). A piece begins with a guess; when it is joined the
 * guess is checked against the truth, and a piece that guessed wrong is done again.
 *
 * To go on comes to the same as to join, until a table reaches its cap: what is dropped
 * then depends on what a fragment has of its own, which is to be the same for any number of
 * threads. So beyond half of the caps each piece is a fragment, and if a cap is reached
 * before, all begins again that way. A thread alone has nothing to join: it goes on from
 * piece to piece.
 *
 * Where a fragment does not go on with those before (its guess was wrong, time steps back),
 * its pieces are read again, as one with the whole: nothing depends on whose they were.
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/team.h"
#include "engine/fragment.h"

struct crew {
	struct run *run;
	struct pieces pieces;
	size_t joined;              /* pieces in `whole` */
	size_t waiting;             /* fragments that are done, but not joined */
	struct pipeline *whole;
	bool joining;               /* somebody is at it */
	bool apart;                 /* each piece is a fragment */
	bool apart_all;             /* and was from the beginning */
	bool again;                 /* as should have been from the beginning */
	struct piece *open;         /* of one thread: what `whole` reads begins with it */
	unsigned jobs;
	struct team *team;          /* called whenever there may be a piece to take */
	pthread_mutex_t lock;
};

/* Would a fragment of several pieces, added to WHOLE, be what these are one by one? */
static bool
may_join(const struct pipeline *whole, const struct piece *first)
{
	return first->span == 1 || (first->fits && (!whole || pipeline_within(whole, 2)));
}

/* Does the fragment of FIRST go on with WHOLE? */
static bool
continues(const struct pipeline *whole, const struct piece *first)
{
	return !carry_matters(whole, first->fragment) &&
	    fragment_guess_was_right(first, &whole->clock) &&
	    track_continues(whole->track, first->fragment->track);
}

/* Adds the fragment of FIRST to the whole; alone at it, without the lock. */
static void
join_fragment(struct crew *crew, struct piece *first)
{
	struct pipeline *whole = crew->whole;
	struct clock after;

	if (!whole) {
		crew->whole = first->fragment;
		crew->whole->clock = fragment_clock_after(first, &first->clock);
	} else if (pipeline_flush(whole), continues(whole, first)) {
		after = fragment_clock_after(first, &whole->clock);
		pipeline_free(crew->run->spent);
		crew->run->spent = first->fragment;
		pipeline_join(whole, first->fragment, crew->team);
		whole->clock = after;
	} else {
		fragment_read_again(crew->run, first, whole);
		pipeline_cap(whole);
	}
	first->fragment = NULL;
}

/*
 * Did what SPAN pieces, now in the whole, came to depend on where they were cut? Who had to go
 * for want of room depends on all the cuts before, too.
 */
static bool
depends_on_cuts(const struct crew *crew, size_t span)
{
	return !crew->apart_all && (!track_had_room(crew->whole->track) ||
	    (span > 1 && !pipeline_within(crew->whole, 1)));
}

/* From now on each piece is a fragment. */
static void
go_apart(struct crew *crew)
{
	crew->apart = true;
	for (size_t p = 0; p < crew->pieces.count; p++)
		crew->pieces.list[p].open = false;
}

/* Joins what is ready, in order. Called and returns with the lock held. */
static void
join_ready(struct crew *crew)
{
	if (crew->joining)
		return;
	crew->joining = true;
	while (!crew->again && crew->joined < crew->pieces.count &&
	    crew->pieces.list[crew->joined].done) {
		struct piece *first = &crew->pieces.list[crew->joined];

		crew->waiting--;
		if (!may_join(crew->whole, first)) {
			fragment_undo(first);
			go_apart(crew);
			team_call(crew->team);
			break;
		}
		pthread_mutex_unlock(&crew->lock);
		join_fragment(crew, first);
		pthread_mutex_lock(&crew->lock);
		crew->joined += first->span;
		crew->again = depends_on_cuts(crew, first->span);
		team_call(crew->team);
	}
	crew->joining = false;
}

static void
begin_fragment(struct crew *crew, struct piece *piece)
{
	fragment_begin(crew->run, piece, piece == crew->pieces.list);
}

/* PIECE goes on in the whole, whose clock is the true one, as if it was one with it. */
static void
go_on(struct crew *crew, struct piece *piece)
{
	if (crew->open && crew->open + crew->open->span == piece) {
		fragment_read_on(crew->run, crew->open, crew->whole);
	} else {
		fragment_read(crew->run, piece, crew->whole);
		crew->open = piece;
	}
	crew->joined++;
	/* Nothing of it is on its way any more. */
	pipeline_flush(crew->whole);
	track_settle(crew->whole->track, &crew->whole->out);
	fold_derived(crew->whole);
}

static void
begin_again(struct crew *crew)
{
	for (size_t p = 0; p < crew->pieces.count; p++)
		fragment_undo(&crew->pieces.list[p]);
	pipeline_free(crew->whole);
	crew->whole = NULL;
	crew->open = NULL;
	crew->joined = crew->waiting = 0;
	crew->apart = crew->apart_all = true;
	crew->again = false;
	crew->run->done_bytes = 0;
}

static void
join_alone(struct crew *crew, struct piece *piece)
{
	begin_fragment(crew, piece);
	fragment_end(piece);
	piece->done = true;
	join_fragment(crew, piece);
	crew->joined++;
}

/*
 * In one thread. With room for as much again as the tables hold, a piece hardly ever reaches
 * a cap.
 */
static void
work_alone(struct crew *crew)
{
	while (crew->joined < crew->pieces.count) {
		struct piece *piece = &crew->pieces.list[crew->joined];

		bool goes_on = crew->whole && !crew->apart && pipeline_within(crew->whole, 2);

		if (goes_on)
			go_on(crew, piece);
		else
			join_alone(crew, piece);
		if (depends_on_cuts(crew, goes_on ? 2 : 1))
			begin_again(crew);
	}
}

/*
 * Takes the piece to begin a fragment with; NULL: there is none now. What is done but not
 * joined is bounded: then nobody runs far ahead. With the lock held.
 */
static struct piece *
take_first(struct crew *crew)
{
	bool nearest = crew->apart || crew->waiting >= crew->jobs;
	struct piece *piece;
	size_t p;

	if (crew->again)
		return NULL;
	p = pieces_free_one(&crew->pieces, nearest);
	if (p == crew->pieces.count || (crew->apart && p > crew->joined + crew->jobs))
		return NULL;
	piece = &crew->pieces.list[p];
	piece->taken = true;
	piece->open = !crew->apart;
	return piece;
}

/* Takes the piece behind the fragment of FIRST, if that may go on with it. */
static bool
take_next(struct crew *crew, struct piece *first)
{
	const struct piece *end = crew->pieces.list + crew->pieces.count;
	bool room = pipeline_within(first->fragment, 4), goes_on;
	struct piece *next = first + first->span;

	pthread_mutex_lock(&crew->lock);
	goes_on = room && !crew->apart && !crew->again && next < end && !next->taken;
	next[-1].open = false;
	if (goes_on)
		next->taken = next->open = true;
	pthread_mutex_unlock(&crew->lock);
	return goes_on;
}

/* Reads the fragment that begins with FIRST, and joins what is ready. Without the lock. */
static void
read_fragment(struct crew *crew, struct piece *first)
{
	begin_fragment(crew, first);
	while (take_next(crew, first))
		fragment_read_on(crew->run, first, first->fragment);
	fragment_end(first);
	pthread_mutex_lock(&crew->lock);
	first->done = true;
	crew->waiting++;
	join_ready(crew);
	pthread_mutex_unlock(&crew->lock);
}

/* Until all pieces are joined, or need not be: also who has none may have to help. */
static enum team_turn
work(void *context)
{
	struct crew *crew = context;
	struct piece *first;
	bool over;

	pthread_mutex_lock(&crew->lock);
	first = take_first(crew);
	over = !first && (crew->again || crew->joined == crew->pieces.count);
	pthread_mutex_unlock(&crew->lock);
	if (first)
		read_fragment(crew, first);
	return over ? TEAM_OVER : first ? TEAM_WORKED : TEAM_NOTHING;
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

/* Joining a small fragment takes as long as reading a piece or two of 4 MiB. */
#define PIECES_EACH 4u

/* So many get enough of the pieces each beside the caller, but one is always worth a try. */
static unsigned
useful_helpers(const struct crew *crew)
{
	size_t most = crew->pieces.count / PIECES_EACH;

	if (most < 2)
		most = crew->pieces.count < 2 ? 1 : 2;
	return (crew->jobs < most ? crew->jobs : (unsigned)most) - 1;
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
	    .apart = run->settings->apart, .apart_all = run->settings->apart,
	    .lock = PTHREAD_MUTEX_INITIALIZER};
	uint64_t chunk = run->settings->chunk_bytes;
	struct clock end;

	pieces_cut(&crew.pieces, stream, 0, chunk ? chunk : pieces_default_chunk(stream));
	/* It may take a while until they come. */
	if (crew.jobs > 1 && !run->team)
		run->team = team_new(useful_helpers(&crew));
	crew.team = run->team;
	guess_clocks(&crew, first_year, &end);
	if (first_year == 0)
		guess_clocks(&crew, run_first_year(run, stream, &end), &end);
	if (crew.jobs == 1)
		work_alone(&crew);
	else
		team_share(crew.team, work, &crew);
	if (crew.again) {
		begin_again(&crew);
		team_share(crew.team, work, &crew);
	}
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
		if (pieces.list[p].span)
			run_take_errors(run, &pieces.list[p].lines);
	pieces_free(&pieces);
	return whole;
}
