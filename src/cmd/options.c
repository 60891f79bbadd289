/* SPDX-License-Identifier: Apache-2.0
 *
 * options: the options that commands share, read with getopt_long(3). A bad one
 * is answered with what was wrong and the nearest right word.
 */
#include <getopt.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/nearest.h"
#include "cmd/room.h"

static const struct option_row {
	const char *name, *argument, *help;
} option_rows[] = {
#define O(id, name, argument, help) {name, argument, help},
	OPTIONS(O)
#undef O
};

static const char *const when_words[] = {"auto", "always", "never"};

/* "text, json or csv" */
static void
put_words(struct buf *out, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ", words[i]);
}

int
option_word(const char *option, const char *value, const char *const *words, size_t n,
    struct err *err)
{
	const char *near = nearest(str_of(value), words, n);
	struct buf list = BUF_INIT(1024);

	for (size_t i = 0; i < n; i++)
		if (strcmp(value, words[i]) == 0)
			return (int)i;
	put_words(&list, words, n);
	err_set(err, "--%s is %.*s, not '%s'%s%s%s", option, STR_ARG(buf_view(&list)), value,
	    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	buf_done(&list);
	return -1;
}

static int
set_when(enum when *ret, const char *option, const char *value, struct err *err)
{
	int word = option_word(option, value, when_words, 3, err);

	if (word >= 0)
		*ret = (enum when)word;
	return word < 0 ? -1 : 0;
}

static int
get_number(int64_t *ret, const char *option, const char *value, int64_t least, int64_t most,
    struct err *err)
{
	int64_t n;

	if (!str_number(str_of(value), &n) || n < least || n > most)
		return err_set(err, "--%s is a number from %lld to %lld, not '%s'", option,
		    (long long)least, (long long)most, value);
	*ret = n;
	return 0;
}

static const char *const *
formats_of(const struct command *command, size_t *ret_count)
{
	size_t n = 0;

	if (command->formats == NULL)
		return report_format_names(ret_count);
	while (command->formats[n])
		n++;
	*ret_count = n;
	return command->formats;
}

static int
set_format(const struct command *command, struct options *options, const char *value,
    struct err *err)
{
	size_t n;
	const char *const *names = formats_of(command, &n);
	int word = option_word("format", value, names, n, err);

