/* SPDX-License-Identifier: Apache-2.0
 *
 * The journal, read when there is no log: mail's entries only, from a moment on.
 * Its file is made by systemd-journal-remote; without that program nothing is tested.
 */
#include <spawn.h>
#include <sys/wait.h>

#include "input-kit.h"

#define REMOTE "/lib/systemd/systemd-journal-remote"
#define STAMP_1 "1795175893587668"
#define STAMP_2 "1795179493587668"

static const char entries[] =
    "__REALTIME_TIMESTAMP=" STAMP_1 "\n__MONOTONIC_TIMESTAMP=1\n"
    "_BOOT_ID=0123456789abcdef0123456789abcdef\n_HOSTNAME=mx\nSYSLOG_FACILITY=2\n"
    "SYSLOG_IDENTIFIER=postfix/smtpd\nSYSLOG_PID=123\nMESSAGE=connect\n\n"
    "__REALTIME_TIMESTAMP=" STAMP_1 "\n__MONOTONIC_TIMESTAMP=2\n"
    "_BOOT_ID=0123456789abcdef0123456789abcdef\n_HOSTNAME=mx\nSYSLOG_FACILITY=4\n"
    "SYSLOG_IDENTIFIER=sshd\nMESSAGE=Accepted\n\n"
    "__REALTIME_TIMESTAMP=" STAMP_2 "\n__MONOTONIC_TIMESTAMP=3\n"
    "_BOOT_ID=0123456789abcdef0123456789abcdef\n_HOSTNAME=mx\nSYSLOG_FACILITY=3\n"
    "_COMM=rspamd\n_PID=9\nMESSAGE\n\5\0\0\0\0\0\0\0a\nb\0c\n\n";

static bool
make_journal(void)
{
	const char *const arguments[] = {REMOTE, "-o", "root/var/log/journal/test.journal",
	    "entries", NULL};
	pid_t child;
	int status;

	mkdir("root", 0755);
	mkdir("root/var", 0755);
	mkdir("root/var/log", 0755);
	mkdir("root/var/log/journal", 0755);
	kit_write("entries", (struct str){entries, sizeof(entries) - 1});
	return access(REMOTE, X_OK) == 0 &&
	    posix_spawn(&child, REMOTE, NULL, NULL, (char *const *)(uintptr_t)arguments,
		environ) == 0 &&
	    waitpid(child, &status, 0) == child && status == 0;
}

static void
is_journal(int64_t since, const char *want, const char *what)
{
	static const char *const no_names[] = {NULL};
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct err err = {""};
	struct input_set *set = kit_open(no_names, since, &err);

	kit_is_set(set, "journal", what);
	for (int i = 0; i < 2 && set; i++) {
		ok(kit_text(&set->streams[0].files[0], &got, &err) == 0, "it can be read");
		is_text(got.p ? got.p : "", got.len, want, i ? "again" : what);
	}
	input_close(set);
	buf_done(&got);
}

#define RSPAMD "2026-11-20T12:58:13.587668+00:00 mx rspamd[9]: a#012b#000c\n"

int
main(void)
{
	kit_enter();
	if (make_journal()) {
		is_journal(INT64_MIN,
		    "2026-11-20T11:58:13.587668+00:00 mx postfix/smtpd[123]: connect\n" RSPAMD,
		    "the journal's mail entries");
		is_journal(INT64_C(1795175900) * 1000000, RSPAMD, "from a moment on");
	} else {
		ok(true, "the journal # SKIP " REMOTE " cannot make one here");
	}
	kit_leave();
	return tap_done();
}
