# SPDX-License-Identifier: Apache-2.0
"""Where outsiders write: the lines of real daemons, each with a place for a text
of theirs, and what of the line is true whatever the text.

    R(PARSER, TAG, MESSAGE, TRUTH, FREE[, MAY_LACK])

MESSAGE has places written as «ENCODING»; inject.py says how each daemon writes a
text there. TRUTH is "field=value ..."; FREE are the fields that the text may
stand in, every other one must be as if the text were "joe". MAY_LACK are fields
that may be missing where the text makes the line ambiguous: lost, never forged;
"event" among them is all of it.
TAG is syslog's; FILE rows also say how the line begins in the daemon's own file.
"""

ROWS = []


def R(parser, tag, message, truth, free, may_lack='', files=()):
    ROWS.append({'parser': parser, 'tag': tag, 'message': message,
                 'truth': dict(pair.split('=', 1) for pair in truth.split()),
                 'free': set(free.split()), 'may_lack': set(may_lack.split()), 'files': files})


# smtpd ---------------------------------------------------------------------
SMTPD = 'postfix/smtpd'
IP = 'ip=192.0.2.1'


def smtpd(message, truth, free, may_lack='', tag=SMTPD):
    R('postfix_smtpd', tag, message, truth, free, may_lack)


smtpd('NOQUEUE: reject: RCPT from mx.b.test[192.0.2.1]: 550 5.1.1 <«i»@d.test>: Recipient address '
      'rejected: User unknown in virtual mailbox table; from=<a@b.test> to=<«q»@d.test> '
      'proto=ESMTP helo=<pc.b.test>',
      'kind=policy action=reject stage=RCPT ip=192.0.2.1 name=mx.b.test code=550 dsn=5.1.1 '
      'sender=a@b.test helo=pc.b.test', 'recipient text', 'reason')
smtpd('NOQUEUE: reject: RCPT from mx.b.test[192.0.2.1]:4711: 554 5.7.1 <«i»@d.test>: Relay access '
      'denied; from=<«q»@b.test> to=<«q»@d.test> proto=ESMTP helo=<«h»>',
      'kind=policy action=reject ip=192.0.2.1 port=4711 code=554 dsn=5.7.1',
      'sender recipient helo text', 'reason sender recipient helo proto')
smtpd('NOQUEUE: reject: RCPT from mx.b.test[192.0.2.1]: 450 4.1.8 <«i»@b.test>: Sender address '
      'rejected: Domain not found; from=<«q»@b.test> to=<c@d.test> proto=ESMTP helo=<pc.b.test>',
      'kind=policy action=reject ip=192.0.2.1 code=450 dsn=4.1.8 recipient=c@d.test '
      'helo=pc.b.test', 'sender text', 'reason')
smtpd('NOQUEUE: reject: RCPT from mx.b.test[192.0.2.1]: 554 5.7.1 <c@d.test>: Relay access denied; '
      'from=<«i»@b.test> to=<«i»@d.test> proto=ESMTP helo=<pc.b.test>',
      'kind=policy action=reject ip=192.0.2.1 code=554 dsn=5.7.1 helo=pc.b.test',
      'sender recipient text truncated', 'reason sender recipient proto helo')
smtpd('NOQUEUE: reject: EHLO from unknown[192.0.2.1]: 504 5.5.2 <«i»>: Helo command rejected: need '
      'fully-qualified hostname; proto=SMTP helo=<«h»>',
      'kind=policy action=reject stage=EHLO ip=192.0.2.1 code=504 dsn=5.5.2', 'helo text',
      'reason')
smtpd('NOQUEUE: reject: RCPT from unknown[2001:db8::1]: 554 5.7.1 Service unavailable; Client host '
      '[2001:db8::1] blocked using bl.test; «p»; from=<a@b.test> to=<c@d.test> proto=ESMTP '
      'helo=<pc.b.test>',
      'kind=policy action=reject ip=2001:db8::1 code=554 dsn=5.7.1 reason=dnsbl list=bl.test '
      'sender=a@b.test recipient=c@d.test helo=pc.b.test', 'text')
smtpd('NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 <c@d.test>: Recipient address '
      'rejected: «p»; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<pc.b.test>',
      'kind=policy action=reject ip=192.0.2.1 code=554 dsn=5.7.1 sender=a@b.test '
      'recipient=c@d.test helo=pc.b.test', 'text reason')
smtpd('NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.7.23 <c@d.test>: Recipient address '
      'rejected: Message rejected due to: SPF fail - not authorized. Please see «p»; '
      'from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<pc.b.test>',
      'kind=policy action=reject ip=192.0.2.1 code=550 dsn=5.7.23 sender=a@b.test', 'text reason')
smtpd('NOQUEUE: reject: VRFY from unknown[192.0.2.1]: 550 5.1.1 <«i»>: Recipient address rejected: '
      'User unknown; to=<«q»> proto=SMTP helo=<x>',
      'kind=policy stage=VRFY ip=192.0.2.1 code=550 dsn=5.1.1', 'recipient text', 'reason')
smtpd('NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 <c@d.test>: Recipient address '
      'rejected: Access denied; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<x> '
      'sasl_method=PLAIN sasl_username=«s»',
      'kind=policy ip=192.0.2.1 code=554 dsn=5.7.1 sender=a@b.test recipient=c@d.test',
      'user text truncated', 'user mechanism sender recipient proto helo reason',
      tag='postfix/submission/smtpd')
smtpd('4F1D2A3B4C: reject: END-OF-MESSAGE from unknown[192.0.2.1]: bare <LF> received; '
      'from=<«q»@b.test> to=<c@d.test> proto=ESMTP helo=<«h»>',
      'kind=policy action=reject ip=192.0.2.1 qid=4F1D2A3B4C recipient=c@d.test',
      'sender helo')
smtpd('4F1D2A3B4C: milter-reject: END-OF-MESSAGE from unknown[192.0.2.1]: 5.7.1 «p»; '
      'from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<pc.b.test>',
      'kind=milter action=milter-reject ip=192.0.2.1 qid=4F1D2A3B4C dsn=5.7.1 sender=a@b.test '
      'recipient=c@d.test helo=pc.b.test', 'text reason')
smtpd('4F1D2A3B4C: milter-reject: RCPT from unknown[192.0.2.1]: 451 4.7.1 Service unavailable - '
      'try again later; from=<«q»@b.test> to=<c@d.test> proto=ESMTP helo=<«h»> '
      'sasl_username=<«s»>',
      'kind=milter action=milter-reject ip=192.0.2.1 qid=4F1D2A3B4C code=451 dsn=4.7.1',
      'sender helo user text truncated', 'user mechanism sender recipient proto helo reason')
smtpd('proxy-reject: END-OF-MESSAGE: 554 5.7.1 «p»; from=<a@b.test> to=<c@d.test> proto=ESMTP '
      'helo=<pc.b.test>', 'code=554', 'text reason list')
smtpd('NOQUEUE: permit: RCPT from mx.b.test[192.0.2.1]: action=permit for Recipient address=«p»; '
      'from=<a@b.test> to=<«q»@d.test> proto=ESMTP helo=<x>',
      'kind=policy action=permit ip=192.0.2.1 sender=a@b.test', 'text recipient')
smtpd('warning: unknown[192.0.2.1]: SASL «m» authentication failed: Invalid authentication '
      'mechanism, sasl_username=(unavailable)',
      'kind=auth_failure ip=192.0.2.1 reason=protocol', 'mechanism text', 'text reason')
smtpd('warning: unknown[192.0.2.1]: SASL «w» authentication failed: Invalid authentication '
      'mechanism', 'kind=auth_failure ip=192.0.2.1', 'mechanism', 'text')
smtpd('warning: unknown[192.0.2.1]: SASL «w» authentication aborted',
      'kind=auth_abort ip=192.0.2.1', 'mechanism')
smtpd('warning: unknown[192.0.2.1]:4711: SASL LOGIN authentication failed: (reason unavailable), '
      'sasl_username=«u»',
      'kind=auth_failure ip=192.0.2.1 port=4711 mechanism=LOGIN', 'user')
