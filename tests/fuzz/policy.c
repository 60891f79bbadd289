/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes the policy server: whatever is sent, what comes back are answers of printable
 * ASCII, as many as were asked for, and no connection is left.
 */
#include "socket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct policy_server *server;
static struct policy_rates *rates;
static unsigned asked;
static int64_t now;

/* Echoes what outsiders chose: it must not break the protocol. */
static void
ask(void *context, const struct policy_request *request, struct buf *answer)
{
	(void)context;
	asked++;
	demand(request->client.family == 0 || request->client_address.len > 0);
	if (policy_rates_over(rates, request, ++now))
		buf_str(answer, STR("DEFER_IF_PERMIT 4.7.1 "));
	buf_str(answer, request->sender);
	buf_str(answer, request->recipient);
	buf_str(answer, request->client_name);
	buf_str(answer, request->helo_name);
}

static void
process(void)
{
	policy_process(server, NULL, NULL);
}

static void
finish(void)
{
	policy_close(server);
	policy_rates_free(rates);
}

static void
check_answers(struct str text)
{
	unsigned answers = 0;

	for (; text.len; answers++) {
		demand(str_skip(&text, STR("action=")) && text.len > 0 && *text.p != '\n');
		while (text.len && *text.p != '\n') {
			demand(*text.p >= ' ' && *text.p <= '~');
			text = str_from(text, 1);
		}
		demand(str_skip(&text, STR("\n\n")));
	}
	demand(answers == asked);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[64];
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	char address[80];
	struct err err;

	if (!server) {
		struct str listen = {address, 0};

		snprintf(path, sizeof(path), "/tmp/postern-fuzz-policy-%ld", (long)getpid());
		snprintf(address, sizeof(address), "unix:%s", path);
		listen.len = strlen(address);
		demand(policy_open(&listen, 1, ask, NULL, &server, &err) == 0);
		rates = policy_rates_new(2, 1000);
		atexit(finish);
	}
	asked = 0;
	converse(path, data, size, process, &out);
	check_answers(buf_view(&out));
	demand(policy_stats(server).connections == 0);
	buf_done(&out);
	return 0;
}
