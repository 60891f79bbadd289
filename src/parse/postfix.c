/* SPDX-License-Identifier: Apache-2.0
 *
 * What all lines of Postfix have in common:
 *
 *   [SEVERITY: ][QID: |NOQUEUE: ]TEXT
 *
 *   connect from mail.example.test[192.0.2.1]
 *   warning: 4F1D2A3B4C: queue file size limit exceeded
 *   NOQUEUE: reject: RCPT from ...
 */
#include "base/hash.h"
#include "base/mem.h"
#include "parse/postfix-read.h"
#include "parse/row-memo.h"

static const struct {
	struct str prefix;
	uint8_t severity;
} severities[] = {
	{STR("warning: "), SEVERITY_warning},
	{STR("error: "), SEVERITY_error},
	{STR("fatal: "), SEVERITY_fatal},
	{STR("panic: "), SEVERITY_panic},
};

/* What -v tells: "match_list_match: ...", "max_idle = 100". No other words have a '_'. */
static enum parse_result
trace(const struct postfix_row *row, struct str rest, struct event *ev)
{
	size_t n = 0;
	bool joined = false;

	(void)row, (void)ev;
	while (n < rest.len && (char_is_alnum(rest.p[n]) || rest.p[n] == '_'))
		joined |= rest.p[n++] == '_';
	rest = str_from(rest, n);
	return joined && (str_starts(rest, STR(": ")) || str_starts(rest, STR(" = "))) ?
	    PARSE_IGNORED :
	    PARSE_UNKNOWN;
}

