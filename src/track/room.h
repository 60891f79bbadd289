/* SPDX-License-Identifier: Apache-2.0
 *
 * The track room's own door: what is held of a message, a connection, a
 * postscreen session and a client, and who works on it.
 *
 * All text is held as dictionary numbers; only queue ids and Message-IDs are
 * bytes. Whether a thing counts as over is decided by comparing the times of
 * events with each other, never by when somebody looked: so a log tracked in
 * pieces comes out as one tracked whole.
 */
#ifndef TRACK_ROOM_H
#define TRACK_ROOM_H

#include "base/civil.h"
#include "track/registry.h"
#include "track/track.h"

/* A message handed to a filter turns up again within this time, or is another one. */
#define HOP_WINDOW (600 * USEC_PER_SEC)

/* It waits for the filter in the queue so long without a word. */
#define QUEUE_WINDOW USEC_PER_HOUR

/* The verdict on a message may come so long after its end: where logs are merged. */
#define VERDICT_WINDOW (2 * USEC_PER_SEC)

/* postscreen's DISCONNECT follows PASS NEW, and smtpd's connect a handoff, within this. */
#define HANDOFF_WINDOW (60 * USEC_PER_SEC)

/* A session that failed tests and is silent for so long has been handed off. */
#define SESSION_SILENCE (600 * USEC_PER_SEC)

/* Removed messages that still wait for their hops, at most. */
#define LINGERING_MAX 4096u

/* A message that went through filters has this many queue ids at most. */
#define FAMILY_MAX 256u

/* Things under one hash (same Message-ID, same client) that are looked at, at most. */
#define SAME_HASH_MAX 16u

/* Recipients of one message held at most, and of all for each message of the limit. */
#define RECIPIENTS_MAX 65536u
#define RECIPIENTS_SHARE 8u

/* What of a Message-ID is kept; RFC 5322 allows no line over 998. */
#define MSGID_MAX 998u

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
	MESSAGE_INDEXED = 1 << 12, /* recipients are found through by_recipient */
	MESSAGE_SOUGHT = 1 << 13, /* in by_msgid */
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
	/* So far what nearly every event looks at. */
	char qid[QID_MAX];
	bool claims;      /* one of `pending` is its claim to verdicts before this piece */
	uint32_t pending; /* set-aside events that will refer to it */
	uint64_t serial;  /* ordinal of the event that opened it: who is older; 0: freed */
	uint64_t closed;  /* ordinal of the event that closed it */
	struct place end; /* and where that stands */
	int64_t start;
	int64_t since;    /* of a complete family's root: its last event */
	int64_t port, uid, size, nrcpt; /* -1: unknown */
	int64_t delay;                  /* largest of a final delivery; -1: none */
	uint32_t program, daemon, instance;
	uint32_t ip, name, user, mechanism, sender;
	/* The family: all hops of one message, in a ring. */
	uint32_t parent; /* MESSAGE_NAMED: by whom */
	uint32_t next_member, previous_member;
	uint32_t members;             /* of the root: in the ring */
	struct links links;           /* in `waiting` */
	uint32_t recipients, recipient_count;
	uint32_t uncounted[LAST_STATUSES]; /* recipients beyond RECIPIENTS_MAX */
	uint64_t msgid_hash;               /* 0: unknown */
	uint64_t named; /* ordinal of the event that told it */
	uint32_t msgid, msgid_len;
	struct verdict verdict; /* the worst */
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

/* How a `sent` recipient was handed on to another queue id, if it was. */
enum handed { HANDED_NOT, HANDED_NAMED, HANDED_FILTER };

struct recipient {
	uint32_t next, message;
	uint32_t recipient, orig;
	uint8_t status; /* enum last_status */
	uint8_t handed;
};

struct messages {
	struct registry registry;
	struct slots by_msgid;     /* candidates for parents by Message-ID */
	struct slots by_recipient; /* of messages with many */
	struct pool recipients;    /* of struct recipient */
	struct pool blocks;        /* of Message-IDs; see recipient.c */
	struct list waiting[WAITINGS]; /* families by what they wait for, oldest first */
	int64_t stray;             /* last event of an unknown message set aside */
};

/* What BY_IP, an array by IP number, holds of IP; 0 beyond its end. */
TRACK_INLINE uint32_t
held_of(const struct region *by_ip, uint32_t ip)
{
	size_t at = (size_t)ip * sizeof(uint32_t);

	return at < by_ip->size ? *(const uint32_t *)(void *)(by_ip->p + at) : 0;
}

