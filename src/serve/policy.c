/* SPDX-License-Identifier: Apache-2.0
 *
 * policy: Postfix's policy delegation protocol (SMTPD_POLICY_README): attributes and an
 * empty line in, "action=..." and an empty line out, any number of times a connection.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "serve/room.h"

#define ACTION_MAX 900 /* Postfix reads lines of 2048 bytes; SMTP replies are shorter */

struct policy_server {
	struct server *server;
	policy_ask *ask;
	void *context;
	struct buf action;
};

static int
answer(void *context, struct str text, struct buf *out, struct err *err)
{
	struct policy_server *policy = context;
	struct policy_request request;

	if (policy_request_read(text, &request, err) < 0)
		return -1;
	buf_clear(&policy->action);
	policy->ask(policy->context, &request, &policy->action);
	buf_str(out, STR("action="));
	for (size_t i = 0; i < policy->action.len; i++) {
		char c = policy->action.p[i];

		buf_char(out, c >= ' ' && c <= '~' ? c : '?');
	}
	if (policy->action.len == 0)
		buf_str(out, STR("DUNNO"));
	buf_str(out, STR("\n\n"));
	return 0;
}

/*
 * Postfix keeps a connection for 300 s without and 1000 s with requests
 * (smtpd_policy_service_max_idle, _max_ttl).
 */
static const struct server_sort policy_sort = {
	.name = "policy",
	.end = {"\n\n", 2},
	.request_max = POLICY_REQUEST_MAX,
	.answers_max = 65536,
	.connections = 1000,
	.each = 200,
	.idle_usec = INT64_C(600) * 1000000,
	.mode = 0666,
	.hands_on = true,
	.answer = answer,
};

int
policy_open(const struct str *listen, size_t count, policy_ask *ask, void *context,
    struct policy_server **ret, struct err *err)
{
	return policy_go_on(listen, count, ask, context, NULL, ret, err);
}

int
policy_go_on(const struct str *listen, size_t count, policy_ask *ask, void *context,
    struct serve_handed *handed, struct policy_server **ret, struct err *err)
{
	struct policy_server *policy = xcalloc(1, sizeof(*policy));
	struct listen_address address;

	*policy = (struct policy_server){.ask = ask, .context = context,
	    .action = BUF_INIT(ACTION_MAX)};
	if (server_new(&policy_sort, policy, &policy->server, err) < 0) {
		policy_close(policy);
		return -1;
	}
	for (size_t i = 0; i < count; i++)
		if (listen_address_read(listen[i], &address, err) < 0 ||
		    server_listen(policy->server, &address, handed, err) < 0) {
			policy_close(policy);
			return -1;
		}
	if (handed)
		server_go_on(policy->server, handed);
	*ret = policy;
	return 0;
}

int
policy_fd(const struct policy_server *policy)
{
	return server_fd(policy->server);
}

void
policy_process(struct policy_server *policy, serve_log *log, void *context)
{
	server_process(policy->server, log, context);
}

struct serve_stats
policy_stats(const struct policy_server *policy)
{
	return server_stats(policy->server);
}

void
policy_close(struct policy_server *policy)
{
	if (!policy)
		return;
	server_free(policy->server);
	buf_done(&policy->action);
	free(policy);
}

void
policy_hand_over(struct policy_server *policy, struct serve_handing *handing)
{
	server_hand_over(policy->server, handing);
	policy->server = NULL;
	policy_close(policy);
}
