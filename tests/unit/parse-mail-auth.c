/* SPDX-License-Identifier: Apache-2.0
 *
 * OpenDKIM, OpenDMARC and the SPF policy services: one auth_result a message.
 */
#include "parse-kit.h"

static const struct message_case dkim[] = {
	{"4F1D2A3B4C: DKIM verification successful",
	 "event|kind=auth_result|qid=4F1D2A3B4C|action=pass|category=dkim"},
	{"4F1D2A3B4C: no signature data",
	 "event|kind=auth_result|qid=4F1D2A3B4C|action=none|category=dkim"},
	{"(unknown-jobid): bad signature data",
	 "event|kind=auth_result|action=fail|category=dkim"},
	{"4F1D2A3B4C: key retrieval failed (s=sel, d=a.test): no key",
	 "event|kind=auth_result|name=a.test|qid=4F1D2A3B4C|action=temperror"
	 "|text= (s=sel, d=a.test): no key|category=dkim"},
	{"4F1D2A3B4C: key retrieval failed (s=x, d=a b): DKIM verification successful",
	 "event|kind=auth_result|qid=4F1D2A3B4C|action=temperror"
	 "|text= (s=x, d=a b): DKIM verification successful|category=dkim"},
	{"4F1D2A3B4C: syntax error: x",
	 "event|kind=auth_result|qid=4F1D2A3B4C|action=permerror|text=x|category=dkim"},
	{"4F1D2A3B4C: s=sel d=a.test SSL error:04091068:rsa routines::bad signature",
	 "event|kind=auth_result|name=a.test|qid=4F1D2A3B4C|action=fail"
	 "|text=error:04091068:rsa routines::bad signature|category=dkim_signature"},
	{"4F1D2A3B4C: s=sel d=a.test a=rsa-sha256 SSL ",
	 "event|kind=auth_result|name=a.test|qid=4F1D2A3B4C|category=dkim_signature"},
	{"4F1D2A3B4C: s=sel d=a\xe2\x80\xae.test SSL x",
	 "event|kind=auth_result|qid=4F1D2A3B4C|action=fail|text=x|category=dkim_signature"},
	{"4F1D2A3B4C: DKIM-Signature field added (s=sel, d=a.test)", "ignored"},
	{"4F1D2A3B4C: mx.a.test [203.0.113.66] not internal", "ignored"},
	{"4F1D2A3B4C: not authenticated", "ignored"},
	{"OpenDKIM Filter v2.11.0 starting (args: -f)", "ignored"},
	{"4F1D2A3B4C: internal error from libopendkim: x",
	 "event|kind=operational|text=internal error from libopendkim: x"},
	{"4F1D2A3B4C: signature verification failed: x",
	 "event|kind=auth_result|qid=4F1D2A3B4C|action=fail|text=x|category=dkim"},
	{"4F1D2A3B4C: RFC5322 header requirement error", "ignored"},
	{"4F1D2A3B4C: skipping signing of mail to 'joe@a.test'", "ignored"},
	{"4F1D2A3B4C: domain 'a.test' exempted, accepting", "ignored"},
	{"cache: 5 queries, 2 hits (40%), 0 expired, 3 keys", "ignored"},
	{"4F1D2A3B4C: rate limit for 'a.test' (5) exceeded",
	 "event|kind=operational|text=rate limit for 'a.test' (5) exceeded"},
	{"4F1D2A3B4C: blocked by reputation of a.test (0.5, count 1, spam 1, limit 1)",
	 "event|kind=operational"
	 "|text=blocked by reputation of a.test (0.5, count 1, spam 1, limit 1)"},
	{"4F1D2A3B4C: mlfi_eom(): internal error from libopendkim: x",
	 "event|kind=operational|text=mlfi_eom(): internal error from libopendkim: x"},
	{"4F1D2A3B4C: DKIM-Signature header add failed",
	 "event|kind=operational|text=DKIM-Signature header add failed"},
	{"4F1D2A3B4C: failed to add signature for default key",
	 "event|kind=operational|text=failed to add signature for default key"},
	{"4F1D2A3B4C: /tmp/x: fopen(): Permission denied",
	 "event|kind=operational|text=/tmp/x: fopen(): Permission denied"},
	{"4F1D2A3B4C: key data is not secure: /x can be read or written by other users",
	 "event|kind=operational"
	 "|text=key data is not secure: /x can be read or written by other users"},
	{"WARNING: symbol 'i' not available",
	 "event|kind=operational|text=WARNING: symbol 'i' not available"},
	{"OpenDKIM Filter: mi_stop=1", "ignored"},
	{"OpenDKIM Filter: Opening listen socket on conn inet:8891@localhost", "ignored"},
	{"OpenDKIM Filter: Unable to bind to port inet:8891@localhost: Address already in use",
	 "event|kind=operational|text=OpenDKIM Filter: Unable to bind to port "
	 "inet:8891@localhost: Address already in use"},
	{"4F1D2A3B4C: words nobody wrote", "unknown"},
	{"words nobody wrote", "unknown"},
};

