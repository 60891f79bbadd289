#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Databases of places: made, asked, and what reports do with them.
. "${0%/*}/lib.sh"

places=$PWD/tests/places
log=$corpus/rsyslog-newyear/mx1.mail.log.gz

run geo
status_is 2 "geo alone"
run geo lokup 192.0.2.1
status_is 2 "a misspelt subcommand"
err_has lookup "the nearest is named"
for command in lookup build; do
	run geo $command --help
	status_is 0 "geo $command --help"
	out_has "postern geo $command" "it has an example"
done

run geo build -o "$tmp/db.pgeo" --country "$places/country.csv" --asn "$places/asn.csv" \
	--source 'Made up' --licence 'CC0; nobody' --date 2026-01-01
status_is 0 "geo build"
err_empty "geo build is quiet"
run geo build --country "$places/country.csv"
status_is 2 "geo build without -o"
run geo build -o "$tmp/none.pgeo"
status_is 2 "geo build of nothing"
run geo build -o "$tmp/none.pgeo" --country "$tmp/absent.csv"
status_is 1 "geo build of a file that is not there"
printf '192.0.2.0,192.0.2.1,DE\n192.0.2.9,192.0.2.1,DE\n' >"$tmp/bad.csv"
run geo build -o "$tmp/none.pgeo" --country "$tmp/bad.csv"
status_is 1 "a range that goes backwards"
err_has "bad.csv, line 2" "file and line are named"
printf '192.0.2.0,192.0.2.1,64496,"no end\n' >"$tmp/bad.csv"
run geo build -o "$tmp/none.pgeo" --asn "$tmp/bad.csv"
err_has "quote" "a quote that does not end"
run geo build -o "$tmp/none.pgeo" --asn "$places/country.csv"
err_has "expected the number of an autonomous system" "countries are no networks"
gzip -c "$places/country.csv" >"$tmp/country.csv.gz"
run geo build -o "$tmp/gz.pgeo" --country "$tmp/country.csv.gz"
status_is 0 "a compressed CSV"
head -c 100 "$tmp/country.csv.gz" >"$tmp/cut.csv.gz"
run geo build -o "$tmp/none.pgeo" --country "$tmp/cut.csv.gz"
status_is 1 "a compressed CSV that is cut short"
err_has "cut short" "and that is said"
[ ! -e "$tmp/none.pgeo" ] && [ -z "$(find "$tmp" -name 'none.pgeo.*')" ]
ok $? "nothing is left of what failed"

run geo lookup --geo "$tmp/db.pgeo" 192.0.2.65 192.0.2.201 2001:db8:1::9 10.0.0.1 8.8.4.4
status_is 0 "geo lookup"
out_has "192.0.2.65     FR France (documentation)  AS64496 Example Hosting" "a client"
out_has "BE Belgium" "the smaller range"
out_has "CA Canada" "IPv6"
out_has "10.0.0.1       private" "private space"
out_has "8.8.4.4        unrouted" "unrouted space"
out_has "Made up of 2026-01-01" "whose data it is"
out_has "CC0; nobody" "on what terms"
run geo lookup --geo "$tmp/db.pgeo" --format json 192.0.2.201 10.0.0.1 10.0.0
status_is 1 "a word that is no address"
json 'j["addresses"][0]["country"] == "BE" and j["addresses"][0]["asn"] == 64497' "JSON"
json 'j["addresses"][0]["position_of_country"] is True' "a spot of the country"
json 'j["addresses"][1]["country"] is None and j["addresses"][1]["space"] == "private"' \
	"private in JSON"
json '"error" in j["addresses"][2]' "an error in JSON"
json 'j["places"][0]["name"] == "Made up" and j["places"][0]["age_days"] > 300' \
	"attribution in JSON"
run geo lookup --geo "$tmp/db.pgeo" --json 192.0.2.201 10.0.0.1 nowhere
events 'j[0] == {"ip": "192.0.2.201", "country_code": "BE", "asn": "64497", "aso": "Polder Example, B.V."}' \
	"as ipinfo.py"
events 'j[1] == {"ip": "10.0.0.1", "country_code": "private", "asn": "N/A", "aso": "N/A"}' \
	"private as ipinfo.py"
events 'j[2] == {"ip": "nowhere", "error": "Invalid IP address format."}' "no address"
printf '192.0.2.1\r\n\n2001:db8::1\n' | "$POSTERN" geo lookup --geo "$tmp/db.pgeo" --json - \
	>"$tmp/out"
events '[place["country_code"] for place in j] == ["DE", "SE"]' "addresses on stdin"
run geo lookup --geo "$tmp/log" 192.0.2.1
status_is 1 "no database"
err_has "$tmp/log" "it is named"
head -c 1000 "$tmp/db.pgeo" >"$tmp/short.pgeo"
run geo lookup --geo "$tmp/short.pgeo" 192.0.2.1
err_has "cut short" "a file that is cut short"

run report --year 2026 places --geo "$tmp/db.pgeo" "$log"
status_is 0 "section places"
out_has "Made up of 2026-01-01" "whose data it is, beneath"
out_has "Far Example Telecom" "networks"
for jobs in 1 2 5; do
	run report --year 2026 places --geo "$tmp/db.pgeo" --format json --jobs $jobs "$log"
	cp "$tmp/out" "$tmp/places.$jobs"
done
cmp -s "$tmp/places.1" "$tmp/places.2" && cmp -s "$tmp/places.1" "$tmp/places.5"
ok $? "the same for every number of threads"
json 'j["sections"]["places"]["total"]["auth_failures"] == 1372' "all failed logins"
json 'len(j["places"]) == 1' "attribution in JSON"
run report --year 2026 auth --geo "$tmp/db.pgeo" --format json "$log"
json '"places" not in j' "no attribution where no place is shown"
run report --year 2026 --by country,asn,aso --where 'attempt & outcome=failure' \
	--geo "$tmp/db.pgeo" --format json "$log"
json 'sum(row["count"] for row in j["sections"]["query"]["rows"]) == 1372' "--by"
json '{"country": "FR", "asn": 64496, "aso": "Example Hosting", "count": 19} in j["sections"]["query"]["rows"]' \
	"one of the groups"
run report --year 2026 --by ip --where 'country=PL' --geo "$tmp/db.pgeo" --format json "$log"
json 'all(row["ip"].startswith("2001:db8:2:") for row in j["sections"]["query"]["rows"])' \
	"--where country"
run report --year 2026 --measure 'distinct(country)' --geo "$tmp/db.pgeo" --format csv "$log"
grep -qx 15 "$tmp/out"
ok $? "distinct(country)"
err_has "Made up of 2026-01-01" "CSV names the maker on stderr"
run scan --year 2026 --geo "$tmp/db.pgeo" "$log"
events 'all(("country" in event) == ("ip" in event) for event in j)' "scan"
events 'any(event.get("derived") and event.get("asn") == 64498 for event in j)' \
	"what several lines tell has places too"
run scan --year 2026 "$log"
out_lacks '"country"' "scan without being asked"

run report --year 2026 places --no-geo "$log"
status_is 0 "no database"
out_has "postern geo --help" "it says where to get one"
run report --year 2026 places --geo "$tmp/absent.pgeo" "$log"
status_is 1 "a database that is not there"
run report --year 2026 auth --geo "$tmp/absent.pgeo" "$log"
status_is 1 "nor is it when no place is asked for"

finish
