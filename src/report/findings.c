/* SPDX-License-Identifier: Apache-2.0
 *
 * findings: what needs a person, each in one line with the command that tells
 * more. A finding is a row that passed a threshold in a table made for it; the
 * thresholds stand below and nowhere else.
 *
 *   ! bob@shop.test logged in from 192.0.2.7 after 214 failures    postern trace bob@shop.test
 */
#include "base/civil.h"
#include "base/escape.h"
#include "report/room.h"

#define GUESSES_MIN 5        /* failures before a success */
#define BURST_RECIPIENTS 100 /* in an hour, or */
#define BURST_MESSAGES 60
#define BURST_FACTOR 10      /* times the sender's usual hour, or */
#define BURST_NETWORKS 10    /* where it came from: a botnet may send so for days */
#define STUCK_RECIPIENTS 20  /* waiting for one domain */
#define UNKNOWN_PROGRAMS 3   /* named one by one */
#define SAME_SORT 5          /* findings of one sort shown one by one */
#define NAME_WIDTH 40

/* Every group with a success in it; only these can be findings. */
static const struct query logins_after_failures = {
	.name = "logins_after_failures",
	.where = LOGIN_SUCCEEDED " | " LOGIN_FAILED,
	.keys = {KEY(user), KEY(ip)},
	.measures = {COUNT("successes", LOGIN_SUCCEEDED), COUNT("failures", LOGIN_FAILED),
	    FIRST("first_failure", LOGIN_FAILED),
	    LAST("last_failure", LOGIN_FAILED, DETAIL), LAST("last_success", LOGIN_SUCCEEDED)},
	.order = 1,
	.at_least = GUESSES_MIN,
	.skip_absent = true,
	.skip_zero = true,
	.limit = TOP_ROWS,
};

/* The same for logs whose failures do not name the user: by address alone. */
static const struct query logins_after_unnamed = {
	.name = "logins_after_unnamed",
	.where = LOGIN_SUCCEEDED " | " LOGIN_FAILED,
	.keys = {KEY(ip)},
	.measures = {COUNT("successes", LOGIN_SUCCEEDED),
	    COUNT("failures", "kind = attempt & outcome = failure & !user"),
	    FIRST("first_failure", LOGIN_FAILED), LAST("last_success", LOGIN_SUCCEEDED)},
	.order = 1,
	.at_least = GUESSES_MIN,
	.skip_absent = true,
	.skip_zero = true,
};

#define HOURS_OF_SENDERS                                                                    \
	.name = "sudden_senders", .where = "kind = message & user",                         \
	.keys = {KEY(user), KEY_MADE("hour", time, KEY_HOUR_BEGUN)},                        \
	.measures = {SUM("recipients", nrcpt, NULL), COUNT("messages", NULL),               \
	    DISTINCT_MADE("networks", ip, KEY_NET, NULL)}

static const struct query sudden_senders = {HOURS_OF_SENDERS, .limit = TOP_ROWS};

/* Is any hour of any sender busy enough? Mostly none is. find_bursts() sorts them. */
static const struct query bursts = {
	HOURS_OF_SENDERS,
	.unsorted = true,
	.worth = {BURST_RECIPIENTS, BURST_MESSAGES},
};

static const struct query waiting = {
	.name = "waiting",
	.where = "kind = delivery & (status = deferred | status = sent)",
	.keys = {KEY_MADE("domain", recipient, KEY_DOMAIN)},
	.measures = {DISTINCT("waiting", recipient, "kind = delivery & status = deferred"),
	    COUNT("served", "kind = delivery & status = sent")},
	.at_least = STUCK_RECIPIENTS,
	.skip_absent = true,
	.skip_zero = true,
};

static const struct query troubles = {
	.name = "troubles",
	.where = "kind = evidence_lost | kind = capacity | kind = ps_stress | "
		 "kind = auth_error",
	.keys = {KEY(kind), KEY(program)},
	.measures = {COUNT("times", NULL), LAST("last", NULL)},
};

