#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# geo update: from files and from a server of this host; what is refused, and that the
# old one then stays.
. "${0%/*}/lib.sh"

here=$PWD
dir=$tmp/a/b
mkdir "$tmp/served"
cd "$tmp/served" || exit 1
cp "$here/tests/places/country.csv" "$here/tests/places/asn.csv" .
gzip -k asn.csv
"$POSTERN" geo build -o big.pgeo --country country.csv --asn asn.csv --date 2026-01-01 \
	>"$tmp/out" || exit 1
head -n 2 country.csv >few.csv
"$POSTERN" geo build -o small.pgeo --country few.csv >"$tmp/out" || exit 1
gzip -k big.pgeo

update() { run geo update --directory "$dir" --url "$@"; }
# Is what is installed as NAME the same as FILE?
installed() { cmp -s "$dir/$1" "$2"; ok $? "$3"; }
stays() { # WHAT
	status_is 1 "$1"
	installed places.pgeo big.pgeo "$1: the old one stays"
	out_empty "$1: nothing on stdout"
}

run geo update --help
status_is 0 "geo update --help"
out_has "download.db-ip.com" "it says what is fetched"
run geo update there
status_is 2 "a word"

cp big.pgeo places.pgeo
update "$tmp/served/places.pgeo"
status_is 0 "a path, into folders that were not there"
installed places.pgeo big.pgeo "it is installed"
cp big.pgeo.gz places.pgeo.gz
update "file://$tmp/served/places.pgeo.gz"
status_is 0 "file:// and gzip"
installed places.pgeo big.pgeo "it is unpacked"
out_has ", was " "the old size is told"
cp big.pgeo.gz places-2026-01.pgeo.gz
update "file://$tmp/served/places%2d2026-01.pgeo.gz"
status_is 1 "a name with a per cent sign"
update "file://$tmp/served/places-2026-01.pgeo.gz"
out_has "$dir/places.pgeo" "the month is no part of the name"

cp small.pgeo places.pgeo
update "$tmp/served/places.pgeo"
stays "less than half as big"
err_has "less than half" "that is said"
head -c 500 big.pgeo >places.pgeo
update "$tmp/served/places.pgeo"
stays "cut short"
head -c 500 big.pgeo.gz >places.pgeo.gz
update "$tmp/served/places.pgeo.gz"
stays "gzip that is cut short"
err_has "cut short" "that is said"
size=$(wc -c <big.pgeo)
{ head -c $((size - 9)) big.pgeo; printf 'x'; tail -c 8 big.pgeo; } >places.pgeo
update "$tmp/served/places.pgeo"
stays "damaged in the middle"
err_has checksum "that is said"
echo '<html>Sign in</html>' >places.pgeo
update "$tmp/served/places.pgeo"
stays "a page instead of a database"
: >places.pgeo
update "$tmp/served/places.pgeo"
stays "an empty file"
update "$tmp/served/absent/places.pgeo"
stays "a file that is not there"
update "http://mirror.example/places.pgeo"
stays "http:// of another host"
update "ftp://mirror.example/places.pgeo"
stays "another scheme"
update "http://localhost:word@mirror.example/places.pgeo"
stays "http:// of another host, as a user called like this one"
err_has "expected https://" "which is not even asked"
update "http://localhost.mirror.example/places.pgeo"
stays "another host that begins like this one"

update "$tmp/served/country.csv" --url "$tmp/served/asn.csv.gz"
status_is 0 "two CSVs"
run geo lookup --geo "$dir/country.pgeo" --geo "$dir/asn.pgeo" 192.0.2.1
out_has "DE Germany (documentation)  AS64496 Example Hosting" "they are compiled"

if "$POSTERN" version | grep -q '^with .*libcurl'; then
	python3 "$here/tests/places/server.py" . >"$tmp/port" &
	server=$!
	trap 'kill $server; rm -rf "$tmp"' EXIT
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -s "$tmp/port" ] || sleep 0.3
	done
	base=http://127.0.0.1:$(cat "$tmp/port")
	cp big.pgeo places.pgeo
	update "$base/places.pgeo"
	status_is 0 "from a server"
	installed places.pgeo big.pgeo "it is installed"
	[ "$(stat -c %Y "$dir/places.pgeo")" = 1767225600 ]
	ok $? "with the time the server told"
	update "$base/asn.csv.gz?key=1"
	out_has "$dir/asn.pgeo" "a question mark ends the name"
	update "$base/cut/places.pgeo"
	stays "a connection that ends too early"
	update "$base/lost/places.pgeo"
	stays "404"
	err_has 404 "that is said"
	update "$base/else/places.pgeo"
	stays "elsewhere"
	update "$base/big.pgeo" --url "$base/lost/small.pgeo"
	status_is 1 "one of two"
	installed big.pgeo big.pgeo "the other one is there"
fi
[ -z "$(find "$dir" -name '.*.*' ! -name '*.pgeo')" ]
ok $? "nothing is left behind"

finish
