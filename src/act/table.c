/* SPDX-License-Identifier: Apache-2.0
 *
 * table: one guard for an nft table. A socket with a name of its own and no file says
 * whose it is: like tables, such names are of a network namespace, and the kernel takes
 * it away with its process. Anybody may have the name first, but who listens is told by
 * the kernel: of others than root and ourselves it means nothing.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "act/room.h"

static socklen_t
put_name(const char *table, struct sockaddr_un *ret)
{
	int len;

	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	len = snprintf(ret->sun_path + 1, sizeof(ret->sun_path) - 1, "postern/nft/%s", table);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);
}

static int
open_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

pid_t
act_table_owner(const char *table)
{
	struct sockaddr_un name;
	socklen_t len = put_name(table, &name), size = sizeof(struct ucred);
	struct ucred who = {.pid = 0};
	int fd = open_socket();

	if (fd < 0 || connect(fd, (struct sockaddr *)&name, len) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0 ||
	    (who.uid != 0 && who.uid != geteuid()))
		who.pid = 0;
	if (fd >= 0)
		close(fd);
	return who.pid;
}

int
act_table_hold(const char *table, int *ret, struct err *err)
{
	struct sockaddr_un name;
	socklen_t len = put_name(table, &name);
	int fd = open_socket();
	pid_t owner;

	*ret = -1;
	if (fd < 0)
		return err_no_descriptor(err, "to hold a table of nft");
	if (bind(fd, (struct sockaddr *)&name, len) == 0 &&
	    listen(fd, SOMAXCONN) == 0) {
		*ret = fd;
		return 0;
	}
	close(fd);
	owner = act_table_owner(table);
	return owner == 0 ? 0 : act_table_taken(table, owner, err);
}

int
act_table_taken(const char *table, pid_t owner, struct err *err)
{
	return err_set(err, "another guard has the table '%s': process %d; expected one that "
	    "no other has", table, (int)owner);
}

void
act_table_turn_away(int held)
{
	int fd;

	while ((fd = accept4(held, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		close(fd);
}
