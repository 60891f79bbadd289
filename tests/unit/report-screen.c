/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of Postscreen-Stats' report: percentages, columns of delays, and the
 * expressions that choose clients.
 */
#include "base/civil.h"
#include "report/screen.h"
#include "tap.h"

static void
check_percent(void)
{
	static const struct {
		uint64_t part, whole;
		const char *want;
	} rows[] = {{0, 840, "0"}, {12, 840, "1.4"}, {21, 840, "2.5"}, {196, 840, "23"},
	    {261, 840, "31"}, {40, 840, "4.8"}, {29, 840, "3.5"}, {119, 840, "14"},
	    {1, 1, "100"}, {999, 1000, "100"}, {99, 1000, "9.9"}, {996, 10000, "10"},
	    {9960, 1000000, "1.0"}, {1, 8, "12"}, {3, 8, "38"}, {49, 2000, "2.4"},
	    {1, 200, "0.50"},
	    {1, 100, "1.0"}, {1, 3000, "0.033"}, {1, UINT64_C(1000000000), "0.00000010"}};
	struct buf out = BUF_INIT(64);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf_clear(&out);
		screen_put_percent(&out, rows[i].part, rows[i].whole);
		is_text(out.p, out.len, rows[i].want, rows[i].want);
	}
	buf_done(&out);
}

static void
check_delays(void)
{
	static const struct {
		int64_t seconds;
		unsigned want;
	} rows[] = {{0, 0}, {9, 0}, {10, 1}, {30, 1}, {31, 2}, {60, 2}, {61, 3}, {300, 3},
	    {301, 4}, {1800, 4}, {7200, 5}, {18000, 6}, {43200, 7}, {86400, 8}, {86401, 9},
	    {100000000, 9}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		ok(screen_delay_column(rows[i].seconds * USEC_PER_SEC) == rows[i].want,
		    "%lld s in column %u", (long long)rows[i].seconds, rows[i].want);
	ok(screen_delay_column(10 * USEC_PER_SEC - 1) == 0, "just below 10 s");
}

/* A client that connected twice, once spoke too early, once was told to retry. */
static struct table *
one_client(void)
{
	struct table *table = table_new("clients", 1 + SCREEN_FIRST_RETURNED + 1);
	struct cell *cells = table_row(table);

	cells[1 + SCREEN_connect] = (struct cell){.known = true, .n = 2};
	cells[1 + SCREEN_pregreet] = (struct cell){.known = true, .n = 1};
	cells[1 + SCREEN_deferred] = (struct cell){.known = true, .n = 1};
	cells[1 + SCREEN_denylisted] = (struct cell){.known = true, .n = 3};
	return table;
}

static void
check_choices(void)
{
	static const struct {
		const char *text;
		bool want;
	} rows[] = {
		{"PREGREET", true}, {"pregreet", true}, {"DNSBL", false}, {"!DNSBL", true},
		{"! PREGREET", false}, {"PREGREET&DNSBL|HANGUP", false},
		{"PREGREET&DNSBL|CONNECT", true}, {"PREGREET&(DNSBL|CONNECT)", true},
		{"DNSBL & CONNECT | HANGUP & CONNECT", false},
		{"not dnsbl and not (hangup or PASS old)", true}, {"CONNECT>=2", true},
		{"CONNECT >= 3", false}, {"!!PREGREET", true}, {"((PREGREET))", true},
		{"BLACKLISTED", true}, {"denylisted>=3", true}, {"NOQUEUE", true},
		{"noqueue_450", true}, {"NOQUEUE 550", false}, {"PASS", false},
		{"NOQUEUE 450 deep protocol test reconnection", true},
		{"PREGREET && CONNECT || DNSBL", true},
		{"((DNSBL | PREGREET) & CONNECT)", true},
		{"(DNSBL & (HANGUP | PREGREET)) | CONNECT", true},
	};
	struct table *table = one_client();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct screen_choice *choice = NULL;
		struct err err = {{0}};

		if (screen_choice_parse(str_of(rows[i].text), &choice, &err) < 0)
			ok(false, "%s: %s", rows[i].text, err.text);
		else
			ok(screen_chooses(choice, table, 0) == rows[i].want, "%s",
			    rows[i].text);
		screen_choice_free(choice);
	}
	ok(screen_chooses(NULL, table, 0), "no choice takes everyone");
	table_free(table);
}

static void
check_bad_choices(void)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"", "expected an action at the end"},
		{"PREGREAT", "did you mean PREGREET?"},
		{"FOO", "ALLOWLIST VETO"},
		{"PREGREET &", "expected an action at the end"},
		{"(PREGREET", "expected ) or an operator at the end"},
		{"PREGREET)", "expected an operator at ')'"},
		{"PREGREET DNSBL", "'PREGREET DNSBL' is no action"},
		{"PREGREET >= x", "expected a number after >= at 'x'"},
		{"and", "expected an action at 'and'"},
	};
	struct screen_choice *choice = NULL;
	char deep[200];
	struct err err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		err.text[0] = '\0';
		ok(screen_choice_parse(str_of(rows[i].text), &choice, &err) < 0 &&
		    strstr(err.text, rows[i].says), "'%s': %s", rows[i].text, err.text);
	}
	memset(deep, '(', sizeof(deep));
	ok(screen_choice_parse((struct str){deep, sizeof(deep)}, &choice, &err) < 0,
	    "too deep: %s", err.text);
}

int
main(void)
{
	check_percent();
	check_delays();
	check_choices();
	check_bad_choices();
	return tap_done();
}
