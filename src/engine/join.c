/* SPDX-License-Identifier: Apache-2.0
 *
 * join: what one piece of a log came to, added to what the pieces before it did. All
 * other threads wait for that at the end, so they help with its parts.
 */
#include <stdlib.h>

#include "base/team.h"
#include "engine/pipeline.h"

struct joining {
	struct pipeline *into, *next;
	uint32_t *remap[DOMAINS];
};

static void
join_texts(void *context, size_t domain)
{
	struct joining *joining = context;

	joining->remap[domain] = symbols_merge_domain(&joining->into->symbols,
	    &joining->next->symbols, (enum domain)domain);
}

/* Tracking has no part in the tables, but comes with its events when they are whole. */
static void
join_tracks(struct joining *joining)
{
	track_retire(joining->next->track, joining->remap);
	track_join(joining->into->track, joining->next->track, &joining->into->out);
	track_settle(joining->into->track, &joining->into->out);
	joining->next->track = NULL;
}

static void
join_part(void *context, size_t part)
{
	struct joining *joining = context;

	if (part == 0)
		join_tracks(joining);
	else
		fold_merge_part(joining->into->fold, joining->next->fold,
		    (const uint32_t *const *)joining->remap, part - 1);
}

static void
spread_texts(struct joining *joining, struct team *team)
{
	uint64_t weights[DOMAINS];

	for (unsigned d = 0; d < DOMAINS; d++)
		weights[d] = joining->next->symbols.dict[d].count;
	team_spread(team, weights, DOMAINS, join_texts, joining);
}

/* Tracking is the longest of them. */
static void
spread_parts(struct joining *joining, struct team *team)
{
	size_t parts = fold_merge_begin(joining->into->fold);
	uint64_t *weights = xcalloc(1 + parts, sizeof(*weights));

	weights[0] = UINT64_MAX;
	for (size_t part = 0; part < parts; part++)
		weights[1 + part] = fold_merge_weight(joining->next->fold, part);
	team_spread(team, weights, 1 + parts, join_part, joining);
	free(weights);
}

void
pipeline_join(struct pipeline *into, struct pipeline *next, struct team *team)
{
	struct joining joining = {.into = into, .next = next};

	fold_derived(next);
	spread_texts(&joining, team);
	spread_parts(&joining, team);
	fold_merge_end(into->fold, next->fold);
	fold_derived(into);
	tally_join(into, next);
	if (next->first_time < into->first_time)
		into->first_time = next->first_time;
	if (next->last_time > into->last_time)
		into->last_time = next->last_time;
	into->clock = next->clock;
	carry_join(into, next);
	into->lines += next->lines;
	symbols_remap_free(joining.remap);
	pipeline_cap(into);
}
