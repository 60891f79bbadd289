/* SPDX-License-Identifier: Apache-2.0
 *
 * track: the front of the room. Who is told of an event is a row by its kind;
 * what each kind must have numbered stands beside it.
 */
#include "track/room.h"

#include <stdlib.h>

const struct track_limits track_limits_default = {
	.messages = 131072,
	.sessions = 65536,
	.connections = 32768,
	.clients = 262144,
};

#define N(field) (UINT64_C(1) << (FIELD_##field))
#define FRAME (N(host) | N(program) | N(daemon) | N(instance))
#define LOGIN (FRAME | N(ip) | N(name) | N(user) | N(mechanism))
#define SCREEN (FRAME | N(ip))

_Static_assert(FIELD_category < 64, "what tracking needs fits one word");

/*
 * Kinds that two are told of: one jump that cannot be foreseen instead of two, and where
 * the second would have nothing to do, which it tells before, no more than that.
 */
static void
connect(struct track *track, const struct event *ev, struct track_out *out)
{
	if (session_may_hand_off(track, ev))
		session_handoff(track, ev, out);
	connection_connect(track, ev, out);
}

static void
accept(struct track *track, const struct event *ev, struct track_out *out)
{
	if (event_knows(ev, FIELD_user))
		connection_accept(track, ev, out);
	message_accept(track, ev, out);
}

static void
auth(struct track *track, const struct event *ev, struct track_out *out)
{
	connection_auth(track, ev, out);
	login_told(track, ev, out);
}

/* What postscreen tells of a session and, if it MATTERS, of a client. */
#define SCREENED(name, session, client, matters)                                            \
	static void name(struct track *track, const struct event *ev, struct track_out *out)\
	{                                                                                   \
		if (!(matters)) {                                                           \
			session(track, ev, out);                                            \
			return;                                                             \
		}                                                                           \
		session(track, ev, out);                                                    \
		client(track, ev, out);                                                     \
	}

SCREENED(ps_list, session_list, client_list, client_matters(track, ev))
SCREENED(ps_pass, session_pass, client_pass, client_matters(track, ev))
SCREENED(ps_reject, session_reject, client_reject, is_greylisted(ev))
SCREENED(ps_disconnect, session_disconnect, client_disconnect, client_matters(track, ev))

static const struct {
	handler *tell; /* all of `told` */
	handler *told[HANDLERS];
	uint64_t needs;
} rows[KINDS] = {
	[KIND_connect] = {connect, {connection_connect, session_handoff},
	    N(host) | N(instance) | N(ip)},
	[KIND_disconnect] = {connection_disconnect, {connection_disconnect},
	    FRAME | N(ip) | N(name)},
	[KIND_accept] = {accept, {connection_accept, message_accept},
	    LOGIN | N(sender)},
	[KIND_abort] = {connection_abort, {connection_abort}, N(host) | N(instance)},
	[KIND_rate_limit] = {connection_limit, {connection_limit}, N(host) | N(instance)},
	[KIND_auth_failure] = {auth, {connection_auth, login_told},
	    LOGIN},
	[KIND_auth_success] = {auth, {connection_auth, login_told},
	    LOGIN},
	[KIND_auth_abort] = {auth, {connection_auth, login_told},
	    LOGIN},
	[KIND_auth_error] = {auth, {connection_auth, login_told},
	    LOGIN},
	[KIND_ps_connect] = {session_connect, {session_connect}, SCREEN | N(server_ip)},
	[KIND_ps_list] = {ps_list, {session_list, client_list},
	    SCREEN},
	[KIND_ps_pass] = {ps_pass, {session_pass, client_pass},
	    SCREEN},
	[KIND_ps_dnsbl] = {session_dnsbl, {session_dnsbl}, SCREEN},
	[KIND_ps_pregreet] = {session_pregreet, {session_pregreet}, SCREEN},
	[KIND_ps_hangup] = {session_hangup, {session_hangup}, SCREEN},
	[KIND_ps_reject] = {ps_reject, {session_reject, client_reject},
	    SCREEN},
	[KIND_ps_violation] = {session_violation, {session_violation}, SCREEN},
	[KIND_ps_limit] = {session_violation, {session_violation}, SCREEN},
	[KIND_ps_disconnect] = {ps_disconnect, {session_disconnect, client_disconnect},
	    SCREEN},
	[KIND_submitted] = {message_submitted, {message_submitted},
	    FRAME | N(sender) | N(user)},
	[KIND_message_id] = {message_id, {message_id}, FRAME},
	[KIND_queued] = {message_queued, {message_queued}, FRAME | N(sender)},
	[KIND_delivery] = {message_delivery, {message_delivery},
	    FRAME | N(recipient) | N(orig_recipient)},
	[KIND_removed] = {message_removed, {message_removed}, N(host)},
	[KIND_expired] = {message_expired, {message_expired}, FRAME},
	[KIND_content] = {message_refused, {message_refused}, N(host)},
	[KIND_policy] = {message_filtered, {message_filtered}, N(host) | N(user)},
	[KIND_milter] = {message_refused, {message_refused}, N(host)},
	[KIND_spam_verdict] = {verdict_told, {verdict_told},
	    N(host) | N(verdict) | N(category)},
};

