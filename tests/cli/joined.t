#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Lines of several programs and hosts that are about one message: it counts once, with
# the client, the sender and what was decided.
. "${0%/*}/lib.sh"

# A filter on another host of the own network: what mx1 says, and what the filter says.
cat >"$tmp/mx1" <<'END'
Nov  5 12:00:00 mx1 postfix/smtpd[10]: 4AAAAAAAA1: client=mx.b.test[192.0.2.1]
Nov  5 12:00:00 mx1 postfix/cleanup[11]: 4AAAAAAAA1: message-id=<1@b.test>
Nov  5 12:00:00 mx1 postfix/qmgr[12]: 4AAAAAAAA1: from=<s@b.test>, size=900, nrcpt=1 (queue active)
Nov  5 12:00:02 mx1 postfix/smtpd[13]: 4BBBBBBBB1: client=filter.test[10.0.0.5]
Nov  5 12:00:02 mx1 postfix/cleanup[11]: 4BBBBBBBB1: message-id=<1@b.test>
Nov  5 12:00:02 mx1 postfix/qmgr[12]: 4BBBBBBBB1: from=<s@b.test>, size=990, nrcpt=1 (queue active)
Nov  5 12:00:02 mx1 postfix/smtp[14]: 4AAAAAAAA1: to=<r@a.test>, relay=10.0.0.5[10.0.0.5]:10024, delay=2, delays=0/0/0/2, dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[10.0.0.1]:10025): 250 2.0.0 Ok: queued as 4BBBBBBBB1)
Nov  5 12:00:02 mx1 postfix/qmgr[12]: 4AAAAAAAA1: removed
Nov  5 12:00:03 mx1 postfix/virtual[15]: 4BBBBBBBB1: to=<r@a.test>, relay=virtual, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (delivered to maildir)
Nov  5 12:00:03 mx1 postfix/qmgr[12]: 4BBBBBBBB1: removed
Nov  5 12:01:00 mx1 postfix/smtpd[10]: 4AAAAAAAA2: client=mx.c.test[192.0.2.2]
Nov  5 12:01:00 mx1 postfix/cleanup[11]: 4AAAAAAAA2: message-id=<2@c.test>
Nov  5 12:01:00 mx1 postfix/qmgr[12]: 4AAAAAAAA2: from=<s@c.test>, size=900, nrcpt=1 (queue active)
Nov  5 12:01:02 mx1 postfix/smtp[14]: 4AAAAAAAA2: to=<r@a.test>, relay=10.0.0.5[10.0.0.5]:10024, delay=2, delays=0/0/0/2, dsn=2.7.0, status=sent (250 2.7.0 Ok, discarded, id=00380-03 - spam)
Nov  5 12:01:02 mx1 postfix/qmgr[12]: 4AAAAAAAA2: removed
Nov  5 12:02:00 mx1 postfix/smtpd[10]: 4AAAAAAAA3: client=pc.a.test[10.0.0.9]
Nov  5 12:02:00 mx1 postfix/cleanup[11]: 4AAAAAAAA3: message-id=<3@a.test>
Nov  5 12:02:00 mx1 postfix/qmgr[12]: 4AAAAAAAA3: from=<r@a.test>, size=900, nrcpt=1 (queue active)
Nov  5 12:02:01 mx1 postfix/smtpd[13]: 4BBBBBBBB3: client=mx.d.test[192.0.2.3]
Nov  5 12:02:01 mx1 postfix/cleanup[11]: 4BBBBBBBB3: message-id=<3@a.test>
Nov  5 12:02:01 mx1 postfix/qmgr[12]: 4BBBBBBBB3: from=<r@a.test>, size=990, nrcpt=1 (queue active)
Nov  5 12:02:02 mx1 postfix/smtp[14]: 4AAAAAAAA3: to=<u@d.test>, relay=mx.d.test[192.0.2.3]:25, delay=2, delays=0/0/0/2, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4BBBBBBBB3)
Nov  5 12:02:02 mx1 postfix/qmgr[12]: 4AAAAAAAA3: removed
Nov  5 12:02:03 mx1 postfix/qmgr[12]: 4BBBBBBBB3: removed
END
cat >"$tmp/filter" <<'END'
Nov  5 12:00:02 filter amavis[20]: (00380-02) Passed SPAMMY {RelayedTaggedInbound}, [192.0.2.1]:2701 [192.0.2.1] <s@b.test> -> <r@a.test>, Message-ID: <1@b.test>, mail_id: AyjlykPi6csH, Hits: 5.5, size: 900, queued_as: 4BBBBBBBB1, 164 ms
Nov  5 12:01:02 filter amavis[20]: (00380-03) Blocked SPAM {DiscardedInbound}, [192.0.2.2]:2701 [192.0.2.2] <s@c.test> -> <r@a.test>, Queue-ID: 4AAAAAAAA2, Message-ID: <2@c.test>, mail_id: AyjlykPi6csI, Hits: 15.5, size: 900, 164 ms
END
sort -s -k 3,3 "$tmp/mx1" "$tmp/filter" >"$tmp/merged"
once='sorted((e["qid"], e["ip"], e["sender"], e.get("verdict"), e["delivered"])
	for e in j) == [
	("4AAAAAAAA1", "192.0.2.1", "s@b.test", "spammy", 1),
	("4AAAAAAAA2", "192.0.2.2", "s@c.test", "spam", 1),
	("4AAAAAAAA3", "10.0.0.9", "r@a.test", None, 1),
	("4BBBBBBBB3", "192.0.2.3", "r@a.test", None, 0)]'
