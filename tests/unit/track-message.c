/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages: from the client to the last delivery, once, filters and all.
 */
#include "unit/track-log.h"

#define ACCEPT(t, q) t " accept daemon=smtpd pid=7 qid=" q " ip=192.0.2.1 name=a.example\n"
#define MSGID(t, q, id) t " message_id daemon=cleanup qid=" q " msgid=<" id "@a.example>\n"
#define QUEUED(t, q) t " queued daemon=qmgr qid=" q " sender=s@a.example size=300 nrcpt=1\n"
#define TO(t, q, rcpt, status, delay, rest)                                                 \
	t " delivery daemon=virtual qid=" q " recipient=" rcpt "@b.example status=" status    \
	  " delay=" delay " " rest "\n"
#define REMOVED(t, q) t " removed daemon=qmgr qid=" q "\n"

static void
plain(void)
{
	log_is(ACCEPT("10", "A1") MSGID("11", "A1", "x") QUEUED("12", "A1")
	       TO("13", "A1", "bob", "sent", "3", "") REMOVED("14", "A1"),
	    "14 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example "
	    "recipient=bob@b.example size=300 nrcpt=1 delay=3 status=sent msgid=<x@a.example> "
	    "seconds=4 delivered=1 deferred=0 bounced=0\n",
	    "a message");
	log_is("10 submitted daemon=pickup qid=A1 uid=33 sender=www@a.example\n"
	       MSGID("11", "A1", "x") QUEUED("12", "A1")
	       TO("13", "A1", "bob", "sent", "3", "orig_recipient=root@b.example")
	       REMOVED("14", "A1"),
	    "14 message qid=A1 sender=s@a.example recipient=bob@b.example "
	    "orig_recipient=root@b.example size=300 nrcpt=1 delay=3 status=sent "
	    "msgid=<x@a.example> uid=33 seconds=4 delivered=1 deferred=0 bounced=0\n",
	    "a local one");
	log_is("10 message_id daemon=cleanup qid=B1 msgid=<b@b.example>\n"
	       "11 queued daemon=qmgr qid=B1 sender= size=99 nrcpt=1\n"
	       TO("12", "B1", "bob", "sent", "2", "") REMOVED("12", "B1"),
	    "12 message qid=B1 sender= recipient=bob@b.example size=99 nrcpt=1 delay=2 "
	    "status=sent msgid=<b@b.example> seconds=2 delivered=1 deferred=0 bounced=0\n",
	    "a bounce, from the null sender");
	log_is("10 accept pid=7 daemon=smtpd qid=A1 ip=192.0.2.1 port=4711 user=bob "
	       "mechanism=PLAIN\n" QUEUED("12", "A1") REMOVED("14", "A1"),
	    "10 attempt pid=7 ip=192.0.2.1 port=4711 user=bob mechanism=PLAIN "
	    "outcome=success\n"
	    "14 message ip=192.0.2.1 port=4711 qid=A1 user=bob mechanism=PLAIN "
	    "sender=s@a.example size=300 nrcpt=1 seconds=4 delivered=0 deferred=0 bounced=0\n",
	    "a login");
	log_is("10 accept daemon=exim qid=E1 ip=192.0.2.1 sender=s@a.example size=300 nrcpt=1 "
	       "msgid=x@a.example\n" TO("13", "E1", "bob", "sent", "3", "")
	       REMOVED("14", "E1"),
	    "14 message ip=192.0.2.1 qid=E1 sender=s@a.example recipient=bob@b.example "
	    "size=300 nrcpt=1 delay=3 status=sent msgid=x@a.example seconds=4 delivered=1 "
	    "deferred=0 bounced=0\n",
	    "Exim tells the envelope at once");
}

