/* SPDX-License-Identifier: Apache-2.0
 *
 * overview: everything in one row, made from four queries without groups; and
 * its text form, the upper half of the first screen.
 */
#include "report/room.h"

static const struct query overview_mail = {
	.name = "overview_mail",
	.where = "kind = message | " REJECTED,
	.measures = {COUNT("messages", MESSAGE), COUNT("received", RECEIVED),
	    SUM("bytes", size, RECEIVED), SUM("recipients", nrcpt, RECEIVED),
	    SUM("delivered", delivered, MESSAGE), SUM("deferred", deferred, MESSAGE),
	    SUM("bounced", bounced, MESSAGE), COUNT("rejected", REJECTED),
	    DISTINCT("rejected_addresses", ip, REJECTED)},
};

static const struct query overview_logins = {
	.name = "overview_logins",
	.where = "kind = attempt",
	.measures = {COUNT("logins_succeeded", LOGIN_SUCCEEDED),
	    DISTINCT("logins_succeeded_users", user, LOGIN_SUCCEEDED),
	    COUNT("logins_failed", LOGIN_FAILED),
	    DISTINCT("logins_failed_addresses", ip, LOGIN_FAILED),
	    DISTINCT("logins_failed_users", user, LOGIN_FAILED),
	    COUNT("logins_aborted", LOGIN_ABORTED), COUNT("logins_refused", LOGIN_REFUSED),
	    COUNT("logins_error", "outcome = error")},
};

static const struct query overview_door = {
	.name = "overview_door",
	.where = "kind = session",
	.measures = {COUNT("sessions", NULL), DISTINCT("sessions_addresses", ip, NULL),
	    COUNT("passed_old", "outcome = passed_old"),
	    COUNT("passed_new", "outcome = passed_new"),
	    COUNT("allowlisted", "outcome = allowlisted"),
	    COUNT("told_to_retry", "outcome = deferred | outcome = deferred_incomplete"),
	    COUNT("rejected_at_door", "outcome = rejected_enforce | outcome = rejected_drop"),
	    COUNT("limited", "outcome = limited"), COUNT("left", "outcome = left"),
	    COUNT("let_in_anyway", "outcome = ignored_fail"),
	    COUNT("unfinished", "outcome = open")},
};

static const struct query overview_returns = {
	.name = "overview_returns",
	.where = "kind = reconnect",
	.measures = {COUNT("returned", "open != true"), COUNT("never_returned", "open = true"),
	    QUANTILE("return_seconds_p50", seconds, 0.5, "open != true")},
};

static const struct query *const overview_queries[] = {
	&overview_mail, &overview_logins, &overview_door, &overview_returns,
};

#define OVERVIEW_QUERIES (sizeof(overview_queries) / sizeof(*overview_queries))

const struct cell *
table_named(const struct table *table, size_t row, const char *column)
{
	int c = table_column(table, column);

	return c < 0 || row >= table->row_count ? NULL : table_cell(table, row, (unsigned)c);
}

int64_t
table_number(const struct table *table, size_t row, const char *column)
{
	const struct cell *cell = table_named(table, row, column);

	return cell && cell->known ? cell->n : 0;
}

static bool
is_count(enum column_type type)
{
	return type == COLUMN_COUNT || type == COLUMN_BYTES;
}

/* Appends the one row of FROM; where there is none, nothing was counted: 0. */
static unsigned
append(struct table *to, unsigned at, const struct table *from)
{
	for (unsigned c = 0; c < from->column_count; c++, at++) {
		to->columns[at] = from->columns[c];
		to->columns[at].name = arena_cstr(&to->arena, str_of(from->columns[c].name));
		if (from->row_count)
			to->cells[at] = *table_cell(from, 0, c);
		if (!to->cells[at].known && is_count(to->columns[at].type))
			to->cells[at] = (struct cell){.known = true};
	}
	if (!from->exact) {
		to->exact = false;
		to->note = from->note ? arena_cstr(&to->arena, str_of(from->note)) : NULL;
	}
	return at;
}

