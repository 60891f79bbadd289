/* SPDX-License-Identifier: Apache-2.0
 *
 * filter-match: running a filter's tests on one event.
 */
#include "event/filter.h"

static bool
in_order(const struct filter_test *test, int order)
{
	unsigned got = order < 0 ? ORDER_LESS : order > 0 ? ORDER_GREATER : ORDER_EQUAL;

	return test->orders & got;
}

static bool
number_matches(const struct filter_test *test, int64_t value)
{
	return in_order(test, (value > test->number) - (value < test->number));
}

/*
 * Does TEXT's beginning tell that it is in no net like this one of IPv4? IPv4 begins with
 * another number, and IPv6 that stands for IPv4 with zeros.
 */
static bool
begins_elsewhere(struct str text, const struct cidr *net)
{
	unsigned value = 0;
	size_t n = 0;

	if (net->base.family != 4 || net->bits < 8)
		return false;
	for (; n < text.len && n < 4 && char_is_digit(text.p[n]); n++)
		value = value * 10 + (unsigned)(text.p[n] - '0');
	if (n == 0 || n == text.len || *text.p == '0')
		return false;
	return text.p[n] == ':' || (text.p[n] == '.' && value != net->base.byte[0]);
}

/* What is no address is in no net. */
static bool
is_in_net(struct str text, const struct cidr *net)
{
	struct ip ip;

	return !begins_elsewhere(text, net) && ip_parse(text, &ip) && cidr_contains(net, &ip);
}

/*
 * Text without a colon is IPv4 or nothing, and ip_parse() takes IPv4 in one
 * spelling only: then bytes decide.
 */
static bool
is_address(const struct filter_test *test, struct str text)
{
	if (str_index(text, ':') == text.len)
		return str_eq(text, test->text);
	return is_in_net(text, &test->net);
}

static bool
address_regex_matches(const struct regex *regex, struct str text)
{
	char form[IP_TEXT_MAX];
	struct ip ip;

	if (ip_parse(text, &ip)) {
		text.len = ip_format(&ip, form);
		text.p = form;
	}
	return regex_match(regex, text);
}

static bool
text_matches(const struct filter_test *test, struct str text)
{
	bool equal = test->orders == ORDER_EQUAL;

	switch ((enum filter_how)test->how) {
	case HOW_EQUAL:
		return str_eq(text, test->text) == equal;
	case HOW_ORDER:
		return in_order(test, str_compare(text, test->text));
	case HOW_REGEX:
		return regex_match(test->regex, text);
	case HOW_ADDRESS:
		return is_address(test, text) == equal;
	case HOW_NET:
		return is_in_net(text, &test->net) == equal;
	case HOW_IP_REGEX:
		return address_regex_matches(test->regex, text);
	case HOW_SET:
	case HOW_NUMBER:
	case HOW_WEIGHT:
	case HOW_KNOWN:
		break;
	}
	return false;
}

/* The value of an ENUM or BOOL field, which take one byte. */
static uint8_t
small_value(const struct event *ev, enum field field)
{
	return *((const uint8_t *)ev + event_fields[field].offset);
}

bool
filter_test_matches(const struct filter_test *test, const struct event *ev,
    const struct symbols *symbols)
{
	enum field field = (enum field)test->field;
	bool known = event_knows(ev, field);

	if (field == FIELD_kind) /* every event has one */
		return test->set >> (ev->kind & 63) & 1;
	if (test->how == HOW_WEIGHT)
		return number_matches(test, ev->weight);
	if (test->how == HOW_SET)
		return test->set >> (known ? small_value(ev, field) & 63u : 0u) & 1;
	if (!known || test->how == HOW_KNOWN)
		return known || test->absent;
	if (test->how == HOW_NUMBER)
		return number_matches(test, event_number(ev, field));
	return text_matches(test, event_text(ev, field, symbols));
}

bool
filter_match_from(const struct filter *filter, uint16_t at, const struct event *ev,
    const struct symbols *symbols)
{
	while (at < FILTER_NO) {
		const struct filter_test *test = &filter->tests[at];

		at = filter_test_matches(test, ev, symbols) ? test->yes : test->no;
	}
	return at == FILTER_YES;
}

bool
filter_match(const struct filter *filter, const struct event *ev,
    const struct symbols *symbols)
{
	return filter_match_from(filter, filter->start[ev->kind], ev, symbols);
}
