/* SPDX-License-Identifier: Apache-2.0
 *
 * The detect room's own door: what its files share. key: an event's value for a rule;
 * window: what counts of a key; client: what an address has earned; history: its bans.
 */
#ifndef DETECT_ROOM_H
#define DETECT_ROOM_H

#include "base/lru.h"
#include "detect/detect.h"

/* An address, a network or a text, as a rule counts by it. */
struct key {
	struct str text;
	struct cidr prefix; /* family 0: it is neither */
	char room[CIDR_TEXT_MAX];
};

/* The value of EV for WHAT; false when it has none. Texts are EV's, SYMBOLS' or in RET. */
bool key_of(const struct detect_key *what, const struct event *ev,
    const struct symbols *symbols, struct key *ret);

/* Fills in RET for TEXT, which a rule counted by WHAT. */
void key_of_text(struct str text, struct key *ret);

/* The address of EV's client. */
bool key_client(const struct event *ev, const struct symbols *symbols, struct ip *ret);

/* Something that counts. */
struct mark {
	int64_t time;
	uint64_t id;     /* of the event */
	uint64_t value;  /* of a distinct rule: hash of the value, else 0 */
	uint32_t points;
};

/* The marks of one key, the oldest first. All zero: empty. */
struct window {
	struct mark *marks;
	uint32_t count, room;
};

/*
 * Adds MARK and forgets what is WITHIN behind the latest or not needed to reach NEED.
 * Exact for marks in order; one that comes late counts if it is not too old by then.
 */
void window_add(struct window *window, const struct mark *mark, int64_t within,
    uint64_t need);
uint64_t window_sum(const struct window *window);
void window_clear(struct window *window);
void window_done(void *window); /* frees what it owns */

/* What protects an address, and what ends that. */
struct failing {
	uint64_t user; /* hash of the name */
	int64_t time;
};

struct client {
	int64_t login;                       /* time of the last; 0: none */
	int64_t first_message, last_message; /* accepted, since it was last spoiled */
	uint32_t messages;
	uint32_t failing_count;
	struct failing *failing;             /* users, each once; one more than is allowed */
};

struct protection {
	struct lru *table;
	uint32_t failing_room;
	bool wanted; /* a rule protects */
};

void protection_init(struct protection *protection, const struct detect_rule *rules, size_t count,
    uint32_t cap);

/* EV is a login, a failed one, or a message: notes it. */
void protection_note(struct protection *protection, const struct event *ev,
    const struct symbols *symbols);

bool protection_covers(struct protection *protection, const struct detect_protect *protect,
    const struct ip *ip, int64_t time);

/* Earlier bans of a key by a rule. */
#define HISTORY_TIMES 16

struct history {
	int64_t until;                 /* of the last ban */
	int64_t times[HISTORY_TIMES];  /* when they began, the oldest first */
	uint32_t count;
};

void history_add(struct history *history, int64_t from, int64_t until);

/* 1 and one more for each ban since TIME - remembered. */
uint32_t history_offence(const struct history *history, const struct detect_ban *ban,
    int64_t time);

/* How long the OFFENCEth ban lasts; SALT decides the jitter. */
int64_t ban_length(const struct detect_ban *ban, uint32_t offence, uint64_t salt);

/* Is the client or user of EV in ALLOW? What only FACTS can tell is allow_facts()'s. */
bool allow_event(const struct detect_allow *allow, const struct event *ev,
    const struct symbols *symbols);
bool allow_needs_facts(const struct detect_allow *allow);
bool allow_facts(const struct detect_allow *allow, const struct detect_facts *facts);

#endif
