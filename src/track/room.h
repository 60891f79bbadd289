/* SPDX-License-Identifier: Apache-2.0
 *
 * The track room's own door: who works on what is held (see held.h), and how long
 * things last. Whether a thing counts as over is decided by comparing the times of
 * events with each other, never by when somebody looked: so a log tracked in
 * pieces comes out as one tracked whole.
 */
#ifndef TRACK_ROOM_H
#define TRACK_ROOM_H

#include "base/civil.h"
#include "track/held.h"
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

/* A message that went through filters has this many queue ids at most. */
#define FAMILY_MAX 256u

/* Failed sessions of one client that are looked at, at most. */
#define SAME_HASH_MAX 16u

/* Possible parents with one Message-ID. */
#define SOUGHT_MAX 256u

/* Recipients of one message held at most, and of all for each message of the limit. */
#define RECIPIENTS_MAX 65536u
#define RECIPIENTS_SHARE 8u

/* Seconds in which logins wait to be told of again, at most: for each login of the limit. */
#define TELLINGS_SHARE 16u

/* What of a Message-ID is kept; RFC 5322 allows no line over 998. */
#define MSGID_MAX 998u

/* Is all there is to say of derived events of KIND to be made, or the plain part only? */
static inline bool
is_told_whole(const struct track *track, enum kind kind)
{
	return !(track->plain >> kind & 1);
}

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

/* What is done is right only if the pieces before had nothing later than UNTIL. */
static inline void
track_assume(struct track *track, int64_t until)
{
	if (!track->from_start && until < track->assumed)
		track->assumed = until;
}

/*
 * Was any event later than UNTIL? What is over then may be gone. Of the pieces before it is
 * assumed that they had none, which track_continues() looks after.
 */
static inline bool
track_is_past(struct track *track, int64_t until)
{
	if (track->latest > until)
		return true;
	track_assume(track, until);
	return false;
}

/* What was over at this time is over for good: nothing comes later than that. */
static inline int64_t
track_gone(const struct track *track)
{
	return track->latest - TRACK_LATE;
}

/*
 * The time of an event at NOW: where clocks were set back, nothing that is over comes again.
 */
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
TRACK_INLINE bool
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
    message_removed, message_expired, message_refused, message_filtered;

/* The live or lingering message with this id on HOST; QID may be anything. */
struct message *message_find(const struct messages *messages, uint32_t host, struct str qid);

entry_hash message_hash;

/* Of a queue id, the host apart: 64 bits, for there are many in a log. */
uint64_t message_id_hash(struct str qid);

/* Of a Message-ID, which Exim writes without its <>; never 0. */
TRACK_INLINE uint64_t
msgid_hash(struct str msgid)
{
	if (msgid.len > 2 && msgid.p[0] == '<' && msgid.p[msgid.len - 1] == '>')
		msgid = str_range(msgid.p + 1, msgid.p + msgid.len - 1);
	return hash_bytes(msgid.p, msgid.len) | 1;
}

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
bool messages_finish(struct track *track, size_t most, struct track_out *out);

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

/* opened.c: HOST opened the id with this hash, in the event ORDINAL. */
void opened_add(struct messages *messages, uint32_t host, uint64_t id, uint64_t ordinal);

/*
 * Did this piece, which is not the first, see QID opened? Older ones have nothing of it then.
 */
bool opened_here(struct track *track, uint32_t host, struct str qid);

void opened_free(struct messages *messages);
void opened_renumber(struct messages *messages, uint32_t *const remap[DOMAINS]);
void opened_adopt(struct track *into, const struct track *next, uint64_t base);

/* An id by its hash, and the event that opened it. */
struct opening {
	uint64_t id, ordinal;
	uint32_t host;
};

/* An id that an older piece has, and where the piece behind it opened it again. */
struct reopening {
	struct opening opened; /* by event UINT64_MAX: by none that is known yet */
	uint8_t qid_len;
	char qid[QID_MAX];
};

