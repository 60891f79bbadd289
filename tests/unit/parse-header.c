/* SPDX-License-Identifier: Apache-2.0
 *
 * header: every form of header that is known, by itself and after a line of every
 * other form; and what is no header.
 */
#include "base/civil.h"
#include "parse/room.h"
#include "tap.h"

/* Stamps without a year or zone are shown as they are, with 'Y' and 'L' for what lacks. */
static const struct {
	const char *line, *time, *host, *tag, *pid, *message;
} known[] = {
    /* RFC 3164 and its relatives */
    {"Nov  5 09:08:07 mx postfix/smtpd[123]: connect from x", "YL 11-05T09:08:07.000000", "mx",
	"postfix/smtpd", "123", "connect from x"},
    {"Sep 8 07:46:30 canyon dovecot: auth-worker(24544): x", "YL 09-08T07:46:30.000000",
	"canyon", "dovecot", "", "auth-worker(24544): x"},
    {"Nov 05 11:48:18 mx postfix/master[20734]: daemon started", "YL 11-05T11:48:18.000000",
	"mx", "postfix/master", "20734", "daemon started"},
    {"Nov 20 11:58:13.587668 vm postfix/smtpd[1]: x", "YL 11-20T11:58:13.587668", "vm",
	"postfix/smtpd", "1", "x"},
    /* SOGo's, in its own file and behind a host */
    {"Nov 20 11:58:13 sogod [26818]: x", "YL 11-20T11:58:13.000000", "", "sogod", "26818",
	"x"},
    {"Nov 20 11:58:13 web1 sogod [63]: x", "YL 11-20T11:58:13.000000", "web1", "sogod", "63",
	"x"},
    {"Nov 20 11:58:13 sogod [x]: y", "YL 11-20T11:58:13.000000", "sogod", "", "", "[x]: y"},
    {"Nov 20 11:58:13 mx sogod x", "YL 11-20T11:58:13.000000", "mx", "", "", "sogod x"},
    {"Feb 29 23:59:60 mx postfix/smtpd[1]: x", "YL 03-01T00:00:00.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"2013 Jun 10 06:28:17.123 gds39d postfix/qmgr[6273]: x", "L 2013-06-10T06:28:17.123000",
	"gds39d", "postfix/qmgr", "6273", "x"},
    {"May  1 2024 12:34:56 host postfix/smtpd[1]: x", "L 2024-05-01T12:34:56.000000", "host",
	"postfix/smtpd", "1", "x"},
    /* a year or a zone behind the time */
    {"Nov 20 10:00:00 2026 mx postfix/smtpd[1]: x", "L 2026-11-20T10:00:00.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"Nov  5 10:00:00.123 2026 mx dovecot: x", "L 2026-11-05T10:00:00.123000", "mx",
	"dovecot", "", "x"},
    {"Nov 20 10:00:00 UTC mx postfix/smtpd[1]: x", "Y11-20T10:00:00.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"Nov 20 10:00:00 CET mx postfix/smtpd[1]: x", "Y11-20T09:00:00.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"Nov 20 10:00:00 +0200 mx dovecot: x", "Y11-20T08:00:00.000000", "mx", "dovecot",
	"", "x"},
    {"Nov 20 10:00:00 -05:00 mx dovecot: x", "Y11-20T15:00:00.000000", "mx", "dovecot",
	"", "x"},
    {"Nov 20 10:00:00 Z mx dovecot: x", "Y11-20T10:00:00.000000", "mx", "dovecot", "", "x"},
    {"Nov 20 10:00:00+02:00 mx dovecot: x", "Y11-20T08:00:00.000000", "mx", "dovecot",
	"", "x"},
    {"Nov 5 10:00:00Z mx dovecot: x", "Y11-05T10:00:00.000000", "mx", "dovecot", "", "x"},
    {"Nov 20 2026 10:00:00 UTC mx postfix/smtpd[1]: x", "2026-11-20T10:00:00.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"Nov 20 10:00:00 UTC 2026 mx postfix/smtpd[1]: x", "2026-11-20T10:00:00.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"Nov 20 10:00:00 2026 +0100 mx postfix/smtpd[1]: x", "2026-11-20T09:00:00.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"2026 Nov 20 10:00:00 CET mx postfix/smtpd[1]: x", "2026-11-20T09:00:00.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"<22>Nov 20 10:00:00 IST mx postfix/smtpd[1]: x", "YL 11-20T10:00:00.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"Feb 29 10:00:00 2024 mx dovecot: x", "L 2024-02-29T10:00:00.000000", "mx", "dovecot", "",
	"x"},
    {"Nov 20 10:00:00 UTC mx postfix/127.0.0.1:10025/smtpd[5]: x", "Y11-20T10:00:00.000000",
	"mx", "postfix/127.0.0.1:10025/smtpd", "5", "x"},
    {"2024-05-01T12:34:56Z Nov 20 10:00:00 CET 2025 mx dovecot: x",
	"2024-05-01T12:34:56.000000", "mx", "dovecot", "", "x"},
    {"Fri Nov 20 10:00:00 2026 mx postfix/smtpd[1]: x", "L 2026-11-20T10:00:00.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"Fri Nov 20 10:00:00 CET 2026 mx postfix/smtpd[1]: x", "2026-11-20T09:00:00.000000", "mx",
	"postfix/smtpd", "1", "x"},
    /* hosts that could be one */
    {"Nov 20 10:00:00 2026 dovecot: x", "YL 11-20T10:00:00.000000", "2026", "dovecot",
	"", "x"},
    {"Nov 20 10:00:00 UTC postfix/smtpd[1]: x", "YL 11-20T10:00:00.000000", "UTC",
	"postfix/smtpd", "1", "x"},
    {"Nov 20 10:00:00 UTC mx x", "YL 11-20T10:00:00.000000", "UTC", "", "", "mx x"},
    {"Nov 20 10:00:00 mail mx dovecot: x", "YL 11-20T10:00:00.000000", "mail", "", "",
	"mx dovecot: x"},
    {"Feb 29 10:00:00 2023 mx dovecot: x", "YL 02-29T10:00:00.000000", "2023", "", "",
	"mx dovecot: x"},
    /* journalctl's, in other languages */
    {"Okt 05 09:08:07 mx postfix/smtpd[1]: x", "YL 10-05T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"M\xc3\xa4r 05 09:08:07 mx postfix/smtpd[1]: x", "YL 03-05T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"f\xc3\xa9vr. 05 09:08:07 mx postfix/smtpd[1]: x", "YL 02-05T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"d\xc3\xa9" "c. 05 09:08:07 mx postfix/smtpd[1]: x", "YL 12-05T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"9\xe6\x9c\x88 17 09:08:07 mx postfix/smtpd[1]: x", "YL 09-17T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"12\xec\x9b\x94 05 09:08:07 mx postfix/smtpd[1]: x", "YL 12-05T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"mar 05 09:08:07 mx postfix/smtpd[1]: x", "YL 03-05T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"dic 15 09:08:07 mx postfix/smtpd[1]: x", "YL 12-15T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"\xd0\xbe\xd0\xba\xd1\x82 05 09:08:07 mx postfix/smtpd[1]: x", "YL 10-05T09:08:07.000000",
	"mx", "postfix/smtpd", "1", "x"},
    /* what grep puts before the lines of several files */
    {"mail.log.1:Nov  5 09:08:07 mx postfix/smtpd[1]: x", "YL 11-05T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"/var/log/mail.log:12:2026-11-05T09:08:07+00:00 mx postfix/smtpd[1]: x",
	"2026-11-05T09:08:07.000000", "mx", "postfix/smtpd", "1", "x"},
    /* a template without the space of RFC 3164 */
    {"Nov  5 09:08:07 mx postfix/smtpd[1]:connect from x: y", "YL 11-05T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "connect from x: y"},
    {"Nov  5 09:08:07 mx dovecot[1]:x", "YL 11-05T09:08:07.000000", "mx", "dovecot", "1", "x"},
    /* RFC 3339 */
    {"2026-11-20T11:58:13.587668+00:00 vm postfix/smtpd[123]: connect from x",
	"2026-11-20T11:58:13.587668", "vm", "postfix/smtpd", "123", "connect from x"},
    {"2026-11-05T09:08:07+05:30 mx9 postfix/smtpd[1]: x", "2026-11-05T03:38:07.000000", "mx9",
	"postfix/smtpd", "1", "x"},
    {"2024-05-01T12:34:56Z mx9 postfix/smtpd[1]: x", "2024-05-01T12:34:56.000000", "mx9",
	"postfix/smtpd", "1", "x"},
    {"2022-04-14T00:36:03.150Z mailhub postfix/smtps/smtpd[30543]: x",
	"2022-04-14T00:36:03.150000", "mailhub", "postfix/smtps/smtpd", "30543", "x"},
    {"2026-11-20T11:58:13.587668123-0330 vm postfix/smtpd[1]: x", "2026-11-20T15:28:13.587668",
	"vm", "postfix/smtpd", "1", "x"},
    {"2026-11-20T11:58:13.5-03:30 vm postfix/smtpd[1]: x", "2026-11-20T15:28:13.500000", "vm",
	"postfix/smtpd", "1", "x"},
    {"2026-11-20T11:58:13 vm postfix/smtpd[1]: x", "L 2026-11-20T11:58:13.000000", "vm",
	"postfix/smtpd", "1", "x"},
    {"2024-05-01 12:34:56.789012+0200  localhost smtpd[123]: x", "2024-05-01T10:34:56.789012",
	"localhost", "smtpd", "123", "x"},
    /* RFC 5424 */
    {"<22>1 2024-05-01T12:34:56.789012+02:00 mx9 postfix/smtpd 5 - - connect from x",
	"2024-05-01T10:34:56.789012", "mx9", "postfix/smtpd", "5", "connect from x"},
    {"<22>1 2024-05-01T12:34:56Z mx9 postfix/smtpd 5 ID47 [ex@32473 k=\"v ]\\\" x\"][b] "
	"\xef\xbb\xbf" "connect from x", "2024-05-01T12:34:56.000000", "mx9", "postfix/smtpd",
	"5", "connect from x"},
    {"<22>1 2026-11-20T11:58:13.587668+00:00 vm postfix 123 - -  connect from x",
	"2026-11-20T11:58:13.587668", "vm", "postfix", "123", "connect from x"},
    {"<22>1 2024-05-01T12:34:56Z - - - - -", "2024-05-01T12:34:56.000000", "", "", "", ""},
    {"<22>1 - vm postfix/smtpd 5 - - x", "none", "vm", "postfix/smtpd", "5", "x"},
    /* the same, in the header of whoever received it and did not know it */
    {"Nov  5 09:08:07 mx.a.test 1 2024-05-01T12:34:56+02:00 mx9 postfix/smtpd 5 - - x",
	"2024-05-01T10:34:56.000000", "mx9", "postfix/smtpd", "5", "x"},
    {"2024-05-01T12:34:57Z mx 1 - mx9 dovecot - - - imap-login: x",
	"2024-05-01T12:34:57.000000", "mx9", "dovecot", "", "imap-login: x"},
    {"Nov  5 09:08:07 mx 1 2024-05-01T12:34:56Z mx9 - 5 - - x", "YL 11-05T09:08:07.000000",
	"mx", "", "", "1 2024-05-01T12:34:56Z mx9 - 5 - - x"},
    {"2024-05-01T12:34:56.789012+02:00 mx9 postfix/smtpd[5] connect from x",
	"2024-05-01T10:34:56.789012", "mx9", "postfix/smtpd", "5", "connect from x"},
    {"2026-11-20T11:58:13.885685+00:00 connect bare text no header",
	"2026-11-20T11:58:13.885685", "connect", "", "", "bare text no header"},
    /* priorities */
    {"<22>May  1 12:34:56 mx postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"<22>2026-11-20T11:58:13.587668+00:00 vm postfix/smtpd[123]: x",
	"2026-11-20T11:58:13.587668", "vm", "postfix/smtpd", "123", "x"},
    /* journalctl */
    {"2026-11-20T11:58:13+0000 vm postfix/smtpd[123]: x", "2026-11-20T11:58:13.000000", "vm",
	"postfix/smtpd", "123", "x"},
    {"2026-11-20T11:58:13.587668+0000 vm postfix/smtpd[123]: x", "2026-11-20T11:58:13.587668",
	"vm", "postfix/smtpd", "123", "x"},
    {"Fri 2026-11-20 11:58:13 UTC vm postfix/smtpd[1]: x", "2026-11-20T11:58:13.000000", "vm",
	"postfix/smtpd", "1", "x"},
    {"Fri 2026-11-20 11:58:13 EST vm postfix/smtpd[1]: x", "2026-11-20T16:58:13.000000", "vm",
	"postfix/smtpd", "1", "x"},
    {"Fri 2026-11-20 11:58:13 BST vm postfix/smtpd[1]: x", "2026-11-20T10:58:13.000000", "vm",
	"postfix/smtpd", "1", "x"},
    {"Fri 2026-11-20 11:58:13 ACDT vm postfix/smtpd[1]: x", "2026-11-20T01:28:13.000000", "vm",
	"postfix/smtpd", "1", "x"},
    {"Fri 2026-11-20 11:58:13 NST vm postfix/smtpd[1]: x", "2026-11-20T15:28:13.000000", "vm",
	"postfix/smtpd", "1", "x"},
    {"Fri 2026-11-20 11:58:13 IST vm postfix/smtpd[1]: x",
	"L 2026-11-20T11:58:13.000000", "vm", "postfix/smtpd", "1", "x"},
    {"Fri 2026-11-20 11:58:13 +0545 vm postfix/smtpd[1]: x", "2026-11-20T06:13:13.000000",
	"vm", "postfix/smtpd", "1", "x"},
    {"Fri 2026-11-20 11:58:13 -03 vm postfix/smtpd[1]: x", "2026-11-20T14:58:13.000000", "vm",
	"postfix/smtpd", "1", "x"},
    {"Fri 2026-11-20 11:58:13.587668 CEST vm postfix/smtpd[1]: x",
	"2026-11-20T09:58:13.587668", "vm", "postfix/smtpd", "1", "x"},
    {"Fri 2026-11-20 11:58:13 +03 vm postfix/smtpd[1]: x", "2026-11-20T08:58:13.000000", "vm",
	"postfix/smtpd", "1", "x"},
    {"Fri 2026-11-20 11:58:13 IST vm postfix/smtpd[1]: x", "L 2026-11-20T11:58:13.000000",
	"vm", "postfix/smtpd", "1", "x"},
    {"@400000004c91b044077a9e94 imap-login: Info: x", "2010-09-16T05:50:50.125476", "",
	"imap-login", "", "Info: x"},
    {"1795175893.587668 vm postfix/smtpd[123]: x", "2026-11-20T11:58:13.587668", "vm",
	"postfix/smtpd", "123", "x"},
    {"Nov 20 11:58:13 postfix/smtpd[123]: no host", "YL 11-20T11:58:13.000000", "",
	"postfix/smtpd", "123", "no host"},
    /* containers */
    {"2024-05-01T12:34:56.789012345Z May 01 14:34:55 mail postfix/smtpd[12]: x",
	"2024-05-01T12:34:56.789012", "mail", "postfix/smtpd", "12", "x"},
    {"2024-05-01T12:34:56.789012345Z stdout F May  1 14:34:55 mail postfix/smtpd[12]: x",
	"2024-05-01T12:34:56.789012", "mail", "postfix/smtpd", "12", "x"},
    {"2024-05-01T12:34:56.789012345Z stderr P 2024-05-01T14:34:55+02:00 mail postfix[1]: x",
	"2024-05-01T12:34:55.000000", "mail", "postfix", "1", "x"},
    {"2024-05-01T12:34:56.7Z stdout F 2024-05-01 14:34:55 imap-login: Info: x",
	"2024-05-01T12:34:56.700000", "", "imap-login", "", "Info: x"},
    {"2024-05-01T12:34:56.7Z stdout F postfix/smtpd[1]: x", "2024-05-01T12:34:56.700000", "",
	"postfix/smtpd", "1", "x"},
    /* kubectl logs --prefix */
    {"[pod/mail-7d66f-rmf54/postfix] May 01 12:34:56 mail postfix/smtpd[12]: x",
	"YL 05-01T12:34:56.000000", "mail", "postfix/smtpd", "12", "x"},
    {"mailserver-1  | May 01 12:34:56 mail postfix/smtpd[12]: x", "YL 05-01T12:34:56.000000",
	"mail", "postfix/smtpd", "12", "x"},
    {"\033[36mmail-1  | \033[0mMay 01 12:34:56 mail postfix/smtpd[12]: x",
	"YL 05-01T12:34:56.000000", "mail", "postfix/smtpd", "12", "x"},
    {"\033[36mmail       |\033[0m May 01 12:34:56 mail postfix/smtpd[12]: x",
	"YL 05-01T12:34:56.000000", "mail", "postfix/smtpd", "12", "x"},
    {"\033[33;1mmail |\033[0m 2024-05-01T12:34:56.7Z mail postfix/smtpd[12]: x",
	"2024-05-01T12:34:56.700000", "mail", "postfix/smtpd", "12", "x"},
    {"mail | 2024-05-01T12:34:56.7Z May 01 12:34:56 mail postfix/smtpd[12]: x",
	"2024-05-01T12:34:56.700000", "mail", "postfix/smtpd", "12", "x"},
    /* other systems */
    {"May  1 12:34:56 <mail.info> host postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000",
	"host", "postfix/smtpd", "1", "x"},
    {"May  1 12:34:56 <2.6> host postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000", "host",
	"postfix/smtpd", "1", "x"},
    {"May  1 12:34:56 host postfix/smtpd[1]: [ID 197553 mail.info] connect from x",
	"YL 05-01T12:34:56.000000", "host", "postfix/smtpd", "1", "connect from x"},
    {"May  1 12:34:56 host mail:info postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000", "host",
	"postfix/smtpd", "1", "x"},
    {"May  1 12:34:56 host mail.info postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000", "host",
	"postfix/smtpd", "1", "x"},
    {"May  1 12:34:56 mail.warn host postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000", "host",
	"postfix/smtpd", "1", "x"},
    {"2024-05-01T12:34:56Z host <info> postfix/smtpd[1]: x", "2024-05-01T12:34:56.000000",
	"host", "postfix/smtpd", "1", "x"},
    {"May  1 12:34:56 host mail.text postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000", "host",
	"", "", "mail.text postfix/smtpd[1]: x"},
    {"Wed May  1 12:34:56 2024 mail.info postfix/smtpd[1]: x", "L 2024-05-01T12:34:56.000000",
	"", "postfix/smtpd", "1", "x"},
    {"May  1 12:34:56 src@host postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000", "src@host",
	"postfix/smtpd", "1", "x"},
    {"May  1 12:34:56 host/192.0.2.9 postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000",
	"host/192.0.2.9", "postfix/smtpd", "1", "x"},
    {"May  1 12:34:56 [2001:db8::9] postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000",
	"2001:db8::9", "postfix/smtpd", "1", "x"},
    {"May  1 12:34:56 (none) postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000", "(none)",
	"postfix/smtpd", "1", "x"},
    {"May  1 12:34:56 a@b c postfix/smtpd[1]: x", "YL 05-01T12:34:56.000000", "", "", "",
	"a@b c postfix/smtpd[1]: x"},
    {"1795175893 imap-login: Info: x", "2026-11-20T11:58:13.000000", "", "imap-login", "",
	"Info: x"},
    {"1795175893 imap(joe)<1><a>: Info: x", "2026-11-20T11:58:13.000000", "", "imap", "",
	"imap(joe)<1><a>: Info: x"},
    /* tags */
    {"Nov  5 09:08:07 mx postfix/127.0.0.1:10025/smtpd[5]: x", "YL 11-05T09:08:07.000000",
	"mx", "postfix/127.0.0.1:10025/smtpd", "5", "x"},
    {"Nov  5 09:08:07 mx postfix/[::1]:10025/smtpd[5]: x", "YL 11-05T09:08:07.000000", "mx",
	"postfix/[::1]:10025/smtpd", "5", "x"},
    {"Nov  5 09:08:07 mx a/:\x80[5]: x", "YL 11-05T09:08:07.000000", "mx", "", "",
	"a/:\x80[5]: x"},
    {"Nov  5 09:08:07 mx postfix/127.0.0.1:10025/smtpd: x", "YL 11-05T09:08:07.000000", "mx",
	"", "", "postfix/127.0.0.1:10025/smtpd: x"},
    {"Nov  5 09:08:07 mx postfix-170.55.103.23/smtpd[5965]: x", "YL 11-05T09:08:07.000000",
	"mx", "postfix-170.55.103.23/smtpd", "5965", "x"},
    {"Nov  5 09:08:07 mx postfix[3281]: fatal: x", "YL 11-05T09:08:07.000000", "mx", "postfix",
	"3281", "fatal: x"},
    {"Nov  5 09:08:07 mx rsyslogd-2177: imuxsock begins to drop", "YL 11-05T09:08:07.000000",
	"mx", "rsyslogd-2177", "", "imuxsock begins to drop"},
    {"Nov  5 09:08:07 h-353d61658b320 lalala: x", "YL 11-05T09:08:07.000000",
	"h-353d61658b320", "lalala", "", "x"},
    {"Nov 20 12:09:54 mx1.corp.test /usr/sbin/amavisd[281]: x", "YL 11-20T12:09:54.000000",
	"mx1.corp.test", "/usr/sbin/amavisd", "281", "x"},
    {"Nov  5 09:08:07 2001:db8::7 postfix/smtpd[1]: x", "YL 11-05T09:08:07.000000",
	"2001:db8::7", "postfix/smtpd", "1", "x"},
    {"Nov  5 09:08:07 mx postfix/submission/a-very-long-service-name/smtpd[123456789]: x",
	"YL 11-05T09:08:07.000000", "mx", "postfix/submission/a-very-long-service-name/smtpd",
	"123456789", "x"},
    {"Dec 11 09:29:32 localhost last message repeated 2 times", "YL 12-11T09:29:32.000000",
	"localhost", "", "", "last message repeated 2 times"},
    {"Nov  5 09:08:07 mx postfix/smtpd[1]:", "YL 11-05T09:08:07.000000", "mx",
	"postfix/smtpd", "1", ""},
    {"Nov  5 09:08:07 mx postfix/smtpd[1]: x\r", "YL 11-05T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "x"},
    {"Nov  5 09:08:07 mx kernel: [12.34] x", "YL 11-05T09:08:07.000000", "mx", "kernel", "",
	"[12.34] x"},
    {"Nov  5 09:08:07 mx evil[192.0.2.1]: x", "YL 11-05T09:08:07.000000", "mx", "", "",
	"evil[192.0.2.1]: x"},
    {"Nov  5 09:08:07 mx evil\x80[1]: x", "YL 11-05T09:08:07.000000", "mx", "", "",
	"evil\x80[1]: x"},
    {"Nov  5 09:08:07 mx word:word", "YL 11-05T09:08:07.000000", "mx", "", "", "word:word"},
    {"Nov  5 09:08:07", "YL 11-05T09:08:07.000000", "", "", "", ""},
    {"Nov  5 09:08:07 mx", "YL 11-05T09:08:07.000000", "mx", "", "", ""},
    {"Nov  5 09:08:07 mx postfix/smtpd[12", "YL 11-05T09:08:07.000000", "mx", "", "",
	"postfix/smtpd[12"},
    /* files of programs' own */
    {"2020-02-22 00:48:43 H=([192.0.2.163]) [192.0.2.168] F=<a@b.test> rejected RCPT",
	"L 2020-02-22T00:48:43.000000", "", "", "",
	"H=([192.0.2.163]) [192.0.2.168] F=<a@b.test> rejected RCPT"},
    {"2024-05-01 12:34:56 1kUrJs-0003Yw-3t DKIM: d=a.test", "L 2024-05-01T12:34:56.000000", "",
	"", "", "1kUrJs-0003Yw-3t DKIM: d=a.test"},
    {"2017-07-30 18:51:05.712 H=[192.0.2.1] x", "L 2017-07-30T18:51:05.712000", "", "", "",
	"H=[192.0.2.1] x"},
    {"2024-05-01 12:34:56 +0200 1s2abc-0003Yw-3t <= a@b.test", "2024-05-01T10:34:56.000000",
	"", "", "", "1s2abc-0003Yw-3t <= a@b.test"},
    {"2024-05-01 12:34:56 [1234] 1s2abc-0003Yw-3t x", "L 2024-05-01T12:34:56.000000", "", "",
	"1234", "1s2abc-0003Yw-3t x"},
    {"2024-05-01 12:34:56 mx postfix/smtpd[7]: x", "L 2024-05-01T12:34:56.000000", "mx",
	"postfix/smtpd", "7", "x"},
    {"May  1 12:34:56 h exim[1234]: 2024-05-01 12:34:56 1s2abc-0003Yw-3t <= a@b.test",
	"YL 05-01T12:34:56.000000", "h", "exim", "1234",
	"2024-05-01 12:34:56 1s2abc-0003Yw-3t <= a@b.test"},
    {"2019-10-15 08:08:52 imap-login: Info: Disconnected", "L 2019-10-15T08:08:52.000000", "",
	"imap-login", "", "Info: Disconnected"},
    {"2019-10-15 08:08:52 imap(a@b.test)<1><x>: Info: Logged out",
	"L 2019-10-15T08:08:52.000000", "", "imap", "",
	"imap(a@b.test)<1><x>: Info: Logged out"},
    {"Jan 29 05:32:50 imap(a@b.test)<1><x/y>: Info: Logged out", "YL 01-29T05:32:50.000000",
	"", "imap", "", "imap(a@b.test)<1><x/y>: Info: Logged out"},
    {"Jan 29 05:32:50 imap-login: Info: Login", "YL 01-29T05:32:50.000000", "",
	"imap-login", "", "Info: Login"},
    {"dovecot: Jun 23 15:04:05 Info: imap-login: Login", "YL 06-23T15:04:05.000000", "",
	"dovecot", "", "Info: imap-login: Login"},
    {"Jun 23 15:04:05 Info: imap-login: Login: x", "YL 06-23T15:04:05.000000", "", "Info", "",
	"imap-login: Login: x"},
    {"Fri Nov 20 12:09:52 2026 [49] info: spamd: server started",
	"L 2026-11-20T12:09:52.000000", "", "", "49", "info: spamd: server started"},
    {"Fri Nov 20 12:09:52 2026 info: spamd: server started", "L 2026-11-20T12:09:52.000000",
	"", "", "", "info: spamd: server started"},
    {"2024-05-01 12:34:56 #1234(rspamd_proxy) <abc>; task; f: x",
	"L 2024-05-01T12:34:56.000000", "", "", "1234", "<abc>; task; f: x"},
    {"2024-05-01 12:34:56 #1234 <abc>; task; f: x", "L 2024-05-01T12:34:56.000000", "", "", "",
	"#1234 <abc>; task; f: x"},
    {"2009-07-27 11:24:16,761 fail2ban.actions: WARNING [postfix] Ban 192.0.2.39",
	"L 2009-07-27T11:24:16.761000", "", "fail2ban.actions", "",
	"WARNING [postfix] Ban 192.0.2.39"},
    {"2009-07-27 11:24:16,761 fail2ban.filter : INFO   Log rotation detected for x",
	"L 2009-07-27T11:24:16.761000", "", "fail2ban.filter", "",
	"INFO   Log rotation detected for x"},
    {"2014-07-27 11:24:16,761 fail2ban.server.actions[123]: NOTICE  [postfix] Ban 192.0.2.39",
	"L 2014-07-27T11:24:16.761000", "", "fail2ban.server.actions", "123",
	"NOTICE  [postfix] Ban 192.0.2.39"},
    {"2026-11-20 11:44:06,096 fail2ban.actions        [3300]: NOTICE  [postfix] Ban x",
	"L 2026-11-20T11:44:06.096000", "", "fail2ban.actions", "3300",
	"NOTICE  [postfix] Ban x"},
    {"Apr 10 13:08:13 mail fail2ban.filter : INFO   x", "YL 04-10T13:08:13.000000", "mail",
	"fail2ban.filter", "", "INFO   x"},
    {"Apr 10 13:08:13 mail fail2ban.actions[522]: NOTICE [postfix] Ban x",
	"YL 04-10T13:08:13.000000", "mail", "fail2ban.actions", "522", "NOTICE [postfix]"
	    " Ban x"},
    {"2026-11-20 11:44:06,096 fail2ban.actions        [x]: NOTICE  [postfix] Ban x",
	"L 2026-11-20T11:44:06.096000", "", "", "",
	"fail2ban.actions        [x]: NOTICE  [postfix] Ban x"},
    {"[01-Jan-2024 12:00:00 UTC] mail() on [/var/www/x.php:12]: x",
	"2024-01-01T12:00:00.000000", "", "", "", "mail() on [/var/www/x.php:12]: x"},
    {"mail() on [/var/www/x.php:12]: x", "none", "", "", "",
	"mail() on [/var/www/x.php:12]: x"},
    {"2024-05-01 12:34:56 Warning: No server certificate", "L 2024-05-01T12:34:56.000000", "",
	"", "", "Warning: No server certificate"},
    {"[01-Jan-2024 12:00:00 America/Boise] x", "L 2024-01-01T12:00:00.000000", "", "", "",
	"x"},
    {"[01-Jan-2024 12:00:00 -0700]: <k2l> x", "2024-01-01T19:00:00.000000", "", "", "",
	"<k2l> x"},
    {"\xef\xbb\xbfNov  5 09:08:07 mx postfix/smtpd[1]: x", "YL 11-05T09:08:07.000000", "mx",
	"postfix/smtpd", "1", "x"},
    /* A relay's header before the original one: when it came counts, unless that says more. */
    {"Nov 20 12:00:01 relay Nov 20 12:00:00 mx1 postfix/smtpd[1]: x",
	"YL 11-20T12:00:01.000000", "mx1", "postfix/smtpd", "1", "x"},
    {"2026-11-20T12:00:01Z relay Nov  5 12:00:00 mx1 dovecot: x", "2026-11-20T12:00:01.000000",
	"mx1", "dovecot", "", "x"},
    {"Nov 20 12:00:01 relay 2026-11-20T12:00:00.5+01:00 mx1 postfix/smtpd[1]: x",
	"2026-11-20T11:00:00.500000", "mx1", "postfix/smtpd", "1", "x"},
    {"Nov 20 12:00:01 relay <22>Nov 20 12:00:00 mx1 postfix/smtpd[1]: x",
	"YL 11-20T12:00:01.000000", "mx1", "postfix/smtpd", "1", "x"},
    {"<22>Nov 20 12:00:01 relay Nov 20 12:00:00 mx1 postfix/smtpd[1]: [ID 1 mail.info] x",
	"YL 11-20T12:00:01.000000", "mx1", "postfix/smtpd", "1", "x"},
    {"Nov 20 12:00:01 relay <22>1 2026-11-20T12:00:00Z mx1 postfix/smtpd 1 - - x",
	"2026-11-20T12:00:00.000000", "mx1", "postfix/smtpd", "1", "x"},
    {"Nov 20 12:00:01 relay Nov 20 12:00:00 mx1 postfix/10.0.0.1:25/smtpd[1]: x",
	"YL 11-20T12:00:01.000000", "mx1", "postfix/10.0.0.1:25/smtpd", "1", "x"},
    /* ... and only there, whole, and once */
    {"Nov 20 12:00:01 relay a[1]: Nov 20 12:00:00 mx1 postfix/smtpd[1]: x",
	"YL 11-20T12:00:01.000000", "relay", "a", "1",
	"Nov 20 12:00:00 mx1 postfix/smtpd[1]: x"},
    {"Nov 20 12:00:01 relay a Nov 20 12:00:00 mx1 postfix/smtpd[1]: x",
	"YL 11-20T12:00:01.000000", "relay", "", "",
	"a Nov 20 12:00:00 mx1 postfix/smtpd[1]: x"},
    {"Nov 20 12:00:01 relay Nov 20 12:00:00 mx1 connect from x", "YL 11-20T12:00:01.000000",
	"relay", "", "", "Nov 20 12:00:00 mx1 connect from x"},
    {"Nov 20 12:00:01 relay Nov 20 12:00:00 postfix/smtpd[1]: x", "YL 11-20T12:00:01.000000",
	"relay", "", "", "Nov 20 12:00:00 postfix/smtpd[1]: x"},
    {"Nov 20 12:00:01 a Nov 20 12:00:00 b Nov 20 12:00:00 mx1 postfix/smtpd[1]: x",
	"YL 11-20T12:00:01.000000", "a", "", "",
	"Nov 20 12:00:00 b Nov 20 12:00:00 mx1 postfix/smtpd[1]: x"},
    {"Nov 20 12:00:01 relay Nov 20 12:00:00 mx1 a[1]: Nov 20 12:00:00 mx2 b[2]: x",
	"YL 11-20T12:00:01.000000", "mx1", "a", "1", "Nov 20 12:00:00 mx2 b[2]: x"},
    {"Nov 20 12:00:01 relay [01-Jan-2024 12:00:00 UTC] mx1 postfix/smtpd[1]: x",
	"YL 11-20T12:00:01.000000", "relay", "", "",
	"[01-Jan-2024 12:00:00 UTC] mx1 postfix/smtpd[1]: x"},
    {"<22>1 2026-11-20T12:00:00Z mx - - - - Nov 20 12:00:00 mx1 postfix/smtpd[1]: x",
	"2026-11-20T12:00:00.000000", "mx", "", "", "Nov 20 12:00:00 mx1 postfix/smtpd[1]: x"},
    /* RFC 5424 whose priority was not written */
    {"1 2026-11-20T12:00:00Z mx1 postfix/smtpd 77 - - connect from x",
	"2026-11-20T12:00:00.000000", "mx1", "postfix/smtpd", "77", "connect from x"},
    {"1 2026-11-20T12:00:00.5+01:00 mx1 dovecot - ID1 [a b=\"]\"] x",
	"2026-11-20T11:00:00.500000", "mx1", "dovecot", "", "x"},
    /* macOS */
    {"Nov 20 12:00:00 mx1 postfix/smtpd[1] <Notice>: x", "YL 11-20T12:00:00.000000", "mx1",
	"postfix/smtpd", "1", "x"},
    {"2026-11-20T12:00:00Z mx1 postfix/smtpd[1] <Info>: <Info>: x",
	"2026-11-20T12:00:00.000000", "mx1", "postfix/smtpd", "1", "<Info>: x"},
    {"Nov 20 12:00:00 mx1 postfix/smtpd[1]: <Notice>: x", "YL 11-20T12:00:00.000000", "mx1",
	"postfix/smtpd", "1", "<Notice>: x"},
    {"Nov 20 12:00:00 mx1 postfix/smtpd[1] <Nonsense>: x", "YL 11-20T12:00:00.000000", "mx1",
	"postfix/smtpd", "1", "<Nonsense>: x"},
    {"Nov 20 12:00:00 mx1 postfix/smtpd[1] <Notice>:x", "YL 11-20T12:00:00.000000", "mx1",
	"postfix/smtpd", "1", "<Notice>:x"},
};

static const char *const headless[] = {
    "[pod/a b] May 01 12:34:56 mail postfix/smtpd[12]: x",
    "13\xe6\x9c\x88 05 09:08:07 mx postfix/smtpd[1]: x",
    /* Folded headers stand behind a space: anybody could write such. */
    " 9\xe6\x9c\x88 17 09:08:07 mx postfix/smtpd[1]: x",
    "1 - mx1 postfix/smtpd 77 - - x", "1 2026-11-20T12:00:00Z mx1 - 77 - - x",
    "1 2026-11-20T12:00:00Z mx1 postfix/smtpd 77 - x",
    "2 2026-11-20T12:00:00Z mx1 a 77 - - x",
    " 1 2026-11-20T12:00:00Z mx1 postfix/smtpd 77 - - x",
    "1 2026-11-20 12:00:00 mx1 postfix/smtpd 77 - - x",
    "", "x", "connect from unknown[192.0.2.1]", "-- Boot 0123456789abcdef --",
    "Nov  5 24:00:00 mx postfix/smtpd[1]: x", "Nov 31 09:08:07 mx postfix/smtpd[1]: x",
    "Feb 30 09:08:07 mx a: x", "2023-02-29T00:00:00Z mx a: x",
    "2026-11-05T09:08:07Zmx a: x", "2026-11-05T09:08:07+24:00 mx a: x",
    "2026-11-05T09:08:07.1234567890Z mx a: x", "Nov  5 09:08:07: mx a: x",
    "Nov  5 09:08:07. mx a: x", "Nov  0 09:08:07 mx a: x",
    "Nov  5 09:08 mx postfix/smtpd[1]: x", "noc  5 09:08:07 mx a: x",
    "<192>Nov  5 09:08:07 mx a: x",
    "<22>1 2024-05-01T12:34:56Z mx9 postfix/smtpd 5 - [a b=\"c",
    "<22>1 2024-05-01 12:34:56 m a 5 - - x",
    "<22>1 2024-05-01T12:34:56Z mx9 postfix/smtpd 5", "[01-Jan-2024 12:00:00 UTC",
    "[01-Foo-2024 12:00:00 UTC] x", "99999999999999999999.000000 vm a: x",
    "1795175893. vm a: x", "123456789 imap-login: Info: x", "1795175893x imap-login: Info: x",
    "@400000004c91b04407 imap-login: x",
    "@400000004c91b044077a9e9g imap-login: x",
    "@300000004c91b044077a9e94 imap-login: x",
    "@400000004c91b0443b9aca00 imap-login: x",
};

/* The stamp as the table shows it. */
static const char *
shown(const struct stamp *stamp, char out[RFC3339_MAX + 4])
{
	char text[RFC3339_MAX];

	if (!stamp->known)
		return "none";
	civil_rfc3339(stamp->local - stamp->offset * USEC_PER_SEC, text);
	text[26] = '\0';
	snprintf(out, RFC3339_MAX + 4, "%s%s%s%s", stamp->has_year ? "" : "Y",
	    stamp->has_zone ? "" : "L", stamp->has_zone ? "" : " ",
	    stamp->has_year ? text : text + 5);
	return out;
}

/* LINE with the readable bytes behind it that the shortcut needs. */
static struct str
padded(const char *line, char room[512])
{
	int n = snprintf(room, 496, "%s", line);

	memset(room + n, 'x', 16);
	return (struct str){room, (size_t)n};
}

static bool
same(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || a.p == b.p);
}

static bool
same_header(const struct header *a, const struct header *b)
{
	return a->form == b->form && same(a->host, b->host) &&
	    same(a->tag, b->tag) && same(a->pid, b->pid) && same(a->message, b->message) &&
	    a->stamp.local == b->stamp.local && a->stamp.offset == b->stamp.offset &&
	    a->stamp.known == b->stamp.known && a->stamp.has_year == b->stamp.has_year &&
	    a->stamp.has_zone == b->stamp.has_zone;
}

static void
is_str(struct str got, const char *want, const char *what)
{
	is_text(got.len ? got.p : "", got.len, want, what);
}

static void
forms(void)
{
	char room[512], time[RFC3339_MAX + 4];
	struct header header;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		ok(header_read(padded(known[i].line, room), &header), "%s", known[i].line);
		is_str(str_of(shown(&header.stamp, time)), known[i].time, "  its time");
		is_str(header.host, known[i].host, "  its host");
		is_str(header.tag, known[i].tag, "  its tag");
		is_str(header.pid, known[i].pid, "  its pid");
		is_str(header.message, known[i].message, "  its message");
	}
	for (size_t i = 0; i < sizeof(headless) / sizeof(headless[0]); i++) {
		ok(!header_read(padded(headless[i], room), &header), "no header: %s",
		    headless[i]);
		ok(!header.stamp.known && header.host.len == 0 && header.tag.len == 0,
		    "  and nothing of one");
		is_str(header.message, headless[i], "  the line is all text");
	}
}

