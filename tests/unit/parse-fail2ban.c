/* SPDX-License-Identifier: Apache-2.0
 *
 * fail2ban's messages of 0.8 to 1.1, and ids that look like what fail2ban adds.
 */
#include "parse-kit.h"

static const struct message_case cases[] = {
	{"WARNING [postfix] Ban 192.0.2.39", "event|kind=ban|ip=192.0.2.39|action=Ban"
	 "|jail=postfix"},
	{"NOTICE  [postfix] Ban 2001:db8::1",
	 "event|kind=ban|ip=2001:db8::1|action=Ban|jail=postfix"},
	{"NOTICE [postfix] Ban 192.0.2.0/24",
	 "event|kind=ban|ip=192.0.2.0/24|action=Ban|jail=postfix"},
	{"NOTICE  [postfix] Ban mx.a.test",
	 "event|kind=ban|action=Ban|text=mx.a.test|jail=postfix"},
	{"NOTICE  [my-jail 2] Ban admin with 203.0.113.66",
	 "event|kind=ban|action=Ban|text=admin with 203.0.113.66|jail=my-jail 2"},
	{"NOTICE [postfix] Restore Ban 192.0.2.1",
	 "event|kind=ban_restored|ip=192.0.2.1|action=Restore Ban|jail=postfix"},
	{"NOTICE  [postfix] Reban 192.0.2.1",
	 "event|kind=ban_restored|ip=192.0.2.1|action=Reban|jail=postfix"},
	{"NOTICE  [postfix] Reban 192.0.2.1, action 'nftables'",
	 "event|kind=ban_restored|ip=192.0.2.1|action=Reban|jail=postfix"},
	{"NOTICE  [postfix] Increase Ban 192.0.2.1 (3 # 2d 7h 15m -> 2026-11-22 12:00:00)",
	 "event|kind=ban_longer|ip=192.0.2.1|action=Increase Ban|attempts=3"
	 "|seconds=198900000000|jail=postfix"},
	{"NOTICE  [postfix] Increase Ban 192.0.2.1 (2 # 59m 50s -> 2026-11-22 12:00:00)",
	 "event|kind=ban_longer|ip=192.0.2.1|action=Increase Ban|attempts=2"
	 "|seconds=3590000000|jail=postfix"},
	{"NOTICE  [postfix] Increase Ban 192.0.2.1 (2 # 1y 2w -> 2028-11-22 12:00:00)",
	 "event|kind=ban_longer|ip=192.0.2.1|action=Increase Ban|attempts=2"
	 "|seconds=32745600000000|jail=postfix"},
	{"NOTICE  [postfix] Increase Ban 192.0.2.1 (2 # 2:00:00 -> 2026-11-22 12:00:00)",
	 "event|kind=ban_longer|ip=192.0.2.1|action=Increase Ban|attempts=2"
	 "|seconds=7200000000|jail=postfix"},
	{"NOTICE  [postfix] Increase Ban 192.0.2.1 (2 # 1 day, 0:00:00 -> 2026-11-22"
	 " 12:00:00)",
	 "event|kind=ban_longer|ip=192.0.2.1|action=Increase Ban|attempts=2"
	 "|seconds=86400000000|jail=postfix"},
	{"NOTICE  [postfix] Increase Ban 192.0.2.1 (9 # permanent -> infinite)",
	 "event|kind=ban_longer|ip=192.0.2.1|action=Increase Ban|attempts=9|jail=postfix"},
	{"NOTICE  [postfix] Increase Ban x (1 # 2h -> 3) (2 # 99999999999999999999y ->"
	 " infinite)",
	 "event|kind=ban_longer|action=Increase Ban|text=x (1 # 2h -> 3)|attempts=2"
	 "|jail=postfix"},
	{"NOTICE  [postfix] Increase Ban 203.0.113.66", "malformed"},
	{"NOTICE  [postfix] Unban 192.0.2.1",
	 "event|kind=unban|ip=192.0.2.1|action=Unban|jail=postfix"},
	{"NOTICE  [postfix] Repeal Ban 192.0.2.1",
	 "event|kind=unban|ip=192.0.2.1|action=Repeal Ban|jail=postfix"},
	{"NOTICE  [postfix] Flush ticket(s) with nftables-multiport",
	 "event|kind=flush|action=Flush|text=nftables-multiport|jail=postfix"},
	{"WARNING [postfix] 192.0.2.1 already banned",
	 "event|kind=operational|ip=192.0.2.1|action=banned|severity=warning|jail=postfix"},
	{"NOTICE  [postfix] 192.0.2.1 already banned", "ignored"},
	{"DEBUG  Found 192.0.2.1", "event|kind=found|ip=192.0.2.1|action=Found"},
	{"INFO    [postfix] Found 192.0.2.1",
	 "event|kind=found|ip=192.0.2.1|action=Found|jail=postfix"},
	{"INFO    [postfix] Found 192.0.2.1 - 2026-11-20 11:44:06",
	 "event|kind=found|ip=192.0.2.1|action=Found|jail=postfix"},
	{"INFO    [postfix] Found 192.0.2.1, bad - 2026-11-20 11:44:06, 2 # -> 3.0, Ban",
	 "event|kind=found|ip=192.0.2.1|action=Found|attempts=3|jail=postfix"},
	{"INFO    [postfix] Found 192.0.2.1, bad - 2026-11-20 11:44:06, 1 # -> 2",
	 "event|kind=found|ip=192.0.2.1|action=Found|attempts=2|jail=postfix"},
	{"INFO    [postfix] Found u - 2026-11-20 11:44:06, Ban 203.0.113.66 - 2026-11-20"
	 " 11:44:06",
	 "event|kind=found|action=Found|text=u - 2026-11-20 11:44:06, Ban 203.0.113.66"
	 "|jail=postfix"},
	{"INFO    [postfix] Attempt 192.0.2.1 - 2026-11-20 11:44:06",
	 "event|kind=found|ip=192.0.2.1|action=Attempt|jail=postfix"},
	{"INFO    [postfix] Found \x1b[2J\xc2\x9b\xe2\x80\xae - 2026-11-20 11:44:06",
	 "event|kind=found|action=Found|text=\x1b[2J\xc2\x9b\xe2\x80\xae|jail=postfix"},
	{"INFO    [postfix] Ignore 203.0.113.66 by ip", "ignored"},
	{"INFO    [postfix] Ignore 203.0.113.66, expired bantime", "ignored"},
	{"INFO    [postfix] IP 203.0.113.66 is bad: 2 # last 2026-11-20 11:44:06 - incr"
	 " 1:00:00"
	 " to 2:00:00", "ignored"},
	{"NOTICE  [postfix] Ban ", "malformed"},
	/* life cycle */
	{"INFO    Starting Fail2ban v1.0.2", "event|kind=service|text=Starting Fail2ban"
	 " v1.0.2"},
	{"INFO    Jail 'postfix' started",
	 "event|kind=service|text=Jail 'postfix' started|jail=postfix"},
	{"INFO    Jail 'postfix' stopped",
	 "event|kind=service|text=Jail 'postfix' stopped|jail=postfix"},
	{"INFO    Jail 'postfix' uses pyinotify {}", "ignored"},
	{"INFO    Exiting Fail2ban", "event|kind=service|text=Exiting Fail2ban"},
	{"Server ready", "event|kind=service|text=Server ready"},
	{"INFO      maxRetry: 5", "ignored"},
	{"INFO    rollover performed on /var/log/fail2ban.log", "ignored"},
	/* trouble */
	{"ERROR   7f0a -- exec: nft add rule",
	 "event|kind=operational|text=7f0a -- exec: nft add rule|severity=error"},
	{"WARNING [postfix] Detected a log entry 1h before the current time",
	 "event|kind=operational|text=Detected a log entry 1h before the current time"
	 "|severity=warning|jail=postfix"},
	{"CRITICAL x", "event|kind=operational|text=x|severity=fatal"},
	{"WARNING Found a match for 'x [203.0.113.66]' but no valid date/time found for ''.",
	 "event|kind=operational|text=Found a match for 'x [203.0.113.66]' but no valid"
	 " date/time found for ''.|severity=warning"},
	{"WARNING [postfix] Found a match for '203.0.113.66 - 2' but no valid date/time found",
	 "event|kind=operational|text=Found a match for '203.0.113.66 - 2' but no valid"
	 " date/time found|severity=warning|jail=postfix"},
	{"DEBUG   words nobody wrote", "ignored"},
	{"INFO    words nobody wrote", "unknown"},
	{"INFO    [postfix] words nobody wrote", "unknown"},
	{"words nobody wrote", "unknown"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_DECEPTIVE(&kit, "fail2ban.actions[1]", cases);
	kit_free(&kit);
	return tap_done();
}
