/* SPDX-License-Identifier: Apache-2.0
 *
 * The policy server over real sockets: requests whole, in pieces and many at a time,
 * nonsense, floods, readers that do not read.
 */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/child.h"
#include "serve/room.h"

#include "serve-kit.h"

#define REQUEST(address)                                                                \
	"request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=" address     \
	"\nsasl_username=anna\nsome_day=new\ninstance=1.2.3\n\n"

static struct policy_server *server;
static char seen[512];
static unsigned asked;

static void
ask(void *context, const struct policy_request *request, struct buf *answer)
{
	char ip[IP_TEXT_MAX] = "none";

	(void)context;
	asked++;
	if (request->client.family)
		ip_format(&request->client, ip);
	snprintf(seen, sizeof(seen), "%s %.*s %.*s %.*s", ip,
	    STR_ARG(request->protocol_state), STR_ARG(request->sasl_username),
	    STR_ARG(request->instance));
	if (str_eq(request->client_address, STR("192.0.2.1")))
		buf_str(answer, STR("REJECT 5.7.1 banned, id 01"));
	if (str_eq(request->client_address, STR("192.0.2.2")))
		buf_str(answer, STR("REJECT a\nb\033[31m\xff" "c"));
}

/* Lets the server do what there is to do. */
static void
turn(void)
{
	for (int i = 0; i < 1000 && readable(policy_fd(server), i == 0 ? 20 : 0); i++)
		policy_process(server, take_log, NULL);
}

static void
start(const char *address)
{
	struct str listen = str_of(address);
	struct err err;

	logged[0] = '\0';
	if (policy_open(&listen, 1, ask, NULL, &server, &err) < 0) {
		printf("Bail out! %s: %s\n", address, err.text);
		exit(1);
	}
}

static void
start_unix(void)
{
	char address[256];

	snprintf(address, sizeof(address), "unix:%s", socket_path);
	start(address);
}

static void
say(int fd, const char *text, size_t len)
{
	if (send(fd, text, len, MSG_NOSIGNAL) != (ssize_t)len)
		ok(false, "could not send: %s", strerror(errno));
}

/* TEXT whole and then byte by byte gives WANT; CLOSED: and the end of the connection. */
static void
asks(const char *text, const char *want, bool closed, const char *what)
{
	char got[4096];
	bool ended;
	int fd = connect_unix(socket_path);

	say(fd, text, strlen(text));
	turn();
	is_text(got, hear(fd, got, sizeof(got), &ended), want, what);
	ok(ended == closed, "%s: %s", what, closed ? "closed" : "kept open");
	close(fd);
	fd = connect_unix(socket_path);
	for (const char *p = text; *p; p++) {
		if (send(fd, p, 1, MSG_NOSIGNAL) < 0)
			break;
		turn();
	}
	is_text(got, hear(fd, got, sizeof(got), &ended), want, "the same byte by byte");
	ok(ended == closed, "the same byte by byte: %s", closed ? "closed" : "kept open");
	close(fd);
	turn();
}

static void
test_requests(void)
{
	start_unix();
	asks(REQUEST("192.0.2.1"), "action=REJECT 5.7.1 banned, id 01\n\n", false, "banned");
	is_text(seen, strlen(seen), "192.0.2.1 RCPT anna 1.2.3", "what was asked");
	asks(REQUEST("2001:DB8:0::9"), "action=DUNNO\n\n", false, "not banned");
	is_text(seen, strlen(seen), "2001:db8::9 RCPT anna 1.2.3", "IPv6 is read");
	asks(REQUEST("unknown"), "action=DUNNO\n\n", false, "no address");
	is_text(seen, strlen(seen), "none RCPT anna 1.2.3", "no address is none");
	asks(REQUEST("192.0.2.2"), "action=REJECT a?b?[31m?c\n\n", false,
	    "an answer without control characters");
	asks(REQUEST("192.0.2.1") REQUEST("192.0.2.3") REQUEST("192.0.2.1"),
	    "action=REJECT 5.7.1 banned, id 01\n\naction=DUNNO\n\n"
	    "action=REJECT 5.7.1 banned, id 01\n\n", false, "three at a time");
	asks("client_address=192.0.2.1\nclient_address=192.0.2.3\n"
	     "request=smtpd_access_policy\n\n",
	    "action=REJECT 5.7.1 banned, id 01\n\n", false, "told twice, the first counts");
	policy_close(server);
}

