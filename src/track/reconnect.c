/* SPDX-License-Identifier: Apache-2.0
 *
 * reconnect: what greylisting by postscreen's deep tests costs a client: the time
 * from its first 450 4.3.2 to its first pass after that, by address, however many
 * sessions it took. After a pass it starts anew; one that never comes back is told
 * as open at the end.
 *
 * PASS OLD and ALLOWLISTED pass. PASS NEW passes if no DISCONNECT follows within
 * HANDOFF_WINDOW; with deep tests it always does. A 450 in between says that deep
 * tests are on: then it was no pass.
 *
 * A later piece of a log does not know whether a client is waited for. It sums up
 * the 450s it sees until the first pass, which makes the client known, and sets
 * the sum aside; DISCONNECTs of its first minute, too, as they may belong to a
 * PASS NEW before it.
 */
#include "track/room.h"

static void
emit(struct track *track, const struct client *c, int64_t time, bool open,
    struct track_out *out)
{
	struct event *to = out_event(out, KIND_reconnect, time);

	OUT_NUMBERED(to, host, c->host);
	OUT_NUMBERED(to, ip, c->ip);
	EVENT_SET(to, attempts, c->attempts);
	if (open)
		EVENT_SET(to, open, true);
	else
		EVENT_SET(to, seconds, time > c->first ? time - c->first : 0);
	track->stats.reconnects++;
}

/* What is known of IP: the number of its record, CLIENT_KNOWN, or 0. */
TRACK_INLINE uint32_t
known_of(const struct clients *clients, uint32_t ip)
{
	return address_of(clients->by_ip, ip).client;
}

/* The record that KNOWN is the number of; NULL if it is none. */
TRACK_INLINE struct client *
record(const struct clients *clients, uint32_t known)
{
	return known && known != CLIENT_KNOWN ? registry_at(&clients->registry, known) : NULL;
}

/* There is nothing to know of C any more: whoever comes from the start needs no mark. */
static void
drop(struct track *track, struct client *c)
{
	struct clients *clients = &track->clients;

	if (known_of(clients, c->ip) == c->entry.number)
		address_at(clients->by_ip, c->ip)->client =
		    c->known && !track->from_start ? CLIENT_KNOWN : 0;
	registry_drop(&clients->registry, c);
}

static void
evict(struct track *track, struct track_out *out)
{
	struct client *oldest = registry_oldest(&track->clients.registry);

	if (oldest->waiting)
		emit(track, oldest, oldest->last, true, out);
	drop(track, oldest);
	track->stats.evicted_clients++;
	track->crowded = true;
}

/* The record of IP, of which KNOWN is known; a new one if there is none. */
static struct client *
get(struct track *track, uint32_t known, uint32_t ip, struct track_out *out)
{
	struct registry *registry = &track->clients.registry;
	struct client *c = record(&track->clients, known);

	if (c) {
		registry_touch(registry, c);
		return c;
	}
	if (registry->pool.live >= track->limits.clients)
		evict(track, out);
	c = registry_add_unfiled(registry, sizeof(*c), sizeof(*c));
	address_at(&track->by_ip, ip)->client = c->entry.number;
	c->ip = ip;
	c->known = track->from_start || known == CLIENT_KNOWN;
	return c;
}

/* Sets aside all that this piece knows of a client, which passed at TIME: certain at NOW. */
static void
set_aside(struct track *track, const struct client *c, int64_t time, int64_t now)
{
	struct summary summary = {.ip = c->ip, .host = c->host,
	    .attempts = c->waiting ? c->attempts : 0, .first = c->first, .last = c->last,
	    .first_port = c->first_port, .last_port = c->last_port, .passed = time,
	    .since = now};

	seam_add_note(track, SEAM_CLIENT, &summary, sizeof(summary));
}

/*
 * C passed at TIME, certain at NOW: a pass that was in doubt may precede 450s. One that was
 * not is behind them in the log, whatever its stamp.
 */
static void
pass(struct track *track, struct client *c, int64_t time, int64_t now, struct track_out *out)
{
	bool precedes = time < c->first && time != now;

	if (!c->known) {
		/* Does it end the wait? That is for 450s before this piece to say. */
		track->unsure |= c->waiting && precedes;
		if (time != now)
			track_assume(track, time);
		set_aside(track, c, time, now);
		c->known = true;
		c->waiting = false;
	} else if (c->waiting && !precedes) {
		emit(track, c, time, false, out);
		c->waiting = false;
	}
}

/* Passes that no DISCONNECT took back until NOW. */
static void
settle_passes(struct track *track, struct client *c, int64_t now, struct track_out *out)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < c->pass_count; i++)
		if (now > c->passes[i].at + HANDOFF_WINDOW)
			pass(track, c, c->passes[i].at, now, out);
		else
			c->passes[kept++] = c->passes[i];
	c->pass_count = (uint8_t)kept;
}

