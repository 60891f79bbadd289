/* SPDX-License-Identifier: Apache-2.0
 *
 * genlog: writes a Postfix log of any length to stdout and what is in it, as
 * JSON, to a file: the same log for the same seed, streaming, in the memory of
 * what is distinct. Clients, addresses and domains keep being new, ever more
 * rarely, as in real logs (Heaps' law); --fresh N stops that after N lines.
 *
 *   genlog [--lines N] [--seed N] [--rfc3339] [--clients N] [--fresh N] [--truth FILE]
 */
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Settings. */
static uint64_t lines_wanted = 1000000, fresh_lines = UINT64_MAX, clients_most = UINT64_MAX;
static bool rfc3339;

/* ---- chance ---------------------------------------------------------------------------- */

static uint64_t chance_state = 1;

/* One step of SplitMix64 (Steele, Lea, Flood: Fast Splittable PRNGs, 2014). */
static uint64_t
mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint64_t
chance(void)
{
	chance_state += 0x9e3779b97f4a7c15u;
	return mix(chance_state);
}

static uint32_t
below(uint32_t n)
{
	return (uint32_t)(chance() % n);
}

static bool
percent(uint32_t p)
{
	return below(100) < p;
}

/* 0 .. n-1, small ones far more often: log-uniform, near to Zipf. */
static uint32_t
popular(uint32_t n)
{
	double u = (double)(chance() >> 11) * 0x1p-53;
	uint32_t rank = (uint32_t)(exp(u * log((double)n + 1)) - 1);

	return rank < n ? rank : n - 1;
}

/* ---- things that have names ---------------------------------------------------------------- */

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

static struct pool clients = {.per_million = 23700, .growth = 0.715};
static struct pool remotes = {.per_million = 90000, .growth = 0.786};
static struct pool guesses = {.per_million = 24000, .growth = 0.75};
static struct pool locals = {.per_million = 6000, .growth = 0.4};
static struct pool logins = {.per_million = 3000, .growth = 0.6};
static struct pool domains = {.per_million = 9700, .growth = 0.685};

static uint32_t *remote_domain; /* by number of the remote address */
static uint64_t *domain_deliveries, *local_deliveries; /* local: by hosted domain */
static uint64_t lines_done;

#define HOSTED 24 /* domains of our own users */

static void *
grow(void *p, uint64_t n, size_t size)
{
	p = realloc(p, (size_t)n * size);
	if (!p) {
		fprintf(stderr, "genlog: out of memory\n");
		exit(1);
	}
	return p;
}

static void
pool_extend(struct pool *pool)
{
	uint32_t room = pool->room ? pool->room * 2 : 4096;

	pool->seen = grow(pool->seen, room, 1);
	memset(pool->seen + pool->room, 0, room - pool->room);
	if (pool == &remotes)
		remote_domain = grow(remote_domain, room, sizeof(*remote_domain));
	if (pool == &domains) {
		domain_deliveries = grow(domain_deliveries, room, sizeof(*domain_deliveries));
		memset(domain_deliveries + pool->room, 0,
		    (room - pool->room) * sizeof(*domain_deliveries));
	}
	pool->room = room;
}

/* An old one, or a new one when it is time. */
static uint32_t
draw(struct pool *pool)
{
	uint64_t at = lines_done < fresh_lines ? lines_done : fresh_lines;
	double due = pool->per_million * pow((double)(at + 100) * 1e-6, pool->growth);
	bool full = pool == &clients && pool->count >= clients_most;

	if (pool->count > 0 && (full || pool->count >= due))
		return popular(pool->count);
	if (pool->count == pool->room)
		pool_extend(pool);
	pool->count++;
	if (pool == &remotes)
		remote_domain[pool->count - 1] = draw(&domains);
	return pool->count - 1;
}

static void
seen(struct pool *pool, uint32_t number)
{
	if (!pool->seen[number])
		pool->written++;
	pool->seen[number] = 1;
}

struct name {
	char text[128];
};

static __attribute__((format(printf, 1, 2))) struct name
name(const char *format, ...)
{
	struct name n;
	va_list args;

	va_start(args, format);
	vsnprintf(n.text, sizeof(n.text), format, args);
	va_end(args);
	return n;
}

