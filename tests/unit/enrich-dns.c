/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of addresses, asked of a real server on loopback: 20,000 at once with every
 * kind of answer, the deadline, dead servers, what is remembered and for how long.
 */
#include "base/civil.h"
#include "base/hash.h"
#include "enrich/enrich.h"
#include "responder.h"
#include "tap.h"

#define MANY 20000u

static struct responder server;
static int64_t now = INT64_C(1767225600000000);

static int64_t
test_clock(void)
{
	return now;
}

static struct ip
number_ip(unsigned n)
{
	struct ip ip = {.family = 4};

	ip.byte[0] = 198;
	ip.byte[1] = (uint8_t)(18 + (n >> 16));
	ip.byte[2] = (uint8_t)(n >> 8);
	ip.byte[3] = (uint8_t)n;
	return ip;
}

static void
add_numbers(struct dns *dns, unsigned from, unsigned to)
{
	for (unsigned n = from; n < to; n++) {
		struct ip ip = number_ip(n);

		dns_add(dns, &ip);
	}
}

static struct ip
text_ip(const char *text)
{
	struct ip ip = {0};

	ip_parse(str_of(text), &ip);
	return ip;
}

static struct dns_settings
settings_of(uint16_t port, char at[32])
{
	snprintf(at, 32, "127.0.0.1:%u", port);
	return (struct dns_settings){.servers = at, .confirm = true,
	    .try_usec = USEC_PER_SEC / 2, .clock = test_clock};
}