static void
statuses(void)
{
	log_is(ACCEPT("10", "A1") QUEUED("12", "A1") TO("13", "A1", "bob", "deferred", "3", "")
	       TO("13", "A1", "eve", "sent", "1", "") QUEUED("90", "A1")
	       TO("91", "A1", "bob", "sent", "81", "") REMOVED("92", "A1"),
	    "92 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example size=300 "
	    "nrcpt=1 delay=81 status=sent seconds=82 delivered=2 deferred=0 bounced=0\n",
	    "the last status of each recipient");
	log_is(ACCEPT("10", "A1") QUEUED("12", "A1") TO("13", "A1", "bob", "deferred", "3", "")
	       TO("13", "A1", "eve", "sent", "1", "")
	       "90 expired daemon=qmgr qid=A1 status=expired\n" REMOVED("92", "A1"),
	    "92 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example size=300 "
	    "nrcpt=1 delay=1 status=bounced seconds=82 delivered=1 deferred=0 bounced=1\n",
	    "an expired message bounced");
	log_is(ACCEPT("10", "A1") QUEUED("12", "A1") TO("13", "A1", "bob", "deferred", "3", "")
	       TO("14", "A1", "eve", "bounced", "1", ""),
	    "14 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example size=300 "
	    "nrcpt=1 delay=1 status=bounced seconds=4 delivered=0 deferred=1 bounced=1 "
	    "open=1\n",
	    "still in the queue at the end");
	log_is(ACCEPT("10", "A1") QUEUED("12", "A1")
	       TO("13", "A1", "bob", "undeliverable", "1", "") REMOVED("14", "A1"),
	    "", "an address probe is no mail");
}

static void
never_queued(void)
{
	log_is(ACCEPT("10", "A1") MSGID("11", "A1", "x"), "", "hung up before the end");
	log_is(ACCEPT("10", "A1") "11 removed daemon=cleanup qid=A1\n", "", "cancelled");
	log_is(ACCEPT("10", "A1")
	       "11 milter daemon=cleanup qid=A1 action=milter-reject stage=END-OF-MESSAGE\n"
	       REMOVED("12", "A1"), "", "refused by a milter");
	log_is(ACCEPT("10", "A1") "11 content daemon=cleanup qid=A1 action=reject\n", "",
	    "refused by its content");
	log_is(ACCEPT("10", "NOQUEUE") QUEUED("12", "NOQUEUE"), "", "NOQUEUE is no id");
	log_is(ACCEPT("10", "A1")
	       "11 milter daemon=smtpd qid=A1 action=milter-reject stage=RCPT\n"
	       QUEUED("12", "A1") REMOVED("12", "A1"),
	    "12 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example size=300 "
	    "nrcpt=1 seconds=2 delivered=0 deferred=0 bounced=0\n",
	    "a recipient refused is not the message");
}

static void
reuse(void)
{
	log_is(ACCEPT("10", "A1") QUEUED("12", "A1") ACCEPT("20", "A1") QUEUED("22", "A1")
	       REMOVED("24", "A1"),
	    "12 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example size=300 "
	    "nrcpt=1 seconds=2 delivered=0 deferred=0 bounced=0 open=1\n"
	    "24 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example size=300 "
	    "nrcpt=1 seconds=4 delivered=0 deferred=0 bounced=0\n",
	    "an id is used again while live");
	log_is(ACCEPT("10", "A1") QUEUED("12", "A1") MSGID("20", "A1", "y") QUEUED("22", "A1")
	       REMOVED("24", "A1"),
	    "12 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example size=300 "
	    "nrcpt=1 seconds=2 delivered=0 deferred=0 bounced=0 open=1\n"
	    "24 message qid=A1 sender=s@a.example size=300 nrcpt=1 msgid=<y@a.example> "
	    "seconds=4 delivered=0 deferred=0 bounced=0\n",
	    "... by a bounce");
	log_is(QUEUED("12", "A1") TO("13", "A1", "bob", "sent", "9", "") REMOVED("14", "A1"),
	    "14 message qid=A1 sender=s@a.example recipient=bob@b.example size=300 nrcpt=1 "
	    "delay=9 status=sent delivered=1 deferred=0 bounced=0\n",
	    "older than the log: nobody knows how long");
	log_is("1 queued qid=A1 sender=s@a.example host=mx2\n" REMOVED("2", "A1")
	       "3 removed qid=A1 host=mx2\n",
	    "3 message qid=A1 sender=s@a.example delivered=0 deferred=0 bounced=0\n",
	    "ids of another host are others");
}

