#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Formats agree with each other, threads agree with each other, and nothing that
# an outsider wrote reaches the terminal raw.
. "${0%/*}/lib.sh"
log=$corpus/rsyslog-newyear/mx1.mail.log.gz
zcat "$log" >"$tmp/plain"

run report --year 2026 --format json --jobs 1 "$tmp/plain"
status_is 0 "report as JSON"
json 'j["format"] == 1 and j["coverage"] == 1 and j["exact"] is True' "the frame"
json 'j["period"]["first"].startswith("2025-12-31T") and j["period"]["last"].startswith("2026-01-01T")' \
	"the year turns at midnight"
json 'all(set(r) <= {c["name"] for c in s["columns"]} for s in j["sections"].values() for r in s["rows"])' \
	"rows have only the columns announced"
json 'all(s["groups"] >= len(s["rows"]) for s in j["sections"].values())' "groups are never fewer than rows"
mv "$tmp/out" "$tmp/one"
run report --year 2026 --format json --jobs 2 "$tmp/plain"
cmp -s "$tmp/one" "$tmp/out"
ok $? "two threads say the same as one"

run report sudden_senders --year 2026 --format json "$tmp/plain"
json '(lambda n: len(n) > 10 and n == sorted(n, reverse=True))([r["recipients"] for r in
	j["sections"]["sudden_senders"]["rows"]])' "the busiest hours come first in JSON, too"

run scan --year 2026 "$tmp/plain"
status_is 0 "scan"
events 'len(j) > 20000 and all("kind" in e for e in j)' "every line is a JSON object with its kind"
events 'len({e["id"] for e in j}) == len(j)' "every event has an id of its own"
events 'all(e["time"].endswith("Z") and len(e["time"]) == 27 for e in j)' "times are UTC with microseconds"

run report --year 2026 --by kind,count --format json "$tmp/plain"
status_is 2 "--by count would have two columns of one name"
err_has "--by kind,count: a row's number of events is called count, too" "that is said"
run report --year 2026 --by kind,count --measure last --format json "$tmp/plain"
json 'all(list(r) == ["kind", "count", "last"] for r in j["sections"]["query"]["rows"])' \
	"with another measure it is a key"

run report auth --year 2026 --format csv "$tmp/plain"
status_is 0 "one section as CSV"
python3 -c '
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8", newline="")))
sys.exit(not (len(rows) > 1 and len({len(r) for r in rows}) == 1))' "$tmp/out"
ok $? "CSV is a rectangle"

# ESC ]0; is a terminal title; U+009B is CSI in eight bits; U+202E turns the text around.
{
	cat "$tmp/log"
	printf 'Jan  1 00:00:02 mx postfix/smtpd[102]: connect from unknown[192.0.2.8]\n'
	printf 'Jan  1 00:00:03 mx postfix/smtpd[102]: warning: unknown[192.0.2.8]: SASL LOGIN authentication failed: x, sasl_username=\033]0;pwned\007\302\233\342\200\256\377=1+1\n'
} >"$tmp/hostile"
for format in text json; do
	run report auth --year 2026 --format $format "$tmp/hostile"
	status_is 0 "a hostile user name as $format"
	! LC_ALL=C grep -q "$(printf '\033\\|\007\\|\302\233\\|\342\200\256\\|\377')" "$tmp/out"
	ok $? "nothing of it is raw"
done
run scan --year 2026 "$tmp/hostile"
events 'any("pwned" in e.get("user", "") for e in j)' "scan keeps the name, escaped as JSON"
! LC_ALL=C grep -q "$(printf '\033\\|\377')" "$tmp/out"
ok $? "and not raw"

wide=2001:db8:ffff:ffff:ffff:ffff:ffff:ffff
sed "s/192\.0\.2\.7/$wide/; s/alice/$(printf '%070d' 0)/; s/bob@/$(printf '%070d' 0)@/" \
	"$tmp/log" >"$tmp/wide"
for log in "$tmp/wide" "$corpus/rsyslog-dst/mx1.mail.log.gz"; do
	run report --year 2026 "$log"
	mv "$tmp/out" "$tmp/first"
	run report --year 2026 --top 0 clients users senders recipients domains rejects dnsbl auth \
		postscreen traffic delivery delays bounces deferrals tls warnings kinds hosts \
		coverage "$log"
	! cat "$tmp/first" "$tmp/out" | grep -qE '^.{81}'
	ok $? "no line of ${log##*/} is wider than 80 columns"
done