static struct dns *
start(const struct dns_settings *settings, dns_each *each, void *context)
{
	struct dns *dns = NULL;
	struct err err;

	if (dns_new(settings, each, context, &dns, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	return dns;
}

static void
run(struct dns *dns)
{
	struct err err;

	if (dns_run(dns, &err) < 0)
		printf("# %s\n", err.text);
}

static int64_t
elapsed_usec(const struct timespec *from)
{
	struct timespec to;

	clock_gettime(CLOCK_MONOTONIC, &to);
	return (int64_t)(to.tv_sec - from->tv_sec) * USEC_PER_SEC +
	    (to.tv_nsec - from->tv_nsec) / 1000;
}

static struct dns_answer
answer_of(const struct dns *dns, struct ip ip)
{
	struct dns_answer answer = {.status = DNS_STATUS_COUNT};

	dns_find(dns, &ip, &answer);
	return answer;
}

static void
count_answer(void *context, const struct dns_answer *answer)
{
	(void)answer;
	++*(unsigned *)context;
}

/* The status that the responder's KIND must come to. */
static enum dns_status
status_wanted(char kind)
{
	switch (kind) {
	case '.':
		return DNS_timeout;
	case 'g':
	case 'S':
		return DNS_servfail;
	case 'N':
		return DNS_nxdomain;
	case 'D':
	case 'b':
		return DNS_nodata;
	case 'R':
		return DNS_refused;
	default:
		return DNS_ok;
	}
}

static bool
answer_right(unsigned n, const struct dns_answer *answer)
{
	char kind = responder_kind(n), name[64];
	bool named = status_wanted(kind) == DNS_ok;
	unsigned confirmed = named && !strchr("mxs", kind);

	snprintf(name, sizeof(name), "%c%u.test", strchr("mxsa", kind) ? kind : 'h', n);
	if (kind == 'g' && answer->status == DNS_timeout)
		return true; /* newer c-ares waits on for a reply that can be read */
	return answer->status == status_wanted(kind) && answer->confirmed == confirmed &&
	    answer->checked == named && answer->unsure == (kind == 's') &&
	    answer->bad_names == (kind == 'b') &&
	    answer->name_count == (kind == '9' ? DNS_NAMES : named) &&
	    (!named || strcmp(answer->names[0], name) == 0);
}

static bool
is_temporary(unsigned n)
{
	return strchr(".gSRs", responder_kind(n)) != NULL;
}

static void
check_answers(const struct dns *dns, const char *what)
{
	unsigned wrong = 0;

	for (unsigned n = 0; n < MANY; n++) {
		struct dns_answer answer = answer_of(dns, number_ip(n));

		if (answer_right(n, &answer))
			continue;
		if (wrong++ < 5)
			printf("# %u (%c): %u, %u names, %u confirmed\n", n, responder_kind(n),
			    answer.status, answer.name_count, answer.confirmed);
	}
	is_number(wrong, 0, what);
}

static unsigned
add_all(struct dns *dns)
{
	unsigned waiting = 0;

	for (unsigned n = 0; n < MANY; n++) {
		struct ip ip = number_ip(n);

		waiting += dns_add(dns, &ip) == DNS_WAITING;
	}
	return waiting;
}

static void
test_statuses(const struct dns *dns)
{
	struct dns_stats stats = dns_stats(dns);
	unsigned wanted[DNS_STATUS_COUNT] = {0};

	for (unsigned n = 0; n < MANY; n++)
		wanted[status_wanted(responder_kind(n))]++;
	wanted[DNS_timeout] += answer_of(dns, number_ip(1)).status == DNS_timeout
	    ? MANY / 100 : 0;
	wanted[DNS_servfail] -= answer_of(dns, number_ip(1)).status == DNS_timeout
	    ? MANY / 100 : 0;
	for (unsigned s = 0; s < DNS_STATUS_COUNT; s++)
		is_number((int64_t)stats.status[s], wanted[s],
		    dns_status_name((enum dns_status)s));
	is_number((int64_t)stats.asked, MANY, "each was asked about once");
	is_number((int64_t)stats.bad_names, MANY / 100, "names that are none");
	is_number((int64_t)stats.unanswered, 0, "none was left");
}

static void
test_lifetimes(struct dns *dns)
{
	uint64_t queries = server.count->queries;
	unsigned temporary = 0, negative = 0, good[3] = {0};
	int64_t begun = now;

	is_number(add_all(dns), 0, "asked again at once: all known");
	run(dns);
	is_number((int64_t)(server.count->queries - queries), 0, "and no query sent");
	for (unsigned n = 0; n < MANY; n++) {
		temporary += is_temporary(n);
		negative += strchr("NDb", responder_kind(n)) != NULL;
		good[n % 3] += !is_temporary(n) && !strchr("NDb", responder_kind(n));
	}
	now = begun + 301 * USEC_PER_SEC;
	is_number(add_all(dns), temporary, "after 5 min what may have passed is asked again");
	dns_cancel(dns);
	is_number((int64_t)dns_stats(dns).unanswered, temporary, "given up");
	now = begun + 3601 * USEC_PER_SEC;
	is_number(add_all(dns), temporary + negative + good[0],
	    "after 1 h negative answers, and names of a short TTL");
	dns_cancel(dns);
	now = begun + 7201 * USEC_PER_SEC;
	is_number(add_all(dns), temporary + negative + good[0] + good[1],
	    "after the TTL of 2 h");
	dns_cancel(dns);
	now = begun + 7 * USEC_PER_DAY + 1;
	is_number(add_all(dns), MANY, "after 7 d all, whatever their TTL");
	dns_cancel(dns);
	now = begun;
}

static void
test_memory(const struct dns *dns, const struct dns_settings *settings)
{
	char path[64], folder[] = "/tmp/postern-dns-XXXXXX";
	struct dns *other = start(settings, NULL, NULL);
	unsigned fresh = 0, again = 0;
	struct err err;

	ok(mkdtemp(folder) != NULL, "a folder for the file");
	snprintf(path, sizeof(path), "%s/a/b/rdns", folder);
	is_number(dns_memory_file.load(path, other, &err), 0, "no file yet: nothing known");
	is_number(dns_memory_file.save(path, dns, &err), 0, "saved");
	is_number(dns_memory_file.load(path, other, &err), 0, "loaded");
	dns_walk(dns, count_answer, &fresh);
	dns_walk(other, count_answer, &again);
	is_number(fresh, MANY, "all were fresh");
	is_number(again, MANY, "and all came back");
	check_answers(other, "as they were");
	dns_free(other);
	now += 301 * USEC_PER_SEC;
	other = start(settings, NULL, NULL);
	dns_memory_file.load(path, other, &err);
	again = 0;
	dns_walk(other, count_answer, &again);
	ok(again < MANY && again > MANY / 2, "what has expired is left in the file");
	dns_free(other);
	other = start(settings, NULL, NULL);
	dns_keep(other, USEC_PER_HOUR);
	dns_memory_file.load(path, other, &err);
	again = 0;
	dns_walk(other, count_answer, &again);
	is_number(again, MANY, "unless it is to be kept");
	dns_free(other);
	now -= 301 * USEC_PER_SEC;
	is_number(dns_memory_file.load("/dev/null", NULL, &err), -1,
	    "a device is no such file");
	is_number(dns_memory_file.save("/dev/null/x/rdns", dns, &err), -1, "no such folder");
	unlink(path);
	for (size_t n = strlen(path); n-- > strlen(folder);)
		if (path[n] == '/') {
			path[n] = '\0';
			rmdir(path);
		}
}

static void
test_many(void)
{
	char at[32];
	struct dns_settings settings = settings_of(server.port, at);
	unsigned told = 0;
	struct dns *dns = start(&settings, count_answer, &told);
	struct ip again = number_ip(40);

	is_number(add_all(dns), MANY, "20,000 addresses are waiting");
	is_number(dns_add(dns, &again), DNS_WAITING, "one of them once more");
	run(dns);
	is_number(told, MANY, "each was answered once");
	check_answers(dns, "every answer is right");
	ok(server.count->tcp >= MANY / 100, "truncated ones were asked over TCP");
	test_statuses(dns);
	test_memory(dns, &settings);
	test_lifetimes(dns);
	dns_free(dns);
}

static void
test_deadline(void)
{
	char at[32];
	struct dns_settings settings = settings_of(server.port, at);
	struct timespec from;
	struct dns *dns;
	int64_t took;
	unsigned kept = 0;

	settings.deadline_usec = 400000;
	settings.parallel = 64;
	settings.try_usec = 5 * USEC_PER_SEC;
	dns = start(&settings, NULL, NULL);
	for (unsigned n = 0; n < 30000; n += 100) {
		struct ip ip = number_ip(n);

		dns_add(dns, &ip);
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	run(dns);
	took = elapsed_usec(&from);
	ok(took >= 400000 && took < 1500000, "the deadline ends the run (%d ms)",
	    (int)(took / 1000));
	is_number((int64_t)dns_stats(dns).unanswered, 300, "all were left without an answer");
	is_number(answer_of(dns, number_ip(100)).status, DNS_timeout, "which is a timeout");
	dns_walk(dns, count_answer, &kept);
	is_number(kept, 0, "that nobody remembers");
	dns_free(dns);
}

static void
test_dead(void)
{
	struct responder dead;
	char at[64];
	struct dns_settings settings;
	struct dns *dns;

	ok(responder_bind(&dead), "a port");
	close(dead.udp);
	close(dead.tcp);
	settings = settings_of(dead.port, at);
	dns = start(&settings, NULL, NULL);
	add_numbers(dns, 70000, 70500);
	run(dns);
	is_number((int64_t)dns_stats(dns).status[DNS_refused], 500,
	    "nobody listens: refused, not nxdomain");
	is_number((int64_t)dns_stats(dns).replies, 0, "and no reply counted");
	dns_free(dns);
	snprintf(at, sizeof(at), "127.0.0.1:%u,127.0.0.1:%u", dead.port, server.port);
	settings.servers = at;
	dns = start(&settings, NULL, NULL);
	add_numbers(dns, 70000, 70500);
	run(dns);
	is_number((int64_t)dns_stats(dns).status[DNS_ok], 500,
	    "with a second server that lives, all are answered");
	dns_free(dns);
}

static void
test_families(void)
{
	char at[32];
	struct dns_settings settings = settings_of(server.port, at);
	struct dns *dns = start(&settings, NULL, NULL);
	struct ip v6 = text_ip("2001:db8::1:5678"), mapped = text_ip("::ffff:198.19.0.9");
	struct ip elsewhere = text_ip("2001:db8::2"), no_names = text_ip("2001:db8::a");
	struct dns_answer answer;

	dns_add(dns, &v6);
	dns_add(dns, &mapped);
	dns_add(dns, &elsewhere);
	dns_add(dns, &no_names);
	run(dns);
	answer = answer_of(dns, v6);
	ok(answer.status == DNS_ok && answer.confirmed == 1 &&
	    strcmp(answer.names[0], "h87672.test") == 0, "an IPv6 address");
	ok(answer_of(dns, elsewhere).status == DNS_ok &&
	    answer_of(dns, elsewhere).confirmed == 0, "one whose name leads elsewhere");
	is_number(answer_of(dns, no_names).status, DNS_nxdomain, "one without a name");
	answer = answer_of(dns, text_ip("198.19.0.9"));
	ok(answer.status == DNS_ok && answer.confirmed == 1,
	    "a mapped address is the IPv4 one");
	dns_free(dns);
}

static void
test_cap(void)
{
	char at[32];
	struct dns_settings settings = settings_of(server.port, at);
	unsigned added[3] = {0};
	struct dns *dns;

	settings.cache_max = 100;
	settings.confirm = false;
	dns = start(&settings, NULL, NULL);
	for (unsigned n = 70000; n < 70150; n++) {
		struct ip ip = number_ip(n);

		added[dns_add(dns, &ip)]++;
	}
	is_number(added[DNS_WAITING], 100, "as many wait as there is room for");
	is_number(added[DNS_FULL], 50, "the others are told so");
	is_number((int64_t)dns_stats(dns).no_room, 50, "and counted");
	run(dns);
	ok(answer_of(dns, number_ip(70000)).status == DNS_ok &&
	    !answer_of(dns, number_ip(70000)).checked, "unconfirmed, as asked");
	add_numbers(dns, 70100, 70150);
	run(dns);
	is_number((int64_t)dns_stats(dns).evicted, 50, "the oldest answers make room");
	is_number(answer_of(dns, number_ip(70149)).status, DNS_ok, "for the new ones");
	dns_free(dns);
}

/* In somebody else's loop, new addresses coming while others are under way. */
static void
test_pieces(void)
{
	char at[32];
	struct dns_settings settings = settings_of(server.port, at);
	unsigned told = 0, n = 70000;
	struct dns *dns = start(&settings, count_answer, &told);
	struct err err;

	is_number(dns_wait_msec(dns), -1, "nothing to wait for");
	for (int turns = 0; told < 500 && turns < 100000; turns++) {
		struct pollfd wait = {.fd = dns_fd(dns), .events = POLLIN};
		struct ip ip = number_ip(n);

		if (n++ < 70500)
			dns_add(dns, &ip);
		poll(&wait, 1, dns_wait_msec(dns));
		if (dns_process(dns, &err) < 0)
			break;
	}
	is_number(told, 500, "answers in pieces");
	is_number(dns_wait_msec(dns), -1, "and nothing more to wait for");
	dns_free(dns);
}

static void
test_settings(void)
{
	static const char *const bad[] = {"", "localhost", "192.0.2.1:0", "192.0.2.1:70000",
	    "[192.0.2.1]:53", "[2001:db8::1", "192.0.2.1,", "192.0.2.1 192.0.2.2"};
	struct dns_settings settings = {0};
	static const struct {
		const char *server;
		uint16_t port;
	} ports[] = {{"192.0.2.53", 53}, {"192.0.2.53:5353", 5353}, {"2001:db8::5353", 53},
	    {"[2001:db8::53]", 53}, {"[2001:db8::53]:5353", 5353}, {"192.0.2.53:65536", 0},
	    {"192.0.2.53:", 0}, {"[192.0.2.53]:53", 0}, {"[2001:db8::53", 0}, {"", 0}};
	struct dns *dns;
	struct err err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		settings.servers = bad[i];
		ok(dns_new(&settings, NULL, NULL, &dns, &err) < 0, "no server: '%s'", bad[i]);
	}
	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++)
		is_number(dns_server_port(str_of(ports[i].server)), ports[i].port,
		    ports[i].server);
	settings.servers = "[2001:db8::1]:53,192.0.2.1,2001:db8::2";
	ok(dns_new(&settings, NULL, NULL, &dns, &err) == 0, "servers of all forms");
	dns_free(dns);
}

int
main(void)
{
	hash_init();
	if (!responder_start(&server)) {
		printf("Bail out! no server on loopback\n");
		return 1;
	}
	test_many();
	test_deadline();
	test_dead();
	test_families();
	test_cap();
	test_pieces();
	test_settings();
	responder_stop(&server);
	return tap_done();
}
