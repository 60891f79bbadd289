/* SPDX-License-Identifier: Apache-2.0
 *
 * The journal, read when there is no log: mail's entries only, from a moment on; one
 * of its files, named; the journal followed, also over restarts.
 * Its file is made by systemd-journal-remote; without that program nothing is tested.
 */
#include <spawn.h>
#include <sys/wait.h>

#include <poll.h>

#include "input-kit.h"
#include "input/follow-room.h"

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

/* Adds TEXT, entries in the export format, to the journal. */
static bool
add_entries(struct str text)
{
	const char *const arguments[] = {REMOTE, "-o", "root/var/log/journal/test.journal",
	    "entries", NULL};
	pid_t child;
	int status;

	mkdir("root", 0755);
	mkdir("root/var", 0755);
	mkdir("root/var/log", 0755);
	mkdir("root/var/log/journal", 0755);
	kit_write("entries", text);
	return access(REMOTE, X_OK) == 0 &&
	    posix_spawn(&child, REMOTE, NULL, NULL, (char *const *)(uintptr_t)arguments,
		environ) == 0 &&
	    waitpid(child, &status, 0) == child && status == 0;
}

/* Not mail's: PAM's facility is 10, fail2ban's 3, scripts' 1, the journal's 5, Cyrus' 22. */
#define OTHER(n, facility, fields, message)                                         \
	"__REALTIME_TIMESTAMP=1795179" #n "0000000\n__MONOTONIC_TIMESTAMP=10" #n          \
	"\n_BOOT_ID=0123456789abcdef0123456789abcdef\n_HOSTNAME=mx\n"               \
	"SYSLOG_FACILITY=" facility "\n" fields "MESSAGE=" message "\n\n"

static const char others[] =
    OTHER(71, "10", "SYSLOG_IDENTIFIER=auth\n", "pam_unix(dovecot:auth): check pass")
    OTHER(72, "10", "SYSLOG_IDENTIFIER=authdaemond\n", "pam_unix(imap:auth): check pass")
    OTHER(73, "10", "SYSLOG_IDENTIFIER=sudo\n", "pam_unix(sudo:auth): check pass")
    OTHER(74, "3", "SYSLOG_IDENTIFIER=fail2ban.actions\n_COMM=fail2ban-server\n", "NOTICE")
    OTHER(75, "1", "SYSLOG_IDENTIFIER=php\n_COMM=apache2\n", "mail() on [/s.php:1]")
    OTHER(76, "1", "SYSLOG_IDENTIFIER=sendmail-php\n", "url=")
    OTHER(77, "1", "SYSLOG_IDENTIFIER=roundcube\n", "Failed login")
    OTHER(78, "5", "SYSLOG_IDENTIFIER=systemd-journald\n", "Suppressed 5 messages")
    OTHER(79, "22", "SYSLOG_IDENTIFIER=cyrus/imap\n", "badlogin: [192.0.2.1]")
    OTHER(80, "22", "SYSLOG_IDENTIFIER=lmtpunix\n", "accepted connection")
    OTHER(81, "22", "SYSLOG_IDENTIFIER=switch\n", "port 7 is up")
    OTHER(82, "3", "SYSLOG_IDENTIFIER=imap\n", "another program's")
    OTHER(83, "1", "PRIORITY=5\nSYSLOG_IDENTIFIER=apache2\n_COMM=apache2\n",
	"mail() on [/s.php:2]")
    OTHER(84, "1", "PRIORITY=5\n_COMM=php-fpm7.0\n", "ool www[7]: mail() on [/s.php:3]")
    OTHER(85, "1", "PRIORITY=6\nSYSLOG_IDENTIFIER=apache2\n_COMM=apache2\n", "GET /");

#define LINE(second, message) "2026-11-20T13:" second ".000000+00:00 mx " message "\n"
#define OTHERS                                                                                \
	LINE("01:50", "auth: pam_unix(dovecot:auth): check pass")                             \
	LINE("02:00", "authdaemond: pam_unix(imap:auth): check pass")                         \
	LINE("02:20", "fail2ban.actions: NOTICE")                                             \
	LINE("02:30", "php: mail() on [/s.php:1]")                                            \
	LINE("02:40", "sendmail-php: url=")                                                   \
	LINE("02:50", "roundcube: Failed login")                                              \
	LINE("03:00", "systemd-journald: Suppressed 5 messages")                              \
	LINE("03:10", "cyrus/imap: badlogin: [192.0.2.1]")                                    \
	LINE("03:20", "lmtpunix: accepted connection")                                        \
	LINE("03:50", "apache2: mail() on [/s.php:2]")                                        \
	LINE("04:00", "php-fpm7.0: ool www[7]: mail() on [/s.php:3]")

static void
is_journal(int64_t since, const char *want, const char *what)
{
	static const char *const no_names[] = {NULL}, *const named[] = {"journal", NULL};
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct err err = {""};
	struct input_set *set = kit_open(named, since, &err);

	kit_is_set(set, "journal", "by its name");
	input_close(set);
	set = kit_open(no_names, since, &err);
	kit_is_set(set, "journal", what);
	for (int i = 0; i < 2 && set; i++) {
		ok(kit_text(&set->streams[0].files[0], &got, &err) == 0, "it can be read");
		is_text(got.p ? got.p : "", got.len, want, i ? "again" : what);
	}
	input_close(set);
	buf_done(&got);
}

