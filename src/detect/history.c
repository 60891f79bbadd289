/* SPDX-License-Identifier: Apache-2.0
 *
 * history: earlier bans make the next one longer. The jitter keeps a net of machines
 * that was banned at once from coming back at once; it comes from a hash, so that a
 * replay finds the same.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "detect/room.h"

/* Beginnings of bans that are kept behind the first of all, the oldest first. */
#define TIMES_MOST 63u

struct more_bans {
	uint32_t count, room;
	int64_t times[];
};

/* `first` where only ends are known: what began was lifted. */
#define NO_TIME INT64_MAX

static size_t
more_bytes(const struct more_bans *more)
{
	return more ? sizeof(*more) + more->room * sizeof(*more->times) + 16 : 0;
}

static void
drop(void *context, void *entry)
{
	struct bans *bans = context;
	struct history *history = entry;

	bans->owned -= more_bytes(history->more);
	free(history->more);
}

static int64_t
last_time(const struct history *history)
{
	if (history->more && history->more->count)
		return history->more->times[history->more->count - 1];
	return history->first == NO_TIME ? history->until : history->first;
}

/* Neither is it banned, nor will a ban be longer for it. */
static bool
is_over(void *context, const void *entry)
{
	const struct bans *bans = context;
	const struct history *history = entry;
	int64_t before = *bans->now - DETECT_SLACK;

	return history->until < before && last_time(history) < before - bans->remembered;
}

void
bans_init(struct bans *bans, const struct detect_rule *rules, size_t count, uint32_t cap,
    const int64_t *now)
{
	struct lru_owner owner = {drop, is_over, bans};

	*bans = (struct bans){.now = now};
	for (size_t r = 0; r < count; r++) {
		if (rules[r].ban.remembered > bans->remembered)
			bans->remembered = rules[r].ban.remembered;
		/* What was done before a lift is in its window for so long. */
		if (rules[r].within > bans->remembered)
			bans->remembered = rules[r].within;
	}
	if (bans->remembered > INT64_MAX / 4)
		bans->remembered = INT64_MAX / 4;
	bans->table = lru_new(sizeof(struct history), cap, &owner);
}

/* Where one more beginning is kept, behind all others. */
static int64_t *
more_room(struct bans *bans, struct history *history)
{
	struct more_bans *more = history->more;

	if (more && more->count == TIMES_MOST) {
		history->first = more->times[0];
		memmove(more->times, more->times + 1, (TIMES_MOST - 1) * sizeof(*more->times));
		more->count--;
	}
	if (!more || more->count == more->room) {
		uint32_t count = more ? more->count : 0, room = more ? 2 * more->room + 1 : 3;

		bans->owned -= more_bytes(more);
		more = xrealloc(more, sizeof(*more) + room * sizeof(*more->times), 1);
		*more = (struct more_bans){count, room};
		history->more = more;
		bans->owned += more_bytes(more);
	}
	return &more->times[more->count++];
}

void
history_add(struct bans *bans, struct history *history, int64_t from, int64_t until)
{
	if (history->until == 0 || history->first == NO_TIME)
		history->first = from;
	else
		*more_room(bans, history) = from;
	history->until = until > history->until ? until : history->until;
}

void
history_take_back(struct history *history, int64_t time)
{
	if (history->more && history->more->count)
		history->more->count--;
	else
		history->first = NO_TIME;
	history->until = time;
}

/* What was done before KEY was let in is kept beside its bans, as of a rule of its own. */
#define LIFTED UINT32_MAX

void
history_lift(struct bans *bans, const struct key *key, int64_t time)
{
	struct history *history = lru_get(bans->table, lru_key_in(LIFTED, key->hash));

	history->first = NO_TIME;
	history->until = time > history->until ? time : history->until;
	bans->lifted = true;
}

int64_t
history_lifted(struct bans *bans, const struct key *key)
{
	const struct history *history = NULL;

	if (bans->lifted && key->prefix.base.family)
		history = lru_find(bans->table, lru_key_in(LIFTED, key->hash));
	return history ? history->until : INT64_MIN;
}

static bool
is_banned(const struct detect *detect, uint32_t r, const struct key *key, int64_t time)
{
	const struct history *history =
	    lru_find(detect->bans.table, lru_key_in(r, key->hash));

	return history && time < history->until;
}

/* Bans by hand are behind those of the rules, and of networks of any length. */
static bool
is_banned_by_hand(const struct detect *detect, const struct ip *ip, int64_t time)
{
	const bool *lengths = detect->bans.by_hand[ip->family == 6];
	struct key key;

	for (unsigned bits = 0; bits <= (ip->family == 6 ? 128 : 32); bits++) {
		struct cidr prefix;

		if (!lengths[bits])
			continue;
		prefix = ip_prefix(ip, bits);
		key_of_prefix(&prefix, &key);
		if (is_banned(detect, (uint32_t)detect->count, &key, time))
			return true;
	}
	return false;
}

bool
history_covers(const struct detect *detect, const struct ip *ip, int64_t time)
{
	struct key address, net;

	key_of_address(ip, false, &address);
	key_of_address(ip, true, &net);
	for (uint32_t r = 0; r < detect->count; r++)
		if (!detect->rules[r].dry_run && (is_banned(detect, r, &address, time) ||
		    is_banned(detect, r, &net, time)))
			return true;
	return is_banned_by_hand(detect, ip, time);
}

uint32_t
history_offence(const struct history *history, const struct detect_ban *ban, int64_t time)
{
	uint32_t offence = 1;

	if (history->until == 0)
		return 1;
	offence += history->first != NO_TIME && time - history->first <= ban->remembered;
	for (uint32_t i = 0; history->more && i < history->more->count; i++)
		offence += time - history->more->times[i] <= ban->remembered;
	return offence;
}

int64_t
ban_length(const struct detect_ban *ban, uint32_t offence, uint64_t salt)
{
	double length = (double)ban->first, most = (double)ban->most;

	if (ban->first == INT64_MAX)
		return INT64_MAX;
	for (uint32_t n = 1; n < offence && length < most; n++)
		length *= ban->factor;
	length += length * ban->jitter * ((double)(salt >> 11) / (double)(1ull << 53));
	length = length > most ? most : length;
	return length >= (double)INT64_MAX / 2 ? INT64_MAX : (int64_t)length;
}
