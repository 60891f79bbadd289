/* SPDX-License-Identifier: Apache-2.0
 *
 * filter: compiling a filter, and what can be said about it without an event:
 * the fields it reads and the kinds it can match.
 */
#include "event/filter.h"

#include "base/nearest.h"

#define ALL_KINDS (UINT64_MAX >> (64 - KINDS))

/* So many names at most are told one by one. */
enum { FEW_NAMES = 20 };

/* Adds KINDS_HERE to what may arrive at TARGET: a test, or an end. */
static void
arrive(struct filter *filter, uint64_t *reach, uint16_t target, uint64_t kinds_here)
{
	if (target >= FILTER_NO)
		filter->may[target == FILTER_YES] |= kinds_here;
	else
		reach[target] |= kinds_here;
}

/*
 * Follows all kinds at once through the tests: a test of the kind parts them,
 * any other lets each go both ways.
 */
static void
find_kinds(struct filter *filter)
{
	uint64_t *reach = xcalloc(filter->count, sizeof(*reach));

	reach[0] = ALL_KINDS;
	for (size_t i = 0; i < filter->count; i++) {
		const struct filter_test *test = &filter->tests[i];
		bool parts = test->field == FIELD_kind;

		arrive(filter, reach, test->yes, reach[i] & (parts ? test->set : ALL_KINDS));
		arrive(filter, reach, test->no, reach[i] & (parts ? ~test->set : ALL_KINDS));
	}
	free(reach);
}

static void
find_fields(struct filter *filter)
{
	for (size_t i = 0; i < filter->count; i++) {
		unsigned field = filter->tests[i].field;

		filter->fields[field / 64] |= UINT64_C(1) << (field % 64);
	}
}

static void
find_starts(struct filter *filter)
{
	for (unsigned kind = 0; kind < KINDS; kind++) {
		uint16_t at = 0;

		while (at < FILTER_NO && filter->tests[at].field == FIELD_kind)
			at = filter->tests[at].set >> kind & 1 ? filter->tests[at].yes
							       : filter->tests[at].no;
		filter->start[kind] = at;
	}
}

int
filter_compile(struct str text, struct filter **ret, struct err *err)
{
	struct filter *filter = xcalloc(1, sizeof(*filter));

	if (filter_parse(filter, text, err) < 0) {
		filter_free(filter);
		return -1;
	}
	find_kinds(filter);
	find_fields(filter);
	find_starts(filter);
	*ret = filter;
	return 0;
}

void
filter_free(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->count && !filter->narrowed; i++)
		if (filter->tests[i].how == HOW_REGEX || filter->tests[i].how == HOW_IP_REGEX)
			regex_free(filter->tests[i].regex);
	arena_free(&filter->arena);
	free(filter->tests);
	free(filter);
}

void
filter_fields(const struct filter *filter, uint64_t ret[2])
{
	ret[0] |= filter->fields[0];
	ret[1] |= filter->fields[1];
}

bool
filter_may_match_kind(const struct filter *filter, enum kind kind)
{
	return filter->may[1] >> kind & 1;
}

/* TEST as something that an event can be looked up by. */
static bool
is_lookup(const struct filter_test *test)
{
	return test->orders == ORDER_EQUAL && (test->how == HOW_EQUAL ||
	    test->how == HOW_ADDRESS || test->how == HOW_NET);
}

/* Along the tests that each event takes, whatever is in it, or is let through by none. */
size_t
filter_required(const struct filter *filter, struct filter_required *ret, size_t room)
{
	uint16_t at = 0;
	size_t n = 0;

	while (at < FILTER_NO && n < room) {
		const struct filter_test *test = &filter->tests[at];

		if (test->no == FILTER_NO && is_lookup(test)) {
			ret[n++] = (struct filter_required){
			    .field = (enum field)test->field, .net = test->net};
			if (test->how != HOW_NET)
				ret[n - 1].text = test->text;
		}
		if (test->no == FILTER_NO)
			at = test->yes;
		else if (test->yes == FILTER_NO)
			at = test->no;
		else
			break;
	}
	return n;
}

struct filter_word
filter_word(struct str word)
{
	struct filter_word out;
	struct str head = str_head(word, sizeof(out.text) - 4);

	for (size_t i = 0; i < head.len; i++) {
		bool plain = (unsigned char)(head.p[i] - 0x20) < 0x7f - 0x20;

		out.text[i] = plain ? head.p[i] : '?';
	}
	snprintf(out.text + head.len, 4, "%s", head.len < word.len ? "..." : "");
	return out;
}

int
filter_unknown(struct err *err, const char *what, struct str word, const char *const *names,
    size_t n)
{
	const char *near = nearest(word, names, n);
	struct buf all = BUF_INIT(sizeof(err->text));

	if (near)
		buf_printf(&all, "did you mean \"%s\"?", near);
	else if (n > FEW_NAMES)
		buf_str(&all, STR("man postern lists them"));
	else
		for (size_t i = 0; i < n; i++)
			buf_printf(&all, "%s%s", i ? ", " : "there are ", names[i]);
	err_set(err, "%s \"%s\"; %.*s", what, filter_word(word).text,
	    STR_ARG(buf_view(&all)));
	buf_done(&all);
	return -1;
}

char *
filter_of_kinds(uint64_t kinds)
{
	struct buf text = BUF_INIT(4096);
	char *result;

	for (unsigned kind = 1; kind < KINDS; kind++)
		if (kinds >> kind & 1)
			buf_printf(&text, "%skind=%s", text.len ? " | " : "",
			    event_enum_name(FIELD_kind, kind));
	result = xstrndup(text.p, text.len);
	buf_done(&text);
	return result;
}
