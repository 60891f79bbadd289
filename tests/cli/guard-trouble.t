#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""postern guard in trouble: taken over by somebody, who finds nothing to do, and tells an action
what makes no sense; with a clock that is set; with an nft that fails or hangs.
"""
import calendar
import ctypes
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from guard_host import Host, edit, inside, rotate, run, with_clock
from tap import POSTERN, ok, until


def children(host):
    return subprocess.run(['pgrep', '-P', str(host.guard.pid)], stdout=subprocess.PIPE, text=True,
                          check=False).stdout.split()


def status(pid):
    """Whether it can gain no privileges, and how its system calls are filtered."""
    with open('/proc/%s/status' % pid, encoding='ascii') as text:
        rows = dict(line.split(':', 1) for line in text)
    return rows['NoNewPrivs'].strip(), rows['Seccomp'].strip()


def speak(pid, message):
    """Sends MESSAGE on all sockets of PID that are as those to its actions are."""
    process, spoken = os.pidfd_open(int(pid)), 0
    for fd in os.listdir('/proc/%s/fd' % pid):
        try:
            ours = ctypes.CDLL(None).syscall(438, process, int(fd), 0) # pidfd_getfd
            with socket.socket(fileno=ours) as own:
                if own.family == socket.AF_UNIX and own.type == socket.SOCK_SEQPACKET:
                    own.send(message)
                    spoken += 1
        except (OSError, ValueError):
            pass
    os.close(process)
    return spoken


def in_other_hands():
    """An action that is told what the process that judges never says."""
    if os.geteuid() != 0:
        ok(True, 'speaking for another process takes root # SKIP')
        return
    host = Host()
    host.start()
    host.fail('192.0.2.1', 5)
    until(lambda: '192.0.2.1/32' in host.banned())
    judges = [pid for pid in children(host)
              if os.stat('/proc/' + pid).st_uid and os.path.exists('/proc/%s/fd' % pid)]
    ok(len(judges) == 1 and speak(judges[0], bytes(48)), 'somebody speaks for who judges', judges)
    ok(host.guard.wait(10) == 1 and 'told what makes no sense' in host.text() and
       'ended by signal 9' in host.text(), 'that one is killed, and all ends', host.text()[-600:])
    host.start()
    ok(until(lambda: '192.0.2.1/32' in host.banned()), 'who starts it again has all bans')
    host.kill()
    host.gone()


def deaf():
    """Who starts us ignores SIGCHLD, which outlives exec: ends of processes are heard of anyway."""
    if os.geteuid() != 0:
        ok(True, 'telling who judges by its user takes root # SKIP')
        return
    host = Host()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    host.launch()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    until(host.status)
    for pid in children(host):
        if os.stat('/proc/' + pid).st_uid:
            os.kill(int(pid), signal.SIGKILL)
    ok(until(lambda: host.guard.poll() == 1) and 'ended by signal 9' in host.text(),
       'a guard that inherits deafness hears that who judges has ended', host.text()[-600:])
    host.kill_all()
    host.gone()


def sandbox():
    """What the process that judges is not given, asked by itself."""
    for names in (False, True):
        host = Host(rules='[rule login-failures]\nallow = name:mx.example\n'
                    '[dns]\nservers = 127.0.0.1:5353\n' if names else '')
        inside(host, POSTERN_PROBE='probe')
        ok(host.start(), 'starts', host.text())
        open(host.path('probe'), 'w', encoding='ascii').close()
        done = host.path('probe.done')
        until(lambda: os.path.exists(done) and 'allowed' in open(done, encoding='ascii').read())
        with open(done, encoding='ascii') as text:
            got = dict(line.split() for line in text)
        told = {name: got.pop(name) for name in ('connect', 'names', 'write', 'read', 'allowed')}
        filtered = 'libseccomp' not in subprocess.run(
            [POSTERN, 'version'], stdout=subprocess.PIPE, text=True,
            check=True).stdout.partition('without')[2]
        if not filtered:
            ok(True, 'built without libseccomp # SKIP')
        elif not names:
            ok(set(got.values()) == {'EPERM'}, 'what it has no use for is refused', got)
            ok(told['names'] == 'EPERM', 'the network, too, if no rule asks for names', told)
            ok(until(lambda: 'system call execve was refused' in host.text()) and
               host.status()['refused_calls'],
               'which is said, with its name', host.text())
        else:
            ok(told['connect'] in ('EACCES', 'ECONNREFUSED', 'ENETUNREACH') and
               told['names'] in ('ECONNREFUSED', 'ENETUNREACH'),
               'with such a rule TCP goes to name servers', told)
        ok(told['write'] == 'EACCES' and told['read'] == 'EACCES' and told['allowed'] == 'done',
           'files are closed', told)
        host.fail('192.0.2.1', 5)
        ok(until(host.banned) == {'192.0.2.1/32'}, 'and it goes on to judge', host.text())
        if filtered:
            ok(all(status(pid) == ('1', '2') for pid in children(host)),
               'its actions are filtered, too, and gain no privileges',
               [status(pid) for pid in children(host)])
        host.kill()
        host.gone()


def own_memory():
    """Nobody reads the memory of who judges, or takes its descriptors: also where the guard was
    not started as root, so that others are of its user."""
    host = Host()
    user = {}
    if os.geteuid() == 0:
        user = {'user': 65533, 'group': 65533, 'extra_groups': []}
        for name in 'mail.log', 'p.conf':
            os.chown(host.path(name), 65533, 65533)
    host.launch(**user)
    until(lambda: host.status() or host.guard.poll() is not None)
    owners = {}
    for pid in children(host):
        with open('/proc/%s/comm' % pid, encoding='ascii') as name:
            owners[name.read().strip()] = os.stat('/proc/%s/environ' % pid).st_uid
    ok(owners.get('postern-guard') == 0, 'the memory of who judges is nobody else\'s', owners,
       host.text())
    host.fail('192.0.2.1', 5)
    ok(until(lambda: '192.0.2.1/32' in host.banned()), 'it judges', host.text())
    rotate(host.log)
    if user:
        os.chown(host.log, 65533, 65533)
    host.fail('192.0.2.2', 5)
    ok(until(lambda: '192.0.2.2/32' in host.banned()) and
       host.policy('192.0.2.2').startswith('action=REJECT'), 'through a rotation, too', host.text())
    host.kill()
    host.gone()


class Clocked:
    """A host whose clock is set, under a watchdog."""

    def __init__(self):
        self.host = Host(rules='[rule login-failures]\nban = 90m\n')
        with_clock(self.host)
        self.signs = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.signs.bind(self.host.path('notify'))
        os.chmod(self.host.path('notify'), 0o777)
        self.signs.setblocking(False)
        self.host.env.update(NOTIFY_SOCKET=self.host.path('notify'), WATCHDOG_USEC='1000000')
        self.lines = 0

    def heard(self):
        """Signs of life since it was last asked."""
        count = 0
        try:
            while True:
                count += b'WATCHDOG=1' in self.signs.recv(4096)
        except BlockingIOError:
            return count

    def fail(self, ip, count):
        self.lines += count
        self.host.fail(ip, count)

    def active(self):
        now = (time.time() + self.host.ahead) * 1e6
        return {row[0].removesuffix('/32') for row in self.host.rows(
            'SELECT "key" FROM bans WHERE lifted IS NULL AND until > %d' % now)}

    def busy(self):
        """CPU seconds of the guard and its processes."""
        ticks = 0
        for pid in [self.host.guard.pid, *children(self.host)]:
            with open('/proc/%s/stat' % pid, encoding='ascii') as stat:
                ticks += sum(int(n) for n in stat.read().rsplit(')', 1)[1].split()[11:13])
        return ticks / os.sysconf('SC_CLK_TCK')

    def step(self, seconds, what):
        """Sets the clock; what must be so whatever it shows."""
        self.heard()
        self.host.set_clock(seconds)
        until(self.same)
        before = self.busy()
        time.sleep(2)
        ok(self.same(), what + ': outside are exactly the active bans', self.active(),
           self.host.banned(), self.host.nft(), self.host.text()[-900:])
        ok(self.heard() >= 2 and self.busy() - before < 1, what + ': it lives, and rests',
           self.busy() - before)

    def same(self):
        active = self.active()
        table = {prefix.removesuffix('/32') for prefix in self.host.banned()}
        return table == active and (os.geteuid() or self.host.nft() == active)


def clock_is_set():
    clocked = Clocked()
    host = clocked.host
    ok(host.start(), 'starts under a clock of ours', host.text())
    clocked.fail('192.0.2.1', 5)
    host.control(op='ban', address='192.0.2.2', seconds=1800)
    host.control(op='ban', address='192.0.2.3', seconds=1800)
    host.control(op='unban', address='192.0.2.3')
    clocked.step(3600, 'an hour forward')
    ok(clocked.active() == {'192.0.2.1'}, 'a ban ends at its time of day', clocked.active())
    clocked.fail('192.0.2.4', 5)
    clocked.fail('192.0.2.5', 4)
    ok(until(lambda: '192.0.2.4' in clocked.active()), 'it judges by the new time', host.text())
    clocked.step(0, 'an hour back')
    ok({'192.0.2.1', '192.0.2.2', '192.0.2.4'} <= clocked.active() and
       '192.0.2.3/32' not in host.banned(), 'what had not ended is active', clocked.active())
    clocked.fail('192.0.2.6', 5)
    clocked.fail('192.0.2.5', 4)
    until(lambda: '192.0.2.6' in clocked.active())
    clocked.fail('192.0.2.5', 1)
    ok(until(lambda: '192.0.2.5' in clocked.active()),
       'who failed ahead of the clock is counted behind it', host.text()[-900:])
    clocked.step(-3600, 'another hour back')
    host.control(op='unban', address='192.0.2.2')
    ok('192.0.2.2' not in clocked.active(), 'a ban that was made ahead of the clock is lifted',
       host.rows('SELECT * FROM bans'))
    clocked.fail('192.0.2.7', 5)
    ok(until(lambda: '192.0.2.7' in clocked.active()), 'and on it goes', host.text()[-900:])
    clocked.step(0, 'and forward again')
    count = host.rows('SELECT count(*), count(DISTINCT id) FROM events WHERE kind = '
                      "'auth_failure'")
    ok(count == [(clocked.lines,) * 2], 'no event is lost or twice', count, clocked.lines)
    count = host.rows('SELECT "key", count(*) FROM bans WHERE rule != \'manual\' GROUP BY 1')
    ok(sorted(count) == [('192.0.2.%d' % n, 1) for n in (1, 4, 5, 6, 7)], 'each ban is one',
       count)
    host.kill()
    host.gone()


FAKE_NFT = """#!/bin/sh
case $(cat %(dir)s/mode) in
fail) echo 'nothing works' >&2; exit 1;;
hang) echo $$ >%(dir)s/hangs; exec sleep 300;;
esac
exec %(dir)s/nft "$@"
"""


def broken_nft():
    """nft that fails, and nft that does not end: nobody else is held up, nothing is lost."""
    nft = shutil.which('nft', path='/usr/sbin:/sbin')
    if os.geteuid() or not nft:
        ok(True, 'nft that fails # SKIP not root, or no nft')
        return
    host = Host()

    def mode(word):
        with open(host.path('mode'), 'w', encoding='ascii') as out:
            out.write(word)
    mode('works')
    shutil.copy(nft, host.path('nft'))
    with open(host.path('fake'), 'w', encoding='ascii') as fake:
        fake.write(FAKE_NFT % {'dir': host.dir})
    os.chmod(host.path('fake'), 0o755)
    subprocess.run(['mount', '--bind', host.path('fake'), nft], check=True)
    try:
        host.start()
        until(lambda: host.nft() is not None)
        for word, ip in (('fail', '192.0.2.1'), ('hang', '192.0.2.2')):
            mode(word)
            host.fail(ip, 5)
            ok(until(lambda ip=ip: ip + '/32' in host.banned()) and
               host.policy(ip).startswith('action=REJECT'),
               'nft that is to %s: the other action and Postfix know' % word, host.text())
            if word == 'fail':
                ok(until(lambda: 'nothing works' in host.text()), 'why is said', host.text())
            else:
                until(lambda: os.path.exists(host.path('hangs')))
            mode('works')
            if word == 'hang':
                end_hanging(host)
            ok(until(lambda ip=ip: ip in real_nft(host), 20),
               'when it works again nft bans', real_nft(host), host.text())
        mode('hang')
        host.fail('192.0.2.3', 5)
        until(lambda: '192.0.2.3/32' in host.banned() and os.path.exists(host.path('hangs')))
        began = time.monotonic()
        status = host.kill()
        ok(status == 0 and time.monotonic() - began < 5, 'one that hangs does not hold up the end',
           time.monotonic() - began, host.text())
        end_hanging(host)
    finally:
        host.guard.kill()
        subprocess.run(['umount', '-l', nft], check=False)
    host.gone()


def end_hanging(host):
    until(lambda: os.path.exists(host.path('hangs')))
    with open(host.path('hangs'), encoding='ascii') as pid:
        os.kill(int(pid.read()), signal.SIGKILL)
    os.unlink(host.path('hangs'))


def real_nft(host):
    with open(host.path('mode'), encoding='ascii') as word:
        return host.nft() or set() if word.read() == 'works' else set()


def linked_log():
    """A log that is a link to another folder, itself behind a link, before and after rotation."""
    subprocess.run(['mount', '-t', 'tmpfs', 'none', '/srv'], check=True)
    os.makedirs('/srv/data/logs')
    os.symlink('data', '/srv/links')
    host = Host()
    os.unlink(host.log)
    os.symlink('/srv/links/logs/real.log', host.log)
    open('/srv/data/logs/real.log', 'w', encoding='ascii').close()
    host.start()
    host.fail('192.0.2.1', 6)
    ok(until(lambda: host.banned() == {'192.0.2.1/32'}), 'a log behind links is read', host.text())
    host.fail('192.0.2.2', 3)
    rotate('/srv/data/logs/real.log')
    host.fail('192.0.2.2', 3)
    ok(until(lambda: '192.0.2.2/32' in host.banned()), 'and goes on when it is rotated',
       host.text())
    host.kill()
    host.fail('192.0.2.3', 3)
    rotate('/srv/data/logs/real.log')
    host.fail('192.0.2.3', 3)
    host.start()
    ok(until(lambda: '192.0.2.3/32' in host.banned()), 'while the guard was away, too',
       host.text())
    led_elsewhere(host)
    host.kill()
    host.gone()


def led_elsewhere(host):
    """The link leads to a folder that nobody named: without a reload by hand."""
    subprocess.run(['mount', '-t', 'tmpfs', 'none', '/mnt'], check=True)
    os.makedirs('/mnt/new/logs')
    host.fail('192.0.2.4', 3)
    shutil.copy('/srv/data/logs/real.log', '/mnt/new/logs/real.log')
    before = host.text().count('follows and judges')
    os.symlink('/mnt/new/logs/real.log', host.path('link'))
    os.rename(host.path('link'), host.log)
    host.fail('192.0.2.4', 3)
    ok(until(lambda: '192.0.2.4/32' in host.banned(), 20), 'a link that leads elsewhere is followed',
       host.text()[-900:])
    ok('leads out of' in host.text() and
       host.text().count('follows and judges') == before + 1, 'and it says why it begins anew',
       host.text()[-900:])
    host.fail('192.0.2.5', 3)
    os.rename('/mnt/new/logs/real.log', '/mnt/new/logs/real.log.1')
    host.fail('192.0.2.5', 3)
    os.chmod('/mnt/new/logs/real.log', 0o644)
    ok(until(lambda: '192.0.2.5/32' in host.banned()), 'through rotation there', host.text()[-900:])
    ok('lines may be lost' not in host.text(), 'and nothing is lost', host.text()[-900:])
    both_written(host)
    ok('Permission denied' not in host.text(), 'what it may not open yet is no fault',
       [line for line in host.text().splitlines() if 'denied' in line])
    # One that nobody may read does not make it begin again and again.
    os.mkdir('/mnt/closed', 0o700)
    shutil.copy(host.log, '/mnt/closed/real.log')
    os.symlink('/mnt/closed/real.log', host.path('link'))
    os.rename(host.path('link'), host.log)
    time.sleep(12)
    ok(host.text().count('follows and judges') <= before + 3, 'one that is closed is tried once',
       host.text()[-900:])
    ok(host.text().count('Permission denied') == 1, 'and that is said', host.text()[-900:])


def both_written(host):
    """Who writes goes on in the old file for a while, as one that is not told at once."""
    os.makedirs('/mnt/newer/logs')
    open('/mnt/newer/logs/real.log', 'w', encoding='ascii').close()
    host.fail('192.0.2.6', 2)
    until(lambda: len(host.rows("SELECT id FROM events WHERE ip = x'%s'" %
                                ('0' * 20 + 'ffffc0000206'))) >= 2)
    before = host.text().count('follows and judges')
    os.symlink('/mnt/newer/logs/real.log', host.path('link'))
    os.rename(host.path('link'), host.log)
    until(lambda: host.text().count('follows and judges') > before, 8)
    time.sleep(1)
    host.log, link = '/mnt/new/logs/real.log', host.log
    host.fail('192.0.2.6', 2)
    host.log = link
    host.fail('192.0.2.6', 1)
    ok(until(lambda: '192.0.2.6/32' in host.banned()), 'both files are read', host.text()[-900:])
    ok('lines may be lost' not in host.text(), 'and nothing is lost', host.text()[-900:])


def second_pass():
    """Summer time ends at 3:00; a guard that is started behind that knows in which hour it is."""
    host = Host('[input]\ntz = Europe/Berlin\n')
    with_clock(host)
    host.set_clock(int(calendar.timegm((2027, 10, 31, 1, 5, 20)) - time.time()))

    def write(ip):
        stamp = time.strftime('%b %d %H:%M:%S', time.gmtime(time.time() + host.ahead + 3600))
        with open(host.log, 'a', encoding='ascii') as log:
            log.write(5 * ('%s mx1 postfix/smtpd[7]: warning: unknown[%s]: SASL LOGIN '
                           'authentication failed: no, sasl_username=u\n' % (stamp, ip)))
        until(lambda: host.status()['events'] >= 10)

    def began(ip):
        return [time.strftime('%H:%M', time.gmtime(row[0] / 1e6)) for row in
                host.rows('SELECT "from" FROM bans WHERE "key" = \'%s\'' % ip)]
    host.start()
    write('192.0.2.1')
    ok(until(lambda: began('192.0.2.1') == ['01:05'], 5), 'its first lines are of the second pass',
       began('192.0.2.1'), host.text()[-600:])
    host.kill()
    host.ahead += 420
    host.set_clock(host.ahead)
    host.start()
    write('192.0.2.2')
    ok(until(lambda: began('192.0.2.2') == ['01:12'], 5), 'nor is it lost over a restart',
       began('192.0.2.2'), host.text()[-600:])
    ok(host.rows('SELECT count(*) FROM events WHERE inferred') == [(0,)], 'without a guess')
    host.kill()
    host.gone()


def clock_of_others():
    """Who logs is five hours ahead: it counts when it was read, whatever comes after that."""
    host = Host()
    with_clock(host)
    host.start()

    def fails(ip, count, ahead):
        clock = host.ahead
        before = len(host.rows('SELECT id FROM events'))
        host.ahead += ahead
        host.fail(ip, count)
        host.ahead = clock
        until(lambda: len(host.rows('SELECT id FROM events')) >= before + count)

    def again(clock):
        host.kill()
        host.set_clock(clock)
        host.start()

    fails('192.0.2.1', 4, 18000)
    again(0)
    fails('192.0.2.1', 1, 0)
    ok(until(lambda: '192.0.2.1/32' in host.banned()), 'a restart counts on', host.text()[-900:])
    fails('192.0.2.2', 4, 18000)
    again(1800)
    fails('192.0.2.2', 1, 0)
    ok(not until(lambda: '192.0.2.2/32' in host.banned(), 1.5),
       'what was read half an hour ago counts as of then', host.text()[-900:])
    fails('192.0.2.3', 4, 18000)
    again(1800 + 18000 + 60)
    fails('192.0.2.3', 1, 0)
    ok(not until(lambda: '192.0.2.3/32' in host.banned(), 1.5), 'also when the time comes that '
       'the lines have', host.text()[-900:])
    fails('192.0.2.4', 1, 0)
    fails('192.0.2.4', 4, 18000)
    ok(until(lambda: '192.0.2.4/32' in host.banned()), 'without a restart it is so')
    done = subprocess.run([POSTERN, 'bans', 'explain', '192.0.2.4', '--config',
                           host.path('p.conf')], stdout=subprocess.PIPE, text=True, check=False)
    ok(done.stdout.count('SASL LOGIN') == 5, 'and can be explained', done.stdout)
    host.kill()
    host.gone()


def says(host, text, patience=5):
    return until(lambda: text in host.text(), patience)


def logs(host):
    """What bans status says of the logs, by name."""
    done = subprocess.run([POSTERN, 'bans', 'status', '--format', 'json', '--config',
                           host.path('p.conf')], stdout=subprocess.PIPE, text=True, check=False)
    section = json.loads(done.stdout or '{"sections":{}}')['sections'].get('status_logs')
    return {row['log']: row for row in section['rows']} if section else {}


def logs_come_and_go():
    """What is said of a log: that it is not there, that it is, that it was truncated or removed,
    that its clock is ahead."""
    host = Host()
    edit(host, 'log = debug\n', '')
    os.unlink(host.log)
    done = subprocess.run([POSTERN, 'config', 'check', '--config', host.path('p.conf')],
                          stdout=subprocess.PIPE, text=True, check=False)
    ok('warning: ' + host.path('p.conf') + ':2: [input] files: ' + host.log in done.stdout,
       'a check warns of a log that is not there', done.stdout)
    host.start()
    ok(says(host, 'warning: waits for ' + host.log), 'so does the guard', host.text())
    ok(logs(host).get(host.log, {}).get('state') == 'not there', 'status, too', logs(host))
    open(host.log, 'w', encoding='ascii').close()
    ok(says(host, host.log + ' is there now'), 'which says when it comes', host.text())
    host.fail('192.0.2.1', 5)
    ok(until(lambda: '192.0.2.1/32' in host.banned()), 'and reads it')
    row = logs(host)[host.log]
    ok(row['state'] == 'followed' and row['unread'] == 0 and
       row['last'] >= time.strftime('%Y-%m-%dT%H:%M', time.gmtime(time.time() - 30)),
       'status: that it is read, and how far', row)
    os.chmod(host.log, 0o600)
    ok(until(lambda: logs(host)[host.log]['state'] == 'cannot be read'), 'that it cannot be',
       logs(host))
    os.chmod(host.log, 0o644)
    shutil.copy(host.log, host.log + '.1')
    os.truncate(host.log, 0)
    host.fail('192.0.2.2', 1)
    ok(not says(host, 'truncated', 1.5), 'what is usual is said at level info alone',
       host.text()[-300:])
    host.fail('192.0.2.2', 20)
    until(lambda: '192.0.2.2/32' in host.banned())
    os.truncate(host.log, 0)
    ok(says(host, 'lines may be lost'), 'that lines may be lost is a warning', host.text()[-300:])
    with_stamp = time.time
    time.time = lambda: with_stamp() + 3600
    host.fail('192.0.2.3', 1)
    time.time = with_stamp
    ok(says(host, 'warning: ' + host.log + ' is 1h ahead of the clock'),
       'a log ahead of the clock is told of', host.text()[-300:])
    os.unlink(host.log)
    ok(says(host, host.log + ' is gone', 20), 'and one that goes', host.text()[-300:])
    open(host.log, 'w', encoding='ascii').close()
    ok(until(lambda: host.text().count('is there now') == 2), 'until it is back')
    host.kill()
    host.gone()


def lacks(call, *settings):
    """Starts a guard whose Nth CALL finds too many open files, N from 1 until it has made all
    that it makes; what each says: it ends, or does without and says so."""
    host = Host(*settings)
    inside(host)
    said = []
    for n in range(1, 9):
        host.env['POSTERN_LACKS'] = '%s:%d' % (call, n)
        host.launch()
        until(lambda: host.status() or host.guard.poll() is not None)
        ended = host.guard.poll()
        if ended is None:
            host.kill()
        text = host.text()
        os.unlink(host.path('said'))
        if 'Too many open files' not in text:
            break
        said.append((ended, text))
    host.gone()
    return said


NO_DESCRIPTOR = (
    ('signalfd', {'for signals'}),
    ('epoll_create1', {'to wait for actions', 'for a server',
                       'to wait for logs, actions and names', 'to wait for files'}),
    ('timerfd_create', {'for a server', 'to wait for files'}),
    ('socketpair', {'for an action', 'for what a reload hands over'}),
    ('memfd_create', {'for what a reload hands over'}),
    ('socket', {'to hold a table of nft', 'to listen'}),
)


def no_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = soft if soft >= 8192 else min(hard, 8192)
    for call, wants in NO_DESCRIPTOR:
        said = lacks(call)
        got = {text.partition('no descriptor ')[2].partition(':')[0] for _, text in said}
        ok(got == wants and all(' of a unit) is %d\n' % limit in text for _, text in said),
           'without a descriptor of %s it says for what, and the limit' % call, said)
        ok(all(ended == (None if 'hands over' in text else 1) for ended, text in said),
           'and ends where it cannot do without', said)


run(no_descriptors, own_memory, sandbox, in_other_hands, deaf, clock_is_set, broken_nft, linked_log,
    second_pass, clock_of_others, logs_come_and_go)
