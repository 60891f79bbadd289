/* SPDX-License-Identifier: Apache-2.0
 *
 * postern replay: what the rules would have banned in an old log, what that would have
 * kept away, and whom it would have hurt; or two sets of rules compared.
 */
#include "cmd/knowledge.h"
#include "cmd/room.h"

#define SIDES 2

/* One config: its rules, and how many faults it has. */
struct rule_book {
	const char *name;
	struct settings *settings;
	struct rules rules;
	int faults;
};

static void
tell_fault(void *context, const char *text)
{
	struct rule_book *book = context;

	book->faults++;
	complain("%s", text);
}

/* -1: it has faults, each of which was told. */
static int
read_book(struct rule_book *book, const char *path)
{
	struct act_config actions;
	struct cidr own[OWN_MAX];
	struct arena arena = {0};
	struct err err;

	*book = (struct rule_book){.name = path ? path : SETTINGS_PATH};
	if (settings_read(path, tell_fault, book, &book->settings, &err) < 0) {
		complain("%s", err.text);
		settings_free(book->settings);
		book->settings = NULL;
		return -1;
	}
	actions_make(book->settings, &arena, tell_fault, book, &actions);
	arena_free(&arena);
	rules_make(book->settings, tell_fault, book, &book->rules);
	rules_allow(&book->rules, own, own_addresses(book->settings, own));
	return book->faults ? -1 : 0;
}

static void
close_book(struct rule_book *book)
{
	rules_done(&book->rules);
	settings_free(book->settings);
}

static int
print_replay(const struct options *options, const struct rule_book *books,
    struct replay *const *replays, const struct run_result *result)
{
	const char *const names[SIDES] = {books[0].name, options->diff};
	const char *format = options->format ? options->format : "text";
	struct report *report = report_new(report_format_named(str_of(format)));
	struct report_style style = options_style(options);
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct arena arena = {0};
	struct report_data data = answer_data(result, options, &arena);

	if (options->has_top)
		report_set_top(report, options->top);
	replay_tables(report, replays, names, strcmp(format, "csv") == 0);
	report_print(report, &data, &style, &out);
	report_free(report);
	arena_free(&arena);
	return output_all(&out);
}

/* What COUNT books are judged by beside the log; the store is NULL without --history. */
static int
open_rest(const struct options *options, const struct rule_book *books, size_t count,
    struct knowledge *knowledge, struct store **ret_store, struct err *err)
{
	for (size_t b = 0; b < count; b++)
		if (knowledge_open(knowledge, books[b].settings, &books[b].rules, options,
			err) < 0)
			return -1;
	if (options->history && open_store(books[0].settings, true, ret_store, err) < 0)
		return err_wrap(err, "--history");
	return 0;
}

static int
replay_books(const struct options *options, const struct rule_book *books, size_t count)
{
	struct run_settings settings = options_run(options, 0);
	struct replay_config configs[SIDES];
	struct replay *replays[SIDES] = {NULL, NULL};
	struct progress progress;
	struct run_result *result;
	struct store *store = NULL;
	struct knowledge knowledge = {.asks = false};
	struct err err;
	int printed, status = open_rest(options, books, count, &knowledge, &store, &err);

	for (size_t b = 0; b < count; b++)
		configs[b] = (struct replay_config){
		    &books[b].rules, rules_limits(books[b].settings), store};
	for (size_t b = 0; b < count; b++)
		if (rules_ask_places(&books[b].rules))
			settings.geo = knowledge.geo;
	if (status == 0) {
		progress_begin(&progress, options, &settings);
		status = replay_run(&settings, configs, count, knowledge_ask, &knowledge,
		    replays, &result, &err);
		progress_end(&progress);
	}
	knowledge_close(&knowledge);
	store_close(store);
	if (status != 0) {
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	if (options->history && replays[0]->earlier == 0)
		complain("warning: --history: the store has nothing from before the log");
	status = print_faults(result);
	printed = print_replay(options, books, replays, result);
	for (size_t b = 0; b < count; b++)
		replay_free(replays[b]);
	run_result_free(result);
	return printed ? printed : status;
}

/* The guard reads its log in the zone that the settings name; --tz overrides it. */
static int
set_zone(struct options *options, const struct rule_book *book)
{
	const struct setting_value *tz = settings_get(book->settings, SETTING_input_tz);
	char *zone;
	struct err err;
	int status;

	if (options->tz || tz->text.len == 0)
		return 0;
	zone = xstrndup(tz->text.p, tz->text.len);
	options->tz = zone;
	status = options_set_times(options, &err);
	options->tz = NULL;
	free(zone);
	if (status < 0)
		complain("[input] %s", err.text);
	return status;
}

static int
run_replay_command(int argc, char **argv)
{
	struct rule_book books[SIDES] = {{0}, {0}};
	struct options options;
	struct err err;
	size_t count;
	int bad = 0, status = EXIT_FAILED;

	if (options_read(&command_replay, argc, argv, &options, &err) < 0 ||
	    options_check_where(&options, &err) < 0)
		return usage_error(&command_replay, &err);
	if (options.help)
		return print_help(&command_replay);
	count = options.diff ? 2 : 1;
	for (size_t b = 0; b < count; b++)
		bad |= read_book(&books[b], b ? options.diff : options.config);
	if (!bad && set_zone(&options, &books[0]) == 0)
		status = replay_books(&options, books, count);
	for (size_t b = 0; b < count; b++)
		close_book(&books[b]);
	return status;
}

static const char *const formats[] = {"text", "json", "csv", NULL};

const struct command command_replay = {
	.name = "replay",
	.summary = "what the rules would have banned in old logs, and whom by mistake",
	.usage = "[--config FILE] [--diff FILE] [OPTION...] [FILE...]",
	.help =
	"Judges an old log by the rules as postern would have when it was written: who\n"
	"would have been banned when, what that would have kept away, how many at once;\n"
	"and the collateral: banned clients that logged in, or brought mail that was\n"
	"delivered and no spam, while they were banned or later. Nobody is banned.\n"
	"\n"
	"The addresses of this host are never banned; of another host's log the settings\n"
	"say that host's: [guard] own.\n"
	"\n"
	"In the log a banned client goes on. While a rule bans it, nothing it does counts\n"
	"for that rule, as if it had been kept away.\n"
	"\n"
	"With --history it goes on from what the guard has kept, as a guard that starts\n"
	"does: bans and events from before the log's first line count, and what was done\n"
	"by hand since is done when its time comes. So a log is judged as it was by a\n"
	"guard that had read the older ones.\n"
	"\n"
	"With --diff the same for two settings, A and B, and what differs. --where leaves\n"
	"out events, --since what came before it: then it does not count either. CSV has\n"
	"the bans, or with --diff who is banned differently.\n"
	"\n"
	"Examples:\n"
	"  postern replay /var/log/mail.log*\n"
	"  postern replay --config ./new.conf --since -7d\n"
	"  postern replay --diff ./new.conf mail.log.1\n"
	"  postern replay --history /var/log/mail.log\n"
	"  postern replay --where 'ip in 192.0.2.0/24' --top 0 mail.log\n"
	"  postern replay --format csv mail.log >bans.csv\n",
	.options = (TAKES_INPUT & ~TAKES(jobs)) | TAKES(top) | TAKES(where) | TAKES(color) |
	    TAKES(config) | TAKES(diff) | TAKES(history),
	.formats = formats,
	.run = run_replay_command,
};