/* What any daemon may say. */
static const struct postfix_row any_info[] = {
	{PREFIX("using backwards-compatible default setting "), postfix_say, KIND_operational,
	    0},
	{PREFIX("table "), postfix_say, KIND_operational, 0},
	{PREFIX("cache "), postfix_ignore, 0, 0},
	{PREFIX("close database "), postfix_ignore, 0, 0},
	{PREFIX("> "), postfix_ignore, 0, 0}, /* the dialogue, for debug_peer_list */
	{PREFIX("< "), postfix_ignore, 0, 0},
	{PREFIX("SSL_accept:"), postfix_ignore, 0, 0}, /* tls_loglevel 2 and higher */
	{PREFIX("SSL_connect:"), postfix_ignore, 0, 0},
	{PREFIX("SSL3 alert "), postfix_ignore, 0, 0},
	{PREFIX("initializing the "), postfix_ignore, 0, 0},
	{PREFIX("certificate verification depth="), postfix_ignore, 0, 0},
	{PREFIX("fingerprint="), postfix_ignore, 0, 0},
	{PREFIX("Trusted: subject_CN="), postfix_ignore, 0, 0}, /* 2.3 to 2.5 */
	{PREFIX("Untrusted: subject_CN="), postfix_ignore, 0, 0},
	{PREFIX("Verified: subject_CN="), postfix_ignore, 0, 0},
	{PREFIX("Unverified: subject_CN="), postfix_ignore, 0, 0},
	{PREFIX("Peer verification: "), postfix_ignore, 0, 0}, /* 2.2 */
	{PREFIX("Peer certificate could not be "), postfix_ignore, 0, 0},
	{PREFIX("Server certificate could not be "), postfix_ignore, 0, 0},
	{PREFIX("verify error:num="), postfix_ignore, 0, 0},
	{PREFIX("cert has expired"), postfix_ignore, 0, 0},
	{PREFIX("issuer= "), postfix_ignore, 0, 0},
	{PREFIX("save session "), postfix_ignore, 0, 0},
	{PREFIX("looking for session "), postfix_ignore, 0, 0},
	{PREFIX("reloaded session "), postfix_ignore, 0, 0},
	{PREFIX("using DANE RR: "), postfix_ignore, 0, 0},
	{PREFIX(">>> "), postfix_ignore, 0, 0}, /* -v, where no function names itself */
	{PREFIX("<<< "), postfix_ignore, 0, 0},
	{PREFIX("send attr "), postfix_ignore, 0, 0},
	{PREFIX("input attribute "), postfix_ignore, 0, 0},
	{PREFIX("private/"), postfix_ignore, 0, 0},
	{PREFIX("event: SMFIC_"), postfix_ignore, 0, 0},
	{PREFIX("reply: SMFIR_"), postfix_ignore, 0, 0},
	{PREFIX("report "), postfix_ignore, 0, 0},
	{PREFIX("public/"), postfix_ignore, 0, 0},
	{PREFIX("connect to subsystem "), postfix_ignore, 0, 0},
	{PREFIX("connect to milter service "), postfix_ignore, 0, 0},
	{PREFIX("connection established"), postfix_ignore, 0, 0},
	{PREFIX("connection closed"), postfix_ignore, 0, 0},
	{PREFIX("process generation: "), postfix_ignore, 0, 0},
	{PREFIX("mynetworks: "), postfix_ignore, 0, 0},
	{PREFIX("idle timeout -- exiting"), postfix_ignore, 0, 0},
	{PREFIX("fd="), postfix_ignore, 0, 0},
	{PREFIX("free "), postfix_ignore, 0, 0},
	{PREFIX("abort all milters"), postfix_ignore, 0, 0},
	{PREFIX("disconnect event to all milters"), postfix_ignore, 0, 0},
	{PREFIX("quit milter "), postfix_ignore, 0, 0},
	{PREFIX("skipping "), postfix_ignore, 0, 0},
	{PREFIX("trying"), postfix_ignore, 0, 0},
	{PREFIX("rewrite stream disconnect"), postfix_ignore, 0, 0},
	{PREFIX("proxymap stream disconnect"), postfix_ignore, 0, 0},
	{PREFIX("server features: "), postfix_ignore, 0, 0},
	{PREFIX("Using ESMTP "), postfix_ignore, 0, 0},
	{PREFIX("starting new SASL client"), postfix_ignore, 0, 0},
	{PREFIX("disposing SASL state"), postfix_ignore, 0, 0},
	{PREFIX("initial envelope "), postfix_ignore, 0, 0},
	{PREFIX("extracted envelope "), postfix_ignore, 0, 0},
	{PREFIX("lookup "), postfix_ignore, 0, 0},
	{PREFIX("before input_transp_cleanup: "), postfix_ignore, 0, 0},
	{PREFIX("after input_transp_cleanup: "), postfix_ignore, 0, 0},
	/* The SASL library's, which goes to syslog on its own. */
	{PREFIX("DIGEST-MD5 "), postfix_ignore, 0, 0},
	{PREFIX("sql auxprop plugin using "), postfix_ignore, 0, 0},
	{PREFIX("sql plugin couldn't connect to any"), postfix_unasked, KIND_auth_error, 0},
	{PREFIX("sql plugin could"), postfix_say, KIND_auth_error, 0},
	{PREFIX("sql plugin"), postfix_ignore, 0, 0},
	{PREFIX("begin transaction"), postfix_ignore, 0, 0},
	{PREFIX("commit transaction"), postfix_ignore, 0, 0},
	{PREFIX("sql_select option missing"), postfix_say, KIND_operational, 0},
	{PREFIX("auxpropfunc error "), postfix_say, KIND_operational, 0},
	{PREFIX("_sasl_plugin_load failed "), postfix_say, KIND_operational, 0},
	{PREFIX("unable to open Berkeley db "), postfix_say, KIND_operational, 0},
	{PREFIX("could not find auxprop plugin"), postfix_say, KIND_operational, 0},
	{PREFIX("looking for plugins in "), postfix_say, KIND_operational, 0},
	{PREFIX("OTP unavailable because "), postfix_ignore, 0, 0},
	{PREFIX(""), trace, 0, 0},
	{.read = NULL},
};

static const struct postfix_grammar any_daemon = {any_info, POSTFIX_NO_ROWS, POSTFIX_NO_ROWS};

enum parse_result
postfix_ignore(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row, (void)rest, (void)ev;
	return PARSE_IGNORED;
}

enum parse_result
postfix_say(const struct postfix_row *row, struct str rest, struct event *ev)
{
	EVENT_SET(ev, kind, postfix_row_kind(row));
	EVENT_TEXT(ev, text, str_range(rest.p - row->prefix.len, rest.p + rest.len));
	return PARSE_EVENT;
}

