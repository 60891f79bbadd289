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

static const struct str test_names[TESTS] = {
	STR("pregreet"), STR("dnsbl"), STR("hangup"), STR("pipelining"), STR("non_smtp"),
	STR("bare_newline"), STR("no_rcpt"), STR("deny"), STR("time_limit"),
	STR("count_limit"), STR("length_limit"),
};

#define BIT(test) (uint16_t)(1u << (test))

/* What a client fails; a hang-up and a limit are no failed tests. */
#define FAILURES (uint16_t)(BIT(TEST_DENY + 1) - 1 - BIT(TEST_HANGUP))

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

static uint32_t
failing_hash(uint32_t host, uint32_t instance, uint32_t ip)
{
	return hash_pair((uint64_t)host << 32 | instance, ip);
}

/* Nothing but failed tests so far, which may all be ignored. */
TRACK_INLINE bool
only_failed(const struct session *s)
{
	return s->tests & FAILURES && !(s->flags & (SESSION_DEFERRED | SESSION_REJECTED |
	    SESSION_LIMITED | SESSION_HANGUP | SESSION_PASSED));
}

/* S, which is filed, began to be or is no longer one that may be handed off silently. */
TRACK_SELDOM void
note_failing(struct sessions *sessions, struct session *s)
{
	uint32_t hash, at, same = 0;

	if (only_failed(s) == !!(s->flags & SESSION_FAILING))
		return;
	at = hash = failing_hash(s->key.host, s->key.instance, s->key.ip);
	if (s->flags & SESSION_FAILING) {
		slots_remove(&sessions->failing, hash, s->entry.number);
		s->flags &= (uint16_t)~SESSION_FAILING;
		return;
	}
	while (slots_next(&sessions->failing, hash, &at))
		if (++same == SAME_HASH_MAX)
			return;
	slots_add(&sessions->failing, hash, s->entry.number);
	s->flags |= SESSION_FAILING;
}

static void
set_tests(struct event *to, uint16_t tests, struct track_out *out)
{
	char *line, *p;

	if (!tests)
		return;
	p = line = out_line(out, to, 128);
	for (unsigned test = 0; test < TESTS; test++) {
		if (!(tests & BIT(test)))
			continue;
		if (p != line)
			*p++ = '+';
		memcpy(p, test_names[test].p, test_names[test].len);
		p += test_names[test].len;
	}
	to->line_len = (uint32_t)(p - line);
	EVENT_TEXT(to, action, str_range(line, p));
}

/* All that track_wants() may do without. */
TRACK_SELDOM void
set_details(struct event *to, const struct session *s, struct track_out *out)
{
	OUT_NUMBERED(to, host, s->key.host);
	OUT_NUMBERED(to, program, s->program);
	OUT_NUMBERED(to, daemon, s->daemon);
	OUT_NUMBERED(to, instance, s->key.instance);
	OUT_NUMBERED(to, server_ip, s->server_ip);
	EVENT_SET(to, port, s->key.port);
	EVENT_SET(to, attempts, s->attempts);
	OUT_SET_IF(to, pid, s->pid, s->pid >= 0);
	OUT_SET_IF(to, server_port, s->server_port, s->server_port >= 0);
	OUT_SET_IF(to, seconds, to->time > s->start ? to->time - s->start : 0,
	    s->flags & SESSION_WHOLE);
	OUT_SET_IF(to, rank, s->rank, s->flags & SESSION_RANK);
	set_tests(to, s->tests, out);
}

TRACK_INLINE void
emit(struct track *track, const struct session *s, enum outcome outcome, int64_t time,
    bool open, struct track_out *out)
{
	struct event *to = out_event(out, KIND_session, time);

	track->stats.sessions++;
	EVENT_SET(to, outcome, (uint8_t)outcome);
	OUT_NUMBERED(to, ip, s->key.ip);
	OUT_SET_IF(to, open, open, open);
	if (is_told_whole(track, KIND_session))
		set_details(to, s, out);
}

TRACK_INLINE struct session *
session_at(const struct sessions *sessions, uint32_t number)
{
	return pool_sized_at(&sessions->registry.pool, number, sizeof(struct session));
}

