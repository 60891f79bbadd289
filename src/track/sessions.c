/* SPDX-License-Identifier: Apache-2.0
 *
 * sessions: the table of postscreen's sessions: how they begin, what is told of them when
 * they end, who is forgotten, and the join with those of the piece before.
 */
#include "track/session.h"

static const struct str test_names[TESTS] = {
	STR("pregreet"), STR("dnsbl"), STR("hangup"), STR("pipelining"), STR("non_smtp"),
	STR("bare_newline"), STR("no_rcpt"), STR("deny"), STR("time_limit"),
	STR("count_limit"), STR("length_limit"),
};

static void
unnote_failing(struct sessions *sessions, struct session *s, uint32_t hash)
{
	slots_remove(&sessions->failing, hash, s->entry.number);
	s->flags &= (uint16_t)~SESSION_FAILING;
}

/* Is there room for one more under HASH? One that nobody will be handed any more makes it. */
static bool
has_room_for_failing(struct track *track, uint32_t hash)
{
	struct sessions *sessions = &track->sessions;
	uint32_t at = hash, same = 0, number;

	while ((number = slots_next(&sessions->failing, hash, &at))) {
		struct session *s = session_at(sessions, number);

		if (!session_may_be_handed(s, track_gone(track))) {
			unnote_failing(sessions, s, hash);
			return true;
		}
		if (++same == SAME_HASH_MAX) {
			track->crowded = true;
			return false;
		}
	}
	return true;
}

