/* SPDX-License-Identifier: Apache-2.0
 *
 * session: between what postscreen's lines do to a session (session.c) and the table of
 * sessions (sessions.c): how one is found, begins and ends.
 */
#ifndef TRACK_SESSION_H
#define TRACK_SESSION_H

#include "track/room.h"

/*
 * So long nothing was heard of it: it went where no line tells of it. A client that is let
 * wait may be silent for command_time_limit (300 s) times command_count_limit (20, and
 * some set it higher): its end must still find it.
 */
#define SESSION_FORGOTTEN (24 * USEC_PER_HOUR)

enum test {
	TEST_PREGREET, TEST_DNSBL, TEST_HANGUP, TEST_PIPELINING, TEST_NON_SMTP,
	TEST_BARE_NEWLINE, TEST_NO_RCPT, TEST_DENY, TEST_TIME, TEST_COUNT, TEST_LENGTH, TESTS
};

#define BIT(test) (uint16_t)(1u << (test))

/* What a client fails; a hang-up and a limit are no failed tests. */
#define FAILURES (uint16_t)(BIT(TEST_DENY + 1) - 1 - BIT(TEST_HANGUP))

/* Nothing but failed tests so far, which may all be ignored. */
TRACK_INLINE bool
session_only_failed(const struct session *s)
{
	return s->tests & FAILURES && !(s->flags & (SESSION_DEFERRED | SESSION_REJECTED |
	    SESSION_LIMITED | SESSION_HANGUP | SESSION_PASSED));
}

/* Is S not over at NOW, were it handed off without a word? */
TRACK_INLINE bool
session_may_be_handed(const struct session *s, int64_t now)
{
	return session_only_failed(s) && now <= s->touched + HANDOFF_WINDOW;
}

TRACK_INLINE struct session *
session_at(const struct sessions *sessions, uint32_t number)
{
	return pool_sized_at(&sessions->registry.pool, number, sizeof(struct session));
}

TRACK_INLINE struct session_key
session_key_of(const struct event *ev)
{
	return (struct session_key){NUMBERED(ev, host), NUMBERED(ev, instance),
	    NUMBERED(ev, ip), event_knows(ev, FIELD_port) ? (uint32_t)ev->port : 0};
}

TRACK_INLINE bool
session_is_key(const struct session *s, const struct session_key *key)
{
	return s->key.port == key->port && s->key.ip == key->ip &&
	    s->key.host == key->host && s->key.instance == key->instance;
}

/*
 * What tells sessions of one address apart most often, in the byte of their number: by that
 * whoever looks for one need not go where the others are. 0 is none's.
 */
TRACK_INLINE uint32_t
session_mark(const struct session_key *key)
{
	uint32_t mark = key->port % MARK_FAILED;

	return mark + (mark == 0);
}

/* Is one of MARKS that of KEY? */
TRACK_INLINE bool
session_is_marked(uint32_t marks, const struct session_key *key)
{
	uint32_t differ = (marks & MARKS_ALL * (MARK_FAILED - 1)) ^
	    session_mark(key) * MARKS_ALL;

	return ~(differ + MARKS_ALL * (MARK_FAILED - 1)) & MARKS_ALL * MARK_FAILED;
}

/* The session with KEY in the chain of those HELD by its address, or NULL. */
TRACK_INLINE struct session *
session_find_chained(const struct sessions *sessions, uint32_t held,
    const struct session_key *key)
{
	uint32_t number = held & HELD_FIRST;

	while (number) {
		struct session *s = session_at(sessions, number);

		if (session_is_key(s, key))
			return s;
		number = s->next;
	}
	return NULL;
}

/* The one that is filed. */
struct session *session_find_filed(const struct sessions *sessions, struct session_key key);

TRACK_INLINE struct session *
session_find(const struct sessions *sessions, const struct session_key *key)
{
	struct address held = address_of(sessions->by_ip, key->ip);
	struct session *s = session_is_marked(held.marks, key)
	    ? session_find_chained(sessions, held.sessions, key) : NULL;

	return s || !(held.sessions & HELD_MORE) ? s : session_find_filed(sessions, *key);
}

/* A session with EV's key, which nobody has, begins with FLAGS. */
struct session *session_begin(struct track *track, const struct event *ev, unsigned flags,
    struct track_out *out);

/* S ends so at TIME. */
void session_end(struct track *track, struct session *s, enum outcome outcome, int64_t time,
    struct track_out *out);

/* S ends without DISCONNECT or handoff being told; what is certain of it? */
void session_conclude(struct track *track, struct session *s, struct track_out *out);

/* Where in `failing` those filed are that may be handed off silently. */
TRACK_INLINE uint32_t
session_failing_hash(const struct session_key *key)
{
	return hash_pair((uint64_t)key->host << 32 | key->instance, key->ip);
}

/* S, which is filed, began to be or is no longer one that may be handed off silently. */
void session_note_failing(struct track *track, struct session *s);

/* Says in the mark of S, which is not filed, whether it may be handed off silently. */
TRACK_INLINE void
session_mark_failed(struct track *track, const struct session *s)
{
	struct address *held = (struct address *)(void *)track->by_ip.p + s->key.ip;
	uint32_t number = held->sessions & HELD_FIRST, bit = MARK_FAILED;

	for (; number != s->entry.number; bit <<= 8)
		number = session_at(&track->sessions, number)->next;
	held->marks = (held->marks & ~bit) | (session_only_failed(s) ? bit : 0);
}

/* Something was told of S: it may be one to be handed off silently now, or no more. */
TRACK_INLINE void
session_note_failed(struct track *track, struct session *s)
{
	if (s->entry.filed)
		session_note_failing(track, s);
	else
		session_mark_failed(track, s);
}

/* S waits for DISCONNECT, or to be handed off. */
void session_append_passed(struct sessions *sessions, struct session *s);

#endif
