#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Inputs as they come: empty, torn, huge, binary, broken, from a pipe. Only what
# cannot be read is a failure; the rest is reported all the same.
. "${0%/*}/lib.sh"

run report --year 2026 "$tmp/log"
status_is 0 "a log"
err_empty "a log: nothing on stderr"

: >"$tmp/empty"
# rsyslog's format was changed: a year first, then none.
{
	printf '%s-11-20T10:00:00+00:00 mx1 postfix/smtpd[1]: connect from unknown[192.0.2.1]\n' 2025
	echo 'Nov 20 10:00:05 mx1 postfix/smtpd[1]: disconnect from unknown[192.0.2.1]'
} >"$tmp/changed"
touch -d 2025-11-20T11:00:00Z "$tmp/changed"
run scan "$tmp/changed"
out_lacks '"time":"2000' "lines without a year behind dated ones have that of the file"
run report --year 2026 "$tmp/empty"
status_is 0 "an empty file"
run scan --year 2026 "$tmp/empty"
status_is 0 "scan of an empty file"
out_empty "no events of an empty file"
gzip -c "$tmp/empty" >"$tmp/empty.gz"
run scan --year 2026 "$tmp/empty.gz"
status_is 0 "an empty file, compressed"

run scan --year 2026 --where ip=192.0.2.254 "$tmp/log"
status_is 0 "no match"
out_empty "no match prints nothing"

{ head -n 2 "$tmp/log"; printf 'Jan  1 00:00:00 mx postfix/smtpd[1]: \000\000\000\n\000\n'; tail -n 2 "$tmp/log"; } >"$tmp/nul"
run report --year 2026 --format json "$tmp/nul"
status_is 0 "NULs"
json 'j["inputs"][0]["lines"] == 6' "lines with NULs are counted"

# a rotated set over New Year, oldest lines in the last of the names
for i in 0 1 2 3; do
	set -- "Jan 20" "Jan  1" "Dec 20" "Jul 30"
	shift $i
	echo "$1 10:00:00 mx1 postfix/smtpd[1]: connect from unknown[192.0.2.$i]" >"$tmp/set.log.$i"
done
echo "Feb  1 10:00:00 mx1 postfix/smtpd[1]: connect from unknown[192.0.2.9]" >"$tmp/set.log"
gzip "$tmp/set.log.2"
times='[(e["time"][:10], e["ip"][-1]) for e in j] == [("2025-07-30", "3"), ("2025-12-20", "2"),
	("2026-01-01", "1"), ("2026-01-20", "0"), ("2026-02-01", "9")]'
run scan --year 2026 --tz UTC "$tmp/set.log" "$tmp/set.log.0" "$tmp/set.log.1" "$tmp/set.log.2.gz" "$tmp/set.log.3"
events "$times" "--year is that of a set's last line"
touch -d 2026-02-02 "$tmp"/set.log*
run scan --tz UTC "$tmp"/set.log*
events "$times" "and so is that of its files"
run scan --year 2026 --tz UTC --since 2025-12-31 "$tmp"/set.log*
events 'len(j) == 3' "what is older than the year before is left out"
run scan --year 2026 --tz UTC --since '1 Jan' --until 'Jan 20 09:30' "$tmp"/set.log*
events 'len(j) == 1' "a day without a year is of the year that --year names"

# what a crash, or truncating under a writer, leaves in front of the next line
for hole in 1 700 70000 3000000; do
	{
		head -n 2 "$tmp/log"
		head -c $hole /dev/zero
		printf 'Jan  1 00:00:00 mx postfix/smtpd[1]: connect from unknown[192.0.2.77]\n'
		tail -n 2 "$tmp/log"
	} >"$tmp/hole"
	run scan --year 2026 --where ip=192.0.2.77 "$tmp/hole"
	events 'len(j) == 1 and j[0]["kind"] == "connect" and j[0]["lineno"] == 3' \
		"a line behind a hole of $hole NULs is read"
	[ $hole = 1 ] || err_has "hole: $hole NUL bytes before line 3 left out: a crash" "it is told"
	{
		head -n 2 "$tmp/log" | head -c -30
		head -c $hole /dev/zero
		printf 'Jan  1 00:00:00 mx postfix/smtpd[1]: connect from unknown[192.0.2.77]\n'
	} >"$tmp/hole"
	run scan --year 2026 --where ip=192.0.2.77 "$tmp/hole"
	[ $hole = 1 ] || events 'len(j) == 1 and j[0]["kind"] == "connect" and j[0]["lineno"] == 2' \
		"also behind a torn one"
