#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# replay: rules over logs whose numbers are known.

. "${0%/*}/lib.sh"

conf=$tmp/a.conf
log=$tmp/replayed

# The shipped rules off, so that each number has one cause; no address is this host's.
alone() {
	printf '[guard]\nown =\n'
	"$POSTERN" config show | sed -n 's/^\[rule \(.*\)\]$/\1/p' | while read -r rule; do
		printf '[rule %s]\nenabled = no\n' "$rule"
	done
}
{
	alone
	cat <<-'END'
		[rule guess]
		match = attempt & outcome=failure
		count = 3
		within = 10m
		ban = 1h
	END
} >"$conf"

failure() { # TIME ADDRESS USER
	printf 'Mar  1 %s mx postfix/smtpd[1]: warning: unknown[%s]: SASL LOGIN authentication failed: authentication failure, sasl_username=%s\n' "$1" "$2" "$3"
}
# A message of a client: who logs in with USER, or else mail from outside.
message() { # TIME ADDRESS QID USER
	printf 'Mar  1 %s mx postfix/smtpd[%s]: %s: client=unknown[%s]%s\n' "$1" \
		"${3#AAAAAAAA}" "$3" "$2" \
		"${4:+, sasl_method=PLAIN, sasl_username=$4}"
	printf 'Mar  1 %s mx postfix/qmgr[2]: %s: from=<s@mail.example>, size=900, nrcpt=1 (queue active)\n' "$1" "$3"
	printf 'Mar  1 %s mx postfix/lmtp[3]: %s: to=<r@shop.test>, relay=mx[private/lmtp], delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 ok)\n' "$1" "$3"
	printf 'Mar  1 %s mx postfix/qmgr[2]: %s: removed\n' "$1" "$3"
}

# .1 is banned from 10:00:02 to 11:00:02, fails twice and is refused once in that time,
# then logs in at 10:30; it comes back at 12:00 with a message. .2 fails twice only. .3 is
# banned at 10:10 and brings a message before, one meanwhile. .4 has a login that protects.
{
	message 09:00:00 192.0.2.3 AAAAAAAA1
	message 09:30:00 192.0.2.4 AAAAAAAA2 dave
	failure 10:00:00 192.0.2.1 alice
	failure 10:00:01 192.0.2.1 bob
	failure 10:00:02 192.0.2.1 carol
	failure 10:00:03 192.0.2.1 carol
	failure 10:00:04 192.0.2.1 carol
	echo 'Mar  1 10:00:05 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 <b@remote.example>: Relay access denied; from=<a@b.example> to=<b@remote.example> proto=ESMTP helo=<x>'
	failure 10:05:00 192.0.2.2 alice
	failure 10:05:01 192.0.2.2 alice
	failure 10:10:00 192.0.2.3 erin
	failure 10:10:01 192.0.2.3 erin
	failure 10:10:02 192.0.2.3 erin
	failure 10:20:00 192.0.2.4 dave
	failure 10:20:01 192.0.2.4 dave
	failure 10:20:02 192.0.2.4 dave
	message 10:30:00 192.0.2.1 AAAAAAAA3 alice
	message 10:40:00 192.0.2.3 AAAAAAAA4
	message 12:00:00 192.0.2.1 AAAAAAAA5 alice
} >"$log"

replay() { run replay --year 2026 --config "$conf" "$@"; }

replay --format json "$log"
status_is 0 "a log"
err_empty "without a word"
json 'list(j["sections"]) == ["replay", "replay_rules", "replay_collateral", "replay_bans"]' \
	"JSON has all of it"
json '[(b["time"], b["key"], b["rule"], b["seconds"], b["offence"], b["counted"], b["threshold"])
	for b in j["sections"]["replay_bans"]["rows"]] == [
	("2026-03-01T10:00:02.000000Z", "192.0.2.1", "guess", 3600, 1, 3, 3),
	("2026-03-01T10:10:02.000000Z", "192.0.2.3", "guess", 3600, 1, 3, 3)]' \
	"who is banned when, by which rule, for how long"
json '[(b["events"], b["attempts"], b["rejects"]) for b in j["sections"]["replay_bans"]["rows"]]
	== [(4, 2, 1), (1, 0, 0)]' "what that prevents: lines, failed logins, refusals"
