/* SPDX-License-Identifier: Apache-2.0
 *
 * journal-mail: what of a journal is mail.
 */
#include "input/room.h"

/*
 * P(name): programs that log elsewhere, or may log to their standard output instead, by the
 * names they bear: PAM in those that ask it, scripts, what bans, who says that lines are lost.
 */
#define MAIL_PROGRAMS(P)                                                                    \
	P("amavis") P("amavisd") P("amavisd-new") P("auth") P("authdaemond")                \
	P("clamav-milter") P("dovecot") P("dovecot-auth") P("exim") P("exim4")              \
	P("fail2ban-server") P("milter-greylist") P("opendkim") P("opendmarc")              \
	P("php") P("php-cgi") P("php-fpm") P("plesk_saslauthd") P("policyd-spf")            \
	P("postfix") P("postgrey") P("postsrsd") P("roundcube") P("rspamd")                 \
	P("saslauthd") P("sendmail") P("sendmail-php") P("sogod") P("spamd")                \
	P("spampd") P("sqlgrey") P("systemd-journald") P("vpopmail")

/* C(name): Cyrus' daemons, which as its makers build it log to facility local6. */
#define CYRUS_DAEMONS(C)                                                                    \
	C("imap") C("imapd") C("imaps") C("lmtp") C("lmtpd") C("lmtpunix") C("master")      \
	C("pop3") C("pop3d") C("pop3s") C("sieve") C("timsieved")

/*
 * F(name): what PHP's mail.log came from before 7.3, whose lines bear the server's name, or
 * none: as user.notice, which the server's own lines are not.
 */
#define PHP_SERVERS(F)                                                                      \
	F("apache2") F("httpd") F("php-fpm5.6") F("php-fpm7.0") F("php-fpm7.1") F("php-fpm7.2")

const char *const journal_mail_matches[] = {
	"SYSLOG_FACILITY=2", /* mail (RFC 5424, 6.2.1): Postfix, Dovecot, Exim, ... */
#define P(name) JOURNAL_OR, "SYSLOG_IDENTIFIER=" name, JOURNAL_OR, "_COMM=" name,
	MAIL_PROGRAMS(P)
#undef P
	JOURNAL_OR,
#define C(name) "SYSLOG_IDENTIFIER=" name, "SYSLOG_IDENTIFIER=cyrus/" name,
	CYRUS_DAEMONS(C)
#undef C
	/* Behind them, as libsystemd looks for the last first, and most journals have none. */
	"SYSLOG_FACILITY=22",
	JOURNAL_OR,
#define F(name) "_COMM=" name,
	PHP_SERVERS(F)
#undef F
	"PRIORITY=5", "SYSLOG_FACILITY=1",
	NULL,
};
