/* SPDX-License-Identifier: Apache-2.0
 *
 * kinds: what a plan comes to for the events of each kind. A batch is of one kind, so
 * whatever the kind decides is decided here: which queries see it, which measures count
 * it, and what is left to be tested, which is often the same for many.
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

static void
add_query(struct plan *plan, enum kind kind, const struct plan_query *query)
{
	struct plan_kind *to = &plan->kinds[kind];
	struct kind_query *mine;

	MEM_GROW(to->queries, to->count, to->room);
	mine = &to->queries[to->count];
	*mine = (struct kind_query){.query = query};
	if (!(query->kinds >> kind & 1) ||
	    !narrow(plan, kind, query->predicate, &mine->predicate))
		return;
	to->count++;
	for (unsigned m = 0; m < query->query->measure_count; m++) {
		const struct plan_measure *measure = &query->measures[m];
		struct kind_measure *here = &mine->measures[mine->measure_count];

		here->measure = measure;
		if (!measure->shared && measure->kinds >> kind & 1 &&
		    narrow(plan, kind, measure->predicate, &here->predicate))
			mine->measure_count++;
		/* What the query asked of all need not be asked again. */
		if (here->predicate == mine->predicate)
			here->predicate = NO_PREDICATE;
	}
}

void
plan_kinds(struct plan *plan)
{
	for (unsigned kind = 0; kind < KINDS; kind++) {
		struct plan_kind *to = &plan->kinds[kind];

		if (!narrow(plan, kind, plan->where, &to->where))
			continue;
		for (size_t q = 0; q < plan->count; q++)
			add_query(plan, kind, &plan->queries[q]);
		if (to->predicate_count > plan->predicate_max)
			plan->predicate_max = to->predicate_count;
	}
}

void
plan_kinds_free(struct plan *plan)
{
	for (unsigned kind = 0; kind < KINDS; kind++) {
		struct plan_kind *list = &plan->kinds[kind];

		for (size_t i = 0; i < list->predicate_count; i++)
			filter_free(list->predicates[i]);
		free(list->predicates);
		free(list->queries);
	}
}
