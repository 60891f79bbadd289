# SPDX-License-Identifier: Apache-2.0
"""A host of the test bed with a guard on it, and the tests of both: for the scripts here.

A test is run twice: as it is, it makes the test bed and runs itself again in the client's
network namespace, where every address of the test bed's clients is local.
"""
import contextlib
import ipaddress
import json
import os
import random
import shutil
import signal
import smtplib
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import attackers
import tap
from tap import POSTERN, TOP, ok

UID = 5100


def until(condition, seconds=60.0):
    """tap.until(), for daemons of a whole host."""
    return tap.until(condition, seconds)


class Host:
    """The host NAME of the test bed in WORK, and its guard."""

    def __init__(self, work, name='mx1'):
        self.work, self.root = work, os.path.join(work, name)
        with open('%s/%s.pid' % (work, name), encoding='ascii') as file:
            self.init = child_of(int(file.read()))
        self.guard = None

    def run(self, *command):
        return subprocess.run(['nsenter', '-t', str(self.init), '-m', '-p', '-n', '-u', '-i',
                               *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              cwd='/', timeout=60, check=False, encoding='utf-8')

    def append(self, path, text):
        path = self.root + path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'a', encoding='ascii') as file:
            file.write(text)

    def give(self, settings, folders, group='postern'):
        """A user for the guard, in GROUP too, its SETTINGS and FOLDERS of its own."""
        self.append('/etc/passwd', 'postern:x:%d:%d::/:/bin/false\n' % (UID, UID))
        self.append('/etc/group', 'postern:x:%d:\n' % UID)
        with open(self.root + '/etc/group', encoding='ascii') as file:
            groups = file.read().splitlines()
        with open(self.root + '/etc/group', 'w', encoding='ascii') as file:
            for line in groups:
                file.write(line + ('postern' if line.startswith(group + ':') else '') + '\n')
        self.append('/etc/postern/postern.conf', settings)
        for folder in folders:
            os.makedirs(self.root + folder)
            os.chown(self.root + folder, UID, UID)

    def start(self):
        said = open(self.work + '/guard.log', 'a', encoding='utf-8')
        before = len(self.said())
        self.guard = subprocess.Popen(['nsenter', '-t', str(self.init), '-m', '-p', '-n', '-u',
                                       '-i', POSTERN, 'guard', '--from-start'], cwd='/',
                                      stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        said.close()
        return until(lambda: self.said()[before:].count('follows and judges'))

    def kill(self, number):
        os.kill(child_of(self.guard.pid), number)
        return self.guard.wait(20)

    def parts(self, name='postern'):
        """The processes of the guard: root's, the one that judges, one for each action."""
        return [int(pid) for pid in self.run('pgrep', name).stdout.split()]

    def said(self):
        with open(self.work + '/guard.log', encoding='utf-8') as said:
            return said.read()

    def bans(self, where='1'):
        with contextlib.closing(sqlite3.connect(
                'file:%s/srv/postern/postern.db?mode=ro' % self.root, uri=True,
                timeout=20)) as db:
            db.row_factory = sqlite3.Row
            return db.execute('SELECT * FROM bans WHERE %s ORDER BY "from"' % where).fetchall()

    def bans_of(self, ip, rule):
        return self.bans("key='%s' AND rule='%s'" % (ip, rule))

    def nft(self):
        """What nft drops, as networks, and how many packets it dropped."""
        done = self.run('nft', '-j', 'list', 'table', 'inet', 'postern')
        banned, packets = set(), 0
        for item in json.loads(done.stdout)['nftables'] if done.returncode == 0 else ():
            for element in item.get('set', {}).get('elem', ()):
                value = element['elem']['val'] if 'elem' in element else element
                bits = item['set']['name'].partition('_')[2] # net4_24
                banned.add(ipaddress.ip_network(value + ('/' + bits if bits else '')))
            for part in item.get('rule', {}).get('expr', ()):
                packets += part.get('counter', {}).get('packets', 0)
        return banned, packets

    def drops(self, ip):
        return any(ipaddress.ip_address(ip) in one for one in self.nft()[0])


def child_of(pid):
    try:
        with open('/proc/%d/task/%d/children' % (pid, pid), encoding='ascii') as children:
            return int(children.read().split()[0])
    except (OSError, IndexError):
        return None


def one_attacker(host, attacker):
    """Strikes, then looks for the ban that is due. What is wrong, as text."""
    odd = attacker.strike()
    key = str(ipaddress.ip_network(attacker.ips[0] + '/64', strict=False)) \
        if attacker.rule == 'login-net' else attacker.ips[-1]
    until(lambda: host.bans_of(key, attacker.rule))
    bans = host.bans("key='%s'" % key)
    if [(ban['rule'], ban['counted'], ban['dry_run']) for ban in bans] != \
            [(attacker.rule, attacker.count, 0)]:
        odd.append('bans of %s: %s' % (key, [tuple(ban) for ban in bans]))
    if not until(lambda: host.drops(attacker.ips[-1])):
        odd.append('nft does not drop it')
    if any(attackers.door_is_open(ip) for ip in attacker.ips[-1:]):
        odd.append('it can still connect')
    return odd


def tried(visit):
    """What VISIT gives, or in a list why it could not be."""
    try:
        return visit()
    except (OSError, smtplib.SMTPException) as error:
        return [repr(error)]


def bail_out(what):
    print('Bail out! ' + what)
    sys.exit(1)


def step(work, *command):
    path = '%s/%s.log' % (work, os.path.basename(command[0]))
    with open(path, 'w', encoding='utf-8') as log:
        if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                          check=False).returncode == 0:
            return
    with open(path, encoding='utf-8') as log:
        bail_out('%s: %s' % (' '.join(command), (log.readlines() or ['?'])[-1].strip()))


