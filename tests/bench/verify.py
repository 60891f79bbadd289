#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""verify.py LOG TRUTH [OPTION...]: what `postern report OPTION...` counts in a
log of genlog's against genlog's own count. Prints TAP."""
import json
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
POSTERN = os.environ.get('POSTERN') or os.path.join(TOP, 'build/release/postern')


def ask(log, options, *question):
    """The rows of a `--by` question as [key, value] pairs, in order."""
    done = subprocess.run([POSTERN, 'report', '--year', '2026', '--format', 'json', *options,
                           *question, log], stdout=subprocess.PIPE, check=True)
    report = json.loads(done.stdout)
    section = report['sections']['query']
    names = [column['name'] for column in section['columns']]
    return report, [[row.get(names[0]), row.get(names[1])] for row in section['rows']]


def compare(log, truth, options):
    """Yields (what, expected, got)."""
    all_rows = ['--top', '1000']
    where = lambda text, by: ['--where', text, '--by', by] + all_rows
    report, kinds = ask(log, options, '--by', 'kind', *all_rows)
    kinds = dict(kinds)
    yield 'lines', truth['lines'], sum(source['lines'] for source in report['inputs'])
    yield 'coverage', 1, report['coverage']
    for kind, count in truth['kinds'].items():
        yield kind, count, kinds.get(kind, 0)
    text = lambda rows: {str(key): value for key, value in rows}
    _, rows = ask(log, options, *where('delivery', 'status'))
    yield 'deliveries by status', truth['statuses'], text(rows)
    _, rows = ask(log, options, *where('policy & action=reject', 'code'))
    yield 'rejects by code', truth['reject_codes'], text(rows)
    _, rows = ask(log, options, *where('ps_reject', 'code'))
    yield 'postscreen rejects by code', truth['postscreen_codes'], text(rows)
    _, rows = ask(log, options, '--where', 'delivery', '--by', 'domain(recipient)', '--top', '10')
    yield 'recipient domains', truth['recipient_domains'], rows
    _, rows = ask(log, options, '--by', 'host', '--measure', 'distinct(ip)')
    yield 'clients', truth['distinct']['clients'], rows[0][1]
    _, rows = ask(log, options, '--where', 'auth_failure | accept', '--by', 'host',
                  '--measure', 'distinct(user)')
    yield 'logins tried or used', truth['distinct']['logins'], rows[0][1]


def main(log, truth, *options):
    with open(truth, encoding='utf-8') as file:
        truth = json.load(file)
    tests = failed = 0
    for what, expected, got in compare(log, truth, options):
        tests += 1
        failed += expected != got
        print('%sok %d - %s' % ('' if expected == got else 'not ', tests, what))
        if expected != got:
            print('# expected %s\n#      got %s' % (expected, got))
    print('1..%d' % tests)
    return failed != 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
