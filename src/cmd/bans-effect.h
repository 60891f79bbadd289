/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-effect: what both ways of telling what bans were good for share.
 */
#ifndef CMD_BANS_EFFECT_H
#define CMD_BANS_EFFECT_H

#include "cmd/bans.h"

/* What counts: mail and connections that were refused, logins that failed. */
extern const char effect_where[];

/*
 * From when to when the store has all that counts: events of other kinds may be older. What is
 * not there was forgotten, or never read.
 */
int effect_period(const struct bans *bans, int64_t *ret_first, int64_t *ret_last,
    struct err *err);

/* How much of FROM to TO lies between FIRST and LAST. */
int64_t effect_overlap(int64_t from, int64_t to, int64_t first, int64_t last);

/* COUNT in USEC as so many a minute, to three decimals; unknown when there was no time. */
double effect_rate(struct cell *cell, uint64_t count, int64_t usec);

/* bans-effect-days.c: `bans effect --by day`, the store being open. */
int effect_days(struct bans *bans);

#endif
