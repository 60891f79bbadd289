#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the documentation names is there: files and folders of the tree, targets of make, and
in whatever is written `postern ...`, in the manual, in --help and in messages too, the command,
its verb and its options. ARCHITECTURE.md has each room, with its level.
"""
import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, TOP, ok

os.chdir(TOP)
DOCS = sorted(glob.glob('*.md') + glob.glob('docs/*.md') + ['tests/corpus/README.md'])
# In a path: what is made by a build, or stands for any name.
MADE = r'^build/|node_modules|NAME|^(room|samples|seeds|Europe|America)(/|$)|submission'


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def is_there(path, document):
    folder = os.path.dirname(document)
    return any(glob.glob(os.path.join(top, path) + end)
               for top in (folder, '.', 'src', 'tests') for end in ('', '.c', '.h', '.md', '.t'))


def paths_of(text):
    yield from (link for link in re.findall(r'\]\(([^)#:]+)[^)]*\)', text))
    for code in re.findall(r'`([^`\n]+)`', text):
        yield from (word.rstrip('/.,') for word in code.split()
                    if re.fullmatch(r'[A-Za-z0-9_.*-]+/[A-Za-z0-9_./*-]*', word))


missing = [f'{document}: {path}' for document in DOCS for path in set(paths_of(read(document)))
           if not re.search(MADE, path) and not is_there(path, document)]
ok(not missing, 'files that are named are there', *missing)

targets = set(re.findall(r'^([a-z0-9]+):', read('Makefile'), re.M))
missing = [f'{document}: make {word}' for document in DOCS
           for code in re.findall(r'`([^`\n]+)`|^    (.*)$', read(document), re.M)
           for word in re.findall(r'^make ([a-z0-9]+)', code[0] or code[1])
           if word not in targets]
ok(not missing, 'so are the targets of make', *missing)

# ---- postern COMMAND [VERB] --OPTION...

helps = {}


def help_of(*words):
    if words not in helps:
        done = subprocess.run([POSTERN, *words, '--help'], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False)
        helps[words] = done.stdout.decode() if done.returncode == 0 else ''
    return helps[words]


COMMANDS = re.findall(r'^  ([a-z]+) +[a-z]', help_of(), re.M)
VERBS = {'bans': re.findall(r'^  ([a-z]+) ', help_of('bans').split('\nVerbs')[1], re.M),
         'geo': ['lookup', 'update', 'build'], 'config': []}


def text_of(path):
    text = read(path)
    if path.endswith('.c'):
        text = '\n'.join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))
        text = text.replace('\\n', '\n').replace('\\\\', '\\')
    return re.sub(r'\\\n\s*', ' ', text.replace('\\-', '-'))


def faults_of(call):
    words = [word.strip('[]').rstrip('.,;:)') for word in call.split()]
    command, rest = words[0], words[1:]
    if command not in COMMANDS:
        return
    asked = [command]
    if VERBS.get(command) and rest and re.fullmatch('[a-z]+', rest[0]):
        asked.append(rest[0])
        if rest[0] not in VERBS[command]:
            yield f'{command} has no {rest[0]}'
            return
    for word in rest:
        if re.match('--[a-z]', word) and not re.search(
                re.escape(word.split('=')[0]) + r'[ \n]', help_of(*asked)):
            yield f'{" ".join(asked)} has no {word}'


# A call ends with its sentence, or where a shell would end it.
CALL = re.compile(r'(?<![\w/.-])postern((?: +[^\s|;&`<>"\'()]*[^\s|;&`<>"\'(),.:])+)')
WHERE = DOCS + sorted(glob.glob('man/*') + glob.glob('src/cmd/*.c') + glob.glob('data/*'))
calls = [(path, call) for path in WHERE for call in CALL.findall(text_of(path))]
ok(len(COMMANDS) > 8 and len(VERBS['bans']) > 8 and len(calls) > 200,
   f'{len(calls)} calls of postern are read')
faults = [f'{path}: {fault}' for path, call in calls for fault in faults_of(call)]
ok(not faults, 'commands, verbs and options that are named are there', *faults)

# ---- rooms

levels = re.search(r'rooms = "(.*)"\s*\\\n\s*"(.*)"', read('tools/layers'))
known = re.findall(r'([a-z]+) (\d)', levels[1] + levels[2])
said = [(name, level) for level, names in re.findall(r'^\| (\d) \| (`[^|]*) \|',
        read('ARCHITECTURE.md'), re.M) for name in re.findall('`([a-z]+)', names)]
rooms = {os.path.basename(path[:-1]) for path in glob.glob('src/*/')} | {'main'}
ok({name for name, _ in said} == rooms and set(said) <= set(known),
   "ARCHITECTURE.md's rooms are the tree's, on the levels that tools/layers knows",
   f'{sorted(said)}')

tap.done()
