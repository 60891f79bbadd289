/* SPDX-License-Identifier: Apache-2.0
 *
 * renumber: dictionaries only grow, and who follows a log never comes to its end. Now and
 * then the texts that tracking still holds are numbered anew, and all others forgotten.
 */
#include <stdlib.h>

#include "engine/pipeline.h"

/* Numbers of one domain: those that every dictionary begins with stay. */
static uint32_t *
make_remap(const struct dict *from, const struct dict *to)
{
	uint32_t *remap = xcalloc((size_t)from->count + 1, sizeof(*remap));

	for (uint32_t n = 0; n < from->count; n++)
		remap[n] = n < to->count ? n : TRACK_UNGIVEN;
	remap[SYMBOL_ABSENT] = to->count;
	return remap;
}

/* Adds the texts of FROM that were given a number, in the order of their numbers. */
static void
add_given(struct symbols *to, enum domain domain, const struct dict *from,
    const uint32_t *remap)
{
	uint32_t first = to->dict[domain].count, count = remap[SYMBOL_ABSENT] - first;
	uint32_t *given = xcalloc((size_t)count + 1, sizeof(*given));

	for (uint32_t n = first; n < from->count; n++)
		if (remap[n] != TRACK_UNGIVEN)
			given[remap[n] - first] = n;
	for (uint32_t i = 0; i < count; i++)
		symbols_get(to, domain, dict_text(from, given[i]));
	free(given);
}

static void
renumber(struct track *track, struct symbols *symbols)
{
	uint32_t *remap[DOMAINS];
	struct symbols held;

	symbols_init(&held);
	for (unsigned d = 0; d < DOMAINS; d++)
		remap[d] = make_remap(&symbols->dict[d], &held.dict[d]);
	track_renumber(track, remap);
	for (unsigned d = 0; d < DOMAINS; d++) {
		add_given(&held, d, &symbols->dict[d], remap[d]);
		free(remap[d]);
	}
	symbols_free(symbols);
	*symbols = held;
}

static uint32_t
count_texts(const struct symbols *symbols)
{
	uint32_t texts = 0;

	for (unsigned d = 0; d < DOMAINS; d++)
		texts += symbols->dict[d].count;
	return texts;
}

bool
renumber_when_many(struct track *track, struct symbols *symbols, uint32_t least,
    uint32_t *most)
{
	if (count_texts(symbols) <= *most)
		return false;
	renumber(track, symbols);
	*most = 2 * count_texts(symbols);
	*most = *most < least ? least : *most;
	return true;
}

void
pipeline_forget_texts(struct pipeline *pipeline, uint32_t least, uint32_t *most)
{
	if (!renumber_when_many(pipeline->track, &pipeline->symbols, least, most))
		return;
	pipeline->tag_count = pipeline->host_count = 0;
	region_free(&pipeline->places);
	memset(pipeline->source_words, SYMBOL_ABSENT,
	    pipeline->shared->sources.count * sizeof(uint32_t));
}
