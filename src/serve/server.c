/* SPDX-License-Identifier: Apache-2.0
 *
 * server: connections that bring requests and take answers. All sockets are watched by
 * one epoll set, level-triggered; a timer in it says when the next one has been idle too
 * long. While answers wait for a slow reader nothing more is read from it, so that what a
 * peer can make us keep is bounded: one request and what is answered at a time.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/now.h"
#include "serve/room.h"

#define SOURCES_AT_ONCE 64
#define ACCEPTED_AT_ONCE 64
#define PAUSE_USEC INT64_C(1000000)     /* when there are no descriptors left */
#define COMPLAIN_EVERY INT64_C(10000000)
#define ANSWERS_ENOUGH 16384            /* then they are sent before more is answered */

#define NOBODY ((uid_t)-1)

/* What epoll gives back. */
enum source_sort { SOURCE_TIMER, SOURCE_LISTENER, SOURCE_PEER };

struct source {
	enum source_sort sort;
	int fd; /* -1: closed */
};

struct listener {
	struct source source;
	struct listen_address address;
	dev_t device;
	ino_t inode; /* of a unix socket that we made */
	struct listener *next;
};

struct peer {
	struct source source;
	struct peer *older, *newer; /* by the last request */
	struct buf in, out;
	uid_t user;       /* NOBODY: another host's, or not known */
	size_t searched;  /* in IN no request ends before this */
	size_t sent;      /* of OUT */
	int64_t since;    /* of its last request */
	uint32_t waits_for;
	bool ended;       /* nothing more is taken from it */
};

struct server {
	const struct server_sort *sort;
	void *context;
	int epoll;
	struct source timer;
	struct listener *listeners;
	struct peer *oldest, *newest, *closed; /* closed: freed once no event can name it */
	int64_t now, alarm, paused_until; /* monotonic; alarm, paused_until: 0: none */
	struct serve_stats stats;
	unsigned most; /* connections */
	uid_t postfix; /* NOBODY: there is no such user */
	int64_t complained;
	uint64_t unsaid;
	serve_log *log;
	void *log_context;
};

__attribute__((format(printf, 2, 3))) static void
complain(struct server *server, const char *format, ...)
{
	char text[600], more[64] = "";
	va_list args;

	if (server->complained && server->now - server->complained < COMPLAIN_EVERY) {
		server->unsaid++;
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (server->unsaid)
		snprintf(more, sizeof(more), " (and %llu more)",
		    (unsigned long long)server->unsaid);
	server->complained = server->now;
	server->unsaid = 0;
	if (server->log) {
		char *line = xasprintf("%s: %s%s", server->sort->name, text, more);

		server->log(server->log_context, line);
		free(line);
	}
}

static int
watch(struct server *server, struct source *source, int op, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = source};

	return epoll_ctl(server->epoll, op, source->fd, &event);
}

static void
unlink_peer(struct server *server, struct peer *peer)
{
	*(peer->older ? &peer->older->newer : &server->oldest) = peer->newer;
	*(peer->newer ? &peer->newer->older : &server->newest) = peer->older;
}

/* As the one that asked last. */
static void
link_peer(struct server *server, struct peer *peer)
{
	peer->since = server->now;
	peer->newer = NULL;
	peer->older = server->newest;
	*(server->newest ? &server->newest->newer : &server->oldest) = peer;
	server->newest = peer;
}

static void
close_peer(struct server *server, struct peer *peer)
{
	unlink_peer(server, peer);
	if (peer->source.fd >= 0)
		close(peer->source.fd);
	peer->source.fd = -1;
	buf_done(&peer->in);
	buf_done(&peer->out);
	peer->newer = server->closed;
	server->closed = peer;
	server->stats.connections--;
}

static void
free_closed(struct server *server)
{
	while (server->closed) {
		struct peer *peer = server->closed;

		server->closed = peer->newer;
		free(peer);
	}
}

