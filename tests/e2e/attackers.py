# SPDX-License-Identifier: Apache-2.0
"""What clients do to the test bed's hosts, from addresses of their own: guests that are
welcome, and one attacker for each rule, who does one thing a known number of times.

Runs in the client's network namespace, where every address of the ranges in
tests/testbed/lib/names.py is local. A network /64 of 2001:db8:1:f000::/52 is one attacker's;
postscreen lets those in 2001:db8:1:f000::/56 and 198.51.100.248/29 pass at once.
"""
import base64
import smtplib
import socket

HOSTS = {'mx1': ('203.0.113.1', '2001:db8::1'), 'web1': ('203.0.113.2', '2001:db8::2')}
PATIENCE = 15
MESSAGE = 'Subject: minutes\r\n\r\nOf our meeting.\r\n.'
visited = ['mx1']


def visit(name):
    """What follows is done to the host NAME."""
    visited[0] = name


def host_for(ip):
    return HOSTS[visited[0]][':' in ip]


def dial(ip, port, timeout=PATIENCE):
    return socket.create_connection((host_for(ip), port), timeout, (ip, 0))


def door_is_open(ip, port=587, timeout=1.0):
    """Whether packets from IP get through to PORT."""
    try:
        dial(ip, port, timeout).close()
        return True
    except OSError:
        return False


def smtp(ip, port=25, helo='pc.lan.test'):
    client = smtplib.SMTP(timeout=PATIENCE, source_address=(ip, 0), local_hostname=helo)
    code, text = client.connect(host_for(ip), port)
    if code != 220:
        raise smtplib.SMTPConnectError(code, text)
    client.ehlo()
    return client


def leave(client):
    try:
        client.quit()
    except (OSError, smtplib.SMTPException):
        pass


def send(client, commands):
    """The reply to the last of COMMANDS, or to the first that is refused: (code, text)."""
    for command in commands:
        client.send(command + '\r\n')
        code, text = client.getreply()
        if code >= 400:
            break
    return code, text.decode()


def log_in(ip, user, password):
    """The reply code to AUTH at submission."""
    client = smtp(ip, 587)
    secret = base64.b64encode(('\0%s\0%s' % (user, password)).encode()).decode()
    code = client.docmd('AUTH', 'PLAIN ' + secret)[0]
    leave(client)
    return code


def submit(ip, user, password):
    """As log_in(), with a message behind it: Exim's log has no login without one."""
    client = smtp(ip, 587)
    secret = base64.b64encode(('\0%s\0%s' % (user, password)).encode()).decode()
    code = client.docmd('AUTH', 'PLAIN ' + secret)[0]
    if code == 235:
        code = send(client, ('MAIL FROM:<%s@host.test>' % user, 'RCPT TO:<p@ok.test>', 'DATA',
                             MESSAGE))[0]
    leave(client)
    return code


def imap_log_in(ip, user, password):
    with dial(ip, 143) as imap, imap.makefile('rb') as lines:
        lines.readline()
        imap.sendall(('a LOGIN %s %s\r\n' % (user, password)).encode())
        answer = b'* '
        while answer.startswith(b'* '):
            answer = lines.readline()
        return {b'a OK': 235, b'a NO': 535}.get(answer[:4], 0)


def offer(ip, recipient='alice@corp.test', sender='s@isp.test', helo='pc.lan.test', port=25):
    """The reply to RCPT, as (code, text): the message is never sent."""
    client = smtp(ip, port, helo)
    answer = client.docmd('MAIL', 'FROM:<%s>' % sender)
    if answer[0] == 250:
        answer = client.docmd('RCPT', 'TO:<%s>' % recipient)
    leave(client)
    return answer[0], answer[1].decode()


def deliver(ip, recipient='alice@corp.test', sender='friend@good.test'):
    """The reply to a whole message, as (code, text)."""
    client = smtp(ip, 25, 'mail.good.test')
    try:
        return send(client, ('MAIL FROM:<%s>' % sender, 'RCPT TO:<%s>' % recipient, 'DATA',
                             MESSAGE))
    finally:
        leave(client)


