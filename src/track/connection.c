/* SPDX-License-Identifier: Apache-2.0
 *
 * connection: one SMTP connection, by host, instance and smtpd's process id, from
 * `connect` to `disconnect`; and the login attempts made in it.
 *
 * An attempt is emitted at the line that tells of it: a failure, an abort, an
 * error of ours, the first `client=` with a login. What no line told of (a refused
 * mechanism, a wrong password under a quiet library) is known from disconnect's
 * statistics only: of `auth=OK/TOTAL`, TOTAL - OK - told - rate-limited are
 * refused, one of them aborted if the client hung up in AUTH; OKs that no mail
 * followed are successes without a name. Servers before Postfix 3.0 log no
 * statistics: then a hang-up in AUTH is one aborted attempt.
 *
 * The record stays when the connection ends, as the same process takes the next
 * one. A process without an open connection begins one with whatever it tells.
 * Other daemons' tellings (IMAP, POP3) stand alone: each is an attempt.
 */
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "track/room.h"

/* A line whose daemon was cut off could be smtpd's. */
TRACK_INLINE bool
is_smtpd(const struct event *ev)
{
	return !event_knows(ev, FIELD_daemon) || DAEMON_IS(ev, smtpd) ||
	    DAEMON_IS(ev, postfix);
}

static void
begin(struct connection *c)
{
	c->open = true;
	c->aborted = c->unasked = false;
	c->user_count = 0;
	c->told = c->limited = c->successes = 0;
}

TRACK_INLINE struct connection *
connection_at(const struct connections *connections, uint32_t number)
{
	return pool_sized_at(&connections->registry.pool, number, sizeof(struct connection));
}

TRACK_INLINE bool
is_process(const struct connection *c, uint32_t host, uint32_t instance, int64_t pid)
{
	return c->pid == pid && c->host == host && c->instance == instance;
}

/*
 * The chain of those whose ids end alike. Hosts and instances lie far from each other, as
 * containers of many hosts have the same few ids.
 */
TRACK_INLINE uint32_t *
chain_of(struct connections *connections, uint32_t host, uint32_t instance, int64_t pid)
{
	uint64_t place = (uint64_t)pid + host * 2531ull + instance * 1021ull;

	return &connections->chains[place % PROCESS_CHAINS];
}

TRACK_INLINE struct connection *
find(struct connections *connections, uint32_t host, uint32_t instance, int64_t pid)
{
	uint32_t number = *chain_of(connections, host, instance, pid);

	while (number) {
		struct connection *c = connection_at(connections, number);

		if (is_process(c, host, instance, pid))
			return c;
		number = c->next;
	}
	return NULL;
}

/* C can be found from now on. */
TRACK_INLINE void
chain(struct connections *connections, struct connection *c)
{
	uint32_t *first = chain_of(connections, c->host, c->instance, c->pid);

	c->next = *first;
	*first = c->entry.number;
}

static void
drop(struct connections *connections, struct connection *c)
{
	uint32_t *place = chain_of(connections, c->host, c->instance, c->pid);

	while (*place != c->entry.number)
		place = &connection_at(connections, *place)->next;
	*place = c->next;
	registry_drop(&connections->registry, c);
}

/* Is C as if it had never been? */
static bool
is_over(const struct connection *c)
{
	return !c->open && !c->unasked;
}

/* Whoever was not heard of for longest makes room. */
TRACK_SELDOM void
make_room(struct track *track)
{
	struct connection *oldest = registry_oldest(&track->connections.registry);

	if (!is_over(oldest))
		track->crowded = true;
	drop(&track->connections, oldest);
	track->stats.evicted_connections++;
}

static struct connection *
add_process(struct track *track, uint32_t host, uint32_t instance, int64_t pid)
{
	struct connections *connections = &track->connections;
	struct connection *c;

	if (connections->registry.pool.live >= track->limits.connections)
		make_room(track);
	c = registry_add_unfiled(&connections->registry, sizeof(*c), sizeof(c->entry));
	c->host = host;
	c->instance = instance;
	c->pid = pid;
	begin(c);
	chain(connections, c);
	return c;
}

/* EV's process; with ADD a new record if there is none, else NULL. */
TRACK_INLINE struct connection *
process(struct track *track, const struct event *ev, bool add)
{
	uint32_t host = NUMBERED(ev, host), instance = NUMBERED(ev, instance);
	int64_t pid = NUMBER_OR_NONE(ev, pid);
	struct connection *c = find(&track->connections, host, instance, pid);

	if (c)
		registry_touch(&track->connections.registry, c);
	else if (add)
		c = add_process(track, host, instance, pid);
	return c;
}

/* The same if that takes no call, else NULL. */
TRACK_INLINE struct connection *
at_hand(struct track *track, const struct event *ev)
{
	struct connections *connections = &track->connections;
	struct connection *c = find(connections, NUMBERED(ev, host), NUMBERED(ev, instance),
	    NUMBER_OR_NONE(ev, pid));

	return c && registry_touch_soon(&connections->registry, c) ? c : NULL;
}