/* More recipients than are looked for one by one, each retried. */
static void
many(void)
{
	struct buf log = BUF_INIT(BUF_UNLIMITED);

	buf_printf(&log, ACCEPT("10", "A1") QUEUED("12", "A1"));
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 1000; i++)
			buf_printf(&log, "%d delivery daemon=smtp qid=A1 recipient=r%d "
			    "status=%s\n", 20 + round, i,
			    round && i % 2 ? "sent" : "deferred");
	buf_char(&log, '\0');
	log_is(log.p, "21 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example "
	    "size=300 nrcpt=1 status=deferred seconds=11 delivered=500 deferred=500 "
	    "bounced=0 open=1\n",
	    "a thousand recipients");
	buf_done(&log);
}

#define FILTER(t, q, rcpt, next)                                                            \
	t " delivery daemon=smtp qid=" q " recipient=" rcpt "@b.example status=sent delay=1 " \
	  "relay_ip=127.0.0.1 next_qid=" next "\n"
#define PIPE(t, q, rcpt)                                                                    \
	t " delivery daemon=pipe qid=" q " recipient=" rcpt "@b.example status=sent delay=1\n"
#define REINJECT(t, q) t " accept daemon=smtpd pid=9 qid=" q " ip=127.0.0.1\n"
#define PICKUP(t, q, uid) t " submitted daemon=pickup qid=" q " uid=" uid "\n"

#define MERGED(t, q, delay, seconds)                                                        \
	t " message ip=192.0.2.1 name=a.example qid=" q " sender=s@a.example "                \
	  "recipient=bob@b.example size=300 nrcpt=1 delay=" delay " status=sent "             \
	  "msgid=<x@a.example> seconds=" seconds " delivered=1 deferred=0 bounced=0\n"

static void
named_hops(void)
{
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       REINJECT("11", "B1") MSGID("11", "B1", "x") QUEUED("11", "B1")
	       FILTER("12", "A1", "bob", "B1") REMOVED("12", "A1")
	       TO("13", "B1", "bob", "sent", "2", "") REMOVED("13", "B1"),
	    MERGED("13", "A1", "2", "3"), "through a filter and back");
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       REINJECT("11", "B1") MSGID("11", "B1", "x") QUEUED("11", "B1")
	       TO("12", "B1", "bob", "sent", "2", "") REMOVED("13", "B1")
	       FILTER("14", "A1", "bob", "B1") REMOVED("14", "A1"),
	    MERGED("14", "A1", "2", "4"), "delivered before the filter's answer is logged");
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       REINJECT("11", "B1") MSGID("11", "B1", "x") QUEUED("11", "B1")
	       REINJECT("12", "C1") MSGID("12", "C1", "x") QUEUED("12", "C1")
	       FILTER("13", "B1", "bob", "C1") REMOVED("13", "B1")
	       FILTER("14", "A1", "bob", "B1") REMOVED("14", "A1")
	       TO("15", "C1", "bob", "sent", "2", "") REMOVED("16", "C1"),
	    MERGED("16", "A1", "2", "6"), "two filters");
	log_is(ACCEPT("10", "A1") QUEUED("10", "A1")
	       "11 delivery daemon=smtp qid=A1 recipient=bob@b.example status=sent delay=1 "
	       "relay_ip=203.0.113.5 next_qid=B1\n" REMOVED("11", "A1")
	       ACCEPT("12", "B1") QUEUED("12", "B1") REMOVED("12", "B1"),
	    "11 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example "
	    "recipient=bob@b.example size=300 nrcpt=1 delay=1 status=sent seconds=1 "
	    "delivered=1 deferred=0 bounced=0\n"
	    "12 message ip=192.0.2.1 name=a.example qid=B1 sender=s@a.example size=300 "
	    "nrcpt=1 seconds=0 delivered=0 deferred=0 bounced=0\n",
	    "a remote server names an id that is none of ours");
	log_is(ACCEPT("10", "B1") QUEUED("10", "B1") ACCEPT("11", "A1") QUEUED("11", "A1")
	       FILTER("12", "A1", "bob", "B1") REMOVED("13", "A1") REMOVED("14", "B1"),
	    "13 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example "
	    "recipient=bob@b.example size=300 nrcpt=1 delay=1 status=sent seconds=2 "
	    "delivered=1 deferred=0 bounced=0\n"
	    "14 message ip=192.0.2.1 name=a.example qid=B1 sender=s@a.example size=300 "
	    "nrcpt=1 seconds=4 delivered=0 deferred=0 bounced=0\n",
	    "an older message is no hop");
	log_is(ACCEPT("10", "A1") QUEUED("10", "A1")
	       "11 message_id daemon=cleanup qid=B1 msgid=<x@a.example>\n" QUEUED("11", "B1")
	       "12 delivery daemon=local qid=A1 recipient=list@b.example status=sent delay=1 "
	       "next_qid=B1\n" REMOVED("12", "A1")
	       TO("13", "B1", "bob", "sent", "2", "") TO("13", "B1", "eve", "bounced", "2", "")
	       REMOVED("13", "B1"),
	    "13 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example size=300 "
	    "nrcpt=1 delay=2 status=bounced seconds=3 delivered=1 deferred=0 bounced=1\n",
	    "forwarded by local");
}

