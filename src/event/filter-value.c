/* SPDX-License-Identifier: Apache-2.0
 *
 * filter-value: one test from a field, an operator and the text of a value, by the
 * field's type: delay > 10m, size >= 1.5M, ip in 192.0.2.0/24, kind ~ ^ps_.
 */
#include "event/filter.h"

static int
make_number(struct filter_test *test, struct str value, struct err *err)
{
	test->how = test->field == FIELD_count ? HOW_WEIGHT : HOW_NUMBER;
	return filter_number(event_fields[test->field].type, value, &test->number, err) < 0 ?
	    err_wrap(err, "%s", event_fields[test->field].name) : 0;
}

static int
make_bool(struct filter_test *test, struct str value, struct err *err)
{
	static const char *const words[] = {"false", "true", "no", "yes", "0", "1"};

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq(str_of(words[i]), value)) {
			test->set = i % 2 ? 2 : 1;
			return 0;
		}
	return err_set(err, "%s is true or false, not \"%s\"", event_fields[test->field].name,
	    filter_word(value).text);
}

/* The names of FIELD's values, at most 64; returns how many. */
static unsigned
list_names(enum field field, const char *names[64])
{
	static const unsigned counts[FIELDS] = {
	    [FIELD_kind] = KINDS,
	    [FIELD_outcome] = OUTCOMES,
	    [FIELD_reason] = REASONS,
	    [FIELD_severity] = SEVERITIES,
	};

	for (unsigned i = 0; i < counts[field]; i++)
		names[i] = event_enum_name(field, i);
	return counts[field];
}

static int
make_enum(struct filter_test *test, struct str value, struct err *err)
{
	enum field field = (enum field)test->field;
	int number = event_enum_value(field, value);
	const char *names[64]; /* the first is "none": absent */
	char what[64];

	if (number >= 0) {
		test->set = UINT64_C(1) << number;
		return 0;
	}
	snprintf(what, sizeof(what), "%s has no value", event_fields[field].name);
	return filter_unknown(err, what, value, names + 1, list_names(field, names) - 1);
}

static int
make_regex(struct regex **ret, struct str value, struct err *err)
{
	return regex_compile(value, ret, err) < 0 ? err_wrap(err, "regular expression") : 0;
}

/* A regular expression over the names becomes the set of those that match it. */
static int
make_enum_regex(struct filter_test *test, struct str value, struct err *err)
{
	const char *names[64];
	unsigned n = list_names((enum field)test->field, names);
	struct regex *regex;

	if (make_regex(&regex, value, err) < 0)
		return -1;
	for (unsigned i = 1; i < n; i++) /* 0 is "none": absent */
		if (regex_match(regex, str_of(names[i])))
			test->set |= UINT64_C(1) << i;
	regex_free(regex);
	return 0;
}

static int
make_set(struct filter_test *test, enum filter_op op, struct str value, struct err *err)
{
	int result;

	test->how = HOW_SET;
	if (op == OP_MATCH)
		return make_enum_regex(test, value, err);
	result = event_fields[test->field].type == TYPE_BOOL ? make_bool(test, value, err) :
							       make_enum(test, value, err);
	if (op == OP_NE)
		test->set = ~test->set;
	return result;
}

static int
make_ip(struct filter_test *test, enum filter_op op, struct str value, struct arena *arena,
    struct err *err)
{
	char canonical[IP_TEXT_MAX];
	struct cidr *net = &test->net;
	unsigned most;

	if (op == OP_MATCH) {
		test->how = HOW_IP_REGEX;
		return make_regex(&test->regex, value, err);
	}
	most = cidr_wrong_length(value);
	if (most)
		return err_set(err, "\"%s\" is no network: its prefix length is 0 to %u",
		    filter_word(value).text, most);
	if (!cidr_parse(value, net))
		return err_set(err, "\"%s\" is neither an address nor a network",
		    filter_word(value).text);
	test->how = HOW_NET;
	if (cidr_is_address(net)) {
		test->how = HOW_ADDRESS;
		ip_format(&net->base, canonical);
		test->text = arena_str(arena, str_of(canonical));
	}
	return 0;
}

static int
make_text(struct filter_test *test, enum filter_op op, struct str value, struct arena *arena,
    struct err *err)
{
	if (op == OP_MATCH) {
		test->how = HOW_REGEX;
		return make_regex(&test->regex, value, err);
	}
	test->how = op == OP_EQ || op == OP_NE ? HOW_EQUAL : HOW_ORDER;
	test->text = arena_str(arena, value);
	return 0;
}

#define EQUALITY (1u << OP_EQ | 1u << OP_NE)
#define ORDERING (1u << OP_LT | 1u << OP_LE | 1u << OP_GT | 1u << OP_GE)

/* What can be asked of each type, as a set of operators and in words. */
static const struct {
	unsigned ops;
	const char *words;
} allowed[] = {
	[TYPE_TEXT] = {EQUALITY | ORDERING | 1u << OP_MATCH, "= != < <= > >= ~"},
	[TYPE_IP] = {EQUALITY | 1u << OP_MATCH | 1u << OP_IN, "= != ~ in"},
	[TYPE_ENUM] = {EQUALITY | 1u << OP_MATCH, "= != ~"},
	[TYPE_BOOL] = {EQUALITY, "= !="},
	[TYPE_INT] = {EQUALITY | ORDERING, "= != < <= > >="},
	[TYPE_SIZE] = {EQUALITY | ORDERING, "= != < <= > >="},
	[TYPE_DURATION] = {EQUALITY | ORDERING, "= != < <= > >="},
	[TYPE_MILLI] = {EQUALITY | ORDERING, "= != < <= > >="},
	[TYPE_TIME] = {EQUALITY | ORDERING, "= != < <= > >="},
	[TYPE_ID] = {EQUALITY, "= !="},
};

static const uint8_t orders_of[] = {
	[OP_EQ] = ORDER_EQUAL,
	[OP_NE] = ORDER_LESS | ORDER_GREATER,
	[OP_LT] = ORDER_LESS,
	[OP_LE] = ORDER_LESS | ORDER_EQUAL,
	[OP_GT] = ORDER_GREATER,
	[OP_GE] = ORDER_GREATER | ORDER_EQUAL,
	[OP_MATCH] = ORDER_EQUAL,
	[OP_IN] = ORDER_EQUAL,
};

int
filter_test_make(struct filter_test *test, enum field field, enum filter_op op,
    struct str value, struct arena *arena, struct err *err)
{
	const struct event_field *about = &event_fields[field];

	*test = (struct filter_test){
	    .field = (uint8_t)field, .orders = orders_of[op], .absent = op == OP_NE};
	if (field == FIELD_source)
		return err_set(err, "source cannot be asked for in a filter; "
		    "give only the inputs that are wanted");
	if (!(allowed[about->type].ops >> op & 1))
		return err_set(err, "%s takes the operators %s", about->name,
		    allowed[about->type].words);
	switch (about->type) {
	case TYPE_TEXT:
		return make_text(test, op, value, arena, err);
	case TYPE_IP:
		return make_ip(test, op, value, arena, err);
	case TYPE_ENUM:
	case TYPE_BOOL:
		return make_set(test, op, value, err);
	case TYPE_INT:
	case TYPE_SIZE:
	case TYPE_DURATION:
	case TYPE_MILLI:
	case TYPE_TIME:
	case TYPE_ID:
		break;
	}
	return make_number(test, value, err);
}