/* A word that can be spoken, different for each NUMBER. */
static struct name
word(uint32_t number, uint64_t salt)
{
	static const char syllables[32][4] = {"ba", "den", "ki", "lor", "ma", "nes", "po", "ril",
	    "sa", "ten", "vu", "wil", "xa", "yor", "zi", "bru", "cal", "do", "fen", "gi", "hol",
	    "ja", "kem", "li", "mor", "nu", "pra", "que", "ros", "sti", "tu", "vel"};
	uint64_t h = mix(number ^ salt << 40);

	return name("%s%s%s%" PRIx32, syllables[h & 31], syllables[h >> 5 & 31],
	    h >> 15 & 1 ? syllables[h >> 10 & 31] : "", number);
}

/* The first 2^17 clients of IPv4 fill 198.18.0.0/15; a sixth and all later ones have IPv6. */
static struct name
client_ip(uint32_t client)
{
	uint32_t low = client * 0x9e35u & 0x1ffff;
	uint64_t h = mix(client + 7);

	if (client % 6 == 5 || client >= 1u << 17)
		return name("2001:db8:%x:%x::%x:%x", (unsigned)(h & 0xfff) + 1,
		    (unsigned)(h >> 12 & 0xff) + 1, (client >> 16) + 1, (client & 0xffff) + 1);
	return name("198.%u.%u.%u", 18 + (low >> 16), low >> 8 & 255, low & 255);
}

static struct name
client_name(uint32_t client)
{
	if (client % 5 < 2)
		return name("unknown");
	return name("%s.net%" PRIu32 ".example", word(client, 1).text, client % 61);
}

static struct name
domain_name(uint32_t domain)
{
	return name("%s.example", word(domain, 2).text);
}

static struct name
hosted_name(uint32_t hosted)
{
	return name("hosted%" PRIu32 ".test", hosted);
}

static struct name
remote_address(uint32_t remote)
{
	return name("%s@%s", word(remote, 3).text, domain_name(remote_domain[remote]).text);
}

static struct name
local_address(uint32_t local)
{
	return name("%s@%s", word(local, 4).text, hosted_name(local % HOSTED).text);
}

/* Nobody's: it is guessed. */
static struct name
guessed_address(uint32_t guess)
{
	return name("%s@%s", word(guess, 7).text, hosted_name(guess % HOSTED).text);
}

static struct name
login_name(uint32_t login)
{
	if (login % 2)
		return name("%s@%s", word(login, 5).text, hosted_name(login % HOSTED).text);
	return word(login, 5);
}

/* ---- lines ----------------------------------------------------------------------------------- */

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

static const char *const kind_names[] = {
#define K(name) #name,
    KINDS(K)
#undef K
};

static const char *const statuses[] = {"sent", "deferred", "bounced"};
static const int codes[] = {450, 550, 554, 504};

static uint64_t kind_counts[KIND_COUNT], status_counts[3], code_counts[4], ps_code_counts[2];

static int64_t now_usec = INT64_C(1767225600) * 1000000; /* 2026-01-01 00:00:00 UTC */

static const char *
stamp(void)
{
	static char text[40];
	static int64_t second = -1;
	time_t t = (time_t)(now_usec / 1000000);
	struct tm tm;

	if (rfc3339 || second != t) {
		second = t;
		gmtime_r(&t, &tm);
		strftime(text, sizeof(text), rfc3339 ? "%Y-%m-%dT%H:%M:%S" : "%b %e %H:%M:%S", &tm);
		if (rfc3339)
			snprintf(text + 19, sizeof(text) - 19, ".%06d+00:00",
			    (int)(now_usec % 1000000));
	}
	return text;
}

/* One line of KIND by DAEMON; the mean of 30 days for 10 million lines passes. */
static __attribute__((format(printf, 4, 5))) void
line(enum kind kind, const char *daemon, uint32_t pid, const char *format, ...)
{
	va_list args;

	now_usec += below(518400);
	printf("%s mx1 postfix/%s[%" PRIu32 "]: ", stamp(), daemon, pid);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	kind_counts[kind]++;
	lines_done++;
}

/* Clients served at once. */
#define SLOTS 48

/* ---- sessions ---------------------------------------------------------------------------------- */

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

static uint64_t messages_done;

