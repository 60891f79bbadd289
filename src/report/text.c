/* SPDX-License-Identifier: Apache-2.0
 *
 * text: sections for a person: titles, how many rows there are, notes, colour.
 */
#include "report/room.h"

void
colour_on(const struct report *report, enum colour colour, struct buf *out)
{
	static const char *const codes[] = {
		[COLOUR_TITLE] = "1", [COLOUR_ALARM] = "1;31", [COLOUR_BAR] = "36",
		[COLOUR_QUIET] = "2"};

	if (report->style->colour)
		buf_printf(out, "\033[%sm", codes[colour]);
}

void
colour_off(const struct report *report, struct buf *out)
{
	if (report->style->colour)
		buf_str(out, STR("\033[0m"));
}

/* "top 10 of 311 addresses, ties by name" */
static void
put_how_many(const struct report *report, const struct section *section,
    const struct table *table, struct rows rows, struct buf *out)
{
	size_t n = rows.to - rows.from;

	if (n > table->groups) /* the row of what was earlier is none of them */
		n = table->groups;
	buf_str(out, STR("   "));
	colour_on(report, COLOUR_QUIET, out);
	if (n < table->groups)
		buf_str(out, section->series ? STR("last ") :
		    section->in_order ? STR("first ") : STR("top "));
	report_put_count(out, n);
	if (n < table->groups) {
		buf_str(out, STR(" of "));
		report_put_count(out, table->groups);
	}
	buf_printf(out, " %s", table->groups == 1 ? "row" : section->of);
	if (n < table->groups && !section->series && !section->in_order)
		buf_str(out, STR(", ties by name"));
	colour_off(report, out);
	buf_char(out, '\n');
}

/* NOTE, each of its lines indented. */
static void
put_note(const struct report *report, const char *note, struct buf *out)
{
	struct str rest = str_of(note);

	colour_on(report, COLOUR_QUIET, out);
	while (rest.len) {
		buf_str(out, STR("  "));
		buf_str(out, str_cut(&rest, '\n'));
		buf_char(out, '\n');
	}
	colour_off(report, out);
}

/* Says where a column of names is from. */
static void
put_names_note(const struct report *report, const struct section *section, struct buf *out)
{
	for (size_t i = 0; i < report->asked_count; i++)
		if (report->asked[i].origin == section->queries[0] &&
		    query_name_column(&report->asked[i].query) >= 0)
			put_note(report, report->names ?
			    "name = from the DNS if it leads back to the address, else as "
			    "logged" :
			    "name = as the server last logged it", out);
}

static void
put_table(const struct report *report, const struct section *section,
    const struct table *table, struct buf *out)
{
	struct rows rows = report_rows(report, section, table);
	const struct view *views = section->views;
	bool plain = views[0].columns[0].name == NULL;

	colour_on(report, section->alarm && table->row_count ? COLOUR_ALARM :
	    COLOUR_TITLE, out);
	buf_str(out, str_of(section->title));
	colour_off(report, out);
	if (table->row_count == 0) {
		bool unkept = section->unkept && report->data && report->data->stored;

		buf_printf(out, "\n  %s\n", unkept ? section->unkept : section->empty);
		return;
	}
	put_how_many(report, section, table, rows, out);
	if (plain)
		text_view(report, section, NULL, table, rows, true, out);
	for (unsigned i = 0; !plain && i < SECTION_VIEWS && views[i].columns[0].name; i++) {
		if (views[i].title) {
			colour_on(report, COLOUR_TITLE, out);
			buf_printf(out, "\n%s\n", views[i].title);
			colour_off(report, out);
		}
		text_view(report, section, &views[i], table, rows, true, out);
	}
	if (section->note)
		put_note(report, section->note, out);
	put_names_note(report, section, out);
	if (!table->exact)
		put_note(report, table->note ? table->note : "Not exact: a cap was reached.",
		    out);
}

void
text_table(const struct report *report, const struct section *section,
    const struct table *table, struct buf *out)
{
	struct table *told = report->data ?
	    table_with_earlier(section, table, report->data->since) : NULL;

	put_table(report, section, told ? told : table, out);
	table_free(told);
}

/* The figures that are known, a line each. */
void
card_text(const struct report *report, const struct section *section, struct buf *out)
{
	const struct table *table = report_table(report, section);
	unsigned width = 0;

	for (unsigned c = 0; c < table->column_count; c++) {
		unsigned title = report_width(str_of(table->columns[c].title));

		width = title > width ? title : width;
	}
	colour_on(report, COLOUR_TITLE, out);
	buf_str(out, str_of(section->title));
	colour_off(report, out);
	buf_char(out, '\n');
	for (unsigned c = 0; c < table->column_count && table->row_count; c++) {
		const struct cell *cell = table_cell(table, 0, c);
		const char *title = table->columns[c].title;

		if (!cell->known)
			continue;
		buf_printf(out, "  %s", title);
		put_padding(out, width - report_width(str_of(title)) + 2);
		put_cell(out, &table->columns[c], cell);
		buf_char(out, '\n');
	}
	if (section->note)
		put_note(report, section->note, out);
}

/* What tells of lines, not of events, is there even when nothing else is. */
static void
print_lines_sections(const struct report *report, struct buf *out)
{
	for (size_t i = 0; i < report->chosen_count && !report->first_screen; i++) {
		const struct chosen *chosen = &report->chosen[i];

		if (chosen->made == NULL || chosen->section->print ||
		    chosen->table->row_count == 0)
			continue;
		buf_char(out, '\n');
		text_table(report, chosen->section, chosen->table, out);
	}
}

void
text_places(const struct report *report, struct buf *out)
{
	const struct report_data *data = report->data;

	if (!data->places_asked)
		return;
	buf_char(out, '\n');
	colour_on(report, COLOUR_QUIET, out);
	if (data->place_count == 0)
		put_wrapped(out, STR("  places: no database is installed, so only special "
		    "addresses are told apart; see postern geo --help\n"),
		    report->style->width);
	report_put_places(out, data->places, data->place_count, data->now,
	    report->style->width);
	colour_off(report, out);
}

static void
print_chosen(const struct report *report, const struct section *section, struct buf *out)
{
	buf_char(out, '\n');
	if (section->print)
		section->print(report, section, out);
	else
		text_table(report, section, report_table(report, section), out);
}

void
text_section(const struct report *report, const struct section *section, struct buf *out)
{
	buf_char(out, '\n');
	if (text_nothing(report, out))
		return;
	text_heading(report, out);
	print_chosen(report, section, out);
	for (size_t p = 0; p < SECTION_PARTS && section->parts[p]; p++)
		print_chosen(report, section->parts[p], out);
}

static void
print_text(const struct report *report, struct buf *out)
{
	if (text_nothing(report, out)) {
		print_lines_sections(report, out);
		return;
	}
	text_heading(report, out);
	if (report->first_screen) {
		first_screen(report, out);
		return;
	}
	for (size_t i = 0; i < report->chosen_count; i++)
		print_chosen(report, report->chosen[i].section, out);
	text_places(report, out);
}

static void
print_given(const struct report *report, struct buf *out)
{
	for (size_t i = 0; i < report->chosen_count; i++) {
		if (i)
			buf_char(out, '\n');
		text_table(report, report->chosen[i].section, report->chosen[i].table, out);
	}
}

const struct report_format format_text = {
	.name = "text",
	.print = print_text,
	.print_given = print_given,
};