/* What a filter at RELAY answered; mail that came in by FROM; what is told of mail alone. */
#define AFAR(t, q, relay, next)                                                             \
	t " delivery daemon=smtp qid=" q " recipient=bob@b.example status=sent delay=1 "      \
	  "relay_ip=" relay " next_qid=" next "\n"
#define FROM(t, q, rest) t " accept daemon=smtpd pid=9 qid=" q " " rest "\n"
#define APART(t, q, from, msgid, delay, seconds)                                            \
	t " message " from " qid=" q " sender=s@a.example recipient=bob@b.example size=300 "  \
	  "nrcpt=1 delay=" delay " status=sent msgid=<" msgid "@a.example> seconds=" seconds  \
	  " delivered=1 deferred=0 bounced=0\n"

/* A1 was sent to RELAY, which said B1: that came by FROM with MSGID and left FIRST or not. */
static void
afar(const char *relay, const char *from, const char *msgid, bool first, bool is_one)
{
	const char *end = TO("12", "B1", "bob", "sent", "2", "") REMOVED("14", "B1");
	char *log = xasprintf(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	    FROM("11", "B1", "%s") MSGID("11", "B1", "%s") QUEUED("11", "B1") "%s"
	    AFAR("14", "A1", "%s", "B1") REMOVED("14", "A1") "%s",
	    from, msgid, first ? end : "", relay, first ? "" : end);
	char *apart = xasprintf(
	    APART("14", "A1", "ip=192.0.2.1 name=a.example", "x", "1", "4")
	    APART("14", "B1", "%s", "%s", "2", "3"), from, msgid);
	char *what = xasprintf("by %s and back from %s with <%s>%s", relay, from, msgid,
	    first ? ", which left first" : "");

	log_is(log, is_one ? MERGED("14", "A1", "2", "4") : apart, what);
	free(log);
	free(apart);
	free(what);
}