def talk_early(ip):
    with dial(ip, 25) as early:
        early.sendall(b'EHLO ylmf-pc\r\n')
        data = early.recv(4096)
        try:
            early.sendall(b'QUIT\r\n')
            while early.recv(4096):
                pass
        except ConnectionError:
            pass # Exim closes over what it has not read
        return int(data[:3])


def knock(ip):
    """The first reply of the server to one who only connects."""
    with dial(ip, 25) as door:
        code = int(door.recv(4096)[:3] or b'0')
        door.sendall(b'QUIT\r\n')
        return code


class Attacker:
    """One who gets as far as COUNT attempts that RULE counts, each answered WANT; what is
    answered AGAIN does not count.
    """

    def __init__(self, rule, what, count, attempt, want, ips, first=None, again=None):
        self.rule, self.what, self.count = rule, what, count
        self.attempt, self.want, self.ips, self.first = attempt, want, ips, first
        self.again = again

    def strike(self):
        """Does it all; what went otherwise than expected, as text. The guard may be faster
        than the answer to the last attempt.
        """
        try:
            odd = [] if self.first is None else self.first(self.ips[0])
        except (OSError, smtplib.SMTPException) as error:
            return ['%s, at first: %r' % (self.ips[0], error)]
        done = 0
        while done < self.count:
            ip = self.ips[done % len(self.ips)]
            try:
                code = self.attempt(ip, done)
            except (OSError, smtplib.SMTPException) as error:
                if done == self.count - 1:
                    break
                return odd + ['%s, attempt %d: %r' % (ip, done + 1, error)]
            if code == self.want:
                done += 1
            elif code != self.again:
                return odd + ['%s, attempt %d: %s' % (ip, done + 1, code)]
        return odd


def net(number, host='1'):
    return '2001:db8:1:%x::%s' % (number, host)


def mailed_before(ip):
    code, text = deliver(ip)
    return [] if code == 250 else ['the clean mail: %d %s' % (code, text)]


def logged_in_before(ip):
    code = log_in(ip, 'heidi@corp.test', 'right-heidi')
    return [] if code == 235 else ['the stolen password: %d' % code]


def guess(ip, number):
    return log_in(ip, 'judy@corp.test', 'guess%d' % number)


def stuff(ip, number):
    return log_in(ip, 'user%03d@corp.test' % number, 'x')


def no_such_user(ip, number):
    return offer(ip, 'nobody%d@corp.test' % (number % 3))[0]


def relay(ip, number):
    return offer(ip, 'v%d@elsewhere.test' % number)[0]


