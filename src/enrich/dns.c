/* SPDX-License-Identifier: Apache-2.0
 *
 * dns: what is to be asked waits in a queue; a bounded number of lookups take from
 * it. A lookup asks for the names of its address, then for the addresses of each
 * name. Outcomes may come while a question is being put, so they are only noted, and
 * advance() takes the next steps.
 */
#include "enrich/dns.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/mem.h"
#include "base/now.h"
#include "enrich/dns-cache.h"
#include "enrich/dns-channel.h"
#include "enrich/dns-reply.h"

#define PARALLEL_MAX 512u /* each may need a socket */

/* An address being asked about. */
struct lookup {
	struct dns *dns;
	uint32_t entry;
	enum dns_status status; /* of the last question */
	unsigned asked;         /* how often it was put */
	bool named;             /* `names` are known, now they are being checked */
	unsigned step;          /* which of them */
	bool hit;               /* the last one checked leads back */
	bool unsure;            /* one could not be checked */
	struct dns_names names;
	bool leads_back[DNS_NAMES];
};

struct dns {
	struct dns_settings settings;
	dns_each *each;
	void *context;
	struct dns_channel *channel;
	struct dns_cache cache;
	struct dns_stats stats;
	uint32_t *queue; /* entries from `head` on */
	size_t head, tail, queue_room;
	struct lookup *lookups;
	struct lookup **idle, **ready; /* stacks */
	unsigned idle_count, ready_count;
	bool cancelling;
	int64_t keep; /* answers that have expired, since they were given */
};

static const char *const status_names[] = {
#define S(id) #id,
	DNS_STATUSES(S)
#undef S
};

const char *
dns_status_name(enum dns_status status)
{
	return status_names[status];
}

bool
dns_status_is_temporary(enum dns_status status)
{
	return status == DNS_servfail || status == DNS_timeout || status == DNS_refused;
}

static struct dns_settings
with_defaults(const struct dns_settings *given)
{
	struct dns_settings s = *given;

	s.parallel = s.parallel ? s.parallel : 256;
	if (s.parallel > PARALLEL_MAX)
		s.parallel = PARALLEL_MAX;
	s.tries = s.tries ? s.tries : 2;
	s.try_usec = s.try_usec ? s.try_usec : 2 * USEC_PER_SEC;
	s.cache_max = s.cache_max ? s.cache_max : 200000;
	s.good_least_usec = s.good_least_usec ? s.good_least_usec : USEC_PER_HOUR;
	s.good_most_usec = s.good_most_usec ? s.good_most_usec : 7 * USEC_PER_DAY;
	s.negative_usec = s.negative_usec ? s.negative_usec : USEC_PER_HOUR;
	s.temporary_usec = s.temporary_usec ? s.temporary_usec : 300 * USEC_PER_SEC;
	s.clock = s.clock ? s.clock : now_wall;
	return s;
}

int
dns_new(const struct dns_settings *settings, dns_each *each, void *context, struct dns **ret,
    struct err *err)
{
	struct dns_settings filled = with_defaults(settings);
	struct dns_channel *channel;
	struct dns *dns;

	if (dns_channel_open(&filled, &channel, err) < 0)
		return -1;
	dns = xcalloc(1, sizeof(*dns));
	dns->settings = filled;
	dns->settings.servers = NULL; /* the caller's, and not needed any more */
	dns->each = each;
	dns->context = context;
	dns->channel = channel;
	dns_cache_init(&dns->cache, filled.cache_max);
	dns->lookups = xcalloc(filled.parallel, sizeof(*dns->lookups));
	dns->idle = xcalloc(filled.parallel, sizeof(struct lookup *));
	dns->ready = xcalloc(filled.parallel, sizeof(struct lookup *));
	for (unsigned i = 0; i < filled.parallel; i++) {
		dns->lookups[i].dns = dns;
		dns->idle[dns->idle_count++] = &dns->lookups[i];
	}
	*ret = dns;
	return 0;
}

void
dns_free(struct dns *dns)
{
	if (dns == NULL)
		return;
	dns_channel_close(dns->channel);
	dns_cache_done(&dns->cache);
	free(dns->queue);
	free(dns->lookups);
	free(dns->idle);
	free(dns->ready);
	free(dns);
}

/* Need the address not be asked about? */
static bool
is_fresh(const struct dns *dns, const struct dns_entry *entry)
{
	return entry->answered && entry->expires > dns->settings.clock() &&
	    (entry->checked || entry->status != DNS_ok || !dns->settings.confirm);
}

enum dns_added
dns_add(struct dns *dns, const struct ip *ip)
{
	uint32_t entry = dns_cache_get(&dns->cache, ip);

	if (entry == DNS_NO_ENTRY) {
		dns->stats.no_room++;
		return DNS_FULL;
	}
	if (dns->cache.entries[entry].waiting)
		return DNS_WAITING;
	if (is_fresh(dns, &dns->cache.entries[entry])) {
		dns->stats.hits++;
		return DNS_KNOWN;
	}
	if (dns->head > 4096 && dns->head > dns->tail / 2) {
		memmove(dns->queue, dns->queue + dns->head,
		    (dns->tail - dns->head) * sizeof(*dns->queue));
		dns->tail -= dns->head;
		dns->head = 0;
	}
	dns_cache_wait(&dns->cache, entry);
	MEM_GROW(dns->queue, dns->tail, dns->queue_room);
	dns->queue[dns->tail++] = entry;
	return DNS_WAITING;
}

