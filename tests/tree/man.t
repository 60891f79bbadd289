#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The manual pages are well formed, and postern(1) names every command, option, field
# and kind, and the sections that are no parts of another.
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

if command -v mandoc >/dev/null; then
	for page in man/*.[1-8]; do
		out=$(mandoc -T lint -W warning "$page")
		result $? "$page"
		[ -z "$out" ] || echo "$out" | sed 's/^/# /'
	done
fi
echo "1..$n"
