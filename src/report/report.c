/* SPDX-License-Identifier: Apache-2.0
 *
 * report: the choice of sections, the queries it takes to answer them, and the
 * way from the answers to a format.
 */
#include "report/map.h"
#include "report/screen.h"

static const struct report_format *const formats[] = {
#define ROW(id) &format_##id,
	FORMATS(ROW)
#undef ROW
};

#define FORMATS_COUNT (sizeof(formats) / sizeof(*formats))

static const char *const format_names[] = {
#define ROW(id) #id,
	FORMATS(ROW)
#undef ROW
};

static const char *const section_names[] = {
#define ROW(id) #id,
	SECTIONS(ROW)
#undef ROW
};

const struct report_format *
report_format_named(struct str name)
{
	for (size_t i = 0; i < FORMATS_COUNT; i++)
		if (str_eq(name, str_of(formats[i]->name)))
			return formats[i];
	return NULL;
}

const char *const *
report_format_names(size_t *ret_count)
{
	*ret_count = FORMATS_COUNT;
	return format_names;
}

const char *
report_usual_format(char *const *words, size_t count)
{
	size_t named = 0, maps = 0;

	for (size_t w = 0; w < count; w++)
		for (size_t i = 0; i < sections_count; i++)
			if (strcmp(words[w], sections[i]->name) == 0) {
				named++;
				maps += sections[i]->map;
			}
	return named == 1 && maps == 1 ? "html" : "text";
}

const char *const *
report_section_names(size_t *ret_count)
{
	*ret_count = sections_count;
	return section_names;
}

static void
help_parts(struct buf *out, const struct section *section)
{
	const char *between = "                 also: ";

	for (size_t i = 0; i < SECTION_PARTS && section->parts[i]; i++) {
		if (section->parts[i]->help)
			continue;
		buf_printf(out, "%s%s", between, section->parts[i]->name);
		between = i % 2 == 1 ? ",\n                       " : ", ";
	}
	if (*between == ',')
		buf_char(out, '\n');
}

void
report_help(struct buf *out)
{
	for (size_t i = 0; i < sections_count; i++)
		if (sections[i]->help) {
			buf_printf(out, "  %-13s  %s\n", sections[i]->name, sections[i]->help);
			help_parts(out, sections[i]);
		}
}

struct report *
report_new(const struct report_format *format)
{
	struct report *report = xcalloc(1, sizeof(*report));

	report->format = format;
	report_set_command(report, "postern report", "clients");
	return report;
}

void
report_set_command(struct report *report, const char *command, const char *example)
{
	report->command = command;
	report->example = example;
}

void
report_free(struct report *report)
{
	if (report == NULL)
		return;
	for (size_t i = 0; i < report->chosen_count; i++)
		table_free(report->chosen[i].made);
	free(report->chosen);
	free(report->asked);
	free(report->pointers);
	free(report->own);
	screen_free(report->screen);
	arena_free(&report->arena);
	free(report);
}

void
report_choose(struct report *report, const struct section *section, bool named)
{
	for (size_t i = 0; i < report->chosen_count; i++)
		if (report->chosen[i].section == section) {
			report->chosen[i].named |= named;
			return;
		}
	MEM_GROW(report->chosen, report->chosen_count, report->chosen_room);
	report->chosen[report->chosen_count++] =
	    (struct chosen){.section = section, .named = named};
}

bool
report_add(struct report *report, struct str name)
{
	for (size_t i = 0; i < sections_count; i++) {
		if (!str_eq(name, str_of(sections[i]->name)))
			continue;
		report_choose(report, sections[i], true);
		for (size_t p = 0; p < SECTION_PARTS && sections[i]->parts[p]; p++)
			if (!report->format->single)
				report_choose(report, sections[i]->parts[p], false);
		return true;
	}
	return false;
}

static const struct section *
given_section(enum report_given which)
{
	return which < REPORT_BANS ? replay_sections[which] :
				     bans_sections[which - REPORT_BANS];
}

/* What was given has at least as many groups as rows. */
static void
count_given(struct table *table)
{
	if (table->groups < table->row_count)
		table->groups = table->row_count;
}

struct table *
report_give(struct report *report, enum report_given which)
{
	const struct section *section = given_section(which);
	struct chosen *chosen;
	unsigned count = 0;

	while (count < GIVEN_COLUMNS && section->given[count].name)
		count++;
	report_choose(report, section, true);
	chosen = &report->chosen[report->chosen_count - 1];
	chosen->given = true;
	chosen->made = made_table(section->name, section->given, count);
	return chosen->made;
}

