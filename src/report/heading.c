/* SPDX-License-Identifier: Apache-2.0
 *
 * heading: what was read, over what time, and how much of it was understood;
 * and, when there is nothing to report, a sentence that says why and what to try.
 *
 *   mx1  /var/log/mail.log and 3 more   Wed 31 Dec 02:00 - Thu 1 Jan 11:04 UTC+1 (33 h)
 *   23,738 lines, 100.0 % understood
 */
#include "base/civil.h"
#include "base/escape.h"
#include "report/room.h"

/* "A, B and 3 more" of COUNT names. */
static void
put_names(const struct report *report, struct str (*name)(const struct report_data *, size_t),
    size_t count, size_t most, unsigned width, struct buf *out)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED);

	for (size_t i = 0; i < count && i < most; i++) {
		if (i)
			buf_str(out, STR(", "));
		buf_clear(&text);
		escape_terminal(&text, name(report->data, i));
		report_put_cut(out, buf_view(&text), width, report->style->utf8);
	}
	if (count > most) {
		buf_str(out, STR(" and "));
		report_put_count(out, count - most);
		buf_str(out, STR(" more"));
	}
	buf_done(&text);
}

static struct str
host_name(const struct report_data *data, size_t i)
{
	return data->hosts[i];
}

void
put_hosts(const struct report *report, struct buf *out)
{
	put_names(report, host_name, report->data->host_count, 2, 30, out);
}

static struct str
input_name(const struct report_data *data, size_t i)
{
	return data->inputs[i].name;
}

static struct str
program_name(const struct report_data *data, size_t i)
{
	return data->programs[i].name;
}

static int
year_of(int64_t usec)
{
	return civil_of(usec + zone_offset(usec) * USEC_PER_SEC).year;
}

/* How long: to the nearest of the largest unit of which there are enough. */
static void
put_length(int64_t length, struct buf *out)
{
	static const struct {
		int64_t below, usec; /* a length; of the unit */
		const char *name;
	} units[] = {
	    {2 * 60 * USEC_PER_SEC, USEC_PER_SEC, "s"},
	    {2 * USEC_PER_HOUR, 60 * USEC_PER_SEC, "min"},
	    {3 * USEC_PER_DAY, USEC_PER_HOUR, "h"},
	    {INT64_MAX, USEC_PER_DAY, "days"},
	};
	unsigned u = 0;

	while (length >= units[u].below)
		u++;
	buf_printf(out, " (%lld %s)",
	    (long long)((length + units[u].usec / 2) / units[u].usec), units[u].name);
}

static void
put_period(struct buf *out, int64_t first, const char *between, int64_t last)
{
	put_moment(out, first, year_of(first) != year_of(last));
	buf_str(out, str_of(between));
	put_moment(out, last, true);
}

void
report_put_period(struct buf *out, int64_t first, int64_t last)
{
	put_period(out, first, " to ", last);
}

void
put_time_span(const struct report_data *data, struct buf *out)
{
	put_period(out, data->first, " - ", data->last);
	buf_char(out, ' ');
	put_zone(data->last, out);
	put_length(data->last - data->first, out);
}

static uint64_t
sum_of(const struct report_data *data, size_t offset)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < data->input_count; i++) {
		uint64_t n;

		memcpy(&n, (const char *)&data->inputs[i] + offset, sizeof(n));
		sum += n;
	}
	return sum;
}

#define SUM_OF(data, member) sum_of((data), offsetof(struct report_lines, member))

/* Inputs of which anything was read; the others come last. */
static size_t
read_count(const struct report_data *data)
{
	size_t count = data->input_count;

	while (count && data->inputs[count - 1].error && data->inputs[count - 1].lines == 0)
		count--;
	return count;
}

/* What stands between the reader and the whole truth. */
static void
put_doubts(const struct report *report, struct buf *out)
{
	const struct report_data *data = report->data;

	for (size_t i = 0; i < data->input_count; i++)
		if (data->inputs[i].error) {
			buf_str(out, data->inputs[i].lines ? STR("not read to its end: ") :
							     STR("not read: "));
			escape_terminal(out, str_of(data->inputs[i].error));
			buf_char(out, '\n');
		}
	if (data->evicted) {
		report_put_count(out, data->evicted);
		buf_str(out, STR(" messages, sessions or clients were open at once beyond the"
				 " cap: their counts are low\n"));
	}
}

/* What is below is of some events only: "nobody tried" is not said of all. */
static void
put_filter(const struct report *report, struct buf *out)
{
	static const struct str only = STR("only events that match");
	const char *where = report->data->asked.where;
	struct buf text = BUF_INIT(BUF_UNLIMITED);

	if (where == NULL)
		return;
	escape_terminal(&text, str_of(where));
	buf_str(out, only);
	report_put_cut(out, buf_view(&text), report->style->width - (unsigned)only.len,
	    report->style->utf8);
	buf_char(out, '\n');
	buf_done(&text);
}

