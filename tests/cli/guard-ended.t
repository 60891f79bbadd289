#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An action that is taken out of the settings, or gets another table or file, or that the rule
does not name any more, keeps out nobody any more, whether the guard reloads or stops and is
started again.
"""
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from guard_host import Host, edit, run
from tap import ok, until


def tables():
    done = subprocess.run(['nft', 'list', 'tables'], stdout=subprocess.PIPE, text=True, check=False)
    return set(done.stdout.split()) & {'postern', 'other'}


def read(path):
    with open(path, encoding='ascii') as text:
        return text.read()


def renew(host, how):
    """HOST's guard takes the settings as they are now."""
    before = host.text().count('follows and judges')
    if how == 'reload':
        host.guard.send_signal(signal.SIGHUP)
    else:
        host.kill_all() if how == 'kill' else host.kill()
        host.start()
    until(lambda: host.text().count('follows and judges') > before)


def ended(how):
    host = Host()
    done = add_own(host)
    host.start()
    host.fail('198.51.100.1', 5)
    until(lambda: host.banned() and os.path.exists(done))
    renew(host, how)
    ok('-' not in read(done), how + ': what stays is not ended',
       read(done))
    edit(host, 'path = ' + host.path('banned'), 'path = ' + host.path('elsewhere'))
    edit(host, '[action own]\n', '[action own]\nenabled = no\n')
    with open(host.path('p.conf'), 'a', encoding='ascii') as conf:
        conf.write('[action nft]\ntable = other\n')
    renew(host, how)
    ok(until(lambda: os.path.exists(host.path('elsewhere')) and
             '198.51.100.1/32' in read(host.path('elsewhere'))), how + ': the new file has it',
       host.text())
    ok(not host.banned(), 'the old file has nobody any more', host.banned(), host.text())
    ok(read(done).endswith('- 198.51.100.1\n'), 'what a command did is undone', read(done))
    if os.geteuid() == 0:
        ok(until(lambda: tables() == {'other'}), 'the old table is gone', tables(), host.text())
    ok(host.policy('198.51.100.1').startswith('action=REJECT') and
       host.text().count('action own is not in the settings any more') == 1 and
       host.text().count('is not in the settings any more') == (3 if os.geteuid() == 0 else 2),
       'who is banned stays so, and that it was ended is said', host.text())
    host.kill()
    ok('198.51.100.1/32' in read(host.path('elsewhere')) and
       (os.geteuid() != 0 or tables() == {'other'}), 'a stop alone ends nothing')
    host.gone()
    subprocess.run(['nft', 'delete', 'table', 'inet', 'other'], stderr=subprocess.DEVNULL,
                   check=False)


def add_own(host):
    """An action that runs a program; returns what it writes what it did into."""
    with open(host.path('p.conf'), 'a', encoding='ascii') as conf:
        conf.write('[action own]\nkind = command\nban = /bin/sh -c "echo + {ip} >>%s"\n'
                   'unban = /bin/sh -c "echo - {ip} >>%s"\n' % ((host.path('done'),) * 2))
    return host.path('done')