static const struct next_command trace = {"postern trace", .range = true},
	unknown_lines = {"postern scan --unknown", .range = false},
	warnings = NEXT_REPORT("warnings"), auth = NEXT_REPORT("auth"),
	deferrals = NEXT_REPORT("deferrals"), all_findings = NEXT_REPORT("findings --top 0");

enum { FINDING_WHAT, FINDING_SUBJECT, FINDING_COUNT, FINDING_TEXT, FINDING_MORE };

/* Appends the row; WHAT, TEXT and MORE are copied. */
static void
add_finding(struct table *table, const char *what, struct str subject, int64_t count,
    const struct buf *text, const struct buf *more)
{
	const struct str texts[] = {[FINDING_WHAT] = str_of(what), [FINDING_SUBJECT] = subject,
	    [FINDING_TEXT] = buf_view(text), [FINDING_MORE] = buf_view(more)};
	struct cell *row = table_row(table);

	for (unsigned c = 0; c < sizeof(texts) / sizeof(*texts); c++)
		if (c != FINDING_COUNT)
			row[c] = (struct cell){
			    .known = true, .text = arena_str(&table->arena, texts[c])};
	row[FINDING_COUNT] = (struct cell){.known = true, .n = count};
}

static struct str
text_of(const struct table *table, size_t row, const char *column)
{
	const struct cell *cell = table_named(table, row, column);

	return cell && cell->known ? cell->text : STR("");
}

/* The story of SUBJECT; none of what cannot be typed: no argument has a NUL byte. */
static void
put_trace(struct buf *out, const struct report_data *data, struct str subject)
{
	if (str_index(subject, '\0') == subject.len)
		put_command(out, data, &trace, &subject);
}

/* Escaped here, so that what is cut is what will be seen. */
static void
put_name(struct buf *out, struct str name)
{
	struct buf escaped = BUF_INIT(BUF_UNLIMITED);

	escape_terminal(&escaped, name);
	report_put_cut(out, buf_view(&escaped), NAME_WIDTH, false);
	buf_done(&escaped);
}

static void
add_login(const struct report *report, struct table *findings, struct str user,
    struct str ip, int64_t failures)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), more = BUF_INIT(BUF_UNLIMITED);
	struct str subject = user.len ? user : ip;

	if (user.len)
		put_name(&text, user);
	else
		buf_str(&text, STR("somebody"));
	buf_str(&text, STR(" logged in from "));
	buf_str(&text, ip.len ? ip : STR("an unknown address"));
	buf_str(&text, STR(" after "));
	report_put_things(&text, (uint64_t)failures, "failure");
	put_trace(&more, report->data, subject);
	add_finding(findings, "login_after_failures", subject, failures, &text, &more);
	buf_done(&text);
	buf_done(&more);
}

static bool
is_guessed(const struct table *table, size_t row)
{
	const struct cell *first = table_named(table, row, "first_failure");
	const struct cell *last = table_named(table, row, "last_success");

	return table_number(table, row, "failures") >= GUESSES_MIN && first && first->known &&
	    last && last->known && last->n > first->n;
}

static void
find_logins(const struct report *report, struct table *findings)
{
	const struct table *named = report_answer(report, &logins_after_failures);
	const struct table *unnamed = report_answer(report, &logins_after_unnamed);

	for (size_t i = 0; i < named->row_count; i++)
		if (is_guessed(named, i))
			add_login(report, findings, text_of(named, i, "user"),
			    text_of(named, i, "ip"), table_number(named, i, "failures"));
	for (size_t i = 0; i < unnamed->row_count; i++)
		if (is_guessed(unnamed, i))
			add_login(report, findings, STR(""), text_of(unnamed, i, "ip"),
			    table_number(unnamed, i, "failures"));
}