	if (word >= 0)
		options->format = names[word];
	return word < 0 ? -1 : 0;
}

static int
add_repeated(struct repeated *repeated, const char *option, const char *value, struct err *err)
{
	if (repeated->count == OPTION_REPEATS)
		return err_set(err, "--%s more than %d times", option, OPTION_REPEATS);
	repeated->values[repeated->count++] = value;
	return 0;
}

/* Options that only keep their value, and those that are only given or not. */
static const struct {
	enum option_id id;
	size_t offset; /* of a const char * in struct options */
} texts[] = {
	{OPTION_by, offsetof(struct options, by)},
	{OPTION_measure, offsetof(struct options, measure)},
	{OPTION_where, offsetof(struct options, where)},
	{OPTION_since, offsetof(struct options, since_text)},
	{OPTION_until, offsetof(struct options, until_text)},
	{OPTION_tz, offsetof(struct options, tz)},
	{OPTION_action, offsetof(struct options, action)},
	{OPTION_report, offsetof(struct options, report)},
	{OPTION_server, offsetof(struct options, server)},
	{OPTION_config, offsetof(struct options, config)},
	{OPTION_diff, offsetof(struct options, diff)},
	{OPTION_output, offsetof(struct options, output)},
	{OPTION_mapdest, offsetof(struct options, mapdest)},
	{OPTION_source, offsetof(struct options, source)},
	{OPTION_licence, offsetof(struct options, licence)},
	{OPTION_date, offsetof(struct options, date_text)},
	{OPTION_directory, offsetof(struct options, directory)},
	{OPTION_sort, offsetof(struct options, sort)},
	{OPTION_length, offsetof(struct options, length)},
	{OPTION_reason, offsetof(struct options, reason)},
};

static const struct {
	enum option_id id;
	size_t offset; /* of a bool */
} flags[] = {
	{OPTION_unknown, offsetof(struct options, unknown)},
	{OPTION_help, offsetof(struct options, help)},
	{OPTION_geoloc, offsetof(struct options, geoloc)},
	{OPTION_modern, offsetof(struct options, modern)},
	{OPTION_history, offsetof(struct options, history)},
	{OPTION_origin, offsetof(struct options, origin)},
	{OPTION_dry_run, offsetof(struct options, dry_run)},
	{OPTION_from_start, offsetof(struct options, from_start)},
	{OPTION_all, offsetof(struct options, all)},
	{OPTION_box, offsetof(struct options, box)},
	{OPTION_follow, offsetof(struct options, follow)},
	{OPTION_dns, offsetof(struct options, dns)},
	{OPTION_no_confirm, offsetof(struct options, no_confirm)},
	{OPTION_no_cache, offsetof(struct options, no_cache)},
	{OPTION_no_geo, offsetof(struct options, no_geo)},
	{OPTION_json, offsetof(struct options, json)},
	{OPTION_pygeoip, offsetof(struct options, pygeoip)},
};

/* Options that may be repeated. */
static const struct {
	enum option_id id;
	size_t offset; /* of a struct repeated */
} lists[] = {
	{OPTION_file, offsetof(struct options, files)},
	{OPTION_ip, offsetof(struct options, ips)},
	{OPTION_geo, offsetof(struct options, geo)},
	{OPTION_geofile, offsetof(struct options, geo)},
	{OPTION_country, offsetof(struct options, country)},
	{OPTION_asn, offsetof(struct options, asn)},
	{OPTION_url, offsetof(struct options, url)},
};

/* The list that values of ID are added to, or NULL. */
static struct repeated *
list_of(enum option_id id, struct options *options)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (lists[i].id == id)
			return (void *)((char *)options + lists[i].offset);
	return NULL;
}

static void
set_plain(enum option_id id, const char *value, struct options *options)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (texts[i].id == id)
			*(const char **)(void *)((char *)options + texts[i].offset) = value;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (flags[i].id == id)
			*(bool *)((char *)options + flags[i].offset) = true;
}

static int
set_option(const struct command *command, enum option_id id, const char *value,
    struct options *options, struct err *err)
{
	struct repeated *list = list_of(id, options);
	int64_t n = 0;
	int failed;

	if (id == OPTION_format)
		return set_format(command, options, value, err);
	if (id == OPTION_color)
		return set_when(&options->color, "color", value, err);
	if (id == OPTION_progress)
		return set_when(&options->progress, "progress", value, err);
	if (list)
		return add_repeated(list, option_rows[id].name, value, err);
	if (id == OPTION_top) {
		failed = get_number(&n, "top", value, 0, UINT32_MAX, err);
		options->has_top = true;
		options->top = (uint32_t)n;
	} else if (id == OPTION_year) {
		failed = get_number(&n, "year", value, 1970, 9999, err);
		options->year = (int)n;
	} else if (id == OPTION_minutes) {
		failed = get_number(&n, "minutes", value, 1, 10080, err);
		options->minutes = (unsigned)n;
	} else if (id == OPTION_jobs) {
		failed = get_number(&n, "jobs", value, 0, 256, err);
		options->jobs = (unsigned)n;
	} else if (id == OPTION_map_min_conn) {
		failed = get_number(&options->map_min_conn, "map-min-conn", value, 0,
		    UINT32_MAX, err);
	} else if (id == OPTION_deadline) {
		failed = get_number(&n, "deadline", value, 0, 86400, err);
		options->deadline_usec = n * USEC_PER_SEC;
	} else if (id == OPTION_parallel) {
		failed = get_number(&n, "parallel", value, 1, 512, err);
		options->parallel = (unsigned)n;
	} else {
		set_plain(id, value, options);
		failed = 0;
	}
	return failed;
}

