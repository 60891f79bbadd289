/* SPDX-License-Identifier: Apache-2.0
 *
 * session: one client at postscreen, by host, instance, address and port, from
 * CONNECT to the handoff to smtpd or to DISCONNECT; see outcome_of() for how it
 * ended. `action` names the tests it failed and the limits it met.
 *
 * ALLOWLISTED and PASS OLD hand off at once. PASS NEW does if no DISCONNECT
 * follows within HANDOFF_WINDOW. A session that failed tests which are configured
 * to be ignored is handed off without a word: that shows in smtpd's `connect` from
 * the same address, of the same instance, or in its silence.
 *
 * Where daemon names were cut off, tlsproxy's CONNECT and DISCONNECT look like
 * postscreen's, but its CONNECT names no server and its process id is another.
 */
#include "track/session.h"

/* The actions of ps_violation and ps_limit as tests. */
static const struct {
	uint8_t kind, test, action;
	struct str letters;
} actions[] = {
	{KIND_ps_violation, TEST_PIPELINING, WORD_pipelining, STR("pipelining")},
	{KIND_ps_violation, TEST_NON_SMTP, WORD_non_smtp, STR("non_smtp")},
	{KIND_ps_violation, TEST_BARE_NEWLINE, WORD_bare_newline, STR("bare_newline")},
	{KIND_ps_violation, TEST_NO_RCPT, WORD_no_rcpt, STR("no_rcpt")},
	{KIND_ps_limit, TEST_TIME, WORD_time, STR("time")},
	{KIND_ps_limit, TEST_COUNT, WORD_count, STR("count")},
	{KIND_ps_limit, TEST_LENGTH, WORD_length, STR("length")},
};

/*
 * How a session ended that DISCONNECT ends. A refusal tells most; then a limit;
 * then whether it passed. A client that failed tests and was cut off had no hang-up.
 */
static enum outcome
outcome_of(const struct session *s)
{
	if (s->flags & SESSION_REJECTED)
		return OUTCOME_rejected_enforce;
	if (s->flags & SESSION_LIMITED)
		return OUTCOME_limited;
	if (s->flags & SESSION_PASSED)
		return s->flags & SESSION_DEFERRED ? OUTCOME_deferred : OUTCOME_passed_new;
	if (s->flags & SESSION_DEFERRED)
		return OUTCOME_deferred_incomplete;
	if (s->tests & FAILURES && !(s->flags & SESSION_HANGUP))
		return OUTCOME_rejected_drop;
	return OUTCOME_left;
}

/* Was S, maybe a PASS NEW, left alone for so long by the time of any event? */
TRACK_INLINE bool
was_left_alone(struct track *track, const struct session *s)
{
	return track_is_past(track, s->touched +
	    (s->flags & SESSION_PASSED ? HANDOFF_WINDOW : SESSION_FORGOTTEN));
}

/* EV's session; NULL if there is none. */
TRACK_INLINE struct session *
live(struct track *track, const struct session_key *key, struct track_out *out)
{
	struct session *s = session_find(&track->sessions, key);

	if (!s)
		return NULL;
	if (was_left_alone(track, s)) {
		session_conclude(track, s, out);
		return NULL;
	}
	registry_touch(&track->sessions.registry, s);
	return s;
}

static void
set_aside(struct track *track, const struct event *ev)
{
	track->sessions.strays[ev->ip.id % STRAYS] = ev->time;
	track->sessions.stray_count++;
	seam_add(track, ev, SEAM_HANDLER, NULL);
}

static uint16_t
test_of(const struct event *ev)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (actions[i].kind == ev->kind &&
		    action_is(ev, actions[i].action, actions[i].letters))
			return BIT(actions[i].test);
	return 0;
}

/* Applies EV; returns the outcome if it hands the client off, else OUTCOME_none. */
typedef enum outcome telling(struct sessions *sessions, struct session *s,
    const struct event *ev);

TRACK_INLINE enum outcome
tell_list(struct sessions *sessions, struct session *s, const struct event *ev)
{
	(void)sessions;
	if (ACTION_IS(ev, allow))
		return OUTCOME_allowlisted;
	if (ACTION_IS(ev, deny))
		s->tests |= BIT(TEST_DENY);
	return OUTCOME_none;
}

TRACK_INLINE enum outcome
tell_pass_old(struct sessions *sessions, struct session *s, const struct event *ev)
{
	(void)sessions;
	(void)s;
	(void)ev;
	return OUTCOME_passed_old;
}

TRACK_INLINE enum outcome
tell_pass(struct sessions *sessions, struct session *s, const struct event *ev)
{
	(void)ev;
	if (!(s->flags & SESSION_PASSED))
		session_append_passed(sessions, s);
	s->flags |= SESSION_PASSED;
	return OUTCOME_none;
}

