/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections about what postscreen's tests are worth: clients that failed and that
 * were really turned away; what enforcing an ignored test would have cost; how long
 * honest clients were kept waiting; what each DNS list adds to the others.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "report/screen.h"

/* Tests as `session` names them in `action`, joined by "+". */
static const struct {
	struct str word;
	const char *name;
} tests[] = {
	{STR("dnsbl"), "DNS lists"},
	{STR("deny"), "deny list"},
	{STR("pregreet"), "pregreet"},
	{STR("pipelining"), "pipelining"},
	{STR("non_smtp"), "non-SMTP command"},
	{STR("bare_newline"), "bare newline"},
	{STR("no_rcpt"), "no valid recipient"},
	{STR(""), "any test"},
};

#define TESTS (sizeof(tests) / sizeof(*tests))

/* The tests among ACTION's words as bits, the last for any; 0: only limits or hang-ups. */
static unsigned
tests_in(struct str action)
{
	unsigned bits = 0;

	while (action.len) {
		struct str word = str_cut(&action, '+');

		for (unsigned t = 0; t < TESTS - 1; t++)
			if (str_eq(word, tests[t].word))
				bits |= 1u << t | 1u << (TESTS - 1);
	}
	return bits;
}

#define FAILED_SESSION "kind = session & action"

static const struct query failed = {
	.name = "postscreen_failed",
	.where = FAILED_SESSION,
	.keys = {KEY(action), KEY(outcome)},
	.measures = {COUNT("sessions", NULL)},
};

enum failed_column { FAILED_TEST, FAILED_ALL, FAILED_BLOCKED, FAILED_LIMITED, FAILED_RETRY,
	FAILED_PASSED, FAILED_LEFT, FAILED_COLUMNS };

/* What became of a session that ended with OUTCOME. */
static enum failed_column
column_of(struct str outcome)
{
	static const struct {
		struct str outcome;
		enum failed_column column;
	} columns[] = {
		{STR("rejected_enforce"), FAILED_BLOCKED},
		{STR("rejected_drop"), FAILED_BLOCKED},
		{STR("limited"), FAILED_LIMITED},
		{STR("deferred"), FAILED_RETRY},
		{STR("deferred_incomplete"), FAILED_RETRY},
		{STR("ignored_fail"), FAILED_PASSED},
		{STR("passed_new"), FAILED_PASSED},
		{STR("passed_old"), FAILED_PASSED},
		{STR("allowlisted"), FAILED_PASSED},
	};

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		if (str_eq(outcome, columns[i].outcome))
			return columns[i].column;
	return FAILED_LEFT;
}

static struct table *
make_failed(const struct report *report)
{
	static const struct column columns[] = {{.name = "test"},
	    {.name = "failed", .type = COLUMN_COUNT},
	    {.name = "blocked", .type = COLUMN_COUNT},
	    {.name = "limited", .type = COLUMN_COUNT},
	    {.name = "deferred", .type = COLUMN_COUNT},
	    {.name = "passed", .type = COLUMN_COUNT},
	    {.name = "left", .type = COLUMN_COUNT}};
	struct table *table = MADE_TABLE("postscreen_failed", columns);
	const struct table *sessions = report_answer(report, &failed);
	uint64_t counts[TESTS][FAILED_COLUMNS] = {{0}};

	for (size_t row = 0; row < sessions->row_count; row++) {
		unsigned bits = tests_in(table_cell(sessions, row, 0)->text);
		uint64_t n = (uint64_t)table_cell(sessions, row, 2)->n;

		for (unsigned t = 0; t < TESTS; t++)
			if (bits >> t & 1) {
				counts[t][FAILED_ALL] += n;
				counts[t][column_of(
				    table_cell(sessions, row, 1)->text)] += n;
			}
	}
	for (unsigned t = 0; t < TESTS; t++) {
		struct cell *cells;

		if (counts[t][FAILED_ALL] == 0)
			continue;
		cells = table_row(table);
		set_text(table, &cells[0], str_of(tests[t].name));
		for (unsigned c = FAILED_ALL; c < FAILED_COLUMNS; c++)
			set_count(&cells[c], counts[t][c]);
	}
	made_of(table, sessions);
	return table;
}

const struct section section_postscreen_failed = {
	.name = "postscreen_failed",
	.title = "TESTS FAILED, AND WHAT CAME OF IT",
	.of = "tests",
	.note =
	    "Sessions; one may fail several tests. blocked: refused or cut off; limited: a\n"
	    "limit ended it; retry: told to come back; passed: the test is ignored; left:\n"
	    "it went away by itself.",
	.empty = "No client failed a test.",
	.queries = {&failed},
	.make = make_failed,
	.views = {{.columns = {{.name = "test"}, {.name = "failed", .bar = true},
	    {.name = "blocked"}, {.name = "limited"}, {.name = "deferred", .title = "retry"},
	    {.name = "passed"},
	    {.name = "left"}}}},
};