static void
plan(struct session *session, step *what)
{
	if (session->planned < STEPS)
		session->steps[session->planned++] = what;
}

/* "name[ip]" of the session's client, which is now in the log. */
static struct name
peer(const struct session *session)
{
	seen(&clients, session->client);
	return name("%s[%s]", client_name(session->client).text, client_ip(session->client).text);
}

static struct name
ps_peer(const struct session *session)
{
	seen(&clients, session->client);
	return name("[%s]:%" PRIu32, client_ip(session->client).text, session->port);
}

static void
ps_connect(struct session *s)
{
	line(KIND_ps_connect, "postscreen", 801, "CONNECT from %s to [203.0.113.1]:25",
	    ps_peer(s).text);
}

static void
ps_pass_old(struct session *s)
{
	line(KIND_ps_pass, "postscreen", 801, "PASS OLD %s", ps_peer(s).text);
}

static void
ps_pass_new(struct session *s)
{
	line(KIND_ps_pass, "postscreen", 801, "PASS NEW %s", ps_peer(s).text);
}

static void
ps_allow(struct session *s)
{
	line(KIND_ps_list, "postscreen", 801, "ALLOWLISTED %s", ps_peer(s).text);
}

static void
ps_pregreet(struct session *s)
{
	line(KIND_ps_pregreet, "postscreen", 801, "PREGREET 14 after 0.%02" PRIu32 " from %s: %s",
	    below(100), ps_peer(s).text, "EHLO ylmf-pc\\r\\n");
}

static void
ps_hangup(struct session *s)
{
	line(KIND_ps_hangup, "postscreen", 801,
	    "HANGUP after 0.%02" PRIu32 " from %s in tests before SMTP handshake", below(100),
	    ps_peer(s).text);
}

static void
ps_dnsbl(struct session *s)
{
	line(KIND_ps_dnsbl, "postscreen", 801, "DNSBL rank %" PRIu32 " for %s", 3 + below(6),
	    ps_peer(s).text);
}

static void
dnsbl_hit(struct session *s)
{
	seen(&clients, s->client);
	line(KIND_dnsbl_hit, "dnsblog", 810 + s->slot, "addr %s listed by domain bl%" PRIu32
	    ".test as 127.0.0.%" PRIu32, client_ip(s->client).text, below(4), 2 + below(9));
}

static void
ps_refuse(struct session *s, int code, const char *why)
{
	ps_code_counts[code == 550]++;
	seen(&remotes, s->sender);
	line(KIND_ps_reject, "postscreen", 801, "NOQUEUE: reject: RCPT from %s: %d %s; from=<%s>, "
	    "to=<%s>, proto=ESMTP, helo=<%s>", ps_peer(s).text, code, why,
	    remote_address(s->sender).text, local_address(draw(&locals)).text,
	    client_name(s->client).text);
}

static void
ps_refuse_dnsbl(struct session *s)
{
	ps_refuse(s, 550, name("5.7.1 Service unavailable; client [%s] blocked using bl0.test",
	    client_ip(s->client).text).text);
}

static void
ps_refuse_new(struct session *s)
{
	ps_refuse(s, 450, "4.3.2 Service currently unavailable");
}

static void
ps_disconnect(struct session *s)
{
	line(KIND_ps_disconnect, "postscreen", 801, "DISCONNECT %s", ps_peer(s).text);
}

static const char *
smtpd(const struct session *s)
{
	return s->authenticated || s->failures ? "submission/smtpd" : "smtpd";
}

static void
smtpd_rdns(struct session *s)
{
	line(KIND_rdns_mismatch, smtpd(s), s->pid,
	    "warning: hostname %s.net0.example does not resolve to address %s",
	    word(s->client, 6).text, client_ip(s->client).text);
}

static void
smtpd_connect(struct session *s)
{
	line(KIND_connect, smtpd(s), s->pid, "connect from %s", peer(s).text);
}

static void
smtpd_tls(struct session *s)
{
	line(KIND_tls, smtpd(s), s->pid,
	    "Anonymous TLS connection established from %s: TLSv1.3 with cipher "
	    "TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature "
	    "RSA-PSS (2048 bits) server-digest SHA256", peer(s).text);
}

