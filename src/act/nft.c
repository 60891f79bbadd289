/* SPDX-License-Identifier: Apache-2.0
 *
 * nft: sets of addresses and networks in a table of our own, and a chain that drops what
 * is in them. Changes go through one `nft -f -` as one transaction. The kernel ends a
 * ban by itself: elements have timeouts.
 *
 * Addresses are in hash sets; networks in interval sets, which are slower to fill.
 */
#include <stdlib.h>

#include "act/room.h"
#include "base/child.h"

#define NFT_TIMEOUT (60 * INT64_C(1000000))
#define AT_A_TIME 1000 /* elements in one statement */

/* nft reads eight digits of a unit, and the kernel's timeouts end somewhere. */
#define DAY 86400
#define FOR_GOOD (INT64_C(36500) * DAY) /* longer is without an end */

struct nft {
	const struct act_settings *settings;
	struct buf script;
};

static const struct {
	const char *name, *type, *match;
} sets[] = {
	{"ban4", "ipv4_addr; flags timeout", "ip saddr"},
	{"ban6", "ipv6_addr; flags timeout", "ip6 saddr"},
	{"net4", "ipv4_addr; flags interval, timeout; auto-merge", "ip saddr"},
	{"net6", "ipv6_addr; flags interval, timeout; auto-merge", "ip6 saddr"},
};

#define SETS (sizeof(sets) / sizeof(*sets))

static unsigned
set_of(const struct cidr *prefix)
{
	bool whole = prefix->bits == (prefix->base.family == 4 ? 32 : 128);

	return (whole ? 0u : 2u) + (prefix->base.family == 4 ? 0u : 1u);
}

static void *
nft_open(const struct act_settings *settings)
{
	struct nft *nft = xcalloc(1, sizeof(*nft));

	nft->settings = settings;
	nft->script = (struct buf)BUF_INIT(BUF_UNLIMITED);
	return nft;
}

static int
run(struct nft *nft, struct err *err)
{
	static const char *const argv[] = {"nft", "-f", "-", NULL};
	int result = child_run(argv, buf_view(&nft->script), NFT_TIMEOUT, err);

	buf_clear(&nft->script);
	return result;
}

static void
put_ports(struct buf *out, const struct act_settings *settings)
{
	if (settings->port_count == 0)
		return;
	buf_str(out, STR(" tcp dport {"));
	for (size_t i = 0; i < settings->port_count; i++)
		buf_printf(out, "%s %u", i ? "," : "", settings->ports[i]);
	buf_str(out, STR(" }"));
}

static void
put_sets(struct buf *out, const char *table)
{
	buf_printf(out, "add table inet %s\n", table);
	for (size_t s = 0; s < SETS; s++)
		buf_printf(out, "add set inet %s %s { type %s; }\n", table, sets[s].name,
		    sets[s].type);
}

/* Makes what is not there; sets keep what is in them. */
static int
nft_start(void *state, struct err *err)
{
	struct nft *nft = state;
	const char *table = nft->settings->table;
	struct buf *out = &nft->script;

	put_sets(out, table);
	buf_printf(out, "add chain inet %s input { type filter hook input priority %d; "
	    "policy accept; }\nflush chain inet %s input\n", table, nft->settings->priority,
	    table);
	for (size_t s = 0; s < SETS; s++) {
		buf_printf(out, "add rule inet %s input %s @%s", table, sets[s].match,
		    sets[s].name);
		put_ports(out, nft->settings);
		buf_str(out, STR(" counter drop\n"));
	}
	return run(nft, err);
}

static void
put_element(struct buf *out, const struct act_ban *ban, int64_t now, bool with_timeout)
{
	int64_t seconds = ban_seconds(ban, now);

	/* A hash set takes addresses, but no /32. */
	ban_text(out, set_of(&ban->prefix) < 2 ? STR("{ip}") : STR("{prefix}"), ban, now);
	if (!with_timeout || seconds == 0 || seconds > FOR_GOOD)
		return;
	buf_str(out, STR(" timeout "));
	if (seconds >= DAY)
		buf_printf(out, "%lldd", (long long)(seconds / DAY));
	buf_printf(out, "%llds", (long long)(seconds % DAY));
}

/* A statement for each element: one that is there is taken out first, as it may last longer. */
static void
put_change(struct nft *nft, const struct change *change, int64_t now)
{
	const char *set = sets[set_of(&change->ban.prefix)].name;
	static const char *const steps[] = {"add", "delete", "add"};

	for (int step = 0; step < (change->unban ? 2 : 3); step++) {
		buf_printf(&nft->script, "%s element inet %s %s { ", steps[step],
		    nft->settings->table, set);
		put_element(&nft->script, &change->ban, now, step == 2);
		buf_str(&nft->script, STR(" }\n"));
	}
}

/* Bans that are over while we still wait to tell of them. */
static bool
is_over(const struct change *change, int64_t now)
{
	return change->ban.until <= now;
}

/* All of CHANGES that belong in set S, many in a statement: the set is empty. */
static void
put_all(struct buf *out, const char *table, unsigned s, const struct change *changes,
    size_t count, int64_t now)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (set_of(&changes[i].ban.prefix) != s || is_over(&changes[i], now))
			continue;
		if (n % AT_A_TIME == 0)
			buf_printf(out, "%sadd element inet %s %s { ", n ? " }\n" : "", table,
			    sets[s].name);
		else
			buf_str(out, STR(", "));
		put_element(out, &changes[i].ban, now, true);
		n++;
	}
	if (n)
		buf_str(out, STR(" }\n"));
}

void
act_put_nft(const char *table, const struct act_ban *bans, size_t count, int64_t now,
    struct buf *out)
{
	struct change *changes = xcalloc(count + 1, sizeof(*changes));

	for (size_t i = 0; i < count; i++)
		changes[i].ban = bans[i];
	put_sets(out, table);
	for (unsigned s = 0; s < SETS; s++)
		put_all(out, table, s, changes, count, now);
	free(changes);
}

static int
nft_apply(void *state, const struct change *changes, size_t count, bool all, int64_t now,
    struct err *err)
{
	struct nft *nft = state;

	for (unsigned s = 0; all && s < SETS; s++) {
		buf_printf(&nft->script, "flush set inet %s %s\n", nft->settings->table,
		    sets[s].name);
		put_all(&nft->script, nft->settings->table, s, changes, count, now);
	}
	for (size_t i = 0; !all && i < count; i++)
		if (changes[i].unban || !is_over(&changes[i], now))
			put_change(nft, &changes[i], now);
	return nft->script.len ? run(nft, err) : 0;
}

/* Somebody flushed the ruleset: then our chain is gone. */
static bool
nft_check(void *state)
{
	struct nft *nft = state;
	const char *const argv[] = {"nft", "-n", "list", "chain", "inet",
	    nft->settings->table, "input", NULL};
	struct err err;

	return child_run(argv, STR(""), NFT_TIMEOUT, &err) == 0;
}

static void
nft_close(void *state)
{
	struct nft *nft = state;

	buf_done(&nft->script);
	free(nft);
}

/* Nothing is taken down when the guard stops: bans last until their end. */
const struct sort sort_nft = {
	.confined = true,
	.open = nft_open,
	.start = nft_start,
	.apply = nft_apply,
	.check = nft_check,
	.close = nft_close,
};
