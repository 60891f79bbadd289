/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-cover: what an address is banned by beside a ban of its own: a network's.
 */
#include <stdlib.h>

#include "cmd/bans.h"

bool
bans_cover(struct bans *bans, const struct cidr *prefix, struct ban *ret)
{
	struct ban_filter filter = {.within = *prefix, .active_at = bans->now,
	    .since = INT64_MIN, .until = INT64_MAX};
	struct ban_list list = {0};
	struct err ignored;

	*ret = (struct ban){.until = INT64_MIN};
	if (bans->store || bans_open(bans, true, &ignored) == 0)
		(void)bans_read(bans, &filter, &list, &ignored);
	bans_behind(bans, prefix, 1, false, &list);
	for (size_t i = 0; i < list.count; i++)
		if (bans_is_wider(&list.bans[i], prefix) && list.bans[i].until > ret->until)
			*ret = list.bans[i];
	free(list.bans);
	return ret->id != 0;
}
