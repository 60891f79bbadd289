#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Databases that others make: both schemas of MaxMind DB, one family only, GeoIP legacy.
. "${0%/*}/lib.sh"

python3 tests/places/fixtures.py "$tmp" || exit 1
"$POSTERN" version >"$tmp/version"

# at FILE IP EXPRESSION WHAT: of Python; p is the place of IP by FILE.
at() {
	run geo lookup --geo "$tmp/$1" --format json "$2"
	json "(lambda p: $3)(j['addresses'][0])" "$1: $4"
}

if grep -q '^without.*libmaxminddb' "$tmp/version"; then
	run geo lookup --geo "$tmp/flat.mmdb" 192.0.2.1
	status_is 1 "no libmaxminddb"
	err_has libmaxminddb "it is named"
else
	at flat.mmdb 192.0.2.1 'p["country"] == "DE" and p["city"] == "Musterstadt"' "a city"
	at flat.mmdb 192.0.2.1 'p["region"] == "Hesse" and p["latitude"] == 50.5' "its place"
	at flat.mmdb 192.0.2.1 'p["position_of_country"] is False' "which is its own"
	at flat.mmdb 192.0.2.129 'p["country"] is None' "not in it"
	at flat.mmdb 2001:db8::1 'p["city"] is None and p["position_of_country"]' \
		"a position off the earth is none"
	at nested.mmdb 192.0.2.1 'p["country"] == "FR" and p["city"] == "Exempleville"' "a city"
	at nested.mmdb 192.0.2.1 'p["region"] == "Exemplie" and p["longitude"] == 2.5' "its place"
	at nested.mmdb 2001:db8::1 'p["country"] == "NO"' "a registered country"
	json 'j["places"][0]["licence"].startswith("CC BY 4.0")' "its licence is known"
	json 'j["places"][0]["built"].startswith("2026-01-01")' "its day too"
	at v4.mmdb 198.51.100.1 'p["country"] == "US"' "IPv4"
	at v4.mmdb 2001:db8::1 'p["country"] is None' "IPv6 of a file without it"
	at asn.mmdb 192.0.2.1 'p["asn"] == 64496 and p["aso"] == "Example Hosting"' "a network"
	at asn.mmdb 9.9.9.9 'p["space"] == "unrouted"' "nobody's"
	run geo lookup --geo "$tmp/asn.mmdb" --geo "$tmp/nested.mmdb" --geo "$tmp/flat.mmdb" \
		--format json 192.0.2.1
	json 'j["addresses"][0]["asn"] == 64496 and j["addresses"][0]["city"] == "Exempleville"' \
		"several fill each other"
	json 'len(j["places"]) == 3' "and all are named"
	size=$(wc -c <"$tmp/flat.mmdb")
	head -c $((size - 40)) "$tmp/flat.mmdb" >"$tmp/cut.mmdb"
	run geo lookup --geo "$tmp/cut.mmdb" 192.0.2.1
	status_is 1 "a MaxMind DB that is cut short"
fi

if grep -q '^without.*libgeoip' "$tmp/version"; then
	run geo lookup --geo "$tmp/GeoIP.dat" 192.0.2.1
	status_is 1 "no libgeoip"
	err_has libgeoip "it is named"
else
	at GeoIP.dat 192.0.2.1 'p["country"] == "DE"' "a country"
	at GeoIP.dat 198.51.100.200 'p["country"] is None' "none"
	json 'j["places"][0]["built"].startswith("2026-01-01")' "its day"
	at GeoIPv6.dat 2001:db8::1 'p["country"] == "SE"' "IPv6"
	at GeoIPv6.dat 192.0.2.1 'p["country"] is None' "IPv4 of a file without it"
	at GeoLiteCity.dat 192.0.2.1 'p["city"] == "M\u00fcsterstadt"' "a city, in UTF-8"
	at GeoLiteCity.dat 192.0.2.1 'abs(p["latitude"] - 50.5) < 0.01' "its place"
	at GeoLiteCity.dat 198.51.100.1 'p["city"] and p["position_of_country"]' \
		"a position off the earth is none"
	log=$corpus/rsyslog-newyear/mx1.mail.log.gz
	run report --year 2026 places --geo "$tmp/GeoLiteCity.dat" --format json --jobs 4 "$log"
	json '[row["country"] for row in j["sections"]["places"]["rows"]][:1]' "several threads"
fi
printf 'xxxxxxxxxxxxxxxxxxxxxxxxxxxx\377\377\377\005' >"$tmp/other.dat"
run geo lookup --geo "$tmp/other.dat" 192.0.2.1
status_is 1 "another edition of GeoIP legacy"
err_has "no database" "is none"

mkfifo "$tmp/pipe.mmdb"
timeout 5 "$POSTERN" geo lookup --geo "$tmp/pipe.mmdb" 192.0.2.1 >"$tmp/out" 2>"$tmp/err"
status=$?
status_is 1 "a pipe is no database"
err_has "pipe.mmdb: not a file" "which is said, and not waited for"

finish
