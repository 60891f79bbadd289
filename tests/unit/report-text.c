/* SPDX-License-Identifier: Apache-2.0
 *
 * The text form: numbers as people write them, cutting, and that no invention,
 * however wide or hostile, leaves the 80 columns or reaches the terminal raw.
 */
#include <locale.h>

#include "base/civil.h"
#include "base/now.h"
#include "report-tables.h"
#include "tap.h"

static void
check_numbers(void)
{
	static const struct {
		double n;
		const char *want;
	} seconds[] = {{0, "0s"}, {0.0123, "0.01s"}, {0.999, "1.0s"}, {9.96, "10s"},
	    {59.4, "59s"}, {60, "1m00s"}, {3599, "59m59s"}, {3600, "1h00m"},
	    {86400, "1d00h"}, {200000, "2d07h"}};
	static const struct {
		int64_t n;
		const char *want;
	} counts[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {1234567, "1,234,567"}},
	  bytes[] = {{0, "0 B"}, {999, "999 B"}, {1000, "1.0 kB"}, {88200000, "88.2 MB"},
	      {999999, "1.0 MB"}, {123456789012, "123 GB"}};
	struct buf out = BUF_INIT(BUF_UNLIMITED);

	for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++) {
		buf_clear(&out);
		report_put_seconds(&out, seconds[i].n);
		is_text(out.p, out.len, seconds[i].want, seconds[i].want);
	}
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		buf_clear(&out);
		report_put_count(&out, (uint64_t)counts[i].n);
		is_text(out.p, out.len, counts[i].want, counts[i].want);
	}
	for (size_t i = 0; i < sizeof(bytes) / sizeof(*bytes); i++) {
		buf_clear(&out);
		report_put_bytes(&out, bytes[i].n);
		is_text(out.p, out.len, bytes[i].want, bytes[i].want);
	}
	buf_clear(&out);
	report_put_moment(&out, civil_days(civil_of(now_wall()).year, 1, 1) * USEC_PER_DAY);
	is_text(out.p + 3, out.len - 3, "  1 Jan 00:00", "a moment is padded to 16 columns");
	buf_clear(&out);
	report_put_moment(&out, INT64_C(978307200000000));
	is_text(out.p, out.len, "2001-01-01 00:00",
	    "of another year it tells which, as short");
	buf_done(&out);
}

static void
check_cut(void)
{
	static const struct {
		const char *text;
		unsigned width;
		bool utf8;
		const char *want;
	} rows[] = {
		{"short", 10, true, "short"},
		{"abcdefghij", 10, true, "abcdefghij"},
		{"abcdefghijk", 10, true, "abcde\xe2\x80\xa6hijk"},
		{"abcdefghijk", 10, false, "abcd..hijk"},
		{"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc", 5, true,
		    "\xc3\xa4\xc3\xb6\xe2\x80\xa6\xc3\xb6\xc3\xbc"},
		{"\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad\xe6\x96\x87", 5, true,
		    "\xe4\xb8\xad\xe2\x80\xa6\xe6\x96\x87"},
		{"abc", 1, true, "a"},
		{"abc", 0, true, ""},
		{"", 5, true, ""},
	};
	struct buf out = BUF_INIT(BUF_UNLIMITED);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf_clear(&out);
		report_put_cut(&out, str_of(rows[i].text), rows[i].width, rows[i].utf8);
		is_text(out.p, out.len, rows[i].want, rows[i].want);
		ok(report_width(buf_view(&out)) <= rows[i].width, "and no wider than asked");
	}
	buf_done(&out);
}

/* Is S one word of a shell's, perhaps with what breaks the line behind it? */
static bool
is_word(struct str s)
{
	size_t n = str_ends(s, STR(" \\")) ? s.len - 2 : s.len;

	s = str_head(s, n);
	if (str_starts(s, STR("$'")))
		s = str_from(s, 1);
	return str_index(s, ' ') == s.len ||
	    (*s.p == '\'' && str_index(str_from(s, 1), '\'') == s.len - 2);
}

/*
 * The widest line of TEXT, and whether a byte of it would steer a terminal. Commands to be
 * copied are broken between words; one that is longer than a line stands there alone.
 */
static unsigned
widest(struct str text, bool *ret_raw)
{
	bool goes_on = false;
	unsigned most = 0;

	*ret_raw = false;
	for (size_t i = 0; i < text.len; i++)
		*ret_raw |= (unsigned char)text.p[i] < 0x20 && text.p[i] != '\n';
	while (text.len) {
		struct str line = str_cut(&text, '\n');
		unsigned width = report_width(line);

		if (!goes_on || !is_word(str_trim(line)))
			most = width > most ? width : most;
		goes_on = str_ends(line, STR(" \\"));
	}
	return most;
}

static void
check_section(const char *section, const struct invented *how, const char *what)
{
	struct report *report = report_new(report_format_named(STR("text")));
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	unsigned width;
	bool raw;

	if (section)
		ok(report_add(report, str_of(section)), "%s is a section", section);
	invented_report(report, how, 80, &out);
	width = widest(buf_view(&out), &raw);
	ok(out.len > 200, "%s, %s: something is printed", section ? section : "first screen",
	    what);
	if (!ok(width <= 80, "and nothing is wider than 80 columns"))
		printf("# %u columns:\n%.*s\n", width, STR_ARG(buf_view(&out)));
	ok(!raw, "and nothing raw reaches the terminal");
	buf_done(&out);
	report_free(report);
}

static void
check_sections(void)
{
	static const struct invented small = {
	    "alice@shop.example", "192.0.2.7", "192.0.2.0/24", 1204, 8, true};
	static const struct invented hostile = {"\033]0;x\007\xc2\x9b\xe2\x80\xae\xff=1+1 and "
						"a name that is far too long to stand here",
	    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:ffff:ffff::/64", 999999, 12,
	    false};
	size_t n;
	const char *const *names = report_section_names(&n);

	check_section(NULL, &small, "small");
	check_section(NULL, &hostile, "hostile");
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], "hosts") != 0 && strcmp(names[i], "shapes") != 0)
			check_section(names[i], &small, "small");
}

static void
check_choice(void)
{
	struct report *report = report_new(report_format_named(STR("text")));
	const struct query *const *queries;
	struct err err;
	size_t count;

	ok(!report_add(report, STR("nosuchsection")), "no section of that name");
	ok(report_add_query(report, "ip,nosuchfield", NULL, &err) < 0,
	    "no field of that name");
	ok(report_add_query(report, "net(ip),hour(time)", "count,p90(delay)", &err) == 0,
	    "a question of one's own");
	report_set_top(report, 7);
	ok(report_queries(report, &queries, &count, &err) == 0 && count == 1, "is one query");
	is_number(queries[0]->key_count, 2, "two keys");
	is_number(queries[0]->measure_count, 2, "two measures");
	is_number(queries[0]->limit, 7, "seven rows");
	report_free(report);
	report = report_new(report_format_named(STR("csv")));
	ok(report_queries(report, &queries, &count, &err) < 0, "the first screen is no CSV");
	report_add(report, STR("auth"));
	ok(report_queries(report, &queries, &count, &err) == 0 && count == 1,
	    "one section is, without its parts");
	report_add(report, STR("tls"));
	ok(report_queries(report, &queries, &count, &err) < 0, "two are not");
	report_free(report);
}

int
main(void)
{
	struct err err;

	hash_init();
	setlocale(LC_CTYPE, "C.UTF-8");
	zone_set("UTC", &err);
	check_numbers();
	check_cut();
	check_sections();
	check_choice();
	return tap_done();
}