static void
test_nonsense(void)
{
	start_unix();
	asks("GET / HTTP/1.0\nHost: x\n\n", "", true, "HTTP");
	ok(strstr(logged, "a line that is not name=value"), "it is said why");
	asks(REQUEST("192.0.2.3") "x=1\n\n", "action=DUNNO\n\n", true,
	    "no request, after one that is");
	asks("request=something_else\nclient_address=192.0.2.1\n\n", "", true,
	    "another request");
	asks("\n\n", "", true, "an empty request");
	ok(!strchr(strchr(logged, '\n') + 1, '\n'), "said once in a while only");
	ok(policy_stats(server).bad == 8, "counted each time");
	policy_close(server);
}

/* BYTES of one line without end, or behind its end. */
static void
floods(size_t bytes, bool end, const char *what)
{
	char *text = malloc(bytes + 64), got[256];
	int fd = connect_unix(socket_path);
	bool ended = false;

	memset(text, 'x', bytes);
	memcpy(text, "request=", 8);
	if (end)
		memcpy(text + bytes - 2, "\n\n", 2);
	for (size_t i = 0; i < bytes && !ended; i += 1000) {
		send(fd, text + i, bytes - i < 1000 ? bytes - i : 1000, MSG_NOSIGNAL);
		turn();
		hear(fd, got, sizeof(got), &ended);
	}
	ok(ended, "%s: closed", what);
	close(fd);
	free(text);
	turn();
}

static void
test_floods(void)
{
	char request[16384], got[4096];
	size_t len = 0;
	bool ended;
	int fd;

	start_unix();
	floods(1 << 20, false, "a request without end");
	floods(5000, true, "a line of 5000 bytes");
	/* As long as can be: many lines of 1000 bytes. */
	while (len < 15000) {
		memset(request + len, 'y', 999);
		memcpy(request + len, "a=", 2);
		request[len + 999] = '\n';
		len += 1000;
	}
	len += (size_t)snprintf(request + len, sizeof(request) - len, "%s",
	    REQUEST("192.0.2.1"));
	fd = connect_unix(socket_path);
	say(fd, request, len);
	turn();
	is_text(got, hear(fd, got, sizeof(got), &ended),
	    "action=REJECT 5.7.1 banned, id 01\n\n", "a long request is answered");
	close(fd);
	turn();
	ok(policy_stats(server).connections == 0, "no connection is left");
	policy_close(server);
}

/* Asks 20000 times without reading: the server keeps little of it, and answers all. */
static void
test_slow_reader(void)
{
	static const char request[] = REQUEST("192.0.2.1");
	static const char want[] = "action=REJECT 5.7.1 banned, id 01\n\n";
	size_t sent = 0, all = 20000 * (sizeof(request) - 1), got = 0, wrong = 0;
	int fd, small = 4096;
	char bytes[65536];
	bool ended = false;

	start_unix();
	asked = 0;
	fd = connect_unix(socket_path);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	for (int stuck = 0; stuck < 50 && sent < all;) {
		size_t at = sent % (sizeof(request) - 1);
		ssize_t n = send(fd, request + at, sizeof(request) - 1 - at, MSG_NOSIGNAL);

		stuck = n < 0 ? stuck + 1 : 0;
		sent += n > 0 ? (size_t)n : 0;
		turn();
	}
	ok(sent < all, "it stops listening to who does not read (%u answered)", asked);
	ok(!readable(policy_fd(server), 0), "and waits without spinning");
	while (!ended && got < 20000 * (sizeof(want) - 1)) {
		size_t at = sent % (sizeof(request) - 1), n;

		if (sent < all) {
			ssize_t more = send(fd, request + at, sizeof(request) - 1 - at,
			    MSG_NOSIGNAL);

			sent += more > 0 ? (size_t)more : 0;
		}
		policy_process(server, take_log, NULL);
		n = hear(fd, bytes, sizeof(bytes), &ended);
		for (size_t i = 0; i < n; i++)
			wrong += bytes[i] != want[(got + i) % (sizeof(want) - 1)];
		got += n;
	}
	ok(asked == 20000 && wrong == 0, "when it reads, all is answered, in order");
	close(fd);
	turn();
	policy_close(server);
}