static int
compare_numbers(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* One user's hours: rows of the table, the user's busiest first. */
struct hours {
	const struct report *report;
	const struct table *table;
	const size_t *rows;
	size_t count;
};

/* The median of COLUMN over the hours other than the busiest; 0 without any. */
static int64_t
usual(const struct hours *hours, const char *column)
{
	int64_t *values = xmalloc((hours->count + 1) * sizeof(*values));
	int64_t median = 0;

	for (size_t i = 1; i < hours->count; i++)
		values[i - 1] = table_number(hours->table, hours->rows[i], column);
	if (hours->count > 1) {
		qsort(values, hours->count - 1, sizeof(*values), compare_numbers);
		median = values[(hours->count - 1) / 2];
	}
	free(values);
	return median;
}

static bool
is_burst(const struct hours *hours, const char *column, int64_t least)
{
	int64_t most = table_number(hours->table, hours->rows[0], column);

	return most >= least && most >= BURST_FACTOR * usual(hours, column);
}

/* "60 messages of eve went to 500 recipients in 1 h, from 12 networks": ROW of the hours. */
static void
add_burst(const struct hours *hours, size_t row, const char *what, struct table *findings)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), more = BUF_INIT(BUF_UNLIMITED);
	const struct table *table = hours->table;
	struct str user = text_of(table, row, "user");
	int64_t recipients = table_number(table, row, "recipients");
	int64_t networks = table_number(table, row, "networks");

	report_put_things(&text, (uint64_t)table_number(table, row, "messages"), "message");
	buf_str(&text, STR(" of "));
	put_name(&text, user);
	buf_str(&text, STR(" went to "));
	report_put_count(&text, (uint64_t)recipients);
	buf_str(&text, STR(" recipients in 1 h"));
	if (networks >= BURST_NETWORKS) {
		buf_str(&text, STR(", from "));
		report_put_things(&text, (uint64_t)networks, "network");
	}
	put_trace(&more, hours->report->data, user);
	add_finding(findings, what, user, recipients, &text, &more);
	buf_done(&text);
	buf_done(&more);
}

/* An hour far busier than the user's others. */
static bool
is_sudden(const struct hours *hours)
{
	return is_burst(hours, "recipients", BURST_RECIPIENTS) ||
	    is_burst(hours, "messages", BURST_MESSAGES);
}

static void
find_sudden(const struct hours *hours, struct table *findings)
{
	if (is_sudden(hours))
		add_burst(hours, hours->rows[0], "sudden_sender", findings);
}

/* Who sends much in every hour sends a newsletter, unless it comes from everywhere. */
static void
find_many_networks(const struct hours *hours, struct table *findings)
{
	const struct table *table = hours->table;

	for (size_t i = 0; i < hours->count && !is_sudden(hours); i++) {
		size_t row = hours->rows[i];

		if (table_number(table, row, "networks") < BURST_NETWORKS ||
		    (table_number(table, row, "recipients") < BURST_RECIPIENTS &&
			table_number(table, row, "messages") < BURST_MESSAGES))
			continue;
		add_burst(hours, row, "many_networks", findings);
		return;
	}
}

struct user_hour {
	struct str user;
	int64_t recipients, hour;
	size_t row;
};

/* By user; a user's busiest hour first, of equal ones the earliest. */
static int
compare_hours(const void *a, const void *b)
{
	const struct user_hour *x = a, *y = b;
	int order = str_compare(x->user, y->user);

	if (order)
		return order;
	if (x->recipients != y->recipients)
		return x->recipients > y->recipients ? -1 : 1;
	return x->hour < y->hour ? -1 : x->hour > y->hour;
}

static void
find_bursts(const struct report *report, struct table *findings,
    void (*find)(const struct hours *hours, struct table *findings))
{
	const struct table *table = report_answer(report, &bursts);
	size_t n = table->row_count;
	struct user_hour *sorted = xcalloc(n + 1, sizeof(*sorted));
	size_t *rows = xcalloc(n + 1, sizeof(*rows));

	for (size_t i = 0; i < n; i++)
		sorted[i] = (struct user_hour){text_of(table, i, "user"),
		    table_number(table, i, "recipients"), table_number(table, i, "hour"), i};
	qsort(sorted, n, sizeof(*sorted), compare_hours);
	for (size_t i = 0; i < n; i++)
		rows[i] = sorted[i].row;
	for (size_t begin = 0, end; begin < n; begin = end) {
		for (end = begin + 1; end < n && str_eq(sorted[end].user, sorted[begin].user);)
			end++;
		find(&(struct hours){report, table, &rows[begin], end - begin}, findings);
	}
	free(sorted);
	free(rows);
}