static struct table *
make_overview(const struct report *report)
{
	const struct report_data *data = report->data;
	const struct table *part[OVERVIEW_QUERIES];
	unsigned columns = 2, at = 2;
	struct table *table;

	for (size_t i = 0; i < OVERVIEW_QUERIES; i++) {
		part[i] = report_answer(report, overview_queries[i]);
		columns += part[i]->column_count;
	}
	table = table_new("overview", columns);
	table->groups = 1;
	table_row(table);
	table->columns[0] = (struct column){.name = "lines", .type = COLUMN_COUNT};
	table->columns[1] = (struct column){.name = "understood", .type = COLUMN_PERCENT};
	if (!data->stored) { /* which knows events, not lines */
		table->cells[0] = (struct cell){.known = true, .n = (int64_t)data->lines};
		table->cells[1] = (struct cell){.known = true, .real = data->coverage * 100};
	}
	for (size_t i = 0; i < OVERVIEW_QUERIES; i++)
		at = append(table, at, part[i]);
	return table;
}

const struct section section_overview = {
	.name = "overview",
	.title = "OVERVIEW",
	.help = "the figures of the first screen's upper half",
	.of = "row",
	.queries = {&overview_mail, &overview_logins, &overview_door, &overview_returns},
	.make = make_overview,
	.print = overview_text,
};

#define LABEL_WIDTH 9
#define DOOR_LABEL_WIDTH 14
#define DOOR_BAR 10 /* columns of 100 % */
#define SECOND_COLUMN 38
#define EXTRA_WIDTH 19 /* behind a number of the second column */

/* A line of a list of figures: what follows the number is up to `extra`. */
struct figure {
	const char *label, *column;
	void (*extra)(const struct table *table, const struct figure *figure, struct buf *out);
};

static void
counted(const struct table *table, const char *column, const char *what, struct buf *out)
{
	int64_t n = table_number(table, 0, column);

	put_short(out, (uint64_t)n, 7);
	buf_printf(out, " %s%s", what, plural_s((uint64_t)n));
}

static void
extra_bytes(const struct table *table, const struct figure *figure, struct buf *out)
{
	(void)figure;
	report_put_bytes(out, table_number(table, 0, "bytes"));
}

/* Of recipients. */
static void
extra_share(const struct table *table, const struct figure *figure, struct buf *out)
{
	double whole = (double)(table_number(table, 0, "delivered") +
	    table_number(table, 0, "deferred") + table_number(table, 0, "bounced"));
	double part = (double)table_number(table, 0, figure->column);

	if (whole > 0)
		buf_printf(out, "%5.1f %%", 100 * part / whole);
}

static void
extra_rejected(const struct table *table, const struct figure *figure, struct buf *out)
{
	(void)figure;
	counted(table, "rejected_addresses", "client", out);
}

static void
extra_users(const struct table *table, const struct figure *figure, struct buf *out)
{
	(void)figure;
	counted(table, "logins_succeeded_users", "user", out);
}

static void
extra_failed(const struct table *table, const struct figure *figure, struct buf *out)
{
	struct buf users = BUF_INIT(64);

	(void)figure;
	counted(table, "logins_failed_users", "user", &users);
	counted(table, "logins_failed_addresses", "client", out);
	if (out->len + users.len + 2 <= EXTRA_WIDTH) {
		buf_str(out, STR(", "));
		buf_str(out, buf_view(&users));
	}
	buf_done(&users);
}

static const struct figure mail_figures[] = {
	{"received", "received", extra_bytes},
	{"delivered", "delivered", extra_share},
	{"deferred", "deferred", extra_share},
	{"bounced", "bounced", extra_share},
	{"rejected", "rejected", extra_rejected},
};

static const struct figure login_figures[] = {
	{"succeeded", "logins_succeeded", extra_users},
	{"failed", "logins_failed", extra_failed},
	{"aborted", "logins_aborted", NULL},
	{"refused", "logins_refused", NULL},
	{"error", "logins_error", NULL},
};

#define FIGURES (sizeof(mail_figures) / sizeof(*mail_figures))

_Static_assert(
    FIGURES == sizeof(login_figures) / sizeof(*login_figures), "two lists, one height");

static void
put_figure(const struct table *table, const struct figure *figure, unsigned width,
    struct buf *out)
{
	struct buf number = BUF_INIT(64);