done

head -c -1 "$tmp/log" >"$tmp/torn"
run report --year 2026 --format json "$tmp/torn"
status_is 0 "no newline at the end"
json 'j["inputs"][0]["lines"] == 4' "the last line counts without its newline"
head -c -40 "$tmp/log" >"$tmp/torn"
run report --year 2026 --format json "$tmp/torn"
status_is 0 "a line torn in the middle"
json 'j["inputs"][0]["lines"] == 4' "the torn line is counted"

{
	head -n 2 "$tmp/log"
	printf 'Jan  1 00:00:00 mx postfix/smtpd[1]: warning: unknown[192.0.2.9]: SASL LOGIN authentication failed: '
	head -c 10485760 /dev/zero | tr '\0' x
	printf '\n'
	tail -n 2 "$tmp/log"
} >"$tmp/long"
run report --year 2026 --format json "$tmp/long"
status_is 0 "a line of 10 MB"
json 'j["inputs"][0]["lines"] == 5' "the lines around it are read"
run scan --year 2026 "$tmp/long"
events 'sum(e["kind"] == "disconnect" for e in j) == 1' "what stands behind it is understood"

run scan --year 2026 "$tmp/nowhere.log"
status_is 1 "a file that is not there"
err_has nowhere.log "it is named"
run report --year 2026 --format json "$tmp/nowhere.log" "$tmp/log"
status_is 1 "one of two is not there"
json 'any(i["lines"] == 4 for i in j["inputs"])' "the other is reported"
json 'any("No such" in (i["error"] or "") and "nowhere" in i["source"] for i in j["inputs"])' \
	"the report says that one is missing"

zcat "$corpus/rsyslog-dst/mx1.mail.log.gz" | head -n 2000 >"$tmp/plain"
gzip -c "$tmp/plain" | head -c 20000 >"$tmp/cut.gz"
run report --year 2026 --format json "$tmp/cut.gz"
status_is 1 "compression that breaks off"
err_has cut.gz "the broken file is named"
json 'j["inputs"][0]["lines"] > 500' "what was readable is reported"
json 'j["inputs"][0]["error"]' "the report says that the input had a fault"
printf 'not gzip at all' >"$tmp/false.gz"
run scan --year 2026 "$tmp/false.gz"
status_is 0 "plain text under the name of a compressed file"

tar -cf "$tmp/logs.tar" -C "$tmp" log
for packed in logs.tar logs.tar.gz; do
	[ "$packed" = logs.tar ] || gzip -k "$tmp/logs.tar"
	run report "$tmp/$packed"
	status_is 1 "$packed"
	err_has "$packed: a tar archive, which is not understood; unpack it (tar -xf)" "is named"
done

# What a client says is at any byte.
{
	head -c 200 "$tmp/plain" | head -n 1 | tr -d '\n'
	head -c 300 /dev/zero | tr '\0' x
} | head -c 257 >"$tmp/ustar.log"
echo "ustar  mx.b.test" >>"$tmp/ustar.log"
cat "$tmp/plain" >>"$tmp/ustar.log"
run report --year 2026 "$tmp/ustar.log"
status_is 0 "a log with an archive's mark in a line"

for encoding in UTF-16 UTF-16LE UTF-16BE; do
	iconv -f UTF-8 -t "$encoding" "$tmp/plain" >"$tmp/wide.log"
	run report --year 2026 "$tmp/wide.log"
	status_is 1 "a log in $encoding"
	err_has "wide.log: written in UTF-16, where UTF-8 is expected" "that is said"
	err_has "iconv -f $encoding -t UTF-8 FILE" "and what to do"
