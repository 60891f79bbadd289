/* SPDX-License-Identifier: Apache-2.0
 *
 * dns: the names of addresses (PTR, RFC 1035 3.5, RFC 3596 2.5), many asked at once,
 * each confirmed by looking the name up again. Answers are remembered, in memory up
 * to a cap and in a file, each for as long as its kind of answer is worth.
 *
 * A name is what the address's owner wrote: it says nothing unless it is confirmed.
 */
#ifndef ENRICH_DNS_H
#define ENRICH_DNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ip.h"

/* What asking for the names of an address came to. */
#define DNS_STATUSES(S)                                                                     \
	S(ok) S(nxdomain) S(nodata) S(servfail) S(timeout) S(refused)

enum dns_status {
#define S(id) DNS_##id,
	DNS_STATUSES(S)
#undef S
	DNS_STATUS_COUNT
};

/* "ok", "nxdomain", ... */
const char *dns_status_name(enum dns_status status);

/* Is it a fault that passes (servfail, timeout, refused), not a fact about the address? */
bool dns_status_is_temporary(enum dns_status status);

#define DNS_NAMES 8      /* names of one address that are looked at */
#define DNS_NAME_MAX 253 /* RFC 1035 2.3.4, as text without the last dot */

/*
 * What is known of an address. Names are lower-case host names (letters, digits, -
 * and _; never an address), the confirmed ones first. What is no host name is dropped
 * and counted; with nothing left of them the status is nodata.
 */
struct dns_answer {
	struct ip ip;
	enum dns_status status; /* of asking for the names */
	unsigned name_count, bad_names;
	unsigned confirmed;     /* so many names, the first, lead back to the address */
	bool checked;           /* whether they do was asked */
	bool unsure;            /* but could not be found out for all of them */
	int64_t when, expires;  /* microseconds since 1970; not kept at all: equal */
	const char *names[DNS_NAMES]; /* valid until the next dns_add(), dns_process() */
};

/* Members that are 0 have the value named. */
struct dns_settings {
	const char *servers;       /* "192.0.2.53,[2001:db8::53]:5353"; the system's */
	unsigned parallel;         /* addresses being asked about, at most 512; 256 */
	unsigned tries;            /* of each query; 2 */
	int64_t try_usec;          /* the first waits so long, each further one longer; 2 s */
	int64_t deadline_usec;     /* of one dns_run(); none */
	bool confirm;              /* look names up again */
	uint32_t cache_max;        /* answers kept, and addresses waiting; 200000 */
	int64_t good_least_usec;   /* good answers: their TTL, but at least; 1 h */
	int64_t good_most_usec;    /* and at most; 7 d */
	int64_t negative_usec;     /* nxdomain, nodata; 1 h */
	int64_t temporary_usec;    /* servfail, timeout, refused; 5 min */
	int64_t (*clock)(void);    /* microseconds since 1970; the system's */
};

struct dns_stats {
	uint64_t hits;       /* addresses answered from memory */
	uint64_t asked;      /* addresses asked about */
	uint64_t queries;    /* questions to servers, those about names included */
	uint64_t replies;    /* questions that a server answered, whatever it said */
	uint64_t unanswered; /* addresses that the deadline left without an answer */
	uint64_t no_room;    /* addresses that dns_add() turned away */
	uint64_t evicted;    /* answers that found no room any more */
	uint64_t bad_names;  /* names that are no host names */
	uint64_t status[DNS_STATUS_COUNT]; /* of addresses asked about */
};

struct dns;

/* Called for each address asked about, as soon as its answer is there. */
typedef void dns_each(void *context, const struct dns_answer *answer);

/* Could SERVERS be dns_settings.servers? -1: what is no name server. */
int dns_check_servers(const char *servers, struct err *err);

/*
 * The port of SERVER: "192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353".
 * 0: it is no name server.
 */
uint16_t dns_server_port(struct str server);

/* SETTINGS are copied. EACH may be NULL. */
int dns_new(const struct dns_settings *settings, dns_each *each, void *context,
    struct dns **ret, struct err *err);
void dns_free(struct dns *dns);

enum dns_added {
	DNS_KNOWN,   /* dns_find() has a fresh answer; nothing is asked */
	DNS_WAITING, /* will be asked about, once however often it is added */
	DNS_FULL,    /* as many are waiting as there is room for */
};

enum dns_added dns_add(struct dns *dns, const struct ip *ip);

/* The last answer about IP, fresh or not. False: there is none. */
bool dns_find(const struct dns *dns, const struct ip *ip, struct dns_answer *ret);

/*
 * Asks until all are answered or the deadline is there; then those left over get
 * the status timeout, not kept. -1: waiting itself failed.
 */
int dns_run(struct dns *dns, struct err *err);

/*
 * The same in pieces, for a loop of one's own: when dns_fd() is readable, and after
 * dns_wait_msec() at the latest (-1: nothing is under way), call dns_process(). The
 * deadline does not apply.
 */
int dns_fd(const struct dns *dns);
int dns_wait_msec(const struct dns *dns);
int dns_process(struct dns *dns, struct err *err);

/* Gives up on everything under way and waiting, as the deadline does. */
void dns_cancel(struct dns *dns);

struct dns_stats dns_stats(const struct dns *dns);

/* Every answer that is still fresh, or kept, oldest first. */
void dns_walk(const struct dns *dns, dns_each *each, void *context);

/*
 * Answers are kept for USEC since they were given, though they have expired: dns_find()
 * has them, dns_walk() shows them, and who adds their addresses has them asked anew.
 */
void dns_keep(struct dns *dns, int64_t usec);

/* Remembers ANSWER, made elsewhere, unless it is not kept any more or there is a newer one. */
void dns_learn(struct dns *dns, const struct dns_answer *answer);

/* The version of c-ares that is used, as in "1.34.5". */
const char *dns_library_version(void);

/*
 * Where answers outlive the process. PLACE is a path or whatever the row calls one.
 * load: gives every answer to dns_learn(); nothing kept yet is no error.
 * save: keeps what dns_walk() shows, in place of what was there.
 */
struct dns_memory_ops {
	const char *name;
	int (*load)(const char *place, struct dns *dns, struct err *err);
	int (*save)(const char *place, const struct dns *dns, struct err *err);
};

/*
 * A text file, replaced whole. Its folder is made if only that is missing. One that
 * something else wrote is an error; lines that do not fit are left out.
 */
extern const struct dns_memory_ops dns_memory_file;

/*
 * /var/cache/postern/rdns for root, else $XDG_CACHE_HOME/postern/rdns or
 * ~/.cache/postern/rdns; NULL when there is no home. The caller frees it.
 */
char *dns_memory_place(void);

#endif