/* So many sessions that got a 450, the first at `first` from `first_port`. */
struct deferred {
	uint32_t host, attempts, first_port, last_port;
	int64_t first, last;
};

static void
defer(struct track *track, struct client *c, const struct deferred *sum,
    struct track_out *out)
{
	settle_passes(track, c, sum->first, out);
	c->pass_count = 0;
	if (!c->waiting) {
		c->waiting = true;
		c->first = sum->first;
		c->first_port = sum->first_port;
		c->attempts = sum->attempts;
	} else {
		/* One session may get many. */
		c->attempts += sum->attempts - (sum->first_port == c->last_port);
	}
	c->last = sum->last;
	c->last_port = sum->last_port;
	c->host = sum->host;
}

static void
pass_unless_disconnected(struct track *track, struct client *c, int64_t time, uint32_t port,
    struct track_out *out)
{
	settle_passes(track, c, time, out);
	if (c->pass_count == CLIENT_PASSES) {
		track->crowded |= c->waiting;
		pass(track, c, c->passes[0].at, time, out);
		c->pass_count--;
		memmove(c->passes, c->passes + 1, c->pass_count * sizeof(*c->passes));
	}
	c->passes[c->pass_count].at = time;
	c->passes[c->pass_count].port = port;
	c->pass_count++;
}

/*
 * Settles nothing: where it was set aside, 450s before it come after it, summed up.
 */
static void
disconnect(struct client *c, int64_t time, uint32_t port)
{
	for (unsigned i = 0; i < c->pass_count; i++)
		if (c->passes[i].port == port && time <= c->passes[i].at + HANDOFF_WINDOW) {
			c->passes[i] = c->passes[--c->pass_count];
			return;
		}
}

static void
tidy(struct track *track, struct client *c)
{
	if (!c->waiting && c->pass_count == 0)
		drop(track, c);
}

static uint32_t
port_of(const struct event *ev)
{
	return event_knows(ev, FIELD_port) ? (uint32_t)ev->port : 0;
}

/* A client of which this piece knew nothing passed: that is all it needs to know. */
static void
pass_first(struct track *track, const struct event *ev)
{
	struct summary summary = {.ip = ev->ip.id, .host = NUMBERED(ev, host),
	    .passed = ev->time, .since = ev->time};

	seam_add_note(track, SEAM_CLIENT, &summary, sizeof(summary));
	address_at(&track->by_ip, ev->ip.id)->client = CLIENT_KNOWN;
}

/* A pass that counts: at once, or if no DISCONNECT follows a PASS_NEW one. */
TRACK_INLINE void
passed(struct track *track, const struct event *ev, bool pass_new, struct track_out *out)
{
	uint32_t known = known_of(&track->clients, ev->ip.id);
	struct client *c;

	if (!client_is_waited_for(track, known))
		return;
	if (known == 0 && !pass_new) {
		pass_first(track, ev);
		return;
	}
	c = get(track, known, ev->ip.id, out);
	if (pass_new) {
		pass_unless_disconnected(track, c, ev->time, port_of(ev), out);
		c->host = NUMBERED(ev, host);
	} else {
		settle_passes(track, c, ev->time, out);
		c->host = NUMBERED(ev, host);
		pass(track, c, ev->time, ev->time, out);
		c->pass_count = 0;
	}
	tidy(track, c);
}

void
client_list(struct track *track, const struct event *ev, struct track_out *out)
{
	if (event_knows(ev, FIELD_ip) && ACTION_IS(ev, allow))
		passed(track, ev, false, out);
}

void
client_pass(struct track *track, const struct event *ev, struct track_out *out)
{
	if (event_knows(ev, FIELD_ip))
		passed(track, ev, ACTION_IS(ev, new), out);
}

void
client_reject(struct track *track, const struct event *ev, struct track_out *out)
{
	uint32_t port = port_of(ev);
	struct client *c;

	if (!event_knows(ev, FIELD_ip) || !is_greylisted(ev))
		return;
	c = get(track, known_of(&track->clients, ev->ip.id), ev->ip.id, out);
	defer(track, c, &(struct deferred){.host = NUMBERED(ev, host), .attempts = 1,
	    .first = ev->time, .last = ev->time, .first_port = port, .last_port = port}, out);
	tidy(track, c);
}

void
client_disconnect(struct track *track, const struct event *ev, struct track_out *out)
{
	uint32_t known;
	struct client *c;

	(void)out;
	if (!event_knows(ev, FIELD_ip))
		return;
	known = known_of(&track->clients, ev->ip.id);
	if (!client_is_waited_for(track, known))
		return;
	c = record(&track->clients, known);
	if (c)
		disconnect(c, ev->time, port_of(ev));
	if ((!c || !c->known) && track_in_reach(track, INT64_MIN, ev->time, HANDOFF_WINDOW))
		seam_add(track, ev, SEAM_HANDLER + 1, NULL);
	if (c)
		tidy(track, c);
}

