/* SPDX-License-Identifier: Apache-2.0
 *
 * event: all that can be known about one log line, as names, types and one
 * struct. The front door of the room and the data model of the program.
 *
 * One list, EVENT_FIELDS, is the enum of the fields, their names, types and
 * privacy classes: JSON, CSV, SQL columns, the filter language, the anonymizer
 * and the manual are made from it. The struct's members carry the same names.
 */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/str.h"

/*
 * Text in an event is a slice of the event's line: no copy, no allocation.
 * `id` is its number in the dictionary of the field's domain, once encoded;
 * track's derived events carry only the number (len 0). event_text() tells.
 */
struct text {
	uint16_t off, len;
	uint32_t id;
};

/* How a field is held, compared and printed. */
enum field_type {
	TYPE_TEXT,     /* struct text */
	TYPE_IP,       /* struct text; canonical when printed */
	TYPE_ENUM,     /* uint8_t, named by event_enum_name() */
	TYPE_BOOL,     /* bool */
	TYPE_INT,      /* int64_t */
	TYPE_SIZE,     /* int64_t bytes */
	TYPE_DURATION, /* int64_t microseconds, printed as seconds */
	TYPE_MILLI,    /* int64_t thousandths, printed with decimals (score) */
	TYPE_TIME,     /* int64_t microseconds since 1970 UTC */
	TYPE_ID,       /* uint64_t, printed as 16 hex digits */
};

/* Which dictionary a text field is numbered in. */
enum domain {
	DOMAIN_NONE, /* not a text */
	DOMAIN_IP,
	DOMAIN_NET,  /* networks: made by net(ip), no field of its own */
	DOMAIN_ADDRESS, /* mail addresses and login names */
	DOMAIN_NAME, /* host and domain names */
	DOMAIN_WORD, /* words daemons choose: few */
	DOMAIN_TEXT, /* the rest: only numbered when somebody asks */
	DOMAINS
};

/* What the anonymizer does with a field. */
enum privacy { PRIVACY_NONE, PRIVACY_IP, PRIVACY_ADDRESS, PRIVACY_NAME, PRIVACY_TEXT };

