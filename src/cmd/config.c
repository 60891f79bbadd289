/* SPDX-License-Identifier: Apache-2.0
 *
 * postern config: what may be set, what is set and where it was said, and what is wrong
 * with it.
 */
#include "base/escape.h"
#include "base/nearest.h"
#include "cmd/cautions.h"
#include "cmd/checks.h"
#include "cmd/room.h"
#include "cmd/trials.h"

static const char *const verbs[] = {"check", "show", "list"};

struct config {
	const struct options *options;
	struct buf out;
	int faults, warnings;
};

static void
put_line(struct config *config, const char *text)
{
	escape_terminal(&config->out, str_of(text));
	buf_char(&config->out, '\n');
}

/* Faults are what check is about: its data. Others need to know, too. */
static void
tell_fault(void *context, const char *text)
{
	struct config *config = context;

	config->faults++;
	put_line(config, text);
}

static void
tell_warning(void *context, const char *text)
{
	struct config *config = context;

	config->warnings++;
	buf_str(&config->out, STR("warning: "));
	put_line(config, text);
}

static const char *const type_words[] = {
	[SETTING_TEXT] = "text",
	[SETTING_WORD] = "word",
	[SETTING_BOOL] = "yes or no",
	[SETTING_NUMBER] = "number",
	[SETTING_DURATION] = "time",
	[SETTING_LIST] = "list",
};

static int
list_settings(struct config *config)
{
	const char *section = "";

	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		const struct setting_row *row = &setting_rows[i];

		if (strcmp(section, row->section) != 0)
			buf_printf(&config->out, "%s[%s]\n", i ? "\n" : "", row->section);
		section = row->section;
		buf_printf(&config->out, "%-14s %-10s %s\n", row->name,
		    type_words[row->type], row->help);
		if (*row->preset)
			buf_printf(&config->out, "%-14s %-10s default: %s\n", "", "",
			    row->preset);
	}
	return EXIT_DONE;
}

/* VALUE as it could stand in a file. */
static void
put_value(struct buf *out, const struct setting_row *row, const struct setting_value *value,
    bool origin)
{
	struct str text = value->text;
	bool first = true;

	buf_printf(out, "%s =", row->name);
	while (text.len) {
		buf_str(out, first ? STR(" ") : STR("\n    "));
		escape_terminal(out, str_cut(&text, '\n'));
		first = false;
	}
	if (origin && value->file)
		buf_printf(out, "  ; %s:%u", value->file, value->line);
	else if (origin)
		buf_str(out, STR("  ; default"));
	buf_char(out, '\n');
}

static void
put_section(struct config *config, const struct settings_section *section)
{
	struct buf *out = &config->out;

	buf_printf(out, "%s[%s%s%s]\n", out->len ? "\n" : "", section->sort,
	    *section->name ? " " : "", section->name);
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		const struct setting_value *value = &section->values[i];

		/* Of actions and rules, what was not said is mostly beside the point. */
		if (strcmp(setting_rows[i].section, section->sort) == 0 &&
		    (value->file || *section->name == '\0'))
			put_value(out, &setting_rows[i], value, config->options->origin);
	}
}

static int
show_settings(struct config *config, const struct settings *settings)
{
	const struct settings_section *section;
	const char *sort = "";

	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		if (strcmp(sort, setting_rows[i].section) == 0)
			continue;
		sort = setting_rows[i].section;
		for (size_t s = 0; (section = settings_at(settings, s)) != NULL; s++)
			if (strcmp(section->sort, sort) == 0)
				put_section(config, section);
	}
	return EXIT_DONE;
}

static void
put_nothing_wrong(struct config *config, size_t rules, size_t actions)
{
	buf_printf(&config->out, "%zu rule%s, %zu action%s: nothing wrong", rules,
	    plural_s(rules), actions, plural_s(actions));
	if (config->warnings)
		buf_printf(&config->out, ", %d warning%s", config->warnings,
		    plural_s((size_t)config->warnings));
	buf_char(&config->out, '\n');
}

static int
check_settings(struct config *config, const struct settings *settings)
{
	size_t actions = settings_count(settings, "action");
	struct keeping keeping;
	struct rules rules;

	checks_run(settings, config->options->config, NULL, true, tell_fault, config, &rules);
	trials_run(settings, tell_fault, config);
	keeping_make(settings, settings_ignore_fault, NULL, &keeping);
	keeping_check(&keeping, settings, &rules, tell_fault, config);
	cautions_tell(settings, &rules, tell_warning, config);
	if (config->faults == 0)
		put_nothing_wrong(config, rules.count, actions);
	rules_done(&rules);
	return config->faults ? EXIT_FINDINGS : EXIT_DONE;
}

static int
do_verb(struct config *config, const char *verb)
{
	bool check = strcmp(verb, "check") == 0;
	struct settings *settings;
	struct err err;
	int status;

	if (strcmp(verb, "list") == 0)
		return list_settings(config);
	if (settings_read(config->options->config, check ? tell_fault : complain_fault,
		config, &settings, &err) < 0) {
		complain("%s", err.text);
		settings_free(settings);
		return EXIT_FAILED;
	}
	status = check ? check_settings(config, settings) : show_settings(config, settings);
	settings_free(settings);
	return status;
}

static int
no_such_verb(const struct options *options, struct err *err)
{
	const char *near;

	if (options->word_count == 0)
		err_set(err, "config check, show or list?");
	else if (options->word_count > 1)
		err_set(err, "config takes one word, not also '%s'", options->words[1]);
	else {
		near = nearest(str_of(options->words[0]), verbs, 3);
		err_set(err, "config has check, show and list, not '%s'%s%s%s",
		    options->words[0], near ? "; did you mean " : "", near ? near : "",
		    near ? "?" : "");
	}
	return usage_error(&command_config, err);
}

static int
run_config(int argc, char **argv)
{
	struct options options;
	struct config config = {.options = &options, .out = BUF_INIT(BUF_UNLIMITED)};
	struct err err;
	int status = -1, written;

	if (options_read(&command_config, argc, argv, &options, &err) < 0)
		return usage_error(&command_config, &err);
	if (options.help)
		return print_help(&command_config);
	if (options.word_count != 1)
		return no_such_verb(&options, &err);
	if (options.origin && strcmp(options.words[0], "show") != 0) {
		err_set(&err, "--origin is for config show");
		return usage_error(&command_config, &err);
	}
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strcmp(options.words[0], verbs[i]) == 0)
			status = do_verb(&config, verbs[i]);
	if (status < 0)
		return no_such_verb(&options, &err);
	written = output_all(&config.out);
	return written == EXIT_DONE ? status : written;
}

const struct command command_config = {
	.name = "config",
	.summary = "what may be set, what is set, what is wrong with it",
	.usage = "check|show|list [--config FILE] [--origin]",
	.help =
	"check   names every fault in the settings, by file and line; exit status 3 if\n"
	"        there is one. Tries what can be tried: as root with the rights of the\n"
	"        guard's user, and whether nft takes our table. What is right, but may\n"
	"        not do what was meant, is told behind \"warning:\"\n"
	"show    the settings in force, the shipped rules among them; with --origin the\n"
	"        file and line of each\n"
	"list    every setting there is, with its type, default and meaning\n"
	"\n"
	"Examples:\n"
	"  postern config check\n"
	"  postern config show --origin\n"
	"  postern config check --config new.conf &&\n"
	"      mv new.conf /etc/postern/postern.conf\n",
	.options = TAKES(config) | TAKES(origin) | TAKES(help),
	.run = run_config,
};
