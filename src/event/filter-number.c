/* SPDX-License-Identifier: Apache-2.0
 *
 * filter-number: numbers as people write them, in the unit that a field of the
 * type is held in: 10m, 1.5s, 250ms; 10k, 1.5M (powers of 1024); 6.5; times.
 */
#include "base/civil.h"
#include "base/now.h"
#include "event/filter.h"

/* A unit and what it is worth: microseconds, bytes, thousandths, ones. */
static const struct unit {
	enum field_type type;
	const char *name;
	int64_t worth;
} units[] = {
	{TYPE_INT, "", 1},
	{TYPE_MILLI, "", 1000},
	{TYPE_SIZE, "", 1},
	{TYPE_SIZE, "k", INT64_C(1) << 10},
	{TYPE_SIZE, "K", INT64_C(1) << 10},
	{TYPE_SIZE, "M", INT64_C(1) << 20},
	{TYPE_SIZE, "G", INT64_C(1) << 30},
	{TYPE_SIZE, "T", INT64_C(1) << 40},
	{TYPE_DURATION, "", USEC_PER_SEC},
	{TYPE_DURATION, "us", 1},
	{TYPE_DURATION, "ms", 1000},
	{TYPE_DURATION, "s", USEC_PER_SEC},
	{TYPE_DURATION, "m", 60 * USEC_PER_SEC},
	{TYPE_DURATION, "h", USEC_PER_HOUR},
	{TYPE_DURATION, "d", USEC_PER_DAY},
	{TYPE_DURATION, "w", 7 * USEC_PER_DAY},
};

static const char *const examples[] = {
	[TYPE_INT] = "a whole number",
	[TYPE_MILLI] = "a number such as 6.5",
	[TYPE_SIZE] = "a size such as 10240, 10k or 1.5M",
	[TYPE_DURATION] = "a duration such as 250ms, 1.5s, 10m, 1h or 2d",
	[TYPE_ID] = "16 hex digits",
};

/* The unit called NAME for numbers of TYPE, or NULL. */
static const struct unit *
find_unit(enum field_type type, struct str name)
{
	for (unsigned i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (units[i].type == type && str_eq(str_of(units[i].name), name))
			return &units[i];
	return NULL;
}

/* Reads [-]digits[.digits] from the front of *S in millionths; more decimals are dropped. */
static bool
skip_decimal(struct str *s, __int128 *ret)
{
	bool negative = str_skip_char(s, '-');
	__int128 value = 0;
	int64_t whole;

	if (!str_skip_number(s, &whole))
		return false;
	value = (__int128)whole * 1000000;
	if (str_skip_char(s, '.')) {
		int64_t worth = 100000;

		if (s->len == 0 || !char_is_digit(*s->p))
			return false;
		for (; s->len && char_is_digit(*s->p); *s = str_from(*s, 1), worth /= 10)
			value += (*s->p - '0') * worth;
	}
	*ret = negative ? -value : value;
	return true;
}

/* A number with its unit, in the unit that fields of TYPE are held in. */
static bool
read_number(enum field_type type, struct str text, int64_t *ret)
{
	const struct unit *unit;
	__int128 value;

	if (!skip_decimal(&text, &value))
		return false;
	unit = find_unit(type, text);
	if (!unit || value > (__int128)INT64_MAX * 1000000 / unit->worth ||
	    value < (__int128)INT64_MIN * 1000000 / unit->worth)
		return false;
	value *= unit->worth;
	if (type == TYPE_INT && value % 1000000)
		return false;
	*ret = (int64_t)(value / 1000000);
	return true;
}

static bool
read_id(struct str text, int64_t *ret)
{
	uint64_t id = 0;

	if (text.len != 16)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char *digit = memchr("0123456789abcdef", text.p[i], 16);

		if (!digit)
			return false;
		id = id << 4 | (uint64_t)(digit - "0123456789abcdef");
	}
	*ret = (int64_t)id;
	return true;
}

static int
read_time(struct str text, int64_t *ret, struct err *err)
{
	return civil_parse_when(text, now_wall(), 0, ret, err);
}

int
filter_number(enum field_type type, struct str text, int64_t *ret, struct err *err)
{
	bool good;

	if (type == TYPE_TIME)
		return read_time(text, ret, err);
	good = type == TYPE_ID ? read_id(text, ret) : read_number(type, text, ret);
	if (!good)
		return err_set(err, "\"%s\" is not %s", filter_word(text).text,
		    examples[type]);
	return 0;
}
