#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""postern report from what a guard keeps: a real log's figures are the file's, section by
section, those of mail that is still in the queue, too.
"""
import gzip
import json
import os
import subprocess

from guard_host import Host, edit, run, write
from tap import POSTERN, TOP, ok, until

LOG = os.path.join(TOP, 'tests/corpus/rsyslog-newyear/mx1.mail.rfc3339.log.gz')
SECTIONS = ('overview findings clients networks users senders recipients domains rejects '
            'dnsbl auth postscreen delivery delays bounces deferrals traffic tls warnings '
            'kinds').split()
# The whole log; a night of it, over for long; its last half hour; a quiet minute.
PERIODS = ((), ('--since', '2025-12-31T20:00:00Z', '--until', '2026-01-01T04:00:00Z'),
           ('--since', '2026-01-01T11:00:00Z'),
           ('--since', '2025-12-31T12:00:00Z', '--until', '2025-12-31T12:01:00Z'))


def report(*words):
    done = subprocess.run([POSTERN, 'report', *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    return done.stdout.decode(errors='replace'), done.stderr.decode(errors='replace')


def sections(*words):
    text, said = report(*words, '--format', 'json')
    return json.loads(text)['sections'] if text else {'nothing': {'rows': [{'said': said}]}}


def differences(kept, told):
    """What of sections is not the same."""
    for name in {**kept, **told}:
        a, b = kept.get(name), told.get(name)
        if a == b:
            continue
        for x, y in zip((a or {}).get('rows', ()), (b or {}).get('rows', ())):
            if x != y:
                yield '%s: %s, in the file %s' % (
                    name, {k: v for k, v in x.items() if v != y.get(k)},
                    {k: v for k, v in y.items() if v != x.get(k)})
                break
        else:
            yield '%s: %s rows, in the file %s' % (
                name, a and len(a['rows']), b and len(b['rows']))


def test_log():
    host = Host()
    edit(host, '[store]\n', '[store]\nkeep = 3650d\nkeep_kinds =\n')
    with gzip.open(LOG, 'rt', encoding='utf-8', errors='surrogateescape') as log:
        lines = log.read()
    with open(host.log, 'w', encoding='utf-8', errors='surrogateescape') as log:
        log.write(lines)
    ok(host.start(), 'a guard reads a log of real daemons', host.text())
    last = ("SELECT count(*) FROM events WHERE lineno = %d" % lines.count('\n'))
    ok(until(lambda: host.rows(last)[0][0]), 'to its end', host.text())
    config = ('--config', host.path('p.conf'))
    for period in PERIODS:
        kept, told = (sections(*SECTIONS, *words, *period)
                      for words in (config, (host.log,)))
        ok(kept['overview']['rows'][0]['lines'] is None, 'how many lines is not known')
        told['overview']['rows'][0].update(lines=None, understood=None)
        for rows, given in (kept, ' '.join(config)), (told, host.log):
            hints = [row['more'] for row in rows['findings']['rows']]
            ok(all(' ' + given in hint for hint in hints), 'hints name ' + given, *hints)
            for row, hint in zip(rows['findings']['rows'], hints):
                row['more'] = hint.replace(' ' + given, '')
        found = list(differences(kept, told))
        ok(not found, '%s: all sections are the file\'s' % (' '.join(period) or 'all'), *found)
    kept = sections('hosts', *config)['hosts']['rows']
    ok(kept == [{'host': 'mx1'}], 'hosts are those of the events', kept)
    text, said = report('coverage', *config)
    ok(text.count('Not known: ') == 2 and 'understood.' not in text,
       'what was understood is not known, and nobody says that all was', text, said)
    for measure in (('--by', 'open', '--where', 'message'),
                    ('--by', 'user', '--where', 'message & open', '--measure',
                     'count,sum(deferred),distinct(sender),max(size)'),
                    ('--by', 'net(ip)', '--where', 'derived'),
                    ('--measure', 'count', '--where', 'lineno<1000 & attempt'),
                    ('--measure', 'count,max(lineno)', '--where', 'session'),
                    ('--by', 'lineno', '--where', 'attempt', '--top', '0'),
                    ('--by', 'kind,source', '--where', 'derived & !open')):
        found = list(differences(sections(*measure, *config), sections(*measure, host.log)))
        ok(not found, '%s: the same' % ' '.join(measure), *found)
    told = sections('--measure', 'count', '--where', 'lineno<1000 & attempt', host.log)
    done = subprocess.run([POSTERN, 'scan', '--where', 'lineno<1000 & attempt', host.log],
                          stdout=subprocess.PIPE, check=False)
    ok(told['query']['rows'][0]['count'] == done.stdout.count(b'\n') > 0,
       'and as many as a scan finds', told)
    host.kill()
    host.gone()


run(test_log)
