/* SPDX-License-Identifier: Apache-2.0
 *
 * postern report: what happened, by sections.
 */
#include <unistd.h>

#include "base/now.h"
#include "cmd/room.h"

static int
choose_sections(struct options *options, struct report *report, struct err *err)
{
	if (take_sections(options, report, err) < 0)
		return -1;
	if ((options->by || options->measure) &&
	    report_add_query(report, options->by, options->measure, err) < 0)
		return -1;
	if (options->server && dns_check_servers(options->server, err) < 0)
		return err_wrap(err, "--server");
	if (options->dns)
		report_want_names(report);
	else if (options->server || options->deadline_usec >= 0 || options->no_cache)
		return err_set(err, "--server, --deadline and --no-cache go with --dns");
	if (options->has_top)
		report_set_top(report, options->top);
	if (options->map_min_conn >= 0 && !report_has_map(report))
		return err_set(err, "--map-min-conn goes with the section map");
	report_set_map_least(report, options->map_min_conn);
	return 0;
}

/* A map is a page unless something else is asked for, and no text for a terminal. */
static int
choose_format(struct options *options, struct err *err)
{
	if (options->format == NULL)
		options->format = report_usual_format(options->words, options->word_count);
	if (strcmp(options->format, "html") == 0 && options->output == NULL &&
	    isatty(STDOUT_FILENO))
		return err_set(err, "HTML is for a browser, not for this terminal: add "
		    "-o map.html, or --format text");
	return 0;
}

/*
 * What a guard keeps is there at once, and goes further back; of some kinds further than of
 * others. Where nobody says since when, the report is of what is kept of all usual ones.
 */
static struct run_settings
choose_store(struct options *options, struct arena *arena, struct settings **ret_settings,
    struct keeping *ret)
{
	struct run_settings run = options_run(options, 0);

	if (options->word_count == 0)
		options->store = guard_store(options, arena, ret_settings);
	if (!options->store)
		return run;
	keeping_make(*ret_settings, settings_ignore_fault, NULL, ret);
	options->keeping = ret;
	if (run.since == INT64_MIN)
		run.since = now_wall() - ret->usual_usec;
	return run;
}

static int
run_report_command(int argc, char **argv)
{
	struct settings *settings = NULL;
	struct options options;
	struct keeping keeping;
	struct run_settings run;
	struct report *report;
	struct arena arena = {0};
	struct err err;
	int status;

	if (options_read(&command_report, argc, argv, &options, &err) < 0)
		return usage_error(&command_report, &err);
	if (options.help)
		return print_help(&command_report);
	if (choose_format(&options, &err) < 0)
		return usage_error(&command_report, &err);
	report = report_new(report_format_named(str_of(options.format)));
	if (choose_sections(&options, report, &err) < 0 ||
	    options_check_where(&options, &err) < 0)
		status = usage_error(&command_report, &err);
	else {
		run = choose_store(&options, &arena, &settings, &keeping);
		status = answer(&command_report, report, NULL, &options, run);
	}
	settings_free(settings);
	arena_free(&arena);
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
	"  postern report clients --dns --deadline 3\n"
	"  postern report clients --format csv mail.log >clients.csv\n"
	"  postern report map -o map.html mail.log*\n",
	.options = TAKES_INPUT | TAKES_PLACES | TAKES(top) | TAKES(by) | TAKES(measure) |
	    TAKES(where) | TAKES(config) | TAKES(color) | TAKES(dns) | TAKES(server) |
	    TAKES(deadline) | TAKES(no_cache) | TAKES(output) | TAKES(map_min_conn),
	.letters = "o",
	.more_help = help_sections,
	.run = run_report_command,
};