done
gzip -c "$tmp/wide.log" >"$tmp/wide.gz"
run report --year 2026 "$tmp/wide.gz" "$tmp/log"
status_is 1 "compressed, and beside a log"
err_has "wide.gz: written in UTF-16" "it is named"
{ head -c 2000 /dev/zero; cat "$tmp/log"; } >"$tmp/crashed.log"
run scan --year 2026 "$tmp/crashed.log"
status_is 0 "NULs that a crash left"
err_has "crashed.log: 2000 NUL bytes before line 1 left out" "are no other encoding"

line=' mx1 postfix/smtpd[1]: connect from unknown[192.0.2.1]'
printf '%s\n' "Dec 31 23:00:00$line" "Feb 28 10:00:00$line" "Feb 29 10:00:00$line" \
	"Feb 29 11:00:00$line" "Mar  1 10:00:00$line" >"$tmp/leap.log"
touch -d '2026-06-01 12:00:00' "$tmp/leap.log"
run scan "$tmp/leap.log"
events '[e["time"][:10] for e in j if e["kind"] == "connect"] == ["2023-12-31", "2024-02-28",
	"2024-02-29", "2024-02-29", "2024-03-01"]' "a leap day tells the year of a log without years"
run report --format json traffic "$tmp/leap.log"
json 'j["period"]["first"][:10] == "2023-12-31" and j["period"]["last"][:10] == "2024-03-01"' \
	"a report's, too"
run scan --year 2026 "$tmp/leap.log"
events '[e["time"][:10] for e in j if e["kind"] == "connect"][2] == "2026-03-01"' \
	"a year that is said stands"
printf '%s\n' "Dec 31 23:59:59$line" "Jan  1 00:00:01$line" "2025-01-01T00:00:02Z$line" \
	>"$tmp/upgraded.log"
touch -d '2027-06-01 12:00:00' "$tmp/upgraded.log"
run scan --where connect "$tmp/upgraded.log"
events '[e["time"][:19] for e in j] == ["2024-12-31T23:59:59", "2025-01-01T00:00:01",
	"2025-01-01T00:00:02"]' "a log that got years on the way tells those before"
run report --format json kinds "$tmp/upgraded.log"
json 'j["period"]["first"][:19] == "2024-12-31T23:59:59"' "a report, too"
run scan --where connect --year 2023 "$tmp/upgraded.log"
events '[e["time"][:4] for e in j] == ["2022", "2023", "2025"]' "unless a year is said"
printf '%s\n' "2024-12-31T23:59:58Z$line" "Dec 31 23:59:59$line" "Jan  1 00:00:01$line" \
	"2025-01-01T00:00:02Z$line" >"$tmp/both.log"
for file in "$tmp/both.log" - "$tmp/log $tmp/both.log"; do
	# shellcheck disable=SC2086
	run scan --where connect $file <"$tmp/both.log"
	events '[e["time"][:19] for e in j if e["ip"] == "192.0.2.1"][-4:] == [
		"2024-12-31T23:59:58", "2024-12-31T23:59:59", "2025-01-01T00:00:01",
		"2025-01-01T00:00:02"]' "a line without a year between others that have one"
done

run scan --year 2026 "$tmp/plain"
grep -v '^$' "$tmp/out" | sed 's/"id":"[^"]*"//; s/"source":"[^"]*"//' >"$tmp/want"
"$POSTERN" scan --year 2026 - <"$tmp/plain" 2>"$tmp/err" |
	sed 's/"id":"[^"]*"//; s/"source":"[^"]*"//' | cmp -s - "$tmp/want"
ok $? "stdin gives the same events"
gzip -c "$tmp/plain" | "$POSTERN" scan --year 2026 - 2>"$tmp/err" |
	sed 's/"id":"[^"]*"//; s/"source":"[^"]*"//' | cmp -s - "$tmp/want"
ok $? "so does compressed stdin"

