/* SPDX-License-Identifier: Apache-2.0 */
#include "base/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

static const char *const words[] = {
	[NOTIFY_READY] = "READY=1\n",
	[NOTIFY_RELOADING] = "RELOADING=1\n",
	[NOTIFY_STOPPING] = "STOPPING=1\n",
	[NOTIFY_BEGINNING] = "EXTEND_TIMEOUT_USEC=60000000\n",
	[NOTIFY_WATCHDOG] = "WATCHDOG=1\n",
};

static void
put_message(struct buf *out, enum notify_state state, const char *status)
{
	struct timespec now;

	if (words[state])
		buf_str(out, str_of(words[state]));
	if (state == NOTIFY_RELOADING) {
		/* For Type=notify-reload: the reload that this belongs to. */
		clock_gettime(CLOCK_MONOTONIC, &now);
		buf_printf(out, "MONOTONIC_USEC=%lld\n",
		    (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	}
	if (!status)
		return;
	buf_str(out, STR("STATUS="));
	/* A newline would begin another variable. */
	for (; *status; status++)
		buf_char(out, (unsigned char)*status < ' ' ? ' ' : *status);
	buf_char(out, '\n');
}

int
notify(enum notify_state state, const char *status, struct err *err)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	const char *path = getenv("NOTIFY_SOCKET");
	struct timeval patience = {.tv_sec = 1};
	struct buf message = BUF_INIT(4096);
	size_t len;
	ssize_t n;
	int fd;

	if (!path || !*path)
		return 0;
	len = strlen(path);
	if ((path[0] != '/' && path[0] != '@') || len < 2 || len >= sizeof(un.sun_path))
		return err_set(err, "NOTIFY_SOCKET: '%s' is no socket we know", path);
	memcpy(un.sun_path, path, len);
	if (path[0] == '@')
		un.sun_path[0] = '\0'; /* in the abstract namespace */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_no_descriptor(err, "to tell systemd");
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	put_message(&message, state, status);
	n = sendto(fd, message.p, message.len, MSG_NOSIGNAL,
	    (const struct sockaddr *)&un,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	if (n < 0)
		err_set(err, "NOTIFY_SOCKET %s: %s", path, strerror(errno));
	close(fd);
	buf_done(&message);
	return n < 0 ? -1 : 0;
}

int64_t
notify_watchdog_usec(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	int64_t number;

	if (pid && (!str_number(str_of(pid), &number) ||
	    (number != getpid() && number != getppid())))
		return 0;
	return usec && str_number(str_of(usec), &number) ? number : 0;
}
