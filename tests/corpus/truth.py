#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""truth.py [--live] DIR...: what `postern scan` says of a log against what the
driver that made the log did (truth.jsonl, truth.json; see tests/testbed).

Recomputed from the truth and compared exactly, as multisets: every postscreen
action by (address, port), every refusal by (address, stage, code, dsn), logins
failed, aborted and succeeded by (address, user), rate limits; messages by (queue
id, Message-ID, address, sender), their recipients; spam filters' verdicts by
Message-ID; Exim's refusals by (address, port), its messages like Postfix's; PHP's
mails by (script, recipient). Where the log's format forces a difference it stands
in ALLOWED with its reason and its exact number; any other difference fails.

DIR is a stored corpus, or with --live the work directory of a test bed, whose
numbers nobody knows beforehand: there ALLOWED names what may differ, not how
often. Prints TAP. The program is $POSTERN.
"""
import collections
import gzip
import json
import os
import re
import subprocess
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, ok

Counter = collections.Counter

NEWYEAR, POSTLOG, DST = 'rsyslog-newyear', 'postlog-files', 'rsyslog-dst'
TRIXIE = 'debian13'

# Corpus: its Postfix log, and how it is to be read.
CORPORA = {
    NEWYEAR: ('mx1.mail.log', ['--year', '2026']),
    POSTLOG: ('mx1.maillog', ['--year', '2026']),
    DST: ('mx1.mail.log', ['--year', '2026', '--tz', 'Europe/Berlin']),
    TRIXIE: ('mx1.mail.rfc3339.log', ['--year', '2026']),
}

# Where a test bed's work directory has what a corpus keeps under these names.
LIVE = {
    'mx1.mail.log': 'mx1/log/mail.log',
    'web1.exim-mainlog': 'web1/log/exim4/mainlog',
    'web1.exim-rejectlog': 'web1/log/exim4/rejectlog',
    'web1.mail.log': 'web1/log/mail.log',
    'web1.syslog': 'web1/log/syslog',
    'web1.phpmail-shop.log': 'web1/log/phpmail-shop.log',
    'web1.phpmail-wiki.log': 'web1/log/phpmail-wiki.log',
}

# Files of mx1's daemons beside Postfix, where there is no syslog.
BESIDE = ['mx1.dovecot.log', 'mx1.spamd.log', 'mx1.amavis.log']

# Logs of Dovecot and of the filters, where they are others.
DOVECOT = {POSTLOG: ['mx1.dovecot.log']}
FILTERS = {POSTLOG: ['mx1.amavis.log', 'mx1.spamd.log']}

# What the client saw and the log cannot tell: (comparison, key) -> why, how often.
ALLOWED = {
    ('refusals', ('EHLO', 554, '5.5.0')): (
        'unauthorized pipelining: "improper command pipelining" instead',
        {NEWYEAR: 8, POSTLOG: 6, DST: 1, TRIXIE: 4}),
    ('refusals', ('EOD', 550, '5.5.2')): (
        'bare <LF>: the reject line has no code; compared as "bare LF"',
        {NEWYEAR: 8, POSTLOG: 6, DST: 1, TRIXIE: 4}),
    ('refusals', ('EOD', 550, '5.7.1')): (
        'header_checks: cleanup says so; compared as "header rejects"',
        {NEWYEAR: 12, POSTLOG: 9, DST: 2, TRIXIE: 6}),
    ('refusals', ('EOD', 552, '5.3.4')): (
        'message too big: "queue file size limit exceeded" without a client',
        {NEWYEAR: 2, POSTLOG: 2, DST: 1, TRIXIE: 2}),
    ('refusals', ('RCPT', 421, '4.7.0')): (
        'postscreen COMMAND COUNT and LENGTH LIMIT, smtpd "too many errors"',
        {NEWYEAR: 8, POSTLOG: 6, DST: 1, TRIXIE: 4}),
    ('refusals', ('RCPT', 452, '4.5.3')): (
        'smtpd_recipient_limit: nothing is logged',
        {NEWYEAR: 80, POSTLOG: 60, DST: 10, TRIXIE: 40}),
    ('recipients', 'never queued'): (
        'discarded by header_checks: qmgr never sees the message',
        {NEWYEAR: 12, POSTLOG: 9, DST: 2, TRIXIE: 6}),
    ('messages', 'never queued'): (
        'discarded by header_checks: accepted, and nobody gets it',
        {NEWYEAR: 12, POSTLOG: 9, DST: 2, TRIXIE: 6}),
    ('deliveries', 'never queued'): (
        'discarded by header_checks: nobody gets it',
        {NEWYEAR: 12, POSTLOG: 9, DST: 2, TRIXIE: 6}),
    ('attempts', 'other name'): (
        'summed up at once, by the last name, before each was told of',
        {NEWYEAR: 0, POSTLOG: 0, DST: 0, TRIXIE: 0}),
    ('attempts, mx1.maillog first', 'other name'): (
        'two files that tell of two names within one second',
        {POSTLOG: 1}),
    ('attempts, mx1.dovecot.log first', 'other name'): (
        'two files that tell of two names within one second',
        {POSTLOG: 0}),
    ('recipients', 'merged'): (
        'nrcpt counts after duplicate recipients were merged',
        {NEWYEAR: 7, POSTLOG: 6, DST: 1, TRIXIE: 7}),
}

# check's word for a postscreen line -> the event that says the same.
POSTSCREEN = {
    'CONNECT': ('ps_connect', {}),
    'PASS NEW': ('ps_pass', {'action': 'new'}),
    'PASS OLD': ('ps_pass', {'action': 'old'}),
    'PREGREET': ('ps_pregreet', {}),
    'HANGUP': ('ps_hangup', {}),
    'DNSBL rank': ('ps_dnsbl', {}),
    'BARE NEWLINE': ('ps_violation', {'action': 'bare_newline'}),
    'COMMAND PIPELINING': ('ps_violation', {'action': 'pipelining'}),
    'NON-SMTP COMMAND': ('ps_violation', {'action': 'non_smtp'}),
    'COMMAND TIME LIMIT': ('ps_limit', {'action': 'time'}),
    'COMMAND COUNT LIMIT': ('ps_limit', {'action': 'count'}),
    'COMMAND LENGTH LIMIT': ('ps_limit', {'action': 'length'}),
    'ALLOWLISTED': ('ps_list', {'action': 'allow'}),
    'DENYLISTED': ('ps_list', {'action': 'deny'}),
    'ALLOWLIST VETO': ('ps_list', {'action': 'veto'}),
    'NOQUEUE RCPT 450': ('ps_reject', {'stage': 'RCPT', 'code': 450}),
    'NOQUEUE RCPT 550': ('ps_reject', {'stage': 'RCPT', 'code': 550}),
    'NOQUEUE CONNECT too many connections': ('ps_reject', {'stage': 'CONNECT'}),
    'DISCONNECT': ('ps_disconnect', {}),
}
SAME = {'WHITELISTED': 'ALLOWLISTED', 'BLACKLISTED': 'DENYLISTED',
        'WHITELIST VETO': 'ALLOWLIST VETO'}

# Class of session in the truth -> the event each of its sessions must cause.
CLASSES = {
    'pregreet': ('ps_pregreet', {}),
    'dnsbl': ('ps_dnsbl', {}),
    'hangup-early': ('ps_hangup', {'stage': 'early'}),
    'hangup-late': ('ps_hangup', {'stage': 'late'}),
    'bare-newline': ('ps_violation', {'action': 'bare_newline'}),
    'pipelining': ('ps_violation', {'action': 'pipelining'}),
    'non-smtp': ('ps_violation', {'action': 'non_smtp'}),
    'cmd-length': ('ps_limit', {'action': 'length'}),
    'cmd-count': ('ps_limit', {'action': 'count'}),
    'cmd-time': ('ps_limit', {'action': 'time'}),
    'denylist': ('ps_list', {'action': 'deny'}),
    'veto': ('ps_list', {'action': 'veto'}),
}

# Depends on the daemon's timing: alike in the stored corpora, not on every machine.
# Live, these are only compared with what check counted.
TIMING = {
    'hangup-late': 'postscreen remembers each test by itself, in whole seconds',
    'veto': 'only an address that passed every test can be vetoed',
}

# The scripts of web1's sites, and to whom they write where the request does not say.
SITES = {
    'php-form': ('/home/shop/public_html/contact.php', 'owner@ok.test'),
    'php-eval': ('/home/shop/public_html/bad.php', 'v@ok.test'),
    'php-wrapper': ('/home/wiki/public_html/odd name [x].php', 'owner@ok.test'),
    'php-wrapper-abuse': ('/home/wiki/public_html/old.php', None),
    'php-abuse': ('/home/blog/public_html/wp-content/uploads/.cache/x.php', None),
    'php-inject': ('/home/blog/public_html/wp-content/uploads/.cache/x.php', None),
}

# mx1 itself.
OWN = {'127.0.0.1', '::1', '203.0.113.1', '203.0.113.2', '2001:db8::1'}

# What a line says besides its message.
HEADER = {'id', 'time', 'host', 'program', 'daemon', 'pid', 'source', 'lineno'}


def read(directory, name):
    for path in (os.path.join(directory, name), os.path.join(directory, name + '.gz')):
        if os.path.exists(path):
            opener = gzip.open if path.endswith('.gz') else open
            with opener(path, 'rt', encoding='latin-1', newline='\n') as file:
                return path, file.read()
    raise SystemExit('truth.py: no %s in %s' % (name, directory))


class Log:
    """One corpus: the truth, and the program's events of its logs."""

    def __init__(self, directory, live):
        self.name = os.path.basename(os.path.abspath(directory))
        self.directory, self.live = directory, live
        file, self.options = ('mx1.mail.log', []) if live else CORPORA[self.name]
        self.path, self.text = self.read(file)
        self.records = [json.loads(line)
                        for line in read(directory, 'truth.jsonl')[1].splitlines()]
        self.totals = json.loads(read(directory, 'truth.json')[1])
        self.check = json.loads(read(directory, 'check.json')[1])
        self.events = self.scan(file)
        # All of mx1's daemons; `events` are those in Postfix's log.
        self.mx1 = self.events + ([] if file.startswith('mx1.mail.') else
                                  [e for other in BESIDE for e in self.scan(other)])

    def read(self, name):
        return read(self.directory, LIVE[name] if self.live else name)

    def with_others(self, names):
        """Events of the log together with others, in either order: (first file, events)."""
        names = [CORPORA[self.name][0]] + names
        for order in names, names[::-1]:
            yield order[0], self.scan(*order)

    def scan(self, *names):
        files = [self.read(name)[0] for name in names]
        return [json.loads(line) for line in self.run('scan', *files).splitlines()]

    def run(self, command, *arguments):
        done = subprocess.run([POSTERN, command, *self.options, *arguments],
                              stdout=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise SystemExit('truth.py: %s %s: exit status %d'
                             % (POSTERN, command, done.returncode))
        return done.stdout.decode('utf-8')

    def sessions(self, *services):
        return [r for r in self.records if r['svc'] in services]

    def of(self, kind, among=None, **fields):
        """Events of a kind with these fields, as often as they count."""
        for event in self.events if among is None else among:
            if event['kind'] == kind and all(event.get(k) == v for k, v in fields.items()):
                yield from [event] * event.get('count', 1)

    def compare(self, what, truth, log, forgive=None):
        """FORGIVE: maps a key to its key in ALLOWED."""
        truth, log = Counter(truth), Counter(log)
        missing, extra = truth - log, log - truth
        forgiven = Counter()
        for key in list(missing) if forgive else []:
            reason = (what, forgive(key))
            if reason in ALLOWED:
                forgiven[reason] += missing.pop(key)
        for key in list(extra) if forgive else []:
            if forgive(key) == 'other name':
                del extra[key]
        wrong = ['%s: %d forgiven, %d expected' % (reason, forgiven[reason], numbers[self.name])
                 for reason, (_, numbers) in ALLOWED.items()
                 if reason[0] == what and not self.live
                 and forgiven[reason] != numbers[self.name]]
        ok(not missing and not extra and not wrong,
           '%s: %s (%d)' % (self.name, what, sum(truth.values())),
           'only the truth: %s' % missing.most_common(5),
           'only the log: %s' % extra.most_common(5), *wrong)


def postscreen(log):
    sessions = [r for r in log.sessions('mx25') if r.get('port')]
    place = lambda r: (r['ip'], r['port'])
    seen = lambda kind, fields: [(e.get('ip'), e.get('port')) for e in log.of(kind, **fields)]
    log.compare('postscreen connections', map(place, sessions), seen('ps_connect', {}))
    for name, (kind, fields) in CLASSES.items():
        if log.live and name in TIMING:
            continue
        log.compare('postscreen ' + name,
                    [place(r) for r in sessions if r['class'] == name], seen(kind, fields))
    full = [place(r) for r in sessions
            if any(x[0] == 'CONNECT' and x[3].endswith('too many connections')
                   for x in r['replies'])]
    log.compare('postscreen full', full, seen('ps_reject', {'stage': 'CONNECT'}))

    expected = {SAME.get(k, k): v for k, v in log.check['postscreen_unique_total'].items()}
    unknown = set(expected) - set(POSTSCREEN)
    ok(not unknown, '%s: every postscreen action has an event' % log.name, str(unknown))
    for name, (kind, fields) in POSTSCREEN.items():
        addresses = [e.get('ip') for e in log.of(kind, **fields)]
        got = [len(set(addresses)), len(addresses)]
        ok(got == expected.get(name, [0, 0]),
           '%s: postscreen %s unique/total %s' % (log.name, name, expected.get(name, [0, 0])),
           'got %s' % got)


STAGES = {'END-OF-MESSAGE': 'EOD', 'HELO': 'EHLO'}


def refusals(log):
    told = [(r['ip'], stage, code, dsn) for r in log.sessions('mx25', 'mx587')
            for stage, code, dsn, _ in r['replies']
            if code >= 400 and stage in ('RCPT', 'MAIL', 'EHLO', 'EOD', 'DATA')]
    logged = [(e.get('ip'), STAGES.get(e.get('stage'), e.get('stage')), e['code'], e.get('dsn'))
              for kind, fields in (('policy', {'action': 'reject'}), ('ps_reject', {}),
                                   ('milter', {'action': 'milter-reject'}))
              for e in log.of(kind, **fields) if 'code' in e]
    log.compare('refusals', told, logged, forgive=lambda key: key[1:])

    at_end = lambda test: [r['ip'] for r in log.sessions('mx25', 'mx587')
                           if any(x[0] == 'EOD' and test(x) for x in r['replies'])]
    log.compare('header rejects', at_end(lambda x: x[1:3] == [550, '5.7.1']),
                [e.get('ip') for e in log.of('content', action='reject')])
    log.compare('bare LF', at_end(lambda x: 'bare <LF>' in x[3]),
                [e.get('ip') for e in log.of('policy', action='reject',
                                             stage='END-OF-MESSAGE') if 'code' not in e])


# What became of one AUTH exchange, by the reply that ended it. A wrong
# mechanism is answered 535 like a wrong password, and logged like it.
def fate(mechanism, code):
    if code == 235:
        return 'success'
    if code == 450:
        return 'limited'
    return 'aborted' if mechanism == 'ABORT' else 'failure'


# Mechanisms that the server does not have: Dovecot is never asked.
UNKNOWN_MECHANISMS = ('DIGEST-MD5', 'XOAUTH2')


def printable(text):
    """As Postfix and Dovecot write what a client said; Dovecot 2.3 leaves DEL."""
    return text and re.sub('[\\0-\x1f\x7f]', '?', text)


def login_name(text):
    """As the one and the other write it: Dovecot cuts it, and hands on a tab as \\1t."""
    text = text and printable(text).replace('?t', '?')
    return text[:61] + '...' if text and len(text) > 64 else text


def exim_printable(text):
    """Exim's way: octal."""
    return ''.join(chr(c) if 32 <= c < 127 or c == 9 else '\\%03o' % c
                   for c in text.encode('utf-8'))


def logged_names(session):
    """(mechanism, name as it is logged, code) of each attempt of a session.

    Where no name was heard, Postfix logs the last one that the session had. Who got in
    is named with the first recipient that is accepted.
    """
    sent = session['svc'] == 'imap' or any(x[:2] == ['RCPT', 250] for x in session['replies'])
    last = None
    for mechanism, user, code in session.get('auth', []):
        if mechanism not in UNKNOWN_MECHANISMS + ('ABORT',):
            last = user
        named = mechanism != 'ABORT' and (code != 235 or sent)
        yield mechanism, last if named else None, code


def tries(log, *services):
    return [(r['ip'], login_name(user), fate(mechanism, code)) for r in log.sessions(*services)
            for mechanism, user, code in logged_names(r)]


def attempts(log):
    """SMTP and IMAP: told by Postfix, by Dovecot's auth and by its login process."""
    def compare(what, services, events):
        told = [t for t in tries(log, *services) if t[2] != 'limited']
        logged = [(e.get('ip'), login_name(e.get('user')), e.get('outcome'))
                  for e in log.of('attempt', among=events)]
        by_address = [Counter((ip, end) for ip, _, end in each) for each in (told, logged)]
        alike = by_address[0] == by_address[1]
        log.compare(what + ', by address', *by_address)
        log.compare(what, told, logged, lambda _: 'other name' if alike else None)

    imap = any(e.get('daemon') == 'dovecot' for e in log.events)
    compare('attempts', ['mx587', 'imap'] if imap else ['mx587'], log.events)
    for first, events in log.with_others(DOVECOT[log.name]) if log.name in DOVECOT else ():
        compare('attempts, %s first' % first, ['mx587', 'imap'], events)


def verdicts(log):
    """What went through Amavis and SpamAssassin: each message once, with its verdict."""
    filtered = ('amv.test', 'shop.test')
    truth = [(m['qid'], '<%s>' % m['mid'], m['ip'], len(m['rcpts']), m['kind'] == 'spam')
             for m in log.totals['messages']
             if m['qid'] and m['rcpts'] and m['rcpts'][0].split('@')[1] in filtered]

    def compare(what, events):
        log.compare(what, truth,
                    [(e['qid'], e.get('msgid'), e.get('ip'), e['nrcpt'], e['verdict'] == 'spam')
                     for e in log.of('message', events) if 'verdict' in e])

    if log.name not in FILTERS:
        compare('verdicts', log.events)
        return
    for first, events in log.with_others(FILTERS[log.name]):
        compare('verdicts, %s first' % first, events)


def logins(log):
    smtp = tries(log, 'mx587')
    smtpd = lambda kind: [(e.get('ip'), login_name(e.get('user')))
                          for e in log.of(kind) if e.get('daemon') != 'dovecot']
    which = lambda word: [(ip, user) for ip, user, end in smtp if end == word]
    log.compare('failed logins', which('failure'), smtpd('auth_failure'))
    log.compare('aborted logins', which('aborted'), smtpd('auth_abort'))
    limit = lambda word: [e.get('ip') for e in log.of('rate_limit')
                          if word in ' '.join(str(e.get(k, '')) for k in
                                              ('action', 'stage', 'text')).lower()]
    log.compare('AUTH rate limit', [ip for ip, _ in which('limited')], limit('auth'))
    log.compare('connection rate limit',
                [r['ip'] for r in log.sessions('mx25', 'mx587')
                 if any(x[0] == 'CONNECT' and x[1] == 421 and 'too many connections from' in x[3]
                        for x in r['replies'])], limit('connection'))
    log.compare('users that sent', [(m['ip'], m['user']) for m in log.totals['messages']
                                    if m['svc'] == 'mx587'],
                [(e.get('ip'), e['user']) for e in log.of('accept') if 'user' in e])


def queue(log):
    accepted = [m for m in log.totals['messages'] if m['qid'] and m['svc'].startswith('mx')]
    ours = {m['qid'] for m in accepted}
    log.compare('queue id -> client', [(m['qid'], m['ip']) for m in accepted],
                [(e['qid'], e.get('ip')) for e in log.of('accept') if e.get('qid') in ours])
    discarded = {e['qid'] for e in log.of('content', action='discard')}
    forgive = lambda key: 'never queued' if key[0] in discarded else None
    # What the test bed and bounces sent has other queue ids.
    log.compare('messages',
                [(m['qid'], '<%s>' % printable(m['mid']), m['ip'], m['from'], m['user'])
                 for m in accepted],
                [(e['qid'], printable(e.get('msgid')), e.get('ip'), e.get('sender'),
                  e.get('user')) for e in log.of('message') if e['qid'] in ours], forgive)
    log.compare('deliveries', {(m['qid'], to) for m in accepted for to in m['rcpts']},
                {(e['qid'], e.get('orig_recipient', e['recipient']))
                 for e in log.of('delivery') if e['qid'] in ours}, forgive)
    first = {}
    for event in log.of('queued'):
        first.setdefault(event['qid'], event['nrcpt'])
    # Messages whose Message-ID an attacker chose are left out: their driver
    # notes what it offered, not what it got through.
    counted = [m for m in accepted if not m['mid'].startswith('x')]
    wanted = {m['qid']: len(m['rcpts']) for m in counted}
    forgive = lambda key: ('never queued' if key[0] not in first
                           else 'merged' if first[key[0]] < key[1] else None)
    same = [(qid, n) for qid, n in first.items() if wanted.get(qid) == n]
    more = [(qid, n) for qid, n in first.items() if n > wanted.get(qid, n)]
    log.compare('recipients', wanted.items(), same + more, forgive)


def imap(log):
    tries = [(r, user, code) for r in log.sessions('imap') for _, user, code in r.get('auth', [])]
    log.compare('IMAP logins', [(r['ip'], user) for r, user, code in tries if code == 235],
                [(e['ip'], e['user'])
                 for e in log.of('auth_success', log.mx1, daemon='dovecot', proto='IMAP')])
    log.compare('IMAP sessions', [user for _, user, code in tries if code == 235],
                [e['user'] for e in log.of('disconnect', log.mx1, daemon='dovecot', proto='IMAP')
                 if 'user' in e])
    # Who got in at last is not told how often he failed.
    late = {id(r) for r, _, code in tries if code == 235}
    told = Counter()
    for event in log.of('auth_failure', log.mx1, daemon='dovecot', proto='IMAP'):
        told[event['ip']] += event['attempts']
    log.compare('IMAP failed attempts',
                Counter(r['ip'] for r, _, code in tries if code != 235 and id(r) not in late),
                told)
    # Of submission's failures, too; but not of mechanisms that Dovecot was not asked for.
    log.compare('failures told by auth',
                [(r['ip'], login_name(user)) for r in log.sessions('imap', 'mx587')
                 for mechanism, user, code in logged_names(r)
                 if code == 535 and mechanism not in UNKNOWN_MECHANISMS],
                [(e['ip'], login_name(e.get('user')))
                 for e in log.of('auth_failure', log.mx1, daemon='dovecot', stage='auth')])
    # mx1's own are the test bed's: it asks whether Dovecot is up yet.
    log.compare('IMAP no auth attempt',
                [r['ip'] for r in log.sessions('imap') if r['class'] == 'imap-noauth'],
                [e['ip'] for e in log.of('disconnect', log.mx1, daemon='dovecot', proto='IMAP')
                 if 'no auth attempts' in e['text'] and e['ip'] not in OWN])


def filters(log):
    """Each message's verdict, by Message-ID: which filter it met its domain tells."""
    sent = lambda domain: [('<%s>' % m['mid'], 'spam' if m['kind'] == 'spam' else 'clean')
                           for m in log.totals['messages']
                           if m['qid'] and m['rcpts'] and m['rcpts'][0].endswith(domain)]
    log.compare('spamd verdicts', sent('shop.test'),
                [(e['msgid'], e['verdict'])
                 for e in log.of('spam_verdict', log.mx1, daemon='spamd')])
    verdicts = {}
    for event in log.mx1:
        if event['kind'] == 'spam_verdict' and event['daemon'].startswith('amavis'):
            verdicts.setdefault(event['msgid'], set()).add(event['verdict'])
    # A message that Amavis could not hand on comes again.
    log.compare('amavis verdicts', sent('amv.test'),
                [(m, word) for m, words in verdicts.items() for word in words - {'mta_blocked'}])


def exim(log):
    main = log.scan('web1.exim-mainlog')
    place = lambda r: (r['ip'], r['port'])
    answered = lambda stage, code: [place(r) for r in log.sessions('exim')
                                    for x in r['replies'] if x[:2] == [stage, code]]
    seen = lambda kind, **fields: [(e.get('ip'), e.get('port'))
                                   for e in log.of(kind, main, **fields)]
    log.compare('Exim auth failures',
                [(*place(r), exim_printable(user)) for r in log.sessions('exim')
                 for _, user, code in r.get('auth', []) if code == 535],
                [(e.get('ip'), e.get('port'), e.get('user'))
                 for e in log.of('auth_failure', main)])
    for what, stage, code, logged in (('rejected RCPT', 'RCPT', 550, 'RCPT'),
                                      ('rejected after DATA', 'EOD', 550, 'after DATA'),
                                      ('invalid EHLO', 'EHLO', 501, 'EHLO'),
                                      ('MAIL without EHLO', 'MAIL', 503, 'MAIL')):
        log.compare('Exim ' + what, answered(stage, code),
                    seen('policy', action='reject', stage=logged))
    log.compare('Exim synchronization error', answered('CONNECT', 554),
                seen('violation', action='pipelining', stage='CONNECT'))
    log.compare('Exim local <= by user',
                [(r['user'], r['mid']) for r in log.records
                 if r['svc'] == 'exim-local' and r['rc'] == 0],
                [(e['user'], e['msgid']) for e in log.of('submitted', main, proto='local')
                 if e.get('msgid', '').startswith('local.')])
    taken = [m for m in log.totals['messages'] if m['svc'] == 'exim' and m['code'] == 250]
    say = lambda e: (e['qid'], e.get('msgid'), e['ip'], e.get('sender'), e.get('user'))
    sent = [(m['qid'], m['mid'], m['ip'], m['from'], m['user']) for m in taken]
    log.compare('Exim <=', sent, map(say, log.of('accept', main)))
    log.compare('Exim messages', sent,
                [say(e) for e in log.of('message', main) if 'ip' in e])
    log.compare('Exim deliveries', {(m['qid'], to) for m in taken for to in m['rcpts']},
                {(e['qid'], e.get('orig_recipient', e['recipient']))
                 for e in log.of('delivery', main) if e['qid'] in {m['qid'] for m in taken}})
    # To syslog goes what goes into either file: a refusal stands there twice, and is told
    # once. rsyslog escapes control characters.
    same = lambda events: [json.dumps({k: v for k, v in e.items() if k not in HEADER},
                                      sort_keys=True).replace('\\t', '#011')
                           for e in events if e.get('daemon') == 'exim' and 'derived' not in e]
    log.compare('Exim through syslog', same(main),
                same(log.scan('web1.mail.log')))


def web_mail(session):
    """What the script that was asked did: its name and to whom it wrote."""
    script, to = SITES[session['class']]
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit('//' + session['url']).query)
    return script, to or asked['to'][0]