TRACK_INLINE enum outcome
tell_dnsbl(struct sessions *sessions, struct session *s, const struct event *ev)
{
	(void)sessions;
	s->tests |= BIT(TEST_DNSBL);
	if (event_knows(ev, FIELD_rank)) {
		s->rank = ev->rank;
		s->flags |= SESSION_RANK;
	}
	return OUTCOME_none;
}

TRACK_INLINE enum outcome
tell_pregreet(struct sessions *sessions, struct session *s, const struct event *ev)
{
	(void)sessions;
	(void)ev;
	s->tests |= BIT(TEST_PREGREET);
	return OUTCOME_none;
}

TRACK_INLINE enum outcome
tell_hangup(struct sessions *sessions, struct session *s, const struct event *ev)
{
	(void)sessions;
	(void)ev;
	s->tests |= BIT(TEST_HANGUP);
	s->flags |= SESSION_HANGUP;
	return OUTCOME_none;
}

/* A stage of ours is a number; few are. */
TRACK_INLINE bool
is_at_connect(const struct event *ev)
{
	const struct str connect = STR("CONNECT");

	return ev->stage.len ? ev->stage.len == connect.len &&
	        str_eq_nocase(event_str(ev, ev->stage), connect) :
			       ev->stage.id == WORD_CONNECT;
}

TRACK_INLINE enum outcome
tell_reject(struct sessions *sessions, struct session *s, const struct event *ev)
{
	(void)sessions;
	if (event_knows(ev, FIELD_stage) && is_at_connect(ev)) {
		s->flags |= SESSION_LIMITED; /* too many connections, all ports busy */
		return OUTCOME_none;
	}
	s->attempts += ev->weight;
	if (is_greylisted(ev))
		s->flags |= SESSION_DEFERRED;
	else
		s->flags |= SESSION_REJECTED;
	return OUTCOME_none;
}

TRACK_INLINE enum outcome
tell_violation(struct sessions *sessions, struct session *s, const struct event *ev)
{
	(void)sessions;
	if (ev->kind == KIND_ps_limit)
		s->flags |= SESSION_LIMITED;
	s->tests |= test_of(ev);
	return OUTCOME_none;
}

/* EV's session, if it is in the chain, goes on, and all that takes no call; else NULL. */
TRACK_INLINE struct session *
at_hand(struct track *track, const struct event *ev)
{
	struct sessions *sessions = &track->sessions;
	struct session_key key;
	struct session *s;

	if (!event_knows(ev, FIELD_ip))
		return NULL;
	key = session_key_of(ev);
	s = session_find_chained(sessions, address_of(sessions->by_ip, key.ip).sessions, &key);
	if (!s || was_left_alone(track, s) ||
	    !registry_touch_soon(&sessions->registry, s))
		return NULL;
	return s;
}

/* Any session is told of EV, or begins with it. */
TRACK_SELDOM void
told_other(struct track *track, const struct event *ev, telling *tell, struct track_out *out)
{
	struct session_key key;
	struct session *s;
	enum outcome outcome;

	if (!event_knows(ev, FIELD_ip))
		return;
	key = session_key_of(ev);
	s = live(track, &key, out);
	if (!s && !track->from_start) {
		set_aside(track, ev);
		return;
	}
	if (!s)
		s = session_begin(track, ev, 0, out);
	s->touched = ev->time;
	outcome = tell(&track->sessions, s, ev);
	if (outcome != OUTCOME_none)
		session_end(track, s, outcome, ev->time, out);
	else
		session_note_failed(track, s);
}

/* One function for each kind, as what comes next cannot be foreseen: one jump, no second. */
TRACK_INLINE void
told(struct track *track, const struct event *ev, telling *tell, struct track_out *out)
{
	struct session *s = at_hand(track, ev);
	enum outcome outcome;

	if (!s) {
		told_other(track, ev, tell, out);
		return;
	}
	s->touched = ev->time;
	outcome = tell(&track->sessions, s, ev);
	if (outcome != OUTCOME_none)
		session_end(track, s, outcome, ev->time, out);
	else
		session_mark_failed(track, s);
}

void
session_list(struct track *track, const struct event *ev, struct track_out *out)
{
	told(track, ev, tell_list, out);
}

void
session_pass(struct track *track, const struct event *ev, struct track_out *out)
{
	/* A PASS NEW waits in a list. */
	if (ACTION_IS(ev, new))
		told_other(track, ev, tell_pass, out);
	else
		told(track, ev, tell_pass_old, out);
}

void
session_dnsbl(struct track *track, const struct event *ev, struct track_out *out)
{
	told(track, ev, tell_dnsbl, out);
}

void
session_pregreet(struct track *track, const struct event *ev, struct track_out *out)
{
	told(track, ev, tell_pregreet, out);
}

void
session_hangup(struct track *track, const struct event *ev, struct track_out *out)
{
	told(track, ev, tell_hangup, out);
}