/* Sends what waits; false when the peer has gone. */
static bool
send_answers(struct peer *peer)
{
	while (peer->sent < peer->out.len) {
		ssize_t n = send(peer->source.fd, peer->out.p + peer->sent,
		    peer->out.len - peer->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		peer->sent += (size_t)n;
	}
	buf_clear(&peer->out);
	peer->sent = 0;
	return true;
}

/* The first whole request behind USED bytes of IN; what is searched is remembered. */
static bool
next_request(const struct server_sort *sort, struct peer *peer, size_t used, struct str *ret)
{
	size_t from = peer->searched > used ? peer->searched : used;
	struct str left = {peer->in.p + from, peer->in.len - from};
	size_t end = str_find(left, sort->end);

	if (end == left.len) {
		/* Its end may have begun already. */
		size_t begun = sort->end.len - 1;

		peer->searched = left.len > begun ? from + left.len - begun : from;
		return false;
	}
	*ret = (struct str){peer->in.p + used, from + end - used};
	peer->searched = 0;
	return true;
}

/* The peer said nonsense: it is answered what came before, then closed. */
static void
give_up(struct server *server, struct peer *peer, const char *why)
{
	complain(server, "a connection was closed: %s", why);
	server->stats.bad++;
	peer->ended = true;
	buf_clear(&peer->in);
	peer->searched = 0;
}

/* Takes what was used from the front of IN. */
static void
use(struct peer *peer, size_t used)
{
	if (used == 0)
		return;
	memmove(peer->in.p, peer->in.p + used, peer->in.len - used);
	peer->in.len -= used;
	peer->searched = peer->searched > used ? peer->searched - used : 0;
}

/* Answers whole requests until there is enough to send; true when that came first. */
static bool
answer_some(struct server *server, struct peer *peer)
{
	const struct server_sort *sort = server->sort;
	struct str request;
	size_t used = 0;
	struct err err;

	while (peer->out.len < ANSWERS_ENOUGH && peer->in.len > used) {
		if (!next_request(sort, peer, used, &request)) {
			if (peer->in.len - used >= sort->request_max)
				give_up(server, peer, "a request is too long");
			else
				use(peer, used);
			return false;
		}
		if (sort->answer(server->context, request, &peer->out, &err) < 0) {
			give_up(server, peer, err.text);
			return false;
		}
		server->stats.requests++;
		unlink_peer(server, peer);
		link_peer(server, peer);
		used += request.len + sort->end.len;
	}
	use(peer, used);
	return peer->in.len > 0;
}

/* One read is enough: what is left wakes us again, after the others. */
static bool
read_more(struct server *server, struct peer *peer)
{
	char bytes[POLICY_REQUEST_MAX];
	size_t room = server->sort->request_max - peer->in.len;
	ssize_t n;

	if (room == 0)
		return true; /* whole requests, to be answered first */
	n = recv(peer->source.fd, bytes, room < sizeof(bytes) ? room : sizeof(bytes),
	    MSG_DONTWAIT);
	if (n > 0)
		buf_add(&peer->in, bytes, (size_t)n);
	if (n == 0)
		peer->ended = true; /* it may still read: what it asked is answered */
	return n >= 0 || errno == EAGAIN || errno == EINTR;
}

/* False: it is to be closed. */
static bool
serve_peer(struct server *server, struct peer *peer)
{
	uint32_t wants;
	bool more;

	if (!send_answers(peer))
		return false;
	if (peer->out.len == 0 && !peer->ended && !read_more(server, peer))
		return false;
	do {
		more = answer_some(server, peer);
		if (!send_answers(peer))
			return false;
	} while (more && peer->out.len == 0);
	if (peer->ended && peer->out.len == 0)
		return false;
	wants = peer->out.len ? EPOLLOUT : EPOLLIN;
	if (wants != peer->waits_for && watch(server, &peer->source, EPOLL_CTL_MOD, wants) < 0)
		return false;
	peer->waits_for = wants;
	return true;
}

/* From this host, or from where the address's owner said. */
static bool
is_welcome(const struct listener *listener, const struct sockaddr_storage *from)
{
	const struct sockaddr_in *in4 = (const struct sockaddr_in *)(const void *)from;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)from;
	struct ip ip = {.family = from->ss_family == AF_INET ? 4 : 6};

	if (from->ss_family == AF_UNIX)
		return true;
	if (ip.family == 4)
		memcpy(ip.byte, &in4->sin_addr, 4);
	else
		memcpy(ip.byte, &in6->sin6_addr, 16);
	if (ip.family == 4 ? ip.byte[0] == 127 : IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr))
		return true;
	for (size_t i = 0; i < listener->address.from_count; i++)
		if (cidr_contains(&listener->address.from[i], &ip))
			return true;
	return false;
}

