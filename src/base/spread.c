/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"

struct spread {
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
		spread->task(spread->context, i);
	return NULL;
}

void
spread(unsigned threads, size_t count, void (*task)(void *context, size_t i), void *context)
{
	struct spread spread = {.task = task, .context = context, .count = count};
	size_t more = threads < count ? threads : count, started = 0;
	pthread_t *others = xcalloc(more + 1, sizeof(*others));

	while (started + 1 < more &&
	    pthread_create(&others[started], NULL, work, &spread) == 0)
		started++;
	work(&spread);
	for (size_t t = 0; t < started; t++)
		pthread_join(others[t], NULL);
	free(others);
}