static void
hops_afar(void)
{
	static const struct {
		const char *relay, *from, *msgid;
		bool is_one;
	} cases[] = {
		{"10.0.0.5", "ip=10.0.0.5", "x", true},
		{"192.168.1.5", "ip=172.31.255.5", "x", true},
		{"fd00::5", "ip=fe80::5", "x", true},
		{"::ffff:169.254.0.5", "ip=100.64.0.5", "x", true},
		{"127.0.0.1", "ip=10.0.0.5", "x", true},
		{"203.0.113.5", "ip=10.0.0.5", "x", false},
		{"172.32.0.5", "ip=10.0.0.5", "x", false},
		{"2001:db8::5", "ip=fd00::5", "x", false},
		{"10.0.0.5", "ip=203.0.113.5", "x", false},
		{"10.0.0.5", "ip=11.0.0.5", "x", false},
		{"10.0.0.5", "ip=2001:db8::5", "x", false},
		{"10.0.0.5", "name=filter.test", "x", false},
		{"10.0.0.5", "ip=192.0.2.9 text=orig_client=c.test[192.0.2.9]", "x", true},
		{"10.0.0.5", "ip=10.0.0.5", "y", false},
		{"10.0.0.5", "ip=203.0.113.5", "y", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (unsigned first = 0; first < 2; first++)
			afar(cases[i].relay, cases[i].from, cases[i].msgid, first,
			    cases[i].is_one);
}

#define ONE_OF_TWO                                                                          \
	"14 message ip=192.0.2.1 name=a.example qid=A1 sender=s@a.example "                   \
	"recipient=bob@b.example size=300 nrcpt=1 delay=1 status=sent seconds=4 "             \
	"delivered=1 deferred=0 bounced=0\n"

static void
no_hops_afar(void)
{
	log_is(ACCEPT("10", "A1") QUEUED("10", "A1") FROM("11", "B1", "ip=10.0.0.5")
	       QUEUED("11", "B1") AFAR("14", "A1", "10.0.0.5", "B1") REMOVED("14", "A1")
	       REMOVED("14", "B1"),
	    ONE_OF_TWO "14 message ip=10.0.0.5 qid=B1 sender=s@a.example size=300 nrcpt=1 "
	    "seconds=3 delivered=0 deferred=0 bounced=0\n",
	    "without a Message-ID there is no proof");
	log_is(FROM("10", "B1", "ip=10.0.0.5") MSGID("10", "B1", "x") QUEUED("10", "B1")
	       ACCEPT("11", "A1") MSGID("11", "A1", "x") QUEUED("11", "A1")
	       AFAR("13", "A1", "10.0.0.5", "B1") REMOVED("13", "A1")
	       TO("13", "B1", "bob", "sent", "3", "") REMOVED("13", "B1"),
	    APART("13", "A1", "ip=192.0.2.1 name=a.example", "x", "1", "2")
	    APART("13", "B1", "ip=10.0.0.5", "x", "3", "3"), "an older message is no hop");
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       FROM("11", "B1", "ip=10.0.0.5") MSGID("11", "B1", "y") QUEUED("11", "B1")
	       TO("12", "B1", "bob", "sent", "2", "") REMOVED("13", "B1")
	       AFAR("14", "A1", "127.0.0.1", "B1") REMOVED("14", "A1"),
	    APART("13", "B1", "ip=10.0.0.5", "y", "2", "2")
	    APART("14", "A1", "ip=192.0.2.1 name=a.example", "x", "1", "4"),
	    "not even this host names what is over, with another Message-ID");
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       ACCEPT("10", "A2") MSGID("10", "A2", "x") QUEUED("10", "A2")
	       FROM("11", "B1", "ip=10.0.0.5") MSGID("11", "B1", "x") QUEUED("11", "B1")
	       AFAR("12", "A1", "10.0.0.5", "B1") AFAR("12", "A2", "10.0.0.5", "B1")
	       TO("13", "B1", "bob", "sent", "2", "") REMOVED("14", "A1")
	       REMOVED("14", "A2") REMOVED("14", "B1"),
	    MERGED("14", "A1", "2", "4")
	    APART("14", "A2", "ip=192.0.2.1 name=a.example", "x", "1", "4"),
	    "whoever names a hop first has it");
}

#define PROXY(t, q, user)                                                                   \
	t " policy daemon=smtpd pid=7 action=proxy-accept next_qid=" q " user=" user "\n"
#define BY(t, q, from, seconds)                                                             \
	t " message " from " sender=s@a.example size=300 nrcpt=1 seconds=" seconds            \
	  " delivered=0 deferred=0 bounced=0\n"