struct reopenings {
	struct reopening *list;
	size_t count, room, done;
	struct bins bins; /* of numbers in `list`, from 1 on, by id */
};

/* QID may be one of them. */
void reopenings_add(struct reopenings *reopenings, uint32_t host, struct str qid);

/* Leaves those that NEXT opened, in order. */
void reopenings_find(struct reopenings *reopenings, const struct track *next);
void reopenings_free(struct reopenings *reopenings);

/* Replaces INTO's messages whose ids NEXT opened again up to its event ORDINAL. */
void reopenings_until(struct reopenings *reopenings, struct track *into, uint64_t ordinal,
    uint64_t base, struct track_out *out);

/* recipient.c */
static inline struct recipient *
recipient_at(const struct messages *messages, uint32_t number)
{
	return pool_sized_at(&messages->recipients, number, sizeof(struct recipient));
}

/* All recipients of MESSAGE, the first and then the last first. */
#define EACH_RECIPIENT(r, messages, message)                                                \
	(struct recipient *r = (message)->recipient_count ? &(message)->first : NULL; r;    \
	    r = r->next ? recipient_at((messages), r->next) : NULL)

void recipients_init(struct messages *messages);

/* What recipient_get() does with another one than the first. */
struct recipient *recipient_get_other(struct messages *messages, struct message *message,
    uint32_t recipient, uint32_t orig);

/* The recipient, added if new; NULL beyond RECIPIENTS_MAX. */
TRACK_INLINE struct recipient *
recipient_get(struct messages *messages, struct message *message, uint32_t recipient,
    uint32_t orig)
{
	struct recipient *first = &message->first;

	if (message->recipient_count == 0) {
		*first = (struct recipient){.message = message->entry.number,
		    .recipient = recipient, .orig = orig};
		message->recipient_count = 1;
		return first;
	}
	if (first->recipient == recipient && first->orig == orig)
		return first;
	return recipient_get_other(messages, message, recipient, orig);
}

struct recipient *recipient_find(const struct messages *messages, struct message *message,
    uint32_t recipient, uint32_t orig);

/* Gives all but the first back, which are some. */
void recipients_free(struct messages *messages, struct message *message);

/* Moves copies of FROM's recipients and Message-ID to TO, itself a copy of FROM. */
void recipients_adopt(struct messages *into, struct message *to, const struct messages *next,
    const struct message *from);
void recipients_renumber(struct messages *messages, uint32_t *const remap[DOMAINS]);

/* Its bytes, which are told. */
void msgid_store(struct messages *messages, struct message *message, struct str msgid);
void msgid_free(struct messages *messages, struct message *message);

/* Copies it to TO, which has room for message->msgid_len. */
void msgid_copy(const struct messages *messages, const struct message *message, char *to);

/* hop.c */

/* The message that EV, a delivery, says it was handed on as; NULL if that cannot be. */
struct message *hop_named(struct track *track, const struct event *ev);
bool hop_allowed(struct track *track, const struct message *parent,
    const struct message *child, const struct event *ev);

/* Is IP, an address or anything else, one of the own network's? */
bool hop_is_near(struct str ip);

/* May a message that is under way yet say that ROOT, of the own network, is a hop of it? */
bool hop_is_awaited(const struct track *track, const struct message *root);
void hop_link(struct track *track, struct message *parent, struct message *child,
    enum message_flags how, struct track_out *out);
void hop_unlink(struct messages *messages, struct message *child);

typedef void hop_deed(struct track *track, struct message *message, const struct event *ev,
    struct track_out *out);

/* Looks for the parent of MESSAGE, whose Message-ID EV just told. */
hop_deed hop_seek;

/* Makes MESSAGE a possible parent for later ones with its Message-ID; one that is, no more. */
void hop_offer(struct track *track, struct message *message);
void hop_withdraw(struct messages *messages, struct message *message);

