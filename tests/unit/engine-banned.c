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

/* The narrowest of the N prefixes in LIST that hold IP and last beyond NOW. */
static const struct banned_entry *
plain_find(const struct banned_entry *list, size_t n, const struct ip *ip, int64_t now)
{
	const struct banned_entry *best = NULL;

	for (size_t i = 0; i < n; i++)
		if (cidr_contains(&list[i].prefix, ip) && list[i].until > now &&
		    (!best || list[i].prefix.bits > best->prefix.bits))
			best = &list[i];
	return best;
}

int
main(void)
{
	struct banned *banned = banned_new();
	struct banned_entry list[500], gone;
	unsigned wrong = 0;
	size_t n = 0;

	hash_init();
	srandom(3);
	for (int64_t now = 1; now < 30000; now++) {
		struct cidr prefix = random_prefix();
		const struct banned_entry *found, *expected;
		int64_t next = INT64_MAX;
		size_t at = 0;

		while (at < n && memcmp(&list[at].prefix, &prefix, sizeof(prefix)) != 0)
			at++;
		if (random() % 5 == 0) {
			wrong += banned_remove(banned, &prefix, &gone) != (at < n);
			if (at < n)
				list[at] = list[--n];
		} else {
			int64_t until = now + random() % 50;
			bool news = at == n || until > list[at].until;

			wrong += banned_add(banned, &prefix, (uint64_t)now, until, 1, &found) !=
			    news;
			if (at == n)
				list[n++] = (struct banned_entry){prefix, (uint64_t)now, until, 1};
			else if (news)
				list[at].until = until;
		}
		while (banned_end(banned, now, &gone)) {
			for (at = 0; at < n && memcmp(&list[at].prefix, &gone.prefix,
			    sizeof(gone.prefix)) != 0; at++)
				;
			wrong += at == n || list[at].until > now;
			if (at < n)
				list[at] = list[--n];
		}
		for (size_t i = 0; i < n; i++)
			next = list[i].until < next ? list[i].until : next;
		wrong += next <= now || banned_next_end(banned) <= now ||
		    banned_next_end(banned) > next;
		wrong += banned_count(banned) != n;
		prefix = random_prefix();
		found = banned_find(banned, &prefix.base, now);
		expected = plain_find(list, n, &prefix.base, now);
		wrong += !found != !expected ||
		    (found && memcmp(&found->prefix, &expected->prefix, sizeof(prefix)) != 0);
	}
	ok(wrong == 0, "30000 changes: %u differences", wrong);
	banned_free(banned);
	return tap_done();
}
