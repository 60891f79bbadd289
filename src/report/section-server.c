/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections about the server itself: encryption, warnings, and how much of the
 * log was understood.
 */
#include "report/room.h"

static const struct query tls = {
	.name = "tls",
	.where = "kind = tls",
	.keys = {KEY(daemon), KEY(tls), KEY(cipher)},
	.measures = {COUNT("connections", NULL), DISTINCT("clients", ip, NULL)},
	.limit = TOP_ROWS,
};

const struct section section_tls = {
	.name = "tls",
	.title = "TLS CONNECTIONS",
	.help = "TLS versions and ciphers, and handshakes that failed",
	.of = "combinations",
	.note = "smtpd and postscreen receive, smtp sends. Logged only where the server's\n"
		"TLS log level is at least 1.",
	.empty = "No TLS connection was logged.",
	.queries = {&tls},
	.views = {{.columns = {{.name = "daemon"}, {.name = "tls", .title = "version"},
	    {.name = "cipher"}, {.name = "connections", .share = true, .bar = true},
	    {.name = "clients"}}}},
	.parts = {&section_tls_failures},
};

static const struct query tls_failures = {
	.name = "tls_failures",
	.where = "kind = tls_failure",
	.keys = {KEY(daemon), KEY(text)},
	.measures = {COUNT("times", NULL), DISTINCT("addresses", ip, NULL),
	    LAST("last", NULL)},
	.limit = TOP_ROWS,
};

const struct section section_tls_failures = {
	.name = "tls_failures",
	.title = "TLS THAT FAILED",
	.of = "messages",
	.note = "Of one handshake there may be two messages, one of which names no client.",
	.empty = "No TLS handshake failed.",
	.queries = {&tls_failures},
	.views = {{.columns = {{.name = "daemon"}, {.name = "times"}, {.name = "addresses"},
	    {.name = "last", .spare = true}, {.name = "text", .title = "message"}}}},
};

static const struct query warnings = {
	.name = "warnings",
	.where = "(kind = operational | kind = service | kind = capacity | "
		 "kind = evidence_lost | kind = auth_error | kind = ps_stress) & "
		 "(severity = warning | severity = error | severity = fatal | "
		 "severity = panic | kind = capacity | kind = evidence_lost | "
		 "kind = ps_stress)",
	.keys = {KEY(severity), KEY(program), KEY(text)},
	.measures = {COUNT("times", NULL), FIRST("first", NULL), LAST("last", NULL)},
	.limit = TOP_ROWS,
};

const struct section section_warnings = {
	.name = "warnings",
	.title = "WARNINGS OF THE SERVER",
	.help = "warnings and errors of the server, and those about clients",
	.of = "messages",
	.empty = "The server warned of nothing.",
	.queries = {&warnings},
	.views = {{.columns = {{.name = "severity", .absent = "notice"}, {.name = "program"},
	    {.name = "times"}, {.name = "last", .spare = true},
	    {.name = "text", .title = "message"}}}},
	.parts = {&section_warnings_clients},
};

static const struct query warnings_clients = {
	.name = "warnings_clients",
	.where = "kind = violation | kind = rate_limit | kind = rdns_mismatch | "
		 "(kind = tls_failure & ip) | kind = abort",
	.keys = {KEY(kind), KEY(action), KEY(stage)},
	.measures = {COUNT("times", NULL), DISTINCT("addresses", ip, NULL),
	    DISTINCT_MADE("networks", ip, KEY_NET, NULL), LAST("last", NULL)},
	.limit = TOP_ROWS,
};

const struct section section_warnings_clients = {
	.name = "warnings_clients",
	.title = "ODD CLIENTS",
	.of = "sorts",
	.empty = "No client did anything odd.",
	.queries = {&warnings_clients},
	.views = {{.columns = {{.name = "kind", .title = "what", .words = true},
	    {.name = "action"}, {.name = "stage"}, {.name = "times", .bar = true},
	    {.name = "addresses"}, {.name = "last", .spare = true}}}},
};

