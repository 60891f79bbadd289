#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""postern guard on the journal, and on it beside a log with the same lines: each failure
counts once, whatever restarts between, and what a ban stands on is shown.
"""
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from guard_host import (Host, POSTERN, edit, ok, run, tap, until)

REMOTE = '/lib/systemd/systemd-journal-remote'
JOURNAL = '/var/log/journal'
WHAT = 'warning: unknown[%s]: SASL LOGIN authentication failed: no, sasl_username=u'


class Journal:
    """The system's, in our own mount namespace, and HOST's log when FORM says of what time."""

    def __init__(self, host, form=None):
        self.host, self.form, self.count = host, form, 500
        for name in os.listdir(JOURNAL):
            os.unlink(os.path.join(JOURNAL, name))

    def fail(self, ip, count):
        text = ''
        for _ in range(count):
            self.count += 1
            now = time.time()
            text += ('__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=%s\n'
                     '_HOSTNAME=mx1\nSYSLOG_FACILITY=2\nSYSLOG_IDENTIFIER=postfix/smtpd\n'
                     'SYSLOG_PID=%d\nMESSAGE=%s\n\n' % (now * 1000000, self.count, 'ab' * 16,
                                                       self.count, WHAT % ip))
            if self.form:
                with open(self.host.log, 'a', encoding='ascii') as log:
                    log.write('%s mx1 postfix/smtpd[%d]: %s\n' % (
                        time.strftime(self.form, time.gmtime(now)), self.count, WHAT % ip))
        with open(self.host.path('entries'), 'w', encoding='ascii') as entries:
            entries.write(text)
        subprocess.run([REMOTE, '-o', JOURNAL + '/test.journal', self.host.path('entries')],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.chmod(JOURNAL + '/test.journal', 0o644)


def follow(what, names, form=None):
    host = Host('[action nft]\nenabled = no\n')
    edit(host, 'files = ' + host.log, 'files = ' + names.replace('LOG', host.log))
    journal = Journal(host, form)
    journal.fail('198.51.100.1', 3)
    host.start()
    journal.fail('198.51.100.1', 2)
    ok(until(lambda: host.banned() == {'198.51.100.1/32'}), what + ': is followed', host.text())
    host.kill()
    journal.fail('198.51.100.2', 4)
    host.start()
    journal.fail('198.51.100.2', 1)
    ok(until(lambda: '198.51.100.2/32' in host.banned()), 'over a restart', host.text())
    host.kill_all()
    journal.fail('198.51.100.3', 4)
    host.start()
    host.guard.send_signal(signal.SIGHUP)
    until(lambda: host.text().count('follows and judges') == 4)
    journal.fail('198.51.100.3', 1)
    ok(until(lambda: '198.51.100.3/32' in host.banned()), 'SIGKILL and SIGHUP', host.text())
    ok(host.rows('SELECT counted FROM bans') == [(5,)] * 3 and
       until(lambda: host.rows("SELECT count(*) FROM events WHERE kind = 'auth_failure'") ==
             [(15,)]), 'each failure counts once', host.rows('SELECT * FROM bans'), host.text())
    return host


def alone():
    host = follow('the journal', 'journal')
    done = subprocess.run([POSTERN, 'bans', 'explain', '198.51.100.3', '--config',
                           host.path('p.conf')], stdout=subprocess.PIPE, text=True, check=False)
    ok(done.returncode == 0 and done.stdout.count('mx1 postfix/smtpd[') == 5 and
       all('[%d]: ' % n + WHAT % '198.51.100.3' in done.stdout for n in range(511, 516)) and
       done.stdout.count('journalctl --since') == 5, 'explain has the very lines', done)
    for name in os.listdir(JOURNAL):
        os.unlink(os.path.join(JOURNAL, name))
    done = subprocess.run([POSTERN, 'bans', 'explain', '198.51.100.3', '--config',
                           host.path('p.conf')], stdout=subprocess.PIPE, text=True, check=False)
    ok(done.returncode == 0 and done.stdout.count('journalctl --since') == 5 and
       'mx1' not in done.stdout, 'where they are gone, when they were', done)
    host.kill()
    host.gone()


def beside(names, form):
    host = follow(names + ' of the same lines', names, form)
    host.kill()
    host.gone()


def all_of_them():
    alone()
    beside('journal, LOG', '%Y-%m-%dT%H:%M:%S+00:00')
    beside('LOG, journal', '%b %e %H:%M:%S')


if os.geteuid() or not os.access(REMOTE, os.X_OK):
    tap.ok(True, 'a journal # SKIP needs root and ' + REMOTE)
    tap.done()
elif os.environ.get('POSTERN_NETNS') != '1':
    run()
else:
    os.makedirs(JOURNAL, exist_ok=True)
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', JOURNAL], check=True)
    run(all_of_them)