smtpd('warning: unknown[192.0.2.1]: SASL PLAIN authentication failed: bad «p»',
      'kind=auth_failure ip=192.0.2.1 mechanism=PLAIN', 'text user')
smtpd('4F1D2A3B4C: client=mx.b.test[192.0.2.1], sasl_method=PLAIN, sasl_username=«u»',
      'kind=accept qid=4F1D2A3B4C ip=192.0.2.1 mechanism=PLAIN', 'user')
smtpd('4F1D2A3B4C: client=mx.b.test[192.0.2.1]:4711, sasl_method=PLAIN, sasl_username=joe, '
      'sasl_sender=«s»', 'kind=accept qid=4F1D2A3B4C ip=192.0.2.1 mechanism=PLAIN user=joe', '',
      tag='postfix/submission/smtpd')
smtpd('warning: non-SMTP command from unknown[192.0.2.1]: «e»',
      'kind=violation action=non_smtp ip=192.0.2.1', 'text')
smtpd('warning: unknown[192.0.2.1] sent non-SMTP command: «p»',
      'kind=violation action=non_smtp ip=192.0.2.1', 'text')
smtpd('improper command pipelining after EHLO from unknown[192.0.2.1]: «e»',
      'kind=violation action=pipelining stage=EHLO ip=192.0.2.1', 'text')
smtpd('warning: Illegal address syntax from unknown[192.0.2.1] in MAIL command: <«p»>',
      'kind=violation ip=192.0.2.1 stage=MAIL', 'text')
smtpd('warning: unknown[192.0.2.1]: request longer than 2048: «p»...',
      'kind=violation ip=192.0.2.1', 'text')
smtpd('warning: reject: ETRN «m»... from unknown[192.0.2.1]', 'kind=violation', 'text', 'ip name')
smtpd('warning: bad ETRN «w»... from unknown[192.0.2.1]', 'kind=violation ip=192.0.2.1', 'text')
smtpd('warning: hostname mx.b.test does not resolve to address 192.0.2.1: «p»',
      'kind=rdns_mismatch ip=192.0.2.1 name=mx.b.test', 'text')
smtpd('Anonymous TLS connection established from unknown[192.0.2.1] to «n»: TLSv1.3 with cipher '
      'TLS_AES_256_GCM_SHA384 (256/256 bits)', 'kind=tls ip=192.0.2.1', 'text', 'tls cipher')
smtpd('TLS SNI «n» from unknown[192.0.2.1] not matched, using default chain', '', 'text')
smtpd('warning: TLS SNI from unknown[192.0.2.1] is invalid: «p»', '', 'text')
smtpd('warning: TLS library problem: error:0A0000C6:SSL routines::«p»:../ssl/x.c:354:',
      'kind=tls_failure', 'text')
smtpd('mx.b.test[192.0.2.1]: Untrusted: subject_CN=«p», issuer=«p», fingerprint=AA:BB', '',
      'text')
smtpd('warning: Unable to look up NS host for «s»: Host not found, try again',
      'kind=operational', 'text')
smtpd('using backwards-compatible default setting smtpd_relay_before_recipient_restrictions=no to '
      'reject recipient "«p»" from client "unknown[192.0.2.1]"', '', 'text')
smtpd('warning: problem talking to server private/policy: «p»', 'kind=operational', 'text')

# postscreen, dnsblog, tlsproxy ----------------------------------------------
PS = 'postfix/postscreen'


def postscreen(message, truth, free, may_lack=''):
    R('postfix_postscreen', PS, message, truth + ' ip=192.0.2.1 port=4711', free, may_lack)


postscreen('PREGREET 14 after 0.08 from [192.0.2.1]:4711: «e»', 'kind=ps_pregreet', 'text')
postscreen('BARE NEWLINE from [192.0.2.1]:4711 after «e»', 'kind=ps_violation '
           'action=bare_newline', 'text stage')
postscreen('NON-SMTP COMMAND from [192.0.2.1]:4711 after CONNECT: «w» «e»',
           'kind=ps_violation action=non_smtp', 'text')
postscreen('NON-SMTP COMMAND from [192.0.2.1]:4711 «p»', 'kind=ps_violation action=non_smtp',
           'text stage')
postscreen('COMMAND PIPELINING from [192.0.2.1]:4711 after «w»: «e»',
           'kind=ps_violation action=pipelining', 'text stage')
postscreen('NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 550 5.7.1 Service unavailable; client '
           '[192.0.2.1] blocked using bl.test; from=<«q»@b.test>, to=<«q»@d.test>, proto=ESMTP, '
           'helo=<«g»>', 'kind=ps_reject code=550 dsn=5.7.1 list=bl.test',
           'sender recipient helo text', 'sender recipient proto helo')
postscreen('NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 450 4.3.2 Service currently unavailable; '
           'from=<a@b.test>, to=<c@d.test>, proto=ESMTP, helo=<«g»>',
           'kind=ps_reject code=450 dsn=4.3.2', 'helo text', 'sender recipient proto helo')
postscreen('NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 450 4.3.2 Service currently unavailable; '
           'from=<«q»@b.test>, to=<«q»@d.test>, proto=ESMTP, helo=<pc.b.test>',
           'kind=ps_reject code=450 dsn=4.3.2 helo=pc.b.test', 'sender recipient text')
R('postfix_dnsblog', 'postfix/dnsblog', 'warning: dnsblog_query: lookup error for DNS query '
  '1.2.0.192.bl.test: «p»', 'kind=operational', 'text')
R('postfix_dnsblog', 'postfix/dnsblog', 'addr 192.0.2.1 blocked by domain bl.test: "«p»"', '',
  'text')
R('postfix_tlsproxy', 'postfix/tlsproxy', 'Anonymous TLS connection established from '
  '[192.0.2.1]:4711 to «n»: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
  'kind=tls ip=192.0.2.1', 'text', 'tls cipher')
R('postfix_tlsproxy', 'postfix/tlsproxy', 'SSL_accept error from [192.0.2.1]:4711: «p»',
  'kind=tls_failure ip=192.0.2.1 port=4711', 'text')

# cleanup, pickup, qmgr, bounce ----------------------------------------------


def cleanup(message, truth, free, may_lack=''):
    R('postfix_cleanup', 'postfix/cleanup', message, truth + ' qid=4F1D2A3B4C', free, may_lack)


cleanup('4F1D2A3B4C: message-id=«p»', 'kind=message_id', 'msgid')
cleanup('4F1D2A3B4C: resent-message-id=<«p»>', 'kind=message_id', 'msgid')
cleanup('4F1D2A3B4C: reject: header Subject: «p» from mx.b.test[192.0.2.1]; from=<a@b.test> '
        'to=<c@d.test> proto=ESMTP helo=<pc.b.test>: 5.7.1 no pills here',
        'kind=content action=reject ip=192.0.2.1 sender=a@b.test recipient=c@d.test', 'text')
cleanup('4F1D2A3B4C: warning: body «p» from unknown[192.0.2.1]; from=<«q»@b.test> '
        'to=<«q»@d.test> proto=ESMTP helo=<«h»>', 'kind=content action=warning ip=192.0.2.1',
        'text sender recipient helo truncated', 'ip name sender recipient proto helo')
cleanup('4F1D2A3B4C: info: header Subject: «p» from local; from=<root@b.test> to=<c@d.test>: look',
        'kind=content action=info', 'text', 'ip')
cleanup('4F1D2A3B4C: reject: mime-error nesting too deep: «p» from unknown[192.0.2.1]; '
        'from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<x>',
        'kind=content action=reject ip=192.0.2.1', 'text')
cleanup('4F1D2A3B4C: milter-reject: END-OF-MESSAGE from unknown[192.0.2.1]: 4.7.1 «p»; '
        'from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<x>',
        'kind=milter action=milter-reject ip=192.0.2.1 dsn=4.7.1', 'text reason')
