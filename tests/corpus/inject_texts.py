# SPDX-License-Identifier: Apache-2.0
"""What attackers write: tails and heads of records that name another address,
user, code or kind than the true one, and bytes that no output may pass.

Whatever is forged is of FORGED: none of these may ever stand in a field that an
outsider cannot write.
"""

IP = b'198.51.100.66'
IP6 = b'2001:db8:bad::66'
USER = b'victim'
QID = b'DEADBEEF66'
CODE = 535
DSN = '5.7.66'
PORT = 6666
FORGED = (IP.decode(), IP6.decode(), USER.decode(), QID.decode(), DSN)

TAILS = [
    # what follows an address in brackets
    b']: 535 5.7.66', b'[198.51.100.66]', b' [198.51.100.66]', b'] [198.51.100.66]',
    b'[198.51.100.66]:6666', b' [198.51.100.66]:6666 ', b'unknown[198.51.100.66]:',
    b' from unknown[198.51.100.66]', b' from unknown[198.51.100.66]: 535 5.7.66 <victim>: x',
    b' from [198.51.100.66]:6666', b' from [198.51.100.66]:6666: x', b'[2001:db8:bad::66]',
    b' for [198.51.100.66]:6666', b'> from unknown[198.51.100.66] in RCPT command: <x',
    b'... from unknown[198.51.100.66]', b' does not resolve to address 198.51.100.66',
    # Postfix's
    b', sasl_username=victim', b', sasl_method=LOGIN, sasl_username=victim, sasl_sender=victim',
    b' sasl_method=LOGIN sasl_username=victim', b'> sasl_username=<victim', b' sasl_username=<victim>',
    b' authentication failed: Temporary', b' authentication aborted',
    b' authentication failed: x, sasl_username=victim',
    b' authentication failed: Connection lost to authentication server, sasl_username=victim',
    b'; from=<victim> to=<victim> proto=ESMTP helo=<victim>',
    b'; from=<victim>, to=<victim>, proto=ESMTP, helo=<victim>',
    b'> to=<victim> proto=ESMTP helo=<x', b'>, to=<victim>, proto=ESMTP, helo=<x',
    b' from unknown[198.51.100.66]; from=<victim> to=<victim> proto=ESMTP helo=<x>: 5.7.66 y',
    b' from unknown[198.51.100.66]; from=<victim> to=<victim> proto=ESMTP helo=<x>',
    b' from local; from=<victim> to=<victim>: x', b'>, size=66, nrcpt=66 (queue active)',
    b'>, status=expired, returned to sender', b'> orig_id=DEADBEEF66',
    b'>, relay=evil.test[198.51.100.66]:6666, delay=66, delays=66/0/0/0, dsn=5.7.66, status=sent (x',
    b', relay=evil.test[198.51.100.66]:6666, status=sent (250 ok)', b'>, orig_to=<victim',
    b'x) (in reply to RCPT TO command)) queued as DEADBEEF66', b' queued as DEADBEEF66',
    b': Relay access denied', b'blocked using evil.test; x', b'Service unavailable; Client host '
    b'[198.51.100.66] blocked using evil.test', b' commands=66/66', b' (256/256 bits)',
    b': TLSv1.66 with cipher EVIL (1/1 bits)', b'DEADBEEF66: client=unknown[198.51.100.66]',
    b'Greylisted', b'User unknown', b'Temporary authentication failure', b'warning: fatal: panic: ',
    b' in tests before SMTP handshake', b' after CONNECT: x', b' notes=bare_lf',
    # Exim's
    b') [198.51.100.66]', b') [198.51.100.66]:6666 I=[198.51.100.66]:6666 F=<victim> rejected RCPT '
    b'<victim>: x', b' H=(x) [198.51.100.66]', b'H=evil.test (x) [198.51.100.66] P=esmtpa A=p:victim',
    b' A=plain:victim', b'" A=plain:victim S=66 id=victim', b' U=victim P=local S=66', b' S=66 id=victim',
    b'" H=(x) [198.51.100.66]:6666 unrecognized command', b'" H=[198.51.100.66] x', b'"', b'""', b'\\"',
    b' [198.51.100.66]: 535 Incorrect authentication data (set_id=victim)', b') (set_id=victim',
    b'> rejected RCPT <victim>: x', b': 535 Incorrect authentication data (set_id=victim)',
    b' C="250 ok id=DEADBEEF66"', b' F=<victim> rejected after DATA', b' for victim', b' D=66s',
    b' (during SMTP connection from [198.51.100.66]:6666)', b', C=EHLO', b' defer (-66)', b' R=r T=t',
    b'> from unknown[198.51.100.66] (client not authenticated)', b' => victim R=r T=t H=e [198.51.100.66]',
    # Dovecot's
    b'rip=198.51.100.66', b', rip=198.51.100.66', b', rip=198.51.100.66, lip=198.51.100.66',
    b'>, method=PLAIN, rip=198.51.100.66, lip=198.51.100.66, session=<victim>',
    b'>, rip=198.51.100.66, user=<victim', b': user=<victim>, rip=198.51.100.66', b'user=<victim>',
    b',198.51.100.66', b',198.51.100.66,<victim>): unknown user', b',198.51.100.66): Password mismatch',
    b',198.51.100.66,sasl:plain)<victim>: sql: unknown user', b' (auth failed, 66 attempts in 66 secs)',
    b'): x: user=<victim>, method=X, rip=198.51.100.66, lip=198.51.100.66',
    b'): Login: user=<victim>', b')<66><victim>: Logged out in=66 out=66', b' in=66 out=66',
    # the others'
    b' SASL(-13): authentication failure: x', b' [198.51.100.66] plaintext victim SASL(-13): x',
    # what would make a refusal an error of ours, or the other way round
    b'SASL(-1): generic failure: x', b'[SASL(-1): generic failure: x', b' SASL(-1): generic failure: x',
    b' [SASL(-1): generic failure: x]', b') [SASL(-1): generic failure: x]', b' invalid user',
    b'x SASL(-20): user not found: y', b' (internal failure)', b' (connection limit reached)',
    b' (auth service reported temporary failure)', b'Internal login failure', b'Auth process broken',
    b'] [service=smtp] [realm=] [mech=pam] [reason=saslauthd internal error]',
    b'] [reason=[ALERT] x', b' [reason=internal mechanism failure', b'Connection closed: SSL_accept() '
    b'failed: error:0A00010B:SSL routines::wrong version number', b'] [remote=198.51.100.66',
    b' from evil.test [198.51.100.66]',
    b' plaintext User logged in', b' victim plaintext User logged in SESSIONID=<x>',
    b'] [service=victim] [realm=] [mech=pam] [reason=x]', b'] [user=victim] [service=x',
    b' rhost=198.51.100.66', b' rhost=198.51.100.66  user=victim', b'  user=victim', b' user=victim',
    b'; rhost=198.51.100.66', b'>, Queue-ID: DEADBEEF66, Hits: 66', b', Queue-ID: DEADBEEF66',
    b', Hits: 66, size: 66, queued_as: DEADBEEF66, 66 ms', b'), [198.51.100.66]:6666 [198.51.100.66] '
    b'<victim> -> <victim>, Queue-ID: DEADBEEF66, 66 ms', b'> -> <victim>, 66 ms',
    b'},[198.51.100.66]:6666 <victim> -> <victim>', b',size=66,user=victim,raddr=198.51.100.66',
    b',scantime=66', b',mid=<victim>', b'>,?ip:?198.51.100.66', b'>, ip: 198.51.100.66', b'>, qid: <DEADBEEF66>',
    b'>, (default: T (reject): [66/66] [EVIL(66){}]), len: 66', b', user: victim', b'; client-ip=198.51.100.66;',
    b'; client-ip=198.51.100.66; helo=victim', b'): DKIM verification successful', b' pass',
    b', client=198.51.100.66', b', client=198.51.100.66, filename=/victim, uid=66, user=victim, args=',
    b',client=198.51.100.66,uid=66', b']: To: victim -- Headers: ', b' mail() on [/victim:66]: To: victim -- Headers: ',
    b' -- Headers: x -- Subject: victim', b'Restore Ban 198.51.100.66', b' (66 # 66d -> 2026-11-22 12:00:00)',
    b' Ban 198.51.100.66', b' - 2026-11-20 11:44:06', b', bad - 2026-11-20 11:44:06, 66 # -> 66', b'/24',
    b' already banned', b' times: [', b' ]', b'message repeated 66 times: [ x]',
    # what encloses and divides
    b'', b' ', b'  ', b'<', b'>', b'<>', b'<<<', b'>>>', b'[', b']', b'[]', b'(', b')', b'{', b'}', b'},', b'=', b',',
    b', ', b';', b'; ', b':', b': ', b'\\', b'\\\\', b'\\x', b'\'', b'`', b'|', b'&', b'%', b'%s%n', b'$', b'@', b'#',
    b'-', b'/', b'?', b'*', b'...', b'unknown', b'unknown[unknown]', b'none', b'(unavailable)', b'NOQUEUE',
    b'x' * 64, b'x' * 300, b'[' * 90, b'"' * 91, b'<' * 90, b'\\' * 91, b'] ' * 60, b', a=<' * 60, b': ' * 60,
]

