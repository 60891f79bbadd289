/* SPDX-License-Identifier: Apache-2.0
 *
 * postern bans: who is banned, why, and what it was good for. Reads the store, beside a
 * guard that writes to it or without one; changes go through the guard that runs.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "base/nearest.h"
#include "base/now.h"
#include "cmd/bans.h"

int
bans_failed(const struct err *err)
{
	complain("%s", err->text);
	return EXIT_FAILED;
}

static void
take_lift(void *context, const struct hand_lift *lift)
{
	struct bans *bans = context;
	struct hand_lift *copy;

	MEM_GROW(bans->lifts, bans->lift_count, bans->lift_room);
	copy = &bans->lifts[bans->lift_count++];
	*copy = *lift;
	copy->reason = arena_cstr(&bans->arena, str_of(lift->reason));
}

int
bans_open(struct bans *bans, bool read_only, struct err *err)
{
	struct str url = settings_get(bans->settings, SETTING_store_url)->text;
	struct err fault;

	if (open_store(bans->settings, read_only, &bans->store, err) < 0)
		return -1;
	bans->lift_count = 0;
	if (guard_pending_lifts(arena_cstr(&bans->arena, url), take_lift, bans, &fault) < 0)
		complain("%s: who was lifted on a full disk may be told to be banned",
		    fault.text);
	return 0;
}

struct telling {
	struct bans *bans;
	const struct ban_filter *filter;
	bool (*each)(void *context, const struct ban *ban);
	void *context;
};

static bool
tell_ban(void *context, const struct ban *ban)
{
	const struct telling *telling = context;
	struct bans *bans = telling->bans;
	struct ban lifted = *ban;

	for (size_t i = 0; i < bans->lift_count; i++)
		if (hand_lifts(&bans->lifts[i], &lifted))
			hand_end(&bans->lifts[i], &lifted, &bans->arena);
	return !ban_matches(&lifted, telling->filter) ||
	    telling->each(telling->context, &lifted);
}

int
bans_each(struct bans *bans, const struct ban_filter *filter,
    bool (*each)(void *context, const struct ban *ban), void *context, struct err *err)
{
	struct telling telling = {bans, filter, each, context};

	return store_bans(bans->store, filter, tell_ban, &telling, err);
}

struct ban_filter
bans_filter(const struct bans *bans)
{
	return (struct ban_filter){.active_at = INT64_MIN, .since = bans->options.since,
	    .until = bans->options.until, .dry_run = bans->options.all};
}

struct reading {
	struct bans *bans;
	struct ban_list *list;
};

static bool
take_ban(void *context, const struct ban *ban)
{
	struct reading *reading = context;
	struct ban_list *list = reading->list;

	MEM_GROW(list->bans, list->count, list->room);
	list->bans[list->count++] = ban_copy(ban, &reading->bans->arena);
	return true;
}

int
bans_read(struct bans *bans, const struct ban_filter *filter, struct ban_list *ret,
    struct err *err)
{
	struct reading reading = {bans, ret};

	return bans_each(bans, filter, take_ban, &reading, err);
}

const char *
bans_state(const struct bans *bans, const struct ban *ban)
{
	static const char *const words[] = {[BAN_ACTIVE] = "active", [BAN_EXPIRED] = "expired",
	    [BAN_LIFTED] = "lifted"};

	return ban->dry_run ? "dry run" : words[ban_state(ban, bans->now)];
}

int64_t
bans_end(const struct ban *ban)
{
	return ban->lifted != INT64_MIN && ban->lifted < ban->until ? ban->lifted : ban->until;
}

struct str
bans_address(const struct ban *ban, char text[CIDR_TEXT_MAX])
{
	if (!ban->prefix.base.family)
		return ban->key;
	return (struct str){text, prefix_format(&ban->prefix, text)};
}

int
bans_prefix(const char *word, struct cidr *ret, struct err *err)
{
	char text[CIDR_TEXT_MAX];
	struct str address = str_of(word);
	int64_t usec;
	struct ip ip;

	if (setting_duration(address, &usec))
		return err_set(err, "'%s' is a time: bans add ADDRESS --for %s", word, word);
	if (!cidr_parse(address, ret))
		return err_set(err, "'%s' is no address and no network, as 192.0.2.1, "
		    "192.0.2.0/24 or 2001:db8::/64", word);
	if (ip_parse(str_cut(&address, '/'), &ip) &&
	    memcmp(ip.byte, ret->base.byte, sizeof(ip.byte)) != 0) {
		prefix_format(ret, text);
		complain("%s is taken for the network it is in, %s", word, text);
	}
	return 0;
}

int
bans_geo(struct bans *bans, bool needed, struct err *err)
{
	bool named = bans->options.geo.count ||
	    settings_get(bans->settings, SETTING_geo_files)->list_count;

	if (bans->geo || (!needed && !named && !places_installed()))
		return 0;
	return settings_geo(bans->settings, &bans->options, &bans->geo, err);
}

bool
bans_place(const struct bans *bans, const struct ban *ban, struct place *ret)
{
	bool found;

	*ret = (struct place){.asn = 0};
	found = bans->geo && ban->prefix.base.family &&
	    geo_find(bans->geo, &ban->prefix.base, ret);
	if (!bans_placed(ban))
		return found;
	memcpy(ret->country, ban->country, sizeof(ret->country));
	if (ret->asn != ban->asn)
		ret->aso = STR("");
	ret->asn = ban->asn;
	return true;
}

struct report *
bans_report(const struct bans *bans)
{
	const char *format = bans->options.format ? bans->options.format : "text";
	struct report *report = report_new(report_format_named(str_of(format)));

	if (bans->options.has_top)
		report_set_top(report, bans->options.top);
	return report;
}

/* The verbs, as commands: each has options and a help of its own. */

