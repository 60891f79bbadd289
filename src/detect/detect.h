/* SPDX-License-Identifier: Apache-2.0
 *
 * detect: counting over time, and judging. Events go in, primary and derived, in the
 * order of the log; verdicts come out. Judges by the time of the events alone, so that
 * a replay of a log gives what the guard gave that followed it. No text, no SQL, no
 * sockets: what it must know of an address (place, confirmed name, earlier bans) is told.
 */
#ifndef DETECT_DETECT_H
#define DETECT_DETECT_H

#include "base/arena.h"
#include "event/event.h"

/* What a rule counts by, or counts the different values of. */
enum detect_function {
	DETECT_VALUE,  /* the field itself */
	DETECT_NET,    /* net(ip): /24 or /64 */
	DETECT_DOMAIN, /* domain(address) */
};

struct detect_key {
	enum field field;
	enum detect_function function;
};

/* A match that is worth POINTS: a rule with scores counts those instead of events. */
struct detect_score {
	const struct filter *where;
	uint32_t points;
};

/* How long: the Nth ban of a key lasts first * factor^(N-1), at most `most`, then jitter. */
struct detect_ban {
	int64_t first, most;    /* microseconds; INT64_MAX: for good */
	double factor;          /* 1: always the same */
	double jitter;          /* 0..1: so much longer at most, by a hash of key and time */
	int64_t remembered;     /* bans older than this do not count as earlier ones */
};

/* Who is never judged by a rule. Lists are the owner's. */
struct detect_allow {
	const struct cidr *nets;
	size_t net_count;
	const struct str *names; /* "example.test", ".example.test": forward-confirmed only */
	size_t name_count;
	const struct str *users;
	size_t user_count;
	const char (*countries)[3];
	size_t country_count;
	const uint32_t *asns;
	size_t asn_count;
};

/* Own users' addresses are judged more slowly; see detect.c for what earns it. */
struct detect_protect {
	bool on;
	uint32_t multiply;       /* the threshold is so many times higher */
	int64_t ban_most;        /* microseconds: a ban of a protected address is no longer */
	uint32_t failing_users;  /* a login protects while at most so many users fail there */
	uint32_t messages;       /* accepted mail protects from so many messages on, */
	int64_t over;            /* over so much time, without a spam verdict or a bounce */
	int64_t lasts;           /* since the last login or message */
};

struct detect_rule {
	const char *name;
	const struct filter *match;
	bool dry_run;            /* nobody is banned by it: its bans count for its like only */
	struct detect_key by;
	bool punish_address;     /* the verdict is on the address of the event that completes
	                          * it; the key's window goes on: so does the attack */
	bool distinct;           /* counts different values of `of` */
	struct detect_key of;
	const struct detect_score *scores; /* NULL: each event counts its weight */
	size_t score_count;
	uint32_t count;          /* threshold */
	/* Microseconds of event time; the window includes both ends. */
	int64_t within;
	struct detect_ban ban;
	struct detect_allow allow;
	struct detect_protect protect;
};

/*
 * Entries kept at most; what was not used for long goes and is counted. Where all together
 * take more than `bytes`, the table that takes most loses some.
 */
struct detect_limits {
	uint32_t keys;    /* of a rule */
	uint32_t clients; /* whose logins and mail, and whose failures, are remembered */
	uint32_t history; /* keys whose bans are remembered */
	size_t bytes;
};

/* Those that the settings have, too, until somebody says otherwise. */
#define DETECT_KEYS 1000000
#define DETECT_MIB 98

extern const struct detect_limits detect_limits_default;

/* What somebody knows of an address that is not in the log. Absent is empty or 0. */
struct detect_facts {
	char country[3];
	uint32_t asn;
	struct str name; /* forward-confirmed */
	bool waits;      /* the name is being asked for: ask again */
};

typedef void detect_ask(void *context, const struct ip *ip, struct detect_facts *ret);

/* Lines that a verdict stands on, the latest last. */
#define DETECT_EVIDENCE 16