# widest COLUMNS WIDTH: the longest line of a report on a terminal so wide.
widest() {
	python3 - "$POSTERN" "$tmp/wide" "$1" "$2" <<-'END'
		import fcntl, os, pty, struct, sys, termios
		program, log, columns, width = sys.argv[1:]
		pid, terminal = pty.fork()
		if pid == 0:
		    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 50, int(width), 0, 0))
		    os.environ['COLUMNS'] = columns
		    os.execv(program, [program, 'report', 'users', 'recipients', '--year', '2026',
		                       '--color', 'never', '--progress', 'never', log])
		text = b''
		try:
		    while more := os.read(terminal, 65536):
		        text += more
		except OSError:
		    pass
		os.waitpid(pid, 0)
		print(max(len(line) for line in text.decode().replace('\r', '').split('\n')))
	END
}
[ "$(widest '' 0)" -le 80 ]
ok $? "a terminal of unknown width has 80 columns"
wide=$(widest '' 120)
[ "$wide" -gt 80 ] && [ "$wide" -le 120 ]
ok $? "a wider one shows more"
wide=$(widest 100 150)
[ "$wide" -gt 80 ] && [ "$wide" -le 100 ]
ok $? "COLUMNS says how much"
[ "$(widest 5000 0)" -le 160 ]
ok $? "160 at most"

run report --measure 'count,distinct(ip),p90(delay),first' --where ip=192.0.2.254 \
	--format json --year 2026 "$tmp/log"
json 'j["sections"]["query"]["rows"] == [{"count": 0, "distinct(ip)": 0,
    "p90(delay)": None, "first": None}]' "a question without keys has one row, of nothing, too"
run report --by ip --where ip=192.0.2.254 --format json --year 2026 "$tmp/log"
json 'j["sections"]["query"]["rows"] == []' "and one with keys has none"
run report --by source --where message --format json --year 2026 "$corpus/debian13/mx1.mail.log.gz"
json '{r["source"] for r in j["sections"]["query"]["rows"]} <= {
	None, j["inputs"][0]["source"]}' "messages by the input that told their end"

run trace 192.0.2.7 --year 2026 "$tmp/log"
status_is 0 "trace of a client"
out_has 192.0.2.7 "the client's story"
cat >"$tmp/exim" <<'END'
2026-01-05 12:00:00 1vclXk-000000001Bd-0Abc <= list@host.example U=list P=local S=413
2026-01-05 12:00:01 1vclXk-000000001Bd-0Abc Completed
END
run trace 1vclXk-000000001Bd-0Abc "$tmp/exim"
out_has "handed in by a local program, user list, from <list@host.example>" \
	"a user without an id handed a message in"
cat >"$tmp/nameless" <<'END'
2026-01-05 12:00:00 1vclXk-000000001Bd-0Abc <= a@a.example H=(x) [192.0.2.7] P=esmtp S=413
END
run trace 192.0.2.7 "$tmp/nameless"
out_has "accepted from [192.0.2.7]" "a client without a name"
cat >"$tmp/rates" <<'END'
Jan  5 12:00:00 mx postfix/smtpd[1]: warning: Connection rate limit exceeded: 31 from a.example[192.0.2.7] for service smtp
Jan  5 12:03:20 mx postfix/anvil[2]: statistics: max connection rate 32/60s for (smtp:192.0.2.7) at Jan  5 12:00:00
END
run trace 192.0.2.7 --year 2026 "$tmp/rates"
out_has "rate limit: Connection rate, 31: smtp" "how often, where a limit was exceeded"
out_has "anvil saw it: connection rate 32 in 1m00s, smtp" "and of anvil's statistics"
cat >"$tmp/login" <<'END'
Jan  5 12:00:00 mx postfix/smtpd[1]: 4F0AB12345: client=a.example[192.0.2.7], sasl_method=PLAIN, sasl_username=alice
END
run report logins_after_failures --year 2026 "$tmp/login"
out_lacks "Nobody logged in." "somebody logged in"
out_has "Nobody logged in who had failed often" "but did not fail often before"
run report logins_after_failures --format json --year 2026 "$tmp/login"
json 'j["sections"]["logins_after_failures"]["total"] == {"successes": 0, "failures": 0}' \
	"and is in no total of those who did"

n=0
while [ $n -lt 200 ]; do
	reply=550
	[ $n -gt 0 ] || reply=554
	echo "2026-01-05T$([ $n -lt 199 ] && echo 00:00:00 || echo 23:59:59)+00:00 mx postfix/smtpd[1]:" \
		"NOQUEUE: reject: RCPT from a.example[192.0.2.7]: $reply 5.7.1 no; from=<> to=<>"
	n=$((n + 1))
