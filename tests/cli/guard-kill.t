#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""postern guard, all its processes killed at random moments of a burst with rotations; the
same while the clock is set, while its disk is full now and then, while nft fails and leaves
half of what it was to do, and all of it at once. What is in the store, in the table for
Postfix and in nft in the end is what a guard has that was never in trouble; what was
banned or lifted by hand, and answered, is so. KILLS=N: so many times instead of 12;
SEED=N: at other moments; TROUBLE=word,word: only these.
"""
import collections
import os
import random
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from guard_host import BANS, EVENTS, Host, edit, rotate, run, same_log, with_clock, write
from tap import ok, until

KILLS = int(os.environ.get('KILLS', '12'))
SEED = int(os.environ.get('SEED', '7'))
ROOT = os.geteuid() == 0


class Clock:
    """Set an hour forward or back."""

    def __init__(self, host):
        self.host = host
        with_clock(host)

    def trouble(self, rng):
        self.host.set_clock(rng.choice((-3600, 0, 3600)))

    def over(self):
        self.host.set_clock(0)

    def done(self):
        pass


class Disk:
    """The store on a small file system, of which something else takes all that is left."""

    SIZE = 16 << 20

    def __init__(self, host):
        self.place = host.path('small')
        os.mkdir(self.place)
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=%d,mode=777' % self.SIZE, 'tmpfs',
                        self.place], check=True)
        edit(host, host.db, self.place + '/p.db')
        host.db = self.place + '/p.db'
        self.ballast = open(self.place + '/ballast', 'wb')

    def trouble(self, rng):
        if rng.random() < .5:
            self.over()
            return
        have = os.fstat(self.ballast.fileno()).st_size
        room = os.statvfs(self.place)
        left = room.f_bavail * room.f_frsize
        # Sometimes all, sometimes so much that it is full in the midst of something.
        left -= rng.choice((0, 0, 1, 2, 5, 20, 60)) * 4096
        if left > 0:
            try:
                os.posix_fallocate(self.ballast.fileno(), have, left)
            except OSError:
                pass # the guard was faster

    def over(self):
        os.ftruncate(self.ballast.fileno(), 0)

    def done(self):
        self.ballast.close()
        subprocess.run(['umount', '-l', self.place], check=False)


SHAKY = """#!/bin/sh
[ "$1" = -f ] && [ -e %(dir)s/shaky ] || exec %(dir)s/nft "$@"
part=$(mktemp)
trap 'rm -f "$part"' EXIT
case $(od -An -N1 -tu1 /dev/urandom | sed 's/.*\\(.\\)$/\\1/') in
[01]) echo 'nothing works' >&2; exit 1;;
[23]) cat >"$part"; sed -i "1,$(($(wc -l <"$part") / 2))!d" "$part"
      %(dir)s/nft -f "$part"; echo 'half of it works' >&2; exit 1;;
4) %(dir)s/nft -f -; echo 'all of it worked' >&2; exit 1;;
5) cat >"$part"; sleep .1; %(dir)s/nft -f "$part";;
*) %(dir)s/nft -f -;;
esac
"""


class Nft:
    """Fails, or does the half, or all and says that it failed, or is slow."""

    def __init__(self, host):
        self.nft = shutil.which('nft', path='/usr/sbin:/sbin')
        self.switch = host.path('shaky')
        shutil.copy(self.nft, host.path('nft'))
        with open(host.path('fake'), 'w', encoding='ascii') as fake:
            fake.write(SHAKY % {'dir': host.dir})
        os.chmod(host.path('fake'), 0o755)
        subprocess.run(['mount', '--bind', host.path('fake'), self.nft], check=True)

    def trouble(self, rng):
        if rng.random() < .3:
            self.over()
        else:
            open(self.switch, 'w', encoding='ascii').close()

    def over(self):
        if os.path.exists(self.switch):
            os.unlink(self.switch)

    def done(self):
        subprocess.run(['umount', '-l', self.nft], check=False)


class Hand:
    """Bans and lifts by hand: what was answered is so."""

    def __init__(self, host, rng):
        self.host, self.rng, self.number = host, rng, 0
        self.state = {}

    def change(self):
        """One of them, answered or not."""
        banned = sorted(key for key, state in self.state.items() if state == 'banned')
        if banned and self.rng.random() < .5:
            key, op, to = self.rng.choice(banned), 'unban', 'lifted'
        else:
            self.number += 1
            key, op, to = '203.0.113.%d' % self.number, 'ban', 'banned'
        answer = self.host.control(op=op, address=key, seconds=86400, reason='hand')
        if answer and answer['ok']:
            self.state[key] = to
        elif not answer:
            self.state[key] = 'either'

    def wrong(self):
        rows = collections.defaultdict(list)
        for key, lifted in self.host.rows('SELECT "key", lifted IS NOT NULL FROM bans WHERE '
                                          'rule = \'manual\''):
            rows[key].append('lifted' if lifted else 'banned')
        return {key: (state, rows[key]) for key, state in self.state.items()
                if rows[key] != [state] and (state != 'either' or len(rows[key]) > 1)}


def read_whole(lines):
    """A guard in no trouble."""
    whole = Host()
    write(whole.log, lines)
    whole.start()
    ok(until(lambda: (whole.status() or {}).get('events', 0) >= len(lines)),
       'a guard that is never killed reads all', whole.text()[-500:])
    whole.kill()
    return whole


def burst(host, lines, troubles, rng):
    """LINES come, HOST's guard is killed meanwhile."""
    hand = Hand(host, rng)
    step = len(lines) // KILLS + 1
    for start in range(0, len(lines), step):
        write(host.log, lines[start:start + step])
        if start // step % 3 == 2:
            rotate(host.log)
        host.launch()
        if rng.random() < .3 and until(host.status, 1):
            hand.change()
        for _ in range(2):
            for trouble in troubles:
                trouble.trouble(rng)
            time.sleep(rng.random() * 0.06)
        host.kill_all()
    return hand


