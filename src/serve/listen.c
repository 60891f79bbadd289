/* SPDX-License-Identifier: Apache-2.0
 *
 * listen: where a server listens, from its text to a socket.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "serve/room.h"

#define BACKLOG 512

int
listen_address_unix(const char *path, struct listen_address *ret, struct err *err)
{
	struct sockaddr_un *un = (struct sockaddr_un *)(void *)&ret->socket;
	size_t len = strlen(path);

	*ret = (struct listen_address){.len = sizeof(*un)};
	if (len == 0 || path[0] != '/')
		return err_set(err, "'%s' is no path from the root: unix:/path", path);
	if (len >= sizeof(ret->path))
		return err_set(err, "a socket's path has at most %zu bytes, not %zu: %.80s...",
		    sizeof(ret->path) - 1, len, path);
	memcpy(ret->path, path, len + 1);
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path, len + 1);
	return 0;
}

static void
set_inet(const struct ip *ip, uint16_t port, struct listen_address *ret)
{
	struct sockaddr_in *in4 = (struct sockaddr_in *)(void *)&ret->socket;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)&ret->socket;

	if (ip->family == 4) {
		in4->sin_family = AF_INET;
		in4->sin_port = htons(port);
		memcpy(&in4->sin_addr, ip->byte, 4);
		ret->len = sizeof(*in4);
	} else {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		memcpy(&in6->sin6_addr, ip->byte, 16);
		ret->len = sizeof(*in6);
	}
}

static bool
is_loopback(const struct ip *ip)
{
	static const uint8_t six[16] = {[15] = 1};

	return ip->family == 4 ? ip->byte[0] == 127 : memcmp(ip->byte, six, 16) == 0;
}

/* "from 192.0.2.0/28 2001:db8::/64", or nothing. */
static int
read_from(struct str text, struct listen_address *ret, struct err *err)
{
	text = str_trim(text);
	if (text.len == 0)
		return 0;
	if (!str_skip(&text, STR("from ")))
		return err_set(err, "'%.*s' is not: from NETWORK ...", STR_ARG(text));
	while ((text = str_trim(text)).len) {
		struct str word = str_cut(&text, ' ');

		if (ret->from_count == LISTEN_FROM_MAX)
			return err_set(err, "more than %d networks", LISTEN_FROM_MAX);
		if (!cidr_parse(word, &ret->from[ret->from_count++]))
			return err_set(err, "'%.*s' is no network", STR_ARG(word));
	}
	return 0;
}

/* "127.0.0.1:10040" or "[::1]:10040", and who may ask. */
static int
read_inet(struct str text, struct listen_address *ret, struct err *err)
{
	struct str where = str_cut(&text, ' '), host;
	int64_t port = 0;
	struct ip ip;
	size_t colon = str_find_last(where, STR(":"));

	host = str_head(where, colon);
	if (host.len > 2 && host.p[0] == '[' && host.p[host.len - 1] == ']')
		host = (struct str){host.p + 1, host.len - 2};
	if (colon == where.len || !ip_parse(host, &ip) ||
	    (ip.family == 6) != (where.p[0] == '[') ||
	    !str_number(str_from(where, colon + 1), &port) || port < 1 || port > 65535)
		return err_set(err, "'%.*s' is not as inet:127.0.0.1:10040 or "
		    "inet:[::1]:10040", STR_ARG(where));
	set_inet(&ip, (uint16_t)port, ret);
	if (read_from(text, ret, err) < 0)
		return -1;
	if (!is_loopback(&ip) && ret->from_count == 0)
		return err_set(err, "needs to be told who may ask: inet:%.*s from NETWORK ...",
		    STR_ARG(where));
	return 0;
}

int
listen_address_read(struct str text, struct listen_address *ret, struct err *err)
{
	struct str left = str_trim(text);
	char path[4096];
	int result;

	*ret = (struct listen_address){0};
	if (str_skip(&left, STR("unix:"))) {
		snprintf(path, sizeof(path), "%.*s", STR_ARG(left));
		result = listen_address_unix(path, ret, err);
	} else if (str_skip(&left, STR("inet:"))) {
		result = read_inet(left, ret, err);
	} else {
		return err_set(err, "'%.*s' is not unix:/path or inet:address:port",
		    STR_ARG(text));
	}
	return result;
}

/* What is no socket is never replaced. */
static int
check_path(const struct listen_address *address, struct err *err)
{
	struct stat status;

	if (address->path[0] && lstat(address->path, &status) == 0 &&
	    !S_ISSOCK(status.st_mode))
		return err_set(err, "%s is there, and no socket", address->path);
	return 0;
}