static const struct message_case dmarc[] = {
	{"4F1D2A3B4C: a.test pass",
	 "event|kind=auth_result|name=a.test|qid=4F1D2A3B4C|action=pass|category=dmarc"},
	{"4F1D2A3B4C: a.test none",
	 "event|kind=auth_result|name=a.test|qid=4F1D2A3B4C|action=none|category=dmarc"},
	{"4F1D2A3B4C: evil.test pass fail",
	 "event|kind=auth_result|qid=4F1D2A3B4C|action=fail|text=evil.test pass"
	 "|category=dmarc"},
	{"4F1D2A3B4C: SPF(mailfrom): a.test softfail",
	 "event|kind=auth_result|name=a.test|qid=4F1D2A3B4C|action=softfail|category=spf"},
	{"4F1D2A3B4C: SPF(mailfrom): fail",
	 "event|kind=auth_result|qid=4F1D2A3B4C|action=fail|text=SPF(mailfrom):"
	 "|category=dmarc"},
	{"4F1D2A3B4C: RFC5322 requirement error: missing From field; accepting", "ignored"},
	{"4F1D2A3B4C ignoring Authentication-Results at 14 from a.test", "ignored"},
	{"ignoring connection from localhost", "ignored"},
	{"OpenDMARC Filter v1.4.2 starting (args: -f)", "ignored"},
	{"4F1D2A3B4C: opendmarc_policy_query_dmarc(a.test) failed",
	 "event|kind=operational|text=opendmarc_policy_query_dmarc(a.test) failed"},
	{"(unknown-jobid): a.test fail",
	 "event|kind=auth_result|name=a.test|action=fail|category=dmarc"},
	{"(unknown-jobid) ignoring Authentication-Results at 1 from a.test", "ignored"},
	{"4F1D2A3B4C: popen(): Cannot allocate memory",
	 "event|kind=operational|text=popen(): Cannot allocate memory"},
	{"4F1D2A3B4C: /run/x.dat: flock(LOCK_EX): No locks available",
	 "event|kind=operational|text=/run/x.dat: flock(LOCK_EX): No locks available"},
	{"4F1D2A3B4C: pclose() exited with status 1",
	 "event|kind=operational|text=pclose() exited with status 1"},
	{"4F1D2A3B4C: /run/opendmarc/x.dat: fopen(): Permission denied",
	 "event|kind=operational|text=/run/opendmarc/x.dat: fopen(): Permission denied"},
	{"4F1D2A3B4C: Authentication-Results header add failed",
	 "event|kind=operational|text=Authentication-Results header add failed"},
	{"4F1D2A3B4C: unable to create buffer for failure report",
	 "event|kind=operational|text=unable to create buffer for failure report"},
	{"mx.a.test: DMARC context initialization failed",
	 "event|kind=operational|text=mx.a.test: DMARC context initialization failed"},
	{"/etc/opendmarc.conf: configuration error at line 3: x",
	 "event|kind=operational|text=/etc/opendmarc.conf: configuration error at line 3: x"},
	{"fork(): Resource temporarily unavailable",
	 "event|kind=operational|text=fork(): Resource temporarily unavailable"},
	{"maximum restart count exceeded",
	 "event|kind=operational|text=maximum restart count exceeded"},
	{"[parent] socket cleanup failed: Permission denied",
	 "event|kind=operational|text=[parent] socket cleanup failed: Permission denied"},
	{"WARNING: symbol 'i' not available",
	 "event|kind=operational|text=WARNING: symbol 'i' not available"},
	{"OpenDMARC Filter: mi_stop=1", "ignored"},
	{"OpenDMARC Filter: accept() returned invalid socket (Too many open files), try again",
	 "event|kind=operational|text=OpenDMARC Filter: accept() returned invalid socket "
	 "(Too many open files), try again"},
	/* The domain is the sender's: no result but the last word. */
	{"4F1D2A3B4C: a.test popen(): pass",
	 "event|kind=auth_result|qid=4F1D2A3B4C|action=pass|text=a.test popen():"
	 "|category=dmarc"},
	{"4F1D2A3B4C: words nobody wrote", "unknown"},
	{"4F1D2A3B4C", "unknown"},
};

