/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-handover: what passes from one process that judges to the next at SIGHUP: a file
 * without a name for what is remembered, and its sockets, so that who asks meanwhile waits
 * a little instead of being refused. The process between them holds both and looks into
 * neither, as it has privileges and what judges reads what attackers write.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/guard-room.h"

#define AT_A_TIME 64 /* sockets in one message */

static void
close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
handover_init(struct handover *handover)
{
	handover->last = handover->next = handover->channel[0] = handover->channel[1] = -1;
	handover->count = 0;
}

void
handover_prepare(struct handover *handover)
{
	struct err err;

	handover->next = memfd_create("postern-state", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (handover->next < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, handover->channel) < 0) {
		err_no_descriptor(&err, "for what a reload hands over");
		complain("%s", err.text);
	}
}

/* Takes the sockets that MESSAGE brought; those that are too many are closed. */
static void
take_sockets(struct handover *handover, struct msghdr *message)
{
	struct cmsghdr *part = CMSG_FIRSTHDR(message);
	int fds[AT_A_TIME];
	size_t count;

	if (!part || part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
		return;
	count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fds, CMSG_DATA(part), count * sizeof(int));
	for (size_t i = 0; i < count; i++)
		if (handover->count < SERVE_HANDED_MAX)
			handover->sockets[handover->count++] = fds[i];
		else
			close(fds[i]);
}

bool
handover_receive(struct handover *handover)
{
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(AT_A_TIME * sizeof(int))];
	char byte;
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = room,
	    .msg_controllen = sizeof(room)};
	/* Who judges may not have us wait: it is not to be trusted. */
	ssize_t n = recvmsg(handover->channel[0], &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (n > 0)
		take_sockets(handover, &message);
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		close_one(&handover->channel[0]);
	return n > 0 || (n < 0 && errno == EINTR);
}

void
handover_settle(struct handover *handover, bool keep)
{
	/* Nobody changes it any more, whoever else may still have it. */
	if (handover->next >= 0 &&
	    fcntl(handover->next, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW |
	        F_SEAL_WRITE) < 0)
		close_one(&handover->next);
	/* It has ended: what it sent is all there, whoever else may still hold its end. */
	while (handover->channel[0] >= 0 && handover_receive(handover))
		;
	close_one(&handover->channel[0]);
	close_one(&handover->last);
	handover->last = handover->next;
	handover->next = -1;
	if (!keep)
		handover_forget(handover);
}

void
handover_keep(struct handover *handover)
{
	close_one(&handover->next);
	close_one(&handover->channel[0]);
}

void
handover_forget(struct handover *handover)
{
	close_one(&handover->last);
	while (handover->count)
		close(handover->sockets[--handover->count]);
}

static int
send_some(int channel, const int *fds, size_t count)
{
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(AT_A_TIME * sizeof(int))] = {0};
	char byte = 's';
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = room,
	    .msg_controllen = CMSG_SPACE(count * sizeof(int))};
	struct cmsghdr *part = (struct cmsghdr *)(void *)room;

	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(part), fds, count * sizeof(int));
	return sendmsg(channel, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int
handover_send(const struct handover *handover, const struct serve_handing *handing,
    struct err *err)
{
	for (size_t i = 0; i < handing->count; i += AT_A_TIME) {
		size_t n = handing->count - i < AT_A_TIME ? handing->count - i : AT_A_TIME;

		if (send_some(handover->channel[1], handing->sockets + i, n) < 0)
			return err_set(err, "sockets cannot be handed over: %s",
			    strerror(errno));
	}
	return 0;
}
