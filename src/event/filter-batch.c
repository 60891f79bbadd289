/* SPDX-License-Identifier: Apache-2.0
 *
 * filter-batch: a filter for events of one kind only, and matching many of them.
 *
 * Of "kind = message | (kind = policy & action = reject)" nothing is left for messages,
 * and one test for policies: what asks the same of a kind can be asked once.
 */
#include <stdlib.h>

#include "base/flags.h"
#include "event/filter.h"

/* Where events of KIND that come to AT go on: behind the tests of their kind. */
static uint16_t
behind_kinds(const struct filter *filter, uint16_t at, enum kind kind)
{
	while (at < FILTER_NO && filter->tests[at].field == FIELD_kind)
		at = filter->tests[at].set >> kind & 1 ? filter->tests[at].yes
						       : filter->tests[at].no;
	return at;
}

/* The same, past tests already seen to that lead to one end whatever they say. */
static uint16_t
target(const struct filter *filter, uint16_t at, enum kind kind)
{
	at = behind_kinds(filter, at, kind);
	while (at < FILTER_NO && filter->tests[at].yes == filter->tests[at].no)
		at = filter->tests[at].yes;
	return at;
}

/* How many ways lead to AT. */
static unsigned
ways_to(const struct filter *filter, uint16_t at)
{
	unsigned ways = 0;

	for (size_t i = 0; i < at; i++)
		ways += filter->tests[i].yes == at || filter->tests[i].no == at;
	return ways;
}

/* Two tests of one field for a set each, the second only reached by the first, are one. */
static void
unite_sets(struct filter *filter)
{
	for (size_t i = filter->count; i-- > 0;) {
		struct filter_test *a = &filter->tests[i];
		bool either = a->no < FILTER_NO;
		uint16_t next = either ? a->no : a->yes;
		const struct filter_test *b = &filter->tests[next];

		if (next >= FILTER_NO || a->how != HOW_SET || b->how != HOW_SET ||
		    a->field != b->field || ways_to(filter, next) != 1)
			continue;
		if (either && a->yes == b->yes) {
			a->set |= b->set;
			a->no = b->no;
		} else if (!either && a->no == b->no) {
			a->set &= b->set;
			a->yes = b->yes;
		}
	}
}

/* Drops the tests that nothing leads to. */
static void
compact(struct filter *filter, uint16_t start)
{
	uint16_t *moved = xcalloc(filter->count, sizeof(*moved));
	bool *reached = xcalloc(filter->count, sizeof(*reached));
	uint16_t count = 0;

	reached[start] = true;
	for (size_t i = start; i < filter->count; i++) {
		const struct filter_test *test = &filter->tests[i];

		if (!reached[i])
			continue;
		moved[i] = count++;
		if (test->yes < FILTER_NO)
			reached[test->yes] = true;
		if (test->no < FILTER_NO)
			reached[test->no] = true;
	}
	for (size_t i = start; i < filter->count; i++) {
		struct filter_test test = filter->tests[i];

		if (!reached[i])
			continue;
		test.yes = test.yes < FILTER_NO ? moved[test.yes] : test.yes;
		test.no = test.no < FILTER_NO ? moved[test.no] : test.no;
		filter->tests[moved[i]] = test;
	}
	filter->count = count;
	free(moved);
	free(reached);
}

struct filter *
filter_narrow(const struct filter *filter, enum kind kind, bool *ret_all)
{
	struct filter *out = xcalloc(1, sizeof(*out));
	uint16_t start;

	out->narrowed = true;
	out->count = filter->count;
	out->tests = xcalloc(out->count, sizeof(*out->tests));
	memcpy(out->tests, filter->tests, out->count * sizeof(*out->tests));
	for (size_t i = out->count; i-- > 0;) {
		out->tests[i].yes = target(out, out->tests[i].yes, kind);
		out->tests[i].no = target(out, out->tests[i].no, kind);
	}
	start = target(out, 0, kind);
	if (start >= FILTER_NO) {
		*ret_all = start == FILTER_YES;
		filter_free(out);
		return NULL;
	}
	compact(out, start);
	unite_sets(out);
	compact(out, 0);
	return out;
}

static bool
same_value(const struct filter_test *a, const struct filter_test *b)
{
	switch ((enum filter_how)a->how) {
	case HOW_SET:
	case HOW_NUMBER:
	case HOW_WEIGHT:
		return a->set == b->set;
	case HOW_EQUAL:
	case HOW_ORDER:
	case HOW_ADDRESS:
		return str_eq(a->text, b->text);
	case HOW_NET:
		return memcmp(&a->net, &b->net, sizeof(a->net)) == 0;
	case HOW_REGEX:
	case HOW_IP_REGEX:
		return a->regex == b->regex;
	case HOW_KNOWN:
		break;
	}
	return true;
}

static bool
same_test(const struct filter_test *a, const struct filter_test *b)
{
	return a->how == b->how && a->field == b->field && a->orders == b->orders &&
	    a->absent == b->absent && same_value(a, b);
}

bool
filter_same(const struct filter *a, const struct filter *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct filter_test *x = &a->tests[i], *y = &b->tests[i];

		if (x->yes != y->yes || x->no != y->no || !same_test(x, y))
			return false;
	}
	return true;
}

