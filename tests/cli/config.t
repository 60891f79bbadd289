#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# config: what is said of settings, right and wrong ones.

. "${0%/*}/lib.sh"

conf=$tmp/postern.conf

# fault LINE TEXT: of the settings on stdin, `config check` says TEXT about LINE.
fault() {
	cat >"$conf"
	run config check --config "$conf"
	status_is 3 "$2"
	out_has "$conf:$1: $2" "and where"
}

# Whom the guard becomes, who need not be everywhere; only root does. Not every place where
# tests run lets root ask for nft's tables.
chmod 755 "$tmp"
mkdir -m 777 "$tmp/own"
nft=
echo 'add table inet postern' | nft -c -f - 2>"$tmp/err" ||
	nft=$(printf '[action nft]\nkind = file\npath = %s' "$tmp/banned")
printf '[guard]\nuser = nobody\ncontrol = %s\n[store]\nurl = sqlite:%s\n%s\n' "$tmp/own/control" \
    "$tmp/own/db" "$nft" >"$conf"
run config check --config "$conf"
status_is 0 "nothing set"
out_has " rules, 1 action: nothing wrong" "is right: the shipped rules are"

printf '[guard]\nuser = nobody\ncontrol = %s\n[store]\nurl = sqlite:%s\n%s\n%s\n' \
    "$tmp/own/control" "$tmp/own/db" '[action nft]' 'enabled = no' >"$conf"
run config check --config "$conf"
status_is 0 "the shipped action need not be"
out_has " rules, 0 actions: nothing wrong" "and is not counted"
run config show --config "$conf"
out_has 'enabled = no' "but shown"
fault 2 "[action ntf] enabled: there is no such action to turn off; did you mean nft?" <<-'END'
	[action ntf]
	enabled = no
END
fault 2 "[store] keep_bans: shorter than within of rule recidive: a restart would forget" <<-'END'
	[store]
	keep_bans = 10d
END
fault 2 "[policy] text: {ip} means nothing; expected {id}" <<-'END'
	[policy]
	text = Sorry {ip}
END
fault 4 "[action x] text: {name} means nothing; expected {ip}, {prefix}, {seconds} or {id}" <<-'END'
	[action x]
	kind = file
	path = /tmp/x
	text = REJECT {name}
END
fault 4 "[rule rate] actions: [action nft] is not enabled" <<-'END'
	[action nft]
	enabled = no
	[rule rate]
	actions = nft
END
fault 1 "there is no section [stor]; did you mean [store]?" <<-'END'
	[stor]
	keep = 3d
END
fault 2 "[store] has no setting kep; did you mean keep?" <<-'END'
	[store]
	kep = 3d
END
fault 2 "[rule] has no setting maxretry; did you mean count?" <<-'END'
	[rule a]
	maxretry = 5
	match = attempt
END
fault 2 "[guard] has no setting ignoreip; did you mean allow?" <<-'END'
	[guard]
	ignoreip = 192.0.2.1
END
fault 3 "keep stands in line 2, too" <<-'END'
	[store]
	keep = 3d
	keep = 4d
END
fault 2 "keep is a time such as 30s, 10m, 1h, 7d or 2w, not '3 days'" <<-'END'
	[store]
	keep = 3 days
END
fault 2 "dry_run is yes or no, not 'maybe'" <<-'END'
	[guard]
	dry_run = maybe
END
fault 2 "log is one of error, warning, notice, info, debug, not 'warn'; did you mean warning?" <<-'END'
	[guard]
	log = warn
END
fault 2 "keys is a number from 100 to 10000000, not '7'" <<-'END'
	[guard]
	keys = 7
END
fault 2 "[guard] allow: '192.0.2.0/40': expected a network" <<-'END'
	[guard]
	allow = 127.0.0.1, 192.0.2.0/40
END
fault 2 '[rule a] match: filter, column 1: no kind of event is called "atempt"; did you mean "attempt"?' <<-'END'
	[rule a]
	match = atempt
END
fault 1 "[rule a] match: a rule needs a filter" <<-'END'
	[rule a]
	count = 2
END
fault 1 "[rule login-failure] match: a rule needs a filter, as in: attempt & outcome=failure; did you mean [rule login-failures], which has one?" <<-'END'
	[rule login-failure]
	count = 2
END
fault 3 "[rule a] by: events have no field 'usr'; did you mean user?" <<-'END'
	[rule a]
	match = attempt
	by = usr
END
fault 3 "[rule a] ban: 'x0x10': expected x2" <<-'END'
	[rule a]
	match = attempt
	ban = 1h, x0x10