json '{k: j["sections"]["replay"]["rows"][0][k] for k in ("rules", "bans", "banned", "events",
	"attempts", "rejects", "peak", "peak_time", "collateral", "collateral_during", "allowed",
	"spared")} == {"rules": 1, "bans": 2, "banned": 2, "events": 5, "attempts": 2,
	"rejects": 1, "peak": 2, "peak_time": "2026-03-01T10:10:02.000000Z", "collateral": 2,
	"collateral_during": 2, "allowed": 0, "spared": 1}' \
	"the sums, the peak and when, what protection put off"
json '[(h["client"], h["user"], h["when"], h["logins"], h["messages"], h["first"], h["rule"])
	for h in j["sections"]["replay_collateral"]["rows"]] == [
	("192.0.2.1", "alice", "during", 1, 1, "2026-03-01T10:30:00.000000Z", "guess"),
	("192.0.2.3", "s@mail.example", "during", 0, 1, "2026-03-01T10:40:00.000000Z", "guess"),
	("192.0.2.1", "alice", "after", 1, 1, "2026-03-01T12:00:00.000000Z", "guess")]' \
	"the collateral: who, when, by what, while banned and after; nothing before"
json '[(r["rule"], r["bans"], r["banned"], r["matched"], r["events"], r["attempts"],
	r["rejects"], r["spared"]) for r in j["sections"]["replay_rules"]["rows"]] ==
	[("guess", 2, 2, 13, 5, 2, 1, 1)]' "the same by rule"

replay "$log"
status_is 0 "text"
out_has "COLLATERAL: BANNED, BUT LOGGED IN OR BROUGHT MAIL   3 combinations" "names the collateral"
out_has "banned at once, at most                        2" "and the peak"
replay --top 1 "$log"
out_has "first 1 of 2 bans" "--top: so many, in the order of the log"
replay --color always "$log"
grep -q "$(printf '\033')\[1;31mCOLLATERAL" "$tmp/out"
ok $? "in red"
replay --format csv "$log"
[ "$(wc -l <"$tmp/out")" = 3 ] && out_has "2026-03-01T10:00:02.000000Z,guess,192.0.2.1,3600,1,3,3," \
	"CSV has the bans"

replay --format json --where 'ip=192.0.2.3' "$log"
json '[b["key"] for b in j["sections"]["replay_bans"]["rows"]] == ["192.0.2.3"]' \
	"--where: the rest is not in the log"
replay --format json --since '2026-03-01 10:00:01' "$log"
json '[b["time"][11:19] for b in j["sections"]["replay_bans"]["rows"]] ==
	["10:00:03", "10:10:02", "10:20:02"]' "--since: what came before counts for nothing"
replay --format json --tz Europe/Berlin "$log"
json '[b["time"][11:19] for b in j["sections"]["replay_bans"]["rows"]] == ["09:00:02", "09:10:02"]' \
	"--tz: where the log was written"

{ cat "$conf"; printf '[input]\ntz = America/New_York\n'; } >"$tmp/zone.conf"
run replay --year 2026 --config "$tmp/zone.conf" --format json "$log"
json 'j["sections"]["replay_bans"]["rows"][0]["time"] == "2026-03-01T15:00:02.000000Z"' \
	"the zone of the settings, as the guard has it"

# The same rule, quicker and longer, and one more.
{
	cat "$conf"
	cat <<-'END'
		[rule guess]
		count = 2
		[rule relays]
		match = policy & reason=relay_denied
		count = 1
		ban = forever
	END
} | awk '!/^count = 3/' | awk '/^\[rule guess\]/ && seen++ { next } { print }' >"$tmp/b.conf"
replay --format json --diff "$tmp/b.conf" "$log"
status_is 0 "--diff"
json '[(c["key"], c["change"], c["a_bans"], c["b_bans"], c["b_seconds"])
	for c in j["sections"]["replay_changes"]["rows"]] == [
	("192.0.2.2", "only in B", None, 1, 3600), ("192.0.2.1", "earlier in B", 1, 2, None),
	("192.0.2.3", "earlier in B", 1, 1, 3600)]' "who is banned earlier, or only by one"
json '[(r["rule"], r["a_bans"], r["b_bans"]) for r in
	j["sections"]["replay_rules_compared"]["rows"]] == [("guess", 2, 3), ("relays", None, 1)]' \
	"rule by rule"
