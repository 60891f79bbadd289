#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""postern trace without a file asks what a guard keeps, and tells what the log does: of
messages, bounces and content filters' hops, clients and accounts.
"""
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, TOP, ok

LOGS = 'rsyslog-newyear/mx1.mail.rfc3339.log.gz', 'rsyslog-dst/mx1.mail.rfc3339.log.gz'
EACH = 2 if os.environ.get('VARIANT') == 'asan' else 6


def run(*arguments):
    done = subprocess.run([POSTERN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Guard:
    """A guard that has read all of LOG, with a message a day later behind it, and bans
    nobody. Nothing waits any more then but what is still in the queue: a message that is
    done is told of when no content filter can hand it on any more."""

    def __init__(self, log, store='keep = 3650d\nkeep_kinds =\n'):
        self.dir = tempfile.mkdtemp(prefix='postern-trace-')
        os.chmod(self.dir, 0o1777)
        self.log, self.conf = os.path.join(self.dir, 'mail.log'), os.path.join(self.dir, 'p.conf')
        with gzip.open(os.path.join(TOP, 'tests/corpus', log)) as packed, \
                open(self.log, 'wb') as plain:
            text = packed.read()
            last = datetime.fromisoformat(text[text.rstrip().rindex(b'\n') + 1:].split()[0]
                                          .decode()) + timedelta(days=1)
            plain.write(text + b''.join(
                b'%s mx1 postfix/%s: 4ZLAST0000z1: %s\n' % (last.isoformat().encode(), *line)
                for line in ((b'smtpd[1]', b'client=last.test[192.0.2.9]'),
                             (b'cleanup[2]', b'message-id=<last@last.test>'),
                             (b'qmgr[3]', b'from=<a@last.test>, size=9, nrcpt=1 (queue active)'),
                             (b'local[4]', b'to=<b@corp.test>, relay=local, delay=1, '
                              b'delays=0/0/0/1, dsn=2.0.0, status=sent (delivered)'),
                             (b'qmgr[3]', b'removed'))))
        with open(self.conf, 'w', encoding='ascii') as conf:
            conf.write('[input]\nfiles = %s\n[store]\nurl = sqlite:%s/p.db\n%s'
                       '[guard]\ncontrol = %s/control\nuser = nobody\n'
                       % (self.log, self.dir, store, self.dir))
        self.said = os.path.join(self.dir, 'said')
        with open(self.said, 'w', encoding='ascii') as said:
            self.guard = subprocess.Popen([POSTERN, 'guard', '--dry-run', '--from-start',
                                           '--config', self.conf], stderr=said)
        for _ in range(600):
            if self.guard.poll() is not None:
                sys.exit('Bail out! no guard: ' + open(self.said, encoding='ascii').read())
            if 'done, removed' in self.trace('4ZLAST0000z1')[1]:
                break
            time.sleep(0.1)

    def trace(self, *words):
        return run('trace', *words, '--config', self.conf)

    def stop(self):
        self.guard.terminate()
        self.guard.wait(20)
        shutil.rmtree(self.dir)


def in_time(text):
    """Events as a store gives them: in order of time, and none that is still open."""
    return sorted((line for line in text.splitlines() if '"open":true' not in line),
                  key=lambda line: json.loads(line)['time'])


def compare(log):
    guard = Guard(log)
    events = [json.loads(line) for line in run('scan', guard.log)[1].splitlines()]
    rng = random.Random(8)
    for field in 'qid', 'msgid', 'sender', 'recipient', 'user', 'ip', 'name':
        things = sorted({e[field] for e in events if e.get(field)})
        rng.shuffle(things)
        wrong, right = [], 0
        for thing in things:
            status, want, _ = run('trace', thing, guard.log)
            # What a log leaves open a guard still waits for.
            if 'not finished when the log ends' in want:
                continue
            right += 1
            if guard.trace(thing)[:2] != (status, want):
                wrong.append(thing)
            if right == EACH:
                break
        ok(not wrong and right, '%s: %d of field %s are told as the log does'
           % (log.split('/', maxsplit=1)[0], right, field), wrong)
    bounce = next(e['qid'] for e in events if e['kind'] == 'bounce_link')
    got = guard.trace(bounce, '--format', 'json')[1]
    ok(got and in_time(got) == in_time(run('trace', bounce, guard.log, '--format', 'json')[1]),
       'JSON, too: one object a line')
    words = 'bob@corp.test', '--until', events[len(events) // 2]['time'], '--format', 'json'
    want = in_time(run('trace', *words[:1], guard.log, *words[1:])[1])
    ok(want and in_time(guard.trace(*words)[1]) == want, 'an account, until then', len(want))
    status, text, _ = guard.trace('nobody@nowhere.test')
    ok(status == 0 and text.startswith('nothing found about nobody@nowhere.test in what sqlite:'),
       'nothing is found', text)
    guard.stop()


def kept_shorter():
    guard = Guard(LOGS[0], 'keep = 3650d\nkeep_kinds = connect 1d, tls 1d\n')
    status, text, said = guard.trace('4ZLAST0000z1')
    ok(status == 0 and text and 'goes back further than these kinds of events are kept: '
       'connect, tls' in said, 'what may be gone is said', said)
    guard.stop()


EXIM = """\
2026-11-20 11:49:00 1xUN76-0005hn-0n <= alice@a.test H=mx.b.test [192.0.2.1] P=esmtp S=246
2026-11-20 11:49:01 1xUN76-0005hn-0n ** bob@c.test R=dnslookup T=remote_smtp: no such mailbox
2026-11-20 11:49:01 1xUN76-0005hf-06 <= <> R=1xUN76-0005hn-0n U=Debian-exim P=local S=1494
2026-11-20 11:49:01 1xUN76-0005hn-0n Completed
2026-11-20 11:49:02 1xUN76-0005hf-06 => alice@a.test R=dnslookup T=remote_smtp H=mx.a.test [192.0.2.9]
2026-11-20 11:49:02 1xUN76-0005hf-06 Completed
2026-11-20 11:49:02 1xUN99-0005hf-06 <= carl@a.test H=mx.b.test [192.0.2.1] P=esmtp S=246
"""


def exim():
    with tempfile.NamedTemporaryFile('w', suffix='.log') as log:
        log.write(EXIM)
        log.flush()
        for thing in '1xUN76-0005hn-0n', '1xUN76-0005hf-06', 'bob@c.test':
            told = [json.loads(line)['lineno'] for line in
                    run('trace', thing, log.name, '--format', 'json')[1].splitlines()
                    if 'derived' not in line]
            ok(told == [1, 2, 3, 4, 5, 6], "Exim's bounce and what it is about: " + thing, told)


SPAM = """\
2026-11-20T11:49:00Z mx1 postfix/smtpd[1]: 3F2A1B00C1: client=mx.b.test[192.0.2.1]
2026-11-20T11:49:00Z mx1 postfix/cleanup[2]: 3F2A1B00C1: message-id=<1@b.test>
2026-11-20T11:49:00Z mx1 postfix/qmgr[3]: 3F2A1B00C1: from=<a@b.test>, size=9, nrcpt=1 (queue active)
2026-11-20T11:49:01Z mx1 spamd[4]: spamd: result: Y 12 - GTUBE scantime=0.1,size=9,user=x,uid=1,required_score=5.0,rhost=localhost,raddr=127.0.0.1,rport=9,mid=<1@b.test>,autolearn=no
2026-11-20T11:49:02Z mx1 postfix/virtual[5]: 3F2A1B00C1: to=<c@a.test>, relay=virtual, delay=2, delays=1/0/0/1, dsn=2.0.0, status=sent (delivered to maildir)
2026-11-20T11:49:02Z mx1 postfix/qmgr[3]: 3F2A1B00C1: removed
"""


def spam():
    with tempfile.NamedTemporaryFile('w', suffix='.log') as log:
        log.write(SPAM)
        log.flush()
        told = run('trace', '<1@b.test>', log.name)[1]
        ok('bounced 0, 9 B, spam filter: spam, score 12\n' in told,
           'the last line of a message has what the spam filter said of it', told)
        ok('\nNO CLIENT NAMED  at spamd ' in told, 'whose line names no client', told)


def main():
    exim()
    spam()
    for log in LOGS:
        compare(log)
    kept_shorter()
    tap.done()


main()