/* Replay what hop_seek() and a delivery of MESSAGE set aside for later. */
hop_deed hop_seek_again, hop_link_again;

/* The chain that a sought message with HASH is in. */
TRACK_INLINE uint32_t *
hop_chain(const struct messages *messages, uint64_t hash)
{
	return &messages->by_msgid[hash >> 8 & messages->sought_mask];
}

static inline struct message *
hop_sought(const struct messages *messages, uint64_t hash)
{
	uint32_t number = *hop_chain(messages, hash);

	return number ? message_at(messages, number) : NULL;
}

static inline struct message *
hop_next_sought(const struct messages *messages, const struct message *m)
{
	return m->next_sought ? message_at(messages, m->next_sought) : NULL;
}

/* All of MESSAGES that are sought and have the Message-ID with HASH. */
#define EACH_SOUGHT(m, messages, hash)                                                      \
	(struct message *m = hop_sought((messages), (hash)); m;                             \
	    m = hop_next_sought((messages), m)) if (m->msgid_hash == (hash))

void hops_init(struct messages *messages);

/* verdict.c */

/* Does anybody ask what filters decided? Otherwise nothing of it is kept. */
static inline bool
verdicts_matter(const struct track *track)
{
	return is_told_whole(track, KIND_message);
}

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

/* The same of a message that is a family of its own and closed: see below. */
void family_end_at_once(struct track *track, struct message *message, struct track_out *out);

/* Ends families that waited long enough at NOW, and what is beyond the limits. */
void family_sweep(struct track *track, int64_t now, struct track_out *out);
void family_sweep_all(struct track *track, int64_t now, struct track_out *out);

/* Are there more messages or recipients than there may be? */
TRACK_INLINE bool
family_too_many(const struct track *track)
{
	return track->messages.registry.pool.live > track->limits.messages ||
	    track->messages.recipients.live / RECIPIENTS_SHARE > track->limits.messages;
}

/* Is MESSAGE, when it is closed, to be emitted at once, as nothing can come of it? */
TRACK_INLINE bool
family_ends_at_once(const struct track *track, const struct message *message)
{
	return message->next_member == message->entry.number && message->pending == 0 &&
	    (message->flags & (MESSAGE_OPENED | MESSAGE_LOCAL | MESSAGE_NEAR |
	        MESSAGE_FILTERED | MESSAGE_HELD)) == MESSAGE_OPENED &&
	    !verdicts_matter(track);
}

/* connection.c */
handler connection_connect, connection_disconnect, connection_accept, connection_abort,
    connection_limit, connection_auth;

/*
 * Whether who asked says in EV, a failed login, no more than that nobody could be asked.
 * False: it is not known here, as the process's lines before are not. Once: for the next.
 */
bool connection_asked(struct track *track, const struct event *ev, bool *ret_asked);

void connections_init(struct connections *connections);
void connections_free(struct connections *connections);
void connections_renumber(struct connections *connections, uint32_t *const remap[DOMAINS]);
void connections_adopt(struct track *into, const struct track *next);

/* Does nobody have to go for NEXT's whose connection is not over? */
bool connections_have_room(const struct track *into, const struct track *next);

/* login.c */

/* What EV, which tells of a login, says became of it. */
TRACK_INLINE enum outcome
login_outcome(const struct event *ev)
{
	static const uint8_t outcomes[KINDS] = {
	    [KIND_auth_failure] = OUTCOME_failure,
	    [KIND_auth_abort] = OUTCOME_aborted,
	    [KIND_auth_error] = OUTCOME_error,
	    [KIND_auth_success] = OUTCOME_success,
	};

	return outcomes[ev->kind];
}

/* Attempts of one line at most: nobody logs more, whatever a number says. */
#define LOGINS_MAX 1000000000

TRACK_INLINE int64_t
login_at_most(int64_t n)
{
	return n < LOGINS_MAX ? n : LOGINS_MAX;
}

