/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes rules: a postern.conf up to a line of "%", and behind it events, six bytes
 * each, that what could be made of it judges. A verdict must be one that its rule can
 * give, and one of two detectors is stopped half way and seeded: as long as the events
 * are in order, both say the same.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"
#include "engine/engine.h"
#include "demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EVENT_BYTES 6
#define EVENTS_MAX 400

struct told {
	struct event ev;
	char line[128];
};

static struct symbols symbols;

static void
ignore_fault(void *context, const char *text)
{
	(void)context;
	demand(*text != '\0');
}

static void
know(void *context, const struct ip *ip, struct detect_facts *ret)
{
	(void)context;
	*ret = (struct detect_facts){.country = "DE", .asn = 64496,
	    .name = ip->byte[3] & 1 ? STR("mx.example.test") : STR("")};
}

static void
say(struct told *told, enum field field, const char *text)
{
	size_t at = told->ev.line_len, len = strlen(text);

	demand(at + len < sizeof(told->line));
	memcpy(told->line + at, text, len);
	told->ev.line_len += (uint32_t)len;
	*event_text_member(&told->ev, field) =
	    (struct text){.off = (uint16_t)at, .len = (uint16_t)len};
	event_mark(&told->ev, field);
}

/* What is to be said of it: a kind and what goes with it. */
static const struct {
	enum kind kind;
	enum outcome outcome;
	enum reason reason;
	const char *action;
} sorts[] = {
	{KIND_attempt, OUTCOME_failure, 0, NULL}, {KIND_attempt, OUTCOME_failure, 0, NULL},
	{KIND_attempt, OUTCOME_success, 0, NULL}, {KIND_attempt, OUTCOME_refused, 0, NULL},
	{KIND_attempt, OUTCOME_error, 0, NULL},
	{KIND_policy, 0, REASON_unknown_user, "reject"},
	{KIND_policy, 0, REASON_relay_denied, "reject"},
	{KIND_policy, 0, REASON_dnsbl, "reject"},
	{KIND_ps_pregreet, 0, 0, NULL}, {KIND_ps_list, 0, 0, "deny"},
	{KIND_rate_limit, 0, 0, NULL}, {KIND_message, 0, 0, NULL},
	{KIND_message, 0, 0, "spam"},
	{KIND_ban, 0, 0, NULL},
};

/* Events of a few clients and users. BYTES[3..4]: time since the one before, often none. */
static void
make_event(struct told *told, const uint8_t *bytes, int64_t *time, uint64_t id)
{
	static const char *const ips[] = {"192.0.2.1", "192.0.2.9", "198.51.100.7",
	    "2001:db8::1", "2001:db8::2", "::ffff:192.0.2.1", "unknown"};
	static const char *const users[] = {"anna", "bert@example.test", "", "c\xc3\xa4", "@"};
	unsigned sort = bytes[0] % (sizeof(sorts) / sizeof(*sorts));

	*told = (struct told){.ev = {.weight = bytes[5] & 7 ? 1 : bytes[5]}};
	*time += ((int64_t)bytes[3] << (bytes[4] & 31)) * (bytes[4] & 128 ? -1 : 1);
	EVENT_SET(&told->ev, kind, (uint8_t)sorts[sort].kind);
	EVENT_SET(&told->ev, time, *time);
	EVENT_SET(&told->ev, id, id);
	if (sorts[sort].outcome)
		EVENT_SET(&told->ev, outcome, (uint8_t)sorts[sort].outcome);
	if (sorts[sort].reason)
		EVENT_SET(&told->ev, reason, (uint8_t)sorts[sort].reason);
	if (sorts[sort].action)
		say(told, sorts[sort].kind == KIND_message ? FIELD_verdict : FIELD_action,
		    sorts[sort].action);
	if (sorts[sort].kind == KIND_message)
		EVENT_SET(&told->ev, delivered, bytes[5] & 3);
	if (bytes[1] != 255)
		say(told, FIELD_ip, ips[bytes[1] % 7]);
	if (bytes[2] != 255)
		say(told, bytes[2] & 64 ? FIELD_recipient : FIELD_user, users[bytes[2] % 5]);
	EVENT_SET(&told->ev, size, bytes[5] * 1000);
}

