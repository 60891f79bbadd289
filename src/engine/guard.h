/* SPDX-License-Identifier: Apache-2.0
 *
 * guard: the live half. Follows the logs, judges every event, bans, and writes down
 * events, bans and how far it read in one transaction, so that whatever is killed when,
 * nothing is lost and nothing counts twice. What it judges by is rebuilt from the store.
 */
#ifndef ENGINE_GUARD_H
#define ENGINE_GUARD_H

#include "act/act.h"
#include "detect/detect.h"
#include "engine/banned.h"
#include "engine/hand.h"
#include "engine/rules.h"
#include "enrich/enrich.h"
#include "store/store.h"

enum guard_level { GUARD_ERROR, GUARD_WARNING, GUARD_NOTICE, GUARD_INFO, GUARD_DEBUG };

struct guard;

struct guard_settings {
	const struct settings *settings;
	const struct rules *rules;
	const struct cidr *own;   /* addresses of this host, which nobody may ban */
	size_t own_count;
	struct act *act;          /* started before; NULL: nothing is done outside */
	bool from_start;          /* inputs never read before begin at their start */
	bool poll;                /* inputs are looked at every 250 ms */
	void (*log)(void *context, enum guard_level level, const char *text);
	void *context;
	detect_ask *ask;          /* what rules want to know that is not in the log */
	void (*asked)(void *context); /* takes answers to it, and puts questions; or NULL */
	int asked_fd;             /* readable when there are some; -1: none */
	void *ask_context;        /* of both */
	const struct geo *geo;    /* places of bans, and of events if rules ask; or NULL */
	struct str records;       /* of guard_hand_over(), or empty */
	/* Called now and then by guard_open() and guard_process() while they take long; GUARD,
	 * NULL as long as it knows no bans, can be asked by guard_find() alone. NULL: nobody
	 * waits. */
	void (*pulse)(void *pulse_context, struct guard *guard);
	void *pulse_context;
};

/* SETTINGS and what they point to must outlive the guard. */
int guard_open(const struct guard_settings *settings, struct guard **ret, struct err *err);
void guard_close(struct guard *guard);

/*
 * Hands what only this process knows to the one that takes its place: a store that ends
 * with the process; of one that is full or away what judging stands on, so that bans and
 * windows are there, even if it cannot be opened then.
 */
int guard_hand_over(struct guard *guard, struct state_out *out, struct err *err);

/* Shows EACH the events that were judged since SINCE and match WHERE, in that order. */
int guard_events(struct guard *guard, int64_t since, const char *where,
    bool (*each)(void *context, const struct event *ev, const struct symbols *symbols,
        const struct event_sources *sources),
    void *context, struct err *err);

/* An epoll set: readable when guard_process() has something to do. */
int guard_fd(const struct guard *guard);

/*
 * Reads, judges, writes and acts. Returns microseconds until it is to be called again;
 * -1: it cannot go on, which was said.
 */
int64_t guard_process(struct guard *guard);

/*
 * The store's file was removed, or is damaged, which was said: another process is to take our
 * place, and makes it anew with what guard_hand_over() says.
 */
bool guard_lost_store(const struct guard *guard);

/* The ban that IP falls under now, or NULL. */
const struct banned_entry *guard_find(const struct guard *guard, const struct ip *ip);

/* Those in force, in no order: COUNT is in guard_stats(). */
const struct banned_entry *guard_banned_at(const struct guard *guard, size_t index);

/* By hand. SECONDS 0: for good. WHO says so ends up in the reason. */
int guard_ban(struct guard *guard, const struct cidr *prefix, int64_t seconds,
    const char *reason, uint64_t *ret_id, struct err *err);
/* When the store is behind, a lift is in force at once, and written down when it is back. */
int guard_unban(struct guard *guard, const struct cidr *prefix, const char *reason,
    struct err *err);

/*
 * Tells EACH the lifts that a guard whose store is at URL could not write down there; without
 * a file of them there are none. Those that were written down meanwhile may be among them.
 */
int guard_pending_lifts(const char *url,
    void (*each)(void *context, const struct hand_lift *lift), void *context,
    struct err *err);

struct guard_stats {
	uint64_t events, verdicts;
	size_t banned;
	struct detect_stats detect;
	bool store_behind; /* it is full or away: what is read is judged, not kept */
	int64_t behind_since;
	int64_t last_event;
};

struct guard_stats guard_stats(const struct guard *guard);

/* A log that is followed, as it is now. */
struct guard_log_state {
	const char *name;
	enum guard_log_is { GUARD_LOG_FOLLOWED, GUARD_LOG_ABSENT, GUARD_LOG_CLOSED } is;
	int64_t last;   /* time of its last event since the start; 0: it had none */
	int64_t unread; /* bytes; -1: nobody can say */
};

/* The log number N, from 0; false: there are no more. */
bool guard_log_at(const struct guard *guard, size_t n, struct guard_log_state *ret);

/* Those of rule number RULE of the settings' rules. */
struct detect_stats guard_rule_stats(const struct guard *guard, size_t rule);

#endif