/* How many attempts the line tells of. */
TRACK_INLINE int64_t
login_count(const struct event *ev)
{
	int64_t each = event_knows(ev, FIELD_attempts) && ev->attempts > 0 ? ev->attempts : 1;

	return login_at_most(login_at_most(each) * ev->weight);
}

/* Emits COUNT attempts that EV told of. */
void login_attempt(struct track *track, const struct event *ev, enum outcome outcome,
    int64_t count, struct track_out *out);

/* Sets EV aside, which tells of COUNT attempts that are not accounted for here. */
void login_set_aside(struct track *track, const struct event *ev, int64_t count);

handler login_told;

/* INTO learns what a later piece was sure of. */
void login_noted(struct track *into, const struct login_note *note);

void logins_init(struct track *track);
void logins_free(struct track *track);
void logins_renumber(struct logins *logins, uint32_t *const remap[DOMAINS]);

/* By their addresses, of which none leads to any yet. */
void logins_file_again(struct logins *logins);
void logins_adopt(struct track *into, const struct track *next);

/* login-session.c: EV is the authentication service's line, or the login process's sum. */
void login_session_told(struct track *track, const struct event *ev, enum outcome outcome,
    struct track_out *out);
void login_session_summed(struct track *track, const struct event *ev, enum outcome outcome,
    struct track_out *out);

/* The session with KEY was summed up, and nothing is left of it. */
void login_session_over(struct track *into, uint64_t key);

void login_sessions_init(struct registry *sessions);
void login_sessions_adopt(struct track *into, const struct track *next);

/* session.c */

/* Could EV, smtpd's connect, end a session that this piece of the log did not see? */
TRACK_INLINE bool
handoff_is_open(const struct track *track, const struct event *ev)
{
	return track_in_reach(track, track->sessions.strays[ev->ip.id % STRAYS], ev->time,
	    HANDOFF_WINDOW);
}

/* May a session of those HELD by an address have failed tests and done nothing else? */
TRACK_INLINE bool
session_may_have_failed(const struct track *track, const struct address *held)
{
	return held->marks & MARKS_ALL * MARK_FAILED ||
	    (held->sessions & HELD_FAILING && track->sessions.failing.used);
}

/* Can there be anything for session_handoff() to do? */
TRACK_INLINE bool
session_may_hand_off(const struct track *track, const struct event *ev)
{
	struct address held;

	if (!event_knows(ev, FIELD_ip))
		return false;
	held = address_of(&track->by_ip, ev->ip.id);
	return session_may_have_failed(track, &held) || handoff_is_open(track, ev);
}

handler session_connect, session_list, session_pass, session_dnsbl, session_pregreet,
    session_hangup, session_reject, session_violation, session_disconnect, session_handoff;

void sessions_init(struct sessions *sessions, struct region *by_ip);
void sessions_free(struct sessions *sessions);
void sessions_renumber(struct sessions *sessions, uint32_t *const remap[DOMAINS]);

/* By their keys, none of which leads to any yet. */
void sessions_file_again(struct track *track);

/*
 * A session that NEXT saw begin, up to its event ORDINAL, ends one of INTO with the same
 * address and port. *DONE, from 0 on, is how many were looked at.
 */
void sessions_begun_until(struct track *into, const struct track *next, uint32_t *done,
    uint64_t ordinal, uint64_t base, struct track_out *out);
void sessions_adopt(struct track *into, const struct track *next, uint64_t base,
    struct track_out *out);
/* Ends sessions that were handed on or left so long before NOW, and beyond the limits. */
void sessions_sweep(struct track *track, int64_t now, struct track_out *out);
bool sessions_finish(struct track *track, int64_t end, size_t most, struct track_out *out);

/* reconnect.c */

/* From where nothing is known of a client that passes or leaves, it is not waited for. */
TRACK_INLINE bool
client_is_waited_for(const struct track *track, uint32_t known)
{
	return known != (track->from_start ? 0 : CLIENT_KNOWN);
}

