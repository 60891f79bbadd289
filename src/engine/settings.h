/* SPDX-License-Identifier: Apache-2.0
 *
 * settings: what may stand in postern.conf, and what stands there. One list, SETTINGS,
 * has every setting with its type, range, default and help: validation, `config list`,
 * `config show` and postern.conf(5) are made from it.
 */
#ifndef ENGINE_SETTINGS_H
#define ENGINE_SETTINGS_H

#include "base/arena.h"
#include "base/err.h"
#include "detect/detect.h"

#define SETTINGS_PATH "/etc/postern/postern.conf"

enum setting_type {
	SETTING_TEXT,
	SETTING_WORD,     /* one of `words` */
	SETTING_BOOL,     /* yes, no */
	SETTING_NUMBER,   /* from `least` to `most` */
	SETTING_DURATION, /* 30s, 10m, 1h, 7d, 2w; held in microseconds */
	SETTING_LIST,     /* texts between commas or on lines of their own */
};

/* A default that is a number of another room's, as it would be written. */
#define SETTING_NUMBER_TEXT(number) SETTING_TEXT_OF(number)
#define SETTING_TEXT_OF(text) #text

/* S(section, name, TYPE, default, least, most, words, help); ranges in the type's unit. */
#define SETTINGS(S)                                                                         \
	S(input, files, LIST, "", 0, 0, NULL,                                               \
	    "logs to follow, or journal; empty: the system's mail log")                     \
	S(input, tz, TEXT, "", 0, 0, NULL, "zone of times without one; empty: the system's") \
	S(store, url, TEXT, "sqlite:/var/lib/postern/postern.db", 0, 0, NULL,               \
	    "where events and bans are kept")                                               \
	S(store, keep, DURATION, "30d", 60, 315360000, NULL, "how long events are kept")    \
	S(store, keep_kinds, LIST, "connect 3d, disconnect 3d, ps_connect 3d, "             \
	    "ps_disconnect 3d, tls 3d, message 60d", 0, 0, NULL,                            \
	    "kinds of events kept for another time")                                        \
	S(store, keep_bans, DURATION, "730d", 60, 315360000, NULL,                          \
	    "how long ended bans are kept")                                                 \
	S(guard, control, TEXT, "/run/postern/control", 0, 0, NULL,                         \
	    "socket that postern bans talks to")                                            \
	S(guard, user, TEXT, "postern", 0, 0, NULL, "who judges; root only starts it")      \
	S(guard, dry_run, BOOL, "no", 0, 0, NULL, "judge and tell, but ban nobody")         \
	S(guard, allow, LIST, "127.0.0.0/8, ::1", 0, 0, NULL,                               \
	    "never judged: networks, name:.example.test, user:, country:, asn:")            \
	S(guard, own, LIST, "interfaces", 0, 0, NULL,                                       \
	    "addresses of the host, never judged: interfaces, or those of another host")    \
	S(guard, keys, NUMBER, SETTING_NUMBER_TEXT(DETECT_KEYS), 100, 10000000, NULL,       \
	    "addresses, users, ... that a rule remembers at most")                          \
	S(guard, memory, NUMBER, SETTING_NUMBER_TEXT(DETECT_MIB), 1, 1000000, NULL,         \
	    "MiB that judging takes for all rules together, at most")                       \
	S(guard, log, WORD, "notice", 0, 0, ((const char *const[]){"error", "warning",      \
	    "notice", "info", "debug", NULL}), "how much it says on stderr")                \
	S(protect, on, BOOL, "yes", 0, 0, NULL, "judge the addresses of own users slower")  \
	S(protect, multiply, NUMBER, "4", 1, 1000, NULL,                                    \
	    "their thresholds are so much higher")                                          \
	S(protect, ban_most, DURATION, "1h", 1, 315360000, NULL, "their bans are no longer") \
	S(protect, failing_users, NUMBER, "3", 0, 1000, NULL,                               \
	    "a login protects while at most so many users fail from there")                 \
	S(protect, messages, NUMBER, "10", 1, 1000000, NULL,                                \
	    "accepted mail protects from so many messages on")                              \
	S(protect, over, DURATION, "3d", 0, 315360000, NULL, "spread over at least this")   \
	S(protect, lasts, DURATION, "30d", 1, 315360000, NULL, "since the last of them")    \
	S(geo, files, LIST, "", 0, 0, NULL, "place databases; empty: the installed ones")   \
	S(dns, servers, LIST, "", 0, 0, NULL,                                               \
	    "resolvers, as 127.0.0.1:53; empty: the system's")                              \
	S(policy, listen, LIST, "", 0, 0, NULL,                                             \
	    "unix:/path or inet:127.0.0.1:10040 [from NETWORK ...]: Postfix asks there")    \
	S(policy, ban, WORD, "reject", 0, 0,                                                \
	    ((const char *const[]){"reject", "defer", NULL}),                               \
	    "what Postfix is told of a banned client")                                      \
	S(policy, text, TEXT, "Access denied, see postern bans explain {id}", 0, 0,         \
	    NULL, "with these words; {id}: of the ban")                                     \
	S(policy, user_messages, NUMBER, "0", 0, 1000000, NULL,                             \
	    "messages a login name may send; more are deferred; 0: any number")             \
	S(policy, user_within, DURATION, "1h", 1, 31536000, NULL, "in so long")             \
	S(action, enabled, BOOL, "yes", 0, 0, NULL, "no: as if it were not there")          \
	S(action, kind, WORD, "", 0, 0, ((const char *const[]){"nft", "command", "file",    \
	    "mail", NULL}), "what it does")                                                 \
	S(action, table, TEXT, "postern", 0, 0, NULL, "nft: its own table, family inet")    \
	S(action, priority, NUMBER, "-10", -1000, 1000, NULL, "nft: priority of its chain") \
	S(action, ports, LIST, "", 0, 0, NULL,                                              \
	    "nft: TCP ports closed to the banned; empty: all traffic")                      \
	S(action, ban, TEXT, "", 0, 0, NULL, "command: program and arguments; {ip} {prefix} " \
	    "{seconds} {id}; no shell")                                       \
	S(action, unban, TEXT, "", 0, 0, NULL, "command: to undo it")                       \
	S(action, check, TEXT, "", 0, 0, NULL,                                              \
	    "command: fails when the outside was reset")                                    \
	S(action, start, TEXT, "", 0, 0, NULL, "command: before the first ban")             \
	S(action, stop, TEXT, "", 0, 0, NULL, "command: when the guard stops")              \
	S(action, timeout, DURATION, "30s", 1, 3600, NULL,                                  \
	    "command, mail: it is ended after that")                                        \
	S(action, path, TEXT, "", 0, 0, NULL, "file: which")                                \
	S(action, format, WORD, "cidr", 0, 0, ((const char *const[]){"cidr", "hash", "plain", \
	    "ipset", "rbldnsd", NULL}), "file: its form")                                   \
	S(action, text, TEXT, "REJECT banned, id {id}", 0, 0, NULL,                         \
	    "file: beside the address")                                                     \
	S(action, after, WORD, "nothing", 0, 0, ((const char *const[]){"nothing", "postmap", \
	    "reload", NULL}), "file: what makes Postfix see it")                            \
	S(action, to, LIST, "", 0, 0, NULL, "mail: to whom")                                \
	S(action, from, TEXT, "postmaster", 0, 0, NULL, "mail: from whom")                  \
	S(action, every, DURATION, "15m", 1, 604800, NULL, "mail: one in so long at most")  \
	S(action, via, TEXT, "sendmail", 0, 0, NULL,                                        \
	    "mail: sendmail, the path of a program like it, smtp://HOST:PORT, smtps://HOST") \
	S(action, tls, WORD, "required", 0, 0, ((const char *const[]){"required",           \
	    "opportunistic", "never", NULL}), "mail, smtp://: whether it must be encrypted") \
	S(action, ca_file, TEXT, "", 0, 0, NULL,                                            \
	    "mail: who signs the server's certificate; empty: whom the system trusts")      \
	S(action, user, TEXT, "", 0, 0, NULL, "mail: login at the server")                  \
	S(action, password_file, TEXT, "", 0, 0, NULL,                                      \
	    "mail: its password, in a file that only root can read")                        \
	S(action, connect_timeout, DURATION, "10s", 1, 3600, NULL,                          \
	    "mail: the server must answer within")                                          \
	S(rule, enabled, BOOL, "yes", 0, 0, NULL, "no: as if it were not there")            \
	S(rule, match, TEXT, "", 0, 0, NULL, "filter over events; see postern(1), FILTERS") \
	S(rule, by, TEXT, "ip", 0, 0, NULL, "what is counted and banned: a field, net(ip)") \
	S(rule, count, NUMBER, "5", 1, 1000000, NULL, "so many lead to a ban")              \
	S(rule, punish, WORD, "key", 0, 0, ((const char *const[]){"key", "address", NULL}), \
	    "who is banned: what is counted by, or the address that was too many")          \
	S(rule, distinct, TEXT, "", 0, 0, NULL,                                             \
	    "count different values of that field instead")                                 \
	S(rule, score, LIST, "", 0, 0, NULL, "count points: filter -> points, ...")         \
	S(rule, within, DURATION, "10m", 1, 31536000, NULL, "so close together")            \
	S(rule, ban, TEXT, "1h, x2, up to 1w", 0, 0, NULL,                                  \
	    "how long: first, xFACTOR, up to LONGEST, jitter PERCENT, remember TIME")       \
	S(rule, actions, LIST, "", 0, 0, NULL, "names of [action NAME]; empty: all of them") \
	S(rule, allow, LIST, "", 0, 0, NULL, "as guard.allow, beside it")                   \
	S(rule, protect, BOOL, "yes", 0, 0, NULL, "own users' addresses are judged slower") \
	S(rule, dry_run, BOOL, "no", 0, 0, NULL, "judge and tell, but do not act")

