/* SPDX-License-Identifier: Apache-2.0
 *
 * nft: sets of addresses and networks in a table of our own, and a chain that drops what
 * is in them. Changes go through one `nft -f -` as one transaction. The kernel ends a
 * ban by itself: elements have timeouts.
 *
 * What fails is not tried again as it is: the whole truth is asked for, and the table
 * made anew of it. When that fails, too, it is filled piece by piece, so that what nft
 * refuses is found and keeps nobody else out of it.
 */
#include <stdlib.h>
#include <unistd.h>

#include "act/nft-watch.h"
#include "act/nft.h"
#include "base/child.h"

#define NFT_TIMEOUT (60 * INT64_C(1000000))
#define PIECE 1000      /* elements tried together when not all went together */
#define REFUSED_MOST 20 /* elements; then it is not about them */

struct nft {
	const struct act_settings *settings;
	struct buf script;
	struct nft_sets sets; /* with their rules, as far as we know */
	bool made;            /* the table is ours, as `sets` says */
	size_t added;         /* elements since it was made: so many it may have */
	struct nft_watch watch;
};

static void *
nft_open(const struct act_settings *settings)
{
	struct nft *nft = xcalloc(1, sizeof(*nft));

	nft->settings = settings;
	nft->script = (struct buf)BUF_INIT(BUF_UNLIMITED);
	nft_watch_open(&nft->watch);
	return nft;
}

static int
run(struct nft *nft, struct err *err)
{
	static const char *const argv[] = {"nft", "-f", "-", NULL};
	int result;

	nft_watch_begin(&nft->watch);
	result = child_run(argv, buf_view(&nft->script), NFT_TIMEOUT, err);
	nft_watch_end(&nft->watch, result == 0);
	buf_clear(&nft->script);
	return result;
}

/* The table with nothing but SETS, empty; sets of an earlier life go with the old one. */
static void
put_table(struct nft *nft, const struct nft_sets *sets)
{
	const char *table = nft->settings->table;
	struct buf *out = &nft->script;

	buf_printf(out, "add table inet %s\ndelete table inet %s\nadd table inet %s\n", table,
	    table, table);
	nft_put_sets(out, table, sets);
	buf_printf(out, "add chain inet %s input { type filter hook input priority %d; "
	    "policy accept; }\n", table, nft->settings->priority);
	nft_put_rules(out, nft->settings, sets);
}

/* Only root can ask nft whether the kernel would take it. */
static int
nft_try(const struct act_settings *settings, struct err *err)
{
	static const char *const argv[] = {"nft", "-c", "-f", "-", NULL};
	struct nft_sets sets = {.v4[32] = true, .v6[128] = true};
	struct nft nft = {.settings = settings, .script = BUF_INIT(BUF_UNLIMITED)};
	int result = child_can_run(argv[0], err);

	if (result == 0 && geteuid() == 0) {
		put_table(&nft, &sets);
		result = child_run(argv, buf_view(&nft.script), NFT_TIMEOUT, err);
	}
	buf_done(&nft.script);
	return result;
}

/* Begins a script that makes the table anew: what others did to it goes with the old one. */
static void
begin_anew(struct nft *nft, const struct nft_sets *sets)
{
	nft_watch_look(&nft->watch, nft->settings->table);
	nft->watch.changed = false;
	put_table(nft, sets);
}

/* What of CHANGES was refused. */
struct refused {
	size_t count;
	struct err first;
};

/* Fills with COUNT of CHANGES, by halves where they do not go together. */
static int
fill(struct nft *nft, const struct change *changes, size_t count, int64_t now,
    struct refused *refused)
{
	char prefix[CIDR_TEXT_MAX];
	struct err err;

	nft_put_all(&nft->script, nft->settings->table, &nft->sets, changes, count, now);
	if (nft->script.len == 0 || run(nft, &err) == 0)
		return 0;
	if (count > 1)
		return fill(nft, changes, count / 2, now, refused) < 0 ? -1 :
		    fill(nft, changes + count / 2, count - count / 2, now, refused);
	if (refused->count++ == 0) {
		cidr_format(&changes->ban.prefix, prefix);
		err_set(&refused->first, "%s: %s", prefix, err.text);
	}
	return refused->count < REFUSED_MOST ? 0 : -1;
}