static void
smtpd_auth_failure(struct session *s)
{
	uint32_t login = draw(&logins);

	seen(&logins, login);
	line(KIND_auth_failure, smtpd(s), s->pid,
	    "warning: %s: SASL %s authentication failed: (reason unavailable), sasl_username=%s",
	    peer(s).text, percent(70) ? "LOGIN" : "PLAIN", login_name(login).text);
}

/* Somebody who is not there, a domain that is not ours, a sender and a HELO that cannot be. */
enum refusal { NO_SENDER, NO_USER, NO_RELAY, NO_HELO };

static void
smtpd_refuse(struct session *s)
{
	static const struct {
		const char *before, *after;
	} texts[] = {
	    {"4.1.8 <", ">: Sender address rejected: Domain not found"},
	    {"5.1.1 <", ">: Recipient address rejected: User unknown in virtual mailbox table"},
	    {"5.7.1 <", ">: Relay access denied"},
	    {"5.5.2 <", ">: Helo command rejected: need fully-qualified hostname"},
	};
	enum refusal which = percent(60) ? NO_USER : below(4);
	struct name from = remote_address(s->sender), to, helo = client_name(s->client);

	if (which == NO_USER)
		to = guessed_address(draw(&guesses));
	else
		to = which == NO_RELAY ? remote_address(draw(&remotes))
		    : local_address(draw(&locals));
	if (which == NO_HELO)
		helo = name("pc%" PRIu32, s->client % 900);
	code_counts[which]++;
	line(KIND_policy, smtpd(s), s->pid, "NOQUEUE: reject: RCPT from %s: %d %s%s%s; from=<%s> "
	    "to=<%s> proto=ESMTP helo=<%s>", peer(s).text, codes[which], texts[which].before,
	    which == NO_SENDER ? from.text : which == NO_HELO ? helo.text : to.text,
	    texts[which].after, from.text, to.text, helo.text);
}

static void
smtpd_lost(struct session *s)
{
	line(KIND_abort, smtpd(s), s->pid, "lost connection after %s from %s",
	    s->failures ? "AUTH" : "RCPT", peer(s).text);
}

static void
smtpd_disconnect(struct session *s)
{
	uint32_t mails = s->messages + (s->refusals > 0), rcpts = s->recipients + s->refusals;
	uint32_t good = 1 + s->messages * 2 + mails - s->messages + s->recipients + !s->lost;
	char text[160] = "";
	size_t n = 0;

	n += (size_t)snprintf(text + n, sizeof(text) - n, " ehlo=1");
	if (s->failures)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " auth=0/%" PRIu32, s->failures);
	if (mails)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " mail=%" PRIu32, mails);
	if (s->refusals)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " rcpt=%" PRIu32 "/%" PRIu32,
		    s->recipients, rcpts);
	else if (rcpts)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " rcpt=%" PRIu32, rcpts);
	if (s->messages)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " data=%" PRIu32, s->messages);
	if (!s->lost)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " quit=1");
	if (s->refusals + s->failures)
		snprintf(text + n, sizeof(text) - n, " commands=%" PRIu32 "/%" PRIu32, good,
		    good + s->refusals + s->failures);
	else
		snprintf(text + n, sizeof(text) - n, " commands=%" PRIu32, good);
	line(KIND_disconnect, smtpd(s), s->pid, "disconnect from %s%s", peer(s).text, text);
}

/* ---- messages ------------------------------------------------------------------------------------ */

/* A queue id that no other message of the log has. */
static void
new_message(struct session *s)
{
	static uint32_t number;

	snprintf(s->qid, sizeof(s->qid), "%05X%06" PRIX32, (unsigned)(now_usec % 1000000), ++number);
	s->arrival = now_usec;
	s->next_recipient = 0;
	s->size = 900 + below(4000) * below(60);
}

static struct name
sender(const struct session *s)
{
	return s->outgoing ? local_address(s->sender) : remote_address(s->sender);
}

static void
accept_message(struct session *s)
{
	new_message(s);
	s->messages++;
	if (s->authenticated) {
		seen(&logins, s->login);
		line(KIND_accept, smtpd(s), s->pid,
		    "%s: client=%s, sasl_method=PLAIN, sasl_username=%s", s->qid, peer(s).text,
		    login_name(s->login).text);
	} else {
		line(KIND_accept, smtpd(s), s->pid, "%s: client=%s", s->qid, peer(s).text);
	}
}