cleanup('4F1D2A3B4C: milter-header-replace: header X-Spam: «p» from unknown[192.0.2.1]; '
        'from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<x>: X-Spam: «p»',
        'ip=192.0.2.1', 'text truncated', 'ip name sender recipient proto helo')
cleanup('4F1D2A3B4C: replace: header Subject: «p» from mx.b.test[192.0.2.1]; from=<a@b.test> '
        'to=<c@d.test> proto=ESMTP helo=<pc.b.test>: Subject: [list] «p»',
        'kind=content action=replace', 'text truncated',
        'ip name sender recipient proto helo')
cleanup('4F1D2A3B4C: to=<«q»@d.test>, relay=none, delay=0.1, delays=0.1/0/0/0, dsn=5.4.6, '
        'status=bounced («p»)', 'kind=delivery status=bounced dsn=5.4.6 relay=none',
        'recipient text')
R('postfix_pickup', 'postfix/pickup', '4F1D2A3B4C: uid=33 from=<«q»@b.test> orig_id=5A6B7C8D9E',
  'kind=submitted uid=33 qid=4F1D2A3B4C', 'sender')
R('postfix_pickup', 'postfix/pickup', '4F1D2A3B4C: uid=33 from=<«i»>',
  'kind=submitted uid=33 qid=4F1D2A3B4C', 'sender text truncated', 'sender')
R('postfix_qmgr', 'postfix/qmgr', '4F1D2A3B4C: from=<«q»@b.test>, size=2048, nrcpt=2 (queue active)',
  'kind=queued qid=4F1D2A3B4C size=2048 nrcpt=2', 'sender')
R('postfix_qmgr', 'postfix/qmgr', '4F1D2A3B4C: from=<«i»@b.test>, size=2048, nrcpt=2 (queue active)',
  'kind=queued qid=4F1D2A3B4C size=2048 nrcpt=2', 'sender')
R('postfix_qmgr', 'postfix/qmgr', '4F1D2A3B4C: from=<«q»@b.test>, status=expired, returned to '
  'sender', 'kind=expired qid=4F1D2A3B4C', 'sender')
R('postfix_qmgr', 'postfix/qmgr', '4F1D2A3B4C: from=<«i»@b.test>, status=expired, returned to '
  'sender', 'kind=expired qid=4F1D2A3B4C', 'sender')
R('postfix_qmgr', 'postfix/qmgr', '4F1D2A3B4C: to=<«q»@d.test>, relay=none, delay=5, '
  'delays=4/1/0/0, dsn=4.4.1, status=deferred (delivery temporarily suspended: «p»)',
  'kind=delivery qid=4F1D2A3B4C dsn=4.4.1 status=deferred', 'recipient text')
R('postfix_bounce', 'postfix/bounce', 'warning: 4F1D2A3B4C: undeliverable postmaster notification '
  'discarded: «p»', '', 'text')

# delivery -------------------------------------------------------------------


def delivery(message, truth, free, may_lack='', tag='postfix/smtp'):
    R('postfix_delivery', tag, message, truth, free, may_lack)


DELIVERED = 'kind=delivery qid=4F1D2A3B4C relay_ip=192.0.2.25 relay_port=25 '
delivery('4F1D2A3B4C: to=<«q»@d.test>, orig_to=<«q»@e.test>, relay=mx.d.test[192.0.2.25]:25, '
         'conn_use=3, delay=1.2, delays=0.1/0.02/0.5/0.58, dsn=5.1.1, status=bounced (host '
         'mx.d.test[192.0.2.25] said: 550 5.1.1 «p» (in reply to RCPT TO command))',
         DELIVERED + 'dsn=5.1.1 status=bounced', 'recipient orig_recipient text', 'reason')
# Before 3.5 the address is not quoted: one with spaces may look like all that follows.
delivery('4F1D2A3B4C: to=<«s»@d.test>, relay=mx.d.test[192.0.2.25]:25, delay=1, delays=1/0/0/0, '
         'dsn=2.0.0, status=sent (250 ok)', 'kind=delivery qid=4F1D2A3B4C', 'recipient text',
         'event')
delivery('4F1D2A3B4C: to=<c@d.test>, relay=mx.d.test[192.0.2.25]:25, delay=1, delays=1/0/0/0, '
         'dsn=2.0.0, status=sent (250 2.0.0 «p»)',
         DELIVERED + 'dsn=2.0.0 status=sent recipient=c@d.test', 'text next_qid')
delivery('4F1D2A3B4C: to=<c@d.test>, relay=mx.d.test[192.0.2.25]:25, delay=1, delays=1/0/0/0, '
         'dsn=4.7.1, status=deferred (host mx.d.test[192.0.2.25] said: «p»)',
         DELIVERED + 'dsn=4.7.1 status=deferred recipient=c@d.test', 'text reason code')
delivery('4F1D2A3B4C: host mx.d.test[192.0.2.25] said: 450 4.2.0 «p» (in reply to RCPT TO command)',
         'kind=remote_note qid=4F1D2A3B4C relay_ip=192.0.2.25', 'text', 'reason')
delivery('4F1D2A3B4C: host mx.d.test[192.0.2.25] refused to talk to me: 554 «p»',
         'kind=remote_note qid=4F1D2A3B4C relay_ip=192.0.2.25', 'text', 'reason')
delivery('SASL authentication failed; server mx.d.test[192.0.2.25] said: «p»', '', 'text code dsn')
delivery('warning: host mx.d.test[192.0.2.25]:25 replied to HELO/EHLO with my own hostname «s»', '',
         'text')
delivery('certificate verification failed for mx.d.test[192.0.2.25]:25: untrusted issuer «p»',
         '', 'text')
delivery('CA certificate verification failed for mx.d.test[192.0.2.25]:25: num=19:«p»', '', 'text')
delivery('4F1D2A3B4C: passing <«q»@d.test> to transport=lmtp', '', 'text', tag='postfix/local')
delivery('4F1D2A3B4C: replace: header Subject: «p»: Subject: «p»', 'kind=content qid=4F1D2A3B4C',
         'text truncated')
delivery('4F1D2A3B4C: prepend: header Subject: «p»: X-Was: «p»', 'kind=content qid=4F1D2A3B4C',
         'text truncated')
delivery('4F1D2A3B4C: to=<«q»@d.test>, relay=local, delay=0.05, delays=0.04/0/0/0.01, dsn=5.1.1, '
         'status=bounced (unknown user: "«i»")',
         'kind=delivery qid=4F1D2A3B4C dsn=5.1.1 status=bounced relay=local', 'recipient text',
         tag='postfix/local')
delivery('4F1D2A3B4C: to=<«q»@d.test>, relay=filter, delay=0.5, delays=0.04/0/0/0.46, dsn=5.3.0, '
         'status=bounced (Command died with status 1: "/bin/filter". Command output: «p»)',
         'kind=delivery qid=4F1D2A3B4C dsn=5.3.0 status=bounced relay=filter', 'recipient text',
         'reason', tag='postfix/pipe')
delivery('4F1D2A3B4C: to=<«q»@d.test>, relay=mx.d.test[private/dovecot-lmtp], delay=0.2, '
         'delays=0.1/0.01/0/0.1, dsn=5.2.2, status=bounced (host mx.d.test[private/dovecot-lmtp] '
         'said: 552 5.2.2 <«i»@d.test> Quota exceeded (in reply to end of DATA command))',
         'kind=delivery qid=4F1D2A3B4C dsn=5.2.2 status=bounced', 'recipient text', 'reason',
         tag='postfix/lmtp')

# the rest of Postfix ----------------------------------------------------------
R('postfix_anvil', 'postfix/anvil', 'statistics: max connection rate 61/60s for (smtpd:192.0.2.1) '
  'at Nov 20 12:00:00«p»', 'kind=rate_stat ip=192.0.2.1', 'text', 'ip')
R('postfix_master', 'postfix/master', 'warning: process /usr/lib/postfix/sbin/smtpd pid 99 exit '
  'status 1«p»', '', 'text')
