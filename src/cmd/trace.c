/* SPDX-License-Identifier: Apache-2.0
 *
 * postern trace: the story of one thing. The log, or what a guard keeps, is read until it
 * is known which queue ids belong to the story (two or three times), then once more to
 * tell it.
 */
#include <unistd.h>

#include "base/escape.h"
#include "cmd/trace.h"

/* Hops of a message through ever new queue ids are followed this far. */
#define PASSES_MAX 8

#define WRITE_SIZE 65536

struct trace {
	struct thing thing;
	struct lives *lives;
	struct kept *kept;   /* instead of logs; or NULL */
	struct story *story; /* told as text, or */
	struct buf out;      /* written as JSON */
	struct output output;
	uint64_t found;
	int64_t first;       /* of what was found */
};

/* A pass that only learns. */
static bool
learn_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct trace *trace = context;

	(void)sources;
	lives_event(trace->lives, ev, symbols, thing_named(&trace->thing, ev, symbols));
	return true;
}

static bool
write_json(struct trace *trace, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	event_json(&trace->out, ev, symbols, sources);
	buf_char(&trace->out, '\n');
	if (trace->out.len < WRITE_SIZE)
		return true;
	output_write(&trace->output, buf_view(&trace->out));
	buf_clear(&trace->out);
	return trace->output.error == 0;
}

/* The pass that tells. */
static bool
tell_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct trace *trace = context;
	bool named = thing_named(&trace->thing, ev, symbols);
	uint32_t life = lives_event(trace->lives, ev, symbols, named);

	if (!named && life == LIVES_NONE)
		return true;
	if (trace->found++ == 0 || ev->time < trace->first)
		trace->first = ev->time;
	if (trace->story == NULL)
		return write_json(trace, ev, symbols, sources);
	story_add(trace->story, ev, symbols, life);
	return true;
}

/* One pass; the last one hands its result over instead of freeing it. */
static int
pass(struct trace *trace, const struct options *options, const struct run_settings *settings,
    run_each *each, struct run_result **ret, struct err *err)
{
	struct run_settings own = *settings;
	struct progress progress;
	int failed;

	lives_begin(trace->lives);
	*ret = NULL;
	if (trace->kept)
		return kept_pass(trace->kept, &trace->thing, trace->lives, settings->since,
		    settings->until, each, trace, err);
	progress_begin(&progress, options, &own);
	failed = run_scan(&own, each, trace, ret, err);
	progress_end(&progress);
	return failed;
}

/* *RET is NULL when no logs were read. */
static int
run_passes(struct trace *trace, const struct options *options,
    const struct run_settings *settings, struct run_result **ret, struct err *err)
{
	unsigned passes = 0;

	do {
		struct run_result *result;

		if (pass(trace, options, settings, learn_event, &result, err) < 0)
			return -1;
		run_result_free(result);
	} while (lives_unsettled(trace->lives) && ++passes < PASSES_MAX);
	return pass(trace, options, settings, tell_event, ret, err);
}

static void
put_nothing(const struct trace *trace, const char *word, const struct run_result *result,
    struct buf *out)
{
	buf_str(out, STR("nothing found about "));
	escape_terminal(out, str_of(word));
	buf_str(out, STR(" in "));
	if (trace->kept) {
		kept_put_period(trace->kept, out);
		buf_char(out, '\n');
		return;
	}
	report_put_things(out, result->lines, "line");
	if (result->input_count) {
		buf_str(out, STR(" of "));
		escape_terminal(out, str_of(result->inputs[0].source));
	}
	if (result->input_count > 1)
		buf_printf(out, " and %zu more", result->input_count - 1);
	if (result->first <= result->last) {
		buf_str(out, STR(", from "));
		report_put_period(out, result->first, result->last);
	}
	buf_char(out, '\n');
}

/* Somebody gave a file and nothing to look for, or both the other way round? */
static void
hint_at_file(const struct options *options)
{
	const char *word = options->words[0];

	if (access(word, F_OK) == 0)
		complain("%s is a file: what is looked for comes before it, as in "
		    "postern trace %s %s", word,
		    options->word_count > 1 ? options->words[1] : "alice@example.test", word);
}

/* Tells what was found; text says so too when that is nothing. */
static void
finish_output(struct trace *trace, const char *word, const struct report_style *style,
    const struct run_result *result)
{
	if (trace->story && trace->found)
		story_tell(trace->story, word, style, &trace->out);
	else if (trace->story)
		put_nothing(trace, word, result, &trace->out);
	else if (trace->found == 0)
		complain("nothing found about %s", word);
	output_write(&trace->output, buf_view(&trace->out));
}

