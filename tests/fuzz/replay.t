#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Every fuzz harness over its seeds, in the variant that was built.
cd "$(dirname "$0")/../.." || exit 1
n=0
for harness in build/"${VARIANT:-release}"/fuzz/*; do
	case $harness in */\**) continue ;; *.d) continue ;; esac
	name=${harness##*/}
	n=$((n + 1))
	if out=$(find "tests/fuzz/seeds/$name" -type f -print0 2>/dev/null |
		xargs -0 "$harness" 2>&1); then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "$out" | sed 's/^/# /' | head -n 40
	fi
done
[ $n -gt 0 ] || { echo "1..0 # SKIP no harness is built"; exit 0; }
echo "1..$n"
