#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# README.md: what it says that `make demo` prints is what the report of the sample is.
cd "$(dirname "$0")/../.." || exit 1
: "${POSTERN:=build/release/postern}"

said=$(sed '1,/prints begins with$/d; /^    \.\.\.$/,$d; s/^    //' README.md | tail -n +2)
printed=$("$POSTERN" report --year 2026 tests/corpus/rsyslog-newyear/mx1.mail.log.gz |
	head -n "$(echo "$said" | wc -l)")
if [ -n "$said" ] && [ "$said" = "$printed" ]; then
	echo "ok 1 - the demo's report"
else
	echo "not ok 1 - the demo's report"
	echo "$printed" | sed 's/^/# printed: /'
fi
echo "1..1"