/* Every prefix of every line, after every line: the shortcut never changes the result. */
static void
shortcut(void)
{
	char room[512], before[512];
	size_t lines = sizeof(known) / sizeof(known[0]), differ = 0, tried = 0;

	for (size_t i = 0; i < lines; i++) {
		struct header_memo memo = {.form = STAMP_NONE};
		struct header first, plain, quick;
		struct str line;

		header_read_memo(&memo, padded(known[i].line, before), &first);
		for (size_t k = 0; k < lines; k++) {
			line = padded(known[k].line, room);
			for (size_t len = 0; len <= line.len; len++, tried++) {
				struct header_memo copy = memo;
				bool a = header_read(str_head(line, len), &plain);
				bool b = header_read_memo(&copy, str_head(line, len), &quick);

				differ += a != b || !same_header(&plain, &quick);
			}
		}
	}
	is_number((int64_t)differ, 0, "the shortcut reads as the long way does");
	ok(tried > 100000, "in %zu cases", tried);
}

/* Lines that differ from the one before in just what the shortcut looks at. */
static void
neighbours(void)
{
	static const char *const lines[] = {
	    "Nov  5 09:08:07 mx postfix/submission/smtpd[1]: x",
	    "Nov  5 09:08:08 mx postfix/submission/smtpd[1]: x",
	    "Nov  5 09:08:60 mx postfix/submission/smtpd[1]: x",
	    "Nov  5 09:08:61 mx postfix/submission/smtpd[1]: x",
	    "Nov  5 23:59:59 mx postfix/submission/smtpd[1]: x",
	    "Nov  6 00:00:00 mx postfix/submission/smtpd[1]: x",
	    "Nov  6 00:00:00 my postfix/submission/smtpd[1]: x",
	    "Nov  6 00:00:00 my2 postfix/submission/smtpd[1]: x",
	    "Nov  6 00:00:00 my2 mail:info postfix/submission/smtpd[1]: x",
	    "Nov  6 00:00:00 my2 postfix/submission/smtpd[1]: [ID 1 mail.info] x",
	    "Nov  6 00:00:00 my2  postfix/submission/smtpd[1]: x",
	    "Nov  6 00:00:00 my2 postfix/submission/smtpd[1]",
	    "Nov  6 00:00:00 my2 dovecot: imap-login: Aborted login",
	    "Nov  6 00:00:00 my2 dovecot: [1]: imap-login: Aborted login",
	    "Nov  6 00:00:00 my2 dovecot:  imap-login: Aborted login",
	    "Nov  6 00:00:00 my2 dovecot:imap-login: Aborted login",
	    "Nov  6 00:00:00 my2 dovecot[1]: imap-login: Aborted login",
	    "Nov  6 00:00:00 my2 dovecot-and-something-else: a",
	    "Nov  6 00:00:00 my2 dovecot-and-something-else-m:",
	    "Nov  6 00:00:00 my2 postfix/submission/smtpd[1]: x\r",
	    "Nov  6 00:00:00 my2 postfix/submission/smtpd[1]: x\r\r", "x\r\r", "\r\r",
	    "2026-11-20T11:58:13.587668+00:00 vm a[1]: connect from a[192.0.2.1]",
	    "2026-11-20T11:58:13.587669+00:00 vm a[1]: connect from a[192.0.2.1]",
	    "2026-11-20T11:58:14.587669+00:00 vm a[1]: connect from a[192.0.2.1]",
	    "2026-11-20T11:58:14,587669+00:00 vm a[1]: connect from a[192.0.2.1]",
	    "2026-11-20T11:58:14.58766+00:00 vm a[1]: connect from a[192.0.2.1]",
	    "2026-11-20T11:58:14.587660+00:30 vm a[1]: connect from a[192.0.2.1]",
	    "2026-11-20T11:58:14.58766x+00:30 vm a[1]: connect from a[192.0.2.1]",
	    "2026-11-20T11:58:14+00:30 vm a[1]: connect from a[192.0.2.1]",
	    "2026-11-20T11:58:15+00:30 vm a[1]: connect from a[192.0.2.1]",
	    "2026-11-20T11:58:15.1+00:30 vm a[1]: connect from a[192.0.2.1]",
	    "2026-11-21T11:58:15.1+00:30 vm a[1]: connect from a[192.0.2.1]",
	    "2026-11-21T11:58:15.1+00:30 vm b: x",
	    "2026-11-21T11:58:15.1+00:30 vm b x", "2026-11-21T11:58:15.1+00:30 vm b:x",
	    "2026-11-21T11:58:15.1+00:30 vm Nov  5 09:08:07 mx b: x",
	    "2026-11-21T11:58:15.1+00:30 Nov  5 09:08:07 mx b: x",
	    "2026-11-21T11:58:15.1+00:30 stdout F b: x",
	    "2026-11-21T11:58:15.1+00:30 stdout b: x",
	    "2026-11-21T11:58:15.1+00:30 stdout F: x",
	};
	size_t n = sizeof(lines) / sizeof(lines[0]);
	char room[512], before[512];

	for (size_t i = 0; i < n; i++) {
		struct header_memo memo = {.form = STAMP_NONE};
		struct header first, plain, quick;
		size_t differ = 0;

		header_read_memo(&memo, padded(lines[i], before), &first);
		for (size_t k = 0; k < n; k++) {
			struct header_memo copy = memo;
			struct str line = padded(lines[k], room);
			bool a = header_read(line, &plain);
			bool b = header_read_memo(&copy, line, &quick);

			differ += a != b || !same_header(&plain, &quick);
		}
		is_number((int64_t)differ, 0, lines[i]);
	}
}

