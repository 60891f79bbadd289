/* SPDX-License-Identifier: Apache-2.0
 *
 * Indented lines: folded ones belong to what they go on with; in what is no log they are as
 * little understood as the lines around them, in pieces, too.
 */
#include "engine-log.h"

#define KNOWN "2026-11-05T00:00:05+00:00 mx postfix/smtpd[7]: connect from a[192.0.2.1]"
#define UNKNOWN "2026-11-05T00:00:05+00:00 mx postfix/smtpd[7]: words nobody wrote"
#define FOREIGN "2026-11-05T00:00:05+00:00 mx kernel: oops"

static const struct query by_kind = {
    .name = "kind",
    .keys = {{.field = FIELD_kind}},
    .key_count = 1,
    .measures = {{.name = "count", .op = MEASURE_COUNT}},
    .measure_count = 1,
};

/* The log as written since log_begin() counts as WANT. */
static void
check(const char *want, const char *what)
{
	struct buf said = BUF_INIT(BUF_UNLIMITED);
	uint64_t size = (uint64_t)ftell(log_file);
	struct str counts;

	fclose(log_file);
	log_count(&said, &by_kind, UINT64_C(1) << 40, 1, false);
	counts = str_head(buf_view(&said), str_index(buf_view(&said), ';'));
	is_text(counts.p, counts.len, want, what);
	log_check_pieces(&by_kind, size, what);
	buf_done(&said);
}

static void
add(unsigned times, const char *first, const char *second)
{
	for (unsigned i = 0; i < times; i++) {
		log_raw(first);
		log_raw(second);
	}
}

int
main(void)
{
	log_open();

	log_begin(NULL);
	add(40, KNOWN, "  folded");
	check("80 lines, 40 events, 40 ignored, 0 malformed", "behind an event");

	log_begin(NULL);
	log_raw("{");
	add(1500, "  \"kind\": 1,", "\t\"ip\": [");
	log_raw("}");
	check("3002 lines, 0 events, 0 ignored, 3002 malformed", "in a JSON file");

	log_begin(NULL);
	add(3, KNOWN, "  folded");
	log_raw("garbage");
	add(20, "  more of it", "");
	add(20, KNOWN, "  folded");
	check("87 lines, 23 events, 43 ignored, 21 malformed", "behind garbage in a log");

	log_begin(NULL);
	add(40, UNKNOWN, "  folded");
	check("80 lines, 0 events, 0 ignored, 0 malformed", "behind what is not known");

	log_begin(NULL);
	add(40, FOREIGN, "  folded");
	check("80 lines, 0 events, 0 ignored, 0 malformed", "behind another program's line");

	log_begin(NULL);
	add(40, "  folded", "  folded");
	log_raw(KNOWN);
	check("81 lines, 1 events, 80 ignored, 0 malformed", "where an entry was cut off");

	log_close();
	return tap_done();
}
