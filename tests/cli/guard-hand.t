#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bans and lifts by hand, and what is said of them: beside a guard in a dry run, and beside
bans that are there already.
"""
import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from guard_host import BANS, Host, edit, run, write
from tap import POSTERN, ok, until


def bans(host, *words):
    done = subprocess.run([POSTERN, 'bans', words[0], '--config', host.path('p.conf'), *words[1:]],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def dry_run():
    host = Host()
    host.start()
    host.fail('198.51.100.1', 5)
    until(host.banned)
    host.kill()
    host.start('--dry-run')
    ok(': dry run: ' in host.text(), 'a dry run says that it is one', host.text()[-300:])
    got = bans(host, 'add', '198.51.100.2')
    ok(got[0] == 1 and 'is a dry run, which bans nobody' in got[1] and
       host.policy('198.51.100.2') == 'action=DUNNO\n\n', 'a dry run bans nobody by hand either', got)
    got = bans(host, 'remove', '198.51.100.1')
    ok(got[0] == 0 and '198.51.100.1 is not banned any more' in got[1] and
       'is a dry run: written down' in got[1], 'what it finds is lifted', got)
    got = bans(host, 'remove', '198.51.100.1')
    ok(got[0] == 1 and got[1].endswith('198.51.100.1 is not banned\n'), 'once', got)
    host.kill()
    host.start()
    ok(until(lambda: not host.banned()), 'for the next guard, too', host.banned())
    host.kill()
    edit(host, '[guard]\n', '[guard]\ndry_run = yes\n')
    host.start()
    ok('[guard] dry_run: ' in host.text(), 'so does one by the settings', host.text()[-300:])
    host.kill()
    host.gone()


def longer():
    host = Host()
    host.start()
    bans(host, 'add', '198.51.100.1', '--for', '2d')
    got = bans(host, 'add', '198.51.100.1', '--for', '1h')
    ok(got[0] == 0 and 'an earlier ban of it lasts longer, until ' in got[1] and
       'bans remove 198.51.100.1' in got[1], 'a shorter ban ends no longer one', got)
    got = bans(host, 'add', '198.51.100.1', '--for', 'forever')
    ok(got[0] == 0 and 'lasts longer' not in got[1], 'a longer one needs no word', got)
    got = bans(host, 'add', '198.51.100.1')
    ok('lasts longer, for good;' in got[1], 'for good is the longest', got)
    host.kill()
    host.gone()


def allowed_since():
    host = Host()
    host.start()
    bans(host, 'add', '198.51.100.0/24')
    bans(host, 'add', '198.51.101.1')
    host.kill()
    edit(host, 'allow = ', 'allow = 198.51.100.7, ')
    host.start()
    ok('allow says that 198.51.100.7 is never banned; but it is banned since before: '
       'postern bans remove 198.51.100.0/24' in host.text() and
       '198.51.101.1 is' not in host.text(), 'who is allowed and banned is named', host.text())
    host.kill()
    host.gone()


def many_allowed():
    host = Host()
    host.start()
    bans(host, 'add', *['198.51.100.%d' % n for n in range(30)])
    host.kill()
    edit(host, 'allow = ', 'allow = 198.51.100.0/24, ')
    host.start()
    ok(host.text().count('banned since before: postern bans remove') == 10 and
       '20 more that [guard] allow has' in host.text(), 'of many some are named', host.text())
    host.kill()
    host.gone()


def left_out():
    host = Host()
    host.start()
    bans(host, 'add', '198.51.100.0/25', '2001:db8:1:100::/56', '198.51.101.0/24')
    got = bans(host, 'export', '--format', 'hash')
    ok(got[0] == 0 and '198.51.101\tREJECT' in got[1] and 'hash has no way to write '
       '198.51.100.0/25 and 1 more network, left out; cidr has all' in got[1],
       'what hash leaves out is told', got)
    got = bans(host, 'export', '--format', 'cidr')
    ok('no way' not in got[1] and '198.51.100.0/25' in got[1], 'cidr has all', got)
    host.kill()
    host.gone()


def many_own():
    """A host's address that is not known to be one could be banned."""
    host = Host()
    edit(host, 'log = debug', 'own = ' + ', '.join('10.0.%d.%d' % (n >> 8, n & 255)
                                                   for n in range(257)))
    done = subprocess.run([POSTERN, 'config', 'check', '--config', host.path('p.conf')],
                          stdout=subprocess.PIPE, text=True, check=False)
    ok(done.returncode == 3 and '[guard] own: there are 257; expected 256 at most' in done.stdout,
       'too many addresses are a fault', done.stdout)
    host.gone()


def ahead():
    """A log whose clock is an hour ahead."""
    host = Host()
    host.start()
    host.ahead = 3600
    host.fail('198.51.100.1', 5)
    ok(until(host.banned), 'who fails in an hour is banned')
    got = bans(host, 'list', '--format', 'csv')
    ok('198.51.100.1,login-failures,' in got[1], 'and listed', got)
    got = bans(host, 'export')
    ok(got[1] == '198.51.100.1/32\n', 'and exported', got)
    got = bans(host, 'remove', '198.51.100.0/24')
    ok('but 198.51.100.1 is, id ' in got[1], 'and named', got)
    host.kill()
    host.gone()