static const struct message_case spf[] = {
	{"prepend Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1;"
	 " helo=mx.a.test; envelope-from=s@a.test; receiver=<UNKNOWN>",
	 "event|kind=auth_result|ip=192.0.2.1|name=a.test|sender=s@a.test|helo=mx.a.test"
	 "|action=pass|text=(mailfrom) identity=mailfrom; client-ip=192.0.2.1; helo=mx.a.test;"
	 " envelope-from=s@a.test; receiver=<UNKNOWN>|category=spf"},
	{"prepend Received-SPF: SoftFail (mailfrom) identity=helo; client-ip=2001:db8::1;"
	 " helo=mx.a.test; envelope-from=<>; receiver=r",
	 "event|kind=auth_result|ip=2001:db8::1|name=mx.a.test|sender=|helo=mx.a.test"
	 "|action=softfail|text=(mailfrom) identity=helo; client-ip=2001:db8::1;"
	 " helo=mx.a.test;"
	 " envelope-from=<>; receiver=r|category=spf"},
	{": prepend Authentication-Results: mx.b.test; spf=pass (sender SPF authorized)"
	 " smtp.mailfrom=a.test (client-ip=192.0.2.1; helo=mx.a.test; envelope-from=s@a.test;"
	 " receiver=b.test)",
	 "event|kind=auth_result|ip=192.0.2.1|name=a.test|sender=s@a.test|helo=mx.a.test"
	 "|action=pass|text=(sender SPF authorized) smtp.mailfrom=a.test (client-ip=192.0.2.1;"
	 " helo=mx.a.test; envelope-from=s@a.test; receiver=b.test)|category=spf"},
	{"Pass; identity=mailfrom; client-ip=192.0.2.1; helo=mx.a.test;"
	 " envelope-from=s@a.test;"
	 " receiver=r@b.test",
	 "event|kind=auth_result|ip=192.0.2.1|name=a.test|sender=s@a.test|helo=mx.a.test"
	 "|action=pass|text=client-ip=192.0.2.1; helo=mx.a.test; envelope-from=s@a.test;"
	 " receiver=r@b.test|category=spf"},
	{"550 5.7.23 Message rejected due to: SPF fail - not authorized. Please see"
	 " http://www.openspf.net/Why?s=mfrom;id=x;ip=203.0.113.66;r=b.test",
	 "event|kind=auth_result|action=fail|code=550|dsn=5.7.23|reason=spf|text=Message"
	 " rejected"
	 " due to: SPF fail - not authorized. Please see"
	 " http://www.openspf.net/Why?s=mfrom;id=x;ip=203.0.113.66;r=b.test|category=spf"},
	{"Policy action=550 Please see http://x.test",
	 "event|kind=auth_result|action=fail|code=550|reason=spf|text=Please see http://x.test"
	 "|category=spf"},
	{"Policy action=PREPEND Received-SPF: pass (a.test: 192.0.2.1 is authorized to use 'x)"
	 " identity=mailfrom; client-ip=203.0.113.66; helo=y'",
	 "event|kind=auth_result|action=pass|text=(a.test: 192.0.2.1 is authorized to use 'x)"
	 " identity=mailfrom; client-ip=203.0.113.66; helo=y'|category=spf"},
	{"prepend Received-SPF: Neutral (x) identity=mailfrom; client-ip=192.0.2.1; helo=a;"
	 " client-ip=203.0.113.66; envelope-from=[203.0.113.66]",
	 "event|kind=auth_result|ip=192.0.2.1|helo=a|action=neutral|text=(x)"
	 " identity=mailfrom; client-ip=192.0.2.1; helo=a; client-ip=203.0.113.66;"
	 " envelope-from=[203.0.113.66]|category=spf"},
	{"prepend Received-SPF: Bogus x", "malformed"},
	{"prepend X-Comment: SPF not applicable to localhost connection - skipped check",
	 "ignored"},
	{"Action: prepend: Text: Received-SPF: Pass (mailfrom) identity=mailfrom", "ignored"},
	{"Policy action=DUNNO", "ignored"},
	{"Traceback (most recent call last):",
	 "event|kind=operational|text=Traceback (most recent call last):"},
	{"words nobody wrote", "unknown"},
	/* In parentheses a domain may explain itself (exp=), and forge all that follows. */
	{"prepend Received-SPF: Fail (mailfrom) identity=mailfrom; client-ip=203.0.113.66;"
	 " helo=x; envelope-from=y; receiver=z) identity=helo; client-ip=192.0.2.1;"
	 " helo=mx.a.test; envelope-from=<>; receiver=r",
	 "event|kind=auth_result|action=fail"
	 "|text=(mailfrom) identity=mailfrom; client-ip=203.0.113.66; helo=x;"
	 " envelope-from=y; receiver=z) identity=helo; client-ip=192.0.2.1; helo=mx.a.test;"
	 " envelope-from=<>; receiver=r|category=spf"},
	{"prepend Authentication-Results: mx.b.test; spf=fail (a) smtp.mailfrom=b.test"
	 " (client-ip=203.0.113.66; helo=x; envelope-from=y; receiver=z))"
	 " smtp.mailfrom=a.test (client-ip=192.0.2.1; helo=mx.a.test;"
	 " envelope-from=s@a.test; receiver=r)",
	 "event|kind=auth_result|action=fail"
	 "|text=(a) smtp.mailfrom=b.test (client-ip=203.0.113.66; helo=x; envelope-from=y;"
	 " receiver=z)) smtp.mailfrom=a.test (client-ip=192.0.2.1; helo=mx.a.test;"
	 " envelope-from=s@a.test; receiver=r)|category=spf"},
	/* Asked at the end of the data, it knows the queue id. */
	{"4F1D2A3B4C: prepend Received-SPF: Pass (mailfrom) identity=mailfrom;"
	 " client-ip=192.0.2.1; helo=mx.a.test; envelope-from=s@a.test; receiver=r",
	 "event|kind=auth_result|ip=192.0.2.1|name=a.test|qid=4F1D2A3B4C|sender=s@a.test"
	 "|helo=mx.a.test|action=pass|text=(mailfrom) identity=mailfrom;"
	 " client-ip=192.0.2.1; helo=mx.a.test; envelope-from=s@a.test; receiver=r"
	 "|category=spf"},
	{"Ouch, caught exc: Exception: x",
	 "event|kind=operational|text=Ouch, caught exc: Exception: x"},
	{"Authserv_Id not set for authentication results header - invalid configuration.",
	 "event|kind=operational|text=Authserv_Id not set for authentication results header"
	 " - invalid configuration."},
	{"Configuration File parsing error: HELO_reject",
	 "event|kind=operational|text=Configuration File parsing error: HELO_reject"},
	{"Domain_Whitelist check used peruser data", "ignored"},
	{"X-Comment: SPF skipped for whitelisted relay - client-ip=192.0.2.1; helo=x;"
	 " envelope-from=y; receiver=z ", "ignored"},
	{"Authentication-Results: mx.b.test; none (SPF check N/A for local connections - "
	 " client-ip=192.0.2.1; helo=x; envelope-from=y; receiver=z)", "ignored"},
	{"defer_if_permit 4.7.24 Message deferred due to: SPF Temporary Error. Please see x",
	 "event|kind=auth_result|action=temperror|dsn=4.7.24|reason=spf|text=Message deferred"
	 " due to: SPF Temporary Error. Please see x|category=spf"},
	{"defer_if_permit Message deferred due to: x",
	 "event|kind=auth_result|action=temperror|reason=spf|text=Message deferred due to: x"
	 "|category=spf"},
	{"Header field not prepended: Received-SPF: Pass (mailfrom) identity=mailfrom;"
	 " client-ip=192.0.2.1; helo=mx.a.test; envelope-from=s@a.test; receiver=r",
	 "event|kind=auth_result|ip=192.0.2.1|name=a.test|sender=s@a.test|helo=mx.a.test"
	 "|action=pass|text=(mailfrom) identity=mailfrom; client-ip=192.0.2.1; helo=mx.a.test;"
	 " envelope-from=s@a.test; receiver=r|category=spf"},
	{"Header field not prepended: X-Comment: SPF skipped for whitelisted relay - x",
	 "ignored"},
	{"Header field not prepended: None", "ignored"},
	{"prepend Authentication-Results: mx.b.test; none (SPF check N/A for local connections"
	 " -  client-ip=192.0.2.1; helo=x; envelope-from=y; receiver=z)", "ignored"},
	{"prepend None", "ignored"},
	{"result_only spf_passed", "ignored"},
	{"Per user configuration data in use for: r@b.test", "ignored"},
	{"WARNING: Deprecated Config Option defaultSeedOnly in use in: /x",
	 "event|kind=operational|text=WARNING: Deprecated Config Option defaultSeedOnly in"
	 " use in: /x"},
	/* A HELO may look like what follows it. */
	{"prepend Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1;"
	 " helo=a; envelope-from=boss@b.test; envelope-from=s@a.test; receiver=r",
	 "event|kind=auth_result|ip=192.0.2.1|action=pass|text=(mailfrom) identity=mailfrom;"
	 " client-ip=192.0.2.1; helo=a; envelope-from=boss@b.test; envelope-from=s@a.test;"
	 " receiver=r|category=spf"},
	/* A sender, too: Postfix passes it on without its quotes. */
	{"prepend Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1;"
	 " helo=a; envelope-from=boss@b.test; x@a.test; receiver=r",
	 "event|kind=auth_result|ip=192.0.2.1|name=a.test|sender=boss@b.test; x@a.test|helo=a"
	 "|action=pass|text=(mailfrom) identity=mailfrom; client-ip=192.0.2.1; helo=a;"
	 " envelope-from=boss@b.test; x@a.test; receiver=r|category=spf"},
	{"prepend Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1;"
	 " helo=a; envelope-from=boss@b.test; receiver=x@a.test; receiver=r",
	 "event|kind=auth_result|ip=192.0.2.1|helo=a|action=pass|text=(mailfrom)"
	 " identity=mailfrom; client-ip=192.0.2.1; helo=a; envelope-from=boss@b.test;"
	 " receiver=x@a.test; receiver=r|category=spf"},
	/* Of the name in HELO the sender's domain says nothing. */
	{"prepend Received-SPF: Pass (helo) identity=helo; client-ip=192.0.2.1;"
	 " helo=mx.a.test; envelope-from=boss@b.test; receiver=r",
	 "event|kind=auth_result|ip=192.0.2.1|name=mx.a.test|sender=boss@b.test|helo=mx.a.test"
	 "|action=pass|text=(helo) identity=helo; client-ip=192.0.2.1; helo=mx.a.test;"
	 " envelope-from=boss@b.test; receiver=r|category=spf"},
	{"prepend Authentication-Results: mx.b.test; spf=pass (sender SPF authorized)"
	 " smtp.mailfrom=b.test x@a.test (client-ip=192.0.2.1; helo=a; envelope-from=s@c.test;"
	 " receiver=r)",
	 "event|kind=auth_result|ip=192.0.2.1|name=a.test|sender=s@c.test|helo=a|action=pass"
	 "|text=(sender SPF authorized) smtp.mailfrom=b.test x@a.test (client-ip=192.0.2.1;"
	 " helo=a; envelope-from=s@c.test; receiver=r)|category=spf"},
};

