/* SPDX-License-Identifier: Apache-2.0
 *
 * first-screen: what a postmaster sees who typed nothing else, on 80 columns and
 * about 50 lines: what needs a person, the figures, then the tops of the tables in
 * blocks side by side.
 */
#include "base/escape.h"
#include "report/room.h"

#define BLOCK_ROWS 4
#define BLOCK_VALUES 3
#define BLOCKS_ACROSS 3
#define VALUE_WIDTH 7

/* The top of one section's table, narrow. */
struct block {
	const struct section *section;
	const char *title, *key;
	struct {
		const char *column, *title;
	} values[BLOCK_VALUES];
	unsigned width;
	bool words;
	const char *of; /* figure of the overview that counts the rows which are not 0 */
};

#define BLOCK(id, heading, key_column, columns) \
	.section = &section_##id, .title = heading, .key = key_column, .width = columns
#define VALUES(...) .values = {__VA_ARGS__}

/* Blocks of a row come to 80 columns with two spaces between them. */
static const struct block block_lines[][BLOCKS_ACROSS] = {
	{{BLOCK(networks, "NETWORKS", "network", 43),
	     VALUES({"addresses", "addrs"}, {"turned_away", "away"})},
	    {BLOCK(delays, "SLOW TO", "domain", 35),
	        VALUES({"delay_p50", "p50"}, {"delay_p99", "p99"})}},
	{{BLOCK(rejects, "REJECTED", "reason", 25), VALUES({"rejected", NULL}), .words = true},
	    {BLOCK(users, "USERS TRIED", "user", 26), VALUES({"failed", NULL}),
	        .of = "logins_failed_users"},
	    {BLOCK(dnsbl, "DNS LISTS", "list", 25), VALUES({"addresses", NULL})}},
	{{BLOCK(senders, "SENDERS", "sender", 25), VALUES({"messages", NULL})},
	    {BLOCK(recipients, "RECIPIENTS", "recipient", 26), VALUES({"tries", NULL})},
	    {BLOCK(domains, "DOMAINS", "domain", 25), VALUES({"messages", NULL})}},
	{{BLOCK(scripts, "WEB SCRIPTS", "script", 80),
	    VALUES({"mails", "mails"}, {"domains", "domains"})}},
};

#define BLOCK_LINES (sizeof(block_lines) / sizeof(*block_lines))

static size_t
rows_in(const struct report *report, const struct table *table)
{
	size_t most = !report->has_top ? BLOCK_ROWS : report->top ? report->top : SIZE_MAX;

	return table->row_count < most ? table->row_count : most;
}

static size_t
block_rows(const struct report *report, const struct block *block, const struct table *table)
{
	size_t rows = rows_in(report, table);

	while (block->of && rows > 0 &&
	    table_number(table, rows - 1, block->values[0].column) == 0)
		rows--;
	return rows;
}

/* How many rows there are in all. */
static uint64_t
block_groups(const struct report *report, const struct block *block, const struct table *table)
{
	if (block->of == NULL)
		return table->groups;
	return (uint64_t)table_number(report_table(report, &section_overview), 0, block->of);
}

static void
put_right(struct buf *out, struct str text, unsigned width)
{
	unsigned own = report_width(text);

	put_padding(out, own < width ? width - own : 0);
	buf_str(out, text);
}

static unsigned
key_width(const struct block *block)
{
	unsigned width = block->width;

	for (unsigned i = 0; i < BLOCK_VALUES && block->values[i].column; i++)
		width -= VALUE_WIDTH + 1;
	return width;
}

/* "SENDERS  4 of 311" and the titles of the values, WIDTH columns. */
static void
put_head(const struct report *report, const struct block *block, const struct table *table,
    struct buf *out)
{
	size_t shown = block_rows(report, block, table);
	uint64_t groups = block_groups(report, block, table);
	struct buf title = BUF_INIT(128);

	buf_printf(&title, "%s  ", block->title);
	if (groups > shown) {
		report_put_count(&title, shown);
		buf_str(&title, STR(" of "));
	}
	put_short(&title, groups, 6);
	colour_on(report, COLOUR_TITLE, out);
	buf_str(out, buf_view(&title));
	colour_off(report, out);
	if (block->values[0].title == NULL) {
		put_padding(out, block->width > title.len ?
		    block->width - (unsigned)title.len : 0);
	} else {
		put_padding(out, key_width(block) > title.len ?
		    key_width(block) - (unsigned)title.len : 0);
		for (unsigned i = 0; i < BLOCK_VALUES && block->values[i].column; i++)
			put_right(out, str_of(block->values[i].title), VALUE_WIDTH + 1);
	}
	buf_done(&title);
}

static void
put_value(const struct table *table, size_t row, const char *column, struct buf *out)
{
	int c = table_column(table, column);
	const struct cell *cell = table_named(table, row, column);
	struct buf text = BUF_INIT(64);

	if (c >= 0 && cell->known && table->columns[c].type == COLUMN_COUNT)
		put_short(&text, (uint64_t)cell->n, VALUE_WIDTH);
	else if (c >= 0)
		put_cell(&text, &table->columns[c], cell);
	put_right(out, buf_view(&text), VALUE_WIDTH + 1);
	buf_done(&text);
}