void
track_tell(struct track *track, unsigned which, const struct event *ev, struct track_out *out)
{
	rows[ev->kind].told[which](track, ev, out);
}

void
track_needs(enum kind kind, uint64_t ret[2])
{
	ret[0] = kind < KINDS ? rows[kind].needs : 0;
	ret[1] = 0;
}

void
track_hands_on(uint64_t ret[2])
{
	ret[0] = N(name) | N(mechanism) | N(program) | N(daemon) | N(server_ip) | N(category);
	ret[1] = 0;
}

void
track_spells(uint64_t ret[2])
{
	ret[0] = N(qid) | N(msgid) | N(status) | N(action);
	ret[1] = 0;
}

/*
 * What costs next to nothing is always made; of anything else that is asked for, all is.
 * A field that a kind never has is no reason: filters ask all kinds.
 */
static bool
is_plain(enum kind kind, enum field field)
{
	static const bool plain[FIELDS] = {
	    [FIELD_time] = true, [FIELD_kind] = true, [FIELD_derived] = true,
	    [FIELD_ip] = true, [FIELD_user] = true, [FIELD_outcome] = true,
	    [FIELD_open] = true, [FIELD_sender] = true, [FIELD_size] = true,
	    [FIELD_nrcpt] = true, [FIELD_uid] = true, [FIELD_delivered] = true,
	    [FIELD_deferred] = true, [FIELD_bounced] = true};

	if (field == FIELD_seconds)
		return kind == KIND_message;

	return plain[field] || (field == FIELD_action && kind != KIND_session);
}

/*
 * The order of last use says who makes room when a table of LIMIT is full, and, where all is
 * told of each, in which order what is open at the end is told. Else few need be in order.
 */
static uint32_t
slack_of(const struct track *track, enum kind kind, uint32_t limit)
{
	return is_told_whole(track, kind) ? 0 : limit / 64;
}

void
track_wants(struct track *track, enum kind kind, const uint64_t fields[2])
{
	track->plain |= UINT64_C(1) << kind;
	for (enum field field = 0; field < FIELDS; field++)
		if (fields[field / 64] >> (field % 64) & 1 && !is_plain(kind, field))
			track->plain &= ~(UINT64_C(1) << kind);
	track->messages.registry.slack =
	    slack_of(track, KIND_message, track->limits.messages);
	track->sessions.registry.slack =
	    slack_of(track, KIND_session, track->limits.sessions);
}

#define K(kind) (UINT64_C(1) << (KIND_##kind))

_Static_assert(KINDS <= 64, "kinds fit a word");

uint64_t
track_sources(enum kind kind)
{
	static const uint64_t sources[KINDS] = {
	    [KIND_message] = K(accept) | K(submitted) | K(message_id) | K(queued) |
		K(delivery) | K(removed) | K(expired) | K(content) | K(milter) | K(policy) |
		K(spam_verdict),
	    [KIND_session] = K(connect) | K(ps_connect) | K(ps_list) | K(ps_pass) |
		K(ps_dnsbl) | K(ps_pregreet) | K(ps_hangup) | K(ps_reject) |
		K(ps_violation) | K(ps_limit) | K(ps_disconnect),
	    [KIND_reconnect] = K(ps_list) | K(ps_pass) | K(ps_reject) | K(ps_disconnect),
	    [KIND_attempt] = K(connect) | K(disconnect) | K(accept) | K(abort) |
		K(rate_limit) | K(auth_failure) | K(auth_success) | K(auth_abort) |
		K(auth_error)};

	return kind < KINDS ? sources[kind] : 0;
}