/* S is the one behind FIRST, or behind one of those behind it. */
TRACK_SELDOM void
unchain_later(struct sessions *sessions, struct session *first, const struct session *s)
{
	while (first->next != s->entry.number)
		first = session_at(sessions, first->next);
	first->next = s->next;
}

/* Its key finds S no more, which is not filed. */
TRACK_INLINE void
unchain(struct sessions *sessions, const struct session *s)
{
	uint32_t held = held_of(&sessions->by_ip, s->key.ip), first = held & HELD_FIRST;

	if (first == s->entry.number)
		set_held(&sessions->by_ip, s->key.ip,
		    s->next ? (held & ~HELD_FIRST) | s->next : held & HELD_MORE);
	else
		unchain_later(sessions, session_at(sessions, first), s);
}

TRACK_INLINE void
forget(struct sessions *sessions, struct session *s)
{
	if (s->flags & SESSION_PASSED) {
		if (sessions->passed.first == s->entry.number)
			sessions->due = INT64_MIN;
		list_remove(&sessions->registry, &sessions->passed, s);
	}
	if (s->entry.filed) {
		s->tests = 0;
		note_failing(sessions, s);
	} else {
		unchain(sessions, s);
	}
	registry_drop(&sessions->registry, s);
}

TRACK_SELDOM void
end(struct track *track, struct session *s, enum outcome outcome, int64_t time,
    struct track_out *out)
{
	emit(track, s, outcome, time, false, out);
	forget(&track->sessions, s);
}

/* S ends without DISCONNECT or handoff being told; what is certain of it? */
static void
conclude(struct track *track, struct session *s, struct track_out *out)
{
	if (s->flags & SESSION_PASSED)
		emit(track, s, OUTCOME_passed_new, s->touched, false, out);
	else if (only_failed(s))
		emit(track, s, OUTCOME_ignored_fail, s->touched, false, out);
	else
		emit(track, s, OUTCOME_open, s->touched, true, out);
	forget(&track->sessions, s);
}

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

/* A PASS NEW that stood long enough was a handoff. */
TRACK_INLINE bool
is_handed_off(const struct session *s, int64_t now)
{
	return s->flags & SESSION_PASSED && now > s->touched + HANDOFF_WINDOW;
}

/* Until when does time end none? */
static int64_t
next_due(struct sessions *sessions)
{
	int64_t due = INT64_MAX, forgotten;

	if (sessions->passed.first)
		due = session_at(sessions, sessions->passed.first)->touched + HANDOFF_WINDOW;
	if (sessions->registry.pool.live == 0)
		return due;
	forgotten = ((struct session *)registry_oldest(&sessions->registry))->touched +
	    SESSION_FORGOTTEN;
	return forgotten < due ? forgotten : due;
}

/* Ends those that are over at NOW, and makes room for one more. */
static void
sweep(struct track *track, int64_t now, struct track_out *out)
{
	struct sessions *sessions = &track->sessions;
	struct session *s;

	while (sessions->passed.first) {
		s = session_at(sessions, sessions->passed.first);
		if (!is_handed_off(s, now))
			break;
		end(track, s, OUTCOME_passed_new, s->touched, out);
	}
	while (sessions->registry.pool.live) {
		bool full = sessions->registry.pool.live >= track->limits.sessions;

		s = registry_oldest(&sessions->registry);
		if (!full && now <= s->touched + SESSION_FORGOTTEN)
			break;
		conclude(track, s, out);
		track->stats.evicted_sessions += full;
	}
	sessions->due = next_due(sessions);
}

TRACK_INLINE struct session_key
key_of(const struct event *ev)
{
	return (struct session_key){NUMBERED(ev, host), NUMBERED(ev, instance),
	    NUMBERED(ev, ip), event_knows(ev, FIELD_port) ? (uint32_t)ev->port : 0};
}

TRACK_INLINE uint32_t
hash_of(const struct session_key *key)
{
	return hash_pair((uint64_t)key->host << 32 | key->instance,
	    (uint64_t)key->ip << 32 | key->port);
}

static uint32_t
session_hash(const void *entry)
{
	return hash_of(&((const struct session *)entry)->key);
}

