#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# postern dns, and names in reports, against a name server on loopback.
. "${0%/*}/lib.sh"

# Nothing here touches root's own memory: what is remembered is tested as nobody.
XDG_CACHE_HOME=$tmp/cache
export XDG_CACHE_HOME
mkdir "$XDG_CACHE_HOME"
nobody=
if [ "$(id -u)" = 0 ]; then
	nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
	chmod 755 "$tmp"
	chown 65534 "$XDG_CACHE_HOME"
fi
remembering() {
	$nobody "$POSTERN" dns --server "$server" "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
}

mkfifo "$tmp/stop"
"$PWD/build/${VARIANT:-release}/bench/responder" <"$tmp/stop" >"$tmp/port" &
exec 9>"$tmp/stop"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ ! -s "$tmp/port" ] || break
	sleep 0.2
done
server=127.0.0.1:$(head -n 1 "$tmp/port")

# 198.18.0.N: 50 is well, 2 leads elsewhere, 10 has no name, 8 is not sure.
run dns --no-cache --server "$server" 198.18.0.50 198.18.0.2 198.18.0.10 ::ffff:198.18.0.8 198.18.0.6
status_is 0 "dns"
grep -q '^198\.18\.0\.50  *ok  *yes  *h50\.test$' "$tmp/out"
ok $? "a name that leads back"
grep -q '^198\.18\.0\.2  *ok  *no  *m2\.test$' "$tmp/out"
ok $? "a name that does not"
grep -q '^198\.18\.0\.10  *nxdomain  *-$' "$tmp/out"
ok $? "no name"
grep -q '^198\.18\.0\.8  *ok  *?  *s8\.test$' "$tmp/out"
ok $? "a mapped address whose name cannot be checked"
grep -q '^198\.18\.0\.6  *nodata .*1 no host name' "$tmp/out"
ok $? "what is no host name is not shown"
out_has "5 addresses: 3 ok (1 confirmed), 1 nxdomain, 1 nodata" "a sum"
err_empty "nothing to complain of"

printf '198.18.0.50 12 times\n# a comment\n\n  2001:db8::1:5678\n' |
	"$POSTERN" dns --no-cache --server "$server" --format json - >"$tmp/out" 2>"$tmp/err"
events '[a["name"] for a in j] == ["h50.test", "h87672.test"]' "addresses from stdin, as JSON"
events 'all(a["confirmed"] is True and a["names"] == [a["name"]] for a in j)' "confirmed in JSON"
events 'all(a["when"] < a["expires"] for a in j)' "and how long it is good"
run dns --no-cache --server "$server" --format csv --no-confirm 198.18.0.50 198.18.0.10
out_has "ip,status,confirmed,name,when,expires" "CSV has a head"
out_has "198.18.0.50,ok,,h50.test," "unconfirmed when that was not asked"
out_has "198.18.0.10,nxdomain,,," "nothing where nothing is known"

# Owners of addresses choose names: this one is a formula to a spreadsheet.
mkdir "$XDG_CACHE_HOME/postern"
now=$(date +%s)
printf 'postern-rdns 1\n198.18.0.77 ok 1 1 0 %d %d -2.test\n' "$now" $((now + 3600)) \
	>"$XDG_CACHE_HOME/postern/rdns"
chmod -R a+rX "$XDG_CACHE_HOME"
remembering --format csv 198.18.0.77
out_has "198.18.0.77,ok,true,'-2.test," "CSV is no formula"
rm -r "$XDG_CACHE_HOME/postern"

printf '198.18.0.2\0\n198.18.0.50\n' | "$POSTERN" dns --no-cache --server "$server" - \
	>"$tmp/out" 2>"$tmp/err"
out_has "h50.test" "a line with a NUL takes no other with it"
err_has "line 1: " "and is none itself"
printf '198.18.0.50\n198.18.0.999\n' | "$POSTERN" dns --no-cache --server "$server" - \
	>"$tmp/out" 2>"$tmp/err"
[ $? = 1 ]
ok $? "a bad line: exit status 1"
err_has "line 2: '198.18.0.999' is no address" "it is named"
out_has h50.test "the others are answered"
run dns --no-cache --server "$server" 198.18.0.500
status_is 2 "no address"
run dns --no-cache
status_is 2 "nothing to look up"
run dns --no-cache --server localhost 198.18.0.50
status_is 2 "a server that is no address"
err_has "--server: 'localhost' is no name server" "is named"