END
fault 6 "[rule a] actions: names file twice" <<-'END'
	[action file]
	kind = file
	path = /tmp/x
	[rule a]
	match = attempt
	actions = file, file
END
fault 3 "[rule a] ban: 'twice': expected x2" <<-'END'
	[rule a]
	match = attempt
	ban = 1h, twice
END
fault 3 "[rule a] actions: there is no [action ntf]; did you mean nft?" <<-'END'
	[rule a]
	match = attempt
	actions = ntf
END
fault 3 "[rule a] score: 'kind=ban' is not FILTER -> POINTS" <<-'END'
	[rule a]
	match = attempt
	score = kind=ban
END
fault 1 "[rule NAME] needs a name" <<-'END'
	[rule]
	match = attempt
END
fault 2 "expected [section] or key = value" <<-'END'
	[store]
	keep
END
fault 1 "[action a] kind: an action is nft, command, file or mail" <<-'END'
	[action a]
	path = /tmp/x
END
fault 3 "[action a] ban: x: a program is named by its path" <<-'END'
	[action a]
	kind = command
	ban = x {ip}
END
fault 3 "[action b] table: [action nft] has postern, too: each needs its own" <<-'END'
	[action b]
	kind = nft
	table = postern
END
fault 6 "[action b] path: [action a] has /tmp/x, too" <<-'END'
	[action a]
	kind = file
	path = /tmp/x
	[action b]
	kind = file
	path = /tmp/x
END
{
	for n in $(seq 70); do
		printf '[action a%s]\nkind = file\npath = /tmp/x%s\n' "$n" "$n"
	done
} >"$tmp/many"
fault 188 "[action a63] kind: there are 71 actions; expected 63 at most" <"$tmp/many"
fault 3 "[action a] ban: a quote is not closed" <<-'END'
	[action a]
	kind = command
	ban = /bin/x 'y
END
fault 3 "[action a] to: '-bs' is no mail address alone" <<-'END'
	[action a]
	kind = mail
	to = -bs
END
fault 4 "[action a] via: 'mail.example.test': expected sendmail" <<-'END'
	[action a]
	kind = mail
	to = root@example.test
	via = mail.example.test
END
fault 4 "[action a] via: 'smtp' is no port" <<-'END'
	[action a]
	kind = mail
	to = root@example.test
	via = smtp://mail.example.test:smtp
	from = postern@example.test
END
fault 4 "[action a] via: no user or password here" <<-'END'
	[action a]
	kind = mail
	to = root@example.test
	via = smtp://joe:secret@mail.example.test
	from = postern@example.test
END
fault 4 "[action a] via: smtps:// is TLS from its first byte" <<-'END'
	[action a]
	kind = mail
	to = root@example.test
	via = smtps://mail.example.test
	from = postern@example.test
	tls = never
END
fault 3 "[action a] to: 'root': a server wants whole addresses" <<-'END'
	[action a]
	kind = mail
	to = root
	via = smtp://mail.example.test
END
fault 1 "[action a] from: 'postmaster': a server wants whole addresses" <<-'END'
	[action a]
	kind = mail
	to = root@example.test
	via = smtp://mail.example.test
END
fault 6 "[action a] user: its password is missing: password_file" <<-'END'
	[action a]
	kind = mail
	to = root@example.test
	from = postern@example.test
	via = smtp://mail.example.test
	user = joe
END
fault 6 "[action a] user: a password goes to another host only with tls = required" <<-'END'
	[action a]
	kind = mail
	to = root@example.test
	from = postern@example.test
	via = smtp://mail.example.test
	user = joe
	tls = opportunistic
	password_file = /etc/postern/password
END
: >"$tmp/password"
chmod 644 "$tmp/password"
fault 7 "[action a] password_file: $tmp/password: must be root's and nobody else's to read" <<-END
	[action a]
	kind = mail
	to = root@example.test
	from = postern@example.test
	via = smtp://mail.example.test
	user = joe
	password_file = $tmp/password
END
fault 2 "[store] keep_kinds: no kind of event is called 'conect'; did you mean connect?" <<-'END'
	[store]
	keep_kinds = conect 3d
END
fault 2 "[policy] listen: 'tcp:1' is not unix:/path or inet:address:port" <<-'END'
	[policy]
	listen = tcp:1
END
fault 2 "[policy] listen: needs to be told who may ask" <<-'END'
	[policy]
	listen = inet:0.0.0.0:10040
END
fault 2 "[policy] listen: '/nonexistent/dir/policy': there is no folder" <<-'END'
	[policy]
	listen = unix:/nonexistent/dir/policy
END
fault 2 "[guard] control: 'rel' is no path from the root" <<-'END'
	[guard]
	control = rel
