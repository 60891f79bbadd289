#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tools/layers passes the tree and finds each kind of violation; tools/size too.
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0

result() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# seed TOOL FILE TEXT WHAT: TOOL must complain about FILE holding TEXT.
seed() {
	rm -rf "$dir/src"
	mkdir -p "$(dirname "$dir/src/$2")"
	printf '%b\n' "$3" >"$dir/src/$2"
	out=$("tools/$1" "$dir/src")
	[ $? = 1 ] && [ "${out#"$dir/src/$2":}" != "$out" ]
	result $? "$1 finds $4"
}

# allow FILE TEXT WHAT
allow() {
	rm -rf "$dir/src"
	mkdir -p "$(dirname "$dir/src/$1")"
	printf '%b\n' "$2" >"$dir/src/$1"
	tools/layers "$dir/src" >/dev/null
	result $? "layers allows $3"
}

out=$(tools/layers)
result $? "the tree keeps its layers"
[ -z "$out" ] || echo "$out" | sed 's/^/# /'
out=$(tools/size)
result $? "the tree keeps its sizes"
[ -z "$out" ] || echo "$out" | sed 's/^/# /'

seed layers event/a.c '#include "parse/parse.h"' 'a look upwards'
seed layers parse/a.c '#include "track/track.h"' 'a look sideways'
seed layers report/a.c '#include "parse/room.h"' 'a back door'
seed layers engine/a.c '#include "report/room.h"' 'a back door from above'
seed layers cmd/a.c '#include "a.h"' 'an include without its room'
seed layers cmd/a.c '# include "nowhere/nowhere.h"' 'a room that is not there'
seed layers cmd/a.c '#include <base/str.h>' 'a room in angle brackets'
seed layers util/a.c 'int x;' 'a folder that is no room'
seed layers cmd/deep/a.c 'int x;' 'a folder in a room'
seed layers base/a.c '\n\n#include "event/event.h"' 'base knowing more than base'
allow report/a.c '#include "report/room.h"\n#include "query/query.h"\n#include "base/buf.h"' \
	'own files, lower doors and base'
allow main.c '#include "cmd/cmd.h"' 'main the door of cmd'

body=$(yes '\tx();' | head -n 68 | tr -d '\n' | sed 's/x();/x();\\n/g')
seed size base/a.c "int\nlong_one(void)\n{\n$body}" 'a function of 71 lines'
seed size base/a.c 'int short_one(void) {\n}' 'a brace at the end of a definition'
seed size base/a.c "$(yes 'int x;' | head -n 801)" 'a file of 801 lines'
seed size base/a.c "\tint\t$(printf '%080d' 0);" 'a line of 97 columns'
rm -rf "$dir/src"
mkdir -p "$dir/src/base"
printf '\tint\t%078d;\n/* %088d\303\244 */\n' 0 0 >"$dir/src/base/a.c"
tools/size "$dir/src" >/dev/null
result $? "size counts characters, not bytes, and lets 95 columns pass"
echo "1..$n"
