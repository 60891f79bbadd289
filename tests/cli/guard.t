#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""postern guard, run for real on a made log: bans by the file action (and, as root in a
network namespace of its own, by nft), answers to Postfix, reload, and a full disk.
"""
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from guard_host import BANS, EVENTS, Host, edit, run, same_log, write
from tap import POSTERN, TOP, ok, until


def bans_and_answers():
    host = Host('user_messages = 2\nuser_within = 1h')
    ok(host.start(), 'the guard starts', host.text())
    host.fail('192.0.2.1', 4)
    host.fail('192.0.2.200', 9)
    ok(not until(host.banned, 1.2), 'less than the threshold and the allowed: nobody')
    host.fail('192.0.2.1', 1)
    ok(until(host.banned) == {'192.0.2.1/32'}, 'the fifth bans', host.banned())
    if os.geteuid() == 0:
        ok(until(lambda: host.nft() == {'192.0.2.1'}), 'nft, too', host.nft())
    answer = host.policy('192.0.2.1')
    ban = host.rows('SELECT * FROM bans')
    ok(len(ban) == 1 and answer.startswith('action=REJECT 5.7.1') and
       '%016x' % (ban[0][0] & (1 << 64) - 1) in answer, 'Postfix is told, with its id', answer)
    ok(host.policy('192.0.2.9') == 'action=DUNNO\n\n', 'others may pass')
    answers = [host.policy('192.0.2.9', 'joe') for _ in range(3)]
    ok([a.split()[0] for a in answers] == ['action=DUNNO'] * 2 + ['action=DEFER_IF_PERMIT'],
       'a user over their rate is put off', answers)
    got = host.control(op='ban', address='203.0.113.0/24', seconds=60, reason='test')
    ok(got['ok'] and until(lambda: '203.0.113.0/24' in host.banned()), 'a ban by hand', got)
    ok(host.policy('203.0.113.77').startswith('action=REJECT'), 'holds for all of a network')
    got = host.control(op='ban', address='203.0.0.0/4')
    ok(not got['ok'] and 'never banned' in got['error'], 'half the world is never banned', got)
    done = subprocess.run([POSTERN, 'report', 'auth', '--config', host.path('p.conf'),
                           '--format', 'json'], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    answer = json.loads(done.stdout or b'{}')
    ok(answer.get('store', '').endswith('p.db') and
       answer['sections']['auth_clients']['rows'][0]['ip'] == '192.0.2.200',
       'a report without files comes from the store', done.stdout[:300], done.stderr)
    host.guard.send_signal(signal.SIGHUP)
    ok(until(lambda: 'and 2 bans, 2 of them active' in host.text()),
       'SIGHUP keeps bans', host.text())
    until(lambda: host.status() is not None)
    ok(host.policy('192.0.2.1').startswith('action=REJECT'), 'and goes on with them')
    got = host.control(op='unban', address='192.0.2.1')
    ok(got['ok'] and until(lambda: '192.0.2.1/32' not in host.banned()), 'lifted by hand', got)
    host.fail('192.0.2.1', 4)
    ok(not until(lambda: '192.0.2.1/32' in host.banned(), 1.0), 'then it counts from nothing')
    with open(host.path('p.conf'), 'a', encoding='ascii') as conf:
        conf.write('[rule x]\nmatch = nonsense\n')
    host.guard.send_signal(signal.SIGHUP)
    ok(until(lambda: 'not reloaded' in host.text()) and host.status(),
       'wrong settings change nothing', host.text())
    ok(host.kill() == 0, 'SIGTERM ends it', host.text())
    ok(host.policy('192.0.2.1') is None, 'and its sockets')
    host.gone()


class Asker(threading.Thread):
    """A Postfix that asks all the time on one connection, and connects anew."""

    def __init__(self, host):
        super().__init__()
        self.host, self.going, self.answers, self.failures = host, True, [], []
        self.slowest = 0
        self.start()

    def ask_once(self, s):
        began = time.monotonic()
        s.sendall(b'request=smtpd_access_policy\nclient_address=192.0.2.1\n\n')
        self.answers.append(s.recv(65536).decode())
        self.slowest = max(self.slowest, time.monotonic() - began)

    def run(self):
        with socket.socket(socket.AF_UNIX) as kept:
            kept.settimeout(8)
            kept.connect(self.host.path('policy'))
            while self.going:
                try:
                    self.ask_once(kept)
                    with socket.socket(socket.AF_UNIX) as new:
                        new.settimeout(8)
                        began = time.monotonic()
                        new.connect(self.host.path('policy'))
                        self.ask_once(new)
                        self.slowest = max(self.slowest, time.monotonic() - began)
                except OSError as error:
                    self.failures.append(repr(error))
                    return

    def end(self):
        self.going = False
        self.join()


def reload():
    """SIGHUP while Postfix asks: who is banned is refused at any moment."""
    host = Host('user_messages = 2\nuser_within = 1h')
    host.start()
    host.fail('192.0.2.1', 5)
    until(host.banned)
    answers = [host.policy('192.0.2.9', 'joe') for _ in range(3)]
    asker = Asker(host)
    for n in range(3):
        host.guard.send_signal(signal.SIGHUP)
        until(lambda n=n: host.text().count('follows and judges') == n + 2)
        host.fail('192.0.2.%d' % (30 + n), 2)
        time.sleep(0.2)
    asker.end()
    ok(not asker.failures and len(asker.answers) > 5 and
       {a.split()[0] for a in asker.answers} == {'action=REJECT'},
       'at SIGHUP connections wait, and are answered: %d times, %.0f ms at most' %
       (len(asker.answers), asker.slowest * 1000), asker.failures,
       {a for a in asker.answers if 'REJECT' not in a}, host.text())
    answers += [host.policy('192.0.2.9', 'joe'), host.policy('192.0.2.9', 'eve')]
    ok([a.split()[0] for a in answers] == ['action=DUNNO'] * 2 + ['action=DEFER_IF_PERMIT'] * 2 +
       ['action=DUNNO'], "users' rates go on", answers)
    edit(host, 'unix:' + host.path('policy'), 'unix:' + host.path('other'))
    host.guard.send_signal(signal.SIGHUP)
    until(lambda: host.ask('other', 'request=smtpd_access_policy\n\n'))
    ok(not os.path.exists(host.path('policy')) and host.status(), 'a socket moves with its setting',
       host.text())
    host.kill()
    host.gone()


def restart():
    """What users sent is in the log: a restart counts it."""
    host = Host('user_messages = 2\nuser_within = 1h')
    host.start()
    with open(host.log, 'a', encoding='ascii') as log:
        for n in range(2):
            log.write('%s mx1 postfix/submission/smtpd[%d]: ABC12%d0: client=unknown[192.0.2.9], '
                      'sasl_method=PLAIN, sasl_username=joe\n' %
                      (time.strftime('%Y-%m-%dT%H:%M:%S+00:00', time.gmtime()), n, n))
    until(lambda: host.status()['events'] >= 2)
    host.kill()
    host.start()
    answers = [host.policy('192.0.2.9', user).split()[0] for user in ('joe', 'eve')]
    ok(answers == ['action=DEFER_IF_PERMIT', 'action=DUNNO'], "a restart keeps users' rates",
       answers, host.text())
    host.kill()
    host.gone()


def remembered():
    """A store that ends with the process, and one that is not there: windows and bans."""
    host = Host()
    edit(host, 'sqlite:' + host.db, 'memory:')
    host.start()
    host.fail('192.0.2.1', 5)
    host.fail('192.0.2.2', 4)
    until(host.banned)
    host.guard.send_signal(signal.SIGHUP)
    until(lambda: host.text().count('follows and judges') == 2)
    ok(host.policy('192.0.2.1').startswith('action=REJECT') and
       host.status()['banned'] == 1, 'a store in memory keeps its bans at SIGHUP', host.text())
    host.fail('192.0.2.2', 1)
    ok(until(lambda: '192.0.2.2/32' in host.banned()), 'and its windows', host.text())
    host.kill()
    host.gone()


def many_at_once():
    """What outsiders can have said, by the thousand, leaves room for what else is to be said."""
    host = Host()
    host.start()
    for n in range(1200):
        host.fail('198.18.%d.%d' % (n // 250, 1 + n % 250), 5)
    ok(until(lambda: len(host.banned()) == 1200, 40) and
       until(lambda: ' more bans' in host.text(), 15), 'a thousand bans at once', host.text()[-300:])
    lines = host.text().splitlines()
    said = sum(line.startswith('postern: ban 198.18.') for line in lines)
    more = [int(line.split()[1]) for line in lines if ' more bans' in line]
    ok(said <= 1000 and said % 500 == 0 and said + sum(more) == 1200 and
       any('postern bans list' in line for line in lines),
       'are told of one by one up to a limit, then by their number', said, more)
    host.kill()
    host.gone()


def locked_store():
    """Somebody else writes to the store, and does not end: Postfix waits 2 s for an answer."""
    host = Host()
    host.start()
    host.fail('192.0.2.1', 5)
    until(lambda: host.banned() and host.rows('SELECT count(*) FROM bans') == [(1,)])
    other = sqlite3.connect(host.db, isolation_level=None)
    other.execute('BEGIN IMMEDIATE')
    host.fail('192.0.2.2', 5)
    longest, end = 0, time.monotonic() + 14
    while time.monotonic() < end:
        asked = time.monotonic()
        answer = host.policy('192.0.2.1')
        longest = max(longest, time.monotonic() - asked)
        if not (answer or '').startswith('action=REJECT'):
            break
        time.sleep(.02)
    ok(time.monotonic() >= end and longest < 1.5 and '192.0.2.2/32' in host.banned() and
       'locked by another' in host.text(), 'who writes to the store keeps no answer from Postfix',
       longest, answer, host.text())
    host.guard.send_signal(signal.SIGHUP)
    until(lambda: host.text().count('follows and judges') == 2)
    host.kill()
    host.start()
    host.fail('192.0.2.3', 5)
    ok(until(lambda: '192.0.2.3/32' in host.banned()) and '192.0.2.1/32' in host.banned(),
       'nor does it keep a guard from a reload or a start', host.text())
    other.execute('ROLLBACK')
    other.close()
    ok(until(lambda: host.rows('SELECT count(*) FROM bans') == [(3,)], 30),
       'and later all is written', host.text())
    host.kill()
    host.gone()


FAILURES = "SELECT count(*) FROM events WHERE kind = 'auth_failure'"


def removed_store():
    """The store's file is removed under a guard that runs; then there is no folder for it."""
    host = Host()
    home = host.path('home')
    os.mkdir(home)
    os.chmod(home, 0o777)
    edit(host, host.db, home + '/p.db')
    host.db = home + '/p.db'
    host.start()
    host.fail('192.0.2.1', 5)
    host.fail('192.0.2.2', 4)
    until(lambda: host.banned() and host.status()['events'] >= 18)
    for name in os.listdir(home):
        os.unlink(home + '/' + name)
    ok(until(lambda: 'has been removed' in host.text() and
             host.text().count('follows and judges') == 2) and
       until(lambda: os.path.exists(host.db)), 'a store that is removed is said, and made anew',
       host.text())
    host.fail('192.0.2.2', 1)
    ok(until(lambda: '192.0.2.2/32' in host.banned()) and
       until(lambda: host.rows('SELECT count(*) FROM bans') == [(2,)]) and
       host.rows(FAILURES) == [(10,)],
       'with all that was known', host.text(), host.rows('SELECT "key" FROM bans'),
       host.rows('SELECT kind, id FROM events'))
    os.rename(home, home + '-away')
    write(home, [])
    until(lambda: host.text().count('follows and judges') == 3)
    host.fail('192.0.2.3', 5)
    ok(until(lambda: '192.0.2.3/32' in host.banned()) and host.status()['store_behind'],
       'without a folder judging goes on', host.text())
    os.unlink(home)
    os.mkdir(home)
    os.chmod(home, 0o777)
    ok(until(lambda: 'reads on from where' in host.text(), 30) and
       until(lambda: host.rows('SELECT count(*) FROM bans') == [(3,)]) and
       host.rows(FAILURES) == [(15,)],
       'and when it is back, all is in it', host.text(), os.listdir(home))
    host.kill_all()
    host.start()
    ok(until(lambda: host.banned() == {'192.0.2.%d/32' % n for n in (1, 2, 3)}) and
       host.status()['events'] == 0, 'after SIGKILL, too', host.text(), host.status())
    host.kill()
    host.gone()


