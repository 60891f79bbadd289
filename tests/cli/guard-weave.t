#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A guard with several logs that has some time to catch up on, more than it reads at once:
it finds in them what a scan finds, which weaves them by time; killed again and again, with
a file that was rotated meanwhile, and beside one in which nothing happens.
"""
import json
import os
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from guard_host import Host, edit, rotate, run, write
from tap import POSTERN, ok, until

LOGINS = 40
FIRST = int(time.time()) - LOGINS * 60 - 600


def both():
    """The lines of Postfix and of Dovecot: each tells of all logins, among others' lines."""
    mail, imap = [], []
    for n in range(LOGINS):
        for k in range(400):
            at = FIRST + n * 60 + k // 10
            mail.append((at, 'postfix/smtpd[%d]: connect from unknown[198.51.100.%d]'
                         % (1000 + k % 40, k % 200 + 1)))
            imap.append((at, 'dovecot: imap-login: Disconnected (no auth attempts in 5 secs): '
                         'user=<>, rip=198.51.100.%d, lip=203.0.113.1' % (k % 200 + 1)))
        at = FIRST + n * 60 + 50
        imap.append((at, 'dovecot: auth: passwd-file(joe%d,192.0.2.1): Password mismatch' % n))
        mail.append((at, 'postfix/smtpd[%d]: warning: unknown[192.0.2.1]: SASL PLAIN '
                     'authentication failed: no, sasl_username=joe%d' % (n + 1, n)))
    return [['%s mx1 %s\n' % (time.strftime('%Y-%m-%dT%H:%M:%S+00:00', time.gmtime(at)), text)
             for at, text in lines] for lines in (mail, imap)]


MAIL, IMAP = both()


def host_of_both():
    host = Host()
    host.imap = host.path('dovecot.log')
    for name in ('dovecot.log', 'idle.log'):
        open(host.path(name), 'w', encoding='ascii').close()
    edit(host, 'files = %s' % host.log,
         'files = %s, %s, %s' % (host.log, host.path('idle.log'), host.imap))
    return host


def scanned(host):
    """The attempts that a scan finds."""
    out = subprocess.run([POSTERN, 'scan', '--where', 'attempt', host.log, host.imap],
                         stdout=subprocess.PIPE, text=True, check=False).stdout
    return sorted(e['id'] for e in map(json.loads, out.splitlines()))


def attempts(host):
    return host.rows("SELECT count(*) FROM events WHERE kind = 'attempt'")[0][0]


def count(host):
    try:
        return host.rows('SELECT count(*) FROM events')[0][0]
    except sqlite3.OperationalError:
        return 0


def settle(host, lines):
    """Waits until LINES of logs are events."""
    return until(lambda: count(host) >= lines, 30)


def from_start():
    host = host_of_both()
    write(host.log, MAIL)
    write(host.imap, IMAP)
    ok(os.path.getsize(host.log) > 1 << 20 < os.path.getsize(host.imap), 'more than is read at once')
    found = scanned(host)
    ok(len(found) == LOGINS, 'a scan finds each login once', len(found))
    host.start()
    settle(host, len(MAIL) + len(IMAP) + LOGINS)
    ok(attempts(host) == LOGINS, 'the guard finds as many', attempts(host))
    host.fail('192.0.2.2', 1)
    ok(until(lambda: attempts(host) == LOGINS + 1, 5), 'and then judges a line at once',
       attempts(host))
    host.kill()
    host.gone()


def killed():
    host = host_of_both()
    write(host.log, MAIL)
    write(host.imap, IMAP)
    whole = len(MAIL) + len(IMAP) + LOGINS
    kills = 0
    for part in range(1, 8):
        host.launch()
        settle(host, whole * part // 9)
        kills += count(host) < whole
        host.kill_all()
    ok(kills, 'killed while it catches up', kills)
    host.start()
    settle(host, whole)
    time.sleep(.5)
    ok(count(host) == whole and attempts(host) == LOGINS,
       'nothing is lost and nothing there twice', count(host), whole, attempts(host))
    host.kill()
    host.gone()


def rotated():
    host = host_of_both()
    write(host.log, MAIL[:100])
    write(host.imap, IMAP[:100])
    host.start()
    settle(host, 200)
    host.kill()
    write(host.log, MAIL[100:9000])
    write(host.imap, IMAP[100:7000])
    rotate(host.imap)
    rotate(host.log)
    write(host.log, MAIL[9000:])
    write(host.imap, IMAP[7000:])
    whole = len(MAIL) + len(IMAP) + LOGINS
    for part in (2, 4, 5, 6, 7):
        host.launch()
        settle(host, whole * part // 9)
        host.kill_all()
    host.start()
    settle(host, whole)
    time.sleep(.5)
    ok(count(host) == whole and attempts(host) == LOGINS, 'the same through a rotation',
       count(host), whole, attempts(host))
    host.kill()
    host.gone()


run(from_start, killed, rotated)