#define VERB_OPTIONS (TAKES(config) | TAKES(help))
#define TABLE_OPTIONS                                                                       \
	(VERB_OPTIONS | TAKES(format) | TAKES(top) | TAKES(sort) | TAKES(tz) | TAKES(color))
#define RANGE_OPTIONS (TAKES(since) | TAKES(until) | TAKES(all))

static const char *const table_formats[] = {"text", "json", "csv", NULL};
static const char *const status_formats[] = {"text", "json", NULL};
static const char *const explain_formats[] = {"text", "json", NULL};
static const char *const export_formats[] = {"plain", "cidr", "hash", "nft", "ipset",
    "rbldnsd", "json", "csv", NULL};

static const struct verb {
	struct command command;
	size_t least, most; /* words */
	const char *words;  /* what it wants */
	int (*run)(struct bans *bans);
} verbs[] = {
	{{.name = "bans list",
	     .summary = "who is banned",
	     .usage = "[ADDRESS|NET...] [--by WHAT] [OPTION...]",
	     .help =
	     "Who is banned now, or with --all was ever, newest first. With addresses\n"
	     "or networks, only bans that have to do with them. --by rule, net, country\n"
	     "or asn counts bans and different addresses instead. Countries and networks\n"
	     "are those of the time of the ban, or else of databases of places, as in\n"
	     "postern geo. Any column sorts.\n"
	     "\n"
	     "Examples:\n"
	     "  postern bans list\n"
	     "  postern bans list --by net --top 20\n"
	     "  postern bans list 192.0.2.0/24 --all --sort -until\n",
	     .options = TABLE_OPTIONS | RANGE_OPTIONS | TAKES_PLACES | TAKES(by),
	     .formats = table_formats},
	    0, SIZE_MAX, "", bans_list},
	{{.name = "bans add",
	     .summary = "bans an address or a network",
	     .usage = "ADDRESS|NET... [--for TIME] [--reason TEXT]",
	     .help =
	     "Bans at once through the guard that runs; without one it is written down,\n"
	     "and in force when a guard starts. For a day, unless --for says how long.\n"
	     "What [guard] allow names is never banned.\n"
	     "\n"
	     "Examples:\n"
	     "  postern bans add 192.0.2.66\n"
	     "  postern bans add 2001:db8:66::/48 --for forever --reason 'only spam'\n",
	     .options = VERB_OPTIONS | TAKES(length) | TAKES(reason) | TAKES(tz)},
	    1, SIZE_MAX, "which address or network?", bans_add},
	{{.name = "bans remove",
	     .summary = "lifts all bans of an address or a network",
	     .usage = "ADDRESS|NET... [--reason TEXT]",
	     .help =
	     "Lifts the bans of exactly that address or network; what it did before\n"
	     "does not count any more. A network's ban that holds it goes on, and is named.\n"
	     "\n"
	     "Examples:\n"
	     "  postern bans remove 192.0.2.66 --reason 'new password, forgot the phone'\n",
	     .options = VERB_OPTIONS | TAKES(reason)},
	    1, SIZE_MAX, "which address or network?", bans_remove},
	{{.name = "bans history",
	     .summary = "all bans of an address, a network or a name",
	     .usage = "ADDRESS|NET|NAME [OPTION...]",
	     .help =
	     "All bans that an address fell under, oldest first, its network's among\n"
	     "them; of a login name those by rules that count by it. Those of rules that\n"
	     "only say what they would do are marked.\n"
	     "\n"
	     "Examples:\n"
	     "  postern bans history 192.0.2.66\n",
	     .options = TABLE_OPTIONS | TAKES_PLACES,
	     .formats = table_formats},
	    1, 1, "whose history?", bans_history},
	{{.name = "bans explain",
	     .summary = "why: the rule, the window, the very log lines",
	     .usage = "ID|ADDRESS [--format text|json]",
	     .help =
	     "Why somebody is banned: the rule as the settings have it, what it counted\n"
	     "in which time, and the lines of the log that did it, read again from the\n"
	     "log. Of an address: the bans that it is under, or else the last one it was\n"
	     "under. ID: the 16 digits, or as many of the first as are enough.\n"
	     "\n"
	     "Examples:\n"
	     "  postern bans explain 192.0.2.66\n"
	     "  postern bans explain 0123456789abcdef --format json\n",
	     .options = VERB_OPTIONS | TAKES(format) | TAKES(tz),
	     .formats = explain_formats},
	    1, 1, "which id or address?", bans_explain},
	{{.name = "bans days",
	     .summary = "different addresses and bans of each day",
	     .usage = "[--by rule] [--box] [OPTION...]",
	     .help =
	     "How many bans began on each day, on how many different addresses, and how\n"
	     "many of these were never banned on a day before. Days are whole, in the zone\n"
	     "of --tz. --box prints what mysql printed for\n"
	     "select count(distinct ip), DATE(bantime) FROM banlist GROUP BY DATE(bantime);\n"
	     "\n"
	     "Examples:\n"
	     "  postern bans days --since -30d\n"
	     "  postern bans days --by rule --format csv\n",
	     .options = TABLE_OPTIONS | RANGE_OPTIONS | TAKES(by) | TAKES(box),
	     .formats = table_formats},
	    0, 0, "", bans_days},
	{{.name = "bans repeat",
	     .summary = "who was banned again and again",
	     .usage = "[--by net|country|asn] [OPTION...]",
	     .help =
	     "Who was banned more than once: how often, how long in all, by which rules.\n"
	     "--by net counts networks, /24 and /64; also by country and operator.\n"
	     "\n"
	     "Examples:\n"
	     "  postern bans repeat --top 0\n"
	     "  postern bans repeat --by net --since -30d --sort banned\n",
	     .options = TABLE_OPTIONS | RANGE_OPTIONS | TAKES_PLACES | TAKES(by),
	     .formats = table_formats},
	    0, 0, "", bans_repeat},
	{{.name = "bans effect",
	     .summary = "rejects and failed logins a minute, before a ban and after",
	     .usage = "[--by rule|address|day] [--minutes N] [OPTION...]",
	     .help =
	     "What one that is banned did in the minutes before its ban began, and in as\n"
	     "many after: rejects (of mail, by milters, by postscreen) and failed logins a\n"
	     "minute, the average over all bans of a rule. The minutes that the log does\n"
	     "not cover do not count. What goes on after a ban came over connections that\n"
	     "were open, or the actions do not close the way it came: policy and access\n"
	     "tables refuse, which is a reject; a firewall leaves nothing to be logged.\n"
	     "--by day tells what all clients did a minute on each day, banned or not.\n"
	     "\n"
	     "Examples:\n"
	     "  postern bans effect\n"
	     "  postern bans effect --by address --minutes 60 --sort rejects_after\n",
	     .options = TABLE_OPTIONS | RANGE_OPTIONS | TAKES(by) | TAKES(minutes),
	     .formats = table_formats},
	    0, 0, "", bans_effect},
	{{.name = "bans status",
	     .summary = "what the guard counted, forgot and has still to do",
	     .usage = "[--format text|json]",
	     .help =
	     "Asks the guard that runs: how many bans are in force; how its logs are, and\n"
	     "what of them it has not read; by rule what matched, what was allowed, what\n"
	     "protection put off, how many addresses and the like are remembered, and how\n"
	     "many were forgotten to make room ([guard] keys and memory); by action what\n"
	     "is done, failed and waits. Since its start.\n"
	     "\n"
	     "Examples:\n"
	     "  postern bans status\n"
	     "  postern bans status --format json\n",
	     .options = VERB_OPTIONS | TAKES(format) | TAKES(tz) | TAKES(color),
	     .formats = status_formats},
	    0, 0, "", bans_status},
	{{.name = "bans export",
	     .summary = "who is banned, for other programs",
	     .usage = "[--format FORMAT] [OPTION...]",
	     .help =
	     "Who is banned now: plain (networks, one a line), cidr or hash (Postfix), nft\n"
	     "(for nft -f: sets of table inet postern), ipset (for ipset restore), rbldnsd\n"
	     "(ip4trie, ip6trie), or everything known as json or csv. plain unless said.\n"
	     "\n"
	     "Examples:\n"
	     "  postern bans export --format cidr >banned.cidr\n"
	     "  postern bans export --format json --all\n",
	     .options = VERB_OPTIONS | RANGE_OPTIONS | TAKES_PLACES | TAKES(format) |
	         TAKES(sort),
	     .formats = export_formats},
	    0, 0, "", bans_export},
};