enum parse_result
postfix_unasked(const struct postfix_row *row, struct str rest, struct event *ev)
{
	EVENT_SET(ev, reason, REASON_temp);
	return postfix_say(row, rest, ev);
}

static bool
take_severity(struct str *message, struct event *ev)
{
	for (size_t i = 0; i < sizeof(severities) / sizeof(*severities); i++)
		if (str_skip(message, severities[i].prefix)) {
			EVENT_SET(ev, severity, severities[i].severity);
			return true;
		}
	return false;
}

/* Does TEXT, whose first 8 bytes are HEAD, begin with ROW's prefix? */
READ_INLINE bool
begins(const struct postfix_row *row, struct str text, uint64_t head)
{
	size_t n = row->prefix.len;
	const char *a = text.p, *b = row->prefix.p;

	if ((head ^ row->head) & row->mask || text.len < n)
		return false;
	if (n <= 8)
		return true;
	if (hash_load8(a + n - 8) != hash_load8(b + n - 8))
		return false;
	if (n <= 16)
		return true;
	return hash_load8(a + 8) == hash_load8(b + 8) &&
	    hash_load8(a + n - 16) == hash_load8(b + n - 16) &&
	    (n <= 32 || memcmp(a + 16, b + 16, n - 32) == 0);
}

static enum parse_result
try_rows(const struct postfix_row *row, struct str message, struct event *ev)
{
	uint64_t head = scan_head(message.p), known[2] = {ev->known[0], ev->known[1]};
	enum parse_result result;

	for (; row->read; row++) {
		if (!begins(row, message, head))
			continue;
		result = row->read(row, str_from(message, row->prefix.len), ev);
		if (result != PARSE_UNKNOWN)
			return result;
		ev->known[0] = known[0];
		ev->known[1] = known[1];
	}
	return PARSE_UNKNOWN;
}

/* What follows "QID: " or "NOQUEUE: "; *RET_QID stays {NULL, 0} for the latter. */
static struct str
take_any_qid(struct str text, struct str *ret_qid)
{
	bool digit;
	size_t n = scan_id(text, QID_MAX, &digit);
	struct str qid = {text.p, n}, rest = str_from(text, n);

	if (!str_skip(&rest, STR(": ")))
		return (struct str){NULL, 0};
	if (!digit && str_eq(qid, STR("NOQUEUE")))
		return rest;
	/* No word has a digit. */
	if (!digit ? !postfix_is_qid(qid) : n < QID_MIN || n > QID_MAX)
		return (struct str){NULL, 0};
	*ret_qid = qid;
	return rest;
}

/* The same, quickly for most: where a space comes before any colon there is none. */
READ_INLINE struct str
take_qid(struct str text, struct str *ret_qid)
{
	size_t n = scan_colon(text);
	struct str any;

	if (n == 0)
		return (struct str){NULL, 0};
	if (n == sizeof("NOQUEUE") - 1 && str_starts(text, STR("NOQUEUE: ")))
		return str_from(text, n + 2);
	any = take_any_qid(text, ret_qid);
	return any;
}

static bool
has_digit(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (char_is_digit(s.p[i]))
			return true;
	return false;
}

/* Trouble that has no row of its own. Any word may stand before its first colon. */
static enum parse_result
complain(struct str text, struct str queued, struct str qid, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_operational);
	if (has_digit(qid)) {
		EVENT_TEXT(ev, qid, qid);
		text = queued;
	}
	EVENT_TEXT(ev, text, text);
	return PARSE_EVENT;
}

/*
 * With the severity gone: does a grammar know TEXT, or QUEUED, what stands behind a
 * queue id (QUEUED.p NULL: there is none)?
 */
static PARSE_RARE enum parse_result
search(const struct postfix_grammar *const *grammars, bool severe, struct str text,
    struct str queued, struct str qid, struct event *ev)
{
	enum parse_result result;