for jobs in 1 2 3; do
	run scan --year 2026 --jobs $jobs --where kind=message "$tmp/merged"
	events "$once" "a filter on another host, one log of both, $jobs jobs"
	run scan --year 2026 --jobs $jobs --where kind=message "$tmp/mx1" "$tmp/filter"
	events "$once" "... and a log of each"
done

# A filter in front of the queue: who logged in to the server in front of that.
cat >"$tmp/before" <<'END'
Nov  5 12:00:00 mx1 postfix/smtpd[10]: NOQUEUE: client=c.test[192.0.2.1], sasl_method=PLAIN, sasl_username=joe@a.test
Nov  5 12:00:01 mx1 postfix/smtpd[11]: 4BBBBBBBB1: client=localhost[127.0.0.1], orig_client=c.test[192.0.2.1]
Nov  5 12:00:01 mx1 postfix/cleanup[11]: 4BBBBBBBB1: message-id=<1@b.test>
Nov  5 12:00:01 mx1 postfix/qmgr[12]: 4BBBBBBBB1: from=<s@b.test>, size=990, nrcpt=1 (queue active)
Nov  5 12:00:01 mx1 postfix/smtpd[10]: proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as 4BBBBBBBB1; from=<s@b.test> to=<r@b.test> proto=ESMTP helo=<c.test> sasl_username=<joe@a.test>
Nov  5 12:00:03 mx1 postfix/qmgr[12]: 4BBBBBBBB1: removed
END
run scan --year 2026 --where kind=message "$tmp/before"
events '[(e["qid"], e["ip"], e["user"]) for e in j] == [("4BBBBBBBB1", "192.0.2.1", "joe@a.test")]' \
	"a login before a filter in front of the queue"

# Who was let wait: a greylister tells, and smtpd that he was refused.
cat >"$tmp/greylisted" <<'END'
Nov  5 12:00:00 mx1 postfix/smtpd[5]: connect from mx.b.test[192.0.2.1]
Nov  5 12:00:00 mx1 sqlgrey: grey: new: 192.0.2.1(192.0.2.1), a@b.test -> c@d.test
Nov  5 12:00:00 mx1 postfix/smtpd[5]: NOQUEUE: reject: RCPT from mx.b.test[192.0.2.1]: 450 4.7.1 <c@d.test>: Recipient address rejected: Greylisted for 5 minutes; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<mx.b.test>
Nov  5 12:00:01 mx1 milter-greylist: 4F1D2A3B4C: addr mx.b.test[192.0.2.1] from <a@b.test> to <c@d.test> delayed for 00:05:00 (ACL 112)
Nov  5 12:00:01 mx1 postfix/smtpd[5]: 4F1D2A3B4C: milter-reject: RCPT from mx.b.test[192.0.2.1]: 451 4.7.1 Greylisting in action, please come back in 00:05:00; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<mx.b.test>
Nov  5 12:00:02 mx1 postfix/smtpd[5]: disconnect from mx.b.test[192.0.2.1] ehlo=1 mail=1 rcpt=0/2 quit=1 commands=3/5
END
run report overview --year 2026 --format json "$tmp/greylisted"
json 'j["sections"]["overview"]["rows"][0]["rejected"] == 2' "a refusal that a greylister tells, too"

finish
