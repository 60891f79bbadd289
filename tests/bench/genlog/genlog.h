/* SPDX-License-Identifier: Apache-2.0
 *
 * genlog.h: what the parts of genlog share: chance and settings, things that have
 * names, lines with their counts, sessions and the steps that they consist of.
 */
#ifndef TESTS_BENCH_GENLOG_GENLOG_H
#define TESTS_BENCH_GENLOG_GENLOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* ---- chance.c ---- */

/* The seed. */
extern uint64_t chance_state;

/* One step of SplitMix64 (Steele, Lea, Flood: Fast Splittable PRNGs, 2014). */
uint64_t mix(uint64_t z);

uint64_t chance(void);

/* 0 .. n-1. */
uint32_t below(uint32_t n);

/* Is it one of the P in a hundred? */
bool percent(uint32_t p);

/* 0 .. n-1, small ones far more often: log-uniform, near to Zipf. */
uint32_t popular(uint32_t n);

/* ---- names.c ---- */

/* Domains of our own users. */
#define HOSTED 24

/*
 * Things numbered from 0 in order of first use. After N lines there are about
 * per_million * (N / 10^6) ^ growth of them.
 */
struct pool {
	double per_million, growth;
	uint32_t count;
	uint8_t *seen;   /* by number: it stands in the log */
	uint32_t room;
	uint64_t written; /* how many are seen */
};

extern struct pool clients, remotes, guesses, locals, logins, domains;

/* Nothing is new after so many lines, and there are no more clients than these. */
extern uint64_t fresh_lines, clients_most;

extern uint32_t *remote_domain; /* by number of the remote address */
extern uint64_t *domain_deliveries, *local_deliveries; /* local: by hosted domain */

/* realloc() to N things of SIZE bytes; ends the program where there is no memory. */
void *grow(void *p, uint64_t n, size_t size);

/* An old one, or a new one when it is time. */
uint32_t draw(struct pool *pool);

/* NUMBER of POOL stands in the log. */
void seen(struct pool *pool, uint32_t number);

struct name {
	char text[128];
};

struct name name(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A word that can be spoken, different for each NUMBER. */
struct name word(uint32_t number, uint64_t salt);

/* What the numbers stand for; a guessed address is nobody's. */
struct name client_ip(uint32_t client);
struct name client_name(uint32_t client);
struct name domain_name(uint32_t domain);
struct name hosted_name(uint32_t hosted);
struct name remote_address(uint32_t remote);
struct name local_address(uint32_t local);
struct name guessed_address(uint32_t guess);
struct name login_name(uint32_t login);

/* ---- lines.c ---- */

#define KINDS(K)                                                                            \
	K(connect) K(disconnect) K(accept) K(policy) K(abort) K(rdns_mismatch) K(tls)       \
	K(auth_failure) K(ps_connect) K(ps_list) K(ps_pass) K(ps_dnsbl) K(ps_pregreet)      \
	K(ps_hangup) K(ps_reject) K(ps_disconnect) K(dnsbl_hit) K(submitted) K(message_id)  \
	K(queued) K(delivery) K(removed) K(bounce_link) K(rate_stat)

enum kind {
#define K(name) KIND_##name,
	KINDS(K)
#undef K
	KIND_COUNT
};

extern const char *const kind_names[KIND_COUNT];
extern const char *const statuses[3];
extern const int codes[4];
extern uint64_t kind_counts[KIND_COUNT], status_counts[3], code_counts[4], ps_code_counts[2];

extern bool rfc3339; /* stamps are */
extern uint64_t lines_done;
extern int64_t now_usec;

/* One line of KIND by DAEMON; the mean of 30 days for 10 million lines passes. */
void line(enum kind kind, const char *daemon, uint32_t pid, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- sessions.c ---- */

/* Clients served at once. */
#define SLOTS 48

#define STEPS 40
#define RECIPIENTS 5

struct session;
typedef void step(struct session *session);

struct session {
	step *steps[STEPS];
	unsigned planned, done;
	uint32_t slot, client, port, pid, sender, size, recipients, next_recipient;
	uint32_t messages, refusals, failures, login;
	uint32_t recipient[RECIPIENTS];
	int64_t arrival;
	char qid[24];
	bool outgoing, authenticated, lost, retry;
};

/* Appends a step. */
void plan(struct session *session, step *what);

/* "name[ip]" of the session's client, which is now in the log. */
struct name peer(const struct session *session);

/* What smtpd is called for this client. */
const char *smtpd(const struct session *session);

step ps_connect, ps_pass_old, ps_pass_new, ps_allow, ps_pregreet, ps_hangup, ps_dnsbl,
    dnsbl_hit, ps_refuse_dnsbl, ps_refuse_new, ps_disconnect;
step smtpd_rdns, smtpd_connect, smtpd_tls, smtpd_auth_failure, smtpd_refuse, smtpd_lost,
    smtpd_disconnect;

/* ---- messages.c ---- */

extern uint64_t messages_done;

step accept_message, pickup, message_id, active, deliver, retry, notify, removed, statistics;

/* ---- plans.c ---- */

/* SESSION, served in SLOT, is a new one with all its steps. */
void begin(struct session *session, uint32_t slot);

/* ---- truth.c ---- */

/* What is in the log, as JSON. */
void write_truth(FILE *out);

#endif
