#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The guard in dry run and replay, on the same log by the same rules: the same verdicts,
# id by id. Half of the log is there when the guard starts, the rest is written later,
# behind a rotation.

. "${0%/*}/lib.sh"

log=$tmp/mail.log
zcat "$corpus/debian13/mx1.mail.rfc3339.log.gz" >"$tmp/all"
head -n 6000 "$tmp/all" >"$log"
cat >"$tmp/conf" <<END
[input]
files = $log
[store]
url = sqlite:$tmp/db
keep = 3650d
keep_bans = 3650d
[guard]
control = $tmp/control
user = $(id -un)
END

# read_until BYTES: waits for the guard to have read so much of the last file.
read_until() {
	python3 - "$tmp/db" "$1" <<-'END'
		import sqlite3, sys, time
		for _ in range(200):
		    try:
		        db = sqlite3.connect('file:%s?mode=ro' % sys.argv[1], uri=True)
		        if (int(sys.argv[2]),) in db.execute('select offset from positions').fetchall():
		            sys.exit(0)
		    except sqlite3.Error:
		        pass
		    time.sleep(.1)
		sys.exit(1)
	END
}

"$POSTERN" guard --dry-run --from-start --config "$tmp/conf" >"$tmp/out" 2>"$tmp/err" &
guard=$!
read_until "$(wc -c <"$log")"
ok $? "the guard reads what is there"
mv "$log" "$log.1"
tail -n +6001 "$tmp/all" >"$tmp/rest"
mv "$tmp/rest" "$log"
read_until "$(wc -c <"$log")"
ok $? "and what is written then"
kill -TERM "$guard"
wait "$guard"
ok $? "and ends"

run replay --config "$tmp/conf" --format csv "$log.1" "$log"
status_is 0 "replay"
python3 - "$tmp/db" "$tmp/out" <<'END' >"$tmp/python" 2>&1
import csv, sqlite3, sys
guard = sqlite3.connect(sys.argv[1]).execute(
    'select id, rule, key, (until - "from") / 1000000, counted, threshold, offence, protected '
    'from bans').fetchall()
guard = sorted(('%016x' % (row[0] & (1 << 64) - 1), *map(str, row[1:])) for row in guard)
with open(sys.argv[2], encoding='utf-8') as file:
    replay = sorted((row['id'], row['rule'], row['key'], row['seconds'], row['counted'],
                     row['threshold'], row['offence'], str(int(row['protected'] == 'true')))
                    for row in csv.DictReader(file))
print(len(guard), len(replay), set(guard) ^ set(replay))
sys.exit(len(guard) < 100 or guard != replay)
END
ok $? "the same verdicts" || sed 's/^/# /' "$tmp/python"

finish
