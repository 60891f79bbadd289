#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# postern postscreen: the layout of Postscreen-Stats' document, its options, what it
# got wrong, and the modern report below. postscreen/log was made by hand: a client for
# each column of the delays, on their edges too, one that passed at the third try.
. "${0%/*}/lib.sh"
log=$PWD/tests/cli/postscreen/log

stats() { run postscreen -y 2011 -f "$log" "$@"; }

cat >"$tmp/short" <<'END'

=== unique clients/total postscreen actions ===
21/37 CONNECT
1/1 BARE NEWLINE
2/2 BLACKLISTED
1/1 COMMAND COUNT LIMIT
1/1 COMMAND LENGTH LIMIT
1/1 COMMAND PIPELINING
1/1 COMMAND TIME LIMIT
1/2 DNSBL
2/3 HANGUP
1/1 NON-SMTP COMMAND
13/14 NOQUEUE 450 deep protocol test reconnection
1/1 NOQUEUE all server ports busy
1/1 NOQUEUE too many connections
11/11 PASS NEW
12/12 PASS OLD
1/1 PREGREET
1/1 WHITELIST VETO
2/2 WHITELISTED

=== clients statistics ===
5 avg. dnsbl rank
4 blocked clients
21 clients
12 reconnections
20281.8333333 seconds avg. reco. delay

=== First reconnection delay (graylist) ===
delay| <10s   |>10to30s| >30to1m| >1to5m | >5to30m|>30mto2h| >2hto5h|>5hto12h|>12to24h| >24h   |
count|2       |2       |1       |1       |1       |1       |1       |1       |1       |1       |
   % |17      |17      |8.3     |8.3     |8.3     |8.3     |8.3     |8.3     |8.3     |8.3     |
END
stats
status_is 0 "-r short is what is printed anyway"
err_empty "and says nothing on stderr"
cmp -s "$tmp/short" "$tmp/out"
ok $? "the layout of 2012, byte for byte"
stats -r short --rfc3339 --jobs 1
cmp -s "$tmp/short" "$tmp/out"
ok $? "--rfc3339 changes nothing"

# One client, as in the document.
cat >"$tmp/client" <<'END'
Filtering results to match: 198.51.100.9
198.51.100.9
    connections count: 2
    first seen on 2011-10-22 09:37:54
    last seen on 2011-10-22 09:38:00
    DNSBL count: 2
    DNSBL ranks: ['6', '3']
    HANGUP count: 2
    PREGREET count: 1

END
stats -r ip -i 198.51.100.9
cmp -s "$tmp/client" "$tmp/out"
ok $? "-r ip -i ADDRESS: a block"
stats -r full -i 198.51.100.9
head -n 10 "$tmp/out" | cmp -s - "$tmp/client"
ok $? "-r full begins with the blocks"
out_has "1/2 CONNECT" "and ends with the summary"
stats -r none
out_empty "-r none prints nothing"

# What the original got wrong.
stats -r ip -i 192.0.2.1
out_lacks 192.0.2.10 "-i is one address, not the beginning of others"
stats -r ip -i 192.0.2.1,2001:db8:1::/48 -i 198.51.100.24
grep -c '^    connections' "$tmp/out" >"$tmp/n"
[ "$(cat "$tmp/n")" = 3 ]
ok $? "-i takes several, and networks"
out_has "Filtering results to match: 192.0.2.1, 2001:db8:1::/48, 198.51.100.24" "as it says"
stats -r ip -i 2001:db8:1::/48
out_has "2001:db8:1::7" "clients of IPv6 have their own addresses"
out_lacks 203.0.113.66 "an address in a HELO is nobody"
stats -r ip -i 1.2.3
status_is 2 "-i with something else"
err_has "not '1.2.3'" "says what it was"
stats -i ''
status_is 2 "-i without anything"
cp "$log" "$tmp/lastyear"
touch -d '2012-01-15' "$tmp/lastyear"
run postscreen -r ip -f "$tmp/lastyear"
out_has "first seen on 2011-10-22" "the year of an old log comes of the file"
run postscreen -r ip -y 2010 -f "$tmp/lastyear"
out_has "first seen on 2010-10-22" "-y overrides it"

stats -r ip
[ "$(grep '^192' "$tmp/out" | sed -n '2p;10p' | tr '\n' ' ')" = "192.0.2.2 192.0.2.10 " ]
ok $? "clients by number"

# The choice of clients, in every mode.
stats -a 'PREGREET&DNSBL|HANGUP'
out_has "2/3 CONNECT" "-a chooses clients"
out_has "2/3 HANGUP" "and counts all that they did"
out_lacks "PASS" "what nobody did has no row"
stats -r ip -a 'PREGREET & !PASS OLD'
[ "$(grep -c '^    connections' "$tmp/out")" = 1 ]
ok $? "-a holds in -r ip"
stats -r ip -a '(blacklisted or ALLOWLISTED) and connect'
[ "$(grep -c '^    connections' "$tmp/out")" = 4 ]
ok $? "old and new names, parentheses, words, CONNECT"
stats -a 'NOQUEUE 450 >= 2'
out_has "1/3 CONNECT" "how often"
stats -a 'NOQUEUE & !PASS OLD'
out_has "3/5 CONNECT" "all refusals by one name"
stats -a PREGREAT
status_is 2 "a wrong action"
err_has "did you mean PREGREET?" "the right one"
err_has "COMMAND PIPELINING" "all of them"
stats -a DNSBL --modern
status_is 2 "what tells of all clients is refused beside -a"
stats -r shrt
status_is 2 "a wrong mode"
err_has "did you mean short?" "the right one"