static void
pickup(struct session *s)
{
	new_message(s);
	line(KIND_submitted, "pickup", 802, "%s: uid=%" PRIu32 " from=<%s>", s->qid, 1000 + below(20),
	    sender(s).text);
}

static void
message_id(struct session *s)
{
	line(KIND_message_id, "cleanup", 900 + s->slot, "%s: message-id=<%016" PRIx64 "@%s>", s->qid,
	    chance(), strchr(sender(s).text, '@') + 1);
}

static void
active(struct session *s)
{
	line(KIND_queued, "qmgr", 803, "%s: from=<%s>, size=%" PRIu32 ", nrcpt=%" PRIu32
	    " (queue active)", s->qid, sender(s).text, s->size, s->recipients);
}

/* "delay=D, delays=a/b/c/d" with two significant digits, as Postfix prints them. */
static struct name
delays(const struct session *s)
{
	double queued = (double)(now_usec - s->arrival) * 1e-6, transmit = 0.01 * (1 + below(99));
	double total = queued + transmit;

	return name("delay=%.*f, delays=%.*f/0.01/%s/%.2g", total < 10, total, queued < 10, queued,
	    s->outgoing ? "0.12" : "0", transmit);
}

static struct name
count_recipient(const struct session *s, uint32_t recipient, unsigned status)
{
	status_counts[status]++;
	if (s->outgoing) {
		seen(&remotes, recipient);
		domain_deliveries[remote_domain[recipient]]++;
		return remote_address(recipient);
	}
	seen(&locals, recipient);
	local_deliveries[recipient % HOSTED]++;
	return local_address(recipient);
}

static void
deliver(struct session *s)
{
	uint32_t recipient = s->recipient[s->next_recipient++ % RECIPIENTS];
	unsigned status = s->retry ? 1 : s->outgoing && percent(4) ? 2 : 0;
	struct name to = count_recipient(s, recipient, status);
	uint32_t pid = 1000 + s->slot;

	if (!s->outgoing) {
		line(KIND_delivery, percent(90) ? "virtual" : "local", pid,
		    "%s: to=<%s>, relay=virtual, %s, dsn=2.0.0, status=sent (delivered to maildir)",
		    s->qid, to.text, delays(s).text);
		return;
	}
	const char *host = strchr(to.text, '@') + 1;
	static const char *const dsn[] = {"2.0.0", "4.4.1", "5.1.1"};
	static const char *const reply[] = {"250 2.0.0 Ok: queued as 4Xz7q", "host said: 451 4.4.1 "
	    "try again later (in reply to RCPT TO command)", "host said: 550 5.1.1 no such user "
	    "here (in reply to RCPT TO command)"};

	line(KIND_delivery, "smtp", pid, "%s: to=<%s>, relay=mx.%s[192.0.2.%" PRIu32 "]:25, %s, "
	    "dsn=%s, status=%s (%s)", s->qid, to.text, host,
	    1 + remote_domain[recipient] % 250, delays(s).text, dsn[status],
	    statuses[status], reply[status]);
}

/* The tries that failed are over: the next ones arrive. */
static void
retry(struct session *s)
{
	s->retry = false;
	s->next_recipient = 0;
	active(s);
}

static void
notify(struct session *s)
{
	line(KIND_bounce_link, "bounce", 804, "%s: sender delivery status notification: %05X%06X",
	    s->qid, below(1 << 20), below(1 << 24));
}

static void
removed(struct session *s)
{
	messages_done++;
	line(KIND_removed, "qmgr", 803, "%s: removed", s->qid);
}

static void
statistics(struct session *s)
{
	seen(&clients, s->client);
	line(KIND_rate_stat, "anvil", 805, "statistics: max connection rate %" PRIu32 "/60s for "
	    "(smtp:%s) at Jan  1 00:00:00", 1 + below(20), client_ip(s->client).text);
}

/* ---- what happens to a mail server ------------------------------------------------------------------ */

