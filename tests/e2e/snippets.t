#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the documentation says to paste does what it says: every block of the guide, of the
README and of the manual pages. Settings go through `postern config check`, what is for
main.cf into a Postfix as Debian sets it up, which then talks SMTP to clients who are
banned and who are not; commands are run as they stand, in the order they stand in.

In namespaces of its own, with layers of its own over /etc, /var and /usr/local. What needs
a running systemd or other people's servers is named in SKIPPED.
"""
import os
import re
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from tap import POSTERN, TOP, done, ok, until

SKIPPED = {
    'make ': 'builds and installs on the machine itself',
    'systemctl ': 'there is no systemd here; the guard is started by hand',
    'postern guard': 'is started below, with what the guide says',
    'postern geo update': 'asks servers of others',
    'postern report map': 'wants the packages of npm at build time',
}

OWN, GOOD, BANNED, ANOTHER = '203.0.113.1', '203.0.113.9', '198.51.100.7', '198.51.100.8'

# What Debian's installer writes into main.cf for a mail host, and what lets it run here: it
# delivers to nobody, asks no name server, and has no certificate.
MAIN_CF = """
smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
myhostname = mx.example.test
mydestination = $myhostname, example.test, localhost
relayhost =
mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
mailbox_size_limit = 0
recipient_delimiter = +
inet_interfaces = all
inet_protocols = ipv4
alias_maps =
smtpd_tls_security_level = none
local_recipient_maps =
local_transport = discard:
disable_dns_lookups = yes
smtpd_peername_lookup = no
maillog_file = /var/log/mail.log
postscreen_greet_wait = 1s
"""

# A folder for layers, in which the checkout is not.
SPARE = '/srv' if TOP.startswith('/mnt') else '/mnt'

def sh(command, **more):
    return subprocess.run(['sh', '-c', command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=120,
                          check=False, encoding='utf-8', errors='replace', **more)


def write(path, text, mode='w'):
    os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
    with open(path, mode, encoding='utf-8') as file:
        file.write(text)


def markdown_blocks(path):
    """The indented blocks of PATH, without their indent."""
    with open(os.path.join(TOP, path), encoding='utf-8') as file:
        text = file.read()
    blocks = re.findall(r'(?:(?<=\n\n)|\A)((?:    .*\n|\n(?=    ))+)', text)
    return [re.sub(r'^    ', '', block, flags=re.M).strip('\n') + '\n' for block in blocks]


def manual_blocks(path):
    """What stands between .Bd -literal and .Ed, as it is read."""
    with open(os.path.join(TOP, path), encoding='utf-8') as file:
        text = file.read()
    blocks = re.findall(r'^\.Bd -literal.*\n((?:.*\n)*?)\.Ed$', text, flags=re.M)
    for said, meant in (('(dq', '"'), ('-', '-'), ('&', ''), ('(rs', '\\'), ('e', '\\')):
        blocks = [block.replace('\\' + said, meant) for block in blocks]
    return blocks


def squeezed(block):
    return ' '.join(block.split())


def sort_of(block):
    lines = [line for line in block.splitlines() if line and line[0] not in '#;']
    if lines and lines[0][0] == '[':
        return 'settings'
    if lines and re.match(r'[a-z_]+ *=', lines[0]):
        return 'main.cf'
    return 'commands'


def of_sort(blocks, sort):
    return [block for block in blocks if sort_of(block) == sort]


def why_skipped(command):
    return next((why for begin, why in SKIPPED.items() if command.startswith(begin)), None)


def run_commands(where, blocks):
    """Each line of BLOCKS, as a shell reads it; what goes on over lines is one."""
    for block in blocks:
        # An open quote goes on.
        text, commands = '', []
        for line in block.splitlines():
            text += line + '\n'
            if text.count('"') % 2 == 0 and text.count("'") % 2 == 0 and text.strip():
                commands.append(text.strip())
                text = ''
        for command in commands:
            if command[0] == '#' or why_skipped(command):
                continue
            result = sh(command)
            ok(result.returncode == 0, '%s: %s' % (where, command.splitlines()[0]),
               result.returncode, result.stdout[-600:])


def check_settings(where, blocks):
    for block in blocks:
        write('/etc/postern/postern.conf', block)
        result = sh('postern config check')
        ok(result.returncode == 0, '%s: %s' % (where, block.splitlines()[0]), block,
           result.stdout)


class Guard:
    def __init__(self):
        # Or nobody who is banned could ask Postfix.
        write('/etc/postern/conf.d/open.conf', '[action nft]\nports = 9\n')
        self.said = open('/tmp/said', 'w+', encoding='utf-8')
        self.process = subprocess.Popen(['postern', 'guard'], stderr=self.said,
                                        stdin=subprocess.DEVNULL)
        ok(until(lambda: sh('postern bans list').returncode == 0 and
                 os.path.exists('/run/postern/control')) and 'error' not in self.text(),
           'the guard starts', self.text())

    def text(self):
        with open('/tmp/said', encoding='utf-8') as said:
            return said.read()

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.said.close()


def fail_logins(ip):
    now = time.strftime('%b %e %H:%M:%S', time.localtime())
    write('/var/log/mail.log', ''.join(
        '%s mx postfix/smtpd[%d]: warning: unknown[%s]: SASL LOGIN authentication failed: no, '
        'sasl_username=root\n' % (now, pid, ip) for pid in range(900, 910)), 'a')


def talk(ip, timeout=20):
    """What a message from IP is answered in the end."""
    try:
        smtp = smtplib.SMTP(OWN, 25, 'client.example.test', timeout=timeout,
                            source_address=(ip, 0))
        smtp.ehlo('client.example.test')
        for command in ('MAIL FROM:<a@sender.test>', 'RCPT TO:<b@example.test>', 'DATA',
                        'Subject: x\r\n\r\nx\r\n.'):
            smtp.send(command + '\r\n')
            code, text = smtp.getreply()
            if code >= 400:
                break
        smtp.close()
        return '%d %s' % (code, text.decode())
    except smtplib.SMTPResponseException as error:
        return '%d %s' % (error.smtp_code, error.smtp_error)
    except OSError as error:
        return repr(error)


class Postfix:
    """Debian's, with LINES in its main.cf."""

    def __init__(self, lines, screened=False):
        with open('/usr/share/postfix/main.cf.debian', encoding='utf-8') as stock:
            write('/etc/postfix/main.cf', stock.read() + MAIN_CF)
        write('/etc/postfix/main.cf', lines, 'a')
        with open('/usr/share/postfix/master.cf.dist', encoding='utf-8') as stock:
            master = stock.read()
        # Its submission service, as it stands there.
        start = master.index('#submission inet')
        end = master.index('# Choose one', start)
        block = master[start:end]
        master = master[:start] + re.sub(r'^#(submission| +-o)', r'\1', block, flags=re.M) + \
            master[end:]
        if screened:
            master = re.sub(r'^(smtp +inet .* smtpd)$', r'#\1', master, flags=re.M)
            master = re.sub(r'^#((smtp +inet .* postscreen|smtpd +pass |dnsblog|tlsproxy).*)$',
                            r'\1', master, flags=re.M)
        write('/etc/postfix/master.cf', master)
        checked = sh('postfix check 2>&1 | grep -v "not owned by\\|symlink leaves"; postconf -n 2>&1 '
                     '>/dev/null; postconf -M 2>&1 >/dev/null')
        ok(checked.stdout == '', 'postfix check and postconf have nothing to say',
           checked.stdout, lines)
        daemons = sh('postconf -h daemon_directory').stdout.strip()
        # Not `postfix start`: it must end with us.
        self.process = subprocess.Popen([daemons + '/master', '-d'], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: talk(GOOD, 5)[:1].isdigit())

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def dialogue(what, guard, banned):
    """A client who is BANNED while GUARD and a Postfix run, and one who is not."""
    answer = talk(GOOD)
    ok(answer.startswith('250 2.0.0 Ok: queued'), '%s: mail comes in' % what, answer)
    fail_logins(banned)
    ok(until(lambda: 'ban %s' % banned in guard.text()), '%s: one is banned' % what,
       guard.text())
    answer = talk(banned)
    ok(answer.startswith('554 5.7.1 ') and 'see postern bans explain ' in answer,
       '%s: and refused with the words that name the ban' % what, answer)
    explained = sh('postern bans explain ' + answer_id(answer))
    ok('authentication failed' in explained.stdout, '%s: the id explains it' % what,
       explained.stdout)
    answer = talk(GOOD)
    ok(answer.startswith('250 '), '%s: nobody else is' % what, answer)


