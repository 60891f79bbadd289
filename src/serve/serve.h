/* SPDX-License-Identifier: Apache-2.0
 *
 * serve: sockets that others ask us on. Postfix asks whether it may take a mail (policy
 * delegation), postern bans asks the guard (control). Each is one file descriptor to
 * wait on and one function to call then; neither blocks, and whoever asks too much, too
 * slowly or nonsense loses the connection and nothing else.
 */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/state.h"

struct json; /* of base/json.h, which cannot be seen beside jansson's header */

/* Told what a person should know; a line in ten seconds at most for each server. */
typedef void serve_log(void *context, const char *text);

/*
 * Sockets that the process before us had, by number, and RECORDS, which say what was read
 * from them already. What is used becomes -1; serve_handed_close() closes the rest.
 */
struct serve_handed {
	int *sockets;
	size_t count;
	struct str records;
};

void serve_handed_close(struct serve_handed *handed);

/* So many can be handed over: connections beyond are closed. */
#define SERVE_HANDED_MAX 1100

/* Sockets on their way, the caller's to send and close. */
struct serve_handing {
	int sockets[SERVE_HANDED_MAX];
	size_t count;
	struct state_out *out;
};

struct serve_stats {
	uint64_t requests, bad;      /* answered; connections closed for what they said */
	uint64_t accepted, refused;  /* connections; refused: not from where they may ask */
	uint64_t evicted, idle;      /* closed to make room; for silence */
	unsigned connections;        /* now */
};

/*
 * What Postfix tells with a request: slices of the connection's buffer, empty when not
 * told. Attributes of SMTPD_POLICY_README (Postfix 3.7).
 */
struct policy_request {
	struct str protocol_state; /* CONNECT, EHLO, MAIL, RCPT, DATA, END-OF-MESSAGE, ... */
	struct str client_address; /* as told */
	struct ip client;          /* the same; family 0: "unknown", or no address */
	struct str client_name;    /* confirmed, or "unknown" */
	struct str helo_name;
	struct str sasl_username;  /* empty: not logged in */
	struct str sender, recipient;
	struct str instance;       /* the same in all requests for one message */
	struct str queue_id;
};

/*
 * Puts the action into ANSWER: "DUNNO", "REJECT 5.7.1 ...", at most 900 bytes. Nothing is
 * DUNNO. What is not printable ASCII is sent as '?'.
 */
typedef void policy_ask(void *context, const struct policy_request *request,
    struct buf *answer);

struct policy_server;

/*
 * Listens on COUNT addresses:
 *   unix:/path                     in a directory that is there; mode 0666
 *   inet:127.0.0.1:10040           inet:[::1]:10040
 *   inet:192.0.2.1:10040 from 192.0.2.0/28 2001:db8::/64
 * The last form is needed where others than this host may ask: nobody else is answered.
 * A socket nobody listens on is replaced; anything else at its path is an error.
 */
int policy_open(const struct str *listen, size_t count, policy_ask *ask, void *context,
    struct policy_server **ret, struct err *err);

/* Could policy_open() listen on the address TEXT, control_open() at PATH? -1: why not. */
int policy_check(struct str text, struct err *err);
int control_check(const char *path, struct err *err);

/*
 * The same, in the place of a process before us: listens on what HANDED (or NULL) has of
 * LISTEN, and goes on with its connections.
 */
int policy_go_on(const struct str *listen, size_t count, policy_ask *ask, void *context,
    struct serve_handed *handed, struct policy_server **ret, struct err *err);

/* Hands on what SERVER listens on and its connections, and frees it. */
void policy_hand_over(struct policy_server *server, struct serve_handing *handing);

/* To wait on: readable when policy_process() has something to do. */
int policy_fd(const struct policy_server *server);
void policy_process(struct policy_server *server, serve_log *log, void *context);
struct serve_stats policy_stats(const struct policy_server *server);

/* Removes the sockets that are still ours. */
void policy_close(struct policy_server *server);

/*
 * How much users may send: at most MESSAGES in any WITHIN microseconds. Remembers as
 * many users as 64 MiB hold at that rate, from 16 to 100000; who sent least recently is
 * forgotten first.
 */
struct policy_rates;

struct policy_rates *policy_rates_new(uint32_t messages, int64_t within);
void policy_rates_free(struct policy_rates *rates);

/*
 * Is the message that REQUEST is about more than its user may send? A message counts
 * once, however many recipients it has, when it is first asked about at RCPT, DATA or
 * END-OF-MESSAGE, and that answer stands for all of it. One that is too many does not
 * count. False when nobody is logged in. NOW: microseconds; if the clock was set back,
 * what lies ahead of it counts as of now.
 */
bool policy_rates_over(struct policy_rates *rates, const struct policy_request *request,
    int64_t now);

/* USER sent a message at TIME that is not asked about any more. In order of time. */
void policy_rates_sent(struct policy_rates *rates, struct str user, int64_t time);

/*
 * Hands RATES to the process that takes our place: a child of the same parent, as users
 * are known by a hash that no other knows. policy_rates_load() takes one record; false:
 * it is ours and makes no sense.
 */
void policy_rates_save(const struct policy_rates *rates, struct state_out *out);
bool policy_rates_load(struct policy_rates *rates, struct str tag, struct str record);

/* Users that were forgotten to make room. */
uint64_t policy_rates_forgotten(const struct policy_rates *rates);

/* One line of JSON: {"op":"ban","address":"192.0.2.1","seconds":3600,"reason":"..."} */
struct control_request {
	struct str op;      /* any word; the caller knows which there are */
	struct str address; /* of these, empty when not told */
	struct str rule;
	struct str reason;
	int64_t seconds;    /* -1 when not told */
};

/*
 * Adds members to the object that ANSWER has open, which has "ok":true then. -1: the
 * answer is {"ok":false,"error":ERR} instead.
 */
typedef int control_ask(void *context, const struct control_request *request,
    struct json *answer, struct err *err);

struct control_server;

/*
 * Listens at PATH. Only root and the user we are now are answered (SO_PEERCRED). An
 * answer is one line of at most 1 MiB, a request one of at most 4 KiB.
 */
int control_open(const char *path, control_ask *ask, void *context,
    struct control_server **ret, struct err *err);
int control_go_on(const char *path, control_ask *ask, void *context,
    struct serve_handed *handed, struct control_server **ret, struct err *err);

/* As policy_hand_over(), but connections are closed. */
void control_hand_over(struct control_server *server, struct serve_handing *handing);
int control_fd(const struct control_server *server);
void control_process(struct control_server *server, serve_log *log, void *context);
struct serve_stats control_stats(const struct control_server *server);
void control_close(struct control_server *server);

/*
 * The other side: sends REQUEST, a JSON object without newlines, and puts the answer's
 * line (without its newline) into ANSWER. 1: no guard is running, nobody listens there;
 * -1: we are not allowed, or the answer is an error, which ERR then has; -2: none came in
 * TIMEOUT_USEC, or the guard ended, and it may have done what was asked or may do it yet.
 */
int control_call(const char *path, struct str request, int64_t timeout_usec,
    struct buf *answer, struct err *err);

/* Shows EACH the texts in the list NAME of ANSWER, in order; they die when it returns. */
void control_list(struct str answer, const char *name,
    void (*each)(void *context, struct str item), void *context);

/* The whole number that stands for NAME in the guard's ANSWER; 0: there is none. */
int64_t control_number(struct str answer, const char *name);

#endif
