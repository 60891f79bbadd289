/* SPDX-License-Identifier: Apache-2.0
 *
 * Overlapping ranges against looking at every range for every address, and what a
 * built file then answers.
 */
#include <unistd.h>

#include "enrich/csv.h"
#include "enrich/ranges.h"
#include "tap.h"

#define RANGES 200
#define ADDRESSES 600u

static uint32_t seed = 1;

static uint32_t
draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static struct range drawn[RANGES];

static void
draw_ranges(struct ranges *ranges)
{
	ranges->count = 0;
	for (uint32_t i = 0; i < RANGES; i++) {
		uint32_t first = draw(ADDRESSES);
		uint32_t last = first + draw(i % 7 == 0 ? 200 : 12);

		last = last < ADDRESSES ? last : ADDRESSES - 1;
		drawn[i] = (struct range){first, last, draw(5), i};
		ranges_add(ranges, first, last, drawn[i].value);
	}
}

/* The value of the smallest range around AT, the first of equals. */
static uint32_t
by_hand(uint32_t at)
{
	const struct range *best = NULL;

	for (uint32_t i = 0; i < RANGES; i++)
		if (drawn[i].first <= at && at <= drawn[i].last &&
		    (!best || drawn[i].last - drawn[i].first < best->last - best->first))
			best = &drawn[i];
	return best ? best->value : 0;
}

static uint32_t
by_borders(const struct borders *borders, uint32_t at)
{
	uint32_t value = 0;

	for (size_t i = 0; i < borders->count && borders->list[i].at <= at; i++)
		value = borders->list[i].value;
	return value;
}

static void
check_flatten(void)
{
	struct ranges ranges = {NULL, 0, 0};
	unsigned wrong = 0;
	bool sorted = true;

	for (int round = 0; round < 50; round++) {
		struct borders borders;

		draw_ranges(&ranges);
		ranges_flatten(&ranges, &borders);
		for (uint32_t at = 0; at < ADDRESSES + 10; at++)
			wrong += by_hand(at) != by_borders(&borders, at);
		for (size_t i = 1; i < borders.count; i++)
			sorted &= borders.list[i - 1].at < borders.list[i].at &&
			    borders.list[i - 1].value != borders.list[i].value;
		free(borders.list);
	}
	is_number(wrong, 0, "the smallest range wins, everywhere");
	ok(sorted, "borders ascend, each changes something");
	free(ranges.list);
}

static void
check_ends(void)
{
	unsigned __int128 most = ~(unsigned __int128)0;
	struct ranges ranges = {NULL, 0, 0};
	struct borders borders;

	ranges_flatten(&ranges, &borders);
	is_number((int64_t)borders.count, 0, "no ranges, no borders");
	ranges_add(&ranges, 0, most, 7);
	ranges_add(&ranges, most, most, 8);
	ranges_flatten(&ranges, &borders);
	ok(borders.count == 2 && borders.list[0].value == 7 && borders.list[1].at == most,
	    "up to the last address there is");
	free(borders.list);
	free(ranges.list);
}

/* Splits a copy of LINE; returns the number of fields. */
static int
split(const char *line, char *copy, struct str fields[CSV_FIELDS])
{
	memcpy(copy, line, strlen(line));
	return csv_split(copy, strlen(line), fields);
}

static void
check_split(void)
{
	struct str fields[CSV_FIELDS];
	char copy[256];

	is_number(split("a,b,c,d,e,f", copy, fields), 4, "fields beyond are left out");
	is_number(split("1,2,64500,\"Example, \"\"Inc.\"\"\"", copy, fields), 4, "quoted");
	is_text(fields[3].p, fields[3].len, "Example, \"Inc.\"", "and unquoted");
	is_number(split("\"1\" ,2", copy, fields), 2, "a space behind a quote");
	is_number(split("1,\"2", copy, fields), -1, "a quote that does not end");
	is_number(split("1,,", copy, fields), 3, "a comma at the end has a field behind it");
	is_number(split("", copy, fields), 1, "nothing is one empty field");
}

static void
check_rows(void)
{
	struct csv_range range;
	struct err err;
	uint32_t n;

	ok(csv_range(STR("192.0.2.0"), STR("192.0.2.255"), &range, &err) == 0 &&
	    range.family == 4 && range.first == 0xc0000200, "IPv4 in text");
	ok(csv_range(STR("3221225984"), STR("3221226239"), &range, &err) == 0 &&
	    range.family == 4 && range.last == 0xc00002ff, "IPv4 as numbers");
	ok(csv_range(STR("42540766411282592856903984951653826560"),
	    STR("42540766411282592875350729025363378175"), &range, &err) == 0 &&
	    range.family == 6 && (uint64_t)(range.first >> 64) == 0x20010db800000000,
	    "IPv6 as numbers");
	ok(csv_range(STR("2001:db8::"), STR("192.0.2.1"), &range, &err) < 0, "two families");
	ok(csv_range(STR("192.0.2.9"), STR("192.0.2.1"), &range, &err) < 0, "backwards");
	ok(csv_range(STR("340282366920938463463374607431768211456"), STR("1"), &range,
	    &err) < 0, "more than 128 bits");
	ok(csv_asn(STR("AS64500"), &n, &err) == 0 && n == 64500, "AS64500");
	ok(csv_asn(STR("4294967296"), &n, &err) < 0, "more than 32 bits");
	ok(csv_country(STR("de"), &n, &err) == 0 && n == ('D' << 8 | 'E'), "de is DE");
	ok(csv_country(STR("ZZ"), &n, &err) == 0 && n == 0, "ZZ is nowhere");
	ok(csv_country(STR("DEU"), &n, &err) < 0, "three letters are none");
}

int
main(void)
{
	check_flatten();
	check_ends();
	check_split();
	check_rows();
	return tap_done();
}
