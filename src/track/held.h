/* SPDX-License-Identifier: Apache-2.0
 *
 * held: what is held of a message, a connection, a login, a postscreen session and a
 * client, and the tables of them. All text is held as dictionary numbers; only queue
 * ids and Message-IDs are bytes.
 */
#ifndef TRACK_HELD_H
#define TRACK_HELD_H

#include "base/bins.h"
#include "track/registry.h"
#include "track/track.h"

/* ---- messages ---- */

#define QID_MAX 27u /* Postfix's are 21 at most */

enum message_flags {
	MESSAGE_OPENED = 1 << 0,  /* accept or submitted seen: we know where it came from */
	MESSAGE_WHOLE = 1 << 1,   /* its beginning was seen */
	MESSAGE_LOCAL = 1 << 2,   /* from a program on this host: maybe a filter's output */
	MESSAGE_QUEUED = 1 << 3,
	MESSAGE_CLOSED = 1 << 4,
	MESSAGE_LOST = 1 << 5,    /* closed because its id was used again */
	MESSAGE_EXPIRED = 1 << 6,
	MESSAGE_PROBE = 1 << 7,   /* an address verification probe, not mail */
	MESSAGE_SENDER = 1 << 8,
	MESSAGE_NAMED = 1 << 9,   /* a hop: its parent's delivery named it */
	MESSAGE_GUESSED = 1 << 10, /* a hop by its Message-ID; dropped without a filter */
	MESSAGE_FILTERED = 1 << 11, /* something was sent to a filter that named no queue id */
	MESSAGE_NEAR = 1 << 12, /* from a host of the own network: maybe a filter's output */
	MESSAGE_SOUGHT = 1 << 13, /* in by_msgid: a possible parent */
	MESSAGE_UNDECIDED = 1 << 14, /* an older piece may have its parent */
	MESSAGE_HELD = 1 << 15, /* may be the parent of one undecided: not to end before */
};

enum waiting {
	WAITING_NOT,
	WAITING_LINGERING, /* complete, but a hop may still turn up */
	WAITING_VERDICT,   /* over, but a verdict may still come */
	WAITING_BLOCKED,   /* over, but set-aside events refer to it */
	WAITINGS
};

enum last_status { LAST_NONE, LAST_SENT, LAST_DEFERRED, LAST_BOUNCED, LAST_STATUSES };

/* Where an event stands in the input. */
struct place {
	uint64_t offset;
	int64_t lineno;
	uint32_t source_no;
};

/* What a filter decided. */
struct verdict {
	uint64_t ordinal; /* of the event; 0: there is none */
	int64_t score;    /* INT64_MIN: unknown */
	uint32_t word, category;
};

/* How a `sent` recipient was handed on to another queue id, if it was. */
enum handed { HANDED_NOT, HANDED_NAMED, HANDED_FILTER };

struct recipient {
	uint32_t next, message;
	uint32_t recipient, orig;
	uint8_t status; /* enum last_status */
	uint8_t handed;
};

