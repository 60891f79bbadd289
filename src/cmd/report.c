/* SPDX-License-Identifier: Apache-2.0
 *
 * postern report: words to sections and inputs, one run of the engine, its answers
 * to the report room, the text to stdout.
 */
#include <unistd.h>

#include "base/civil.h"
#include "base/nearest.h"
#include "cmd/room.h"

/* A word that is neither a section nor a file but looks like a section. */
static int
check_word(const char *word, struct err *err)
{
	size_t n;
	const char *const *names = report_section_names(&n);
	const char *near = nearest(str_of(word), names, n);

	if (near == NULL || strpbrk(word, "/.*?[-") || access(word, F_OK) == 0)
		return 0;
	return err_set(err, "%s is neither a section nor a file; did you mean %s?", word,
	    near);
}

/* Sections among the words are added; the others move to the front, as inputs. */
static int
sort_words(struct options *options, struct report *report, struct err *err)
{
	size_t inputs = 0;

	for (size_t i = 0; i < options->word_count; i++) {
		char *word = options->words[i];

		if (report_add(report, str_of(word)))
			continue;
		if (check_word(word, err) < 0)
			return -1;
		options->words[inputs++] = word;
	}
	options->word_count = inputs;
	return 0;
}

static int
choose_sections(struct options *options, struct report *report, struct err *err)
{
	if (sort_words(options, report, err) < 0)
		return -1;
	if ((options->by || options->measure) &&
	    report_add_query(report, options->by, options->measure, err) < 0)
		return -1;
	if (options->has_top)
		report_set_top(report, options->top);
	return options_check_where(options, err);
}

#define COPY_COUNTS(to, from)                                                               \
	((to).lines = (from).lines, (to).events = (from).events,                            \
	    (to).ignored = (from).ignored, (to).unknown = (from).unknown,                   \
	    (to).malformed = (from).malformed, (to).foreign = (from).foreign)

/* The engine's words for the report's; lists live in ARENA. */
static struct report_data
data_of(const struct run_result *result, const struct options *options, struct arena *arena)
{
	struct report_data data = {.first = result->first, .last = result->last,
	    .input_count = result->input_count, .program_count = result->program_count,
	    .shape_count = result->shape_count, .hosts = result->hosts,
	    .host_count = result->host_count, .lines = result->lines,
	    .coverage = result->coverage, .tables = result->tables};

	data.inputs = arena_alloc(arena, (data.input_count + 1) * sizeof(*data.inputs));
	data.programs = arena_alloc(arena, (data.program_count + 1) * sizeof(*data.programs));
	data.shapes = arena_alloc(arena, (data.shape_count + 1) * sizeof(*data.shapes));
	for (size_t i = 0; i < data.input_count; i++) {
		COPY_COUNTS(data.inputs[i], result->inputs[i]);
		data.inputs[i].name = str_of(result->inputs[i].source);
		data.inputs[i].error = result->inputs[i].error;
	}
	for (size_t i = 0; i < data.program_count; i++) {
		COPY_COUNTS(data.programs[i], result->programs[i]);
		data.programs[i].name = result->programs[i].program;
		data.programs[i].error = NULL;
	}
	for (size_t i = 0; i < data.shape_count; i++)
		data.shapes[i] = (struct report_shape){result->shapes[i].program,
		    result->shapes[i].shape, result->shapes[i].example,
		    result->shapes[i].count};
	data.evicted = result->track.evicted_messages + result->track.evicted_sessions +
	    result->track.evicted_connections + result->track.evicted_clients;
	data.ranged = options->where || options->since != INT64_MIN ||
	    options->until != INT64_MAX;
	return data;
}

#define WIDTH_OF_NOTES 80

/* CSV has no room to say whose the places are. */
static void
name_places(const struct report_data *data)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);

	report_put_places(&out, data->places, data->place_count, data->now, WIDTH_OF_NOTES);
	if (out.len)
		fwrite(out.p, 1, out.len, stderr);
	buf_done(&out);
}