done >"$tmp/day"
run report rejects_replies "$tmp/day"
out_has "(24 h)" "the length of a day is not cut to 23 hours"
out_has "199 >99 %" "a share that is not all is not 100 %"
out_has "1  <1 %" "nor is one of 200 nothing"

# A total has its name in the first column.
run report postscreen_pregreet warnings_clients --top 0 --year 2026 "$tmp/plain"
grep -qE '^ +in all +90$' "$tmp/out"
ok $? "the times of all that was said before its turn are added up"
# Postfix tells of one handshake that failed in two lines, the second without the client.
grep -qE '^  TLS failed .* 8 +6$' "$tmp/out"
ok $? "a client's failed handshake counts once among odd clients"

# What the first screen has no figures of is elsewhere.
run report --year 2026 "$corpus/samples/fail2ban.log"
out_has "What it tells of is not on this screen:" "a log of fail2ban's says so"
out_has "postern report kinds --year 2026" "and where it is"
! grep -q ' $' "$tmp/out"
ok $? "no line ends with a space"
run report --year 2026 "$tmp/plain"
out_lacks "not on this screen" "one with figures does not"

# Scripts that send mail: in PHP's own file, and where a logger tells more.
php=$corpus/postlog-files/web1.phpmail-wiki.log.gz
run report --year 2026 "$php"
grep -qE '^WEB SCRIPTS  2 +mails +domains$' "$tmp/out"
ok $? "the first screen of a log of PHP's has them"
grep -qE '^  /home/wiki/public_html/old.php +[0-9]+ +[0-9]+$' "$tmp/out"
ok $? "a script's figures"
out_lacks "not on this screen" "and it is not called empty"
zcat "$php" | sed 's/.*mail() on \[//; s/:[0-9]*\]: To: .*//' | sort | uniq -c >"$tmp/scripts"
run report scripts --year 2026 --format json "$php"
json 'sorted((r["mails"], r["script"]) for r in j["sections"]["scripts"]["rows"]) ==
	sorted((int(line.split(None, 1)[0]), line.split(None, 1)[1].rstrip("\n"))
	for line in open("'"$tmp/scripts"'"))' "counted as grep and uniq do"
run report scripts --year 2026 --format json "$corpus/samples/php.log"
json '[(r["mails"], r["host"], r["uid"], r["user"], r["clients"], r["recipients"], r["domains"])
	for r in j["sections"]["scripts"]["rows"] if r["script"] == "/var/www/old.php"] ==
	[(4, "h", 33, "www", 1, 0, 0)]' "user and client of a logger in front of sendmail"
json 'not any("innocent" in (r["script"] or "") for r in j["sections"]["scripts"]["rows"])' \
	"no script is named by what another one wrote"
run report scripts --year 2026 "$corpus/samples/php.log"
out_has "bad(1).php" "as text"
! grep -qE '^.{81}' "$tmp/out"
ok $? "no wider than the screen"
run report scripts --year 2026 --format csv "$corpus/samples/php.log"
head -n 1 "$tmp/out" | grep -q '^script,host,uid,mails,recipients,domains,clients,user,first,last'
ok $? "as CSV"
run report scripts "$tmp/log" --year 2026
out_has "No script sent mail" "a log without any says so"

# A line that breaks off, one that is none of a log, and one that nobody knows.
printf 'Jan  1 00:00:02 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from\n\377garbage\n' >"$tmp/torn"
run scan --unknown --year 2026 "$tmp/torn"
out_has "postfix/smtpd: NOQUEUE: reject: RCPT from" "--unknown shows a line that breaks off"
out_has "-: WORD" "--unknown shows a line without a header"
out_has "2 of 2 lines not understood" "both are counted"
out_has "look through it" "what had better not be shown to others is said"
printf "Jan  1 00:00:02 mx postfix/smtpd[1]: strange thing of user bob in key=secret\n" >"$tmp/private"
run scan --unknown --year 2026 "$tmp/private"
out_has "strange thing of user WORD in key=WORD" "shapes are anonymous"
out_lacks bob "and no line stands beside them"
head -n 1 "$tmp/torn" >"$tmp/breaks"
run report --year 2026 "$tmp/breaks"
out_has "1 line read, but none tells of mail" "it began as log lines do"
out_has "postern report coverage --year 2026 $tmp/breaks" "where to look is said, of the same file"
echo nonsense >"$tmp/nonsense"
run report "$tmp/nonsense"
out_has "postern scan --unknown $tmp/nonsense" "of one that is no log"
printf '{\n  "events": [\n    1\n  ]\n}\n' >"$tmp/object"
run report coverage --format json "$tmp/object"
json 'j["inputs"][0]["malformed"] == 5 and j["coverage"] == 0' "nor is JSON, however indented"
echo 'Jan  1 00:00:02 mx cron[1]: x' | cat - "$tmp/breaks" >"$tmp/foreign"
run scan --unknown --year 2026 "$tmp/foreign"
out_has "1 of 2 lines not understood, in 1 shape; 1 is of another program." "others' lines are told"
! grep -qE '^.{81}' "$tmp/out"
ok $? "in no more than 80 columns"
run report --year 2026 --until 2020-01-01 "$tmp/log"
out_has "but no event is in the range." "a range that has nothing"
out_has "Try without --until." "what to try is what was said"
run report --year 2026 --since 2030-01-01 --where 'user = nobody' "$tmp/log"
out_has "but no event is in the range and matches the filter." "or a filter in it"
out_has "Try without --since or --where." "one or the other"
run report auth --year 2026 --where 'user = nobody' "$tmp/log"
out_has "only events that match --where 'user = nobody'" "a filter stands above what it left"
run report auth --year 2026 --where "user ~ 'a$(printf '%0200d' 0)'" "$tmp/log"
! grep -qE '^.{81}' "$tmp/out"
ok $? "a long one is cut"

