/* SPDX-License-Identifier: Apache-2.0
 *
 * protection: what protects an address from being judged as quickly as others. A login does,
 * while no more than a few different users fail to log in from there: an office behind
 * one address does that, who owns one stolen account and tries more does not; where the log
 * does not name who failed, each was another one. Accepted
 * mail does, when there was enough of it over enough days; spam or a bounce begins anew:
 * one mail to postmaster must not buy immunity. IPv6 counts by /64.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "detect/room.h"

/*
 * What an address has earned. Accepted mail counts by periods as long as protection lasts,
 * the one at hand and the one before it: what there was before can be forgotten.
 */
struct client {
	int64_t login;        /* time of the last; 0: none */
	int64_t last_message; /* its period is the one at hand */
	/* In the period at hand, and before; since it was last spoiled. */
	uint32_t messages[2];
	uint32_t first[2];    /* seconds of the first there */
};

/* The addresses of an IPv4 network that earned something, a bit each. */
struct neighbours {
	uint64_t bits[4];
	int64_t last; /* time of the last that did */
};

/* A user that failed, by hash of the name. */
struct failed {
	uint32_t user, second;
};

/*
 * Entries of `failing` have a size for each number of users up to FEW; of size 0 they lead to
 * where there is room for failing_room of them, or to NULL.
 */
#define FEW 4u

/* The users that failed at an address, each once. */
struct failing {
	struct failed *list;
	uint32_t count;
	struct failed few[FEW + 1];
};

/* The list that ENTRY leads to, or NULL. */
static struct failed *
failed_elsewhere(const struct protection *protection, const void *entry)
{
	struct failed *list = NULL;

	if (lru_size(protection->failing, entry) == 0)
		memcpy(&list, entry, sizeof(list));
	return list;
}

static void
failing_at(const struct protection *protection, const void *entry, struct failing *ret)
{
	ret->count = lru_size(protection->failing, entry);
	memcpy(ret->few, entry, ret->count * sizeof(*ret->few));
	ret->list = failed_elsewhere(protection, entry);
	if (!ret->list) {
		ret->list = ret->few;
		return;
	}
	while (ret->count < protection->failing_room && ret->list[ret->count].second)
		ret->count++;
}

static void
failing_drop(void *context, void *entry)
{
	struct protection *protection = context;
	struct failed *list = failed_elsewhere(protection, entry);

	if (!list)
		return;
	free(list);
	protection->owned -= protection->failing_room * sizeof(struct failed) + 16;
}

static uint32_t
second_of(int64_t time)
{
	int64_t second = time / 1000000;

	return second < 1 ? 1 : second >= UINT32_MAX ? UINT32_MAX - 1 : (uint32_t)second;
}

static bool
failing_is_over(void *context, const void *entry)
{
	const struct protection *protection = context;
	uint32_t since = second_of(*protection->now - DETECT_SLACK - protection->lasts);
	struct failing failing;

	failing_at(protection, entry, &failing);
	for (uint32_t i = 0; i < failing.count; i++)
		if (failing.list[i].second >= since)
			return false;
	return true;
}

static bool
client_is_over(void *context, const void *entry)
{
	const struct protection *protection = context;
	const struct client *client = entry;
	int64_t before = *protection->now - DETECT_SLACK - protection->lasts;

	return client->login < before && client->last_message < before - protection->lasts;
}

static bool
neighbours_are_over(void *context, const void *entry)
{
	const struct protection *protection = context;
	const struct neighbours *neighbours = entry;

	return neighbours->last < *protection->now - DETECT_SLACK - 2 * protection->lasts;
}

void
protection_init(struct protection *protection, const struct detect_rule *rules, size_t count,
    uint32_t cap, const int64_t *now)
{
	struct lru_owner earned = {NULL, client_is_over, protection};
	struct lru_owner failing = {failing_drop, failing_is_over, protection};
	struct lru_owner nets = {NULL, neighbours_are_over, protection};
	size_t sizes[FEW + 1] = {sizeof(struct failed *)};

	for (uint32_t n = 1; n <= FEW; n++)
		sizes[n] = n * sizeof(struct failed);
	*protection = (struct protection){.failing_room = 2, .now = now};
	for (size_t r = 0; r < count; r++) {
		const struct detect_protect *protect = &rules[r].protect;

		protection->wanted |= protect->on;
		if (protect->on && protect->failing_users >= protection->failing_room)
			protection->failing_room = protect->failing_users + 1;
		if (protect->on && protect->lasts > protection->lasts)
			protection->lasts = protect->lasts;
	}
	protection->earned = lru_new(sizeof(struct client), cap, &earned);
	protection->failing = lru_new_sized(sizes, FEW + 1, cap, &failing);
	protection->nets = lru_new(sizeof(struct neighbours), cap, &nets);
}

