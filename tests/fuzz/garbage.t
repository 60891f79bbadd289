#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Lines that were lines once, 100 000 of them: every command reads them to the end,
# and under the sanitizer none reads too far or keeps what it took. GARBAGE=1000000
# takes more.
cd "$(dirname "$0")/../.." || exit 1
: "${POSTERN:=$PWD/build/release/postern}"
garbage=build/${VARIANT:-release}/bench/garbage
[ -x "$garbage" ] || { echo "1..0 # SKIP $garbage is not built"; exit 0; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0
cat tests/corpus/samples/*.log | "$garbage" "${GARBAGE:-100000}" "${SEED:-1}" >"$tmp/log"

reads() { # ARGUMENT...
	n=$((n + 1))
	"$POSTERN" "$@" --year 2026 --progress never "$tmp/log" >"$tmp/out" 2>"$tmp/err"
	status=$?
	if [ $status = 0 ] && [ -s "$tmp/out" ]; then
		echo "ok $n - $*"
	else
		echo "not ok $n - $*: exit status $status"
		head -n 30 "$tmp/err" | sed 's/^/# /'
	fi
}

reads scan --jobs 1
reads scan --jobs 2
reads scan --unknown
reads report --top 0
reads report --format json --jobs 2
reads trace 192.0.2.1
echo "1..$n"