void
client_summary(struct track *into, const struct summary *summary, struct track_out *out)
{
	uint32_t known = known_of(&into->clients, summary->ip);
	struct client *c;

	if (!summary->attempts && !client_is_waited_for(into, known))
		return;
	c = get(into, known, summary->ip, out);
	if (summary->attempts)
		defer(into, c, &(struct deferred){.host = summary->host,
		    .attempts = summary->attempts, .first = summary->first,
		    .last = summary->last, .first_port = summary->first_port,
		    .last_port = summary->last_port}, out);
	settle_passes(into, c, summary->since, out);
	c->host = summary->host;
	pass(into, c, summary->passed, summary->since, out);
	c->pass_count = 0;
	tidy(into, c);
}

void
clients_init(struct clients *clients, struct region *by_ip)
{
	registry_init(&clients->registry, sizeof(struct client), NULL);
	clients->by_ip = by_ip;
}

void
clients_free(struct clients *clients)
{
	registry_free(&clients->registry);
	region_free(&clients->known);
}

/* How many addresses BY_IP has room for. */
static uint32_t
address_count(const struct region *by_ip)
{
	return (uint32_t)(by_ip->size / sizeof(struct address));
}

void
clients_renumber(struct clients *clients, uint32_t *const remap[DOMAINS])
{
	struct client *c;

	for (uint32_t at = 0; (c = registry_next(&clients->registry, &at));) {
		c->ip = renumbered(remap, DOMAIN_IP, c->ip);
		c->host = renumbered(remap, DOMAIN_WORD, c->host);
	}
}

void
clients_file_again(struct clients *clients, const struct region *before,
    uint32_t *const remap[DOMAINS])
{
	struct client *c;

	for (uint32_t ip = 0; ip < address_count(before); ip++)
		if (address_of(before, ip).client == CLIENT_KNOWN)
			address_at(clients->by_ip, renumbered(remap, DOMAIN_IP, ip))->client =
			    CLIENT_KNOWN;
	for (uint32_t at = 0; (c = registry_next(&clients->registry, &at));)
		address_at(clients->by_ip, c->ip)->client = c->entry.number;
}

static uint32_t *
known_at(const struct clients *clients, uint32_t index)
{
	return (uint32_t *)(void *)clients->known.p + index;
}

void
clients_list_known(struct clients *clients, uint32_t *const remap[DOMAINS])
{
	for (uint32_t ip = 0; ip < address_count(clients->by_ip); ip++) {
		if (known_of(clients, ip) != CLIENT_KNOWN)
			continue;
		region_reserve(&clients->known, ++clients->known_count * sizeof(uint32_t));
		*known_at(clients, clients->known_count - 1) =
		    renumbered(remap, DOMAIN_IP, ip);
	}
}

/* IP has nothing to wait for, whatever went before. */
static void
adopt_known(struct track *into, uint32_t ip)
{
	struct client *c = record(&into->clients, known_of(&into->clients, ip));

	if (c)
		c->known = true;
	if (c)
		drop(into, c);
	else if (!into->from_start)
		address_at(&into->by_ip, ip)->client = CLIENT_KNOWN;
}

/* Of a client that NEXT knows, what went before is history; else it is continued. */
static void
adopt(struct track *into, const struct client *from, struct track_out *out)
{
	uint32_t known = known_of(&into->clients, from->ip);
	struct client *c;

	/* A PASS NEW of whom nobody waits for; NEXT could not know that. */
	if (!from->waiting && !client_is_waited_for(into, known))
		return;
	c = get(into, known, from->ip, out);
	if (from->known)
		*c = (struct client){.entry = c->entry, .ip = c->ip, .known = true};
	if (from->waiting)
		defer(into, c, &(struct deferred){.host = from->host,
		    .attempts = from->attempts, .first = from->first, .last = from->last,
		    .first_port = from->first_port, .last_port = from->last_port}, out);
	for (unsigned i = 0; i < from->pass_count; i++)
		pass_unless_disconnected(into, c, from->passes[i].at, from->passes[i].port,
		    out);
	if (from->pass_count)
		c->host = from->host;
	tidy(into, c);
}

void
clients_adopt(struct track *into, const struct track *next, struct track_out *out)
{
	const struct client *from;

	for (uint32_t i = 0; i < next->clients.known_count; i++)
		adopt_known(into, *known_at(&next->clients, i));
	for (uint32_t at = 0; (from = registry_next(&next->clients.registry, &at));)
		adopt(into, from, out);
}

bool
clients_finish(struct track *track, size_t most, struct track_out *out)
{
	struct registry *registry = &track->clients.registry;

	while (registry->pool.live && out->count < most) {
		struct client *c = registry_oldest(registry);

		settle_passes(track, c, INT64_MAX - HANDOFF_WINDOW, out);
		if (c->waiting)
			emit(track, c, c->last, true, out);
		drop(track, c);
	}
	return registry->pool.live;
}
