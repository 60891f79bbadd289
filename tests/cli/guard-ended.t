#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An action that is taken out of the settings, or gets another table or file, keeps out
nobody any more, whether the guard reloads or stops and is started again.
"""
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from guard_host import Host, edit, run
from tap import ok, until
import subprocess


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
        host.kill()
        host.start()
    until(lambda: host.text().count('follows and judges') > before)


def ended(how):
    host = Host()
    done = host.path('done')
    with open(host.path('p.conf'), 'a', encoding='ascii') as conf:
        conf.write('[action own]\nkind = command\nban = /bin/sh -c "echo + {ip} >>%s"\n'
                   'unban = /bin/sh -c "echo - {ip} >>%s"\n' % (done, done))
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


run(lambda: ended('reload'), lambda: ended('restart'), wrong_settings)