static void
test_half_closed(void)
{
	char got[4096];
	bool ended;
	int fd;

	start_unix();
	fd = connect_unix(socket_path);
	say(fd, REQUEST("192.0.2.1"), strlen(REQUEST("192.0.2.1")));
	shutdown(fd, SHUT_WR);
	turn();
	is_text(got, hear(fd, got, sizeof(got), &ended),
	    "action=REJECT 5.7.1 banned, id 01\n\n", "who says no more still hears");
	ok(ended, "and then it is closed");
	close(fd);
	fd = connect_unix(socket_path);
	say(fd, "request=", 8);
	turn();
	ok(policy_stats(server).connections == 1, "half a request waits");
	close(fd);
	turn();
	ok(policy_stats(server).connections == 0, "until its sender goes");
	policy_close(server);
}

static void
test_many(void)
{
	static int fds[1100];
	struct rlimit limit;
	bool ended;
	char got[64];

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
	setrlimit(RLIMIT_NOFILE, &limit);
	start_unix();
	for (int i = 0; i < 1100; i++) {
		fds[i] = connect_unix(socket_path);
		turn();
		if (i == 500) { /* the first has something to ask: it stays */
			say(fds[0], REQUEST("192.0.2.3"), strlen(REQUEST("192.0.2.3")));
			turn();
		}
	}
	ok(policy_stats(server).connections == 1000, "1000 connections and no more");
	ok(policy_stats(server).evicted == 100, "100 had to go");
	ok(strstr(logged, "1000 connections: the one idle longest was closed"), "it is said");
	hear(fds[0], got, sizeof(got), &ended);
	ok(!ended, "not the one that asked");
	hear(fds[1], got, sizeof(got), &ended);
	ok(ended, "the one that was silent longest");
	hear(fds[1099], got, sizeof(got), &ended);
	ok(!ended, "not the last");
	for (int i = 0; i < 1100; i++)
		close(fds[i]);
	turn();
	ok(policy_stats(server).connections == 0, "all gone");
	policy_close(server);
}

/* A turn in which no more descriptors can be had; *RET is the limit to be set again. */
static void
turn_without_descriptors(struct rlimit *ret)
{
	struct rlimit few;
	int highest = dup(STDIN_FILENO);

	close(highest);
	getrlimit(RLIMIT_NOFILE, ret);
	few = *ret;
	few.rlim_cur = (rlim_t)highest;
	setrlimit(RLIMIT_NOFILE, &few);
	turn();
}

static void
test_no_descriptors(void)
{
	struct rlimit limit;
	char got[256];
	bool ended;
	int fd;

	start_unix();
	fd = connect_unix(socket_path);
	say(fd, REQUEST("192.0.2.1"), strlen(REQUEST("192.0.2.1")));
	turn_without_descriptors(&limit);
	ok(strstr(logged, "no connection can be taken"), "out of descriptors: it is said");
	ok(!readable(policy_fd(server), 0), "and not tried again at once");
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int i = 0; i < 300 && !readable(fd, 0); i++)
		if (readable(policy_fd(server), 10))
			policy_process(server, take_log, NULL);
	is_text(got, hear(fd, got, sizeof(got), &ended),
	    "action=REJECT 5.7.1 banned, id 01\n\n", "a second later it is answered");
	close(fd);
	turn();
	policy_close(server);
}