static void
plan_message(struct session *s, step *arrives)
{
	s->recipients = below(100) < 80 ? 1 : 2 + below(RECIPIENTS - 1);
	for (uint32_t i = 0; i < s->recipients; i++)
		s->recipient[i] = draw(s->outgoing ? &remotes : &locals);
	plan(s, arrives);
	plan(s, message_id);
	plan(s, active);
	s->retry = s->outgoing && percent(6);
	if (s->retry) {
		for (uint32_t i = 0; i < s->recipients; i++)
			plan(s, deliver);
		plan(s, retry);
	}
	for (uint32_t i = 0; i < s->recipients; i++)
		plan(s, deliver);
	if (s->outgoing && percent(3))
		plan(s, notify);
	plan(s, removed);
}

static void
plan_spammer(struct session *s)
{
	plan(s, ps_connect);
	for (uint32_t i = below(3); i > 0; i--)
		plan(s, dnsbl_hit);
	if (percent(40))
		plan(s, ps_pregreet);
	plan(s, ps_dnsbl);
	if (percent(70))
		plan(s, ps_refuse_dnsbl);
	plan(s, percent(15) ? ps_hangup : ps_disconnect);
}

static void
plan_newcomer(struct session *s)
{
	plan(s, ps_connect);
	if (percent(50)) {
		plan(s, ps_refuse_new);
		plan(s, ps_pass_new);
		plan(s, ps_disconnect);
	} else {
		plan(s, ps_hangup);
		plan(s, ps_disconnect);
	}
}

static void
plan_known(struct session *s)
{
	plan(s, ps_connect);
	plan(s, percent(10) ? ps_allow : ps_pass_old);
	if (percent(8))
		plan(s, smtpd_rdns);
	plan(s, smtpd_connect);
	if (percent(75))
		plan(s, smtpd_tls);
}

static void
plan_incoming(struct session *s)
{
	plan_known(s);
	plan_message(s, accept_message);
	plan(s, smtpd_disconnect);
}

static void
plan_refused(struct session *s)
{
	plan_known(s);
	s->refusals = 1 + below(3);
	for (uint32_t i = 0; i < s->refusals; i++)
		plan(s, smtpd_refuse);
	s->lost = percent(20);
	if (s->lost)
		plan(s, smtpd_lost);
	plan(s, smtpd_disconnect);
}

static void
plan_guesser(struct session *s)
{
	s->failures = 1 + below(3);
	plan(s, smtpd_connect);
	for (uint32_t i = 0; i < s->failures; i++)
		plan(s, smtpd_auth_failure);
	s->lost = percent(60);
	if (s->lost)
		plan(s, smtpd_lost);
	plan(s, smtpd_disconnect);
}

static void
plan_submission(struct session *s)
{
	s->authenticated = s->outgoing = true;
	s->login = draw(&logins);
	s->sender = draw(&locals);
	plan(s, smtpd_connect);
	plan(s, smtpd_tls);
	plan_message(s, accept_message);
	plan(s, smtpd_disconnect);
}

static void
plan_local(struct session *s)
{
	s->outgoing = true;
	s->sender = draw(&locals);
	plan_message(s, pickup);
}

static void
plan_statistics(struct session *s)
{
	plan(s, statistics);
}

static const struct {
	uint32_t weight;
	void (*plan)(struct session *session);
} happenings[] = {
    {20, plan_spammer},
    {10, plan_newcomer},
    {32, plan_incoming},
    {13, plan_refused},
    {14, plan_guesser},
    {8, plan_submission},
    {1, plan_local},
    {2, plan_statistics},
};

/* A server process takes 100 clients (Postfix's max_use), then another takes its place. */
static uint32_t
process_of(uint32_t slot)
{
	static uint32_t pid[SLOTS], used[SLOTS], last = 2000;

	if (used[slot] == 0)
		pid[slot] = last++;
	used[slot] = (used[slot] + 1) % 100;
	return pid[slot];
}

static void
begin(struct session *s, uint32_t slot)
{
	uint32_t at = below(100);

	*s = (struct session){.slot = slot};
	s->client = draw(&clients);
	s->sender = draw(&remotes);
	s->port = 1024 + below(64000);
	s->pid = process_of(slot);
	for (size_t i = 0; i < sizeof(happenings) / sizeof(*happenings); i++) {
		if (at < happenings[i].weight) {
			happenings[i].plan(s);
			return;
		}
		at -= happenings[i].weight;
	}
}