/*
 * More tags than the shortcut has slots, and the few that come between them again and again.
 */
static void
many_tags(void)
{
	struct header_memo memo = {.form = STAMP_NONE};
	struct header plain, quick;
	size_t differ = 0;
	char room[512], text[128];

	for (unsigned i = 0; i < 2000; i++) {
		struct str line;

		snprintf(text, sizeof(text), "Nov  5 09:08:07 mx %s%u/smtpd%s: connect from x",
		    i % 3 ? "a" : "postfix-", i % 2 ? i : i % 16, i % 5 ? "[123]" : "");
		line = padded(text, room);
		differ += header_read(line, &plain) != header_read_memo(&memo, line, &quick) ||
		    !same_header(&plain, &quick);
	}
	is_number((int64_t)differ, 0, "many tags are told apart");
}

int
main(void)
{
	struct str long_line;
	struct header header;
	char line[700], *p = line;

	forms();
	shortcut();
	neighbours();
	many_tags();

	p += snprintf(p, 32, "Nov  5 09:08:07 ");
	memset(p, 'a', 256);
	snprintf(p + 256, 64, " postfix/smtpd[1]: x");
	long_line = str_of(line);
	header_read(long_line, &header);
	is_number((int64_t)header.host.len, 0, "256 bytes are no host");
	snprintf(p + 255, 64, " postfix/smtpd[1]: x");
	header_read(str_of(line), &header);
	is_number((int64_t)header.host.len, 255, "255 bytes are one");
	snprintf(p + 129, 64, ": x");
	header_read(str_of(line), &header);
	is_number((int64_t)header.tag.len, 0, "129 bytes are no tag");
	snprintf(p + 128, 64, ": x");
	header_read(str_of(line), &header);
	is_number((int64_t)header.tag.len, 128, "128 bytes are one");
	return tap_done();
}
