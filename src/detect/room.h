/* SPDX-License-Identifier: Apache-2.0
 *
 * The detect room's own door: what its files share. key: an event's value for a rule;
 * counter: what several rules count alike; window: what counts of a key; history: its
 * bans; protection: what an address has earned; judge: from a count to a verdict.
 */
#ifndef DETECT_ROOM_H
#define DETECT_ROOM_H

#include "base/lru.h"
#include "detect/detect.h"

/*
 * What is over is kept for so long: a clock that was wrong for an hour, or lines that come
 * late, find what they would have found.
 */
#define DETECT_SLACK (INT64_C(2) * 3600 * 1000000)

/* An address, a network or a text, as a rule counts by it. */
struct key {
	struct str text;    /* of an address only after key_write() */
	struct cidr prefix; /* family 0: it is neither */
	uint64_t hash;      /* in tables */
	char room[CIDR_TEXT_MAX];
};

/* The client's address of one event, read once. */
struct client_ip {
	enum { CLIENT_UNREAD, CLIENT_NONE, CLIENT_KNOWN } state;
	struct ip ip;
};

/*
 * The value of EV for WHAT; false when it has none. Texts are EV's, SYMBOLS' or in RET.
 * CLIENT remembers its address between calls with the same event.
 */
bool key_of(const struct detect_key *what, const struct event *ev,
    const struct symbols *symbols, struct client_ip *client, struct key *ret);

/* The key that PREFIX is; that IP is, or (NET) its network. */
void key_of_prefix(const struct cidr *prefix, struct key *ret);
void key_of_address(const struct ip *ip, bool net, struct key *ret);

/* The key whose text is TEXT, of what is an address or network (IS_ADDRESS) or neither. */
void key_of_text(struct str text, bool is_address, struct key *ret);

/* Does a rule that counts by WHAT count addresses or networks? */
bool key_is_address(const struct detect_key *what);

/* Makes sure that KEY has its text. */
void key_write(struct key *key);

/* The address of EV's client; family 0: there is none. */
const struct ip *key_client(const struct event *ev, const struct symbols *symbols,
    struct client_ip *client);

/* Something that counts. */
struct mark {
	int64_t time;
	uint64_t id;    /* of the event */
	uint64_t value; /* COUNTS_VALUES: hash of the value; COUNTS_POINTS: how many */
};

#define MARK_VALUE_MOST ((UINT64_C(1) << 48) - 1)

/* Marks that lie in the table itself at most; so many sizes have windows there, and size 0. */
#define MARKS_FEW 6u
#define WINDOW_SIZES (MARKS_FEW + 1)

/* The marks of a window, as they are read and changed. */
struct marks {
	uint64_t *words;
	uint32_t count, room;
	unsigned width;      /* words of a mark */
	struct block *block; /* NULL: they were packed, and are here */
	uint64_t few[(MARKS_FEW + 1) * 3];
};

/*
 * What rules count that match the same events, by the same key, in the same way: one set
 * of windows, as long as the longest of them. What only one rule leaves out (before its
 * last ban ended) is left out when it is judged.
 */
struct counter {
	enum { COUNTS_EVENTS, COUNTS_VALUES, COUNTS_POINTS } what;
	const struct detect_rule *rule; /* the first; for what they all have in common */
	uint32_t *rules;                /* their indexes */
	uint32_t rule_count;
	int64_t within;                 /* the longest */
	uint64_t need;                  /* the highest threshold, protection included */
	struct lru *windows;
	uint64_t origin;                /* packed times count from here */
	size_t owned;                   /* bytes that windows have beside the table */
	const int64_t *now;             /* time of the event at hand */
	void *window;                   /* where the event at hand counted; NULL: nowhere */
	struct marks marks;             /* its marks, once it did */
	struct key key;                 /* by that key */
};

/* Bytes of a window, by its number of marks; of size 0: all zero, or where its marks are. */
void window_sizes(const struct counter *counter, size_t ret[WINDOW_SIZES]);

/* The window of the key at hand, at TIME; made if there is none. */
void *window_of(struct counter *counter, int64_t time);