R('postfix_master', 'postfix/postfix-script', 'warning: damaged message: corrupt/«p»', '', 'text')
R('postfix_misc', 'postfix/postlog', 'note: «p»', '', 'text')
R('postfix_misc', 'postfix/sendmail', 'fatal: joe(1000): «p»', 'severity=fatal', 'text')
R('postfix_misc', 'postfix/postdrop', 'warning: uid=33: «p»', 'severity=warning', 'text')
R('postfix_misc', 'postfix/trivial-rewrite', 'warning: do not list domain «s» in BOTH mydestination '
  'and virtual_mailbox_domains', 'severity=warning', 'text')
R('postfix_plain', 'postfix', 'warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: '
  '(reason unavailable), sasl_username=«u»', 'kind=auth_failure ip=192.0.2.1', 'user')
R('postfix_plain', 'postfix', '4F1D2A3B4C: message-id=«p»', 'kind=message_id qid=4F1D2A3B4C',
  'msgid')
R('postfix_plain', 'postfix', 'fatal: usage: «p»', 'severity=fatal', 'text')
R('postfix_misc', 'postfix/sendmail', 'fatal: «p»', 'severity=fatal kind=operational', 'text qid', 'qid')

# Exim ---------------------------------------------------------------------------
EXIM = ('2026-11-20 11:49:08 ', '2026-11-20 11:49:08 +0000 ', '2026-11-20 11:49:08.516 [22098] ')
QID = '1xUN76-0005hf-06'


# A HELO may end as a client does, where helo_accept_junk_hosts lets it; and what
# stands behind the client may look like the end of such a HELO.
HIDDEN = (' event ip port name helo server_ip server_port action stage reason list sender recipient '
          'user code text seconds msgid size nrcpt proto mechanism tls cipher commands')


def exim(message, truth, free, may_lack=''):
    # Two refusals are one, told in two logs; a line that hides that it is one is not.
    hides = '(' in message
    R('exim', 'exim', message, truth, free + ' count' * hides, may_lack + HIDDEN * hides, EXIM)


exim(QID + ' <= «xq»@b.test H=mx.b.test («xh») [192.0.2.1]:4711 I=[192.0.2.9]:25 P=esmtpsa '
     'X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no A=plain:«xw» S=1200 id=«xw» T="«xt»" for c@d.test',
     'kind=accept ip=192.0.2.1 port=4711 name=mx.b.test qid=' + QID,
     'sender helo user msgid text')
# Quotes may stand in any word of a local part.
exim(QID + ' <= a.«xq».b@b.test H=[192.0.2.1]:4711 P=esmtp S=12 id=1.«xq»@b.test for c.«xq»@d.test',
     'kind=accept ip=192.0.2.1 port=4711 size=12 nrcpt=1 qid=' + QID, 'sender msgid',
     'nrcpt msgid')
exim(QID + ' ** c.«xq»@d.test F=<a.«xq»@b.test> R=r T=t H=mx.d.test [192.0.2.8]: SMTP error from '
     'remote mail server after RCPT TO:<c.«xq»@d.test>: 550 5.1.1 no',
     'kind=delivery status=bounced relay_ip=192.0.2.8 code=550 dsn=5.1.1 reason=unknown_user '
     'qid=' + QID, 'recipient sender text', 'code dsn reason')
exim('H=[192.0.2.1]:25 F=<a.«xq»@b.test> rejected RCPT <c.«xq»@d.test>: relay not permitted',
     'kind=policy action=reject stage=RCPT ip=192.0.2.1 port=25', 'sender recipient text count',
     'reason event recipient')
exim('unqualified sender rejected: <a.«xq»> H=[192.0.2.1]', 'kind=policy ip=192.0.2.1',
     'sender count', 'event')
# a web page took the brackets away
exim('H=[192.0.2.1]:25 F=a.«xq»@b.test rejected RCPT c.«xq»@d.test: relay not permitted',
     'kind=policy action=reject stage=RCPT ip=192.0.2.1 port=25', 'sender recipient text count',
     'reason event recipient')
R('exim', 'exim', QID + ' SA: Action: flagged as Spam but accepted: score=8.2 required=5.0 (scanned in '
  '6/6 secs | Message-Id: «xp»). From <«xq»@b.test> (host=mx.b.test [192.0.2.1]) for «xq»@d.test',
  'kind=spam_verdict verdict=spam score=8.2 ip=192.0.2.1 name=mx.b.test qid=' + QID, 'sender msgid text',
  'ip name sender msgid', EXIM)
# a warning that hides whose it is tells no verdict
exim(QID + ' H=(«xh») [192.0.2.1]:4711 Warning: "SpamAssassin as joe detected OUTGOING smtp message '
     'as spam (7.1)"', 'ip=192.0.2.1 port=4711 qid=' + QID, 'helo text kind', 'verdict score')
exim(QID + ' ->  f.«xq»@d.test <«xq»@d.test> R=r T=t H=mx.d.test [192.0.2.7] C="250 «xt»"',
     'kind=delivery relay_ip=192.0.2.7 qid=' + QID, 'recipient orig_recipient text',
     'next_qid orig_recipient')
exim(QID + ' <= a@b.test H=mx.b.test (pc) [192.0.2.1] P=esmtp S=12 id=1@b.test T="«xt»" for c@d.test',
     'kind=accept ip=192.0.2.1 helo=pc sender=a@b.test size=12 msgid=1@b.test qid=' + QID, 'text')
exim(QID + ' <= a@b.test H=(pc) [192.0.2.1] P=esmtps X=TLS1.3:AES:256 CV=yes DN="«xt»" '
     'SNI="«xt»" S=1200 id=1@b.test', 'kind=accept ip=192.0.2.1 size=1200 qid=' + QID, 'text',
     'size msgid')
exim(QID + ' => «xq»@d.test R=dnslookup T=remote_smtp H=mx.d.test [192.0.2.7]:25 C="250 «xt»" '
     'QT=9s', 'kind=delivery relay_ip=192.0.2.7 relay_port=25 qid=' + QID, 'recipient text',
     'next_qid')
exim(QID + ' ** «xq»@d.test F=<«xq»@b.test> R=r T=t H=mx.d.test [192.0.2.8]: SMTP error from remote '
     'mail server after RCPT TO:<«xq»@d.test>: 550 5.1.1 «xp»',
     'kind=delivery status=bounced relay_ip=192.0.2.8 code=550 dsn=5.1.1 qid=' + QID,
     'recipient sender text', 'code dsn reason')
exim(QID + ' == «xq»@d.test R=r T=t defer (-44) H=mx.d.test [192.0.2.8]:25: SMTP error from remote '
     'mail server after end of data: 451 4.3.0 «xp»',
     'kind=delivery status=deferred relay_ip=192.0.2.8 code=451 dsn=4.3.0 qid=' + QID,
     'recipient text', 'reason')
exim(QID + ' H=mx.d.test [192.0.2.7]:25 SMTP error from remote mail server after RCPT '
     'TO:<«xq»@d.test>: 450 «xp»', 'kind=remote_note relay_ip=192.0.2.7 qid=' + QID,
     'text recipient', 'code dsn reason')
exim('H=mx.b.test («xh») [192.0.2.1]:4711 F=<«xq»@b.test> rejected RCPT <«xq»@d.test>: relay not '
     'permitted', 'kind=policy action=reject stage=RCPT ip=192.0.2.1 port=4711',
     'helo sender recipient text', 'reason')
exim('H=(pc) [192.0.2.1] F=<a@b.test> temporarily rejected RCPT <c@d.test>: «xp»',
     'kind=policy action=reject stage=RCPT ip=192.0.2.1 sender=a@b.test recipient=c@d.test',
     'text reason list')
exim('H=(pc) [192.0.2.1] rejected EHLO or HELO «xp»: bad helo',
     'kind=policy stage=EHLO ip=192.0.2.1', 'text reason')
