#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bans: what a guard wrote down, asked for while it runs and without it; bans by hand
# both ways; the way from a ban back to the lines of the log; what is counted.

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
kind = file
path = $tmp/g/banned.cidr
[rule login-watched]
match = attempt & outcome=failure
count = 2
dry_run = yes
END

bans() { verb=$1; shift; run bans "$verb" --config "$conf" "$@"; }

# fail SECONDS IP USER: a wrong password, so long before NOW, which stands still.
now=$(date +%s)
fail() {
	printf '%s mx1 postfix/smtpd[7]: warning: unknown[%s]: SASL LOGIN authentication failed: reason, sasl_username=%s\n' \
		"$(date -u -d "@$((now - $1))" +%Y-%m-%dT%H:%M:%S+00:00)" "$2" "$3"
}

start_guard() {
	"$POSTERN" guard --config "$conf" --from-start 2>"$tmp/guard" &
	guard=$!
	n=0
	until [ -S "$tmp/g/control" ] && bans list --all && grep -qF "$1" "$tmp/out"; do
		sleep 0.1
		n=$((n + 1))
		[ $n -lt 100 ] || break
	done
}

stop_guard() {
	kill $guard
	wait $guard
}

# Bad use, and no store yet.
run bans
status_is 2 "no verb"
err_has "bans list, or what?" "says so"
run bans lst
status_is 2 "a wrong verb"
err_has "did you mean list?" "the nearest is named"
run bans --config x list
err_has "first the verb, then --config: postern bans list --config" "the verb comes first"
run bans --help
out_has "explain   why" "help lists the verbs"
run bans explain --help
out_has "Usage: postern bans explain ID|ADDRESS" "each has a help of its own"
bans add
status_is 2 "nothing to add"
bans add 192.0.2.300
status_is 2 "no address"
err_has "'192.0.2.300' is no address and no network" "says what is expected"
bans add 192.0.2.1 1h
status_is 2 "a time without its option"
err_has "'1h' is a time: bans add ADDRESS --for 1h" "is told what is meant"
bans export json
status_is 2 "a format without its option"
err_has "'json' is a format: bans export --format json" "is, too"
bans status now
err_has "takes no word, not 'now'" "nor has each verb a word"
bans add 192.0.2.1 --for 3days
status_is 2 "no time"
err_has "--for is a time such as 10m" "says what is expected"
bans list --reason x
status_is 2 "an option of another verb"
bans list
status_is 1 "no store"
err_has "there is no store at $tmp/g/postern.db: postern guard makes it" "names it, and how"
bans add 192.0.2.1
status_is 1 "no store is made for a ban"
[ ! -e "$tmp/g/postern.db" ]
ok $? "there is still none"

# Six failures of one client; a login name that looks like a log record.
for i in 6 5 4 3 2; do
	fail $i 192.0.2.66 "a$i"
done >"$log"
fail 1 192.0.2.66 'x]: reject: RCPT from unknown[198.51.100.9]' >>"$log"
fail 1 2001:db8::66 'b' >>"$log"
chmod 644 "$log"
start_guard 192.0.2.66

bans list --no-geo
status_is 0 "list"
out_has "BANNED   1 row" "dry runs are left out"
out_has "192.0.2.66  login-failures" "address and rule"
err_empty "nothing is wrong"
bans list --format json
json 'j["sections"]["bans"]["rows"][0]["rule"] == "login-failures"' "JSON"
json '59 * 60 < j["sections"]["bans"]["rows"][0]["left"] <= 3600' "what is left of an hour"
bans list --all --format csv --sort rule
status_is 0 "all as CSV"
[ "$(cut -d, -f 2,7 "$tmp/out" | tail -n +2 | sort -u | tr '\n' ' ')" = \
	'login-failures,active login-watched,dry run ' ]
ok $? "dry runs are marked"
bans list --format html
err_has "--format is text, json or csv, not 'html'" "no form for a table"
bans list --sort adress
status_is 2 "no such column"
err_has "did you mean address?" "the nearest is named"
bans list nonsense
status_is 2 "no address"
err_has "'nonsense' is no address and no network" "says what is expected"
bans list 192.0.2.0/25
out_has 192.0.2.66 "what overlaps a network"
bans list 198.51.100.0/24
out_has "Nobody is banned; --all has" "what does not"

