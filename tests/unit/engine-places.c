/* SPDX-License-Identifier: Apache-2.0
 *
 * Places of clients in a run: against asking for each address afterwards, however the
 * log is cut, and with dictionaries that are thrown away on the way.
 */
#include <unistd.h>

#include "base/civil.h"
#include "engine/engine.h"
#include "tap.h"

#define LOG "tests/corpus/rsyslog-newyear/mx1.mail.log.gz"

static const struct query by_country = {
    .name = "country",
    .where = "country & country != unknown",
    .keys = {{.field = FIELD_country}},
    .key_count = 1,
    .measures = {{.name = "count", .op = MEASURE_COUNT},
	{.name = "networks", .op = MEASURE_DISTINCT, .field = FIELD_asn}},
    .measure_count = 2,
};

static const struct query by_network = {
    .name = "network",
    .keys = {{.field = FIELD_asn}, {.field = FIELD_aso}},
    .key_count = 2,
    .measures = {{.name = "count", .op = MEASURE_COUNT}},
    .measure_count = 1,
    .skip_absent = true,
};

static const struct query by_ip = {
    .name = "ip",
    .keys = {{.field = FIELD_ip}},
    .key_count = 1,
    .measures = {{.name = "count", .op = MEASURE_COUNT}},
    .measure_count = 1,
    .skip_absent = true,
};

static const struct query *const queries[] = {&by_country, &by_network, &by_ip};

static struct run_result *
run(const struct geo *geo, unsigned jobs, uint64_t chunk, const struct query_limits *limits)
{
	static const char *const name = LOG;
	struct run_settings settings = {.names = &name, .name_count = 1, .since = INT64_MIN,
	    .until = INT64_MAX, .year = 2026, .jobs = jobs, .chunk_bytes = chunk,
	    .apart = chunk != 0,
	    .query_limits = limits, .geo = geo};
	struct run_result *result;
	struct err err;

	if (run_report(&settings, queries, 3, &result, &err) < 0) {
		ok(false, "%s", err.text);
		exit(tap_done());
	}
	return result;
}

static int64_t
count_of(const struct table *table, struct str key)
{
	for (size_t row = 0; row < table->row_count; row++)
		if (str_eq(table_cell(table, row, 0)->text, key))
			return table_cell(table, row, (unsigned)table_column(table,
			    "count"))->n;
	return 0;
}

/* Adds up the addresses of each country by hand. */
static void
check_by_hand(const struct geo *geo, const struct run_result *result)
{
	const struct table *country = result->tables[0], *ip = result->tables[2];
	unsigned wrong = 0;

	ok(country->row_count >= 10, "%zu countries", country->row_count);
	for (size_t row = 0; row < country->row_count; row++) {
		int64_t sum = 0;

		for (size_t i = 0; i < ip->row_count; i++) {
			struct place place;
			struct ip address;

			if (ip_parse(table_cell(ip, i, 0)->text, &address)) {
				geo_find(geo, &address, &place);
				if (str_eq(table_cell(country, row, 0)->text,
					str_of(place_word(&place))))
					sum += table_cell(ip, i, 1)->n;
			}
		}
		wrong += sum != table_cell(country, row, 1)->n;
	}
	is_number(wrong, 0, "each counts what its addresses count");
}

static void
check_same(const struct run_result *a, const struct run_result *b, const char *what)
{
	for (unsigned q = 0; q < 2; q++) {
		const struct table *x = a->tables[q], *y = b->tables[q];
		bool same = x->row_count == y->row_count;

		for (size_t i = 0; same && i < x->row_count * x->column_count; i++)
			same = x->cells[i].n == y->cells[i].n &&
			    str_eq(x->cells[i].text, y->cells[i].text);
		ok(same, "%s: %s", what, queries[q]->name);
	}
}

static void
check_cuts(const struct geo *geo, const struct run_result *whole)
{
	static const uint64_t chunks[] = {50021, 300000, 1000000};

	for (size_t i = 0; i < 3; i++)
		for (unsigned jobs = 1; jobs <= 3; jobs += 2) {
			struct run_result *cut = run(geo, jobs, chunks[i], NULL);
			char what[80];

			snprintf(what, sizeof(what), "pieces of %llu, %u threads",
			    (unsigned long long)chunks[i], jobs);
			check_same(whole, cut, what);
			run_result_free(cut);
		}
}

static void
check_caps(const struct geo *geo, const struct run_result *whole)
{
	static const struct query_limits small = {
	    .groups = 1u << 20, .distinct = 1u << 20, .symbols = 400};
	struct run_result *one = run(geo, 1, 100000, &small);
	struct run_result *three = run(geo, 3, 100000, &small);
	int64_t all = count_of(whole->tables[0], STR("MX"));
	int64_t capped = count_of(one->tables[0], STR("MX"));

	check_same(one, three, "dictionaries capped, 3 threads");
	/* What is told later of an address that was dropped has no place any more. */
	ok(capped <= all && capped > all * 95 / 100, "%lld of %lld of a common country",
	    (long long)capped, (long long)all);
	run_result_free(one);
	run_result_free(three);
}

static void
check_asked(void)
{
	const struct query *country = &by_country, *network = &by_network, *ip = &by_ip;

	ok(run_asks_places(&country, 1, NULL), "a filter and a key ask");
	ok(run_asks_places(&network, 1, NULL), "numbers ask");
	ok(!run_asks_places(&ip, 1, NULL), "an address does not");
	ok(run_asks_places(&ip, 1, "aso~example"), "the user's filter asks");
	ok(!run_asks_places(NULL, 0, NULL), "nothing does not");
}

int
main(void)
{
	static const char *const country = "tests/places/country.csv";
	static const char *const asn = "tests/places/asn.csv";
	char path[] = "/tmp/engine-places-XXXXXX";
	struct geo_build build = {.country_csv = &country, .country_count = 1, .asn_csv = &asn,
	    .asn_count = 1, .output = path};
	int fd = mkstemp(path);
	const char *paths[] = {path};
	struct run_result *whole;
	struct geo_built built;
	struct geo *geo;
	struct err err;

	zone_set("UTC", &err);
	if (fd < 0 || geo_build(&build, &built, &err) < 0 ||
	    (geo = geo_open(paths, 1, &err)) == NULL) {
		ok(false, "%s", err.text);
		return tap_done();
	}
	close(fd);
	whole = run(geo, 1, UINT64_C(1) << 40, NULL);
	check_by_hand(geo, whole);
	check_cuts(geo, whole);
	check_caps(geo, whole);
	check_asked();
	run_result_free(whole);
	geo_free(geo);
	unlink(path);
	return tap_done();
}