def dry_run():
    host = Host()
    host.start('--dry-run')
    host.ahead = -303
    host.fail('192.0.2.1', 1)
    host.ahead = 0
    host.fail('192.0.2.1', 5)
    ok(until(lambda: 'would ban 192.0.2.1 for 1h: login-failures, 5 of 5 in 5m, ' in host.text()),
       'a dry run says what it would do', host.text())
    ok(host.banned() == set() and host.policy('192.0.2.1') == 'action=DUNNO\n\n', 'and does not')
    host.fail('192.0.2.1', 20)
    until(lambda: host.status()['events'] >= 26)
    host.kill()
    before = host.rows(BANS)
    host.start('--dry-run')
    host.fail('192.0.2.1', 6)
    until(lambda: host.status()['events'] >= 6)
    host.kill()
    ok(host.rows(BANS) == before, 'one that goes on knows its bans', host.rows(BANS))
    for options in (), ('--dry-run',), ():
        host.start(*options)
        if not options:
            host.fail('192.0.2.1', 6)
            ok(until(lambda: '192.0.2.1/32' in host.banned(), 5) and
               host.policy('192.0.2.1').startswith('action=REJECT'),
               'judged for real, what the dry run wrote down does not count', host.text()[-600:])
        host.kill()
    rows = host.rows("SELECT rule, offence FROM bans WHERE NOT dry_run ORDER BY rule")
    ok(rows == [('login-failures', 1), ('login-slow', 1)], 'neither as history', rows)
    host.gone()