# The exempt of the fast rules (see guard.t) reach the slow ones. Who has logged in is
# judged at four times the count, as long as few users fail from there.
ATTACKERS = [
    Attacker('login-failures', 'SMTP passwords', 5, guess, 535, ['198.51.100.248']),
    Attacker('login-failures', 'SMTP passwords by IPv6', 5, stuff, 535, [net(0xf000)]),
    Attacker('login-failures', 'IMAP passwords', 5,
             lambda ip, n: imap_log_in(ip, 'ivan', 'guess%d' % n), 535, ['198.51.100.249']),
    Attacker('login-failures', 'SMTP and IMAP passwords, after a clean mail', 5,
             lambda ip, n: (imap_log_in if n % 2 else log_in)(ip, 'frank', 'x%d' % n), 535,
             ['198.51.100.250'], mailed_before),
    Attacker('login-failures', 'passwords of many, with a stolen account', 5, stuff, 535,
             ['198.51.100.251'], logged_in_before),
    Attacker('login-failures', 'passwords of one, with a stolen account', 20, guess, 535,
             [net(0xf001)], logged_in_before),
    Attacker('login-slow', 'passwords, slowly', 20, guess, 535, [net(0xf002)]),
    Attacker('login-net', 'logins from one network', 15, stuff, 535,
             [net(0xf003, h) for h in ('1', '2', '3', '4')]),
    Attacker('login-distributed', 'one login from six networks', 6,
             lambda ip, n: log_in(ip, 'mallory@corp.test', 'x%d' % n), 535,
             [net(0xf010 + n) for n in range(6)]),
    Attacker('unknown-users', 'recipients', 10, no_such_user, 550, ['198.51.100.252']),
    Attacker('recipient-dictionary', 'a dictionary of recipients', 30,
             lambda ip, n: offer(ip, 'name%d@corp.test' % n)[0], 550, [net(0xf004)]),
    Attacker('relay-attempts', 'relaying', 3, relay, 554, ['198.51.100.253']),
    Attacker('relay-attempts', 'relaying, after a clean mail', 3, relay, 554, [net(0xf005)],
             mailed_before),
    Attacker('protocol', 'talking early', 3, lambda ip, n: talk_early(ip), 220,
             [net(0xf100)]),
    Attacker('blocklisted', 'a blocklisted address', 5, lambda ip, n: offer(ip)[0], 550,
             [net(0xf101, 'bad')]),
    Attacker('blocklisted', 'an address denied by postscreen', 5, lambda ip, n: knock(ip), 521,
             [net(0xf1ff)]),
    Attacker('rate', 'connections', 10, lambda ip, n: knock(ip), 421, [net(0xf006)],
             again=220),
]


def nonsense(ip, number):
    """No command at all, once in a session."""
    client = smtp(ip)
    code = client.docmd('GET /%d HTTP/1.1' % number)[0]
    leave(client)
    return code


def crowd(ip):
    """As many connections at once as Exim allows one address; they are left open."""
    crowd.open = [dial(ip, 25) for _ in range(8)]
    return [str(code) for door in crowd.open if (code := door.recv(4096)[:3]) != b'220']


def shop_before(ip):
    code = submit(ip, 'shop', 'right-shop')
    return [] if code == 250 else ['the stolen password: %d' % code]


def unknown_there(ip, number):
    return offer(ip, 'nobody%d@host.test' % (number % 3))[0]


# The same for the host with Exim (see exim.t).
EXIM = [
    Attacker('login-failures', 'passwords', 5, guess, 535, ['198.51.100.248']),
    Attacker('login-failures', 'passwords by IPv6', 5, stuff, 535, [net(0xf000)]),
    Attacker('login-failures', 'passwords of many, with a stolen account', 5, stuff, 535,
             ['198.51.100.251'], shop_before),
    Attacker('login-failures', 'passwords of one, with a stolen account', 20, guess, 535,
             [net(0xf001)], shop_before),
    Attacker('login-slow', 'passwords, slowly', 20, guess, 535, [net(0xf002)]),
    Attacker('login-net', 'logins from one network', 15, stuff, 535,
             [net(0xf003, h) for h in ('1', '2', '3', '4')]),
    Attacker('login-distributed', 'one login from six networks', 6,
             lambda ip, n: log_in(ip, 'mallory', 'x%d' % n), 535,
             [net(0xf010 + n) for n in range(6)]),
    Attacker('unknown-users', 'recipients', 10, unknown_there, 550, ['198.51.100.252']),
    Attacker('recipient-dictionary', 'a dictionary of recipients', 30,
             lambda ip, n: offer(ip, 'name%d@host.test' % n)[0], 550, [net(0xf004)]),
    Attacker('relay-attempts', 'relaying', 3, relay, 550, ['198.51.100.253']),
    Attacker('protocol', 'no SMTP', 3, nonsense, 500, [net(0xf100)]),
    Attacker('protocol', 'talking early', 3, lambda ip, n: talk_early(ip), 554, [net(0xf102)],
             again=220),
    Attacker('blocklisted', 'a blocklisted address', 5,
             lambda ip, n: offer(ip, 'shop@host.test')[0], 550, [net(0xf101, 'bad')]),
    Attacker('rate', 'connections', 10, lambda ip, n: knock(ip), 421, [net(0xf006)], crowd),
]