json '[(h["only"], h["client"], h["when"]) for h in
	j["sections"]["replay_collateral_changes"]["rows"]] ==
	[("A", "192.0.2.1", "after"), ]' "whom only one of them hurts"
json '[(r["bans"], r["banned"], r["only"]) for r in j["sections"]["replay_compared"]["rows"]] ==
	[(2, 2, 0), (4, 3, 1)]' "the sums of both"
replay --diff "$conf" "$log"
out_has "Both ban the same clients at the same times for as long." "no difference is said"
replay --format csv --diff "$tmp/b.conf" "$log"
out_has "192.0.2.2,only in B," "CSV has what differs"
run replay --year 2026 --diff "$tmp/b.conf" --config "$conf" "$log"
out_has "only in B" "in text, too"

# A recidivist: three bans of an hour, each longer, in one day.
{
	alone
	cat <<-'END'
		[rule guess]
		match = attempt & outcome=failure
		count = 2
		ban = 10m, x2, up to 1h
		[rule recidive]
		enabled = yes
		count = 2
		ban = forever
	END
} | awk '/^\[rule recidive\]/ && !seen++ { skip = 1; next } skip { skip = 0; next } { print }' >"$conf"
for hour in 10 11 12; do
	failure "$hour:00:00" 2001:db8::7 a
	failure "$hour:00:01" 2001:db8::7 a
done >"$log"
replay --format json "$log"
json '[(b["rule"], b["seconds"], b["offence"]) for b in j["sections"]["replay_bans"]["rows"]] ==
	[("guess", 600, 1), ("guess", 1200, 2), ("recidive", None, 1), ("guess", 2400, 3)]' \
	"bans become longer, and the banned banned for good"
json 'j["sections"]["replay"]["rows"][0]["peak"] == 1' "one client is one, however often banned"
json '[r["events"] for r in j["sections"]["replay_rules"]["rows"]] == [2, 0] and
	j["sections"]["replay"]["rows"][0]["events"] == 2' "each event is prevented once in all"

# A network, a login name, an allowed client, a protected one.
{
	alone
	cat <<-'END'
		[guard]
		allow = 198.51.100.0/24
		[rule net]
		match = attempt & outcome=failure
		by = net(ip)
		count = 3
		ban = 1h
		protect = no
		[rule name]
		match = attempt & outcome=failure
		by = user
		count = 4
		within = 1h
		ban = 1h
		protect = no
		[rule slow]
		match = attempt & outcome=failure
		count = 2
		within = 1d
		ban = 2d
		dry_run = yes
	END
} >"$conf"
{
	message 09:00:00 203.0.113.9 AAAAAAAA1 zoe
	failure 10:00:00 192.0.2.1 alice
	failure 10:00:01 192.0.2.2 alice
	failure 10:00:02 192.0.2.3 alice
	message 10:10:00 192.0.2.99 AAAAAAAA2 zoe
	failure 10:20:00 192.0.2.98 alice
	failure 10:30:00 192.0.3.1 alice
	for second in 0 1 2 3 4; do failure "10:40:0$second" 198.51.100.7 bob; done
	for second in 1 2 3 4 5 6 7 8 9; do failure "10:50:0$second" 203.0.113.9 "zoe$second"; done
	for second in 1 2 3 4 5 6 7 8 9; do failure "10:55:0$second" 203.0.113.10 zoe; done
} >"$log"
replay --format json "$log"
json '[(b["rule"], b["key"], b["events"], b["attempts"]) for b in
	j["sections"]["replay_bans"]["rows"] if b["rule"] != "slow"] == [
	("net", "192.0.2.0/24", 2, 1), ("name", "alice", 0, 0), ("net", "203.0.113.0/24", 15, 15),
	("name", "zoe", 0, 0)]' "a network is kept away, a name is not"
json '[(h["client"], h["user"], h["when"], h["rule"]) for h in
	j["sections"]["replay_collateral"]["rows"]] == [("192.0.2.99", "zoe", "during", "net")]' \
	"who else is in the network is hurt"
json '{r["rule"]: (r["allowed"], r["dry_run"]) for r in j["sections"]["replay_rules"]["rows"]} == {
	"net": (5, False), "name": (5, False), "slow": (5, True)}' \
	"allowed clients are counted; a rule in dry run is replayed"