END
for framed in '69 <22>1 2026-11-20T11:58:13Z mx a 1 - - x=messages with their lengths in front' \
    '__REALTIME_TIMESTAMP=1767607202000000=the journal.s export format'; do
	printf '%s\n' "${framed%=*}" >"$tmp/framed"
	printf '[input]\nfiles = %s\n' "$tmp/framed" >"$conf"
	run config check --config "$conf"
	status_is 3 "$framed"
	grep -q "$conf:2: \[input\] files: $tmp/framed: ${framed##*=}" "$tmp/out"
	ok $? "cannot be followed"
done
fault 2 "[input] files: /var/log: expected a file; this is a folder" <<-'END'
	[input]
	files = /var/log
END
fault 2 "[input] files: 'mail.log': expected journal, or a log by its whole path" <<-'END'
	[input]
	files = journal, mail.log
END
fault 2 "[input] tz: " <<-'END'
	[input]
	tz = Mars/Phobos
END
fault 2 '[store] url: store "mysql:foo": expected sqlite:FILE' <<-'END'
	[store]
	url = mysql:foo
END
fault 2 "[store] url: '/nonexistent/x/y.db': there is no folder /nonexistent/x" <<-'END'
	[store]
	url = sqlite:/nonexistent/x/y.db
END
fault 4 "timeout is between 1s and 1h, not '2h'" <<-'END'
	[action a]
	kind = command
	ban = /bin/true {ip}
	timeout = 2h
END
if [ "$(id -u)" = 0 ]; then
	fault 2 "[guard] control: 'rel' is no path from the root" <<-'END'
		[guard]
		control = rel
		user = nobody
	END
	out_lacks "control: .:" "where it would be is no matter"
	fault 2 "[store] url: 'rel.db': a store is named by its whole path" <<-'END'
		[store]
		url = sqlite:rel.db
		[guard]
		user = nobody
	END
	out_lacks "url: .:" "nor is it for that"
fi
fault 2 "[dns] servers: 'notaserver' is no name server" <<-'END'
	[dns]
	servers = 127.0.0.1:53, notaserver
END
fault 2 "[geo] files: /nonexistent/geo: No such file" <<-'END'
	[geo]
	files = /nonexistent/geo
	[guard]
	user = nobody
END
[ "$(grep -c '/nonexistent/geo' "$tmp/out")" = 1 ]
ok $? "and that once"
fault 3 "[action a] path: '/nonexistent/x/y': there is no folder /nonexistent/x" <<-'END'
	[action a]
	kind = file
	path = /nonexistent/x/y
END
fault 3 "[action a] ban: {bad} means nothing; expected {ip}, {prefix}, {seconds} or {id}" <<-'END'
	[action a]
	kind = command
	ban = /bin/true {ip} {bad}
END
fault 3 "[action a] ban: /nonexistent/program: No such file" <<-'END'
	[action a]
	kind = command
	ban = /nonexistent/program {ip}
	unban = /etc/passwd {ip}
END
out_has "$conf:4: [action a] unban: /etc/passwd: cannot be executed" "and the next"
if [ "$(id -u)" = 0 ]; then
	fault 2 "[guard] user: there is no user 'nosuch'" <<-'END'
		[guard]
		user = nosuch
	END
fi

fault 2 "kind is one of nft, command, file, mail, not 'iptables'" <<-'END'
	[action a]
	kind = iptables
END
[ "$(grep -c 'an action is\|kind is' "$tmp/out")" = 1 ]
ok $? "and that once"

# What is wrong only here is tried: by who will judge, with what actions need.
echo nothing >"$tmp/geo"
fault 2 "[geo] files: $tmp/geo: no database of addresses" <<-END
	[geo]
	files = $tmp/geo
END
fault 4 "[action m] via: /nonexistent/sendmail: No such file" <<-'END'
	[action m]
	kind = mail
	to = root
	via = /nonexistent/sendmail
END
fault 6 "[action m] via: ca_file: /nonexistent/ca: No such file" <<-'END'
	[action m]
	kind = mail
	to = root@example.test
	from = postern@example.test
	ca_file = /nonexistent/ca
	via = smtp://localhost
