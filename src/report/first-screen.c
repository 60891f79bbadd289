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
};

/* Blocks of a row come to 80 columns with two spaces between them. */
static const struct block rows[][BLOCKS_ACROSS] = {
	{{&section_networks, "NETWORKS", "network",
	     {{"addresses", "addrs"}, {"turned_away", "away"}}, 43, false},
	    {&section_delays, "SLOW TO", "domain",
	        {{"delay_p50", "p50"}, {"delay_p99", "p99"}}, 35, false}},
	{{&section_rejects, "REJECTED", "reason", {{"rejected", NULL}}, 25, true},
	    {&section_users, "USERS TRIED", "user", {{"failed", NULL}}, 26, false},
	    {&section_dnsbl, "DNS LISTS", "list", {{"addresses", NULL}}, 25, false}},
	{{&section_senders, "SENDERS", "sender", {{"messages", NULL}}, 25, false},
	    {&section_recipients, "RECIPIENTS", "recipient", {{"tries", NULL}}, 26, false},
	    {&section_domains, "DOMAINS", "domain", {{"messages", NULL}}, 25, false}},
};

#define BLOCK_LINES (sizeof(rows) / sizeof(*rows))

static size_t
rows_in(const struct report *report, const struct table *table)
{
	size_t most = !report->has_top ? BLOCK_ROWS : report->top ? report->top : SIZE_MAX;

	return table->row_count < most ? table->row_count : most;
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
	size_t shown = rows_in(report, table);
	struct buf title = BUF_INIT(128);

	buf_printf(&title, "%s  ", block->title);
	if (table->groups > shown) {
		report_put_count(&title, shown);
		buf_str(&title, STR(" of "));
	}
	report_put_count(&title, table->groups);
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
	struct buf text = BUF_INIT(64);

	if (c >= 0)
		put_cell(&text, &table->columns[c], table_cell(table, row, (unsigned)c));
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

static void
trim_line(struct buf *out)
{
	while (out->len && out->p[out->len - 1] == ' ')
		out->len--;
	buf_char(out, '\n');
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
		else if (line <= rows_in(report, table))
			put_line(report, &blocks[i], table, line - 1, &text);
		else
			put_padding(&text, blocks[i].width);
		any |= line <= rows_in(report, table);
	}
	if (any) {
		buf_str(out, buf_view(&text));
		trim_line(out);
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
	    {.name = "turned_away", .title = "away", .bar = true}, {.name = "failed"},
	    {.name = "rejected"}, {.name = "messages"}}};
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
	bool any = false;

	for (size_t i = 0; i < report->chosen_count; i++) {
		const struct chosen *chosen = &report->chosen[i];

		if (chosen->table->exact)
			continue;
		buf_str(out, any ? STR(", ") : STR("Not exact, a cap was reached: "));
		buf_str(out, str_of(chosen->section->name));
		any = true;
	}
	if (any)
		buf_char(out, '\n');
}

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

		if (!any_rows(report, rows[i]))
			continue;
		buf_char(out, '\n');
		while (put_across(report, rows[i], line, out))
			line++;
	}
	buf_char(out, '\n');
	put_inexact(report, out);
	colour_on(report, COLOUR_QUIET, out);
	buf_str(out, STR("More: postern report auth | postscreen | rejects | traffic | delivery |"
			 " ...\n      --by ip,user  --format json|csv  postern report --help\n"));
	colour_off(report, out);
}