def answer_id(answer):
    found = re.search(r'postern bans explain (\S+)', answer)
    return found.group(1) if found else 'none'


def guide():
    blocks = markdown_blocks('docs/first-ten-minutes.md')
    commands, settings = of_sort(blocks, 'commands'), of_sort(blocks, 'settings')
    postfix = of_sort(blocks, 'main.cf')
    ok(len(commands) > 5 and len(settings) > 4 and len(postfix) > 1, 'the guide has blocks',
       len(commands), len(settings), len(postfix))
    write('new.conf', settings[0])
    write('/etc/postern/postern.conf', '')
    for block in blocks: # in their order
        if sort_of(block) == 'settings':
            write('/etc/postern/postern.conf', block + '\n', 'a')
        else:
            run_commands('the guide', [block] if block in commands else [])
    check_settings('the guide, alone', settings)
    write('/etc/postern/postern.conf', '\n'.join(settings))
    result = sh('postern config check')
    ok(result.returncode == 0, 'the guide: its settings together', result.stdout)
    guard = Guard()
    server = Postfix('\n'.join(postfix))
    dialogue('the guide', guard, BANNED)
    server.stop()
    server = Postfix('\n'.join(postfix), screened=True)
    answer = talk(BANNED)
    ok(answer[:3] in ('550', '521'), 'the guide: postscreen refuses them', answer)
    answer = talk(GOOD)
    ok(answer.startswith('250 '), 'and lets others pass', answer)
    server.stop()
    server = Postfix('\n'.join(postfix))
    readme()
    sh('postern bans remove 198.51.100.0/24') # which the README added
    lifted = sh('postern bans remove ' + BANNED)
    answer = talk(BANNED, 5)
    ok(lifted.returncode == 0 and answer.startswith('250 '),
       'postern bans remove lets in again', lifted.stdout, answer)
    fail_logins(BANNED)
    until(lambda: guard.text().count('ban %s' % BANNED) == 2)
    guard.stop()
    answer = talk(BANNED)
    ok(answer.startswith('250 '), 'without a guard mail flows', answer)
    server.stop()