static int
fill_by_pieces(struct nft *nft, const struct change *changes, size_t count, int64_t now,
    struct err *err)
{
	struct refused refused = {.count = 0};
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i += PIECE)
		result = fill(nft, changes + i, count - i < PIECE ? count - i : PIECE, now,
		    &refused);
	if (result < 0)
		return err_set(err, "nft refuses %zu ban%s and more; %s", refused.count,
		    plural_s(refused.count), refused.first.text);
	if (refused.count == 1)
		err_set(err, "nft refuses a ban, and has all others; %s", refused.first.text);
	else if (refused.count)
		err_set(err, "nft refuses %zu bans, and has all others; %s", refused.count,
		    refused.first.text);
	return 0;
}

static void
add_sets(struct nft_sets *sets, const struct change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		nft_sets_add(sets, &changes[i].ban.prefix);
}

static int
make_anew(struct nft *nft, const struct change *changes, size_t count, int64_t now,
    struct err *err)
{
	struct nft_sets sets = {.v4[32] = true, .v6[128] = true};

	add_sets(&sets, changes, count);
	begin_anew(nft, &sets);
	nft_put_all(&nft->script, nft->settings->table, &sets, changes, count, now);
	if (run(nft, err) == 0) {
		nft->sets = sets;
		nft->made = true;
		nft->added = count;
		return 0;
	}
	begin_anew(nft, &sets);
	if (run(nft, err) < 0)
		return -1; /* it is not about what is in it; what was there still is */
	err->text[0] = '\0';
	nft->sets = sets;
	nft->made = true;
	nft->added = count;
	return fill_by_pieces(nft, changes, count, now, err);
}

/* A set and its rule are made with the first prefix of its length. */
static int
change_some(struct nft *nft, const struct change *changes, size_t count, int64_t now,
    struct err *err)
{
	struct nft_sets sets = nft->sets, new = {.v4[0] = false};
	const char *table = nft->settings->table;

	if (nft->added + count > 2 * BANS_MOST)
		return err_set(err, "nft has been given %zu bans and takes no more without "
		    "being told all there are", nft->added);
	for (size_t i = 0; i < count; i++)
		if (nft_sets_add(&sets, &changes[i].ban.prefix))
			nft_sets_add(&new, &changes[i].ban.prefix);
	nft_put_sets(&nft->script, table, &new);
	nft_put_rules(&nft->script, nft->settings, &new);
	for (size_t i = 0; i < count; i++)
		if (changes[i].unban || !nft_is_over(&changes[i], now))
			nft_put_change(&nft->script, table, &changes[i], now);
	if (nft->script.len && run(nft, err) < 0)
		return -1;
	nft->sets = sets;
	nft->added += count;
	return 0;
}

/* Before it was told of all there is to be it knows nothing of the table. */
static int
nft_apply(void *state, const struct change *changes, size_t count, bool all, int64_t now,
    struct err *err)
{
	struct nft *nft = state;

	if (!all && !nft->made && make_anew(nft, NULL, 0, now, err) < 0)
		return -1;
	return all ? make_anew(nft, changes, count, now, err) :
	    change_some(nft, changes, count, now, err);
}

static int
nft_fd(void *state)
{
	return ((struct nft *)state)->watch.heard;
}

/* The kernel's memory is bounded, too: all is asked for long before no more is taken. */
static bool
nft_disturbed(void *state)
{
	struct nft *nft = state;

	bool changed = nft_watch_look(&nft->watch, nft->settings->table);

	return nft->made && (changed || nft->added > BANS_MOST);
}

/* Should nobody tell us: without the table or a set, a rule that we have cannot be added. */
static bool
nft_check(void *state)
{
	static const char *const argv[] = {"nft", "-c", "-f", "-", NULL};
	struct nft *nft = state;
	struct err err;
	int result;

	nft_put_rules(&nft->script, nft->settings, &nft->sets);
	result = child_run(argv, buf_view(&nft->script), NFT_TIMEOUT, &err);
	buf_clear(&nft->script);
	return result == 0;
}

static int
nft_end(void *state, int64_t now, struct err *err)
{
	struct nft *nft = state;
	const char *table = nft->settings->table;

	(void)now;
	buf_printf(&nft->script, "add table inet %s\ndelete table inet %s\n", table, table);
	return run(nft, err);
}

static void
nft_close(void *state)
{
	struct nft *nft = state;

	buf_done(&nft->script);
	nft_watch_close(&nft->watch);
	free(nft);
}

/* Nothing is taken down when the guard stops: bans last until their end. */
const struct sort sort_nft = {
	.confined = true,
	.whole = true,
	.try = nft_try,
	.open = nft_open,
	.apply = nft_apply,
	.check = nft_check,
	.fd = nft_fd,
	.disturbed = nft_disturbed,
	.end = nft_end,
	.close = nft_close,
};
