/* SPDX-License-Identifier: Apache-2.0
 *
 * sheet: the generic table of the text form. Columns are aligned by digit; one that
 * is too wide loses columns that can be spared, then the middle of its longest
 * texts, never of an address.
 */
#include "report/room.h"

#define GAP 2
#define TEXT_MIN 12  /* columns that a cut text keeps */
#define TEXT_LEAST 8 /* ... where the line would not fit otherwise */
#define WHOLE_MOST 43 /* and one that is not cut: the longest network of IPv6 */
#define TEXT_GOOD 26 /* so many it keeps as long as there is a column to spare */
#define BAR_MAX 20
#define BAR_MIN 6

/* A column as it will stand on the screen. */
struct shown {
	const struct view_column *view;
	unsigned column; /* in the table */
	unsigned width;
	bool text;       /* flush left */
	bool whole;      /* never cut: addresses and times */
	bool address;    /* mail address: an empty one is the null sender */
	bool hour;       /* a time that is a key: with its weekday */
	unsigned share;  /* width of the percentage after it, 0: none */
};

struct sheet {
	const struct report *report;
	const struct table *table;
	struct rows rows;
	struct shown shown[VIEW_COLUMNS + QUERY_KEYS + QUERY_MEASURES];
	unsigned count;
	int bar; /* of `shown`, or -1 */
	int64_t bar_most;
	unsigned bar_width;
};

/* Which query's key column number COLUMN is, if it is one. */
static const struct query_key *
key_of(const struct section *section, const struct table *table, unsigned column)
{
	const struct query *query = section->make ? NULL : section->queries[0];

	for (unsigned i = 0; query && i < QUERY_KEYS; i++) {
		const char *name = query->keys[i].name;

		if (name == NULL && i >= query->key_count)
			break;
		if (name == NULL)
			name = event_fields[query->keys[i].field].name;
		if (strcmp(name, table->columns[column].name) == 0)
			return &query->keys[i];
	}
	return NULL;
}

static void
add_shown(struct sheet *sheet, const struct section *section, const struct view_column *view,
    unsigned column)
{
	struct shown *shown = &sheet->shown[sheet->count];
	const struct query_key *key = key_of(section, sheet->table, column);
	enum column_type type = sheet->table->columns[column].type;
	const struct cell *total = sheet->table->total;

	if (sheet->count == sizeof(sheet->shown) / sizeof(*sheet->shown))
		return;
	*shown = (struct shown){.view = view, .column = column};
	shown->text = type == COLUMN_TEXT || type == COLUMN_TIME || type == COLUMN_DAY ||
	    type == COLUMN_BOOL;
	shown->whole = type != COLUMN_TEXT ||
	    (key && event_fields[key->field].type == TYPE_IP) || (view && view->whole);
	shown->address = key && key->function == KEY_FIELD &&
	    event_fields[key->field].domain == DOMAIN_ADDRESS;
	shown->hour = key && type == COLUMN_TIME;
	if (view && view->share && total[column].known && total[column].n > 0)
		shown->share = 5;
	if (view && view->bar)
		sheet->bar = (int)sheet->count;
	sheet->count++;
}

static void
cell_words(const struct sheet *sheet, const struct shown *shown, size_t row, struct buf *out)
{
	const struct cell *cell = table_cell(sheet->table, row, shown->column);
	const struct column *column = &sheet->table->columns[shown->column];
	struct cell word = *cell;

	if (!cell->known && shown->view && shown->view->absent)
		buf_str(out, str_of(shown->view->absent));
	else if (cell->known && shown->hour)
		put_hour(out, cell->n);
	else if (cell->known && column->type == COLUMN_TEXT && cell->text.len == 0)
		buf_str(out, shown->address ? STR("<>") : STR("-"));
	else {
		if (shown->view && shown->view->words && cell->known)
			word.text = word_for(cell->text);
		put_cell(out, column, &word);
	}
}

static const char *
title_of(const struct sheet *sheet, const struct shown *shown)
{
	const struct column *column = &sheet->table->columns[shown->column];

	if (shown->view && shown->view->title)
		return shown->view->title;
	return column->title ? column->title : column->name;
}

static void
widen(unsigned *width, unsigned to)
{
	if (*width < to)
		*width = to;
}