run dns --no-cache --server "$server" --deadline 1 198.18.0.0 198.18.0.50
status_is 0 "a deadline"
grep -q '^198\.18\.0\.0  *timeout' "$tmp/out"
ok $? "what it left is a timeout"
err_has "left 1 address without" "which is said"
out_has h50.test "the rest is answered"

# A report's clients: 50 is well, 2 leads elsewhere, 10 has no name, 0 is silence.
for client in 'pc50.isp.test[198.18.0.50]' 'pc50.isp.test[198.18.0.50]' \
	'pc2.isp.test[198.18.0.2]' \
	'unknown[198.18.0.10]' 'pc0.isp.test[198.18.0.0]'; do
	echo "Jan  1 00:00:00 mx postfix/smtpd[101]: NOQUEUE: reject: RCPT from $client: 554" \
		"5.7.1 <b@remote.test>: Relay access denied; from=<a@b.test> to=<b@remote.test>" \
		"proto=ESMTP helo=<pc.test>"
done >"$tmp/clients"
names='{r["ip"][9:]: r["name"] for r in j["sections"]["%s"]["rows"]}'
logged='{"50": "pc50.isp.test", "2": "pc2.isp.test", "10": None, "0": "pc0.isp.test"}'
found='{"50": "h50.test", "2": "pc2.isp.test", "10": None, "0": "pc0.isp.test"}'
report() {
	run report --year 2026 --format json "$@" "$tmp/clients"
}
report clients
json "$(printf "$names" clients) == $logged" "names as logged"
begun=$(date +%s)
report clients --dns --no-cache --server "$server" --deadline 2
ended=$(date +%s)
json "$(printf "$names" clients) == $found" "a name that leads back replaces the one logged"
[ $((ended - begun)) -le 4 ]
ok $? "the report does not wait for silence"
err_has "left 1 address without" "and says that it did not"
report --by ip --dns --no-cache --server "$server" --deadline 1
json "$(printf "$names" query) == $found" "names beside --by ip"
report --by ip
json '"name" not in j["sections"]["query"]["rows"][0]' "which are not there unless asked for"
report map --dns --no-cache --server "$server" --deadline 1
json "$(printf "$names" map) == $found" "names on a map"
run report --dns --no-cache --server "$server" --deadline 1 --year 2026 "$tmp/clients"
out_has h50.test "names on the first screen"
run report clients --dns --no-cache --server "$server" --deadline 1 --top 1 --year 2026 "$tmp/clients"
err_empty "an address that is not printed is not asked about"
report --server "$server" clients
status_is 2 "a server without --dns"
report --by ip --measure 'last(name),count'
json 'j["sections"]["query"]["rows"][0]["ip"] == "198.18.0.50"' "last() orders nothing"
report --by ip --measure 'last(size)'
status_is 2 "last() of a number"

$nobody "$POSTERN" version >/dev/null 2>&1 && can_remember=1
if [ "${can_remember-}" ]; then
	remembering 198.18.0.50 198.18.0.10
	status_is 0 "dns with a memory"
	[ -s "$XDG_CACHE_HOME/postern/rdns" ]
	ok $? "there is a file"
fi

# The server goes away: what is remembered is still known.
exec 9>&-
wait
run dns --no-cache --server "$server" 198.18.0.50
status_is 1 "nobody listens"
err_has "no name server answers: $server" "the server is named"
grep -q '^198\.18\.0\.50  *refused' "$tmp/out"
ok $? "refused, and not nxdomain"
report clients --dns --no-cache --server "$server"
status_is 0 "a report without a server"
json "$(printf "$names" clients) == $logged" "has the names that were logged"
err_has "no name server answers" "and says why"
if [ "${can_remember-}" ]; then
	remembering 198.18.0.50 198.18.0.10
	status_is 0 "remembered without a server"
	out_has h50.test "the name"
	echo nonsense >"$XDG_CACHE_HOME/postern/rdns"
	remembering 198.18.0.50
	err_has "$XDG_CACHE_HOME/postern/rdns: not a file of names" "a memory that is none"
fi

finish
