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
	unsigned asleep;
	atomic_uint calls;
	atomic_uint news;  /* counts whatever somebody may wait for */
};

struct team *
team_new(void)
{
	struct team *team = xcalloc(1, sizeof(*team));

	pthread_mutex_init(&team->lock, NULL);
	pthread_cond_init(&team->changed, NULL);
	return team;
}

void
team_free(struct team *team)
{
	if (!team)
		return;
	pthread_cond_destroy(&team->changed);
	pthread_mutex_destroy(&team->lock);
	free(team);
}

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

unsigned
team_calls(const struct team *team)
{
	return atomic_load(&team->calls);
}

void
team_call(struct team *team)
{
	pthread_mutex_lock(&team->lock);
	atomic_fetch_add(&team->calls, 1);
	tell(team);
	pthread_mutex_unlock(&team->lock);
}

void
team_help(struct team *team, unsigned calls)
{
	for (;;) {
		unsigned news = atomic_load(&team->news);

		if (team_calls(team) != calls)
			return;
		if (!help_once(team))
			await_news(team, news);
	}
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
	set_job(team, &job);
	do_tasks(&job);
	for (news = atomic_load(&team->news); set_job(team, NULL);
	     news = atomic_load(&team->news))
		await_news(team, news);
	free(job.tasks);
}
