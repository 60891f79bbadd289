/* SPDX-License-Identifier: Apache-2.0
 *
 * act: changing something outside: nft sets, commands, files for Postfix, mail. What
 * needs privileges runs in a small child process that was started first and reads the
 * root-owned configuration itself: a message to it is {operation, action's number,
 * address or prefix, lifetime, ban's id}, validated again there. Actions run at least
 * once, with the same ban id.
 */
#ifndef ACT_ACT_H
#define ACT_ACT_H

#include "base/err.h"
#include "base/ip.h"

enum act_sort { ACT_NFT, ACT_COMMAND, ACT_FILE, ACT_MAIL };

enum act_format { ACT_CIDR, ACT_HASH, ACT_PLAIN, ACT_IPSET, ACT_RBLDNSD };

/* One [action NAME] of the configuration. Unused members are NULL or 0. */
struct act_settings {
	const char *name;
	enum act_sort sort;
	bool privileged;             /* runs in the child, as it was started */
	/* nft */
	const char *table;           /* "postern", of family inet: ours alone */
	const char *chain_hook;      /* "input" */
	int priority;                /* of the chain; -10: before the usual filter */
	const char *const *ports;    /* tcp ports that are closed to the banned; none: all */
	size_t port_count;
	/* command: argument vectors, never a shell; {ip} {prefix} {seconds} {id} {rule} */
	char *const *ban, *const *unban, *const *check, *const *start, *const *stop;
	int64_t timeout_usec;
	/* file */
	const char *path;
	enum act_format format;
	const char *text;            /* beside the address: "REJECT banned, id {id}" */
	const char *after;           /* "postmap", "reload", "" */
	/* mail */
	const char *const *to;
	size_t to_count;
	const char *from, *smtp;     /* smtp: URL; NULL: sendmail, through the child */
	int64_t every_usec;          /* at most one mail in so long: the rest is digested */
};

struct act_ban {
	uint64_t id;
	struct cidr prefix;          /* family 0: a user or other key, for commands and mail */
	const char *key, *rule, *reason;
	int64_t from, until;         /* microseconds UTC; INT64_MAX: for good */
};

/* The unprivileged side: a queue for each action, what is done in batches. */
struct act;

/*
 * Starts the child (before any thread and before privileges are dropped): it reads
 * CONFIG_PATH itself by LOAD. *RET_FD is its socket.
 */
struct act_config;
typedef int act_load(const char *config_path, struct act_config **ret, struct err *err);

struct act_config {
	const struct act_settings *actions;
	size_t count;
};

int act_child_start(const char *config_path, act_load *load, pid_t *ret_pid, int *ret_fd,
    struct err *err);

/* FD: the child's socket, -1: no privileged action can run, each says so. */
int act_open(const struct act_config *config, int fd, struct act **ret, struct err *err);
void act_close(struct act *act);

/* File descriptors to wait on are told by the epoll set act_fd(). */
int act_fd(const struct act *act);

/* Goes on with what is under way; NOW is the wall clock, microseconds. */
void act_process(struct act *act, int64_t now);

/* Asks ACTION to ban or unban; done in the next act_process(), retried until it is done. */
void act_ban(struct act *act, size_t action, const struct act_ban *ban);
void act_unban(struct act *act, size_t action, const struct act_ban *ban);

/*
 * The whole truth for ACTION: these and no others are banned. At start, and whenever the
 * outside was found to differ (ruleset flushed, file edited).
 */
void act_restore(struct act *act, size_t action, const struct act_ban *bans, size_t count);

struct act_stats {
	uint64_t done, failed, waiting;
	const char *last_error; /* NULL: none */
	bool differs;           /* the outside lost what we put there: act_restore() is due */
};

struct act_stats act_stats(const struct act *act, size_t action);

#endif
