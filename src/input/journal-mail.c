/* SPDX-License-Identifier: Apache-2.0
 *
 * journal-mail: what of a journal is mail.
 */
#include "input/room.h"

/* Syslog's facility mail (RFC 5424, 6.2.1): Postfix, Dovecot, Exim, ... by default. */
const char journal_mail_facility[] = "SYSLOG_FACILITY=2";

/* P(name): programs that may log to their standard output instead, by the names they bear. */
#define MAIL_PROGRAMS(P)                                                                    \
	P("amavis") P("amavisd") P("amavisd-new") P("clamav-milter") P("dovecot") P("exim") \
	P("exim4") P("milter-greylist") P("opendkim") P("opendmarc") P("policyd-spf")       \
	P("postfix") P("postgrey") P("postsrsd") P("rspamd") P("saslauthd") P("sendmail")   \
	P("sogod") P("spamd") P("spampd") P("sqlgrey") P("vpopmail")

const char *const journal_mail_programs[] = {
#define P(name) "SYSLOG_IDENTIFIER=" name, "_COMM=" name,
	MAIL_PROGRAMS(P)
#undef P
	NULL,
};