static void
measure(struct sheet *sheet, struct shown *shown)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED);
	const struct cell *total = sheet->table->total;

	shown->width = report_width(str_of(title_of(sheet, shown)));
	for (size_t row = sheet->rows.from; row < sheet->rows.to; row++) {
		buf_clear(&text);
		cell_words(sheet, shown, row, &text);
		widen(&shown->width, report_width(buf_view(&text)));
	}
	if (total[shown->column].known) {
		buf_clear(&text);
		put_cell(&text, &sheet->table->columns[shown->column], &total[shown->column]);
		widen(&shown->width, report_width(buf_view(&text)));
	}
	/* Beside addresses may stand names, which outsiders make as long as they like. */
	if (shown->whole && shown->width > WHOLE_MOST)
		shown->width = WHOLE_MOST;
	buf_done(&text);
}

static unsigned
width_of(const struct sheet *sheet)
{
	unsigned width = 2;

	for (unsigned i = 0; i < sheet->count; i++)
		width += sheet->shown[i].width + (i ? GAP : 0) +
		    (sheet->shown[i].share ? sheet->shown[i].share + 1 : 0);
	return width;
}

/* Of those that may be cut, and are wider than LEAST, the last; or NULL. */
static struct shown *
widest_text(struct sheet *sheet, unsigned least)
{
	struct shown *widest = NULL;

	for (unsigned i = 0; i < sheet->count; i++) {
		struct shown *shown = &sheet->shown[i];

		if (!shown->whole && shown->width > least &&
		    (widest == NULL || shown->width >= widest->width))
			widest = shown;
	}
	return widest;
}

/* Leaves out the last column that can be spared. */
static bool
drop_spare(struct sheet *sheet)
{
	for (unsigned i = sheet->count; i-- > 0;) {
		if (sheet->shown[i].view == NULL || !sheet->shown[i].view->spare)
			continue;
		sheet->count--;
		memmove(&sheet->shown[i], &sheet->shown[i + 1],
		    (sheet->count - i) * sizeof(*sheet->shown));
		if (sheet->bar > (int)i)
			sheet->bar--;
		return true;
	}
	return false;
}

/* Makes the line fit: cuts the longest texts, but drops a column before cutting much. */
static void
shrink(struct sheet *sheet)
{
	unsigned room = sheet->report->style->width;

	while (width_of(sheet) > room) {
		struct shown *widest = widest_text(sheet, TEXT_MIN);

		if ((widest == NULL || widest->width <= TEXT_GOOD) && drop_spare(sheet))
			continue;
		if (widest == NULL)
			widest = widest_text(sheet, TEXT_LEAST);
		if (widest == NULL)
			return;
		widest->width--;
	}
}

static void
set_bar(struct sheet *sheet)
{
	unsigned used = width_of(sheet) + GAP;
	unsigned room = sheet->report->style->width;

	if (sheet->bar < 0)
		return;
	room = room > used ? room - used : 0;
	for (size_t row = sheet->rows.from; row < sheet->rows.to; row++) {
		const struct cell *cell =
		    table_cell(sheet->table, row, sheet->shown[sheet->bar].column);

		if (cell->known && cell->n > sheet->bar_most)
			sheet->bar_most = cell->n;
	}
	sheet->bar_width = room > BAR_MAX ? BAR_MAX : room;
	if (room < BAR_MIN || sheet->bar_most == 0 || sheet->rows.to - sheet->rows.from < 2)
		sheet->bar = -1;
}

static void
put_aligned(struct buf *out, struct str text, unsigned width, bool left)
{
	unsigned own = report_width(text);

	if (!left && own < width)
		put_padding(out, width - own);
	buf_str(out, text);
	if (left && own < width)
		put_padding(out, width - own);
}

/* The line above the titles: what several columns have in common. */
static void
put_over(const struct sheet *sheet, struct buf *out)
{
	const char *current = NULL;
	unsigned at = 2, written = 0;
	bool any = false;

	for (unsigned i = 0; i < sheet->count; i++)
		any |= sheet->shown[i].view && sheet->shown[i].view->over;
	if (!any)
		return;
	colour_on(sheet->report, COLOUR_QUIET, out);
	for (unsigned i = 0; i < sheet->count; i++) {
		const struct shown *shown = &sheet->shown[i];
		const char *over = shown->view ? shown->view->over : NULL;

		if (over && (current == NULL || strcmp(over, current) != 0)) {
			unsigned title = report_width(str_of(title_of(sheet, shown)));
			unsigned begin = at + (shown->text ? 0 : shown->width - title);

			put_padding(out, begin > written ? begin - written : 1);
			buf_str(out, str_of(over));
			written = (begin > written ? begin : written + 1) +
			    (unsigned)strlen(over);
		}
		current = over;
		at += shown->width + GAP + (shown->share ? shown->share + 1 : 0);
	}
	colour_off(sheet->report, out);
	end_line(out);
}

