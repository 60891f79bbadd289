#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whatever is in a log, in a file's name or in an option: nothing that is printed of
it is obeyed by a terminal, a spreadsheet or a reader's eye. The log is that of
inject.t; each form of each command's output is looked at byte by byte.
"""
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, ok

import inject
from inject_texts import BYTES

HERE = os.path.dirname(os.path.abspath(__file__))
ENV = {**os.environ, 'TZ': 'UTC', 'LC_ALL': 'C.UTF-8'}
# Controls but the line's end, C1, bidi, what ends a line elsewhere, tags, noncharacters.
OBEYED = re.compile('[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e'
                    '\u2066-\u2069]')
FORMULA = re.compile(r'\s*[=+@\t\r-]|\s*[\uff1d\uff0b\uff0d\uff20]')
NUMBER = re.compile(r'-?[0-9][0-9.,]*$')
HOSTILE = b'a\x1b[31m\x9b\xc2\x9b\r\x07\xe2\x80\xae\xe2\x81\xa6\xff=\x7f'


def run(*arguments, **more):
    done = subprocess.run([POSTERN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=ENV, check=False, **more)
    return done.returncode, done.stdout, done.stderr


def obeyed(out):
    """The lines of OUT that hold what must not be printed; all of it, if it is no UTF-8."""
    try:
        text = out.decode('utf-8')
    except UnicodeDecodeError as error:
        return ['no UTF-8: %r' % out[max(0, error.start - 60):error.end + 20]]
    return [repr(line[max(0, found.start() - 60):found.end() + 20])
            for line in text.split('\n') for found in [OBEYED.search(line)] if found]


def clean(what, out, *others):
    wrong = sum((obeyed(piece) for piece in (out, *others)), [])
    ok(not wrong, what, '%d lines' % len(wrong), *wrong[:3])


def formulas(out):
    return [cell for row in csv.reader(io.StringIO(out.decode('utf-8'), newline=''))
            for cell in row if FORMULA.match(cell) and not NUMBER.match(cell)]


def sections():
    listed = run('report', '--help')[1].decode().split('Sections:\n')[1]
    return re.findall(r'[a-z_]{3,}', ' '.join(
        re.sub(r'^  (\w+)  .*', r'\1', line) if re.match(r'  \w', line) else line.replace('also:', '')
        for line in listed.splitlines()))


def reports(log):
    options = ['--year', '2026', '--tz', 'UTC', '--progress', 'never']
    for form in ('text', 'json'):
        status, out, err = run('report', '--format', form, '--top', '0', *options, log)
        ok(status == 0 and len(out) > 500, 'report --format %s' % form, status, err[:200])
        clean('report --format %s is clean' % form, out, err)
    status, out, err = run('report', '--color', 'always', *options, log)
    # ours: colours and styles
    clean('report --color always is clean but for its colours',
          re.sub(rb'\x1b\[[0-9;]*m', b'', out), err)
    for name in sections():
        outs = [run('report', name, '--format', form, '--top', '0', *options, log)
                for form in ('text', 'csv', 'json')]
        ok(all(status == 0 for status, _, _ in outs), 'report %s' % name, *outs[0][2:])
        clean('report %s is clean' % name, *[piece for _, out, err in outs for piece in (out, err)])
        ok(not formulas(outs[1][1]), 'report %s has no formula in its CSV' % name,
           *formulas(outs[1][1])[:3])
    keys = ('sender', 'recipient', 'helo', 'text', 'user', 'name', 'msgid', 'mechanism', 'script',
            'relay', 'list', 'stage', 'status', 'qid', 'next_qid', 'session', 'program', 'jail')
    for key in keys:
        outs = [run('report', '--by', key, '--format', form, '--top', '0', *options, log)
                for form in ('text', 'csv', 'json')]
        clean('report --by %s is clean' % key, *[piece for _, out, err in outs for piece in (out, err)])
        ok(not formulas(outs[1][1]), 'report --by %s has no formula in its CSV' % key,
           *formulas(outs[1][1])[:3])


def others(log):
    options = ['--year', '2026', '--tz', 'UTC', '--progress', 'never']
    status, out, err = run('scan', *options, log)
    ok(status == 0 and out, 'scan', status, err[:200])
    clean('scan is clean', out, err)
    for form in ('json', 'text'):
        _, out, err = run('scan', '--unknown', '--format', form, *options, log)
        clean('scan --unknown --format %s is clean' % form, out, err)
    for thing in ('192.0.2.1', '4F1D2A3B4C', '1xUN76-0005hf-06', 'a@b.test', 'joe', 'mx.b.test', '192.0.2.0/24'):
        for form in ('text', 'json'):
            _, out, err = run('trace', thing, '--format', form, *options, log)
            ok(len(out) > 50, 'trace %s tells something' % thing)
            clean('trace %s --format %s is clean' % (thing, form), out, err)


def names(directory):
    """Words of the command line and names of files, in results and in messages."""
    path = os.path.join(os.fsencode(directory), HOSTILE)
    with open(path, 'wb') as out:
        out.write(b'Nov 20 12:00:00 mx1 postfix/smtpd[7]: connect from unknown[192.0.2.1]\n'
                  b'Nov 20 12:00:01 mx1 postfix/smtpd[7]: what nobody knows\n')
    for arguments in (['scan'], ['scan', '--unknown'], ['report'],
                      ['report', '--format', 'json'], ['report', 'coverage'], ['report', 'hosts', '--format', 'csv'],
                      ['trace', '192.0.2.1'], ['report', '--by', 'source']):
        status, out, err = run(*arguments, '--year', '2026', path)
        clean('%s of a file with a hostile name' % ' '.join(arguments), out, err)
        ok(status == 0, '%s of it works' % ' '.join(arguments), status, err[:200])
    missing = path + b'.missing'
    for arguments in (['scan', missing], ['report', missing], ['report', HOSTILE], ['trace', HOSTILE, path],
                      ['report', '--format', HOSTILE, path], ['report', '--by', HOSTILE, path],
                      ['report', '--where', HOSTILE, path], ['scan', '--where', b'user ~ "' + HOSTILE + b'("', path],
                      ['report', '--since', HOSTILE, path], ['report', '--tz', HOSTILE, path],
                      ['report', '--year', HOSTILE, path], ['report', '--top', HOSTILE, path],
                      ['report', '--jobs', HOSTILE, path], ['report', '--color', HOSTILE, path],
                      ['report', '--measure', HOSTILE, '--by', 'ip', path], [HOSTILE], [b'--' + HOSTILE],
                      ['scan', b'--' + HOSTILE], ['report', b'--form' + HOSTILE], ['scan', b'-' + HOSTILE],
                      ['scan', path + b'/x'], ['report', os.fsencode(directory) + b'/*' + HOSTILE]):
        _, out, err = run(*arguments)
        clean('%r says its error cleanly' % b' '.join(os.fsencode(a) for a in arguments)[:60], out, err)


with tempfile.TemporaryDirectory(prefix='postern-inject-') as directory:
    log = os.path.join(directory, 'log')
    with open(log, 'wb') as out:
        out.writelines(line + b'\n' for _, text, form, line in inject.lines()
                       if form == 'old' and (text is None or text in BYTES))
    reports(log)
    others(log)
    names(directory)

tap.done()
