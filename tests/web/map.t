#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The page of `report map` in a browser: drawn, usable by keyboard and on a telephone,
# silent on the network, unmoved by what attackers wrote. Runs where there is no network.
. "${0%/*}/../cli/lib.sh"

shots=build/web
mkdir -p $shots
db=$tmp/places.pgeo
"$POSTERN" geo build -o "$db" --country tests/places/country.csv --asn tests/places/asn.csv \
	--source 'Made up' --licence 'CC0; nobody' --date 2026-01-01 >/dev/null

page() { # NAME FILE [OPTION...]
	local name=$1 file=$2
	shift 2
	"$POSTERN" report map --year 2026 --geo "$db" -o "$tmp/$name.html" "$@" "$file" \
		2>"$tmp/err"
	ok $? "$name: a page"
	"$POSTERN" report map --year 2026 --geo "$db" --format json "$@" "$file" \
		>"$tmp/$name.json" 2>"$tmp/err"
}

page sample "$corpus/rsyslog-newyear/mx1.mail.log.gz"

# A HELO that would end the script, reorder the line (U+2028, U+202E), or be markup:
# postscreen logs all but the space as it came.
evil=$'</script><img/src=x/onerror=window.hit=1><!--\xe2\x80\xa8\xe2\x80\xae&amp;{{7*7}}'
for i in 1 2 3; do
	at="[192.0.2.$i]:4000$i"
	echo "Jan  1 00:00:0$i mx postfix/postscreen[77]: CONNECT from $at to [203.0.113.1]:25"
	echo "Jan  1 00:00:0$i mx postfix/postscreen[77]: PREGREET 9 after 0.1 from $at: HELO a\\r\\n"
	echo "Jan  1 00:00:0$i mx postfix/postscreen[77]: NOQUEUE: reject: RCPT from $at: 550 5.5.1 Protocol error; from=<a@b.example>, to=<c@d.example>, proto=SMTP, helo=<$evil>"
done >"$tmp/hostile"
page hostile "$tmp/hostile"
! grep -q '<img' "$tmp/hostile.html"
ok $? "hostile: no markup of the log's in the file"

for ((i = 0; i < 6000; i++)); do
	printf 'Jan  1 %02d:%02d:%02d mx postfix/smtpd[101]: connect from unknown[2001:db8:1:%x::1]\n' \
		$((i / 3600)) $((i / 60 % 60)) $((i % 60)) $i
done >"$tmp/many"
printf 'Jan  1 02:00:00 mx postfix/smtpd[101]: connect from unknown[192.0.2.1]\n%.0s' {1..9} >>"$tmp/many"
page many "$tmp/many"
[ "$(stat -c %s "$tmp/many.html")" -lt 2000000 ]
ok $? "many: the page stays below 2 MB"
"$POSTERN" postscreen -y 2026 --geofile "$db" -r none --mapdest "$tmp/failed.html" \
	"$corpus/rsyslog-newyear/mx1.mail.log.gz" >"$tmp/out" 2>"$tmp/err"
ok $? "failed: postscreen --mapdest"
out_empty "failed: -r none prints nothing else"
err_has "map written to $tmp/failed.html" "failed: where it is, is said"
out=$(python3 -c "import json; print(len(json.load(open('$tmp/many.json'))['sections']['map']['rows']))")
[ "$out" = 6001 ]
ok $? "many: JSON has them all"
page few "$tmp/many" --map-min-conn 5
: >"$tmp/nothing"
page empty "$tmp/nothing"
page nowhere "$tmp/log" --no-geo

! grep -qE 'resolved|https?:' web/package-lock.json
ok $? "the lock names packages by their hashes, no registry"

# No network but what the kernel starts with: nothing.
alone=()
if unshare -n true 2>/dev/null; then
	alone=(unshare -n)
elif unshare -rn true 2>/dev/null; then
	alone=(unshare -rn)
fi
while read -r verdict what; do
	[ "$verdict" = ok ]
	ok $? "$what"
done < <("${alone[@]}" timeout 120 node tests/web/map.js "$tmp" $shots 2>&1)
[ "$tests" -gt 40 ]
ok $? "all was tried"
finish
