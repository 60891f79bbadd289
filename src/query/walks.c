/* SPDX-License-Identifier: Apache-2.0
 *
 * walks: counts the events of a batch in the rows of their groups. For each walk first
 * the group of every event, then tight loops over all of them, in which flags say which
 * count: without a branch on what one event is, and two counts at a time.
 */
#include "query/room.h"

/* Where the events of the batch are counted: event i in the row `group`[i]. */
struct target {
	uint32_t *first;
	size_t stride;
	const uint32_t *group;
	bool one; /* there is only the first */
	struct rows *rows;
};

static inline uint32_t *
row_of(const struct target *target, size_t i)
{
	return target->first + target->group[i] * target->stride;
}

/* The places of the events TAKEN. */
static const uint16_t *
places(struct fold *fold, const struct taken *taken)
{
	size_t kept = 0;

	if (taken->count == fold->batch->n)
		return fold->all;
	for (size_t i = 0; kept < taken->count; i++) {
		fold->at[kept] = (uint16_t)i;
		kept += taken->flags[i];
	}
	return fold->at;
}

/* Does QUERY group by one word of a few, whose codes are below CODES_FEW? */
static bool
has_few_codes(const struct query *query)
{
	return query->key_count == 1 && query->keys[0].function == KEY_FIELD &&
	    event_fields[query->keys[0].field].type == TYPE_ENUM;
}

/* The groups of N codes of such a query, each different one looked up once. */
static void
group_few(struct fold *fold, struct groups *groups, const uint32_t *codes, size_t n,
    uint32_t *ret)
{
	uint32_t *found = fold->few;

	memset(found, 0, CODES_FEW * sizeof(*found));
	for (size_t i = 0; i < n; i++) {
		uint32_t code = codes[i];

		if (found[code] == 0)
			found[code] = groups_get(groups, &code) + 1;
		ret[i] = found[code] - 1;
	}
}

/* The groups of the N events whose codes are in fold->codes. */
static void
find_groups(struct fold *fold, const struct plan_query *query, size_t n, uint32_t *ret)
{
	struct groups *groups = &fold->groups[query - fold->plan->queries];

	if (has_few_codes(query->query))
		group_few(fold, groups, fold->codes[0], n, ret);
	else
		groups_get_many(groups, fold->codes, n, fold->hashes, ret);
}

/* Events that are not taken make no group: they get the first, where they add nothing. */
static const uint32_t *
group_tuples(struct fold *fold, const struct plan_query *query, const struct taken *taken)
{
	const uint16_t *at = places(fold, taken);
	size_t n = taken->count;

	for (unsigned k = 0; k < query->query->key_count; k++)
		fold_codes(fold, &query->query->keys[k], at, n, fold->codes[k]);
	if (n == fold->batch->n) {
		find_groups(fold, query, n, fold->group);
		return fold->group;
	}
	find_groups(fold, query, n, fold->found);
	memset(fold->group, 0, fold->batch->n * sizeof(*fold->group));
	for (size_t i = 0; i < n; i++)
		fold->group[at[i]] = fold->found[i];
	return fold->group;
}

static struct target
find_rows(struct fold *fold, const struct plan_query *query, const struct taken *taken)
{
	static const uint32_t first_group[FOLD_BATCH];
	const struct query_key *key = &query->query->keys[0];
	struct target target = {.group = first_group, .one = query->grouping == GROUP_ONE,
	    .rows = fold_rows(fold, query)};

	if (query->grouping == GROUP_NUMBER) {
		target.group = fold_numbers(fold, key, taken);
		if (key->function != KEY_FIELD)
			fold_reserve(fold); /* some may just have been numbered */
	} else if (query->grouping == GROUP_TUPLE) {
		target.group = group_tuples(fold, query, taken);
	}
	target.stride = target.rows->stride;
	target.first = rows_at(target.rows, 0);
	return target;
}

/* ---- counts: what most measures are ---- */

/* How much the events TAKEN stand for. */
static uint64_t
weight_of(const struct fold *fold, const struct taken *taken)
{
	uint64_t sum = 0;

	if (fold->unit)
		return taken->count;
	for (size_t i = 0; i < fold->batch->n; i++)
		sum += taken->flags[i] ? fold->weight[i] : 0;
	return sum;
}

static void
count_weighted(const struct fold *fold, const struct target *target, unsigned cell,
    const uint8_t *flags)
{
	for (size_t i = 0; i < fold->batch->n; i++)
		if (flags[i])
			rows_add(target->rows, target->group[i], cell, fold->weight[i]);
}

static void
count_one(const struct target *target, unsigned cell, const uint8_t *flags, size_t n)
{
	for (size_t i = 0; i < n; i++)
		row_of(target, i)[cell] += flags[i];
}

static void
count_two(const struct target *target, const unsigned cell[2], const uint8_t *const flags[2],
    size_t n)
{
	const uint8_t *a = flags[0], *b = flags[1];
	size_t at = cell[0], to = cell[1];

	for (size_t i = 0; i < n; i++) {
		uint32_t *row = row_of(target, i);

		row[at] += a[i];
		row[to] += b[i];
	}
}

