/* SPDX-License-Identifier: Apache-2.0
 *
 * policy serve PATH: nothing but the server, for tests with a real Postfix.
 * policy [RATE [SECONDS [CONNECTIONS]]]: Postfix's questions at a fixed rate (20000 a
 * second, for 5 s, on 50 connections), whether the answers keep up or not, to a policy
 * server in a process of its own that knows 100000 banned addresses and the rates of
 * 1000 users. Each answer is timed from when its question was due, so that a late one
 * makes those behind it late, too. Prints rate, quantiles, and what the server cost.
 * Where others use the processors, the quietest second says more than all of them.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/lru.h"
#include "base/mem.h"
#include "serve/serve.h"

#define BANNED 100000
#define CONNECTIONS_MAX 500

static char path[64];

static int64_t
now_nsec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct knowledge {
	struct lru *banned;
	struct policy_rates *rates;
};

static struct str
binary(const struct ip *ip)
{
	return (struct str){(const char *)ip->byte, sizeof(ip->byte)};
}

static void
ask(void *context, const struct policy_request *request, struct buf *answer)
{
	struct knowledge *knowledge = context;

	if (lru_find(knowledge->banned, lru_key(binary(&request->client))))
		buf_str(answer, STR("REJECT 5.7.1 Access denied, see postern bans explain 1"));
	else if (policy_rates_over(knowledge->rates, request, now_nsec() / 1000))
		buf_str(answer, STR("DEFER_IF_PERMIT 4.7.1 too many messages"));
}

static struct ip
address_of(unsigned n)
{
	struct ip ip = {.family = 4, .byte = {198, (uint8_t)(18 + (n >> 16 & 1)),
	    (uint8_t)(n >> 8), (uint8_t)n}};

	return ip;
}

static void
serve(int ready)
{
	struct knowledge knowledge = {.banned = lru_new(1, BANNED, NULL),
	    .rates = policy_rates_new(100, INT64_C(3600) * 1000000)};
	struct policy_server *server;
	char address[80];
	struct str listen = {address, 0};
	struct err err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (unsigned i = 0; i < BANNED; i++) {
		struct ip ip = address_of(i);

		lru_get(knowledge.banned, lru_key(binary(&ip)));
	}
	snprintf(address, sizeof(address), "unix:%s", path);
	listen.len = strlen(address);
	if (policy_open(&listen, 1, ask, &knowledge, &server, &err) < 0) {
		fprintf(stderr, "policy: %s\n", err.text);
		_exit(1);
	}
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;) {
		struct pollfd poller = {.fd = policy_fd(server), .events = POLLIN};

		if (poll(&poller, 1, -1) > 0)
			policy_process(server, NULL, NULL);
	}
}

struct asking {
	struct pollfd *polls;
	int64_t *due;      /* of the question that each connection waits for; 0: none */
	int connections;
	int64_t interval, next; /* ns; when the next question is due */
	uint32_t *took;    /* microseconds */
	size_t all, sent, answered;
};

static bool
send_question(struct asking *asking, int i)
{
	char text[1024], ip[IP_TEXT_MAX];
	struct ip address = address_of((unsigned)asking->sent * 7919u % (2 * BANNED));
	int len;

	ip_format(&address, ip);
	len = snprintf(text, sizeof(text), "request=smtpd_access_policy\n"
	    "protocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=%s\n"
	    "client_name=unknown\nreverse_client_name=unknown\nhelo_name=mail.example.test\n"
	    "sender=anna@example.test\nrecipient=bert@example.test\nrecipient_count=0\n"
	    "queue_id=\ninstance=%zx.%zx.0\nsize=0\netrn_domain=\nstress=\nsasl_method=plain\n"
	    "sasl_username=user%zu\nsasl_sender=\nccert_subject=\nccert_issuer=\n"
	    "ccert_fingerprint=\nccert_pubkey_fingerprint=\nencryption_protocol=TLSv1.3\n"
	    "encryption_cipher=TLS_AES_256_GCM_SHA384\nencryption_keysize=256\n"
	    "policy_context=\nserver_address=192.0.2.25\nserver_port=25\n\n",
	    ip, asking->sent, asking->sent / 5, asking->sent % 1000);
	asking->due[i] = asking->next;
	asking->next += asking->interval;
	asking->sent++;
	return send(asking->polls[i].fd, text, (size_t)len, MSG_NOSIGNAL) == len;
}