# Countries: of databases on this machine, never of a service.
printf '198.51.100.1,198.51.100.1,US\n' >"$tmp/none.csv"
"$POSTERN" geo build -o "$tmp/places.pgeo" --country tests/places/country.csv --source 'Made up' \
	--licence 'CC0; nobody' --date 2026-01-01 >"$tmp/out" &&
	"$POSTERN" geo build -o "$tmp/none.pgeo" --country "$tmp/none.csv" >"$tmp/out"
sed 's/198\.51\.100\.2\([12]\)/192.0.2.20\1/' "$log" >"$tmp/mixed"
cat >"$tmp/countries" <<'END'

=== Top 20 Countries of Blocked Clients ===
 3 (75.00%) United States
 1 (25.00%) Belgium
END
for how in --geofile "-g --geofile" "-G --geofile" "-g -G --geofile"; do
	# shellcheck disable=SC2086
	run postscreen -y 2011 -f "$tmp/mixed" $how "$tmp/places.pgeo"
	sed '1,/^   %/d' "$tmp/out" | head -n 4 | cmp -s - "$tmp/countries"
	ok $? "$how FILE: countries of blocked clients"
done
err_empty "with nothing to say"
out_has "places: Made up of 2026-01-01" "whose data it is, beneath"
out_has "CC0; nobody" "on what terms"
head -n "$(wc -l <"$tmp/short")" "$tmp/out" | grep -c '^count|2       |2 ' >"$tmp/n"
[ "$(cat "$tmp/n")" = 1 ]
ok $? "the rest stays as it is"
run postscreen -y 2011 -f "$tmp/mixed" --geofile "$tmp/places.pgeo" -a BLACKLISTED --format json
json '[(r["country"], r["clients"])
	for r in j["sections"]["postscreen_countries"]["rows"]] == [("BE", 1), ("US", 1)]' "countries of chosen clients, in JSON"
json 'j["places"][0]["name"] == "Made up"' "and whose data it is"
stats --geofile "$tmp/none.pgeo"
out_has "the country of no blocked client is known" "what has no country is none"
stats -g
status_is 0 "-g with what is installed"
out_has "Countries of Blocked Clients" "has the table"
stats -G
status_is 2 "-G without --geofile"
err_has "goes with --geofile FILE" "says what it wants"
stats --geofile "$tmp/absent.dat"
status_is 1 "a database that is not there"
err_has absent.dat "it is named"
stats -r ip --geofile "$tmp/places.pgeo"
err_has "countries are in the summary" "what -r ip leaves out is said"

# The modern report.
stats --modern
head -n "$(wc -l <"$tmp/short")" "$tmp/out" | cmp -s - "$tmp/short"
ok $? "--modern leaves the old part as it is"
for words in 'NOQUEUE 550 deny list' 'NOQUEUE all screening ports busy' 'WHAT CAME OF IT' \
	'WOULD HAVE COST' 'TOLD TO COME BACK' 'ADDS TO THE OTHERS' 'SAID BEFORE ITS TURN'; do
	out_has "$words" "--modern: $words"
done
mv "$tmp/out" "$tmp/modern"
stats -r none --modern
sed '1,/^   %/d' "$tmp/modern" | cmp -s - "$tmp/out"
ok $? "-r none --modern is that alone"
! sed '1,/^   %/d' "$tmp/modern" | grep -qE '^.{81}'
ok $? "in 80 columns"

