/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes what one guard hands to the next: whatever the records are, they are taken or
 * refused, and what was taken can be used. An odd first byte: the file's head is there,
 * too; else the rest is records.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/guard-room.h"
#include "serve/serve.h"
#include "store/store.h"
#include "demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ask(void *context, const struct policy_request *request, struct buf *answer)
{
	(void)context;
	if (policy_rates_over(context, request, 1000))
		buf_str(answer, STR("DEFER"));
}

/* Goes on with one connection, and with one that is none. */
static void
take_sockets(struct str records, struct policy_rates *rates)
{
	static char path[64], address[80];
	struct policy_server *server;
	struct str listen;
	struct err err;
	int pair[2];

	if (!*path) {
		snprintf(path, sizeof(path), "/tmp/postern-fuzz-state-%ld", (long)getpid());
		snprintf(address, sizeof(address), "unix:%s", path);
	}
	listen = str_of(address);
	demand(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);
	{
		int sockets[] = {pair[0], dup(STDERR_FILENO)};
		struct serve_handed handed = {sockets, 2, records};

		demand(policy_go_on(&listen, 1, ask, rates, &handed, &server, &err) == 0);
		serve_handed_close(&handed);
	}
	demand(write(pair[1], "request=smtpd_access_policy\nsasl_username=a\n\n", 45) > 0 ||
	    errno == EPIPE);
	policy_process(server, NULL, NULL);
	close(pair[1]);
	policy_process(server, NULL, NULL);
	demand(policy_stats(server).connections == 0);
	policy_close(server);
}

static bool
look(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct buf *out = context;

	(void)sources;
	for (unsigned f = 0; f < FIELDS; f++)
		if (event_fields[f].type == TYPE_TEXT && f != FIELD_source &&
		    event_knows(ev, (enum field)f))
			buf_str(out, event_text(ev, (enum field)f, symbols));
		else if (event_fields[f].type == TYPE_ENUM && event_knows(ev, (enum field)f))
			demand(event_enum_name((enum field)f,
			    (unsigned)event_number(ev, (enum field)f)) != NULL);
	return true;
}

static void
take_store(struct str records)
{
	struct store *store;
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct err err;

	demand(store_open(&(struct store_settings){.url = "memory:"}, &store, &err) == 0);
	store_handed(records);
	store_take_over(store, records, &err);
	demand(store_scan(store, INT64_MIN, INT64_MAX, NULL, look, &out, &err) == 0);
	store_close(store);
	buf_done(&out);
}

/* What is taken once is the same when it is handed on. */
static void
take_guard(struct str records)
{
	struct guard guard = {.reserve = {.fd = -1}};
	struct guard_lift lift;

	guard_take_said(&guard, records);
	guard_take_lifts(&guard, records);
	guard_take_banned(&guard, records);
	demand(guard.lift_count <= RESERVE_TEXTS);
	for (size_t i = 0; i < guard.lift_count; i++) {
		lift = guard.lifts[i];
		demand(guard_lifted(&guard, &lift.prefix, INT64_MIN) != NULL &&
		    strlen(lift.reason) < sizeof(lift.reason));
	}
	guard_forget_said(&guard);
	guard_forget_lifts(&guard);
	guard_forget_handed(&guard);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_rates *rates = policy_rates_new(3, 1000);
	struct str records = {(const char *)data + 1, size ? size - 1 : 0}, left, tag, record;
	struct err err;

	signal(SIGPIPE, SIG_IGN);
	if (size > 0 && data[0] & 1 && state_check(records, &records, &err) < 0)
		records.len = 0;
	if (size == 0)
		records = STR("");
	for (left = records; state_next(&left, &tag, &record);)
		policy_rates_load(rates, tag, record);
	take_sockets(records, rates);
	take_store(records);
	take_guard(records);
	policy_rates_free(rates);
	return 0;
}
