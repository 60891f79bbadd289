/* SPDX-License-Identifier: Apache-2.0
 *
 * The cmd room's own door: what the commands share. Options mean the same
 * everywhere and are one row each in OPTIONS; a command names those it takes.
 */
#ifndef CMD_ROOM_H
#define CMD_ROOM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "engine/engine.h"
#include "enrich/enrich.h"
#include "report/report.h"

/* O(name, with dashes for the user; argument or ""; help) in the order of the help. */
#define OPTIONS(O)                                                                          \
	O(format, "format", "FORMAT", "how to print: %s")                                   \
	O(top, "top", "N", "so many rows of each table; 0 = all")                           \
	O(by, "by", "KEYS", "group by these; events as in ip,user or net(ip),hour(time)")   \
	O(measure, "measure", "LIST", "with --by: count,distinct(ip),sum(size),p90(delay)") \
	O(where, "where", "FILTER", "only events that match, as in 'policy & action=reject'") \
	O(action, "action", "EXPR", "only clients that did this: 'PREGREET & !DNSBL'")      \
	O(file, "file", "FILE", "a log to read; may be repeated")                           \
	O(ip, "ip", "ADDRESS", "only this address or network; may be repeated")             \
	O(report, "report", "MODE", "short (the default), full, ip or none")                \
	O(geoloc, "geoloc", "", "countries of blocked clients as well")                     \
	O(geofile, "geofile", "FILE", "of this database of places; may be repeated")        \
	O(pygeoip, "pygeoip", "", "for old scripts: --geofile has one reader here")         \
	O(modern, "modern", "", "the sections of 'postern report postscreen' below")        \
	O(rfc3339, "rfc3339", "", "for old scripts: the form of stamps is told by itself")  \
	O(since, "since", "WHEN", "from then on: 2026-01-31, 'Jan 31 12:00', today, -7d")   \
	O(until, "until", "WHEN", "before then")                                            \
	O(year, "year", "YEAR", "year of the last line, where lines have none")             \
	O(tz, "tz", "ZONE", "zone of times without one, and of those shown")                \
	O(jobs, "jobs", "N", "threads; 0 = one for each processor")                         \
	O(color, "color", "WHEN", "auto, always or never")                                  \
	O(progress, "progress", "WHEN", "progress bar on stderr: auto, always or never")    \
	O(dns, "dns", "", "names of addresses from the DNS, not from the log")              \
	O(server, "server", "ADDRESS",                                                      \
	    "name servers to ask, as in 192.0.2.53,[2001:db8::1]:53")                       \
	O(deadline, "deadline", "SECS",                                                     \
	    "names: give up on those not known by then; 0 = never")                         \
	O(parallel, "parallel", "N", "addresses to ask about at once")                      \
	O(no_confirm, "no-confirm", "", "names: do not look whether they lead back")        \
	O(no_cache, "no-cache", "", "names: use and keep no memory of earlier runs")         \
	O(unknown, "unknown", "", "shapes of lines that were not understood")               \
	O(follow, "follow", "", "go on with what is written from now on, through rotation") \
	O(config, "config", "FILE", "settings; /etc/postern/postern.conf unless given")     \
	O(all, "all", "", "ended, lifted and dry-run bans, too")                            \
	O(sort, "sort", "COLUMN", "order of the rows; -COLUMN: the other way round")        \
	O(length, "for", "TIME", "how long: 10m, 1h, 7d, 2w, forever")                      \
	O(reason, "reason", "TEXT", "why, for whoever asks later")                          \
	O(box, "box", "", "in the frame of mysql's: different addresses of each day")       \
	O(minutes, "minutes", "N", "so long before and after; 10 unless given")             \
	O(diff, "diff", "FILE", "compare with the rules of these settings")                 \
	O(history, "history", "", "go on from the bans and events that the guard has kept")   \
	O(origin, "origin", "", "where each setting was said")                              \
	O(dry_run, "dry-run", "", "say and write down what would be banned, ban nobody")    \
	O(from_start, "from-start", "", "logs never read before: from their beginning")     \
	O(geo, "geo", "FILE", "a database of places; may be repeated")                      \
	O(no_geo, "no-geo", "", "no database of places")                                    \
	O(json, "json", "", "one JSON object for each address, as ipinfo.py prints it")     \
	O(country, "country", "CSV", "start,end,CC rows; may be repeated")                  \
	O(asn, "asn", "CSV", "start,end,AS number,name rows; may be repeated")              \
	O(output, "output", "FILE", "the file to write")                                     \
	O(source, "source", "TEXT", "whose data it is, if the files' names do not tell")    \
	O(licence, "licence", "TEXT", "on what terms, and how to name the maker")           \
	O(mapdest, "mapdest", "FILE", "a page with a map of the clients that failed a test") \
	O(map_min_conn, "map-min-conn", "N",                                                \
	    "on maps only clients with N connections or more")                              \
	O(date, "date", "WHEN", "of what day; else when the files were written")            \
	O(url, "url", "URL", "https://, file:// or a path; may be repeated")                \
	O(directory, "directory", "DIR", "where to put it, for " GEO_DIRECTORY)             \
	O(help, "help", "", "this text")

