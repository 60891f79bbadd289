/* SPDX-License-Identifier: Apache-2.0
 *
 * The part that all servers share: connections that bring requests, each ended by a
 * fixed text, and take answers in the same order.
 */
#ifndef SERVE_ROOM_H
#define SERVE_ROOM_H

#include <sys/socket.h>
#include <sys/un.h>

#include "serve/serve.h"

#define LISTEN_FROM_MAX 64

/* "unix:/path" or "inet:address:port", read. */
struct listen_address {
	struct sockaddr_storage socket;
	socklen_t len;
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)]; /* empty: inet */
	struct cidr from[LISTEN_FROM_MAX]; /* who may ask beside this host */
	size_t from_count;
};

int listen_address_read(struct str text, struct listen_address *ret, struct err *err);
int listen_address_unix(const char *path, struct listen_address *ret, struct err *err);

/* A nonblocking socket that listens on ADDRESS; -1: why not. MODE: of a unix socket. */
int listen_open(const struct listen_address *address, mode_t mode, struct err *err);

/* The socket of HANDED that listens on ADDRESS, taken out of it; -1: none does. */
int listen_handed(struct serve_handed *handed, const struct listen_address *address);

/* What sort of server; constant. */
struct server_sort {
	const char *name;      /* in messages: "policy" */
	struct str end;        /* what a request ends with */
	size_t request_max;    /* bytes of one, END included */
	size_t answers_max;    /* bytes that may wait for one peer */
	/*
	 * At most, and half of the descriptors that we may have; the one idle longest makes
	 * room. Each: of one user of this host, who is neither root nor we nor Postfix: his
	 * own make room for more, and before others' when all are taken. 0: no such limit.
	 */
	unsigned connections, each;
	int64_t idle_usec;     /* since the last whole request */
	mode_t mode;           /* of unix sockets */
	bool hands_on;         /* connections are handed to the process after us */
	const char *refusal;   /* only root and ourselves may ask; others hear this */
	/*
	 * Appends the answer to REQUEST (END is cut off) to OUT. -1: it makes no sense, and
	 * the connection is closed behind the answers that wait.
	 */
	int (*answer)(void *context, struct str request, struct buf *out, struct err *err);
};

struct server;

/* SORT must outlive the server. -1: no descriptors left. */
int server_new(const struct server_sort *sort, void *context, struct server **ret,
    struct err *err);
/* HANDED: where it may listen already; or NULL. */
int server_listen(struct server *server, const struct listen_address *address,
    struct serve_handed *handed, struct err *err);

/* Goes on with connections of HANDED, from where what listens now lets ask. */
void server_go_on(struct server *server, struct serve_handed *handed);

/* Puts its sockets into HANDING and frees it. */
void server_hand_over(struct server *server, struct serve_handing *handing);
int server_fd(const struct server *server);
void server_process(struct server *server, serve_log *log, void *context);
struct serve_stats server_stats(const struct server *server);
void server_free(struct server *server);

#define POLICY_REQUEST_MAX 16384
#define POLICY_LINE_MAX 4096

/* The attributes in TEXT, a request without its empty line. -1: it is none. */
int policy_request_read(struct str text, struct policy_request *ret, struct err *err);

#define CONTROL_REQUEST_MAX 4096
#define CONTROL_ANSWER_MAX ((size_t)1024 * 1024)

/* A request's line; slices of *RET_HOLD, which the caller gives to control_request_done(). */
int control_request_read(struct str line, void **ret_hold, struct control_request *ret,
    struct err *err);
void control_request_done(void *hold);

#endif
