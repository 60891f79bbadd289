/* SPDX-License-Identifier: Apache-2.0
 *
 * act: changing something outside: nft sets, commands, files for Postfix, mail. Each
 * action is a process of its own, started first and with the privileges it was started
 * with, and has the configuration from root, who read it; who judges has none. A message
 * to it is {operation, prefix, end, ban's id}, checked again there: no text of a log
 * reaches it, and one that hangs holds up nobody else. Actions run at least once, with the
 * same id.
 */
#ifndef ACT_ACT_H
#define ACT_ACT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/ip.h"

#include <sys/types.h>

enum act_sort { ACT_NFT, ACT_COMMAND, ACT_FILE, ACT_MAIL };
enum act_format { ACT_CIDR, ACT_HASH, ACT_PLAIN, ACT_IPSET, ACT_RBLDNSD };
enum act_after { ACT_NOTHING, ACT_POSTMAP, ACT_RELOAD };
enum act_tls { ACT_TLS_REQUIRED, ACT_TLS_OPPORTUNISTIC, ACT_TLS_NEVER };

/* One [action NAME] of the configuration. What does not belong to `sort` is not looked at. */
struct act_settings {
	const char *name;
	enum act_sort sort;
	/* nft: a table of family inet that is ours alone */
	const char *table;
	int priority;              /* of its chain */
	const uint16_t *ports;     /* TCP ports closed to the banned */
	size_t port_count;         /* 0: all traffic */
	/* command: argument vectors, NULL-terminated; NULL: nothing is run */
	const char *const *ban, *const *unban, *const *check, *const *start, *const *stop;
	int64_t timeout_usec;      /* mail, too: of one letter, in all */
	/* file */
	const char *path;
	enum act_format format;
	const char *text;          /* beside the address: "REJECT banned, id {id}" */
	enum act_after after;
	/* mail */
	const char *const *to;
	size_t to_count;
	const char *from;
	/* One mail in so long at most; it names all since the last. */
	int64_t every_usec;
	const char *via;           /* see act_check_via() */
	/* by SMTP; texts are empty where nothing is set */
	enum act_tls tls;
	int64_t connect_usec;
	const char *user, *password_file;
	/* Of who may sign the server's certificate; else the system's. */
	const char *ca_file;
	const char *unsent;        /* file for what could not go; empty: none */
	/* Who talks to the server; only root becomes somebody else. */
	const char *become;
};

/*
 * Are these settings of a mail action possible? -1 with the reason. VIA is "sendmail", the
 * path of a program that takes its arguments, smtp://HOST[:PORT][/NAME] with NAME to greet
 * with, or smtps://... the same. ADDRESS is to be one mail address without decoration;
 * WHOLE: with its domain. A login needs a server, and encryption or the loopback. A
 * password's file must be readable by us and no other; one that we cannot see passes.
 */
int act_check_via(const char *via, enum act_tls tls, struct err *err);
int act_check_address(const char *address, bool whole, struct err *err);
int act_check_login(const char *via, enum act_tls tls, struct err *err);
int act_check_password(const char *path, struct err *err);

/* Is VIA, which is possible, a server? */
bool act_is_smtp(const char *via);

struct act_config {
	const struct act_settings *actions;
	size_t count;
};

/* Makes actions of what root read of the configuration, CONTEXT; in the new process. */
typedef int act_load(const void *context, const struct act_config **ret, struct err *err);

/* A ban of an address or a network. */
struct act_ban {
	uint64_t id;
	struct cidr prefix;
	int64_t until; /* microseconds UTC; INT64_MAX: for good */
};

/* Can FORMAT say PREFIX? */
bool act_can_say(enum act_format format, const struct cidr *prefix);

/*
 * BANS as a table in FORMAT, as the file action writes it; TEXT beside each, of which
 * {id}, {ip}, {prefix} and {seconds} become the ban's. What a format cannot say is
 * left out.
 */
void act_put_table(enum act_format format, const char *text, const struct act_ban *bans,
    size_t count, int64_t now, struct buf *out);

