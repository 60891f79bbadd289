/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines with a stamp as in Exim's own log and nothing else that tells whose they are: those
 * that Exim alone writes are its own, those that begin as many programs' do are nobody's.
 */
#include "parse-kit.h"

#define DATE "2026-11-20 11:49:08"
#define QID DATE " 1xUN76-0005hf-06"

static const struct message_case lines[] = {
	{DATE " invalid token for joe", "foreign"},
	{DATE ".123 +0100 invalid token for joe", "foreign"},
	{DATE " failure to connect to backend", "foreign"},
	{DATE " expansion of volume x failed: no space", "foreign"},
	{DATE " Expansion of volume x failed", "foreign"},
	{DATE " ACL for /srv changed", "foreign"},
	{DATE " Failed to start x", "foreign"},
	{DATE " failed to open x", "foreign"},
	{DATE " Cannot open x", "foreign"},
	{DATE " unable to reach x", "foreign"},
	{DATE " Unable to reach x", "foreign"},
	{DATE " Warning: disk is full", "foreign"},
	{DATE " warning: disk is full", "foreign"},
	{DATE " ALERT: disk is full", "foreign"},
	{DATE " daemon: ready", "foreign"},
	{DATE " pid 12 exited", "foreign"},
	{DATE " Spool is empty", "foreign"},
	{DATE " accept() failed: Too many open files", "foreign"},
	{DATE " socket bind() failed", "foreign"},
	{DATE " host lookup done", "foreign"},
	{DATE " TLS error in handshake", "foreign"},
	{DATE " Remote host is away", "foreign"},
	{DATE " SMTP timeout is 30", "unknown"}, /* "SMTP " is Exim's in exim_own_line() */
	{DATE " removed by joe", "foreign"},
	{DATE " cancelled by joe", "foreign"},
	{DATE " Frozen", "foreign"},
	{DATE " Start 'backup'", "foreign"},
	{DATE " DKIM: key is old", "foreign"},
	/* A message that comes or goes has an id. */
	{DATE " => x", "foreign"},
	{DATE " -> step 2", "foreign"},
	{DATE " == done ==", "foreign"},
	{DATE " ** disk is full **", "foreign"},
	{DATE " <= a@b.test", "foreign"},
	{DATE " Completed", "foreign"},
	{DATE " Completed QT=2s", "foreign"},
	{DATE " <= a@b.test H=[192.0.2.1] P=smtp S=3", "unknown"},

	/* with an id, Exim's pid or through syslog they are its own */
	{QID " failed to expand x",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=failed to expand x"
	    "|severity=error"},
	{QID " Frozen (delivery error message)",
	    "event|kind=operational|qid=1xUN76-0005hf-06|text=Frozen (delivery error "
	    "message)"},
	{QID " TLS error (verify failed)",
	    "event|kind=tls_failure|qid=1xUN76-0005hf-06|reason=tls|text=TLS error (verify "
	    "failed)"},
	{DATE ".123 +0100 [2098] Warning: x",
	    "event|kind=operational|text=Warning: x|severity=warning"},
	{"Nov 20 11:49:08 h exim[2098]: Warning: x",
	    "event|kind=operational|text=Warning: x|severity=warning"},
	{"Nov 20 11:49:08 h exim[2098]: 2026-11-20 11:49:08 Warning: x",
	    "event|kind=operational|text=Warning: x|severity=warning"},
	{"Nov 20 11:49:08 h exim[2098]: [1/3] 2026-11-20 11:49:08 Cannot open x",
	    "event|kind=operational|text=Cannot open x|severity=error|truncated=1"},

	/* and so are those that it alone writes */
	{DATE " SIGHUP received: re-exec daemon",
	    "event|kind=service|text=SIGHUP received: re-exec daemon"},
	{DATE " accept() failure: Too many open files",
	    "event|kind=operational|text=accept() failure: Too many open files"
	    "|severity=error"},
	{DATE " getsockname() failed: Transport endpoint is not connected",
	    "event|kind=operational|text=getsockname() failed: Transport endpoint is not "
	    "connected|severity=error"},
	{DATE " TLS error (gnutls_handshake): timed out",
	    "event|kind=tls_failure|reason=tls|text=TLS error (gnutls_handshake): timed out"},
	{DATE " routing failed for joe@a.test: no router",
	    "event|kind=operational|text=routing failed for joe@a.test: no router"},
	{DATE " spool file 1xUN76-0005hf-06-D not found",
	    "event|kind=operational|text=spool file 1xUN76-0005hf-06-D not found"
	    "|severity=error"},
	{DATE " daemon: queue-runner process failed",
	    "event|kind=operational|text=daemon: queue-runner process failed"
	    "|severity=error"},
	{DATE " Failed to find user \"mail\" from expanded string",
	    "event|kind=operational|text=Failed to find user \"mail\" from expanded string"
	    "|severity=error"},
	{DATE " unable to open private key file for reading: /x",
	    "event|kind=operational|text=unable to open private key file for reading: /x"
	    "|severity=error"},
	{DATE " Warning: purging the environment.",
	    "event|kind=operational|text=Warning: purging the environment.|severity=warning"},
	{DATE " WARNING: purging the environment.", "foreign"},
	{DATE " Start 'slow' queue run: pid=71", "ignored"},
	{DATE " End 'slow' queue run: pid=71", "ignored"},
	{DATE " Failed to create IPv6 socket for wildcard listening (Address family not "
	    "supported by protocol): will use IPv4",
	    "event|kind=operational|text=Failed to create IPv6 socket for wildcard listening "
	    "(Address family not supported by protocol): will use IPv4|severity=error"},
	{DATE " Failed to get write lock for /var/spool/exim/db/retry.lockfile: timed out",
	    "event|kind=operational|text=Failed to get write lock for "
	    "/var/spool/exim/db/retry.lockfile: timed out|severity=error"},
	{DATE " failed to expand \"x\" while checking for SMTP rewriting: y",
	    "event|kind=operational|text=failed to expand \"x\" while checking for SMTP "
	    "rewriting: y|severity=error"},
	{DATE " failed to open DB file /var/spool/exim/db/ratelimit: Bad file descriptor",
	    "event|kind=operational|text=failed to open DB file /var/spool/exim/db/ratelimit: "
	    "Bad file descriptor|severity=error"},
	{DATE " failed to open DB lock file /var/spool/exim/db/retry.lockfile: x",
	    "event|kind=operational|text=failed to open DB lock file "
	    "/var/spool/exim/db/retry.lockfile: x|severity=error"},
	{DATE " failed to open database lock file /var/spool/exim/db/retry.lockfile: x",
	    "event|kind=operational|text=failed to open database lock file "
	    "/var/spool/exim/db/retry.lockfile: x|severity=error"},
	{DATE " Cannot open main log file \"/x\": Permission denied: euid=1 egid=1",
	    "event|kind=operational|text=Cannot open main log file \"/x\": Permission denied: "
	    "euid=1 egid=1|severity=error"},
	{DATE " unable to set gid=8 or uid=8 (euid=1001): queue run",
	    "event|kind=operational|text=unable to set gid=8 or uid=8 (euid=1001): queue run"
	    "|severity=error"},
	{DATE " Tainted filename for search: '/etc/exim/x'",
	    "event|kind=operational|text=Tainted filename for search: '/etc/exim/x'"
	    "|severity=error"},
	{DATE " Tainted name '/x' (file or directory name for x transport) not permitted",
	    "event|kind=operational|text=Tainted name '/x' (file or directory name for x "
	    "transport) not permitted|severity=error"},
	{DATE " Tainted water", "foreign"},
	{DATE " failed to malloc 12 bytes of memory: called from line 7 of string.c",
	    "event|kind=operational|text=failed to malloc 12 bytes of memory: called from "
	    "line 7 of string.c|severity=error"},
	{DATE " unable to expand message_size_limit: x",
	    "event|kind=operational|text=unable to expand message_size_limit: x"
	    "|severity=error"},
	{DATE " invalid message_size_limit: x",
	    "event|kind=operational|text=invalid message_size_limit: x|severity=error"},
	{DATE " expansion of tls_certificate failed: x",
	    "event|kind=operational|text=expansion of tls_certificate failed: x"
	    "|severity=error"},
	{DATE " expansion of smtp_accept_max_per_host failed for [192.0.2.1]: x",
	    "event|kind=operational|text=expansion of smtp_accept_max_per_host failed for "
	    "[192.0.2.1]: x|severity=error"},
	{DATE " Expansion of x failed while rewriting: y",
	    "event|kind=operational|text=Expansion of x failed while rewriting: y"
	    "|severity=error"},
	{DATE " ACL for not-QUIT returned ERROR: x",
	    "event|kind=operational|text=ACL for not-QUIT returned ERROR: x|severity=error"},
	{DATE " failure to write to DMARC history file: /x",
	    "event|kind=operational|text=failure to write to DMARC history file: /x"
	    "|severity=error"},
	{DATE " cannot accept message: failed to stat spool directory /x: y",
	    "event|kind=operational|text=cannot accept message: failed to stat spool "
	    "directory /x: y|severity=error"},
	{DATE " daemon: couldn't dup socket descriptor: x",
	    "event|kind=operational|text=daemon: couldn't dup socket descriptor: x"
	    "|severity=error"},
	{DATE " socket bind() to port 25 for address (any IPv4) failed: Address already in "
	    "use: daemon abandoned",
	    "event|kind=operational|text=socket bind() to port 25 for address (any IPv4) "
	    "failed: Address already in use: daemon abandoned|severity=error"},
};

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_DECEPTIVE(&kit, NULL, lines);
	kit_free(&kit);
	return tap_done();
}
