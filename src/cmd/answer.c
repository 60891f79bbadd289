/* SPDX-License-Identifier: Apache-2.0
 *
 * answer: words to sections and inputs, one run of the engine, its answers to the
 * report room, the text to stdout.
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
int
take_sections(struct options *options, struct report *report, struct err *err)
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

/* Notes the address of a row. */
static void
want_name(void *context, struct str text, struct cell *name)
{
	struct dns *dns = context;
	struct ip ip;

	(void)name;
	if (ip_parse(text, &ip))
		dns_add(dns, &ip);
}

/* Only a name that leads back to its address is better than the one logged. */
static void
put_name(void *context, struct str text, struct cell *name)
{
	const struct dns *dns = context;
	struct dns_answer answer;
	struct ip ip;

	if (!ip_parse(text, &ip) || !dns_find(dns, &ip, &answer) || answer.confirmed == 0)
		return;
	name->known = true;
	name->text = str_of(answer.names[0]);
}

/* So long a report may wait for names. */
#define NAMES_USEC (5 * USEC_PER_SEC)

/* Asks for the names of what will be printed. NULL: it cannot be asked, which is said. */
static struct dns *
find_names(struct report *report, const struct options *options,
    const struct report_data *data)
{
	struct dns *dns;
	struct err err;

	if (names_begin(options, NAMES_USEC, &dns, &err) < 0) {
		complain("%s", err.text);
		return NULL;
	}
	report_names(report, data, want_name, dns);
	if (dns_run(dns, &err) < 0)
		complain("names: %s", err.text);
	report_names(report, data, put_name, dns);
	return dns;
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

/* GEO: where the places shown are from; NULL: none are. */
static int
print_report(struct report *report, const struct options *options,
    const struct run_result *result, const struct geo *geo)
{
	struct report_style style = options_style(options);
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct arena arena = {0};
	struct report_data data = data_of(result, options, &arena);
	struct dns *dns = options->dns ? find_names(report, options, &data) : NULL;

	if (geo) {
		data.places_asked = true;
		data.place_count = geo_sources(geo, &data.places);
		data.now = (int64_t)time(NULL) * USEC_PER_SEC;
	}
	report_print(report, &data, &style, &out);
	if (options->format && strcmp(options->format, "csv") == 0)
		name_places(&data);
	arena_free(&arena);
	if (dns)
		names_end(options, dns);
	return output_all(&out);
}

int
answer(const struct command *command, struct report *report, const struct options *options,
    struct run_settings settings)
{
	const struct query *const *queries;
	struct progress progress;
	struct run_result *result;
	struct geo *geo = NULL;
	struct err err;
	size_t count;
	bool asked;
	int faults, printed, failed;

	if (report_queries(report, &queries, &count, &err) < 0)
		return usage_error(command, &err);
	asked = run_asks_places(queries, count, options->where);
	/* A file that is named is opened, so that a wrong name is told in any case. */
	if ((asked || options->geo.count) && options_geo(options, &geo, &err) < 0) {
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	settings.geo = geo;
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