static const struct letter {
	char letter;
	enum option_id id;
} letters[] = {
	{'h', OPTION_help}, {'a', OPTION_action}, {'f', OPTION_file}, {'g', OPTION_geoloc},
	{'G', OPTION_pygeoip}, {'i', OPTION_ip}, {'r', OPTION_report}, {'y', OPTION_year},
	{'o', OPTION_output},
};

#define LETTERS (sizeof(letters) / sizeof(*letters))

static bool
takes_letter(const struct command *command, char letter)
{
	return letter == 'h' || (command->letters && strchr(command->letters, letter));
}

/* getopt's string of COMMAND's letters. */
static void
make_letters(const struct command *command, char text[2 * LETTERS + 2])
{
	*text++ = ':';
	for (size_t i = 0; i < LETTERS; i++) {
		if (!takes_letter(command, letters[i].letter))
			continue;
		*text++ = letters[i].letter;
		if (*option_rows[letters[i].id].argument)
			*text++ = ':';
	}
	*text = '\0';
}

/* getopt's answer to a letter as the val of a long option. */
static int
val_of(int val)
{
	for (size_t i = 0; i < LETTERS; i++)
		if (val == letters[i].letter)
			return (int)letters[i].id + 1;
	return val;
}

/* getopt's table of what COMMAND takes; val is the id + 1. */
static unsigned
make_table(const struct command *command, struct option table[OPTION_COUNT + 1])
{
	unsigned n = 0;

	for (unsigned i = 0; i < OPTION_COUNT; i++)
		if (command->options >> i & 1)
			table[n++] = (struct option){.name = option_rows[i].name,
			    .has_arg = *option_rows[i].argument ? required_argument :
								  no_argument,
			    .val = (int)i + 1};
	table[n] = (struct option){0};
	return n;
}

/* Sets ERR for a word that getopt did not take. */
static int
bad_option(const struct command *command, const char *word, struct err *err)
{
	struct option table[OPTION_COUNT + 1];
	const char *names[OPTION_COUNT], *near;
	unsigned n = make_table(command, table);
	struct str name = str_of(word);

	for (unsigned i = 0; i < n; i++)
		names[i] = table[i].name;
	while (str_skip_char(&name, '-'))
		;
	name = str_head(name, str_index(name, '='));
	for (unsigned i = 0; i < n; i++)
		if (str_eq(name, str_of(names[i])))
			return err_set(err, "--%s takes no value", names[i]);
	near = nearest(name, names, n);
	return err_set(err, "%s has no option %s%s%s%s", command->name, word,
	    near ? "; did you mean --" : "", near ? near : "", near ? "?" : "");
}

/* Times are read in the zone, so the zone comes first. */
int
options_set_times(struct options *options, struct err *err)
{
	const struct {
		const char *option, *text;
		int64_t *ret;
	} times[] = {
		{"since", options->since_text, &options->since},
		{"until", options->until_text, &options->until},
		{"date", options->date_text, &options->date},
	};
	int64_t now = (int64_t)time(NULL) * USEC_PER_SEC;

	if (zone_set(options->tz, err) < 0)
		return options->tz ? err_wrap(err, "--tz %s", options->tz) : -1;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		const char *text = times[i].text;

		if (text && civil_parse_when(str_of(text), now, options->year,
		    times[i].ret, err) < 0)
			return err_wrap(err, "--%s %s", times[i].option, text);
	}
	if (options->since > options->until) {
		char since[RFC3339_MAX], until[RFC3339_MAX];

		/* Of days without a year nobody else can tell. */
		civil_rfc3339(options->since, since);
		civil_rfc3339(options->until, until);
		return err_set(err, "--since %s (%s) is later than --until %s (%s)",
		    options->since_text, since, options->until_text, until);
	}
	return 0;
}

