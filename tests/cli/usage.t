#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Help, and what bad use is told.
. "${0%/*}/lib.sh"

run version
status_is 0 "version"
out_has postern "version names the program"
err_empty "version is quiet on stderr"
for library in libisal liblzma libzstd libbz2 libmaxminddb libcurl libgeoip libsystemd; do
	out_has "$library" "version says whether it has $library"
done

run --help
status_is 0 "--help"
! grep -qE '^.{81}' "$tmp/out"
ok $? "the list of commands fits the screen"
for command in report scan trace dns geo version; do
	out_has "$command" "--help names $command"
	run $command --help
	status_is 0 "$command --help"
	out_has "postern $command" "$command --help has an example"
	run --help
done
run help --help
status_is 0 "help of help"
run help help
status_is 0 "and that of help itself"
run help bans list
out_has "Usage: postern bans list" "help of a command's verb"
run help geo lookup
out_has "Usage: postern geo lookup" "of another one's"
run help report clients
out_has "Usage: postern report" "and of a command that has none"
run "$tmp/log"
status_is 2 "a log in a command's place"
err_has "$tmp/log is a file: postern report $tmp/log" "what is likely meant is said"
: >"$tmp/my log"
run "$tmp/my log"
err_has "postern report '$tmp/my log' tells" "as a shell takes it"

# Every command, and every verb of those that have some.
verbs() { "$POSTERN" $1 --help | sed -n "s/^  \\($1 \\)\\{0,1\\}\\([a-z]\\{1,\\}\\)  .*/$1 \\2/p"; }
{
	verbs '' && verbs bans && verbs geo
} | sed 's/^ //' | sort -u >"$tmp/commands"
for verb in replay version 'bans explain' 'geo build'; do
	grep -qx "$verb" "$tmp/commands"
	ok $? "$verb is among the commands"
done
while read -r command; do
	# shellcheck disable=SC2086 # a command and its verb
	"$POSTERN" $command --help </dev/null
done <"$tmp/commands" >"$tmp/out"
! grep -E '^.{81}' "$tmp/out"
ok $? "no help is wider than 80 columns"

run report --since 2026-02-01 --until 2026-01-01 "$tmp/log"
status_is 2 "--since later than --until"
err_has "is later than" "which is said"
run report --since @1767225600 --until 'Jan 31 2024' "$tmp/log"
err_has "--until Jan 31 2024 (2024-01-31T00:00:00" "and which times they are"

run repotr "$tmp/log"
status_is 2 "an unknown command"
err_has report "the nearest command is named"
out_empty "nothing on stdout"

bad() { # WHAT ARGUMENT...
	what=$1
	shift
	run "$@"
	status_is 2 "$what"
	out_empty "$what: nothing on stdout"
}
bad "an unknown option" report --frobnicate "$tmp/log"
bad "a misspelt option" report --formta json "$tmp/log"
err_has format "the nearest option is named"
bad "an unknown format" report --format yaml "$tmp/log"
bad "a filter that breaks off" report --where 'kind =' "$tmp/log"
bad "a field that is not there" report --where 'usr=alice' "$tmp/log"
err_has user "the nearest field is named"
bad "a filter for scan" scan --where '(ip=192.0.2.7' "$tmp/log"
bad "a time that is none" report --since whenever "$tmp/log"
err_has "'Jan 31 12:00'" "times that are some are named"
bad "a zone that is none" report --tz Nowhere/Land "$tmp/log"
bad "a year that is none" report --year 20x6 "$tmp/log"
bad "rows that are no number" report --top ten "$tmp/log"
bad "threads that are no number" report --jobs -1 "$tmp/log"
bad "a colour that is none" report --color sometimes "$tmp/log"
bad "CSV of more than one section" report --format csv --year 2026 "$tmp/log"
bad "a key that is none" report --by colour "$tmp/log"
bad "sections with a comma between them" report clients,auth "$tmp/log"
err_has "clients,auth: sections are words of their own, as in: postern report clients auth" \
	"how they are named is said"
run report --config "$tmp/nowhere" --year 2026
err_has "$tmp/nowhere: No such file or directory" "settings that are not there are not passed over"
bad "a server of names that is none" report --dns --server ns1 "$tmp/log"
err_has "--server: 'ns1' is no name server" "before a line is read"
bad "an expression that breaks off" postscreen -a 'PREGREET &' "$tmp/log"
err_has "--action: expected an action at the end" "the option is named"
bad "trace of nothing" trace
bad "trace of a network too narrow" trace 198.51.100.0/33 "$tmp/log"
err_has "prefix length is 0 to 32" "which lengths there are is said"
bad "trace of an IPv6 network too narrow" trace 2001:db8::/x "$tmp/log"
err_has "prefix length is 0 to 128" "and of IPv6"

run trace "$tmp/log"
err_has "log is a file: what is looked for comes before it" "trace wants to know what, then where"
run trace "$tmp/log" alice@remote.example
err_has "what is looked for comes before it, as in postern trace alice@remote.example $tmp/log" \
	"and is told so when it has both the other way round"
cp "$tmp/log" "$tmp/copy"
printf 'Jan  1 00:00:02 mx postfix/smtpd[101]: connect from unknown[192.0.2.8]\n' >>"$tmp/copy"
run trace nobody@remote.example "$tmp/log"
out_has "nothing found about nobody@remote.example in 4 lines of $tmp/log, from " \
	"where it looked is said"
sed 's/^Jan  1/Dec 31/' "$tmp/log" | cat - "$tmp/log" >"$tmp/turn"
run trace nobody@remote.example --year 2026 --tz UTC "$tmp/turn"
grep -q 'lines of .*, from Wed 31 Dec 2025 [0-9:]* to Thu 1 Jan 2026 [0-9:]*$' "$tmp/out"
ok $? "both ends of that in one form"
run trace nobody@remote.example "$tmp/log" "$tmp/copy"
out_has "lines of $tmp/log and 1 more, from " "in several, too"
run postscreen -a PREGRET "$tmp/log"
err_has "'PREGRET' is no action of postscreen; did you mean PREGREET? Those are CONNECT, PASS, " \
	"an action that is none is answered with the right ones"
finish
