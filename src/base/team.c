/* SPDX-License-Identifier: Apache-2.0 */
#include "base/team.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"

/* Longer nobody waits busily. */
#define BUSY_NSEC 5000000

struct weighed {
	uint64_t weight;
	size_t i;
};

struct job {
	struct weighed *tasks;
	void (*task)(void *context, size_t i);
	void *context;
	size_t count;
	atomic_size_t next;
};

struct team {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct job *job;   /* with tasks that nobody has taken, as far as is known */
	unsigned helping;  /* so many are at a job */
	enum team_turn (*work)(void *context); /* that is shared, or NULL */
	void *context;
	unsigned working;  /* so many helpers are at it */
	bool ends;
	unsigned asleep;
	atomic_uint news;  /* counts whatever somebody may wait for */
	pthread_t *threads;
	unsigned started;
};

/* With the lock held. */
static void
tell(struct team *team)
{
	atomic_fetch_add(&team->news, 1);
	if (team->asleep)
		pthread_cond_broadcast(&team->changed);
}

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Waits until there is other news than OLD. */
static void
await_news(struct team *team, unsigned old)
{
	int64_t until = now() + BUSY_NSEC;

	while (now() < until) {
		for (unsigned i = 0; i < 64; i++)
			if (atomic_load(&team->news) != old)
				return;
		sched_yield(); /* others may have no processor */
	}
	pthread_mutex_lock(&team->lock);
	team->asleep++;
	while (atomic_load(&team->news) == old)
		pthread_cond_wait(&team->changed, &team->lock);
	team->asleep--;
	pthread_mutex_unlock(&team->lock);
}

static void
do_tasks(struct job *job)
{
	size_t i;

	while ((i = atomic_fetch_add(&job->next, 1)) < job->count)
		job->task(job->context, job->tasks[i].i);
}

/* Helps with the job that there is; false: there is none. */
static bool
help_once(struct team *team)
{
	struct job *job;

	pthread_mutex_lock(&team->lock);
	job = team->job;
	team->helping += job != NULL;
	pthread_mutex_unlock(&team->lock);
	if (!job)
		return false;
	do_tasks(job);
	pthread_mutex_lock(&team->lock);
	team->job = NULL;
	team->helping--;
	tell(team);
	pthread_mutex_unlock(&team->lock);
	return true;
}

/* Takes a turn at what is shared. */
static enum team_turn
work_once(struct team *team)
{
	enum team_turn (*work)(void *context), turn;
	void *context;

	pthread_mutex_lock(&team->lock);
	work = team->work;
	context = team->context;
	team->working += work != NULL;
	pthread_mutex_unlock(&team->lock);
	if (!work)
		return TEAM_NOTHING;
	turn = work(context);
	pthread_mutex_lock(&team->lock);
	team->working--;
	if (turn == TEAM_OVER)
		team->work = NULL;
	if (!team->work)
		tell(team);
	pthread_mutex_unlock(&team->lock);
	return turn;
}

static void *
help(void *context)
{
	struct team *team = context;

	for (;;) {
		unsigned news = atomic_load(&team->news);
		bool ends;

		if (help_once(team) || work_once(team) == TEAM_WORKED)
			continue;
		pthread_mutex_lock(&team->lock);
		ends = team->ends;
		pthread_mutex_unlock(&team->lock);
		if (ends)
			return NULL;
		await_news(team, news);
	}
}

struct team *
team_new(unsigned helpers)
{
	struct team *team = xcalloc(1, sizeof(*team));

	pthread_mutex_init(&team->lock, NULL);
	pthread_cond_init(&team->changed, NULL);
	team->threads = xcalloc(helpers, sizeof(*team->threads));
	while (team->started < helpers &&
	    pthread_create(&team->threads[team->started], NULL, help, team) == 0)
		team->started++;
	return team;
}

void
team_free(struct team *team)
{
	if (!team)
		return;
	pthread_mutex_lock(&team->lock);
	team->ends = true;
	tell(team);
	pthread_mutex_unlock(&team->lock);
	while (team->started)
		pthread_join(team->threads[--team->started], NULL);
	pthread_cond_destroy(&team->changed);
	pthread_mutex_destroy(&team->lock);
	free(team->threads);
	free(team);
}

void
team_call(struct team *team)
{
	pthread_mutex_lock(&team->lock);
	tell(team);
	pthread_mutex_unlock(&team->lock);
}

/* Puts up what is shared, or takes it back; returns how many helpers are at it. */
static unsigned
set_work(struct team *team, enum team_turn (*work)(void *context), void *context)
{
	unsigned working;

	pthread_mutex_lock(&team->lock);
	team->work = work;
	team->context = context;
	working = team->working;
	if (work)
		tell(team);
	pthread_mutex_unlock(&team->lock);
	return working;
}

void
team_share(struct team *team, enum team_turn (*work)(void *context), void *context)
{
	enum team_turn turn = TEAM_WORKED;
	unsigned news;

	set_work(team, work, context);
	while (turn != TEAM_OVER) {
		news = atomic_load(&team->news);
		turn = work(context);
		if (turn == TEAM_NOTHING && !help_once(team))
			await_news(team, news);
	}
	for (news = atomic_load(&team->news); set_work(team, NULL, NULL);
	     news = atomic_load(&team->news))
		if (!help_once(team))
			await_news(team, news);
}

static int
heavier_first(const void *first, const void *second)
{
	const struct weighed *a = first, *b = second;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return a->i < b->i ? -1 : 1;
}

/* Takes JOB back, or puts it up; returns how many are at it. */
static unsigned
set_job(struct team *team, struct job *job)
{
	unsigned helping;

	pthread_mutex_lock(&team->lock);
	team->job = job;
	helping = team->helping;
	if (job)
		tell(team);
	pthread_mutex_unlock(&team->lock);
	return helping;
}

void
team_spread(struct team *team, const uint64_t *weights, size_t count,
    void (*task)(void *context, size_t i), void *context)
{
	struct job job = {.task = task, .context = context, .count = count};
	unsigned news;

	job.tasks = xcalloc(count, sizeof(*job.tasks));
	for (size_t i = 0; i < count; i++)
		job.tasks[i] = (struct weighed){weights[i], i};
	qsort(job.tasks, count, sizeof(*job.tasks), heavier_first);
	if (team)
		set_job(team, &job);
	do_tasks(&job);
	if (team)
		for (news = atomic_load(&team->news); set_job(team, NULL);
		     news = atomic_load(&team->news))
			await_news(team, news);
	free(job.tasks);
}