/* Who logged in to the server in front of the filter. */
static void
before_queue(void)
{
	static const char forwarded[] = "ip=192.0.2.1 text=orig_client=a.example[192.0.2.1]";
	char *log = xasprintf(FROM("10", "B1", "%s") QUEUED("10", "B1")
	    PROXY("11", "B1", "joe") PROXY("11", "B2", "eve") REMOVED("12", "B1")
	    PROXY("13", "B1", "eve"), forwarded);

	log_is(log, BY("12", "B1", "ip=192.0.2.1 qid=B1 user=joe", "2"),
	    "the filter's client logged in");
	free(log);
	log_is(FROM("10", "B1", "ip=127.0.0.1") QUEUED("10", "B1") PROXY("11", "B1", "joe")
	       PROXY("11", "B1", "eve") REMOVED("12", "B1"),
	    BY("12", "B1", "ip=127.0.0.1 qid=B1 user=joe", "2"), "... of a silent filter");
	log_is(FROM("10", "B1", "ip=192.0.2.9") QUEUED("10", "B1") PROXY("11", "B1", "joe")
	       REMOVED("12", "B1"),
	    BY("12", "B1", "ip=192.0.2.9 qid=B1", "2"),
	    "what came from no filter is nobody's");
}

/* How many messages have been told of, after LINES? */
static int64_t
told_of(const char *const *lines, size_t count)
{
	const uint64_t none[2] = {0, 0};
	struct log_piece piece;
	int64_t told;

	log_begin(&piece, &track_limits_default, true);
	track_wants(piece.track, KIND_message, none);
	log_feed(&piece, lines, count);
	told = (int64_t)track_stats(piece.track).messages;
	free(log_end(&piece, 20));
	return told;
}

/* Only where its Message-ID says that it may be a hop, mail of the own network waits. */
static void
waiting_afar(void)
{
	static const char *const lines[] = {
		"10 accept daemon=smtpd pid=7 qid=A1 ip=192.0.2.1", "10 message_id qid=A1 "
		"msgid=<x>", "10 queued qid=A1",
		"11 accept daemon=smtpd pid=9 qid=B1 ip=10.0.0.5", "11 message_id qid=B1 "
		"msgid=<x>", "11 queued qid=B1", "12 removed qid=B1",
		"13 accept daemon=smtpd pid=9 qid=B2 ip=10.0.0.5", "13 message_id qid=B2 "
		"msgid=<y>", "13 queued qid=B2", "14 removed qid=B2",
		"15 removed qid=A1",
		"620 accept daemon=smtpd pid=9 qid=B3 ip=192.0.2.1",
	};

	is_number(told_of(lines, 7), 0, "it may be a hop of the one that is under way");
	is_number(told_of(lines, 11), 1, "with another Message-ID it is told at once");
	is_number(told_of(lines, 12), 2, "... and the other one");
	is_number(told_of(lines, 13), 3, "and the first when nothing came");
}

