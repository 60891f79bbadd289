/* SPDX-License-Identifier: Apache-2.0 */
#include "enrich/dns-channel.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/mem.h"

/* 1.34 prefers functions that 1.18 does not have yet. */
#define CARES_NO_DEPRECATED
#include <ares.h>

#define CLASS_IN 1
#define PORT 53 /* of name servers, unless one is told */
#define RECEIVE_BYTES (1 << 20) /* hundreds of replies may come at once */

/*
 * Truncated replies are asked for again over TCP in a channel of its own: c-ares 1.18
 * blames a TCP connection that broke on every query under way to that server.
 */
enum { UDP, TCP, TRANSPORTS };

struct dns_channel {
	ares_channel ares[TRANSPORTS];
	int epoll;
	bool choice, closing;
	int watch_error; /* errno of a socket that could not be watched */
};

/* One question under way. */
struct question {
	struct dns_channel *channel;
	dns_outcome *outcome;
	void *context;
	enum dns_type type;
	bool tcp;
	char name[];
};

/* A socket's events carry its number and, above, its transport. */
#define TCP_EVENT (UINT64_C(1) << 32)

static void
watch(struct dns_channel *channel, ares_socket_t fd, int readable, int writable,
    uint64_t transport)
{
	struct epoll_event event = {.data.u64 = transport | (uint32_t)fd};

	if (!readable && !writable) {
		epoll_ctl(channel->epoll, EPOLL_CTL_DEL, fd, NULL);
		return;
	}
	event.events = (readable ? EPOLLIN : 0u) | (writable ? EPOLLOUT : 0u);
	if (epoll_ctl(channel->epoll, EPOLL_CTL_MOD, fd, &event) < 0 &&
	    epoll_ctl(channel->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		channel->watch_error = errno;
}

static void
watch_udp(void *data, ares_socket_t fd, int readable, int writable)
{
	watch(data, fd, readable, writable, 0);
}

static void
watch_tcp(void *data, ares_socket_t fd, int readable, int writable)
{
	watch(data, fd, readable, writable, TCP_EVENT);
}

uint16_t
dns_server_port(struct str server)
{
	struct str host;
	struct ip ip;
	int64_t port;

	if (ip_parse(server, &ip))
		return PORT;
	if (str_skip_char(&server, '[')) {
		host = str_head(server, str_index(server, ']'));
		server = str_from(server, host.len);
		if (!ip_parse(host, &ip) || ip.family != 6 || !str_skip_char(&server, ']'))
			return 0;
		if (server.len == 0)
			return PORT;
		if (!str_skip_char(&server, ':'))
			return 0;
	} else {
		host = str_cut(&server, ':');
	}
	return ip_parse(host, &ip) && str_number(server, &port) && port <= UINT16_MAX ?
	    (uint16_t)port : 0;
}

int
dns_check_servers(const char *servers, struct err *err)
{
	for (const char *p = servers; p; p = strchr(p, ',')) {
		struct str server;

		p += *p == ',' && p > servers;
		server = str_range(p, strchrnul(p, ','));
		if (dns_server_port(server) == 0)
			return err_set(err,
			    "'%.*s' is no name server: expected an address, or "
			    "address:port", STR_ARG(server));
	}
	return 0;
}

static bool
has_choice(const struct dns_channel *channel)
{
	struct ares_addr_port_node *servers = NULL;
	bool choice;

	if (ares_get_servers_ports(channel->ares[UDP], &servers) != ARES_SUCCESS)
		return false;
	choice = servers && servers->next;
	ares_free_data(servers);
	return choice;
}

static int
open_ares(struct dns_channel *channel, int transport, const struct dns_settings *settings,
    struct err *err)
{
	char lookups[] = "b"; /* the servers, not /etc/hosts */
	struct ares_options options = {
	    .flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES |
	        (transport == TCP ? ARES_FLAG_USEVC : ARES_FLAG_IGNTC),
	    .timeout = (int)(settings->try_usec / 1000),
	    .tries = (int)settings->tries,
	    .lookups = lookups,
	    .socket_receive_buffer_size = RECEIVE_BYTES,
	    .sock_state_cb = transport == TCP ? watch_tcp : watch_udp,
	    .sock_state_cb_data = channel,
	};
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
	    ARES_OPT_SOCK_RCVBUF | ARES_OPT_SOCK_STATE_CB | ARES_OPT_ROTATE;
	int status;

#ifdef ARES_OPT_QUERY_CACHE
	mask |= ARES_OPT_QUERY_CACHE; /* ours is the only cache: its lifetimes are told */
	options.qcache_max_ttl = 0;
#endif
#ifdef ARES_OPT_UDP_MAX_QUERIES
	/* 1.34 blames a malformed reply on all queries of its socket. */
	mask |= ARES_OPT_UDP_MAX_QUERIES;
	options.udp_max_queries = 1;
#endif
	status = ares_init_options(&channel->ares[transport], &options, mask);
	if (status == ARES_SUCCESS && settings->servers)
		status = ares_set_servers_ports_csv(channel->ares[transport],
		    settings->servers);
	if (status != ARES_SUCCESS)
		return err_set(err, "c-ares: %s", ares_strerror(status));
	return 0;
}

int
dns_channel_open(const struct dns_settings *settings, struct dns_channel **ret,
    struct err *err)
{
	struct dns_channel *channel;
	int status;

	if (settings->servers && dns_check_servers(settings->servers, err) < 0)
		return -1;
	status = ares_library_init(ARES_LIB_INIT_ALL);
	if (status != ARES_SUCCESS)
		return err_set(err, "c-ares: %s", ares_strerror(status));
	channel = xcalloc(1, sizeof(*channel));
	channel->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (channel->epoll < 0)
		err_no_descriptor(err, "to wait for name servers");
	if (channel->epoll < 0 || open_ares(channel, UDP, settings, err) < 0 ||
	    open_ares(channel, TCP, settings, err) < 0) {
		dns_channel_close(channel);
		return -1;
	}
	channel->choice = has_choice(channel);
	*ret = channel;
	return 0;
}

void
dns_channel_close(struct dns_channel *channel)
{
	if (channel == NULL)
		return;
	channel->closing = true;
	for (int i = 0; i < TRANSPORTS; i++)
		if (channel->ares[i])
			ares_destroy(channel->ares[i]);
	ares_library_cleanup();
	if (channel->epoll >= 0)
		close(channel->epoll);
	free(channel);
}

/* What c-ares's status means; sets *RET_REPLIED when a server said it. */
static enum dns_status
status_of(int status, bool *ret_replied)
{
	*ret_replied = true;
	switch (status) {
	case ARES_SUCCESS:
		return DNS_ok;
	case ARES_ENOTFOUND:
		return DNS_nxdomain;
	case ARES_ENODATA:
		return DNS_nodata;
	case ARES_EREFUSED:
		return DNS_refused;
	case ARES_ECONNREFUSED:
		*ret_replied = false;
		return DNS_refused;
	case ARES_ETIMEOUT:
	case ARES_ECANCELLED:
	case ARES_EDESTRUCTION:
		*ret_replied = false;
		return DNS_timeout;
	default: /* servfail, formerr, notimp, what cannot be read */
		return DNS_servfail;
	}
}

static void answered(void *data, int status, int timeouts, unsigned char *message, int len);

static void
put(struct question *question)
{
	ares_query(question->channel->ares[question->tcp ? TCP : UDP], question->name,
	    CLASS_IN, (int)question->type, answered, question);
}

#define TRUNCATED 2 /* in the third byte: RFC 1035 4.1.1 */

static void
answered(void *data, int status, int timeouts, unsigned char *message, int len)
{
	struct question *question = data;
	bool replied, closing = question->channel->closing;
	enum dns_status what = status_of(status, &replied);

	(void)timeouts;
	if (!closing && !question->tcp && replied && message && len > 2 &&
	    message[2] & TRUNCATED) {
		question->tcp = true;
		put(question);
		return;
	}
	if (!closing)
		question->outcome(question->context, what, replied, message,
		    message && len > 0 ? (size_t)len : 0);
	free(question);
}

void
dns_channel_ask(struct dns_channel *channel, const char *name, enum dns_type type,
    dns_outcome *outcome, void *context)
{
	size_t size = strlen(name) + 1;
	struct question *question = xmalloc(sizeof(*question) + size);

	*question = (struct question){channel, outcome, context, type, false};
	memcpy(question->name, name, size);
	put(question);
}

void
dns_channel_cancel(struct dns_channel *channel)
{
	for (int i = 0; i < TRANSPORTS; i++)
		ares_cancel(channel->ares[i]);
}

const char *
dns_library_version(void)
{
	return ares_version(NULL);
}

bool
dns_channel_has_choice(const struct dns_channel *channel)
{
	return channel->choice;
}

int
dns_channel_fd(const struct dns_channel *channel)
{
	return channel->epoll;
}

int
dns_channel_wait_msec(const struct dns_channel *channel)
{
	int64_t least = -1;

	for (int i = 0; i < TRANSPORTS; i++) {
		struct timeval wait;
		int64_t msec;

		if (ares_timeout(channel->ares[i], NULL, &wait) == NULL)
			continue;
		msec = wait.tv_sec * 1000 + (wait.tv_usec + 999) / 1000;
		if (least < 0 || msec < least)
			least = msec;
	}
	return (int)least;
}

static void
handle(struct dns_channel *channel, const struct epoll_event *event)
{
	ares_socket_t fd = (int)(uint32_t)event->data.u64;
	bool read = event->events & (EPOLLIN | EPOLLERR | EPOLLHUP);
	bool write = event->events & (EPOLLOUT | EPOLLERR | EPOLLHUP);

	ares_process_fd(channel->ares[event->data.u64 & TCP_EVENT ? TCP : UDP],
	    read ? fd : ARES_SOCKET_BAD, write ? fd : ARES_SOCKET_BAD);
}

int
dns_channel_process(struct dns_channel *channel, int msec, struct err *err)
{
	struct epoll_event events[16];
	int n = epoll_wait(channel->epoll, events, 16, msec);

	if (n < 0 && errno != EINTR)
		return err_set(err, "epoll: %s", strerror(errno));
	for (int i = 0; i < n; i++)
		handle(channel, &events[i]);
	/* What is overdue, where nothing came. */
	for (int i = 0; i < TRANSPORTS; i++)
		ares_process_fd(channel->ares[i], ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	if (channel->watch_error)
		return err_set(err, "watching a socket: %s", strerror(channel->watch_error));
	return 0;
}
