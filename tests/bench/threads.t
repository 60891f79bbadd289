#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Every table of a log comes out the same on one, two and three threads: of three days with
# clients that come again and again, so that little is over where the log is cut.
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
build/release/bench/genlog --lines 1000000 --seed 1 --truth "$dir/truth" >"$dir/log" || exit 1

report() { # JOBS SECTION...
	build/release/postern report --jobs "$@" --year 2026 --format json --progress never "$dir/log"
}
# What may be the name of a section, and is one.
head -100 "$dir/log" >"$dir/few"
sections=()
for name in $(grep -rhoE '"[a-z]+(_[a-z]+)*"' src/report/*.c | tr -d '"' | sort -u); do
	build/release/postern report "$name" --year 2026 --format json --progress never \
		"$dir/few" 2>/dev/null | grep -q "\"sections\":{.*\"$name\":{" && sections+=("$name")
done
n=1
[ ${#sections[@]} -ge 50 ] || printf 'not '
echo "ok $n - ${#sections[@]} sections"
report 1 "${sections[@]}" >"$dir/1" 2>/dev/null
for jobs in 2 3; do
	n=$((n + 1))
	report $jobs "${sections[@]}" >"$dir/$jobs" 2>/dev/null
	[ -s "$dir/1" ] && cmp -s "$dir/1" "$dir/$jobs" || printf 'not '
	echo "ok $n - the same by $jobs threads"
done
echo "1..$n"