static void
guessed_hops(void)
{
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       PICKUP("11", "B1", "500") PIPE("12", "A1", "alias") REMOVED("12", "A1")
	       MSGID("13", "B1", "x") QUEUED("13", "B1") TO("14", "B1", "bob", "sent", "2", "")
	       REMOVED("15", "B1"),
	    MERGED("15", "A1", "2", "5"), "through a pipe and back by sendmail");
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       PICKUP("11", "B1", "500") MSGID("11", "B1", "x") QUEUED("11", "B1")
	       PIPE("12", "A1", "bob") REMOVED("12", "A1")
	       PICKUP("13", "C1", "501") MSGID("13", "C1", "x") QUEUED("13", "C1")
	       PIPE("14", "B1", "bob") REMOVED("14", "B1") PIPE("15", "C1", "bob")
	       REMOVED("16", "C1"),
	    MERGED("16", "A1", "1", "6"), "two pipes, and a third one delivers");
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       TO("11", "A1", "bob", "sent", "1", "") REMOVED("11", "A1")
	       PICKUP("12", "B1", "33") MSGID("12", "B1", "x") QUEUED("12", "B1")
	       REMOVED("13", "B1"),
	    MERGED("11", "A1", "1", "1")
	    "13 message qid=B1 sender=s@a.example size=300 nrcpt=1 msgid=<x@a.example> uid=33 "
	    "seconds=1 delivered=0 deferred=0 bounced=0\n",
	    "the same Message-ID, but no filter");
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       PICKUP("12", "B1", "33") MSGID("12", "B1", "x") QUEUED("12", "B1")
	       TO("13", "A1", "bob", "sent", "1", "") REMOVED("13", "A1") REMOVED("14", "B1"),
	    MERGED("13", "A1", "1", "3")
	    "14 message qid=B1 sender=s@a.example size=300 nrcpt=1 msgid=<x@a.example> uid=33 "
	    "seconds=2 delivered=0 deferred=0 bounced=0\n",
	    "... and the first one still live");
	log_is(PICKUP("10", "A1", "33") MSGID("10", "A1", "x") PICKUP("11", "B1", "33")
	       MSGID("11", "B1", "x") QUEUED("12", "A1") PIPE("12", "A1", "bob")
	       REMOVED("12", "A1") QUEUED("13", "B1") PIPE("13", "B1", "eve")
	       REMOVED("13", "B1"),
	    "12 message qid=A1 sender=s@a.example recipient=bob@b.example size=300 nrcpt=1 "
	    "delay=1 status=sent msgid=<x@a.example> uid=33 seconds=2 delivered=1 deferred=0 "
	    "bounced=0\n"
	    "13 message qid=B1 sender=s@a.example recipient=eve@b.example size=300 nrcpt=1 "
	    "delay=1 status=sent msgid=<x@a.example> uid=33 seconds=2 delivered=1 deferred=0 "
	    "bounced=0\n",
	    "one user's script sends one Message-ID twice");
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       ACCEPT("10", "A2") MSGID("10", "A2", "x") QUEUED("10", "A2")
	       PICKUP("11", "B1", "500") MSGID("11", "B1", "x") QUEUED("11", "B1")
	       PICKUP("11", "B2", "500") MSGID("11", "B2", "x") QUEUED("11", "B2")
	       PIPE("12", "A1", "bob") PIPE("12", "A2", "bob") REMOVED("12", "A1")
	       REMOVED("12", "A2") TO("14", "B1", "bob", "sent", "2", "")
	       TO("14", "B2", "bob", "sent", "2", "") REMOVED("15", "B1") REMOVED("15", "B2"),
	    MERGED("15", "A1", "2", "5") MERGED("15", "A2", "2", "5"),
	    "two copies pass a filter together");
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       PIPE("12", "A1", "bob") REMOVED("12", "A1")
	       PICKUP("1000", "B1", "500") MSGID("1000", "B1", "x") QUEUED("1000", "B1")
	       REMOVED("1000", "B1"),
	    MERGED("12", "A1", "1", "2")
	    "1000 message qid=B1 sender=s@a.example size=300 nrcpt=1 msgid=<x@a.example> "
	    "uid=500 seconds=0 delivered=0 deferred=0 bounced=0\n",
	    "much later: another message");
}

static void
backlog(void)
{
	log_is(ACCEPT("10", "A1") MSGID("11", "A1", "x") QUEUED("12", "A1")
	       PICKUP("2000", "B1", "500") PIPE("2000", "A1", "bob") MSGID("2000", "B1", "x")
	       REMOVED("2000", "A1") QUEUED("2001", "B1")
	       TO("2002", "B1", "bob", "sent", "2", "") REMOVED("2002", "B1"),
	    MERGED("2002", "A1", "2", "1992"), "after half an hour's wait for the filter");
}

/* The guess goes to the wrong one of two copies; the name puts it right. */
static void
name_outweighs_guess(void)
{
	log_is(ACCEPT("10", "A1") MSGID("10", "A1", "x") QUEUED("10", "A1")
	       ACCEPT("10", "A2") MSGID("10", "A2", "x") QUEUED("10", "A2")
	       REINJECT("11", "B1") MSGID("11", "B1", "x") QUEUED("11", "B1")
	       FILTER("12", "A1", "bob", "B1") REMOVED("12", "A1")
	       TO("14", "B1", "bob", "sent", "2", "") REMOVED("15", "B1")
	       TO("16", "A2", "bob", "sent", "6", "") REMOVED("16", "A2"),
	    MERGED("15", "A1", "2", "5") MERGED("16", "A2", "6", "6"),
	    "a name outweighs a guess");
}