/* ---- truth ------------------------------------------------------------------------------------------- */

struct tally {
	struct name domain;
	uint64_t count;
};

static int
tally_order(const void *va, const void *vb)
{
	const struct tally *a = va, *b = vb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->domain.text, b->domain.text);
}

static void
write_domains(FILE *out)
{
	struct tally *tallies = grow(NULL, domains.count + HOSTED, sizeof(*tallies));
	uint32_t n = 0;

	for (uint32_t i = 0; i < domains.count; i++)
		tallies[n++] = (struct tally){domain_name(i), domain_deliveries[i]};
	for (uint32_t i = 0; i < HOSTED; i++)
		tallies[n++] = (struct tally){hosted_name(i), local_deliveries[i]};
	qsort(tallies, n, sizeof(*tallies), tally_order);
	fprintf(out, " \"recipient_domains\": [");
	for (uint32_t i = 0; i < n && i < 10; i++)
		fprintf(out, "%s[\"%s\", %" PRIu64 "]", i ? ", " : "", tallies[i].domain.text,
		    tallies[i].count);
	fprintf(out, "],\n");
	free(tallies);
}

static void
write_truth(FILE *out)
{
	const char *separator = "";

	fprintf(out, "{\n \"lines\": %" PRIu64 ",\n \"kinds\": {", lines_done);
	for (unsigned i = 0; i < KIND_COUNT; i++, separator = ", ")
		fprintf(out, "%s\"%s\": %" PRIu64, separator, kind_names[i], kind_counts[i]);
	fprintf(out, "},\n \"statuses\": {");
	for (unsigned i = 0; i < 3; i++)
		fprintf(out, "%s\"%s\": %" PRIu64, i ? ", " : "", statuses[i], status_counts[i]);
	fprintf(out, "},\n \"reject_codes\": {");
	for (unsigned i = 0; i < 4; i++)
		fprintf(out, "%s\"%d\": %" PRIu64, i ? ", " : "", codes[i], code_counts[i]);
	fprintf(out, "},\n \"postscreen_codes\": {\"450\": %" PRIu64 ", \"550\": %" PRIu64 "},\n",
	    ps_code_counts[0], ps_code_counts[1]);
	write_domains(out);
	fprintf(out, " \"messages\": %" PRIu64 ",\n \"distinct\": {\"clients\": %" PRIu64
	    ", \"logins\": %" PRIu64 "}\n}\n", messages_done, clients.written, logins.written);
}

/* ---- main -------------------------------------------------------------------------------------------- */

static const struct option options[] = {
    {"lines",   required_argument, NULL, 'n'},
    {"seed",    required_argument, NULL, 's'},
    {"clients", required_argument, NULL, 'c'},
    {"fresh",   required_argument, NULL, 'f'},
    {"truth",   required_argument, NULL, 't'},
    {"rfc3339", no_argument,       NULL, 'r'},
    {NULL,      0,                 NULL, 0  },
};

static void
generate(void)
{
	static struct session sessions[SLOTS];

	local_deliveries = grow(NULL, HOSTED, sizeof(*local_deliveries));
	memset(local_deliveries, 0, HOSTED * sizeof(*local_deliveries));
	for (uint32_t i = 0; i < SLOTS; i++)
		begin(&sessions[i], i);
	while (lines_done < lines_wanted) {
		struct session *s = &sessions[below(SLOTS)];

		s->steps[s->done++](s);
		if (s->done == s->planned)
			begin(s, s->slot);
	}
}

int
main(int argc, char **argv)
{
	FILE *truth = stderr;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'n': lines_wanted = strtoull(optarg, NULL, 10); break;
		case 's': chance_state = strtoull(optarg, NULL, 10); break;
		case 'c': clients_most = strtoull(optarg, NULL, 10); break;
		case 'f': fresh_lines = strtoull(optarg, NULL, 10); break;
		case 'r': rfc3339 = true; break;
		case 't':
			truth = fopen(optarg, "w");
			if (!truth) {
				perror(optarg);
				return 1;
			}
			break;
		default: return 2;
		}
	}
	generate();
	write_truth(truth);
	if (fflush(stdout) != 0 || ferror(stdout) || fclose(truth) != 0) {
		perror("genlog");
		return 1;
	}
	return 0;
}