TRACK_INLINE void
set_held(struct region *by_ip, uint32_t ip, uint32_t held)
{
	size_t at = (size_t)ip * sizeof(uint32_t);

	region_reserve(by_ip, at + sizeof(uint32_t));
	*(uint32_t *)(void *)(by_ip->p + at) = held;
}

/* ---- connections ---- */

#define CONNECTION_USERS 4u

struct connection {
	struct entry entry;
	uint32_t host, instance; /* with pid: the key */
	int64_t pid;
	bool open;
	bool aborted; /* hung up in the middle of AUTH */
	uint8_t user_count;
	uint32_t users[CONNECTION_USERS]; /* logins told */
	int64_t told, limited, successes;
};

/* ---- logins ---- */

/* Who tells of an attempt: the authentication service, or who asked it. */
enum teller { TELLER_ASKED, TELLER_ASKING, TELLERS };

/* Seconds that the service may be behind who asked it, where stamps or pipes are coarse. */
#define LOGIN_LATE 3

/* Seconds with attempts that wait to be told of by the other teller, at most. */
#define TELLINGS_MAX 16u

struct telling {
	uint32_t second; /* since 1970 */
	uint32_t attempts;
};

/* One teller's, newest last. */
struct tellings {
	struct telling at[TELLINGS_MAX];
	uint32_t count;
	int64_t doubt; /* the last one set aside; INT64_MIN: none */
};

/* Attempts of one client that have no session. */
struct login {
	struct entry entry;
	uint32_t ip, outcome; /* the key */
	struct tellings by[TELLERS];
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
	SESSION_FAILING = 1 << 6, /* in `failing` */
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
	int64_t start, touched, pid, rank, server_port; /* -1: unknown (not rank) */
	uint32_t program, daemon, server_ip;
	struct links links; /* in passed */
};

#define STRAYS 256u

/*
 * One session of an address, most often the only one, is found by the address' dense
 * dictionary number without a hash; the others are filed.
 */
struct sessions {
	struct registry registry;
	struct region by_ip;  /* uint32_t by IP number: one that is not filed, HELD_MORE */
	struct slots failing; /* failed tests and nothing else: by host, instance, address */
	struct list passed;   /* SESSION_PASSED, oldest first */
	int64_t strays[STRAYS]; /* last event of an unknown one set aside, by failing's hash */
};

/* There are, or were, others of this address that are filed. */
#define HELD_MORE (UINT32_C(1) << 31)

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
	struct region by_ip;      /* uint32_t by IP number: a record, CLIENT_KNOWN, or 0 */
};

/* No record, and what was before this piece of the log does not matter any more. */
#define CLIENT_KNOWN UINT32_MAX

/* ---- events set aside ---- */

struct seam {
	char *bytes;
	size_t len, room;
};

/* ---- the tracker ---- */

struct track {
	struct track_limits limits;
	bool from_start;
	int64_t first;    /* time of the first event; INT64_MIN: none yet */
	int64_t latest, earliest; /* of all events, if there is a first */
	bool stepped;     /* one was earlier than others before it by more than TRACK_LATE */
	uint64_t ordinal; /* of the event at hand */
	uint64_t told;    /* kinds of events that somebody is told of */
	uint64_t plain;   /* derived kinds of which only a part is made: see track_wants() */
	uint32_t hop;     /* replaying: the message that the event at hand refers to */
	struct messages messages;
	struct registry recent; /* verdicts */
	struct registry connections;
	struct registry logins, login_sessions;
	struct sessions sessions;
	struct clients clients;
	struct seam seam;
	struct track_stats stats;
	uint16_t todo[EVENT_BATCH]; /* track_batch(): indexes of those to be told of */
};

typedef void handler(struct track *track, const struct event *ev, struct track_out *out);

/*
 * Up to two are told of an event. Each has a place of its own in what is set
 * aside, since one may know the thing that the other does not.
 */
#define HANDLERS 2
void track_tell(struct track *track, unsigned which, const struct event *ev,
    struct track_out *out);

/*
 * Could something unseen, last heard of at STRAY or before the piece, matter at NOW? Nothing
 * before the piece was later than its first event by more than TRACK_LATE, or it would not be
 * one of its own: see track_continues().
 */
static inline bool
track_in_reach(const struct track *track, int64_t stray, int64_t now, int64_t window)
{
	return !track->from_start && (now <= track->first + TRACK_LATE + window ||
	    (stray != INT64_MIN && now <= stray + window));
}