bans explain 192.0.2.66
status_is 0 "explain"
out_has "match    = attempt & (outcome=failure | outcome=refused)" "the rule's filter"
out_has "counted     5 of 5 in 4.0s" "the window"
out_has "$log:5" "where the line stands"
out_has "$(sed -n 5p "$log")" "the very line"
out_lacks "$log:6" "not a line that did not count"
id=$(sed -n 's/^  id  *//p' "$tmp/out" | head -n 1)
bans explain "$id" --format json
events 'j[0]["id"] == "'"$id"'" and len(j[0]["evidence"]) == 5' "explain by id, as JSON"
events 'j[0]["evidence"][4]["line"].endswith("sasl_username=a2")' "with the lines"
bans explain "$(printf %s "$id" | cut -c 1-8)"
out_has "$id" "the first digits are enough"
wrong=$(printf %s "$id" | tr 0123456789abcdef 123456789abcdef0 | cut -c 1)${id#?}
bans explain "$wrong"
status_is 1 "an unknown id"
err_has "no ban has the id $wrong; did you mean $id?" "the nearest is named"
bans explain 192.0.2.99
status_is 1 "who was never banned"

bans add 203.0.113.9/24 --for 2h --reason "a 'test'"
status_is 0 "add through the guard"
err_has "is taken for the network it is in, 203.0.113.0/24" "bits behind the prefix"
out_has "203.0.113.0/24 is banned until" "until when"
grep -qF 203.0.113.0/24 "$tmp/guard"
ok $? "the guard did it"
bans add 203.0.113.70 --for forever
out_has "is banned for good" "for good"
bans add 127.0.0.1
status_is 1 "what is always allowed"
err_has "[guard] allow says that 127.0.0.0/8 is never banned" "is not banned by hand either"
bans add 0.0.0.0/0
err_has "wider than IPv4 /8" "nor the world"
bans remove 203.0.113.9
status_is 1 "an address inside a network that is banned"
err_has "203.0.113.9 is not banned; but 203.0.113.0/24 is" "says what is"
bans remove 203.0.113.0/24 --reason mistake
status_is 0 "remove through the guard"
bans history 203.0.113.9
out_has "lifted  203.0.113.0/24  manual" "history: of the network, too"
bans explain 203.0.113.1
out_has "a 'test'; lifted by" "who and why is kept"
out_has "mistake" "of both"

# Without a guard: in the store, then in force.
stop_guard
mv "$log" "$log.1"
gzip "$log.1"
bans explain 192.0.2.66
out_has "$log.1.gz:5" "the line is found where rotation put it"
bans add 198.51.100.8 --for 2h
status_is 0 "add without a guard"
err_has "no guard is running: written down" "says so"
bans add 127.0.0.1
status_is 1 "what is allowed is not banned so either"
bans remove 203.0.113.70
status_is 0 "remove without a guard"
bans remove 203.0.113.70
err_has "203.0.113.70 is not banned" "once"
: >"$log"
chmod 644 "$log"
start_guard 198.51.100.8
n=0
until grep -qF 198.51.100.8 "$tmp/g/banned.cidr" || [ $n -gt 50 ]; do
	sleep 0.1
	n=$((n + 1))
done
grep -qF 198.51.100.8 "$tmp/g/banned.cidr"
ok $? "a guard that starts bans what was added"
! grep -qF 203.0.113.70 "$tmp/g/banned.cidr"
ok $? "and not what was lifted"
stop_guard

# Counted: four bans so far, one of them by a rule, one of them lifted again without a guard.
bans list --by net --all --format csv
out_has 192.0.2.0/24,2,1, "by network: bans and different addresses"
bans list --by rule --format json
json '[(r["rule"], r["bans"]) for r in j["sections"]["bans_by_rule"]["rows"]] == [("login-failures", 1), ("manual", 1)]' \
	"by rule, those that are active"
bans list --by ruel
err_has "--by is rule, net, country or asn, not 'ruel'; did you mean rule?" "by something else"
"$POSTERN" geo build --country tests/places/country.csv --asn tests/places/asn.csv \
	--output "$tmp/geo.postern" >"$tmp/out" 2>"$tmp/err"
bans list --geo "$tmp/geo.postern" --format csv 192.0.2.66
out_has ",FR,64496,Example Hosting" "with a database of places: country and operator"
"$POSTERN" geo build --country tests/places/country.csv --output "$tmp/geo.country"
{
	cat "$conf"
	printf '[geo]\nfiles = '
	yes "$tmp/geo.country," | head -n 64
	echo "$tmp/geo.postern"
} | sed 's|^/|\t/|' >"$conf.places"
run bans list --config "$conf.places" --format csv 192.0.2.66
out_has ",FR,64496,Example Hosting" "and with the last of 65"
bans list --by country --geo "$tmp/geo.postern" --all --format csv
out_has FR,2,1, "by country"
bans list --by asn --geo "$tmp/geo.postern" --all --format csv
out_has "AS64496 Example Hosting,2,1," "by network operator"
bans days --format csv --tz UTC
out_has "$(date -u +%F),4,4,4,0" "days: bans, addresses, new, banned before"
bans days --by rule --all --format json
json '[r["bans"] for r in j["sections"]["days_by_rule"]["rows"] if r["rule"] == "login-watched"] == [1]' \
	"by rule, with dry runs"
bans days --box
sed 's/([0-9.]* sec)/(0.03 sec)/; s/[0-9-]\{10\} /2009-07-27 /' "$tmp/out" >"$tmp/box"
cat >"$tmp/want" <<'END'
+--------------------+---------------+
| count(distinct ip) | DATE(bantime) |
+--------------------+---------------+
|                  4 | 2009-07-27    |
+--------------------+---------------+
1 row in set (0.03 sec)
END
cmp -s "$tmp/box" "$tmp/want"
ok $? "the box of mysql"
bans days --box --since 2038-01-01
out_has "Empty set (" "and of nothing"
bans days --box --by rule
status_is 2 "the box is one form"
bans export --all
status_is 2 "plain says only who is banned now"
bans effect --by day --minutes 5
status_is 2 "a day has its minutes"
bans repeat
out_has "Nobody was banned more than once." "nobody came again"
bans add 203.0.113.70 --for 1h
bans repeat --format json
json '[(r["address"], r["bans"], r["active"], r["rules"]) for r in j["sections"]["repeat"]["rows"]] == [("203.0.113.70", 2, True, "manual")]' \
	"who did"
bans effect --by address --minutes 1 --format json
json '[(r["logins_before"] > 1, r["rejects_before"]) for r in j["sections"]["effect"]["rows"] if r["address"] == "192.0.2.66"] == [(True, 0)]' \
	"before: logins a minute, no rejects"
bans effect
out_has "stopped" "effect by rule"
bans effect --by day --format json
json '[(r["bans"], r["logins"] > 1) for r in j["sections"]["effect"]["rows"]] == [(5, True)]' \
	"by day, of all clients"
bans export
[ "$(tr '\n' ' ' <"$tmp/out")" = "192.0.2.66/32 198.51.100.8/32 203.0.113.70/32 " ]
ok $? "export: prefixes in order"
bans export --format cidr
grep -q "^192.0.2.66/32	REJECT banned, id $id\$" "$tmp/out"
ok $? "for Postfix"
bans export --format nft
grep -qE '^add element inet postern ban4 \{ 192.0.2.66 timeout [0-9]+s, 198' "$tmp/out"
ok $? "for nft"
bans export --format ipset
grep -qE '^add postern4 192.0.2.66/32 timeout [0-9]+$' "$tmp/out"
ok $? "for ipset"
bans export --format hash
out_has "192.0.2.66	REJECT banned, id $id" "for postmap"
bans export --format rbldnsd
out_has "192.0.2.66/32 :127.0.0.2:banned, id $id" "for rbldnsd"
bans export --format csv --all
out_has ",lifted," "as CSV, ended ones too"
bans export --format xml
err_has "--format is plain, cidr, hash, nft, ipset, rbldnsd, json or csv, not 'xml'" "not as anything"

# Who may not.
if [ "$(id -u)" = 0 ]; then
	as_other() {
		setpriv --reuid=daemon --regid=daemon --clear-groups "$POSTERN" bans "$@" \
			--config "$conf" >"$tmp/out" 2>"$tmp/err"
		status=$?
	}
	as_other list
	status_is 1 "the store of others"
	err_has "postern.db: not allowed: must be root or user nobody" "says who may"
	start_guard 198.51.100.8
	as_other remove 192.0.2.66
	status_is 1 "the guard of others"
	err_has "not allowed: must be root or user nobody" "who is refused does not go round it"
	stop_guard
fi

rm "$log.1.gz"
bans explain 192.0.2.66
out_has "the line is in no file of this log any more" "a line that is gone is said to be"
fail 3 192.0.2.66 another >"$log"
bans explain 192.0.2.66
out_lacks another "another line at its place is not taken for it"

# With a database of places bans have theirs from the beginning, and without it later on.
mkdir "$tmp/h"
chmod 1777 "$tmp/h"
cp "$tmp/geo.postern" "$tmp/h/geo.postern"
sed "s,$tmp/g/,$tmp/h/,g" "$conf" >"$tmp/placed.conf"
printf '[geo]\nfiles = %s\n' "$tmp/h/geo.postern" >>"$tmp/placed.conf"
conf=$tmp/placed.conf log=$tmp/h/mail.log now=$(date +%s)
for i in 6 5 4 3 2; do
	fail $i 192.0.2.66 "a$i"
done >"$log"
fail 1 192.0.2.77 b >>"$log"
fail 1 192.0.2.77 b >>"$log"
chmod 644 "$log"
start_guard 192.0.2.66
bans add 203.0.113.128/25
stop_guard
bans add 2001:db8:2::1
sed -i '/^\[geo\]/,$d' "$conf"
bans list --all --no-geo --format csv
out_has ",FR,64496," "a verdict has its place"
out_has ",AU,65536," "a ban by hand, too"
out_has ",PL,65538," "and without a guard"
grep '^192.0.2.77,login-watched' "$tmp/out" | grep -q ',FR,64496,'
ok $? "and that of a rule that only says what it would do"
bans list --no-geo --by country --format csv
out_has "FR,1,1," "by country"
bans export --no-geo --format json
json '{(r["address"], r["country"], r["asn"]) for r in j["sections"]["bans"]["rows"]} >= {("192.0.2.66", "FR", 64496), ("203.0.113.128/25", "AU", 65536)}' \
	"exported"
bans list --geo "$tmp/geo.postern" --format csv 192.0.2.66
out_has ",FR,64496,Example Hosting" "an operator's name is the database's"
bans add 192.0.2.1 --no-geo
status_is 2 "add has no such option"
bans add 203.0.113.71 --for 9999w
out_has "22$(date -u -d '+9999 weeks' +%y-%m-)" "the year is told where it is not this one"
bans list 203.0.113.71
out_has "22$(date -u -d '+9999 weeks' +%y-%m-)" "in the list, too"

# A network's ban beside an address's own, with a guard and without.
start_guard 192.0.2.66
bans add 203.0.113.0/24
bans add 203.0.113.7 --for 1h
status_is 0 "an address inside a network that is banned, too"
err_has "203.0.113.0/24, which has it, is banned until" "that is said"
net=$(sed -n 's/.*, id \([0-9a-f]*\).*/\1/p' "$tmp/err")
bans list 203.0.113.0/24 --format json
json '[row["id"] for row in j["sections"]["bans"]["rows"] if row["address"].endswith("/24")] == ["'"$net"'"]' "with its id"
bans explain 203.0.113.7
out_has "203.0.113.7 is in 203.0.113.0/24, which is banned until" "explain tells the network's, too"
out_has "203.0.113.7 is banned until" "beside its own"
bans remove 203.0.113.7
status_is 0 "its own is lifted"
out_has "203.0.113.7 is still banned: 203.0.113.0/24, which has it, is until" "but the network's is not"
out_has "id $net" "whose id is told"
out_lacks "is not banned any more" "so nobody is told what is not so"
err_has "postern bans remove 203.0.113.0/24" "and how that is lifted"
stop_guard
bans add 203.0.113.64/28
bans add 203.0.113.70
err_has "203.0.113.64/28, which has it, is banned until" "a network's ban is told of without a guard"
bans remove 203.0.113.70
out_has "203.0.113.70 is still banned: 203.0.113.64/28" "at a lift, too"

# A program that fails keeps out nobody, which whoever asks who is banned is told.
sed "s|^kind = file|kind = command|; s|^path = .*|ban = /bin/false {ip}|" "$conf" >"$conf.fails"
mv "$conf.fails" "$conf"
start_guard 192.0.2.66
bans add 203.0.113.200
n=0
until bans list && grep -q 'action nft fails' "$tmp/err" || [ $n = 50 ]; do
	sleep 0.1
	n=$((n + 1))
done
err_has "warning: action nft fails: it keeps out nobody who is listed here; see postern bans status" \
	"an action that fails is told of by list"
[ "$(wc -l <"$tmp/err")" = 1 ]
ok $? "in one line"
stop_guard
finish
