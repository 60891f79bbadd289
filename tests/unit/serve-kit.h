/* SPDX-License-Identifier: Apache-2.0
 *
 * serve-kit: a folder for sockets, clients that never block, and what the server says.
 */
#ifndef TESTS_SERVE_KIT_H
#define TESTS_SERVE_KIT_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "serve/serve.h"
#include "tap.h"

static char folder[] = "/tmp/postern-serve-XXXXXX", socket_path[64], logged[4096];

__attribute__((unused)) static void
make_folder(void)
{
	if (!mkdtemp(folder))
		abort();
	snprintf(socket_path, sizeof(socket_path), "%s/socket", folder);
}

__attribute__((unused)) static void
take_log(void *context, const char *text)
{
	size_t len = strlen(logged);

	(void)context;
	snprintf(logged + len, sizeof(logged) - len, "%s\n", text);
}

__attribute__((unused)) static int
connect_unix(const char *path)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	memcpy(un.sun_path, path, strlen(path));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

__attribute__((unused)) static bool
readable(int fd, int wait_ms)
{
	struct pollfd poller = {.fd = fd, .events = POLLIN};

	return poll(&poller, 1, wait_ms) > 0;
}

/* What FD has to say now; *RET_ENDED: and then it was closed. */
__attribute__((unused)) static size_t
hear(int fd, char *out, size_t room, bool *ret_ended)
{
	size_t len = 0;
	ssize_t n;

	while ((n = recv(fd, out + len, room - 1 - len, MSG_DONTWAIT)) > 0)
		len += (size_t)n;
	*ret_ended = n == 0 || errno != EAGAIN;
	out[len] = '\0';
	return len;
}

#endif
