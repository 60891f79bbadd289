/* SPDX-License-Identifier: Apache-2.0
 *
 * protection: what protects an address from being judged as quickly as others. A login does,
 * while no more than a few different users fail to log in from there: an office behind
 * one address does that, who owns one stolen account and tries more does not. Accepted
 * mail does, when there was enough of it over enough days; spam or a bounce begins anew:
 * one mail to postmaster must not buy immunity. IPv6 counts by /64.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "detect/room.h"

static void
client_done(void *client)
{
	free(((struct client *)client)->failing);
}

void
protection_init(struct protection *protection, const struct detect_rule *rules, size_t count,
    uint32_t cap)
{
	protection->wanted = false;
	protection->failing_room = 1;
	for (size_t r = 0; r < count; r++) {
		const struct detect_protect *protect = &rules[r].protect;

		protection->wanted |= protect->on;
		if (protect->on && protect->failing_users >= protection->failing_room)
			protection->failing_room = protect->failing_users + 1;
	}
	protection->table = lru_new(sizeof(struct client), cap, client_done);
}

static struct lru_key
client_key(const struct ip *ip)
{
	struct cidr net = ip_net(ip);
	const struct ip *base = ip->family == 4 ? ip : &net.base;

	return lru_key_of(base->family, (struct str){(const char *)base->byte, 16});
}

/* USER failed at TIME. The one that did so longest ago makes room. */
static void
note_failing(struct protection *protection, struct client *client, struct str user, int64_t time)
{
	uint64_t hash = hash_bytes(user.p, user.len);
	uint32_t at = 0;

	if (!client->failing)
		client->failing = xcalloc(protection->failing_room, sizeof(*client->failing));
	for (uint32_t i = 0; i < client->failing_count; i++) {
		if (client->failing[i].user == hash) {
			if (client->failing[i].time < time)
				client->failing[i].time = time;
			return;
		}
		if (client->failing[i].time < client->failing[at].time)
			at = i;
	}
	if (client->failing_count < protection->failing_room)
		at = client->failing_count++;
	client->failing[at] = (struct failing){hash, time};
}

static void
note_message(struct client *client, const struct event *ev, const struct symbols *symbols)
{
	struct str verdict = event_knows(ev, FIELD_verdict) ?
	    event_text(ev, FIELD_verdict, symbols) : STR("");
	bool bounced = event_knows(ev, FIELD_bounced) && ev->bounced > 0;

	if (bounced || (verdict.len && !str_eq(verdict, STR("clean")))) {
		client->messages = 0;
		return;
	}
	if (!event_knows(ev, FIELD_delivered) || ev->delivered <= 0)
		return;
	if (client->messages++ == 0)
		client->first_message = ev->time;
	if (ev->time > client->last_message)
		client->last_message = ev->time;
}

void
protection_note(struct protection *protection, const struct event *ev, const struct symbols *symbols)
{
	struct ip ip;

	if (!protection->wanted || (ev->kind != KIND_attempt && ev->kind != KIND_message) ||
	    !key_client(ev, symbols, &ip))
		return;
	if (ev->kind == KIND_message) {
		note_message(lru_get(protection->table, client_key(&ip)), ev, symbols);
		return;
	}
	if (!event_knows(ev, FIELD_outcome))
		return;
	if (ev->outcome == OUTCOME_success) {
		struct client *client = lru_get(protection->table, client_key(&ip));

		client->login = ev->time > client->login ? ev->time : client->login;
	} else if (ev->outcome == OUTCOME_failure && event_knows(ev, FIELD_user)) {
		note_failing(protection, lru_get(protection->table, client_key(&ip)),
		    event_text(ev, FIELD_user, symbols), ev->time);
	}
}

/* Different users that failed in the time a login protects for. */
static uint32_t
failing_since(const struct client *client, int64_t since)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < client->failing_count; i++)
		n += client->failing[i].time >= since;
	return n;
}

bool
protection_covers(struct protection *protection, const struct detect_protect *protect,
    const struct ip *ip, int64_t time)
{
	const struct client *client;

	if (!protect->on || !(client = lru_find(protection->table, client_key(ip))))
		return false;
	if (client->login && time - client->login <= protect->lasts &&
	    failing_since(client, time - protect->lasts) <= protect->failing_users)
		return true;
	return client->messages >= protect->messages &&
	    client->last_message - client->first_message >= protect->over &&
	    time - client->last_message <= protect->lasts;
}