static int
trace_story(struct trace *trace, const struct options *options,
    const struct run_settings *settings)
{
	const char *word = options->words[0];
	struct report_style style = options_style(options);
	struct run_result *result;
	struct err err;
	int status;

	if (run_passes(trace, options, settings, &result, &err) < 0) {
		complain("%s", err.text);
		hint_at_file(options);
		return EXIT_FAILED;
	}
	finish_output(trace, word, &style, result);
	if (trace->found == 0)
		hint_at_file(options);
	status = result ? print_faults(result) : EXIT_DONE;
	if (output_status(&trace->output))
		status = EXIT_FAILED;
	run_result_free(result);
	return status;
}

/* STORE is where to look instead of in logs, or NULL. */
static int
trace_thing(const struct options *options, const char *store,
    const struct settings *stored_settings)
{
	bool json = options->format && strcmp(options->format, "json") == 0;
	struct run_settings settings = options_run(options, 1);
	struct trace trace = {.thing = thing_of(str_of(options->words[0])),
	    .out = BUF_INIT(BUF_UNLIMITED)};
	struct err err;
	int status;

	if (store && kept_open(store, &trace.kept, &err) < 0) {
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	trace.lives = lives_new();
	trace.story = json ? NULL : story_new();
	status = trace_story(&trace, options, &settings);
	if (trace.kept && trace.found)
		kept_warn(stored_settings, trace.first);
	kept_close(trace.kept);
	lives_free(trace.lives);
	story_free(trace.story);
	buf_done(&trace.out);
	return status;
}

static int
check_thing(const char *word, struct err *err)
{
	struct thing thing = thing_of(str_of(word));
	unsigned most = cidr_wrong_length(thing.text);

	if (thing.text.len == 0)
		return err_set(err,
		    "trace what? A queue id, message id, address, user or client");
	if (most)
		return err_set(err, "%s is no network: its prefix length is 0 to %u", word,
		    most);
	return 0;
}

static int
run_trace_command(int argc, char **argv)
{
	struct settings *settings = NULL;
	const char *store = NULL;
	struct arena arena = {0};
	struct options options;
	struct err err;
	int status;

	if (options_read(&command_trace, argc, argv, &options, &err) < 0)
		return usage_error(&command_trace, &err);
	if (options.help)
		return print_help(&command_trace);
	if (check_thing(options.word_count ? options.words[0] : "", &err) < 0)
		return usage_error(&command_trace, &err);
	progress_wait(&options, (const char *const *)options.words + 1,
	    options.word_count - 1);
	if (trace_keep_pipes(&options, &arena, &err) < 0) {
		complain("%s", err.text);
		arena_free(&arena);
		return EXIT_FAILED;
	}
	/* What a guard keeps goes further back. */
	if (options.word_count == 1)
		store = guard_store(&options, &arena, &settings);
	status = trace_thing(&options, store, settings);
	settings_free(settings);
	arena_free(&arena);
	return status;
}

static const char *const formats[] = {"text", "json", NULL};

const struct command command_trace = {
	.name = "trace",
	.summary = "the whole story of a message, account, address or client",
	.usage = "THING [OPTION...] [FILE...]",
	.help =
	"Tells what happened to THING, in the order of time: a queue id, a message id, a\n"
	"mail address, a login name, a client's address or name, or a network. Messages\n"
	"are told whole, from the client to the last delivery, through content filters\n"
	"and into the bounce that came of them.\n"
	"\n"
	"FILE is a log, as for postern report. Without FILE what a guard that runs keeps\n"
	"is asked, else the system's mail log or journal. A guard keeps what lines told,\n"
	"not the lines: --format json prints each event as one object a line, as postern\n"
	"scan does, with the file and the line where it stood.\n"
	"\n"
	"Examples:\n"
	"  postern trace 4XyZ12abcdz3k mail.log\n"
	"  postern trace '<1234@shop.example>' mail.log\n"
	"  postern trace alice@shop.example --since yesterday\n"
	"  postern trace 4XyZ12abcdz3k\n"
	"  postern trace 192.0.2.7 /var/log/mail.log*\n"
	"  postern trace 2001:db8:2::/64 --format json mail.log\n",
	.options = TAKES_INPUT | TAKES(config) | TAKES(color),
	.formats = formats,
	.run = run_trace_command,
};
