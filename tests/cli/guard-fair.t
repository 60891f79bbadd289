#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whom a rule bans and whom not: rules by place, networks that hold somebody who is
allowed or has earned protection, windows over a time in which the guard was away.
"""
import csv
import os
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from guard_host import Host, edit, run
from tap import POSTERN, TOP, ok, until

SHIPPED = subprocess.run([POSTERN, 'config', 'show'], stdout=subprocess.PIPE, text=True,
                         check=False).stdout
OFF = ''.join('[rule %s]\nenabled = no\n' % name
              for name in re.findall(r'^\[rule (\S+)\]', SHIPPED, re.M))
PLACES = OFF + '''[rule number]
match = attempt & outcome=failure
by = asn
count = 6
within = 1h
[rule country]
match = attempt & outcome=failure & country=FR
by = ip
count = 2
within = 1h
[rule many]
match = attempt & outcome=failure & user=many
by = user
distinct = asn
count = 2
within = 1h
'''


def places():
    """192.0.2.0/26 is DE, the next 64 FR, both AS64496; 192.0.2.128 and on AS64497."""
    host = Host(rules=PLACES)
    database = host.path('places.pgeo')
    subprocess.run([POSTERN, 'geo', 'build', '-o', database,
                    '--country', os.path.join(TOP, 'tests/places/country.csv'),
                    '--asn', os.path.join(TOP, 'tests/places/asn.csv')],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    with open(host.path('p.conf'), 'a', encoding='ascii') as conf:
        conf.write('[geo]\nfiles = %s\n' % database)
    ok(host.start(), 'rules by country and network: starts', host.text())
    host.fail('192.0.2.1', 3)
    host.fail('192.0.2.70', 2)
    host.fail('192.0.2.2', 1, 'many')
    host.fail('192.0.2.129', 1, 'many')
    ok(until(lambda: 'ban 192.0.2.70 ' in host.text()), 'those from one country', host.text())
    ok(until(lambda: 'ban 64496 ' in host.text()), 'by number of the network', host.text())
    ok(until(lambda: 'ban many ' in host.text()), 'distinct numbers', host.text())
    ok('192.0.2.1/32' not in host.banned(), 'and nobody else', host.banned())
    host.kill()
    replay = subprocess.run([POSTERN, 'replay', '--config', host.path('p.conf'), '--format', 'json',
                             host.log], stdout=subprocess.PIPE, text=True, check=False).stdout
    ok(all(re.search(r'"%s"' % who, replay) for who in ('192.0.2.70', '64496', 'many')),
       'replay bans the same', replay[-1500:])
    host.gone()


AWAY = OFF + '''[protect]
on = no
[rule five]
match = attempt & outcome=failure
by = ip
count = 5
within = 10m
ban = 2w
'''


def away():
    """A guard that was away for longer than its rules look back, and has all that to read."""
    host = Host(rules=AWAY)
    host.start()
    host.ahead = -3600
    host.fail('192.0.2.1', 4)
    until(lambda: host.status()['events'] >= 4)
    host.kill()
    host.ahead += 10
    host.fail('192.0.2.1', 1)
    host.start()
    ok(until(lambda: 'ban 192.0.2.1 ' in host.text(), 5),
       'what it counted before it was away counts with what is read later', host.text())
    host.kill()
    host.gone()


MAIL = ('connect from mx.example.test[192.0.2.9]',
        '3bZLDu1V55z37Dv: client=mx.example.test[192.0.2.9]')
QUEUED = ('cleanup[8]: 3bZLDu1V55z37Dv: message-id=<1@example.test>',
          'qmgr[9]: 3bZLDu1V55z37Dv: from=<a@example.test>, size=7, nrcpt=1 (queue active)',
          'local[10]: 3bZLDu1V55z37Dv: to=<b@example.test>, relay=local, delay=1, '
          'delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)',
          'qmgr[9]: 3bZLDu1V55z37Dv: removed')


def last_mail():
    """The last message of an evening is told with the next line, whatever it tells of."""
    host = Host(rules=OFF)
    host.start()
    stamp = time.strftime('%Y-%m-%dT%H:%M:%S+00:00', time.gmtime(time.time() - 5))
    with open(host.log, 'a', encoding='ascii') as log:
        for line in ['smtpd[7]: ' + line for line in MAIL] + list(QUEUED):
            log.write('%s mx1 postfix/%s\n' % (stamp, line))
    host.fail('192.0.2.1', 1)
    ok(until(lambda: host.rows("SELECT 1 FROM events WHERE kind = 'message'"), 5),
       'a message is told with the next line that comes', host.text()[-500:])
    host.kill()
    host.gone()


def passwords():
    """What Dovecot's auth_verbose_passwords left in the log is shown to nobody."""
    host = Host()
    host.start()
    with open(host.log, 'a', encoding='ascii') as log:
        for n in range(5):
            log.write('%s mx1 dovecot: auth-worker(7): sql(joe,192.0.2.1,<s%d>): Password mismatch '
                      '(given password: hunter2)\n'
                      % (time.strftime('%Y-%m-%dT%H:%M:%S+00:00', time.gmtime()), n))
    until(lambda: host.banned())
    for form in ('text', 'json'):
        told = subprocess.run([POSTERN, 'bans', 'explain', '192.0.2.1', '--format', form,
                               '--config', host.path('p.conf')], stdout=subprocess.PIPE,
                              text=True, check=False).stdout
        ok('Password mismatch' in told and 'hunter2' not in told, 'explain without passwords: '
           + form, told)
    host.kill()
    host.gone()


