#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Logs in which outsiders write what they can: inject_rows.py says where,
inject_texts.py what. Each text is written as the daemon would, and once more with
the bytes that the daemon replaces.

    inject.py              the log, to look at
    inject.py --long BYTES STEP
                           lines of that length, made to be slow to read
"""
import json
import re
import sys

from inject_rows import ROWS
from inject_texts import TAILS, TEXTS

CONTROLS = bytes(range(32)) + b'\x7f'
INNOCENT = b'joe'


def replaced(text, bytes_, by=b'?'):
    return text.translate(bytes.maketrans(bytes_, by * len(bytes_)))


def printable(text):
    """Postfix's printable(), Dovecot's str_sanitize(): controls and broken UTF-8."""
    text = text.decode('utf-8', 'replace').replace('\ufffd', '?').encode()
    return replaced(text, CONTROLS)


def c_escaped(text):
    """Postfix's escape()."""
    names = dict(zip(b'\a\b\f\n\r\t\v\\', (b'\\a', b'\\b', b'\\f', b'\\n', b'\\r', b'\\t', b'\\v', b'\\\\')))
    return b''.join(names.get(c) or (bytes((c,)) if 32 <= c < 127 else b'\\%03o' % c) for c in text)


def exim_printed(text):
    """Exim's string_printing()."""
    names = dict(zip(b'\n\r\t\b\v\f', (b'\\n', b'\\r', b'\\t', b'\\b', b'\\v', b'\\f')))
    return b''.join(names.get(c) or (bytes((c,)) if 32 <= c < 127 else b'\\%03o' % c) for c in text)


def quoted(text):
    return b'"' + text.replace(b'\\', b'\\\\').replace(b'"', b'\\"') + b'"'


def token(text):
    """One word that a server's own parser let through."""
    return text.replace(b' ', b'_') or b'_'


def mechanism(text):
    """smtpd takes a word in quotes as one, and logs 100 bytes of it."""
    return (b'"' + text.replace(b'"', b'').replace(b'\\', b'') + b'"')[:100]


def shortened(text, most):
    return text if len(text) <= most else text[:most - 3] + b'...'


# ENCODING: (what always happens to the text, what the daemon does to other bytes)
ENCODINGS = {
    'p': (lambda text: text, printable),
    'i': (lambda text: text, printable),
    'q': (quoted, printable),
    'h': (lambda text: replaced(text, b' <>()\\";@'), printable),
    'g': (token, printable),
    # valid_hostname()
    'n': (lambda text: re.sub(rb'[^A-Za-z0-9._-]', b'-', text)[:63] or b'x', lambda text: text),
    's': (token, printable),
    # smtpd_token() ends a word at a space outside quotes and angles
    'w': (lambda text: replaced(token(text), b'<>"\\')[:100], printable),
    'm': (mechanism, printable),
    'u': (lambda text: text[:100], printable),
    'e': (lambda text: text, lambda text: c_escaped(text)[:100]),
    # str_sanitize() of a login process, of the auth process, of a mechanism's name
    'd': (lambda text: shortened(text, 80), printable),
    'da': (lambda text: shortened(text, 64), printable),
    'dm': (lambda text: shortened(token(text).upper(), 64), printable),
    'xp': (lambda text: text, exim_printed),
    'xq': (quoted, exim_printed),
    'xw': (token, exim_printed),
    'xt': (lambda text: text.replace(b'\\', b'\\\\').replace(b'"', b'\\"'), exim_printed),
    # helo_accept_junk_hosts
    'xh': (lambda text: text, exim_printed),
    # Amavis takes Message-IDs apart
    'am': (lambda text: replaced(text, b'<>"\\ '), printable),
    'c': (lambda text: text, lambda text: replaced(text, b'\r\n', b' ')),
    'r': (lambda text: text.replace(b' ', b'?'),
          lambda text: b''.join(bytes((c,)) if 33 <= c < 127 else b'?' for c in text)),
}
PLACE = re.compile('«(\\w+)»')


def written(message, text, raw):
    """The message with TEXT in its places; RAW: its bytes are not replaced."""
    out = b''
    for number, part in enumerate(PLACE.split(message)):
        if number % 2 == 0:
            out += part.encode()
            continue
        always, otherwise = ENCODINGS[part]
        # No daemon writes a line break; and syslog daemons would write it so.
        out += always(text.replace(b'\n', b'#012')) if raw else otherwise(always(text))
    return out


def headed(row, text, raw):
    """(form, line) for each form of header that the row's message can stand behind."""
    message = written(row['message'], text, raw)
    tag = row['tag'].encode()
    pid = b'' if row['parser'] == 'dovecot' else b'[77]'
    yield 'old', b'Nov 20 12:00:00 mx1 %s%s: %s' % (tag, pid, message)
    yield 'padded', b'Nov 05 12:00:00 mx1 %s[77]: %s' % (tag, message)
    yield 'iso', b'2026-11-20T12:00:00.123456+00:00 mx1 %s%s: %s' % (tag, pid, message)
    yield 'new', b'<22>1 2026-11-20T12:00:00Z mx1 %s 77 - - %s' % (tag, message)
    yield 'repeated', b'Nov 20 12:00:00 mx1 %s%s: message repeated 2 times: [ %s]' % (tag, pid, message)
    yield 'relayed', b'Nov 20 12:00:00 relay Nov 20 12:00:00 mx1 %s%s: %s' % (tag, pid, message)
    yield 'bare', b'1 2026-11-20T12:00:00Z mx1 %s 77 - - %s' % (tag, message)
    yield 'level', b'Nov 20 12:00:00 mx1 %s[77] <Notice>: %s' % (tag, message)
    if row['parser'].startswith('postfix') and tag != b'postfix':
        yield 'plain', b'<22>1 2026-11-20T12:00:00Z mx1 postfix 77 - -  ' + message
    if row['parser'] == 'dovecot':
        message = written(row['message'].replace(': ', ': Info: ', 1), text, raw)
    for head in row['files']:
        yield head, head.encode() + message