static uint32_t
at_least_one(uint32_t limit)
{
	return limit ? limit : 1;
}

struct track *
track_new(const struct track_limits *limits, bool from_start)
{
	struct track *track = xcalloc(1, sizeof(*track));

	track->limits = (struct track_limits){
	    .messages = at_least_one(limits->messages),
	    .sessions = at_least_one(limits->sessions),
	    .connections = at_least_one(limits->connections),
	    .clients = at_least_one(limits->clients),
	};
	track->from_start = from_start;
	for (unsigned kind = 0; kind < KINDS; kind++)
		track->told[kind] = rows[kind].tell != NULL;
	track->first = INT64_MIN;
	track->assumed = INT64_MAX;
	messages_init(&track->messages);
	sessions_init(&track->sessions, &track->by_ip);
	verdicts_init(&track->recent);
	connections_init(&track->connections);
	logins_init(track);
	clients_init(&track->clients, &track->by_ip);
	return track;
}

void
track_free(struct track *track)
{
	if (!track)
		return;
	messages_free(&track->messages);
	sessions_free(&track->sessions);
	registry_free(&track->recent);
	connections_free(&track->connections);
	logins_free(track);
	clients_free(&track->clients);
	region_free(&track->by_ip);
	region_free(&track->seam.bytes);
	free(track);
}

static inline void
note_time(struct track *track, int64_t time)
{
	if (time >= track->latest) {
		track->latest = time;
		return;
	}
	track->stepped |= time < track_gone(track);
	if (time < track->earliest)
		track->earliest = time;
}

static inline void
begin_time(struct track *track, int64_t time)
{
	if (track->first == INT64_MIN)
		track->first = track->latest = track->earliest = time;
}

void
track_event(struct track *track, const struct event *ev, struct track_out *out)
{
	if (!rows[ev->kind].tell)
		return;
	begin_time(track, ev->time);
	note_time(track, ev->time);
	track->ordinal++;
	rows[ev->kind].tell(track, ev, out);
}

void
track_sweep(struct track *track, int64_t now, struct track_out *out)
{
	family_sweep(track, now, out);
	sessions_sweep(track, now, out);
}

/* Which of N events somebody is told of. Returns how many. */
TRACK_INLINE size_t
choose(struct track *track, const struct event *events, const uint8_t *kinds, size_t n)
{
	struct told *todo = &track->todo;
	size_t count = 0;

#pragma GCC unroll 4
	for (size_t i = 0; i < n; i++) {
		/* Kept anyway, and counted if it is to do: no branch. */
		todo->event[count] = &events[i];
		todo->kind[count] = kinds[i];
		count += track->told[kinds[i]];
	}
	for (size_t i = 0; i < TOLD_AHEAD; i++)
		todo->event[count + i] = todo->event[0];
	return count;
}

void
track_batch(struct track *track, const struct event *events, const uint8_t *kinds, size_t n,
    struct track_out *out)
{
	const struct told *todo = &track->todo;
	size_t count = choose(track, events, kinds, n);

	if (count)
		begin_time(track, todo->event[0]->time);
	for (size_t i = 0; i < count; i++) {
		const struct event *ev = todo->event[i];

		address_fetch(&track->by_ip, todo->event[i + TOLD_AHEAD]->ip.id);
		note_time(track, ev->time);
		track->ordinal++;
		rows[todo->kind[i]].tell(track, ev, out);
	}
}

static void
renumber_held(struct track *track, uint32_t *const remap[DOMAINS])
{
	messages_renumber(&track->messages, remap);
	verdicts_renumber(&track->recent, remap);
	sessions_renumber(&track->sessions, remap);
	connections_renumber(&track->connections, remap);
	logins_renumber(&track->logins, remap);
	clients_renumber(&track->clients, remap);
	seam_renumber(&track->seam, remap);
}

void
track_renumber(struct track *track, uint32_t *const remap[DOMAINS])
{
	struct region before = track->by_ip;

	track->by_ip = (struct region){.p = NULL};
	renumber_held(track, remap);
	sessions_file_again(track);
	logins_file_again(&track->logins);
	clients_file_again(&track->clients, &before, remap);
	region_free(&before);
}