void
report_print_given(struct report *report, const struct report_style *style, struct buf *out)
{
	report->style = style;
	for (size_t i = 0; i < report->chosen_count; i++) {
		report->chosen[i].table = report->chosen[i].made;
		count_given(report->chosen[i].made);
	}
	report->format->print_given(report, out);
}

void
report_set_top(struct report *report, uint32_t top)
{
	report->has_top = true;
	report->top = top;
}

int
report_add_query(struct report *report, const char *by, const char *measures, struct err *err)
{
	static const struct query_measure count = COUNT("count", NULL);
	struct query *query = &report->own_query;
	struct section *own = xcalloc(1, sizeof(*own));

	*query = (struct query){.name = "query", .limit = TOP_ROWS};
	own->name = "query";
	own->title = "QUERY";
	own->of = "groups";
	own->empty = "No event matches.";
	own->queries[0] = query;
	free(report->own);
	report->own = own;
	if (by && query_parse_by(str_of(by), query, &report->arena, err))
		return err_wrap(err, "--by %s", by);
	if (measures && query_parse_measures(str_of(measures), query, &report->arena, err))
		return err_wrap(err, "--measure %s", measures);
	if (measures == NULL) {
		for (unsigned k = 0; k < query->key_count; k++)
			if (strcmp(query->keys[k].name, count.name) == 0)
				return err_set(err, "--by %s: a row's number of events is "
				    "called count, too; say --measure, such as last", by);
		query->measures[0] = count;
		query->measure_count = 1;
	}
	while (query->order < (int)query->measure_count &&
	    query->measures[query->order].op == MEASURE_LATEST)
		query->order++;
	if (query->order == (int)query->measure_count)
		query->order = QUERY_BY_KEY;
	if (query->key_count && query->keys[0].function >= KEY_HOUR) {
		query->order = QUERY_BY_KEY;
		query->ascending = true;
		own->series = query->keys[0].function != KEY_BUCKET;
	}
	report_choose(report, own, true);
	return 0;
}

/* Rows of SECTION's table to show; 0 = all. */
static uint32_t
rows_wanted(const struct report *report, const struct section *section)
{
	if (report->has_top)
		return report->top;
	if (report->format->all_rows)
		return 0;
	if (section->given)
		return section->whole ? 0 : TOP_ROWS;
	if (section->make)
		return section->rows;
	if (section->series)
		return SERIES_ROWS;
	return section->queries[0]->limit;
}

uint32_t
report_given_rows(const struct report *report, enum report_given which)
{
	return rows_wanted(report, given_section(which));
}

/* Sections' queries are written without counts: names end them. */
static void
fill_counts(struct query *query)
{
	while (query->key_count < QUERY_KEYS && query->keys[query->key_count].name)
		query->key_count++;
	while (query->measure_count < QUERY_MEASURES &&
	    query->measures[query->measure_count].name)
		query->measure_count++;
}

/* A name for each address, if there is room for it. */
static void
add_name(struct query *query)
{
	static const struct query_measure name = CLIENT_NAME;

	if (query_address_column(query) < 0 || query_name_column(query) >= 0 ||
	    query->measure_count == QUERY_MEASURES)
		return;
	query->measures[query->measure_count++] = name;
}

/* Rows of the answer to ORIGIN that SECTION needs; 0 = all. */
static uint32_t
rows_asked(const struct report *report, const struct section *section,
    const struct query *origin)
{
	bool choice = report->screen && report->screen->choice; /* among all clients */
	bool all = report->format->all_rows || report->has_top;

	if (section->map)
		return choice || (all && !report->format->maps) ? 0 : origin->limit;
	return section->make || section->series ? 0 : rows_wanted(report, section);
}

static void
ask(struct report *report, const struct section *section, const struct query *origin)
{
	uint32_t limit = rows_asked(report, section, origin);

	for (size_t i = 0; i < report->asked_count; i++) {
		uint32_t *asked = &report->asked[i].query.limit;

		if (report->asked[i].origin != origin)
			continue;
		*asked = *asked == 0 || limit == 0 ? 0 : *asked > limit ? *asked : limit;
		return;
	}
	MEM_GROW(report->asked, report->asked_count, report->asked_room);
	report->asked[report->asked_count] =
	    (struct asked){.query = *origin, .origin = origin};
	report->asked[report->asked_count].query.limit = limit;
	fill_counts(&report->asked[report->asked_count].query);
	if (section == &section_map)
		report->asked[report->asked_count].query.at_least = report->map_least;
	if (report->first_screen)
		query_drop_details(&report->asked[report->asked_count].query);
	if (report->names && !section->make)
		add_name(&report->asked[report->asked_count].query);
	report->asked_count++;
}