static bool
take_answer(struct asking *asking, int i)
{
	char text[1024];
	ssize_t n = recv(asking->polls[i].fd, text, sizeof(text), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN;
	if (n < 9 || memcmp(text, "action=", 7) != 0 || text[n - 1] != '\n')
		return false;
	asking->took[asking->answered++] =
	    (uint32_t)((now_nsec() - asking->due[i]) / 1000);
	asking->due[i] = 0;
	return true;
}

static bool
ask_all(struct asking *asking)
{
	int turn = 0;

	asking->next = now_nsec();
	while (asking->answered < asking->all) {
		int64_t now = now_nsec(), left;
		struct timespec wait = {0};

		for (int i = 0; i < asking->connections && asking->next <= now &&
		     asking->sent < asking->all; i++) {
			turn = turn + 1 < asking->connections ? turn + 1 : 0;
			if (asking->due[turn] == 0 && !send_question(asking, turn))
				return false;
		}
		left = asking->next - now_nsec();
		if (asking->sent == asking->all || left < 0)
			left = 1000000;
		wait.tv_nsec = (long)left;
		if (ppoll(asking->polls, (nfds_t)asking->connections, &wait, NULL) < 0)
			return false;
		for (int i = 0; i < asking->connections; i++)
			if (asking->polls[i].revents && !take_answer(asking, i))
				return false;
	}
	return true;
}

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The least p99 of any second: what it is when nobody else wants the processor. */
static uint32_t
quietest(const struct asking *asking, size_t rate)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i + rate <= asking->all; i += rate) {
		qsort(asking->took + i, rate, sizeof(*asking->took), by_size);
		if (asking->took[i + rate * 99 / 100] < least)
			least = asking->took[i + rate * 99 / 100];
	}
	return least;
}

static bool
connect_all(struct asking *asking)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};

	memcpy(un.sun_path, path, strlen(path));
	for (int i = 0; i < asking->connections; i++) {
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);

		if (fd < 0 || connect(fd, (struct sockaddr *)&un, sizeof(un)) < 0)
			return false;
		asking->polls[i] = (struct pollfd){.fd = fd, .events = POLLIN};
	}
	return true;
}

static int
measure(pid_t pid, int64_t rate, int64_t seconds, int64_t connections)
{
	struct asking asking = {.connections = (int)connections,
	    .interval = 1000000000 / rate, .all = (size_t)(rate * seconds)};
	struct rusage usage = {0};
	int64_t began, took;
	uint32_t quiet;
	double cpu;

	asking.polls = xcalloc((size_t)connections, sizeof(*asking.polls));
	asking.due = xcalloc((size_t)connections, sizeof(*asking.due));
	asking.took = xcalloc(asking.all, sizeof(*asking.took));
	prctl(PR_SET_TIMERSLACK, 1);
	began = now_nsec();
	if (!connect_all(&asking) || !ask_all(&asking)) {
		fprintf(stderr, "policy: %zu answers, then: %s\n", asking.answered,
		    strerror(errno));
		return 1;
	}
	took = now_nsec() - began;
	kill(pid, SIGTERM);
	wait4(pid, NULL, 0, &usage);
	cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	quiet = quietest(&asking, (size_t)rate);
	qsort(asking.took, asking.all, sizeof(*asking.took), by_size);
	printf("policy: %.0f requests/s on %d connections; p50 %u us, p99 %u us, "
	    "p99.9 %u us, max %u us, p99 of the quietest second %u us; server %.1f us CPU "
	    "each\n",
	    (double)asking.all / ((double)took / 1e9), asking.connections,
	    asking.took[asking.all / 2], asking.took[asking.all * 99 / 100],
	    asking.took[asking.all * 999 / 1000], asking.took[asking.all - 1], quiet,
	    cpu * 1e6 / (double)asking.all);
	return 0;
}

int
main(int argc, char **argv)
{
	int64_t rate = 20000, seconds = 5, connections = 50;
	int ready[2], result = 1;
	char byte;
	pid_t pid;

	hash_init();
	if (argc == 3 && strcmp(argv[1], "serve") == 0) {
		snprintf(path, sizeof(path), "%s", argv[2]);
		serve(STDOUT_FILENO);
	}
	if ((argc > 1 && !str_number(str_of(argv[1]), &rate)) ||
	    (argc > 2 && !str_number(str_of(argv[2]), &seconds)) ||
	    (argc > 3 && !str_number(str_of(argv[3]), &connections)) || rate < 1 ||
	    rate > 1000000 || seconds < 1 || seconds > 600 || connections < 1 ||
	    connections > CONNECTIONS_MAX) {
		fprintf(stderr, "usage: policy [RATE [SECONDS [CONNECTIONS]]]\n"
		    "       policy serve PATH\n");
		return 2;
	}
	snprintf(path, sizeof(path), "/tmp/postern-bench-policy-%ld", (long)getpid());
	if (pipe(ready) < 0 || (pid = fork()) < 0)
		return 1;
	if (pid == 0)
		serve(ready[1]);
	close(ready[1]);
	if (read(ready[0], &byte, 1) == 1)
		result = measure(pid, rate, seconds, connections);
	kill(pid, SIGKILL);
	unlink(path);
	return result;
}
