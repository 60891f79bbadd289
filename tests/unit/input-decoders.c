/* SPDX-License-Identifier: Apache-2.0
 *
 * Records of journald and containers become lines, whatever reads cut apart and
 * whatever outsiders put into them.
 */
#include "input-kit.h"

/* When the files of these tests were written. */
#define WHEN INT64_C(1795175893587668)

/* TEXT, recognised and decoded in pieces of any size, is WANT. */
static void
decodes(const struct decoder *decoder, struct str text, const char *want, const char *what)
{
	static const size_t pieces[] = {SIZE_MAX, 1, 2, 3, 7, 64};
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct err err;
	bool all = true;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		buf_clear(&got);
		all &= kit_drain(decoder_open(decoder, kit_layer(text, pieces[i], false),
		    WHEN), i % 2 ? 5 : 4096, &got, &err) == 0;
		all &= str_eq(buf_view(&got), str_of(want));
	}
	if (!ok(decoder_find(text) == decoder && all, "%s", what))
		printf("#      got: %.*s\n# expected: %s\n", STR_ARG(buf_view(&got)), want);
	buf_done(&got);
}

#define STAMP "\"__REALTIME_TIMESTAMP\":\"1795175893587668\",\"_HOSTNAME\":\"mx\","
#define LINE "2026-11-20T11:58:13.587668+00:00 mx "

static void
test_json(void)
{
	decodes(&decoder_journal_json,
	    STR("{" STAMP "\"SYSLOG_IDENTIFIER\":\"postfix/smtpd\",\"SYSLOG_PID\":\"123\","
	    "\"_PID\":\"9\",\"MESSAGE\":\"connect from unknown[192.0.2.1]\"}\n"
	    "{" STAMP "\"_COMM\":\"dovecot\",\"_PID\":\"9\",\"MESSAGE\":\"x\"}\n"),
	    LINE "postfix/smtpd[123]: connect from unknown[192.0.2.1]\n"
	    LINE "dovecot[9]: x\n", "json: identifier, pid, and what stands in for them");
	decodes(&decoder_journal_json,
	    STR("{" STAMP "\"SYSLOG_IDENTIFIER\":\"a\",\"MESSAGE\":[72,10,255,0,73]}\n"
	    "{" STAMP "\"SYSLOG_IDENTIFIER\":\"a\",\"MESSAGE\":null}\n"
	    "{" STAMP "\"SYSLOG_IDENTIFIER\":[\"b\",\"c\"],\"MESSAGE\":[\"one\",\"two\"]}\n"),
	    LINE "a: H#012\xff#000I\n" LINE "a: \n" LINE "b: one\n",
	    "json: bytes, null, fields set twice");
	decodes(&decoder_journal_json,
	    STR("{" STAMP "\"SYSLOG_IDENTIFIER\":\"a b\\nc\",\"SYSLOG_PID\":\"1]: x\","
	    "\"MESSAGE\":\"e\\nNov  5 09:08:07 mx postfix/smtpd[1]: FORGED\\u001b\"}\n"),
	    LINE "a_b_c: e#012Nov  5 09:08:07 mx postfix/smtpd[1]: FORGED#033\n",
	    "json: no field ends the line or moves the header");
	decodes(&decoder_journal_json,
	    STR("9\",\"MESSAGE\":\"torn\"}\n{" STAMP "\"MESSAGE\":\"x\"}\n{\"a\":1}\n[]\n\n"
	    "{" STAMP "\"MESSAGE\":[1,256]}\n{" STAMP "\"MESSAGE\":\"torn at the e"),
	    "9\",\"MESSAGE\":\"torn\"}\n" LINE "unknown: x\n{\"a\":1}\n[]\n\n"
	    "{" STAMP "\"MESSAGE\":[1,256]}\n{" STAMP "\"MESSAGE\":\"torn at the e",
	    "json: what is no record passes as it is");
	decodes(&decoder_journal_json,
	    STR("\x1e{" STAMP "\"MESSAGE\":\"x\"}\n\x1e{" STAMP "\"MESSAGE\":\"y\"}\n"),
	    LINE "unknown: x\n" LINE "unknown: y\n", "json-seq");
	decodes(&decoder_journal_json,
	    STR("data: {" STAMP "\"MESSAGE\":\"x\"}\n\n"
		"data: {" STAMP "\"MESSAGE\":\"y\"}\n\n"),
	    LINE "unknown: x\n\n" LINE "unknown: y\n\n", "json-sse");
	decodes(&decoder_journal_json,
	    STR("{\n\t" STAMP "\n\t\"MESSAGE\" : \"x\"\n}\n{\n\t\"MESSAGE\" : \"}\",\n" STAMP
	    "\"_PID\" : \"1\"\n}\n{\n\t\"a\" : 1\n}\n{\n\t\"torn\" : \"\"\n"),
	    LINE "unknown: x\n" LINE "unknown[1]: }\n"
	    "{\n\t\"a\" : 1\n}\n{\n\t\"torn\" : \"\"\n",
	    "json-pretty");
}