def php(log):
    done = lambda *classes: [r for r in log.records
                             if r['class'] in classes and ' 200 ' in r.get('status', '')]
    mails = lambda name: list(log.of('web_mail', log.scan(name)))
    say = lambda e: (e['script'], e.get('recipient'))
    log.compare('PHP mail.log file', map(web_mail, done('php-form', 'php-eval')),
                map(say, mails('web1.phpmail-shop.log')))
    log.compare('PHP mail.log file behind a wrapper',
                map(web_mail, done('php-wrapper', 'php-wrapper-abuse')),
                map(say, mails('web1.phpmail-wiki.log')))
    log.compare('PHP mail.log syslog', map(web_mail, done('php-abuse', 'php-inject')),
                map(say, mails('web1.syslog')))
    # These know the client and the request, but not the recipient.
    log.compare('PHP wrapper lines',
                [(r['ip'], web_mail(r)[0], r['url'])
                 for r in done('php-wrapper', 'php-wrapper-abuse')],
                [(e.get('ip'), e['script'], e['text']) for e in mails('web1.mail.log')])


def addresses(log):
    never = set(log.totals['never_seen'])
    web1 = [e for name in LIVE if name.startswith('web1') for e in log.scan(name)]
    blamed = [(e['kind'], e['ip']) for e in log.mx1 + web1 if e.get('ip') in never]
    ok(not blamed, '%s: nobody who never connected is a client' % log.name, str(blamed[:5]))


