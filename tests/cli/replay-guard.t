#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The guard in dry run and replay, on the same log by the same rules, with the same names,
places and history: the same verdicts, field by field. The guard reads what is there when it
starts, what is written behind a rotation, and, started anew after bans by hand, the rest.
Each of names, places and history is shown to matter.
"""
import csv
import datetime
import gzip
import io
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from guard_host import Host, run  # noqa: E402
from tap import POSTERN, TOP, ok, until  # noqa: E402

CORPUS = os.path.join(TOP, 'tests/corpus/debian13/mx1.mail.rfc3339.log.gz')
PLACES = os.path.join(TOP, 'tests/places')
RESPONDER = os.path.join(TOP, 'build', os.environ.get('VARIANT', 'release'), 'bench/responder')
KNOWING = {'login-failures': 'name:.test', 'login-distributed': 'country:ID',
           'unknown-users': 'asn:64499'}
RULES = '''
[rule nets]
match = attempt & (outcome=failure | outcome=refused)
by = net(ip)
count = 8
within = 10m
ban = 10m, x2, up to 1d
[rule ids]
match = ban
by = jail
distinct = id
count = 5
within = 7d
ban = 1d
'''
# What is compared, as the store has it and as replay's CSV calls it.
FIELDS = ('id', 'key', 'rule', 'time', 'until', 'seconds', 'counted', 'threshold', 'offence',
          'since', 'protected')


def stamp(usec):
    at = datetime.datetime.fromtimestamp(0, datetime.timezone.utc)
    return (at + datetime.timedelta(microseconds=usec)).strftime('%Y-%m-%dT%H:%M:%S.%fZ')


def three_days(cut):
    """The corpus three days in a row; line CUT of the last is a minute from now."""
    lines = gzip.open(CORPUS, 'rt', encoding='utf-8', errors='surrogateescape').readlines()
    begin = datetime.datetime.fromisoformat(lines[cut].split(' ', 1)[0])
    days = []
    for day in (2, 1, 0):
        now = datetime.datetime.now(begin.tzinfo) + datetime.timedelta(seconds=60, days=-day)
        days.append([])
        for line in lines:
            head, rest = line.split(' ', 1)
            at = now + (datetime.datetime.fromisoformat(head) - begin)
            days[-1].append(at.isoformat(timespec='microseconds') + ' ' + rest)
    return days


def write(path, lines):
    with open(path, 'w', encoding='utf-8', errors='surrogateescape') as log:
        log.writelines(lines)


def has_read(host):
    """The guard has read its log to the end, and waits for no name any more."""
    size, before = os.path.getsize(host.log), []

    def settled():
        try:
            if (size,) not in host.rows('select offset from positions'):
                return False
            before.append((time.monotonic(), host.rows('select count(*) from bans')))
        except OSError:
            return False
        return [1 for then, bans in before if bans == before[-1][1] and
                before[-1][0] - then > 4]
    return until(settled, 60)


def verdicts_of_guard(host, since):
    """The rows of the store, of rules, from SINCE on."""
    rows = host.rows('select id, key, rule, "from", until, (until - "from") / 1000000, counted, '
                     'threshold, offence, since, protected from bans where rule <> \'manual\'')
    return sorted(('%016x' % (r[0] & (1 << 64) - 1), r[1], r[2], stamp(r[3]), stamp(r[4]),
                   *map(str, r[5:9]), stamp(r[9]), 'true' if r[10] else 'false')
                  for r in rows if stamp(r[3]) >= since)


def replay(conf, *words):
    finished = subprocess.run([POSTERN, 'replay', '--config', conf, '--format', 'csv', *words],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    rows = list(csv.DictReader(io.StringIO(finished.stdout.decode())))
    for row in rows:
        at = datetime.datetime.fromisoformat(row['time'].replace('Z', '+00:00'))
        end = at + datetime.timedelta(seconds=int(row['seconds']))
        row['until'] = end.strftime('%Y-%m-%dT%H:%M:%S.%fZ')
    return sorted(tuple(row[f] for f in FIELDS) for row in rows), finished.stderr.decode()


def same(guard, replayed, what):
    lines = ['guard %d, replay %d' % (len(guard), len(replayed))]
    lines += ['guard  %s' % (v,) for v in sorted(set(guard) - set(replayed))[:5]]
    lines += ['replay %s' % (v,) for v in sorted(set(replayed) - set(guard))[:5]]
    ok(guard == replayed and len(guard) > 50, '%s: %d verdicts' % (what, len(guard)), *lines)


def without(host, rule):
    """Settings in which RULE allows nobody."""
    path = host.path('without')
    with open(host.path('p.conf'), encoding='ascii') as conf, \
            open(path, 'w', encoding='ascii') as other:
        other.write(conf.read().replace('allow = ' + KNOWING[rule], ''))
    return path


def with_names(run_all):
    if os.environ.get('POSTERN_NETNS') == '1':
        subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
    server = subprocess.Popen([RESPONDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    port = int(server.stdout.readline())
    host = Host('[dns]\nservers = 127.0.0.1:%d\n[geo]\nfiles = /dev/null\n' % port)
    geo = host.path('geo')
    subprocess.run([POSTERN, 'geo', 'build', '--country', PLACES + '/country.csv', '--asn',
                    PLACES + '/asn.csv', '--output', geo], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(host.path('p.conf'), 'r+', encoding='ascii') as conf:
        text = conf.read().replace('/dev/null', geo)
        conf.seek(0)
        conf.truncate()
        conf.write(text + RULES + ''.join('[rule %s]\nallow = %s\n' % row
                                          for row in KNOWING.items()))
    run_all(host)
    server.communicate()
    host.gone()


def failures(address, at):
    return ['%s mx1 postfix/smtpd[77]: warning: unknown[%s]: SASL LOGIN authentication failed: '
            'no, sasl_username=joe\n' % (at, address)] * 5


def by_hand(host, address):
    """Twice, which with a rule's ban makes three: recidive."""
    for _ in range(2):
        subprocess.run([POSTERN, 'bans', 'add', address, '--config', host.path('p.conf')],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.01)