def twice():
    """Who starts a guard where one runs learns it soon."""
    host = Host('[action nft]\nenabled = no\n')
    host.start()
    begun = time.monotonic()
    done = subprocess.run([POSTERN, 'guard', '--config', host.path('p.conf')], text=True, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    ok(done.returncode == 1 and 'control: another process listens there' in done.stdout,
       'a second guard does not start', done.stdout)
    ok(time.monotonic() - begun < 20, 'nor does it wait for long', time.monotonic() - begun)
    ok(host.status() is not None, 'the first goes on', host.text())
    host.kill()
    host.gone()


def behind():
    """A log whose clock is so far behind that each ban is over at once."""
    host = Host()
    host.start()
    host.ahead = -7200
    host.fail('198.51.100.1', 5)
    host.fail('198.51.100.2', 5)
    ok(until(lambda: '198.51.100.1 is not banned for login-failures: that was over 1h ago when '
             'the log told of it' in host.text()) and '[input] tz' in host.text(),
       'a ban that comes too late is told', host.text())
    until(lambda: len(host.rows(BANS)) == 2)
    ok(host.text().count('was over') == 1, 'not each', host.text())
    host.kill()
    host.start()
    host.ahead = -3630
    host.fail('198.51.100.3', 5)
    ok(until(lambda: 'that was over 3' in host.text()), 'seconds are seconds', host.text())
    host.kill()
    host.gone()


def failing():
    """What an action could not do is not done."""
    host = Host('[action own]\nkind = command\nban = /usr/bin/test -e %s\n'
                '[action nft]\nenabled = no\n')
    works = host.path('works')
    edit(host, 'test -e %s', 'test -e ' + works)
    host.start()
    host.fail('198.51.100.1', 5)
    host.fail('198.51.100.2', 5)

    def counts():
        for row in host.control(op='counts')['actions']:
            done, failed, waiting, name = row.split()
            if name == 'own':
                return int(done), int(failed) > 0, int(waiting)
        return None
    ok(until(lambda: counts()[1:] == (True, 2)), 'a command that fails has still to be done',
       counts())
    done = counts()[0]
    open(works, 'w', encoding='ascii').close()
    ok(until(lambda: counts() == (done + 2, True, 0)), 'and then is', counts())
    host.kill()
    host.gone()


def unheard():
    """A Postfix that does not run reads the table when it starts: nothing is wrong."""
    postfix = shutil.which('postfix', path='/usr/sbin:/usr/bin')
    if os.geteuid() != 0 or not postfix:
        ok(True, 'another program in the place of postfix takes root, and postfix # SKIP')
        return
    host = Host('[action told]\nkind = file\npath = %s\nafter = reload\n'
                '[action nft]\nenabled = no\n')
    table, asked, fake = host.path('table'), host.path('asked'), host.path('postfix')
    edit(host, 'path = %s', 'path = ' + table)
    write(fake, ['#!/bin/sh\n', 'echo "$1" >>%s\n' % asked, 'exit 1\n'])
    os.chmod(fake, 0o755)
    subprocess.run(['mount', '--bind', fake, postfix], check=True)
    host.start()
    host.fail('198.51.100.1', 5)
    ok(until(lambda: os.path.exists(asked) and open(asked, encoding='ascii').read() ==
             'reload\nstatus\n' and '198.51.100.1/32' in open(table, encoding='ascii').read()),
       'who reads the table is told, and does not run', host.text())
    host.kill()
    ok(' error: ' not in host.text(), 'which is no error', host.text())
    subprocess.run(['umount', postfix], check=True)
    host.gone()


def starved():
    """A guard that has no time to answer does later what it was asked."""
    host = Host()
    host.start()
    bans(host, 'add', '198.51.100.1')
    children = subprocess.run(['pgrep', '-P', str(host.guard.pid)], stdout=subprocess.PIPE,
                              check=False).stdout.split()
    processes = [host.guard.pid, *map(int, children)]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    got = bans(host, 'remove', '198.51.100.1')
    for process in processes:
        os.kill(process, signal.SIGCONT)
    ok(got[0] == 1 and 'the guard has not answered in 10 s; it may still do it: '
       'postern bans list 198.51.100.1 shows' in got[1], 'who gives up is told that', got)
    ok(until(lambda: not host.banned()), 'and it does it', host.banned())
    host.kill()
    host.gone()


def turned_off():
    """A rule that is turned off: what its bans did they still do, and no more."""
    host = Host('[action own]\nkind = command\nban = /usr/bin/true\n',
                '[rule login-failures]\nactions = own\n')
    host.start()
    host.fail('198.51.100.1', 5)
    until(lambda: host.status()['banned'] == 1)
    edit(host, 'actions = own', 'actions = own\nenabled = no')
    host.kill()
    host.start()
    bans(host, 'add', '198.51.100.2')
    ok(until(lambda: '198.51.100.2/32' in host.banned()) and host.status()['banned'] == 2 and
       '198.51.100.1/32' not in host.banned() and
       (os.geteuid() != 0 or host.nft() == {'198.51.100.2'}),
       'bans of a rule that is off go to its actions alone', host.banned(), host.nft())
    host.kill()
    host.gone()


run(dry_run, longer, turned_off, allowed_since, many_allowed, left_out, many_own, ahead, behind, twice,
    failing, unheard, starved)