/* F(name, TYPE, DOMAIN, PRIVACY, help) in the order of the JSON keys. */
#define EVENT_FIELDS(F)                                                                     \
	F(id, ID, NONE, NONE, "stable identity: hash of file head, offset, ordinal")        \
	F(time, TIME, NONE, NONE, "when, as logged")                                        \
	F(host, TEXT, WORD, NAME, "host name in the log header")                            \
	F(program, TEXT, WORD, NONE, "the whole syslog tag")                                \
	F(daemon, TEXT, WORD, NONE, "last component of the tag")                            \
	F(instance, TEXT, WORD, NONE, "what stands before the daemon in the tag")           \
	F(pid, INT, NONE, NONE, "process id")                                               \
	F(kind, ENUM, NONE, NONE, "what happened")                                          \
	F(derived, BOOL, NONE, NONE, "made by tracking, not one line")                      \
	F(ip, IP, IP, IP, "client address")                                                 \
	F(port, INT, NONE, NONE, "client port")                                             \
	F(name, TEXT, NAME, NAME, "client host name as logged; never to be trusted")        \
	F(server_ip, IP, IP, IP, "our own address")                                         \
	F(server_port, INT, NONE, NONE, "our own port")                                     \
	F(qid, TEXT, TEXT, NONE, "queue id")                                                \
	F(user, TEXT, ADDRESS, ADDRESS, "login name")                                       \
	F(mechanism, TEXT, TEXT, NONE, "SASL mechanism")                                    \
	F(session, TEXT, TEXT, TEXT, "login session id; Dovecot's holds the client address") \
	F(sender, TEXT, ADDRESS, ADDRESS, "envelope sender; \"\" is the null sender")       \
	F(recipient, TEXT, ADDRESS, ADDRESS, "envelope recipient")                          \
	F(orig_recipient, TEXT, ADDRESS, ADDRESS, "recipient before rewriting")             \
	F(helo, TEXT, NAME, TEXT, "HELO/EHLO name; untrusted")                              \
	F(proto, TEXT, WORD, NONE, "SMTP, ESMTP, IMAP, ...")                                \
	F(action, TEXT, WORD, NONE, "what the daemon did, in its word")                     \
	F(stage, TEXT, WORD, NONE, "where in the dialogue")                                 \
	F(outcome, ENUM, NONE, NONE, "how an attempt or session ended")                     \
	F(code, INT, NONE, NONE, "SMTP reply code")                                         \
	F(dsn, TEXT, WORD, NONE, "enhanced status code (RFC 3463)")                         \
	F(reason, ENUM, NONE, NONE, "reason class")                                         \
	F(list, TEXT, NAME, NONE, "DNSBL zone, access list")                                \
	F(rank, INT, NONE, NONE, "postscreen DNSBL rank")                                   \
	F(text, TEXT, TEXT, TEXT, "the untrusted rest of the line")                         \
	F(size, SIZE, NONE, NONE, "message size")                                           \
	F(nrcpt, INT, NONE, NONE, "number of recipients")                                   \
	F(relay, TEXT, NAME, NAME, "next hop: host name or service")                        \
	F(relay_ip, IP, IP, IP, "next hop's address")                                       \
	F(relay_port, INT, NONE, NONE, "next hop's port")                                   \
	F(delay, DURATION, NONE, NONE, "from arrival to this try")                          \
	F(delay_before, DURATION, NONE, NONE, "before the queue manager")                   \
	F(delay_queue, DURATION, NONE, NONE, "in the queue manager")                        \
	F(delay_connect, DURATION, NONE, NONE, "connection set-up")                         \
	F(delay_transmit, DURATION, NONE, NONE, "transmission")                             \
	F(status, TEXT, WORD, NONE, "delivery status")                                      \
	F(tls, TEXT, WORD, NONE, "TLS protocol version")                                    \
	F(cipher, TEXT, WORD, NONE, "TLS cipher")                                           \
	F(next_qid, TEXT, TEXT, NONE, "queue id that this one continues as")                \
	F(orig_qid, TEXT, TEXT, NONE, "queue id of what this notification is about")        \
	F(msgid, TEXT, TEXT, ADDRESS, "Message-ID; untrusted")                              \
	F(commands, TEXT, TEXT, NONE, "disconnect's command statistics")                    \
	F(severity, ENUM, NONE, NONE, "warning, error, fatal, panic if logged")             \
	F(verdict, TEXT, WORD, NONE, "spam filter's verdict")                               \
	F(score, MILLI, NONE, NONE, "spam score")                                           \
	F(category, TEXT, WORD, NONE, "spam filter's category")                             \
	F(script, TEXT, TEXT, TEXT, "PHP script")                                           \
	F(script_line, INT, NONE, NONE, "line in the script")                               \
	F(uid, INT, NONE, NONE, "local user id")                                            \
	F(attempts, INT, NONE, NONE, "tries told by one line")                              \
	F(seconds, DURATION, NONE, NONE, "how long")                                        \
	F(bytes, SIZE, NONE, NONE, "bytes transferred")                                     \
	F(count, INT, NONE, NONE, "how often; absent means 1")                              \
	F(delivered, INT, NONE, NONE, "message: recipients it reached")                     \
	F(deferred, INT, NONE, NONE, "message: recipients still waiting")                   \
	F(bounced, INT, NONE, NONE, "message: recipients given up")                         \
	F(jail, TEXT, WORD, NONE, "fail2ban jail or rule")                                  \
	F(country, TEXT, WORD, NONE, "country of ip")                                       \
	F(asn, INT, NONE, NONE, "autonomous system of ip")                                  \
	F(aso, TEXT, NAME, NONE, "its organisation")                                        \
	F(truncated, BOOL, NONE, NONE, "the line was cut, fields may lack")                 \
	F(inferred, BOOL, NONE, NONE, "time is one of two possible")                        \
	F(open, BOOL, NONE, NONE, "not finished when the input ended")                      \
	F(judged, TIME, NONE, NONE, "when a guard read it, if its time was far ahead then") \
	F(source, TEXT, WORD, NONE, "input it was read from")                               \
	F(lineno, INT, NONE, NONE, "line number, from 1")

