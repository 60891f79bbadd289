#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same messages in three header forms give the same events.

rsyslog wrote each corpus as traditional, RFC 3339 and RFC 5424 lines, in the
same order. The traditional form has whole seconds and no zone. The RFC 5424
form has lost what follows the first '/' of the tag, so program, daemon and
instance differ, and some texts no longer say which daemon wrote them.
"""
import collections
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, ok

HERE = os.path.dirname(os.path.abspath(__file__))
TAG = {'program', 'daemon', 'instance'}

CORPORA = {
    'rsyslog-newyear': ['--year', '2026'],
    'rsyslog-dst': ['--year', '2026', '--tz', 'Europe/Berlin'],
    'debian13': ['--year', '2026', '--tz', 'America/St_Johns'],
}

# Events that only the daemon's name tells apart: kind -> how often, in the
# RFC 3339 form and in the RFC 5424 form.
ONLY_BY_DAEMON = {
    # tlsproxy's DISCONNECT reads like postscreen's.
    'rsyslog-newyear': ({}, {'ps_disconnect': 16}),
    'rsyslog-dst': ({}, {'ps_disconnect': 2}),
    'debian13': ({}, {'ps_disconnect': 8}),
}


def scan(corpus, form):
    path = os.path.join(HERE, corpus, 'mx1.mail%s.log.gz' % form)
    done = subprocess.run([POSTERN, 'scan', *CORPORA[corpus], path],
                          stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise SystemExit('forms.t: %s: exit status %d' % (path, done.returncode))
    return [json.loads(line) for line in done.stdout.decode('utf-8').splitlines()]


def without(events, drop, seconds):
    """Events as text, to be counted: less the fields in DROP, and time cut."""
    lines = []
    for event in events:
        kept = {k: v for k, v in event.items() if k not in drop | {'id', 'source'}}
        if seconds and 'time' in kept:
            kept['time'] = kept['time'][:19]
        lines.append(json.dumps(kept, sort_keys=True))
    return collections.Counter(lines)


def kinds(events):
    return dict(collections.Counter(json.loads(line)['kind'] for line in events.elements()))


for corpus in CORPORA:
    old, iso, new = (scan(corpus, form) for form in ('', '.rfc3339', '.rfc5424'))
    ok(len(old) > 1000, '%s: %d events' % (corpus, len(old)))

    a, b = without(old, {'seconds', 'inferred'}, True), without(iso, {'seconds', 'inferred'}, True)
    ok(a == b, '%s: traditional and RFC 3339 agree' % corpus,
       'only traditional: %s' % (a - b).most_common(3), 'only RFC 3339: %s' % (b - a).most_common(3))

    a, b = without(iso, TAG, False), without(new, TAG, False)
    got = kinds(a - b), kinds(b - a)
    ok(got == ONLY_BY_DAEMON[corpus], '%s: RFC 3339 and RFC 5424 agree but for the tag' % corpus,
       'only RFC 3339: %s %s' % (got[0], (a - b).most_common(3)),
       'only RFC 5424: %s %s' % (got[1], (b - a).most_common(3)))

tap.done()
