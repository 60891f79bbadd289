# SPDX-License-Identifier: Apache-2.0
"""What tests in Python have in common: TAP on stdout, waiting, and where things are.
The C half is tap.h.
"""
import os
import sys
import time

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
POSTERN = os.path.abspath(os.environ.get('POSTERN') or os.path.join(TOP, 'build/release/postern'))
count = failed = 0


def ok(passed, what, *details):
    """One test; DETAILS are shown if it fails. Returns PASSED."""
    global count, failed
    count += 1
    failed += not passed
    print('%sok %d - %s' % ('' if passed else 'not ', count, what), flush=True)
    for detail in () if passed else details:
        print('# ' + str(detail).replace('\n', '\n# '), flush=True)
    return passed


def until(condition, seconds=20.0):
    """What CONDITION gives, once it is true, or at the end of SECONDS."""
    end = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return value


def done():
    """Ends the script with the plan."""
    print('1..%d' % count)
    sys.exit(failed > 0)
