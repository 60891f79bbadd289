#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The manual pages are well formed, and postern(1) names every command, option, field
# and kind, and the sections that are no parts of another; postern.conf(5) every setting.
cd "$(dirname "$0")/../.." || exit 1
n=0

result() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

words() {
	sed -n '/^#define EVENT_FIELDS/,/^$/s/^\tF(\([a-z_]*\),.*/\1/p' src/event/event.h
	sed -n '/^#define EVENT_KINDS/,/^$/p' src/event/event.h | grep -o 'K([a-z_]*)' |
		grep -vxE 'K\((none|repeat|part)\)' | tr -d 'K()'
	sed -n 's/^\tO([a-z_]*, "\([a-z-]*\)".*/\1/p' src/cmd/room.h
	sed -n 's/^#define COMMANDS(ROW)//p' src/cmd/cmd.h | grep -o '([a-z]*)' | tr -d '()'
	sed -n '/^#define SECTIONS/,/clients_mail/p' src/report/room.h |
		grep -o 'ROW([a-z]*)' | tr -d 'ROW()'
}

out=$(words | sort -u)
[ "$(echo "$out" | wc -l)" -gt 100 ]
result $? "the sources tell their words"
missing=$(for word in $out; do
	grep -qE "^\.(It|Cm|Fl).* -?$word( |$)" man/postern.1 || echo "$word"
done)
[ -z "$missing" ]
result $? "postern(1) names them all"
[ -z "$missing" ] || echo "$missing" | sed 's/^/# missing: /'

# "section setting" of the table, and of the page, where an item stands below its section.
set_in_source() {
	grep -oE 'S\([a-z]+, [a-z_]+, (TEXT|WORD|BOOL|NUMBER|DURATION|LIST),' src/engine/settings.h |
		sed 's/S(\([a-z]*\), \([a-z_]*\),.*/\1 \2/' | sort
}
set_in_page() {
	sed -n '/^\.Sh SECTIONS/,/^\.Sh POSTFIX/p' man/postern.conf.5 | awk '
		/^\.Ss \[/ { section = $2; gsub(/[][]/, "", section) }
		/^\.It Va / { print section, $3 }' | sort
}
settings=$(set_in_source)
[ "$(echo "$settings" | wc -l)" -gt 40 ]
result $? "the table of settings is read"
[ "$settings" = "$(set_in_page)" ]
result $? "postern.conf(5) names every setting below its section, and no other"
[ "$settings" = "$(set_in_page)" ] || {
	{ echo "$settings"; set_in_page; } | sort | uniq -u | sed 's/^/# in one only: /'
}
missing=$(echo "$settings" | sed -n 's/^rule //p' | while read -r word; do
	grep -qE "^(\.Ss|\.Pq Va|\.Va) $word( |$)|^$word +=" man/postern-rules.5 || echo "$word"
done)
[ -z "$missing" ]
result $? "postern-rules(5) tells of each setting of a rule"
[ -z "$missing" ] || echo "$missing" | sed 's/^/# missing: /'

if command -v mandoc >/dev/null; then
	for page in man/*.[1-8]; do
		out=$(mandoc -T lint -W warning "$page")
		result $? "$page"
		[ -z "$out" ] || echo "$out" | sed 's/^/# /'
	done
fi
echo "1..$n"