enum option_id {
#define O(id, name, argument, help) OPTION_##id,
	OPTIONS(O)
#undef O
	OPTION_COUNT
};

#define TAKES(id) (UINT64_C(1) << OPTION_##id)

/* What every command that reads logs takes. */
#define TAKES_INPUT                                                                         \
	(TAKES(format) | TAKES(since) | TAKES(until) | TAKES(year) | TAKES(tz) |            \
	 TAKES(jobs) | TAKES(progress) | TAKES(help))

/* What a command takes that can show places. */
#define TAKES_PLACES (TAKES(geo) | TAKES(no_geo))

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* How often an option that may be repeated is taken. */
#define OPTION_REPEATS 64

struct repeated {
	const char *values[OPTION_REPEATS];
	unsigned count;
};

struct options {
	const char *format; /* NULL: not given */
	const char *where, *by, *measure, *action, *report;
	struct repeated files, ips;
	int64_t since, until; /* INT64_MIN, INT64_MAX: not given */
	int year;
	uint32_t top;
	bool has_top, geoloc, modern;
	unsigned jobs;
	enum when color, progress;
	bool unknown, follow, history, origin, dry_run, from_start, all, box, help,
	    no_geo, json;
	bool pygeoip;
	const char *sort, *length, *reason;
	unsigned minutes;      /* 0: not given */
	const char *config; /* NULL: the usual files */
	const char *store;  /* a report comes from it; NULL: from logs */
	const struct keeping *keeping; /* how long what is in `store` is kept */
	const char *diff;   /* NULL: not given */
	struct repeated geo, country, asn, url;
	const char *mapdest;
	int64_t map_min_conn; /* negative: not given */
	const char *output, *source, *licence, *directory;
	int64_t date; /* 0: not given */
	bool dns, no_confirm, no_cache;
	const char *server;    /* NULL: the system's */
	int64_t deadline_usec; /* 0: none; negative: not given */
	unsigned parallel;     /* 0: not given */
	char **words; /* what is no option */
	size_t word_count;
	/* As given, until all options are known. */
	const char *tz, *since_text, *until_text, *date_text;
};

/*
 * Reads the options of COMMAND; sets the zone. -1: bad use, which ERR explains.
 * Asked for help it stops there, with `help` set.
 */
int options_read(const struct command *command, int argc, char **argv, struct options *ret,
    struct err *err);

/* Which of N WORDS is VALUE of OPTION? -1: none, and ERR says what it may be. */
int option_word(const char *option, const char *value, const char *const *words, size_t n,
    struct err *err);

/* The list of COMMAND's options, for its help. */
void options_help(const struct command *command, struct buf *out);

/*
 * scan-follow.c: events as they are written, until the reader or a signal ends it,
 * with their places of GEO, unless NULL. Returns the exit status.
 */
int scan_follow(const struct options *options, const struct geo *geo);

/* Settings of a run over WORDS from on FROM as inputs. */
struct run_settings options_run(const struct options *options, size_t from);

/*
 * A resolver as the options want it, with what is remembered; DEADLINE_USEC where
 * they name none. A memory that cannot be read is complained of and done without.
 */
int names_begin(const struct options *options, int64_t deadline_usec, struct dns **ret,
    struct err *err);

/* Remembers what it learned, says what the deadline left, and frees DNS. */
void names_end(const struct options *options, struct dns *dns);

/* Sets the zone to OPTIONS' tz (NULL: the system's) and reads --since and --until in it. */
int options_set_times(struct options *options, struct err *err);

