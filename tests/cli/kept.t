#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# kept: figures over a store that has events of some kinds for longer than of others, as
# every guard's has after a month.

. "${0%/*}/lib.sh"

chmod 755 "$tmp"
mkdir "$tmp/g"
chmod 1777 "$tmp/g"
log=$tmp/g/mail.log
conf=$tmp/postern.conf

cat >"$conf" <<END
[input]
files = $log
[store]
url = sqlite:$tmp/g/postern.db
[guard]
control = $tmp/g/control
user = nobody
[action nft]
enabled = no
END

now=$(date +%s)
line() { # SECONDS-AGO TEXT
	printf '%s mx1 postfix/%s\n' "$(date -u -d "@$((now - $1))" +%Y-%m-%dT%H:%M:%S+00:00)" "$2"
}

fail() {
	line "$1" "smtpd[7]: warning: unknown[$2]: SASL LOGIN authentication failed: no, sasl_username=u"
}

message() {
	line "$1" "smtpd[7]: $2: client=mail.example[198.51.100.1]"
	line "$1" "cleanup[9]: $2: message-id=<$2@mail.example>"
	line "$1" "qmgr[9]: $2: from=<a@mail.example>, size=100, nrcpt=1 (queue active)"
	line "$1" "lmtp[9]: $2: to=<u@host.test>, relay=h[private/x], delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)"
	line "$1" "qmgr[9]: $2: removed"
}

day=86400
{
	message $((45 * day)) 4AAAAAAAAA
	for i in 0 1 2 3 4; do fail $((40 * day - i)) 203.0.113.1; done
	message $((35 * day)) 4BBBBBBBBB
	message $((10 * day + 700)) 4CCCCCCCCC
	for i in 0 1 2 3 4; do fail $((10 * day - 60 * i)) 203.0.113.2; done
	message 90 4DDDDDDDDD
	line 60 "smtpd[8]: connect from mail.example[198.51.100.1]"
} >"$log"

"$POSTERN" guard --config "$conf" --from-start 2>"$tmp/guard" &
guard=$!
n=0
until run trace --config "$conf" 4DDDDDDDDD && grep -q 4DDDDDDDDD "$tmp/out"; do
	sleep 0.1
	n=$((n + 1))
	[ $n -lt 100 ] || break
done

# Failures are kept for 30 days, messages for 60: of the first ban nothing is known any more.
run bans effect --by address --config "$conf" --format json
json '{r["address"]: r["logins_before"] for r in j["sections"]["effect"]["rows"]} == {"203.0.113.1": None, "203.0.113.2": 0.5}' \
	"what was forgotten is no quiet time"
run bans effect --config "$conf" --format json
json '[(r["bans"], r["logins_before"]) for r in j["sections"]["effect"]["rows"]] == [(2, 0.5)]' \
	"and is no part of an average"

# Ten days ago somebody failed, on the other days nobody.
run bans effect --by day --config "$conf" --format json
json '[(r["bans"], r["logins"] > 0) for r in j["sections"]["effect"]["rows"]] == 20 * [(0, False)] + [(1, True)] + 10 * [(0, False)]' \
	"days without any are days, too"

# And so is a report of the 30 days, unless it is asked for more.
run report overview --config "$conf" --format json
json 'j["sections"]["overview"]["rows"][0]["received"] == 2 and j["period"]["first"] > "'"$(date -u -d @$((now - 30 * day)) +%F)"'"' \
	"messages older than all else are left out"
run report overview --config "$conf" --since -60d --format json
json 'j["sections"]["overview"]["rows"][0]["received"] == 4' "but where they are asked for"
run report tls --config "$conf"
out_has "kept for less time: tls 3d" "what else goes back less far is said"
run report auth --config "$conf"
out_lacks "kept for less time" "where it matters"

kill $guard
wait $guard
finish
