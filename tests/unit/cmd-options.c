/* SPDX-License-Identifier: Apache-2.0
 *
 * Options: what is taken, and what bad ones are told.
 */
#include "cmd/room.h"
#include "tap.h"

#define WORDS 16

/* Reads LINE's words as the options of COMMAND; 0 or -1. */
static int
read_for(const struct command *command, const char *line, struct options *ret, struct err *err,
    char *text, size_t room)
{
	static char *argv[WORDS + 1]; /* what was read points into it */
	int argc = 0;

	memset(argv, 0, sizeof(argv));
	snprintf(text, room, "%s %s", command->name, line);
	for (char *p = text; *p && argc < WORDS;) {
		argv[argc++] = p;
		p += strcspn(p, " ");
		if (*p)
			*p++ = '\0';
	}
	return options_read(command, argc, argv, ret, err);
}

static int
read_line(const char *line, struct options *ret, struct err *err, char *text, size_t room)
{
	return read_for(&command_report, line, ret, err, text, room);
}

/* The letters of Postscreen-Stats, apart, together and as long options. */
static void
check_letters(void)
{
	struct options options = {0};
	struct err err = {""};
	char text[256];

	ok(read_for(&command_postscreen, "-f a -gr ip --file=b c -y2011 -i 192.0.2.1 -aDNSBL",
	    &options, &err, text, sizeof(text)) == 0, "letters %s", err.text);
	is_number(options.files.count, 2, "two files");
	ok(strcmp(options.files.values[1], "b") == 0 && strcmp(options.words[0], "c") == 0,
	    "in their order");
	ok(options.geoloc && strcmp(options.report, "ip") == 0, "two letters in one word");
	is_number(options.year, 2011, "-y");
	ok(strcmp(options.ips.values[0], "192.0.2.1") == 0 &&
	    strcmp(options.action, "DNSBL") == 0, "-i and -a");
	ok(read_for(&command_postscreen, "-y", &options, &err, text, sizeof(text)) < 0 &&
	    strstr(err.text, "--year needs a value"), "-y alone: %s", err.text);
	ok(read_for(&command_postscreen, "-y 20x6", &options, &err, text, sizeof(text)) < 0 &&
	    strstr(err.text, "number"), "-y with a word: %s", err.text);
	ok(read_for(&command_report, "-y 2011", &options, &err, text, sizeof(text)) < 0 &&
	    strstr(err.text, "no option -y"), "report has no letters: %s", err.text);
}

static void
check_bad(void)
{
	static const struct {
		const char *line, *told;
	} bad[] = {
		{"--formta json", "did you mean --format?"},
		{"--format yaml", "text, json, csv or html"},
		{"--format jso", "did you mean json?"},
		{"--top ten", "number"},
		{"--top -1", "number"},
		{"--year 20x6", "number"},
		{"--year", "needs a value"},
		{"--jobs 100000", "number"},
		{"--color sometimes", "auto, always or never"},
		{"--tz Nowhere/Land", "--tz Nowhere/Land"},
		{"--since whenever", "--since whenever"},
		{"--help=x", "takes no value"},
		{"-q", "no option -q"},
		{"--unknown", "no option --unknown"},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct options options;
		struct err err = {""};
		char text[256];
		bool failed = read_line(bad[i].line, &options, &err, text, sizeof(text)) < 0;

		ok(failed, "%s fails", bad[i].line);
		if (!ok(strstr(err.text, bad[i].told) != NULL, "and says: %s", bad[i].told))
			printf("# %s\n", err.text);
	}
}

static void
check_good(void)
{
	struct options options = {0};
	struct err err;
	char text[256];

	ok(read_line("auth --top 0 mail.log --since 2026-01-01 --tz UTC", &options, &err, text,
	    sizeof(text)) == 0, "words and options mixed");
	is_number((int64_t)options.word_count, 2, "two words");
	ok(options.has_top && options.top == 0, "all rows");
	is_number(options.since, INT64_C(1767225600000000), "since when");
	ok(options.until == INT64_MAX, "until is open");
	ok(read_line("--form=json -- --top", &options, &err, text, sizeof(text)) == 0,
	    "an option may be shortened");
	ok(strcmp(options.format, "json") == 0, "json");
	ok(options.word_count == 1 && strcmp(options.words[0], "--top") == 0,
	    "what stands behind -- is a word");
	ok(read_line("-", &options, &err, text, sizeof(text)) == 0 && options.word_count == 1,
	    "- is a word");
	ok(read_line("-h --nonsense", &options, &err, text, sizeof(text)) == 0 && options.help,
	    "help comes before what else is wrong");
}

int
main(void)
{
	hash_init();
	check_bad();
	check_letters();
	check_good();
	return tap_done();
}