bool
dns_find(const struct dns *dns, const struct ip *ip, struct dns_answer *ret)
{
	uint32_t entry = dns_cache_find(&dns->cache, ip);

	if (entry == DNS_NO_ENTRY || !dns->cache.entries[entry].answered)
		return false;
	dns_cache_answer(&dns->cache, entry, ret);
	return true;
}

static int64_t
lifetime(const struct dns_settings *settings, const struct lookup *lookup,
    enum dns_status status)
{
	int64_t ttl = (int64_t)lookup->names.ttl * USEC_PER_SEC;

	if (dns_status_is_temporary(status) || lookup->unsure)
		return settings->temporary_usec;
	if (status != DNS_ok)
		return settings->negative_usec;
	ttl = ttl < settings->good_least_usec ? settings->good_least_usec : ttl;
	return ttl > settings->good_most_usec ? settings->good_most_usec : ttl;
}

/* Puts the names of LOOKUP into ANSWER, the confirmed ones first. */
static void
list_names(const struct lookup *lookup, struct dns_answer *answer)
{
	answer->confirmed = answer->name_count = 0;
	for (int confirmed = 1; confirmed >= 0; confirmed--)
		for (unsigned i = 0; i < lookup->names.count; i++)
			if (lookup->leads_back[i] == (confirmed != 0)) {
				answer->names[answer->name_count++] = lookup->names.names[i];
				answer->confirmed += (unsigned)confirmed;
			}
}

/* LOOKUP is over; KEEP: what it came to is worth remembering. */
static void
finish(struct dns *dns, struct lookup *lookup, enum dns_status status, bool keep)
{
	struct dns_answer answer = {.status = status, .bad_names = lookup->names.bad,
	    .when = dns->settings.clock()};

	list_names(lookup, &answer);
	answer.checked = lookup->named && keep;
	answer.unsure = lookup->unsure;
	answer.expires = answer.when + (keep ? lifetime(&dns->settings, lookup, status) : 0);
	dns_cache_put(&dns->cache, lookup->entry, &answer);
	dns->stats.status[status]++;
	dns->stats.bad_names += lookup->names.bad;
	dns->stats.unanswered += !keep;
	if (dns->each) {
		dns_cache_answer(&dns->cache, lookup->entry, &answer);
		dns->each(dns->context, &answer);
	}
}

static void
noted(struct lookup *lookup, enum dns_status status, bool replied)
{
	struct dns *dns = lookup->dns;

	lookup->status = status;
	dns->stats.replies += replied;
	dns->ready[dns->ready_count++] = lookup;
}

static void
take_names(void *context, enum dns_status status, bool replied, const unsigned char *message,
    size_t len)
{
	struct lookup *lookup = context;

	if (status == DNS_ok) {
		if (dns_reply_names(message, len, &lookup->names) < 0) {
			lookup->names.count = lookup->names.bad = 0;
			status = DNS_servfail;
		} else if (lookup->names.count == 0) {
			status = DNS_nodata;
		}
	}
	noted(lookup, status, replied);
}

static void
take_addresses(void *context, enum dns_status status, bool replied,
    const unsigned char *message, size_t len)
{
	struct lookup *lookup = context;
	const struct ip *ip = &lookup->dns->cache.entries[lookup->entry].ip;

	lookup->hit = false;
	if (status == DNS_ok && dns_reply_has(message, len, ip, &lookup->hit) < 0)
		status = DNS_servfail;
	noted(lookup, status, replied);
}

/* Puts the question that LOOKUP is at. */
static void
ask(struct dns *dns, struct lookup *lookup)
{
	const struct ip *ip = &dns->cache.entries[lookup->entry].ip;
	char reverse[DNS_REVERSE_MAX];

	lookup->asked++;
	dns->stats.queries++;
	if (lookup->named) {
		dns_channel_ask(dns->channel, lookup->names.names[lookup->step],
		    ip->family == 4 ? DNS_TYPE_A : DNS_TYPE_AAAA, take_addresses, lookup);
	} else {
		dns_reverse_name(ip, reverse);
		dns_channel_ask(dns->channel, reverse, DNS_TYPE_PTR, take_names, lookup);
	}
}

/*
 * The next question after the outcome of the last one. False: there is none. A server
 * that cannot or will not is no reason to give up while there are others.
 */
static bool
go_on(struct dns *dns, struct lookup *lookup)
{
	if ((lookup->status == DNS_servfail || lookup->status == DNS_refused) &&
	    lookup->asked < dns->settings.tries && dns_channel_has_choice(dns->channel))
		return true;
	if (lookup->named) {
		lookup->leads_back[lookup->step++] = lookup->hit;
		lookup->unsure |= dns_status_is_temporary(lookup->status);
	} else if (lookup->status == DNS_ok && dns->settings.confirm) {
		lookup->named = true;
	}
	lookup->asked = 0;
	return lookup->named && lookup->step < lookup->names.count;
}

