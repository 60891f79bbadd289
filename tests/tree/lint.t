#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tools/lint compiles with what it takes for the code for libraries, too: without, it would
# stop at the first such file and have looked at nothing behind it.
cd "$(dirname "$0")/../.." || exit 1
n=0

result() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# As tools/lint sets them.
flags=()
eval "$(grep -E '^(flags=|eval "flags)' tools/lint)"
[ ${#flags[@]} -gt 10 ]
result $? "tools/lint has flags"
for file in $(make --silent --no-print-directory sources | xargs grep -lE '_SONAME|HAVE_'); do
	out=$(gcc "${flags[@]}" -Wall -Wextra -Werror -fsyntax-only "$file" 2>&1)
	result $? "$file"
	[ -z "$out" ] || echo "$out" | sed 's/^/# /'
done
echo "1..$n"