static struct table *
make_hosts(const struct report *report)
{
	static const struct column columns[] = {{.name = "host", .type = COLUMN_TEXT}};
	struct table *table = made_table("hosts", columns, 1);

	for (size_t i = 0; i < report->data->host_count; i++)
		set_text(table, table_row(table), report->data->hosts[i]);
	table->groups = table->row_count;
	return table;
}

const struct section section_hosts = {
	.name = "hosts",
	.title = "HOSTS",
	.help = "hosts that wrote the log",
	.of = "hosts",
	.empty = "No line named a host.",
	.make = make_hosts,
};

static void
add_lines(struct table *table, const struct report_lines *lines)
{
	uint64_t mail = lines->lines - lines->foreign;
	uint64_t lost = lines->unknown + lines->malformed;
	struct cell *row = table_row(table);

	const uint64_t counts[] = {lines->lines, lines->events, lines->ignored, lines->unknown,
	    lines->malformed, lines->foreign};

	set_text(table, &row[0], lines->name);
	for (unsigned c = 0; c < sizeof(counts) / sizeof(*counts); c++) {
		set_count(&row[c + 1], counts[c]);
		set_count(&table->total[c + 1],
		    (uint64_t)table->total[c + 1].n + counts[c]);
	}
	row[7].known = mail > 0;
	row[7].real = mail ? 100.0 - 100.0 * (double)lost / (double)mail : 0;
}

static struct table *
make_coverage(const struct report *report)
{
	static const struct column columns[] = {{.name = "program", .type = COLUMN_TEXT},
	    {.name = "lines", .type = COLUMN_COUNT}, {.name = "events", .type = COLUMN_COUNT},
	    {.name = "ignored", .type = COLUMN_COUNT},
	    {.name = "unknown", .type = COLUMN_COUNT},
	    {.name = "malformed", .type = COLUMN_COUNT},
	    {.name = "foreign", .type = COLUMN_COUNT},
	    {.name = "understood", .type = COLUMN_PERCENT}};
	struct table *table = made_table("coverage", columns, 8);

	for (size_t i = 0; i < report->data->program_count; i++)
		add_lines(table, &report->data->programs[i]);
	table->groups = table->row_count;
	return table;
}

const struct section section_coverage = {
	.name = "coverage",
	.title = "LINES UNDERSTOOD",
	.help = "how much of the log was understood, by program and shape",
	.of = "programs",
	.note = "understood: of the mail programs' lines; ignored = known and of no use;\n"
		"foreign = another program's.",
	.empty = "No line was read.",
	.unkept = "Not known: a guard keeps events, not lines. Ask the log: name its file.",
	.make = make_coverage,
	.views = {{.columns = {{.name = "program"}, {.name = "lines"},
	    {.name = "events", .spare = true}, {.name = "ignored", .spare = true},
	    {.name = "unknown"}, {.name = "malformed"}, {.name = "foreign"},
	    {.name = "understood"}}}},
	.parts = {&section_shapes},
};

static struct table *
make_shapes(const struct report *report)
{
	static const struct column columns[] = {{.name = "program", .type = COLUMN_TEXT},
	    {.name = "lines", .type = COLUMN_COUNT}, {.name = "shape", .type = COLUMN_TEXT},
	    {.name = "example", .type = COLUMN_TEXT}};
	struct table *table = made_table("shapes", columns, 4);

	for (size_t i = 0; i < report->data->shape_count; i++) {
		const struct report_shape *shape = &report->data->shapes[i];
		struct cell *row = table_row(table);

		set_text(table, &row[0], shape->program);
		set_count(&row[1], shape->count);
		set_text(table, &row[2], shape->shape);
		set_text(table, &row[3], shape->example);
	}
	table->groups = table->row_count;
	return table;
}

const struct section section_shapes = {
	.name = "shapes",
	.title = "LINES NOT UNDERSTOOD",
	.of = "shapes",
	.note = "One example of each: postern scan --unknown --format json",
	.empty = "Every line was understood.",
	.unkept = "Not known: what was not understood is not kept. Ask the log: name its "
	    "file.",
	.make = make_shapes,
	.views = {{.columns = {{.name = "program"}, {.name = "lines"}, {.name = "shape"}}}},
};