static void
test_long_json(void)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), got = BUF_INIT(BUF_UNLIMITED);
	struct err err;

	buf_str(&text, STR("{" STAMP "\"MESSAGE\":\"first\"}\n{" STAMP "\"MESSAGE\":\""));
	for (size_t i = 0; i < 3 * RECORD_MAX; i++)
		buf_char(&text, 'x');
	buf_str(&text, STR("\"}\n{" STAMP "\"MESSAGE\":\"last\"}\n"));
	kit_drain(decoder_open(&decoder_journal_json,
	    kit_layer(buf_view(&text), 5000, true), WHEN), 4096, &got, &err);
	ok(str_starts(buf_view(&got),
	    STR(LINE "unknown: first\n{" STAMP "\"MESSAGE\":\"xxx")) &&
	    str_ends(buf_view(&got), STR("xxx\"}\n" LINE "unknown: last\n")) &&
	    got.len > 3 * RECORD_MAX, "json: a record that is too long passes as it is");
	ok(strcmp(err.text, "fault below") == 0, "a fault below is told after the last line");
	buf_done(&text);
	buf_done(&got);
}

#define EXPORT "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795175893587668\n_HOSTNAME=mx\n"

static void
test_export(void)
{
	decodes(&decoder_journal_export,
	    STR(EXPORT "PRIORITY=6\nSYSLOG_IDENTIFIER=postfix/smtpd\nSYSLOG_PID=123\n"
	    "_COMM=smtpd\nMESSAGE=connect from unknown[192.0.2.1]\n\n"
	    EXPORT "_COMM=spamd\nMESSAGE=a=b\n\n\n"),
	    LINE "postfix/smtpd[123]: connect from unknown[192.0.2.1]\n" LINE "spamd: a=b\n",
	    "export: text fields");
	decodes(&decoder_journal_export,
	    STR(EXPORT "OTHER\n\3\0\0\0\0\0\0\0\n\n\n\nSYSLOG_IDENTIFIER=a\n"
	    "MESSAGE\n\x11\0\0\0\0\0\0\0x\n\nMESSAGE=FORGED\n\n" EXPORT "MESSAGE=y\n\n"),
	    LINE "a: x#012#012MESSAGE=FORGED\n" LINE "unknown: y\n",
	    "export: binary fields end where their length says");
	decodes(&decoder_journal_export,
	    STR(EXPORT "no field\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff\nMESSAGE=y\n\n"
	    EXPORT "SYSLOG_IDENTIFIER=a\nMESSAGE=brok"),
	    "no field\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff\n" LINE "unknown: y\n"
	    LINE "a: brok\n", "export: what is no field passes, a torn record is told");
	decodes(&decoder_journal_export,
	    STR("__CURSOR=s=1\n__REALTIME_TIMESTAMP=99999999999999999999\nMESSAGE=x\n\n"
	    "__CURSOR=s=1\nMESSAGE\n\5\0\0\0\0\0\0\0ab"),
	    "- - unknown: x\n- - unknown: ab\n", "export: no time, a torn value");
}