static void
check_verdict(const struct rules *rules, const struct detect_verdict *verdict,
    const struct event *ev)
{
	const struct detect_rule *rule;

	demand(verdict->rule < rules->count && verdict->time == ev->time);
	rule = &rules->rules[verdict->rule];
	demand(verdict->counted >= verdict->threshold && verdict->threshold >= rule->count);
	demand(verdict->ban > 0 && verdict->offence >= 1);
	demand(verdict->evidence_count >= 1 && verdict->evidence_count <= DETECT_EVIDENCE);
	demand(verdict->prefix.base.family == 0 || verdict->prefix.base.family == 4 ||
	    verdict->prefix.base.family == 6);
	demand(verdict->prefix.bits <= (verdict->prefix.base.family == 6 ? 128 : 32));
	demand(verdict->time - verdict->since <= rule->within);
}

static void
same_verdicts(const struct detect_out *a, const struct detect_out *b)
{
	demand(a->count == b->count);
	for (size_t i = 0; i < a->count; i++)
		demand(a->verdicts[i].id == b->verdicts[i].id &&
		    a->verdicts[i].ban == b->verdicts[i].ban &&
		    a->verdicts[i].counted == b->verdicts[i].counted);
}

/* Did a verdict of the same event lead to number AT of OUT? */
static bool
is_of_ban(const struct detect_out *out, size_t at)
{
	const struct detect_verdict *verdict = &out->verdicts[at];

	for (size_t v = 0; v < at; v++)
		for (uint32_t i = 0; i < verdict->evidence_count; i++)
			if (verdict->evidence[i] == out->verdicts[v].id)
				return true;
	return false;
}

/* Both are shown EVENTS: the first all of them, the other is seeded with the first half. */
static void
judge(const struct rules *rules, const struct settings *settings, const uint8_t *bytes,
    size_t count)
{
	struct detect_limits limits = rules_limits(settings);
	struct detect *whole = detect_new(rules->rules, rules->count, &limits, know, NULL);
	struct detect *second = detect_new(rules->rules, rules->count, &limits, know, NULL);
	struct detect_out out = {0}, other = {0};
	int64_t time = INT64_C(1767225600000000), before = time;
	bool in_order = true;

	for (size_t i = 0; i < count; i++, before = time) {
		struct told told;

		make_event(&told, bytes + i * EVENT_BYTES, &time, i + 1);
		in_order &= time >= before;
		told.ev.line = told.line;
		detect_event(whole, &told.ev, &symbols, &out);
		for (size_t v = 0; v < out.count; v++)
			check_verdict(rules, &out.verdicts[v], &told.ev);
		if (i >= count / 2) {
			detect_event(second, &told.ev, &symbols, &other);
			if (in_order)
				same_verdicts(&out, &other);
			continue;
		}
		detect_seed(second, &told.ev, &symbols);
		for (size_t v = 0; v < out.count; v++)
			detect_banned(second, &(struct detect_earlier){
			    .rule = rules->rules[out.verdicts[v].rule].name,
			    .key = out.verdicts[v].key, .prefix = out.verdicts[v].prefix,
			    .from = out.verdicts[v].time,
			    .until = out.verdicts[v].ban == INT64_MAX ? INT64_MAX :
			    out.verdicts[v].time + out.verdicts[v].ban,
			    .lifted = INT64_MIN, .id = out.verdicts[v].id,
			    .of_ban = is_of_ban(&out, v)});
	}
	detect_free(whole);
	detect_free(second);
	detect_out_free(&out);
	detect_out_free(&other);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size}, conf = text;
	size_t end = str_find(text, STR("\n%\n"));
	struct settings *settings = NULL;
	int fd = memfd_create("rules", MFD_CLOEXEC);
	struct rules rules;
	char path[64];
	struct err err;

	if (!symbols.dict[DOMAIN_IP].count) {
		hash_init();
		symbols_init(&symbols);
	}
	conf = str_head(text, end);
	text = str_from(text, end == text.len ? end : end + 3);
	demand(fd >= 0 && (conf.len == 0 || write(fd, conf.p, conf.len) == (ssize_t)conf.len));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	settings_read(path, ignore_fault, NULL, &settings, &err);
	rules_make(settings, ignore_fault, NULL, &rules);
	if (text.len / EVENT_BYTES)
		judge(&rules, settings, (const uint8_t *)text.p,
		    text.len / EVENT_BYTES < EVENTS_MAX ? text.len / EVENT_BYTES : EVENTS_MAX);
	rules_done(&rules);
	settings_free(settings);
	close(fd);
	return 0;
}