/* Whose process is behind FD? NOBODY: another host's, or TCP's. */
static uid_t
user_behind(int fd)
{
	struct ucred peer = {.uid = NOBODY};
	socklen_t len = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 ? peer.uid : NOBODY;
}

static bool
is_owner(uid_t user)
{
	return user == 0 || user == geteuid();
}

static bool
is_trusted(const struct server *server, uid_t user)
{
	return is_owner(user) || (user == server->postfix && user != NOBODY);
}

/* Closes the connection idle longest, of who is not trusted if there is one. */
static bool
make_room(struct server *server)
{
	struct peer *peer = server->oldest;

	while (peer && is_trusted(server, peer->user))
		peer = peer->newer;
	if (!peer)
		peer = server->oldest;
	if (!peer)
		return false;
	complain(server, "%u connections: the one idle longest was closed",
	    server->stats.connections);
	server->stats.evicted++;
	close_peer(server, peer);
	return true;
}

/* One user may not have all: the one of his that is idle longest makes room. */
static void
make_room_of(struct server *server, uid_t user)
{
	struct peer *idlest = NULL;
	unsigned count = 0;

	if (user == NOBODY || server->sort->each == 0 || is_trusted(server, user))
		return;
	for (struct peer *peer = server->newest; peer; peer = peer->older)
		if (peer->user == user) {
			idlest = peer;
			count++;
		}
	if (count < server->sort->each)
		return;
	complain(server, "%u connections of user %u: his that was idle longest was closed",
	    count, (unsigned)user);
	server->stats.evicted++;
	close_peer(server, idlest);
}

static void
refuse(struct server *server, int fd)
{
	const char *text = server->sort->refusal;

	if (text && send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		text = NULL; /* it did not wait to hear it */
	close(fd);
	server->stats.refused++;
	complain(server, "a connection was refused: not from who may ask");
}

static void
add_peer(struct server *server, int fd, int family)
{
	uid_t user = family == AF_UNIX ? user_behind(fd) : NOBODY;
	struct peer *peer;
	int on = 1;

	make_room_of(server, user);
	if (server->stats.connections >= server->most)
		make_room(server);
	if (family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	peer = xcalloc(1, sizeof(*peer));
	*peer = (struct peer){.source = {SOURCE_PEER, fd}, .waits_for = EPOLLIN,
	    .user = user, .in = BUF_INIT(server->sort->request_max),
	    .out = BUF_INIT(server->sort->answers_max)};
	link_peer(server, peer);
	server->stats.connections++;
	server->stats.accepted++;
	if (watch(server, &peer->source, EPOLL_CTL_ADD, EPOLLIN) < 0)
		close_peer(server, peer);
}

/* Whether listeners wake us; they do not while no connection could be taken. */
static void
listen_again(struct server *server, bool on)
{
	for (struct listener *l = server->listeners; l; l = l->next)
		watch(server, &l->source, EPOLL_CTL_MOD, on ? EPOLLIN : 0);
	server->paused_until = on ? 0 : server->now + PAUSE_USEC;
}

static void
accept_some(struct server *server, struct listener *listener)
{
	for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
		struct sockaddr_storage from = {0};
		socklen_t len = sizeof(from);
		int fd = accept4(listener->source.fd, (struct sockaddr *)&from, &len,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0) {
			if (!is_welcome(listener, &from) ||
			    (server->sort->refusal && !is_owner(user_behind(fd))))
				refuse(server, fd);
			else
				add_peer(server, fd, from.ss_family);
		} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM) {
			if (errno == EMFILE && make_room(server))
				continue;
			complain(server, "no connection can be taken: %s", strerror(errno));
			listen_again(server, false);
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;
		}
	}
}

