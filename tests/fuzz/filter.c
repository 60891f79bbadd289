/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes the filter language: compiles the input, runs it on one event, and holds
 * what is known of the filter against what it did.
 */
#include "event/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct event
sample(void)
{
	static const char line[] =
	    "::ffff:192.0.2.7 2001:db8::1 admin user@example.test TLSv1.2";
	struct event ev = {.line = line, .line_len = sizeof(line) - 1, .weight = 2};

	EVENT_SET(&ev, kind, KIND_auth_failure);
	EVENT_SET(&ev, time, INT64_C(1767225600000000));
	EVENT_TEXT(&ev, ip, ((struct str){line, 16}));
	EVENT_TEXT(&ev, server_ip, ((struct str){line + 17, 11}));
	EVENT_TEXT(&ev, user, ((struct str){line + 29, 5}));
	EVENT_TEXT(&ev, recipient, ((struct str){line + 35, 17}));
	EVENT_TEXT(&ev, tls, ((struct str){line + 53, 7}));
	EVENT_TEXT(&ev, sender, STR(""));
	EVENT_SET(&ev, port, 25);
	EVENT_SET(&ev, size, 10240);
	EVENT_SET(&ev, delay, 1500000);
	EVENT_SET(&ev, score, -6500);
	EVENT_SET(&ev, reason, REASON_dnsbl);
	EVENT_SET(&ev, truncated, true);
	return ev;
}

/* The filter narrowed to the kind must say the same of a batch. */
static void
check_batch(const struct filter *filter, const struct event *ev, bool match)
{
	struct event_batch *batch;
	static uint8_t matches[EVENT_BATCH];
	bool all = false;
	struct filter *narrow = filter_narrow(filter, ev->kind, &all);

	if (!narrow && all != match)
		abort();
	if (!narrow)
		return;
	batch = event_batch_new();
	event_batch_begin(batch, ev->kind, 2);
	batch->event[0] = batch->event[1] = ev;
	filter_match_many(narrow, batch, NULL, matches);
	event_batch_free(batch);
	if (matches[0] != match || matches[1] != match)
		abort();
	filter_free(narrow);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event ev = sample();
	uint64_t fields[2] = {0, 0};
	struct filter *filter;
	struct err err;
	bool match;

	if (filter_compile((struct str){(const char *)data, size}, &filter, &err) < 0)
		return 0;
	match = filter_match(filter, &ev, NULL);
	if (match && !filter_may_match_kind(filter, KIND_auth_failure))
		abort();
	check_batch(filter, &ev, match);
	filter_fields(filter, fields);
	if (!(fields[0] | fields[1]))
		abort();
	filter_free(filter);
	return 0;
}