enum field {
#define F(name, type, domain, privacy, help) FIELD_##name,
	EVENT_FIELDS(F)
#undef F
	FIELDS
};

/* K(name, class word used in docs) */
#define EVENT_KINDS(K)                                                                      \
	K(none) K(connect) K(disconnect) K(accept) K(policy) K(abort) K(rate_limit)         \
	K(violation) K(rdns_mismatch) K(tls) K(tls_failure)                                 \
	K(auth_failure) K(auth_success) K(auth_abort) K(auth_error)                         \
	K(ps_connect) K(ps_list) K(ps_pass) K(ps_dnsbl) K(ps_pregreet) K(ps_hangup)         \
	K(ps_reject) K(ps_violation) K(ps_limit) K(ps_disconnect) K(ps_stress) K(dnsbl_hit) \
	K(submitted) K(message_id) K(queued) K(delivery) K(removed) K(expired)              \
	K(bounce_link) K(content) K(milter) K(remote_note)                                  \
	K(spam_verdict) K(auth_result) K(web_mail)                                          \
	K(ban) K(unban) K(ban_restored) K(ban_longer) K(found) K(flush)                     \
	K(service) K(capacity) K(evidence_lost) K(operational) K(rate_stat)                 \
	K(attempt) K(session) K(message) K(reconnect)                                       \
	K(repeat) /* "last message repeated": engine turns it into the line it repeats */   \
	K(part) /* one of the lines that an entry was split into, which have `session` in   \
		 * common; `text` if it goes on with one, `truncated` if more is to come.     \
		 * Read once more with `truncated` set, it is taken for all there is. */

enum kind {
#define K(name) KIND_##name,
	EVENT_KINDS(K)
#undef K
	KINDS
};

/* Made by track, not read from one line. */
static inline bool
kind_is_derived(enum kind kind)
{
	return kind >= KIND_attempt && kind <= KIND_reconnect;
}

/* Values of `reason`; the order is part of nothing. */
#define EVENT_REASONS(R)                                                                    \
	R(none) R(unknown_user) R(relay_denied) R(dnsbl) R(helo) R(sender_domain) R(rate)   \
	R(greylist) R(spf) R(milter) R(access) R(protocol) R(tls) R(size) R(quota) R(temp)  \
	R(other)

enum reason {
#define R(name) REASON_##name,
	EVENT_REASONS(R)
#undef R
	REASONS
};

/* Values of `outcome`: of attempts, then of postscreen sessions. */
#define EVENT_OUTCOMES(O)                                                                   \
	O(none) O(success) O(failure) O(aborted) O(refused) O(error)                        \
	O(passed_old) O(passed_new) O(allowlisted) O(deferred) O(deferred_incomplete)       \
	O(rejected_enforce) O(rejected_drop) O(limited) O(left) O(ignored_fail) O(open)

enum outcome {
#define O(name) OUTCOME_##name,
	EVENT_OUTCOMES(O)
#undef O
	OUTCOMES
};

#define EVENT_SEVERITIES(S) S(none) S(warning) S(error) S(fatal) S(panic)

enum severity {
#define S(name) SEVERITY_##name,
	EVENT_SEVERITIES(S)
#undef S
	SEVERITIES
};

/*
 * Words parsers say in place of the daemon's own, which differ from version to
 * version: they are not in the line. First in the dictionary WORD, in this order,
 * so that the value is the number, in every thread.
 */