run scan --unknown --year 2026 "$tmp/log"
status_is 0 "scan --unknown"

reject='mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.7]: 450 4.2.0 x; from=<> to=<b>'
for time in 01:30 02:45 02:01 03:01; do echo "Oct 25 $time:00 $reject"; done >"$tmp/summer"
run report traffic --year 2020 --tz CET-1CEST,M3.5.0,M10.5.0/3 --top 0 "$tmp/summer"
out_has '2020-10-25 02:00 UTC+2' "the hour that summer time ends with"
out_has '2020-10-25 02:00 UTC+1' "and the one that repeats it"
out_has '2020-10-25 03:00  ' "the others need no zone; another year is told"
! grep -qE '^.{81}' "$tmp/out"
ok $? "and no line is wider than 80 columns"

# A clock that was not set yet begins with 1970, which is 1969 in the west.
for time in 1969-12-31T23:30 1970-01-01T00:00 1970-01-01T05:30; do
	echo "$time:00+00:00 mx postfix/smtpd[1]: connect from a[192.0.2.7]"
done >"$tmp/unset"
run report --by 'day(time),hour(time)' --format json --tz EST5 "$tmp/unset"
json '[(r["day(time)"], r["hour(time)"][:16]) for r in j["sections"]["query"]["rows"]] ==
	[("1969-12-31", "1969-12-31T23:00"), ("1969-12-31", "1970-01-01T00:00"),
	("1970-01-01", "1970-01-01T05:00")]' "days and hours around 1970"

# A smart host is away until noon: all that was sent in the morning leaves at once.
for n in $(seq 120); do
	id=$(printf 'ABC%07X' "$n") at=$(printf '%02d:%02d:00' $((n / 12)) $((n % 12 * 5)))
	echo "Jan  5 $at mx postfix/smtpd[1]: $id: client=a[192.0.2.7], sasl_username=joe"
	echo "Jan  5 $at mx postfix/qmgr[2]: $id: from=<j@a.test>, size=1, nrcpt=1 (queue active)"
	echo "Jan  5 $at mx postfix/smtp[3]: $id: to=<x$n@b.test>, relay=none, delay=0," \
		"delays=0/0/0/0, dsn=4.4.1, status=deferred (away)"
done >"$tmp/outage"
mornings() { # WAITING
	run report findings traffic traffic_days --format json --year 2026 "$tmp/outage"
	json "'sudden' not in str(j['sections']['findings']) and [[r['hour'][11:13], r['received'],
	    r['delivered'], r['deferred']] for r in j['sections']['traffic']['rows']
	    if r['received']][:2] == [['00', 11, 11 - $1, $1], ['01', 12, 12 - $1 - ($1 > 0),
	    $1 + ($1 > 0)]] and j['sections']['traffic_days']['rows'][0]['received'] == 120" "$2"
}
mornings 11 "mail that waits counts when it came"
for n in $(seq 120); do
	id=$(printf 'ABC%07X' "$n")
	echo "Jan  5 12:00:00 mx postfix/smtp[3]: $id: to=<x$n@b.test>, relay=b[192.0.2.9]:25," \
		"delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)"
	echo "Jan  5 12:00:00 mx postfix/qmgr[2]: $id: removed"