def outside(whole, host):
    now = time.time() * 1e6
    active = {row[0] for row in host.rows(
        'SELECT "key" FROM bans WHERE lifted IS NULL AND until > %d' % now)}
    ok(until(lambda: {prefix.removesuffix('/32') for prefix in host.banned()} == active),
       'and exactly they are banned for Postfix', len(whole.banned()), len(host.banned()),
       {prefix.removesuffix('/32') for prefix in host.banned()} ^ active, host.text()[-600:])
    if ROOT:
        ok(until(lambda: host.nft() == active), 'nft drops exactly those whose ban is active',
           (host.nft() or set()) ^ active, host.text()[-600:])


def killed(*sorts):
    """At random moments, with trouble of SORTS."""
    what = ', '.join(sort.__name__.lower() for sort in sorts) or 'no other trouble'
    if sorts and not ROOT and sorts != (Clock,):
        ok(True, 'killed with %s # SKIP not root' % what)
        return
    rng, lines = random.Random(SEED), same_log()
    whole, broken = read_whole(lines), Host()
    troubles = [sort(broken) for sort in sorts]
    try:
        broken.start()
        broken.kill_all()
        began = time.monotonic()
        hand = burst(broken, lines, troubles, rng)
        took = time.monotonic() - began
        for trouble in troubles:
            trouble.over()
        broken.start()
        want = whole.rows('SELECT count(*) FROM events')[0][0]
        until(lambda: broken.rows('SELECT count(*) FROM events')[0][0] >= want, 30)
        time.sleep(0.5)
        compare(whole, broken, hand, 'killed %d times in %d s, %s' % (KILLS, took, what))
        broken.kill()
    finally:
        broken.guard.kill()
        for trouble in troubles:
            trouble.done()
    whole.gone()
    broken.gone()


def compare(whole, broken, hand, what):
    a, b = whole.rows(EVENTS), broken.rows(EVENTS)
    kinds = [sorted(row[1:] for row in rows) for rows in (a, b)]
    ok(len(a) == len(b) and kinds[0] == kinds[1], what + ': the same events in the store',
       (len(a), len(b)), sorted(set(kinds[0]) ^ set(kinds[1]))[:5], broken.text()[-600:])
    a, b = whole.rows(BANS), [row for row in broken.rows(BANS) if row[1] != 'manual']
    ok(a and sorted(row[1:] for row in a) == sorted(row[1:] for row in b),
       'and the same bans, each once', len(a), len(b),
       sorted({row[1:] for row in a} ^ {row[1:] for row in b})[:6])
    ok(not hand.wrong(), 'and %d by hand as they were answered' % len(hand.state),
       hand.wrong(), broken.text()[-600:])
    outside(whole, broken)


TROUBLES = {'none': (), 'clock': (Clock,), 'disk': (Disk,), 'nft': (Nft,),
            'all': (Clock, Disk, Nft)}

run(*(lambda sorts=TROUBLES[word]: killed(*sorts)
      for word in os.environ.get('TROUBLE', ','.join(TROUBLES)).split(',')))
