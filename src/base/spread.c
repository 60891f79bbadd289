/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"

struct spread_task {
	uint64_t weight;
	size_t i;
};

struct spread {
	struct spread_task *tasks;
	void (*task)(void *context, size_t i);
	void *context;
	size_t count;
	atomic_size_t next;
};

static void *
work(void *context)
{
	struct spread *spread = context;
	size_t i;

	while ((i = atomic_fetch_add(&spread->next, 1)) < spread->count)
		spread->task(spread->context, spread->tasks[i].i);
	return NULL;
}

static int
heavier_first(const void *first, const void *second)
{
	const struct spread_task *a = first, *b = second;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return a->i < b->i ? -1 : 1;
}

void
spread(unsigned threads, const uint64_t *weights, size_t count,
    void (*task)(void *context, size_t i), void *context)
{
	struct spread spread = {.task = task, .context = context, .count = count};
	size_t more = threads < count ? threads : count, started = 0;
	pthread_t *others = xcalloc(more + 1, sizeof(*others));

	spread.tasks = xcalloc(count, sizeof(*spread.tasks));
	for (size_t i = 0; i < count; i++)
		spread.tasks[i] = (struct spread_task){weights[i], i};
	qsort(spread.tasks, count, sizeof(*spread.tasks), heavier_first);
	while (started + 1 < more &&
	    pthread_create(&others[started], NULL, work, &spread) == 0)
		started++;
	work(&spread);
	for (size_t t = 0; t < started; t++)
		pthread_join(others[t], NULL);
	free(spread.tasks);
	free(others);
}