def readme():
    blocks = of_sort(markdown_blocks('README.md'), 'commands')
    commands = [block for block in blocks if block.startswith('postern ')]
    ok(len(commands) > 4, 'the README has commands')
    known = sh('postern bans add 198.51.100.66') # whom it asks about
    ok(known.returncode == 0, 'somebody to ask about', known.stdout)
    run_commands('README', commands)


def manual():
    conf = manual_blocks('man/postern.conf.5')
    run_commands('postern.conf(5)', of_sort(conf, 'commands'))
    settings, postfix = of_sort(conf, 'settings'), of_sort(conf, 'main.cf')
    check_settings('postern.conf(5)', settings)
    check_settings('postern-rules(5)', of_sort(manual_blocks('man/postern-rules.5'), 'settings'))
    # Through the socket: tests/e2e/policy.t, and the guide says the same.
    socket_lines = next(block for block in postfix if 'unix:' in block)
    ok(squeezed(socket_lines) in [squeezed(block) for block in
                                  markdown_blocks('docs/first-ten-minutes.md')],
       'the guide says of the policy server what postern.conf(5) says')
    tcp = [block for block in postfix if 'inet:' in block]
    restrictions = ''.join(line + '\n' for block in postfix for line in block.splitlines()
                           if line.startswith('smtpd_'))
    ok(len(tcp) == 1 and restrictions, 'postern.conf(5) has it for TCP')
    write('/etc/postern/postern.conf', next(b for b in settings if 'inet:127' in b))
    guard = Guard()
    server = Postfix(tcp[0] + restrictions)
    dialogue('postern.conf(5), TCP', guard, ANOTHER)
    server.stop()
    run_commands('postern-store(5)', of_sort(manual_blocks('man/postern-store.5'), 'commands')) \
        if shutil.which('sqlite3') else None
    guard.stop()


def prepare():
    """Our own layers, addresses, a user and a log, and postern where it would be."""
    work = SPARE + '/layers'
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'mode=1777', 'none', SPARE], check=True)
    for name, place in (('etc', '/etc'), ('var', '/var'), ('local', '/usr/local')):
        for part in ('upper', 'work'):
            os.makedirs('%s/%s/%s' % (work, name, part))
        subprocess.run(['mount', '-t', 'overlay', 'none', '-o',
                        'lowerdir=%s,upperdir=%s/%s/upper,workdir=%s/%s/work'
                        % (place, work, name, work, name), place], check=True)
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'none', '/run'], check=True)
    for folder in ('/var/log', '/var/spool/postfix', '/var/lib/postfix'):
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'none', folder], check=True)
    shutil.chown('/var/lib/postfix', 'postfix')
    sh('ip link set lo up')
    for ip in (OWN, GOOD, BANNED, ANOTHER):
        # Clients are no addresses of the host, which are never banned.
        sh(('ip addr add %s/32 dev lo' if ip == OWN else
            'ip route add local %s/32 dev lo') % ip)
    shutil.copy(POSTERN, '/usr/local/bin/postern')
    for sort in ('sysusers', 'tmpfiles'):
        os.makedirs('/usr/local/lib/%s.d' % sort, exist_ok=True)
        shutil.copy('%s/data/postern.%s' % (TOP, sort),
                    '/usr/local/lib/%s.d/postern.conf' % sort)
    sample = TOP + '/tests/corpus/rsyslog-newyear/mx1.mail.log.gz'
    shutil.copy(sample, '/var/log/mail.log.1.gz')
    sh('gzip -dc %s >/var/log/mail.log' % sample)
    os.makedirs(SPARE + '/here')
    os.chdir(SPARE + '/here')
    shutil.copy('/var/log/mail.log', 'mail.log')


def main():
    if os.environ.get('SUITE'):
        print('1..0 # SKIP its settings of Postfix are for the one of this machine')
        return
    if os.environ.get('INSIDE') != '2':
        os.chdir(TOP)
        if subprocess.run(['tests/e2e/possible'], check=False).returncode:
            print('Bail out! not possible here')
            sys.exit(1)
        work = tempfile.mkdtemp(prefix='postern-e2e-snippets-')
        status = subprocess.run(
            ['tests/e2e/within', work, 'env', 'INSIDE=2', 'unshare', '--net', '--mount',
             '--pid', '--uts', '--fork', '--kill-child', '--mount-proc', 'tests/e2e/snippets.t'],
            check=False).returncode
        shutil.rmtree(work)
        sys.exit(status)
    socket.setdefaulttimeout(30)
    os.environ['PATH'] = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    prepare()
    guide()
    manual()
    done()


main()
