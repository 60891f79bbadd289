/* SPDX-License-Identifier: Apache-2.0
 *
 * bans: what the verbs of `postern bans` share: the settings, the store, bans that are
 * kept while they are counted or sorted.
 */
#ifndef CMD_BANS_H
#define CMD_BANS_H

#include "cmd/room.h"

struct bans {
	const struct command *command; /* the verb's */
	struct options options;
	struct settings *settings;
	struct store *store; /* NULL: not opened */
	struct geo *geo;     /* NULL: no places */
	struct hand_lift *lifts; /* that may not be in the store yet */
	size_t lift_count, lift_room;
	int64_t now;
	struct arena arena;
};

/* open_store() of the settings; bans_each() then knows lifts that it has not yet. */
int bans_open(struct bans *bans, bool read_only, struct err *err);

/* store_bans(), where those end that were lifted while the store had no room to say so. */
int bans_each(struct bans *bans, const struct ban_filter *filter,
    bool (*each)(void *context, const struct ban *ban), void *context, struct err *err);

/* A list of bans, with texts that live as long as BANS' arena. */
struct ban_list {
	struct ban *bans;
	size_t count, room;
};

/* Which bans the options ask for: --since, --until, --all; no active_at. */
struct ban_filter bans_filter(const struct bans *bans);

/* Appends those that match; the caller frees ret->bans. */
int bans_read(struct bans *bans, const struct ban_filter *filter, struct ban_list *ret,
    struct err *err);

/* "active", "expired", "lifted", "dry run". */
const char *bans_state(const struct bans *bans, const struct ban *ban);

/* When BAN was or will be over; INT64_MAX: never. */
int64_t bans_end(const struct ban *ban);

/* "192.0.2.1", "192.0.2.0/24" in TEXT, or the key of what is no address. */
struct str bans_address(const struct ban *ban, char text[CIDR_TEXT_MAX]);

/* Is BAN one of a network that has PREFIX and more? */
static inline bool
bans_is_wider(const struct ban *ban, const struct cidr *prefix)
{
	return ban->prefix.base.family && ban->prefix.bits < prefix->bits &&
	    cidr_contains(&ban->prefix, &prefix->base);
}

/*
 * bans-cover.c: the active ban of a network wider than PREFIX that has it, and of several
 * the one that lasts longest. False: there is none, as far as anybody can be asked.
 */
bool bans_cover(struct bans *bans, const struct cidr *prefix, struct ban *ret);

/* The local midnight before USEC, as the time it would be in UTC. */
int64_t bans_day(int64_t usec);

/* WORD as an address or a network, said if it had bits behind its prefix. */
int bans_prefix(const char *word, struct cidr *ret, struct err *err);

/*
 * Opens the databases of places: --geo, [geo] files, or those installed. Without any
 * BANS has none, and if they are NEEDED that is said.
 */
int bans_geo(struct bans *bans, bool needed, struct err *err);

/* Was a place written down with BAN? */
static inline bool
bans_placed(const struct ban *ban)
{
	return ban->country[0] || ban->asn;
}

/*
 * Where the address or network of BAN is: as it was written down, or else by the
 * databases; false when neither knows.
 */
bool bans_place(const struct bans *bans, const struct ban *ban, struct place *ret);

static inline void
set_number(struct cell *cell, int64_t n)
{
	cell->known = true;
	cell->n = n;
}

/* A report in the format of the options. */
struct report *bans_report(const struct bans *bans);

/* Orders TABLE by --sort, prints REPORT's tables, frees it; the exit status. */
int bans_print(const struct bans *bans, struct report *report, struct table *table);

/* ERR on stderr; EXIT_FAILED. */
int bans_failed(const struct err *err);

/* bans-rows.c: bans as rows of the columns of REPORT_BANS and its like. */
void bans_rows(struct bans *bans, const struct ban_list *list, struct table *table);

/*
 * bans-behind.c: while the guard that runs cannot write to the store, LIST gets those bans
 * that it alone knows, without a rule and with a `from` of INT64_MIN, and loses those that
 * are active in the store and not any more. SAY: and says so; and, at any
 * time, which actions keep out nobody. Of COUNT nets only what has to do with one of them
 * (0: all). True when it is so, whatever is in LIST.
 */
bool bans_behind(struct bans *bans, const struct cidr *nets, size_t count, bool say,
    struct ban_list *list);

/* The verbs; each returns the exit status. */
int bans_list(struct bans *bans);
int bans_list_by(struct bans *bans);
int bans_days(struct bans *bans);
int bans_repeat(struct bans *bans);
int bans_effect(struct bans *bans);
int bans_export(struct bans *bans);
int bans_history(struct bans *bans);
int bans_add(struct bans *bans);
int bans_remove(struct bans *bans);
int bans_explain(struct bans *bans);
int bans_status(struct bans *bans);

#endif
