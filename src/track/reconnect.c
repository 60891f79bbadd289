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
		EVENT_SET(to, seconds, time - c->first);
	track->stats.reconnects++;
}

static uint32_t
client_hash(const void *entry)
{
	return hash_number(((const struct client *)entry)->ip);
}

TRACK_INLINE struct client *
find(const struct track *track, uint32_t ip)
{
	uint32_t hash = hash_number(ip), at = hash, number;

	while ((number = slots_next(&track->clients.slots, hash, &at))) {
		struct client *c = registry_at(&track->clients, number);

		if (c->ip == ip)
			return c;
	}
	return NULL;
}

/* C, if it was found, or a new record for IP. */
static struct client *
get(struct track *track, struct client *c, uint32_t ip, struct track_out *out)
{
	struct registry *registry = &track->clients;
	struct client *oldest;

	if (c) {
		registry_touch(registry, c);
		return c;
	}
	c = registry_add(registry, hash_number(ip));
	c->ip = ip;
	c->known = track->from_start;
	if (registry->pool.live > track->limits.clients) {
		oldest = registry_at(registry, registry->oldest);
		if (oldest->waiting)
			emit(track, oldest, oldest->last, true, out);
		registry_drop(registry, oldest);
		track->stats.evicted_clients++;
	}
	return c;
}

/* Sets aside all that this piece knows of a client, which passed at TIME: certain at NOW. */
static void
set_aside(struct track *track, const struct client *c, int64_t time, int64_t now)
{
	struct event ev = {.weight = 1};

	EVENT_SET(&ev, kind, KIND_ps_pass);
	EVENT_SET(&ev, time, now);
	EVENT_SET(&ev, nrcpt, time);
	OUT_NUMBERED(&ev, ip, c->ip);
	OUT_NUMBERED(&ev, host, c->host);
	if (c->waiting) {
		EVENT_SET(&ev, attempts, c->attempts);
		EVENT_SET(&ev, delay, c->first);
		EVENT_SET(&ev, size, c->last);
		EVENT_SET(&ev, port, c->first_port);
		EVENT_SET(&ev, relay_port, c->last_port);
	}
	ev.line = "";
	seam_add(track, &ev, SEAM_CLIENT, NULL);
}

/* C passed at TIME, certain at NOW: a pass that was long in doubt may precede 450s. */
static void
pass(struct track *track, struct client *c, int64_t time, int64_t now, struct track_out *out)
{
	if (!c->known) {
		set_aside(track, c, time, now);
		c->known = true;
		c->waiting = false;
	} else if (c->waiting && time >= c->first) {
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

/* COUNT sessions got a 450, the first at FIRST from FIRST_PORT. */
static void
defer(struct track *track, struct client *c, const struct client *sum, struct track_out *out)
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

/* There is nothing to know of C any more: whoever comes from the start needs no record. */
static void
tidy(struct track *track, struct client *c)
{
	if (!c->waiting && c->pass_count == 0 && (track->from_start || !c->known))
		registry_drop(&track->clients, c);
}

enum step { STEP_NONE, STEP_DEFER, STEP_PASS, STEP_PASS_NEW, STEP_DISCONNECT };

static enum step
step_of(const struct event *ev)
{
	if (ev->kind == KIND_ps_disconnect)
		return STEP_DISCONNECT;
	if (ev->kind == KIND_ps_reject)
		return event_knows(ev, FIELD_reason) && ev->reason == REASON_greylist ?
		    STEP_DEFER : STEP_NONE;
	if (ev->kind == KIND_ps_list)
		return action_is(ev, WORD_allow) ? STEP_PASS : STEP_NONE;
	return action_is(ev, WORD_new) ? STEP_PASS_NEW : STEP_PASS;
}

void
client_event(struct track *track, const struct event *ev, struct track_out *out)
{
	uint32_t port = event_knows(ev, FIELD_port) ? (uint32_t)ev->port : 0;
	enum step step = step_of(ev);
	struct client *c;

	if (step == STEP_NONE || !event_knows(ev, FIELD_ip))
		return;
	c = find(track, ev->ip.id);
	if (!c && track->from_start && step != STEP_DEFER)
		return;
	if (step == STEP_DISCONNECT) {
		if (c)
			disconnect(c, ev->time, port);
		if ((!c || !c->known) &&
		    track_in_reach(track, INT64_MIN, ev->time, HANDOFF_WINDOW))
			seam_add(track, ev, SEAM_HANDLER + 1, NULL);
		if (c)
			tidy(track, c);
		return;
	}
	c = get(track, c, ev->ip.id, out);
	if (step == STEP_DEFER) {
		defer(track, c, &(struct client){.host = NUMBERED(ev, host), .attempts = 1,
		    .first = ev->time, .last = ev->time,
		    .first_port = port, .last_port = port}, out);
	} else if (step == STEP_PASS_NEW) {
		pass_unless_disconnected(track, c, ev->time, port, out);
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
client_summary(struct track *track, const struct event *ev, struct track_out *out)
{
	struct client *c = get(track, find(track, ev->ip.id), ev->ip.id, out);

	if (event_knows(ev, FIELD_attempts))
		defer(track, c, &(struct client){.host = NUMBERED(ev, host),
		    .attempts = (uint32_t)ev->attempts, .first = ev->delay, .last = ev->size,
		    .first_port = (uint32_t)ev->port, .last_port = (uint32_t)ev->relay_port},
		    out);
	settle_passes(track, c, ev->time, out);
	c->host = NUMBERED(ev, host);
	pass(track, c, ev->nrcpt, ev->time, out);
	c->pass_count = 0;
	tidy(track, c);
}

void
clients_init(struct registry *clients)
{
	registry_init(clients, sizeof(struct client), client_hash);
}

void
clients_renumber(struct registry *clients, const uint32_t *const remap[DOMAINS])
{
	struct client *c;

	for (uint32_t n = clients->oldest; n; n = c->entry.newer) {
		c = registry_at(clients, n);
		c->ip = renumbered(remap, DOMAIN_IP, c->ip);
		c->host = renumbered(remap, DOMAIN_WORD, c->host);
	}
	registry_refile(clients);
}

/* Of a client that NEXT knows, what went before is history; else it is continued. */
static void
adopt(struct track *into, const struct client *from, struct track_out *out)
{
	struct client *c;

	c = get(into, find(into, from->ip), from->ip, out);
	if (from->known)
		*c = (struct client){.entry = c->entry, .ip = c->ip, .known = true};
	if (from->waiting)
		defer(into, c, from, out);
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

	for (uint32_t n = next->clients.oldest; n; n = from->entry.newer) {
		from = registry_at(&next->clients, n);
		adopt(into, from, out);
	}
}

void
clients_finish(struct track *track, struct track_out *out)
{
	struct client *c;

	while (track->clients.oldest) {
		c = registry_at(&track->clients, track->clients.oldest);
		settle_passes(track, c, INT64_MAX - HANDOFF_WINDOW, out);
		if (c->waiting)
			emit(track, c, c->last, true, out);
		registry_drop(&track->clients, c);
	}
}
