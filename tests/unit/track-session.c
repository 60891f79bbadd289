/* SPDX-License-Identifier: Apache-2.0
 *
 * postscreen sessions with their outcomes, and how long clients took to come back.
 */
#include "unit/track-log.h"

#define PS(t, kind, rest)                                                                   \
	t " " kind " daemon=postscreen pid=5 ip=192.0.2.1 port=4711 " rest "\n"
#define CONNECT PS("10", "ps_connect", "server_ip=203.0.113.1 server_port=25")
#define REJECT(t, code, reason) PS(t, "ps_reject", "stage=RCPT code=" code " reason=" reason)
#define SESSION(t, rest)                                                                    \
	t " session pid=5 ip=192.0.2.1 port=4711 server_ip=203.0.113.1 server_port=25 " rest

/* A whole session of the client with what stands between CONNECT and its end. */
static void
ends(const char *middle, const char *want, const char *what)
{
	char *log = xasprintf(CONNECT "%s", middle);

	log_is(log, want, what);
	free(log);
}

static void
handoffs(void)
{
	ends(PS("11", "ps_pass", "action=old"),
	    SESSION("11", "outcome=passed_old attempts=0 seconds=1\n"), "PASS OLD");
	ends(PS("11", "ps_list", "action=allow"),
	    SESSION("11", "outcome=allowlisted attempts=0 seconds=1\n"), "ALLOWLISTED");
	ends(PS("16", "ps_pass", "action=new") "18 connect daemon=smtpd pid=7 ip=192.0.2.1\n",
	    SESSION("16", "outcome=passed_new attempts=0 seconds=6\n"), "PASS NEW");
	ends(PS("16", "ps_pass", "action=new") PS("90", "ps_disconnect", ""),
	    SESSION("16", "outcome=passed_new attempts=0 seconds=6\n"),
	    "a DISCONNECT long after is another's");
	ends(PS("12", "ps_pregreet", "") "16 connect daemon=smtpd pid=7 ip=192.0.2.1\n",
	    SESSION("16", "action=pregreet outcome=ignored_fail attempts=0 seconds=6\n"),
	    "a failure that is ignored");
	ends(PS("12", "ps_pregreet", "")
	     "16 connect daemon=smtpd pid=7 ip=192.0.2.1 instance=postfix/submission\n"
	     "17 connect daemon=smtpd pid=7 ip=192.0.2.1 port=4712\n"
	     PS("18", "ps_disconnect", ""),
	    SESSION("18", "action=pregreet outcome=rejected_drop attempts=0 seconds=8\n"),
	    "other connections of the client are no handoff");
	ends(PS("12", "ps_dnsbl", "rank=5")
	     PS("99", "ps_connect", "server_ip=203.0.113.1 server_port=25"),
	    SESSION("12", "action=dnsbl outcome=ignored_fail rank=5 attempts=0 seconds=2\n")
	    SESSION("99", "outcome=open attempts=0 seconds=0 open=1\n"),
	    "the port is used again");
}

static void
refusals(void)
{
	ends(REJECT("12", "450", "greylist") PS("13", "ps_pass", "action=new")
	     PS("13", "ps_disconnect", ""),
	    SESSION("13", "outcome=deferred attempts=1 seconds=3\n")
	    "12 reconnect ip=192.0.2.1 attempts=1 open=1\n", "450, PASS NEW, DISCONNECT");
	ends(REJECT("12", "450", "greylist") REJECT("12", "450", "greylist")
	     PS("13", "ps_hangup", "stage=late") PS("13", "ps_disconnect", ""),
	    SESSION("13", "action=hangup outcome=deferred_incomplete attempts=2 seconds=3\n")
	    "12 reconnect ip=192.0.2.1 attempts=1 open=1\n", "450, HANGUP");
	ends(PS("11", "ps_dnsbl", "rank=3") PS("11", "ps_pregreet", "")
	     REJECT("12", "550", "dnsbl") PS("13", "ps_disconnect", ""),
	    SESSION("13", "action=pregreet+dnsbl outcome=rejected_enforce rank=3 "
	    "attempts=1 seconds=3\n"), "enforce");
	ends(PS("11", "ps_violation", "action=pipelining") PS("13", "ps_disconnect", ""),
	    SESSION("13", "action=pipelining outcome=rejected_drop attempts=0 seconds=3\n"),
	    "drop");
	ends(PS("11", "ps_list", "action=deny") PS("13", "ps_disconnect", ""),
	    SESSION("13", "action=deny outcome=rejected_drop attempts=0 seconds=3\n"),
	    "denylisted");
	ends(PS("11", "ps_limit", "action=time") PS("13", "ps_disconnect", ""),
	    SESSION("13", "action=time_limit outcome=limited attempts=0 seconds=3\n"),
	    "a time limit");
	ends(PS("11", "ps_reject", "stage=CONNECT reason=rate") PS("13", "ps_disconnect", ""),
	    SESSION("13", "outcome=limited attempts=0 seconds=3\n"), "too many connections");
	ends(PS("11", "ps_hangup", "stage=early") PS("13", "ps_disconnect", ""),
	    SESSION("13", "action=hangup outcome=left attempts=0 seconds=3\n"), "hung up");
	ends(PS("12", "ps_hangup", "stage=early"),
	    SESSION("12", "action=hangup outcome=open attempts=0 seconds=2 open=1\n"),
	    "the log ends");
}