/* A sort of findings whose text is a number, words, a name and words again. */
struct counted {
	const char *what, *before, *after;
	const struct next_command *more;
};

static void
add_counted(const struct report *report, struct table *findings,
    const struct counted *sort, int64_t n, struct str name)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), more = BUF_INIT(BUF_UNLIMITED);

	report_put_count(&text, (uint64_t)n);
	buf_str(&text, str_of(sort->before));
	put_name(&text, name);
	buf_str(&text, str_of(sort->after));
	put_command(&more, report->data, sort->more, NULL);
	add_finding(findings, sort->what, name, n, &text, &more);
	buf_done(&text);
	buf_done(&more);
}

static void
find_not_understood(const struct report *report, struct table *findings)
{
	static const struct counted line = {
		"not_understood", " line of ", " not understood", &unknown_lines},
		lines = {"not_understood", " lines of ", " not understood", &unknown_lines};
	const struct report_data *data = report->data;
	unsigned named = 0;
	int64_t rest = 0;

	for (size_t i = 0; i < data->program_count; i++) {
		const struct report_lines *program = &data->programs[i];
		int64_t n = (int64_t)(program->unknown + program->malformed);

		if (n && named++ < UNKNOWN_PROGRAMS)
			add_counted(report, findings, n == 1 ? &line : &lines, n,
			    program->name.len ? program->name : STR("no program"));
		else
			rest += n;
	}
	if (rest)
		add_counted(report, findings, &lines, rest, STR("other programs"));
}

static void
find_troubles(const struct report *report, struct table *findings)
{
	static const struct counted sorts[] = {
		{"evidence_lost", " log lines or bursts of them lost, says ", "", &warnings},
		{"capacity", " times a process limit was reached, says ", "", &warnings},
		{"ps_stress", " changes of load at the door: ", " under stress", &warnings},
		{"auth_error", " logins failed by the server's own fault (", ")", &auth},
	};
	const struct table *table = report_answer(report, &troubles);

	for (size_t s = 0; s < sizeof(sorts) / sizeof(*sorts); s++)
		for (size_t i = 0; i < table->row_count; i++)
			if (str_eq(text_of(table, i, "kind"), str_of(sorts[s].what)))
				add_counted(report, findings, &sorts[s],
				    table_number(table, i, "times"),
				    text_of(table, i, "program"));
}

static void
find_waiting(const struct report *report, struct table *findings)
{
	static const struct counted sort = {
		"deferred_domain", " recipients at ", " have to wait", &deferrals};
	const struct table *table = report_answer(report, &waiting);

	for (size_t i = 0; i < table->row_count; i++) {
		int64_t recipients = table_number(table, i, "waiting");

		if (recipients >= STUCK_RECIPIENTS &&
		    recipients > table_number(table, i, "served"))
			add_counted(report, findings, &sort, recipients,
			    text_of(table, i, "domain"));
	}
}

static struct table *
make_findings(const struct report *report)
{
	static const struct column columns[] = {
		[FINDING_WHAT] = {.name = "what", .type = COLUMN_TEXT},
		[FINDING_SUBJECT] = {.name = "subject", .type = COLUMN_TEXT},
		[FINDING_COUNT] = {.name = "count", .type = COLUMN_COUNT},
		[FINDING_TEXT] = {.name = "text", .type = COLUMN_TEXT},
		[FINDING_MORE] = {.name = "more", .type = COLUMN_TEXT}};
	struct table *table = table_new("findings", sizeof(columns) / sizeof(*columns));

	memcpy(table->columns, columns, sizeof(columns));
	find_logins(report, table);
	find_bursts(report, table, find_sudden);
	find_bursts(report, table, find_many_networks);
	find_troubles(report, table);
	find_waiting(report, table);
	find_not_understood(report, table);
	table->groups = table->row_count;
	return table;
}