	for (;; grammars++) {
		const struct postfix_grammar *grammar = *grammars ? *grammars : &any_daemon;

		if (queued.p) {
			result = try_rows(severe ? grammar->warning : grammar->queued,
			    queued, ev);
			if (result == PARSE_EVENT && qid.p)
				EVENT_TEXT(ev, qid, qid);
			if (result != PARSE_UNKNOWN)
				return result;
		}
		result = try_rows(severe ? grammar->warning : grammar->info, text, ev);
		if (result != PARSE_UNKNOWN)
			return result;
		if (!*grammars)
			return severe ? complain(text, queued, qid, ev) : PARSE_UNKNOWN;
	}
}

/* The first row that TEXT is for, or NULL. */
READ_INLINE const struct postfix_row *
first_row(const struct postfix_row *row, struct str text)
{
	uint64_t head = scan_head(text.p);

	for (; row->read; row++)
		if (begins(row, text, head))
			return row;
	return NULL;
}

enum parse_result
postfix_read_any(const struct postfix_grammar *const *grammars, struct str text,
    struct event *ev)
{
	const struct postfix_grammar *grammar = *grammars;
	const struct postfix_row *row;
	struct str queued, said, qid = {NULL, 0};
	char first = text.len ? *text.p : '\0';
	bool severe = false;
	enum parse_result result;
	uint64_t known[2];

	if (first == 'w' || first == 'e' || first == 'f' || first == 'p') {
		struct str rest = text;

		severe = take_severity(&rest, ev);
		text = rest;
	}
	if (text.len >= POSTFIX_MESSAGE_MAX)
		EVENT_SET(ev, truncated, true);
	queued = take_qid(text, &qid);
	said = queued.p ? queued : text;
	row = severe ? grammar->warning : queued.p ? grammar->queued : grammar->info;
	row = first_row(row, said);
	if (row) {
		/* Nearly all lines are known here. */
		known[0] = ev->known[0];
		known[1] = ev->known[1];
		result = row->read(row, str_from(said, row->prefix.len), ev);
		if (result == PARSE_EVENT && qid.p)
			EVENT_TEXT(ev, qid, qid);
		if (result != PARSE_UNKNOWN)
			return result;
		ev->known[0] = known[0];
		ev->known[1] = known[1];
	}
	return search(grammars, severe, text, queued, qid, ev);
}

/* first_row(), if it is sure, or NULL. */
READ_INLINE const struct postfix_row *
sure_row(const struct postfix_row *row, struct str text)
{
	uint64_t head = scan_head(text.p);

	for (; row->read; row++) {
		if ((head ^ row->head) & row->mask)
			continue;
		/* A longer prefix would be compared by a call. */
		if (!(row->kind & POSTFIX_SURE) || row->prefix.len > 32)
			return NULL;
		if (begins(row, text, head))
			return row;
	}
	return NULL;
}

/* TEXT is for ROW, which is sure, and has a queue id of N > 0 bytes, or none. */
READ_INLINE enum parse_result
read_sure(const struct postfix_row *row, struct str text, size_t n, struct event *ev)
{
	struct str said = n ? str_from(text, n + 2) : text;

	if (n)
		EVENT_TEXT(ev, qid, ((struct str){text.p, n}));
	return row->read(row, str_from(said, row->prefix.len), ev);
}

/*
 * Most lines: a queue id or none, and a row that is sure, which no severity begins. In
 * either case it ends in a call, so that nothing needs to be kept for afterwards.
 */
enum parse_result
postfix_read(const struct postfix_grammar *const *grammars, struct str text, struct event *ev)
{
	const struct postfix_row *row;
	size_t n = row_queue_id(text, false);

	if (n == SIZE_MAX || text.len >= POSTFIX_MESSAGE_MAX)
		return postfix_read_any(grammars, text, ev);
	row = n ? sure_row((*grammars)->queued, str_from(text, n + 2)) :
		  sure_row((*grammars)->info, text);
	if (!row)
		return postfix_read_any(grammars, text, ev);
	return read_sure(row, text, n, ev);
}

/*
 * Does no row of ROWS before ROW, the first one for some text, know more texts of its prefix?
 */
static bool
is_first(const struct postfix_row *rows, const struct postfix_row *row)
{
	for (; rows < row; rows++)
		if (str_starts(rows->prefix, row->prefix))
			return false;
	return true;
}

