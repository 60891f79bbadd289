# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# lib: what the command line tests share. Source it first, end with `finish`.
#
#   run ARGUMENT...        runs the program; then $status, $tmp/out, $tmp/err
#   status_is N WHAT       out_has TEXT WHAT      out_lacks TEXT WHAT
#   err_has TEXT WHAT      out_empty WHAT         err_empty WHAT
#   json EXPRESSION WHAT   of Python; j is the output read as one JSON value
#   events EXPRESSION WHAT the same; j is the list of its lines
#   ok STATUS WHAT
#
# $tmp is a folder of the test's own, $tmp/log a small Postfix log.

case $0 in */*) cd "${0%/*}/../.." || exit 1 ;; esac
: "${POSTERN:=$PWD/build/release/postern}"
# shellcheck disable=SC2034
corpus=$PWD/tests/corpus
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
tests=0
export LC_ALL=C.UTF-8 TZ=UTC

ok() {
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		[ ! -s "$tmp/err" ] || head -n 5 "$tmp/err" | cut -c 1-300 | sed 's/^/# stderr: /'
	fi
	[ "$1" = 0 ]
}

run() {
	"$POSTERN" "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
}

status_is() {
	[ "$status" = "$1" ]
	ok $? "$2: exit status $1" || echo "# status: $status"
}

out_has() { grep -qF -- "$1" "$tmp/out"; ok $? "$2"; }
err_has() { grep -qF -- "$1" "$tmp/err"; ok $? "$2"; }
out_lacks() { ! grep -qF -- "$1" "$tmp/out"; ok $? "$2"; }
out_empty() { [ ! -s "$tmp/out" ]; ok $? "$1"; }
err_empty() { [ ! -s "$tmp/err" ]; ok $? "$1"; }

python_says() { # HOW-TO-READ EXPRESSION WHAT
	python3 - "$tmp/out" "$2" <<-END >"$tmp/python" 2>&1
		import json, sys
		text = open(sys.argv[1], 'rb').read().decode('utf-8')
		j = $1
		sys.exit(not eval('(%s)' % sys.argv[2]))
	END
	ok $? "$3" || tail -n 1 "$tmp/python" | sed 's/^/# /'
}
json() { python_says 'json.loads(text)' "$1" "$2"; }
events() { python_says '[json.loads(line) for line in text.splitlines()]' "$1" "$2"; }

finish() {
	echo "1..$tests"
	exit 0
}

cat >"$tmp/log" <<'END'
Dec 31 23:59:58 mx postfix/smtpd[101]: connect from unknown[192.0.2.7]
Dec 31 23:59:59 mx postfix/smtpd[101]: warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: (reason unavailable), sasl_username=alice
Jan  1 00:00:00 mx postfix/smtpd[101]: NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 554 5.7.1 <bob@remote.example>: Relay access denied; from=<a@b.example> to=<bob@remote.example> proto=ESMTP helo=<pc.example>
Jan  1 00:00:01 mx postfix/smtpd[101]: disconnect from unknown[192.0.2.7] ehlo=1 auth=0/1 mail=1 rcpt=0/1 quit=1 commands=3/5
END
