/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes through a server's own socket: sent in pieces as long as the first of them says,
 * while the server is given its turn after each.
 */
#ifndef TESTS_FUZZ_SOCKET_H
#define TESTS_FUZZ_SOCKET_H

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "serve/serve.h"
#include "demand.h"

static int
connect_to(const char *path)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	memcpy(un.sun_path, path, strlen(path));
	demand(fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0);
	return fd;
}

/* Appends what FD has to say to OUT. */
static void
hear(int fd, struct buf *out)
{
	char bytes[4096];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof(bytes), 0)) > 0)
		buf_add(out, bytes, (size_t)n);
}

/* All that the server at PATH answers to DATA; PROCESS gives it its turn. */
static void
converse(const char *path, const uint8_t *data, size_t size, void (*process)(void),
    struct buf *out)
{
	size_t piece = size ? (size_t)data[0] * 64 + 1 : 1;
	int fd = connect_to(path);

	for (size_t at = 1; at < size; at += piece) {
		size_t len = size - at < piece ? size - at : piece;

		if (send(fd, data + at, len, MSG_NOSIGNAL) < 0 && errno != EAGAIN)
			break;
		process();
		hear(fd, out);
	}
	shutdown(fd, SHUT_WR);
	for (int i = 0; i < 3; i++) {
		process();
		hear(fd, out);
	}
	close(fd);
	process();
}

#endif