void
protection_done(struct protection *protection)
{
	lru_free(protection->earned);
	lru_free(protection->failing);
	lru_free(protection->nets);
}

static uint64_t
client_key(const struct ip *ip)
{
	struct cidr net = ip_net(ip);
	const struct ip *base = ip->family == 4 ? ip : &net.base;

	return lru_key_in(base->family, lru_key((struct str){(const char *)base->byte, 16}));
}

static uint64_t
net_key(const struct ip *ip)
{
	struct cidr net = ip_net(ip);

	return lru_key((struct str){(const char *)net.base.byte, 16});
}

/* What IP has earned, by its KEY; it earns something more at TIME. */
static struct client *
earn(struct protection *protection, uint64_t key, const struct ip *ip, int64_t time)
{
	if (ip->family == 4) {
		struct neighbours *neighbours = lru_get(protection->nets, net_key(ip));

		neighbours->bits[ip->byte[3] / 64] |= UINT64_C(1) << (ip->byte[3] % 64);
		neighbours->last = time > neighbours->last ? time : neighbours->last;
	}
	return lru_get(protection->earned, key);
}

/* Those in `few` move to where there is room for as many as are kept. */
static void
move_elsewhere(struct protection *protection, struct failing *failing, void *entry)
{
	struct failed *list = xcalloc(protection->failing_room, sizeof(*list));

	memcpy(list, failing->few, failing->count * sizeof(*list));
	protection->owned += protection->failing_room * sizeof(struct failed) + 16;
	entry = lru_resize(protection->failing, entry, 0);
	memcpy(entry, &list, sizeof(list));
}

/* A user of that HASH failed at TIME. The one that did so longest ago makes room. */
static void
note_failing(struct protection *protection, void *entry, uint64_t hash, int64_t time)
{
	struct failed failed = {(uint32_t)(hash >> 32 ^ hash), second_of(time)};
	struct failing failing;
	uint32_t at = 0, oldest = 0;

	failing_at(protection, entry, &failing);
	for (; at < failing.count && failing.list[at].user != failed.user; at++)
		if (failing.list[at].second < failing.list[oldest].second)
			oldest = at;
	if (at < failing.count && failing.list[at].second > failed.second)
		return;
	if (at == protection->failing_room)
		at = oldest;
	failing.list[at] = failed;
	failing.count += at == failing.count;
	if (failing.list != failing.few)
		return;
	if (failing.count > FEW) {
		move_elsewhere(protection, &failing, entry);
		return;
	}
	entry = lru_resize(protection->failing, entry, failing.count);
	memcpy(entry, failing.few, failing.count * sizeof(*failing.few));
}

/* Which of CLIENT's periods TIME is in: 0, 1; 2: an older one; negative: so much later. */
static int64_t
period_of(const struct protection *protection, const struct client *client, int64_t time)
{
	int64_t back;

	if (protection->lasts <= 0)
		return 0;
	back = client->last_message / protection->lasts - time / protection->lasts;
	return back > 2 ? 2 : back;
}

/* A period begins in which TIME is. */
static void
go_on_to(const struct protection *protection, struct client *client, int64_t time)
{
	int64_t period = period_of(protection, client, time);

	if (period >= 0)
		return;
	client->messages[1] = period == -1 ? client->messages[0] : 0;
	client->first[1] = client->first[0];
	client->messages[0] = 0;
}

static void
count_message(const struct protection *protection, struct client *client, int64_t time)
{
	int64_t period;

	go_on_to(protection, client, time);
	if (time > client->last_message)
		client->last_message = time;
	period = period_of(protection, client, time);
	if (period > 1)
		return;
	if (client->messages[period] == 0 || second_of(time) < client->first[period])
		client->first[period] = second_of(time);
	client->messages[period]++;
}