/*
 * Before the address stands the sender's domain, or the HELO: where such words are twice,
 * or a long line may have lost those at its end, nobody's address is told.
 */
#define LONG "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct message_case spf_forged[] = {
	{"prepend Authentication-Results: mx.b.test; spf=none (no SPF record) smtp.mailfrom=x"
	 " (client-ip=203.0.113.66; helo=y; envelope-from=z; receiver=r) @a.test"
	 " (client-ip=192.0.2.1; helo=mx.a.test; envelope-from=s; receiver=r)",
	 "event|kind=auth_result|action=none|text=(no SPF record) smtp.mailfrom=x"
	 " (client-ip=203.0.113.66; helo=y; envelope-from=z; receiver=r) @a.test"
	 " (client-ip=192.0.2.1; helo=mx.a.test; envelope-from=s; receiver=r)|category=spf"},
	{"prepend Authentication-Results: mx.b.test; spf=none (no SPF record) smtp.helo=x"
	 " (client-ip=203.0.113.66; helo=y) (client-ip=192.0.2.1; helo=x",
	 "event|kind=auth_result|action=none|text=(no SPF record) smtp.helo=x"
	 " (client-ip=203.0.113.66; helo=y) (client-ip=192.0.2.1; helo=x|category=spf"},
	{"prepend Authentication-Results: mx.b.test; spf=none (no SPF record) smtp.mailfrom=x"
	 " (client-ip=203.0.113.66; helo=" LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG
	 LONG LONG LONG LONG,
	 "event|kind=auth_result|action=none|text=(no SPF record) smtp.mailfrom=x"
	 " (client-ip=203.0.113.66; helo=" LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG
	 LONG LONG LONG LONG "|category=spf"},
	/* of a line that ends at 1024 bytes, with a long host name before it */
	{"prepend Authentication-Results: mx.b.test; spf=none (no SPF record) smtp.mailfrom=x"
	 " (client-ip=203.0.113.66; helo=" LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG,
	 "event|kind=auth_result|action=none|text=(no SPF record) smtp.mailfrom=x"
	 " (client-ip=203.0.113.66; helo=" LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG
	 "|category=spf"},
	{"prepend Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1;"
	 " helo=x; envelope-from=boss@b.test; receiver=" LONG LONG LONG LONG LONG LONG LONG
	 LONG LONG LONG,
	 "event|kind=auth_result|ip=192.0.2.1|action=pass|text=(mailfrom) identity=mailfrom;"
	 " client-ip=192.0.2.1; helo=x; envelope-from=boss@b.test; receiver=" LONG LONG LONG
	 LONG LONG LONG LONG LONG LONG LONG "|category=spf"},
};

