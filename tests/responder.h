/* SPDX-License-Identifier: Apache-2.0
 *
 * responder: a name server on loopback for tests. It answers about 198.18.0.0/15 and
 * 2001:db8::/111, whose addresses are numbers n; what it does with a number under
 * 65536 depends on n % 100 (responder_kind()), any other one is well. It counts what
 * it is asked.
 */
#ifndef TESTS_RESPONDER_H
#define TESTS_RESPONDER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct responder_count {
	uint64_t queries, tcp;
};

struct responder {
	int udp, tcp;
	uint16_t port;
	pid_t pid;
	struct responder_count *count; /* shared with the process that answers */
};

/* What becomes of number N. */
static char
responder_kind(unsigned n)
{
	/* .: silence  g: garbage  m: the name leads elsewhere  t: TCP only  c: CNAME to
	 * the PTR  9: ten names  b: no host name  x, s: forward nxdomain, servfail
	 * a: forward through a CNAME  N: nxdomain  D: nodata  S: servfail  R: refused */
	static const char kinds[] = ".gmtc9bxsaNNNNNDDDDDSSSSSRRRRR";

	if (n >= 65536 || n % 100 >= sizeof(kinds) - 1)
		return 'h';
	return kinds[n % 100];
}

static uint32_t
responder_ttl(unsigned n)
{
	static const uint32_t ttls[] = {60, 7200, 30 * 86400};

	return ttls[n % 3];
}

struct responder_reply {
	unsigned char p[4096];
	size_t len;
};

static void
responder_put16(struct responder_reply *to, unsigned value)
{
	to->p[to->len++] = (unsigned char)(value >> 8);
	to->p[to->len++] = (unsigned char)value;
}

static void
responder_put_name(struct responder_reply *to, const char *name)
{
	while (*name) {
		size_t n = strcspn(name, ".");

		to->p[to->len++] = (unsigned char)n;
		memcpy(to->p + to->len, name, n);
		to->len += n;
		name += n + (name[n] == '.');
	}
	to->p[to->len++] = 0;
}

/* A record of OWNER (NULL: the question's name) up to its data's length. */
static void
responder_put_head(struct responder_reply *to, const char *owner, unsigned type, uint32_t ttl)
{
	if (owner)
		responder_put_name(to, owner);
	else
		responder_put16(to, 0xc00c);
	responder_put16(to, type);
	responder_put16(to, 1);
	responder_put16(to, ttl >> 16);
	responder_put16(to, ttl & 0xffff);
	to->p[7]++; /* answers, below 256 */
}

static void
responder_put_alias(struct responder_reply *to, const char *owner, unsigned type, uint32_t ttl,
    const char *name)
{
	size_t at;

	responder_put_head(to, owner, type, ttl);
	at = to->len;
	responder_put16(to, 0);
	responder_put_name(to, name);
	to->p[at + 1] = (unsigned char)(to->len - at - 2);
}

static void
responder_put_address(struct responder_reply *to, const char *owner, unsigned type, unsigned n,
    bool right)
{
	unsigned char v6[16] = {0x20, 0x01, 0x0d, 0xb8};

	responder_put_head(to, owner, type, responder_ttl(n));
	responder_put16(to, type == 1 ? 4 : 16);
	if (type == 1) {
		responder_put16(to, 198u << 8 | (18 + (n >> 16)));
		responder_put16(to, n & 0xffff);
	} else {
		v6[13] = (unsigned char)(n >> 16);
		v6[14] = (unsigned char)(n >> 8);
		v6[15] = (unsigned char)n;
		memcpy(to->p + to->len, v6, 16);
		to->len += 16;
	}
	if (!right)
		to->p[to->len - 1] ^= 1;
}

/* N of "7.0.18.198.in-addr.arpa" or of an ip6.arpa name. */
static unsigned
responder_number(const char *name)
{
	unsigned n = 0;
	const char *p = name;

	if (strstr(name, ".ip6.arpa")) {
		for (unsigned i = 0; i < 5; i++)
			n |= (unsigned)strtoul((char[]){name[2 * i], 0}, NULL, 16) << 4 * i;
		return n;
	}
	for (unsigned i = 0; i < 3 && *p; i++) {
		char *end;
		unsigned byte = (unsigned)strtoul(p, &end, 10);

		n |= (i < 2 ? byte : byte & 1) << 8 * i;
		p = end + (*end == '.');
	}
	return n;
}

static void
responder_names(struct responder_reply *to, unsigned n, bool tcp)
{
	char name[64], kind = responder_kind(n);
	uint32_t ttl = responder_ttl(n);

	snprintf(name, sizeof(name), "%c%u.Test", strchr("mxsa", kind) ? kind : 'h', n);
	switch (kind) {
	case 'N':
		to->p[3] |= 3;
		break;
	case 'S':
		to->p[3] |= 2;
		break;
	case 'R':
		to->p[3] |= 5;
		break;
	case 'D':
		break;
	case 'b':
		responder_put_alias(to, NULL, 12, ttl, "bad name<script>.test");
		break;
	case 'g':
		responder_put_head(to, NULL, 12, ttl);
		responder_put16(to, 200);
		break;
	case 'c':
		responder_put_alias(to, NULL, 5, ttl, "7.0/25.18.198.in-addr.arpa");
		responder_put_alias(to, "7.0/25.18.198.IN-ADDR.arpa", 12, ttl, name);
		break;
	case '9':
		for (int i = 0; i < 10; i++) {
			snprintf(name, sizeof(name), i == 6 ? "h%u.test" : "m%u-%d.test",
			    n, i);
			responder_put_alias(to, NULL, 12, ttl, name);
		}
		break;
	default:
		if (kind == 't' && !tcp)
			to->p[2] |= 2;
		else
			responder_put_alias(to, NULL, 12, ttl, name);
	}
}