done >>"$tmp/outage"
mornings 0 "so does what had to wait, and nobody is said to have sent it all in one hour"
run report traffic --year 2026 --since '2026-01-05 09:00' --tz UTC "$tmp/outage"
grep -qE '^  earlier +107 +107 ' "$tmp/out"
ok $? "what came before --since, and was done with later, is a row"
! grep -q '2026-01-05 0[0-8]\| 5 Jan 0[0-8]' "$tmp/out"
ok $? "and no hour before it"
out_has 'TRAFFIC PER HOUR   2 hours' "which is none of the hours"
grep -qE '^  in all +120 +120 ' "$tmp/out"
ok $? "the sum stays"
run report traffic --year 2026 --since '2026-01-05 09:00' --top 1 --tz UTC "$tmp/outage"
! grep -q "^  earlier " "$tmp/out"
ok $? "the last rows are asked for: the earlier ones are not among them"
run report traffic --year 2026 --since '2026-01-05 09:00' --format json --tz UTC "$tmp/outage"
json "len(j['sections']['traffic']['rows']) == 11" "JSON has the hours in which it came"
run report traffic --year 2026 --tz UTC "$tmp/outage"
! grep -q '^  earlier' "$tmp/out"
ok $? "without --since nothing is earlier"

run report overview senders_local --year 2026 --format json \
	"$corpus/rsyslog-newyear/web1.exim-mainlog.gz"
json "j['sections']['overview']['rows'][0]['received'] == 384 - 12" \
	"a bounce that Exim wrote itself was not received"
json "[(r['user'], r['messages']) for r in j['sections']['senders_local']['rows']]
    == [('blog', 150), ('wiki', 80), ('list', 40), ('shop', 40)]" \
	"what local users handed to Exim is listed"

# What is closed when we start must not be a file that we open.
"$POSTERN" report "$tmp/log" "$tmp/none" --year 2026 --format json -o "$tmp/open" 2>"$tmp/err"
"$POSTERN" report "$tmp/log" "$tmp/none" --year 2026 --format json -o "$tmp/closed" 2>&-
cmp -s "$tmp/open" "$tmp/closed"
ok $? "without stderr no message goes into the file that is written"
# Whoever shares the pipe may have set O_NONBLOCK on it.
python3 - "$POSTERN" "$tmp/plain" >"$tmp/err" 2>&1 <<-END
	import os, subprocess, sys, time
	scan = [sys.argv[1], 'scan', '--year', '2026', sys.argv[2]]
	r, w = os.pipe()
	os.set_blocking(w, False)
	child = subprocess.Popen(scan, stdout=w)
	os.close(w)
	time.sleep(0.3)
	got = open(r, 'rb').read()
	sys.exit(child.wait() != 0 or got != subprocess.run(scan, stdout=subprocess.PIPE).stdout)
END
ok $? "a pipe that does not block is waited for"
"$POSTERN" report "$tmp/log" --year 2026 >&- 2>"$tmp/err"
status=$?
status_is 1 "without stdout"
err_has "writing to stdout: Bad file descriptor" "that is said"

# More hosts and tags than are told apart, which whoever may log into ours makes up.
awk 'BEGIN { for (i = 0; i < 140000; i++)
	printf "2026-01-05T09:08:07+00:00 h%d p%d/smtpd[1]: connect from a[192.0.2.7]\n", i, i }' >"$tmp/hosts"
run report overview hosts coverage --top 0 --jobs 1 --format json "$tmp/hosts"
json 'len(j["sections"]["hosts"]["rows"]) <= 65001 and j["inputs"][0]["events"] == 140000' \
	"so many hosts and tags are told apart, and each line counts"
mv "$tmp/out" "$tmp/one"
run report overview hosts coverage --top 0 --jobs 2 --format json "$tmp/hosts"
cmp -s "$tmp/one" "$tmp/out"
ok $? "and two threads say the same as one"

# Sums end at what a number can hold, and in the same way for each number of threads.
for i in 1 2 3; do
	printf 'Jan  1 00:00:0%d mx postfix/smtpd[1]: AAAAAAAA%d: client=a[192.0.2.%d]\n' $i $i $i
	printf 'Jan  1 00:00:0%d mx postfix/qmgr[1]: AAAAAAAA%d: from=<%d@a.test>, size=%s, nrcpt=1 (queue active)\n' \
		$i $i $i 9223372036854775807
done >"$tmp/large"
run report senders --year 2026 --format json "$tmp/large"
json '[r["bytes"] for r in j["sections"]["senders_domains"]["rows"]] == [2**63 - 1]' \
	"bytes that do not fit end at the largest number"
run report --by kind --measure 'sum(size)' --where queued --format json "$tmp/large"
json 'j["sections"]["query"]["rows"][0]["sum(size)"] == 2**63 - 1' "so does a sum of one group"

finish
