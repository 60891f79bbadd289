#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# scan --follow: each line once, at once, through rotation; what may be lost is told.

. "${0%/*}/lib.sh"

followed=$tmp/followed.log

# line N: a connect of client 192.0.2.N
line() { echo "2026-01-05T10:00:00+00:00 mx1 postfix/smtpd[7]: connect from unknown[192.0.2.$1]"; }

# Waits until out has COUNT lines; at most ten seconds.
wait_for() {
	n=0
	while [ "$(wc -l <"$tmp/out")" -lt "$1" ] && [ $n -lt 200 ]; do
		sleep 0.05
		n=$((n + 1))
	done
	[ "$(wc -l <"$tmp/out")" = "$1" ]
	ok $? "$2"
}

line 1 >"$followed"
"$POSTERN" scan --follow "$followed" "$tmp/late.log" >"$tmp/out" 2>"$tmp/err" &
pid=$!
sleep 0.5
line 2 >>"$followed"
wait_for 1 "a line is told when it is written; older ones are not"
line 3 | head -c 40 >>"$followed"
line 3 | tail -c +41 >>"$followed"
wait_for 2 "a line written in halves is one"
mv "$followed" "$followed.1"
line 4 >>"$followed.1"
line 5 >"$followed"
wait_for 4 "renamed: what its writer still appends, and the new file"
line 8 >>"$followed.1"
wait_for 5 "what is appended to the renamed one after that"
line 9 >>"$followed"
wait_for 6 "and the new one again"
line 6 >"$tmp/late.log"
wait_for 7 "a file that was not there yet, from its first line"
cp "$followed" "$followed.2"
: >"$followed"
line 7 >>"$followed"
wait_for 9 "copied and truncated: the line behind it, and the event"
kill $pid
wait $pid 2>/dev/null
events '[e["ip"][8:] for e in j if "ip" in e] == list("23458967")' "each line once, in order"
events '[(e["ip"][8:], e["lineno"]) for e in j if "lineno" in e] ==
	[("5", 1), ("9", 2), ("6", 1), ("7", 1)]' "lines are counted in each file by itself"
events '[e["action"] for e in j if e["kind"] == "evidence_lost"] == ["possible"]' \
	"that a line may be lost is an event"
events 'len({e["id"] for e in j}) == len(j)' "identities differ"
err_empty "and nothing is wrong"

# What containers and the journal write is followed as it is read.
: >"$tmp/out"
: >"$tmp/docker.log"
"$POSTERN" scan --follow "$tmp/docker.log" "$tmp/journal.json" "$tmp/cri.log" \
	>"$tmp/out" 2>"$tmp/err" &
pid=$!
sleep 0.5
: >"$tmp/cri.log"
record() { printf '{"log":"%s","stream":"stdout","time":"2026-01-05T10:00:01.5Z"}\n' "$1"; }
record "$(line 21)\n" >>"$tmp/docker.log"
record "$(line 22 | head -c 70)" >>"$tmp/docker.log"
record "$(line 22 | tail -c +71)\n" >>"$tmp/docker.log"
wait_for 2 "docker's records, of which several may be a line"
mv "$tmp/docker.log" "$tmp/docker.log.1"
record "postfix/smtpd[7]: connect from unknown[192.0.2.23]\n" >"$tmp/docker.log"
wait_for 3 "behind a rotation, too"
printf '{"__REALTIME_TIMESTAMP":"1767607202000000","SYSLOG_IDENTIFIER":"postfix/smtpd","MESSAGE":"%s"}\n' \
	"connect from unknown[192.0.2.24]" >"$tmp/journal.json"
wait_for 4 "the journal's as JSON"
piece() { printf '2026-01-05T10:00:03.123456789Z stdout %s %s\n' "$1" "$2"; }
for i in 1 2 3; do
	case $i in
	1) line 25 | head -c 30 ;;
	2) line 25 | head -c 50 | tail -c +31 ;;
	3) line 25 | tail -c +51 ;;
	esac >"$tmp/piece"
	piece "$(test $i = 3 && echo F || echo P)" "$(cat "$tmp/piece")"