def dry_rule():
    """One rule in dry run, then for real."""
    host = Host(rules='[rule login-failures]\ndry_run = yes\n[rule login-slow]\nenabled = no\n')
    host.start()
    host.fail('192.0.2.1', 20)
    until(lambda: host.status()['events'] >= 20 and 'would ban' in host.text())
    host.kill()
    edit(host, 'dry_run = yes', 'dry_run = no')
    host.start()
    host.fail('192.0.2.1', 5)
    ok(until(lambda: '192.0.2.1/32' in host.banned(), 5), 'a rule that was a dry run bans',
       host.text()[-600:])
    host.kill()
    host.gone()


def allowed_by_name():
    """198.18.0.50 has a name, 198.18.0.100's server is silent, 198.18.0.15 has none."""
    if os.environ.get('POSTERN_NETNS') == '1':
        subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
    server = subprocess.Popen([os.path.join(TOP, 'build', os.environ.get('VARIANT', 'release'),
                                            'bench/responder')],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    host = Host('[dns]\nservers = 127.0.0.1:%d' % int(server.stdout.readline()),
                '[rule login-failures]\nallow = name:.test\n')
    host.start()
    host.fail('198.18.0.100', 5)
    host.fail('198.18.0.50', 5)
    host.fail('198.18.0.15', 5)
    ok(until(lambda: '198.18.0.15/32' in host.banned(), 2.5),
       'who has no name is banned, while another one is waited for', host.banned(), host.text())
    ok('198.18.0.50/32' not in host.banned(), 'who has an allowed name is not', host.text())
    ok(until(lambda: '198.18.0.100/32' in host.banned()), 'a silent server saves nobody',
       host.text())
    # Who is waited for when the guard stops, or is killed.
    for stop, ip, other in ((host.kill, '198.18.1.144', '198.18.1.194'),
                            (host.kill_all, '198.18.2.188', '198.18.2.138')):
        count = host.status()['events']
        host.fail(ip, 5)
        host.fail(other, 5)
        until(lambda: host.status()['events'] >= count + 20)
        stop()
        host.start()
        ok(until(lambda: ip + '/32' in host.banned(), 8),
           'who was waited for at the end is banned right after the start', host.banned(),
           host.text()[-900:])
        ok(other + '/32' not in host.banned() and
           host.rows('SELECT count(*) FROM bans WHERE "key" = \'198.18.0.100\'') == [(1,)],
           'and nobody else', host.banned(), host.text()[-900:])
    host.kill()
    server.communicate()
    host.gone()


def deferred():
    """An answer that is not final has a code that says so, whatever the text has."""
    for text, want in (('', 'DEFER 4.7.1 Access denied, see postern bans explain '),
                       ('text = 5.7.28 go away', 'DEFER 4.7.28 go away\n'),
                       ('text = 4 you', 'DEFER 4.7.1 4 you\n')):
        host = Host('ban = defer\n' + text)
        host.start()
        host.fail('192.0.2.1', 5)
        until(host.banned)
        answer = host.policy('192.0.2.1')
        ok(answer.startswith('action=' + want), 'deferred: ' + (text or 'by default'), answer)
        host.kill()
        host.gone()


def wrong_settings():
    host = Host(rules='[rule a]\nmatch = nonsense\n')
    done = subprocess.run([POSTERN, 'guard', '--config', host.path('p.conf')],
                          stderr=subprocess.PIPE, check=False)
    ok(done.returncode == 1 and b'[rule a] match' in done.stderr, 'faults are told at start',
       done.stderr)
    host.gone()


WRONG = ('[policy]\nlisten = tcp:1', '[policy]\nlisten = inet:0.0.0.0:10040',
         '[policy]\nlisten = unix:/nonexistent/dir/policy',
         '[guard]\ncontrol = rel', '[input]\nfiles = /var/log', '[input]\nfiles = mail.log',
         '[store]\nurl = mysql:foo', '[store]\nurl = sqlite:/nonexistent/x/y.db',
         '[input]\ntz = Mars/Phobos', '[rule x]\nmatch = nonsense', '[dns]\nservers = notaserver',
         '[geo]\nfiles = /nonexistent/geo', '[action f]\nkind = file\npath = /nonexistent/x/y',
         '[action c]\nkind = command\nban = /bin/true {ip} {bad}',
         '[action c]\nkind = command\nban = /nonexistent/program {ip}')


def set_more(host, text):
    os.makedirs(host.path('conf.d'), exist_ok=True)
    with open(host.path('conf.d/bad.conf'), 'w', encoding='ascii') as conf:
        conf.write(text + '\n')


def wrong_at_reload():
    """SIGHUP with settings that no guard can start with: the one that runs goes on."""
    host = Host()
    host.start()
    host.fail('192.0.2.1', 5)
    host.fail('192.0.2.2', 4)
    until(host.banned)
    root = ('[guard]\nuser = nosuch',) if os.geteuid() == 0 else ()
    for text in WRONG + root:
        set_more(host, text)
        before = host.text().count('not reloaded')
        host.guard.send_signal(signal.SIGHUP)
        said = until(lambda b=before: host.text().count('not reloaded') > b, 3)
        if not ok(said and 'bad.conf:' in host.text().split('not reloaded')[before] and
                  host.guard.poll() is None and host.status(),
                  'SIGHUP with %r changes nothing' % text, host.text()[-500:]):
            break
    reload_to_taken(host)
    ok(host.policy('192.0.2.1').startswith('action=REJECT'), 'its bans stay', host.text()[-500:])
    host.fail('192.0.2.2', 1)
    ok(until(lambda: '192.0.2.2/32' in host.banned()), 'and its windows', host.text()[-500:])
    host.kill()
    host.gone()


def reload_to_taken(host):
    """What only a start can tell: another process has the port."""
    with socket.socket() as taken:
        if os.environ.get('POSTERN_NETNS') == '1':
            subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        set_more(host, '[policy]\nlisten = inet:127.0.0.1:%d' % taken.getsockname()[1])
        begun = host.text().count('follows and judges')
        host.guard.send_signal(signal.SIGHUP)
        ok(until(lambda: 'goes back to the old' in host.text() and
                 host.text().count('follows and judges') > begun) and host.status(),
           'with a port that is taken it goes back to the old settings', host.text()[-500:])


def two_on_one_store():
    host, other = Host(), Host('[action nft]\nkind = nft\ntable = second\n')
    host.start()
    edit(other, 'sqlite:' + other.db, 'sqlite:' + host.db)
    done = subprocess.run([POSTERN, 'guard', '--config', other.path('p.conf')],
                          stderr=subprocess.PIPE, timeout=20, check=False)
    ok(done.returncode == 1 and b'another guard has it: process ' in done.stderr,
       'a second guard on its store does not start', done.stderr)
    ok(host.status(), 'the first goes on')
    host.kill()
    host.gone()
    other.gone()


SQUAT = """import os, socket, sys
os.setuid(65534)
s = socket.socket(socket.AF_UNIX)
s.bind('\\0postern/nft/postern')
s.listen()
print(flush=True)
sys.stdin.read()
"""


def two_on_one_table():
    """With stores of their own: the second would take the first one's sets over."""
    more = ''.join('[action nft%d]\nkind = nft\ntable = more%d\n' % (i, i) for i in range(9))
    host, other = Host('[action nft]\nkind = nft\n' + more), Host('[action nft]\nkind = nft\n')
    if os.geteuid():
        ok(True, 'two guards, one table # SKIP not root')
        return

    def told(of, *command):
        done = subprocess.run([POSTERN, *command, '--config', of.path('p.conf')],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20,
                              check=False, text=True)
        return done.returncode, done.stdout

    fault = "another guard has the table 'postern': process %d"
    with subprocess.Popen([sys.executable, '-c', SQUAT], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as squatter:
        squatter.stdout.readline()
        ok(host.start(), 'who is not root keeps no guard from its table', host.text())
        host.kill()
        squatter.stdin.close()
    host.start()
    host.control(op='ban', address='192.0.2.1', seconds=600)
    until(lambda: host.nft() == {'192.0.2.1'})
    want = fault % host.guard.pid
    for command, status in (('guard',), 1), (('config', 'check'), 3):
        got = told(other, *command)
        ok(got[0] == status and want in got[1] and '[action nft] table: ' in got[1],
           '%s: a table that another guard has is refused' % ' '.join(command), got)
    ok(told(host, 'config', 'check')[0] == 0, 'its own guard is no other',
       told(host, 'config', 'check'))
    os.chmod(host.dir, 0o755)
    done = subprocess.run([POSTERN, 'config', 'check', '--config', host.path('p.conf')],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, user=65533, check=False)
    ok(done.returncode == 0, 'nor for who may not ask it', done)
    os.chmod(host.dir, 0o1777)
    other.start('--dry-run')
    ok(other.status(), 'a dry run needs no table', other.text())
    other.kill()
    ok(host.nft() == {'192.0.2.1'}, 'the bans of the first stay', host.nft())
    edit(other, 'kind = nft', 'kind = nft\ntable = more8')
    got = told(other, 'config', 'check')
    ok(got[0] == 3 and "another guard has the table 'more8'" in got[1],
       'nor is any of ten tables free', got)
    edit(other, 'table = more8', 'table = second')
    ok(other.start(), 'with a table of its own it starts', other.text())
    edit(other, 'table = second', 'table = postern')
    other.guard.send_signal(signal.SIGHUP)
    ok(until(lambda: 'not reloaded' in other.text()) and want in other.text(),
       'nor does SIGHUP take it', other.text()[-500:])
    host.guard.send_signal(signal.SIGHUP)
    ok(until(lambda: host.text().count('follows and judges') == 3) and host.status(),
       'the first keeps its table at SIGHUP', host.text()[-500:])
    host.kill_all()
    other.guard.send_signal(signal.SIGHUP)
    ok(until(lambda: other.text().count('follows and judges') == 3) and
       until(lambda: other.nft() == set()), 'it is free when the first has ended, however',
       other.text()[-500:], other.nft())
    other.kill()
    edit(other, '[action file]', '[action again]\nkind = nft\n[action file]')
    got = told(other, 'config', 'check')
    ok(got[0] == 3 and 'each needs its own' in got[1], 'nor can two actions have one', got)
    subprocess.run(['nft', 'flush', 'ruleset'], check=True)
    host.gone()
    other.gone()


def writable_by_others():
    """As root it runs what its settings name: only root's count."""
    host = Host()
    if os.geteuid():
        ok(True, 'settings of others # SKIP not root')
        host.gone()
        return

    def refused(what, path):
        for command, status, name in ((['guard'], 1, 'stderr'), (['config', 'check'], 3, 'stdout')):
            done = subprocess.run([POSTERN, *command, '--config', host.path('p.conf')],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20,
                                  check=False)
            said = getattr(done, name).decode()
            ok(done.returncode == status and path + ': owner ' in said and 'expected owner root'
               in said, '%s: %s refuses' % (what, ' '.join(command)), done)

    os.chmod(host.path('p.conf'), 0o666)
    refused('a file all can write', host.path('p.conf'))
    os.chmod(host.path('p.conf'), 0o644)
    os.chown(host.path('p.conf'), 65534, 65534)
    refused("a file of nobody's", host.path('p.conf'))
    os.chown(host.path('p.conf'), 0, 0)
    os.chmod(host.dir, 0o777)
    refused('a folder all can write', host.dir)
    os.chmod(host.dir, 0o1777)
    set_more(host, '[guard]\nlog = debug')
    os.chmod(host.path('conf.d/bad.conf'), 0o664)
    refused('a file in conf.d', host.path('conf.d/bad.conf'))
    os.chmod(host.path('conf.d/bad.conf'), 0o644)
    os.chown(host.path('conf.d'), 65534, 0)
    refused('conf.d', host.path('conf.d'))
    host.gone()


def told_by_two():
    """A main log of Exim's and its copy in syslog elsewhere: each failure counts once, also
    where a restart comes between the two."""
    host = Host()
    os.mkdir(host.path('exim'))
    own = host.path('exim/mainlog')
    edit(host, 'files = ' + host.log, 'files = %s, %s' % (own, host.log))

    def write(text, *logs):
        now = time.gmtime()
        for log in logs:
            head = time.strftime('%Y-%m-%d %H:%M:%S ' if log == own else
                                 '%Y-%m-%dT%H:%M:%S+00:00 mx1 exim[77]: ', now)
            with open(log, 'a', encoding='ascii') as out:
                out.write(head + text + '\n')

    def refuse(n, *logs):
        write('H=(pc) [192.0.2.9] F=<s@a.test> rejected RCPT <r%d@b.test>: relay not permitted' % n,
              *logs)

    def seen(events):
        return until(lambda: host.status()['events'] == events)

    open(own, 'w', encoding='ascii').close()
    os.environ['TZ'] = 'UTC'
    host.start()
    write('1xUNRD-00001l-0A <= s@a.test H=(pc) [192.0.2.1] P=smtp S=413', own, host.log)
    refuse(1, own, host.log)
    refuse(2, host.log, own)
    told = [seen(3)]
    refuse(3, own)
    told.append(seen(4))
    host.kill()
    refuse(3, host.log)
    host.start()
    refuse(4, own, host.log)
    told.append(seen(1))
    host.kill()
    ok(all(told) and '3 of 3' in host.text() and
       host.rows("SELECT count(*) FROM events WHERE kind = 'policy'") == [(4,)],
       'what two logs tell happened once, whatever happens between', told,
       host.rows('SELECT time, kind, host, source FROM events'), host.text())
    host.gone()


def reload_without_store(host, store):
    """SIGHUP while the disk is full, and while the store is not there at all."""
    def reloaded(what):
        before = host.text().count('follows and judges')
        host.guard.send_signal(signal.SIGHUP)
        until(lambda: host.text().count('follows and judges') > before)
        ok(until(lambda: host.policy('192.0.2.77').startswith('action=REJECT')) and
           '192.0.2.77/32' in host.banned(), 'SIGHUP ' + what + ': who is banned stays so',
           host.text()[-900:])

    reloaded('on a full disk')
    until(lambda: host.status()['store_behind'])
    host.fail('192.0.2.78', 4)
    # By now it is read again what was read before: the windows are there, and it is behind.
    until(lambda: host.status()['events'] > 6000)
    os.rename(store + '/db', store + '/away')
    reloaded('without a store')
    host.fail('192.0.2.78', 1)
    ok(until(lambda: '192.0.2.78/32' in host.banned()), 'and windows go on', host.text()[-900:])
    shutil.rmtree(store + '/db', ignore_errors=True)
    os.rename(store + '/away', store + '/db')


def bans(host, verb, *words):
    return subprocess.run([POSTERN, 'bans', verb, '--config', host.path('p.conf'), *words],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)


def list_and_lift(host, _):
    """Who is banned is known, and can be let in, though nothing can be written down."""
    host.fail('192.0.2.78', 5)
    until(lambda: '192.0.2.78/32' in host.banned())
    done = bans(host, 'list')
    ok('192.0.2.77' in done.stdout and 'cannot be written to since' in done.stderr,
       'a full disk: the list is what the guard knows, and says so', done)
    done = bans(host, 'explain', '192.0.2.77')
    ok('192.0.2.77 is banned until' in done.stderr, 'who asks why is told that much', done)
    done = bans(host, 'remove', '192.0.2.78')
    ok(done.returncode == 0 and 'written down when' in done.stderr and
       until(lambda: '192.0.2.78/32' not in host.banned()) and
       host.policy('192.0.2.78') == 'action=DUNNO\n\n', 'lifted at once', done, host.banned())
    done = bans(host, 'list')
    ok('192.0.2.78' not in done.stdout and '192.0.2.77' in done.stdout, 'and not listed', done)
    done = bans(host, 'remove', '192.0.2.79')
    ok(done.returncode == 1 and 'is not banned' in done.stderr, 'who is not is not', done)


def lifted(host):
    rows = host.rows('SELECT lifted IS NULL, reason FROM bans WHERE "key" = \'192.0.2.78\'')
    ok(len(rows) == 1 and rows[0][0] == 0 and 'lifted by' in rows[0][1],
       'the lift is written down', rows)
    ok(until(lambda: '192.0.2.77/32' in host.banned()) and
       '192.0.2.78/32' not in host.banned() and
       host.policy('192.0.2.78') == 'action=DUNNO\n\n', 'who was let in stays in', host.banned(), host.text()[-900:])
    ok(host.text().count('ban 192.0.2.77 for 1h') == 1, 'a ban is logged once',
       host.text()[-900:])
    host.fail('192.0.2.78', 5)
    ok(until(lambda: '192.0.2.78/32' in host.banned()), 'and is judged anew', host.text()[-900:])


def said_once(host):
    """Who was banned on the full disk; read again, the bans are the same ones."""
    for ip in '192.0.2.77', '192.0.2.78':
        ok(host.text().count('ban %s for 1h' % ip) == 1, ip + ': the ban is logged once',
           [line for line in host.text().splitlines() if ip in line])
        rows = host.rows('SELECT rule, offence, until - "from" FROM bans '
                         'WHERE "key" = \'%s\'' % ip)
        ok(rows == [('login-failures', 1, 3600 * 10**6)], 'and written once', rows)
    whole = Host('[action nft]\nkind = nft\ntable = second\n')
    shutil.copy(host.log, whole.log)
    whole.start()
    until(lambda: whole.status()['events'] > 6000)
    whole.kill()
    a, b = (sorted(row[1:] for row in of.rows(BANS) if row[1] != 'manual')
            for of in (whole, host))
    ok(a == b, 'and no other than without trouble', sorted(set(a) ^ set(b))[:5])
    whole.gone()


def some_actions(host, store):
    """A ban is for the actions of its rule, however it comes to the next process."""
    host.fail('192.0.2.78', 5)
    until(lambda: '192.0.2.78/32' in host.banned())

    def as_told(what):
        ok(until(lambda: '192.0.2.78/32' in host.banned() and
                 not {'192.0.2.77', '192.0.2.78'} & (host.nft() or set())),
           what + ': only the actions of the rule ban', host.nft(), host.banned())

    as_told('banned')
    for what in 'SIGHUP', 'SIGHUP again':
        before = host.text().count('follows and judges')
        host.guard.send_signal(signal.SIGHUP)
        until(lambda: host.text().count('follows and judges') > before)
        until(lambda: host.nft() is not None)
        time.sleep(.5)
        as_told(what)


def lift_and_end(host, store):
    """What was lifted on a full disk stays so, whatever becomes of the guard."""
    host.fail('192.0.2.78', 5)
    until(lambda: '192.0.2.78/32' in host.banned())
    for ip in '192.0.2.76', '192.0.2.78':
        done = bans(host, 'remove', ip)
        ok(done.returncode == 0, ip + ' is lifted', done)

    def begun(what):
        asked = {'192.0.2.%d/32' % n for n in (76, 77, 78)}
        ok(until(lambda: asked & host.banned() == {'192.0.2.77/32'}) and
           host.policy('192.0.2.76') == 'action=DUNNO\n\n', what + ': who was let in stays in',
           host.banned(), host.text()[-900:])

    def reloaded():
        before = host.text().count('follows and judges')
        host.guard.send_signal(signal.SIGHUP)
        until(lambda: host.text().count('follows and judges') > before)

    begun('lifted')
    host.kill_all()
    done = bans(host, 'list')
    ok('192.0.2.76' not in done.stdout and done.returncode == 0,
       'nobody runs: who was let in is not listed', done)
    ok('lifted by' in bans(host, 'explain', '192.0.2.76').stdout and
       '192.0.2.76' in bans(host, 'history', '192.0.2.76').stdout, 'but that it was lifted is told',
       bans(host, 'explain', '192.0.2.76'))
    host.start()
    begun('killed and started')
    reloaded()
    begun('SIGHUP')
    os.rename(store + '/db', store + '/away')
    reloaded()
    begun('SIGHUP without a store')
    done = bans(host, 'remove', '192.0.2.77')
    ok(done.returncode == 1 and 'written down' in done.stderr, 'nobody is lifted to be forgotten',
       done)
    shutil.rmtree(store + '/db', ignore_errors=True)
    os.rename(store + '/away', store + '/db')
    reloaded()
    begun('SIGHUP with the store')


def counted_and_told():
    """What rules counted, put off and forgot, and what actions have done."""
    host = Host()
    edit(host, 'log = debug', 'log = debug\nkeys = 100')
    host.start()
    done = bans(host, 'status')
    ok(done.returncode == 0 and 'login-failures' in done.stdout and
       'forgets' not in host.text(), 'who asks is told of each rule', done)
    host.fail('192.0.2.1', 4)
    for n in range(400):
        host.fail('198.18.%d.%d' % (n % 200, n // 200), 1, 'u%d' % n)
    host.fail('192.0.2.2', 5)
    host.fail('192.0.2.200', 7)
    until(lambda: '192.0.2.2/32' in host.banned() and host.status()['events'] >= 832)
    ok(until(lambda: 'login-failures forgets' in host.text()) and
       host.text().count('login-failures forgets') == 1 and '[guard] keys' in host.text(),
       'that a rule begins to forget is said, once', host.text()[-600:])
    done = bans(host, 'status', '--format', 'json')
    tables = json.loads(done.stdout)['sections']
    rule = [row for row in tables['status_rules']['rows'] if row['rule'] == 'login-failures'][0]
    ok(rule['matched'] == 416 and rule['verdicts'] == 1 and rule['allowed'] == 7 and
       rule['evicted'] > 200 and rule['spared'] == 0, 'how much, by rule', rule)
    action = tables['status_actions']['rows']
    ok(action and action[-1]['action'] == 'file' and action[-1]['done'] >= 1 and
       action[-1]['waiting'] == action[-1]['failed'] == 0, 'and what actions have done', action)
    row = tables['status']['rows'][0]
    ok(row['banned'] == 1 and row['rates_forgotten'] == 0 and row['store'] == 'written',
       'and the guard', row)
    host.kill()
    done = bans(host, 'status')
    ok(done.returncode == 1 and 'no guard is running' in done.stderr, 'without a guard: nothing',
       done)
    host.gone()


def fill(path):
    """Takes all room that is left; returns whether there was any."""
    before = os.path.exists(path) and os.path.getsize(path)
    with open(path, 'ab', 0) as rest:
        try:
            while rest.write(bytes(4096)):
                pass
        except OSError:
            pass
    return os.path.getsize(path) > before


def start_without_room(host, store):
    """A guard that is started on a full disk judges, by what the store has."""
    for what in 'started', 'and again':
        host.kill_all()
        os.unlink(host.db + '-shm')  # which is made anew at a start, and cannot be
        until(lambda: fill(store + '/fill'))
        ok(host.start(), what + ' on a full disk, it runs', host.text()[-900:])
        ok(until(lambda: host.policy('192.0.2.76').startswith('action=REJECT')) and
           '192.0.2.76/32' in host.banned(), 'who is banned is', host.text()[-900:])
        host.fail('192.0.2.78', 3)
        ok(until(lambda: host.status()['events'] > 6000) and host.status()['store_behind'],
           'it reads from where the position stood, and says that it keeps nothing',
           host.text()[-900:])
        ok(until(lambda: '192.0.2.77/32' in host.banned()), 'and judges', host.text()[-900:])
    ok(until(lambda: '192.0.2.78/32' in host.banned()), 'on and on', host.text()[-900:])
    os.unlink(store + '/fill')


def kept_whole(host):
    ok(host.rows('SELECT lifted IS NULL FROM bans WHERE "key" = \'192.0.2.76/32\' OR '
                 '"key" = \'192.0.2.76\'') == [(1,)], 'what was there before is there')
    whole = Host('[action nft]\nkind = nft\ntable = second\n')
    shutil.copy(host.log, whole.log)
    whole.start()
    until(lambda: whole.status()['events'] > 6000)
    whole.kill()
    a, b = (sorted(row[1:] for row in of.rows(EVENTS)) for of in (whole, host))
    ok(len(a) > 6000 and a == b, 'every event is written, once', len(a), len(b))
    whole.gone()


def stay_lifted(host):
    def right():
        return {row[0] for row in host.rows('SELECT "key" FROM bans WHERE lifted IS NOT NULL')}
    ok(right() == {'192.0.2.76', '192.0.2.78'}, 'with room they are written down as lifted',
       right())
    host.kill_all()
    host.start()
    ok(until(lambda: '192.0.2.77/32' in host.banned()) and '192.0.2.76/32' not in host.banned()
       and '192.0.2.78/32' not in host.banned(), 'and stay so', host.banned())
    host.fail('192.0.2.78', 5)
    ok(until(lambda: '192.0.2.78/32' in host.banned()), 'and who does it again is banned again',
       host.text()[-900:])


def small_disk(host, size):
    """HOST's store on a file system of SIZE of its own; the folder, or None."""
    store = host.path('small')
    os.mkdir(store)
    if os.geteuid() or subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=%s,mode=777' % size,
                                       'tmpfs', store], check=False).returncode:
        return None
    os.mkdir(store + '/db')
    os.chmod(store + '/db', 0o777)
    host.db = store + '/db/p.db'
    edit(host, host.path('p.db'), host.db)
    return store


def wal_took_all():
    """Somebody reads the store for long, so that what is written piles up beside it until the
    disk is full: nothing but what the guard itself took can be given up."""
    host = Host()
    store = small_disk(host, '8m')
    if not store:
        ok(True, 'a disk that the WAL took # SKIP cannot mount')
        host.gone()
        return
    try:
        host.start()
        reader = sqlite3.connect('file:%s?mode=ro' % host.db, uri=True, isolation_level=None)
        reader.execute('BEGIN')
        reader.execute('SELECT count(*) FROM events').fetchall()
        lines = same_log()
        for start in range(0, len(lines), 60): # each a transaction, more or less
            write(host.log, lines[start:start + 60])
            time.sleep(.02)
        ok(until(lambda: 'no space left' in host.text()), 'the disk is full',
           host.text()[-300:], os.path.getsize(host.db + '-wal'))
        ok(os.path.getsize(host.db + '-wal') > 4 << 20, 'of what is not in the file yet',
           os.path.getsize(host.db), os.path.getsize(host.db + '-wal'))
        reader.execute('ROLLBACK')
        reader.close()
        host.kill_all()
        host.start()
        rows = 'SELECT count(*) FROM events'
        ok(until(lambda: host.rows(rows)[0][0] > 6000, 40), 'after a kill it has room for all',
           host.rows(rows), host.text()[-600:], os.path.getsize(host.db),
           os.path.getsize(host.db + '-wal'))
        host.kill()
    finally:
        host.guard.kill()
        subprocess.run(['umount', '-l', store], check=False)
    host.gone()


def full_disk(meanwhile=reload_without_store, after=said_once, rules=''):
    host = Host(rules=rules)
    store = small_disk(host, '600k')
    if not store:
        ok(True, 'a full disk # SKIP cannot mount')
        host.gone()
        return
    try:
        host.start()
        host.control(op='ban', address='192.0.2.76', seconds=86400)
        write(host.log, same_log())
        ok(until(lambda: 'not kept until' in host.text(), 60), 'a full disk is said',
           host.text()[-300:])
        host.fail('192.0.2.77', 5)
        ok(until(lambda: '192.0.2.77/32' in host.banned()), 'judging goes on')
        meanwhile(host, store)
        # Who was reloaded just now has to come to write first: it is behind then, too.
        until(lambda: host.status()['store_behind'], 60)
        subprocess.run(['mount', '-o', 'remount,size=60m', store], check=True)
        ok(until(lambda: 'reads on from where' in host.text(), 90), 'it goes on when there is room',
           host.text()[-300:])
        ok(until(lambda: host.rows('SELECT count(*) FROM bans WHERE "key" = \'192.0.2.77\'')
                 == [(1,)], 60), 'and what happened meanwhile is written down',
           host.rows('SELECT * FROM bans WHERE "key" = \'192.0.2.77\''), host.text()[-800:],
           host.rows('SELECT * FROM positions'), host.rows('SELECT count(*) FROM events'))
        after(host)
        host.kill()
    finally:
        host.guard.kill()
        time.sleep(.2)
        subprocess.run(['umount', '-l', store], check=False)
    host.gone()


def full_while_banning():
    """The disk is full at the end of what began with a ban, which then is not written."""
    host = Host()
    store = small_disk(host, '600k')
    if not store:
        ok(True, 'a ban before a full disk # SKIP cannot mount')
        host.gone()
        return
    try:
        host.fail('192.0.2.77', 5)
        write(host.log, same_log())
        host.start()
        ok(until(lambda: 'not kept until' in host.text()), 'a full disk is said', host.text()[-300:])
        ok(host.text().find('ban 192.0.2.77 for 1h') < host.text().find('not kept until'),
           'after a ban', host.text()[-900:])
        host.guard.send_signal(signal.SIGHUP)
        until(lambda: host.text().count('follows and judges') == 2)
        until(lambda: (host.status() or {'events': 0})['events'] > 6000, 60)
        until(lambda: (host.status() or {'store_behind': 0})['store_behind'], 60)
        subprocess.run(['mount', '-o', 'remount,size=60m', store], check=True)
        ok(until(lambda: 'reads on from where' in host.text(), 90) and
           until(lambda: host.rows('SELECT count(*) FROM bans WHERE "key" = \'192.0.2.77\'')
                 == [(1,)], 60), 'it is written when there is room', host.text()[-300:])
        lines = [line for line in host.text().splitlines() if 'ban 192.0.2.77 for 1h' in line]
        ok(len(lines) == 1, 'and logged once', lines)
        host.kill()
    finally:
        host.guard.kill()
        time.sleep(.2)
        subprocess.run(['umount', '-l', store], check=False)
    host.gone()


run(bans_and_answers, reload, restart, remembered, many_at_once, locked_store, removed_store,
    dry_run, dry_rule, allowed_by_name, deferred, counted_and_told, wrong_settings,
    wrong_at_reload, told_by_two, two_on_one_store, two_on_one_table, writable_by_others,
    wal_took_all, full_while_banning, full_disk, lambda: full_disk(list_and_lift, lifted),
    lambda: full_disk(lift_and_end, stay_lifted),
    lambda: full_disk(start_without_room, kept_whole),
    lambda: full_disk(some_actions, lambda host: None,
                      '[rule login-failures]\nactions = file\n'))