struct message {
	struct entry entry;
	uint32_t host; /* with qid: the key */
	uint16_t flags;  /* enum message_flags */
	uint8_t waiting; /* enum waiting */
	uint8_t qid_len;
	uint64_t qid_first, qid_last; /* what tells short ids apart: see message.c */
	int64_t touched;
	uint32_t root;       /* 0: this is one */
	uint32_t unfinished; /* of the root: in the ring, not closed */
	uint64_t serial;     /* ordinal of the event that opened it: who is older; 0: freed */
	uint64_t msgid_hash; /* 0: unknown */
	uint32_t next_sought; /* under the same hash in `by_msgid`; 0: none */
	uint32_t ip, user, sender;
	/* The family: all hops of one message, in a ring. */
	uint32_t next_member, previous_member;
	uint32_t members; /* of the root: in the ring */
	uint32_t pending; /* set-aside events that will refer to it */
	uint32_t recipient_count;
	/* So far what nearly every event looks at. */
	uint32_t parent;    /* MESSAGE_NAMED: by whom */
	struct links links; /* in `waiting` */
	uint32_t program, daemon, instance, name, mechanism;
	uint32_t uncounted[LAST_STATUSES]; /* recipients beyond RECIPIENTS_MAX */
	uint64_t closed; /* ordinal of the event that closed it */
	uint64_t named;  /* ordinal of the event that told the Message-ID */
	uint32_t msgid, msgid_len;
	bool claims; /* one of `pending` is its claim to verdicts before this piece */
	struct verdict verdict; /* the worst */
	struct place end;       /* where the event that closed it stands */
	/* From here on it is not zeroed. */
	struct recipient first; /* if there is any; then the others, the last one first */
	int64_t uid, size, nrcpt, port; /* -1: unknown */
	int64_t delay;                  /* largest of a final delivery; -1: none */
	int64_t start;
	int64_t since; /* of a complete family's root: its last event */
	char qid[QID_MAX];
};

/* A verdict that a message may claim yet. */
struct recent {
	struct entry entry;
	uint64_t msgid_hash; /* the key */
	uint32_t host;
	bool names_id;
	uint64_t ids[2]; /* hashes of the queue ids it names; 0: none */
	int64_t time;
	struct verdict verdict;
};

struct messages {
	struct registry registry;
	uint32_t *by_msgid;        /* MESSAGE_SOUGHT: chains, by bits of the hash */
	uint32_t sought_mask, sought_count;
	struct slots by_recipient; /* of messages with many */
	struct pool recipients;    /* of struct recipient: all but the first of each */
	struct pool blocks;        /* of Message-IDs; see recipient.c */
	struct list waiting[WAITINGS]; /* families by what they wait for, oldest first */
	int64_t due;               /* until then, time ends none of these */
	int64_t stray;             /* last event of an unknown message set aside */
	uint32_t strays;           /* how many were */
	/* Not from the log's beginning: the ids that were opened; see opened.c. */
	struct region opened;
	struct bins opened_ids; /* of the first `opened_indexed` */
	uint32_t opened_count, opened_indexed;
};

/* ---- addresses ---- */

/*
 * Where what is held of an address is. Together, as whatever is told of one looks at most of
 * it: a cache line, not three.
 */
struct address {
	uint32_t sessions; /* postscreen's: a chain, and flags: see HELD_FIRST */
	uint32_t marks;    /* of that chain: see session_mark() */
	uint32_t client;   /* a record, CLIENT_KNOWN, or 0 */
	uint32_t login;    /* the first of a chain, one for each outcome; 0: none */
};

/* What BY_IP, an array by IP number, has of IP: nothing beyond its end. */
TRACK_INLINE struct address
address_of(const struct region *by_ip, uint32_t ip)
{
	size_t at = (size_t)ip * sizeof(struct address);

	return at < by_ip->size ? *(const struct address *)(const void *)(by_ip->p + at)
				: (struct address){.login = 0};
}

/* It will be looked at soon. IP may be any. */
TRACK_INLINE void
address_fetch(const struct region *by_ip, uint32_t ip)
{
	__builtin_prefetch((const void *)((uintptr_t)by_ip->p + ip * sizeof(struct address)));
}

/* What BY_IP has of IP, to be changed; valid until the next call. */
TRACK_INLINE struct address *
address_at(struct region *by_ip, uint32_t ip)
{
	size_t at = (size_t)ip * sizeof(struct address);

	region_reserve(by_ip, at + sizeof(struct address));
	return (struct address *)(void *)(by_ip->p + at);
}

/* ---- connections ---- */

#define CONNECTION_USERS 4u

struct connection {
	struct entry entry;
	uint32_t host, instance; /* with pid: the key */
	uint32_t next; /* of its chain; 0: none */
	int64_t pid;
	bool open;
	bool aborted; /* hung up in the middle of AUTH */
	bool unasked; /* its process could not ask for the login that is told next */
	uint8_t user_count;
	uint32_t users[CONNECTION_USERS]; /* logins told */
	int64_t told, limited, successes;
};