def coverage(log):
    """Every line of a mail daemon must be understood."""
    stored = [name[:-3] for name in sorted(os.listdir(log.directory))
              if re.match(r'(mx1|web1)\..*\.gz', name)]
    for name in list(LIVE) if log.live else stored:
        path, text = log.read(name)
        report = json.loads(log.run('report', '--format', 'json', path))
        source, lines = report['inputs'][0], text.count('\n')
        ok(source['lines'] == lines, '%s: %d lines of %s' % (log.name, lines, name),
           'got %s' % source['lines'])
        ok(not source['unknown'] and not source['malformed'],
           '%s: all of %s is understood' % (log.name, name),
           '%s unknown, %s malformed' % (source['unknown'], source['malformed']))
        foreign = len(re.findall(r'web1 rsyslogd: \[origin', text))
        ok(source['foreign'] == foreign, '%s: %d lines of others' % (log.name, foreign),
           'got %s' % source['foreign'])
        ok(report['coverage'] == 1, '%s: coverage is 1' % log.name, 'got %s' % report['coverage'])


def main(arguments):
    live = '--live' in arguments
    for directory in [a for a in arguments if a != '--live']:
        log = Log(directory, live)
        print('# %s: %d events of %s' % (log.name, len(log.events), log.path))
        for compare in (postscreen, refusals, logins, attempts, verdicts, queue, imap,
                        filters, exim, php, addresses, coverage):
            compare(log)
    tap.done()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
