/* SPDX-License-Identifier: Apache-2.0
 *
 * postern scan: every event as one JSON object a line; or, with --unknown, the
 * shapes of lines that were not understood.
 */
#include <unistd.h>

#include "base/escape.h"
#include "base/json.h"
#include "cmd/room.h"

#define WRITE_SIZE 65536

struct scan {
	struct buf out;
	struct output output;
};

static void
write_out(void *context)
{
	struct scan *scan = context;

	output_write(&scan->output, buf_view(&scan->out));
	buf_clear(&scan->out);
}

static bool
write_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct scan *scan = context;

	event_json(&scan->out, ev, symbols, sources);
	buf_char(&scan->out, '\n');
	if (scan->out.len >= WRITE_SIZE)
		write_out(scan);
	return scan->output.error == 0;
}

static void
put_shape_json(const struct shape_stats *shape, struct buf *out)
{
	struct json json = {.out = out};

	json_object_begin(&json);
	json_key(&json, "program");
	json_str(&json, shape->program);
	json_key(&json, "count");
	json_int(&json, (int64_t)shape->count);
	json_key(&json, "shape");
	json_str(&json, shape->shape);
	json_key(&json, "example");
	json_str(&json, shape->example);
	json_object_end(&json);
	buf_char(out, '\n');
}

static void
put_shape_text(const struct shape_stats *shape, struct buf *out)
{
	struct buf count = BUF_INIT(64);

	report_put_count(&count, shape->count);
	buf_printf(out, "%10.*s  ", STR_ARG(buf_view(&count)));
	escape_terminal(out, shape->program.len ? shape->program : STR("-"));
	buf_str(out, STR(": "));
	escape_terminal(out, shape->shape);
	buf_char(out, '\n');
	buf_done(&count);
}

static void
put_unknown(const struct options *options, const struct run_result *result, struct buf *out)
{
	bool json = options->format && strcmp(options->format, "json") == 0;
	uint64_t lines = 0, foreign = 0;

	for (size_t i = 0; i < result->input_count; i++)
		foreign += result->inputs[i].foreign;
	for (size_t i = 0; i < result->shape_count; i++) {
		lines += result->shapes[i].count;
		if (json)
			put_shape_json(&result->shapes[i], out);
		else
			put_shape_text(&result->shapes[i], out);
	}
	if (json)
		return;
	report_put_count(out, lines);
	buf_str(out, STR(" of "));
	report_put_things(out, result->lines, "line");
	buf_str(out, STR(" not understood, in "));
	report_put_things(out, result->shape_count, "shape");
	if (foreign) {
		buf_str(out, STR("; "));
		report_put_count(out, foreign);
		buf_str(out, foreign == 1 ? STR(" is of another program") :
		    STR(" are of other programs"));
	}
	buf_str(out, STR(".\n"));
	if (result->shape_count)
		buf_str(out, STR("Addresses, names, values and numbers are masked where they "
		    "can be told:\nlook through it before others do. --format json has "
		    "one of each, as it was.\n"));
}

/* Events show places when a database is named, or the filter asks for them. */
static bool
wants_places(const struct options *options)
{
	return options->geo.count || run_asks_places(NULL, 0, options->where);
}

static int
scan_inputs(const struct options *options, const struct geo *geo)
{
	struct run_settings settings = options_run(options, 0);
	struct scan scan = {.out = BUF_INIT(BUF_UNLIMITED)};
	struct progress progress;
	struct run_result *result;
	struct err err;
	int status;

	settings.geo = geo;
	settings.waiting = write_out;
	settings.waiter = &scan;
	progress_begin(&progress, options, &settings);
	status = options->unknown ? run_report(&settings, NULL, 0, &result, &err) :
				    run_scan(&settings, write_event, &scan, &result, &err);
	progress_end(&progress);
	if (status < 0) {
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	if (options->unknown)
		put_unknown(options, result, &scan.out);
	output_write(&scan.output, buf_view(&scan.out));
	buf_done(&scan.out);
	status = print_faults(result);
	run_result_free(result);
	return output_status(&scan.output) ? EXIT_FAILED : status;
}

/* Options that do not go together. */
static int
check_forms(const struct options *options, struct err *err)
{
	if (options->format && strcmp(options->format, "text") == 0 && !options->unknown)
		return err_set(err, "scan prints events as JSON; text is a form of --unknown");
	if (options->unknown && (options->where || options->since_text || options->until_text))
		return err_set(err, "--unknown tells of all lines that are read, events or "
		    "not: it goes with neither --where nor --since nor --until");
	if (options->follow && (options->unknown || options->until != INT64_MAX))
		return err_set(err,
		    "--follow has no end: it goes with neither --unknown nor --until");
	return 0;
}

/* What would be waited for: "-", and a pattern that the shell left. */
static int
check_names(const struct options *options, struct err *err)
{
	for (size_t i = 0; options->follow && i < options->word_count; i++) {
		const char *name = options->words[i];

		if (strcmp(name, "-") == 0)
			return err_set(err, "--follow is for files; the standard input is "
			    "read as it comes without it");
		if (strpbrk(name, "*?[") && access(name, F_OK) != 0)
			return err_set(err, "%s: patterns are not followed; name each log",
			    name);
	}
	return 0;
}

static int
run_scan_command(int argc, char **argv)
{
	struct options options;
	struct geo *geo = NULL;
	struct err err;
	int status;

	if (options_read(&command_scan, argc, argv, &options, &err) < 0)
		return usage_error(&command_scan, &err);
	if (options.help)
		return print_help(&command_scan);
	if (options_check_where(&options, &err) < 0)
		return usage_error(&command_scan, &err);
	if (check_forms(&options, &err) < 0 || check_names(&options, &err) < 0)
		return usage_error(&command_scan, &err);
	if (wants_places(&options) && options_geo(&options, &geo, &err) < 0) {
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	status = options.follow ? scan_follow(&options, geo) : scan_inputs(&options, geo);
	geo_free(geo);
	return status;
}

static const char *const formats[] = {"json", "text", NULL};

const struct command command_scan = {
	.name = "scan",
	.summary = "events as JSON lines, or what was not understood",
	.usage = "[--unknown] [OPTION...] [FILE...]",
	.help =
	"Prints every event as a JSON object on a line of its own, in the order of the\n"
	"log. Keys appear when they are known; times are UTC. country, asn and aso appear\n"
	"with --geo, or when the filter names one of them.\n"
	"\n"
	"With --unknown: the shapes of lines that were not understood, or break off,\n"
	"most frequent first. Addresses, names, values and numbers are masked where they\n"
	"can be told: look through them before others do. JSON has one line as it was\n"
	"for each.\n"
	"\n"
	"With --follow: what is written from now on, through rotation, until interrupted;\n"
	"with --since, too, from the first line in the files that is not older. Where\n"
	"lines may be lost (a file was truncated) an event evidence_lost says so.\n"
	"\n"
	"Examples:\n"
	"  postern scan mail.log\n"
	"  postern scan --follow --where 'auth_failure' /var/log/mail.log\n"
	"  postern scan --where 'kind=policy & action=reject' mail.log | jq .ip\n"
	"  zcat mail.log.2.gz | postern scan --since yesterday -\n"
	"  postern scan --unknown mail.log\n",
	.options = TAKES_INPUT | TAKES_PLACES | TAKES(where) | TAKES(unknown) | TAKES(follow),
	.formats = formats,
	.run = run_scan_command,
};
