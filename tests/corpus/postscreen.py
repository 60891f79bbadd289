#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""postscreen.py: unique/total of every action that `postern postscreen` prints, and
its JSON, against check.json, which regular expressions made of the same logs.

check.json's words for actions are nearly the log's; LABELS says which of them are
which rows of the report. Prints TAP. The program is $POSTERN.
"""
import glob
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, ok

HERE = os.path.dirname(os.path.abspath(__file__))

# check.json's word -> the compatible report's row; None: it has none.
LABELS = {
    'ALLOWLISTED': 'WHITELISTED',
    'ALLOWLIST VETO': 'WHITELIST VETO',
    'DENYLISTED': 'BLACKLISTED',
    'DNSBL rank': 'DNSBL',
    'NOQUEUE RCPT 450': 'NOQUEUE 450 deep protocol test reconnection',
    'NOQUEUE CONNECT too many connections': 'NOQUEUE too many connections',
    'DISCONNECT': None,
    'NOQUEUE RCPT 550': None,
}

# The same -> rows of the modern one, which are added up.
MODERN = {
    'WHITELISTED': ['ALLOWLISTED'],
    'WHITELIST VETO': ['ALLOWLIST VETO'],
    'BLACKLISTED': ['DENYLISTED'],
    'DNSBL rank': ['DNSBL'],
    'NOQUEUE RCPT 450': ['NOQUEUE 450 deep protocol test reconnection'],
    'NOQUEUE CONNECT too many connections': ['NOQUEUE too many connections'],
    'NOQUEUE RCPT 550': ['NOQUEUE 550 DNSBL', 'NOQUEUE 550 deny list',
                         'NOQUEUE 550 protocol error', 'NOQUEUE other'],
}


def run(*arguments):
    return subprocess.run([POSTERN, 'postscreen', '-y', '2026', *arguments], check=True,
                          stdout=subprocess.PIPE).stdout.decode()


def check(path, expected):
    name = '/'.join(path.split('/')[-2:])
    text = run('-r', 'short', '-f', path)
    got = {label: [int(unique), int(total)]
           for unique, total, label in re.findall(r'^(\d+)/(\d+) (.*)$', text, re.M)}
    want = {LABELS.get(key, key): pair for key, pair in expected.items()
            if LABELS.get(key, key)}
    ok(got == want, '%s: every row is unique/total of check.json' % name,
       'got %s, want %s' % (got, want))
    rows = json.loads(run('--format', 'json', path))['sections']['postscreen_actions']['rows']
    totals = {row['action']: row['times'] for row in rows}
    unique = {row['action']: row['clients'] for row in rows}
    for key, pair in expected.items():
        # Without the daemon's name tlsproxy's DISCONNECT looks like postscreen's.
        if key == 'DISCONNECT' and 'rfc5424' in path:
            continue
        labels = MODERN.get(key, [key])
        ok(sum(totals.get(label, 0) for label in labels) == pair[1],
           '%s: %d of %s in JSON' % (name, pair[1], key), str(totals))
        if len(labels) == 1:
            ok(unique.get(labels[0]) == pair[0], '%s: %d clients' % (name, pair[0]))
    known = {label for key in expected for label in MODERN.get(key, [key])}
    ok(set(totals) <= known, '%s: and nothing else' % name, str(set(totals) - known))


def main():
    for directory in sorted(glob.glob(os.path.join(HERE, '*/check.json'))):
        with open(directory, encoding='utf-8') as file:
            expected = json.load(file)['postscreen_unique_total']
        for path in sorted(glob.glob(os.path.join(os.path.dirname(directory), 'mx1.mail*.gz'))):
            check(path, expected)
    with tempfile.NamedTemporaryFile(suffix='.log') as plain:
        with gzip.open(path) as packed:
            plain.write(packed.read())
        plain.flush()
        ok(run(plain.name) == run(path), 'compressed or not, it is the same report')
    tap.done()


if __name__ == '__main__':
    sys.exit(main())
