/* SPDX-License-Identifier: Apache-2.0
 *
 * store: how events, bans and positions survive. One interface, a row and a file for
 * each sort of store; all of them pass tests/unit/store-conformance.c. The only room
 * that knows SQL. Times are microseconds since 1970 UTC, addresses 16 bytes with their
 * family, texts bytes that compare as bytes.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/state.h"
#include "event/event.h"
#include "query/query.h"

struct store;

/* What failed, as far as it matters to who goes on without. */
enum store_fault { STORE_OTHER, STORE_FULL, STORE_DAMAGED };

struct store_settings {
	const char *url;       /* "sqlite:/var/lib/postern/postern.db", "memory:" */
	bool read_only;        /* somebody else writes */
	/* To read, where nobody else has it: needs no room on the disk. */
	bool alone;
	enum store_fault *ret_fault; /* why it cannot be opened; or NULL */
	int64_t busy_usec;     /* how long to wait for another's lock; 0: 5 s */
	/* Called now and then while bringing an older one up to date takes long; or NULL. */
	void (*pulse)(void *context);
	void *context;
};

/* Opens, makes what is not there, brings an older schema up to date (not read_only). */
int store_open(const struct store_settings *settings, struct store **ret, struct err *err);
void store_close(struct store *store);

/* Could URL be one of a store? -1: what was expected. */
int store_check(const char *url, struct err *err);

/*
 * Is what is at URL a store, by its beginning, or none yet? -1: not. In a process that has
 * no store open.
 */
int store_look(const char *url, struct err *err);

/* The file that URL names, a part of it; NULL: none. */
const char *store_file(const char *url);

/*
 * The path of a file beside that of URL, whose name ends in ".WHAT"; NULL: it has none. The
 * caller frees it.
 */
char *store_beside(const char *url, const char *what);

/*
 * The store at URL is ours to write until we end or close *RET, once a process; -1: another
 * process has it, ERR says which. *RET is -1 where nothing can be locked: a store without
 * a file, or one that is away.
 */
int store_lock(const char *url, int *ret, struct err *err);

/*
 * Everything between begin and commit is there or is not, whatever is killed when. -1 on
 * a store that is away or full: everything since begin is undone, and can be tried again.
 */
int store_begin(struct store *store, struct err *err);
int store_commit(struct store *store, struct err *err);
void store_rollback(struct store *store);

/*
 * Writes EV; one with its id and time that is there already is left as it is. EV has both,
 * and a kind. Outside of begin and commit this, as all writing, is a transaction of its own.
 */
int store_event(struct store *store, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources, struct err *err);

enum ban_state { BAN_ACTIVE, BAN_EXPIRED, BAN_LIFTED };

#define BAN_EVIDENCE 16 /* events that a ban names at most */

/* A verdict and what became of it. */
struct ban {
	uint64_t id;          /* of the verdict */
	struct str rule;      /* "manual": by hand */
	struct str key;       /* what was banned, as text */
	struct cidr prefix;   /* family 0: no address */
	int64_t from, until;  /* INT64_MAX: for good */
	int64_t lifted;       /* when it was ended before its time; INT64_MIN: not */
	struct str reason;    /* for a person: by whom it was lifted or added, why */
	uint64_t counted, threshold;
	int64_t since;        /* time of the oldest event that counts */
	uint32_t offence;
	bool is_protected, dry_run;
	uint64_t evidence[BAN_EVIDENCE]; /* ids of events */
	uint32_t evidence_count;
	char country[3];
	uint32_t asn;
	struct str commands;  /* actions that ran a program for it and did not yet undo
	                       * that: a name a line; `p` NULL: it is not known */
};

enum ban_state ban_state(const struct ban *ban, int64_t now);

/* BAN with texts that live in ARENA. */
struct ban ban_copy(const struct ban *ban, struct arena *arena);

/* Writes BAN; one with its id that is there is replaced. */
int store_ban(struct store *store, const struct ban *ban, struct err *err);

struct ban_filter {
	const char *rule;      /* NULL: any */
	struct cidr within;    /* family 0: any; else bans whose prefix overlaps it */
	const char *key;       /* NULL: any */
	uint64_t id;           /* 0: any */
	int64_t active_at;     /* INT64_MIN: ended ones, too. One of a log whose clock is ahead
	                        * is active before it begins */
	int64_t since, until;  /* of `from`, half-open; INT64_MIN, INT64_MAX: all */
	bool dry_run;          /* those of rules that only say what they would do, too */
};

/* Would FILTER let BAN through? */
bool ban_matches(const struct ban *ban, const struct ban_filter *filter);

/* In order of `from`, then id. EACH returns false to stop. Texts die when it returns. */
int store_bans(struct store *store, const struct ban_filter *filter,
    bool (*each)(void *context, const struct ban *ban), void *context, struct err *err);

/* How far an input was read; as struct follow_position, plus the line to go on from. */
struct store_position {
	struct str name;
	uint64_t head_hash;
	uint32_t head_len;
	uint64_t offset, replay_from; /* replay_from <= offset: tracking begins there */
	uint64_t device, inode;
	int64_t mtime;
	struct str cursor; /* of a journal; else empty */
	struct str path;   /* where a file was opened; empty: not known */
};

/* Replaces all positions. */
int store_positions_save(struct store *store, const struct store_position *positions,
    size_t count, struct err *err);