int
policy_check(struct str text, struct err *err)
{
	struct listen_address address;

	return listen_address_read(text, &address, err) < 0 ? -1 : check_path(&address, err);
}

int
control_check(const char *path, struct err *err)
{
	struct listen_address address;

	return listen_address_unix(path, &address, err) < 0 ? -1 : check_path(&address, err);
}

/* Does somebody listen on the socket at ADDRESS's path? -1: that cannot be asked. */
static int
is_answered(const struct listen_address *address, struct err *err)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), result;

	if (fd < 0)
		return err_no_descriptor(err, "to ask who listens");
	result = connect(fd, (const struct sockaddr *)&address->socket, address->len) == 0 ||
	    (errno != ECONNREFUSED && errno != ENOENT);
	close(fd);
	return result;
}

/* A guard that was killed has processes that end with it, a moment later. */
#define DYING_MSEC 2000
#define DYING_STEP 20

/* Does nobody listen on the socket at ADDRESS's path? Then it may go. */
static int
remove_stale(const struct listen_address *address, struct err *err)
{
	struct stat status;
	int answered = 1;

	if (lstat(address->path, &status) < 0)
		return 0; /* bind() says what else is wrong */
	if (check_path(address, err) < 0)
		return -1;
	for (int waited = 0; answered > 0 && waited < DYING_MSEC; waited += DYING_STEP) {
		if (waited)
			poll(NULL, 0, DYING_STEP);
		answered = is_answered(address, err);
	}
	if (answered > 0)
		return err_set(err, "%s: another process listens there", address->path);
	if (answered < 0)
		return -1;
	if (unlink(address->path) < 0 && errno != ENOENT)
		return err_set(err, "%s: %s", address->path, strerror(errno));
	return 0;
}

/* A socket's file has MODE from the beginning: who finds it may connect. */
static int
bind_to(int fd, const struct listen_address *address, mode_t mode, struct err *err)
{
	const void *name = &address->socket;
	const struct sockaddr_in *in4 = name;
	const struct sockaddr_in6 *in6 = name;
	char host[INET6_ADDRSTRLEN] = "";
	mode_t mask = umask(~mode & 0777);
	int result = bind(fd, name, address->len);

	umask(mask);
	if (result == 0 && listen(fd, BACKLOG) == 0)
		return 0;
	if (address->path[0])
		return err_set(err, "%s: %s", address->path, strerror(errno));
	if (in4->sin_family == AF_INET)
		inet_ntop(AF_INET, &in4->sin_addr, host, sizeof(host));
	else
		inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof(host));
	return err_set(err, "%s port %u: %s", host, ntohs(in4->sin_port), strerror(errno));
}

int
listen_open(const struct listen_address *address, mode_t mode, struct err *err)
{
	int family = ((const struct sockaddr *)&address->socket)->sa_family;
	int on = 1, fd;

	if (family == AF_UNIX && remove_stale(address, err) < 0)
		return -1;
	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_no_descriptor(err, "to listen");
	if (family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind_to(fd, address, mode, err) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Where FD listens; false when it does not. */
static bool
listens(int fd, struct sockaddr_storage *ret)
{
	socklen_t len = sizeof(*ret), size = sizeof(int);
	int on = 0;

	memset(ret, 0, sizeof(*ret));
	return fd >= 0 && getsockname(fd, (struct sockaddr *)ret, &len) == 0 &&
	    getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &size) == 0 && on;
}

int
listen_handed(struct serve_handed *handed, const struct listen_address *address)
{
	struct sockaddr_storage name;
	struct stat status;

	/* Somebody took its name away: nobody would find it. */
	if (address->path[0] && lstat(address->path, &status) < 0)
		return -1;
	for (size_t i = 0; handed && i < handed->count; i++) {
		int fd = handed->sockets[i];

		if (!listens(fd, &name) || memcmp(&name, &address->socket, sizeof(name)) != 0)
			continue;
		handed->sockets[i] = -1;
		return fd;
	}
	return -1;
}

void
serve_handed_close(struct serve_handed *handed)
{
	struct sockaddr_storage name;

	for (size_t i = 0; i < handed->count; i++) {
		const struct sockaddr_un *un = (const struct sockaddr_un *)(const void *)&name;

		if (listens(handed->sockets[i], &name) && un->sun_family == AF_UNIX &&
		    un->sun_path[0])
			unlink(un->sun_path);
		if (handed->sockets[i] >= 0)
			close(handed->sockets[i]);
	}
	handed->count = 0;
}