/* Out of descriptors with others there: one that is silent makes room. */
static void
test_silent_makes_room(void)
{
	struct rlimit limit;
	int silent[8], fd;
	char got[256];
	bool ended;

	start_unix();
	for (int i = 0; i < 8; i++)
		silent[i] = connect_unix(socket_path);
	turn();
	fd = connect_unix(socket_path);
	say(fd, REQUEST("192.0.2.1"), strlen(REQUEST("192.0.2.1")));
	turn_without_descriptors(&limit);
	setrlimit(RLIMIT_NOFILE, &limit);
	is_text(got, hear(fd, got, sizeof(got), &ended),
	    "action=REJECT 5.7.1 banned, id 01\n\n", "who asks is answered at once");
	hear(silent[0], got, sizeof(got), &ended);
	ok(ended, "the one silent longest was closed for it");
	for (int i = 0; i < 8; i++)
		close(silent[i]);
	close(fd);
	turn();
	policy_close(server);
}

/* Someone else on this host, who keeps COUNT connections open until he is killed. */
static pid_t
start_greedy(int count)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (setuid(65534) < 0)
		_exit(1);
	for (int i = 0; i < count; i++)
		while (connect_unix(socket_path) < 0)
			usleep(1000);
	for (;;)
		pause();
}

static void
test_greedy(void)
{
	int ours[700], status, held = 0;
	bool ended;
	char got[64];
	pid_t pid;

	if (geteuid() != 0) {
		ok(true, "someone greedy # SKIP not root");
		return;
	}
	start_unix();
	chmod(folder, 0755);
	for (int i = 0; i < 700; i++) {
		ours[i] = connect_unix(socket_path);
		turn();
	}
	pid = start_greedy(600);
	while (readable(policy_fd(server), 500))
		policy_process(server, take_log, NULL);
	ok(policy_stats(server).connections == 700 + 200,
	    "one user has 200 connections at most");
	for (int i = 0; i < 700; i++) {
		hear(ours[i], got, sizeof(got), &ended);
		held += !ended;
		close(ours[i]);
	}
	ok(held == 700, "those of root, and so of Postfix, make no room for them: %d", held);
	ok(strstr(logged, "user 65534"), "whose they are is said");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	turn();
	policy_close(server);
}

static void
fails(const char *address, const char *want)
{
	struct str listen = str_of(address);
	struct policy_server *none = NULL;
	struct err err = {""};
	int result = policy_open(&listen, 1, ask, NULL, &none, &err);

	if (!ok(result < 0 && strstr(err.text, want), "%s: %s", address, want))
		printf("# got: %s\n", err.text);
}

static void
test_addresses(void)
{
	char address[256], *long_path;

	fails("127.0.0.1:10040", "is not unix:/path or inet:address:port");
	fails("unix:socket", "no path from the root");
	fails("inet:localhost:10040", "is not as inet:127.0.0.1:10040");
	fails("inet:127.0.0.1", "is not as inet:127.0.0.1:10040");
	fails("inet:127.0.0.1:70000", "is not as inet:127.0.0.1:10040");
	fails("inet:::1:10040", "is not as inet:127.0.0.1:10040");
	fails("inet:0.0.0.0:10040", "needs to be told who may ask");
	fails("inet:0.0.0.0:10040 to 192.0.2.1", "is not: from NETWORK");
	fails("inet:0.0.0.0:10040 from here", "'here' is no network");
	fails("inet:192.0.2.1:10040 from 192.0.2.0/24", "192.0.2.1 port 10040: Cannot assign");
	snprintf(address, sizeof(address), "unix:%s/none/socket", folder);
	fails(address, "No such file");
	long_path = malloc(300);
	memset(long_path, 'x', 299);
	memcpy(long_path, "unix:/", 6);
	long_path[299] = '\0';
	fails(long_path, "at most 107 bytes");
	free(long_path);
}