/* Texts live in ARENA. */
int store_positions_load(struct store *store, struct arena *arena,
    struct store_position **ret, size_t *ret_count, struct err *err);

/*
 * Events of [since, until) that match WHERE (NULL: all), in order of time, then as they
 * were written (an UNTIL of INT64_MAX: no end). EACH gets them with texts as slices, or as
 * numbers of SYMBOLS, which live until it returns; it must not call STORE. False stops.
 */
int store_scan(struct store *store, int64_t since, int64_t until, const char *where,
    bool (*each)(void *context, const struct event *ev, const struct symbols *symbols,
        const struct event_sources *sources),
    void *context, struct err *err);

/*
 * As store_scan(), but what was judged as of another time than its own (`judged`) is looked
 * for at that time, and comes in its order.
 */
int store_scan_judged(struct store *store, int64_t since, int64_t until, const char *where,
    bool (*each)(void *context, const struct event *ev, const struct symbols *symbols,
        const struct event_sources *sources),
    void *context, struct err *err);

/* What an event is about: any of these. */
struct store_about {
	struct cidr net;           /* the client's address is in it; family 0: none */
	const struct store_text {
		enum field field;  /* of texts */
		struct str text;   /* its letters in any case */
	} *texts;
	size_t text_count;
	const struct str *qids;    /* qid, next_qid or orig_qid is one of them */
	size_t qid_count;
};

/* As store_scan(), of what is about ABOUT; EACH may get others, too. */
int store_scan_about(struct store *store, int64_t since, int64_t until,
    const struct store_about *about,
    bool (*each)(void *context, const struct event *ev, const struct symbols *symbols,
        const struct event_sources *sources),
    void *context, struct err *err);

/* What the last of STORE's failures was, if there was one. */
enum store_fault store_fault(const struct store *store);

/* Was STORE's file removed, or has another one come in its place? Then all goes to nobody. */
bool store_is_gone(const struct store *store);

/*
 * From the next reading on STORE, opened to be read, is read as it was then, whoever writes,
 * until it is closed.
 */
int store_hold(struct store *store, struct err *err);

/* Events that a store has not, which are to be counted as if it had them. */
struct store_more {
	const struct event *events;
	size_t count;
	const struct symbols *symbols;
	const struct event_sources *sources;
};

/* Events of [since, until), an UNTIL of INT64_MAX being no end, that match WHERE or NULL. */
struct store_range {
	int64_t since, until;
	const char *where;
	const struct store_more *more; /* or NULL */
};

/*
 * Answers QUERIES over the events of RANGE, as a fold over them would: columns, rows, ties,
 * totals. RET: COUNT tables, which the caller frees. They are answered in one go through
 * the events.
 */
int store_queries(struct store *store, const struct query *const *queries, size_t count,
    const struct store_range *range, struct table **ret, struct err *err);

/* The same for one, of which the store does more. */
int store_query(struct store *store, const struct query *query, const char *where,
    int64_t since, int64_t until, struct table **ret, struct err *err);

/* Time of the oldest and newest event; INT64_MAX, INT64_MIN when there is none. */
int store_period(struct store *store, int64_t *ret_first, int64_t *ret_last,
    struct err *err);

/* The latest time that an event was judged as of; INT64_MIN when there is none. */
int store_last_judged(struct store *store, int64_t *ret, struct err *err);

/*
 * Forgets events of KIND (KIND_none: all kinds) older than BEFORE; bans ended before. A
 * call forgets STORE_FORGET_STEP at most, so that it does not take long: as long as
 * *RET_COUNT is that, there is more. Not between begin and commit.
 */
#define STORE_FORGET_STEP 10000u

int store_forget_events(struct store *store, enum kind kind, int64_t before,
    uint64_t *ret_count, struct err *err);
int store_forget_bans(struct store *store, int64_t before, uint64_t *ret_count,
    struct err *err);

/* Adds FROM's positions, bans and events since SINCE to INTO; all or none. */
int store_copy(struct store *from, int64_t since, struct store *into, struct err *err);

/*
 * The files of the store at URL, which is damaged and which nobody has open, get another
 * name: the file that of *RET, a URL, "FILE.damaged-20261121T084530Z", the WAL the one that
 * belongs to it. The caller frees it. -1: there are STORE_ASIDE_MOST of these already, or
 * the system refuses; the file is where it was.
 */
#define STORE_ASIDE_MOST 8

int store_set_aside(const char *url, char **ret, struct err *err);

/* How much of a store that is damaged could be read. */
struct store_salvaged {
	size_t positions;
	uint64_t bans, events;
};

/*
 * Adds to INTO what can be read of FROM's positions, bans and events since SINCE: what is
 * behind damage, too. Many transactions. -1: INTO cannot be written to.
 */
int store_salvage(struct store *from, int64_t since, struct store *into,
    void (*pulse)(void *context), void *context, struct store_salvaged *ret, struct err *err);

/*
 * What a process hands to the one that takes its place, where the store ends with the
 * process or cannot be opened meanwhile: positions, bans, events since SINCE.
 * store_handed(): are such among RECORDS? store_take_over() puts them into STORE, all or,
 * when one makes no sense, none.
 */
int store_hand_over(struct store *store, int64_t since, struct state_out *out,
    struct err *err);
bool store_handed(struct str records);
int store_take_over(struct store *store, struct str records, struct err *err);

#endif