static void
responder_addresses(struct responder_reply *to, const char *name, unsigned type)
{
	unsigned n = (unsigned)strtoul(name + 1, NULL, 10);
	char alias[64];

	snprintf(alias, sizeof(alias), "h%u.alias.test", n);
	if (name[0] == 'x') {
		to->p[3] |= 3;
	} else if (name[0] == 's') {
		to->p[3] |= 2;
	} else if (name[0] == 'a') {
		responder_put_alias(to, NULL, 5, 60, alias);
		responder_put_address(to, alias, type, n, true);
	} else {
		responder_put_address(to, NULL, type, n, name[0] != 'm');
	}
}

/* The reply to a query, or none (len 0). */
static void
responder_answer(struct responder *responder, const unsigned char *query, size_t len, bool tcp,
    struct responder_reply *to)
{
	char name[256] = "";
	size_t at = 12, to_name = 0;
	unsigned type, n;

	to->len = 0;
	__atomic_add_fetch(&responder->count->queries, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&responder->count->tcp, tcp, __ATOMIC_RELAXED);
	while (at < len && query[at] && at + query[at] < len && to_name + query[at] < 250) {
		memcpy(name + to_name, query + at + 1, query[at]);
		to_name += query[at];
		name[to_name++] = '.';
		at += query[at] + 1u;
	}
	if (at + 5 > len || to_name == 0)
		return;
	name[to_name - 1] = '\0';
	type = (unsigned)query[at + 1] << 8 | query[at + 2];
	memcpy(to->p, query, at + 5);
	to->len = at + 5;
	to->p[2] = 0x81;
	to->p[3] = 0x80;
	memset(to->p + 6, 0, 6);
	if (type != 12) {
		responder_addresses(to, name, type);
		return;
	}
	n = responder_number(name);
	if (responder_kind(n) == '.')
		to->len = 0;
	else
		responder_names(to, n, tcp);
}

/* Answers what is asked on one TCP connection until it is closed. */
static void
responder_connection(struct responder *responder, int fd)
{
	unsigned char in[2048];
	struct responder_reply to;
	size_t have = 0;
	ssize_t got;

	while ((got = read(fd, in + have, sizeof(in) - have)) > 0) {
		size_t want;

		have += (size_t)got;
		while (have >= 2 && have >= (want = 2 + ((size_t)in[0] << 8 | in[1]))) {
			responder_answer(responder, in + 2, want - 2, true, &to);
			memmove(to.p + 2, to.p, to.len);
			to.p[0] = (unsigned char)(to.len >> 8);
			to.p[1] = (unsigned char)to.len;
			if (to.len && write(fd, to.p, to.len + 2) < 0)
				have = want;
			memmove(in, in + want, have - want);
			have -= want;
		}
	}
}

static void
responder_accept(struct responder *responder)
{
	int fd = accept(responder->tcp, NULL, NULL);

	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		responder_connection(responder, fd);
		_exit(0);
	}
	close(fd);
}

static void
responder_serve(struct responder *responder)
{
	struct pollfd wait[2] = {{.fd = responder->udp, .events = POLLIN},
	    {.fd = responder->tcp, .events = POLLIN}};
	unsigned char in[2048];
	struct responder_reply to;

	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	while (poll(wait, 2, -1) > 0) {
		struct sockaddr_in from;
		socklen_t size = sizeof(from);
		ssize_t got;

		if (wait[1].revents)
			responder_accept(responder);
		if (!wait[0].revents)
			continue;
		got = recvfrom(responder->udp, in, sizeof(in), 0, (struct sockaddr *)&from,
		    &size);
		if (got <= 0)
			continue;
		responder_answer(responder, in, (size_t)got, false, &to);
		if (to.len)
			sendto(responder->udp, to.p, to.len, 0, (struct sockaddr *)&from,
			    size);
	}
}

/* UDP and TCP on the same free port of 127.0.0.1. */
static bool
responder_bind(struct responder *responder)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t size = sizeof(at);
	int bytes = 1 << 20;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int i = 0; i < 20; i++) {
		at.sin_port = 0;
		responder->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		responder->tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		setsockopt(responder->udp, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
		if (bind(responder->udp, (struct sockaddr *)&at, sizeof(at)) == 0 &&
		    getsockname(responder->udp, (struct sockaddr *)&at, &size) == 0 &&
		    bind(responder->tcp, (struct sockaddr *)&at, sizeof(at)) == 0 &&
		    listen(responder->tcp, 64) == 0) {
			responder->port = ntohs(at.sin_port);
			return true;
		}
		close(responder->udp);
		close(responder->tcp);
	}
	return false;
}

/* Starts a process that answers; it ends with its parent. */
static bool
responder_start(struct responder *responder)
{
	responder->count = mmap(NULL, sizeof(*responder->count), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (responder->count == MAP_FAILED || !responder_bind(responder))
		return false;
	fflush(NULL);
	responder->pid = fork();
	if (responder->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		responder_serve(responder);
		_exit(0);
	}
	close(responder->udp);
	close(responder->tcp);
	return responder->pid > 0;
}

static void
responder_stop(struct responder *responder)
{
	kill(responder->pid, SIGKILL);
	waitpid(responder->pid, NULL, 0);
	munmap(responder->count, sizeof(*responder->count));
}

#endif