END
if [ "$(id -u)" = 0 ]; then
	mkdir -m 700 "$tmp/roots"
	: >"$tmp/mail.log"
	chmod 600 "$tmp/mail.log"
	fault 4 "[input] files: $tmp/mail.log: Permission denied for user nobody; expected one that it can read" <<-END
		[guard]
		user = nobody
		[input]
		files = $tmp/mail.log
		[store]
		url = sqlite:$tmp/roots/db
		[policy]
		listen = unix:$tmp/roots/policy
	END
	out_has "$conf:6: [store] url: $tmp/roots" "a store where the guard's user cannot write"
	out_has "$conf:8: [policy] listen: $tmp/roots: Permission denied" "a socket, too"
	( ulimit -n 4; "$POSTERN" config check --config "$conf" ) >"$tmp/out" 2>"$tmp/err"
	status=$?
	status_is 3 "what cannot be tried is not right"
	out_has "files could not be tried: no descriptor for a pipe: Too many open files" "and why"
fi
fault 2 "[rule login-failure] enabled: there is no such rule to turn off; did you mean login-failures?" <<-'END'
	[rule login-failure]
	enabled = no
END
fault 3 "[rule a] ban: 'x3': that was said before" <<-'END'
	[rule a]
	match = attempt
	ban = 1h, x2, x3
END
sed -i 's/^ban.*/ban = 1h, x2, up to 1d, jitter 10%, remember 9d/' "$conf"
run config check --config "$conf"
out_lacks "that was said before" "each part once"
fault 4 "[action a] ports: an action of kind file has no use for it" <<-'END'
	[action a]
	kind = file
	path = /tmp/x
	ports = 25
END
fault 5 "[action a] after: a cidr table is not made by postmap" <<-'END'
	[action a]
	kind = file
	path = /tmp/x
	format = cidr
	after = postmap
END
fault 4 "[action a] format: Postfix reads of a hash table what postmap made: after = postmap" <<-'END'
	[action a]
	kind = file
	path = /tmp/x
	format = hash
END
fault 2 "[store] url: 'postern.db': a store is named by its whole path" <<-'END'
	[store]
	url = sqlite:postern.db
END
if [ "$(id -u)" = 0 ]; then
	printf '#!/bin/sh\n' >"$tmp/others"
	chmod 777 "$tmp/others"
	fault 3 "[action a] ban: $tmp/others: owner 0, mode 0777: who may write there" <<-END
		[action a]
		kind = command
		ban = $tmp/others {ip}
	END
fi

# All of them, not the first of a section.
fault 3 "[rule a] by: events have no field 'usr'" <<-'END'
	[rule a]
	match = attempt
	by = usr
	distinct = nosuch
	actions = ntf, fiel
	ban = 1h, twice
	allow = foo, 127.0.0.1, bar
	score = a, b
	[guard]
	allow = bad, worse
END
for fault in "4: [rule a] distinct: " "5: [rule a] actions: there is no [action ntf]" \
    "5: [rule a] actions: there is no [action fiel]" "6: [rule a] ban: 'twice'" \
    "7: [rule a] allow: 'foo'" "7: [rule a] allow: 'bar'" "8: [rule a] score: 'a' is not" \
    "8: [rule a] score: 'b' is not" "10: [guard] allow: 'bad'" "10: [guard] allow: 'worse'"; do
	out_has "$conf:$fault" "all faults are told: $fault"
done
echo 'Nov 20 17:00:00 mx1 a log' >"$tmp/own/log"
chmod 666 "$tmp/own/log"
printf '[guard]\nuser = nobody\ncontrol =\n[store]\nurl = sqlite:%s\n' "$tmp/own/log" >"$conf"
run config check --config "$conf"
out_has "$conf:5: [store] url: $tmp/own/log: is not an SQLite database" "a store that is none"
: >"$tmp/own/log"
run config check --config "$conf"
out_lacks "is not an SQLite" "an empty file can become one"
printf '[rule a]\nmatch = connect\nwithin = 10d\n' >"$conf"
run config check --config "$conf"
out_has "$conf:3: [rule a] within is longer than events of kind connect are kept" "a kind that is kept for less"
fault 2 "[protect] lasts: this is longer than events of kind attempt are kept" <<-'END'
	[protect]
	lasts = 31d
END
out_has "$conf:2: [protect] lasts: twice this is longer than events of kind message are kept" "and what is kept for longer"
printf '[rule a]\nmatch = attempt\nwithin = 60d\n' >"$conf"
run config check --config "$conf"
status_is 3 "a window that is longer than what is kept"
out_has "a restart would forget" "says why"

# What nobody said has no file and line, but words for it.
printf '[store]\nkeep = 3d\n[action nft]\nkind = file\n' >"$conf"
run config check --config "$conf"
out_has "by default: [protect] lasts: this is longer than events" "a default is called one"
out_has "as shipped: [rule login-slow] within is longer than events" "a shipped rule, too"
out_has "$conf:3: [action nft] path: a file is named" "a shipped action that was changed is where that was"
out_lacks ":0:" "there is no line 0"

