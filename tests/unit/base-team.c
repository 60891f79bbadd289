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
#define HELPERS_MAX 16

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

static atomic_uint helped;

static void *
help(void *team)
{
	team_help(team, 0);
	helped++;
	return NULL;
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
	struct team *team = team_new();
	pthread_t threads[HELPERS_MAX];
	uint64_t weights[TASKS];
	unsigned once = 1;

	for (size_t i = 0; i < TASKS; i++) {
		weights[i] = i * 7 % 5;
		done[i] = 0;
	}
	helped = 0;
	for (unsigned t = 0; t < helpers; t++)
		pthread_create(&threads[t], NULL, help, team);
	for (unsigned job = 0; job < 3; job++) {
		pause_msec(pause);
		team_spread(team, weights, count, task, &once);
	}
	ok(all_are(count, 3), "%zu tasks, %u helpers, %ld ms: each once a job", count, helpers,
	    pause);
	ok(helped == 0 && team_calls(team) == 0, "and all help until they are called");
	pause_msec(pause);
	team_call(team);
	for (unsigned t = 0; t < helpers; t++)
		pthread_join(threads[t], NULL);
	ok(helped == helpers, "then they return");
	team_help(team, 0);
	ok(team_calls(team) == 1, "whoever comes after the call does, too");
	team_free(team);
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
	struct team *team = team_new();

	team_spread(team, weights, 5, note, &noted);
	ok(noted.count == 5 && memcmp(noted.order, expected, sizeof(expected)) == 0,
	    "the heaviest first, equal ones in order");
	team_free(team);
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
	}
	check_order();
	return tap_done();
}
