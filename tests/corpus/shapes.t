#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shapes of lines that nobody understands name no user, host, mail address or address:
every line of the samples, with a word put in that no daemon writes, at each place in turn.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, TOP, ok

SAMPLES = os.path.join(TOP, 'tests/corpus/samples')
# Whom and what the samples' lines are about.
PRIVATE = re.compile(r'\b([Jj]oe|alice|bob|hunter|boss)|\.test\b|\.example\b|192|2001:db8')
# Where the word put in hides what the name is: a tag in a broken header; behind "plaintext".
HIDDEN = re.compile(r'web-of-joe\[N\]|\bWORD joe\b')
PLACES = 12


def broken(line):
    """LINE with a strange word behind each of its first words."""
    words = line.split(' ')
    for place in range(1, min(len(words), PLACES) + 1):
        yield ' '.join(words[:place] + ['zorq'] + words[place:])


shapes = 0
for name in sorted(n for n in os.listdir(SAMPLES) if n.endswith('.log')):
    with open(os.path.join(SAMPLES, name), encoding='utf-8', errors='surrogateescape') as log, \
            tempfile.NamedTemporaryFile('w', errors='surrogateescape') as out:
        out.writelines(line + '\n' for whole in log.read().split('\n') for line in broken(whole))
        out.flush()
        told = subprocess.run([POSTERN, 'scan', '--unknown', '--format', 'json', '--year', '2026',
                               out.name], stdout=subprocess.PIPE, check=True).stdout
    told = [json.loads(line) for line in told.splitlines()]
    named = [t['shape'] for t in told
             if PRIVATE.search(HIDDEN.sub('', t['shape']))]
    shapes += len(told)
    ok(not named, '%s: %d shapes name nobody' % (name, len(told)), *named[:20])
ok(shapes > 3000, 'as many shapes as that say something: %d' % shapes)
tap.done()
