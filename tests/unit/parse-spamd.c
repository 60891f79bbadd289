/* SPDX-License-Identifier: Apache-2.0
 *
 * spamd's lines by syslog and in a file of its own.
 */
#include "parse-kit.h"

static const struct message_case cases[] = {
	{"spamd: result: Y 11 - GTUBE,RDNS_NONE scantime=0.4,size=387,user=filter,uid=107,"
	 "required_score=5.0,rhost=localhost,raddr=203.0.113.66,rport=34704,"
	 "mid=<spam.12.87@gen.test>,autolearn=disabled",
	 "event|kind=spam_verdict|text=GTUBE,RDNS_NONE|size=387|msgid=<spam.12.87@gen.test>"
	 "|verdict=spam|score=11000|seconds=400000"},
	{"spamd: result: Y  6 - A scantime=12,size=1,mid=<a=b+c@x.test>,bayes=1.0",
	 "event|kind=spam_verdict|text=A|size=1|msgid=<a=b+c@x.test>|verdict=spam|score=6000"
	 "|seconds=12000000"},
	{"spamd: result: . -2 - ALL_TRUSTED scantime=0.1,mid=(unknown),rmid=<r@x.test>",
	 "event|kind=spam_verdict|text=ALL_TRUSTED|verdict=clean|score=-2000|seconds=100000"},
	/* Spaces that were one, as pages show them. */
	{"spamd: result: . -2 - scantime=0.1,size=394",
	 "event|kind=spam_verdict|size=394|verdict=clean|score=-2000|seconds=100000"},
	{"spamd: result: .  0 -  scantime=0.1,size=394",
	 "event|kind=spam_verdict|size=394|verdict=clean|score=0|seconds=100000"},
	{"spamd: timeout: (300 second timeout while trying to CHECK)",
	 "event|kind=operational|text=timeout: (300 second timeout while trying to CHECK)"},
	{"spamd: result: Y 1002 - T",
	 "event|kind=spam_verdict|text=T|verdict=spam|score=1002000"},
	{"info: spamd: result: .  0 -  scantime=0.1,size=394,mid=<x@y>",
	 "event|kind=spam_verdict|size=394|msgid=<x@y>|verdict=clean|score=0|seconds=100000"},
	/* the first of a key counts; spamd makes what could forge one to '_' */
	{"spamd: result: .  0 - T size=1,mid=<a,size=9,mid=<b>,scantime=x,scantime=2",
	 "event|kind=spam_verdict|text=T|size=1|msgid=<a|verdict=clean|score=0"
	 "|seconds=2000000"},
	{"spamd: result: .  0 - T mid=<\x1b[2J\xc2\x9b\xe2\x80\xae>",
	 "event|kind=spam_verdict|text=T|msgid=<\x1b[2J\xc2\x9b\xe2\x80\xae>|verdict=clean"
	 "|score=0"},
	{"spamd: result: X  0 - T", "malformed"},
	{"spamd: result: Y", "malformed"},
	{"spamd: result: Y  nan - T", "malformed"},
	/* the same mail again */
	{"spamd: identified spam (9.3/5.0) for nagios:1209 in 0.8 seconds, 5"
	 " bytes.", "ignored"},
	{"spamd: clean message (0.0/5.0) for filter:107 in 0.1 seconds, 394"
	 " bytes.", "ignored"},
	{"spamd: connection from localhost [203.0.113.66]:34684 to port 783, fd 5", "ignored"},
	{"spamd: processing message <x> result: Y 9 - T for filter:107", "ignored"},
	{"spamd: server started on IO::Socket::IP [127.0.0.1]:783 (running version 4.0.1)",
	 "ignored"},
	{"spamd: handled cleanup of child pid [72] due to SIGCHLD: interrupted, signal 2 (0)",
	 "ignored"},
	{"prefork: child states: II", "ignored"},
	{"prefork: server reached --max-children setting, consider raising it",
	 "event|kind=capacity|text=prefork: server reached --max-children setting, consider"
	 " raising it"},
	{"info: prefork: child states: II", "ignored"},
	{"dbg: words nobody wrote", "ignored"},
	/* trouble */
	{"spamd: bad protocol: header error: (closed before headers)",
	 "event|kind=operational|text=bad protocol: header error: (closed before headers)"},
	{"warn: spamd: bad protocol: x",
	 "event|kind=operational|text=bad protocol: x|severity=warning"},
	{"error: words nobody wrote",
	 "event|kind=operational|text=words nobody wrote|severity=error"},
	{"pyzor: check failed: timed out", "event|kind=operational|text=pyzor: check failed:"
	 " timed out"},
	{"spamd: words nobody wrote", "unknown"},
	{"info: words nobody wrote", "unknown"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, "spamd[1]", cases);
	kit_free(&kit);
	return tap_done();
}