static int
print_report(struct report *report, const struct options *options,
    const struct run_result *result, const struct geo *geo)
{
	struct report_style style = options_style(options);
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct arena arena = {0};
	struct report_data data = data_of(result, options, &arena);

	if (geo) {
		data.places_asked = true;
		data.place_count = geo_sources(geo, &data.places);
		data.now = (int64_t)time(NULL) * USEC_PER_SEC;
	}
	report_print(report, &data, &style, &out);
	if (options->format && strcmp(options->format, "csv") == 0)
		name_places(&data);
	arena_free(&arena);
	return output_all(&out);
}

static int
answer(struct report *report, const struct options *options,
    const struct query *const *queries, size_t count)
{
	struct run_settings settings = options_run(options, 0);
	struct progress progress;
	struct run_result *result;
	bool asked = run_asks_places(queries, count, options->where);
	struct geo *geo = NULL;
	struct err err;
	int faults, printed, failed;

	/* A file that is named is opened, so that a wrong name is told in any case. */
	if ((asked || options->geo.count) && options_geo(options, &geo, &err) < 0) {
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	settings.geo = geo;
	settings.shapes = true;
	progress_begin(&progress, options, &settings);
	failed = run_report(&settings, queries, count, &result, &err);
	progress_end(&progress);
	if (failed) {
		complain("%s", err.text);
		geo_free(geo);
		return EXIT_FAILED;
	}
	faults = print_faults(result);
	printed = print_report(report, options, result, asked ? geo : NULL);
	run_result_free(result);
	geo_free(geo);
	return printed ? printed : faults;
}

static int
run_report_command(int argc, char **argv)
{
	const struct query *const *queries;
	struct options options;
	struct report *report;
	struct err err;
	size_t count;
	int status;

	if (options_read(&command_report, argc, argv, &options, &err) < 0)
		return usage_error(&command_report, &err);
	if (options.help)
		return print_help(&command_report);
	report = report_new(
	    report_format_named(str_of(options.format ? options.format : "text")));
	if (choose_sections(&options, report, &err) < 0 ||
	    report_queries(report, &queries, &count, &err) < 0)
		status = usage_error(&command_report, &err);
	else
		status = answer(report, &options, queries, count);
	report_free(report);
	return status;
}

static void
help_sections(struct buf *out)
{
	buf_str(out, STR("\nSections:\n"));
	report_help(out);
}

const struct command command_report = {
	.name = "report",
	.summary = "what happened: the first screen, and a section for every question",
	.usage = "[SECTION...] [OPTION...] [FILE...]",
	.help =
	"Says what happened. Without SECTION: what needs a person, the figures of mail,\n"
	"logins and postscreen, and the top of everything, on one screen. Words that name\n"
	"a section are sections; write ./auth for a file of that name.\n"
	"\n"
	"FILE is a log, plain or compressed; a directory, a pattern, or - for stdin.\n"
	"Without FILE the system's mail log or journal is read.\n"
	"\n"
	"Examples:\n"
	"  postern report\n"
	"  postern report auth --since yesterday\n"
	"  postern report delivery --top 20 /var/log/mail.log*\n"
	"  postern report places --geo dbip-country.mmdb mail.log\n"
	"  postern report --by country,asn,aso --where 'attempt & outcome=failure'\n"
	"  postern report --by ip,user --where 'attempt & outcome=failure'\n"
	"  postern report --by 'hour(time)' --measure 'count,p90(delay)' --where delivery\n"
	"  postern report clients --format csv mail.log >clients.csv\n",
	.options = TAKES_INPUT | TAKES_PLACES | TAKES(top) | TAKES(by) | TAKES(measure) |
	    TAKES(where) | TAKES(color),
	.more_help = help_sections,
	.run = run_report_command,
};