exim('H=(pc) [192.0.2.1] rejected AUTH «xp»: no', 'kind=policy stage=AUTH ip=192.0.2.1', 'text reason list')
exim('H=(pc) [192.0.2.1] rejected VRFY «xp»: no', 'kind=policy stage=VRFY ip=192.0.2.1', 'text reason list')
exim(QID + ' H=(«xh») [192.0.2.1]:25 F=<«xq»@b.test> rejected after DATA: «xp»',
     'kind=policy ip=192.0.2.1 port=25 qid=' + QID, 'helo sender text reason list')
exim('H=(pc) [192.0.2.1] sender verify fail for <«xq»@b.test>: «xp»', 'kind=policy ip=192.0.2.1',
     'sender text')
exim('H=(pc) [192.0.2.1] Warning: «xp»', 'kind=policy ip=192.0.2.1', 'text')
exim('H=(pc) [192.0.2.1] incomplete transaction (RSET) from <«xq»@b.test> for «xq»@d.test',
     'kind=abort ip=192.0.2.1', 'sender text')
exim('rejected EHLO from [192.0.2.1]:4711: syntactically invalid argument(s): «xp»',
     'kind=policy ip=192.0.2.1 port=4711', 'text helo')
exim('rejected from <«xq»@b.test> H=(«xh») [192.0.2.1]: message too big: read=200 max=100',
     'kind=policy ip=192.0.2.1', 'sender helo text', 'reason')
exim('rejected MAIL FROM:<«xq»@b.test> H=(«xh») [192.0.2.1]: message too big: size=20 max=10',
     'kind=policy ip=192.0.2.1', 'sender helo text', 'reason')
exim('unqualified recipient rejected: <«xq»> H=(«xh») [192.0.2.1]', 'kind=policy ip=192.0.2.1',
     'recipient helo')
exim('too many recipients: message rejected: sender=<«xq»@b.test> H=(«xh») [192.0.2.1]',
     'kind=policy ip=192.0.2.1', 'sender helo')
exim('rejected "EHLO «xh»" from [192.0.2.1]', 'kind=policy', 'helo count', 'event ip')
exim('rejected "WELLKNOWN «xp»" from «xh»', 'kind=policy action=reject stage=WELLKNOWN',
     'text count', 'event')
exim(QID + ' H=(«xh») [192.0.2.1]:25 «xq»@d.test F=<«xq»@b.test> rejected after DATA: R=r T=t '
     'H=mx.d.test [192.0.2.7]:25 C="«xt»"', 'kind=policy ip=192.0.2.1 port=25 qid=' + QID,
     'helo recipient sender text reason list', 'action stage')
exim(QID + ' PRDR R=<«xq»@d.test> refusal', 'kind=policy action=reject qid=' + QID,
     'recipient count', 'event')
exim('H=(«xh») [192.0.2.1]:33 F=<> rejected RCPT <c@d.test>: "JunkMail rejected - («xh») '
     '[192.0.2.1]:33 is in an RBL: https://bl.test/192.0.2.1"', 'kind=policy ip=192.0.2.1 port=33',
     'helo text', 'reason')
exim('plain_server authenticator failed for mx.b.test («xh») [192.0.2.1]:4711: 535 Incorrect '
     'authentication data (set_id=«xp»)',
     'kind=auth_failure ip=192.0.2.1 port=4711 code=535', 'helo user text')
exim('dovecot_login authenticator failed for H=(«xh») [192.0.2.1]:4711 I=[192.0.2.9]:465 U=«xw»: '
     '535 Incorrect authentication data (set_id=joe@b.test)',
     'kind=auth_failure ip=192.0.2.1 port=4711', 'helo user text', 'user code')
exim('plain authenticator failed for [192.0.2.1]: 435 Unable to authenticate at present '
     '(set_id=«xp»): error in perl_startup code', 'ip=192.0.2.1 code=435', 'user text', 'user')
exim('SMTP connection from («xh») [192.0.2.1]:52794 I=[192.0.2.9]:25 lost D=0s (error: Connection '
     'reset by peer)', 'ip=192.0.2.1 port=52794', 'helo text')
exim('no MAIL in SMTP connection from («xh») [192.0.2.1] D=0s C=EHLO,AUTH,QUIT', 'ip=192.0.2.1',
     'helo text')
exim('unexpected disconnection while reading SMTP command from («xh») [192.0.2.1] D=0s',
     'kind=abort ip=192.0.2.1', 'helo text')
exim('SMTP data timeout (message abandoned) on connection from («xh») [192.0.2.1] F=<«xq»@b.test>',
     'kind=abort ip=192.0.2.1', 'helo sender text')
exim('SMTP call from («xh») [192.0.2.1] dropped: too many syntax or protocol errors (last command '
     'was "«xp»", C=EHLO,MAIL)', 'ip=192.0.2.1', 'helo text')
exim('SMTP syntax error in "«xp»" H=(pc) [192.0.2.1]:4711 unrecognized command',
     'kind=violation', 'text', 'ip port name helo')
exim('SMTP protocol error in "AUTH «xp»" H=(pc) [192.0.2.1] AUTH command used when not advertised',
     'kind=violation', 'text', 'ip port name helo')
exim('SMTP protocol synchronization error (input sent without waiting for greeting): rejected '
     'connection from H=(«xh») [192.0.2.1]:33 input="«xp»"', 'kind=violation ip=192.0.2.1 port=33',
     'helo text')
exim('SMTP protocol synchronization error (next input sent too soon: pipelining was not '
     'advertised): rejected "«xp»" H=(pc) [192.0.2.1] next input="«xp»"', 'kind=violation', 'text',
     'ip port name helo')
exim('TLS error on connection from mx.b.test («xh») [192.0.2.1]:3 I=[192.0.2.9]:25 (SSL_accept): '
     '«xp»', 'kind=tls_failure ip=192.0.2.1 port=3', 'helo text')
exim('no IP address found for host «s» (during SMTP connection from [192.0.2.1]:4711)',
     'kind=rdns_mismatch', 'name text', 'ip port name')
exim('192.0.2.1 does not match any IP address for «s»', 'kind=rdns_mismatch ip=192.0.2.1',
     'name text', 'name')
exim('ignoring AUTH=<«xp»> from (pc) [192.0.2.1] (client not authenticated)', '', 'text')
exim('cwd=/tmp/«xp» 3 args: /usr/sbin/sendmail -t -i', '', 'text')
exim('no host name found for IP address 192.0.2.1', 'kind=rdns_mismatch ip=192.0.2.1', '')

# Dovecot ------------------------------------------------------------------------
DOVECOT = ('2026-11-20 12:09:55 ', 'Nov 20 12:09:55 ')


def dovecot(message, truth, free, may_lack=''):
    R('dovecot', 'dovecot', message, truth, free, may_lack, DOVECOT)


LOGIN = ', rip=192.0.2.1, lip=203.0.113.1, '
dovecot('imap-login: Login: user=<«d»>, method=PLAIN' + LOGIN + 'mpid=368, TLS, session=<sA5IH7>',
        'kind=auth_success ip=192.0.2.1 mechanism=PLAIN', 'user', 'user')
dovecot('imap-login: Disconnected (auth failed, 2 attempts in 10 secs): user=<«d»>, method=PLAIN' +
        LOGIN + 'TLS, session=<sA5IH7>', 'kind=auth_failure ip=192.0.2.1 attempts=2', 'user',
        'user')
dovecot('pop3-login: Aborted login (auth failed, 1 attempts): user=<«d»>, method=«dm», '
        'rip=192.0.2.1, lip=203.0.113.1, session=<a>', 'kind=auth_failure ip=192.0.2.1',
        'user mechanism', 'user mechanism session')
dovecot('imap-login: Disconnected (tried to use unsupported auth mechanism): user=<>, method=«dm»' +
        LOGIN + 'session=<a>', 'ip=192.0.2.1', 'mechanism user', 'mechanism')
dovecot('imap-login: Disconnected (client sent an invalid cert): user=<>' + LOGIN + 'TLS: Received '
        'invalid SSL certificate: certificate has expired: /CN=«d», session=<a>', 'ip=192.0.2.1',
        'text', 'session tls')