/* Is --where a filter? -1 with the reason. */
int options_check_where(const struct options *options, struct err *err);

/*
 * The databases of places: those of --geo, else those installed; one of these that
 * cannot be read is warned about and left out. When there is none, stderr says how to
 * get one. NULL with --no-geo. Free with geo_free().
 */
int options_geo(const struct options *options, struct geo **ret, struct err *err);

/* The same, but those that SETTINGS name come before those installed. */
int settings_geo(const struct settings *settings, const struct options *options,
    struct geo **ret, struct err *err);

/*
 * The URL of the store of a guard that runs and answers us, in ARENA; NULL: there is none.
 * *RET are the settings, however that went; free them with settings_free().
 */
const char *guard_store(const struct options *options, struct arena *arena,
    struct settings **ret);

/*
 * Names of those KINDS (a bit set) that are not kept for AGE, though usual ones may be, go to
 * OUT, with how long each is if TIMES.
 */
void put_kept_for_less(const struct keeping *keeping, int64_t age, uint64_t kinds, bool times,
    struct buf *out);

/*
 * Opens the store that SETTINGS name, which must be there. -1 says how to get one, or who
 * may read it; whoever writes to it without a guard does so to the store of a guard.
 */
int open_store(const struct settings *settings, bool read_only, struct store **ret,
    struct err *err);

/* Is any database of places installed? */
bool places_installed(void);

/* How text goes to stdout. */
struct report_style options_style(const struct options *options);

/* Subcommands of `postern geo`. */
extern const struct command command_geo_lookup, command_geo_build, command_geo_update;

/* "postern: TEXT" on stderr, escaped: TEXT may quote what outsiders wrote. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A settings_fault that complains. */
void complain_fault(void *context, const char *text);

/* Says what was wrong and where help is; returns EXIT_USAGE. */
int usage_error(const struct command *command, const struct err *err);

/* Help of COMMAND on stdout; returns the exit status. */
int print_help(const struct command *command);

/* Warnings and errors of a run on stderr; returns EXIT_FAILED if there are errors. */
int print_faults(const struct run_result *result);

/* What became of writing to stdout; begin with {0}. */
struct output {
	int error; /* errno of the first failure */
};

/*
 * Writes TEXT. False when no more will go: the reader closed the pipe, which is no
 * fault, or writing failed, which was then said and output_status() tells.
 */
bool output_write(struct output *output, struct str text);

/* EXIT_DONE, or EXIT_FAILED if anything could not be written. */
int output_status(const struct output *output);

/* Writes all of OUT and frees it; returns the exit status. */
int output_all(struct buf *out);

/*
 * Sections among the words are added to REPORT; the others move to the front of the
 * words, as inputs. -1: a word that is neither, but looks like a section.
 */
int take_sections(struct options *options, struct report *report, struct err *err);

/* What a run learned, in the report's words; lists live in ARENA. */
struct report_data answer_data(const struct run_result *result, const struct options *options,
    struct arena *arena);

/* asked.c: what was asked, for hints; lives in ARENA. */
struct report_asked asked_again(const struct options *options,
    const struct run_settings *settings, struct arena *arena);

/*
 * replay-tables.c: adds to REPORT what a replay found (NAMES[1] NULL), or two of them,
 * of the configs NAMES, side by side. CSV has only the bans, or what differs in them.
 */
void replay_tables(struct report *report, struct replay *const *replays,
    const char *const names[2], bool csv);

/*
 * Has REPORT answered from SETTINGS' inputs and prints it to stdout or --output; MAP,
 * unless it is NULL, too, to --mapdest. Returns the exit status.
 */
int answer(const struct command *command, struct report *report, struct report *map,
    const struct options *options, struct run_settings settings);

/* A bar on stderr while a run lasts. */
struct progress {
	bool shown;
	int64_t begun, last; /* microseconds of the monotonic clock */
};

/* Does --progress want words on stderr? */
bool progress_wanted(const struct options *options);

/*
 * Says what will be waited for, if that is wanted: NAMES are inputs, and standard input among
 * them is a terminal, or gives nothing for half a second.
 */
void progress_wait(const struct options *options, const char *const *names, size_t n);

/* That first, and a bar later. */
void progress_begin(struct progress *progress, const struct options *options,
    struct run_settings *settings);
void progress_end(struct progress *progress);

#endif
