/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of guard share.
 */
#ifndef ENGINE_GUARD_ROOM_H
#define ENGINE_GUARD_ROOM_H

#include "base/dict.h"
#include "base/now.h"
#include "base/reserve.h"
#include "engine/engine.h"
#include "engine/keeping.h"

/* Bans of PREFIX that began up to UPTO were lifted by hand, which is to be written down. */
struct guard_lift {
	struct cidr prefix;
	int64_t time, upto;
	bool reserved; /* beside the store */
	char reason[256];
};

/* A prefix that was banned before all was begun anew, here or in the process before us. */
struct guard_handed {
	struct cidr prefix;
	uint64_t id;
	int64_t until;
	uint64_t actions; /* bit set */
};

/* A log that is followed. */
struct guard_input {
	char *name;
	bool waits;         /* it is not there, which was said */
	int64_t gone_since; /* monotonic; 0: it is not gone */
	int64_t last;       /* time of its last event; 0: there was none */
};

struct guard {
	struct guard_settings settings;
	struct store *store;
	struct live *live;
	struct detect *detect;
	struct detect_out verdicts;
	struct banned *banned;
	int epoll;
	bool in_transaction, behind, failed;
	bool watches_store, lost_store; /* its file may be missed; it was removed */
	int64_t next_watch;  /* monotonic: when it is missed, if at all */
	bool damaged;        /* what is in `store` cannot be read, and is to be set aside */
	char *aside;         /* the store that was, as long as the new one lacks what it has */
	bool stands_in;      /* `store` is one in memory until the real one can be opened */
	int64_t behind_since; /* time of day */
	struct guard_lift *lifts; /* made while behind, and still looked at when no more */
	size_t lift_count, lift_room;
	struct reserve reserve;   /* that has them, too */
	struct guard_handed *handed;
	size_t handed_count, handed_room;
	struct dict said;    /* ids of bans that were logged and not written */
	uint64_t *just_said; /* of those in the transaction */
	size_t just_count, just_room;
	/* Behind: when the store is tried again; monotonic, as the next. */
	int64_t next_try;
	int64_t try_after;   /* microseconds: more each time that it was back for nothing */
	int64_t next_forget;
	uint64_t *evicted;   /* by rule: keys it had forgotten when that was said last, */
	int64_t next_evicted; /* and when it may be said again */
	int64_t tells_until; /* monotonic: of bans that begin up to then */
	uint32_t told;       /* so many were logged, */
	uint64_t untold;     /* and so many not */
	int64_t next_late;   /* when a ban that was over at once may be told of again */
	int64_t next_ahead;  /* when a log ahead of the clock may be */
	struct guard_input *inputs;
	size_t input_count, input_room;
	int64_t next_inputs; /* when they are looked at */
	int64_t clock;       /* the time of day at 0 of the monotonic clock */
	struct keeping keeping;
	uint64_t events, verdict_count;
	int64_t last_event;
	int64_t newest;      /* the latest time that an event or a ban had */
	uint64_t all_actions; /* bit set */
	uint64_t commands;   /* those of them that run programs */
	enum { COMMANDS_KEPT, COMMANDS_TO_KEEP, COMMANDS_TO_UNDO } keeping_commands;
};