# Whole records, in every form of header.
MESSAGES = [
    b'postfix/smtpd[66]: NOQUEUE: reject: RCPT from unknown[198.51.100.66]: 535 5.7.66 <victim>: Relay '
    b'access denied; from=<victim> to=<victim> proto=ESMTP helo=<victim>',
    b'postfix/smtpd[66]: warning: unknown[198.51.100.66]: SASL LOGIN authentication failed: x, '
    b'sasl_username=victim',
    b'postfix/postscreen[66]: PREGREET 66 after 66 from [198.51.100.66]:6666: x',
    b'dovecot: imap-login: Login: user=<victim>, method=PLAIN, rip=198.51.100.66, lip=198.51.100.66, TLS',
    b'exim[66]: H=(x) [198.51.100.66] F=<victim> rejected RCPT <victim>: x',
]
RECORDS = [head + message for message in MESSAGES for head in (
    b'Nov  5 09:08:07 mx ', b'2026-11-20T11:58:13.587668+00:00 mx ')] + [
    b'<22>1 2026-11-20T11:58:13Z mx postfix/smtpd 66 - - connect from unknown[198.51.100.66]',
    b'1 2026-11-20T11:58:13Z mx postfix/smtpd 66 - - connect from unknown[198.51.100.66]',
    b'Nov  5 09:08:07 a Nov  5 09:08:07 mx postfix/smtpd[66]: connect from unknown[198.51.100.66]',
    b'<Notice>: connect from unknown[198.51.100.66]',
    b'postfix/smtpd[66] <Notice>: connect from unknown[198.51.100.66]',
    b'<22>Nov  5 09:08:07 mx postfix/smtpd[66]: connect from unknown[198.51.100.66]',
    b'2026-11-20 11:49:08 H=(x) [198.51.100.66] F=<victim> rejected RCPT <victim>: x',
    b'2026-11-20 11:49:08 1xUN76-0005hf-66 <= victim H=(x) [198.51.100.66] P=esmtpa A=p:victim S=66',
    b'2026-11-20 12:09:55 imap-login: Info: Login: user=<victim>, method=PLAIN, rip=198.51.100.66, '
    b'lip=198.51.100.66, session=<victim>',
    b'2026-11-20 11:24:03,096 fail2ban.actions        [66]: NOTICE  [postfix] Ban 198.51.100.66',
    b'2026-11-20 12:00:02 #66(normal) <v>; task; rspamd_task_write_log: id: <victim>, ip: 198.51.100.66',
    b'Fri Nov 20 12:09:03 2026 [66] info: spamd: result: Y 66 - X scantime=66,mid=<victim>',
    b'[20-Nov-2026 12:00:00 UTC] mail() on [/victim:66]: To: victim -- Headers: ',
    b'{"__REALTIME_TIMESTAMP":"1795175893587668","SYSLOG_IDENTIFIER":"postfix/smtpd",'
    b'"MESSAGE":"connect from unknown[198.51.100.66]"}',
    b'{"log":"Nov 20 12:00:00 mx postfix/smtpd[66]: connect from unknown[198.51.100.66]\\n",'
    b'"stream":"stdout","time":"2026-11-20T12:00:00Z"}',
    b'last message repeated 66 times',
]
# What may look like the end of a line before them.
BREAKS = [b'\n', b'\r', b'\r\n', b'\x0b', b'\x0c', b'\0', b'\x85', b'\xc2\x85', b'\xe2\x80\xa8',
          b'\xe2\x80\xa9', b'\\n', b'#012', b'\\012', b'%0a', b'&#10;', b' ']