# What is no fault, but may not do what is meant.
printf '[guard]\nuser = nobody\ncontrol = %s\n[store]\nurl = sqlite:%s\nkeep_bans = 30d\n' \
    "$tmp/own/control" "$tmp/own/db" >"$conf"
printf '[action nft]\nkind = file\npath = %s\nformat = hash\nafter = reload\n%s\n' "$tmp/hash" \
    '[rule login-net]
ban = 1h, x2, remember 31d
[rule login-failures]
ban = 1h' >"$conf.hash"
cat "$conf.hash" >>"$conf"
run config check --config "$conf"
out_has "warning: $conf:10: [action nft] format: hash has no way to write some networks" "a format that cannot say what rules ban"
out_has "that [rule login-net] and 2 more may ban" "by which rules"
out_has "warning: $conf:6: [store] keep_bans: " "earlier bans that are forgotten too soon"
out_lacks "[rule login-failures]" "though not those that do not count"
out_has ", 2 warnings" "that there are such is counted"
printf '[input]\nfiles = %s\n[guard]\nuser = nobody\ncontrol = %s\ndry_run = yes\n[store]\nurl = sqlite:%s\n%s\n' \
    "$tmp/no.log" "$tmp/own/control" "$tmp/own/db" '[action nft]
enabled = no
[rule one]
match = attempt
by = user
count = 3
within = 1h
ban = 1h
[rule two]
match = attempt
by = user
count = 3
within = 1h' >"$conf"
run config check --config "$conf"
out_has "warning: $conf:2: [input] files: $tmp/no.log is not there; it is followed once it is" "a log that is not there"
out_has "warning: $conf:6: [guard] dry_run: nobody is banned" "a dry run"
out_has "warning: $conf:13: [rule one] by: user is no address" "a ban of no address"
out_has ", 3 warnings" "but not of a rule that only tells"
for names in "$tmp/a.log $tmp/b.log=commas between" "$tmp/*.log=patterns are not followed"; do
	sed "s|^files = .*|files = ${names%=*}|" "$conf" >"$conf.names"
	run config check --config "$conf.names"
	out_has "${names#*=}" "names that are none say what was probably meant: ${names#*=}"
done

printf '[guard]\nuser = nobody\ncontrol = %s\nallow = 192.0.2.0/24, ::/0\n[store]\nurl = sqlite:%s\n%s\n%s\n' \
    "$tmp/own/control" "$tmp/own/db" "$nft" '[rule login-net]
distinct = net
[rule login-failures]
allow = country:DE, asn:64500
[rule places]
match = attempt & country="DE"' >"$conf"
line() { grep -nF "$1" "$conf" | cut -d : -f 1; }
run config check --config "$conf"
out_has "warning: $conf:4: [guard] allow: ::/0 is everybody: nobody of IPv6 is ever banned" "all that is allowed"
out_has "warning: $conf:$(line distinct): [rule login-net] distinct: " "different values of what there is one of"
hidden=$(for dir in /var/lib/postern/geo /usr/share/GeoIP /var/lib/GeoIP; do
	[ ! -d $dir ] || printf 'mount -t tmpfs none %s && ' $dir
done)
if unshare -m true 2>/dev/null; then
	status=0
	unshare -m sh -c "$hidden exec \"\$0\" config check --config \"\$1\"" "$POSTERN" "$conf" \
	    >"$tmp/out" 2>"$tmp/err" || status=$?
	out_has "warning: $conf:$(line DE,): [rule login-failures] allow: no database of places is installed" "a place without a database, that nobody is in"
	out_has "warning: $conf:$(line DE\"): [rule places] match: no database of places is installed" "in a filter as well"
	status_is 0 "both are no faults"
fi

printf '[rule recidive]\ncount = 9 ; enough\n[store]\nkeep = 3d\n' >"$conf"
mkdir "$tmp/conf.d"
printf '[store]\nkeep = 20d\n' >"$tmp/conf.d/10-keep.conf"
run config show --origin --config "$conf"
out_has "count = 9  ; $conf:2" "a shipped rule is changed by naming it"
out_has "keep = 20d  ; $tmp/conf.d/10-keep.conf:2" "conf.d overrides"
out_has "files =  ; default" "what nobody said"
run config list
out_has "default: sqlite:/var/lib/postern/postern.db" "config list has defaults"
run config list --origin
status_is 2 "config list --origin"
err_has "--origin is for config show" "which is for"
run config check --config "$tmp/nowhere.conf"
status_is 1 "a file that is not there"
err_has "No such file" "is said"
run config shw
status_is 2 "config shw"
err_has "did you mean show?" "asks back"

finish
