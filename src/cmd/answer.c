/* SPDX-License-Identifier: Apache-2.0
 *
 * answer: words to sections and inputs, one run of the engine, its answers to the
 * report room, the text to stdout.
 */
#include <unistd.h>

#include "base/civil.h"
#include "base/nearest.h"
#include "base/now.h"
#include "base/replace.h"
#include "cmd/room.h"

/* "clients,auth" */
static int
check_comma(const char *word, const char *const *names, size_t count, struct err *err)
{
	size_t first = strcspn(word, ",");

	for (size_t i = 0; word[first] && i < count; i++)
		if (strlen(names[i]) == first && memcmp(word, names[i], first) == 0)
			return err_set(err, "%s: sections are words of their own, as in: "
			    "postern report clients auth", word);
	return 0;
}

/* A word that is neither a section nor a file but looks like a section. */
static int
check_word(const char *word, struct err *err)
{
	const char *const *names, *near;
	size_t n;

	if (access(word, F_OK) == 0)
		return 0;
	names = report_section_names(&n);
	if (check_comma(word, names, n, err) < 0)
		return -1;
	near = strpbrk(word, "/.*?[-") ? NULL : nearest(str_of(word), names, n);
	if (near == NULL)
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

struct report_data
answer_data(const struct run_result *result, const struct options *options,
    struct arena *arena)
{
	struct report_data data = {.first = result->first, .last = result->last,
	    .input_count = result->input_count, .program_count = result->program_count,
	    .shape_count = result->shape_count, .hosts = result->hosts,
	    .host_count = result->host_count, .lines = result->lines,
	    .coverage = result->coverage, .stored = result->stored, .kept = result->kept,
	    .tables = result->tables};

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
	if (options->keeping && result->first <= result->last) {
		struct buf less = BUF_INIT(BUF_UNLIMITED);

		put_kept_for_less(options->keeping, now_wall() - result->first,
		    result->stored_kinds, true, &less);
		data.kept_less = less.len ? arena_cstr(arena, buf_view(&less)) : NULL;
		buf_done(&less);
	}
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

#define WIDTH_OF_NOTES 80 /* and of files */

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

/* A report, where its answers are among those of the run, and where its text goes. */
struct printed {
	struct report *report;
	size_t first, count;     /* of the queries */
	bool places;             /* it shows some */
	struct replacement file; /* path NULL: stdout */
};

/* Puts TEXT in the place of FILE and frees it; returns the exit status. */
static int
write_file(struct replacement *file, struct buf *text)
{
	struct err err;
	int status = EXIT_DONE;

	if (replace_write(file, buf_view(text), &err) < 0) {
		replace_abandon(file);
		status = EXIT_FAILED;
	} else if (replace_commit(file, &err) < 0) {
		status = EXIT_FAILED;
	}
	if (status)
		complain("%s", err.text);
	buf_done(text);
	return status;
}

static int
print_report(struct printed *printed, const struct options *options,
    const struct run_settings *settings, const struct run_result *result)
{
	struct report_style style = options_style(options);
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct arena arena = {0};
	struct report_data data = answer_data(result, options, &arena);
	struct dns *dns;

	data.tables += printed->first;
	data.since = settings->since;
	data.until = settings->until;
	data.asked = asked_again(options, settings, &arena);
	if (printed->file.path) { /* whatever stdout is */
		style.colour = options->color == WHEN_ALWAYS;
		style.width = WIDTH_OF_NOTES;
	}
	dns = options->dns ? find_names(printed->report, options, &data) : NULL;
	if (printed->places) {
		data.places_asked = true;
		data.geo = settings->geo;
		data.place_count = data.geo ? geo_sources(data.geo, &data.places) : 0;
		data.now = (int64_t)time(NULL) * USEC_PER_SEC;
	}
	report_print(printed->report, &data, &style, &out);
	if (options->format && strcmp(options->format, "csv") == 0)
		name_places(&data);
	arena_free(&arena);
	if (dns)
		names_end(options, dns);
	return printed->file.path ? write_file(&printed->file, &out) : output_all(&out);
}

/* The queries of ALL, one after the other; the caller frees the list. */
static int
gather_queries(struct printed *all, size_t n, const struct options *options,
    const struct query ***ret, size_t *ret_count, struct err *err)
{
	const struct query **list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct query *const *queries;

		if (report_queries(all[i].report, &queries, &all[i].count, err) < 0) {
			free(list);
			return -1;
		}
		all[i].first = count;
		all[i].places = report_has_map(all[i].report) ||
		    run_asks_places(queries, all[i].count, options->where);
		list = xrealloc(list, count + all[i].count + 1, sizeof(const struct query *));
		memcpy(list + count, queries, all[i].count * sizeof(const struct query *));
		count += all[i].count;
	}
	*ret = list;
	*ret_count = count;
	return 0;
}

/* One run that answers all of ALL, and prints them. */
static int
run_and_print(struct printed *all, size_t n, const struct options *options,
    const struct run_settings *settings, const struct query *const *queries, size_t count)
{
	struct run_settings own = *settings;
	struct progress progress;
	struct run_result *result;
	struct err err;
	int status, failed;

	progress_begin(&progress, options, &own);
	failed = options->store ?
	    run_stored(options->store, &own, queries, count, &result, &err) :
	    run_report(&own, queries, count, &result, &err);
	progress_end(&progress);
	if (failed) {
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	status = print_faults(result);
	for (size_t i = 0; i < n; i++) {
		int printed = print_report(&all[i], options, settings, result);

		if (i == 1 && printed == EXIT_DONE)
			complain("map written to %s", options->mapdest);
		status = printed ? printed : status;
	}
	run_result_free(result);
	return status;
}

static int
begin_file(struct replacement *file, const char *path, struct err *err)
{
	if (replace_begin(file, path, err) < 0)
		return -1;
	replace_keep_mode(file);
	return 0;
}

int
answer(const struct command *command, struct report *report, struct report *map,
    const struct options *options, struct run_settings settings)
{
	struct printed all[] = {{.report = report}, {.report = map}};
	const char *path = map ? options->mapdest : options->output;
	size_t n = map ? 2 : 1, count;
	const struct query **queries;
	struct geo *geo = NULL;
	struct err err;
	int status = EXIT_FAILED;

	if (gather_queries(all, n, options, &queries, &count, &err) < 0)
		return usage_error(command, &err);
	/*
	 * The file comes first: that it cannot be written is known before the long work.
	 * A database that is named is opened, so that a wrong name is told in any case.
	 */
	if ((path && begin_file(&all[n - 1].file, path, &err) < 0) ||
	    ((all[0].places || all[1].places || options->geo.count) &&
	     options_geo(options, &geo, &err) < 0)) {
		complain("%s", err.text);
	} else {
		settings.geo = geo;
		settings.output = path;
		status = run_and_print(all, n, options, &settings, queries, count);
	}
	if (all[n - 1].file.path)
		replace_abandon(&all[n - 1].file);
	geo_free(geo);
	free(queries);
	return status;
}
