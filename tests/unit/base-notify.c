/* SPDX-License-Identifier: Apache-2.0
 *
 * What the service manager hears, on sockets by path and in the abstract namespace.
 */
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/notify.h"
#include "tap.h"

/* Listens at NAME, '@' for an abstract one, and makes that the service manager's. */
static int
manager(const char *name)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	size_t len = strlen(name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memcpy(un.sun_path, name, len);
	if (*name == '@')
		un.sun_path[0] = '\0';
	if (bind(fd, (struct sockaddr *)&un,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
		perror("bind");
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

static void
hears(int fd, enum notify_state state, const char *status, const char *want)
{
	char got[8192];
	struct err err;
	ssize_t n;

	ok(notify(state, status, &err) == 0, "sent");
	n = recv(fd, got, sizeof(got), 0);
	is_text(got, n > 0 ? (size_t)n : 0, want, "heard");
}

int
main(void)
{
	char folder[] = "/tmp/postern-notify-XXXXXX", path[64], name[64], got[256], text[32];
	struct err err;
	ssize_t n;
	int fd;

	unsetenv("NOTIFY_SOCKET");
	ok(notify(NOTIFY_READY, NULL, &err) == 0, "nobody there: nothing to do");
	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/socket", folder);
	fd = manager(path);
	hears(fd, NOTIFY_READY, "judging\nWATCHDOG=trigger",
	    "READY=1\nSTATUS=judging WATCHDOG=trigger\n");
	hears(fd, NOTIFY_BEGINNING, NULL, "EXTEND_TIMEOUT_USEC=60000000\n");
	hears(fd, NOTIFY_STATUS, "3 bans", "STATUS=3 bans\n");
	hears(fd, NOTIFY_WATCHDOG, NULL, "WATCHDOG=1\n");
	hears(fd, NOTIFY_STOPPING, NULL, "STOPPING=1\n");
	ok(notify(NOTIFY_RELOADING, NULL, &err) == 0, "reloading");
	n = recv(fd, got, sizeof(got) - 1, 0);
	got[n > 0 ? n : 0] = '\0';
	ok(strncmp(got, "RELOADING=1\nMONOTONIC_USEC=", 27) == 0 && got[27] > '0',
	    "with its time");
	close(fd);
	ok(notify(NOTIFY_READY, NULL, &err) < 0 && strstr(err.text, "Connection refused"),
	    "the manager is gone");
	unlink(path);
	rmdir(folder);

	snprintf(name, sizeof(name), "@postern-notify-%ld", (long)getpid());
	fd = manager(name);
	hears(fd, NOTIFY_READY, NULL, "READY=1\n");
	close(fd);
	setenv("NOTIFY_SOCKET", "vsock:2:1", 1);
	ok(notify(NOTIFY_READY, NULL, &err) < 0 && strstr(err.text, "no socket we know"),
	    "another sort of address");

	unsetenv("WATCHDOG_PID");
	unsetenv("WATCHDOG_USEC");
	ok(notify_watchdog_usec() == 0, "no watchdog");
	setenv("WATCHDOG_USEC", "30000000", 1);
	is_number(notify_watchdog_usec(), 30000000, "a watchdog");
	snprintf(text, sizeof(text), "%ld", (long)getpid());
	setenv("WATCHDOG_PID", text, 1);
	is_number(notify_watchdog_usec(), 30000000, "ours");
	snprintf(text, sizeof(text), "%ld", (long)getppid());
	setenv("WATCHDOG_PID", text, 1);
	is_number(notify_watchdog_usec(), 30000000, "our parent's, for whom we work");
	setenv("WATCHDOG_PID", "0", 1);
	ok(notify_watchdog_usec() == 0, "another's");
	setenv("WATCHDOG_USEC", "often", 1);
	unsetenv("WATCHDOG_PID");
	ok(notify_watchdog_usec() == 0, "no number");
	return tap_done();
}