def lines():
    """(row, text or None, form, line); the first of each row and form is innocent. Each line
    is two seconds after the one before: what is equal within a second is one thing told twice.
    """
    for number, (row, text, form, line) in enumerate(lines_at_once()):
        second = 2 * number % 86400
        stamp = b'%02d:%02d:%02d' % (second // 3600, second // 60 % 60, second % 60)
        yield row, text, form, re.sub(rb'\d\d:\d\d:\d\d', stamp, line, count=1)


def lines_at_once():
    for row in ROWS:
        for form, line in headed(row, INNOCENT, False):
            yield row, None, form, line
        seen = set()
        for text in TEXTS if PLACE.search(row['message']) else ():
            for raw in (False, True):
                message = written(row['message'], text, raw)
                if message in seen:
                    continue
                seen.add(message)
                for form, line in headed(row, text, raw):
                    yield row, text, form, line


# Encodings whose texts the daemon keeps short.
SHORT = {'u', 'm', 'w', 'e', 'd', 'da', 'dm', 'n', 'h'}


def wrapped():
    """As lines(), of the journal's JSON and of what containers write: there a message may
    hold line breaks.
    """
    for row in ROWS:
        seen = set()
        # What is escaped on the way grows; these the daemon keeps short.
        short = SHORT & set(PLACE.findall(row['message']))
        for text in [None] + (TEXTS if PLACE.search(row['message']) else []):
            message = written(row['message'], INNOCENT if text is None else text,
                              text is not None and not short)
            if message in seen:
                continue
            seen.add(message)
            broken = message.replace(b'#012', b'\n')
            yield row, text, 'journal', json.dumps({
                '__REALTIME_TIMESTAMP': '1795175893587668', '_HOSTNAME': 'mx1',
                'SYSLOG_IDENTIFIER': row['tag'], 'SYSLOG_PID': '77', 'MESSAGE': list(broken)}).encode()
            line = b'Nov 20 12:00:00 mx1 %s[77]: %s\n' % (row['tag'].encode(), message)
            yield row, text, 'docker', json.dumps({
                'log': line.decode('utf-8', 'replace'), 'stream': 'stdout',
                'time': '2026-11-20T12:00:00.123456789Z'}).encode()


def cut_lines(texts):
    """(row, cut, line): a text fills the row up to where it is cut, and ends in one of TEXTS."""
    for row in ROWS:
        parts = PLACE.split(row['message'])
        postfix = row['parser'].startswith('postfix')
        # What is logged of a header stands before the client, but is short.
        if len(parts) < 2 or parts[1] in SHORT or re.search(': (nested )?(header|body|mime)', parts[0]):
            continue
        quote = b'"' if parts[1] in ('q', 'xq') else b''
        pid = b'' if row['parser'] == 'dovecot' else b'[77]'
        start = b'Nov 20 12:00:00 mx1 %s%s: %s%s' % (row['tag'].encode(), pid, parts[0].encode(), quote)
        # Postfix does not count "warning: ".
        message = start.index(b': ') + 2 + re.match('((warning|fatal): )?', row['message']).end()
        for cut, end in (('Postfix', message + 2000), ('syslog', 1024), ('rsyslog', 8192)):
            if (cut == 'Postfix' and not postfix) or (cut == 'rsyslog' and postfix):
                continue
            for text in texts:
                tail = written('«%s»' % parts[1], text, False)
                tail = tail[1:-1] if quote else tail
                yield row, cut, start + b'x' * (end - len(start) - len(tail)) + tail


def long_lines(length, step):
    """Lines of LENGTH bytes of what parsers look for, again and again; every STEPth."""
    for number, row in enumerate(ROWS):
        parts = PLACE.split(row['message'])
        own = [part.encode() for part in parts[::2] if part]
        runs = [text for text in TAILS if 0 < len(text) <= 80] + own
        places = len(parts) // 2
        head = b'Nov 20 12:00:00 mx1 %s[77]: ' % row['tag'].encode()
        for run in runs[number % step::step] if places else ():
            text = run * (length // len(run) // places)
            # Whole, whatever the daemon would have made of it.
            line = head + b''.join(text if i % 2 else part.encode() for i, part in enumerate(parts))
            yield line[:length]
            end = parts[-1].encode()[-200:]
            yield line[:length - len(end)] + end


if __name__ == '__main__':
    if sys.argv[1:2] == ['--long']:
        for line in long_lines(int(sys.argv[2]), int(sys.argv[3])):
            sys.stdout.buffer.write(line + b'\n')
    else:
        for _, _, _, line in lines():
            sys.stdout.buffer.write(line + b'\n')
