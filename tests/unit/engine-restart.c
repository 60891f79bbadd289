/* SPDX-License-Identifier: Apache-2.0
 *
 * restart: a guard that is stopped again and again bans as one that never was: the same
 * clients at the same time for as long, on the same evidence. For each shipped rule, for
 * what protects own users and wanted mail, and for rules with scores and over bans.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/hash.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "tap.h"

/* Lines between two restarts. */
#define STEP 3

/* Beside the shipped rules. */
#define RULES                                                                               \
	"[rule scored]\nmatch = attempt | ps_pregreet\nby = net(ip)\ncount = 9\n"           \
	"within = 2h\nscore = attempt & outcome=failure -> 2, ps_pregreet -> 5\nban = 1h\n" \
	"[rule ids]\nmatch = ban & seconds<86400\nby = jail\ndistinct = id\ncount = 2\n"    \
	"within = 14d\nban = 1m\n"

static char directory[] = "/tmp/engine-restart-XXXXXX";

struct line {
	int64_t time;
	size_t order;
	char *text;
};

static struct line *lines;
static size_t line_count, line_room;

/* A line of N minutes ago. */
__attribute__((format(printf, 2, 3))) static void
at(double minutes, const char *format, ...)
{
	static int64_t now;
	char text[400];
	va_list args;

	now = now ? now : (int64_t)time(NULL) * USEC_PER_SEC;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	MEM_GROW(lines, line_count, line_room);
	lines[line_count] = (struct line){.order = line_count, .text = xstrdup(text),
	    .time = now - (int64_t)(minutes * 60) * USEC_PER_SEC};
	line_count++;
}