enum setting {
#define S(section, name, type, preset, least, most, words, help) SETTING_##section##_##name,
	SETTINGS(S)
#undef S
	SETTING_COUNT
};

struct setting_row {
	const char *section, *name;
	enum setting_type type;
	const char *preset;
	int64_t least, most;
	const char *const *words;
	const char *help;
};

extern const struct setting_row setting_rows[SETTING_COUNT];

struct setting_value {
	struct str text;     /* as it was written; the default when `file` is NULL */
	const char *file;
	unsigned line;
	int64_t number;      /* BOOL, NUMBER, DURATION, WORD (its index) */
	const struct str *list;
	size_t list_count;
	bool bad;            /* the last that was written was a fault, and is not here */
};

/* [store] (name empty) or [rule NAME]. */
struct settings_section {
	const char *sort, *name;
	/* Where it first stands, elsewhere than shipped if it can; or NULL. */
	const char *file;
	unsigned line;
	bool off;            /* an action that is not enabled */
	struct setting_value values[SETTING_COUNT]; /* those of its sort */
};

struct settings;

/* Told each fault; TEXT names file and line. */
typedef void settings_fault(void *context, const char *text);

/* A settings_fault for what was told before. */
void settings_ignore_fault(void *context, const char *text);

/*
 * The shipped rules, then the file at PATH (NULL: SETTINGS_PATH, which need not be
 * there) and what lies in conf.d beside it (*.conf, in order of their names); later
 * ones override. Faults go to FAULT, and all are told. Returns their number, or -1 when
 * a file could not be read. *RET is usable all the same: what is wrong has its default.
 */