static void
count_in_rows(struct fold *fold, const struct kind_walk *walk, const struct target *target)
{
	const uint8_t *flags[2];
	unsigned cell[2], waiting = 0;

	for (size_t c = 0; c < walk->count_count; c++) {
		const struct kind_count *count = &walk->counts[c];
		const struct taken *taken = fold_taken(fold, count->mask);

		if (taken->count == 0)
			continue;
		if (!fold->unit) {
			count_weighted(fold, target, count->cell, taken->flags);
			continue;
		}
		cell[waiting] = count->cell;
		flags[waiting++] = taken->flags;
		if (waiting == 2)
			count_two(target, cell, flags, fold->batch->n);
		waiting %= 2;
	}
	if (waiting)
		count_one(target, cell[0], flags[0], fold->batch->n);
}

/* ---- numbers: sums, smallest, largest and latest ones ---- */

/* Fills fold->value with 64-bit numbers, each exclusive-ored with FLIP; 0 where not TAKEN. */
static void
take_numbers(struct fold *fold, enum field field, uint64_t flip, const uint8_t *flags)
{
	size_t offset = event_fields[field].offset;

	for (size_t i = 0; i < fold->batch->n; i++) {
		const struct event *ev = fold->batch->event[i];
		uint64_t value, take = flags[i] & (uint64_t)event_knows(ev, field);

		memcpy(&value, (const char *)ev + offset, sizeof(value));
		fold->value[i] = (value ^ flip) & -take;
	}
}

/* The same of other fields: of texts, and of ENUM and BOOL. */
static void
take_codes(struct fold *fold, enum field field, uint64_t flip, const uint8_t *flags)
{
	bool text = event_fields[field].domain != DOMAIN_NONE;

	for (size_t i = 0; i < fold->batch->n; i++) {
		uint64_t value = text ? event_numbers(fold->batch, field)[i]
				      : event_bytes(fold->batch, field)[i];
		uint64_t take = flags[i] & (uint64_t)(text ? value != SYMBOL_ABSENT :
		    event_knows(fold->batch->event[i], field));

		fold->value[i] = (value ^ flip) & -take;
	}
}

/* Multiplies the values with what their events stand for; bounded as cell_sum(). */
static void
weigh_values(struct fold *fold)
{
	for (size_t i = 0; i < fold->batch->n; i++) {
		int64_t value = (int64_t)fold->value[i], product;

		if (__builtin_mul_overflow(value, (int64_t)fold->weight[i], &product))
			product = value < 0 ? INT64_MIN : INT64_MAX;
		fold->value[i] = (uint64_t)product;
	}
}

/* Fills fold->value with what is combined into the cells of MEASURE; 0: nothing. */
static void
take_values(struct fold *fold, const struct query_measure *measure, const uint8_t *flags)
{
	enum field field = measure->field;
	enum field_type type = event_fields[field].type;
	uint64_t flip = 0;

	if (measure->op == MEASURE_MIN)
		flip = cell_of_min(0);
	else if (measure->op == MEASURE_MAX)
		flip = cell_of_max(0);
	if (event_fields[field].domain != DOMAIN_NONE || type == TYPE_ENUM ||
	    type == TYPE_BOOL)
		take_codes(fold, field, flip, flags);
	else
		take_numbers(fold, field, flip, flags);
	if (measure->op == MEASURE_SUM && !fold->unit)
		weigh_values(fold);
}

static void
combine_values(const struct fold *fold, const struct target *target, unsigned cell,
    enum combine combine)
{
	const uint64_t *value = fold->value;
	size_t n = fold->batch->n;
	uint64_t sum = 0;

	if (combine == COMBINE_ADD && target->one) {
		for (size_t i = 0; i < n; i++)
			sum = cell_sum(sum, value[i]);
		cell_combine(row_of(target, 0) + cell, sum, combine);
		return;
	}
	for (size_t i = 0; i < n; i++)
		cell_combine(row_of(target, i) + cell, value[i], combine);
}

/* Times, which most measures but counts are of, go into their cells at once. */
static void
combine_times(const struct fold *fold, const struct target *of, unsigned cell,
    enum measure_op op, const uint8_t *flags)
{
	uint64_t flip = op == MEASURE_FIRST ? cell_of_min(0) : cell_of_max(0);
	const struct target target = *of;

	for (size_t i = 0; i < fold->batch->n; i++) {
		const struct event *ev = fold->batch->event[i];
		uint64_t take = flags[i] & (uint64_t)event_knows(ev, FIELD_time);

		cell_combine(row_of(&target, i) + cell, ((uint64_t)ev->time ^ flip) & -take,
		    COMBINE_MAX);
	}
}

