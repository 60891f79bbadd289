/* SPDX-License-Identifier: Apache-2.0
 *
 * screen: what the sections of Postscreen-Stats' report are made of: the actions of
 * postscreen, one row of counts for each client, and the choice of clients that
 * `postern postscreen -a` makes.
 */
#ifndef REPORT_SCREEN_H
#define REPORT_SCREEN_H

#include "report/room.h"

/*
 * A(id, label, filter, original, failure). The label is that of the original where
 * it has the action, else one in its manner. CONNECT comes first, as there, the
 * others in ASCII order. A failure makes a client one of its "blocked clients".
 */
#define SCREEN_ACTIONS(A)                                                                   \
	A(connect, "CONNECT", SCREEN_CONNECT, true, false)                                  \
	A(bare_newline, "BARE NEWLINE", "kind = ps_violation & action = bare_newline",      \
	    true, true)                                                                     \
	A(denylisted, "BLACKLISTED", "kind = ps_list & action = deny", true, true)          \
	A(count_limit, "COMMAND COUNT LIMIT", "kind = ps_limit & action = count", true,     \
	    true)                                                                           \
	A(length_limit, "COMMAND LENGTH LIMIT", "kind = ps_limit & action = length", true,  \
	    true)                                                                           \
	A(pipelining, "COMMAND PIPELINING", "kind = ps_violation & action = pipelining",    \
	    true, true)                                                                     \
	A(time_limit, "COMMAND TIME LIMIT", "kind = ps_limit & action = time", true, true)  \
	A(disconnect, "DISCONNECT", "kind = ps_disconnect", false, false)                   \
	A(dnsbl, "DNSBL", "kind = ps_dnsbl", true, true)                                    \
	A(hangup, "HANGUP", "kind = ps_hangup", true, false)                                \
	A(no_rcpt, "NO VALID RCPT", "kind = ps_violation & action = no_rcpt", false, false) \
	A(non_smtp, "NON-SMTP COMMAND", "kind = ps_violation & action = non_smtp", true,    \
	    true)                                                                           \
	A(deferred, "NOQUEUE 450 deep protocol test reconnection", SCREEN_DEFERRED, true,   \
	    false)                                                                          \
	A(reject_denylist, "NOQUEUE 550 deny list", SCREEN_REJECT " & reason = access",     \
	    false, false)                                                                   \
	A(reject_dnsbl, "NOQUEUE 550 DNSBL", SCREEN_REJECT " & reason = dnsbl", false,      \
	    false)                                                                          \
	A(reject_protocol, "NOQUEUE 550 protocol error",                                    \
	    SCREEN_REJECT " & reason = protocol", false, false)                             \
	A(screening_busy, "NOQUEUE all screening ports busy",                               \
	    SCREEN_REJECT " & reason = temp & text = \"all screening ports busy\"", false,  \
	    false)                                                                          \
	A(server_busy, "NOQUEUE all server ports busy",                                     \
	    SCREEN_REJECT " & reason = temp & text = \"all server ports busy\"", true,      \
	    false)                                                                          \
	A(reject_other, "NOQUEUE other",                                                    \
	    SCREEN_REJECT " & reason != greylist & reason != access & reason != dnsbl & "   \
	    "reason != protocol & text != \"all screening ports busy\" & "                  \
	    "text != \"all server ports busy\" & text != \"too many connections\"",         \
	    false, false)                                                                   \
	A(too_many, "NOQUEUE too many connections",                                         \
	    SCREEN_REJECT " & reason = rate & text = \"too many connections\"", true,       \
	    false)                                                                          \
	A(pass_new, "PASS NEW", "kind = ps_pass & action = new", true, false)               \
	A(pass_old, "PASS OLD", "kind = ps_pass & action = old", true, false)               \
	A(pregreet, "PREGREET", "kind = ps_pregreet", true, true)                           \
	A(veto, "WHITELIST VETO", "kind = ps_list & action = veto", true, false)            \
	A(allowlisted, "WHITELISTED", "kind = ps_list & action = allow", true, false)

/* Without a daemon's name tlsproxy's look alike, but name no server. */
#define SCREEN_CONNECT "kind = ps_connect & (server_ip | daemon = postscreen)"
#define SCREEN_REJECT "kind = ps_reject"
#define SCREEN_DEFERRED SCREEN_REJECT " & reason = greylist"
#define SCREEN_RETURNED "kind = reconnect & !open"

enum screen_action {
#define A(id, label, filter, original, failure) SCREEN_##id,
	SCREEN_ACTIONS(A)
#undef A
	SCREEN_ACTION_COUNT
};

_Static_assert(SCREEN_ACTION_COUNT <= 64, "a set of actions is a 64-bit mask");

struct screen_action_row {
	const char *label;
	bool original, failure;
};

extern const struct screen_action_row screen_actions[SCREEN_ACTION_COUNT];

/* The label, in Postfix's word since 3.6 where that is another. */
const char *screen_modern_label(enum screen_action action);

