#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tools/packages touches nothing where nothing is missing, also where a library is there for
# two architectures, and says which set there is none of.
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0

result() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# A system of which each package is there, as dpkg-query prints it twice for two of them.
mkdir -p "$dir/bin" "$dir/tools" "$dir/web/node_modules"
cp tools/packages "$dir/tools"
: >"$dir/web/package-lock.json"
: >"$dir/web/node_modules/.installed-build"
cat >"$dir/bin/dpkg-query" <<'END'
#!/bin/sh
# -W -f FORMAT PACKAGE
line=$(printf '%s' "$3" | sed 's/\${db:Status-Status}/installed/')
printf "$line"
[ "$4" != zlib1g-dev ] || printf "$line"
END
for program in apt-get apt-cache sudo npm; do
	printf '#!/bin/sh\necho %s "$@" >>"%s/called"\nexit 1\n' $program "$dir" >"$dir/bin/$program"
done
chmod +x "$dir/bin"/*
packages() { PATH="$dir/bin:$PATH" "$dir/tools/packages" "$@" >"$dir/out" 2>&1; }

packages build
result $? "nothing is missing"
[ ! -e "$dir/called" ] && [ ! -s "$dir/out" ]
result $? "nothing is touched"
packages nonsense
[ $? = 2 ] && grep -q 'no set named nonsense' "$dir/out"
result $? "no such set"
echo "1..$n"