static void
put_line(const struct report *report, const struct block *block, const struct table *table,
    size_t row, struct buf *out)
{
	const struct cell *key = table_named(table, row, block->key);
	unsigned width = key_width(block) - 2;
	struct buf name = BUF_INIT(BUF_UNLIMITED), cut = BUF_INIT(BUF_UNLIMITED);
	struct cell word = *key;

	if (block->words && key->known)
		word.text = word_for(key->text);
	if (key->known && key->text.len == 0)
		buf_str(&name, STR("<>"));
	else
		put_cell(&name, &(struct column){.type = COLUMN_TEXT}, &word);
	report_put_cut(&cut, buf_view(&name), width, report->style->utf8);
	buf_str(out, STR("  "));
	buf_str(out, buf_view(&cut));
	put_padding(out, width - report_width(buf_view(&cut)));
	for (unsigned i = 0; i < BLOCK_VALUES && block->values[i].column; i++)
		put_value(table, row, block->values[i].column, out);
	buf_done(&name);
	buf_done(&cut);
}

/* One line of each block of a row, side by side. LINE 0 is the headings. */
static bool
put_across(const struct report *report, const struct block *blocks, size_t line,
    struct buf *out)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED);
	bool any = false;

	for (unsigned i = 0; i < BLOCKS_ACROSS && blocks[i].section; i++) {
		const struct table *table = report_table(report, blocks[i].section);

		if (i)
			buf_str(&text, STR("  "));
		if (line == 0)
			put_head(report, &blocks[i], table, &text);
		else if (line <= block_rows(report, &blocks[i], table))
			put_line(report, &blocks[i], table, line - 1, &text);
		else
			put_padding(&text, blocks[i].width);
		any |= line <= block_rows(report, &blocks[i], table);
	}
	if (any) {
		buf_str(out, buf_view(&text));
		end_line(out);
	}
	buf_done(&text);
	return any;
}

static bool
any_rows(const struct report *report, const struct block *blocks)
{
	for (unsigned i = 0; i < BLOCKS_ACROSS && blocks[i].section; i++)
		if (report_table(report, blocks[i].section)->row_count)
			return true;
	return false;
}

static void
put_clients(const struct report *report, struct buf *out)
{
	static const struct view view = {.columns = {{.name = "ip", .title = "address"},
	    CLIENT_NAME_COLUMN,
	    {.name = "turned_away", .title = "away", .bar = true}, {.name = "failed"},
	    {.name = "rejected"}, {.name = "messages", .spare = true}}};
	const struct table *table = report_table(report, &section_clients);
	size_t shown = rows_in(report, table);

	if (shown == 0)
		return;
	buf_char(out, '\n');
	colour_on(report, COLOUR_TITLE, out);
	buf_str(out, STR("CLIENTS TURNED AWAY"));
	colour_off(report, out);
	buf_str(out, shown < table->groups ? STR("  top ") : STR("  "));
	report_put_count(out, shown);
	if (shown < table->groups) {
		buf_str(out, STR(" of "));
		report_put_count(out, table->groups);
		buf_str(out, STR(" addresses, ties by name"));
	}
	buf_char(out, '\n');
	text_view(report, &section_clients, &view, table, (struct rows){0, shown}, false, out);
}

/* Says which of the tables shown are not exact. */
static void
put_inexact(const struct report *report, struct buf *out)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED);

	for (size_t i = 0; i < report->chosen_count; i++) {
		const struct chosen *chosen = &report->chosen[i];

		if (chosen->table->exact)
			continue;
		buf_str(&text, text.len ? STR(", ") : STR("Not exact, a cap was reached: "));
		buf_str(&text, str_of(chosen->section->name));
	}
	if (text.len) {
		put_wrapped(out, buf_view(&text), report->style->width - 4);
		buf_char(out, '\n');
	}
	buf_done(&text);
}

/* Has nothing of it a row or a figure, as of a log of fail2ban's? */
static bool
is_blank(const struct report *report)
{
	static const char *const figures[] = {"sessions", "messages", "logins_succeeded"};
	const struct table *overview = report_table(report, &section_overview);

	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++)
		if (table_number(overview, 0, figures[i]))
			return false;
	for (size_t i = 0; i < BLOCK_LINES; i++)
		if (any_rows(report, block_lines[i]))
			return false;
	return report_table(report, &section_clients)->row_count == 0;
}

static const struct next_command kinds = NEXT_REPORT("kinds");

void
first_screen(const struct report *report, struct buf *out)
{
	buf_char(out, '\n');
	findings_text(report, &section_findings, out);
	buf_char(out, '\n');
	overview_text(report, &section_overview, out);
	put_clients(report, out);
	for (size_t i = 0; i < BLOCK_LINES; i++) {
		size_t line = 0;

		if (!any_rows(report, block_lines[i]))
			continue;
		buf_char(out, '\n');
		while (put_across(report, block_lines[i], line, out))
			line++;
	}
	buf_char(out, '\n');
	if (is_blank(report)) {
		static const struct str words =
		    STR("What it tells of is not on this screen: ");

		buf_str(out, words);
		put_command_line(report, &kinds, (unsigned)words.len, out);
	}
	put_inexact(report, out);
	colour_on(report, COLOUR_QUIET, out);
	buf_str(
	    out, STR("More: postern report auth | postscreen | rejects | traffic | delivery |"
		     " ...\n      --by ip,user  --format json|csv  postern report --help\n"));
	colour_off(report, out);
}