/* pyspf-milter, of the same package: the milter tells code and text apart. */
static const struct message_case spf_milter[] = {
	{"pyspf-milter started:812 user:x",
	 "event|kind=service|text=pyspf-milter started:812 user:x"},
	{"connect from mx.a.test at ('192.0.2.1', 4711) EXTERNAL", "ignored"},
	{"mail from: <s@a.test> ('SIZE=9',)", "ignored"},
	{"prepend Authentication-Results: mx.b.test; spf=pass (sender SPF authorized)"
	 " smtp.mailfrom=a.test (client-ip=192.0.2.1; helo=mx.a.test; envelope-from=s@a.test;"
	 " receiver=<UNKNOWN>)",
	 "event|kind=auth_result|ip=192.0.2.1|name=a.test|sender=s@a.test|helo=mx.a.test"
	 "|action=pass|text=(sender SPF authorized) smtp.mailfrom=a.test (client-ip=192.0.2.1;"
	 " helo=mx.a.test; envelope-from=s@a.test; receiver=<UNKNOWN>)|category=spf"},
	{"5.7.23 Message rejected due to: SPF fail - not authorized. Please see x",
	 "event|kind=auth_result|action=fail|dsn=5.7.23|reason=spf|text=Message rejected due"
	 " to: SPF fail - not authorized. Please see x|category=spf"},
	{"4.7.24 Message deferred due to: SPF Temporary Error. Please see x",
	 "event|kind=auth_result|action=temperror|dsn=4.7.24|reason=spf|text=Message deferred"
	 " due to: SPF Temporary Error. Please see x|category=spf"},
	{" Message rejected due to: x",
	 "event|kind=auth_result|action=fail|reason=spf|text=Message rejected due to: x"
	 "|category=spf"},
	{"Header text Authentication-Results: mx.b.test; spf=pass x", "ignored"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, "opendkim[1]", dkim);
	KIT_MESSAGES(&kit, "opendmarc[1]", dmarc);
	KIT_MESSAGES(&kit, "policyd-spf[1]", spf);
	KIT_DECEPTIVE(&kit, "policyd-spf[1]", spf_forged);
	KIT_MESSAGES(&kit, "pyspf-milter[1]", spf_milter);
	kit_free(&kit);
	return tap_done();
}