json '[(b["key"], b["time"][14:19], b["protected"]) for b in
	j["sections"]["replay_bans"]["rows"] if b["rule"] == "slow"] ==
	[("203.0.113.9", "50:04", False), ("203.0.113.10", "55:02", False)] and
	j["sections"]["replay"]["rows"][0]["spared"] == 2' \
	"protection by a login puts off, until a fourth name fails"
json '(j["sections"]["replay"]["rows"][0]["peak"], j["sections"]["replay"]["rows"][0]["banned"])
	== (4, 6)' "names are not in the set"

# By country: of the databases that the settings name.
printf '192.0.2.0,192.0.2.255,DE\n203.0.113.0,203.0.113.255,FR\n' >"$tmp/places.csv"
"$POSTERN" geo build --country "$tmp/places.csv" --output "$tmp/places" >"$tmp/out"
sed "s/^allow = .*/allow = country:DE/; \$ a [geo]\nfiles = $tmp/places" \
	"$conf" >"$tmp/country.conf" 2>"$tmp/err"
run replay --year 2026 --config "$tmp/country.conf" --format json "$log"
json '{b["key"] for b in j["sections"]["replay_bans"]["rows"] if b["rule"] == "slow"} ==
	{"198.51.100.7", "203.0.113.9", "203.0.113.10"} and
	"192.0.2.0/24" not in str(j["sections"]["replay_bans"])' "allowed by country"
err_empty "without a word"

# What a rule looks at is known to it, whatever the rules behind it look at.
{
	alone
	cat <<-END
		[rule german]
		match = attempt & outcome=failure & country=DE
		count = 3
		[rule plain]
		match = attempt & outcome=failure & mechanism=PLAIN
		count = 3
		[rule all]
		match = attempt & outcome=failure
		count = 3
		[geo]
		files = $tmp/places
	END
} >"$tmp/first.conf"
for n in 1 2 3; do
	printf 'Jan  5 10:00:0%s mx dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<u%s>, method=PLAIN, rip=192.0.2.9, lip=198.51.100.1, session=<a%s>\n' $n $n $n
done >"$tmp/failures"
run replay --year 2026 --config "$tmp/first.conf" --format json "$tmp/failures"
json 'sorted(b["rule"] for b in j["sections"]["replay_bans"]["rows"]) == ["all", "german", "plain"]' \
	"rules by country and by mechanism, before one that asks for neither"

# What the store has from before: tests/cli/replay-guard.t has it filled by a guard.
sed "\$ a [store]\nurl = sqlite:$tmp/kept.db" "$conf" >"$tmp/kept.conf"
run replay --history --year 2026 --config "$tmp/kept.conf" "$log"
status_is 1 "--history without a store"
err_has "--history: there is no store at $tmp/kept.db" "says where there is none"
out_empty "and replays nothing"

# What cannot be done is said.
printf '[rule guess]\nmatch = attempt &\n' >"$tmp/bad.conf"
run replay --config "$tmp/bad.conf" "$log"
status_is 1 "a fault in the settings"
err_has "$tmp/bad.conf:2: [rule guess] match" "says where, as config check does"
out_empty "and replays nothing"
run replay --diff "$tmp/bad.conf" "$log"
status_is 1 "a fault in the other settings"
run replay --config "$tmp/none.conf" "$log"
status_is 1 "settings that are not there"
err_has "none.conf" "names the file"
run replay --where 'nothing=1' "$log"
status_is 2 "a bad filter"
run replay "$tmp/nothing.log"
status_is 1 "no log"
: >"$tmp/empty"
run replay --year 2026 "$tmp/empty"
status_is 0 "an empty log"
out_has "not one line in it" "is said"

run replay --format html "$log"
status_is 2 "replay draws nothing"

# The ends of a log without years tell of one New Year; there were two.
for day in 'Nov 20' 'Feb  2' 'Dec  1' 'Jan  5'; do
	for second in 01 02 03; do
		failure "10:00:$second" 192.0.2.9 eve | sed "s/^Mar  1/$day/"
	done
done >"$tmp/years"
run replay --config "$conf" --year 2026 --format csv "$tmp/years"
[ "$(cut -c 1-10 "$tmp/out" | grep '^20' | uniq | tr '\n' ' ')" = \
	'2024-11-20 2025-02-02 2025-12-01 2026-01-05 ' ]
ok $? "years are those of a scan"

# By the shipped rules who has a /64 and a new address for every guess is banned once. It is one
# rule: of two with the same count the one that looks at an hour would never say anything new.
for n in $(seq 10 34); do
	failure "10:$n:00" "2001:db8:9:7::$n" alice