"$POSTERN" trace 198.51.100.64 --year 2026 --format json - <"$tmp/plain" >"$tmp/want" 2>"$tmp/err"
cat "$tmp/plain" | "$POSTERN" trace 198.51.100.64 --year 2026 --format json - >"$tmp/out" 2>"$tmp/err"
events 'len(j) > 5 and {e["source"] for e in j} == {"-"}' "trace calls stdin by its name"
cmp -s "$tmp/want" "$tmp/out"
ok $? "a pipe and a file on stdin tell the same story"
# A pipe that gives nothing for a moment, which whoever shares it wants to be told at once.
python3 - "$tmp/plain" "$POSTERN" <<-'END' >"$tmp/out" 2>"$tmp/err"
	import os, subprocess, sys, time
	ours, theirs = os.pipe()
	os.set_blocking(ours, False)
	trace = subprocess.Popen([sys.argv[2], 'trace', '198.51.100.64', '--year', '2026',
	                          '--format', 'json', '-'], stdin=ours)
	os.close(ours)
	time.sleep(0.3)
	with open(theirs, 'wb') as pipe:
	    pipe.write(open(sys.argv[1], 'rb').read())
	sys.exit(trace.wait())
END
[ $? = 0 ] && cmp -s "$tmp/out" "$tmp/want"
ok $? "trace waits for a pipe that does not block"
( trap '' XFSZ; ulimit -f 16
	cat "$tmp/plain" | "$POSTERN" trace 198.51.100.64 --year 2026 - >"$tmp/out" 2>"$tmp/err" )
err_has "File too large" "where a copy of the pipe does not fit it says why"

{ "$POSTERN" scan --year 2026 "$tmp/plain" 2>"$tmp/err"; echo $? >"$tmp/status"; } | head -n 1 >"$tmp/out"
read -r status <"$tmp/status"
status_is 0 "a closed pipe"
err_empty "a closed pipe: nothing on stderr"

"$POSTERN" report --year 2026 "$tmp/log" >/dev/full 2>"$tmp/err"
status=$?
status_is 1 "a full disk"
err_has 'No space left' "a full disk is named"

cp "$tmp/log" "$tmp/auth"
(cd "$tmp" && "$POSTERN" report --year 2026 --format json ./auth >out 2>err)
status=$?
status_is 0 "./auth is a file"
json 'j["inputs"][0]["lines"] == 4' "the file is read"
run report auth --year 2026 --format json "$tmp/log"
status_is 0 "auth is a section"
json 'list(j["sections"])[0] == "auth" and "overview" not in j["sections"]' "the section asked for and its parts"

run report nosuchthing --year 2026 "$tmp/log"
status_is 1 "neither a section nor a file"
err_has nosuchthing "it is named"

# Exim's refusals: in its main log, beside its reject log, twice in its syslog copy.
for name in mainlog rejectlog; do
	gzip -dc "$corpus/postlog-files/web1.exim-$name.gz" >"$tmp/$name"
done
gzip -dc "$corpus/postlog-files/web1.mail.log.gz" >"$tmp/syslog"
refusals() { # WHAT FILE...
	what=$1
	shift
	run report --by kind --where 'daemon=exim & (policy | auth_failure | violation)' \
		--measure count --format json --year 2026 "$@"
	json 'len(j["sections"]["query"]["rows"]) == 3' "Exim's refusals, $what"
	python3 -c 'import json, sys
print(sorted((r["kind"], r["count"]) for r in
    json.load(sys.stdin)["sections"]["query"]["rows"]))' <"$tmp/out" >"$tmp/$what"
}
refusals alone "$tmp/mainlog"
refusals both "$tmp/mainlog" "$tmp/rejectlog"
refusals copied "$tmp/syslog"
cmp -s "$tmp/alone" "$tmp/both"
ok $? "rejectlog beside mainlog changes nothing"
cmp -s "$tmp/alone" "$tmp/copied"
ok $? "and a syslog copy of both tells each once"

mkdir "$tmp/elsewhere"
mv "$tmp/syslog" "$tmp/elsewhere/mail.log"
refusals everywhere "$tmp/mainlog" "$tmp/elsewhere/mail.log"
cmp -s "$tmp/alone" "$tmp/everywhere"
ok $? "and the main log with that copy, in another folder"
run report --by host --where message --measure count --format json --year 2026 "$tmp/mainlog" \
	"$tmp/elsewhere/mail.log"
