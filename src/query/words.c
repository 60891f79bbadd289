/* SPDX-License-Identifier: Apache-2.0
 *
 * words: the keys and measures people type: "ip,domain(sender),hour(time)" and
 * "count,distinct(user),sum(size),p50(delay)".
 */
#include "base/nearest.h"
#include "query/room.h"

/* One "function(argument)" or bare word. */
struct item {
	struct str whole, function, argument;
	bool call;
};

/* Takes the next comma-separated word from *TEXT; -1 when parentheses do not match. */
static int
next_word(struct str *text, struct item *ret, struct err *err)
{
	struct str item = str_trim(str_cut(text, ','));
	size_t open = str_index(item, '(');

	*ret = (struct item){.whole = item, .function = item};
	if (item.len == 0)
		return err_set(err, "an empty word in the list");
	if (open == item.len && str_index(item, ')') == item.len)
		return 0;
	if (open == item.len || !str_ends(item, STR(")")))
		return err_set(err, "'%.*s': expected function(field)", STR_ARG(item));
	ret->call = true;
	ret->function = str_trim(str_head(item, open));
	ret->argument = str_trim((struct str){item.p + open + 1, item.len - open - 2});
	return 0;
}

static int
get_field(struct str name, enum field *ret, struct err *err)
{
	const char *names[FIELDS], *near;

	*ret = event_field_named(name);
	if (*ret != FIELDS)
		return 0;
	for (unsigned f = 0; f < FIELDS; f++)
		names[f] = event_fields[f].name;
	near = nearest(name, names, FIELDS);
	if (near)
		return err_set(err, "no field is called '%.*s'; did you mean '%s'?",
		    STR_ARG(name), near);
	return err_set(err, "no field is called '%.*s'; man postern lists them",
	    STR_ARG(name));
}

static const struct key_word {
	const char *name;
	enum key_function function;
	const char *argument; /* used when it is called without one */
} key_words[] = {
    {"net", KEY_NET, "ip"},
    {"domain", KEY_DOMAIN, "sender"},
    {"hour", KEY_HOUR, "time"},
    {"day", KEY_DAY, "time"},
};

#define KEY_WORDS (sizeof(key_words) / sizeof(*key_words))

/* Does FUNCTION take FIELD? */
static int
check_key(const struct query_key *key, struct str whole, struct err *err)
{
	const struct event_field *field = &event_fields[key->field];
	bool fits = key->function == KEY_FIELD
	    ? field->type != TYPE_TIME && field->type != TYPE_ID
	    : key->function == KEY_NET ? field->domain == DOMAIN_IP
	    : key->function == KEY_DOMAIN ? field->domain == DOMAIN_ADDRESS
					  : field->type == TYPE_TIME;

	if (fits)
		return 0;
	if (field->type == TYPE_TIME)
		return err_set(err, "'%.*s': use hour(%s) or day(%s)", STR_ARG(whole),
		    field->name, field->name);
	return err_set(err, "'%.*s': does not work on %s", STR_ARG(whole), field->name);
}

static int
parse_key(const struct item *word, struct query_key *ret, struct arena *arena, struct err *err)
{
	*ret = (struct query_key){.function = KEY_FIELD,
	    .name = arena_cstr(arena, word->whole)};
	for (size_t i = 0; i < KEY_WORDS; i++) {
		struct str argument = word->argument;

		if (!str_eq(word->function, str_of(key_words[i].name)))
			continue;
		if (argument.len == 0)
			argument = str_of(key_words[i].argument);
		ret->function = key_words[i].function;
		if (get_field(argument, &ret->field, err) < 0)
			return -1;
		return check_key(ret, word->whole, err);
	}
	if (word->call)
		return err_set(err,
		    "'%.*s': no such function; there are net, domain, hour, day",
		    STR_ARG(word->whole));
	if (get_field(word->whole, &ret->field, err) < 0)
		return -1;
	return check_key(ret, word->whole, err);
}

/* Is NAME that of a column? Rows of JSON have each name once. */
static bool
is_column(const struct query *query, struct str name)
{
	for (unsigned k = 0; k < query->key_count; k++)
		if (str_eq(name, str_of(query->keys[k].name)))
			return true;
	for (unsigned m = 0; m < query->measure_count; m++)
		if (str_eq(name, str_of(query->measures[m].name)))
			return true;
	return false;
}

int
query_parse_by(struct str text, struct query *ret, struct arena *arena, struct err *err)
{
	struct item word;
	bool more = true;

	ret->key_count = ret->measure_count = 0;
	while (more) {
		more = str_index(text, ',') < text.len;
		if (ret->key_count == QUERY_KEYS)
			return err_set(err, "more than %d keys", QUERY_KEYS);
		if (next_word(&text, &word, err) < 0 ||
		    parse_key(&word, &ret->keys[ret->key_count], arena, err) < 0)
			return -1;
		if (is_column(ret, word.whole))
			return err_set(err, "'%.*s' is named twice", STR_ARG(word.whole));
		ret->key_count++;
	}
	return 0;
}