void
report_want_names(struct report *report)
{
	report->names = true;
}

void
report_set_map_least(struct report *report, int64_t connections)
{
	report->map_least = connections;
}

bool
report_has_map(const struct report *report)
{
	for (size_t i = 0; i < report->chosen_count; i++)
		if (report->chosen[i].section->map)
			return true;
	return false;
}

bool
report_can_draw(void)
{
	return map_page().len > 0;
}

/* Can the format print what was chosen? */
static int
check_choice(const struct report *report, struct err *err)
{
	size_t named = 0;

	if (report->format->maps && !report_has_map(report))
		return err_set(err, "%s draws the section map; such as: %s map --format %s "
		    "mail.log >map.html", report->format->name, report->command,
		    report->format->name);
	if (report->format->maps && !report_can_draw())
		return err_set(err, "this postern was built without maps (see postern "
		    "version); --format text has them as a table");
	for (size_t i = 0; i < report->chosen_count; i++)
		named += report->chosen[i].named;
	if (!report->format->single || named == 1)
		return 0;
	return err_set(err, "%s prints exactly one section, %s named; such as: %s %s "
	    "--format %s", report->format->name,
	    named ? "and more than one is" : "and none is", report->command,
	    report->format->maps ? "map" : report->example, report->format->name);
}

int
report_queries(struct report *report, const struct query *const **ret, size_t *ret_count,
    struct err *err)
{
	if (check_choice(report, err))
		return -1;
	report->first_screen = report->chosen_count == 0 && report->screen == NULL;
	for (size_t i = 0; report->first_screen && i < sections_default_count; i++)
		report_choose(report, sections_default[i], false);
	for (size_t i = 0; i < report->chosen_count; i++) {
		const struct section *section = report->chosen[i].section;

		for (size_t q = 0; q < SECTION_QUERIES && section->queries[q]; q++)
			ask(report, section, section->queries[q]);
	}
	if (report->screen && report->screen->choice)
		ask(report, &section_postscreen_addresses, &screen_clients);
	if (report->screen && report->screen->ranks)
		ask(report, &section_postscreen_addresses, &screen_ranks);
	report->pointers = xrealloc(report->pointers, report->asked_count + 1,
	    sizeof(*report->pointers));
	for (size_t i = 0; i < report->asked_count; i++)
		report->pointers[i] = &report->asked[i].query;
	*ret = report->pointers;
	*ret_count = report->asked_count;
	return 0;
}

const struct table *
report_answer(const struct report *report, const struct query *origin)
{
	for (size_t i = 0; i < report->asked_count; i++)
		if (report->asked[i].origin == origin)
			return report->data->tables[i];
	return NULL;
}

const struct table *
report_table(const struct report *report, const struct section *section)
{
	for (size_t i = 0; i < report->chosen_count; i++)
		if (report->chosen[i].section == section)
			return report->chosen[i].table;
	return NULL;
}

struct rows
report_rows(const struct report *report, const struct section *section,
    const struct table *table)
{
	size_t wanted = rows_wanted(report, section);

	if (wanted == 0 || wanted >= table->row_count)
		return (struct rows){0, table->row_count};
	if (section->series)
		return (struct rows){table->row_count - wanted, table->row_count};
	return (struct rows){0, wanted};
}

void
report_print(struct report *report, const struct report_data *data,
    const struct report_style *style, struct buf *out)
{
	report->data = data;
	report->style = style;
	for (size_t i = 0; i < report->chosen_count; i++) {
		struct chosen *chosen = &report->chosen[i];

		if (chosen->given) {
			chosen->table = chosen->made;
			count_given(chosen->made);
			continue;
		}
		table_free(chosen->made);
		chosen->made = chosen->section->make ? chosen->section->make(report) : NULL;
		chosen->table = chosen->made ?
		    chosen->made :
		    report_answer(report, chosen->section->queries[0]);
	}
	report->format->print(report, out);
}
