/* SPDX-License-Identifier: Apache-2.0
 *
 * nft-watch: whether somebody else changed our table. The kernel tells who listens of each
 * change of the ruleset, and numbers them (linux/netfilter/nf_tables.h). While we change
 * it ourselves nobody listens, for that is told element by element; then only one number
 * may have been given out, ours.
 */
#ifndef ACT_NFT_WATCH_H
#define ACT_NFT_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct nft_watch {
	int heard;  /* netlink socket that listens; -1: this kernel tells nobody */
	int asking; /* one that asks */
	uint32_t number; /* of the last change before ours */
	bool changed;    /* somebody else did */
};

/* Begins to listen. Where that cannot be nothing is ever heard. */
void nft_watch_open(struct nft_watch *watch);
void nft_watch_close(struct nft_watch *watch);

/* Before a change of our own; after it, which was DONE in one transaction or not. */
void nft_watch_begin(struct nft_watch *watch);
void nft_watch_end(struct nft_watch *watch, bool done);

/* Has anybody else changed TABLE, of family inet, or may they have? Until `changed` is
 * cleared. Takes what waits at `heard`. */
bool nft_watch_look(struct nft_watch *watch, const char *table);

#endif