/* Daemon names were cut off: tlsproxy's lines look like postscreen's. */
static void
cut_off_names(void)
{
	log_is("10 ps_connect pid=5 ip=192.0.2.1 port=4711 server_ip=203.0.113.1\n"
	       "11 ps_connect pid=6 ip=192.0.2.1 port=4711\n"
	       "12 ps_disconnect pid=6 ip=192.0.2.1 port=4711\n"
	       "13 ps_hangup pid=5 ip=192.0.2.1 port=4711\n"
	       "14 ps_disconnect pid=5 ip=192.0.2.1 port=4711\n",
	    "14 session pid=5 ip=192.0.2.1 port=4711 server_ip=203.0.113.1 action=hangup "
	    "outcome=left attempts=0 seconds=4\n", "tlsproxy is told by its process id");
	log_is("11 ps_connect pid=6 ip=192.0.2.1 port=4711\n"
	       "12 ps_disconnect pid=6 ip=192.0.2.1 port=4711\n", "", "... and alone");
}

#define AT(t, port, kind, rest)                                                             \
	t " " kind " daemon=postscreen pid=5 ip=192.0.2.1 port=" port " " rest "\n"
#define DEFER(t, port) AT(t, port, "ps_reject", "stage=RCPT code=450 reason=greylist")
#define NEW(t, port) AT(t, port, "ps_pass", "action=new")
#define GONE(t, port) AT(t, port, "ps_disconnect", "")
#define OLD(t, port) AT(t, port, "ps_pass", "action=old")

/* How many reconnects LOG has. */
static void
reconnects(const char *log, int64_t want, const char *what)
{
	struct log_piece piece;
	char *copy = xstrdup(log);

	log_begin(&piece, &track_limits_default, true);
	for (char *p = copy, *end; *p; p = end + 1) {
		const char *line = p;

		end = strchr(p, '\n');
		*end = '\0';
		log_feed(&piece, &line, 1);
		buf_clear(&piece.text);
	}
	track_finish(piece.track, 0, SIZE_MAX, &piece.out);
	log_flush(&piece);
	is_number((int64_t)track_stats(piece.track).reconnects, want, what);
	track_free(piece.track);
	track_out_free(&piece.out);
	symbols_free(&piece.symbols);
	buf_done(&piece.text);
	free(copy);
}

static void
coming_back(void)
{
	log_is(DEFER("10", "1") DEFER("11", "1") GONE("12", "1") DEFER("300", "2")
	       GONE("301", "2") OLD("600", "3") OLD("700", "4"),
	    "12 session pid=5 ip=192.0.2.1 port=1 outcome=deferred_incomplete attempts=2\n"
	    "301 session pid=5 ip=192.0.2.1 port=2 outcome=deferred_incomplete attempts=1\n"
	    "600 session pid=5 ip=192.0.2.1 port=3 outcome=passed_old attempts=0\n"
	    "600 reconnect ip=192.0.2.1 attempts=2 seconds=590\n"
	    "700 session pid=5 ip=192.0.2.1 port=4 outcome=passed_old attempts=0\n",
	    "the first 450 to the first pass");
	reconnects(DEFER("10", "1") NEW("11", "1") GONE("11", "1") OLD("99", "2")
	           DEFER("200", "3") NEW("201", "3") GONE("201", "3") OLD("500", "4"),
	    2, "after a pass it starts anew");
	log_is(DEFER("10", "1") NEW("11", "1") GONE("11", "1") NEW("40", "2")
	       DEFER("9999", "3"),
	    "11 session pid=5 ip=192.0.2.1 port=1 outcome=deferred attempts=1\n"
	    "40 session pid=5 ip=192.0.2.1 port=2 outcome=passed_new attempts=0\n"
	    "40 reconnect ip=192.0.2.1 attempts=1 seconds=30\n"
	    "9999 session pid=5 ip=192.0.2.1 port=3 outcome=open attempts=1 open=1\n"
	    "9999 reconnect ip=192.0.2.1 attempts=1 open=1\n",
	    "PASS NEW is a pass unless DISCONNECT follows");
	log_is("1 ps_list daemon=postscreen pid=5 ip=192.0.2.1 port=9 action=allow\n",
	    "1 session pid=5 ip=192.0.2.1 port=9 outcome=allowlisted attempts=0\n",
	    "who was never deferred does not come back");
}