void
session_note_failing(struct track *track, struct session *s)
{
	struct sessions *sessions = &track->sessions;
	uint32_t hash;

	if (session_only_failed(s) == !!(s->flags & SESSION_FAILING))
		return;
	hash = session_failing_hash(&s->key);
	if (s->flags & SESSION_FAILING) {
		unnote_failing(sessions, s, hash);
		return;
	}
	if (!has_room_for_failing(track, hash))
		return;
	slots_add(&sessions->failing, hash, s->entry.number);
	s->flags |= SESSION_FAILING;
	address_at(sessions->by_ip, s->key.ip)->sessions |= HELD_FAILING;
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

/* S is not the first of the chain HELD. */
TRACK_SELDOM void
unchain_later(struct sessions *sessions, struct address *held, const struct session *s)
{
	struct session *before = session_at(sessions, held->sessions & HELD_FIRST);
	uint32_t kept = 0xff; /* the marks of those before it */

	for (; before->next != s->entry.number; kept = kept << 8 | 0xff)
		before = session_at(sessions, before->next);
	before->next = s->next;
	held->marks = (held->marks & kept) | (held->marks >> 8 & ~kept);
}

/* Its key finds S no more, which is not filed. */
TRACK_INLINE void
unchain(struct sessions *sessions, const struct session *s)
{
	struct address *held = address_at(sessions->by_ip, s->key.ip);
	uint32_t rest;

	if ((held->sessions & HELD_FIRST) != s->entry.number) {
		unchain_later(sessions, held, s);
		return;
	}
	rest = (held->sessions & ~HELD_FIRST) | s->next;
	held->sessions = rest & (HELD_FIRST | HELD_MORE) ? rest : 0;
	held->marks >>= 8;
}

TRACK_INLINE void
forget(struct track *track, struct session *s)
{
	struct sessions *sessions = &track->sessions;

	if (s->flags & SESSION_PASSED) {
		if (sessions->passed.first == s->entry.number)
			sessions->due = INT64_MIN;
		list_remove(&sessions->registry, &sessions->passed, s);
	}
	if (s->entry.filed) {
		s->tests = 0;
		session_note_failing(track, s);
	} else {
		unchain(sessions, s);
	}
	registry_drop(&sessions->registry, s);
}

void
session_end(struct track *track, struct session *s, enum outcome outcome, int64_t time,
    struct track_out *out)
{
	emit(track, s, outcome, time, false, out);
	forget(track, s);
}

void
session_conclude(struct track *track, struct session *s, struct track_out *out)
{
	if (s->flags & SESSION_PASSED)
		emit(track, s, OUTCOME_passed_new, s->touched, false, out);
	else if (session_only_failed(s))
		emit(track, s, OUTCOME_ignored_fail, s->touched, false, out);
	else
		emit(track, s, OUTCOME_open, s->touched, true, out);
	forget(track, s);
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

/* Ends those that are over at NOW, a PASS NEW first, and makes room for one more. */
void
sessions_sweep(struct track *track, int64_t now, struct track_out *out)
{
	struct sessions *sessions = &track->sessions;
	struct session *s;

	while (sessions->passed.first) {
		s = session_at(sessions, sessions->passed.first);
		if (now <= s->touched + HANDOFF_WINDOW)
			break;
		session_end(track, s, OUTCOME_passed_new, s->touched, out);
	}
	while (sessions->registry.pool.live) {
		bool full = sessions->registry.pool.live >= track->limits.sessions;

		s = registry_oldest(&sessions->registry);
		if (!full && now <= s->touched + SESSION_FORGOTTEN)
			break;
		session_conclude(track, s, out);
		track->stats.evicted_sessions += full;
		track->crowded |= full;
	}
	sessions->due = next_due(sessions);
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

struct session *
session_find_filed(const struct sessions *sessions, struct session_key key)
{
	uint32_t hash = hash_of(&key), at = hash, number;

	while ((number = slots_next(&sessions->registry.slots, hash, &at))) {
		struct session *s = session_at(sessions, number);

		if (session_is_key(s, &key))
			return s;
	}
	return NULL;
}

/*
 * Files the last of the chain from FIRST on, which is as long as it may be: the one that is
 * least likely to be heard of.
 */
TRACK_SELDOM void
shorten(struct track *track, uint32_t first)
{
	struct sessions *sessions = &track->sessions;
	struct session *before = session_at(sessions, first), *s;

	while ((s = session_at(sessions, before->next))->next)
		before = s;
	before->next = 0;
	registry_file(&sessions->registry, s);
	session_note_failing(track, s);
}

/* S becomes the first of the chain HELD, which is not full. */
TRACK_INLINE void
chain(struct address *held, struct session *s)
{
	s->next = held->sessions & HELD_FIRST;
	held->sessions = (held->sessions & ~HELD_FIRST) | s->entry.number;
	held->marks = held->marks << 8 | session_mark(&s->key);
}

/* S, whose key nobody has, can be found from now on. */
TRACK_INLINE void
file(struct track *track, struct session *s)
{
	struct address *held = address_at(&track->by_ip, s->key.ip);

	if (held->marks >> 8 * (SESSION_CHAIN - 1)) {
		shorten(track, held->sessions & HELD_FIRST);
		held->sessions |= HELD_MORE;
	}
	chain(held, s);
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

static struct begun *
begun_at(const struct sessions *sessions, uint32_t index)
{
	return (struct begun *)(void *)sessions->begun.p + index;
}

TRACK_SELDOM void
note_begun(struct sessions *sessions, const struct session_key *key, uint64_t ordinal)
{
	region_reserve(&sessions->begun, ++sessions->begun_count * sizeof(struct begun));
	*begun_at(sessions, sessions->begun_count - 1) = (struct begun){*key, ordinal};
}

struct session *
session_begin(struct track *track, const struct event *ev, unsigned flags,
    struct track_out *out)
{
	struct sessions *sessions = &track->sessions;
	struct session *s;

	if (ev->time > sessions->due ||
	    sessions->registry.pool.live >= track->limits.sessions)
		sessions_sweep(track, ev->time, out);
	s = registry_add_unfiled(&sessions->registry, sizeof(*s),
	    offsetof(struct session, start));
	s->key = session_key_of(ev);
	if (!track->from_start)
		note_begun(sessions, &s->key, track->ordinal);
	s->flags = (uint16_t)flags;
	file(track, s);
	s->serial = track->ordinal;
	s->touched = ev->time;
	s->pid = NUMBER_OR_NONE(ev, pid);
	if (is_told_whole(track, KIND_session))
		take_details(s, ev);
	return s;
}

void
session_append_passed(struct sessions *sessions, struct session *s)
{
	if (!sessions->passed.first && s->touched + HANDOFF_WINDOW < sessions->due)
		sessions->due = s->touched + HANDOFF_WINDOW;
	list_append(&sessions->registry, &sessions->passed, s);
}

void
sessions_init(struct sessions *sessions, struct region *by_ip)
{
	registry_init(&sessions->registry, sizeof(struct session), session_hash);
	slots_init(&sessions->failing);
	sessions->by_ip = by_ip;
	sessions->passed.links = offsetof(struct session, links);
	sessions->due = INT64_MIN;
	for (unsigned i = 0; i < STRAYS; i++)
		sessions->strays[i] = INT64_MIN;
}

void
sessions_free(struct sessions *sessions)
{
	registry_free(&sessions->registry);
	slots_free(&sessions->failing);
	region_free(&sessions->begun);
}

/* Lets the new number of its address lead to S, whether it is filed or not. */
static void
chain_again(struct track *track, struct session *s)
{
	struct address *held = address_at(&track->by_ip, s->key.ip);

	if (s->entry.filed)
		held->sessions |= HELD_MORE;
	else
		chain(held, s);
	session_note_failed(track, s);
}

static void
renumber_key(struct session_key *key, uint32_t *const remap[DOMAINS])
{
	key->host = renumbered(remap, DOMAIN_WORD, key->host);
	key->instance = renumbered(remap, DOMAIN_WORD, key->instance);
	key->ip = renumbered(remap, DOMAIN_IP, key->ip);
}

void
sessions_renumber(struct sessions *sessions, uint32_t *const remap[DOMAINS])
{
	struct session *s;

	for (uint32_t i = 0; i < sessions->begun_count; i++)
		renumber_key(&begun_at(sessions, i)->key, remap);
	for (uint32_t at = 0; (s = registry_next(&sessions->registry, &at));) {
		renumber_key(&s->key, remap);
		s->program = renumbered(remap, DOMAIN_WORD, s->program);
		s->daemon = renumbered(remap, DOMAIN_WORD, s->daemon);
		s->server_ip = renumbered(remap, DOMAIN_IP, s->server_ip);
	}
}

void
sessions_file_again(struct track *track)
{
	struct sessions *sessions = &track->sessions;
	int64_t last = INT64_MIN;
	struct session *s;

	/* Their hashes are lost: any client's may be the last one's. */
	for (unsigned i = 0; i < STRAYS; i++)
		last = sessions->strays[i] > last ? sessions->strays[i] : last;
	for (unsigned i = 0; i < STRAYS; i++)
		sessions->strays[i] = last;
	slots_clear(&sessions->failing);
	for (uint32_t at = 0; (s = registry_next(&sessions->registry, &at));) {
		s->flags &= (uint16_t)~SESSION_FAILING;
		chain_again(track, s);
	}
	registry_refile(&sessions->registry);
}

/* Where addresses lead is fetched so many sessions ahead. */
#define BEGUN_AHEAD 8u

void
sessions_begun_until(struct track *into, const struct track *next, uint32_t *done,
    uint64_t ordinal, uint64_t base, struct track_out *out)
{
	const struct sessions *of = &next->sessions;

	for (; *done < of->begun_count; ++*done) {
		const struct begun *begun = begun_at(of, *done);
		struct session *s;

		if (begun->ordinal > ordinal)
			return;
		if (*done + BEGUN_AHEAD < of->begun_count)
			address_fetch(&into->by_ip, begun[BEGUN_AHEAD].key.ip);
		s = session_find(&into->sessions, &begun->key);
		if (s)
			session_conclude(into, s, out);
		if (!into->from_start)
			note_begun(&into->sessions, &begun->key, base + begun->ordinal);
	}
}

void
sessions_adopt(struct track *into, const struct track *next, uint64_t base,
    struct track_out *out)
{
	struct sessions *sessions = &into->sessions;
	const struct session *from;
	struct session *s;

	for (uint32_t at = 0; (from = registry_next(&next->sessions.registry, &at));) {
		sessions_sweep(into, INT64_MIN, out);
		s = registry_add_copy(&sessions->registry, from);
		file(into, s);
		s->serial += base;
		s->flags &= (uint16_t)~SESSION_FAILING;
		session_note_failed(into, s);
		if (s->flags & SESSION_PASSED)
			session_append_passed(sessions, s);
	}
}

bool
sessions_finish(struct track *track, int64_t end_time, size_t most, struct track_out *out)
{
	struct registry *registry = &track->sessions.registry;

	/* Where only a part of the log is asked for, the rest says more. */
	if (track->latest > end_time && track->first != INT64_MIN)
		end_time = track->latest;
	while (registry->pool.live && out->count < most) {
		struct session *s = registry_oldest(registry);

		if (session_only_failed(s) && end_time <= s->touched + SESSION_SILENCE) {
			emit(track, s, OUTCOME_open, s->touched, true, out);
			forget(track, s);
		} else {
			session_conclude(track, s, out);
		}
	}
	return registry->pool.live;
}