static void
note_message(struct protection *protection, const struct ip *ip, const struct event *ev,
    const struct symbols *symbols)
{
	uint64_t key = client_key(ip);
	bool bounced = event_knows(ev, FIELD_bounced) && ev->bounced > 0;
	struct client *client;

	if (bounced || event_is_spam(ev, symbols)) {
		client = lru_find(protection->earned, key);
		if (client)
			client->messages[0] = client->messages[1] = 0;
		return;
	}
	if (!event_knows(ev, FIELD_delivered) || ev->delivered <= 0)
		return;
	count_message(protection, earn(protection, key, ip, ev->time), ev->time);
}

/* Where the log does not name the user, each failure is another one's: who knows better? */
static uint64_t
failed_user(const struct event *ev, const struct symbols *symbols)
{
	uint64_t which[] = {event_knows(ev, FIELD_id) ? ev->id : 0, (uint64_t)ev->time};
	struct str user;

	if (!event_knows(ev, FIELD_user))
		return hash_bytes((const char *)which, sizeof(which));
	user = event_text(ev, FIELD_user, symbols);
	return hash_bytes(user.p, user.len);
}

void
protection_note(struct protection *protection, const struct event *ev,
    const struct symbols *symbols, struct client_ip *client)
{
	const struct ip *ip;

	if (!protection->wanted || (ev->kind != KIND_attempt && ev->kind != KIND_message))
		return;
	ip = key_client(ev, symbols, client);
	if (ip->family == 0)
		return;
	if (ev->kind == KIND_message) {
		note_message(protection, ip, ev, symbols);
		return;
	}
	if (!event_knows(ev, FIELD_outcome))
		return;
	if (ev->outcome == OUTCOME_success) {
		struct client *earned = earn(protection, client_key(ip), ip, ev->time);

		earned->login = ev->time > earned->login ? ev->time : earned->login;
	} else if (ev->outcome == OUTCOME_failure) {
		note_failing(protection, lru_get(protection->failing, client_key(ip)),
		    failed_user(ev, symbols), ev->time);
	}
}

/* Different users that failed at KEY since SINCE. */
static uint32_t
failing_since(const struct protection *protection, uint64_t key, int64_t since)
{
	const void *entry = lru_find(protection->failing, key);
	struct failing failing;
	uint32_t n = 0;

	if (!entry)
		return 0;
	failing_at(protection, entry, &failing);
	for (uint32_t i = 0; i < failing.count; i++)
		n += failing.list[i].second >= second_of(since);
	return n;
}

/* Did enough mail come, over time enough, in the two periods up to TIME? */
static bool
is_wanted(const struct protection *protection, const struct detect_protect *protect,
    const struct client *client, int64_t time)
{
	int64_t period = period_of(protection, client, time);
	uint32_t before = period < 0 ? 0 : client->messages[1];
	uint32_t first = before ? client->first[1] : client->first[0];

	if (period < -1 || client->messages[0] + before < protect->messages)
		return false;
	return client->last_message / 1000000 - first >= protect->over / 1000000 &&
	    time - client->last_message <= protect->lasts;
}

bool
protection_covers(struct protection *protection, const struct detect_protect *protect,
    const struct ip *ip, int64_t time)
{
	const struct client *client;
	uint64_t key;

	if (!protect->on)
		return false;
	key = client_key(ip);
	client = lru_find(protection->earned, key);
	if (!client)
		return false;
	if (client->login && time - client->login <= protect->lasts &&
	    failing_since(protection, key, time - protect->lasts) <= protect->failing_users)
		return true;
	return is_wanted(protection, protect, client, time);
}

bool
protection_covers_net(struct protection *protection, const struct detect_protect *protect,
    const struct cidr *net, int64_t time)
{
	const struct neighbours *neighbours;
	struct neighbours known;
	struct ip ip = net->base;

	if (net->base.family != 4)
		return protection_covers(protection, protect, &net->base, time);
	neighbours = protect->on ? lru_find(protection->nets, net_key(&ip)) : NULL;
	if (!neighbours)
		return false;
	known = *neighbours;
	for (unsigned last = 0; last < 256; last++) {
		ip.byte[3] = (uint8_t)last;
		if (known.bits[last / 64] >> (last % 64) & 1 &&
		    protection_covers(protection, protect, &ip, time))
			return true;
	}
	return false;
}