int
options_read(const struct command *command, int argc, char **argv, struct options *ret,
    struct err *err)
{
	struct options options = {
	    .since = INT64_MIN, .until = INT64_MAX, .deadline_usec = -1, .map_min_conn = -1};
	struct option table[OPTION_COUNT + 1];
	char short_options[2 * LETTERS + 2];
	int val;

	make_table(command, table);
	make_letters(command, short_options);
	opterr = 0;
	optind = 0; /* glibc: start anew */
	while ((val = getopt_long(argc, argv, short_options, table, NULL)) != -1) {
		val = val_of(val);
		if (val == ':')
			return err_set(err, "--%s needs a value",
			    option_rows[val_of(optopt) - 1].name);
		if (val == '?' && optopt > OPTION_COUNT)
			return err_set(err, "%s has no option -%c", command->name, optopt);
		if (val == '?')
			return bad_option(command, argv[optind - 1], err);
		if (set_option(command, (enum option_id)(val - 1), optarg, &options, err) < 0)
			return -1;
		if (options.help)
			break;
	}
	options.words = argv + optind;
	options.word_count = (size_t)(argc - optind);
	if (!options.help && options_set_times(&options, err) < 0)
		return -1;
	*ret = options;
	return 0;
}

/* The letter that is COMMAND's option ID, too, or 0; everybody knows -h. */
static char
letter_of(const struct command *command, unsigned id)
{
	for (size_t i = 1; i < LETTERS; i++)
		if ((unsigned)letters[i].id == id && takes_letter(command, letters[i].letter))
			return letters[i].letter;
	return 0;
}

void
options_help(const struct command *command, struct buf *out)
{
	size_t n;
	const char *const *names = formats_of(command, &n);

	buf_str(out, STR("\nOptions:\n"));
	for (unsigned i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_rows[i];
		char left[32], letter = letter_of(command, i);

		if ((command->options >> i & 1) == 0)
			continue;
		if (letter)
			snprintf(left, sizeof(left), "-%c, --%s %s", letter, row->name,
			    row->argument);
		else
			snprintf(left, sizeof(left), "--%s %s", row->name, row->argument);
		buf_printf(out, "  %-17s  ", left);
		if (i == OPTION_format)
			put_words(out, names, n);
		else
			buf_str(out, str_of(row->help));
		buf_char(out, '\n');
	}
}

struct run_settings
options_run(const struct options *options, size_t from)
{
	return (struct run_settings){
	    .names = (const char *const *)(options->words + from),
	    .name_count = options->word_count - from,
	    .since = options->since,
	    .until = options->until,
	    .year = options->year,
	    .where = options->where,
	    .jobs = options->jobs,
	};
}

int
options_check_where(const struct options *options, struct err *err)
{
	struct filter *filter;

	if (options->where == NULL)
		return 0;
	if (filter_compile(str_of(options->where), &filter, err) < 0)
		return err_wrap(err, "--where");
	filter_free(filter);
	return 0;
}

#define WIDTH_MIN 80u
#define WIDTH_MAX 160u

/* Of the terminal, as it was told us by COLUMNS or tells itself; else WIDTH_MIN. */
static unsigned
terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = {0};
	int64_t width = 0;

	if (!columns || !str_number(str_of(columns), &width) || width == 0)
		width = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
	if (width <= WIDTH_MIN)
		return WIDTH_MIN;
	return width < WIDTH_MAX ? (unsigned)width : WIDTH_MAX;
}

struct report_style
options_style(const struct options *options)
{
	bool terminal = isatty(STDOUT_FILENO);
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	struct report_style style = {.width = terminal ? terminal_width() : WIDTH_MIN};

	style.colour = options->color == WHEN_ALWAYS ||
	    (options->color == WHEN_AUTO && terminal && !(no_color && *no_color) && term &&
	        strcmp(term, "dumb") != 0);
	style.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	return style;
}
