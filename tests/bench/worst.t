#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# No line costs more than its length: lines of 64 KiB made to be slow, of each place
# where outsiders write, beside an eighth of each. `make bench` tells the times.
cd "$(dirname "$0")/../.." || exit 1
slowest=build/${VARIANT:-release}/bench/slowest
python3 tests/corpus/inject.py --long 65535 16 | "$slowest" 3 >"${TMPDIR:-/tmp}/worst.$$"
status=$?
[ $status = 0 ] && echo "ok 1 - the cost of a line grows with its length" ||
	echo "not ok 1 - the cost of a line grows with its length"
sed 's/^/# /' "${TMPDIR:-/tmp}/worst.$$" | cut -c 1-160
rm -f "${TMPDIR:-/tmp}/worst.$$"
echo 1..1