cat >"$tmp/worth" <<'END'
Oct 22 10:00:00 mx postfix/postscreen[77]: CONNECT from [192.0.2.1]:1 to [203.0.113.1]:25
Oct 22 10:00:00 mx postfix/dnsblog[78]: addr 192.0.2.1 listed by domain a.test as 127.0.0.2
Oct 22 10:00:00 mx postfix/dnsblog[79]: addr 192.0.2.1 listed by domain b.test as 127.0.0.2
Oct 22 10:00:01 mx postfix/postscreen[77]: PREGREET 14 after 0.08 from [192.0.2.1]:1: EHLO pc.example
Oct 22 10:00:02 mx postfix/smtpd[80]: connect from pc.example[192.0.2.1]
Oct 22 10:00:03 mx postfix/smtpd[80]: 4AAAA1: client=pc.example[192.0.2.1]
Oct 22 10:00:03 mx postfix/cleanup[81]: 4AAAA1: message-id=<1@pc.example>
Oct 22 10:00:03 mx postfix/qmgr[82]: 4AAAA1: from=<a@pc.example>, size=500, nrcpt=1 (queue active)
Oct 22 10:00:04 mx postfix/local[83]: 4AAAA1: to=<bob@local.test>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)
Oct 22 10:00:04 mx postfix/qmgr[82]: 4AAAA1: removed
Oct 22 10:00:05 mx postfix/smtpd[80]: disconnect from pc.example[192.0.2.1] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5
Oct 22 10:01:00 mx postfix/postscreen[77]: CONNECT from [192.0.2.2]:1 to [203.0.113.1]:25
Oct 22 10:01:00 mx postfix/dnsblog[78]: addr 192.0.2.2 listed by domain a.test as 127.0.0.2
Oct 22 10:01:01 mx postfix/postscreen[77]: PREGREET 14 after 0.08 from [192.0.2.2]:1: EHLO pc.example
Oct 22 10:01:02 mx postfix/smtpd[80]: connect from unknown[192.0.2.2]
Oct 22 10:01:03 mx postfix/smtpd[80]: disconnect from unknown[192.0.2.2] ehlo=1 quit=1 commands=2
Oct 22 10:02:00 mx postfix/postscreen[77]: CONNECT from [192.0.2.3]:1 to [203.0.113.1]:25
Oct 22 10:02:06 mx postfix/postscreen[77]: DNSBL rank 3 for [192.0.2.3]:1
Oct 22 10:02:06 mx postfix/dnsblog[78]: addr 192.0.2.3 listed by domain b.test as 127.0.0.2
Oct 22 10:02:07 mx postfix/postscreen[77]: NOQUEUE: reject: RCPT from [192.0.2.3]:1: 550 5.7.1 Service unavailable; client [192.0.2.3] blocked using b.test; from=<a@b.example>, to=<bob@local.test>, proto=ESMTP, helo=<pc.example>
Oct 22 10:02:07 mx postfix/postscreen[77]: DISCONNECT [192.0.2.3]:1
END
run report postscreen --format json --year 2011 "$tmp/worth"
json 'j["sections"]["postscreen_cost"]["rows"] == [
	{"test": test, "sessions": 2, "clients": 2, "delivered": 1, "messages": 1}
	for test in ("pregreet", "any test")]' "what enforcing a test would have cost"
json '[(r["test"], r["failed"], r["blocked"], r["passed"])
	for r in j["sections"]["postscreen_failed"]["rows"]] == [
	("DNS lists", 1, 1, 0), ("pregreet", 2, 0, 2), ("any test", 3, 1, 2)]' \
	"failed against really blocked"
json '[(r["list"], r["addresses"], r["only"], r["rejected"])
	for r in j["sections"]["postscreen_zones"]["rows"]] == [
	("a.test", 2, 1, 0), ("b.test", 2, 1, 1)]' "what a list adds"
json 'j["sections"]["postscreen_pregreet"]["rows"][0]["times"] == 2' "pregreet texts"
run report postscreen_waits --format json --year 2011 "$log"
json '[(r["by"], r["deferred"], r["returned"], r["never"], r["median"])
	for r in j["sections"]["postscreen_waits"]["rows"]] == [("client", 13, 12, 1, 300.0),
	("IPv4 /24", 1, 1, 0, 5.0), ("IPv6 /64", 1, 0, 1, None)]' \
	"waits by client and network: median, and who never came back"

# JSON and CSV.
stats --format json -r full -a 'DNSBL'
json 'set(j["sections"]) == {"postscreen_" + s
	for s in ("actions", "figures", "delays", "addresses")}' "JSON has the sections"
json '[r["ip"] for r in j["sections"]["postscreen_addresses"]["rows"]] == ["198.51.100.9"]' \
	"of the chosen clients"
json 'j["sections"]["postscreen_figures"]["rows"][0]["average_rank"] == 4.5' \
	"the average rank has a decimal"
many=$(seq 1000 | sed 's/.*/192.0.2.7,/' | tr -d '\n')
stats -r ip -i "${many}198.51.100.9"
out_has "192.0.2.7, 198.51.100.9" "1000 addresses and one more are all named"
stats -r ip -i "$many$many$many$many"
err_has "the filter is longer than" "more than a filter can hold"
stats --format csv
[ "$(head -n 2 "$tmp/out" | tail -n 1)" = CONNECT,21,37 ]
ok $? "CSV of the actions"
stats --format csv -r ip -i 198.51.100.9
out_has "198.51.100.9,2011-10-22T09:37:54.000000Z" "CSV of the addresses"
stats --format csv postscreen_delays -a '!PASS OLD'
out_has "<10s,0" "CSV of another section"
stats --format csv -r full
status_is 2 "CSV of two sections"
err_has "such as: postern postscreen postscreen_addresses --format csv" "the hint is this command's"
stats --format json -r none
status_is 2 "nothing as JSON"

: >"$tmp/empty"
run postscreen "$tmp/empty"
status_is 0 "an empty log"
out_has "0 clients" "has no clients"
out_lacks "avg." "and no averages"
run postscreen -f "$tmp/absent"
status_is 1 "a file that is not there"
run postscreen -r
err_has "--report needs a value" "a letter without its value"
run report -a x
err_has "no option -a" "letters are postscreen's alone"

finish
