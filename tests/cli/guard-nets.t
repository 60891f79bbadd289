#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Networks in nft: adjacent, nested, prolonged, shortened, lifted, ended, of IPv4 and
IPv6, among addresses; after each step nft has the active bans with their ends, and no
other. Then what others do to the table, a restart, a ban that nft refuses, and packets.
"""
import os
import random
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from guard_host import Host, run
from tap import ok, until

NFT = shutil.which('nft', path='/usr/sbin:/sbin')
RULES = '''[action nft]
kind = nft
[guard]
'''


def active(host):
    """Bans by prefix, with the seconds that are left; the last that was banned counts."""
    now = time.time()
    rows = host.rows('SELECT "key", until FROM bans WHERE lifted IS NULL ORDER BY until')
    return {key: until / 1e6 - now for key, until in rows if until / 1e6 > now}


def same(host):
    want, got = active(host), host.nft_ends()
    return got is not None and set(want) == set(got) and all(
        got[key] is None if want[key] > 1e10 else
        got[key] is not None and abs(want[key] - got[key]) <= 2 for key in want)


def is_same(host, what):
    return ok(until(lambda: same(host), 8), what, active(host), host.nft_ends(),
              host.text()[-700:])


def ban(host, address, seconds):
    got = host.control(op='ban', address=address, seconds=seconds)
    return got and got['ok']


def lift(host, address):
    got = host.control(op='unban', address=address)
    return got and got['ok']


STEPS = (
    ('adjacent of IPv6', ban, '2001:db8:0:10::/64', 3600),
    ('adjacent of IPv6', ban, '2001:db8:0:11::/64', 7 * 86400),
    ('an address after them', ban, '203.0.113.1', 600),
    ('adjacent', ban, '198.51.100.0/24', 3600),
    ('adjacent', ban, '198.51.101.0/24', 7 * 86400),
    ('in both', ban, '198.51.100.0/23', 1800),
    ('nested', ban, '198.51.100.128/25', 900),
    ('an address in them', ban, '198.51.100.129', 300),
    ('around them', ban, '198.51.0.0/16', 450),
    ('the first address of one', ban, '198.51.100.0', 300),
    ('nested, of IPv6', ban, '2001:db8::/48', 3600),
    ('nested, of IPv6', ban, '2001:db8:0:10:8000::/65', 900),
    ('an address in them, of IPv6', ban, '2001:db8:0:10::1', 300),
    ('prolonged', ban, '198.51.100.0/24', 2 * 86400),
    ('prolonged, of IPv6', ban, '2001:db8:0:10::/64', 2 * 86400),
    ('lifted', lift, '198.51.101.0/24'),
    ('lifted, of IPv6', lift, '2001:db8:0:11::/64'),
    ('lifted from the middle', lift, '198.51.100.0/23'),
    ('lifted with others in it', lift, '198.51.0.0/16'),
    ('the only one of its length', ban, '198.18.0.0/15', 3600),
    ('lifted', lift, '198.18.0.0/15'),
    ('banned again', ban, '198.18.0.0/15', 600),
    ('an address', ban, '203.0.113.2', 600),
)


def steps(host):
    for what, act, *rest in STEPS:
        done = act(host, *rest)
        is_same(host, '%s: %s' % (what, rest[0])) and done or ok(done, 'it was done')
    for address in ('192.0.2.0/25', '192.0.2.128/25', '2001:db8:7::/64', '192.0.2.77'):
        ban(host, address, 2)
    is_same(host, 'short ones')
    until(lambda: len(active(host)) and '192.0.2.77' not in active(host))
    is_same(host, 'they end')
    ban(host, '192.0.2.0/25', 600)
    is_same(host, 'one comes back')


def at_random(host):
    """All at once, so that they come in few transactions."""
    rng = random.Random(4)
    kept = set()
    for _ in range(150):
        bits = rng.choice((20, 23, 24, 25, 30, 31, 32))
        number = (198 << 24 | 18 << 16 | rng.randrange(1 << 10)) >> 32 - bits << 32 - bits
        key = '%s/%d' % (socket.inet_ntoa(number.to_bytes(4, 'big')), bits)
        if key in kept and rng.random() < .7:
            lift(host, key)
            kept.discard(key)
        else:
            ban(host, key, rng.randrange(600, 90000))
            kept.add(key)
    is_same(host, 'many at once: %d' % len(active(host)))
    ok('nft' not in host.text(), 'nft refused nothing', host.text()[-700:])


def undone(host):
    """By others: what comes next brings all of it back."""
    for what, *words in (('the ruleset flushed', 'flush', 'ruleset'),
                         ('a set emptied of what is lifted', 'flush', 'set', 'inet', 'postern',
                          'net4_15')):
        subprocess.run(['nft', *words], check=True)
        if words[1] == 'set':
            lift(host, '198.18.0.0/15')
        ban(host, '203.0.113.3', 700 + len(what))
        is_same(host, what)
    host.kill()
    ok(same(host), 'the guard ends: all are kept out', host.nft_ends())
    subprocess.run(['nft', 'add', 'element', 'inet', 'postern', 'net4_25', '{ 192.0.2.128 }'],
                   check=True)
    host.start()
    is_same(host, 'a restart: no others either')
    host.kill()
    subprocess.run(['nft', '-f', '-'], input='flush ruleset\nadd table inet postern\n'
                   'add set inet postern net4 { type ipv4_addr; flags interval, timeout; '
                   'auto-merge; }\nadd set inet postern net4_24 { type ipv4_addr; flags interval; }\n'
                   'add element inet postern net4 { 192.0.2.0/24 }\n', text=True, check=True)
    host.start()
    is_same(host, 'a table of an older version is replaced')


OTHERS = (
    ('the ruleset flushed', 'flush ruleset'),
    ('the table deleted', 'delete table inet postern'),
    ('the table flushed', 'flush table inet postern'),
    ('the chain flushed', 'flush chain inet postern input'),
    ('the chain deleted', 'flush chain inet postern input\ndelete chain inet postern input'),
    ('the chain told to accept', 'insert rule inet postern input accept'),
    ('a set flushed', 'flush set inet postern ban4'),
    ('a set deleted', 'flush chain inet postern input\ndelete set inet postern ban4'),
    ('an address let in', 'delete element inet postern ban4 { 203.0.113.200 }'),
    ('a network let in', 'delete element inet postern net4_24 { 198.51.100.0 }'),
    ('an address banned', 'add element inet postern ban4 { 203.0.113.201 }'),
    ('a rule of another firewall, and all gone', 'add table ip other\nadd chain ip other c\n'
     'flush ruleset'),
)


def lets_in():
    """Does the chain have a rule that lets anybody in?"""
    done = subprocess.run(['nft', '-s', 'list', 'chain', 'inet', 'postern', 'input'],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return '\taccept\n' in done.stdout.replace(' ', '\t')


def at_once(host):
    """What others do to the table is noticed, and put right, though nothing else happens."""
    ban(host, '203.0.113.200', 700)
    ban(host, '198.51.100.0/24', 700)
    is_same(host, 'before anybody else')
    time.sleep(.5) # what the table itself did is told by then
    said = host.text().count('undone')
    ok(said == 0, 'what it does itself is not undone', host.text()[-700:])
    for what, script in OTHERS:
        subprocess.run(['nft', '-f', '-'], input=script, text=True, check=True)
        began = time.monotonic()
        good = until(lambda: same(host) and not lets_in(), 12)
        ok(good, '%s: %.1f s' % (what, time.monotonic() - began),
           set(active(host)) ^ set(host.nft_ends() or ()), lets_in(), host.text()[-700:])
    said = host.text().count('undone')
    ok(said >= 2, 'which is said', said)
    time.sleep(5)
    said = host.text().count('undone')
    subprocess.run(['nft', '-f', '-'], input='add table ip other\nadd set ip other s { type '
                   'ipv4_addr; }\nadd element ip other s { 192.0.2.99 }\n', text=True, check=True)
    ban(host, '203.0.113.202', 2)
    until(lambda: '203.0.113.202' in host.nft())
    until(lambda: '203.0.113.202' not in host.nft())
    time.sleep(3)
    ok(host.text().count('undone') == said, 'but not what others do elsewhere, or time',
       host.text()[-700:])
    subprocess.run(['nft', 'delete', 'table', 'ip', 'other'], check=True)


REFUSES = """#!/bin/sh
cat >%(dir)s/script.$$
if grep -q 'net4_2[0-9] { [^}]*192.0.2.64' %(dir)s/script.$$; then
\techo 'not that one' >&2
\texit 1
fi
exec %(dir)s/nft "$@" <%(dir)s/script.$$
"""


def refused(host):
    """A ban that nft never takes keeps no other out."""
    shutil.copy(NFT, host.path('nft'))
    with open(host.path('fake'), 'w', encoding='ascii') as fake:
        fake.write(REFUSES % {'dir': host.dir})
    os.chmod(host.path('fake'), 0o755)
    subprocess.run(['mount', '--bind', host.path('fake'), NFT], check=True)
    try:
        ban(host, '192.0.2.64/26', 600)
        ban(host, '192.0.2.64/27', 600)
        ban(host, '203.0.113.9', 600)
        want = until(lambda: {'203.0.113.9', *active(host)} - {'192.0.2.64/26', '192.0.2.64/27'})
        ok(until(lambda: host.nft() == want), 'two that are refused: all others are there',
           want ^ (host.nft() or set()), host.text()[-700:])
        ok('192.0.2.64/2' in host.text() and 'not that one' in host.text(), 'which and why is said',
           host.text()[-700:])
        ban(host, '203.0.113.10', 600)
        ok(until(lambda: '203.0.113.10' in host.nft()), 'and who comes next is banned',
           host.text()[-700:])
    finally:
        subprocess.run(['umount', '-l', NFT], check=False)
    lift(host, '203.0.113.10')
    subprocess.run(['nft', 'flush', 'ruleset'], check=True)
    ban(host, '203.0.113.11', 600)
    is_same(host, 'when nothing is refused all are there')


def gets_through(source):
    family = socket.AF_INET6 if ':' in source else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as one, \
            socket.socket(family, socket.SOCK_DGRAM) as other:
        one.bind(('::1' if ':' in source else '127.0.0.1', 0))
        other.bind((source, 0))
        other.sendto(b'x', one.getsockname())
        one.settimeout(.2)
        try:
            return one.recv(1) == b'x'
        except TimeoutError:
            return False


PACKETS = (
    ('192.0.2.0/25', '192.0.2.127', '192.0.2.128'),
    ('198.51.100.144/30', '198.51.100.147', '198.51.100.148'),
    ('198.18.0.0/17', '198.18.127.1', '198.18.128.1'),
    ('2001:db8:0:20::/64', '2001:db8:0:20:ffff::1', '2001:db8:0:21::1'),
    ('2001:db8:30:8::/61', '2001:db8:30:f::1', '2001:db8:30:10::1'),
    ('2001:db8:0:40::2/127', '2001:db8:0:40::3', '2001:db8:0:40::4'),
)


def packets(host):
    """The masks of the rules are right."""
    subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
    for net, inside, outside in PACKETS:
        for one in (inside, outside):
            subprocess.run(['ip', 'addr', 'add', one + ('/128' if ':' in one else '/32'), 'dev',
                            'lo', *(['nodad'] if ':' in one else [])], check=True)
        ok(gets_through(inside) and gets_through(outside), '%s: open' % net)
        ban(host, net, 600)
        until(lambda net=net: net in host.nft())
        ok(not gets_through(inside) and gets_through(outside), '%s: closed, and no more' % net)
        lift(host, net)
        until(lambda net=net: net not in host.nft())
        ok(gets_through(inside), '%s: open again' % net)


def networks():
    if os.geteuid() or not NFT:
        ok(True, 'networks in nft # SKIP not root, or no nft')
        return
    host = Host(RULES)
    ok(host.start(), 'starts', host.text())
    until(lambda: host.nft() is not None)
    try:
        steps(host)
        at_random(host)
        at_once(host)
        undone(host)
        refused(host)
        for key in active(host):
            lift(host, key)
        is_same(host, 'all lifted')
        packets(host)
        host.kill()
    finally:
        host.guard.kill()
        subprocess.run(['umount', '-l', NFT], check=False, stderr=subprocess.DEVNULL)
    host.gone()


run(networks)
