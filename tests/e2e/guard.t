#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The guard on a mail host that is attacked: real daemons (tests/testbed) under the test
bed's mix of traffic with a new random seed, and one attacker for each rule (attackers.py).
What the guard banned is compared with who did what, with what nft drops and with what
Postfix says. SEED=N repeats a run, SUITE=trixie takes that Debian's daemons. Two rules need days: their attackers are exempt of the
fast ones instead. Windows and ends of bans are real time.
"""
import concurrent.futures
import ipaddress
import json
import signal
import subprocess
import time

import attackers
import mailhost
from attackers import ATTACKERS, door_is_open, net
from mailhost import one_attacker, tried, until
from tap import TOP, ok

SHORT, ANSWERED = net(0xf007), net(0xf008)
FRIEND, CLUMSY, LATE = '192.0.2.200', '192.0.2.201', '198.51.100.254'
SETTINGS = '''
[input]
files = /var/log/mail.log
tz = UTC
[store]
url = sqlite:/srv/postern/postern.db
[guard]
log = info
[policy]
listen = unix:/var/spool/postfix/postern/policy
[action table]
kind = file
path = /srv/postern/banned
[rule login-failures]
allow = %s
[rule unknown-users]
allow = %s
[rule short]
match = policy & action=reject & reason=sender_domain & ip in %s
count = 2
within = 1h
ban = 25s
[rule answered]
match = policy & action=reject & reason=helo & ip in %s
count = 2
within = 1h
ban = 1h
actions = table
''' % (net(0xf002), net(0xf004), SHORT, ANSWERED)
def prepare(host):
    """Postfix is told to ask the guard, as in the manual."""
    host.give(SETTINGS, ('/run/postern', '/srv/postern', '/spool/postfix/postern'))
    host.append('/etc/postfix/postscreen_access',
                '2001:db8:1:f000::/56 permit\n198.51.100.248/29 permit\n'
                '192.0.2.192/27 permit\n%s reject\n' % net(0xf1ff))
    old = host.run('postconf', '-h', 'smtpd_client_restrictions').stdout.strip()
    policy = 'check_policy_service $postern_policy'
    for setting in ('postern_policy = { unix:postern/policy, timeout=2s, try_limit=1, '
                    'default_action=DUNNO }',
                    'smtpd_client_restrictions = %s, %s' % (policy, old),
                    'smtpd_data_restrictions = ' + policy):
        host.run('postconf', '-e', setting)
    return host.run('postfix', 'reload')


def clumsy_user():
    """An own user with the wrong password, four times, between right ones."""
    return [attackers.log_in(CLUMSY, 'carol@corp.test', word)
            for word in ('right-carol', 'a', 'b', 'c', 'd', 'right-carol', 'e', 'right-carol')]


def friend():
    return [attackers.deliver(FRIEND)[0] for _ in range(12)]


def bans_that_end(host):
    """Three short bans, each of which ends in time, and then a long one. What is wrong."""
    odd = []
    for number in (1, 2, 3):
        for n in range(2):
            code = attackers.offer(SHORT, sender='x@nxdomain%d.test' % n)[0]
            if code != 450 and code != 550:
                odd.append('ban %d, attempt %d: %d' % (number, n, code))
        bans = until(lambda: (b := host.bans_of(SHORT, 'short')) and len(b) == number and b)
        if not bans:
            return odd + ['ban %d does not come' % number]
        left = bans[-1]['until'] / 1e6 - time.time()
        if not until(lambda: host.drops(SHORT), left):
            odd.append('ban %d: nft does not drop' % number)
        if number == 3:
            break
        opened = until(lambda: door_is_open(SHORT, timeout=0.3) and time.time(), 60)
        late = opened - bans[-1]['until'] / 1e6
        if not -0.1 < late < 10: # the test itself has to wait for its turn, too
            odd.append('ban %d ends %.1f s late' % (number, late))
        if host.drops(SHORT):
            odd.append('ban %d is left in nft' % number)
    if not until(lambda: host.bans_of(SHORT, 'recidive')):
        odd.append('no ban by recidive')
    time.sleep(max(0, bans[-1]['until'] / 1e6 - time.time()) + 2)
    if door_is_open(SHORT):
        odd.append('the end of a short ban ends a long one')
    return odd


def answers(host):
    """One whom nft does not know: Postfix is told."""
    odd = [attackers.offer(ANSWERED, helo='localhost') for _ in range(2)]
    odd = [answer for answer in odd if answer[0] != 504]
    bans = until(lambda: host.bans_of(ANSWERED, 'answered'))
    if not bans:
        return odd + ['no ban']
    want = 'see postern bans explain %016x' % (bans[0]['id'] & (1 << 64) - 1)
    for port in 25, 587:
        code, text = attackers.offer(ANSWERED, port=port)
        if code != 554 or want not in text:
            odd.append('port %d: %d %s' % (port, code, text))
    return odd + (['nft drops it'] if host.drops(ANSWERED) else [])


LEGITIMATE = [ipaddress.ip_network(n) for n in
              ('192.0.2.0/24', '2001:db8:2::/48', '203.0.113.0/24', '127.0.0.0/8', '::1/128')]
# What somebody in the mix must have done to be banned by a rule: classes of truth.json.
DUE = {
    'login-failures': ('sasl-', 'imap-', 'auth-rate', 'inject-sasl', 'inject-imap'),
    'login-distributed': ('sasl-', 'imap-', 'auth-rate', 'inject-sasl', 'inject-imap'),
    'unknown-users': ('unknown-user', 'v6-unknown', 'many-errors', 'inject-'),
    'relay-attempts': ('relay-denied',),
    'protocol': ('pregreet', 'bare-newline', 'pipelining', 'non-smtp', 'smtpd-'),
    'blocklisted': ('dnsbl', 'denylist', 'smtpd-rbl'),
    'rate': ('conn-rate', 'auth-rate'),
}


def sessions_of(host):
    with open(host.work + '/truth.jsonl', encoding='utf-8') as truth:
        for line in truth:
            session = json.loads(line)
            if session['svc'] in ('mx25', 'mx587', 'imap'):
                yield session


def failures(sessions):
    return sum(code == 535 for s in sessions for _, _, code in s.get('auth', ()))


def mix(host):
    """The test bed's own traffic: its truth against the bans."""
    with open(host.work + '/truth.json', encoding='utf-8') as truth:
        total = json.load(truth)
    by_ip = {}
    for session in sessions_of(host):
        by_ip.setdefault(session['ip'], []).append(session)
    bans = {ban['key']: ban for ban in host.bans("rule != 'recidive'")}
    networks = {ipaddress.ip_network(key): ban for key, ban in bans.items()}
    wrong = [str(one) for one in networks if any(one.version == n.version and one.overlaps(n)
                                                 for n in LEGITIMATE)]
    ok(not wrong, 'nobody legitimate is banned, of %d' % len(networks), wrong)
    wrong = [ip for ip in total['never_seen'] if any(
        ipaddress.ip_address(ip) in one for one in networks)]
    ok(not wrong, 'and no address that was only ever named', wrong)

    def banned(ip):
        return next((ban for one, ban in networks.items()
                     if ipaddress.ip_address(ip) in one), None)

    due = [ip for ip, sessions in by_ip.items() if failures(sessions) >= 5
           and not any(ipaddress.ip_address(ip) in n for n in LEGITIMATE
                       if n.version == ipaddress.ip_address(ip).version)]
    free = [ip for ip in due if not banned(ip)]
    ok(due and not free, 'who failed to log in five times is banned: %d' % len(due), free)
    odd = []
    for ip, sessions in by_ip.items():
        ban = bans.get(ip)
        if ban and not any(s['class'].startswith(DUE.get(ban['rule'], ())) for s in sessions):
            odd.append((ip, ban['rule'], sorted({s['class'] for s in sessions})))
    ok(not odd, 'each for what it did', *odd)
    alice = {ip for ip, sessions in by_ip.items()
             if any(s['class'] == 'sasl-slow' and failures([s]) for s in sessions)}
    caught = {ip for ip in alice if banned(ip)}
    ok(len(caught) >= len(alice) - 5 > 0, 'one login from %d networks: all but five banned'
       % len(alice), sorted(alice - caught))
    late = [(ip, s['class'], s['t'] - ban['from'] / 1e6) for ip, sessions in by_ip.items()
            if (ban := banned(ip)) and ban['rule'] not in ('short', 'answered')
            for s in sessions if s['t'] > ban['from'] / 1e6 + 4 and s['replies']]
    refused = sum('error' in s for sessions in by_ip.values() for s in sessions)
    ok(refused and not late, 'no session of a banned one 4 s later, %d could not connect'
       % refused, *late[:9])


