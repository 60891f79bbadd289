#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The guard on a host with Exim that is attacked: the test bed's web1 under its own mix of
traffic, and one attacker for each rule that Exim's log can lead to (attackers.py). The
guard reads mainlog and rejectlog, which tell refusals twice. SEED=N repeats a run,
SUITE=trixie takes that Debian's Exim.
"""
import concurrent.futures
import ipaddress
import json
import signal
import subprocess

import attackers
import mailhost
from attackers import EXIM, door_is_open, net
from mailhost import one_attacker, tried, until
from tap import TOP, ok

FRIEND, CLUMSY, LATE = '192.0.2.200', '192.0.2.201', '198.51.100.254'
SETTINGS = '''
[input]
files = /var/log/exim4/mainlog, /var/log/exim4/rejectlog
tz = UTC
[store]
url = sqlite:/srv/postern/postern.db
[guard]
log = info
[rule login-failures]
allow = %s
[rule unknown-users]
allow = %s
''' % (net(0xf002), net(0xf004))
# Who did one of these in the mix can be banned by a rule: classes of truth.json.
ATTACKS = ('exim-brute', 'exim-inject', 'exim-relay', 'exim-unknown', 'exim-dnsbl',
           'exim-badsender', 'exim-badhelo', 'exim-content', 'exim-sync', 'exim-lost',
           'exim-http')


def clumsy_user():
    """An own user with the wrong password, four times, between right ones."""
    return [attackers.submit(CLUMSY, 'blog', word)
            for word in ('right-blog', 'a', 'b', 'c', 'd', 'right-blog', 'e', 'right-blog')]


def friend():
    return [attackers.deliver(FRIEND, 'shop@host.test')[0] for _ in range(6)]


def attacked(host, seed):
    with open(host.work + '/drive.log', 'w', encoding='utf-8') as log:
        drive = subprocess.Popen([TOP + '/tests/testbed/drive', host.work, '--seed', str(seed),
                                  '--scale', '0.3', '--patience', '12', '--only',
                                  'exim,eximlocal'],
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        with concurrent.futures.ThreadPoolExecutor(len(EXIM) + 2) as pool:
            done = [pool.submit(one_attacker, host, attacker) for attacker in EXIM]
            user, mail = pool.submit(tried, clumsy_user), pool.submit(tried, friend)
        driven = drive.wait(180)
    for attacker, odd in zip(EXIM, done):
        ok(not odd.result(), '%s: %s, %d' % (attacker.rule, attacker.what, attacker.count),
           *odd.result())
    ok(user.result() == [250, 535, 535, 535, 535, 250, 535, 250] and door_is_open(CLUMSY),
       'a clumsy user is let in', user.result())
    ok(set(mail.result()) == {250} and door_is_open(FRIEND), 'a friend delivers',
       mail.result())
    ok(driven == 0, 'the mix of traffic is driven')
    ok(host.nft()[1] > 0, 'nft counts dropped packets')


def mix(host):
    """The test bed's own traffic: its truth against the bans."""
    with open(host.work + '/truth.json', encoding='utf-8') as truth:
        never_seen = json.load(truth)['never_seen']
    did, relayed = {}, {}
    with open(host.work + '/truth.jsonl', encoding='utf-8') as truth:
        for session in map(json.loads, truth):
            if session['svc'] == 'exim':
                did.setdefault(session['ip'], set()).add(session['class'])
                relayed[session['ip']] = relayed.get(session['ip'], 0) + (
                    session['class'] == 'exim-relay' and
                    any(code == 550 for _, code, _, _ in session['replies']))
    banned = {ban['key'] for ban in host.bans()}
    networks = [ipaddress.ip_network(key) for key in banned]
    wrong = [str(one) for one in networks if any(
        ipaddress.ip_address(ip) in one and not classes.intersection(ATTACKS)
        for ip, classes in did.items())]
    ok(did and not wrong, 'nobody legitimate is banned, of %d' % len(did), wrong)
    wrong = [ip for ip in never_seen if any(ipaddress.ip_address(ip) in n for n in networks)]
    ok(not wrong, 'and no address that was only ever named', wrong)
    due = [ip for ip, count in relayed.items() if count >= 3]
    ok(banned.issuperset(due), 'who tried to relay three times is banned: %d' % len(due),
       sorted(set(due) - banned))


def killed(host):
    """The guard is gone, and comes back."""
    banned = host.nft()[0]
    for _ in range(3):
        attackers.log_in(LATE, 'judy', 'x')
    host.kill(signal.SIGKILL)
    ok(attackers.deliver(FRIEND, 'shop@host.test')[0] == 250, 'killed: Exim receives mail')
    ok(until(lambda: not host.parts()), 'none of its processes is left', host.parts())
    for _ in range(2):
        attackers.log_in(LATE, 'judy', 'x')
    ok(door_is_open(LATE), 'the fifth attempt, which nobody sees')
    count = len(host.bans())
    ok(host.start(), 'started again', host.said()[-900:])
    ok(until(lambda: host.bans_of(LATE, 'login-failures')) and until(lambda: host.drops(LATE)),
       'it saw the fifth attempt', host.said()[-900:])
    ok(len(host.bans()) == count + 1 and host.nft()[0] >= banned, 'and no other one twice',
       len(host.bans()), count, banned - host.nft()[0])
    ok(host.kill(signal.SIGTERM) == 0 and not host.parts(), 'SIGTERM ends it',
       host.said()[-900:])


def inside(work, seed):
    """In the client's network namespace."""
    attackers.visit('web1')
    host = mailhost.Host(work, 'web1')
    host.give(SETTINGS, ('/run/postern', '/srv/postern'), 'Debian-exim')
    mailhost.guarded(host, lambda: attacked(host, seed), lambda: mix(host), lambda: killed(host))


mailhost.main(inside, '--no-amavis')