done >>"$tmp/cri.log"
piece F "$(line 26)" >>"$tmp/cri.log"
wait_for 6 "Kubernetes' lines, of which several may be one, too"
kill $pid
wait $pid 2>/dev/null
events '[(e["ip"][8:], e["time"][17:19]) for e in j] ==
	[("21", "00"), ("22", "00"), ("23", "01"), ("24", "02"), ("25", "00"), ("26", "00")]' "with their times"
err_empty "and no word of trouble"

printf '{\n\t"__REALTIME_TIMESTAMP" : "1767607202000000",\n\t"MESSAGE" : "x"\n}\n' >"$tmp/pretty"
run scan --follow "$tmp/pretty*"
status_is 2 "a pattern is not waited for as if it were a name"
err_has "$tmp/pretty*: patterns are not followed; name each log" "what to do is said"
{
	printf LPKSHHRH
	head -c 5000 /dev/zero
} >"$tmp/system.journal"
run scan --follow "$tmp/system.journal"
status_is 1 "nor can a file of a journal"
err_has "$tmp/system.journal: a file of a journal, which is read but not followed; expected" "why"
run scan --follow "$tmp/pretty"
status_is 1 "objects of several lines cannot be followed"
err_has "$tmp/pretty: objects of several lines, which are read but not followed; expected" "it is said"
: >"$tmp/out"
: >"$tmp/pretty.json"
: >"$tmp/seq.json"
"$POSTERN" scan --follow "$tmp/pretty.json" "$tmp/seq.json" >"$tmp/out" 2>"$tmp/err" &
pid=$!
sleep 0.5
cat "$tmp/pretty" >>"$tmp/pretty.json"
for before in '\036' ''; do
	printf "$before"'{"__REALTIME_TIMESTAMP":"1767607202000000","SYSLOG_IDENTIFIER":"%s","MESSAGE":"%s"}\n' \
		"postfix/smtpd" "connect from unknown[192.0.2.24]"
done | sed '2s/.*/data: &/' >>"$tmp/seq.json"
wait_for 1 "journalctl -o json-seq is"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -s "$tmp/err" ] && break
	sleep 0.5
done
kill $pid
wait $pid 2>/dev/null
err_has "$tmp/pretty.json: objects of several lines" "what comes later is told of, too"

# Emptied here, as what runs in the background may be slow to do it.
: >"$tmp/out"
"$POSTERN" scan --follow --since 2026-01-01 --where 'ip=192.0.2.7' "$followed" >"$tmp/out" &
pid=$!
wait_for 1 "--since begins with what is there, --where chooses"
kill $pid
wait $pid 2>/dev/null

"$POSTERN" geo build -o "$tmp/db.pgeo" --country tests/places/country.csv >"$tmp/built"
: >"$tmp/out"
"$POSTERN" scan --follow --since 2026-01-01 --geo "$tmp/db.pgeo" --where 'country=DE' "$followed" \
	>"$tmp/out" &
pid=$!
wait_for 1 "--where a country"
kill $pid
wait $pid 2>/dev/null
events 'j[0]["country"] == "DE"' "--geo has places of what is followed"

timeout 10 "$POSTERN" scan --follow --since 2026-01-01 "$followed" 2>"$tmp/err" | head -n 1 >"$tmp/out"
[ -s "$tmp/out" ]
ok $? "ends when its reader has gone"
gzip -k "$followed"
run scan --follow "$followed.gz"
status_is 1 "a compressed file cannot be followed"
err_has "compressed" "says why"
run scan --follow - </dev/null
status_is 2 "nor the standard input, which no file called - stands for"
err_has "as it comes" "which is read as it comes anyway"
run scan --follow --unknown "$followed"
status_is 2 "--follow --unknown"
err_has "no end" "which has no end"

finish