#define VERBS (sizeof(verbs) / sizeof(*verbs))

/* The verb alone. */
static const char *
verb_word(const struct verb *verb)
{
	return verb->command.name + strlen("bans ");
}

static int
check_words(const struct verb *verb, const struct options *options, struct err *err)
{
	const char *name = verb->command.name, *word;

	if (options->word_count < verb->least)
		return err_set(err, "%s: %s", name, verb->words);
	if (options->word_count <= verb->most)
		return 0;
	word = options->words[verb->most];
	for (const char *const *format = verb->command.formats; format && *format; format++)
		if (strcmp(*format, word) == 0)
			return err_set(err, "'%s' is a format: %s --format %s", word, name,
			    word);
	return verb->most ? err_set(err, "%s takes one word, not also '%s'", name, word) :
	    err_set(err, "%s takes no word, not '%s'", name, word);
}

static int
run_verb(const struct verb *verb, int argc, char **argv)
{
	struct bans bans = {.command = &verb->command};
	struct err err;
	int status;

	if (options_read(&verb->command, argc, argv, &bans.options, &err) < 0)
		return usage_error(&verb->command, &err);
	if (bans.options.help)
		return print_help(&verb->command);
	if (check_words(verb, &bans.options, &err) < 0)
		return usage_error(&verb->command, &err);
	bans.now = now_wall();
	if (settings_read(bans.options.config, complain_fault, NULL, &bans.settings, &err) < 0)
		status = bans_failed(&err);
	else
		status = verb->run(&bans);
	store_close(bans.store);
	free(bans.lifts);
	geo_free(bans.geo);
	settings_free(bans.settings);
	arena_free(&bans.arena);
	return status;
}