void guard_log(const struct guard *guard, enum guard_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The actions of rule R, as a bit set. */
static inline uint64_t
guard_rule_actions(const struct guard *guard, size_t r)
{
	const struct rule_plan *plan = &guard->settings.rules->plans[r];
	uint64_t set = 0;

	for (size_t i = 0; i < plan->action_count; i++)
		set |= UINT64_C(1) << (plan->actions[i] % 64);
	return set;
}

/*
 * guard-seed.c: what was judged by before this process: bans, windows, open messages.
 * Windows know no event from UNTIL on.
 */
int guard_seed(struct guard *guard, int64_t until, struct err *err);

/* Everything anew from the store, with windows until UNTIL. */
void guard_renew(struct guard *guard, int64_t until);

/* guard-handed.c: the store that the settings name, or what stands in for it. */
int guard_open_store(struct guard *guard, struct err *err);

/* The store that the settings name; the caller frees it. */
char *guard_store_url(const struct guard *guard);

/* Opens the one at URL as `store`; NULL in its place when it fails. */
int guard_open_url(struct guard *guard, const char *url, enum store_fault *ret_why,
    struct err *err);

/* Before there is a detector: what it will judge by is in events since then. */
int64_t guard_will_stand_on(const struct guard *guard);

/*
 * guard-damaged.c: is the store to be set aside, as opening it had RESULT because of WHY, or
 * as the process before us could not use it?
 */
bool guard_was_damaged(const struct guard *guard, int result, enum store_fault why);

/*
 * The store, found damaged because of ERR, is replaced: by a new one, or, where that cannot be
 * had, one in memory. -1: neither.
 */
int guard_replace_store(struct guard *guard, struct err *err);

/*
 * The store at URL is closed, if it is open, and set aside, and a new one opened, with what
 * can be read of it. All is said. -1: it is as before, or there is none; `*why` is as when
 * opening.
 */
int guard_begin_anew(struct guard *guard, const char *url, enum store_fault *why,
    struct err *err);

/*
 * What can be read of the one set aside goes into INTO, which is said; once. -1: it was
 * not written.
 */
int guard_salvage(struct guard *guard, struct store *into, struct err *err);

/* Did the store fail as it is damaged? Then another process is to take our place. */
void guard_note_damage(struct guard *guard);

/* For guard_was_damaged() of the process that takes our place. */
void guard_hand_damage(struct state_out *out);

/* Others wait meanwhile; CONTEXT is the guard. */
void guard_pulse(void *context);

/* What the process before us had banned. */
void guard_take_banned(struct guard *guard, struct str records);

/* What is banned stays so over guard_renew(), which finds it before it is in the store. */
void guard_keep_banned(struct guard *guard);

/* Bans what was kept or taken; once. */
void guard_restore_handed(struct guard *guard);
void guard_forget_handed(struct guard *guard);

/* The actions that have BAN, or, over by now, had it: a bit set. */
uint64_t guard_ban_actions(const struct guard *guard, const struct ban *ban);

/* guard-commands.c: at guard_open(): which actions are commands. */
void guard_find_commands(struct guard *guard);

/* The names of the commands among ACTIONS, for a ban's `commands`; in OUT. */
struct str guard_put_commands(const struct guard *guard, uint64_t actions, struct buf *out);

/*
 * At a start, once it is known who is banned: commands that were run for BAN are told to undo
 * it if its rule does not name them any more, or it ended after SINCE.
 */
void guard_undo_commands(struct guard *guard, const struct ban *ban, int64_t since);

/* Each turn: what they do for whom is written down, and, once they did, what they undid. */
void guard_keep_commands(struct guard *guard);

/* The real one is there again, or was never away. */
bool guard_real_store(struct guard *guard);

/* Sees whether the store's file is there still. */
void guard_watch_store(struct guard *guard);

/* guard-inputs.c: at a start, which logs there are, and which are waited for; each turn, what
 * has changed of that. */
void guard_say_inputs(struct guard *guard);
void guard_watch_inputs(struct guard *guard);
void guard_forget_inputs(struct guard *guard);

/* EV was read. That lines are gone, or that their log is ahead of the clock, is said. */
void guard_note_event(struct guard *guard, const struct event *ev,
    const struct symbols *symbols, const struct event_sources *sources);

/* guard-clock.c: tells all actions anew when the time of day was set. */
void guard_watch_clock(struct guard *guard);

/* Everything of a turn is in one transaction, which this begins. */
void guard_begin(struct guard *guard);

/* guard-verdict.c: what follows from the verdicts of one event. */
void guard_take_verdicts(struct guard *guard);

/* How many bans there were too many of to be logged; with END in any case. */
void guard_say_untold(struct guard *guard, bool end);

/*
 * And from those that waited for names; returns microseconds until it is to be called again.
 */
int64_t guard_take_waiting(struct guard *guard);

/* PREFIX is banned by BAN: tells those of its actions that do not know, or not for so long. */
void guard_tell_ban(struct guard *guard, const struct cidr *prefix,
    const struct banned_part *ban);
void guard_tell_all(struct guard *guard, size_t action);

/* Ends what is over, restores what was flushed, lets actions go on. */
int64_t guard_act(struct guard *guard);

/*
 * guard-lifts.c: bans that are lifted while the store cannot be written to. Lifts PREFIX
 * because of REASON; it is written down when the store is back. -1: it is not lifted, as
 * it would be forgotten if this process ended.
 */
int guard_lift_behind(struct guard *guard, const struct cidr *prefix, const char *reason,
    struct err *err);

/* A lift that a ban of PREFIX that began at FROM fell under, or NULL. */
const struct guard_lift *guard_lifted(const struct guard *guard, const struct cidr *prefix,
    int64_t from);

/* The store is there: bans that it has and that were lifted meanwhile end in it. */
int guard_write_lifts(struct guard *guard, struct err *err);

/* Opens what is beside the store, with the lifts that an earlier process put there. */
void guard_open_lifts(struct guard *guard);

/* To the process that takes our place; and from the one before us. */
void guard_hand_lifts(const struct guard *guard, struct state_out *out);
void guard_take_lifts(struct guard *guard, struct str records);

/* In this process. */
void guard_forget_lifts(struct guard *guard);

/*
 * guard-said.c: was the ban ID logged, and could not be written? It is noted that it is now:
 * for good when we are behind, or else until what is in the transaction is WRITTEN or lost.
 */
bool guard_was_said(struct guard *guard, uint64_t id);
void guard_settle_said(struct guard *guard, bool written);
void guard_hand_said(const struct guard *guard, struct state_out *out);
void guard_take_said(struct guard *guard, struct str records);
void guard_forget_said(struct guard *guard);

/* The store failed: everything since begin is undone; events are judged, not kept. */
void guard_fall_behind(struct guard *guard, const struct err *err);

#endif