static int
by_time(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

#define DAYS(n) ((n)*24 * 60.0)

static void
fails(double ago, const char *ip, const char *user)
{
	at(ago, "postfix/smtpd[7]: warning: unknown[%s]: SASL LOGIN authentication "
	    "failed: no, sasl_username=%s", ip, user);
}

static void
refused(double ago, const char *ip, const char *to, const char *why)
{
	at(ago, "postfix/smtpd[7]: NOQUEUE: reject: RCPT from unknown[%s]: %s; "
	    "from=<a@b.example> to=<%s> proto=ESMTP helo=<x>", ip, why, to);
}

static void
unknown_user(double ago, const char *ip, unsigned number)
{
	char to[40], why[160];

	snprintf(to, sizeof(to), "u%u@shop.test", number);
	snprintf(why, sizeof(why),
	    "550 5.1.1 <%s>: Recipient address rejected: User unknown in "
	    "local recipient table", to);
	refused(ago, ip, to, why);
}

/* A mail that comes and is delivered, all in the same second; it is told of at the next. */
static void
message(double ago, const char *ip, unsigned number)
{
	at(ago, "postfix/smtpd[7]: AA%08u: client=unknown[%s]", number, ip);
	at(ago, "postfix/qmgr[2]: AA%08u: from=<s@mail.example>, size=900, nrcpt=1 (queue "
	    "active)",
	    number);
	at(ago, "postfix/lmtp[3]: AA%08u: to=<r@shop.test>, relay=mx[private/lmtp], delay=0, "
	    "delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 ok)", number);
	at(ago, "postfix/qmgr[2]: AA%08u: removed", number);
	at(ago - 60, "postfix/smtpd[7]: BB%08u: client=unknown[192.0.2.99]", number);
}

/* What each shipped rule is for, spread over its window. */
static void
attacks(void)
{
	for (unsigned i = 0; i < 12; i++)
		fails(3000 - i, "192.0.2.1", "joe");
	for (unsigned i = 0; i < 42; i++)
		fails(DAYS(12) - i * 300, "192.0.2.2", "joe");
	for (unsigned i = 0; i < 32; i++) {
		char ip[32], user[16];

		snprintf(ip, sizeof(ip), "198.51.100.%u", i + 1);
		snprintf(user, sizeof(user), "user%u", i);
		fails(2800 - i * 3, ip, user);
		snprintf(ip, sizeof(ip), "2001:db8:0:4::%x", i % 8 + 1);
		fails(2780 - i * 3, ip, user);
		snprintf(ip, sizeof(ip), "198.18.%u.9", i);
		if (i < 12)
			fails(2600 - i * 9, ip, "stolen");
	}
	for (unsigned i = 0; i < 22; i++)
		unknown_user(2500 - i * 0.9, "192.0.2.3", i % 2);
	for (unsigned i = 0; i < 64; i++)
		unknown_user(DAYS(5) - i * 35, "192.0.2.4", i);
	for (unsigned i = 0; i < 220; i++) {
		char ip[32];

		snprintf(ip, sizeof(ip), "2001:db8:0:1::%x", i + 1);
		unknown_user(2450 - i * 0.25, ip, i);
		snprintf(ip, sizeof(ip), "2001:db8:0:2::%x", i + 1);
		if (i < 60)
			fails(2350 - i, ip, "joe");
		snprintf(ip, sizeof(ip), "2001:db8:0:3::%x", i + 1);
		if (i < 56)
			fails(DAYS(12) - i * 250, ip, "joe");
	}
	for (unsigned i = 0; i < 7; i++) {
		refused(2400 - i * 20, "192.0.2.5", "b@remote.example",
		    "554 5.7.1 <b@remote.example>: Relay access denied");
		at(2300 - i * 20, "postfix/postscreen[5]: PREGREET 8 after 0.02 from "
		    "[192.0.2.6]:99: EHLO x\\r\\n");
	}
	for (unsigned i = 0; i < 12; i++)
		at(2200 - i * 11, "postfix/postscreen[5]: DNSBL rank 5 for [192.0.2.7]:99");
	for (unsigned i = 0; i < 22; i++)
		at(2100 - i * 5,
		    "postfix/smtpd[7]: warning: Connection rate limit exceeded: 61 "
		    "from unknown[192.0.2.8] for service smtpd");
}

/* Banned on three days for three things; then once more. */
static void
comes_again(void)
{
	for (unsigned day = 0; day < 6; day++) {
		for (unsigned i = 0; i < 5 && day % 2 == 0; i++)
			fails(DAYS(13 - 2 * day) - i, "203.0.113.1", "joe");
		for (unsigned i = 0; i < 3 && day % 2; i++)
			refused(DAYS(13 - 2 * day) - i, "203.0.113.1", "b@remote.example",
			    "554 5.7.1 <b@remote.example>: Relay access denied");
	}
}

/* Of three that fail alike: an own user; one whose mail is wanted; one with four names. */
static void
protected(void)
{
	at(DAYS(25), "dovecot: imap-login: Login: user=<joe>, method=PLAIN, rip=203.0.113.65, "
	    "lip=192.0.2.250, mpid=9, TLS, session=<a>");
	at(DAYS(25), "dovecot: imap-login: Login: user=<eve>, method=PLAIN, rip=203.0.113.67, "
	    "lip=192.0.2.250, mpid=9, TLS, session=<b>");
	for (unsigned i = 0; i < 11; i++)
		message(DAYS(29) - i * 2 * 24 * 60, "203.0.113.66", i);
	for (unsigned i = 0; i < 25; i++) {
		char user[16];

		fails(1900 - i * 0.3, "203.0.113.65", "joe");
		fails(1800 - i * 0.3, "203.0.113.66", "joe");
		snprintf(user, sizeof(user), "eve%u", i % 5);
		fails(1700 - i * 0.3, "203.0.113.67", user);
	}
}

/* Nothing, but more than what a file is known by. */
static void
begin_log(void)
{
	for (unsigned i = 0; i < 60; i++)
		at(DAYS(29) + 100 - i, "postfix/smtpd[7]: connect from unknown[192.0.2.%u]",
		    100 + i);
}

static void
append(const char *path, size_t from, size_t end)
{
	FILE *log = fopen(path, "a");

	for (size_t i = from; log && i < end && i < line_count; i++) {
		char stamp[RFC3339_MAX];

		fprintf(log, "%.*s mx1 %s\n", (int)civil_rfc3339(lines[i].time, stamp), stamp,
		    lines[i].text);
	}
	if (!log || fclose(log) != 0)
		ok(false, "%s", path);
}

static void
say(void *context, enum guard_level level, const char *text)
{
	(void)context;
	if (level <= GUARD_WARNING)
		ok(false, "%s", text);
}

static void
fault(void *context, const char *text)
{
	(void)context;
	ok(false, "%s", text);
}

static void
no_facts(void *context, const struct ip *ip, struct detect_facts *ret)
{
	(void)context;
	(void)ip;
	(void)ret;
}

/* The settings of the guard NAME, and what it kept. */
struct host {
	char conf[80], url[80];
	struct settings *settings;
	struct rules rules;
};

static void
make_host(struct host *host, const char *name)
{
	FILE *conf;
	struct err err;

	snprintf(host->conf, sizeof(host->conf), "%s/%s.conf", directory, name);
	snprintf(host->url, sizeof(host->url), "sqlite:%s/%s.db", directory, name);
	conf = fopen(host->conf, "w");
	if (!conf || fprintf(conf, "[input]\nfiles = %s/log\n[store]\nurl = %s\n" RULES,
		directory, host->url) < 0 || fclose(conf) != 0 ||
	    settings_read(host->conf, fault, NULL, &host->settings, &err) < 0 ||
	    rules_make(host->settings, fault, NULL, &host->rules) != 0) {
		ok(false, "settings");
		exit(tap_done());
	}
}

static void
free_host(struct host *host)
{
	rules_done(&host->rules);
	settings_free(host->settings);
}

/* The guard of HOST reads all that there is; returns how many events. */
static uint64_t
reads(const struct host *host)
{
	struct guard_settings settings = {.settings = host->settings, .rules = &host->rules,
	    .from_start = true, .log = say, .ask = no_facts, .asked_fd = -1};
	struct guard *guard;
	uint64_t before, events;
	struct err err;

	if (guard_open(&settings, &guard, &err) < 0) {
		ok(false, "%s", err.text);
		exit(tap_done());
	}
	do {
		before = guard_stats(guard).events;
		guard_process(guard);
		events = guard_stats(guard).events;
	} while (events > before);
	guard_close(guard);
	return events;
}

struct list {
	struct ban *bans;
	size_t count, room;
	struct arena arena;
};

static bool
take_ban(void *context, const struct ban *ban)
{
	struct list *list = context;

	MEM_GROW(list->bans, list->count, list->room);
	list->bans[list->count++] = ban_copy(ban, &list->arena);
	return true;
}

static void
bans_of(const struct host *host, struct list *ret)
{
	struct store_settings settings = {.url = host->url, .read_only = true};
	struct ban_filter all = {.active_at = INT64_MIN, .since = INT64_MIN,
	    .until = INT64_MAX, .dry_run = true};
	struct store *store;
	struct err err;

	*ret = (struct list){.count = 0};
	if (store_open(&settings, &store, &err) < 0 ||
	    store_bans(store, &all, take_ban, ret, &err) < 0) {
		ok(false, "%s", err.text);
		exit(tap_done());
	}
	store_close(store);
}

static bool
same_ban(const struct ban *a, const struct ban *b)
{
	return a->id == b->id && str_eq(a->rule, b->rule) && str_eq(a->key, b->key) &&
	    a->from == b->from && a->until == b->until && a->counted == b->counted &&
	    a->threshold == b->threshold && a->since == b->since &&
	    a->offence == b->offence && a->is_protected == b->is_protected &&
	    a->evidence_count == b->evidence_count &&
	    memcmp(a->evidence, b->evidence, a->evidence_count * sizeof(*a->evidence)) == 0;
}

/* Those of RULE are alike, and there are some. */
static void
compare(const struct list *one, const struct list *other, const char *rule)
{
	size_t bans = 0, others = 0, different = 0;

	for (size_t i = 0; i < one->count; i++) {
		bool found = false;

		if (!str_eq(one->bans[i].rule, str_of(rule)))
			continue;
		bans++;
		for (size_t j = 0; j < other->count && !found; j++)
			found = same_ban(&one->bans[i], &other->bans[j]);
		if (!found && different++ == 0)
			printf("# %.*s of %lld\n", STR_ARG(one->bans[i].key),
			    (long long)one->bans[i].from);
	}
	for (size_t j = 0; j < other->count; j++)
		others += str_eq(other->bans[j].rule, str_of(rule));
	ok(bans > 0 && bans == others && different == 0, "%s: %zu bans, then %zu, %zu differ",
	    rule, bans, others, different);
}

/* What protects: the same bans, shorter and later, but not of whom it does not protect. */
static void
check_protected(const struct list *list)
{
	unsigned short_bans[3] = {0};

	for (size_t i = 0; i < list->count; i++)
		for (unsigned a = 0; a < 3; a++) {
			const struct ban *ban = &list->bans[i];
			char ip[16];

			snprintf(ip, sizeof(ip), "203.0.113.%u", 65 + a);
			short_bans[a] += str_eq(ban->key, str_of(ip)) && ban->is_protected &&
			    ban->threshold == 20;
		}
	ok(short_bans[0] == 1, "an own user is protected");
	ok(short_bans[1] == 1, "whose mail is wanted, too");
	ok(short_bans[2] == 0, "a login where many names fail does not protect");
}

int
main(void)
{
	struct host whole, stopped;
	struct list one, other;
	uint64_t events = 0;
	char log[80], command[64];
	struct err err;

	hash_init();
	zone_set("UTC", &err);
	if (!mkdtemp(directory))
		return 1;
	snprintf(log, sizeof(log), "%s/log", directory);
	make_host(&whole, "whole");
	make_host(&stopped, "stopped");
	begin_log();
	attacks();
	comes_again();
	protected();
	qsort(lines, line_count, sizeof(*lines), by_time);
	for (size_t i = 0; i < line_count; i += STEP) {
		append(log, i, i + STEP);
		if (i >= 60)
			events += reads(&stopped);
	}
	ok(reads(&whole) == events, "%llu events, %zu lines", (unsigned long long)events,
	    line_count);
	bans_of(&whole, &one);
	bans_of(&stopped, &other);
	for (size_t r = 0; r < whole.rules.count; r++)
		compare(&one, &other, whole.rules.rules[r].name);
	check_protected(&one);
	free(one.bans);
	free(other.bans);
	arena_free(&one.arena);
	arena_free(&other.arena);
	for (size_t i = 0; i < line_count; i++)
		free(lines[i].text);
	free(lines);
	free_host(&whole);
	free_host(&stopped);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command) == 0 ? tap_done() : 1;
}