/*
 * Adds MARK to the window at hand, of COUNTS_EVENTS as often as WEIGHT says, and forgets
 * what is too far behind the latest or not needed. Exact for marks in order; one that comes
 * late counts if it is not too old by then.
 */
void window_add(struct counter *counter, const struct mark *mark, uint32_t weight);

/* The marks of a window that count for somebody. */
struct standing {
	uint64_t sum;
	uint32_t first, end;
	int64_t since; /* time of the oldest */
};

/* What counts in the window at hand within WITHIN of the latest mark, since FROM. */
struct standing window_standing(const struct counter *counter, int64_t within, int64_t from);

/* Ids of the latest events of STANDING, the latest last; returns how many. */
uint32_t window_evidence(const struct counter *counter, const struct standing *standing,
    uint64_t ret[DETECT_EVIDENCE]);

/* lru_owner's, with the counter as context. */
void window_drop(void *counter, void *window);
bool window_is_over(void *counter, const void *window);

/* Earlier bans of a key by a rule. */
struct history {
	int64_t until;          /* of the last ban; 0: there was none */
	int64_t first;          /* when the oldest that is known began */
	struct more_bans *more; /* those behind it, or NULL */
};

struct bans {
	struct lru *table;      /* struct history by rule and key */
	size_t owned;
	int64_t remembered;     /* the longest of any rule */
	bool lifted;            /* somebody was let in by hand */
	bool by_hand[2][129];   /* IPv4 or IPv6, and length, of what was ever banned by hand */
	const int64_t *now;
};

void bans_init(struct bans *bans, const struct detect_rule *rules, size_t count, uint32_t cap,
    const int64_t *now);
void history_add(struct bans *bans, struct history *history, int64_t from, int64_t until);

/* The last one was lifted at TIME: it ended then, and was none. */
void history_take_back(struct history *history, int64_t time);

/* KEY was let in at TIME: what it did before counts for no rule. INT64_MIN: it was not. */
void history_lift(struct bans *bans, const struct key *key, int64_t time);
int64_t history_lifted(struct bans *bans, const struct key *key);

/* 1 and one more for each ban since TIME - remembered. */
uint32_t history_offence(const struct history *history, const struct detect_ban *ban,
    int64_t time);

/*
 * Is IP banned at TIME, by itself or with its network, by a rule that bans or, any, by hand?
 */
bool history_covers(const struct detect *detect, const struct ip *ip, int64_t time);

/* How long the OFFENCEth ban lasts; SALT decides the jitter. */
int64_t ban_length(const struct detect_ban *ban, uint32_t offence, uint64_t salt);

/* What protects addresses, and what ends that. */
struct protection {
	struct lru *earned;     /* by address: logins and mail */
	struct lru *failing;    /* by address: users that failed there */
	struct lru *nets;       /* by IPv4 network: its addresses that are in `earned` */
	size_t owned;
	uint32_t failing_room;  /* users kept of an address: one more than is allowed */
	int64_t lasts;          /* the longest of any rule */
	const int64_t *now;
	bool wanted;            /* a rule protects */
};

void protection_init(struct protection *protection, const struct detect_rule *rules,
    size_t count, uint32_t cap, const int64_t *now);
void protection_done(struct protection *protection);

/* EV is a login, a failed one, or a message: notes it. */
void protection_note(struct protection *protection, const struct event *ev,
    const struct symbols *symbols, struct client_ip *client);

bool protection_covers(struct protection *protection, const struct detect_protect *protect,
    const struct ip *ip, int64_t time);

/* The same of any address of NET, an ip_net(). */
bool protection_covers_net(struct protection *protection, const struct detect_protect *protect,
    const struct cidr *net, int64_t time);

/* Is there an address in PREFIX that ALLOW names? */
bool allow_within(const struct detect_allow *allow, const struct cidr *prefix);

/* Is the client or user of EV in ALLOW? What only facts can tell is allow_facts()'s. */
bool allow_event(const struct detect_allow *allow, const struct event *ev,
    const struct symbols *symbols, struct client_ip *client);
bool allow_needs_facts(const struct detect_allow *allow);
bool allow_facts(const struct detect_allow *allow, const struct detect_facts *facts);