def attacked(host, seed):
    with open(host.work + '/drive.log', 'w', encoding='utf-8') as log:
        drive = subprocess.Popen([TOP + '/tests/testbed/drive', host.work, '--seed', str(seed),
                                  '--scale', '0.3', '--patience', '12'],
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        with concurrent.futures.ThreadPoolExecutor(len(ATTACKERS) + 4) as pool:
            strikes = [pool.submit(one_attacker, host, attacker) for attacker in ATTACKERS]
            ended, told = pool.submit(bans_that_end, host), pool.submit(answers, host)
            user, mail = pool.submit(tried, clumsy_user), pool.submit(tried, friend)
        done = drive.wait(180)
    for attacker, strike in zip(ATTACKERS, strikes):
        ok(not strike.result(), '%s: %s, %d' % (attacker.rule, attacker.what, attacker.count),
           *strike.result())
    ok(not ended.result(), 'short bans end in time; the third leads to recidive',
       *ended.result())
    ok(not told.result(), 'Postfix refuses whom the guard names', *told.result())
    ok(user.result() == [235, 535, 535, 535, 535, 235, 535, 235] and door_is_open(CLUMSY),
       'a clumsy user is let in', user.result())
    ok(set(mail.result()) == {250} and door_is_open(FRIEND), 'a friend delivers',
       mail.result())
    ok(done == 0, 'the mix of traffic is driven')
    ok(host.nft()[1] > 0, 'nft counts dropped packets')


def killed(host):
    """The guard is gone, and comes back."""
    banned, packets = host.nft()
    for _ in range(3):
        attackers.log_in(LATE, 'judy@corp.test', 'x')
    parts = host.parts()
    host.kill(signal.SIGKILL)
    began = time.monotonic()
    mail = [attackers.deliver(FRIEND)[0] for _ in range(3)]
    took = time.monotonic() - began
    ok(mail == [250] * 3 and took < 10, 'killed: Postfix receives mail all the same', mail,
       took)
    ok(attackers.offer(ANSWERED)[0] == 250, 'also from whom only the guard refused')
    ok(len(parts) == 4 and until(lambda: not host.parts()), 'none of its %d processes is left'
       % len(parts), host.parts())
    ok(not door_is_open('198.51.100.248') and host.nft()[1] > packets and
       host.nft()[0] <= banned, 'nft drops on')
    for _ in range(2):
        attackers.log_in(LATE, 'judy@corp.test', 'x')
    ok(door_is_open(LATE), 'the fifth attempt, which nobody sees')
    count = len(host.bans())
    ok(host.start(), 'started again', host.said()[-900:])
    ok(until(lambda: host.bans_of(LATE, 'login-failures')) and until(lambda: host.drops(LATE)),
       'it saw the fifth attempt', host.said()[-900:])
    ok(len(host.bans()) == count + 1 and host.nft()[0] >= banned, 'and no other one twice',
       len(host.bans()), count, banned - host.nft()[0])
    ok(until(lambda: attackers.offer(ANSWERED)[0] == 554), 'Postfix is answered again')
    for name in 'postern-guard', 'postern-act':
        host.run('kill', '-KILL', str(host.parts(name)[0]))
        ok(host.guard.wait(20) == 1 and until(lambda: not host.parts()),
           'a %s is killed: all end, and fail' % name, host.said()[-900:])
        ok(host.start(), 'and start again', host.said()[-900:])
    ok(attackers.deliver(FRIEND)[0] == 250, 'and mail flows')
    ok(host.kill(signal.SIGTERM) == 0 and not host.parts(), 'SIGTERM ends it',
       host.said()[-900:])
    ok(host.nft()[0] >= banned, 'who was banned still is', banned - host.nft()[0])


def inside(work, seed):
    """In the client's network namespace."""
    host = mailhost.Host(work)
    done = prepare(host)
    ok(done.returncode == 0, 'Postfix is told to ask', done.stdout)
    mailhost.guarded(host, lambda: attacked(host, seed), lambda: mix(host), lambda: killed(host))


mailhost.main(inside, '--no-exim')