# What terminals, spreadsheets and browsers obey.
BYTES = [
    b'a\x1b[31mb\x1b[0m', b'\x1b]0;title\x07', b'\x1b]8;;http://evil.test/\x1b\\link\x1b]8;;\x1b\\',
    b'\x1b[2J\x1b[H', b'\x1bP$qm\x1b\\', b'\x1b_x\x1b\\', b'\x9b31m', b'\xc2\x9b31m', b'\x9d0;t\x9c',
    b'\xc2\x9d0;t\xc2\x9c', b'\x90q\x9c', b'\x08\x08\x08', b'a\tb', b'\r', b'a\rb', b'\0', b'a\0b', b'\x07', b'\x7f',
    bytes(range(1, 10)) + bytes(range(11, 32)), bytes(range(0x80, 0xa0)), bytes(range(0xa0, 0x100)),
    b''.join(bytes((0xc2, c)) for c in range(0x80, 0xa0)),
    '‪‫‬‭‮⁦⁧⁨⁩'.encode(), '؜‎‏'.encode(),
    'moc.tsil‮gpj.exe'.encode(), '﻿​‌‍⁠­'.encode(),
    '  '.encode(), b'\xf3\xa0\x81\x81', b'\xff\xfe', b'\xc0\xaf', b'\xc0\x80', b'\xe2\x80', b'\xed\xa0\x80',
    b'\xf4\x90\x80\x80', b'\xf0\x9f\x98\x80', b'\xc3', b'\xe2\x80\xae\xc2\x9b\x1b[1m',
    b'=cmd|\' /C calc\'!A0', b'+1+1', b'-1+1', b'@SUM(1)', b'\t=1', b'\r=1', b'=HYPERLINK("http://evil.test")',
    b'"=1"', b'x","=1', '＝1'.encode(), b';=1', b'<script>alert(1)</script>', b'"><img src=x onerror=alert(1)>',
    b'&lt;b&gt;&#60;', b'\'"--;DROP TABLE events', b'$(id)`id`', b'../../../../etc/passwd', b'\n~!id\n',
]

TEXTS = TAILS + BYTES
for number, record in enumerate(RECORDS):
    TEXTS.append(record)
    TEXTS += [mark + record for mark in (BREAKS if number in (0, 3, 6, 12)
                                         else (BREAKS[0], BREAKS[number % len(BREAKS)]))]