TRACK_INLINE bool
is_key(const struct session *s, const struct session_key *key)
{
	return s->key.port == key->port && s->key.ip == key->ip &&
	    s->key.host == key->host && s->key.instance == key->instance;
}

TRACK_SELDOM struct session *
find_filed(const struct sessions *sessions, struct session_key key)
{
	uint32_t hash = hash_of(&key), at = hash, number;

	while ((number = slots_next(&sessions->registry.slots, hash, &at))) {
		struct session *s = session_at(sessions, number);

		if (is_key(s, &key))
			return s;
	}
	return NULL;
}

TRACK_INLINE struct session *
find(const struct sessions *sessions, const struct session_key *key)
{
	uint32_t held = held_of(&sessions->by_ip, key->ip), number = held & HELD_FIRST;

	while (number) {
		struct session *s = session_at(sessions, number);

		if (is_key(s, key))
			return s;
		number = s->next;
	}
	return held & HELD_MORE ? find_filed(sessions, *key) : NULL;
}

/* Is the chain from NUMBER on as long as it may be? */
static bool
is_full(const struct sessions *sessions, uint32_t number)
{
	unsigned count = 0;

	for (; number; number = session_at(sessions, number)->next)
		count++;
	return count >= SESSION_CHAIN;
}

/* S, whose key nobody has, can be found from now on. */
TRACK_INLINE void
file(struct sessions *sessions, struct session *s)
{
	uint32_t held = held_of(&sessions->by_ip, s->key.ip), first = held & HELD_FIRST;

	if (first && is_full(sessions, first)) {
		registry_file(&sessions->registry, s);
		set_held(&sessions->by_ip, s->key.ip, held | HELD_MORE);
	} else {
		s->next = first;
		set_held(&sessions->by_ip, s->key.ip,
		    (held & ~HELD_FIRST) | s->entry.number);
	}
}

/* What is only told, as far as EV, the first one, tells it. */
TRACK_SELDOM void
take_details(struct session *s, const struct event *ev)
{
	s->program = NUMBERED(ev, program);
	s->daemon = NUMBERED(ev, daemon);
	s->server_ip = NUMBERED(ev, server_ip);
	s->server_port = NUMBER_OR_NONE(ev, server_port);
	s->start = ev->time;
}

TRACK_INLINE struct session *
begin(struct track *track, const struct session_key *key, const struct event *ev,
    struct track_out *out)
{
	struct sessions *sessions = &track->sessions;
	struct session *s;

	if (ev->time > sessions->due ||
	    sessions->registry.pool.live >= track->limits.sessions)
		sweep(track, ev->time, out);
	s = registry_add_unfiled(&sessions->registry, sizeof(*s),
	    offsetof(struct session, start));
	s->key = *key;
	file(sessions, s);
	s->serial = track->ordinal;
	s->touched = ev->time;
	s->pid = NUMBER_OR_NONE(ev, pid);
	if (is_told_whole(track, KIND_session))
		take_details(s, ev);
	return s;
}

/* EV's session; NULL if there is none. */
TRACK_INLINE struct session *
live(struct track *track, const struct session_key *key, const struct event *ev,
    struct track_out *out)
{
	struct session *s = find(&track->sessions, key);

	if (!s)
		return NULL;
	if (is_handed_off(s, ev->time)) {
		end(track, s, OUTCOME_passed_new, s->touched, out);
		return NULL;
	}
	registry_touch(&track->sessions.registry, s);
	return s;
}

static void
set_aside(struct track *track, const struct event *ev)
{
	track->sessions.strays[ev->ip.id % STRAYS] = ev->time;
	seam_add(track, ev, SEAM_HANDLER, NULL);
}

static uint16_t
test_of(const struct event *ev)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (actions[i].kind == ev->kind && action_is(ev, actions[i].action, actions[i].letters))
			return BIT(actions[i].test);
	return 0;
}

/* Something was told of S: it may be one to be handed off silently now, or no more. */
TRACK_INLINE void
note_failed(struct sessions *sessions, struct session *s)
{
	if (s->entry.filed)
		note_failing(sessions, s);
	else if (only_failed(s))
		set_held(&sessions->by_ip, s->key.ip,
		    held_of(&sessions->by_ip, s->key.ip) | HELD_FAILED);
}

