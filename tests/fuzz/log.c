/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a log, the whole way: decoded, parsed, tracked, counted. What a scan hands
 * out are possible events; a report has the scan's lines, in one piece or cut where
 * the first byte says, in one thread or two.
 */
#include <jansson.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"
#include "engine/engine.h"
#include "demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
check_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct buf *out = context;
	json_t *object;
	struct str text;
	struct cidr net;

	demand(ev->kind > KIND_none && ev->kind < KINDS && ev->source_no < sources->count);
	demand(!event_knows(ev, FIELD_outcome) || ev->outcome < OUTCOMES);
	demand(!event_knows(ev, FIELD_reason) || ev->reason < REASONS);
	demand(ev->kind != KIND_repeat && ev->kind != KIND_part);
	text = event_knows(ev, FIELD_ip) ? event_text(ev, FIELD_ip, symbols) : STR("");
	demand(text.len == 0 || cidr_parse(text, &net));
	buf_clear(out);
	event_json(out, ev, symbols, sources);
	object = json_loadb(out->p, out->len, JSON_ALLOW_NUL, NULL);
	demand(object != NULL);
	json_decref(object);
	return true;
}

static uint64_t
lines_of(const struct run_result *result)
{
	demand(result->coverage >= 0 && result->coverage <= 1);
	return result->lines;
}

static uint64_t
report(const struct run_settings *settings)
{
	static const struct query clients = {.name = "clients", .keys = {{.field = FIELD_ip}},
	    .key_count = 1, .measures = {{.name = "count", .op = MEASURE_COUNT},
	    {.name = "users", .op = MEASURE_DISTINCT, .field = FIELD_user}},
	    .measure_count = 2};
	static const struct query hours = {.name = "hours", .keys = {{.field = FIELD_kind},
	    {.field = FIELD_time, .function = KEY_HOUR}, {.field = FIELD_status}},
	    .key_count = 3, .measures = {{.name = "count", .op = MEASURE_COUNT},
	    {.name = "p90", .op = MEASURE_QUANTILE, .field = FIELD_delay, .quantile = 0.9},
	    {.name = "bytes", .op = MEASURE_SUM, .field = FIELD_size}}, .measure_count = 3};
	static const struct query *const queries[] = {&clients, &hours};
	struct run_result *result;
	struct err err = {""};
	uint64_t lines;

	if (run_report(settings, queries, 2, &result, &err) < 0) {
		demand(err.text[0] != '\0');
		return 0;
	}
	lines = lines_of(result);
	run_result_free(result);
	return lines;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("log", MFD_CLOEXEC);
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct run_result *result;
	char path[64];
	const char *name = path;
	struct run_settings settings = {.names = &name, .name_count = 1, .since = INT64_MIN,
	    .until = INT64_MAX, .year = 2026, .jobs = 1};
	struct err err = {""};
	uint64_t lines = 0;

	hash_init();
	demand(fd >= 0 && (size < 2 || write(fd, data + 1, size - 1) == (ssize_t)size - 1));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (run_scan(&settings, check_event, &out, &result, &err) == 0) {
		lines = lines_of(result);
		run_result_free(result);
	} else {
		demand(err.text[0] != '\0');
	}
	settings.jobs = size ? 1 + (data[0] & 1) : 1;
	settings.apart = size && data[0] & 32;
	settings.chunk_bytes = size ? 64u << (data[0] >> 1 & 15) : 0;
	demand(report(&settings) == lines);
	buf_done(&out);
	close(fd);
	return 0;
}