# login_log_format_elements in another order
dovecot('imap-login: Login: rip=192.0.2.1, lip=203.0.113.1, method=«dm», user=<«d»>, session=<a>',
        'kind=auth_success ip=192.0.2.1', 'user mechanism', 'user mechanism session')
dovecot('imap-login: Disconnected (auth failed, 1 attempts in 2 secs): session=<a>, method=«dm», '
        'user=<«d»>, rip=192.0.2.1, TLS', 'kind=auth_failure ip=192.0.2.1', 'user mechanism',
        'ip user mechanism session')
dovecot('imap-login: Login: method=PLAIN, rip=192.0.2.1, user=«d», lip=203.0.113.1',
        'kind=auth_success ip=192.0.2.1 mechanism=PLAIN', 'user server_ip truncated', 'user')
dovecot('imap-login: ID sent: «d»: user=<joe>, rip=192.0.2.1', '', 'text')
dovecot('imap-login: proxy(«d»,203.0.113.7:143): Started proxying to <203.0.113.7> (0.012 secs): '
        'user=<«d»>, method=PLAIN' + LOGIN + 'TLS, session=<a>', 'ip=192.0.2.1', 'user text kind truncated',
        'user ip server_ip session mechanism')
dovecot('auth: passwd-file(«da»,192.0.2.1,<sA5IH7>): unknown user', 'kind=auth_failure ip=192.0.2.1',
        'user', 'user session')
dovecot('auth: sql(«da»,192.0.2.1): Password mismatch (given password: «da»)',
        'kind=auth_failure', 'user text reason mechanism', 'ip user session')
dovecot('auth: plain(?,192.0.2.1): Username character disallowed by auth_username_chars: 0x20 '
        '(username: «da»)', 'kind=auth_failure ip=192.0.2.1', 'text user', 'ip')
dovecot('auth(«da»,192.0.2.1,sasl:plain)<sA5IH7>: sql: Password mismatch',
        'kind=auth_failure ip=192.0.2.1 mechanism=plain', 'user', 'user session mechanism ip')
dovecot('imap(«d»)<368><sA5IH7>: Disconnected: Logged out in=8 out=469', '',
        'user text session bytes', 'user session bytes event')
# Plesk's mail_log_prefix, in syslog only
R('dovecot', 'dovecot', 'service=imap, user=«d», ip=[192.0.2.1]. Logged out rcvd=8, sent=9', '',
  'user text', 'user text event')
R('dovecot', 'dovecot', 'service=lda, user=joe, ip=[]. msgid=<«d»>: save failed to «d»: Quota '
  'exceeded', 'kind=operational user=joe', 'text', 'event')
dovecot('imap(joe)<9><a>: expunge: box=«d», uid=3, msgid=<«d»>, size=3', '', 'text msgid')
dovecot('lmtp(joe@b.test)<9><a>: msgid=<«d»>: saved mail to INBOX', '', 'text msgid')
dovecot('lmtp(joe)<9><a>: msgid=<x@b.test>: save failed to «d»: Quota exceeded',
        'kind=operational user=joe session=a', 'text', 'event')
dovecot('lmtp(joe)<9><a>: sieve: msgid=«d»: stored mail into mailbox \'«d»\'', '', 'text msgid')

# other logins ---------------------------------------------------------------------


def cyrus(message, truth, free, may_lack=''):
    R('cyrus', 'cyrus/imap', message, truth, free, may_lack)


cyrus('imaps failed: mx.b.test [192.0.2.1]', 'kind=tls_failure ip=192.0.2.1', '')
R('cyrus', 'cyrus/http', '[192.0.2.1] with "«p»"; "GET /«p» HTTP/1.1" => "HTTP/1.1 404 Not Found"',
  '', 'text')
R('cyrus', 'cyrus/http', 'mx.b.test [192.0.2.1]; "GET /«p» HTTP/1.1" => "HTTP/1.1 404 Not Found"',
  '', 'text')
cyrus('badlogin: mx.b.test [192.0.2.1] plaintext «p» SASL(-13): authentication failure: checkpass '
      'failed', 'kind=auth_failure ip=192.0.2.1', 'user text', 'user')
cyrus('badlogin: mx.b.test [192.0.2.1] «w» [SASL(-4): no mechanism available: Couldn\'t find mech '
      '«w»]', 'ip=192.0.2.1', 'mechanism text user', 'mechanism user')
cyrus('badlogin: [2001:db8::7] PLAIN [SASL(-13): authentication failure: «p»]',
      'kind=auth_failure ip=2001:db8::7', 'text')
cyrus('badlogin: mx.b.test [192.0.2.1] wrong password for «p»', 'kind=auth_failure ip=192.0.2.1',
      'user text')
cyrus('event=login.bad r.clienthost="mx.b.test [192.0.2.1]" u.username=«q» login.mech=plaintext '
      'error="SASL(-13): authentication failure: checkpass failed"', 'kind=auth_failure ip=192.0.2.1',
      'user text')
cyrus('badlogin: [192.0.2.1] Basic «p» SASL(-13): authentication failure: checkpass failed',
      'kind=auth_failure ip=192.0.2.1', 'user text', 'reason')
cyrus('badlogin: mx.b.test [192.0.2.1] plaintext «p» invalid user',
      'kind=auth_failure ip=192.0.2.1 reason=unknown_user', 'user', 'user')
cyrus('badlogin: [192.0.2.1] Basic «p» invalid user',
      'kind=auth_failure ip=192.0.2.1 reason=unknown_user', 'user', 'user')
cyrus('badlogin: [192.0.2.1] PLAIN («p») [SASL(-13): authentication failure: checkpass failed]',
      'kind=auth_failure ip=192.0.2.1', 'user text', 'user')
R('cyrus', 'cyrus/mupdate', 'login: «s» from mx.b.test [192.0.2.1]', 'kind=auth_success ip=192.0.2.1',
  'user', 'user')
cyrus('login: mx.b.test [192.0.2.1] «s» plaintext+TLS User logged in SESSIONID=<cyrus-7-1>',
      'kind=auth_success ip=192.0.2.1', 'user', 'user session mechanism')
cyrus('login: mx.b.test [192.0.2.1] anonymous «p»', 'kind=auth_success ip=192.0.2.1', 'user text')
SASL = 'saslauthd'
R('saslauthd', SASL, 'do_auth         : auth failure: [user=«p»] [service=smtp] [realm=«p»] '
  '[mech=pam] [reason=PAM auth error]', 'kind=auth_failure', 'user text', 'user proto')
R('saslauthd', SASL, 'do_auth         : auth success: [user=«p»] [service=smtp] [realm=] [mech=pam]',
  'kind=auth_success', 'user', 'user proto')
R('saslauthd', SASL, 'do_auth         : auth failure: [user=«p»] [service=imap] [realm=] [mech=rimap] '
  '[reason=[ALERT] Unexpected response from remote authentication server]', 'kind=auth_error', 'user',
  'user proto')
R('saslauthd', 'plesk_saslauthd', "failed mail authentication attempt for user '«p»' (password len=6)",
  'kind=auth_failure', 'user', 'user')
R('saslauthd', SASL, 'pam_unix(smtp:auth): authentication failure; logname= uid=0 euid=0 tty= ruser= '
  'rhost=  user=«p»', 'kind=auth_failure', 'user truncated', 'user')
R('vpopmail', 'vpopmail', 'vchkpw-smtp: vpopmail user not found «p»@h.test:192.0.2.1',
  'kind=auth_failure ip=192.0.2.1 reason=unknown_user', 'user')
R('vpopmail', 'vpopmail', 'vchkpw-smtp: vpopmail user not found «p»@h.test:2001:db8::7',
  'kind=auth_failure ip=2001:db8::7 reason=unknown_user', 'user', 'ip')
R('vpopmail', 'vpopmail', "vchkpw-pop3: password fail (pass: '«p»') joe@h.test:192.0.2.1",
  'kind=auth_failure ip=192.0.2.1 user=joe@h.test', '')
R('courier', 'imapd-ssl', 'LOGIN FAILED, user=«p», ip=[::ffff:192.0.2.1], port=[4711]',
  'kind=auth_failure ip=192.0.2.1 port=4711', 'user')