/* A client that is let wait for hours has one session; one that never ends is told. */
static void
silence(void)
{
	log_is("10 ps_connect daemon=postscreen pid=5 ip=192.0.2.1 port=1\n"
	       "20 ps_connect daemon=postscreen pid=5 ip=192.0.2.2 port=2\n"
	       "25000 ps_connect daemon=postscreen pid=5 ip=192.0.2.3 port=3\n"
	       "25100 ps_disconnect daemon=postscreen pid=5 ip=192.0.2.1 port=1\n"
	       "25110 ps_disconnect daemon=postscreen pid=5 ip=192.0.2.3 port=3\n",
	    "20 session pid=5 ip=192.0.2.2 port=2 outcome=open attempts=0 seconds=0 open=1\n"
	    "25100 session pid=5 ip=192.0.2.1 port=1 outcome=left attempts=0 seconds=25090\n"
	    "25110 session pid=5 ip=192.0.2.3 port=3 outcome=left attempts=0 seconds=110\n",
	    "silent for seven hours");
}

/* More sessions of one address than are found without a hash, each with a port. */
static void
many_of_one_address(void)
{
	struct buf log = BUF_INIT(BUF_UNLIMITED), want = BUF_INIT(BUF_UNLIMITED);

	for (int i = 11; i < 31; i++)
		buf_printf(&log,
		    "%d ps_connect daemon=postscreen pid=5 ip=192.0.2.1 port=%d\n", i, i);
	/* The first of all fails a test, and is handed off for that. */
	buf_printf(&log, "31 ps_pregreet daemon=postscreen pid=5 ip=192.0.2.1 port=11\n"
	    "32 connect daemon=smtpd pid=7 ip=192.0.2.1\n");
	buf_printf(&want, "32 session pid=5 ip=192.0.2.1 port=11 action=pregreet "
	    "outcome=ignored_fail attempts=0 seconds=21\n");
	for (int i = 12; i < 31; i++) {
		int port = 12 + (i - 12) * 7 % 19;

		buf_printf(&log, "%d ps_disconnect daemon=postscreen pid=5 ip=192.0.2.1 "
		    "port=%d\n", 28 + i, port);
		buf_printf(&want, "%d session pid=5 ip=192.0.2.1 port=%d outcome=left "
		    "attempts=0 seconds=%d\n", 28 + i, port, 28 + i - port);
	}
	buf_char(&log, '\0');
	buf_char(&want, '\0');
	log_is(log.p, want.p, "twenty sessions of one address");
	buf_done(&log);
	buf_done(&want);
}

#define OF(t, kind, port) t " " kind " daemon=postscreen pid=5 ip=192.0.2.1 port=" port "\n"

/* One of several of an address ends that is neither the first nor the last to begin. */
static void
end_between(void)
{
	log_is(OF("10", "ps_pregreet", "1") OF("11", "ps_hangup", "2")
	       OF("12", "ps_hangup", "3") OF("13", "ps_disconnect", "2")
	       "14 connect daemon=smtpd pid=7 ip=192.0.2.1\n" OF("15", "ps_disconnect", "3"),
	    "13 session pid=5 ip=192.0.2.1 port=2 action=hangup outcome=left attempts=0\n"
	    "14 session pid=5 ip=192.0.2.1 port=1 action=pregreet outcome=ignored_fail "
	    "attempts=0\n"
	    "15 session pid=5 ip=192.0.2.1 port=3 action=hangup outcome=left attempts=0\n",
	    "one ends between two others, and who failed is still known");
}

static void
limits(void)
{
	const struct track_limits small = {2, 2, 2, 2};
	struct log_piece piece;
	char line[128];
	const char *lines = line;

	log_begin(&piece, &small, true);
	for (int i = 0; i < 100; i++) {
		snprintf(line, sizeof(line), "%d ps_reject daemon=postscreen "
		    "ip=192.0.2.%d port=1 stage=RCPT reason=greylist code=450", i, i);
		log_feed(&piece, &lines, 1);
		snprintf(line, sizeof(line),
		    "%d auth_failure daemon=smtpd pid=%d ip=192.0.2.%d", i, i, i);
		log_feed(&piece, &lines, 1);
	}
	is_number((int64_t)track_stats(piece.track).evicted_sessions, 98, "sessions evicted");
	is_number((int64_t)track_stats(piece.track).evicted_clients, 98, "clients evicted");
	is_number((int64_t)track_stats(piece.track).evicted_connections, 98,
	    "connections evicted");
	is_number((int64_t)track_stats(piece.track).sessions, 98, "... and told");
	is_number((int64_t)track_stats(piece.track).reconnects, 98, "... as never come back");
	free(log_end(&piece, 100));
}

int
main(void)
{
	handoffs();
	refusals();
	cut_off_names();
	coming_back();
	silence();
	many_of_one_address();
	end_between();
	limits();
	return tap_done();
}
