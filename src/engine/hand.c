/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/hand.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/hash.h"

int
hand_check(const struct settings *settings, const struct cidr *own, size_t own_count,
    const struct cidr *prefix, struct err *err)
{
	const struct setting_value *allow = settings_get(settings, SETTING_guard_allow);
	char text[CIDR_TEXT_MAX], ours[CIDR_TEXT_MAX];
	struct cidr net;

	prefix_format(prefix, text);
	if (prefix->bits < (prefix->base.family == 4 ? 8 : 16))
		return err_set(err, "%s: wider than IPv4 /8 or IPv6 /16 is never banned",
		    text);
	for (size_t i = 0; i < allow->list_count; i++)
		if (cidr_parse(allow->list[i], &net) &&
		    (cidr_contains(&net, &prefix->base) || cidr_contains(prefix, &net.base)))
			return err_set(err, "%s: [guard] allow says that %.*s is never banned",
			    text, STR_ARG(allow->list[i]));
	for (size_t i = 0; i < own_count; i++) {
		if (!cidr_contains(prefix, &own[i].base))
			continue;
		prefix_format(&own[i], ours);
		return err_set(err, "%s: %s is an address of this host, which is never banned",
		    text, ours);
	}
	return 0;
}

void
hand_place(struct ban *ban, const struct geo *geo)
{
	struct place place;

	if (!geo || !ban->prefix.base.family || !geo_find(geo, &ban->prefix.base, &place))
		return;
	memcpy(ban->country, place.country, sizeof(ban->country));
	ban->asn = place.asn;
}

int
hand_ban(struct store *store, const struct geo *geo, const struct cidr *prefix,
    int64_t seconds, const char *reason, struct str commands, int64_t now,
    struct hand_ban *ret, struct err *err)
{
	size_t len = prefix_format(prefix, ret->key);
	bool ends = seconds && seconds < INT64_MAX / USEC_PER_SEC / 2;

	ret->ban = (struct ban){.rule = STR("manual"), .key = {ret->key, len},
	    .prefix = *prefix, .from = now, .lifted = INT64_MIN, .since = now,
	    .reason = str_of(reason), .commands = commands,
	    .until = ends ? now + seconds * USEC_PER_SEC : INT64_MAX};
	ret->ban.id = event_id((uint64_t)now, hash_bytes(ret->key, len), 1);
	hand_place(&ret->ban, geo);
	return store_ban(store, &ret->ban, err);
}

struct lifting {
	const struct hand_lift *lift;
	struct ban *bans;
	size_t count, room;
	struct arena arena;
};

bool
hand_lifts(const struct hand_lift *lift, const struct ban *ban)
{
	return !ban->dry_run && ban->lifted == INT64_MIN && ban->until > lift->now &&
	    ban->from <= lift->upto && cidr_equal(&ban->prefix, &lift->prefix);
}

void
hand_end(const struct hand_lift *lift, struct ban *ban, struct arena *arena)
{
	ban->reason = str_of(ban->reason.len ?
	    arena_printf(arena, "%.*s; lifted %s", STR_ARG(ban->reason), lift->reason) :
	    arena_printf(arena, "lifted %s", lift->reason));
	ban->lifted = lift->now;
}

static bool
take_ban(void *context, const struct ban *ban)
{
	struct lifting *lifting = context;
	struct ban *copy;

	if (!hand_lifts(lifting->lift, ban))
		return true;
	MEM_GROW(lifting->bans, lifting->count, lifting->room);
	copy = &lifting->bans[lifting->count++];
	*copy = ban_copy(ban, &lifting->arena);
	hand_end(lifting->lift, copy, &lifting->arena);
	return true;
}

static int
write_all(struct store *store, const struct lifting *lifting, struct err *err)
{
	if (store_begin(store, err) < 0)
		return -1;
	for (size_t i = 0; i < lifting->count; i++)
		if (store_ban(store, &lifting->bans[i], err) < 0) {
			store_rollback(store);
			return -1;
		}
	return store_commit(store, err);
}

int
hand_lift(struct store *store, const struct hand_lift *lift,
    void (*each)(void *context, const struct ban *ban), void *context, size_t *ret_count,
    struct err *err)
{
	struct ban_filter filter = {.within = lift->prefix, .active_at = INT64_MIN,
	    .since = INT64_MIN, .until = INT64_MAX};
	struct lifting lifting = {.lift = lift};
	int result = store_bans(store, &filter, take_ban, &lifting, err);

	if (result == 0 && lifting.count)
		result = write_all(store, &lifting, err);
	for (size_t i = 0; result == 0 && each && i < lifting.count; i++)
		each(context, &lifting.bans[i]);
	*ret_count = lifting.count;
	free(lifting.bans);
	arena_free(&lifting.arena);
	return result;
}