#define EVENT_WORDS(W)                                                                      \
	W(absent) W(allow) W(deny) W(veto) W(old) W(new) W(early) W(late) W(time) W(count)  \
	W(length) W(pipelining) W(non_smtp) W(bare_newline) W(no_rcpt) W(bare_lf)           \
	W(illegal_address) W(too_long) W(bdat) W(etrn) W(size_limit)                        \
	/* protocols, stages, actions, states of delivery */                                \
	W(IMAP) W(POP3) W(SIEVE) W(LMTP) W(SMTP) W(CONNECT) W(reject) W(sent) W(deferred)   \
	W(bounced)                                                                          \
	/* what filters decide */                                                           \
	W(clean) W(spam) W(spammy) W(banned) W(infected) W(bad_header) W(unchecked)         \
	W(mta_blocked) W(oversized) W(other) W(passed) W(blocked) W(greylist)               \
	W(none) W(pass) W(fail) W(softfail) W(neutral) W(temperror) W(permerror)            \
	W(dkim) W(dkim_signature) W(dmarc) W(spf)                                           \
	/* programs whose own log files do not name them */                                 \
	W(spamd) W(rspamd) W(dovecot) W(exim) W(php)                                        \
	/* daemons that are asked for by name */                                            \
	W(postfix) W(smtpd) W(postscreen) W(local) W(pipe) W(lmtp)                          \
	/* the stage of what a service told of a login that another one asked for */        \
	W(auth)

enum word {
#define W(name) WORD_##name,
	EVENT_WORDS(W)
#undef W
	WORDS
};

/*
 * Never cleared between lines: `known` has a bit for every field that is set,
 * and a member whose bit is off holds garbage. Hot members first. `weight` is
 * always set; it is what counts, sums and windows use.
 */
struct event {
	const char *line;     /* text of this event; slices are relative to it */
	uint32_t line_len;
	uint8_t kind, outcome, reason, severity;
	int64_t time;
	uint64_t known[2];
	uint32_t weight;      /* `count`, or 1 */
	uint16_t tag_no;      /* number of the syslog tag in its struct parse */
	uint16_t host_no;     /* number of the host in its struct parse */
	struct text host, program, daemon, instance;
	int64_t pid;
	struct text ip, name, qid, user, sender, recipient, helo;
	int64_t port;
	struct text proto, action, stage, dsn, status, relay, relay_ip, next_qid;
	int64_t code, size, nrcpt;
	int64_t delay, delay_before, delay_queue, delay_connect, delay_transmit;
	struct text commands, msgid, text, list, mechanism, session, tls, cipher;
	int64_t relay_port, rank, seconds, count;
	struct text server_ip, orig_recipient, verdict, category, script, jail, country, aso;
	struct text orig_qid;
	int64_t server_port, score, script_line, uid, attempts, bytes, asn;
	int64_t delivered, deferred, bounced;
	bool derived, truncated, inferred, open;
	struct text source;   /* never set: see `source_no` */
	uint64_t offset;      /* of the line in its decoded input; in a scan, its event's id */
	uint64_t id;          /* set by engine when asked for */
	int64_t lineno, judged;
	uint32_t source_no;   /* input it was read from, engine's number */
};

struct event_field {
	const char *name;
	enum field_type type;
	enum domain domain;
	enum privacy privacy;
	uint16_t offset; /* of the member in struct event */
	const char *help;
};

extern const struct event_field event_fields[FIELDS];

static inline bool
event_knows(const struct event *ev, enum field field)
{
	return ev->known[field / 64] >> (field % 64) & 1;
}

static inline void
event_mark(struct event *ev, enum field field)
{
	ev->known[field / 64] |= UINT64_C(1) << (field % 64);
}

static inline void
event_forget(struct event *ev, enum field field)
{
	ev->known[field / 64] &= ~(UINT64_C(1) << (field % 64));
}