json '[(r["host"], r["count"]) for r in j["sections"]["query"]["rows"]] == [("web1", 286)]' \
	"the messages are one server's"

# What syslog writes into two files, one of them elsewhere.
grep 'SASL\|reject:' "$tmp/log" >"$tmp/elsewhere/mail.warn"
run report --by kind --measure count --format csv --year 2026 "$tmp/log"
mv "$tmp/out" "$tmp/alone"
run report --by kind --measure count --format csv --year 2026 "$tmp/elsewhere/mail.warn" "$tmp/log"
cmp -s "$tmp/alone" "$tmp/out"
ok $? "mail.warn of another folder changes nothing"

python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$tmp/socket"
run report "$tmp/socket"
status_is 1 "a socket"
err_has "socket: a socket, which cannot be read; name the file" "what it is and what to name is said"

{
	printf LPKSHHRH
	head -c 5000 /dev/zero
} >"$tmp/system.journal"
run report "$tmp/system.journal"
status_is 1 "a damaged journal"
err_has "system.journal: a file of a journal that cannot be read: " "what it is is said"
mkdir -p "$tmp/journal/0123456789abcdef0123456789abcdef" "$tmp/journal/remote"
cp "$tmp/system.journal" "$tmp/journal/0123456789abcdef0123456789abcdef"
run report "$tmp/journal/0123456789abcdef0123456789abcdef"
err_has "/system.journal: a file of a journal that cannot be read: " "a folder of journals"
run report "$tmp/journal"
err_has "/journal/0123456789abcdef0123456789abcdef/system.journal: a file of a journal that" \
	"a folder with that of a machine"
mv "$tmp/journal"/0*/system.journal "$tmp/journal/0123456789abcdef0123456789abcdef/system@1.journal~"
run report "$tmp/journal"
err_has "/system@1.journal~: a file of a journal that" "and with one that a crash left"
gzip -k "$tmp/system.journal"
run report "$tmp/system.journal.gz"
status_is 1 "a packed journal"
err_has "system.journal.gz: a file of a journal, which can be read by its name, unpacked" \
	"what to do is said"

# PHP up to 5.3 wrote no times into its mail.log.
printf 'mail() on [/var/www/x.php:%d]: To: a@b.test -- Headers: From: c@d.test\n' 1 2 >"$tmp/php.log"
touch -d 2026-01-05T09:08:07Z "$tmp/php.log"
run scan "$tmp/php.log"
status_is 0 "a mail.log without times"
out_has '"time":"2026-01-05T09:08:07.000000Z"' "is of when it was last written"
out_has '"script":"/var/www/x.php","script_line":2' "each line of it"

# A pipe whose writer pauses: what was written is shown before it goes on.
shown() { # TEXT WHAT
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		grep -qF "$1" "$tmp/out" && break
		sleep 0.5
	done
	out_has "$1" "$2"
}
paused() { # LINE WHAT [OPTION...]
	line=$1 what=$2
	shift 2
	rm -f "$tmp/pipe"
	mkfifo "$tmp/pipe"
	: >"$tmp/out"
	"$POSTERN" scan "$@" - <"$tmp/pipe" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	exec 3>"$tmp/pipe"
	echo "$line: connect from a[192.0.2.7]" >&3
	shown '"192.0.2.7"' "$what, a pipe that pauses: its first line is shown"
	echo "$line: connect from a[192.0.2.8]" >&3
	shown '"192.0.2.8"' "$what: and the next one"
	exec 3>&-
	wait "$pid"
	ok $? "$what: and its end is the end"
}
paused '2026-01-05T09:08:07+00:00 mx postfix/smtpd[1]' "with a year"
paused 'Jan  5 09:08:07 mx postfix/smtpd[1]' "without a year"
paused 'Jan  5 09:08:07 mx postfix/smtpd[1]' "--year" --year 2026

finish