R('courier', 'pop3d', 'LOGIN FAILED, method=«p», ip=[::ffff:192.0.2.1]', 'kind=auth_failure ip=192.0.2.1',
  'mechanism')
R('courier', 'courieresmtpd', 'error,relay=::ffff:192.0.2.1,port=4711,msg="535 Authentication failed.",'
  'cmd: AUTH LOGIN «p»', 'kind=auth_failure ip=192.0.2.1 port=4711 code=535', 'user', 'user')
R('courier', 'courieresmtpd', 'error,relay=::ffff:192.0.2.1,msg="502 ESMTP command error",cmd: «p»',
  'kind=violation ip=192.0.2.1 code=502', '')
R('courier', 'courieresmtpd', 'error,relay=::ffff:192.0.2.1,from=<«p»@b.test>,to=<«p»@d.test>: 550 User '
  'unknown.', 'kind=policy action=reject ip=192.0.2.1', 'sender recipient text',
  'sender recipient code reason')
R('courier', 'courieresmtpd', 'error,relay=::ffff:192.0.2.1,ident=«p»,from=<«p»@b.test>,to=<c@d.test>: '
  '550 User unknown.', 'kind=policy action=reject ip=192.0.2.1', 'sender recipient text',
  'event sender recipient code reason')
R('courier', 'courieresmtpd', 'error,relay=::ffff:192.0.2.1,ident=«p»,msg="502 ESMTP command error",'
  'cmd: «p»', 'kind=violation ip=192.0.2.1 code=502', '', 'event')
ROUNDCUBE = 'kind=auth_failure ip=192.0.2.1'
R('roundcube', 'roundcube', '<s073mu0l> Failed login for «p» from 192.0.2.1 in session s073mu0lc1f2 (error: 0)',
  ROUNDCUBE, 'user text', 'user ip')
R('roundcube', 'roundcube', '<s073mu0l> IMAP Error: Login failed for «p» against h.test from 192.0.2.1'
  '(X-Forwarded-For: «p»). Authentication failed. in /x/rcube_imap.php on line 200 (POST /?x)',
  ROUNDCUBE, 'user text', 'user ip')
R('sogo', 'sogod', "SOGoRootPage Login from '«s», 192.0.2.1' for user '«p»' might not have worked - password "
  'policy: 65535  grace: -1  expire: -1  bound: 0', 'kind=auth_failure', 'user text', 'user')
R('sogo', 'sogod', "SOGoRootPage Invalid TOTP key for '«p»'", 'kind=auth_failure', 'user text', 'user')
PAM = 'pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot '
R('pam', 'auth', PAM + 'ruser=«p» rhost=192.0.2.1  user=«p»', 'kind=auth_failure ip=192.0.2.1',
  'user truncated', 'user ip')
R('pam', 'auth', PAM + 'ruser=«p» rhost=192.0.2.1 ', 'kind=auth_failure ip=192.0.2.1',
  'user truncated', 'user ip')
R('pam', 'auth', PAM + 'ruser=joe rhost=«s»  user=joe', 'kind=auth_failure user=joe', 'name', 'user name')

# filters ----------------------------------------------------------------------------


def amavis(message, truth, free, may_lack=''):
    R('amavis', 'amavis', message, truth, free, may_lack)


amavis('(00380-02) Blocked SPAM {DiscardedInbound}, [192.0.2.1]:27013 [192.0.2.1] <«q»@b.test> -> '
       '<«q»@d.test>,<c@d.test>, Queue-ID: 681A8AFACBA, Message-ID: <«am»>, mail_id: AyjlykPi6csH, '
       'Hits: 9.5, size: 370, Subject: "«p»", From: «p», 164 ms',
       'kind=spam_verdict ip=192.0.2.1 port=27013 qid=681A8AFACBA category=SPAM',
       'sender recipient msgid text', 'qid msgid score size next_qid')
amavis('(1-2) Blocked BANNED (.exe,«p») {DiscardedInbound}, [192.0.2.1]:2 [192.0.2.1] <a@b.test> -> '
       '<c@d.test>, Queue-ID: 413BE60672, 2 ms', 'kind=spam_verdict category=BANNED', 'text',
       'ip port sender recipient qid nrcpt seconds')
amavis('(1-2) Passed CLEAN {RelayedInbound}, [192.0.2.1]:2 <a@b.test> -> <c@d.test>, Hits: -, '
       'size: 9, queued_as: «s», 2 ms', 'kind=spam_verdict ip=192.0.2.1 category=CLEAN', 'next_qid text',
       'next_qid')
amavis('(1-2) rw_loop sent 73> «p»', '', 'text truncated')
amavis('(1-2) SA warn: «p»', '', 'text truncated')
amavis('(1-2) _WARN: rules: «p»', '', 'text truncated')
amavis('(1-2) Checking: x [192.0.2.1] <«q»@b.test> -> <«q»@d.test>', '', 'text')
# "..." is how Amavis says that a line goes on.
amavis('(1-2) (!!)TROUBLE in check_mail: «p»', '', 'text truncated')
SPAMD = ('Fri Nov 20 12:09:03 2026 [49] info: ',)


def spamd(message, truth, free, may_lack=''):
    R('spamd', 'spamd', message, truth, free, may_lack, SPAMD)


spamd('spamd: result: Y 11 - GTUBE,RDNS_NONE scantime=0.4,size=387,user=filter,uid=107,'
      'required_score=5.0,rhost=localhost,raddr=127.0.0.1,rport=34704,mid=<«p»>,autolearn=disabled',
      'kind=spam_verdict score=11', 'msgid text', 'msgid')
spamd('spamd: result: .  0 - ALL_TRUSTED scantime=0.1,size=9,mid=(unknown),rmid=<«p»>,shortcircuit=no',
      'kind=spam_verdict', 'msgid text', 'msgid')
spamd('spamd: processing message <«p»> aka <«p»> for filter:107', '', 'text')
spamd('spamd: identified spam (9.3/5.0) for «s»:1209 in 0.8 seconds, 5 bytes.', '', 'text')
R('spampd', 'spampd', 'identified spam <«p»> (18.41/4.00) from <«q»@b.test> for <«q»@d.test> in '
  '3.07s, 11524 bytes.', 'kind=spam_verdict verdict=spam size=11524 seconds=3.07 score=18.41',
  'msgid sender recipient', 'msgid sender recipient score')
R('spampd', 'spampd', 'processing message <«p»> for <«q»@d.test>', '', 'text')
R('pmg', 'pmg-smtp-filter', '2C225C6817C7EEE1481: new mail message-id=<«p»>#012', '', 'text')
R('pmg', 'pmg-smtp-filter', '2C225C6817C7EEE1481: accept mail to <«p»> (B2B2B2B203) (rule: x)', '', 'text')
R('clamav_milter', 'clamav-milter', 'Message from <«q»@b.test> to <«q»@d.test> infected by Eicar',
  'kind=spam_verdict verdict=infected text=Eicar', 'sender recipient', 'sender recipient')
R('clamav_milter', 'clamav-milter', "Message 4F1D2A3B4C from <«q»@b.test> to <c@d.test> with subject "
  "'«p»' message-id '«p»' date '«p»' infected by Eicar",
  'kind=spam_verdict verdict=infected text=Eicar qid=4F1D2A3B4C', 'sender recipient',
  'sender recipient')
RSPAMD = ('2026-11-20 12:00:02 #123(normal) ',)


def rspamd(message, truth, free, may_lack=''):
    R('rspamd', 'rspamd', message, truth, free, may_lack, RSPAMD)


rspamd('<abc123>; task; rspamd_task_write_log: id: <«r»>, qid: <4F1D2A3B4C>, ip: 192.0.2.1, user: «r», '
       'from: <«r»>, (default: T (reject): [20.00/15.00] [SYM(1.00){«r»;},A(0.10){}]), len: 1234, '
       'time: 12.3ms, dns req: 5, digest: <01>, rcpts: <«r»>, mime_rcpts: <«r»>',
       'kind=spam_verdict ip=192.0.2.1 qid=4F1D2A3B4C', 'msgid user sender recipient text nrcpt',
       'msgid user sender recipient')
