/* SPDX-License-Identifier: Apache-2.0
 *
 * saslauthd's lines, and those of PAM modules under any tag. What an outsider
 * wrote (203.0.113.66) is never an address.
 */
#include "parse-kit.h"

static const struct parse_case cases[] = {
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=joe] [service=smtp] [realm=] "
		 "[mech=pam] [reason=PAM auth error]",
		"event|kind=auth_failure|user=joe|proto=SMTP|stage=auth|text=PAM auth error"},
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=joe@example.test] [service=imap] "
		 "[realm=example.test] [mech=rimap] [reason=[ALERT] Unexpected response from"
		 " remote authentication server]",
		"event|kind=auth_error|user=joe@example.test|proto=IMAP|stage=auth|"
		 "text=[ALERT] Unexpected response from remote authentication server"},
	{"saslauthd[7]",
		"                : auth failure: [user=joe] [service=pop3] [realm=] "
		 "[mech=pam] [reason=PAM auth error]",
		"event|kind=auth_failure|user=joe|proto=POP3|stage=auth|text=PAM auth error"},
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=joe] [service=sieve] [realm=] "
		 "[mech=ldap] [reason=Unknown]",
		"event|kind=auth_failure|user=joe|proto=SIEVE|stage=auth|text=Unknown"},
	{"saslauthd[7]",
		"do_auth         : auth success: [user=joe] [service=smtp] [realm=] "
		 "[mech=pam]",
		"event|kind=auth_success|user=joe|proto=SMTP|stage=auth"},
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=] [service=ldap] [realm=] [mech=pam]"
		 " [reason=PAM auth error]",
		"event|kind=auth_failure|stage=auth|text=PAM auth error"},
	{"plesk_saslauthd[7]",
		"failed mail authenticatication attempt for user 'joe@example.test' "
		 "(password len=6)",
		"event|kind=auth_failure|user=joe@example.test|proto=SMTP|stage=auth"},
	{"plesk_saslauthd[7]",
		"failed mail authentication attempt for user 'x' (password len=1)' "
		 "(password len=10)",
		"event|kind=auth_failure|user=x' (password len=1)|proto=SMTP|stage=auth"},
	{"plesk_saslauthd[7]",
		"failed mail authentication attempt for user '' (password len=0)",
		"event|kind=auth_failure|proto=SMTP|stage=auth"},
	{"plesk_saslauthd[7]",
		"failed mail authentication attempt for user 'x",
		"malformed"},
	{"plesk_saslauthd[7]",
		"No such user 'joe@example.test' in mail authorization database",
		"ignored"},
	{"plesk_saslauthd[7]", "Invalid mail address 'joe@'", "ignored"},
	{"plesk_saslauthd[7]", "privileges set to (109:115) (effective 109:115)", "ignored"},
	{"plesk_saslauthd[7]",
		"listen=6, status=5, dbpath='/plesk/passwd.db', keypath='/plesk/passwd_db_key"
		 "', chroot=1, unprivileged=1", "ignored"},
	{"plesk_saslauthd[7]", "select timeout, exiting", "ignored"},
	{"saslauthd[7]",
		"do_request      : NULL password received",
		"event|kind=auth_failure|reason=protocol|text=NULL password received"},
	{"saslauthd[7]",
		"detach_tty      : master pid is: 123",
		"event|kind=service|text=detach_tty      : master pid is: 123"},
	{"saslauthd[7]",
		"ipc_init        : listening on socket: /var/run/saslauthd/mux",
		"ignored"},
	{"saslauthd[7]",
		"server_exit     : master exited: 123",
		"event|kind=service|text=server_exit     : master exited: 123"},
	{"saslauthd[7]",
		"DEBUG: auth_pam: pam_authenticate failed: Authentication failure",
		"ignored"},
	{"saslauthd[7]",
		"pam_unix(smtp:auth): check pass; user unknown",
		"ignored"},
	{"saslauthd[7]",
		"pam_unix(smtp:auth): authentication failure; logname= uid=0 euid=0 tty= "
		 "ruser= rhost=  user=joe",
		"event|kind=auth_failure|user=joe|stage=auth"},
	{"saslauthd[7]",
		"pam_unix(openvpn:auth): authentication failure; logname= uid=0 euid=0 tty="
		 " ruser= rhost=  user=joe",
		"ignored"},
	{"saslauthd[7]",
		"(pam_unix) authentication failure; logname= uid=0 euid=0 tty= ruser= "
		 "rhost=",
		"event|kind=auth_failure"},
	{"saslauthd[7]",
		"words of another version",
		"unknown"},
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=joe] [service=smtp] [realm=] "
		 "[mech=pam]",
		"malformed"},
	/* attacks */
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=x] [service=smtp] [realm=] "
		 "[mech=pam] [reason=203.0.113.66] [service=imap] [realm=] [mech=pam] "
		 "[reason=PAM auth error]",
		"event|kind=auth_failure|user=x] [service=smtp] [realm=] [mech=pam] "
		 "[reason=203.0.113.66|proto=IMAP|stage=auth|text=PAM auth error"},
	{"auth",
		"pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot ruser=joe rhost=192.0.2.1  user=joe",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth"},
	{"auth",
		"pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot ruser=nobody.known rhost=192.0.2.1 ",
		"event|kind=auth_failure|ip=192.0.2.1|user=nobody.known|stage=auth"},
	{"auth",
		"pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot ruser=joe rhost=2001:db8::7",
		"event|kind=auth_failure|ip=2001:db8::7|user=joe|stage=auth"},
	{"auth",
		"pam_unix(dovecot:auth): 4 more authentication failures; logname= uid=0 "
		 "euid=0 tty=dovecot ruser=joe rhost=192.0.2.1  user=joe",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth|count=4"},
	{"auth",
		"pam_sss(dovecot:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot ruser=joe rhost=192.0.2.1 user=joe",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth"},
	{"auth",
		"pam_unix(imap:auth): authentication failure; logname= uid=0 euid=0 tty= "
		 "ruser= rhost=client.example.test  user=joe",
		"event|kind=auth_failure|name=client.example.test|user=joe|stage=auth"},
	{"auth",
		"pam_unix(dovecot:auth): check pass; user unknown",
		"ignored"},
	{"auth",
		"pam_unix(dovecot2:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot ruser=joe rhost=192.0.2.1",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth"},
	{"auth",
		"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh"
		 " ruser= rhost=192.0.2.1  user=root",
		"foreign"},
	{"auth",
		"words of no PAM module",
		"foreign"},
	{"auth",
		"pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot",
		"malformed"},
	/* attacks */
	{"auth",
		"pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot ruser=x rhost=203.0.113.66 rhost=192.0.2.1 ",
		"event|kind=auth_failure|ip=192.0.2.1|user=x rhost=203.0.113.66|stage=auth"},
	{"auth",
		"pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot ruser=x rhost=203.0.113.66  user=x rhost=192.0.2.1  user=x "
		 "rhost=203.0.113.66  user=x",
		"event|kind=auth_failure|ip=192.0.2.1|user=x rhost=203.0.113.66  user=x|"
		 "stage=auth"},
	{"auth",
		"pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot ruser=x y; rhost=203.0.113.66  user=root rhost=192.0.2.1 ",
		"event|kind=auth_failure|ip=192.0.2.1|user=x y; rhost=203.0.113.66  "
		 "user=root|stage=auth"},
	{"auth",
		"pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot ruser= rhost=203.0.113.66  user=x rhost=192.0.2.1  user= "
		 "rhost=203.0.113.66  user=x",
		"event|kind=auth_failure|stage=auth|truncated=1"},
	{"auth",
		"pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot ruser=y rhost=192.0.2.1  rhost=203.0.113.66  user=y "
		 "rhost=192.0.2.1 ",
		"event|kind=auth_failure|stage=auth|truncated=1"},
	{"dovecot-auth",
		"pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 "
		 "tty=dovecot ruser=joe rhost=192.0.2.1  user=joe",
		"event|kind=auth_failure|ip=192.0.2.1|user=joe|stage=auth"},
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=joe] [service=imap] [realm=] "
		 "[mech=getpwent] [reason=Invalid username]",
		"event|kind=auth_failure|user=joe|proto=IMAP|stage=auth|"
		 "reason=unknown_user|text=Invalid username"},
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=joe] [service=imap] [realm=] "
		 "[mech=getpwent] [reason=Username lookup failure: I/O error]",
		"event|kind=auth_error|user=joe|proto=IMAP|stage=auth|"
		 "text=Username lookup failure: I/O error"},
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=joe] [service=imap] [realm=] "
		 "[mech=pam] [reason=internal mechanism failure]",
		"event|kind=auth_error|user=joe|proto=IMAP|stage=auth|"
		 "text=internal mechanism failure"},
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=joe] [service=imap] [realm=] "
		 "[mech=pam] [reason=PAM acct error]",
		"event|kind=auth_failure|user=joe|proto=IMAP|stage=auth|"
		 "reason=access|text=PAM acct error"},
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=joe] [service=imap] [realm=] "
		 "[mech=shadow] [reason=Password expired]",
		"event|kind=auth_failure|user=joe|proto=IMAP|stage=auth|"
		 "reason=access|text=Password expired"},
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=joe] [service=imap] [realm=] "
		 "[mech=shadow] [reason=Account expired]",
		"event|kind=auth_failure|user=joe|proto=IMAP|stage=auth|"
		 "reason=access|text=Account expired"},
	{"saslauthd[7]",
		"do_auth         : auth failure: [user=joe] [service=imap] [realm=] "
		 "[mech=kerberos5] [reason=saslauthd internal krb5_init_context error]",
		"event|kind=auth_error|user=joe|proto=IMAP|stage=auth|"
		 "text=saslauthd internal krb5_init_context error"},
	{"saslauthd[7]",
		"do_request      : NULL login received",
		"event|kind=auth_failure|reason=protocol|text=NULL login received"},
	{"saslauthd[7]",
		"do_request      : login exceeded MAX_REQ_LEN: 256",
		"event|kind=auth_failure|reason=protocol|"
		 "text=login exceeded MAX_REQ_LEN: 256"},
	{"saslauthd[7]",
		"do_request      : password exceeded MAX_REQ_LEN: 256",
		"event|kind=auth_failure|reason=protocol|"
		 "text=password exceeded MAX_REQ_LEN: 256"},
	{"saslauthd[7]",
		"auth_krb5: krb5_get_init_creds_password: -1765328360",
		"ignored"},
	{"saslauthd[7]",
		"auth_krb5: krb5_get_init_creds_password: -1765328378",
		"ignored"},
	{"saslauthd[7]",
		"auth_krb5: krb5_get_init_creds_password: -1765328228",
		"event|kind=operational|"
		 "text=auth_krb5: krb5_get_init_creds_password: -1765328228"},
	{"saslauthd[7]",
		"do_auth         : internal mechanism failure: pam",
		"event|kind=operational|"
		 "text=do_auth         : internal mechanism failure: pam"},
	{"saslauthd[7]",
		"do_auth         : mechanism returned unknown response: pam",
		"event|kind=operational|"
		 "text=do_auth         : mechanism returned unknown response: pam"},
	{"saslauthd[7]",
		"have_baby       : could not fork child process",
		"event|kind=operational|"
		 "text=have_baby       : could not fork child process"},
	{"saslauthd[7]",
		"have_baby       : forked child: 7",
		"ignored"},
	{"saslauthd[7]",
		"handle_sigchld  : child exited: 7",
		"ignored"},
	{"saslauthd[7]",
		"rx_rec          : read failure",
		"event|kind=operational|"
		 "text=rx_rec          : read failure"},
	{"saslauthd[7]",
		"tx_rec          : write: Broken pipe",
		"event|kind=operational|"
		 "text=tx_rec          : write: Broken pipe"},
	{"saslauthd[7]",
		"rimap_init: no hostname specified",
		"event|kind=operational|"
		 "text=rimap_init: no hostname specified"},
	{"saslauthd[7]",
		"Unable to set LDAP_OPT_RESTART.",
		"event|kind=operational|"
		 "text=Unable to set LDAP_OPT_RESTART."},
	{"saslauthd[7]",
		"start tls failed (Connect error).",
		"event|kind=operational|"
		 "text=start tls failed (Connect error)."},
	{"saslauthd[7]",
		"Duplicate entries found (uid=joe).",
		"ignored"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	kit_run(&kit, cases, sizeof(cases) / sizeof(*cases));
	kit_free(&kit);
	return tap_done();
}
