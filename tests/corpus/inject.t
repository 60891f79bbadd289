#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whatever outsiders write into a log, the events say the same as if they had not,
but for the fields that are theirs to write; and nothing that is printed of them has
a control, C1 or bidi character in it.

inject_rows.py has a line for each place where daemons log outsiders' words,
inject_texts.py the words, inject.py puts them together. NAME=VALUE arguments show
more: rows=5 as many failures of a row.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, TOP, ok

import inject
import inject_texts

HERE = os.path.dirname(os.path.abspath(__file__))
ENV = {**os.environ, 'TZ': 'UTC', 'LC_ALL': 'C.UTF-8'}
SHOWN = int(dict(a.split('=') for a in sys.argv[1:]).get('rows', '3'))
# Of the line's place, not of its words.
PLACE = {'id', 'time', 'source', 'lineno', 'inferred'}
SURE = {'ip', 'port', 'name', 'code', 'dsn', 'user', 'qid', 'action', 'stage', 'relay', 'relay_ip'}
ADDRESSES = {'ip', 'relay_ip', 'server_ip'}


def run(*arguments, **more):
    done = subprocess.run([POSTERN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=ENV, check=False, **more)
    return done.returncode, done.stdout, done.stderr


def parsers():
    with open(os.path.join(TOP, 'src/parse/room.h'), encoding='utf-8') as header:
        text = header.read()
    table = text[text.index('#define PARSERS('):text.index('#define ROW(id)')]
    return re.findall(r'ROW\((\w+)\)', table)


def scan(path, count):
    """The events by line, each line's first; and how many lines have more than one."""
    status, out, err = run('scan', '--year', '2026', '--tz', 'UTC', path)
    ok(status == 0 and not err, 'the log can be read', status, err[:300])
    events = [None] * (count + 1)
    more = 0
    for line in out.splitlines():
        event = json.loads(line)
        forged = [event[f] for f in ADDRESSES & event.keys() if event[f] in inject_texts.FORGED]
        if event.get('derived'):
            more += bool(forged)
        elif events[event['lineno']] is not None:
            more += 1
        else:
            events[event['lineno']] = {k: v for k, v in event.items() if k not in PLACE}
    return events, more


def differences(row, innocent, event):
    """What EVENT says otherwise than INNOCENT, the same line with a text of no harm."""
    if (event is None) != (innocent is None) and (event or 'event' not in row['may_lack']):
        yield 'no event' if event is None else 'an event: %s' % event
    if event is None or innocent is None:
        return
    for field in sorted(event.keys() | innocent.keys()):
        value = event.get(field)
        if field in ADDRESSES and value in inject_texts.FORGED:
            yield '%s=%s is forged' % (field, value)
        elif (value != innocent.get(field) and field not in row['free'] and
              not (value is None and field in row['may_lack'])):
            yield '%s=%s, not %s' % (field, value, innocent.get(field))


def untrue(row, form, event):
    """What of ROW's truth the innocent line does not say. A tag that was lost may hide it."""
    if form == 'plain' and event is None:
        return
    if row['truth'] and event is None:
        yield 'no event'
    for field, value in row['truth'].items() if event else ():
        if str(event.get(field)) != value:
            yield '%s=%s, not %s' % (field, event.get(field), value)


def compare(log, events):
    """Failures of each row."""
    wrong = collections.defaultdict(list)
    innocent = {}
    for number, (row, text, form, line) in enumerate(log, 1):
        name = row['parser'] + ': ' + row['message']
        event = events[number]
        wrong[name] += []
        if text is None:
            innocent[form] = event
            wrong[name] += ['%s: %s: %s' % (form, why, line) for why in untrue(row, form, event)]
        else:
            wrong[name] += ['%s: %s: %s' % (form, why, line)
                            for why in differences(row, innocent[form], event)]
    return wrong


def compare_cut(log, events):
    """The same of cut lines: fields may lack, but none may be another's. A cut that is not
    Postfix's own cannot be seen; then what ends a line is not to be trusted, but the rest is.
    """
    wrong = collections.defaultdict(list)
    innocent = {}
    for number, (row, cut, line) in enumerate(log, 1):
        name = '%s, cut by %s: %s' % (row['parser'], cut, row['message'])
        event = events[number]
        wrong[name] += []
        if cut is None:
            innocent[row['parser'], row['message']] = event
            continue
        whole = innocent[row['parser'], row['message']]
        found = ['%s=%s, not %s' % (field, value, whole and whole.get(field))
                 for field, value in (event or {}).items()
                 if field not in row['free'] | {'truncated', 'text', 'reason'} and
                 (cut == 'Postfix' or field in SURE) and
                 value != (whole or {}).get(field) or
                 field in ADDRESSES and value in inject_texts.FORGED]
        # With the address in front cut off, nothing but the queue id is left.
        if cut == 'Postfix' and whole and not (event or {}).get('truncated') and (
                event or not re.match(r'\w+: (to|from)=<', row['message'])):
            found.append('it is not truncated' if event else 'no event')
        wrong[name] += ['%s: ...%s' % (why, line[-160:]) for why in found]
    return wrong


with tempfile.TemporaryDirectory(prefix='postern-inject-') as directory:
    path = os.path.join(directory, 'log')
    log = list(inject.lines())
    with open(path, 'wb') as out:
        out.writelines(line + b'\n' for _, _, _, line in log)
    events, more = scan(path, len(log))
    ok(more == 0, 'a line is never more than itself', more)
    for name, failures in compare(log, events).items():
        ok(not failures, name, '%d failures' % len(failures), *failures[:SHOWN])
    for kind in ('journal', 'docker'):
        wrapped = [entry for entry in inject.wrapped() if entry[2] == kind]
        with open(path, 'wb') as out:
            out.writelines(line + b'\n' for _, _, _, line in wrapped)
        events, more = scan(path, len(wrapped))
        ok(more == 0, "the %s's record is never more than itself" % kind, more)
        for name, failures in compare(wrapped, events).items():
            ok(not failures, kind + ': ' + name, '%d failures' % len(failures), *failures[:SHOWN])
    log = [(row, None, line) for row, text, form, line in log if text is None and form == 'old']
    log += inject.cut_lines([text for text in inject_texts.TAILS
                            if re.search(rb'198\.51|victim|66|DEAD', text)])
    with open(path, 'wb') as out:
        out.writelines(line + b'\n' for _, _, line in log)
    events, more = scan(path, len(log))
    ok(more == 0, 'a cut line is never more than itself', more)
    for name, failures in compare_cut(log, events).items():
        if ', cut by None' not in name:
            ok(not failures, name, '%d failures' % len(failures), *failures[:SHOWN])
    for parser in parsers():
        ok(any(row['parser'] == parser for row in inject.ROWS), '%s has a row' % parser)

tap.done()