/*
 * Would the action work here, with what it needs from others? Tried as far as it changes
 * nothing outside, by who would run it. -1: what is wrong.
 */
int act_try(const struct act_settings *settings, struct err *err);

/* BANS as a script for nft -f that makes the sets of table inet TABLE and fills them. */
void act_put_nft(const char *table, const struct act_ban *bans, size_t count, int64_t now,
    struct buf *out);

/*
 * The nft table inet TABLE of this network namespace is ours until we close *RET or end,
 * once a process; -1: another guard has it. *RET is -1 where that cannot be known.
 */
int act_table_hold(const char *table, int *ret, struct err *err);

/* The process, root's or ours, that holds TABLE; 0: none does. */
pid_t act_table_owner(const char *table);

/* ERR says that OWNER has TABLE; -1. */
int act_table_taken(const char *table, pid_t owner, struct err *err);

/* Closes the connections of those who asked; HELD is readable when there are some. */
void act_table_turn_away(int held);

struct act;

struct act_leaving;

struct act_begin {
	const void *context;         /* LOAD's */
	act_load *load;
	const enum act_sort *sorts;  /* of COUNT actions */
	size_t count;
	const struct act_leaving *after; /* what they may not begin before, or NULL */
};

/*
 * Starts a process for each action, before threads and while we have the privileges that
 * they need. -1: one could not be started.
 */
int act_start(const struct act_begin *begin, struct act **ret, struct err *err);

/* Ends the processes once they have done what they were told, or after two seconds. */
void act_stop(struct act *act);

/*
 * The same, but those of the bit set ENDED first take away what they did, and are not waited
 * for: they are put to *LEAVING (NULL: none yet). Actions of their sort that are started
 * behind it begin when they have done, as both may be about the same thing outside.
 */
void act_leave(struct act *act, uint64_t ended, struct act_leaving **leaving);

/*
 * Now and then, while *LEAVING is not NULL, as it is in the end: hears what they say, sees
 * whether they have done; ends those that have not in five minutes. LOG (NULL: nobody) is
 * told what cannot be taken away.
 */
void act_leaving_process(struct act_leaving **leaving,
    void (*log)(void *context, const char *text), void *context);

/* Waits for all, for twenty seconds. */
void act_leaving_wait(struct act_leaving **leaving,
    void (*log)(void *context, const char *text), void *context);

/* In another process than that which started them, which has no part in it. */
void act_leaving_forget(struct act_leaving *leaving);

/*
 * In the process that started them, on SIGCHLD: whether one has ended by itself, and so
 * what waits for it stays undone. It is then waited for. DISTRUSTS: because it was sent what
 * who judges never sends, unless others have taken it over.
 */
enum act_loss { ACT_LOST_NONE, ACT_LOST_ENDED, ACT_LOST_DISTRUSTS };

enum act_loss act_lost(struct act *act);

/* To wait on: readable when act_process() has something to read. */
int act_fd(const struct act *act);

/*
 * Sends what waits and takes answers; LOG is told of what failed. NOW: monotonic
 * microseconds. Returns microseconds until it is to be called again at the latest.
 */
int64_t act_process(struct act *act, int64_t now,
    void (*log)(void *context, const char *text), void *context);

/*
 * ACTION bans, until the ban's end. The same ban again prolongs it. What is wider than
 * IPv4 /8 or IPv6 /16, or ended before 1970, is never banned, whoever asks.
 */
void act_ban(struct act *act, size_t action, const struct act_ban *ban);
void act_unban(struct act *act, size_t action, const struct act_ban *ban);

/*
 * The whole truth of action NUMBER: BANS and no others. At start, and when act_wants_all()
 * says so.
 */
void act_restore(struct act *act, size_t number, const struct act_ban *bans, size_t count);

/* The outside lost what ACTION had put there: somebody flushed it. */
bool act_wants_all(const struct act *act, size_t action);

struct act_stats {
	uint64_t done, failed;
	size_t waiting;
};

struct act_stats act_stats(const struct act *act, size_t action);

#endif
