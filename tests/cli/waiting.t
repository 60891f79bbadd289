#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is waited for is said on a terminal, once, and nowhere else."""
import os
import pty
import select
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from tap import POSTERN, done, ok  # pylint: disable=wrong-import-position

LINE = ('Jan  5 12:00:00 mx postfix/smtpd[1]: connect from unknown[192.0.2.7]\n'
        'Jan  5 12:00:01 mx postfix/smtpd[1]: disconnect from unknown[192.0.2.7] ehlo=1\n')


class Terminal:
    """The program's stderr, and what is to be its stdin: a terminal, or a pipe."""

    def __init__(self, *words, stdin='pipe', stderr='terminal'):
        self.master, slave = pty.openpty()
        self.stderr = slave if stderr == 'terminal' else subprocess.PIPE
        self.run = subprocess.Popen([POSTERN, *words], stdout=subprocess.DEVNULL,
                                    stderr=self.stderr,
                                    stdin=slave if stdin == 'terminal' else subprocess.PIPE)
        os.close(slave)
        self.said = ''

    def hear(self, seconds, text=None):
        """What is said within SECONDS, or until there is TEXT in it."""
        fd = self.run.stderr.fileno() if self.run.stderr else self.master
        end = time.monotonic() + seconds
        while (text is None or text not in self.said) and time.monotonic() < end:
            if not select.select([fd], [], [], 0.05)[0]:
                continue
            try:
                got = os.read(fd, 4096)
            except OSError:
                break
            if not got:
                break
            self.said += got.decode()
        return self.said

    def end(self):
        if self.run.stdin:
            self.run.stdin.close()
        self.run.terminate()
        self.run.wait()
        self.hear(0.2)
        if self.run.stderr:
            self.run.stderr.close()
        os.close(self.master)


def test_pipe(command, *words):
    name = ' '.join((command, *words))
    silent = Terminal(command, *words, '-')
    said = silent.hear(10, '\n')
    ok('postern: waiting for standard input: nothing has come through the pipe' in said,
       name + ': a pipe that is silent', said)
    silent.run.stdin.write(LINE.encode())
    silent.run.stdin.close()
    ok(silent.run.wait(30) == 0, 'what comes is read')
    silent.hear(1)
    ok(silent.said.count('waiting') == 1, 'it is said once', silent.said)
    os.close(silent.master)
    for told in ({'stderr': 'pipe'}, {}) if command == 'report' else ():
        quiet = Terminal(command, *words, *(() if told else ('--progress', 'never')), '-',
                         **told)
        said = quiet.hear(1.2)
        quiet.end()
        ok(said == '', '%s: nothing %s' % (name, 'where none reads' if told else 'if told so'),
           said)
    if command != 'report':
        return
    always = Terminal(command, *words, '--progress', 'always', '-', stderr='pipe')
    ok('waiting' in always.hear(10, '\n'), 'always is always', always.said)
    always.end()
    fed = Terminal(command, *words, '-')
    fed.run.stdin.write(LINE.encode())
    fed.run.stdin.flush()
    said = fed.hear(1.2)
    fed.end()
    ok('waiting' not in said, 'a pipe that gives is not waited for', said)


def test_terminal():
    typed = Terminal('report', '--year', '2026', '-', stdin='terminal')
    said = typed.hear(10, '\n')
    ok('reading the log from this terminal; Ctrl-D ends it' in said,
       'a terminal is no log by itself', said)
    typed.end()


def test_follow(folder):
    log = os.path.join(folder, 'mail.log')
    with open(log, 'w', encoding='utf-8') as out:
        out.write(LINE)
    for names, want in (((log,), log), ((log, log + '.other'), '%s and 1 more' % log)):
        follow = Terminal('scan', '--follow', *names)
        said = follow.hear(10, '\n')
        ok('postern: waiting for what is written to %s from now on; Ctrl-C ends it' % want
           in said, 'followed: %d' % len(names), said)
        with open(log, 'a', encoding='utf-8') as out:
            out.write(LINE)
        said = follow.hear(1)
        ok(said.count('waiting') == 1, 'once', said)
        follow.end()
    for words, told in ((('--progress', 'never'), {}), ((), {'stderr': 'pipe'})):
        quiet = Terminal('scan', '--follow', *words, log, **told)
        said = quiet.hear(1.2)
        quiet.end()
        ok(said == '', 'followed: nothing said', said)
    gone = Terminal('scan', '--follow', os.path.join(folder, 'late.log'))
    said = gone.hear(10, '\n')
    ok('late.log, which is not there yet' in said, 'a file that is still to come', said)
    gone.end()


def main():
    for command in (('report', '--year', '2026'), ('scan', '--year', '2026'),
                    ('trace', '192.0.2.7'), ('postscreen', '--year', '2026'),
                    ('replay', '--year', '2026')):
        test_pipe(*command)
    test_terminal()
    with tempfile.TemporaryDirectory() as folder:
        test_follow(folder)
    done()


main()