/* How many rows from FROM on are of the same sort. */
static size_t
same_sort(const struct table *table, size_t from)
{
	size_t to = from + 1;

	while (to < table->row_count &&
	    str_eq(text_of(table, from, "what"), text_of(table, to, "what")))
		to++;
	return to - from;
}

static void
put_finding(const struct report *report, const struct table *table, size_t row,
    struct buf *out)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), more = BUF_INIT(BUF_UNLIMITED);
	unsigned width = report->style->width, used;

	escape_terminal(&text, text_of(table, row, "text"));
	escape_terminal(&more, text_of(table, row, "more"));
	colour_on(report, COLOUR_ALARM, out);
	buf_str(out, STR("  ! "));
	colour_off(report, out);
	used = 4 + put_wrapped(out, buf_view(&text), width - 4);
	if (used + 2 + report_width(buf_view(&more)) <= width) {
		put_padding(out, width - used - report_width(buf_view(&more)));
	} else {
		buf_char(out, '\n');
		put_padding(out, COMMAND_INDENT);
	}
	colour_on(report, COLOUR_QUIET, out);
	put_wrapped_command(out, buf_view(&more), COMMAND_INDENT, width);
	colour_off(report, out);
	buf_char(out, '\n');
	buf_done(&text);
	buf_done(&more);
}

void
findings_text(const struct report *report, const struct section *section, struct buf *out)
{
	const struct table *table = report_table(report, section);
	size_t most = report->first_screen ? 2 : SAME_SORT;

	if (report->has_top)
		most = report->top ? report->top : table->row_count;
	colour_on(report, COLOUR_TITLE, out);
	buf_str(out, STR("LOOK AT\n"));
	colour_off(report, out);
	if (table->row_count == 0)
		buf_str(out, STR("  Nothing stands out: no guessed login, no sudden sender, no"
				 " loss or limit.\n"));
	for (size_t row = 0, count; row < table->row_count; row += count) {
		count = same_sort(table, row);
		for (size_t i = 0; i < count && i < most; i++)
			put_finding(report, table, row + i, out);
		if (count > most) {
			size_t begun = out->len;

			buf_str(out, STR("    and "));
			report_put_count(out, count - most);
			buf_str(out, STR(" more of this sort: "));
			put_command_line(
			    report, &all_findings, (unsigned)(out->len - begun), out);
		}
	}
}

const struct section section_findings = {
	.name = "findings",
	.title = "LOOK AT",
	.help = "what needs a person",
	.of = "findings",
	.empty = "Nothing stands out.",
	.queries = {&logins_after_failures, &logins_after_unnamed, &bursts, &waiting,
	    &troubles},
	.make = make_findings,
	.print = findings_text,
};

const struct section section_logins_after_failures = {
	.name = "logins_after_failures",
	.title = "LOGGED IN, AND FAILED TOO",
	.of = "users and addresses",
	.empty = "Nobody logged in who had failed often from the same address.",
	.queries = {&logins_after_failures},
	.views = {{.columns = {{.name = "user"}, {.name = "ip", .title = "address"},
	    {.name = "failures"}, {.name = "successes"}, {.name = "last_success"}}}},
};

const struct section section_sudden_senders = {
	.name = "sudden_senders",
	.title = "BUSIEST HOURS OF USERS",
	.of = "users and hours",
	.empty = "No mail came from a user who logged in.",
	.queries = {&sudden_senders},
	.views = {{.columns = {{.name = "user"}, {.name = "hour"},
	    {.name = "recipients", .bar = true}, {.name = "messages"}, {.name = "networks"}}}},
};
