#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# `make install` puts everything where it belongs, and systemd understands its part.
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0

result() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

variant=${VARIANT:-release}
make VARIANT="$variant" PREFIX=/usr DESTDIR="$dir" install >"$dir/log" 2>&1
result $? "make install"
unit=$dir/usr/lib/systemd/system/postern.service
for file in usr/bin/postern usr/share/man/man1/postern.1 usr/share/man/man5/postern.conf.5 \
	usr/share/man/man5/postern-rules.5 usr/lib/systemd/system/postern.service \
	usr/lib/sysusers.d/postern.conf usr/lib/tmpfiles.d/postern.conf; do
	[ -s "$dir/$file" ]
	result $? "$file"
done
grep -q '^ExecStart=/usr/bin/postern guard$' "$unit" && ! grep -q '@PREFIX' "$unit"
result $? "the unit names the program"

# Another machine's unit: programs that it names need not be here.
if command -v systemd-analyze >/dev/null; then
	mkdir "$dir/verify"
	sed "s|^ExecStart=[^ ]*|ExecStart=$dir/usr/bin/postern|" "$unit" >"$dir/verify/postern.service"
	out=$(systemd-analyze verify --man=no --recursive-errors=no "$dir/verify/postern.service" 2>&1)
	status=$?
	[ $status = 0 ] && [ -z "$out" ]
	result $? "systemd understands the unit"
	[ -z "$out" ] || echo "$out" | sed 's/^/# /'
	level=$(systemd-analyze security --offline=yes --no-pager "$dir/verify/postern.service" \
		2>/dev/null | sed -n 's/.*Overall exposure level for [^:]*: \([0-9]*\)\..*/\1/p')
	[ -z "$level" ] || [ "$level" -lt 5 ]
	result $? "the unit is not exposed (level ${level:-unknown}, under 5)"
else
	! grep -vE '^(#.*|\[[A-Z][a-z]+\]|[A-Z][A-Za-z]+=.*|)$' "$unit"
	result $? "the unit's lines are what they should be"
fi
if command -v systemd-sysusers >/dev/null; then
	mkdir -p "$dir/etc"
	systemd-sysusers --root="$dir" "$dir/usr/lib/sysusers.d/postern.conf" >"$dir/log" 2>&1 &&
		grep -q '^postern:' "$dir/etc/passwd"
	result $? "systemd-sysusers makes the user"
fi
echo "1..$n"
