/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/bans-tally.h"

#include <stdlib.h>

struct tally_group *
tally_group(struct tally *tally, struct str key)
{
	uint32_t number = dict_get(&tally->keys, key);

	if (number == tally->count) {
		MEM_GROW(tally->groups, tally->count, tally->room);
		tally->groups[tally->count++] = (struct tally_group){0};
	}
	return &tally->groups[number];
}

bool
tally_is_new(struct tally *tally, struct str a, struct str b)
{
	uint32_t before = tally->pairs.count;
	struct buf pair = BUF_INIT(BUF_UNLIMITED);

	buf_printf(&pair, "%zu ", a.len); /* so that no two pairs are one text */
	buf_str(&pair, a);
	buf_str(&pair, b);
	dict_get(&tally->pairs, buf_view(&pair));
	buf_done(&pair);
	return tally->pairs.count > before;
}

void
tally_ban(struct tally *tally, struct tally_group *group, const struct ban *ban,
    struct str key, struct str address)
{
	if (group->bans == 0 || ban->from < group->first)
		group->first = ban->from;
	if (group->bans == 0 || ban->from > group->last)
		group->last = ban->from;
	group->bans++;
	if (ban->prefix.base.family && tally_is_new(tally, key, address))
		group->addresses++;
}

void
tally_done(struct tally *tally)
{
	dict_free(&tally->keys);
	dict_free(&tally->pairs);
	free(tally->groups);
}
