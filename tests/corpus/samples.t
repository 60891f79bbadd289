#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each sample log gives the events that its .expect file says, and each parser
has a sample. With --accept the .expect files are written anew: read the
difference before it is committed.
"""
import difflib
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, TOP, ok

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.join(HERE, 'samples')
ACCEPT = '--accept' in sys.argv


def scan(name):
    """The events of a sample; its source is the bare file name."""
    done = subprocess.run([POSTERN, 'scan', '--year', '2026', '--tz', 'UTC', name], cwd=SAMPLES,
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.decode('utf-8').splitlines()


def parsers():
    with open(os.path.join(TOP, 'src/parse/room.h'), encoding='utf-8') as header:
        text = header.read()
    table = text[text.index('#define PARSERS('):text.index('#define ROW(id)')]
    return [row.replace('_', '-') for row in re.findall(r'ROW\((\w+)\)', table)]


names = sorted(n for n in os.listdir(SAMPLES) if n.endswith('.log'))
for name in names:
    events = scan(name)
    expect = os.path.join(SAMPLES, name[:-4] + '.expect')
    if ACCEPT:
        with open(expect, 'w', encoding='utf-8') as out:
            out.write(''.join(e + '\n' for e in events))
    with open(expect, encoding='utf-8') as stored:
        wanted = stored.read().splitlines()
    ok(events == wanted, name, *list(difflib.unified_diff(wanted, events, lineterm='', n=0))[:20])

for parser in parsers():
    ok(parser + '.log' in names or parser == 'postfix-plain', '%s has a sample' % parser)
tap.done()