#define PROCESS_CHAINS 4096u

struct connections {
	struct registry registry; /* not filed */
	bool unasked;             /* one of them was: in most logs none ever is */
	uint32_t chains[PROCESS_CHAINS];
};

/* ---- logins ---- */

/* Who tells of an attempt: the authentication service, or who asked it. */
enum teller { TELLER_ASKED, TELLER_ASKING, TELLERS };

/* Seconds that the service may be behind who asked it, where stamps or pipes are coarse. */
#define LOGIN_LATE 3

/* Attempts of a second that wait to be told of by the other teller. */
struct telling {
	uint32_t second; /* since 1970 */
	uint32_t attempts;
};

/* One that is not the newest. */
struct earlier {
	uint32_t newer, older; /* 0: none */
	struct telling telling;
};

/*
 * One teller's. What a later piece of a log has is what came last; below it the whole log may
 * have more: none of it later than `doubt`, or TRACK_LATE behind the piece's beginning.
 */
struct tellings {
	struct telling newest;   /* if it has attempts; else there is none */
	uint32_t below, oldest;  /* the next one, and the last; 0: none */
	int64_t doubt; /* the last one set aside; INT64_MIN: none */
};

/* Attempts of one client that have no session. */
struct login {
	struct entry entry;
	uint32_t ip, outcome; /* the key */
	uint32_t next;        /* of the same address; 0: none */
	struct tellings by[TELLERS];
};

struct logins {
	struct registry registry; /* not filed */
	struct region *by_ip;     /* the tracker's */
	struct pool earlier;
	uint32_t strays; /* so many were set aside */
};

/* A session of an IMAP login process and the like. */
struct login_session {
	struct entry entry;
	uint64_t key;
	int64_t told;   /* attempts that the authentication service told of */
	int64_t owed;   /* summed up that it may tell of yet */
	int64_t summed; /* when; INT64_MIN: not yet */
	bool aside;     /* lines of it were set aside, so that all must be */
};

/* ---- postscreen sessions ---- */

enum session_flags {
	SESSION_WHOLE = 1 << 0, /* its CONNECT was seen */
	SESSION_DEFERRED = 1 << 1,
	SESSION_REJECTED = 1 << 2,
	SESSION_LIMITED = 1 << 3,
	SESSION_HANGUP = 1 << 4,
	SESSION_PASSED = 1 << 5, /* PASS NEW: handed off unless DISCONNECT follows */
	SESSION_FAILING = 1 << 6, /* filed, failed tests and nothing else: in `failing` */
	SESSION_RANK = 1 << 7,
	SESSION_VETO = 1 << 8,
};

struct session {
	struct entry entry;
	struct session_key {
		uint32_t host, instance, ip, port;
	} key;
	uint16_t flags; /* enum session_flags */
	uint16_t tests; /* failed; see session.c */
	uint32_t attempts;
	uint64_t serial;
	int64_t touched, pid;
	struct links links; /* in passed */
	uint32_t next;      /* of the same address, neither filed; 0: none */
	/* What is only told, set if is_told_whole(). */
	uint32_t program, daemon, server_ip;
	int64_t start, rank, server_port; /* -1: unknown (not rank) */
};

/* A session that began in a later piece of a log, over by now or not. */
struct begun {
	struct session_key key;
	uint64_t ordinal;
};

#define STRAYS 256u

/*
 * Some sessions of an address, most often all, are a chain that the address' dense
 * dictionary number leads to, without a hash; the others are filed.
 */
