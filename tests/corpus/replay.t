#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# The shipped rules over the logs of scripted traffic: each sort of attack that is more
# than one try from one address is met by the rule that is made for it, and nobody who
# only did what he may is banned. Prints TAP. The program is $POSTERN.
import collections
import glob
import gzip
import ipaddress
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap
from tap import POSTERN, ok

HERE = os.path.dirname(os.path.abspath(__file__))

# Servers, and the logs that each of them wrote.
SERVERS = [['mx1.mail.log.gz', 'mx1.maillog.gz', 'mx1.dovecot.log.gz'], ['web1.exim-mainlog.gz']]

# An attack of the truth, and who is to meet it. What is not here comes once from an address,
# or twice; `compromised` has the right password, from thirty networks.
MET_BY = {
    'sasl-brute': 'login-failures', 'auth-rate': 'login-slow', 'sasl-slow': 'login-distributed',
    'sasl-v6': 'login-distributed', 'sasl-stuffing': 'login-failures',
    'imap-brute': 'login-failures', 'imap-v6': 'login-distributed',
    'exim-brute': 'login-distributed', 'conn-rate': 'rate',
    'unknown-user': 'unknown-users', 'relay-denied': 'relay-attempts', 'pregreet': 'protocol',
    'exim-http': 'protocol', 'dnsbl': 'blocklisted', 'smtpd-rbl': 'blocklisted',
    'denylist': 'blocklisted',
}

# What one may do.
RIGHT = {
    'deliver', 'exim-auth-ok', 'exim-local', 'exim-ok', 'greylist', 'ham-amavis', 'ham-spamd',
    'imap-noauth', 'imap-ok', 'lost-connect', 'lost-data', 'lost-ehlo', 'lost-mail', 'lost-rcpt',
    'ps-again', 'ps-first', 'ps-starttls', 'submit-ok',
}


def bans(directory):
    """Rules by address, of one corpus, and those by network."""
    found, networks = collections.defaultdict(set), collections.defaultdict(set)
    for names in SERVERS:
        paths = [path for name in names for path in glob.glob(os.path.join(directory, name))]
        done = subprocess.run(
            [POSTERN, 'replay', '--config', '/dev/null', '--year', '2026', '--tz', 'UTC',
             '--format', 'json', *paths], check=True, stdout=subprocess.PIPE)
        for ban in json.loads(done.stdout)['sections']['replay_bans']['rows']:
            if '/' in ban['key']:
                networks[ipaddress.ip_network(ban['key'])].add(ban['rule'])
            else:
                found[ban['key']].add(ban['rule'])
    return found, networks


def rules_of(address, found, networks):
    own = ipaddress.ip_address(address)
    return found.get(address, set()).union(*(rules for net, rules in networks.items() if own in net))


def load(directory, name):
    with gzip.open(os.path.join(directory, name), 'rt', encoding='utf-8') as file:
        return [json.loads(line) for line in file] if name.endswith('jsonl.gz') else json.load(file)


def main():
    met = collections.defaultdict(set)

    for directory in sorted(glob.glob(os.path.join(HERE, '*', ''))):
        if not os.path.exists(os.path.join(directory, 'truth.jsonl.gz')):
            continue
        name, classes = os.path.basename(directory.rstrip('/')), collections.defaultdict(set)
        for session in load(directory, 'truth.jsonl.gz'):
            if session.get('ip'):
                classes[session['ip']].add(session['class'])
        found, networks = bans(directory)
        for address, own in classes.items():
            for one in own:
                met[one] |= rules_of(address, found, networks)
        right = [address for address, own in classes.items() if own <= RIGHT]
        hurt = [address for address in right if rules_of(address, found, networks)]
        ok(len(right) > 40 and not hurt,
           '%s: nobody banned of %d who did no wrong %s' % (name, len(right), ' '.join(hurt)))
        named = [address for address in load(directory, 'truth.json.gz')['never_seen']
                 if rules_of(address, found, networks)]
        ok(not named, '%s: nobody banned who was only named in texts' % name)
        strange = [key for key in found if key not in classes]
        ok(found and not strange, '%s: nobody banned who was not there %s' % (name, ' '.join(strange)))
    for attack, rule in sorted(MET_BY.items()):
        ok(rule in met[attack], '%s is met by %s' % (attack, rule))
    tap.done()


main()