int settings_read(const char *path, settings_fault *fault, void *context,
    struct settings **ret, struct err *err);
void settings_free(struct settings *settings);

/*
 * Is what settings_read() of PATH reads root's, down from the root folder, and nobody
 * else's to write? Sticky folders may be. Tells each fault to FAULT, returns their number.
 */
int settings_check_owner(const char *path, settings_fault *fault, void *context);
/* The same of a program at PATH, that root is to run. */
int settings_check_owned(const char *path, struct err *err);

/* Sections of SORT, in the order they were first named, but those that are off. */
size_t settings_count(const struct settings *settings, const char *sort);
const struct settings_section *settings_section(const struct settings *settings,
    const char *sort, size_t index);

/* Any section, off or not; NULL behind the last. */
const struct settings_section *settings_at(const struct settings *settings, size_t index);

/* That [SORT NAME], off or not, or NULL. */
const struct settings_section *settings_named(const struct settings *settings,
    const char *sort, struct str name);

/* Of a section that there is one of. */
const struct setting_value *settings_get(const struct settings *settings,
    enum setting setting);

/*
 * "file:line: [rule x] match" for messages about SETTING of SECTION; where nobody said it,
 * "by default: ..." or "as shipped: ...".
 */
const char *settings_where(const struct settings_section *section, enum setting setting,
    struct arena *arena);

/* "10m" in microseconds. */
bool setting_duration(struct str text, int64_t *ret);

/* And back, into OUT: by the largest unit that fits whole; seconds are cut. Returns OUT. */
const char *setting_duration_text(int64_t usec, char out[32]);

/* The shipped rules and actions: what stands in data/rules.conf. */
struct str settings_shipped(void);

#endif
