#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What is compiled with other flags, or for other libraries, than before is compiled anew:
# who installs a library after a build and calls make again gets what it is for.
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0

result() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

mkdir -p "$dir/src/base" "$dir/tests"
cp Makefile "$dir"
cp src/base/banned.h "$dir/src/base"
printf 'int main(void);\nint main(void) { return 0; }\n' >"$dir/src/main.c"
printf 'int one(void);\nint one(void) { return 1; }\n' >"$dir/src/base/one.c"

build() { make -C "$dir" V=1 "$@" 2>&1 | grep -c -e ' -c -o '; }

[ "$(build OPTIONAL=)" = 2 ]
result $? "all is compiled"
[ "$(build OPTIONAL=)" = 0 ]
result $? "nothing, as nothing has changed"
[ "$(build OPTIONAL=zlib)" = 2 ]
result $? "all, as a library has come"
[ "$(build OPTIONAL=zlib CFLAGS=-DX)" = 2 ]
result $? "all, as a flag has"
[ "$(build OPTIONAL=zlib CFLAGS=-DX WERROR=1)" = 0 ]
result $? "nothing, as warnings make no other program"
echo "1..$n"
