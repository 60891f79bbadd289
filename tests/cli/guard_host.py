# SPDX-License-Identifier: Apache-2.0
"""A guard on a made log, as the tests of it have it, and what they ask of it."""
import json
import os
import random
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, ok, until

# What a store is compared by.
EVENTS = 'SELECT id, kind, time, derived FROM events ORDER BY id'
BANS = ('SELECT id, rule, "key", "from", until, counted, since, offence FROM bans ORDER BY id')


class Host:
    """A folder with a log, settings, a store and what the guard makes."""

    def __init__(self, more='', rules=''):
        self.dir = tempfile.mkdtemp(prefix='postern-guard-')
        os.chmod(self.dir, 0o1777)
        self.log, self.db = self.path('mail.log'), self.path('p.db')
        self.guard, self.pid, self.env, self.ahead = None, 100, {}, 0
        open(self.log, 'w', encoding='ascii').close()
        with open(self.path('p.conf'), 'w', encoding='ascii') as conf:
            conf.write('[input]\nfiles = %s\n[store]\nurl = sqlite:%s\n'
                       '[guard]\ncontrol = %s\nuser = %s\nlog = debug\nallow = 192.0.2.200\n'
                       '[action file]\nkind = file\npath = %s\n[policy]\nlisten = unix:%s\n%s\n%s'
                       % (self.log, self.db, self.path('control'), 'nobody',
                          self.path('banned'), self.path('policy'), more, rules))

    def path(self, name):
        return os.path.join(self.dir, name)

    def launch(self, *options, **how):
        self.said = open(self.path('said'), 'a+', encoding='utf-8')
        self.guard = subprocess.Popen([POSTERN, 'guard', '--config', self.path('p.conf'),
                                       '--from-start', *options], stderr=self.said,
                                      env={**os.environ, **self.env}, **how)

    def start(self, *options):
        self.launch(*options)
        return until(lambda: self.status() is not None)

    def ask(self, name, text):
        """The answer on a unix socket, or None."""
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(20) # a starved machine is slow; what must be soon is measured
                s.connect(self.path(name))
                s.sendall(text.encode())
                return s.recv(65536).decode()
        except OSError:
            return None

    def control(self, **request):
        answer = self.ask('control', json.dumps(request) + '\n')
        return json.loads(answer) if answer else None

    def status(self):
        answer = self.control(op='status')
        return answer if answer and answer['ok'] else None

    def policy(self, ip, user=''):
        return self.ask('policy', 'request=smtpd_access_policy\nprotocol_state=RCPT\n'
                        'client_address=%s\nsasl_username=%s\ninstance=%d\n\n'
                        % (ip, user, random.getrandbits(60)))

    def set_clock(self, seconds):
        """What tests/cli/inside.c adds to the time of day, for guard and log."""
        self.ahead = seconds
        with open(self.path('clock'), 'r+b') as clock:
            clock.write(b'%-15d\0' % seconds)

    def fail(self, ip, count, user='u'):
        """COUNT failed logins from IP, now."""
        with open(self.log, 'a', encoding='ascii') as log:
            for _ in range(count):
                self.pid += 1
                log.write('%s mx1 postfix/smtpd[%d]: warning: unknown[%s]: SASL LOGIN '
                          'authentication failed: no, sasl_username=%s\n'
                          % (time.strftime('%Y-%m-%dT%H:%M:%S+00:00',
                                           time.gmtime(time.time() + self.ahead)),
                             self.pid, ip, user))

    def banned(self):
        try:
            with open(self.path('banned'), encoding='ascii') as table:
                return {line.split()[0] for line in table if line[0] != '#'}
        except OSError:
            return set()

    def rows(self, query):
        with closing(sqlite3.connect('file:%s?mode=ro' % self.db, uri=True,
                                     timeout=10)) as db:
            return db.execute(query).fetchall()

    def nft_ends(self):
        """What nft drops in our network namespace, with the seconds that are left or None;
        None where there is no nft."""
        done = subprocess.run(['nft', '-j', 'list', 'table', 'inet', 'postern'],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        if done.returncode:
            return None
        ends, rows = {}, json.loads(done.stdout)['nftables']
        rules = json.dumps([row['rule']['expr'] for row in rows if 'rule' in row])
        for one in (row['set'] for row in rows if 'set' in row):
            if '"@%s"' % one['name'] not in rules:
                continue
            bits = one['name'].partition('_')[2]
            for e in one.get('elem', ()):
                e = e['elem'] if isinstance(e, dict) else {'val': e}
                ends[e['val'] + ('/' + bits if bits else '')] = e.get('expires')
        return ends

    def nft(self):
        """What nft drops in our network namespace; None where there is no nft."""
        ends = self.nft_ends()
        return None if ends is None else set(ends)

    def kill(self, number=signal.SIGTERM):
        self.guard.send_signal(number)
        status = self.guard.wait(10)
        self.said.close()
        if 'system call' in self.text() and not self.env:
            ok(False, 'no system call it needs is refused', self.text())
        return status

    def kill_all(self):
        """The guard and its processes, as a power cut would."""
        parent = str(self.guard.pid)
        children = subprocess.run(['pgrep', '-P', parent], stdout=subprocess.PIPE,
                                  check=False).stdout.split()
        processes = []
        for pid in [parent, *children]:
            try:
                processes.append(os.pidfd_open(int(pid)))
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass
        for process in processes: # once it has ended its sockets are closed
            select.select([process], [], [], 10)
            os.close(process)
        self.guard.wait(10)
        self.said.close()

    def text(self):
        with open(self.path('said'), encoding='utf-8') as said:
            return said.read()

    def gone(self):
        shutil.rmtree(self.dir, ignore_errors=True)


def edit(host, old, new):
    """OLD becomes NEW in HOST's settings."""
    with open(host.path('p.conf'), encoding='ascii') as conf:
        text = conf.read().replace(old, new)
    with open(host.path('p.conf'), 'w', encoding='ascii') as conf:
        conf.write(text)


def inside(host, **env):
    """HOST's guard gets tests/cli/inside.c; files by names in ENV."""
    host.env = {name: host.path(value) for name, value in env.items()}
    # A sanitizer wants to be the first library.
    host.env.update(LD_PRELOAD=os.path.join(os.path.dirname(POSTERN), 'inside.so'),
                    ASAN_OPTIONS=os.environ.get('ASAN_OPTIONS', '') +
                    ':verify_asan_link_order=0')


def with_clock(host):
    with open(host.path('clock'), 'wb') as clock:
        clock.write(bytes(16))
    inside(host, POSTERN_CLOCK='clock')


def same_log():
    """A burst: many clients, logins and sessions in between, all at one time."""
    rng = random.Random(5)
    stamp = int(time.time()) - 3000
    lines = []
    for n in range(6000):
        ip = '198.51.100.%d' % rng.randrange(1, 60)
        pid = 1000 + n % 40
        stamp += rng.random() < .3
        at = time.strftime('%Y-%m-%dT%H:%M:%S+00:00', time.gmtime(stamp))
        text = rng.choice((
            'postfix/smtpd[%d]: connect from unknown[%s]' % (pid, ip),
            'postfix/smtpd[%d]: warning: unknown[%s]: SASL LOGIN authentication failed: no, '
            'sasl_username=u%d' % (pid, ip, n % 7),
            'postfix/smtpd[%d]: disconnect from unknown[%s] ehlo=1 auth=0/1 quit=1 commands=2/3'
            % (pid, ip),
            'postfix/postscreen[7]: CONNECT from [%s]:%d to [192.0.2.9]:25' % (ip, 2000 + n),
            'postfix/postscreen[7]: PASS OLD [%s]:%d' % (ip, 2000 + n - 1)))
        lines.append('%s mx1 %s\n' % (at, text))
    return lines


def write(path, lines):
    with open(path, 'a', encoding='ascii') as log:
        log.writelines(lines)


def rotate(path):
    """As logrotate does: each older one moves on."""
    n = 1
    while os.path.exists('%s.%d' % (path, n)):
        n += 1
    for n in range(n, 1, -1):
        os.rename('%s.%d' % (path, n - 1), '%s.%d' % (path, n))
    os.rename(path, path + '.1')
    open(path, 'w', encoding='ascii').close()


def run(*parts):
    """PARTS, as root in namespaces of our own."""
    if os.geteuid() == 0 and os.environ.get('POSTERN_NETNS') != '1':
        env = {**os.environ, 'POSTERN_NETNS': '1'}
        os.execvpe('unshare', ['unshare', '-n', '-m', sys.executable,
                               os.path.abspath(sys.argv[0])], env)
    for part in parts:
        part()
    tap.done()