static void
test_docker(void)
{
#define TAIL ",\"stream\":\"stdout\",\"time\":\"2026-11-20T11:58:13.587668123Z\"}\n"
#define TIME "2026-11-20T11:58:13.587668Z "
	decodes(&decoder_docker,
	    STR("{\"log\":\"Nov 20 11:58:13 mx postfix/smtpd[1]: x\\n\"" TAIL
	    "{\"log\":\"Sep 8 07:46:30 mx a: x\\n\"" TAIL
	    "{\"log\":\"2026-11-20T11:58:13Z mx a: x\\r\\n\"" TAIL
	    "{\"log\":\"[20-Nov-2026 11:58:13 UTC] x\\n\"" TAIL
	    "{\"log\":\"\\u003c22\\u003eNov 20 11:58:13 mx a: x\\n\"" TAIL
	    "{\"log\":\"mx a: x\\n\"" TAIL "{\"log\":\"[1234] a\\tb\\nc\\n\"" TAIL),
	    "Nov 20 11:58:13 mx postfix/smtpd[1]: x\nSep 8 07:46:30 mx a: x\n"
	    "2026-11-20T11:58:13Z mx a: x\n[20-Nov-2026 11:58:13 UTC] x\n"
	    "<22>Nov 20 11:58:13 mx a: x\n" TIME "mx a: x\n" TIME "[1234] a#011b#012c\n",
	    "docker: its time only before lines without one");
	decodes(&decoder_docker,
	    STR("{\"log\":\"Nov 20 11:58:13 mx a: begin \"" TAIL
	    "{\"log\":\"stderr\\n\",\"stream\":\"stderr\","
	    "\"time\":\"2026-11-20T11:58:13Z\"}\n"
	    "{\"log\":\"Nov  5 09:08:07 mx postfix/smtpd[1]: FORGED\\n\"" TAIL
	    "{\"log\":\"Nov 20 11:58:13 mx a: open\"" TAIL),
	    "2026-11-20T11:58:13Z stderr\n"
	    "Nov 20 11:58:13 mx a: begin Nov  5 09:08:07 mx postfix/smtpd[1]: FORGED\n"
	    "Nov 20 11:58:13 mx a: open\n", "docker: pieces of one line are joined");
	decodes(&decoder_docker,
	    STR("{\"log\":\"x\\n\",\"time\":\"2026-11-20 <b> 11:58:13\"}\n{\"log\":1" TAIL
	    "{\"log\":\"torn"),
	    "{\"log\":\"x\\n\",\"time\":\"2026-11-20 <b> 11:58:13\"}\n{\"log\":1" TAIL
	    "{\"log\":\"torn", "docker: what is no record passes as it is");
}

static void
test_dateless(void)
{
	decodes(&decoder_dateless,
	    STR("mail() on [/x.php:1]: To: a@b.test -- Headers: X: 1\r\n Y: 2\n"
	    "mail() on [/x.php:1]: To: a@b.test -- Headers: X: \033\n"
	    "mail() on [/x.php\n[01-Jan-2024 12:00:00 UTC] mail() on [/x.php:1]: To: -- x\n"),
	    "2026-11-20T11:58:13.587668+00:00 - php: mail() on [/x.php:1]: To: a@b.test -- "
	    "Headers: X: 1#015\n Y: 2\n"
	    "2026-11-20T11:58:13.587668+00:00 - php: mail() on [/x.php:1]: To: a@b.test -- "
	    "Headers: X: #033\n"
	    "mail() on [/x.php\n[01-Jan-2024 12:00:00 UTC] mail() on [/x.php:1]: To: -- x\n",
	    "PHP 5.3 wrote no times: that of the file");
}

static void
test_cri(void)
{
#define OUT "2026-11-20T11:58:13.587668123Z stdout "
	decodes(&decoder_cri,
	    STR(OUT "F Nov 20 11:58:13 mx a: x\n" OUT "P Nov 20 mx a: begin \n"
	    "2026-11-20T11:58:13+01:00 stderr F err\r\n"
	    "2026-11-20T11:58:14Z stdout P Nov  5 09:08:07 mx postfix/smtpd[1]: FORGED\n"
	    "2026-11-20T11:58:15Z stdout F , end\n" OUT "F mx a: y\n" OUT "P open"),
	    OUT "F Nov 20 11:58:13 mx a: x\n2026-11-20T11:58:13+01:00 stderr F err\r\n"
	    OUT "F Nov 20 mx a: begin Nov  5 09:08:07 mx postfix/smtpd[1]: FORGED, end\n"
	    OUT "F mx a: y\n" OUT "F open\n", "containers' pieces of one line are joined");
	decodes(&decoder_cri,
	    STR("torn stdout F x\n" OUT "P \n" OUT "F \n" OUT "X y\nz\n" OUT "F"),
	    "torn stdout F x\n" OUT "F \n" OUT "X y\nz\n" OUT "F",
	    "what is no piece passes as it is");
	ok(decoder_find(STR("2026-11-20T11:58:13Z stdout a: x\n")) == &decoder_text &&
	    decoder_find(STR("2026-11-20T11:58:13Z stdin F a: x\n")) == &decoder_text &&
	    decoder_find(STR("2026-11-20 11:58:13 stdout F a: x\n")) == &decoder_text &&
	    decoder_find(STR("2026-11-20T11:58:13<b> stdout F a: x\n")) == &decoder_text &&
	    decoder_find(STR("2026-11-20T11:58:13Z stdout F")) == &decoder_text,
	    "and is not taken for containers'");
}