static enum parse_result
no_row(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row, (void)rest, (void)ev;
	return PARSE_UNKNOWN;
}

struct row_memo *
row_memos_new(void)
{
	struct row_memo *memos = xcalloc(ROW_MEMOS, sizeof(*memos));

	/* Hardly any message fits, so that others are learnt. */
	for (unsigned i = 0; i < ROW_MEMOS; i++)
		memos[i] = (struct row_memo){
		    .head = "\n", .wanted = 1, .len = 1, .read = no_row};
	return memos;
}

/* ROW is the first one of ROWS for some text. */
static void
keep_row(struct row_memo *memo, const struct postfix_row *rows, const struct postfix_row *row)
{
	size_t n = row->prefix.len;

	if (memo->row == row || n > sizeof(memo->head) || !is_first(rows, row))
		return;
	*memo = (struct row_memo){.wanted = (uint32_t)((UINT64_C(1) << n) - 1),
	    .len = (uint32_t)n, .row = row, .read = row->read};
	memcpy(memo->head, row->prefix.p, n);
}

#define BIT(field) (UINT64_C(1) << FIELD_##field)
#define HEADER_FIELDS                                                                       \
	(BIT(time) | BIT(host) | BIT(program) | BIT(daemon) | BIT(instance) | BIT(pid))

enum parse_result
row_memo_read_again(const struct parse_begun *begun, struct event *ev)
{
	ev->known[0] &= HEADER_FIELDS;
	ev->known[1] = 0;
	return postfix_read_any(begun->reader->grammars, begun->message, ev);
}

enum parse_result
row_memo_learn(struct row_memo *memo, const struct parse_begun *begun, size_t n,
    struct event *ev)
{
	const struct postfix_grammar *grammar = *begun->reader->grammars;
	const struct postfix_row *rows = n ? grammar->queued : grammar->info;
	struct str text = begun->message;
	const struct postfix_row *row = first_row(rows, n ? str_from(text, n + 2) : text);

	if (row)
		keep_row(memo, rows, row);
	return row_memo_read_again(begun, ev);
}

/* Does surely no queue id begin TEXT? */
READ_INLINE bool
has_no_qid(struct str text)
{
	bool digit;
	size_t n = scan_id(text, QID_MAX, &digit);

	return n < text.len && text.p[n] != ':';
}

/* BEGUN's message is SAID behind "warning: ". */
static __attribute__((noinline)) enum parse_result
read_warning(const struct parse_begun *begun, struct str said, struct event *ev)
{
	const struct postfix_grammar *const *grammars = begun->reader->grammars;
	const struct postfix_row *row = first_row((*grammars)->warning, said);
	enum parse_result result;

	if (!row || !has_no_qid(said))
		return postfix_read_any(grammars, begun->message, ev);
	EVENT_SET(ev, severity, SEVERITY_warning);
	result = row->read(row, str_from(said, row->prefix.len), ev);
	return result == PARSE_UNKNOWN ? row_memo_read_again(begun, ev) : result;
}

/* BEGUN's message is SAID behind "NOQUEUE: ", which stands where a queue id does. */
READ_INLINE enum parse_result
read_no_queue(const struct parse_begun *begun, struct str said, struct event *ev)
{
	struct row_memo *memo = &begun->reader->memos[ROW_MEMOS / 2 + row_memo_at(said.p)];

	if (!row_memo_fits(memo, said, false))
		return row_memo_learn(memo, begun, sizeof("NOQUEUE") - 1, ev);
	return row_memo_use(memo, begun, said, ev);
}

enum parse_result
row_memo_read_odd(const struct parse_begun *begun, struct event *ev)
{
	struct str said = begun->message;

	if (said.len < POSTFIX_MESSAGE_MAX && str_skip(&said, STR("NOQUEUE: ")))
		return read_no_queue(begun, said, ev);
	if (said.len < POSTFIX_MESSAGE_MAX && str_skip(&said, STR("warning: ")))
		return read_warning(begun, said, ev);
	return postfix_read_any(begun->reader->grammars, said, ev);
}