static void
close_idle(struct server *server)
{
	int64_t least = server->now - server->sort->idle_usec;

	while (server->oldest && server->oldest->since <= least) {
		server->stats.idle++;
		close_peer(server, server->oldest);
	}
	if (server->paused_until && server->now >= server->paused_until)
		listen_again(server, true);
}

/* The timer wakes us when the next one has been idle too long, or a pause is over. */
static void
set_alarm(struct server *server)
{
	int64_t due = server->paused_until, idle = 0;
	struct itimerspec when = {0};

	if (server->oldest)
		idle = server->oldest->since + server->sort->idle_usec;
	if (idle && (due == 0 || idle < due))
		due = idle;
	/* An early one costs less than setting it each time. */
	if (due == 0 || (server->alarm && server->alarm <= due))
		return;
	when.it_value.tv_sec = due / 1000000;
	when.it_value.tv_nsec = due % 1000000 * 1000;
	timerfd_settime(server->timer.fd, TFD_TIMER_ABSTIME, &when, NULL);
	server->alarm = due;
}

static void
serve_source(struct server *server, struct source *source)
{
	uint64_t expired;

	if (source->fd < 0)
		return; /* closed by what came before it */
	switch (source->sort) {
	case SOURCE_TIMER:
		if (read(source->fd, &expired, sizeof(expired)) > 0)
			server->alarm = 0;
		break;
	case SOURCE_LISTENER:
		accept_some(server, (struct listener *)(void *)source);
		break;
	case SOURCE_PEER:
		if (!serve_peer(server, (struct peer *)(void *)source))
			close_peer(server, (struct peer *)(void *)source);
		break;
	}
}

void
server_process(struct server *server, serve_log *log, void *context)
{
	struct epoll_event events[SOURCES_AT_ONCE];
	int n = epoll_wait(server->epoll, events, SOURCES_AT_ONCE, 0);

	server->now = now_monotonic();
	server->log = log;
	server->log_context = context;
	for (int i = 0; i < n; i++)
		serve_source(server, events[i].data.ptr);
	close_idle(server);
	set_alarm(server);
	free_closed(server);
}

/* Half of the descriptors are left for logs, the store, who is asked for names. */
static void
set_limits(struct server *server)
{
	const struct passwd *postfix = getpwnam("postfix");
	struct rlimit limit;

	server->postfix = postfix ? postfix->pw_uid : NOBODY;
	server->most = server->sort->connections;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur / 2 < server->most)
		server->most = (unsigned)limit.rlim_cur / 2;
}

int
server_new(const struct server_sort *sort, void *context, struct server **ret,
    struct err *err)
{
	struct server *server = xcalloc(1, sizeof(*server));

	*server = (struct server){.sort = sort, .context = context, .now = now_monotonic()};
	set_limits(server);
	server->epoll = epoll_create1(EPOLL_CLOEXEC);
	server->timer = (struct source){SOURCE_TIMER,
	    timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
	if (server->epoll < 0 || server->timer.fd < 0 ||
	    watch(server, &server->timer, EPOLL_CTL_ADD, EPOLLIN) < 0) {
		err_no_descriptor(err, "for a server");
		server_free(server);
		return -1;
	}
	*ret = server;
	return 0;
}

int
server_listen(struct server *server, const struct listen_address *address,
    struct serve_handed *handed, struct err *err)
{
	int fd = listen_handed(handed, address);
	struct listener *listener;
	struct stat status = {0};

