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

void
pipeline_renumber(struct pipeline *pipeline)
{
	uint32_t *remap[DOMAINS];
	struct symbols symbols;

	symbols_init(&symbols);
	for (unsigned d = 0; d < DOMAINS; d++)
		remap[d] = make_remap(&pipeline->symbols.dict[d], &symbols.dict[d]);
	track_renumber(pipeline->track, remap);
	for (unsigned d = 0; d < DOMAINS; d++) {
		add_given(&symbols, d, &pipeline->symbols.dict[d], remap[d]);
		free(remap[d]);
	}
	symbols_free(&pipeline->symbols);
	pipeline->symbols = symbols;
	pipeline->tag_count = pipeline->host_count = 0;
	region_free(&pipeline->places);
	memset(pipeline->source_words, SYMBOL_ABSENT,
	    pipeline->shared->sources.count * sizeof(uint32_t));
}
