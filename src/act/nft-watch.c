/* SPDX-License-Identifier: Apache-2.0 */
#include "act/nft-watch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"

/* What waits for us may be this much; behind that we are told that something was lost. */
#define ROOM (4 * 1024 * 1024)
#define PATIENCE 1000 /* ms, for an answer */

/* The first attribute of all that is told of tables, chains, rules, sets, elements. */
#define ATTRIBUTE_TABLE 1

static int
open_socket(void)
{
	struct sockaddr_nl any = {.nl_family = AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    NETLINK_NETFILTER);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&any, sizeof(any)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static int
listen_to(struct nft_watch *watch, bool wanted)
{
	return setsockopt(watch->heard, SOL_NETLINK,
	    wanted ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP,
	    &(int){NFNLGRP_NFTABLES}, sizeof(int));
}

void
nft_watch_open(struct nft_watch *watch)
{
	*watch = (struct nft_watch){.heard = open_socket(), .asking = open_socket()};
	if (watch->heard < 0 || watch->asking < 0 || listen_to(watch, true) < 0) {
		nft_watch_close(watch);
		return;
	}
	setsockopt(watch->heard, SOL_SOCKET, SO_RCVBUFFORCE, &(int){ROOM}, sizeof(int));
}

void
nft_watch_close(struct nft_watch *watch)
{
	if (watch->heard >= 0)
		close(watch->heard);
	if (watch->asking >= 0)
		close(watch->asking);
	watch->heard = watch->asking = -1;
}

/* The attribute TYPE of a message of LEN bytes behind its head; empty: it has none. */
static struct str
attribute(const char *message, size_t len, unsigned type)
{
	size_t at = sizeof(struct nfgenmsg); /* which is aligned */
	struct nlattr attr;

	while (at + sizeof(attr) <= len) {
		memcpy(&attr, message + at, sizeof(attr));
		if (attr.nla_len < sizeof(attr) || attr.nla_len > len - at)
			break;
		if ((attr.nla_type & NLA_TYPE_MASK) == type)
			return (struct str){message + at + sizeof(attr),
			    attr.nla_len - sizeof(attr)};
		at += (size_t)NLA_ALIGN(attr.nla_len);
	}
	return (struct str){NULL, 0};
}

/* Calls EACH with the messages of one datagram: type, what is behind the head, its length. */
static bool
messages(const char *bytes, size_t len,
    bool (*each)(void *context, unsigned type, const char *message, size_t len), void *context)
{
	struct nlmsghdr head;

	while (len >= sizeof(head)) {
		memcpy(&head, bytes, sizeof(head));
		if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > len)
			break;
		if (each(context, head.nlmsg_type, bytes + NLMSG_HDRLEN,
			head.nlmsg_len - NLMSG_HDRLEN))
			return true;
		if (NLMSG_ALIGN(head.nlmsg_len) >= len)
			break;
		bytes += NLMSG_ALIGN(head.nlmsg_len);
		len -= NLMSG_ALIGN(head.nlmsg_len);
	}
	return false;
}

#define TYPE(message) (NFNL_SUBSYS_NFTABLES << 8 | (message))

static bool
take_number(void *context, unsigned type, const char *message, size_t len)
{
	struct str id = type == TYPE(NFT_MSG_NEWGEN) ? attribute(message, len, NFTA_GEN_ID) :
	    (struct str){NULL, 0};
	uint32_t number;

	if (id.len != sizeof(number))
		return false;
	memcpy(&number, id.p, sizeof(number));
	*(uint32_t *)context = ntohl(number);
	return true;
}

/* The number of the last change; 0: none is known. */
static uint32_t
ask_number(const struct nft_watch *watch)
{
	struct {
		struct nlmsghdr head;
		struct nfgenmsg family;
	} request = {{sizeof(request), TYPE(NFT_MSG_GETGEN), NLM_F_REQUEST, 0, 0},
	    {AF_UNSPEC, NFNETLINK_V0, 0}};
	struct pollfd poller = {.fd = watch->asking, .events = POLLIN};
	char bytes[8192];
	uint32_t number = 0;
	ssize_t n;

	if (send(watch->asking, &request, sizeof(request), 0) < 0)
		return 0;
	while (poll(&poller, 1, PATIENCE) > 0) {
		n = recv(watch->asking, bytes, sizeof(bytes), 0);
		if (n < 0 || messages(bytes, (size_t)n, take_number, &number))
			break;
	}
	return number;
}

static bool
is_about(void *context, unsigned type, const char *message, size_t len)
{
	struct str table = attribute(message, len, ATTRIBUTE_TABLE);
	struct nfgenmsg family;

	if (type >> 8 != NFNL_SUBSYS_NFTABLES || type == TYPE(NFT_MSG_NEWGEN) ||
	    len < sizeof(family))
		return false;
	memcpy(&family, message, sizeof(family));
	return family.nfgen_family == NFPROTO_INET && table.len &&
	    str_eq(str_head(table, table.len - 1), str_of(context));
}

bool
nft_watch_look(struct nft_watch *watch, const char *table)
{
	char bytes[65536], name[64];
	ssize_t n;

	if (watch->heard < 0)
		return false;
	snprintf(name, sizeof(name), "%s", table);
	while ((n = recv(watch->heard, bytes, sizeof(bytes), 0)) > 0 || errno == ENOBUFS ||
	    errno == EINTR)
		watch->changed |= n < 0 ? errno == ENOBUFS :
		    messages(bytes, (size_t)n, is_about, name);
	return watch->changed;
}

void
nft_watch_begin(struct nft_watch *watch)
{
	if (watch->heard < 0)
		return;
	watch->number = ask_number(watch);
	listen_to(watch, false);
}

void
nft_watch_end(struct nft_watch *watch, bool done)
{
	uint32_t number;

	if (watch->heard < 0)
		return;
	listen_to(watch, true);
	number = ask_number(watch);
	/* What was not done is told from its beginning. Numbers go round, without 0. */
	if (done && watch->number && number - watch->number != 1 &&
	    !(number == 1 && watch->number == UINT32_MAX))
		watch->changed = true;
}