	if (fd < 0)
		fd = listen_open(address, server->sort->mode, err);
	if (fd < 0)
		return -1;
	listener = xcalloc(1, sizeof(*listener));
	*listener = (struct listener){.source = {SOURCE_LISTENER, fd}, .address = *address,
	    .next = server->listeners};
	if (address->path[0] && stat(address->path, &status) == 0) {
		listener->device = status.st_dev;
		listener->inode = status.st_ino;
	}
	server->listeners = listener;
	if (watch(server, &listener->source, EPOLL_CTL_ADD, EPOLLIN) < 0)
		return err_set(err, "cannot wait for connections: %s", strerror(errno));
	return 0;
}

int
server_fd(const struct server *server)
{
	return server->epoll;
}

struct serve_stats
server_stats(const struct server *server)
{
	return server->stats;
}

static void
close_listener(struct listener *listener)
{
	const char *path = listener->address.path;
	struct stat status;

	/* Somebody else's by now, perhaps: then it stays. */
	if (path[0] && lstat(path, &status) == 0 && status.st_dev == listener->device &&
	    status.st_ino == listener->inode)
		unlink(path);
	close(listener->source.fd);
	free(listener);
}

/* May who is at the other end of FD ask, wherever we listen now? */
static bool
is_welcome_somewhere(const struct server *server, int fd, int *ret_family)
{
	struct sockaddr_storage from = {0};
	socklen_t len = sizeof(from), size = sizeof(int);
	int listens = 0;

	if (getpeername(fd, (struct sockaddr *)&from, &len) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) < 0 || listens)
		return false;
	*ret_family = from.ss_family;
	for (const struct listener *l = server->listeners; l; l = l->next)
		if (l->address.socket.ss_family == from.ss_family && is_welcome(l, &from))
			return true;
	return false;
}

/* A record says: which server's, its socket's number, what was read of a request. */
static void
go_on_with(struct server *server, struct serve_handed *handed, struct str record)
{
	struct str name, begun;
	int family = AF_UNIX;
	int64_t number;

	if (!state_text(&record, &name) || !str_eq(name, str_of(server->sort->name)) ||
	    !state_number(&record, &number) || number < 0 ||
	    (uint64_t)number >= handed->count || handed->sockets[number] < 0 ||
	    !state_text(&record, &begun) || begun.len >= server->sort->request_max ||
	    !is_welcome_somewhere(server, handed->sockets[number], &family))
		return;
	add_peer(server, handed->sockets[number], family);
	if (server->newest && server->newest->source.fd == handed->sockets[number])
		buf_str(&server->newest->in, begun);
	handed->sockets[number] = -1;
}

void
server_go_on(struct server *server, struct serve_handed *handed)
{
	struct str left = handed->records, tag, record;

	while (state_next(&left, &tag, &record))
		if (str_eq(tag, STR("connection")))
			go_on_with(server, handed, record);
}

/* Whether its socket is now HANDING's; not if it is owed an answer and does not read. */
static bool
hand_peer(const struct server *server, struct peer *peer, struct serve_handing *handing)
{
	struct buf record = BUF_INIT(BUF_UNLIMITED);

	if (handing->count == SERVE_HANDED_MAX || !server->sort->hands_on || peer->ended ||
	    !send_answers(peer) || peer->out.len)
		return false;
	state_put_text(&record, str_of(server->sort->name));
	state_put_number(&record, (int64_t)handing->count);
	state_put_text(&record, buf_view(&peer->in));
	state_record(handing->out, STR("connection"), &record);
	buf_done(&record);
	handing->sockets[handing->count++] = peer->source.fd;
	return true;
}

void
server_hand_over(struct server *server, struct serve_handing *handing)
{
	struct listener *listener, *next;

	for (listener = server->listeners; listener; listener = next) {
		next = listener->next;
		if (handing->count < SERVE_HANDED_MAX) {
			handing->sockets[handing->count++] = listener->source.fd;
			free(listener);
		} else {
			close_listener(listener);
		}
	}
	server->listeners = NULL;
	while (server->oldest) {
		struct peer *peer = server->oldest;

		if (hand_peer(server, peer, handing))
			peer->source.fd = -1;
		close_peer(server, peer);
	}
	server_free(server);
}

void
server_free(struct server *server)
{
	if (!server)
		return;
	while (server->oldest)
		close_peer(server, server->oldest);
	free_closed(server);
	while (server->listeners) {
		struct listener *listener = server->listeners;

		server->listeners = listener->next;
		close_listener(listener);
	}
	if (server->timer.fd >= 0)
		close(server->timer.fd);
	if (server->epoll >= 0)
		close(server->epoll);
	free(server);
}