/* Who finds the socket may connect: it never has another mode than its own. */
static void
test_socket_mode(void)
{
	char events[4096];
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	mode_t mask = umask(0177);
	struct stat status;
	ssize_t n;

	inotify_add_watch(watch, folder, IN_ATTRIB);
	start_unix();
	n = read(watch, events, sizeof(events));
	ok(n < 0 && errno == EAGAIN && stat(socket_path, &status) == 0 &&
	    (status.st_mode & 0777) == 0666, "the mode is there with the name");
	ok(umask(mask) == 0177, "and the umask is as it was");
	policy_close(server);
	close(watch);
}

static void
test_socket_file(void)
{
	char address[256];
	struct stat status;
	int fd;

	snprintf(address, sizeof(address), "unix:%s", socket_path);
	fd = open(socket_path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	fails(address, "is there, and no socket");
	unlink(socket_path);
	start_unix();
	ok(stat(socket_path, &status) == 0 && (status.st_mode & 0777) == 0666,
	    "everybody may connect");
	fails(address, "another process listens there");
	policy_close(server);
	ok(stat(socket_path, &status) < 0, "it is gone when we go");
	/* What somebody left behind who was killed. */
	if (fork() == 0) {
		start_unix();
		kill(getpid(), SIGKILL);
	}
	wait(NULL);
	ok(stat(socket_path, &status) == 0, "who was killed leaves it");
	start_unix();
	ok(connect_unix(socket_path) >= 0, "the next one takes its place");
	policy_close(server);
	if (fork() == 0) {
		start_unix();
		poll(NULL, 0, 400); /* some process of his that has not ended yet */
		kill(getpid(), SIGKILL);
	}
	while (stat(socket_path, &status) < 0)
		poll(NULL, 0, 10);
	start_unix();
	ok(server && connect_unix(socket_path) >= 0, "and waits a moment for that");
	wait(NULL);
	unlink(socket_path);
	fd = open(socket_path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	policy_close(server);
	ok(unlink(socket_path) == 0, "what is no longer ours stays");
}

static int
free_port(int family)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6,
	    .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in in4 = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr *address =
	    family == AF_INET ? (struct sockaddr *)&in4 : (struct sockaddr *)&in6;
	socklen_t len = family == AF_INET ? sizeof(in4) : sizeof(in6);
	int fd = socket(family, SOCK_STREAM, 0), port = 0;

	if (fd >= 0 && bind(fd, address, len) == 0 && getsockname(fd, address, &len) == 0)
		port = ntohs(family == AF_INET ? in4.sin_port : in6.sin6_port);
	if (fd >= 0)
		close(fd);
	return port;
}

static void
test_inet(int family, const char *form, const char *what)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6,
	    .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in in4 = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int port = free_port(family), fd;
	char address[128], got[256];
	bool ended;

	if (port == 0) {
		ok(true, "%s # SKIP not here", what);
		return;
	}
	snprintf(address, sizeof(address), "inet:%s:%d", form, port);
	start(address);
	in4.sin_port = in6.sin6_port = htons((uint16_t)port);
	fd = socket(family, SOCK_STREAM, 0);
	ok(connect(fd, family == AF_INET ? (struct sockaddr *)&in4 : (struct sockaddr *)&in6,
	    family == AF_INET ? sizeof(in4) : sizeof(in6)) == 0, "%s: connects", what);
	say(fd, REQUEST("192.0.2.1"), strlen(REQUEST("192.0.2.1")));
	turn();
	is_text(got, hear(fd, got, sizeof(got), &ended),
	    "action=REJECT 5.7.1 banned, id 01\n\n", what);
	close(fd);
	turn();
	policy_close(server);
}

static int
answer_all(void *context, struct str request, struct buf *out, struct err *err)
{
	(void)context;
	(void)request;
	(void)err;
	buf_str(out, STR("yes\n"));
	return 0;
}