/* Sessions that failed a test, and went on as if they had not. */
static const struct query ignored = {
	.name = "postscreen_ignored",
	.where = FAILED_SESSION " & (outcome = ignored_fail | outcome = passed_new | "
		 "outcome = deferred | outcome = deferred_incomplete)",
	.keys = {KEY(ip), KEY(action)},
	.measures = {COUNT("sessions", NULL), FIRST("first", NULL)},
	.order = QUERY_BY_KEY,
	.ascending = true,
	.skip_absent = true,
};

static const struct query deliverers = {
	.name = "postscreen_deliverers",
	.where = "kind = message & ip & delivered > 0",
	.keys = {KEY(ip)},
	.measures = {COUNT("messages", NULL), LAST("last", NULL)},
	.order = QUERY_BY_KEY,
	.ascending = true,
	.skip_absent = true,
};

struct cost {
	uint64_t sessions, clients, delivered, messages;
};

/* A client's sessions that failed one test: all of them, and the first. */
struct ignored {
	uint64_t sessions;
	int64_t first;
};

/* Counts a client whose row of `deliverers` is MAIL, NULL if it never delivered. */
static void
add_cost(struct cost *cost, const struct ignored *client, const struct cell *mail)
{
	if (client->sessions == 0)
		return;
	cost->sessions += client->sessions;
	cost->clients++;
	if (mail && mail[2].n > client->first) {
		cost->delivered++;
		cost->messages += (uint64_t)mail[1].n;
	}
}

/* The row of IP in TABLE, sorted by address, from *AT on; NULL if there is none. */
static const struct cell *
row_of(const struct table *table, struct str ip, size_t *at)
{
	while (*at < table->row_count && str_compare(table_cell(table, *at, 0)->text, ip) < 0)
		++*at;
	if (*at == table->row_count || !str_eq(table_cell(table, *at, 0)->text, ip))
		return NULL;
	return table_cell(table, *at, 0);
}

static void
sum_costs(const struct table *sessions, const struct table *mail, struct cost costs[TESTS])
{
	size_t at = 0;

	for (size_t row = 0; row < sessions->row_count;) {
		struct ignored client[TESTS] = {{0}};
		struct str ip = table_cell(sessions, row, 0)->text;
		const struct cell *delivered = row_of(mail, ip, &at);

		for (; row < sessions->row_count &&
		     str_eq(table_cell(sessions, row, 0)->text, ip); row++) {
			unsigned bits = tests_in(table_cell(sessions, row, 1)->text);
			int64_t first = table_cell(sessions, row, 3)->n;

			for (unsigned t = 0; t < TESTS; t++) {
				if (!(bits >> t & 1))
					continue;
				if (client[t].sessions == 0 || first < client[t].first)
					client[t].first = first;
				client[t].sessions +=
				    (uint64_t)table_cell(sessions, row, 2)->n;
			}
		}
		for (unsigned t = 0; t < TESTS; t++)
			add_cost(&costs[t], &client[t], delivered);
	}
}

static struct table *
make_cost(const struct report *report)
{
	static const struct column columns[] = {{.name = "test"},
	    {.name = "sessions", .type = COLUMN_COUNT},
	    {.name = "clients", .type = COLUMN_COUNT},
	    {.name = "delivered", .type = COLUMN_COUNT},
	    {.name = "messages", .type = COLUMN_COUNT}};
	struct table *table = MADE_TABLE("postscreen_cost", columns);
	const struct table *sessions = report_answer(report, &ignored);
	const struct table *mail = report_answer(report, &deliverers);
	struct cost costs[TESTS] = {{0}};

	sum_costs(sessions, mail, costs);
	for (unsigned t = 0; t < TESTS; t++) {
		struct cell *cells;

		if (costs[t].clients == 0)
			continue;
		cells = table_row(table);
		set_text(table, &cells[0], str_of(tests[t].name));
		set_count(&cells[1], costs[t].sessions);
		set_count(&cells[2], costs[t].clients);
		set_count(&cells[3], costs[t].delivered);
		set_count(&cells[4], costs[t].messages);
	}
	made_of(table, sessions);
	made_of(table, mail);
	return table;
}

const struct section section_postscreen_cost = {
	.name = "postscreen_cost",
	.title = "WHAT ENFORCING AN IGNORED TEST WOULD HAVE COST",
	.of = "tests",
	.note =
	    "Clients that failed the test and were let on; those that delivered mail after\n"
	    "that; and the messages delivered of these, wanted or not.",
	.empty = "No test that failed was ignored.",
	.queries = {&ignored, &deliverers},
	.make = make_cost,
	.views = {{.columns = {{.name = "test"}, {.name = "sessions"}, {.name = "clients"},
	    {.name = "delivered", .title = "later delivered"}, {.name = "messages"}}}},
};
