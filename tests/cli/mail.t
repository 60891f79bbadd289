#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The mail action: bans of a guard that runs reach people through a server on loopback
that takes letters, puts them off, refuses them, is away or slow, with TLS and a login;
and through a program as sendmail is.
"""
import base64
import email
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, ok, until



class Server(threading.Thread):
    """SMTP as far as a client needs it. REPLIES: to commands by their first word, instead
    of the usual ones. TLS: a context, for STARTTLS or (AT_ONCE) from the first byte."""

    def __init__(self, tls=None, at_once=False, login=None, port=0):
        super().__init__(daemon=True)
        self.tls, self.at_once, self.login = tls, at_once, login
        self.replies, self.letters, self.commands, self.delay = {}, [], [], 0
        self.socket = socket.create_server(('127.0.0.1', port))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            try:
                self.serve(peer)
            except OSError:
                pass
            finally:
                peer.close()

    def stop(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def answer(self, word, usual):
        self.peer.sendall((self.replies.get(word, usual) + '\r\n').encode())

    def serve(self, peer):
        peer.settimeout(20)
        if self.at_once:
            peer = self.tls.wrap_socket(peer, server_side=True)
        self.peer, secure, lines = peer, self.at_once, peer.makefile('rb')
        self.answer('', '220 mail.example.test')
        while line := lines.readline().decode().rstrip('\r\n'):
            word = line.split()[0].split(':')[0].upper()
            self.commands.append(line)
            if word == 'EHLO':
                offers = ['mail.example.test']
                offers += ['STARTTLS'] if self.tls and not secure else []
                offers += ['AUTH PLAIN'] if self.login and secure else []
                peer.sendall(''.join('250%s%s\r\n' % ('-' if o != offers[-1] else ' ', o)
                                     for o in offers).encode())
            elif word == 'STARTTLS':
                self.answer(word, '220 go on')
                peer = self.peer = self.tls.wrap_socket(peer, server_side=True)
                secure, lines = True, peer.makefile('rb')
            elif word == 'AUTH':
                self.auth(line, lines)
            elif word == 'DATA':
                self.answer(word, '354 go on')
                self.data(lines)
            elif word == 'QUIT':
                self.answer(word, '221 bye')
                return
            elif word == 'RCPT' and line in self.replies:
                self.answer(line, '')
            else:
                self.answer(word, '250 2.0.0 fine')

    def auth(self, line, lines):
        words = line.split()
        if len(words) < 3:
            self.peer.sendall(b'334 \r\n')
            words.append(lines.readline().decode().strip())
        good = base64.b64decode(words[2]).decode().split('\0')[1:] == list(self.login)
        self.answer('AUTH', '235 welcome' if good else '535 5.7.8 who are you?')

    def data(self, lines):
        letter = b''
        while (line := lines.readline()) not in (b'.\r\n', b''):
            letter += line[1:] if line.startswith(b'..') else line
        time.sleep(self.delay)
        if '.' not in self.replies:
            self.letters.append(letter)
        self.answer('.', '250 2.0.0 queued')


class Guard:
    """A guard that reads a log of our own and has one action, mail."""

    def __init__(self, mail, more=''):
        self.dir = tempfile.mkdtemp(prefix='postern-mail-')
        os.chmod(self.dir, 0o1777)
        self.log, self.pid = self.path('mail.log'), 100
        open(self.log, 'w', encoding='ascii').close()
        with open(self.path('p.conf'), 'w', encoding='ascii') as conf:
            conf.write('[input]\nfiles = %s\n[store]\nurl = sqlite:%s\n[guard]\ncontrol = %s\n'
                       'user = nobody\n[action nft]\nkind = file\npath = %s\n[action told]\n'
                       'kind = mail\nto = root@example.test, other@example.test\n'
                       'from = postern@example.test\nevery = 1s\n%s\n%s'
                       % (self.log, self.path('p.db'), self.path('control'),
                          self.path('banned'), mail, more))
        self.begin()

    def begin(self):
        self.said = open(self.path('said'), 'a+', encoding='utf-8')
        self.guard = subprocess.Popen([POSTERN, 'guard', '--config', self.path('p.conf'),
                                       '--from-start'], stderr=self.said,
                                      env={**os.environ, 'ALL_PROXY': 'http://127.0.0.1:9'})
        until(lambda: os.path.exists(self.path('control')) or self.guard.poll() is not None)

    def path(self, name):
        return os.path.join(self.dir, name)

    def ban(self, *ips):
        """Five failed logins each."""
        with open(self.log, 'a', encoding='ascii') as log:
            for ip in ips:
                for _ in range(5):
                    self.pid += 1
                    log.write('%s mx1 postfix/smtpd[%d]: warning: unknown[%s]: SASL LOGIN '
                              'authentication failed: no, sasl_username=u\n'
                              % (time.strftime('%Y-%m-%dT%H:%M:%S+00:00', time.gmtime()),
                                 self.pid, ip))

    def text(self):
        with open(self.path('said'), encoding='utf-8') as said:
            return said.read()

    def banned(self, ip):
        """Waits until another action has told of IP, as mail does then."""
        def told():
            path = self.path('banned')
            return os.path.exists(path) and ip in open(path, encoding='ascii').read()
        return until(told)

    def end(self):
        self.guard.terminate()
        status = self.guard.wait(20)
        self.said.close()
        return status

    def stop(self):
        status = self.end()
        shutil.rmtree(self.dir)
        return status


def certificate(folder):
    """A certificate for 127.0.0.1 that signs itself, as a server's context; None without
    openssl."""
    path = os.path.join(folder, 'cert.pem')
    done = subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                           'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj',
                           '/CN=mail.example.test', '-addext',
                           'subjectAltName=IP:127.0.0.1', '-keyout', path + '.key', '-out',
                           path], stderr=subprocess.DEVNULL, check=False) \
        if shutil.which('openssl') else None
    if not done or done.returncode:
        return None, None
    os.chmod(path, 0o644)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, path + '.key')
    return context, path


def plain():
    server = Server()
    guard = Guard('via = smtp://127.0.0.1:%d/mx1.example.test\ntls = never' % server.port)
    guard.ban('192.0.2.1')
    until(lambda: server.letters)
    ok(len(server.letters) == 1, 'a ban is told of', guard.text(), server.commands)
    ok(server.commands[:4] == ['EHLO mx1.example.test', 'MAIL FROM:<postern@example.test>',
                               'RCPT TO:<root@example.test>', 'RCPT TO:<other@example.test>'],
       'to all recipients, with the name to greet with', server.commands)
    letter = email.message_from_bytes(server.letters[0] if server.letters else b'')
    ok(letter['To'] and letter['To'].split() == ['root@example.test,', 'other@example.test'] and
       letter['From'] == 'postern@example.test' and letter['Auto-Submitted'] == 'auto-generated'
       and letter['Message-ID'].endswith('@example.test>') and letter['Date'] and
       letter['MIME-Version'] == '1.0' and letter['Subject'].startswith('postern: 1 banned on '),
       'with proper headers', server.letters)
    ok('\n  192.0.2.1  until ' in letter.get_payload().replace('\r', ''), 'and who it is',
       letter.get_payload())
    guard.ban(*('198.51.100.%d' % n for n in range(1, 251)))
    ok(until(lambda: any(b'  and 50 more: postern bans list' in each
                         for each in server.letters)) or sum(
                             each.count(b' until ') for each in server.letters) == 251,
       'two hundred are named, the others counted', len(server.letters))
    before = len(server.letters)
    guard.guard.send_signal(1)
    until(lambda: guard.text().count('bans') > 3, 2)
    ok(len(server.letters) == before, 'after a reload nothing is told again')
    ok(guard.stop() == 0, 'stopped')
    server.stop()


def troubles():
    server = Server()
    server.replies['.'] = '451 4.3.0 come back later'
    guard = Guard('via = smtp://127.0.0.1:%d\ntls = never' % server.port)
    guard.ban('192.0.2.1')
    ok(until(lambda: 'told: 1 ban not told of, tried again in 1 s: the server says: 451 4.3.0 '
             'come back later' in guard.text()), 'put off: said', guard.text())
    guard.ban('192.0.2.22')
    ok(until(lambda: '2 bans not told of, tried again in ' in guard.text()), 'it grows',
       guard.text())
    del server.replies['.']
    ok(until(lambda: server.letters) and b'192.0.2.1 ' in server.letters[0] and
       b'192.0.2.22 ' in server.letters[0], 'and goes in the end, with both', server.letters)
    server.replies['RCPT TO:<root@example.test>'] = '550 5.1.1 nobody here'
    guard.ban('192.0.2.3')
    ok(until(lambda: len(server.letters) == 2) and
       until(lambda: 'sent, but: 1 recipient refused: 550 5.1.1 nobody here' in guard.text()),
       'one recipient who is gone does not keep it from the other', guard.text())
    port = server.port
    server.stop()
    guard.ban('192.0.2.4')
    ok(until(lambda: '1 ban not told of' in guard.text().split('sent, but')[-1]),
       'the server is away: said', guard.text())
    server = Server(port=port)
    ok(until(lambda: server.letters) and b'192.0.2.4 ' in server.letters[0],
       'and when it is back it has the letter', guard.text())
    server.replies['MAIL'] = '550 5.7.1 not from you \x1b[2J'
    guard.ban('192.0.2.5')
    ok(until(lambda: 'tried again in 3600 s: the server says: 550 5.7.1 not from you \\x1b[2J'
             in guard.text()), 'refused for good: not asked again soon', guard.text())
    guard.stop()
    server.stop()


def slow():
    server = Server()
    server.delay = 30
    guard = Guard('via = smtp://127.0.0.1:%d\ntls = never\ntimeout = 1s' % server.port)
    guard.ban('192.0.2.1')
    ok(until(lambda: 'not told of' in guard.text() and 'timed out' in guard.text()),
       'a server that does not answer is given up', guard.text())
    guard.ban('192.0.2.22')
    ok(guard.banned('192.0.2.22'),
       'and holds up no other action')
    began = time.monotonic()
    guard.stop()
    ok(time.monotonic() - began < 10, 'nor the end')
    server.stop()


def kept():
    """What could not go before a stop goes after the next start."""
    for what, trouble in (('put off', lambda server: server.replies.update({'.': '451 later'})),
                          ('slow', lambda server: setattr(server, 'delay', 20))):
        server = Server()
        trouble(server)
        port = server.port
        guard = Guard('via = smtp://127.0.0.1:%d\ntls = never' % port)
        guard.ban('192.0.2.1')
        until(lambda: 'DATA' in server.commands)
        guard.ban('192.0.2.22')
        guard.banned('192.0.2.22')
        began = time.monotonic()
        guard.end()
        took = time.monotonic() - began
        server.stop()
        file = guard.path('unsent-told')
        ok(took < 4 and os.path.exists(file) and os.stat(file).st_mode & 0o77 == 0,
           'a server that is %s: what it did not get is kept, and the end is not held up' % what,
           took, os.listdir(guard.dir), guard.text())
        server = Server(port=port)
        guard.begin()
        until(lambda: server.letters)
        ok(len(server.letters) == 1 and all(b'  %s  until ' % ip in server.letters[0]
                                            for ip in (b'192.0.2.1', b'192.0.2.22')),
           'and told of at the next start', server.letters, guard.text())
        ok(until(lambda: not os.path.exists(file)), 'once')
        # The stop waits a second and a half for it: on a busy machine that may be too short.
        for last in range(30, 40):
            ip = '192.0.2.%d' % last
            guard.ban(ip)
            guard.banned(ip)
            guard.end()
            if not os.path.exists(file):
                break
            letters = len(server.letters)
            guard.begin()
            until(lambda: len(server.letters) > letters and not os.path.exists(file))
        ok(ip.encode() + b' ' in server.letters[-1] and b'192.0.2.1 ' not in server.letters[-1] and
           not os.path.exists(file), 'what is new at a stop goes at once', server.letters)
        server.stop()
        with open(file, 'wb') as other:
            other.write(b'postern unsent 1' + bytes(100))
        server = Server(port=port)
        guard.begin()
        guard.ban('192.0.2.4')
        ok(until(lambda: server.letters) and b'192.0.2.4 ' in server.letters[0],
           'what is no such file is passed over', server.letters, guard.text())
        guard.stop()
        server.stop()


def tls():
    folder = tempfile.mkdtemp(prefix='postern-mail-')
    os.chmod(folder, 0o755)
    context, path = certificate(folder)
    if not context:
        ok(True, 'TLS # SKIP no openssl')
        return
    secret = os.path.join(folder, 'password')
    with open(os.open(secret, os.O_CREAT | os.O_WRONLY, 0o600), 'w', encoding='ascii') as file:
        file.write('pass word\n')
    login = 'user = joe\npassword_file = %s\n' % secret
    for what, arguments, mail, want in (
            ('STARTTLS and a login', {'login': ('joe', 'pass word')},
             'via = smtp://127.0.0.1:%d\nca_file = {}\n{}', b'192.0.2.1 '),
            ('TLS from the first byte', {'at_once': True, 'login': ('joe', 'pass word')},
             'via = smtps://127.0.0.1:%d\nca_file = {}\n{}', b'192.0.2.1 '),
            ('another password', {'login': ('joe', 'word')},
             'via = smtp://127.0.0.1:%d\nca_file = {}\n{}', 'says: 535 5.7.8 who are you?'),
            ('a certificate that nobody knows', {},
             'via = smtp://127.0.0.1:%d\n', 'certificate'),
            ('opportunistic', {}, 'via = smtp://127.0.0.1:%d\ntls = opportunistic\n',
             b'192.0.2.1 ')):
        server = Server(context, **arguments)
        guard = Guard(mail.format(path, login) % server.port)
        guard.ban('192.0.2.1')
        if isinstance(want, bytes):
            ok(until(lambda: server.letters) and want in server.letters[0], what, guard.text(),
               server.commands)
        else:
            ok(until(lambda: want in guard.text()) and not server.letters, what, guard.text())
        guard.stop()
        server.stop()
    server = Server()
    guard = Guard('via = smtp://127.0.0.1:%d\n' % server.port)
    guard.ban('192.0.2.1')
    ok(until(lambda: 'offers no STARTTLS' in guard.text()) and not server.letters,
       'none where it is required', guard.text())
    guard.stop()
    server.stop()
    shutil.rmtree(folder)


def sendmail():
    folder = tempfile.mkdtemp(prefix='postern-mail-')
    program, letter = os.path.join(folder, 'send'), os.path.join(folder, 'letter')
    with open(program, 'w', encoding='ascii') as file:
        file.write('#!/bin/sh\n[ -e %s/ready ] || { echo "queue is full" >&2; exit 75; }\n'
                   '{ echo "$@"; cat; } >%s.new && mv %s.new %s\n'
                   % (folder, letter, letter, letter))
    os.chmod(program, 0o755)
    guard = Guard('via = %s' % program)
    guard.ban('192.0.2.1')
    ok(until(lambda: 'exit status 75: queue is full' in guard.text()), 'a program that fails',
       guard.text())
    open(os.path.join(folder, 'ready'), 'w', encoding='ascii').close()
    until(lambda: os.path.exists(letter))
    text = open(letter, encoding='ascii').read() if os.path.exists(letter) else ''
    ok(text.startswith('-i -f postern@example.test -- root@example.test other@example.test\n'
                       'Date: ') and '\n  192.0.2.1  until ' in text and '\r' not in text,
       'and later takes the letter', text, guard.text())
    guard.stop()
    shutil.rmtree(folder)


def main():
    plain()
    troubles()
    slow()
    kept()
    tls()
    sendmail()
    tap.done()


main()