static const struct measure_word {
	const char *name;
	enum measure_op op;
	bool field; /* takes one */
} measure_words[] = {
    {"count", MEASURE_COUNT, false},
    {"distinct", MEASURE_DISTINCT, true},
    {"sum", MEASURE_SUM, true},
    {"min", MEASURE_MIN, true},
    {"max", MEASURE_MAX, true},
    {"first", MEASURE_FIRST, false},
    {"last", MEASURE_LAST, false}, /* with a field: MEASURE_LATEST */
};

#define MEASURE_WORDS (sizeof(measure_words) / sizeof(*measure_words))

/* "p5", "p50", "p999" (= 99.9 %), "p100" (the largest); "p101" is none. */
static bool
parse_percentile(struct str name, double *ret)
{
	int64_t digits;
	double scale = 100;

	if (!str_skip_char(&name, 'p') || name.len < 1 || name.len > 4 ||
	    !str_number(name, &digits))
		return false;
	if (str_eq(name, STR("100"))) {
		*ret = 1;
		return true;
	}
	if (digits == 0 || (name.len > 2 && !str_starts(name, STR("99"))))
		return false;
	for (size_t i = 2; i < name.len; i++)
		scale *= 10;
	*ret = (double)digits / scale;
	return true;
}

/* The field of a measure: distinct also takes net(ip) and domain(address). */
static int
measure_field(const struct item *word, struct query_measure *ret, struct arena *arena,
    struct err *err)
{
	struct query_key key;
	struct item inner;
	struct str argument = word->argument;

	if (next_word(&argument, &inner, err) < 0 || parse_key(&inner, &key, arena, err) < 0)
		return -1;
	ret->field = key.field;
	ret->function = key.function;
	if (ret->op == MEASURE_DISTINCT)
		return 0;
	if (ret->op == MEASURE_LATEST && key.function == KEY_FIELD &&
	    event_fields[key.field].domain != DOMAIN_NONE)
		return 0;
	if (ret->op == MEASURE_LATEST)
		return err_set(err, "'%.*s': last() is of a text, such as last(name)",
		    STR_ARG(word->whole));
	if (key.function != KEY_FIELD || event_fields[key.field].domain != DOMAIN_NONE ||
	    event_fields[key.field].type == TYPE_ENUM)
		return err_set(err, "'%.*s': %s is not a number", STR_ARG(word->whole),
		    event_fields[key.field].name);
	return 0;
}

static int
parse_measure(const struct item *word, struct query_measure *ret, struct arena *arena,
    struct err *err)
{
	*ret = (struct query_measure){.name = arena_cstr(arena, word->whole)};
	for (size_t i = 0; i < MEASURE_WORDS; i++) {
		if (!str_eq(word->function, str_of(measure_words[i].name)))
			continue;
		ret->op = measure_words[i].op;
		if (ret->op == MEASURE_LAST && word->call)
			ret->op = MEASURE_LATEST;
		if (measure_words[i].field || ret->op == MEASURE_LATEST)
			return measure_field(word, ret, arena, err);
		if (word->argument.len)
			return err_set(err, "'%.*s': %s takes no field", STR_ARG(word->whole),
			    measure_words[i].name);
		return 0;
	}
	if (!parse_percentile(word->function, &ret->quantile))
		return err_set(err, "'%.*s': no such measure; there are count, distinct(), "
		    "sum(), min(), max(), p50(), p999() (99.9 %%), first, last, "
		    "last()", STR_ARG(word->whole));
	ret->op = MEASURE_QUANTILE;
	return measure_field(word, ret, arena, err);
}

/* Measures may hold commas inside parentheses only as arguments of one field: none do. */
int
query_parse_measures(struct str text, struct query *ret, struct arena *arena, struct err *err)
{
	struct item word;
	bool more = true;

	ret->measure_count = 0;
	while (more) {
		more = str_index(text, ',') < text.len;
		if (ret->measure_count == QUERY_MEASURES)
			return err_set(err, "more than %d measures", QUERY_MEASURES);
		if (next_word(&text, &word, err) < 0 ||
		    parse_measure(&word, &ret->measures[ret->measure_count], arena, err) < 0)
			return -1;
		if (is_column(ret, word.whole))
			return err_set(err, "'%.*s' is named twice", STR_ARG(word.whole));
		ret->measure_count++;
	}
	return 0;
}
