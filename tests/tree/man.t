#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The manual pages are well formed.
cd "$(dirname "$0")/../.." || exit 1
command -v mandoc >/dev/null || { echo '1..0 # SKIP no mandoc'; exit 0; }
n=0
for page in man/*.[1-8]; do
	[ -e "$page" ] || continue
	n=$((n + 1))
	if out=$(mandoc -T lint -W warning "$page"); then
		echo "ok $n - $page"
	else
		echo "not ok $n - $page"
		echo "$out" | sed 's/^/# /'
	fi
done
[ $n -gt 0 ] || { echo '1..0 # SKIP no manual page'; exit 0; }
echo "1..$n"
