/* SPDX-License-Identifier: Apache-2.0
 *
 * filter-parse: the grammar of filters, by recursive descent.
 *
 *   any   = all { ("|" | "||") all }
 *   all   = not { ("&" | "&&") not }
 *   not   = { "!" } ( "(" any ")" | test )
 *   test  = KIND | BOOL-FIELD | FIELD op value
 *   op    = "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "in"
 *   value = quoted, or up to a space, "(", ")", "&" or "|"
 *
 * In quotes a backslash takes its meaning from a quote or a backslash behind it;
 * before anything else it stands for itself, so that "\d+\.x" needs no doubling.
 */
#include "event/filter.h"

struct reader {
	struct filter *filter;
	struct str text;
	size_t at;      /* of the next byte in `text` */
	unsigned depth;
	struct err *err;
};

static int parse_any(struct reader *reader);

/* ERR is set: says where. Columns are bytes, from 1. */
static int
fail_at(struct reader *reader, size_t at)
{
	return err_wrap(reader->err, "filter, column %zu", at + 1);
}

static char
next_char(const struct reader *reader)
{
	return reader->at < reader->text.len ? reader->text.p[reader->at] : '\0';
}

static bool
at_end(const struct reader *reader)
{
	return reader->at == reader->text.len;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
skip_spaces(struct reader *reader)
{
	while (is_space(next_char(reader)))
		reader->at++;
}

static struct str
rest_of(const struct reader *reader)
{
	return str_from(reader->text, reader->at);
}

static struct str
read_name(struct reader *reader)
{
	size_t begin = reader->at;

	while (char_is_alnum(next_char(reader)) || next_char(reader) == '_' ||
	    next_char(reader) == '-')
		reader->at++;
	return str_range(reader->text.p + begin, reader->text.p + reader->at);
}

/* Consumes "in" where a value may follow it. */
static bool
skip_in(struct reader *reader)
{
	struct str rest = rest_of(reader);

	if (!str_skip(&rest, STR("in")))
		return false;
	if (rest.len && !is_space(*rest.p) && *rest.p != '"' && *rest.p != '\'')
		return false;
	reader->at += 2;
	return true;
}

static bool
read_op(struct reader *reader, enum filter_op *ret)
{
	static const struct {
		struct str text;
		enum filter_op op;
	} ops[] = {
	    {STR("=="), OP_EQ},
	    {STR("="), OP_EQ},
	    {STR("!="), OP_NE},
	    {STR("<="), OP_LE},
	    {STR("<"), OP_LT},
	    {STR(">="), OP_GE},
	    {STR(">"), OP_GT},
	    {STR("~"), OP_MATCH},
	};

	for (unsigned i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (str_starts(rest_of(reader), ops[i].text)) {
			reader->at += ops[i].text.len;
			*ret = ops[i].op;
			return true;
		}
	if (!skip_in(reader))
		return false;
	*ret = OP_IN;
	return true;
}

/* Does S begin with a backslash and what it takes the meaning from? */
static bool
is_escape(struct str s, char quote)
{
	return s.len > 1 && s.p[0] == '\\' && (s.p[1] == quote || s.p[1] == '\\');
}

static int
read_quoted(struct reader *reader, struct str *ret)
{
	size_t begin = reader->at, len = 0;
	char quote = reader->text.p[reader->at++];
	struct str inside;
	char *copy;

	while (!at_end(reader) && next_char(reader) != quote)
		reader->at += is_escape(rest_of(reader), quote) ? 2 : 1;
	if (at_end(reader)) {
		err_set(reader->err, "the quote is not closed");
		return fail_at(reader, begin);
	}
	inside = str_range(reader->text.p + begin + 1, reader->text.p + reader->at++);
	copy = arena_alloc(&reader->filter->arena, inside.len);
	for (; inside.len; inside = str_from(inside, 1)) {
		if (is_escape(inside, quote))
			inside = str_from(inside, 1);
		copy[len++] = *inside.p;
	}
	*ret = (struct str){copy, len};
	return 0;
}

static int
read_value(struct reader *reader, struct str *ret)
{
	size_t begin = reader->at;
	char c = next_char(reader);

	if (c == '"' || c == '\'')
		return read_quoted(reader, ret);
	while (!at_end(reader) && !is_space(next_char(reader)) &&
	    !memchr("()&|", next_char(reader), 4))
		reader->at++;
	if (reader->at == begin) {
		err_set(reader->err, "a value is missing (the empty one is \"\")");
		return fail_at(reader, begin);
	}
	*ret = str_range(reader->text.p + begin, reader->text.p + reader->at);
	return 0;
}

/* TEST becomes the next in the list; where it leads is not known yet. */
static void
append(struct filter *filter, struct filter_test test)
{
	test.yes = FILTER_YES;
	test.no = FILTER_NO;
	MEM_GROW(filter->tests, filter->count, filter->room);
	filter->tests[filter->count++] = test;
}

static int
add_test(struct reader *reader, size_t at, enum field field, enum filter_op op,
    struct str value)
{
	struct filter *filter = reader->filter;
	struct filter_test test;

	if (filter_test_make(&test, field, op, value, &filter->arena, reader->err) < 0)
		return fail_at(reader, at);
	append(filter, test);
	return 0;
}

/* The message for a name that nothing is called; AT is where it stands. */
static int
fail_unknown(struct reader *reader, size_t at, struct str name, bool has_op)
{
	const char *names[FIELDS + KINDS];
	size_t n = 0;

	for (unsigned i = 0; i < FIELDS; i++)
		if (has_op || event_fields[i].type == TYPE_BOOL)
			names[n++] = event_fields[i].name;
	for (unsigned i = 1; i < KINDS && !has_op; i++)
		names[n++] = event_enum_name(FIELD_kind, i);
	filter_unknown(reader->err,
	    has_op ? "no field is called" : "no kind of event is called", name, names, n);
	return fail_at(reader, at);
}

/* NAME alone: a kind, a field that is true or false, or a field the event has. */
static int
parse_bare(struct reader *reader, size_t at, struct str name)
{
	enum field field = event_field_named(name);

	if (event_enum_value(FIELD_kind, name) > KIND_none)
		return add_test(reader, at, FIELD_kind, OP_EQ, name);
	if (field == FIELDS)
		return fail_unknown(reader, at, name, false);
	if (event_fields[field].type == TYPE_BOOL)
		return add_test(reader, at, field, OP_EQ, STR("true"));
	append(reader->filter,
	    (struct filter_test){.how = HOW_KNOWN, .field = (uint8_t)field});
	return 0;
}

static int
parse_test(struct reader *reader)
{
	size_t at = reader->at, value_at;
	struct str name = read_name(reader), value;
	enum field field;
	enum filter_op op;

	if (name.len == 0) {
		if (at_end(reader))
			err_set(reader->err, "a test is missing");
		else
			err_set(reader->err, "expected a field or a kind, found \"%s\"",
			    filter_word(rest_of(reader)).text);
		return fail_at(reader, at);
	}
	skip_spaces(reader);
	if (!read_op(reader, &op))
		return parse_bare(reader, at, name);
	field = event_field_named(name);
	if (field == FIELDS)
		return fail_unknown(reader, at, name, true);
	skip_spaces(reader);
	value_at = reader->at;
	if (read_value(reader, &value) < 0)
		return -1;
	return add_test(reader, value_at, field, op, value);
}

static int
parse_group(struct reader *reader)
{
	size_t begin = reader->at++;

	if (++reader->depth > FILTER_DEPTH_MAX) {
		err_set(reader->err, "more than %u parentheses inside each other",
		    FILTER_DEPTH_MAX);
		return fail_at(reader, begin);
	}
	if (parse_any(reader) < 0)
		return -1;
	reader->depth--;
	skip_spaces(reader);
	if (next_char(reader) == ')') {
		reader->at++;
		return 0;
	}
	if (at_end(reader)) {
		err_set(reader->err, "the parenthesis is not closed");
		return fail_at(reader, begin);
	}
	err_set(reader->err, "expected & or | or ), found \"%s\"",
	    filter_word(rest_of(reader)).text);
	return fail_at(reader, reader->at);
}

/* The tests from BEGIN on hold where they did not, and the other way round. */
static void
negate(struct filter *filter, size_t begin)
{
	for (size_t i = begin; i < filter->count; i++) {
		struct filter_test *test = &filter->tests[i];

		if (test->yes >= FILTER_NO)
			test->yes ^= FILTER_YES ^ FILTER_NO;
		if (test->no >= FILTER_NO)
			test->no ^= FILTER_YES ^ FILTER_NO;
	}
}

static int
parse_not(struct reader *reader)
{
	size_t begin = reader->filter->count;
	bool negative = false;
	int result;

	for (skip_spaces(reader); next_char(reader) == '!'; skip_spaces(reader)) {
		negative = !negative;
		reader->at++;
	}
	result = next_char(reader) == '(' ? parse_group(reader) : parse_test(reader);
	if (negative)
		negate(reader->filter, begin);
	return result;
}

/* Consumes OPERATOR, single or doubled. */
static bool
skip_operator(struct reader *reader, char operator)
{
	skip_spaces(reader);
	if (next_char(reader) != operator)
		return false;
	reader->at++;
	if (next_char(reader) == operator)
		reader->at++;
	return true;
}

/* What left the tests from BEGIN on for END goes on with the next test instead. */
static void
continue_after(struct filter *filter, size_t begin, uint16_t end)
{
	for (size_t i = begin; i < filter->count; i++) {
		struct filter_test *test = &filter->tests[i];

		if (test->yes == end)
			test->yes = (uint16_t)filter->count;
		if (test->no == end)
			test->no = (uint16_t)filter->count;
	}
}

static int
parse_all(struct reader *reader)
{
	for (;;) {
		size_t begin = reader->filter->count;

		if (parse_not(reader) < 0)
			return -1;
		if (!skip_operator(reader, '&'))
			return 0;
		continue_after(reader->filter, begin, FILTER_YES);
	}
}

static int
parse_any(struct reader *reader)
{
	for (;;) {
		size_t begin = reader->filter->count;

		if (parse_all(reader) < 0)
			return -1;
		if (!skip_operator(reader, '|'))
			return 0;
		continue_after(reader->filter, begin, FILTER_NO);
	}
}

int
filter_parse(struct filter *filter, struct str text, struct err *err)
{
	struct reader reader = {.filter = filter, .text = text, .err = err};

	if (text.len > FILTER_TEXT_MAX)
		return err_set(err, "the filter is longer than %u bytes", FILTER_TEXT_MAX);
	if (parse_any(&reader) < 0)
		return -1;
	skip_spaces(&reader);
	if (at_end(&reader))
		return 0;
	if (next_char(&reader) == ')')
		err_set(err, "a parenthesis is closed that was not opened");
	else
		err_set(err, "expected & or |, found \"%s\"",
		    filter_word(rest_of(&reader)).text);
	return fail_at(&reader, reader.at);
}