def ended_meanwhile():
    """A command is told of a ban that ended while the guard was away."""
    host = Host(rules='[rule login-failures]\nban = 3s\n')
    with open(host.path('p.conf'), 'a', encoding='ascii') as conf:
        conf.write('[action c]\nkind = command\nban = /bin/sh -c "echo +$1 >>%s" x {ip}\n'
                   'unban = /bin/sh -c "echo -$1 >>%s" x {ip}\n'
                   % (host.path('told'), host.path('told')))
    open(host.path('told'), 'w', encoding='ascii').close()
    os.chmod(host.path('told'), 0o666)

    def told():
        with open(host.path('told'), encoding='ascii') as file:
            return file.read().split()
    host.start()
    host.fail('192.0.2.1', 5)
    ok(until(lambda: told() == ['+192.0.2.1']), 'a command is run', told(), host.text())
    host.kill_all()
    time.sleep(3)
    host.start()
    ok(until(lambda: told() == ['+192.0.2.1', '-192.0.2.1'], 5),
       'what ended meanwhile is ended at the start', told(), host.text())
    host.kill()
    host.gone()


OWN = OFF + '''[rule one]
match = attempt & outcome=failure
by = ip
count = 3
within = 10m
ban = 2w
[rule net]
match = attempt & outcome=failure
by = net(ip)
count = 6
within = 10m
ban = 2w
'''


def replayed_elsewhere(host, add):
    """Replay knows them, too, or those of the host that the log is of."""
    def replay():
        done = subprocess.run([POSTERN, 'replay', '--config', host.path('p.conf'), '--format',
                               'csv', host.log], stdout=subprocess.PIPE, text=True, check=False)
        return {row['key'] for row in csv.DictReader(done.stdout.splitlines())}
    ok(replay() == {'203.0.113.1', '198.51.100.1', '198.51.100.0/24'},
       'a replay on the same host bans as the guard did', replay())
    edit(host, '[guard]', '[guard]\nown = 203.0.113.1, 2001:db8:7::9')
    ok(replay() == {'203.0.113.77', '2001:db8:7::1', '198.51.100.1', '198.51.100.0/24'},
       'of another host the settings say its addresses', replay())
    ok('is an address of this host' in add('203.0.113.1'), 'which are those of a guard, then')
    edit(host, 'own = 203.0.113.1', 'own = interfaces, 203.0.113.1')
    ok(replay() == {'198.51.100.1', '198.51.100.0/24'}, 'or both', replay())
    edit(host, 'own = interfaces', 'own = interface')
    done = subprocess.run([POSTERN, 'config', 'check', '--config', host.path('p.conf')],
                          stdout=subprocess.PIPE, text=True, check=False)
    ok(done.returncode == 3 and "[guard] own: 'interface': expected interfaces, or an address"
       in done.stdout, 'a wrong word is told', done)


