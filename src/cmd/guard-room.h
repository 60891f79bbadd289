/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the guard command share.
 */
#ifndef CMD_GUARD_ROOM_H
#define CMD_GUARD_ROOM_H

#include <signal.h>
#include <sys/stat.h>

#include "base/sandbox.h"
#include "cmd/knowledge.h"
#include "cmd/room.h"
#include "serve/serve.h"

/*
 * From one process that judges to the next, through the one that starts them, which reads
 * nothing of it: a file of records, and sockets.
 */
struct handover {
	int last;       /* the file that was written; -1: none */
	int next;       /* the one to be written; -1: none can be */
	int channel[2]; /* sockets come out of the first, and go into the second */
	int sockets[SERVE_HANDED_MAX];
	size_t count;
};

/* nft tables that are ours. */
struct guard_tables {
	int held[ACTIONS_MOST];
	size_t count;
};

struct guard_run {
	const struct options *options;
	struct settings *settings;
	struct rules rules;
	struct arena arena;
	struct handover handover;
	struct guard_tables tables;
	struct act_leaving *leaving; /* processes of actions that are gone, or NULL */
};

/*
 * guard-tables.c: no other guard has the tables of RUN's actions, or -1; until released,
 * by each process that has them. Who asks whose they are is answered by turning them away.
 */
int tables_hold(struct guard_tables *tables, struct guard_run *run, struct err *err);
void tables_release(struct guard_tables *tables);
void tables_turn_away(const struct guard_tables *tables);

const char *setting_text(const struct settings *settings, enum setting setting,
    struct arena *arena);

/* guard_settings.log: to stderr, by [guard] log. */
void guard_say(void *context, enum guard_level level, const char *text);

/*
 * guard-sandbox.c: from now on only files below what the settings name, no program, and
 * the network for names alone, if at all. What cannot be closed is said.
 */
void guard_sandbox(struct guard_run *run, bool asks_names, bool store_away);

/* A log's name, and the folder that it leads to. */
struct guard_way {
	const char *name;
	dev_t device;
	ino_t inode;
};

struct guard_ways {
	struct guard_way *list;
	size_t count;
	int64_t next_look; /* monotonic */
};

/*
 * guard-ways.c: notes where logs are, behind guard_sandbox(). From then on: has one of them
 * come to be where we may not look, so that another process is to take our place? That is
 * said. A place that was closed before is not looked at.
 */
void ways_note(struct guard_run *run, struct guard_ways *ways);
bool ways_closed(struct guard_run *run, struct guard_ways *ways);

#define REFUSED_BITS 1024u /* more than there are system calls */

/* What the process that judges has open. */
struct guard_loop {
	struct guard_run *run;
	struct guard *guard;
	struct act *act; /* NULL: nothing is done outside */
	struct knowledge knowledge;
	struct cidr own[OWN_MAX]; /* addresses of this host */
	struct policy_server *policy;
	struct policy_rates *rates;
	bool rates_known; /* they were handed over */
	struct control_server *control;
	int64_t watchdog; /* microseconds between signs of life; 0: none is wanted */
	int64_t next_sign;
	uint64_t refused[REFUSED_BITS / 64]; /* system calls that were said */
	uint64_t refused_calls;
	int lock; /* of the store; -1: none */
	pid_t parent;
	struct guard_ways ways;
	bool follows, stopping, handing_over;
	bool moved; /* nobody told us to: a way is closed, or the store lost */
};

/* guard-answer.c: policy_ask and control_ask; CONTEXT: the loop. */
void guard_answer_policy(void *context, const struct policy_request *request,
    struct buf *answer);
int guard_answer_control(void *context, const struct control_request *request,
    struct json *answer, struct err *err);

/*
 * guard-handover.c, for the process that starts the others: begins with nothing; makes
 * what the next one writes to; takes sockets as they come, false: none waits; once it
 * has ended well, keeps what it wrote for the next, or, when not KEEP, forgets it.
 */
void handover_init(struct handover *handover);
void handover_prepare(struct handover *handover);
bool handover_receive(struct handover *handover);
void handover_settle(struct handover *handover, bool keep);

/* Of one that has not begun: what the one before it wrote is for the next; or for none. */
void handover_keep(struct handover *handover);
void handover_forget(struct handover *handover);

/* For those that judge: sends what is in HANDING. */
int handover_send(const struct handover *handover, const struct serve_handing *handing,
    struct err *err);

#define EXIT_MOVED 5 /* handed over, to one that may look elsewhere */
#define EXIT_UNBEGUN 4 /* of a process that was to judge and could not start to */

/* guard-loop.c: follows and judges until a signal says to stop; the exit status. */
int guard_loop(struct guard_run *run, struct act *act, const sigset_t *signals);

#endif