struct sessions {
	struct registry registry;
	struct region *by_ip; /* the tracker's */
	struct slots failing; /* SESSION_FAILING: by host, instance, address */
	struct list passed;   /* SESSION_PASSED, oldest first */
	int64_t due;          /* until then, time ends none */
	int64_t strays[STRAYS]; /* last event of an unknown one set aside, by address */
	uint32_t stray_count;
	/* Not from the log's beginning: all that began, of struct begun. */
	struct region begun;
	uint32_t begun_count;
};

/* A byte of `marks` for each, in their order. */
#define SESSION_CHAIN 4u
#define MARKS_ALL UINT32_C(0x01010101)

/* In the first one's mark: it failed tests and did nothing else. */
#define MARK_FAILED UINT32_C(0x80)

/* There are, or were, others of this address that are filed. */
#define HELD_MORE (UINT32_C(1) << 31)
/* Some of these are, or were, in `failing`. */
#define HELD_FAILING (UINT32_C(1) << 30)
/* The number of the chain's first. */
#define HELD_FIRST (HELD_FAILING - 1)

/* ---- clients, from first 450 to first pass ---- */

#define CLIENT_PASSES 4u

struct client {
	struct entry entry;
	uint32_t ip;
	bool known;   /* false: events before this piece of the log may matter */
	bool waiting; /* got a 450 */
	uint8_t pass_count;
	uint32_t host;
	uint32_t attempts; /* sessions with a 450 */
	uint32_t first_port, last_port;
	int64_t first, last; /* 450s */
	struct {
		int64_t at;
		uint32_t port;
	} passes[CLIENT_PASSES]; /* PASS NEW: has passed unless DISCONNECT follows */
};

/*
 * Dictionary numbers of addresses are dense: they find a client without a hash. Most
 * clients have no record, as there is nothing to know of them.
 */
struct clients {
	struct registry registry; /* of struct client, not filed */
	struct region *by_ip;     /* the tracker's */
	struct region known;      /* of one that was retired: addresses that are known */
	uint32_t known_count;
};

/* No record, and what was before this piece of the log does not matter any more. */
#define CLIENT_KNOWN UINT32_MAX

/* What a piece knows of a client up to its first pass; see reconnect.c. */
struct summary {
	uint32_t ip, host;
	uint32_t attempts; /* sessions with a 450; 0: no more is known than that it passed */
	uint32_t first_port, last_port;
	int64_t first, last;   /* 450s */
	int64_t passed, since; /* when, and when that was certain */
};

/* ---- events set aside ---- */

/* A telling that was sure, when one behind it was set aside. */
struct login_note {
	uint32_t ip, outcome, teller, second, attempts;
};

struct seam {
	struct region bytes;
	size_t len;
};

/* ---- the tracker ---- */

/* So many events before an event is told, what is held of its address is fetched. */
#define TOLD_AHEAD 8u

struct track {
	struct track_limits limits;
	bool from_start;
	int64_t first;    /* time of the first event; INT64_MIN: none yet */
	int64_t latest, earliest; /* of all events, if there is a first */
	bool stepped;     /* one was earlier than others before it by more than TRACK_LATE */
	bool unsure;      /* what the pieces before had decides what was not set aside */
	int64_t assumed;  /* nothing of the pieces before was later: see track_is_past() */
	bool crowded;     /* what was not over had to make room */
	uint64_t ordinal; /* of the event at hand */
	uint64_t plain;   /* derived kinds of which only a part is made: see track_wants() */
	uint32_t hop;     /* replaying: the message that the event at hand refers to */
	struct region by_ip; /* struct address by IP number */
	struct messages messages;
	struct registry recent; /* verdicts */
	struct connections connections;
	struct logins logins;
	struct registry login_sessions;
	struct sessions sessions;
	struct clients clients;
	struct seam seam;
	struct track_stats stats;
	uint8_t told[KINDS]; /* is somebody told of events of this kind? */
	/* track_batch(): those to be told of, and behind them some only to be fetched. */
	struct told {
		const struct event *event[EVENT_BATCH + TOLD_AHEAD];
		uint8_t kind[EVENT_BATCH];
	} todo;
};

#endif