struct detect_verdict {
	uint32_t rule;        /* index */
	int64_t time;         /* of the event that completed it */
	struct str key;       /* as text; canonical for addresses and networks */
	struct cidr prefix;   /* of an address (whole) or a network; family 0: neither */
	uint64_t counted;     /* events, points or different values in the window */
	uint64_t threshold;   /* that was reached, protection included */
	int64_t since;        /* time of the oldest that counts */
	bool is_protected;
	uint32_t offence;     /* 1: the first in `remembered` */
	int64_t ban;          /* microseconds; INT64_MAX: for good */
	uint64_t id;          /* stable: of the rule's name, the key, the completing event */
	uint64_t evidence[DETECT_EVIDENCE]; /* ids of events */
	uint32_t evidence_count;
};

/* Verdicts of one event; texts live until the next detect_event(). */
struct detect_out {
	struct detect_verdict *verdicts;
	size_t count, room;
	struct arena text;
};

struct detect;

/* RULES and what they point to are the caller's and must outlive the result. */
struct detect *detect_new(const struct detect_rule *rules, size_t count,
    const struct detect_limits *limits, detect_ask *ask, void *context);
void detect_free(struct detect *detect);

/* Adds the fields that RULE looks at to the set RET. */
void detect_rule_fields(const struct detect_rule *rule, uint64_t ret[2]);

/*
 * Adds the fields that judging looks at to the set RET: they must be in the event, texts by
 * slice or number.
 */
void detect_needs(const struct detect *detect, uint64_t ret[2]);

/*
 * One event, which must have its id. Appends what it completes to OUT (cleared first).
 * A verdict re-enters once, as an event of kind ban with ip, user, jail (the rule's
 * name), seconds and the time of its last event: rules that match such judge it, too.
 */
void detect_event(struct detect *detect, const struct event *ev,
    const struct symbols *symbols, struct detect_out *out);

/*
 * Verdicts that waited for the name of their address, and do not have to any more, go to
 * OUT (cleared first). They are what they would have been at once: of the event that
 * completed them, at its time. Who has waited for PATIENCE has no name; NOW is of any
 * clock in microseconds that only goes forward. Returns how many still wait. Who is
 * not asked again is judged by the next event that counts.
 */
size_t detect_waiting(struct detect *detect, int64_t now, int64_t patience,
    struct detect_out *out);

/* A ban of the past. */
struct detect_earlier {
	const char *rule;    /* NULL: by hand */
	struct str key;
	struct cidr prefix;  /* family 0: KEY is neither address nor network */
	int64_t from, until; /* as it was decided; INT64_MAX: for good */
	int64_t lifted;      /* by hand, before its time; INT64_MIN: not */
	uint64_t id;
	bool of_ban;         /* an event of a ban that re-entered completed it, so that it
	                      * did not re-enter itself */
};

/*
 * History, to go on where an earlier process stopped. detect_seed() counts an event
 * without judging; detect_banned() says that there was a ban: its key's window begins
 * anew there, nothing of it is counted until it ends, its next ban is longer, and it
 * counts for rules over bans. In order of time, a ban behind the event that completed it.
 */
void detect_seed(struct detect *detect, const struct event *ev, const struct symbols *symbols);
void detect_banned(struct detect *detect, const struct detect_earlier *ban);

/*
 * What is seeded from SINCE on may have completed verdicts that still waited for names when
 * the earlier process ended: those that detect_banned() tells nothing of wait again.
 */
void detect_recall(struct detect *detect, int64_t since);

/*
 * A ban was lifted by hand at TIME: KEY is judged again, from nothing (an address or network
 * by every rule that counts by such), and neither is a later ban longer for it nor does it
 * count for rules that count bans.
 */
void detect_unbanned(struct detect *detect, const char *rule, struct str key, int64_t time);

/* The longest any rule or protection looks back: what must be seeded. */
int64_t detect_looks_back(const struct detect *detect);

struct detect_stats {
	uint64_t matched, verdicts, allowed;
	uint64_t spared; /* verdicts that protection put off */
	uint64_t keys, evicted_keys, evicted_clients, evicted_history;
};

/* Of RULE, or of all (rule >= number of rules). */
struct detect_stats detect_stats(const struct detect *detect, uint32_t rule);

void detect_out_free(struct detect_out *out);

#endif
