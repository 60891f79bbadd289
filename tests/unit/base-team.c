/* SPDX-License-Identifier: Apache-2.0
 *
 * team: every task is done once, by how many threads ever, busy or asleep.
 */
#include "base/team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "tap.h"

#define TASKS 1000
#define HELPERS_MAX 16u

static atomic_uint done[TASKS];

static void
task(void *context, size_t i)
{
	atomic_fetch_add(&done[i], *(const unsigned *)context);
}

static bool
all_are(size_t count, unsigned value)
{
	for (size_t i = 0; i < TASKS; i++)
		if (done[i] != (i < count ? value : 0))
			return false;
	return true;
}

static void
pause_msec(long msec)
{
	nanosleep(&(struct timespec){.tv_nsec = msec * 1000000}, NULL);
}

/* Three jobs, one after the other; PAUSE milliseconds before each, so that helpers sleep. */
static void
check(unsigned helpers, size_t count, long pause)
{
	struct team *team = team_new(helpers);
	uint64_t weights[TASKS];
	unsigned once = 1;

	for (size_t i = 0; i < TASKS; i++) {
		weights[i] = i * 7 % 5;
		done[i] = 0;
	}
	for (unsigned job = 0; job < 3; job++) {
		pause_msec(pause);
		team_spread(team, weights, count, task, &once);
	}
	ok(all_are(count, 3), "%zu tasks, %u helpers, %ld ms: each once a job", count, helpers,
	    pause);
	team_free(team);
}

/*
 * What is shared: rounds of pieces, which are taken one by one. Who did the last of a round
 * spreads tasks and makes the next round's pieces; nobody can find any meanwhile.
 */
#define PIECES 5u
#define ROUNDS 4u

struct shared {
	struct team *team;
	pthread_mutex_t lock;
	unsigned taken, finished, round, threads_in;
	pthread_t sharer; /* the first to go when it is over */
	long pause;
};

static void
end_round(struct shared *shared)
{
	uint64_t weights[TASKS] = {0};
	unsigned once = 1;

	pause_msec(shared->pause);
	team_spread(shared->team, weights, TASKS, task, &once);
	pthread_mutex_lock(&shared->lock);
	shared->round++;
	shared->taken = shared->finished = 0;
	pthread_mutex_unlock(&shared->lock);
	team_call(shared->team);
}

static enum team_turn
work(void *context)
{
	struct shared *shared = context;
	bool over, mine, last = false;

	pthread_mutex_lock(&shared->lock);
	over = shared->round == ROUNDS;
	mine = !over && shared->taken < PIECES;
	shared->taken += mine;
	shared->threads_in++;
	pthread_mutex_unlock(&shared->lock);
	if (mine) {
		pthread_mutex_lock(&shared->lock);
		last = ++shared->finished == PIECES;
		pthread_mutex_unlock(&shared->lock);
	}
	if (last)
		end_round(shared);
	if (over)
		pause_msec(pthread_equal(shared->sharer, pthread_self()) ? 1 : 3);
	pthread_mutex_lock(&shared->lock);
	shared->threads_in--;
	pthread_mutex_unlock(&shared->lock);
	return over ? TEAM_OVER : mine ? TEAM_WORKED : TEAM_NOTHING;
}

/* Twice with one team, as what was over may be begun again. */
static void
check_shared(unsigned helpers, long pause)
{
	struct shared shared = {.team = team_new(helpers), .pause = pause,
	    .sharer = pthread_self(), .lock = PTHREAD_MUTEX_INITIALIZER};

	for (unsigned time = 1; time <= 2; time++) {
		for (size_t i = 0; i < TASKS; i++)
			done[i] = 0;
		shared.round = 0;
		team_share(shared.team, work, &shared);
		ok(shared.threads_in == 0 && shared.round == ROUNDS && all_are(TASKS, ROUNDS),
		    "shared by %u helpers, time %u: all of it, and nobody is left in it",
		    helpers, time);
		pause_msec(pause);
	}
	team_free(shared.team);
}

struct noted {
	size_t order[5], count;
};

static void
note(void *context, size_t i)
{
	struct noted *noted = context;

	noted->order[noted->count++] = i;
}

static void
check_order(void)
{
	static const uint64_t weights[] = {0, 7, UINT64_MAX, 7, 9};
	static const size_t expected[] = {2, 4, 1, 3, 0};
	struct noted noted = {.count = 0};

	team_spread(NULL, weights, 5, note, &noted);
	ok(noted.count == 5 && memcmp(noted.order, expected, sizeof(expected)) == 0,
	    "alone: the heaviest first, equal ones in order");
}

int
main(void)
{
	static const unsigned helpers[] = {0, 1, 2, HELPERS_MAX};

	for (size_t t = 0; t < sizeof(helpers) / sizeof(*helpers); t++) {
		check(helpers[t], 0, 0);
		check(helpers[t], 1, 0);
		check(helpers[t], 2, 20);
		check(helpers[t], TASKS, 0);
		check(helpers[t], TASKS, 20);
		check_shared(helpers[t], 0);
		check_shared(helpers[t], 20);
	}
	check_order();
	return tap_done();
}