static void
put_titles(const struct sheet *sheet, struct buf *out)
{
	put_over(sheet, out);
	buf_str(out, STR("  "));
	colour_on(sheet->report, COLOUR_QUIET, out);
	for (unsigned i = 0; i < sheet->count; i++) {
		const struct shown *shown = &sheet->shown[i];

		if (i)
			put_padding(out, GAP);
		put_aligned(out, str_of(title_of(sheet, shown)), shown->width, shown->text);
		if (shown->share)
			put_padding(out, shown->share + 1);
	}
	colour_off(sheet->report, out);
	end_line(out);
}

static void
put_bar(const struct sheet *sheet, int64_t n, struct buf *out)
{
	unsigned len;

	if (n <= 0)
		return;
	len = (unsigned)((double)n * sheet->bar_width / (double)sheet->bar_most + 0.5);
	put_padding(out, GAP);
	colour_on(sheet->report, COLOUR_BAR, out);
	for (unsigned i = 0; i < (len ? len : 1); i++)
		buf_char(out, '#');
	colour_off(sheet->report, out);
}

static void
put_share(const struct sheet *sheet, const struct shown *shown, const struct cell *cell,
    struct buf *out)
{
	struct buf text = BUF_INIT(64);

	buf_char(out, ' ');
	if (cell->known)
		put_percent(&text, (double)cell->n,
		    (double)sheet->table->total[shown->column].n);
	put_aligned(out, buf_view(&text), shown->share, false);
	buf_done(&text);
}

static void
put_row(const struct sheet *sheet, size_t row, struct buf *out)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), cut = BUF_INIT(BUF_UNLIMITED);
	const struct report_style *style = sheet->report->style;

	buf_str(out, STR("  "));
	for (unsigned i = 0; i < sheet->count; i++) {
		const struct shown *shown = &sheet->shown[i];

		buf_clear(&text);
		buf_clear(&cut);
		cell_words(sheet, shown, row, &text);
		report_put_cut(&cut, buf_view(&text), shown->width, style->utf8);
		if (i)
			put_padding(out, GAP);
		put_aligned(out, buf_view(&cut), shown->width, shown->text);
		if (shown->share)
			put_share(sheet, shown,
			    table_cell(sheet->table, row, shown->column), out);
	}
	if (sheet->bar >= 0)
		put_bar(sheet,
		    table_cell(sheet->table, row, sheet->shown[sheet->bar].column)->n, out);
	end_line(out);
	buf_done(&text);
	buf_done(&cut);
}

/* What all groups come to, shown or not. */
static void
put_total(const struct sheet *sheet, struct buf *out)
{
	const struct cell *total = sheet->table->total;
	struct buf text = BUF_INIT(256);
	bool any = false;

	for (unsigned i = 0; i < sheet->count; i++)
		any |= total[sheet->shown[i].column].known;
	if (!any || (sheet->table->groups < 2 && sheet->table->row_count < 2))
		return;
	buf_str(out, STR("  "));
	for (unsigned i = 0; i < sheet->count; i++) {
		const struct shown *shown = &sheet->shown[i];

		buf_clear(&text);
		if (i == 0)
			buf_str(&text, STR("in all"));
		else if (total[shown->column].known)
			put_cell(&text, &sheet->table->columns[shown->column],
			    &total[shown->column]);
		if (i)
			put_padding(out, GAP);
		put_aligned(out, buf_view(&text), shown->width, shown->text);
		if (shown->share)
			put_padding(out, shown->share + 1);
	}
	end_line(out);
	buf_done(&text);
}

static void
choose_columns(struct sheet *sheet, const struct section *section, const struct view *view)
{
	if (view == NULL) {
		for (unsigned i = 0; i < sheet->table->column_count; i++)
			add_shown(sheet, section, NULL, i);
		return;
	}
	for (unsigned i = 0; i < VIEW_COLUMNS && view->columns[i].name; i++) {
		int column = table_column(sheet->table, view->columns[i].name);

		if (column >= 0)
			add_shown(sheet, section, &view->columns[i], (unsigned)column);
	}
}

void
text_view(const struct report *report, const struct section *section, const struct view *view,
    const struct table *table, struct rows rows, bool total, struct buf *out)
{
	struct sheet sheet = {.report = report, .table = table, .rows = rows, .bar = -1};

	choose_columns(&sheet, section, view);
	for (unsigned i = 0; i < sheet.count; i++)
		measure(&sheet, &sheet.shown[i]);
	shrink(&sheet);
	set_bar(&sheet);
	put_titles(&sheet, out);
	for (size_t row = rows.from; row < rows.to; row++)
		put_row(&sheet, row, out);
	if (total)
		put_total(&sheet, out);
}
