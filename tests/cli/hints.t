#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The commands that a report tells its reader to type: of the same lines, and nothing that an
# outsider wrote is more than a word in them.
. "${0%/*}/lib.sh"

mkdir "$tmp/bin" "$tmp/here"
ln -s "$(realpath "$POSTERN")" "$tmp/bin/postern"
POSTERN=$tmp/bin/postern
cd "$tmp/here" || exit 1

# A user whose name is a command in every way that a shell knows, guessed at; ways that fail.
evil="x'; touch owned; '\$(touch owned)\`touch owned\`"
attack() {
	for n in 1 2 3 4 5 6; do
		echo "Jan  5 12:00:0$n mx postfix/smtpd[1]: warning: unknown[192.0.2.7]: SASL LOGIN" \
			"authentication failed: no, sasl_username=$1"
	done
	echo "Jan  5 12:00:09 mx postfix/smtpd[1]: ABC1234567: client=unknown[192.0.2.7]," \
		"sasl_method=LOGIN, sasl_username=$1"
	for n in $(seq 10 40); do
		echo "Jan  5 12:01:$n mx postfix/smtp[3]: ABD1234567: to=<x$n@b.test>, relay=none," \
			"delay=0, delays=0/0/0/0, dsn=4.4.1, status=deferred (away)"
	done
	echo "Jan  5 12:01:00 mx postfix/smtpd[1]: this is no line of; touch owned"
}
attack "$evil" >"it's a log; touch owned"
attack bob >plain.log
cp plain.log ./-dash

# Prints the commands of `report findings ARGUMENT...`, one a line.
hints() {
	run report findings --format json "$@"
	python3 -c 'import json, sys
for row in json.load(open(sys.argv[1]))["sections"]["findings"]["rows"]: print(row["more"])
' "$tmp/out" >"$tmp/hints"
}

shell=sh

# Types each hint: it must answer without a fault, of the log that was given.
typed() { # WHAT
	[ "$(wc -l <"$tmp/hints")" = 3 ]
	ok $? "$1: three hints" || sed 's/^/# /' "$tmp/hints"
	while IFS= read -r hint; do
		PATH=$tmp/bin:$PATH $shell -c "$hint" >"$tmp/out" 2>"$tmp/err" &&
			[ -s "$tmp/out" ] && [ ! -s "$tmp/err" ] &&
			! grep -q 'nothing found\|Nothing' "$tmp/out"
		ok $? "$1: $(echo "$hint" | cut -c 1-30)" || sed 's/^/# /' "$tmp/out"
	done <"$tmp/hints"
	! [ -e owned ]
	ok $? "$1: and nothing else is run"
}

hints --year 2026 "it's a log; touch owned"
typed "a hostile name, of file and of user"
steers=$(printf 'x\033[31m\377'\''\\\342\200\256; touch owned')
attack "$steers" >steers.log
shell=bash
hints --year 2026 steers.log
typed "a name that steers a terminal"
run report --year 2026 findings steers.log
out_has "\$'x\\033[31m\\377\\047\\\\\\342\\200\\256; touch owned' steers.log" "is shown as what may be pasted"
shell=sh
hints --year 2026 --since 2026-01-05 --until 2026-01-06 --tz Europe/Berlin plain.log
typed "with a range"
grep -q '^postern scan --unknown --year 2026 --tz Europe/Berlin plain.log$' "$tmp/hints"
ok $? "what a command does not take is left out" || cat "$tmp/hints"
hints --year 2026 --where 'kind = delivery | attempt' plain.log
typed "with a filter"
hints --year 2026 -- -dash
typed "a file that looks like an option"

hints --year 2026 - <plain.log
grep -q '^postern report deferrals --year 2026 -$' "$tmp/hints"
ok $? "standard input is named"
hints --year 2026 /dev/fd/0 <plain.log
grep -q '^postern report deferrals --year 2026 FILE\.\.\.$' "$tmp/hints"
ok $? "a descriptor of a command that is over is not"
for n in 1 2 3 4 5 6 7 8 9; do cp plain.log "a-rather-long-name.$n"; done
hints --year 2026 a-rather-long-name.[12]
grep -q '^postern report deferrals --year 2026 a-rather-long-name.1 a-rather-long-name.2$' \
	"$tmp/hints"
ok $? "two files are named"
hints --year 2026 a-rather-long-name.*
grep -q '^postern report deferrals --year 2026 FILE\.\.\.$' "$tmp/hints"
ok $? "many are not"

run report --year 2026 plain.log
out_has "postern trace --year 2026 bob plain.log" "the first screen has it"
printf 'Jan  5 12:00:00 mx fail2ban.actions[1]: NOTICE [sshd] Flush ticket(s)\n' >blank.log
run report --year 2026 blank.log
out_has "postern report kinds --year 2026 blank.log" "and where nothing is on it"
# A line that a shell reads as one, on as many of a terminal's as it takes.
long=$(printf '%060d' 1)
cp plain.log "$long.log"
run report --year 2026 --where 'attempt | delivery' "$long.log"
! grep -qE '^.{81}' "$tmp/out"
ok $? "a long one is no wider than the screen"
sed -n '/postern trace/,/[^\\]$/p' "$tmp/out" >"$tmp/hints"
[ "$(wc -l <"$tmp/hints")" = 2 ]
ok $? "it is broken"
PATH=$tmp/bin:$PATH sh "$tmp/hints" >"$tmp/typed" 2>"$tmp/err"
run trace --year 2026 bob "$long.log"
cmp -s "$tmp/out" "$tmp/typed"
ok $? "and may be pasted"

esc=$(printf 'e\033[31m.log')
cp blank.log "$esc"
run report --year 2026 "$esc"
out_lacks "$(printf '\033')" "a file's name cannot colour a terminal"

finish