/* EVENT_SET(ev, port, 25): any field that is not text. */
#define EVENT_SET(ev, field, value)                                                         \
	((ev)->field = (value), event_mark((ev), FIELD_##field))

/* EVENT_TEXT(ev, qid, slice): SLICE must lie inside the event's line (or be empty). */
#define EVENT_TEXT(ev, field, slice)                                                        \
	((ev)->field = event_slice((ev), (slice)), event_mark((ev), FIELD_##field))

/* EVENT_WORD(ev, action, WORD_allow): a text field whose value is not in the line. */
#define EVENT_WORD(ev, field, word)                                                         \
	((ev)->field = (struct text){.off = 0, .len = 0, .id = (word)},                     \
	    event_mark((ev), FIELD_##field))

static inline struct text
event_slice(const struct event *ev, struct str s)
{
	return (struct text){
	    .off = s.len ? (uint16_t)(s.p - ev->line) : 0, .len = (uint16_t)s.len, .id = 0};
}

/* The slice as a str; for fields of primary events, and raw ones of derived. */
static inline struct str
event_str(const struct event *ev, struct text text)
{
	return (struct str){ev->line + text.off, text.len};
}

/* As event_str(), also for a value that EVENT_WORD() set. */
struct str event_word(const struct event *ev, struct text text);

/* The word that TEXT is, or WORD_absent. */
enum word event_word_named(struct str text);

/* The line's text is at most this long; longer lines are cut to it and `truncated`. */
#define EVENT_LINE_MAX 65535u

/* A text of 8 to 16 bytes and its number: see symbols_recall(). */
struct symbols_recent {
	uint64_t head, tail; /* its first and its last 8 bytes */
	uint32_t what;       /* its length and domain; 0: there is none */
	uint32_t number;
};

#define SYMBOLS_RECENT_BITS 12u

/*
 * Symbols: one dictionary a domain. Number 0 of each is the absent value's
 * record (its text is empty and never printed); WORD starts with EVENT_WORDS. A
 * text of length 0 with a number is that number's text, of any event.
 */
struct symbols {
	struct dict dict[DOMAINS];
	struct region domain_of; /* uint32_t by ADDRESS number: its domain in NAME */
	struct region net_of;    /* uint32_t by IP number: its network in NET */
	struct region recent;    /* of struct symbols_recent, 1 << SYMBOLS_RECENT_BITS */
};

#define SYMBOL_ABSENT 0u

void symbols_init(struct symbols *symbols);
void symbols_free(struct symbols *symbols);

/* The number of TEXT in DOMAIN. For IP: of its canonical form. */
uint32_t symbols_get(struct symbols *symbols, enum domain domain, struct str text);

/* The same with HASH = dict_hash(TEXT). */
uint32_t symbols_get_hashed(struct symbols *symbols, enum domain domain, struct str text,
    uint32_t hash);

/* May TEXT be remembered? */
static inline bool
symbols_is_short(struct str text)
{
	return text.len - 8 <= 8;
}

/* What is remembered of TEXT, which is short, and of NUMBER. */
static inline struct symbols_recent
symbols_short(enum domain domain, struct str text, uint32_t number)
{
	return (struct symbols_recent){hash_load8(text.p), hash_load8(text.p + text.len - 8),
	    (uint32_t)domain << 16 | (uint32_t)text.len, number};
}

/* Where it has its place. Who makes others fall out of theirs costs them a lookup. */
static inline uint32_t
symbols_recent_home(const struct symbols_recent *text)
{
	uint64_t mixed = (text->head + (text->tail << 23 | text->tail >> 41)) * HASH_K1;

	return (uint32_t)(mixed >> (64 - SYMBOLS_RECENT_BITS));
}

static inline struct symbols_recent *
symbols_recent_at(const struct symbols *symbols, uint32_t home)
{
	return (struct symbols_recent *)(void *)symbols->recent.p + home;
}

/*
 * symbols_get() of what symbols_remember() was told, and has not forgotten since: most
 * addresses come again soon. WANTED is symbols_short() of the text, HOME its place. False: it
 * is not known, and *RET may be anything. No hash, one wait for memory, no branch on what
 * was there: that nobody can guess.
 */
static inline bool
symbols_recall(const struct symbols *symbols, const struct symbols_recent *wanted,
    uint32_t home, uint32_t *ret)
{
	const struct symbols_recent *place = symbols_recent_at(symbols, home);

	*ret = place->number;
	return ((place->head ^ wanted->head) | (place->tail ^ wanted->tail) |
	    (place->what ^ wanted->what)) == 0;
}

/* NUMBER is symbols_get() of TEXT. */
static inline void
symbols_remember(struct symbols *symbols, enum domain domain, struct str text, uint32_t number)
{
	if (symbols_is_short(text)) {
		struct symbols_recent recent = symbols_short(domain, text, number);

		*symbols_recent_at(symbols, symbols_recent_home(&recent)) = recent;
	}
}

struct str symbols_text(const struct symbols *symbols, enum domain domain, uint32_t number);

/* What symbols_domain_of() and symbols_net_of() do the first time they are asked. */
uint32_t symbols_find_domain(struct symbols *symbols, uint32_t address);
uint32_t symbols_find_net(struct symbols *symbols, uint32_t ip);

/* The value for NUMBER that MEMO keeps, + 1; 0 when it has none yet. */
static inline uint32_t
symbols_memo(const struct region *memo, uint32_t number)
{
	size_t at = (size_t)number * sizeof(uint32_t);

	return at < memo->size ? ((const uint32_t *)(const void *)memo->p)[number] : 0;
}

/* NAME number of the domain of an ADDRESS (lower case; absent if it has none). */
static inline uint32_t
symbols_domain_of(struct symbols *symbols, uint32_t address)
{
	uint32_t known = symbols_memo(&symbols->domain_of, address);

	return known ? known - 1 : symbols_find_domain(symbols, address);
}

/*
 * RET[i] becomes symbols_domain_of() ADDRESSES[i] where FLAGS[i] is set, else absent; of N of
 * them. Those that are new are waited for together.
 */
void symbols_domains_of(struct symbols *symbols, const uint32_t *addresses,
    const uint8_t *flags, size_t n, uint32_t *ret);

/* NET number of an IP: /24 or /64. */
static inline uint32_t
symbols_net_of(struct symbols *symbols, uint32_t ip)
{
	uint32_t known = symbols_memo(&symbols->net_of, ip);

	return known ? known - 1 : symbols_find_net(symbols, ip);
}

/* The same for symbols_net_of(). */
void symbols_nets_of(struct symbols *symbols, const uint32_t *ips, const uint8_t *flags,
    size_t n, uint32_t *ret);

/*
 * symbols_domain_of() and symbols_net_of() without numbering anything; DICT_NONE: there is
 * one, but it has no number.
 */
uint32_t symbols_given_domain(const struct symbols *symbols, uint32_t address);
uint32_t symbols_given_net(const struct symbols *symbols, uint32_t ip);

/* The text member of a field of TYPE_TEXT or TYPE_IP. */
static inline struct text *
event_text_member(const struct event *ev, enum field field)
{
	return (struct text *)(void *)((char *)(uintptr_t)ev + event_fields[field].offset);
}

/* A text field's value, from line or dictionary; the field must be known. */
struct str event_text(const struct event *ev, enum field field, const struct symbols *symbols);

/*
 * Did a filter call EV, a message, what nobody wants: spam or worse? That it was too big to
 * be looked at, encrypted, or written against the rules is no such verdict.
 */
bool event_is_spam(const struct event *ev, const struct symbols *symbols);

/* Any numeric field's value (INT, SIZE, DURATION, MILLI, TIME, ENUM, BOOL); must be known. */
int64_t event_number(const struct event *ev, enum field field);

/* Name of VALUE of an ENUM field (kind, outcome, reason, severity). */
const char *event_enum_name(enum field field, unsigned value);

/* The value named NAME, or -1. */
int event_enum_value(enum field field, struct str name);

/* The field called NAME, or FIELDS. */
enum field event_field_named(struct str name);

/* The stable identity of the ORDINALth event (0: the primary) of the line at OFFSET. */
uint64_t event_id(uint64_t head_hash, uint64_t offset, uint32_t ordinal);

/* Events in a batch at most. */
#define EVENT_BATCH 1024u

/*
 * So many tests of a filter are run on a batch at once, of longer ones none; and so many
 * that filters share are run once.
 */
#define FILTER_MANY 8u

/* Events of one kind that are looked at together. */
struct event_batch {
	enum kind kind;
	size_t n;
	const struct event *event[EVENT_BATCH];
	/*
	 * [FIELDS]; those in `gathered` are filled in. Of texts their numbers, of ENUM and
	 * BOOL the value; 0 where the event lacks the field.
	 */
	uint32_t (*numbers)[EVENT_BATCH];
	uint8_t (*bytes)[EVENT_BATCH];
	uint64_t gathered[2];
	uint16_t lacking[FIELDS];   /* of texts: how many events have none */
	uint8_t all[EVENT_BATCH];   /* flags: 1 for each event (base/flags.h) */
	/* filter_match_many(): events at each test, and what tests say; [0] is of the test at
	 * hand, the others of tests that several filters share, when `answered`. */
	uint8_t reach[FILTER_MANY][EVENT_BATCH];
	uint8_t answers[1 + FILTER_MANY][EVENT_BATCH];
	uint32_t answered;
};

/* One for batches of at most EVENT_BATCH events. */
struct event_batch *event_batch_new(void);
void event_batch_free(struct event_batch *batch);

/* BATCH becomes N events of KIND, which the caller puts into its `event`. */
void event_batch_begin(struct event_batch *batch, enum kind kind, size_t n);

/* Fills in the column of FIELD. */
void event_gather(struct event_batch *batch, enum field field);

/*
 * What `numbers` or `bytes` has of FIELD, for each event of BATCH; texts must be numbered.
 * An event is many cache lines and asked by many: so its fields are gathered by whoever
 * asks first.
 */
static inline const uint32_t *
event_numbers(struct event_batch *batch, enum field field)
{
	if (!(batch->gathered[field / 64] >> (field % 64) & 1))
		event_gather(batch, field);
	return batch->numbers[field];
}

static inline const uint8_t *
event_bytes(struct event_batch *batch, enum field field)
{
	if (!(batch->gathered[field / 64] >> (field % 64) & 1))
		event_gather(batch, field);
	return batch->bytes[field];
}

/* Where inputs are named: source_no -> text. */
struct event_sources {
	const char *const *name;
	uint32_t count;
};

/*
 * The event as one JSON object (no newline): known fields, in order of
 * EVENT_FIELDS. Control, C1 and bidi characters and invalid UTF-8 are escaped:
 * the output is always valid JSON in valid UTF-8.
 */
void event_json(struct buf *out, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources);

/*
 * The filter language: `field op value`, op = != < <= > >= ~ (PCRE2, caseless),
 * `field in CIDR`; ! & | ( ), quotes; a bare kind name means kind = NAME, any
 * other bare field that the event has it (or that it is true); an absent field
 * matches only !=. Numbers take units: 10m, 1h (durations), 10k, 1M
 * (sizes); times what civil_parse_when() takes.
 */
struct filter;

int filter_compile(struct str text, struct filter **ret, struct err *err);
void filter_free(struct filter *filter);

/* Does EV match? Thread-safe on one FILTER. */
bool filter_match(const struct filter *filter, const struct event *ev,
    const struct symbols *symbols);

/*
 * FILTER as it is for events of KIND alone: without tests of the kind, and with as few
 * others as that leaves. NULL: then *RET_ALL says whether all match or none. It refers
 * to FILTER, which must outlive it.
 */
struct filter *filter_narrow(const struct filter *filter, enum kind kind, bool *ret_all);

/* Are two narrowed ones test for test the same? */
bool filter_same(const struct filter *a, const struct filter *b);

/* Tests of texts that are in several of FILTERS[0..n), narrowed ones, are run once a batch. */
void filter_share(struct filter *const *filters, size_t n);

/*
 * RET[i] is 1 where event i of BATCH matches FILTER, which was narrowed to its kind,
 * else 0, as base/flags.h has them. Quicker than one by one.
 */
void filter_match_many(const struct filter *filter, struct event_batch *batch,
    const struct symbols *symbols, uint8_t *ret);

/* Adds the fields that FILTER looks at to the set RET. */
void filter_fields(const struct filter *filter, uint64_t ret[2]);

/* Can an event of KIND match? False is certain. Lets a query skip whole kinds. */
bool filter_may_match_kind(const struct filter *filter, enum kind kind);

/* The text of a filter for the kinds in the set KINDS, a bit each; the caller frees it. */
char *filter_of_kinds(uint64_t kinds);

/* What every event that a filter lets through has: a text, or an address in a network. */
struct filter_required {
	enum field field;
	struct str text;  /* dies with the filter */
	struct cidr net;  /* of an IP field; any other has `text` */
};

/* Some of what FILTER requires, ROOM at most; returns how many. */
size_t filter_required(const struct filter *filter, struct filter_required *ret, size_t room);

_Static_assert(KINDS <= 64, "a set of kinds is one word");

#endif