done >"$tmp/v6"
printf '[guard]\nown =\n' >"$tmp/shipped.conf"
run replay --config "$tmp/shipped.conf" --year 2026 --format csv "$tmp/v6"
[ "$(grep -c '^2026.*,2001:db8:9:7::/64,' "$tmp/out")" = 1 ] &&
	grep -q ,login-ipv6,2001:db8:9:7::/64, "$tmp/out"
ok $? "one network's guesses"
sed -i '$d' "$tmp/v6"
run replay --config "$tmp/shipped.conf" --year 2026 --format csv "$tmp/v6"
! grep -q 2001:db8 "$tmp/out"
ok $? "and one fewer are none"

# An office in which all log in, and one telephone has an old password: its bans stay short,
# however often they come. A stranger's become long.
for n in $(seq 0 287); do
	at=$(printf '%02d:%02d' $((n / 12)) $((n % 12 * 5)))
	printf 'Mar  1 %s:00 mx postfix/smtpd[1%03d]: AAAAAAAA%03d: client=unknown[198.51.100.10], sasl_method=PLAIN, sasl_username=user%d\n' \
		"$at" "$n" "$n" $((n % 7))
	failure "$at:30" 198.51.100.10 telephone
	[ $((n % 96)) -gt 4 ] || failure "$at:40" 198.51.100.66 alice
	[ $((n % 96)) -gt 4 ] || failure "$at:50" 198.51.100.66 alice
done >"$tmp/office"
run replay --config "$tmp/shipped.conf" --year 2026 --format csv "$tmp/office"
[ "$(grep -c ,198.51.100.10,3600, "$tmp/out") $(grep -c ,198.51.100.10, "$tmp/out")" = '3 3' ]
ok $? "three bans of who is protected are no reason for a long one" || sed 's/^/# /' "$tmp/out"
grep -q ,recidive,198.51.100.66,1209600, "$tmp/out"
ok $? "three of a stranger's are"

# An IPv4 network is many people's: one address that tries many names is not all of it, and
# where many of its addresses do, those are banned that go on.
for n in $(seq 0 15); do
	failure "$(printf '10:%02d:00' $((n * 3)))" 198.51.100.77 "name$n"
done >"$tmp/v4"
run replay --config "$tmp/shipped.conf" --year 2026 --format csv "$tmp/v4"
[ "$(cut -d , -f 2,3 "$tmp/out" | tail -n +2)" = login-net-ipv4,198.51.100.77 ]
ok $? "one address's names are not its network's" || sed 's/^/# /' "$tmp/out"
for n in $(seq 10 26); do
	failure "10:$n:00" 198.51.100.$n name$n
done >"$tmp/v4"
run replay --config "$tmp/shipped.conf" --year 2026 --format csv "$tmp/v4"
[ "$(cut -d , -f 2,3 "$tmp/out" | tail -n +2 | tr '\n' ' ')" = \
	"$(for n in 24 25 26; do printf 'login-net-ipv4,198.51.100.%d ' $n; done)" ]
ok $? "many addresses of a network: every further one" || sed 's/^/# /' "$tmp/out"

# Addresses are never cut; a name that somebody made long makes no table wide.
{
	alone
	printf '[rule names]\nmatch = attempt\nby = user\ncount = 1\n'
	printf '[rule nets]\nmatch = attempt\ncount = 1\n'
} >"$conf"
failure 10:00:00 2001:db8:1234:5678:9abc:def0:1234:5678 "$(printf '%0300d' 7)" >"$log"
run replay --config "$conf" --year 2026 "$log"
out_has " 2001:db8:1234:5678:9abc:def0:1234:5678 " "an address is whole"
[ "$(sed -n '/^BANS/,$p' "$tmp/out" | wc -L)" -le 100 ]
ok $? "a name of 300 bytes is cut" || sed -n '/^BANS/,$p' "$tmp/out" | cut -c 1-150 | sed 's/^/# /'

run replay --year 2026 "$corpus/rsyslog-newyear/mx1.mail.log.gz"
out_has "198.51.100.111  s@isp.test  during" "a real log has collateral"
! grep -qE '^.{81}' "$tmp/out"
ok $? "and its tables fit the screen" || grep -E '^.{81}' "$tmp/out" | sed 's/^/# /'

finish
