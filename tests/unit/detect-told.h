/* SPDX-License-Identifier: Apache-2.0
 *
 * Events for detect that are told in one line, rules to judge them by, and what came of it.
 */
#ifndef TESTS_UNIT_DETECT_TOLD_H
#define TESTS_UNIT_DETECT_TOLD_H

#include <stdlib.h>
#include "base/hash.h"
#include "base/mem.h"
#include "detect/detect.h"
#include "tap.h"

#define SEC INT64_C(1000000)
#define MINUTE (60 * SEC)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* An event with texts of its own. */
struct told {
	struct event ev;
	char line[256];
};

static uint64_t next_id = 1;
static struct symbols symbols;

static inline void
say(struct told *told, enum field field, const char *text)
{
	size_t at = told->ev.line_len, len = strlen(text);

	memcpy(told->line + at, text, len);
	told->ev.line = told->line;
	told->ev.line_len += (uint32_t)len;
	*event_text_member(&told->ev, field) =
	    (struct text){.off = (uint16_t)at, .len = (uint16_t)len};
	event_mark(&told->ev, field);
}

static inline struct told
event_of(enum kind kind, int64_t time, const char *ip)
{
	struct told told = {.ev = {.weight = 1}};

	told.ev.kind = kind;
	event_mark(&told.ev, FIELD_kind);
	EVENT_SET(&told.ev, time, time);
	EVENT_SET(&told.ev, id, next_id++);
	if (ip)
		say(&told, FIELD_ip, ip);
	return told;
}

static inline struct told
attempt(int64_t time, const char *ip, const char *user, enum outcome outcome)
{
	struct told told = event_of(KIND_attempt, time, ip);

	EVENT_SET(&told.ev, outcome, outcome);
	if (user)
		say(&told, FIELD_user, user);
	return told;
}

static inline struct told
message(int64_t time, const char *ip, int64_t delivered, const char *verdict)
{
	struct told told = event_of(KIND_message, time, ip);

	EVENT_SET(&told.ev, delivered, delivered);
	if (verdict)
		say(&told, FIELD_verdict, verdict);
	return told;
}

static struct filter *made[64];
static size_t made_count;

static inline const struct filter *
filter(const char *text)
{
	struct filter *ret;
	struct err err;

	if (filter_compile(str_of(text), &ret, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	made[made_count++] = ret;
	return ret;
}

static struct detect_facts known;

static inline void
ask(void *context, const struct ip *ip, struct detect_facts *ret)
{
	(void)context;
	(void)ip;
	*ret = known;
}

static inline struct detect_rule
failures(uint32_t count, int64_t within)
{
	return (struct detect_rule){.name = "failures",
	    .match = filter("attempt & outcome=failure"), .by = {.field = FIELD_ip},
	    .count = count, .within = within,
	    .ban = {.first = HOUR, .most = 8 * HOUR, .factor = 2, .remembered = 90 * DAY}};
}

static inline struct detect *
detector(const struct detect_rule *rules, size_t count)
{
	return detect_new(rules, count, &detect_limits_default, ask, NULL);
}

static struct detect_out out;

/* Verdicts of one event. */
static inline size_t
judged(struct detect *detect, struct told told)
{
	told.ev.line = told.line;
	detect_event(detect, &told.ev, &symbols, &out);
	return out.count;
}

static inline void
was_banned(struct detect *detect, const char *rule, const char *ip, int64_t from,
    int64_t until, int64_t lifted)
{
	struct detect_earlier earlier = {.rule = rule, .key = str_of(ip), .from = from,
	    .until = until, .lifted = lifted};

	cidr_parse(earlier.key, &earlier.prefix);
	detect_banned(detect, &earlier);
}

#endif
