/* SPDX-License-Identifier: Apache-2.0
 *
 * dns-channel: questions to the servers through c-ares; the only file that knows it.
 *
 * ares_query() and not ares_gethostbyaddr(), which calls a dead server "not found".
 * Servers' refusals are passed on (ARES_FLAG_NOCHECKRESP): c-ares 1.18 would report
 * them as refused connections. A truncated reply is asked for again over TCP.
 */
#ifndef ENRICH_DNS_CHANNEL_H
#define ENRICH_DNS_CHANNEL_H

#include "enrich/dns.h"

struct dns_channel;

/* What a question came to. MESSAGE, with status ok, is the reply. */
typedef void dns_outcome(void *context, enum dns_status status, bool replied,
    const unsigned char *message, size_t len);

/* The members of SETTINGS are filled in. */
int dns_channel_open(const struct dns_settings *settings, struct dns_channel **ret,
    struct err *err);

/* OUTCOME is not called any more for what is under way. */
void dns_channel_close(struct dns_channel *channel);

enum dns_type { DNS_TYPE_A = 1, DNS_TYPE_PTR = 12, DNS_TYPE_AAAA = 28 };

/* Calls OUTCOME once, perhaps at once. */
void dns_channel_ask(struct dns_channel *channel, const char *name, enum dns_type type,
    dns_outcome *outcome, void *context);

/* Ends everything under way: its outcome is timeout. */
void dns_channel_cancel(struct dns_channel *channel);

/* More than one server: asking again may reach another one. */
bool dns_channel_has_choice(const struct dns_channel *channel);

int dns_channel_fd(const struct dns_channel *channel);
int dns_channel_wait_msec(const struct dns_channel *channel);

/* Waits up to MSEC (-1: for ever) and handles what came or is overdue. */
int dns_channel_process(struct dns_channel *channel, int msec, struct err *err);

#endif