def guarded(host, *parts):
    """PARTS of a test on HOST while its guard runs, which is gone at the end."""
    if not ok(host.start(), 'the guard starts', host.said()):
        return
    try:
        for part in parts:
            part()
    finally:
        if host.guard.poll() is None:
            host.kill(signal.SIGKILL)


def main(inside, *up):
    """INSIDE is given the work directory and the seed; the test bed is started with UP."""
    if len(sys.argv) == 3:
        inside(*sys.argv[1:])
        tap.done()
    if len(sys.argv) == 2:
        sys.exit(in_testbed(sys.argv[1], up))
    if subprocess.run([TOP + '/tests/e2e/possible'], check=False).returncode:
        bail_out('not possible here')
    work = tempfile.mkdtemp(prefix='postern-e2e-guard-')
    status = subprocess.run([TOP + '/tests/e2e/within', work, 'python3',
                             'tests/e2e/' + os.path.basename(sys.argv[0]), work],
                            cwd=TOP, check=False).returncode
    if status == 0:
        shutil.rmtree(work)
    else:
        print('# the logs and the truth stay in ' + work)
    sys.exit(status)


def in_testbed(work, up):
    """Where its daemons are: makes the test bed, and runs the test in it."""
    testbed = TOP + '/tests/testbed/'
    seed = os.environ.get('SEED') or str(random.randrange(1, 10 ** 9))
    print('# SEED=' + seed, flush=True)
    if not shutil.which('nft'):
        bail_out('nft is missing (package nftables)')
    try:
        step(work, testbed + 'up', work, *up)
        with open(work + '/state', encoding='ascii') as state:
            tag = state.readline().strip().partition('=')[2]
        return subprocess.run(['ip', 'netns', 'exec', tag + '-cl', sys.executable,
                               os.path.abspath(sys.argv[0]), work, seed],
                              check=False).returncode
    finally:
        subprocess.run([testbed + 'down', work, '--purge'], stdout=subprocess.DEVNULL,
                       check=False)
