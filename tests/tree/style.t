#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What HACKING.md asks of every file and nothing else counts: its licence in front, its
# name, no blanks at the ends of lines, tests that can be run. The test bed is as it is.
cd "$(dirname "$0")/../.." || exit 1
n=0

# none FOUND WHAT: FOUND, the files or lines that break a rule, is empty.
none() {
	n=$((n + 1))
	if [ -z "$1" ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
	[ -z "$1" ] || echo "$1" | sed 's/^/# /'
}

# ours TEST...: the files that find's tests are true of.
ours() {
	find src tests tools \( -name testbed -o -name seeds -o -name __pycache__ \) -prune -o \
		-type f \( "$@" \) -print | LC_ALL=C sort
}

unlicensed() {
	while read -r file; do
		head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2\.0' || echo "$file"
	done
}

written=$(ours -name '*.[ch]' -o -name '*.py' -o -name '*.t' -o -path 'tools/*')
c=$(ours -name '*.[ch]')
none "$(echo "$written" | unlicensed)" 'a file begins with its licence'
none "$(echo "$c" | LC_ALL=C grep -Ev '/[a-z0-9-]+\.[ch]$')" \
	'files of C are called in lower case, with hyphens'
none "$(echo "$c" | grep -E '[/-](util|utils|common|helper|helpers|manager|handler)[.-]')" \
	'no file is called util, common, helper, manager or handler'
none "$(echo "$written" | tr '\n' '\0' | LC_ALL=C xargs -0 grep -n '[[:blank:]]$')" \
	'no line ends in blanks'
none "$(ours -name '*.t' ! -perm -u+x)" 'tests can be run'
echo "1..$n"