void
session_reject(struct track *track, const struct event *ev, struct track_out *out)
{
	told(track, ev, tell_reject, out);
}

void
session_violation(struct track *track, const struct event *ev, struct track_out *out)
{
	told(track, ev, tell_violation, out);
}

/* A session begins where there are others of the address, one of which may have its key. */
TRACK_SELDOM void
connect_again(struct track *track, const struct event *ev, struct track_out *out)
{
	struct session_key key = session_key_of(ev);
	struct session *s = live(track, &key, out);

	if (s)
		session_conclude(track, s, out);
	session_begin(track, ev, SESSION_WHOLE, out);
}

void
session_connect(struct track *track, const struct event *ev, struct track_out *out)
{
	struct session_key key;
	struct address held;

	if (!event_knows(ev, FIELD_ip) ||
	    (!DAEMON_IS(ev, postscreen) && !event_knows(ev, FIELD_server_ip)))
		return;
	key = session_key_of(ev);
	held = address_of(&track->by_ip, key.ip);
	if (held.sessions & HELD_MORE || session_is_marked(held.marks, &key))
		connect_again(track, ev, out);
	else
		session_begin(track, ev, SESSION_WHOLE, out);
}

/* Is it postscreen that disconnects, where that is not known for certain? */
TRACK_INLINE bool
is_own_disconnect(const struct session *s, const struct event *ev)
{
	return DAEMON_IS(ev, postscreen) || s->pid == NUMBER_OR_NONE(ev, pid);
}

TRACK_SELDOM void
disconnect_other(struct track *track, const struct event *ev, struct track_out *out)
{
	struct session_key key;
	struct session *s;

	if (!event_knows(ev, FIELD_ip))
		return;
	key = session_key_of(ev);
	s = live(track, &key, out);
	if (!s && !track->from_start)
		set_aside(track, ev);
	if (s && is_own_disconnect(s, ev))
		session_end(track, s, outcome_of(s), ev->time, out);
}

void
session_disconnect(struct track *track, const struct event *ev, struct track_out *out)
{
	struct session *s = at_hand(track, ev);

	if (!s)
		disconnect_other(track, ev, out);
	else if (is_own_disconnect(s, ev))
		session_end(track, s, outcome_of(s), ev->time, out);
}

/*
 * Is it S rather than BEST? The one that began last, but none whose beginning nobody saw: in a
 * later piece of a log these are unknown, and it must not matter.
 */
static bool
outranks(const struct session *s, const struct session *best)
{
	unsigned whole = s->flags & SESSION_WHOLE, other = best->flags & SESSION_WHOLE;

	return whole != other ? whole : s->serial > best->serial;
}

/*
 * The better one of S and BEST, which may be NULL, to have been handed to EV's smtpd at NOW.
 */
static struct session *
better(struct session *s, struct session *best, const struct event *ev, int64_t now)
{
	if (!session_may_be_handed(s, now) || (best && !outranks(s, best)) ||
	    s->key.ip != ev->ip.id || s->key.host != NUMBERED(ev, host) ||
	    s->key.instance != NUMBERED(ev, instance) ||
	    (event_knows(ev, FIELD_port) && ev->port != s->key.port))
		return best;
	return s;
}

/* The session of those HELD by EV's address that smtpd got. */
TRACK_SELDOM struct session *
find_handed(const struct track *track, struct address *held, const struct event *ev)
{
	const struct sessions *sessions = &track->sessions;
	int64_t now = track_now(track, ev->time), gone = track_gone(track);
	uint32_t number = held->sessions & HELD_FIRST, hash, at;
	struct session *s, *best = NULL;
	struct session_key key;

	for (uint32_t bit = MARK_FAILED; bit && bit <= held->marks; bit <<= 8) {
		s = session_at(sessions, number);
		number = s->next;
		if (!(held->marks & bit))
			continue;
		best = better(s, best, ev, now);
		if (!session_may_be_handed(s, gone))
			held->marks &= ~bit;
	}
	if (!(held->sessions & HELD_FAILING))
		return best;
	key = session_key_of(ev);
	at = hash = session_failing_hash(&key);
	while ((number = slots_next(&sessions->failing, hash, &at)))
		best = better(session_at(sessions, number), best, ev, now);
	return best;
}

void
session_handoff(struct track *track, const struct event *ev, struct track_out *out)
{
	struct session *s = NULL;
	struct address *held;

	if (!session_may_hand_off(track, ev))
		return;
	held = address_at(&track->by_ip, ev->ip.id);
	if (session_may_have_failed(track, held))
		s = find_handed(track, held, ev);
	if (s)
		session_end(track, s, OUTCOME_ignored_fail, ev->time, out);
	else if (handoff_is_open(track, ev))
		seam_add(track, ev, SEAM_HANDLER + 1, NULL);
}