def ourselves():
    """The host's own addresses are never banned, nor a network with one of them."""
    for address in ('203.0.113.77/32', '2001:db8:7::1/128'):
        subprocess.run(['ip', 'address', 'add', address, 'dev', 'lo'], check=True)
    host = Host(rules=OWN)

    def add(address):
        return subprocess.run([POSTERN, 'bans', 'add', address, '--config', host.path('p.conf')],
                              stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                              check=False).stderr
    host.start()
    host.fail('203.0.113.77', 4)
    host.fail('2001:db8:7::1', 4)
    host.fail('203.0.113.1', 7)
    host.fail('198.51.100.1', 7)
    until(lambda: len(host.banned()) >= 3)
    ok(host.banned() == {'203.0.113.1/32', '198.51.100.1/32', '198.51.100.0/24'},
       'our own addresses are not banned', host.banned(), host.text())
    for address in ('203.0.113.77', '203.0.113.0/24', '2001:db8:7::/64'):
        said = add(address)
        ok('is an address of this host' in said, 'nor by hand: ' + address, said)
    subprocess.run(['ip', 'address', 'add', '203.0.113.78/32', 'dev', 'lo'], check=True)
    host.guard.send_signal(signal.SIGHUP)
    ok(until(lambda: 'is an address of this host' in add('203.0.113.78')), 'also after SIGHUP')
    host.kill()
    said = add('203.0.113.77')
    ok('is an address of this host' in said, 'nor without a guard', said)
    replayed_elsewhere(host, add)
    host.gone()


ENDS = OFF + '''[protect]
on = no
[rule short]
match = attempt & outcome=failure
by = ip
count = 3
within = 10m
ban = 4s
actions = file, both
[rule long]
match = attempt & outcome=failure
by = ip
count = 4
within = 10m
ban = 1h
actions = other, both
'''


def ends_differ():
    """Each action keeps an address as long as the rules that use it say."""
    host = Host(rules=ENDS)
    with open(host.path('p.conf'), 'a', encoding='ascii') as conf:
        for name in ('other', 'both'):
            conf.write('[action %s]\nkind = file\npath = %s\n' % (name, host.path(name)))

    def held():
        got = ''
        for name in ('banned', 'other', 'both'):
            path = host.path(name)
            text = open(path, encoding='ascii').read() if os.path.exists(path) else ''
            got += name[0] if '192.0.2.1/32' in text else '-'
        return got
    host.start()
    host.fail('192.0.2.1', 4)
    ok(until(lambda: held() == 'bob', 3), 'three actions of two rules', held(), host.text())
    ok(until(lambda: held() == '-ob', 8), 'each until the end of its rules', held(), host.text())
    ok('DUNNO' not in host.policy('192.0.2.1'), 'Postfix until the last one')
    host.guard.send_signal(signal.SIGHUP)
    time.sleep(1)
    ok(until(lambda: held() == '-ob', 3), 'also when all is told anew', held(), host.text())
    host.kill()
    host.gone()


def ahead():
    """Whose stamps are ahead of the clock is no safer for it, nor after a restart."""
    host = Host(rules=AWAY)
    host.start()
    host.ahead = 86400
    host.fail('192.0.2.1', 2)
    host.fail('192.0.2.2', 5)
    host.ahead = 0
    host.fail('192.0.2.1', 4)
    ok(until(lambda: host.banned() == {'192.0.2.1/32', '192.0.2.2/32'}),
       'stamps of tomorrow are of now', host.banned(), host.text())
    host.ahead = 86400
    host.fail('192.0.2.3', 3)
    host.fail('192.0.2.4', 4)
    until(lambda: host.status()['events'] >= 36)
    host.kill()
    host.ahead = 0
    host.start()
    host.fail('192.0.2.3', 5)
    ok(until(lambda: '192.0.2.3/32' in host.banned()), 'also after a restart',
       host.banned(), host.text())
    host.kill()
    host.gone()


run(places, away, last_mail, passwords, ended_meanwhile, ourselves, ends_differ, ahead)
