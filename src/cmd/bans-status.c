/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-status: what the guard that runs counted, forgot and has still to do.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "cmd/bans.h"
#include "serve/serve.h"

#define GUARD_USEC (2 * USEC_PER_SEC)

static void
set_text(struct table *table, struct cell *cell, struct str text)
{
	cell->known = true;
	cell->text = arena_str(&table->arena, text);
}

/* "12 3 0 ... NAME": the name is the first column, numbers are the others. */
static void
add_counts(void *context, struct str item)
{
	struct table *table = context;
	struct cell *row = table_row(table);
	int64_t n;

	for (unsigned c = 1; c < table->column_count; c++) {
		if (str_skip_number(&item, &n))
			set_number(&row[c], n);
		item = str_from(item, item.len > 0);
	}
	set_text(table, &row[0], item);
}

/* As guard-answer.c has it: how it is, its last event, 1 and what is unread; 0: not known. */
static void
add_log(void *context, struct str item)
{
	static const char *const states[] = {[GUARD_LOG_FOLLOWED] = "followed",
	    [GUARD_LOG_ABSENT] = "not there", [GUARD_LOG_CLOSED] = "cannot be read"};
	struct table *table = context;
	struct cell *row = table_row(table);
	int64_t numbers[3] = {0};

	for (unsigned i = 0; i < 3; i++) {
		if (!str_skip_number(&item, &numbers[i]))
			numbers[i] = 0;
		item = str_from(item, item.len > 0);
	}
	set_text(table, &row[0], item);
	if (numbers[0] < (int64_t)(sizeof(states) / sizeof(*states)))
		set_text(table, &row[1], str_of(states[numbers[0]]));
	if (numbers[1])
		set_number(&row[2], numbers[1]);
	if (numbers[2])
		set_number(&row[3], numbers[2] - 1);
}

static void
add_guard(struct table *table, struct str answer)
{
	static const char *const forgotten[] = {"evicted_clients", "evicted_history",
	    "rates_forgotten", "refused_calls"};
	struct str behind = STR("\"store_behind\":true");
	struct cell *row = table_row(table);
	bool is_behind = str_find(answer, behind) < answer.len;

	set_number(&row[0], control_number(answer, "banned"));
	set_number(&row[1], control_number(answer, "events"));
	set_text(table, &row[2], is_behind ? STR("full or away") : STR("written"));
	if (is_behind)
		set_number(&row[3], control_number(answer, "behind_since"));
	for (unsigned i = 0; i < sizeof(forgotten) / sizeof(*forgotten); i++)
		set_number(&row[4 + i], control_number(answer, forgotten[i]));
}

int
bans_status(struct bans *bans)
{
	struct str path = settings_get(bans->settings, SETTING_guard_control)->text;
	struct buf answer = BUF_INIT(BUF_UNLIMITED);
	struct report *report;
	struct table *table;
	struct err err;
	int result = path.len ? control_call(arena_cstr(&bans->arena, path),
	    STR("{\"op\":\"counts\"}"), GUARD_USEC, &answer, &err) :
	    err_set(&err, "[guard] control names no socket by which a guard can be asked");

	if (result < 0 || result > 0) {
		buf_done(&answer);
		return bans_failed(&err);
	}
	report = bans_report(bans);
	add_guard(report_give(report, REPORT_BANS_STATUS), buf_view(&answer));
	control_list(buf_view(&answer), "logs", add_log,
	    report_give(report, REPORT_BANS_STATUS_LOGS));
	control_list(buf_view(&answer), "rules", add_counts,
	    report_give(report, REPORT_BANS_STATUS_RULES));
	table = report_give(report, REPORT_BANS_STATUS_ACTIONS);
	control_list(buf_view(&answer), "actions", add_counts, table);
	buf_done(&answer);
	return bans_print(bans, report, table);
}