/* Is EV, postscreen's refusal, the 450 of its deep tests? */
TRACK_INLINE bool
is_greylisted(const struct event *ev)
{
	return event_knows(ev, FIELD_reason) && ev->reason == REASON_greylist;
}

/* Does it matter that EV's client passes or leaves? */
TRACK_INLINE bool
client_matters(const struct track *track, const struct event *ev)
{
	return event_knows(ev, FIELD_ip) &&
	    client_is_waited_for(track, address_of(&track->by_ip, ev->ip.id).client);
}

handler client_list, client_pass, client_reject, client_disconnect;

/* INTO learns what a later piece knows. */
void client_summary(struct track *into, const struct summary *summary,
    struct track_out *out);

void clients_init(struct clients *clients, struct region *by_ip);
void clients_free(struct clients *clients);
void clients_renumber(struct clients *clients, uint32_t *const remap[DOMAINS]);

/* BEFORE is what was by the old numbers; their array by the new ones has no clients yet. */
void clients_file_again(struct clients *clients, const struct region *before,
    uint32_t *const remap[DOMAINS]);

/* Notes who is known, by the new numbers; `by_ip` has the old ones. */
void clients_list_known(struct clients *clients, uint32_t *const remap[DOMAINS]);
void clients_adopt(struct track *into, const struct track *next, struct track_out *out);
bool clients_finish(struct track *track, size_t most, struct track_out *out);

/* seam.c */

/* What is to be done with an event set aside. */
enum seam_deed {
	SEAM_HANDLER,                        /* + which: track_tell(which) */
	SEAM_SEEK = SEAM_HANDLER + HANDLERS, /* hop_seek_again() */
	SEAM_LINK,                           /* hop_link_again() */
	SEAM_CLAIM,                          /* verdict_claim() */
	/* No event, but what a piece tells instead, behind the record. */
	SEAM_CLIENT,       /* a struct summary: client_summary() */
	SEAM_LOGIN,        /* a struct login_note: login_noted() */
	SEAM_SESSION_OVER, /* a key: login_session_over() */
};

/* Sets EV aside. HOP is a message it refers to, or NULL; it will wait for the replay. */
void seam_add(struct track *track, const struct event *ev, enum seam_deed deed,
    struct message *hop);

/* Sets a note of SIZE bytes aside, in its place between the events. */
void seam_add_note(struct track *track, enum seam_deed deed, const void *note, size_t size);

void seam_renumber(struct seam *seam, uint32_t *const remap[DOMAINS]);

/* Replays NEXT's on INTO; NUMBERS and BASE as messages_adopt() had them. */
void seam_replay(struct track *into, struct track *next, const uint32_t *numbers,
    uint64_t base, struct track_out *out);

/* out.c: makes room for more events. */
void out_grow(struct track_out *out);

/* EV, the memory of an event, will be written to soon: else each line of it is waited for. */
TRACK_INLINE void
out_fetch(uintptr_t ev)
{
#pragma GCC unroll 16
	for (size_t at = 0; at < sizeof(struct event); at += 64)
		__builtin_prefetch((const void *)(ev + at), 1);
}

/* A derived event at TIME with nothing else set. */
TRACK_INLINE struct event *
out_event(struct track_out *out, enum kind kind, int64_t time)
{
	struct event *ev;

	if (out->count == out->room)
		out_grow(out);
	ev = &out->events[out->count++];
	out_fetch((uintptr_t)ev + 2 * sizeof(*ev));
	ev->known[0] = ev->known[1] = 0;
	ev->line = "";
	ev->line_len = 0;
	ev->weight = 1;
	ev->tag_no = ev->host_no = 0;
	ev->offset = ev->id = 0;
	ev->source_no = 0;
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

/* EVENT_SET for text by number; not known when absent. No branch: nothing foretells it. */
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