	put_short(&number, (uint64_t)table_number(table, 0, figure->column), 9);
	buf_printf(out, "  %-*s %9.*s", (int)width, figure->label, STR_ARG(buf_view(&number)));
	buf_done(&number);
	if (figure->extra) {
		struct buf extra = BUF_INIT(256);

		figure->extra(table, figure, &extra);
		buf_str(out, STR("  "));
		buf_str(out, buf_view(&extra));
		buf_done(&extra);
	}
}

static void
put_figures(const struct report *report, const struct table *table, struct buf *out)
{
	colour_on(report, COLOUR_TITLE, out);
	buf_printf(out, "%-*s%s\n", SECOND_COLUMN, "MAIL", "LOGINS");
	colour_off(report, out);
	for (size_t i = 0; i < FIGURES; i++) {
		struct buf line = BUF_INIT(512);

		put_figure(table, &mail_figures[i], LABEL_WIDTH, &line);
		if (line.len < SECOND_COLUMN)
			put_padding(&line, SECOND_COLUMN - (unsigned)line.len);
		put_figure(table, &login_figures[i], LABEL_WIDTH, &line);
		buf_str(out, buf_view(&line));
		buf_char(out, '\n');
		buf_done(&line);
	}
}

static const struct figure door_figures[] = {
	{"passed, known", "passed_old", NULL},
	{"passed, new", "passed_new", NULL},
	{"allow list", "allowlisted", NULL},
	{"told to retry", "told_to_retry", NULL},
	{"rejected", "rejected_at_door", NULL},
	{"over a limit", "limited", NULL},
	{"left by itself", "left", NULL},
	{"failed, let in", "let_in_anyway", NULL},
	{"still there", "unfinished", NULL},
};

/* "median return 4m10s, 38 % never" */
static void
put_returns(const struct table *table, struct buf *out)
{
	const struct cell *median = table_named(table, 0, "return_seconds_p50");
	int64_t returned = table_number(table, 0, "returned");
	int64_t never = table_number(table, 0, "never_returned");

	if (returned + never == 0)
		return;
	if (returned && median && median->known) {
		buf_str(out, STR("median return "));
		report_put_seconds(out, median->real);
		buf_str(out, STR(", "));
	}
	put_percent(out, (double)never, (double)(returned + never));
	buf_str(out, STR(" never"));
}

static void
put_door_line(const struct report *report, const struct table *table,
    const struct figure *figure, double sessions, struct buf *out)
{
	int64_t n = table_number(table, 0, figure->column);
	int bar = (int)(DOOR_BAR * (double)n / sessions + 0.5);
	struct buf percent = BUF_INIT(16);

	if (n == 0)
		return;
	put_figure(table, figure, DOOR_LABEL_WIDTH, out);
	put_percent(&percent, (double)n, sessions);
	buf_printf(out, " %6.*s  ", STR_ARG(buf_view(&percent)));
	buf_done(&percent);
	colour_on(report, COLOUR_BAR, out);
	for (int i = 0; i < (bar ? bar : 1); i++)
		buf_char(out, '#');
	colour_off(report, out);
	if (strcmp(figure->column, "told_to_retry") == 0) {
		buf_str(out, STR("  "));
		put_returns(table, out);
	}
	buf_char(out, '\n');
}

static void
put_door(const struct report *report, const struct table *table, struct buf *out)
{
	double sessions = (double)table_number(table, 0, "sessions");

	colour_on(report, COLOUR_TITLE, out);
	buf_str(out, STR("AT THE DOOR"));
	colour_off(report, out);
	buf_str(out, STR("   "));
	counted(table, "sessions", "postscreen session", out);
	buf_str(out, STR(", "));
	counted(table, "sessions_addresses", "client", out);
	buf_char(out, '\n');
	for (size_t i = 0; i < sizeof(door_figures) / sizeof(*door_figures); i++)
		put_door_line(report, table, &door_figures[i], sessions, out);
}

void
overview_text(const struct report *report, const struct section *section, struct buf *out)
{
	const struct table *table = report_table(report, section);

	put_figures(report, table, out);
	if (table_number(table, 0, "sessions") == 0)
		return;
	buf_char(out, '\n');
	put_door(report, table, out);
}
