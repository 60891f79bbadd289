/* SPDX-License-Identifier: Apache-2.0
 *
 * The promised form of a report as JSON, and CSV beside it.
 */
#include <jansson.h>

#include "base/civil.h"
#include "report-tables.h"
#include "tap.h"

static const struct invented how = {
    "x\033[2J\"\xff", "192.0.2.7", "192.0.2.0/24", 100, 3, true};

static json_t *
print(struct report *report, const struct invented *invented)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	json_error_t error;
	json_t *json;

	invented_report(report, invented, 80, &out);
	json = json_loadb(out.p, out.len, 0, &error);
	if (!ok(json != NULL, "valid JSON"))
		printf("# %s: %.*s\n", error.text, STR_ARG(buf_view(&out)));
	buf_done(&out);
	report_free(report);
	return json;
}

static struct report *
report_of(const char *format, const char *section)
{
	struct report *report = report_new(report_format_named(str_of(format)));

	if (section)
		report_add(report, str_of(section));
	return report;
}

static void
check_frame(void)
{
	static const char *const keys[] = {"format", "period", "inputs", "coverage", "exact",
	    "sections"};
	json_t *json = print(report_of("json", NULL), &how);
	json_t *section = json_object_get(json_object_get(json, "sections"), "clients");
	json_t *overview = json_object_get(json_object_get(json, "sections"), "overview");
	json_t *input = json_array_get(json_object_get(json, "inputs"), 0);

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		ok(json_object_get(json, keys[i]) != NULL, "key %s", keys[i]);
	is_number(json_integer_value(json_object_get(json, "format")), 1, "format 1");
	ok(json_is_true(json_object_get(json, "exact")), "exact");
	ok(strcmp(json_string_value(json_object_get(json_object_get(json, "period"), "first")),
	    "2026-01-01T00:00:00.000000Z") == 0, "the period is UTC");
	is_number(
	    json_integer_value(json_object_get(input, "events")), 900, "an input's events");
	ok(json_is_null(json_object_get(input, "error")), "no error is null");
	is_number((int64_t)json_array_size(json_object_get(section, "rows")), 3, "all rows");
	is_number(json_integer_value(json_object_get(section, "groups")), 93, "groups");
	is_number(json_integer_value(json_object_get(json_object_get(section, "total"),
	    "turned_away")), 100 + 50 + 33, "the total is of all");
	is_number((int64_t)json_array_size(json_object_get(overview, "rows")), 1,
	    "the overview is one row");
	json_decref(json);
}

static void
check_top_and_exact(void)
{
	struct invented inexact = how;
	struct report *report = report_of("json", "senders");
	json_t *json, *section;

	inexact.exact = false;
	report_set_top(report, 2);
	json = print(report, &inexact);
	section = json_object_get(json_object_get(json, "sections"), "senders");
	is_number((int64_t)json_array_size(json_object_get(section, "rows")), 2, "--top 2");
	ok(json_is_false(json_object_get(json, "exact")), "not exact is said");
	ok(json_object_get(section, "note") != NULL, "with a note");
	json_decref(json);
}

static void
check_csv(void)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct report *report = report_of("csv", "senders_local");
	struct invented formula = how;
	struct str rest;

	formula.name = "=cmd|'/c calc'!A";
	invented_report(report, &formula, 80, &out);
	rest = buf_view(&out);
	is_text(rest.p, str_index(rest, '\n'),
	    "uid,user,sender,messages,recipients,bytes,delivered,deferred,bounced",
	    "a row of names first");
	str_cut(&rest, '\n');
	ok(str_find(rest, STR("'=cmd")) < rest.len && str_find(rest, STR(",=cmd")) == rest.len,
	    "no formula");
	buf_done(&out);
	report_free(report);
}

int
main(void)
{
	struct err err;

	hash_init();
	zone_set("Europe/Berlin", &err);
	check_frame();
	check_top_and_exact();
	check_csv();
	return tap_done();
}
