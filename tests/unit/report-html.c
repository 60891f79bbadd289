/* SPDX-License-Identifier: Apache-2.0
 *
 * A map's page as bytes: whatever a log says, the data end where they should and hold
 * nothing that is markup or steers. What a browser makes of it is tested in tests/web.
 */
#include <jansson.h>

#include "report-tables.h"
#include "report/map.h"
#include "tap.h"

/* U+2028, U+202E, and a byte that is no UTF-8. */
#define EVIL                                                                                \
	"</script><script>alert(1)</script><!--&amp;\xe2\x80\xa8\xe2\x80\xae\xff@DATA@\"'"

static size_t
count_of(struct str text, const char *word)
{
	size_t n = 0, at;

	while ((at = str_find(text, str_of(word))) < text.len) {
		n++;
		text = str_from(text, at + 1);
	}
	return n;
}

static void
check_values(json_t *json)
{
	json_t *clients = json_object_get(json, "clients");
	json_t *client = json_array_get(clients, 0);
	const char *helo = json_string_value(json_object_get(client, "helo"));

	is_number((int64_t)json_array_size(clients), 3, "all clients");
	ok(helo && strncmp(helo, "</script><script>alert(1)</script><!--&amp;", 43) == 0,
	    "texts are whole");
	ok(helo && strstr(helo, "\\u{2028}\\u{202e}\\xff@DATA@"), "what steers is shown");
	is_number((int64_t)json_array_size(json_object_get(client, "n")),
	    (int64_t)json_array_size(json_object_get(json, "counts")),
	    "a label for each count");
	is_number(json_integer_value(json_array_get(json_object_get(client, "n"), 0)), 100,
	    "connections come first");
	ok(json_is_null(json_object_get(client, "lat")), "no place without a database");
}

static void
check_page(const char *section)
{
	static const struct invented how = {
	    EVIL, "192.0.2.7", "192.0.2.0/24", 100, 3, true};
	struct report *report = report_new(report_format_named(STR("html")));
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct str page = map_page(), got, head, tail;
	size_t place = str_find(page, STR(MAP_DATA));
	json_error_t error;
	json_t *json;

	report_add(report, str_of(section));
	invented_report(report, &how, 80, &out);
	got = buf_view(&out);
	head = str_head(page, place);
	tail = str_from(page, place + strlen(MAP_DATA));
	ok(str_starts(got, head) && str_ends(got, tail), "%s: the page around", section);
	got = str_head(str_from(got, head.len), got.len - head.len - tail.len);
	ok(count_of(got, "<") + count_of(got, ">") + count_of(got, "&") == 0,
	    "%s: no markup in the data", section);
	json = json_loadb(got.p, got.len, 0, &error);
	ok(json != NULL, "%s: valid JSON", section);
	check_values(json);
	json_decref(json);
	buf_done(&out);
	report_free(report);
}

static void
check_choice(const char *section, int want, const char *what)
{
	struct report *report = report_new(report_format_named(STR("html")));
	const struct query *const *queries;
	struct err err;
	size_t count;

	report_add(report, str_of(section));
	ok((report_queries(report, &queries, &count, &err) < 0) == (want < 0), "%s", what);
	report_free(report);
}

int
main(void)
{
	char *map[] = {(char[]){"map"}, (char[]){"mail.log"}};
	char *two[] = {(char[]){"map"}, (char[]){"auth"}};

	is_text(report_usual_format(map, 2), 4, "html", "a map is a page");
	is_text(report_usual_format(two, 2), 4, "text", "two sections are text");
	check_choice("auth", -1, "html draws no other section");
	if (report_can_draw()) {
		check_choice("map", 0, "html draws maps");
		check_page("map");
		check_page("postscreen_map");
	} else {
		check_choice("map", -1, "built without maps");
	}
	return tap_done();
}
