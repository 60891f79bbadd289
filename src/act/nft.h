/* SPDX-License-Identifier: Apache-2.0
 *
 * nft: what is written for `nft -f`: statements on the sets of a table. A set has the
 * prefixes of one length, by their first address: ban4 and ban6 whole addresses,
 * net4_24 what is looked up as `ip saddr & 255.255.255.0 @net4_24`. So each set is a
 * hash, prefixes that touch or nest never meet, and each has an end of its own. nft's
 * interval sets merge them or refuse them.
 */
#ifndef ACT_NFT_H
#define ACT_NFT_H

#include "act/room.h"

/* Which sets there are, by family and length. */
struct nft_sets {
	bool v4[33], v6[129];
};

/* Adds the set for PREFIX; whether it is new in SETS. */
bool nft_sets_add(struct nft_sets *sets, const struct cidr *prefix);

/* The sets themselves, where they are not there. */
void nft_put_sets(struct buf *out, const char *table, const struct nft_sets *sets);

/* A rule for each, in the chain input, that drops who is in it. */
void nft_put_rules(struct buf *out, const struct act_settings *settings,
    const struct nft_sets *sets);

/* Bans or lifts, whatever is there: a ban that is there may have another end. */
void nft_put_change(struct buf *out, const char *table, const struct change *change,
    int64_t now);

/* All of CHANGES that are not over into sets that have none of them, many in a statement. */
void nft_put_all(struct buf *out, const char *table, const struct nft_sets *sets,
    const struct change *changes, size_t count, int64_t now);

/* A ban that is over while we still wait to tell of it. */
bool nft_is_over(const struct change *change, int64_t now);

#endif
