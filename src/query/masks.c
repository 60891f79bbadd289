/* SPDX-License-Identifier: Apache-2.0
 *
 * masks: which events of a batch a query or a measure takes, as flags: what its filters
 * say, the user's among them, and whether the events have the fields that it looks at.
 * Each mask is made once for a batch, by whoever asks first.
 */
#include "base/flags.h"
#include "query/room.h"

/* Does each event of the batch match PREDICATE? Evaluated at most once. */
static const uint8_t *
matches(struct fold *fold, int predicate)
{
	if (!fold->evaluated[predicate])
		filter_match_many(fold->plan->kinds[fold->batch->kind].predicates[predicate],
		    fold->batch, fold->symbols, fold->matches[predicate]);
	fold->evaluated[predicate] = true;
	return fold->matches[predicate];
}

/* Which events know FIELD: have a number, or any value. NULL: all of them. */
static const uint8_t *
knowing(struct fold *fold, enum field field)
{
	struct event_batch *batch = fold->batch;

	if (event_fields[field].domain != DOMAIN_NONE) {
		const uint32_t *numbers = event_numbers(batch, field);

		if (batch->lacking[field] == 0)
			return NULL;
		for (size_t i = 0; i < batch->n; i++)
			fold->knowing[i] = numbers[i] != SYMBOL_ABSENT;
	} else {
		for (size_t i = 0; i < batch->n; i++)
			fold->knowing[i] = event_knows(batch->event[i], field);
	}
	return fold->knowing;
}

/* Those of FLAGS that MORE lets through too; TO has room for them. */
static const uint8_t *
narrow(const uint8_t *flags, const uint8_t *more, uint8_t *to, size_t n)
{
	if (more == NULL)
		return flags;
	flags_and(to, flags, more, n);
	return to;
}

const struct taken *
fold_taken(struct fold *fold, int mask)
{
	const struct plan_kind *kind = &fold->plan->kinds[fold->batch->kind];
	struct taken *taken = &fold->taken[mask + 1]; /* the first is that of all */
	const struct kind_mask *of;
	const uint8_t *flags = fold->batch->all;
	size_t n = fold->batch->n;

	if (taken->flags)
		return taken;
	if (mask != NO_MASK) {
		of = &kind->masks[mask];
		if (of->predicates[0] != NO_PREDICATE)
			flags = matches(fold, of->predicates[0]);
		for (unsigned p = 1; p < 3 && of->predicates[p] != NO_PREDICATE; p++)
			flags = narrow(flags, matches(fold, of->predicates[p]),
			    fold->masks[mask], n);
		for (unsigned k = 0; k < 2 && of->knows[k] != FIELDS; k++)
			flags = narrow(flags, knowing(fold, of->knows[k]),
			    fold->masks[mask], n);
	}
	*taken = (struct taken){flags, flags_count(flags, n)};
	return taken;
}