/* Where nobody asks for more, a message is told at once, and no more of it. */
static void
plain_part(void)
{
	static const char *const lines[] = {
		"1 accept daemon=smtpd pid=7 qid=A1 ip=192.0.2.1 name=a.example",
		"1 message_id qid=A1 msgid=<x@a.example>", "1 queued qid=A1 nrcpt=3",
		"2 delivery daemon=smtp qid=A1 recipient=a@b.example status=sent",
		"2 delivery daemon=smtp qid=A1 recipient=c@b.example status=deferred",
		"3 delivery daemon=smtp qid=A1 recipient=d@b.example status=sent",
		"4 delivery daemon=smtp qid=A1 recipient=c@b.example status=bounced",
		"5 removed qid=A1",
		"6 submitted daemon=pickup qid=A2 uid=1000", "6 queued qid=A2",
		"7 delivery daemon=smtp qid=A2 recipient=a@b.example status=sent",
		"8 removed qid=A2",
	};
	const uint64_t none[2] = {0, 0};
	struct log_piece piece;
	char *got;

	log_begin(&piece, &track_limits_default, true);
	track_wants(piece.track, KIND_message, none);
	log_feed(&piece, lines, 8);
	is_number((int64_t)track_stats(piece.track).messages, 1, "the plain part, at once");
	log_feed(&piece, lines + 8, sizeof(lines) / sizeof(*lines) - 8);
	is_number((int64_t)track_stats(piece.track).messages, 1, "but where a hop may come");
	got = log_end(&piece, 8);
	is_text(got, strlen(got),
	    "5 message ip=192.0.2.1 nrcpt=3 seconds=4 delivered=2 deferred=0 bounced=1\n"
	    "8 message nrcpt=1 uid=1000 seconds=2 delivered=1 deferred=0 bounced=0\n",
	    "... and nothing else");
	free(got);
}

static void
limits(void)
{
	static const char *const lines[] = {
		"1 accept daemon=smtpd pid=7 qid=A1 ip=192.0.2.1", "1 queued qid=A1",
		"2 accept daemon=smtpd pid=7 qid=A2 ip=192.0.2.1", "2 queued qid=A2",
		"3 queued qid=A1",
		"4 accept daemon=smtpd pid=7 qid=A3 ip=192.0.2.1", "4 queued qid=A3",
		"5 removed qid=A1", "5 removed qid=A2", "5 removed qid=A3",
		"9 accept daemon=smtpd pid=7 qid=A4 ip=192.0.2.1",
	};
	const struct track_limits small = {2, 2, 2, 2};
	struct log_piece piece;
	char *got;

	log_begin(&piece, &small, true);
	log_feed(&piece, lines, sizeof(lines) / sizeof(*lines));
	is_number((int64_t)track_stats(piece.track).evicted_messages, 1, "one is evicted");
	is_number((int64_t)track_stats(piece.track).messages, 3, "all are emitted");
	got = log_end(&piece, 5);
	is_text(got, strlen(got),
	    "2 message ip=192.0.2.1 qid=A2 seconds=0 delivered=0 deferred=0 bounced=0 open=1\n"
	    "5 message ip=192.0.2.1 qid=A1 seconds=4 delivered=0 deferred=0 bounced=0\n"
	    "5 message ip=192.0.2.1 qid=A3 seconds=1 delivered=0 deferred=0 bounced=0\n",
	    "the one longest not spoken of, as open");
	free(got);
}

int
main(void)
{
	plain();
	statuses();
	never_queued();
	reuse();
	many();
	named_hops();
	hops_afar();
	no_hops_afar();
	waiting_afar();
	before_queue();
	guessed_hops();
	backlog();
	name_outweighs_guess();
	plain_part();
	limits();
	return tap_done();
}
