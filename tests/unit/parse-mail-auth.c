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
	{"prepend Received-SPF: Fail (x) identity=mailfrom; client-ip=192.0.2.1; helo=a;"
	 " client-ip=203.0.113.66; envelope-from=[203.0.113.66]",
	 "event|kind=auth_result|ip=192.0.2.1|helo=a|action=fail|text=(x) identity=mailfrom;"
	 " client-ip=192.0.2.1; helo=a; client-ip=203.0.113.66;"
	 " envelope-from=[203.0.113.66]|category=spf"},
	{"prepend Received-SPF: Bogus x", "malformed"},
	{"prepend X-Comment: SPF not applicable to localhost connection - skipped check",
	 "ignored"},
	{"Action: prepend: Text: Received-SPF: Pass (mailfrom) identity=mailfrom", "ignored"},
	{"Policy action=DUNNO", "ignored"},
	{"Traceback (most recent call last):",
	 "event|kind=operational|text=Traceback (most recent call last):"},
	{"words nobody wrote", "unknown"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, "opendkim[1]", dkim);
	KIT_MESSAGES(&kit, "opendmarc[1]", dmarc);
	KIT_MESSAGES(&kit, "policyd-spf[1]", spf);
	kit_free(&kit);
	return tap_done();
}