rspamd('<abc123>; proxy; rspamd_message_parse: loaded message; id: <«r»>; queue-id: <«r»>', '', 'text')
rspamd('<abc123>; task; rspamd_task_write_log: id: <a@b.test>, qid: <4F1D2A3B4C>, ip: 192.0.2.1, '
       'from: <a@b.test>, (default: F (no action): [1.20/15.00] [S(1.00){}]), len: 12, subject: "«p»"',
       'kind=spam_verdict ip=192.0.2.1 qid=4F1D2A3B4C', 'text')


def dkim(message, truth, free, may_lack=''):
    R('opendkim', 'opendkim', message, truth, free, may_lack)


dkim('4F1D2A3B4C: key retrieval failed (s=«p», d=«p»): no key', 'qid=4F1D2A3B4C', 'text name sender', 'name sender')
dkim('4F1D2A3B4C: s=«w» d=«w» SSL error:04091068:rsa routines::bad signature', 'qid=4F1D2A3B4C', 'text name', 'name')
dkim('4F1D2A3B4C: «s» [192.0.2.1] not internal', '', 'text')
R('opendmarc', 'opendmarc', '4F1D2A3B4C: «s» fail', 'qid=4F1D2A3B4C', 'name text sender', 'name')
R('opendmarc', 'opendmarc', '4F1D2A3B4C: SPF(mailfrom): «s» softfail', 'qid=4F1D2A3B4C',
  'name text sender')
R('opendmarc', 'opendmarc', '4F1D2A3B4C ignoring Authentication-Results at 14 from «p»', '', 'text')
R('postgrey', 'postgrey', 'action=greylist, reason=new, client_name=mx.b.test, '
  'client_address=192.0.2.1, sender=«p», recipient=«p»', 'kind=policy action=greylist ip=192.0.2.1',
  'sender recipient', 'sender recipient')
R('sqlgrey', 'sqlgrey', 'grey: new: 192.0.2(192.0.2.1), «p» -> «p»', 'kind=policy action=greylist '
  'ip=192.0.2.1', 'sender recipient', 'sender recipient')
R('sqlgrey', 'sqlgrey', 'grey: reconnect ok: 192.0.2.1(192.0.2.1), «p» -> c@d.test (00:05:12)',
  'kind=policy action=pass ip=192.0.2.1 seconds=312', 'sender recipient', 'sender recipient')
R('sqlgrey', 'sqlgrey', 'grey: from awl match: updating 192.0.2.1(192.0.2.1), «p»(«p»)',
  'kind=policy action=pass ip=192.0.2.1', 'sender recipient seconds', 'sender recipient')
R('milter_greylist', 'milter-greylist', '4F1D2A3B4C: addr mx.b.test[192.0.2.1] from <«q»@b.test> to '
  '<«q»@d.test> delayed for 00:05:00 (ACL 112)', 'kind=policy ip=192.0.2.1 '
  'qid=4F1D2A3B4C name=mx.b.test', 'sender recipient text', 'event action reason sender recipient')
SPF = 'policyd-spf'
R('policyd_spf', SPF, 'prepend Received-SPF: Softfail (mailfrom) identity=mailfrom; '
  'client-ip=192.0.2.1; helo=«s»; envelope-from=«p»; receiver=<UNKNOWN>',
  'kind=auth_result ip=192.0.2.1', 'helo sender text name', 'helo sender name')
R('policyd_spf', SPF, ': prepend Authentication-Results: mx.b.test; spf=pass (sender SPF authorized) '
  'smtp.mailfrom=«p» (client-ip=192.0.2.1; helo=«s»; envelope-from=«p»; receiver=b.test)',
  'kind=auth_result', 'helo sender text name', 'ip helo sender name')
R('policyd_spf', 'pyspf-milter', 'prepend Authentication-Results: mx.b.test; spf=none (no SPF record) '
  'smtp.helo=«p» (client-ip=192.0.2.1; helo=«p»; envelope-from=<>; receiver=<UNKNOWN>)',
  'kind=auth_result action=none', 'helo sender text name', 'ip helo sender name')
R('policyd_spf', SPF, '550 5.7.23 Message rejected due to: SPF fail - not authorized. Please see '
  'http://spf.test/?s=mfrom;id=«p»;ip=192.0.2.1;r=b.test', 'kind=auth_result', 'text')
R('policyd_spf', SPF, 'Policy action=550 «p»', '', 'text')
R('policyd_spf', 'postfix/policy-spf', 'Policy action=PREPEND Received-SPF: pass (b.test: Sender is '
  "authorized to use '«p»' in 'mfrom' identity) receiver=mx.h.test; identity=mailfrom; "
  'envelope-from="«p»"; helo=«s»; client-ip=192.0.2.1', 'kind=auth_result action=pass', 'text')
R('policyd_spf', SPF, 'prepend Received-SPF: Temperror (SPF Temporary Error: DNS Timeout) '
  'identity=mailfrom; client-ip=192.0.2.1; helo=«s»; envelope-from=«p»; receiver=r@d.test',
  'kind=auth_result action=temperror ip=192.0.2.1', 'helo sender text name', 'helo sender name')

# PHP, fail2ban, loggers ---------------------------------------------------------------
BRACKET = ('[01-Jan-2024 12:00:00 UTC] ',)
R('php', 'php', 'mail() on [/var/www/x.php:12]: To: «c» -- Headers: From: «c» -- Subject: «c»',
  'kind=web_mail script=/var/www/x.php script_line=12', 'recipient text nrcpt', 'recipient', BRACKET)
R('php', 'web-of-joe', 'mail() on [/var/www/x.php:12]: To: c@d.test -- Headers: X: «c»',
  'kind=web_mail script=/var/www/x.php script_line=12 recipient=c@d.test', 'text')
R('php', 'wiki', 'sendmail-php url=wiki.test/old.php?«s», client=192.0.2.1, '
  'filename=/var/www/old.php, uid=33, user=www, args=-t -i', 'kind=web_mail', 'text',
  'ip script uid user')
R('php', 'wiki', 'sendmail-php url=wiki.test/old.php, client=192.0.2.1, filename=/var/www/old.php, '
  'uid=33, user=www, args=«p»', 'kind=web_mail ip=192.0.2.1 script=/var/www/old.php uid=33', 'text',
  'ip script uid user')
R('php', 'www-data', 'sendmail-php: site=«s», client=192.0.2.1, script=/«s», filename=/var/www/old.php, '
  'docroot=/var/www, pwd=/var/www, uid=33, user=www', 'kind=web_mail', 'text', 'ip script uid user')
R('php', 'php', 'PHP Warning:  mail(): «p» in /var/www/x.php on line 3', '', 'text', '', BRACKET)
F2B = 'fail2ban.actions'
FAIL2BAN = ('2026-11-20 11:24:03,096 fail2ban.actions        [3300]: ',)
R('fail2ban', F2B, 'NOTICE  [postfix] Ban «p»', 'kind=ban jail=postfix', 'user text name ip', 'event', FAIL2BAN)
R('fail2ban', F2B, 'NOTICE  [postfix] Increase Ban «p» (3 # 2d 7h 15m -> 2026-11-22 12:00:00)',
  'jail=postfix', 'user text name ip', 'seconds count attempts event', FAIL2BAN)
R('fail2ban', F2B, 'INFO    [postfix] Found «p» - 2026-11-20 11:44:06', 'kind=found jail=postfix',
  'user text name ip', 'event', FAIL2BAN)
R('fail2ban', F2B, 'NOTICE  [postfix] Flush ticket(s) with «p»', 'kind=flush jail=postfix', 'text', '',
  FAIL2BAN)
R('loggers', 'rsyslogd', 'imuxsock begins to drop messages from pid 1234 due to rate-limiting«p»', '',
  'text')
R('loggers', 'systemd-journald', 'Suppressed 4711 messages from «p»', '', 'text')
