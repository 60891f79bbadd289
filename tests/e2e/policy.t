#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A real Postfix, set up as postern.conf(5) says, asks the policy server: banned clients
# and users over their rate are refused, and mail flows when the server is killed or
# hangs. In namespaces of its own, with folders of its own over Postfix's. SUITE=trixie
# takes the Postfix of that Debian.
set -u
cd "$(dirname "$0")/../.." || exit 1
if [ -z "${INSIDE:-}" ]; then
	tests/e2e/possible || { echo 'Bail out! not possible here'; exit 1; }
	work=$(mktemp -d /tmp/postern-e2e-XXXXXX)
	tests/e2e/within "$work" unshare --net --mount --pid --fork --kill-child --mount-proc \
		"tests/e2e/${0##*/}"
	status=$?
	rm -rf "$work"
	exit $status
fi
command -v postfix >/dev/null || { echo '1..0 # SKIP no Postfix'; exit 0; }

ip link set lo up
copy=$(mktemp -d)
cp -a /etc/postfix/. "$copy"
for folder in /etc/postfix /var/spool/postfix /var/lib/postfix; do
	mount -t tmpfs -o mode=755 none "$folder" || exit 1
done
cp -a "$copy"/. /etc/postfix
rm -rf "$copy"
chown postfix /var/lib/postfix
mkdir /var/spool/postfix/postern
log=/var/spool/postfix/log
cat >/etc/postfix/main.cf <<'END'
compatibility_level = 3.6
myhostname = mx.example.test
mydestination = example.test
mynetworks =
inet_interfaces = 127.0.0.1
local_recipient_maps =
local_transport = discard:
alias_maps =
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_sasl_auth_enable = yes
smtpd_client_connection_rate_limit = 0
maillog_file = /var/spool/postfix/log
maillog_file_prefixes = /var
END
# What the manual says, as it stands there.
sed -n '/BEGIN main.cf/,/END main.cf/p' man/postern.conf.5 | grep -v '^\.' >>/etc/postfix/main.cf
cat >/etc/postfix/master.cf <<'END'
smtp      inet  n - y - - smtpd
submission inet n - y - - smtpd
  -o smtpd_client_restrictions=
  -o smtpd_recipient_restrictions=
cleanup   unix  n - y - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - y - - trivial-rewrite
bounce    unix  - - y - 0 bounce
defer     unix  - - y - 0 bounce
trace     unix  - - y - 0 bounce
flush     unix  n - y 1000? 0 flush
anvil     unix  - - y - 1 anvil
error     unix  - - y - - error
retry     unix  - - y - - error
discard   unix  - - y - - discard
postlog   unix-dgram n - n - 1 postlogd
END
postfix check >/dev/null 2>&1
"$(postconf -h daemon_directory)/master" -d >"$log.master" 2>&1 &
for ((i = 0; i < 100; i++)); do
	(exec 3<>/dev/tcp/127.0.0.1/25) 2>/dev/null && break
	sleep 0.1
done
[ $i -lt 100 ] || { sed 's/^/# /' "$log"*; echo 'Bail out! Postfix does not start'; exit 1; }

server=
start_server() {
	coproc SERVER { exec build/release/bench/policy serve /var/spool/postfix/postern/policy; }
	server=$SERVER_PID
	read -r -n 1 -d '' -t 10 <&"${SERVER[0]}"
}

n=0
ok() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# mail PORT ADDRESS LOGIN COUNT: the last reply to the last message, from whom LOGIN says.
mail() {
	python3 - "$@" <<-'END'
		import smtplib, sys, time
		port, address, login, count = sys.argv[1:]
		for _ in range(100):
		    try:
		        smtp = smtplib.SMTP('127.0.0.1', int(port), timeout=60)
		        break
		    except OSError:
		        time.sleep(0.1)
		smtp.ehlo('client.example.test')
		smtp.docmd('XCLIENT', 'ADDR=%s LOGIN=%s' % (address, login))
		smtp.ehlo('client.example.test')
		for _ in range(int(count)):
		    for command in ('MAIL FROM:<a@sender.test>', 'RCPT TO:<b@example.test>',
		                    'RCPT TO:<c@example.test>', 'DATA',
		                    'Subject: x\r\n\r\nx\r\n.'):
		        smtp.send(command + '\r\n')
		        code, text = smtp.getreply()
		        if code >= 400:
		            smtp.docmd('RSET')
		            break
		print(code, text.decode())
	END
}

# gives WHAT SECONDS PATTERN PORT ADDRESS LOGIN COUNT
gives() {
	local what=$1 seconds=$2 pattern=$3 began=$SECONDS reply took
	shift 3
	reply=$(mail "$@" 2>/dev/null)
	took=$((SECONDS - began))
	# shellcheck disable=SC2053
	if [[ $reply == $pattern && $took -le $seconds ]]; then
		ok 0 "$what"
	else
		ok 1 "$what"
		echo "# got: $reply in $took s"
	fi
}

start_server
good=192.0.2.1 banned=198.18.0.1
gives 'a client that is not banned' 10 '250 *queued*' 25 $good '[UNAVAILABLE]' 1
gives 'a banned one' 5 '554 5.7.1 *Access denied, see postern bans explain 1' 25 $banned \
	'[UNAVAILABLE]' 1
gives 'a banned one at submission' 5 '554 5.7.1 *Access denied*' 587 $banned '[UNAVAILABLE]' 1
gives '100 messages of a user' 60 '250 *queued*' 587 $good anna 100
gives 'the next is deferred' 5 '45? 4.7.1 *too many messages' 587 $good anna 1
gives 'also elsewhere' 5 '45? 4.7.1 *too many messages' 25 192.0.2.7 anna 1
gives 'not that of another user' 5 '250 *queued*' 587 $good bert 1

kill -KILL "$server"
wait "$server" 2>/dev/null
gives 'killed: mail flows at once' 3 '250 *queued*' 25 $good '[UNAVAILABLE]' 1
gives 'also of the banned' 3 '250 *queued*' 25 $banned '[UNAVAILABLE]' 1
start_server
gives 'started again over its old socket' 3 '554 5.7.1 *' 25 $banned '[UNAVAILABLE]' 1

kill -STOP "$server"
gives 'hangs: mail flows after a while' 20 '250 *queued*' 25 $good '[UNAVAILABLE]' 1
kill -CONT "$server"
gives 'goes on' 3 '554 5.7.1 *' 25 $banned '[UNAVAILABLE]' 1
grep -E 'fatal|panic|unused parameter' "$log" | sed 's/^/# log: /'
! grep -qE 'fatal|panic' "$log"
ok $? 'Postfix did not complain'
echo "1..$n"
