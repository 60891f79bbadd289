/* SPDX-License-Identifier: Apache-2.0
 *
 * banned: as a plain list would have it, through many random changes.
 */
#include "engine/banned.h"

#include <stdlib.h>

#include "base/hash.h"
#include "tap.h"

static struct cidr
random_prefix(void)
{
	struct cidr prefix;
	char text[64];

	if (random() % 4 == 0)
		snprintf(text, sizeof(text), "2001:db8::%lx/%d", random() % 8,
		    random() % 2 ? 128 : 64);
	else
		snprintf(text, sizeof(text), "192.0.2.%ld/%d", random() % 40,
		    (int[]){32, 32, 32, 30, 24}[random() % 5]);
	cidr_parse(str_of(text), &prefix);
	return prefix;
}

#define ACTIONS 3u

/* A prefix and when each action's ban of it ends; 0: it has none. */
struct row {
	struct cidr prefix;
	int64_t until, ends[ACTIONS];
};

static struct row rows[500];
static size_t count;

/* The narrowest of the prefixes that hold IP and last beyond NOW. */
static const struct row *
plain_find(const struct ip *ip, int64_t now)
{
	const struct row *best = NULL;

	for (size_t i = 0; i < count; i++)
		if (cidr_contains(&rows[i].prefix, ip) && rows[i].until > now &&
		    (!best || rows[i].prefix.bits > best->prefix.bits))
			best = &rows[i];
	return best;
}

static struct row *
row_of(const struct cidr *prefix)
{
	size_t at = 0;

	while (at < count && memcmp(&rows[at].prefix, prefix, sizeof(*prefix)) != 0)
		at++;
	return at < count ? &rows[at] : NULL;
}

static uint64_t
actions_of(const struct row *row)
{
	uint64_t set = 0;

	for (unsigned a = 0; row && a < ACTIONS; a++)
		set |= (uint64_t)(row->ends[a] > 0) << a;
	return set;
}

/* Which of ACTIONS have PREFIX longer now. */
static uint64_t
plain_add(const struct cidr *prefix, int64_t until, uint64_t actions)
{
	struct row *row = row_of(prefix);
	uint64_t news = 0;

	if (!row) {
		row = &rows[count++];
		*row = (struct row){.prefix = *prefix};
	}
	if (until > row->until)
		row->until = until;
	for (unsigned a = 0; a < ACTIONS; a++)
		if (actions >> a & 1 && until > row->ends[a]) {
			row->ends[a] = until;
			news |= UINT64_C(1) << a;
		}
	return news;
}

/* How much is wrong with what ended of PREFIX. */
static unsigned
plain_end(const struct cidr *prefix, const struct banned_part *gone, int64_t now)
{
	struct row *row = row_of(prefix);
	unsigned wrong = 0;

	if (!row)
		return 1;
	for (unsigned a = 0; a < ACTIONS; a++)
		if (gone->actions >> a & 1) {
			wrong += row->ends[a] == 0 || row->ends[a] > now;
			row->ends[a] = 0;
		}
	if (row->until <= now && actions_of(row) == 0)
		*row = rows[--count];
	return wrong;
}

/* After all that ended was taken. */
static unsigned
differences(const struct banned *banned, int64_t now)
{
	struct cidr prefix = random_prefix();
	const struct row *expected = plain_find(&prefix.base, now);
	const struct banned_entry *found = banned_find(banned, &prefix.base, now);
	int64_t next = INT64_MAX;
	unsigned wrong = 0;

	for (size_t i = 0; i < count; i++) {
		next = rows[i].until < next ? rows[i].until : next;
		for (unsigned a = 0; a < ACTIONS; a++)
			if (rows[i].ends[a] && rows[i].ends[a] < next)
				next = rows[i].ends[a];
	}
	wrong += next <= now || banned_next_end(banned) <= now ||
	    banned_next_end(banned) > next;
	wrong += banned_count(banned) != count;
	wrong += banned_actions(banned, &prefix) != actions_of(row_of(&prefix));
	wrong += !found != !expected || (found && (found->last.until != expected->until ||
	    memcmp(&found->prefix, &expected->prefix, sizeof(prefix)) != 0));
	return wrong;
}

int
main(void)
{
	struct banned *banned = banned_new();
	struct banned_part gone;
	unsigned wrong = 0;

	hash_init();
	srandom(3);
	for (int64_t now = 1; now < 30000; now++) {
		struct cidr prefix = random_prefix();

		if (random() % 5 == 0) {
			struct row *row = row_of(&prefix);
			bool removed = banned_remove(banned, &prefix, &gone);

			wrong += removed != (row != NULL);
			wrong += removed && (gone.actions != actions_of(row) ||
			    gone.until != row->until);
			if (row)
				*row = rows[--count];
		} else {
			struct banned_part ban = {(uint64_t)now, now + random() % 50,
			    (uint64_t)random() % (1u << ACTIONS)};

			wrong += banned_add(banned, &prefix, &ban) !=
			    plain_add(&prefix, ban.until, ban.actions);
		}
		while (banned_end(banned, now, &prefix, &gone))
			wrong += plain_end(&prefix, &gone, now);
		wrong += differences(banned, now);
	}
	ok(wrong == 0, "30000 changes: %u differences", wrong);
	banned_free(banned);
	return tap_done();
}
