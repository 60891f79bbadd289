/* SPDX-License-Identifier: Apache-2.0
 *
 * rspamd's task lines of the default log_format, and what senders may put there.
 */
#include "parse-kit.h"

#define TASK "<abc123>; task; rspamd_task_write_log: "

static const struct message_case cases[] = {
	{TASK "id: <1@a.test>, qid: <4F1D2A3B4C>, ip: 192.0.2.1, from: <s@a.test>, (default: F"
	 " (no action): [1.20/15.00] [SYM(1.00){x;},MIME_GOOD(-0.10){text/plain;}]), len:"
	 " 1234,"
	 " time: 12.3ms, dns req: 5, digest: <0123456789abcdef>, rcpts: <r@b.test>,"
	 " mime_rcpts:"
	 " <r@b.test>",
	 "event|kind=spam_verdict|ip=192.0.2.1|qid=4F1D2A3B4C|sender=s@a.test"
	 "|recipient=r@b.test|action=no action"
	 "|text=SYM(1.00){x;},MIME_GOOD(-0.10){text/plain;}"
	 "|size=1234|nrcpt=1|msgid=<1@a.test>|verdict=clean|score=1200|seconds=12300"},
	{"(normal) <abc123>; proxy; rspamd_task_write_log: id: <1@a.test>, qid:"
	 " <1kUrJs-0003Yw-3t>, ip: 2001:db8::1, user: u@b.test, from: <>, (default: T"
	 " (reject):"
	 " [-16.205/15.00] [A(4.00){203.0.113.66:from;}]), len: 2, time: 120.5ms real, 3ms"
	 " virtual, dns req: 42, digest: <01>, rcpts: <\"a,>\"@b.test,q@b.test>",
	 "event|kind=spam_verdict|ip=2001:db8::1|qid=1kUrJs-0003Yw-3t|user=u@b.test|sender="
	 "|recipient=\"a,>\"@b.test|action=reject|text=A(4.00){203.0.113.66:from;}|size=2"
	 "|nrcpt=2"
	 "|msgid=<1@a.test>|verdict=spam|score=-16205|seconds=120500"},
	{"csession; rspamd_task_write_log: id: <undef>, (default: T (add header): [nan/25.00]"
	 " []), len: 1, time: 1ms",
	 "event|kind=spam_verdict|action=add header|text=|size=1|verdict=spam|seconds=1000"},
	{TASK "id: <undef>, qid: <undef>, ip: 127.0.0.1, (default: S (soft reject):"
	 " [0.00/15.00]"
	 " [A(0.00){}])",
	 "event|kind=spam_verdict|ip=127.0.0.1|action=soft reject|text=A(0.00){}])"
	 "|verdict=deferred|score=0"},
	{TASK "id: <x>, (default: T (own action): [9/8] [])",
	 "event|kind=spam_verdict|action=own action|text=])|msgid=<x>|verdict=spam"
	 "|score=9000"},
	/* a Message-ID has no spaces; one that has is not believed */
	{TASK "id: <a>,?qid:?<FORGED>,?ip:?203.0.113.66>, ip: 192.0.2.1, (default: F"
	 " (greylist):"
	 " [1/2] [])",
	 "event|kind=spam_verdict|ip=192.0.2.1|action=greylist|text=])"
	 "|msgid=<a>,?qid:?<FORGED>,?ip:?203.0.113.66>|verdict=deferred|score=1000"},
	{TASK "id: <a b>, ip: 203.0.113.66, (default: F (no action): [1/2] [])", "malformed"},
	{TASK "id: <a>, ip: mx.203.0.113.66, from: <x<y>, (default: F (no action): [1/2] [])",
	 "event|kind=spam_verdict|sender=x<y|action=no action|text=])|msgid=<a>|verdict=clean|"
	 "score=1000"},
	{TASK "id: <a>, from: <x y>, (default: F (no action): [1/2] [])", "event|"
	 "kind=spam_verdict|sender=x y|action=no action|text=])|msgid=<a>|verdict=clean|"
	 "score=1000"},
	{TASK "id: <a>, from: <x<y z>, (default: F (no action): [1/2] [])", "malformed"},
	{TASK "id: <a>, qid: <4F, ip: 203.0.113.66", "malformed"},
	{TASK "id: <a>, from: <\"x>, (default: F (no action): [-9/2] [\"@a.test>, (default: T"
	 " (reject): [20/15] [A(1){]), len: x}]), len: 7, time: 1ms",
	 "event|kind=spam_verdict|sender=\"x>, (default: F (no action): [-9/2] [\"@a.test"
	 "|action=reject|text=A(1){|msgid=<a>|verdict=spam|score=20000"},
	/* the rest of rspamd */
	{"<abc>; proxy; rspamd_message_parse: loaded message; id: <x>; queue-id:"
	 " <y>", "ignored"},
	{"<abc>; lua; greylist.lua:331: Score too low - skip greylisting", "ignored"},
	{"<abc>; map; http_map_error: error reading http://x.test/: timeout",
	 "event|kind=operational|text=error reading http://x.test/: timeout"},
	/* whoever tries to log in to the web interface, from an address that is its own */
	{"<abc>; csession; rspamd_controller_check_password: absent password has been"
	 " specified; source ip: 192.0.2.1:4711", "ignored"},
	{"<>; ; rspamd_controller_check_password: absent or incorrect password has been"
	 " specified; source ip: 192.0.2.1:4711",
	 "event|kind=auth_failure|ip=192.0.2.1|port=4711"
	 "|text=absent or incorrect password has been specified"},
	{"(controller) rspamd_controller_check_password: absent or incorrect password has"
	 " been specified; source ip: [2001:db8::1]:4711",
	 "event|kind=auth_failure|ip=2001:db8::1|port=4711"
	 "|text=absent or incorrect password has been specified"},
	{"<abc>; csession; rspamd_controller_check_password: deny default password for remote"
	 " access; source ip: 192.0.2.1:4711",
	 "event|kind=auth_failure|ip=192.0.2.1|port=4711"
	 "|text=deny default password for remote access"},
	{"<abc>; csession; rspamd_controller_check_password: deny default password for remote"
	 " access; source ip: unix:/run/x",
	 "event|kind=auth_failure|text=deny default password for remote access"},
	/* in a file without module */
	{"(main) rspamd_check_core_limits: enable core dumps", "ignored"},
	{"(normal) rspamd_log_reset_repeated: Last message repeated 5 times", "ignored"},
	{"<abc>; task; accept_socket: current tasks is now: 100 while maximum is: 99",
	 "event|kind=capacity|text=current tasks is now: 100 while maximum is: 99"},
	{"<abc>; task; rspamd_task_timeout: processing of task time out: 8.0s spent",
	 "event|kind=operational|text=processing of task time out: 8.0s spent"},
	/* Mail goes unscanned. */
	{"(rspamd_proxy) <abc>; proxy; proxy_backend_master_error_handler: abnormally closing "
	 "connection from backend: 127.0.0.1:11333, error: IO timeout, retries left: 5",
	 "event|kind=operational|text=abnormally closing connection from backend: "
	 "127.0.0.1:11333, error: IO timeout, retries left: 5"},
	{"(rspamd_proxy) <abc>; proxy; proxy_backend_master_error_handler: retry connection "
	 "to: ::1 retries left: 4", "ignored"},
	{"(rspamd_proxy) <abc>; proxy; proxy_milter_error_handler: abnormally closing milter "
	 "connection from: 127.0.0.1, error: invalid macro command (bad value)",
	 "event|kind=operational|text=abnormally closing milter connection from: 127.0.0.1, "
	 "error: invalid macro command (bad value)"},
	{"(rspamd_proxy) <abc>; proxy; proxy_milter_error_handler: abnormally closing milter "
	 "connection from: 127.0.0.1, error: Unexpected EOF", "ignored"},
	{"(main) <abc>; main; rspamd_check_termination_clause: normal process 7 terminated "
	 "abnormally by signal: 11 and created core file; trying to restart",
	 "event|kind=operational|text=normal process 7 terminated abnormally by signal: 11 "
	 "and created core file; trying to restart"},
	{"(main) <abc>; main; rspamd_cld_handler: normal process 7 terminated normally",
	 "ignored"},
	{"(normal) rspamd_crash_sig_handler: caught fatal signal 11(Segmentation fault), "
	 "pid: 7",
	 "event|kind=operational|text=caught fatal signal 11(Segmentation fault), pid: 7"},
	{"(normal) rspamd_inet_address_connect: connect unix:/run/clamd failed: 111, "
	 "'refused'",
	 "event|kind=operational|text=connect unix:/run/clamd failed: 111, 'refused'"},
	{"(normal) <abc>; task; fuzzy_check_io_callback: got error on IO with server "
	 "localhost:11335(127.0.0.1:11335), on read, 111, Connection refused",
	 "event|kind=operational|text=got error on IO with server "
	 "localhost:11335(127.0.0.1:11335), on read, 111, Connection refused"},
	{"(normal) <abc>; lua; antivirus.lua:120: clamav: failed to scan, maximum retransmits "
	 "exceed",
	 "event|kind=operational|text=clamav: failed to scan, maximum retransmits exceed"},
	{"(normal) <abc>; monitored; rspamd_monitored_dns_cb: DNS reply returned 'no error' "
	 "for bl.test while 'no records with this name' was expected when querying for 'x'",
	 "event|kind=operational|text=DNS reply returned 'no error' for bl.test while 'no "
	 "records with this name' was expected when querying for 'x'"},
	{"words nobody wrote", "unknown"},
	{"<abc", "unknown"},
	{"(x", "unknown"},
	{"", "malformed"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_MESSAGES(&kit, "rspamd[1]", cases);
	kit_free(&kit);
	return tap_done();
}