/* What was over at this time is over for good: nothing comes later than that. */
static inline int64_t
track_gone(const struct track *track)
{
	return track->latest - TRACK_LATE;
}

/* The time of an event at NOW: where clocks were set back, nothing that is over comes again. */
static inline int64_t
track_now(const struct track *track, int64_t now)
{
	return now > track_gone(track) ? now : track_gone(track);
}

/* Is TEXT, a known field's value, WORD? Its number says so, if it has one. */
TRACK_INLINE bool
is_word(const struct event *ev, struct text text, enum word word, struct str letters)
{
	if (text.id != SYMBOL_ABSENT)
		return text.id == word;
	return str_eq(event_str(ev, text), letters);
}

/* Is the daemon the word NAME? */
#define DAEMON_IS(ev, name)                                                                 \
	(event_knows((ev), FIELD_daemon) &&                                                 \
	    is_word((ev), (ev)->daemon, WORD_##name, STR(#name)))

/* Is the action WORD, which parsers say by its number or the line by its letters? */
static inline bool
action_is(const struct event *ev, enum word word, struct str letters)
{
	struct text action = ev->action;

	/* With letters, a number is the dictionary's. */
	action.id = action.len ? SYMBOL_ABSENT : action.id;
	return event_knows(ev, FIELD_action) && is_word(ev, action, word, letters);
}

#define ACTION_IS(ev, name) action_is((ev), WORD_##name, STR(#name))

/* By local(8), which says relay=local: tells also where the daemon's name was cut off. */
static inline bool
by_local(const struct event *ev)
{
	return DAEMON_IS(ev, local) || (DAEMON_IS(ev, postfix) &&
	    event_knows(ev, FIELD_relay) && str_eq(event_str(ev, ev->relay), STR("local")));
}

/* The number of a field: SYMBOL_ABSENT, or -1, when unknown. */
#define NUMBERED(ev, field) (event_knows((ev), FIELD_##field) ? (ev)->field.id : SYMBOL_ABSENT)
#define NUMBER_OR_NONE(ev, field) (event_knows((ev), FIELD_##field) ? (ev)->field : -1)

/* message.c: what each kind of event does to its message */
handler message_accept, message_submitted, message_id, message_queued, message_delivery,
    message_removed, message_expired, message_refused;

/* The live or lingering message with this id on HOST; QID may be anything. */
struct message *message_find(const struct messages *messages, uint32_t host, struct str qid);

entry_hash message_hash;

/* Gives it and what it holds back. It must be alone. */
void message_free(struct track *track, struct message *message);

/* The id of MESSAGE is used again: it is closed as lost, or forgotten. */
void message_replace(struct track *track, struct message *message, struct track_out *out);

/* It is over: its family may be complete now. */
void message_close(struct track *track, struct message *message, struct track_out *out);

static inline struct message *
message_at(const struct messages *messages, uint32_t number)
{
	return pool_sized_at(&messages->registry.pool, number, sizeof(struct message));
}

static inline struct message *
message_root(const struct messages *messages, struct message *message)
{
	return message->root ? message_at(messages, message->root) : message;
}

/* messages.c: the table of messages as a whole */
void messages_init(struct messages *messages);
void messages_free(struct messages *messages);
void messages_renumber(struct messages *messages, uint32_t *const remap[DOMAINS]);
void messages_finish(struct track *track, struct track_out *out);

/*
 * Joining: copies NEXT's messages, found by nobody yet; returns their new numbers
 * by old. Then, after the replay, they are filed and wait where they waited.
 */
uint32_t *messages_adopt(struct track *into, const struct track *next, uint64_t base);
void messages_settle(struct track *into, const struct track *next, const uint32_t *numbers,
    uint64_t base, struct track_out *out);

/*
 * Can a hop still turn up, or be named, when all are closed? ROOT are the root's
 * flags, ANY those of any member.
 */
static inline bool
message_lingers(unsigned root, unsigned any)
{
	return (root & (MESSAGE_OPENED | MESSAGE_LOCAL)) != MESSAGE_OPENED ||
	    any & MESSAGE_FILTERED;
}

/* recipient.c */
static inline struct recipient *
recipient_at(const struct messages *messages, uint32_t number)
{
	return pool_sized_at(&messages->recipients, number, sizeof(struct recipient));
}

void recipients_init(struct messages *messages);

/* The recipient, added if new; NULL beyond RECIPIENTS_MAX. */
struct recipient *recipient_get(struct messages *messages, struct message *message,
    uint32_t recipient, uint32_t orig);
struct recipient *recipient_find(const struct messages *messages,
    const struct message *message, uint32_t recipient, uint32_t orig);
void recipients_free(struct messages *messages, struct message *message);

/* Moves copies of FROM's recipients and Message-ID to TO, itself a copy of FROM. */
void recipients_adopt(struct messages *into, struct message *to, const struct messages *next,
    const struct message *from);
void recipients_renumber(struct messages *messages, uint32_t *const remap[DOMAINS]);

/* Its hash, and WITH_TEXT its bytes. */
void msgid_store(struct messages *messages, struct message *message, struct str msgid,
    bool with_text);
void msgid_free(struct messages *messages, struct message *message);

/* Copies it to TO, which has room for message->msgid_len. */
void msgid_copy(const struct messages *messages, const struct message *message, char *to);

/* hop.c */

/* The message that EV, a delivery, says it was handed on as; NULL if that cannot be. */
struct message *hop_named(const struct messages *messages, const struct event *ev);
bool hop_allowed(const struct messages *messages, const struct message *parent,
    const struct message *child, const struct event *ev);
void hop_link(struct track *track, struct message *parent, struct message *child,
    enum message_flags how, struct track_out *out);
void hop_unlink(struct messages *messages, struct message *child);

typedef void hop_deed(struct track *track, struct message *message, const struct event *ev,
    struct track_out *out);

/* Looks for the parent of MESSAGE, whose Message-ID EV just told. */
hop_deed hop_seek;

/* Makes MESSAGE a possible parent for later ones with its Message-ID, or no more. */
void hop_offer(struct messages *messages, struct message *message);
void hop_withdraw(struct messages *messages, struct message *message);

/* Replay what hop_seek() and a delivery of MESSAGE set aside for later. */
hop_deed hop_seek_again, hop_link_again;

/* The hash under which by_msgid has those with MSGID_HASH. */
uint32_t hop_hash(uint64_t msgid_hash);

/* verdict.c */
handler verdict_told;

/* MESSAGE takes what was decided on it before it was known by its Message-ID. */
hop_deed verdict_claim;

/* Is there a verdict, and is there none before, or a better one? The first one stands. */
bool verdict_is_worse(const struct verdict *verdict, const struct verdict *than);

void verdicts_init(struct registry *recent);
void verdicts_renumber(struct registry *recent, uint32_t *const remap[DOMAINS]);

/* family.c */

/* All members are closed: emits the message, now or when no more hop can come. */
void family_complete(struct track *track, struct message *root, struct track_out *out);

/* Takes MESSAGE out of the list in which it waits, if it does. */
void family_stop_waiting(struct messages *messages, struct message *root);

/* Emits the message as it stands and forgets it. */
void family_end(struct track *track, struct message *root, struct track_out *out);

/* Ends families that waited long enough at NOW, and what is beyond the limits. */
void family_sweep(struct track *track, int64_t now, struct track_out *out);

/* connection.c */
handler connection_connect, connection_disconnect, connection_accept, connection_abort,
    connection_limit, connection_auth;

void connections_init(struct registry *connections);
void connections_renumber(struct registry *connections, uint32_t *const remap[DOMAINS]);
void connections_adopt(struct track *into, const struct track *next);

/* login.c */

/* What EV, which tells of a login, says became of it. */
enum outcome login_outcome(const struct event *ev);

/* How many attempts the line tells of. */
int64_t login_count(const struct event *ev);

/* Emits COUNT attempts that EV told of. */
void login_attempt(struct track *track, const struct event *ev, enum outcome outcome,
    int64_t count, struct track_out *out);

/* Sets EV aside, which tells of COUNT attempts that are not accounted for here. */
void login_set_aside(struct track *track, const struct event *ev, int64_t count);

handler login_told;

void logins_init(struct track *track);
void logins_free(struct track *track);
void logins_renumber(struct track *track, uint32_t *const remap[DOMAINS]);
void logins_adopt(struct track *into, const struct track *next);

/* login-session.c: EV is the authentication service's line, or the login process's sum. */
void login_session_told(struct track *track, const struct event *ev, enum outcome outcome,
    struct track_out *out);
void login_session_summed(struct track *track, const struct event *ev, enum outcome outcome,
    struct track_out *out);

void login_sessions_init(struct registry *sessions);
void login_sessions_adopt(struct track *into, const struct track *next);

/* session.c */
handler session_connect, session_list, session_pass, session_dnsbl, session_pregreet,
    session_hangup, session_reject, session_violation, session_disconnect, session_handoff;

void sessions_init(struct sessions *sessions);
void sessions_free(struct sessions *sessions);
void sessions_renumber(struct sessions *sessions, uint32_t *const remap[DOMAINS]);
void sessions_adopt(struct track *into, const struct track *next, uint64_t base,
    struct track_out *out);
void sessions_finish(struct track *track, int64_t end, struct track_out *out);

/* reconnect.c */
handler client_list, client_pass, client_reject, client_disconnect;

/* What a piece knows of a client up to its first pass; see reconnect.c. */
handler client_summary;

void clients_init(struct clients *clients);
void clients_free(struct clients *clients);
void clients_renumber(struct clients *clients, uint32_t *const remap[DOMAINS]);
void clients_adopt(struct track *into, const struct track *next, struct track_out *out);
void clients_finish(struct track *track, struct track_out *out);

/* seam.c */

/* What is to be done with an event set aside. */
enum seam_deed {
	SEAM_HANDLER,                        /* + which: track_tell(which) */
	SEAM_SEEK = SEAM_HANDLER + HANDLERS, /* hop_seek_again() */
	SEAM_LINK,                           /* hop_link_again() */
	SEAM_CLAIM,                          /* verdict_claim() */
	SEAM_CLIENT,                         /* client_summary() */
};

/* Sets EV aside. HOP is a message it refers to, or NULL; it will wait for the replay. */
void seam_add(struct track *track, const struct event *ev, enum seam_deed deed,
    struct message *hop);
void seam_renumber(struct seam *seam, uint32_t *const remap[DOMAINS]);

/* Replays NEXT's on INTO; NUMBERS and BASE as messages_adopt() had them. */
void seam_replay(struct track *into, const struct track *next, const uint32_t *numbers,
    uint64_t base, struct track_out *out);

/* Is all there is to say of derived events of KIND to be made, or the plain part only? */
static inline bool
is_told_whole(const struct track *track, enum kind kind)
{
	return !(track->plain >> kind & 1);
}

/* A derived event at TIME with nothing else set. */
TRACK_INLINE struct event *
out_event(struct track_out *out, enum kind kind, int64_t time)
{
	struct event *ev;

	MEM_GROW(out->events, out->count, out->room);
	ev = &out->events[out->count++];
	ev->known[0] = ev->known[1] = 0;
	ev->line = "";
	ev->line_len = 0;
	ev->weight = 1;
	ev->tag_no = ev->host_no = 0;
	ev->offset = ev->id = 0;
	ev->source_no = 0;
	ev->trigger = out->trigger;
	EVENT_SET(ev, kind, (uint8_t)kind);
	EVENT_SET(ev, time, time);
	EVENT_SET(ev, derived, true);
	return ev;
}

/* out.c */

/* Where EV says it happened. */
void out_place(struct event *to, const struct event *ev);

/* The derived event's raw text: SIZE bytes for EVENT_TEXT() to point into. */
char *out_line(struct track_out *out, struct event *ev, size_t size);

/* EVENT_SET for text by number; not known when it is absent. No branch: nothing foretells it. */
#define OUT_NUMBERED(ev, member, number)                                                    \
	out_number((ev), &(ev)->member, FIELD_##member, (number))

/* EVENT_SET if IS_KNOWN. */
#define OUT_SET_IF(ev, member, value, is_known)                                             \
	((ev)->member = (value), out_mark((ev), FIELD_##member, (is_known)))

TRACK_INLINE void
out_mark(struct event *ev, enum field field, bool is_known)
{
	ev->known[field / 64] |= (uint64_t)is_known << (field % 64);
}

TRACK_INLINE void
out_number(struct event *ev, struct text *member, enum field field, uint32_t number)
{
	*member = (struct text){.id = number};
	out_mark(ev, field, number != SYMBOL_ABSENT);
}

static inline uint32_t
renumbered(uint32_t *const remap[DOMAINS], enum domain domain, uint32_t number)
{
	uint32_t *to = &remap[domain][number];

	if (number != SYMBOL_ABSENT && *to == TRACK_UNGIVEN)
		*to = remap[domain][SYMBOL_ABSENT]++;
	return number == SYMBOL_ABSENT ? number : *to;
}

#endif