/*
 * Gives TEST of filter F the answers of an equal one before; *LAST is the last that is kept.
 */
static void
share_test(struct filter *const *filters, size_t f, struct filter_test *test, uint8_t *last)
{
	for (size_t i = 0; i < f; i++)
		for (size_t t = 0; t < filters[i]->count; t++) {
			struct filter_test *other = &filters[i]->tests[t];

			if (!same_test(test, other))
				continue;
			if (other->answer == 0 && *last < FILTER_MANY)
				other->answer = ++*last;
			test->answer = other->answer;
			return;
		}
}

void
filter_share(struct filter *const *filters, size_t n)
{
	uint8_t last = 0;

	for (size_t f = 1; f < n; f++)
		for (size_t t = 0; t < filters[f]->count; t++)
			if (filters[f]->tests[t].how == HOW_EQUAL)
				share_test(filters, f, &filters[f]->tests[t], &last);
}

/* ---- matching ---- */

/* Does the text that EV has in FIELD equal WANT? */
static inline bool
has_text(const struct event *ev, enum field field, size_t offset, struct str want,
    const struct symbols *symbols)
{
	const struct text *text =
	    (const struct text *)(const void *)((const char *)ev + offset);

	if (text->len == 0)
		return str_eq(event_text(ev, field, symbols), want);
	return text->len == want.len && bytes_equal(ev->line + text->off, want.p, want.len);
}

static void
test_text(const struct filter_test *test, struct event_batch *batch,
    const struct symbols *symbols, uint8_t *ret)
{
	bool equal = test->orders == ORDER_EQUAL, absent = test->absent;
	enum field field = test->field;
	size_t offset = event_fields[field].offset;
	struct str want = test->text;

	for (size_t i = 0; i < batch->n; i++) {
		const struct event *ev = batch->event[i];

		ret[i] = event_knows(ev, field)
		    ? has_text(ev, field, offset, want, symbols) == equal : absent;
	}
}

/* A text is often that of the event before: then the test says what it said there. */
static void
test_each(const struct filter_test *test, const struct event_batch *batch,
    const struct symbols *symbols, const uint8_t *reach, uint8_t *ret)
{
	bool is_text = event_fields[test->field].domain != DOMAIN_NONE, said = false;
	struct str text, before = {.p = NULL};

	for (size_t i = 0; i < batch->n; i++) {
		const struct event *ev = batch->event[i];

		if (!reach[i])
			continue;
		if (!is_text || !event_knows(ev, test->field)) {
			ret[i] = filter_test_matches(test, ev, symbols);
			continue;
		}
		text = event_text(ev, test->field, symbols);
		if (before.p == NULL || !str_eq(text, before))
			said = filter_test_matches(test, ev, symbols);
		before = text;
		ret[i] = said;
	}
}

/* What TEST says of the events, where REACH says so at least. */
static const uint8_t *
run_test(const struct filter_test *test, struct event_batch *batch,
    const struct symbols *symbols, const uint8_t *reach)
{
	uint8_t *ret = batch->answers[test->answer];
	enum field field = test->field;

	if (test->how == HOW_SET) {
		flags_in_set(ret, reach, event_bytes(batch, field), test->set, batch->n);
	} else if (test->how == HOW_KNOWN) {
		for (size_t i = 0; i < batch->n; i++)
			ret[i] = event_knows(batch->event[i], field);
	} else if (test->how == HOW_EQUAL) {
		if (!(batch->answered >> test->answer & 1))
			test_text(test, batch, symbols, ret);
		batch->answered |= UINT32_C(1) << test->answer & ~UINT32_C(1);
	} else {
		test_each(test, batch, symbols, reach, ret);
	}
	return ret;
}

/* Events of REACH where the test says what INVERT makes of HOLDS go on TO there. */
static void
send(struct event_batch *batch, const uint8_t *reach, const uint8_t *holds, bool invert,
    uint16_t to, uint8_t *ret)
{
	if (to != FILTER_NO)
		flags_add(to == FILTER_YES ? ret : batch->reach[to], reach, holds, invert,
		    batch->n);
}

/* Test by test, as each leads further down only; without a branch on what one event says. */
void
filter_match_many(const struct filter *filter, struct event_batch *batch,
    const struct symbols *symbols, uint8_t *ret)
{
	const struct filter_test *test = filter->tests;

	if (filter->count == 1 && test->how == HOW_SET) {
		flags_in_set(ret, batch->all, event_bytes(batch, test->field),
		    test->yes == FILTER_YES ? test->set : ~test->set, batch->n);
		return;
	}
	flags_clear(ret, batch->n);
	if (filter->count > FILTER_MANY) {
		for (size_t i = 0; i < batch->n; i++)
			ret[i] = filter_match_from(filter, 0, batch->event[i], symbols);
		return;
	}
	for (size_t t = 1; t < filter->count; t++)
		flags_clear(batch->reach[t], batch->n);
	for (size_t t = 0; t < filter->count; t++, test++) {
		const uint8_t *reach = t ? batch->reach[t] : batch->all, *holds;

		if (t && flags_count(reach, batch->n) == 0)
			continue;
		holds = run_test(test, batch, symbols, reach);
		send(batch, reach, holds, false, test->yes, ret);
		send(batch, reach, holds, true, test->no, ret);
	}
}