/* Behind the actions' counts in a row of screen_clients. */
enum screen_measure {
	SCREEN_RANKS = SCREEN_ACTION_COUNT, /* sum of DNSBL ranks */
	/* Failures of any sort: the original calls such clients blocked. */
	SCREEN_FAILED,
	SCREEN_REFUSED,       /* sessions that ended in a refusal */
	SCREEN_FIRST,         /* first seen */
	SCREEN_LAST,          /* last heard of */
	SCREEN_LAST_CONNECT,
	SCREEN_FIRST_DEFERRED, /* first 450 */
	SCREEN_FIRST_RETURNED, /* end of the wait that this 450 began */
};

#define SCREEN_KINDS                                                                        \
	"kind = ps_connect | kind = ps_list | kind = ps_pass | kind = ps_dnsbl | "          \
	"kind = ps_pregreet | kind = ps_hangup | kind = ps_reject | kind = ps_violation | " \
	"kind = ps_limit | kind = ps_disconnect"

#define SCREEN_FAILURES                                                                     \
	"kind = ps_dnsbl | kind = ps_pregreet | kind = ps_limit | "                         \
	"(kind = ps_list & action = deny) | (kind = ps_violation & action != no_rcpt)"

/* Measures of a query: the first ones of enum screen_measure. */
#define SCREEN_COUNT(id, label, filter, original, failure) [SCREEN_##id] = COUNT(#id, filter),
#define SCREEN_COUNTS                                                                       \
	SCREEN_ACTIONS(SCREEN_COUNT)                                                        \
	[SCREEN_RANKS] = SUM("ranks", rank, "kind = ps_dnsbl"),                             \
	[SCREEN_FAILED] = COUNT("failed", SCREEN_FAILURES)

/*
 * One row for each client address, sorted as text; and its counts (up to
 * SCREEN_FAILED) without rows, for which a million clients need no table.
 */
extern const struct query screen_clients, screen_totals;

#define SCREEN_WAITS                                                                        \
	{FIRST("deferred", SCREEN_DEFERRED), FIRST("returned", SCREEN_RETURNED)}

/* One row: how many addresses were really turned away. */
extern const struct query screen_refused;

/* Rows of clients that were deferred: address, first 450, end of the wait it began. */
extern const struct query screen_waits;

/* DNSBL ranks of each client by time; countries of clients. Sorted by address first. */
extern const struct query screen_ranks, screen_countries;

/* MEASURE of a row of screen_clients' answer; 0 where unknown. */
static inline int64_t
screen_number(const struct table *clients, size_t row, unsigned measure)
{
	const struct cell *cell = table_cell(clients, row, 1 + measure);

	return cell->known ? cell->n : 0;
}

/* From FIRST_DEFERRED to FIRST_RETURNED, microseconds; -1: did not come back. */
int64_t screen_delay(const struct cell *deferred, const struct cell *returned);

/* A choice of clients, as in "PREGREET & !(DNSBL | HANGUP >= 3)". */
struct screen_choice;

/* -1: TEXT is no such expression, or names no action; ERR names those there are. */
int screen_choice_parse(struct str text, struct screen_choice **ret, struct err *err);
void screen_choice_free(struct screen_choice *choice);

/* Does CHOICE take the client of ROW? NULL takes all. */
bool screen_chooses(const struct screen_choice *choice, const struct table *clients,
    size_t row);

/* The same for what REPORT was told. */
bool screen_takes(const struct report *report, const struct table *clients, size_t row);

/* Sums over the chosen clients. */
struct screen_sums {
	uint64_t clients[SCREEN_ACTION_COUNT], times[SCREEN_ACTION_COUNT];
	uint64_t all, failed, returned;
	uint64_t refused; /* where screen_refused was asked, or there is a choice */
	int64_t ranks;
	int64_t *delays; /* of those who came back, ascending, microseconds */
	int64_t delay;   /* their sum */
};

/* Of screen_clients' answer when there is a choice, else of the other two. */
struct screen_sums screen_sum(const struct report *report);
void screen_sums_done(struct screen_sums *sums);

void screen_sort(int64_t *values, size_t n);

/* Nearest-rank QUANTILE of N ascending values, N > 0. */
int64_t screen_quantile(const int64_t *values, size_t n, double quantile);

/* The original's first-reconnection table: labels of its columns, and which is DELAY's. */
#define SCREEN_DELAYS 10
extern const char *const screen_delay_labels[SCREEN_DELAYS];
unsigned screen_delay_column(int64_t delay);

/*
 * PART of WHOLE as a percentage of two significant digits, half to even, as the
 * original's decimal numbers were, but never with an exponent: "0.99", "2.5", "100".
 */
void screen_put_percent(struct buf *out, uint64_t part, uint64_t whole);

/* The queries that screen_sum() needs. */
#define SCREEN_SUM_QUERIES &screen_totals, &screen_waits

/* What report_add_screen() was told. */
struct screen {
	struct report_screen options;
	struct screen_choice *choice;
	bool ranks; /* those of every client are printed */
};

void screen_free(struct screen *screen);

/* The 2012 layout; prints what the modern sections say below it. */
extern const struct report_format format_screen;

#endif
