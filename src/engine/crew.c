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
 * Where time steps back, what is over may matter again, and no piece can tell what it lacks.
 * Then what is left is read in one thread, as one with what was joined.
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
	bool stepped;               /* time steps back: a piece does not go on with `whole` */
	bool apart;                 /* each piece is a fragment */
	bool again;                 /* as should have been from the beginning */
	struct piece *open;         /* of one thread: what `whole` reads begins with it */
	bool spoilt;                /* of whoever joins: `whole` gave a piece something that
				     * steps back */
	bool begun;                 /* pieces may be taken */
	unsigned jobs;
	pthread_t *threads;
	size_t started;
	struct team *team;          /* called whenever there may be a piece to take */
	pthread_mutex_t lock;
};

static bool
halted(const struct crew *crew)
{
	return crew->stepped || crew->again;
}

/* Would a fragment of several pieces, added to WHOLE, be what these are one by one? */
static bool
may_join(const struct pipeline *whole, const struct piece *first)
{
	return first->span == 1 || (first->fits && (!whole || pipeline_within(whole, 2)));
}

/*
 * Adds the fragment of FIRST to the whole, if it can be; alone at it, without the lock.
 * False: time steps back.
 */
static bool
join_fragment(struct crew *crew, struct piece *first)
{
	const struct clock *before = crew->whole ? &crew->whole->clock : &first->clock;
	struct clock after;

	crew->spoilt = false;
	if (crew->whole)
		pipeline_flush(crew->whole);
	if (crew->whole && (carry_matters(crew->whole, first->fragment) ||
	    !fragment_guess_was_right(first, before))) {
		fragment_redo(crew->run, first, crew->whole);
		crew->spoilt = true;
	}
	if (crew->whole && !track_continues(crew->whole->track, first->fragment->track))
		return false;
	after = fragment_clock_after(first, before);
	if (crew->whole)
		pipeline_join(crew->whole, first->fragment, crew->team);
	else
		crew->whole = first->fragment;
	crew->whole->clock = after;
	first->fragment = NULL;
	return true;
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
	while (!halted(crew) && crew->joined < crew->pieces.count &&
	    crew->pieces.list[crew->joined].done) {
		struct piece *first = &crew->pieces.list[crew->joined];
		bool joined;

		crew->waiting--;
		if (!may_join(crew->whole, first)) {
			fragment_undo(first);
			go_apart(crew);
			team_call(crew->team);
			break;
		}
		pthread_mutex_unlock(&crew->lock);
		joined = join_fragment(crew, first);
		pthread_mutex_lock(&crew->lock);
		crew->joined += joined ? first->span : 0;
		crew->stepped = !joined;
		crew->again = joined && first->span > 1 &&
		    (!first->fits || !pipeline_within(crew->whole, 1));
		team_call(crew->team);
	}
	crew->joining = false;
}

static void
begin_fragment(struct crew *crew, struct piece *piece)
{
	fragment_begin(crew->run, piece, piece == crew->pieces.list, NULL);
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
}

/* Pieces from number FROM on are not done. */
static void
undo_pieces(struct crew *crew, size_t from)
{
	for (size_t p = from; p < crew->pieces.count; p++)
		fragment_undo(&crew->pieces.list[p]);
	crew->joined = from;
	crew->open = NULL;
	crew->waiting = 0;
	crew->stepped = crew->again = false;
}

static void
begin_again(struct crew *crew)
{
	undo_pieces(crew, 0);
	pipeline_free(crew->whole);
	crew->whole = NULL;
	crew->spoilt = false;
	crew->run->done_bytes = 0;
}

/* Nothing of what the whole has read is on its way any more. */
static void
settle(struct crew *crew)
{
	pipeline_flush(crew->whole);
	fold_derived(crew->whole);
}

static void
join_alone(struct crew *crew, struct piece *piece)
{
	begin_fragment(crew, piece);
	fragment_end(piece);
	piece->done = true;
	crew->stepped = !join_fragment(crew, piece);
	crew->joined += !crew->stepped;
}

