#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Maps: what is asked for and refused, where files go, and the table behind a map. The
# page itself is tested in tests/web.
. "${0%/*}/lib.sh"

log=$corpus/rsyslog-newyear/mx1.mail.log.gz
db=$tmp/places.pgeo
run geo build -o "$db" --country tests/places/country.csv --asn tests/places/asn.csv \
	--source 'Made up' --date 2026-01-01
status_is 0 "a database"

run report map --year 2026 --geo "$db" --format text "$log"
status_is 0 "as text"
out_has "top 10 of 919 clients" "ten clients"
out_has "places: Made up of 2026-01-01" "whose places"
run report map --year 2026 --geo "$db" --format text --top 20 "$log"
out_has "top 20 of 919 clients" "--top"
run report map --year 2026 --geo "$db" --format json "$log"
json "len(j['sections']['map']['rows']) == j['sections']['map']['groups'] == 919" "all as JSON"
json "sum(r['connections'] for r in j['sections']['map']['rows']) == 3165" "with connections"
json "all(-90 < r['latitude'] < 90 and -180 <= r['longitude'] <= 180 and
	r['position_of_country'] for r in j['sections']['map']['rows'] if r['country'] == 'DE')" \
	"and places"
json "[r for r in j['sections']['map']['rows'] if r['ip'] == '198.18.17.16'][0]['auth_failures'] == 60" \
	"and what they did"
run report map --year 2026 --geo "$db" --format json --map-min-conn 20 "$log"
json "min(r['connections'] for r in j['sections']['map']['rows']) >= 20" "--map-min-conn"
json "len(j['sections']['map']['rows']) == j['sections']['map']['groups'] < 100" "leaves fewer"
run report map --year 2026 --geo "$db" --format csv "$log"
out_has "ip,name,helo,country,city,asn,aso,latitude,longitude" "as CSV"
err_has "Made up" "whose places, beside CSV"

run report postscreen_map --year 2026 --geo "$db" --format json "$log"
json "len(j['sections']['postscreen_map']['rows']) == 185" "clients that failed"
json "all(r['failed'] if 'failed' in r else r['dnsbl'] + r['pregreet'] + r['denylisted'] +
	r['bare_newline'] + r['pipelining'] + r['non_smtp'] + r['count_limit'] + r['time_limit'] +
	r['length_limit'] for r in j['sections']['postscreen_map']['rows'])" "did fail"
run postscreen -y 2026 --geofile "$db" -a 'PREGREET & !DNSBL' postscreen_map --format json "$log"
json "len(j['sections']['postscreen_map']['rows']) > 0 and all(r['pregreet'] and not r['dnsbl']
	for r in j['sections']['postscreen_map']['rows'])" "-a chooses"

run report clients --format html "$log"
status_is 2 "html of another section"
err_has "postern report map" "what it draws is said"
run report auth --map-min-conn 3 "$log"
status_is 2 "--map-min-conn without a map"
run postscreen --map-min-conn 3 "$log"
err_has "goes with --mapdest" "nor without --mapdest"
run postscreen --mapdest "" "$log"
status_is 2 "--mapdest without a name"
run report map --map-min-conn many "$log"
status_is 2 "--map-min-conn is a number"

run report auth --year 2026 -o "$tmp/auth" "$log"
status_is 0 "-o"
out_empty "-o: nothing on stdout"
grep -q 'LOGIN ATTEMPTS' "$tmp/auth"
ok $? "-o: the file has it" || head -n 3 "$tmp/auth"
(umask 077 && run report auth --year 2026 -o "$tmp/private" "$log")
[ "$(stat -c %a "$tmp/private")" = 600 ]
ok $? "-o: a new file is what the umask makes it"
chmod 640 "$tmp/private"
run report auth --year 2026 -o "$tmp/private" "$log"
[ "$(stat -c %a "$tmp/private")" = 640 ]
ok $? "-o: an old one may be read by as many as before"
run report auth --year 2026 -o "$tmp/absent/auth" "$log"
status_is 1 "-o: a folder that is not there"
err_has "$tmp/absent/auth: cannot be written" "-o: which file, and why"
ln -s "$tmp/auth" "$tmp/link"
run report auth --year 2026 -o "$tmp/link" "$log"
status_is 1 "-o: a link"
[ -L "$tmp/link" ]
ok $? "-o: the link is still one"
run report auth --year 2026 -o "$tmp/new" "$tmp/none.log"
status_is 1 "-o: an input that is not there"
[ ! -e "$tmp/new" ] && [ -z "$(ls "$tmp"/new* 2>/dev/null)" ]
ok $? "-o: leaves no file then"
mkdir "$tmp/own" && zcat "$log" >"$tmp/own/mail.log"
cp "$tmp/own/mail.log" "$tmp/own/mail.log.1"
for file in "$tmp/own/mail.log" "$tmp/own/mail.log.1"; do
	run report auth --year 2026 -o "$file" "$tmp/own"
	status_is 1 "-o: a log that is read"
	err_has "is one of the logs" "-o: is not written over"
	zcat "$log" | cmp -s - "$file"
	ok $? "and is as it was"
done
finish
