/* SPDX-License-Identifier: Apache-2.0
 *
 * The act room's own door: messages, and what a sort of action must be able to do. A
 * new sort is one row in SORTS and one file.
 */
#ifndef ACT_ROOM_H
#define ACT_ROOM_H

#include "act/act.h"
#include "base/buf.h"
#include "base/mem.h"

enum act_op {
	OP_BAN = 1,
	OP_UNBAN,
	OP_ALL_BEGIN, /* what follows until OP_ALL_END is all there is to be */
	OP_ALL_END,
	OP_STOP,
	OP_END,       /* stop, and leave nobody banned */
	OP_COUNT
};

/* To the process; up to so many in a datagram. */
#define MESSAGES_MAX 128

struct act_message {
	uint64_t seq;
	uint32_t op;
	uint8_t family, bits;
	uint8_t unused[2];
	uint8_t address[16];
	int64_t until;
	uint64_t id;
};

/* From it: everything up to `seq` is done, or `failed` and why. */
struct act_answer {
	uint64_t seq;
	uint32_t failed;
	uint32_t wants_all; /* the outside is not as it was left */
	/* Of what is done as far as it goes: what has still to be tried again. */
	uint32_t undone;
	char text[240];
};

/* One change, checked. */
struct change {
	bool unban;
	struct act_ban ban;
};

/* An action and its process, as who judges and who started them see them. */
struct action {
	int fd; /* -1: none any more */
	pid_t pid; /* 0: it has ended */
	enum act_sort sort;
	struct act_message *queue; /* not yet known to be done; the first `sent` were sent */
	size_t count, room, sent;
	uint64_t seq;              /* of the last one queued */
	int64_t retry_at, retry_in;
	bool wants_all, gone;
	bool at_gate;              /* it began by waiting for those of before */
	uint32_t undone;           /* that its process tries again by itself */
	struct act_stats stats;
};

struct act {
	struct action *actions;
	size_t count;
	int epoll;
};

/* A process of an action ends with that when it was sent what makes no sense. */
#define EXIT_DISTRUSTS 3

/*
 * Puts OP of BAN, or of none, behind all that ACTION is to be told; tells what there is room
 * for.
 */
void action_queue(struct action *action, enum act_op op, const struct act_ban *ban);
void action_send(struct action *action);

/*
 * stop.c: readable, at its end, when those of SORT that were before have done; -1: they have.
 */
int act_gate(const struct act_leaving *leaving, enum act_sort sort);

/* Is MESSAGE what one must be? Then *RET is it, if it is a ban or unban. */
bool message_check(const struct act_message *message, struct change *ret);

/*
 * A sort of action, in its own process. All may take their time; -1 with the reason: it
 * is told and tried again. NOW: microseconds UTC.
 */
struct sort {
	/* Neither it nor what it runs needs more privileges or other calls than
	 * sandbox_worker() leaves. */
	bool confined;
	/* What failed is not tried again as it was: all there is to be is asked for. */
	bool whole;
	/* act_try(); NULL: there is nothing to be tried. */
	int (*try)(const struct act_settings *settings, struct err *err);
	/* Makes its state; the outside is not touched before start(). */
	void *(*open)(const struct act_settings *settings);
	int (*start)(void *state, struct err *err);
	/*
	 * The other side of LINE hangs up when it is to stop: what takes long may be broken
	 * off then. NULL: nothing does.
	 */
	void (*heed)(void *state, int line);
	/* CHANGES in order; ALL: they are bans, and all there is to be. 0 may leave something
	 * to be told in ERR, which is empty before. */
	int (*apply)(void *state, const struct change *changes, size_t count, bool all,
	    int64_t now, struct err *err);
	/* False: the outside lost what was put there. NULL: nothing to look at. */
	bool (*check)(void *state);
	/* What is readable when somebody else may have changed what was put there, -1: never;
	 * whether they did, until all is put there again. Both, or NULL: nobody tells us. */
	int (*fd)(void *state);
	bool (*disturbed)(void *state);
	/* How much of what apply() took failed, and waits for a tick. NULL: nothing does. */
	uint32_t (*undone)(const void *state);
	/* Microseconds until tick() is due; INT64_MAX: not. NULL: never. A tick that did what
	 * it could may leave something to be told in ERR. */
	int64_t (*wait)(void *state, int64_t now);
	int (*tick)(void *state, int64_t now, struct err *err);
	/* Takes away all that was done, before stop(). NULL: nothing lasts. */
	int (*end)(void *state, int64_t now, struct err *err);
	int (*stop)(void *state, struct err *err);
	void (*close)(void *state);
};

#define SORTS(ROW) ROW(nft) ROW(command) ROW(file) ROW(mail)

#define ROW(id) extern const struct sort sort_##id;
SORTS(ROW)
#undef ROW

extern const struct sort *const sorts[]; /* by enum act_sort */

/*
 * Does what ACTION does: reads messages from FD until it is told to stop or FD closes; -1:
 * until one came that who judges never sends. CONFINE: for the rest of its life the process
 * can do no more than that.
 */
int worker_run(const struct act_settings *action, int fd, bool confine);

/*
 * {id} {ip} {prefix} {seconds} in TEXT become BAN's; {ip} has no prefix length when it is one
 * address; seconds from NOW on.
 */
void ban_text(struct buf *out, struct str text, const struct act_ban *ban, int64_t now);

/* What an action has outside at most: in other hands who judges might ask for ever more. */
#define BANS_MOST 2000000u

/* bans.c: bans in order of their prefixes, each once, BANS_MOST at most. All zero: none. */
struct act_bans {
	struct act_ban *bans;
	size_t count, room;
};

/* The ban of PREFIX, or NULL; valid until the next change. */
struct act_ban *act_bans_find(const struct act_bans *bans, const struct cidr *prefix);

/* Adds BAN, in place of one of the same prefix; false: there is no room. */
bool act_bans_put(struct act_bans *bans, const struct act_ban *ban);

/* Both, as CHANGES say one after the other, in one go; returns how many have no room. */
size_t act_bans_change(struct act_bans *bans, const struct change *changes, size_t count);

/* Takes out the ban of PREFIX; false: there was none. */
bool act_bans_take(struct act_bans *bans, const struct cidr *prefix);

/* Until when something is not done, however the time of day is set. All zero: it is over. */
struct pause {
	int64_t end, length; /* monotonic microseconds; how long the last one was */
};

/* It failed: not again for a second, twice as long each time, a minute at most. */
void pause_longer(struct pause *pause);

/* It did not: not again for NEXT microseconds. */
void pause_over(struct pause *pause, int64_t next);

/* Microseconds that are left; 0: none. */
int64_t pause_left(const struct pause *pause);

/* Seconds from NOW to the end of BAN, rounded up and at least 1; 0: for good. Who came in
 * before the end would be neither kept out nor counted. */
int64_t ban_seconds(const struct act_ban *ban, int64_t now);

#endif