/*
 * The first COUNT pieces, in one thread. With room for as much again as the tables hold, a
 * piece hardly ever reaches a cap.
 */
static void
work_alone(struct crew *crew, size_t count)
{
	while (crew->joined < count && !crew->stepped) {
		struct piece *piece = &crew->pieces.list[crew->joined];

		if (!crew->whole || crew->apart || !pipeline_within(crew->whole, 2)) {
			join_alone(crew, piece);
			continue;
		}
		go_on(crew, piece);
		settle(crew);
		if (!pipeline_within(crew->whole, 1)) {
			begin_again(crew);
			crew->apart = true;
		}
	}
}

/* What is left, which does not continue what was joined, as one with it. */
static void
work_uncut(struct crew *crew)
{
	while (crew->spoilt) {
		size_t from = crew->joined; /* fewer each time */

		begin_again(crew);
		work_alone(crew, from);
	}
	for (undo_pieces(crew, crew->joined); crew->joined < crew->pieces.count;) {
		go_on(crew, &crew->pieces.list[crew->joined]);
		settle(crew);
		pipeline_cap(crew->whole);
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

	if (!crew->begun || halted(crew))
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
	goes_on = room && !crew->apart && !halted(crew) && next < end && !next->taken;
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
static void *
work(void *context)
{
	struct crew *crew = context;

	for (bool over = false; !over;) {
		unsigned calls = team_calls(crew->team);
		struct piece *first;

		pthread_mutex_lock(&crew->lock);
		first = take_first(crew);
		over = !first &&
		    (halted(crew) || crew->joined == crew->pieces.count);
		pthread_mutex_unlock(&crew->lock);
		if (first)
			read_fragment(crew, first);
		else if (!over)
			team_help(crew->team, calls);
	}
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

/* Joining a small fragment takes as long as reading a piece or two of 4 MiB. */
#define PIECES_EACH 4u

/* So many threads get enough of the pieces each, but two are always worth a try. */
static size_t
useful_threads(const struct crew *crew)
{
	size_t most = crew->pieces.count / PIECES_EACH;

	if (most < 2)
		most = crew->pieces.count < 2 ? crew->pieces.count : 2;
	return crew->jobs < most ? crew->jobs : most;
}

/* All but the caller's: before there is anything to do, as it may take a while. */
static void
start_threads(struct crew *crew)
{
	size_t count = useful_threads(crew);

	crew->threads = xcalloc(count, sizeof(*crew->threads));
	while (crew->started + 1 < count &&
	    pthread_create(&crew->threads[crew->started], NULL, work, crew) == 0)
		crew->started++;
}

static void
run_threads(struct crew *crew)
{
	pthread_mutex_lock(&crew->lock);
	crew->begun = true;
	team_call(crew->team);
	pthread_mutex_unlock(&crew->lock);
	work(crew);
	while (crew->started)
		pthread_join(crew->threads[--crew->started], NULL);
	free(crew->threads);
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
	    .apart = run->settings->apart, .team = team_new(),
	    .lock = PTHREAD_MUTEX_INITIALIZER};
	uint64_t chunk = run->settings->chunk_bytes;
	struct clock end;

	pieces_cut(&crew.pieces, stream, 0, chunk ? chunk : pieces_default_chunk(stream));
	if (crew.jobs > 1)
		start_threads(&crew);
	guess_clocks(&crew, first_year, &end);
	if (first_year == 0)
		guess_clocks(&crew, run_first_year(run, stream, &end), &end);
	if (crew.jobs == 1)
		work_alone(&crew, crew.pieces.count);
	else
		run_threads(&crew);
	if (crew.again) {
		begin_again(&crew);
		crew.apart = true;
		start_threads(&crew);
		run_threads(&crew);
	}
	if (crew.stepped)
		work_uncut(&crew);
	team_free(crew.team);
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