void
track_retire(struct track *track, uint32_t *const remap[DOMAINS])
{
	renumber_held(track, remap);
	clients_list_known(&track->clients, remap);
	region_free(&track->by_ip);
}

static void
add_stats(struct track_stats *into, const struct track_stats *next)
{
	into->messages += next->messages;
	into->sessions += next->sessions;
	into->attempts += next->attempts;
	into->reconnects += next->reconnects;
	into->evicted_messages += next->evicted_messages;
	into->evicted_sessions += next->evicted_sessions;
	into->evicted_connections += next->evicted_connections;
	into->evicted_clients += next->evicted_clients;
}

/* Is there for what INTO has, the most that NEXT ever had at once, and MORE? */
static bool
has_room(uint64_t limit, const struct pool *into, const struct pool *next, uint64_t more)
{
	return into->live + pool_peak(next) + more <= limit;
}

/*
 * Is there room for both at once, whenever? A log read as a whole may never need it: of what
 * a piece holds some is over when it is joined.
 */
static bool
have_room(const struct track *into, const struct track *next)
{
	const struct track_limits *limits = &into->limits;
	const struct messages *a = &into->messages, *b = &next->messages;
	const struct logins *logins = &next->logins;
	uint64_t more = b->strays; /* that may be opened, or get a recipient */

	return has_room(limits->messages, &a->registry.pool, &b->registry.pool, more) &&
	    has_room(RECIPIENTS_SHARE * (uint64_t)limits->messages, &a->recipients,
	        &b->recipients, more) &&
	    has_room(limits->sessions, &into->sessions.registry.pool,
	        &next->sessions.registry.pool, next->sessions.stray_count) &&
	    has_room(limits->connections, &into->logins.registry.pool,
	        &logins->registry.pool, 0) &&
	    has_room(TELLINGS_SHARE * (uint64_t)limits->connections, &into->logins.earlier,
	        &logins->earlier, logins->strays) &&
	    has_room(limits->connections, &into->login_sessions.pool,
	        &next->login_sessions.pool, 0) &&
	    has_room(limits->clients, &into->clients.registry.pool,
	        &next->clients.registry.pool, 1) &&
	    connections_have_room(into, next);
}

/*
 * A piece may hold what the log as a whole would not, or have less at once. Where it matters,
 * it does not go on; but once somebody had to go, all depends on the cuts anyway.
 */
static bool
is_crowded(const struct track *into, const struct track *next)
{
	return !into->crowded && (next->crowded || !have_room(into, next));
}

bool
track_continues(const struct track *into, const struct track *next)
{
	return next->first == INT64_MIN || (!next->stepped && !next->unsure &&
	    !is_crowded(into, next) &&
	    (into->first == INT64_MIN || (track_gone(into) <= next->earliest &&
	        into->latest <= next->assumed)));
}

/* What is replayed is not to be taken for late. */
static void
join_times(struct track *into, const struct track *next)
{
	if (next->first == INT64_MIN)
		return;
	if (next->latest > into->latest)
		into->latest = next->latest;
	if (next->earliest < into->earliest)
		into->earliest = next->earliest;
	if (next->assumed < into->assumed)
		into->assumed = next->assumed;
	into->stepped |= next->stepped;
}

bool
track_had_room(const struct track *track)
{
	return !track->crowded;
}

void
track_join(struct track *into, struct track *next, struct track_out *out)
{
	uint64_t base = into->ordinal;
	uint32_t *numbers;

	if (next->first != INT64_MIN)
		begin_time(into, next->first);
	numbers = messages_adopt(into, next, base);
	seam_replay(into, next, numbers, base, out);
	into->ordinal = base + next->ordinal;
	messages_settle(into, next, numbers, base, out);
	sessions_adopt(into, next, base, out);
	connections_adopt(into, next);
	join_times(into, next);
	logins_adopt(into, next);
	clients_adopt(into, next, out);
	add_stats(&into->stats, &next->stats);
	into->crowded |= next->crowded;
	free(numbers);
	track_free(next);
}

bool
track_finish(struct track *track, int64_t end, size_t most, struct track_out *out)
{
	return messages_finish(track, most, out) || sessions_finish(track, end, most, out) ||
	    clients_finish(track, most, out);
}

void
track_settle(struct track *track, struct track_out *out)
{
	family_sweep_all(track, track->latest, out);
}

struct track_stats
track_stats(const struct track *track)
{
	return track->stats;
}
