/* SPDX-License-Identifier: Apache-2.0
 *
 * hand: bans that a person makes and lifts. The same whether the guard that runs does it
 * for the command line, or the command line itself because none runs.
 */
#ifndef ENGINE_HAND_H
#define ENGINE_HAND_H

#include "engine/settings.h"
#include "enrich/enrich.h"
#include "store/store.h"

/* A ban with the text of its key. */
struct hand_ban {
	struct ban ban; /* its key is `key`: not to be copied */
	char key[CIDR_TEXT_MAX];
};

/*
 * May PREFIX be banned? Not what is wider than IPv4 /8 or IPv6 /16, nor what has a part
 * in a network that [guard] allow names, nor what has one of the OWN_COUNT addresses OWN of
 * this host.
 */
int hand_check(const struct settings *settings, const struct cidr *own, size_t own_count,
    const struct cidr *prefix, struct err *err);

/*
 * Writes down that PREFIX is banned from NOW on for SECONDS (0: for good), with its place
 * by GEO or NULL. REASON says by whom and why, COMMANDS which are run for it; both
 * must outlive RET.
 */
int hand_ban(struct store *store, const struct geo *geo, const struct cidr *prefix,
    int64_t seconds, const char *reason, struct str commands, int64_t now,
    struct hand_ban *ret, struct err *err);

/* BAN, by hand or not, gets the country and network of its prefix, as far as GEO (or NULL)
 * knows them. */
void hand_place(struct ban *ban, const struct geo *geo);

/*
 * Bans of exactly PREFIX that would end later than NOW are over then, those that began
 * ahead of the clock, too; but none that began later than UPTO. REASON: by whom and why.
 */
struct hand_lift {
	struct cidr prefix;
	const char *reason;
	int64_t now, upto;
};

/* Does BAN end by LIFT? */
bool hand_lifts(const struct hand_lift *lift, const struct ban *ban);

/* BAN as LIFT ends it, which hand_lifts(); its reason is in ARENA. */
void hand_end(const struct hand_lift *lift, struct ban *ban, struct arena *arena);

/* Writes LIFT down. EACH (or NULL) is told its bans; *RET_COUNT is how many. All or none. */
int hand_lift(struct store *store, const struct hand_lift *lift,
    void (*each)(void *context, const struct ban *ban), void *context, size_t *ret_count,
    struct err *err);

#endif
