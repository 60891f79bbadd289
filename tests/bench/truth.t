#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A generated log's numbers against the generator's, on two threads.
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
build/release/bench/genlog --lines 100000 --seed 7 --truth "$dir/truth" >"$dir/log" || exit 1
python3 tests/bench/verify.py "$dir/log" "$dir/truth" --jobs 2