void
cell_latest(const struct fold *fold, const struct plan_measure *measure, uint32_t *row,
    uint32_t number, uint64_t time)
{
	uint32_t *latest = &row[measure->cell];
	uint64_t since = cell_wide(&row[measure->since]);
	const struct dict *dict = &fold->symbols->dict[event_fields[measure->measure->field]
							   .domain];

	if (number == SYMBOL_ABSENT || time < since)
		return;
	if (time > since ||
	    str_compare(dict_text(dict, number), dict_text(dict, *latest)) > 0)
		*latest = number;
	cell_set_wide(&row[measure->since], time);
}

static void
combine_latest(const struct fold *fold, const struct target *target,
    const struct kind_measure *here)
{
	for (size_t i = 0; i < fold->batch->n; i++)
		cell_latest(fold, here->measure, row_of(target, i) + here->query->offset,
		    (uint32_t)fold->value[i], cell_of_max(fold->batch->event[i]->time));
}

/* ---- pairs: distinct values and histograms ---- */

/* The codes that MEASURE counts the events at fold->at under; of a sample only those in it. */
static size_t
pair_codes(struct fold *fold, const struct query_measure *measure, unsigned level,
    const uint16_t **at, size_t n)
{
	struct query_key key = {.field = measure->field, .function = measure->function};
	uint32_t *codes = fold->codes[0];
	size_t kept = 0;

	if (measure->op == MEASURE_QUANTILE) {
		fold_buckets(fold, measure->field, *at, n, codes);
		return n;
	}
	fold_codes(fold, &key, *at, n, codes);
	if (level == 0)
		return n;
	for (size_t i = 0; i < n; i++) {
		fold->at[kept] = (*at)[i];
		codes[kept] = codes[i];
		kept += code_sampled(fold, measure, codes[i], level);
	}
	*at = fold->at;
	return kept;
}

static void
add_pairs(struct fold *fold, const struct kind_measure *here, const struct target *target,
    const struct taken *taken)
{
	const struct plan_measure *measure = here->measure;
	struct pairs *pairs = &fold->pairs[measure->pairs];
	const uint16_t *at = places(fold, taken);
	size_t n, news;

	n = pair_codes(fold, measure->measure, pairs->level, &at, taken->count);
	for (size_t i = 0; i < n; i++)
		fold->codes[1][i] = target->group[at[i]];
	for (size_t i = 0; !fold->unit && i < n; i++)
		fold->pair_weight[i] = fold->weight[at[i]];
	news = pairs_add_many(pairs, fold->codes, fold->unit ? NULL : fold->pair_weight, n,
	    fold->hashes, fold->found, fold->news);
	if (measure->measure->op != MEASURE_DISTINCT)
		return;
	for (size_t i = 0; i < news; i++)
		row_of(target, at[fold->news[i]])[here->query->offset + measure->cell]++;
}

/* The same where the numbers themselves tell the groups. */
static void
set_numbers(struct fold *fold, const struct kind_measure *here, const struct target *target,
    const uint8_t *flags)
{
	enum field field = here->measure->measure->field;
	struct pairs *pairs = &fold->pairs[here->measure->pairs];
	const uint32_t *numbers = event_numbers(fold->batch, field);
	unsigned cell = here->query->offset + here->measure->cell;

	pairs_make_room(pairs, fold->symbols->dict[event_fields[field].domain].count);
	for (size_t i = 0; i < fold->batch->n; i++)
		if (flags[i] && pairs_set(pairs, numbers[i]))
			row_of(target, i)[cell]++;
}

static void
fold_measure(struct fold *fold, const struct kind_measure *here, const struct target *target)
{
	const struct taken *taken = fold_taken(fold, here->mask);
	const struct query_measure *measure = here->measure->measure;
	const struct pairs *pairs;

	if (taken->count == 0)
		return;
	if (measure->op == MEASURE_FIRST || measure->op == MEASURE_LAST) {
		combine_times(fold, target, here->query->offset + here->measure->cell,
		    measure->op, taken->flags);
		return;
	}
	if (here->measure->pairs == NO_PAIRS) {
		take_values(fold, measure, taken->flags);
		if (measure->op == MEASURE_LATEST) {
			combine_latest(fold, target, here);
			return;
		}
		combine_values(fold, target, here->query->offset + here->measure->cell,
		    measure_combine(measure->op));
		return;
	}
	pairs = &fold->pairs[here->measure->pairs];
	if (pairs->bitmap && pairs->level == 0 && measure->function == KEY_FIELD)
		set_numbers(fold, here, target, taken->flags);
	else
		add_pairs(fold, here, target, taken);
}

void
fold_walk(struct fold *fold, const struct kind_walk *walk)
{
	const struct taken *taken = fold_taken(fold, walk->mask);
	struct target target;

	if (taken->count == 0)
		return;
	target = find_rows(fold, walk->query, taken);
	if (target.one)
		for (size_t c = 0; c < walk->count_count; c++)
			rows_add(target.rows, 0, walk->counts[c].cell,
			    weight_of(fold, fold_taken(fold, walk->counts[c].mask)));
	else
		count_in_rows(fold, walk, &target);
	for (size_t m = 0; m < walk->measure_count; m++)
		fold_measure(fold, &walk->measures[m], &target);
}
