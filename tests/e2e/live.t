#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Real daemons (tests/testbed) are driven with a new random seed; what the program
# reads in their log is compared with what the driver did. SEED=N repeats a run.
set -u
cd "$(dirname "$0")/../.." || exit 1
tests/e2e/possible || { echo 'Bail out! not possible here'; exit 1; }

seed=${SEED:-$RANDOM$RANDOM}
work=$(mktemp -d /tmp/postern-e2e-XXXXXX)
finish() {
	tests/testbed/down "$work" --purge >&2
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

echo "# SEED=$seed"
tests/testbed/deps >"$work/deps.log" 2>&1 || fail "deps: $(tail -n 1 "$work/deps.log")"
tests/testbed/up "$work" >"$work/up.log" 2>&1 || fail "up: $(tail -n 1 "$work/up.log")"
tests/testbed/drive "$work" --seed "$seed" --scale 0.3 >"$work/drive.log" 2>&1 ||
	fail "drive: $(tail -n 1 "$work/drive.log")"
tests/testbed/check "$work" >"$work/check.log" ||
	fail "check: truth and log disagree, see $work/check.log"
python3 tests/corpus/truth.py --live "$work" && touch "$work/passed"