/* Takes every lookup as far as it goes without waiting, and fills those that are idle. */
static void
advance(struct dns *dns)
{
	while (dns->ready_count) {
		struct lookup *lookup = dns->ready[--dns->ready_count];

		if (!dns->cancelling && go_on(dns, lookup)) {
			ask(dns, lookup);
			continue;
		}
		finish(dns, lookup, lookup->named ? DNS_ok : lookup->status, !dns->cancelling);
		dns->idle[dns->idle_count++] = lookup;
	}
	while (!dns->cancelling && dns->idle_count && dns->head < dns->tail &&
	    dns->ready_count < dns->settings.parallel) {
		struct lookup *lookup = dns->idle[--dns->idle_count];

		*lookup = (struct lookup){.dns = dns, .entry = dns->queue[dns->head++]};
		dns->stats.asked++;
		ask(dns, lookup);
	}
	if (dns->head == dns->tail)
		dns->head = dns->tail = 0;
}

static bool
is_busy(const struct dns *dns)
{
	return dns->idle_count < dns->settings.parallel || dns->head < dns->tail;
}

int
dns_fd(const struct dns *dns)
{
	return dns_channel_fd(dns->channel);
}

int
dns_wait_msec(const struct dns *dns)
{
	if (dns->ready_count || (dns->idle_count && dns->head < dns->tail))
		return 0;
	return dns_channel_wait_msec(dns->channel);
}

/* Waits up to MSEC, then handles what there is. */
static int
turn(struct dns *dns, int msec, struct err *err)
{
	int failed;

	advance(dns);
	if (dns->ready_count)
		msec = 0;
	failed = dns_channel_process(dns->channel, msec, err);
	advance(dns);
	return failed;
}

int
dns_process(struct dns *dns, struct err *err)
{
	return turn(dns, 0, err);
}

void
dns_cancel(struct dns *dns)
{
	dns->cancelling = true;
	dns_channel_cancel(dns->channel);
	advance(dns);
	while (dns->head < dns->tail) {
		struct lookup never = {.dns = dns, .entry = dns->queue[dns->head++]};

		finish(dns, &never, DNS_timeout, false);
	}
	dns->head = dns->tail = 0;
	dns->cancelling = false;
}

int
dns_run(struct dns *dns, struct err *err)
{
	int64_t deadline = dns->settings.deadline_usec;
	int64_t end = deadline ? now_monotonic() + deadline : INT64_MAX;

	advance(dns);
	while (is_busy(dns)) {
		int wait = dns_wait_msec(dns);
		int64_t left = deadline ? end - now_monotonic() : INT64_MAX;

		if (left <= 0) {
			dns_cancel(dns);
			break;
		}
		left = deadline ? (left + 999) / 1000 : INT64_MAX;
		if (wait < 0 || wait > left)
			wait = left > 1000 ? 1000 : (int)left;
		if (turn(dns, wait, err) < 0) {
			dns_cancel(dns);
			return -1;
		}
	}
	return 0;
}

struct dns_stats
dns_stats(const struct dns *dns)
{
	struct dns_stats stats = dns->stats;

	stats.evicted = dns->cache.evicted;
	return stats;
}

void
dns_keep(struct dns *dns, int64_t usec)
{
	dns->keep = usec;
}

/* Is an answer of WHEN that is good until EXPIRES of use? One that was never kept is not. */
static bool
is_kept(const struct dns *dns, int64_t when, int64_t expires)
{
	int64_t now = dns->settings.clock();

	return expires > when && (expires > now || when > now - dns->keep);
}

void
dns_walk(const struct dns *dns, dns_each *each, void *context)
{
	const struct dns_entry *entries = dns->cache.entries;
	struct dns_answer answer;

	for (uint32_t i = dns->cache.oldest; i != DNS_NO_ENTRY; i = entries[i].newer)
		if (is_kept(dns, entries[i].when, entries[i].expires)) {
			dns_cache_answer(&dns->cache, i, &answer);
			each(context, &answer);
		}
}

void
dns_learn(struct dns *dns, const struct dns_answer *answer)
{
	int64_t now = dns->settings.clock(), most = dns->settings.good_most_usec;
	struct dns_answer bounded = *answer;
	uint32_t entry;

	if (answer->expires > answer->when + most)
		bounded.expires = answer->when + most;
	if (answer->when > now || !is_kept(dns, answer->when, bounded.expires))
		return;
	entry = dns_cache_get(&dns->cache, &answer->ip);
	if (entry == DNS_NO_ENTRY || dns->cache.entries[entry].waiting ||
	    (dns->cache.entries[entry].answered &&
	        dns->cache.entries[entry].when >= answer->when))
		return;
	dns_cache_put(&dns->cache, entry, &bounded);
}