def not_named(how):
    """The rule names fewer actions: those that it does not name end what they did for it."""
    host = Host('[action second]\nkind = file\npath = %s\n',
                '[rule login-failures]\nactions = file, second, nft, own\n')
    second = host.path('second')
    edit(host, '%s', second)
    done = add_own(host)
    host.start()
    host.fail('198.51.100.1', 5)
    until(lambda: host.banned() and os.path.exists(done))
    host.control(op='ban', address='198.51.100.2', seconds=600)
    until(lambda: '198.51.100.2' in read(done))
    edit(host, 'actions = file, second, nft, own', 'actions = file')
    renew(host, how)
    ok(until(lambda: '- 198.51.100.1\n' in read(done)), how + ': a command that the rule does not '
       'name any more undoes what it did', read(done), host.text()[-900:])
    ok(until(lambda: '198.51.100.1/32' in host.banned() and
             '198.51.100.1/32' not in read(second)) and '198.51.100.2/32' in read(second) and
       (os.geteuid() != 0 or until(lambda: host.nft() == {'198.51.100.2'})), 'so do the others',
       read(second), host.nft())
    until(lambda: host.rows('SELECT commands FROM bans ORDER BY "from"') == [('',), ('own',)])
    renew(host, how)
    host.control(op='ban', address='198.51.100.3', seconds=600)
    until(lambda: '198.51.100.3' in read(done))
    ok(read(done).count('- ') == 1, 'once, and for nobody else', read(done))
    edit(host, 'actions = file', 'actions = file, own')
    renew(host, how)
    ok(until(lambda: read(done).rindex('+ 198.51.100.1\n') > read(done).index('- ')),
       'a command that it names again bans', read(done))
    edit(host, 'actions = file, own', 'actions = file')
    renew(host, how)
    ok(until(lambda: read(done).count('- 198.51.100.1\n') == 2), 'and ends it again', read(done))
    host.kill()
    host.gone()


SLOW = ('[action %s]\nkind = command\nban = /bin/sh -c "echo %s+{ip} >>%s"\n'
        'unban = /bin/sh -c "sleep 1.5; echo %s-{ip} >>%s"\n')


def slow():
    """What an action that is gone takes its time to undo holds up nobody but its like."""
    host = Host()
    done = host.path('done')
    with open(host.path('p.conf'), 'a', encoding='ascii') as conf:
        conf.write(SLOW % ('own', 'own', done, 'own', done))
    host.start()
    for n in range(1, 4):
        host.fail('198.51.100.%d' % n, 5)
    until(lambda: os.path.exists(done) and read(done).count('own+') == 3)
    edit(host, '[action own]', '[action other]')
    edit(host, 'own+', 'other+')
    edit(host, 'own-', 'other-')
    began = time.monotonic()
    host.guard.send_signal(signal.SIGHUP)
    until(lambda: host.text().count('follows and judges') == 2)
    answer = host.policy('198.51.100.1')
    ok(answer and 'REJECT' in answer and time.monotonic() - began < 3 and
       'own-' not in read(done), 'Postfix is answered while it goes on',
       answer, time.monotonic() - began, read(done))
    host.fail('198.51.100.4', 5)
    ok(until(lambda: '198.51.100.4/32' in host.banned()) and read(done).count('own-') < 3,
       'others ban meanwhile', read(done))
    ok(until(lambda: read(done).count('other+') == 4, 12), 'then the command that took its place',
       read(done), host.text())
    lines = read(done).split()
    ok(lines[3:6] == ['own-198.51.100.%d' % n for n in (3, 2, 1)] and
       len(lines) == 10, 'once all is undone', lines)
    edit(host, '[action other]', '[action third]')
    edit(host, 'other+', 'third+')
    edit(host, 'other-', 'third-')
    renew(host, 'reload')
    edit(host, '[action third]\n', '[action third]\nenabled = no\n')
    renew(host, 'reload')
    began = time.monotonic()
    status = host.kill()
    lines = read(done).split()[10:]
    ok(status == 0 and sorted(lines) == ['other-198.51.100.%d' % n for n in (1, 2, 3, 4)],
       'a stop waits for it, and who waited has nothing to undo', status, lines, host.text())
    ok(host.banned() >= {'198.51.100.4/32'}, 'who is banned stays so')
    host.gone()


def wrong_settings():
    """Where they have faults nothing is known of what is to be."""
    host = Host()
    host.start()
    host.fail('198.51.100.1', 5)
    until(host.banned)
    edit(host, 'path = ' + host.path('banned'), 'path = ' + host.path('elsewhere') + '\nkeep = 1')
    host.kill()
    ok(host.banned() == {'198.51.100.1/32'}, 'settings with faults end nothing', host.text())
    host.gone()


run(lambda: ended('reload'), lambda: ended('restart'), wrong_settings,
    slow, *(lambda how=how: not_named(how) for how in ('reload', 'restart', 'kill')))
