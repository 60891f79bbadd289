#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tests/run runs what there is, and says so where there is nothing: a suite that was not
# built or is misspelt, and a test that cannot be run, are no tests passed.
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0

result() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

mkdir -p "$dir/tests/good" "$dir/tests/none" "$dir/tests/forgotten" "$dir/build/some/unit"
cp tests/run "$dir/tests"
for test in tests/good/a.t tests/forgotten/a.t tests/forgotten/b.t build/some/unit/a; do
	printf '#!/bin/sh\necho ok 1\necho 1..1\n' >"$dir/$test"
	chmod +x "$dir/$test"
done
chmod -x "$dir/tests/forgotten/b.t"
run() { "$dir/tests/run" "$@" >"$dir/out" 2>&1; }

run some good unit && grep -q 'Files=2, Tests=2' "$dir/out"
result $? "two suites"
for suite in none nosuch forgotten; do
	! run some good $suite && grep -q "$suite" "$dir/out" && ! grep -q Files= "$dir/out"
	result $? "$suite is told of: $(tail -n 1 "$dir/out")"
done
! run other unit && grep -q 'other' "$dir/out"
result $? "so is what was not built: $(tail -n 1 "$dir/out")"
! run && grep -q 'VARIANT' "$dir/out"
result $? "nothing to run"
echo "1..$n"