/* A server of another sort, that has less patience: a drip of bytes is no request. */
static void
test_idle(void)
{
	static const struct server_sort sort = {.name = "test", .end = {"\n", 1},
	    .request_max = 100, .answers_max = 65536, .connections = 10,
	    .idle_usec = 200000, .mode = 0600, .answer = answer_all};
	struct listen_address address;
	struct server *idle;
	struct err err;
	char got[1024];
	bool ended, lively_ended, dripping_ended;
	int silent, dripping, lively;

	ok(listen_address_unix(socket_path, &address, &err) == 0 &&
	    server_new(&sort, NULL, &idle, &err) == 0 &&
	    server_listen(idle, &address, NULL, &err) == 0,
	    "a server with 200 ms of patience");
	silent = connect_unix(socket_path);
	dripping = connect_unix(socket_path);
	lively = connect_unix(socket_path);
	for (int i = 0; i < 40; i++) {
		send(dripping, "x", 1, MSG_NOSIGNAL);
		send(lively, "x\n", 2, MSG_NOSIGNAL);
		for (int turns = 0; turns < 10 && readable(server_fd(idle), 1); turns++)
			server_process(idle, NULL, NULL);
		usleep(10000);
	}
	hear(silent, got, sizeof(got), &ended);
	hear(dripping, got, sizeof(got), &dripping_ended);
	hear(lively, got, sizeof(got), &lively_ended);
	ok(ended && dripping_ended, "who asks nothing is closed, also one who drips bytes");
	ok(!lively_ended && server_stats(idle).idle == 2, "who asks stays");
	close(silent);
	close(dripping);
	close(lively);
	server_free(idle);
}

static bool
ip(const char *a, const char *b, const char *c, const char *d, const char *e)
{
	const char *argv[] = {"ip", a, b, c, d, e, NULL};
	struct err err;

	return child_run(argv, STR(""), 5000000, &err) == 0;
}

/* From ADDRESS, asks at 192.0.2.1; *RET_ENDED: it was shown the door. */
static size_t
ask_from(const char *address, char *got, size_t room, bool *ret_ended)
{
	struct sockaddr_in in4 = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	size_t len;

	inet_pton(AF_INET, address, &in4.sin_addr);
	if (bind(fd, (struct sockaddr *)&in4, sizeof(in4)) < 0)
		ok(false, "bind to %s: %s", address, strerror(errno));
	inet_pton(AF_INET, "192.0.2.1", &in4.sin_addr);
	in4.sin_port = htons(10040);
	if (connect(fd, (struct sockaddr *)&in4, sizeof(in4)) < 0)
		ok(false, "connect from %s: %s", address, strerror(errno));
	turn();
	send(fd, REQUEST("192.0.2.1"), strlen(REQUEST("192.0.2.1")), MSG_NOSIGNAL);
	turn();
	len = hear(fd, got, room, ret_ended);
	close(fd);
	turn();
	return len;
}

/* In a network of our own, where we are several hosts. The last test: there is no way back. */
static void
test_from(void)
{
	char got[256];
	bool ended;

	if (unshare(CLONE_NEWNET) < 0 || !ip("link", "set", "lo", "up", NULL) ||
	    !ip("address", "add", "192.0.2.0/24", "dev", "lo")) {
		ok(true, "who may ask # SKIP no network of our own");
		return;
	}
	start("inet:192.0.2.1:10040 from 192.0.2.16/28 2001:db8::/64");
	is_text(got, ask_from("192.0.2.17", got, sizeof(got), &ended),
	    "action=REJECT 5.7.1 banned, id 01\n\n", "who was named may ask");
	ok(!ended, "as often as it likes");
	ok(ask_from("192.0.2.32", got, sizeof(got), &ended) == 0 && ended, "nobody else may");
	ok(strstr(logged, "a connection was refused"), "and it is said");
	policy_close(server);
}

int
main(void)
{
	make_folder();
	signal(SIGPIPE, SIG_DFL); /* nothing may raise it */
	test_requests();
	test_nonsense();
	test_floods();
	test_slow_reader();
	test_half_closed();
	test_many();
	test_no_descriptors();
	test_silent_makes_room();
	test_greedy();
	test_addresses();
	test_socket_mode();
	test_socket_file();
	test_inet(AF_INET, "127.0.0.1", "IPv4");
	test_inet(AF_INET6, "[::1]", "IPv6");
	test_idle();
	test_from();
	rmdir(folder);
	return tap_done();
}