static void
append_passed(struct sessions *sessions, struct session *s)
{
	if (!sessions->passed.first && s->touched + HANDOFF_WINDOW < sessions->due)
		sessions->due = s->touched + HANDOFF_WINDOW;
	list_append(&sessions->registry, &sessions->passed, s);
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
tell_pass(struct sessions *sessions, struct session *s, const struct event *ev)
{
	if (!ACTION_IS(ev, new))
		return OUTCOME_passed_old;
	if (!(s->flags & SESSION_PASSED))
		append_passed(sessions, s);
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

/* One function for each kind, as what comes next cannot be foreseen: one jump, no second. */
TRACK_INLINE void
told(struct track *track, const struct event *ev, telling *tell, struct track_out *out)
{
	struct session_key key;
	struct session *s;
	enum outcome outcome;

	if (!event_knows(ev, FIELD_ip))
		return;
	key = key_of(ev);
	s = live(track, &key, ev, out);
	if (!s && !track->from_start) {
		set_aside(track, ev);
		return;
	}
	if (!s)
		s = begin(track, &key, ev, out);
	s->touched = ev->time;
	outcome = tell(&track->sessions, s, ev);
	if (outcome != OUTCOME_none)
		end(track, s, outcome, ev->time, out);
	else
		note_failed(&track->sessions, s);
}

void
session_list(struct track *track, const struct event *ev, struct track_out *out)
{
	told(track, ev, tell_list, out);
}

void
session_pass(struct track *track, const struct event *ev, struct track_out *out)
{
	told(track, ev, tell_pass, out);
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

void
session_connect(struct track *track, const struct event *ev, struct track_out *out)
{
	struct session_key key;
	struct session *s;

	if (!event_knows(ev, FIELD_ip) ||
	    (!DAEMON_IS(ev, postscreen) && !event_knows(ev, FIELD_server_ip)))
		return;
	key = key_of(ev);
	s = live(track, &key, ev, out);
	if (s)
		conclude(track, s, out);
	s = begin(track, &key, ev, out);
	s->flags = SESSION_WHOLE;
}

void
session_disconnect(struct track *track, const struct event *ev, struct track_out *out)
{
	struct session_key key;
	struct session *s;

	if (!event_knows(ev, FIELD_ip))
		return;
	key = key_of(ev);
	s = live(track, &key, ev, out);
	if (!s && !track->from_start)
		set_aside(track, ev);
	if (!s || (!DAEMON_IS(ev, postscreen) && s->pid != NUMBER_OR_NONE(ev, pid)))
		return;
	end(track, s, outcome_of(s), ev->time, out);
}

static bool
could_be_handed(const struct session *s, const struct event *ev)
{
	return s->key.ip == ev->ip.id && s->key.host == NUMBERED(ev, host) &&
	    s->key.instance == NUMBERED(ev, instance) &&
	    ev->time <= s->touched + HANDOFF_WINDOW &&
	    (!event_knows(ev, FIELD_port) || ev->port == s->key.port);
}

/* The better one of S and BEST, which may be NULL, to have been handed to EV's smtpd. */
static struct session *
better(struct session *s, struct session *best, const struct event *ev)
{
	return could_be_handed(s, ev) && (!best || s->serial > best->serial) ? s : best;
}

/* The session of those HELD by EV's address that smtpd got. */
TRACK_SELDOM struct session *
find_handed(const struct sessions *sessions, uint32_t held, const struct event *ev)
{
	struct session *s, *best = NULL;
	uint32_t hash, at, number;

	for (number = held & HELD_FAILED ? held & HELD_FIRST : 0; number; number = s->next) {
		s = session_at(sessions, number);
		if (only_failed(s))
			best = better(s, best, ev);
	}
	if (!(held & HELD_MORE))
		return best;
	at = hash = failing_hash(NUMBERED(ev, host), NUMBERED(ev, instance), ev->ip.id);
	while ((number = slots_next(&sessions->failing, hash, &at)))
		best = better(session_at(sessions, number), best, ev);
	return best;
}

void
session_handoff(struct track *track, const struct event *ev, struct track_out *out)
{
	struct session *s = NULL;
	uint32_t held;

	if (!session_may_hand_off(track, ev))
		return;
	held = held_of(&track->sessions.by_ip, ev->ip.id);
	if (held & (HELD_FAILED | HELD_MORE))
		s = find_handed(&track->sessions, held, ev);
	if (s)
		end(track, s, OUTCOME_ignored_fail, ev->time, out);
	else if (handoff_is_open(track, ev))
		seam_add(track, ev, SEAM_HANDLER + 1, NULL);
}

void
sessions_init(struct sessions *sessions)
{
	registry_init(&sessions->registry, sizeof(struct session), session_hash);
	slots_init(&sessions->failing);
	sessions->passed.links = offsetof(struct session, links);
	sessions->due = INT64_MIN;
	for (unsigned i = 0; i < STRAYS; i++)
		sessions->strays[i] = INT64_MIN;
}

void
sessions_free(struct sessions *sessions)
{
	registry_free(&sessions->registry);
	region_free(&sessions->by_ip);
	slots_free(&sessions->failing);
}

/* Lets the new number of its address lead to S, whether it is filed or not. */
static void
chain_again(struct sessions *sessions, struct session *s)
{
	uint32_t held = held_of(&sessions->by_ip, s->key.ip);

	if (!s->entry.filed) {
		s->next = held & HELD_FIRST;
		held = (held & ~HELD_FIRST) | s->entry.number;
	} else {
		held |= HELD_MORE;
	}
	set_held(&sessions->by_ip, s->key.ip, held);
	note_failed(sessions, s);
}

void
sessions_renumber(struct sessions *sessions, uint32_t *const remap[DOMAINS])
{
	int64_t last = INT64_MIN;
	struct session *s;

	/* Their hashes are lost: any client's may be the last one's. */
	for (unsigned i = 0; i < STRAYS; i++)
		last = sessions->strays[i] > last ? sessions->strays[i] : last;
	for (unsigned i = 0; i < STRAYS; i++)
		sessions->strays[i] = last;
	slots_clear(&sessions->failing);
	region_free(&sessions->by_ip);
	for (uint32_t at = 0; (s = registry_next(&sessions->registry, &at));) {
		s->key.host = renumbered(remap, DOMAIN_WORD, s->key.host);
		s->key.instance = renumbered(remap, DOMAIN_WORD, s->key.instance);
		s->key.ip = renumbered(remap, DOMAIN_IP, s->key.ip);
		s->program = renumbered(remap, DOMAIN_WORD, s->program);
		s->daemon = renumbered(remap, DOMAIN_WORD, s->daemon);
		s->server_ip = renumbered(remap, DOMAIN_IP, s->server_ip);
		s->flags &= (uint16_t)~SESSION_FAILING;
		chain_again(sessions, s);
	}
	registry_refile(&sessions->registry);
}

/* A session that NEXT saw begin ends one of INTO with the same address and port. */
void
sessions_adopt(struct track *into, const struct track *next, uint64_t base,
    struct track_out *out)
{
	struct sessions *sessions = &into->sessions;
	const struct session *from;
	struct session *s;

	for (uint32_t at = 0; (from = registry_next(&next->sessions.registry, &at));) {
		s = find(sessions, &from->key);
		if (s)
			conclude(into, s, out);
		sweep(into, INT64_MIN, out);
		s = registry_add_copy(&sessions->registry, from);
		file(sessions, s);
		s->serial += base;
		s->flags &= (uint16_t)~SESSION_FAILING;
		note_failed(sessions, s);
		if (s->flags & SESSION_PASSED)
			append_passed(sessions, s);
	}
}

void
sessions_finish(struct track *track, int64_t end_time, struct track_out *out)
{
	struct registry *registry = &track->sessions.registry;

	while (registry->pool.live) {
		struct session *s = registry_oldest(registry);

		if (only_failed(s) && end_time <= s->touched + SESSION_SILENCE) {
			emit(track, s, OUTCOME_open, s->touched, true, out);
			forget(&track->sessions, s);
		} else {
			conclude(track, s, out);
		}
	}
}
