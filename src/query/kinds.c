/* SPDX-License-Identifier: Apache-2.0
 *
 * kinds: what a plan comes to for the events of each kind. A batch is of one kind, so
 * whatever the kind decides is decided here: which queries see it, which measures count
 * it, and what is left to be tested, which is often the same for many. Queries that are
 * grouped alike have their rows in common and are counted in one walk.
 */
#include <stdlib.h>

#include "query/room.h"

/* The kind's number of PREDICATE of the plan; false: no event of the kind matches. */
static bool
narrow(struct plan *plan, enum kind kind, int predicate, int *ret)
{
	struct plan_kind *to = &plan->kinds[kind];
	struct filter *filter;
	bool all;

	*ret = NO_PREDICATE;
	if (predicate == NO_PREDICATE)
		return true;
	filter = filter_narrow(plan->predicates[predicate].filter, kind, &all);
	if (!filter)
		return all;
	for (size_t i = 0; i < to->predicate_count; i++)
		if (filter_same(to->predicates[i], filter)) {
			filter_free(filter);
			*ret = (int)i;
			return true;
		}
	MEM_GROW(to->predicates, to->predicate_count, to->predicate_room);
	to->predicates[to->predicate_count] = filter;
	*ret = (int)to->predicate_count++;
	return true;
}

/* MASK with PREDICATE, which may be none. */
static struct kind_mask
and_matches(struct kind_mask mask, int predicate)
{
	for (unsigned i = 0; i < 3 && predicate != NO_PREDICATE; i++) {
		int other = mask.predicates[i];

		if (other == predicate)
			break;
		if (other != NO_PREDICATE && other < predicate)
			continue;
		mask.predicates[i] = predicate;
		predicate = other;
	}
	return mask;
}

static struct kind_mask
and_knows(struct kind_mask mask, enum field field)
{
	if (mask.knows[0] == FIELDS)
		mask.knows[0] = field;
	else if (mask.knows[0] != field)
		mask.knows[1] = field;
	return mask;
}

/* MASK's number for the kind. */
static int
number_of(struct plan_kind *to, const struct kind_mask *mask)
{
	if (mask->predicates[0] == NO_PREDICATE && mask->knows[0] == FIELDS)
		return NO_MASK;
	for (size_t i = 0; i < to->mask_count; i++)
		if (memcmp(&to->masks[i], mask, sizeof(*mask)) == 0)
			return (int)i;
	MEM_GROW(to->masks, to->mask_count, to->mask_room);
	to->masks[to->mask_count] = *mask;
	return (int)to->mask_count++;
}

static bool
share_rows(const struct plan_query *a, const struct plan_query *b)
{
	const struct query_key *x = &a->query->keys[0], *y = &b->query->keys[0];

	return a->grouping == GROUP_NUMBER && b->grouping == GROUP_NUMBER &&
	    x->field == y->field && x->function == y->function;
}

/* The walk of QUERY, which takes the events of MASK; of several WHERE is what all take. */
static struct kind_walk *
walk_of(struct plan_kind *to, const struct plan_query *query, int mask, int where)
{
	struct kind_walk *walk;

	for (size_t w = 0; w < to->walk_count; w++) {
		walk = &to->walks[w];
		if (!share_rows(walk->query, query))
			continue;
		if (walk->mask != mask)
			walk->mask = where;
		return walk;
	}
	MEM_GROW(to->walks, to->walk_count, to->walk_room);
	walk = &to->walks[to->walk_count++];
	*walk = (struct kind_walk){.query = query, .mask = mask};
	return walk;
}

static void
add_count(struct kind_walk *walk, const struct plan_query *query, unsigned cell, int mask)
{
	MEM_GROW(walk->counts, walk->count_count, walk->count_room);
	walk->counts[walk->count_count++] = (struct kind_count){query->offset + cell, mask};
}

/* MEASURE of QUERY, whose events are those of MASK and of the kind's PREDICATE. */
static void
add_measure(struct plan_kind *to, struct kind_walk *walk, const struct plan_query *query,
    const struct plan_measure *measure, struct kind_mask mask)
{
	const struct query_measure *want = measure->measure;

	if (want->op == MEASURE_COUNT) {
		add_count(walk, query, measure->cell, number_of(to, &mask));
		return;
	}
	if (measure->pairs != NO_PAIRS)
		mask = and_knows(mask, want->field);
	MEM_GROW(walk->measures, walk->measure_count, walk->measure_room);
	walk->measures[walk->measure_count++] =
	    (struct kind_measure){query, measure, number_of(to, &mask)};
}

static void
add_query(struct plan *plan, enum kind kind, const struct plan_query *query, int where)
{
	static const struct kind_mask every = {
	    {NO_PREDICATE, NO_PREDICATE, NO_PREDICATE}, {FIELDS, FIELDS}};
	struct kind_mask mask;
	struct plan_kind *to = &plan->kinds[kind];
	struct kind_walk *walk;
	int predicate, all;

	if (!(query->kinds >> kind & 1) ||
	    !narrow(plan, kind, query->predicate, &predicate))
		return;
	mask = and_matches(every, where);
	all = number_of(to, &mask);
	mask = and_matches(mask, predicate);
	if (query->query->skip_absent && query->query->key_count)
		mask = and_knows(mask, query->query->keys[0].field);
	walk = walk_of(to, query, number_of(to, &mask), all);
	if (query->presence_apart)
		add_count(walk, query, query->presence, number_of(to, &mask));
	for (unsigned m = 0; m < query->query->measure_count; m++) {
		const struct plan_measure *measure = &query->measures[m];

		if (!measure->shared && measure->kinds >> kind & 1 &&
		    narrow(plan, kind, measure->predicate, &predicate))
			add_measure(to, walk, query, measure, and_matches(mask, predicate));
	}
}

void
plan_kinds(struct plan *plan)
{
	for (unsigned kind = 0; kind < KINDS; kind++) {
		struct plan_kind *to = &plan->kinds[kind];
		int where;

		if (!narrow(plan, kind, plan->where, &where))
			continue;
		for (size_t q = 0; q < plan->count; q++)
			add_query(plan, kind, &plan->queries[q], where);
		filter_share(to->predicates, to->predicate_count);
		if (to->predicate_count > plan->predicate_max)
			plan->predicate_max = to->predicate_count;
		if (to->mask_count > plan->mask_max)
			plan->mask_max = to->mask_count;
	}
}

void
plan_kinds_free(struct plan *plan)
{
	for (unsigned kind = 0; kind < KINDS; kind++) {
		struct plan_kind *list = &plan->kinds[kind];

		for (size_t i = 0; i < list->predicate_count; i++)
			filter_free(list->predicates[i]);
		for (size_t w = 0; w < list->walk_count; w++) {
			free(list->walks[w].counts);
			free(list->walks[w].measures);
		}
		free(list->predicates);
		free(list->masks);
		free(list->walks);
	}
}