def run_all(host):
    conf, cut = host.path('p.conf'), 6000
    days = three_days(cut)
    write(host.log, days[0])
    host.start('--dry-run')
    ok(has_read(host), 'the guard reads what is there', host.text()[-600:])
    os.rename(host.log, host.log + '.1')
    write(host.log, days[1] + days[2][:cut])
    ok(has_read(host), 'and what is written then', host.text()[-600:])
    ok(host.kill() == 0, 'and ends', host.text()[-600:])
    replayed, said = replay(conf, host.log + '.1', host.log)
    same(verdicts_of_guard(host, ''), replayed, 'the same verdicts')
    ok(said == '', 'without a word', said)
    for rule, allow in KNOWING.items():
        others, _ = replay(without(host, rule), host.log + '.1', host.log)
        ok(len([v for v in others if v[2] == rule]) > len([v for v in replayed if v[2] == rule]),
           '%s matters to %s' % (allow, rule))

    _, said = replay(conf, '--history', host.log + '.1')
    ok('warning: --history: the store has nothing from before the log' in said,
       'a log that the guard began with has no history', said)

    by_hand(host, '203.0.113.77')
    first = days[2][cut].split(' ', 1)[0]
    first = datetime.datetime.fromisoformat(first).timestamp() * 1000000
    os.rename(host.log, host.log + '.1')
    write(host.log, days[2][cut:] + failures('203.0.113.77', days[2][-1].split(' ', 1)[0]))
    host.start('--dry-run')
    ok(has_read(host), 'the guard goes on', host.text()[-600:])
    ok(host.kill() == 0, 'and ends again', host.text()[-600:])
    guard = verdicts_of_guard(host, stamp(first))
    replayed, said = replay(conf, '--history', host.log)
    same(guard, replayed, 'the same verdicts with the same history')
    ok(said == '', 'without a word', said)
    ok([v for v in replayed if v[1:3] == ('203.0.113.77', 'recidive')],
       'bans by hand are a part of it')
    ok({v[8] for v in replayed} >= {'1', '2', '3'}, 'and what was banned before is for longer',
       {v[8] for v in replayed})
    others, _ = replay(conf, host.log)
    ok(len(set(guard) ^ set(others)) > 20, 'history matters', len(set(guard) ^ set(others)))
    both, _ = replay(conf, '--history', '--diff', conf, host.log)
    ok(both == [], '--diff: both sides have it', both[:3])


def bans(host, verb, address):
    subprocess.run([POSTERN, 'bans', verb, address, '--config', host.path('p.conf')],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1.1)


def fail(host, address, rows):
    """Until the guard has banned ADDRESS as often as ROWS."""
    host.fail(address, 5)
    until(lambda: len([v for v in verdicts_of_guard(host, '') if v[1] == address]) >= rows)
    time.sleep(1.1)


def changed_meanwhile():
    """Bans and lifts by hand, while the log goes on."""
    host = Host('[guard]\nown =\n')
    host.start()
    fail(host, '192.0.2.1', 1)
    fail(host, '192.0.2.5', 1)
    os.rename(host.log, host.log + '.1')
    host.fail('192.0.2.6', 1)
    time.sleep(1.1)
    for _ in range(2):
        bans(host, 'add', '192.0.2.7')
    fail(host, '192.0.2.2', 1)
    bans(host, 'remove', '192.0.2.2')
    bans(host, 'remove', '192.0.2.5')
    for address, rows in ('192.0.2.2', 2), ('192.0.2.5', 2), ('192.0.2.1', 1), ('192.0.2.7', 2):
        fail(host, address, rows)
    # Many attack one user, and one of them is let in: the others are banned on.
    for net in range(1, 8):
        host.fail('198.18.%d.1' % net, 1, 'z')
    ok(until(lambda: len([v for v in verdicts_of_guard(host, '') if v[1] == '198.18.7.1'])),
       'one of many is banned', host.text()[-600:])
    bans(host, 'remove', '198.18.7.1')
    for net in 7, 8:
        host.fail('198.18.%d.1' % net, 1, 'z')
        time.sleep(1.1)
    ok(host.kill() == 0, 'a guard ends that was told by hand what to do', host.text()[-600:])
    with open(host.log, encoding='ascii') as log:
        first = log.readline().split('+')[0]
    guard = [v for v in verdicts_of_guard(host, '') if v[3] >= first]
    replayed, _ = replay(host.path('p.conf'), '--history', host.log)
    ok(guard == replayed and sorted(v[1:3] for v in guard) ==
       [('192.0.2.2', 'login-failures'), ('192.0.2.2', 'login-failures'),
        ('192.0.2.5', 'login-failures'), ('192.0.2.7', 'login-failures'),
        ('192.0.2.7', 'recidive'),
        *(('198.18.%d.1' % net, 'login-distributed') for net in (6, 7, 8))],
       'a replay knows what was done by hand meanwhile',
       *guard, 'replay', *replayed)
    others, _ = replay(host.path('p.conf'), host.log)
    ok(others != guard, 'which only the history has')
    host.gone()


run(changed_meanwhile, lambda: with_names(run_all))