void
text_heading(const struct report *report, struct buf *out)
{
	const struct report_data *data = report->data;
	struct buf left = BUF_INIT(BUF_UNLIMITED), right = BUF_INIT(256);
	double percent = data->coverage * 100;
	uint64_t foreign = SUM_OF(data, foreign);

	put_names(report, host_name, data->host_count, 2, 24, &left);
	if (left.len)
		buf_str(&left, STR("  "));
	put_names(report, input_name, read_count(data), 1, 50, &left);
	if (data->first <= data->last)
		put_time_span(data, &right);
	buf_str(out, buf_view(&left));
	if (report_width(buf_view(&left)) + right.len + 2 <= report->style->width)
		put_padding(out, report->style->width - (unsigned)right.len -
		    report_width(buf_view(&left)));
	else
		buf_char(out, '\n');
	buf_str(out, buf_view(&right));
	buf_char(out, '\n');
	buf_done(&left);
	buf_done(&right);
	if (data->stored) {
		report_put_things(out, data->kept, "event");
		buf_str(out, STR(" kept in "));
		escape_terminal(out, str_of(data->stored));
		buf_char(out, '\n');
		if (data->kept_less)
			buf_printf(out, "kept for less time: %s\n", data->kept_less);
		put_filter(report, out);
		return;
	}
	report_put_things(out, data->lines, "line");
	/* 100.0 % is for when nothing is missing. */
	buf_printf(out, ", %.1f %% understood",
	    percent < 100 && percent > 99.9 ? 99.9 : percent);
	if (foreign) {
		buf_str(out, STR("; "));
		report_put_count(out, foreign);
		buf_str(out, STR(" of other programs"));
	}
	buf_char(out, '\n');
	put_filter(report, out);
	put_doubts(report, out);
}

/* Lines that do not even begin as those of a log do. */
static uint64_t
headless(const struct report_data *data)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < data->program_count; i++)
		if (data->programs[i].name.len == 0)
			lines += data->programs[i].malformed;
	return lines;
}

/* "LINES lines read", and what goes on with TEXT. */
static void
put_read(const struct report_data *data, struct str text, struct buf *out)
{
	report_put_things(out, data->lines, "line");
	buf_str(out, STR(" read"));
	buf_str(out, text);
}

/* Nothing is left of what was asked for; without filter and range nothing was there. */
static void
put_ranged(const struct report_data *data, struct buf *out)
{
	const char *const options[] = {data->since != INT64_MIN ? "--since" : NULL,
	    data->until != INT64_MAX ? "--until" : NULL, data->asked.where ? "--where" : NULL};
	bool range = options[0] || options[1], where = options[2], any = false;

	put_read(data, STR(", but no event "), out);
	buf_printf(out, "%s%s%s.\n", range || !where ? "is in the range" : "",
	    range && where ? " and " : "", where ? "matches the filter" : "");
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		if (options[i])
			buf_printf(out, "%s%s", any ? " or " : "Try without ", options[i]);
		any |= options[i] != NULL;
	}
	if (any)
		buf_str(out, STR(".\n"));
}

/* What to type next, for the same lines. */
static void
put_see(const struct report *report, const char *command, struct buf *out)
{
	const struct next_command next = {command, .range = false};
	struct str see = STR("\nSee: ");

	buf_str(out, see);
	put_command_line(report, &next, (unsigned)see.len - 1, out);
}

static void
say_why(const struct report *report, struct buf *out)
{
	const struct report_data *data = report->data;
	uint64_t foreign = SUM_OF(data, foreign);

	if (data->stored) {
		escape_terminal(out, str_of(data->stored));
		buf_str(out, STR(": nothing is kept that is in the range and matches.\n"));
		return;
	}
	if (data->lines == 0) {
		buf_str(out, STR("nothing to report: not one line in it.\n"));
		return;
	}
	if (SUM_OF(data, events) > 0 || data->ranged) {
		put_ranged(data, out);
	} else if (headless(data) * 2 > data->lines) {
		put_read(data, STR(", but nothing that begins as log lines do (time, host,"
		    " program).\nIs it a mail log?"), out);
		put_see(report, "postern scan --unknown", out);
	} else if (foreign * 2 > data->lines) {
		put_read(data, STR(", none of a mail program known here.\n"), out);
		if (data->program_count > 1 || program_name(data, 0).len) {
			buf_str(out, STR("They are of: "));
			put_names(report, program_name, data->program_count, 4, 24, out);
			buf_char(out, '\n');
		}
		buf_str(out, STR("Mail is often logged in /var/log/mail.log or"
				 " /var/log/maillog.\n"));
	} else {
		put_read(data, STR(", but none tells of mail, logins or clients."), out);
		put_see(report, "postern report coverage", out);
	}
}

bool
text_nothing(const struct report *report, struct buf *out)
{
	const struct report_data *data = report->data;

	if (data->first <= data->last)
		return false;
	put_names(report, input_name, data->input_count, 3, 60, out);
	if (data->input_count)
		buf_str(out, STR(": "));
	say_why(report, out);
	put_doubts(report, out);
	return true;
}
