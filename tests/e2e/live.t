#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Real daemons (tests/testbed) are driven with a new random seed; what the program
# reads in their log is compared with what the driver did. SEED=N repeats a run.
# SUITE=trixie takes the daemons of that Debian, in a tree kept in /var/cache, instead
# of this machine's.
set -u
cd "$(dirname "$0")/../.." || exit 1
tests/e2e/possible || { echo 'Bail out! not possible here'; exit 1; }

seed=${SEED:-$RANDOM$RANDOM}
work=$(mktemp -d /tmp/postern-e2e-XXXXXX)
finish() {
	if [ -e "$work/passed" ]; then
		rm -rf "$work"
	else
		echo "# the logs and the truth stay in $work (SEED=$seed)"
	fi
}
trap finish EXIT
trap 'exit 1' INT TERM

fail() {
	echo "Bail out! $*"
	exit 1
}

echo "# SEED=$seed${SUITE:+ SUITE=$SUITE}"
tests/e2e/within "$work" tests/e2e/traffic "$work" "$seed" || fail "the test bed failed"
python3 tests/corpus/truth.py --live "$work" && touch "$work/passed"