/* What allow_event() looks at is the same. */
bool allow_same(const struct detect_allow *a, const struct detect_allow *b);

/* A counter that looks at events of one kind; FILTER NULL: at all of them. */
struct looking {
	uint32_t counter;
	struct filter *filter;
};

/* A verdict that waits for what is not known yet of its address. */
struct waiting {
	struct detect_verdict verdict; /* without key, offence, ban */
	struct key key;
	char *text;                    /* the key's, where it is no address */
	struct ip client;
	uint64_t event;                /* that completed it */
	int64_t since;                 /* it was first asked again; INT64_MIN: not yet */
	uint64_t place;                /* as a held ban's; PLACE_NONE: it does not re-enter */
};

/* A ban that is to re-enter: behind those before it that still wait. */
struct held {
	struct detect_verdict verdict; /* its key is of `text` */
	char *text;
	uint64_t place;                /* in the order in which bans would be found at once */
};

#define PLACE_NONE UINT64_MAX

struct detect {
	const struct detect_rule *rules;
	size_t count;
	struct detect_limits limits;
	struct counter *counters;
	uint32_t counter_count;
	uint32_t *counter_of;        /* by rule */
	struct looking *looking;     /* those at kind K: from looking_from[K] to [K + 1] */
	uint32_t looking_from[KINDS + 1];
	struct detect_stats *stats;  /* by rule */
	struct bans bans;
	struct protection protection;
	detect_ask *ask;
	void *context;
	struct buf line;             /* of a verdict that re-enters */
	int64_t now;                 /* time of the event at hand */
	uint32_t unweighed;          /* events since memory was last added up */
	struct waiting *waiting;
	size_t waiting_count, waiting_room;
	struct held *held;           /* by place */
	size_t held_count, held_room;
	int64_t recall_from;         /* INT64_MAX: nothing is recalled */
	uint64_t turn;               /* number of the event at hand */
	bool of_ban;                 /* the event at hand is a ban that re-entered */
};

/* counter.c */
void counters_make(struct detect *detect);
void counters_free(struct detect *detect);

/*
 * Counts EV for those rules that it is for; true if for any. DRY_RUN: it is a ban that nobody
 * got, and for rules in dry run only.
 */
bool counters_count(struct detect *detect, const struct event *ev,
    const struct symbols *symbols, struct client_ip *client, bool dry_run);

/* An event of KIND was judged: what is known of it is over. */
void counters_done(struct detect *detect, enum kind kind);

/*
 * Before that nothing of KEY counts for rule R: the end of its last ban by R, or when it was
 * let in by hand. INT64_MIN: neither was, or it does not matter.
 */
int64_t counter_banned_until(struct detect *detect, uint32_t r, const struct key *key);

/* KEY was banned by rule R: what no rule of the counter counts any more goes. */
void counter_settle(struct detect *detect, uint32_t r, const struct key *key, int64_t time);

/* A ban of KEY by rule R was lifted at TIME: it begins anew, an address by every rule. */
void counters_lifted(struct detect *detect, uint32_t r, const struct key *key, int64_t time);

/* The ban BAN was none: windows of its key that count bans are empty. */
void counters_forget_ban(struct detect *detect, const struct event *ban);

/* Keeps within the memory that is allowed. */
void counters_weigh(struct detect *detect);

/* judge.c: the verdict of rule R on what EV completed goes to OUT, if there is one. */
void judge(struct detect *detect, uint32_t r, const struct event *ev,
    const struct symbols *symbols, struct client_ip *client, struct detect_out *out);

/*
 * The verdict of rule R on what EV, which is seeded, completed may not have been given, as
 * it waited: it does again. KEY was banned by rule R: it did not wait.
 */
void judge_recall(struct detect *detect, uint32_t r, const struct event *ev,
    const struct symbols *symbols, struct client_ip *client);
void judge_known(struct detect *detect, uint32_t r, const struct key *key);

/* Those that waited long enough by NOW, or need not wait any more. */
void judge_waiting(struct detect *detect, int64_t now, int64_t patience,
    struct detect_out *out);

#endif