#define RSPAMD "2026-11-20T12:58:13.587668+00:00 mx rspamd[9]: a#012b#000c\n"

#ifdef HAVE_LIBSYSTEMD

static const char more[] =
    "__REALTIME_TIMESTAMP=1795179593587668\n__MONOTONIC_TIMESTAMP=4\n"
    "_BOOT_ID=0123456789abcdef0123456789abcdef\n_HOSTNAME=mx\nSYSLOG_FACILITY=2\n"
    "SYSLOG_IDENTIFIER=postfix/qmgr\nMESSAGE=removed\n\n";

#define QMGR "2026-11-20T12:59:53.587668+00:00 mx postfix/qmgr: removed"

static void
take_line(void *context, const struct follow_line *line)
{
	buf_str(context, line->text);
	buf_char(context, '\n');
}

static void
take_notice(void *context, const struct follow_notice *notice)
{
	buf_printf(context, "!%d\n", notice->kind);
}

/* Follows the journal as FROM says; reads and closes. *RET: where it stopped. */
static void
is_followed(struct tail *tail, const char *want, const char *what)
{
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct follow_sink sink = {take_line, take_notice, &got, NULL};

	tail->read(tail, &sink);
	is_text(got.p ? got.p : "", got.len, want, what);
	buf_done(&got);
}

static struct tail *
follow_journal(const struct follow_position *from, bool from_start)
{
	struct follow_settings settings = {.from = from, .from_count = from != NULL,
	    .from_start = from_start};
	struct tail *tail = NULL;
	struct err err = {""};

	if (tail_open("root/var/log/journal", 0, &settings, &tail, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	return tail;
}

/* Closes TAIL, and keeps where it stopped. */
static void
stop(struct tail *tail, char *cursor, size_t room, struct follow_position *ret)
{
	tail->position(tail, ret);
	snprintf(cursor, room, "%s", ret->cursor);
	ret->cursor = cursor;
	tail->close(tail);
}

static void
test_follow(void)
{
	struct tail *tail = follow_journal(NULL, false), *all = follow_journal(NULL, true);
	struct pollfd wait = {.fd = tail->fd, .events = POLLIN};
	struct follow_position from;
	char cursor[512], gone[1024];

	is_followed(tail, "", "followed from its end");
	is_followed(all, "2026-11-20T11:58:13.587668+00:00 mx postfix/smtpd[123]: connect\n"
	    RSPAMD, "from its start");
	ok(add_entries((struct str){more, sizeof(more) - 1}), "an entry is added");
	ok(poll(&wait, 1, 10000) == 1, "it wakes up");
	is_followed(tail, QMGR "\n", "and is given");
	is_followed(tail, "", "once");
	stop(all, cursor, sizeof(cursor), &from);
	all = follow_journal(&from, false);
	is_followed(all, QMGR "\n", "restarted: behind the last entry");
	stop(all, cursor, sizeof(cursor), &from);
	all = follow_journal(&from, true);
	is_followed(all, "", "which is the last now");
	all->close(all);
	/* An entry of the same journal that never was. */
	snprintf(gone, sizeof(gone), "%.*sffff%s", (int)(strstr(cursor, "i=") + 2 - cursor),
	    cursor, strchr(strstr(cursor, "i="), ';'));
	from.cursor = gone;
	all = follow_journal(&from, true);
	is_followed(all, "!1\n", "an entry that is gone: that is said");
	all->close(all);
	tail->close(tail);
}

static void
test_named(void)
{
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct err err = {""};
	struct input_set *set = KIT_OPEN(&err, "root/var/log/journal/test.journal");

	kit_is_set(set, "root/var/log/journal/test.journal", "a file of a journal, named");
	ok(set && kit_text(&set->streams[0].files[0], &got, &err) == 0, "it can be read");
	is_text(got.p ? got.p : "", got.len,
	    "2026-11-20T11:58:13.587668+00:00 mx postfix/smtpd[123]: connect\n" RSPAMD QMGR
	    "\n", "mail's entries");
	input_close(set);
	kit_write("torn.journal", STR("LPKSHHRHtorn"));
	set = KIT_OPEN(&err, "torn.journal");
	ok(!set && strstr(err.text, "torn.journal: ") != NULL, "a torn one: %s", err.text);
	input_close(set);
	buf_done(&got);
}

#endif

int
main(void)
{
	kit_enter();
	if (add_entries((struct str){entries, sizeof(entries) - 1})) {
		is_journal(INT64_MIN,
		    "2026-11-20T11:58:13.587668+00:00 mx postfix/smtpd[123]: connect\n" RSPAMD,
		    "the journal's mail entries");
		is_journal(INT64_C(1795175900) * 1000000, RSPAMD, "from a moment on");
#ifdef HAVE_LIBSYSTEMD
		test_follow();
		test_named();
#endif
		if (add_entries((struct str){others, sizeof(others) - 1}))
			is_journal(INT64_C(1795179700) * 1000000, OTHERS,
			    "what mail programs log elsewhere");
	} else {
		ok(true, "the journal # SKIP " REMOTE " cannot make one here");
	}
	kit_leave();
	return tap_done();
}