/* The connection that EV belongs to; NULL when EV was set aside instead. */
TRACK_INLINE struct connection *
connection_of(struct track *track, const struct event *ev)
{
	struct connection *c = process(track, ev, track->from_start);

	if (!c)
		seam_add(track, ev, SEAM_HANDLER, NULL);
	else if (!c->open)
		begin(c);
	return c;
}

/* The same if it is at hand and open; NULL: only the other knows. */
TRACK_INLINE struct connection *
open_at_hand(struct track *track, const struct event *ev)
{
	struct connection *c = at_hand(track, ev);

	return c && c->open ? c : NULL;
}

TRACK_SELDOM void
connect_other(struct track *track, const struct event *ev)
{
	begin(process(track, ev, true));
}

void
connection_connect(struct track *track, const struct event *ev, struct track_out *out)
{
	struct connection *c;

	(void)out;
	if (!is_smtpd(ev))
		return;
	c = at_hand(track, ev);
	if (c)
		begin(c);
	else
		connect_other(track, ev);
}

TRACK_INLINE void
note_login(struct connections *connections, struct connection *c, const struct event *ev)
{
	if (!event_knows(ev, FIELD_ip))
		connections->unasked = c->unasked = true;
	else if (login_outcome(ev) == OUTCOME_success)
		c->successes += login_count(ev);
	else
		c->told += login_count(ev);
}

TRACK_SELDOM void
auth_other(struct track *track, const struct event *ev)
{
	struct connection *c = connection_of(track, ev);

	if (c)
		note_login(&track->connections, c, ev);
}

/*
 * "SASL: Connect to private/auth failed: ..." (xsasl_dovecot_server.c): the warning about
 * the client that follows gives no reason. What Cyrus says so, "SASL authentication
 * failure: Password verification failed", may be about a wrong password; not so where it
 * said before that none of its databases can be reached, which is a temporary error.
 */
static bool
is_unasked(const struct event *ev)
{
	return (event_knows(ev, FIELD_reason) && ev->reason == REASON_temp) ||
	    (event_knows(ev, FIELD_text) &&
		str_starts(event_str(ev, ev->text), STR("SASL: ")));
}

bool
connection_asked(struct track *track, const struct event *ev, bool *ret_asked)
{
	struct connection *c;

	*ret_asked = true;
	if ((track->from_start && !track->connections.unasked) || !is_smtpd(ev))
		return true;
	c = process(track, ev, false);
	if (!c)
		return track->from_start;
	*ret_asked = !c->unasked;
	c->unasked = false;
	return true;
}

void
connection_auth(struct track *track, const struct event *ev, struct track_out *out)
{
	struct connection *c;

	(void)out;
	if (!is_smtpd(ev) || (login_outcome(ev) == OUTCOME_error &&
	        !event_knows(ev, FIELD_ip) && !is_unasked(ev)))
		return;
	c = open_at_hand(track, ev);
	if (c)
		note_login(&track->connections, c, ev);
	else
		auth_other(track, ev);
}

/* Notes USER; false if its login was told of before. */
static bool
is_new_login(struct connection *c, uint32_t user)
{
	for (unsigned i = 0; i < c->user_count; i++)
		if (c->users[i] == user)
			return false;
	if (c->user_count < CONNECTION_USERS)
		c->users[c->user_count++] = user;
	return true;
}

void
connection_accept(struct track *track, const struct event *ev, struct track_out *out)
{
	struct connection *c;

	if (!event_knows(ev, FIELD_user))
		return;
	if (is_smtpd(ev)) {
		c = connection_of(track, ev);
		if (!c || !is_new_login(c, ev->user.id))
			return;
		c->successes++;
	}
	login_attempt(track, ev, OUTCOME_success, 1, out);
}

void
connection_abort(struct track *track, const struct event *ev, struct track_out *out)
{
	struct connection *c;

	(void)out;
	if (!is_smtpd(ev) || !event_knows(ev, FIELD_stage) ||
	    !str_starts(event_word(ev, ev->stage), STR("AUTH")))
		return;
	c = connection_of(track, ev);
	if (c)
		c->aborted = true;
}

void
connection_limit(struct track *track, const struct event *ev, struct track_out *out)
{
	struct connection *c;

	(void)out;
	if (!is_smtpd(ev) || !event_knows(ev, FIELD_action) ||
	    !str_eq_nocase(str_head(event_word(ev, ev->action), 4), STR("auth")))
		return;
	c = connection_of(track, ev);
	if (c)
		c->limited += ev->weight;
}