/* A record, TORN or nothing, NULs, a record; whatever reads cut apart. */
static void
test_hole(struct str torn, size_t nuls)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), want = BUF_INIT(BUF_UNLIMITED),
	    got = BUF_INIT(BUF_UNLIMITED);
	static const size_t pieces[] = {SIZE_MAX, 4093};
	bool all = true;
	struct err err;

	buf_str(&text, STR("{\"log\":\"Nov 20 11:58:13 mx a: x\\n\"" TAIL));
	buf_str(&text, torn);
	buf_str(&want, STR("Nov 20 11:58:13 mx a: x\n"));
	buf_str(&want, torn);
	for (size_t i = 0; i < nuls; i++) {
		buf_char(&text, '\0');
		buf_char(&want, '\0');
	}
	buf_str(&text, STR("{\"log\":\"Nov 20 11:58:13 mx a: y\\n\"" TAIL));
	buf_str(&want, STR("Nov 20 11:58:13 mx a: y\n"));
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		buf_clear(&got);
		all &= kit_drain(decoder_open(&decoder_docker,
		    kit_layer(buf_view(&text), pieces[i], false), WHEN), 4096, &got,
		    &err) == 0;
		all &= str_eq(buf_view(&got), buf_view(&want));
	}
	ok(all, "a hole of %zu NULs behind '%.*s' takes no record", nuls, STR_ARG(torn));
	buf_done(&text);
	buf_done(&want);
	buf_done(&got);
}

static void
test_octets(void)
{
	decodes(&decoder_octets, STR("13 <22>1 - mx a:3 <2>19 <22>1 - mx a\nb\033 c\n"),
	    "<22>1 - mx a:\n<2>\n<22>1 - mx a#012b#033 c\n", "octets: each frame is a line");
	decodes(&decoder_octets,
	    STR("13 <22>1 - mx a:\n14 <22>1 - mx a:\n\n5 <2>b\r\n9 <2>torn"),
	    "<22>1 - mx a:\n<22>1 - mx a:\n<2>b\n<2>torn\n", "octets: lines, too");
	decodes(&decoder_octets, STR("4 <2>a4 <2>bxyz 4 <2>c\n4 <2>d99999999 <2>e\n4 <2>f4 <"),
	    "<2>a\n<2>b\nxyz 4 <2>c\n<2>d\n99999999 <2>e\n<2>f\n<\n",
	    "octets: what is no frame passes, up to its line's end");
	ok(decoder_find(STR("13 <22> Nov")) == &decoder_text &&
	    decoder_find(STR("13 <22")) == &decoder_text &&
	    decoder_find(STR("2026-11-05 <22>")) == &decoder_text, "text is no frame");
}

static void
test_text(void)
{
	ok(decoder_find(STR("Nov 20 11:58:13 mx a: {\"log\":\"time\":\n")) == &decoder_text &&
	    decoder_find(STR("")) == &decoder_text, "text is text");
}

int
main(void)
{
	test_json();
	test_long_json();
	test_export();
	test_docker();
	test_cri();
	test_dateless();
	test_hole(STR(""), 2);
	test_hole(STR("{\"log\":\"torn"), INPUT_HOLE);
	test_hole(STR("{\"log\":\"torn"), 2 * RECORD_MAX);
	test_octets();
	test_text();
	return tap_done();
}