static int
no_such_verb(const char *word, struct err *err)
{
	const char *names[VERBS], *near;

	for (size_t i = 0; i < VERBS; i++)
		names[i] = verb_word(&verbs[i]);
	near = word ? nearest(str_of(word), names, VERBS) : NULL;
	if (!word)
		err_set(err, "bans list, or what?");
	else if (*word == '-')
		err_set(err, "first the verb, then %s: postern bans list %s", word, word);
	else
		err_set(err, "bans has no %s%s%s%s", word, near ? "; did you mean " : "",
		    near ? near : "", near ? "?" : "");
	return usage_error(&command_bans, err);
}

static int
run_bans(int argc, char **argv)
{
	struct err err;

	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return print_help(&command_bans);
	for (size_t i = 0; argc > 1 && i < VERBS; i++)
		if (strcmp(argv[1], verb_word(&verbs[i])) == 0)
			return run_verb(&verbs[i], argc - 1, argv + 1);
	return no_such_verb(argc > 1 ? argv[1] : NULL, &err);
}

static void
help_verbs(struct buf *out)
{
	buf_str(out, STR("\nVerbs; postern bans VERB --help has the options of each:\n"));
	for (size_t i = 0; i < VERBS; i++)
		buf_printf(out, "  %-8s  %s\n", verb_word(&verbs[i]),
		    verbs[i].command.summary);
}

const struct command command_bans = {
	.name = "bans",
	.summary = "who is banned and why; ban and lift by hand",
	.usage = "VERB [OPTION...]",
	.help =
	"Reads the store of the guard, whether it runs or not. Changes go to the guard\n"
	"that runs, through its control socket: as root or the user that it runs as.\n"
	"\n"
	"Examples:\n"
	"  postern bans list\n"
	"  postern bans explain 192.0.2.66\n"
	"  postern bans add 192.0.2.0/24 --for 7d --reason 'dictionary attack'\n"
	"  postern bans remove 192.0.2.66\n",
	.options = TAKES(help),
	.more_help = help_verbs,
	.run = run_bans,
};