/* Is there an "au" in COMMANDS, or are they short? Of others nothing more is to be read. */
TRACK_INLINE bool
may_have_auth(struct str commands)
{
#ifdef __SSE2__
	const __m128i a = _mm_set1_epi8('a'), u = _mm_set1_epi8('u');
	size_t at = 0;

	if (commands.len <= sizeof(__m128i))
		return true;
	/* All but the last letter in steps of 16, the last step over what is left. */
	for (;;) {
		const char *p = commands.p + at;
		__m128i first = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i second = _mm_loadu_si128((const __m128i *)(const void *)(p + 1));

		if (_mm_movemask_epi8(_mm_and_si128(
		        _mm_cmpeq_epi8(first, a), _mm_cmpeq_epi8(second, u))))
			return true;
		if (at == commands.len - 1 - sizeof(__m128i))
			return false;
		at += sizeof(__m128i);
		if (at > commands.len - 1 - sizeof(__m128i))
			at = commands.len - 1 - sizeof(__m128i);
	}
#else
	return str_find(commands, STR("au")) != commands.len;
#endif
}

/* Reads "auth=OK[/TOTAL]" out of "ehlo=1 auth=0/1 quit=1 commands=2/3". */
static bool
read_statistics(struct str commands, int64_t *ret_ok, int64_t *ret_total)
{
	for (struct str rest = commands; rest.len; str_cut(&rest, ' ')) {
		struct str word = rest;

		if (!str_skip(&word, STR("auth=")) || !str_skip_number(&word, ret_ok))
			continue;
		*ret_total = *ret_ok;
		if (str_skip_char(&word, '/') && !str_skip_number(&word, ret_total))
			continue;
		return *ret_total >= *ret_ok;
	}
	return false;
}

TRACK_SELDOM void
emit_untold(struct track *track, const struct connection *c, const struct event *ev,
    struct track_out *out)
{
	int64_t ok, total, refused;

	if (!read_statistics(event_str(ev, ev->commands), &ok, &total))
		return;
	refused = total - ok - c->told - c->limited;
	if (refused > 0 && c->aborted) {
		login_attempt(track, ev, OUTCOME_aborted, 1, out);
		refused--;
	}
	if (refused > 0)
		login_attempt(track, ev, OUTCOME_refused, refused, out);
	if (ok > c->successes)
		login_attempt(track, ev, OUTCOME_success, ok - c->successes, out);
}

TRACK_SELDOM void
disconnect_other(struct track *track, const struct event *ev, struct track_out *out)
{
	struct connection *c = connection_of(track, ev);

	if (!c)
		return;
	if (event_knows(ev, FIELD_commands)) {
		emit_untold(track, c, ev, out);
	} else if (c->aborted && c->told + c->limited + c->successes == 0) {
		login_attempt(track, ev, OUTCOME_aborted, 1, out);
	}
	c->open = false;
}

void
connection_disconnect(struct track *track, const struct event *ev, struct track_out *out)
{
	struct connection *c;

	if (!is_smtpd(ev))
		return;
	c = open_at_hand(track, ev);
	if (!c || !event_knows(ev, FIELD_commands)) {
		disconnect_other(track, ev, out);
		return;
	}
	c->open = false;
	if (may_have_auth(event_str(ev, ev->commands)))
		emit_untold(track, c, ev, out);
}

void
connections_init(struct connections *connections)
{
	registry_init(&connections->registry, sizeof(struct connection), NULL);
}

void
connections_free(struct connections *connections)
{
	registry_free(&connections->registry);
}

void
connections_renumber(struct connections *connections, uint32_t *const remap[DOMAINS])
{
	struct registry *registry = &connections->registry;
	struct connection *c;

	for (uint32_t at = 0; (c = registry_next(registry, &at));) {
		c->host = renumbered(remap, DOMAIN_WORD, c->host);
		c->instance = renumbered(remap, DOMAIN_WORD, c->instance);
		for (unsigned i = 0; i < c->user_count; i++)
			c->users[i] = renumbered(remap, DOMAIN_ADDRESS, c->users[i]);
	}
	memset(connections->chains, 0, sizeof(connections->chains));
	for (uint32_t at = 0; (c = registry_next(registry, &at));)
		chain(connections, c);
}

bool
connections_have_room(const struct track *into, const struct track *next)
{
	const struct registry *registry = &into->connections.registry;
	uint64_t count = (uint64_t)registry->pool.live +
	    pool_peak(&next->connections.registry.pool);
	const struct connection *c;
	uint32_t at = 0;

	for (; count > into->limits.connections && (c = registry_next(registry, &at)); count--)
		if (!is_over(c))
			return false;
	return true;
}

/* A process that NEXT knows began a connection there: what INTO knows is history. */
void
connections_adopt(struct track *into, const struct track *next)
{
	struct connections *connections = &into->connections;
	const struct connection *from;

	connections->unasked |= next->connections.unasked;
	for (uint32_t at = 0; (from = registry_next(&next->connections.registry, &at));) {
		struct connection *c;

		c = find(connections, from->host, from->instance, from->pid);
		if (c)
			drop(connections, c);
		if (connections->registry.pool.live >= into->limits.connections)
			make_room(into);
		c = registry_add_copy(&connections->registry, from);
		chain(connections, c);
	}
}
