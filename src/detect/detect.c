/* SPDX-License-Identifier: Apache-2.0
 *
 * detect: each rule looks at each event it matches. A key's window is counted on until
 * it reaches the rule's threshold; then there is a verdict, and the window begins anew.
 * While a key is banned by a rule, nothing of it counts for that rule: what still comes
 * are the lines of connections that were open.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "detect/room.h"

const struct detect_limits detect_limits_default = {
	.keys = DETECT_KEYS,
	.clients = 1000000,
	.history = 1000000,
	.bytes = (size_t)DETECT_MIB << 20,
};

struct detect *
detect_new(const struct detect_rule *rules, size_t count, const struct detect_limits *limits,
    detect_ask *ask, void *context)
{
	struct detect *detect = xcalloc(1, sizeof(*detect));

	detect->rules = rules;
	detect->count = count;
	detect->limits = *limits;
	detect->stats = xcalloc(count + 1, sizeof(*detect->stats));
	counters_make(detect);
	bans_init(&detect->bans, rules, count, limits->history, &detect->now);
	protection_init(&detect->protection, rules, count, limits->clients, &detect->now);
	detect->ask = ask;
	detect->context = context;
	detect->recall_from = INT64_MAX;
	detect->line = (struct buf)BUF_INIT(EVENT_LINE_MAX);
	return detect;
}

void
detect_free(struct detect *detect)
{
	if (!detect)
		return;
	counters_free(detect);
	lru_free(detect->bans.table);
	protection_done(&detect->protection);
	for (size_t i = 0; i < detect->waiting_count; i++)
		free(detect->waiting[i].text);
	free(detect->waiting);
	for (size_t i = 0; i < detect->held_count; i++)
		free(detect->held[i].text);
	free(detect->held);
	free(detect->stats);
	buf_done(&detect->line);
	free(detect);
}

static void
add_text(struct detect *detect, struct event *ev, enum field field, struct str text)
{
	size_t at = detect->line.len;

	buf_str(&detect->line, text);
	*event_text_member(ev, field) =
	    (struct text){.off = (uint16_t)at, .len = (uint16_t)text.len};
	event_mark(ev, field);
}

/* The event that a ban by rule NAME of KEY is. It lives in detect->line. */
static void
ban_event(struct detect *detect, const char *name, const struct key *key, int64_t time,
    int64_t length, uint64_t id, struct event *ret)
{
	const struct cidr *prefix = &key->prefix;
	char text[IP_TEXT_MAX];

	buf_clear(&detect->line);
	memset(ret->known, 0, sizeof(ret->known));
	ret->kind = KIND_ban;
	ret->weight = 1;
	event_mark(ret, FIELD_kind);
	EVENT_SET(ret, time, time);
	EVENT_SET(ret, id, id);
	if (length != INT64_MAX)
		EVENT_SET(ret, seconds, length);
	add_text(detect, ret, FIELD_jail, str_of(name));
	if (prefix->base.family && cidr_is_address(prefix)) {
		ip_format(&prefix->base, text);
		add_text(detect, ret, FIELD_ip, str_of(text));
	} else {
		/* A network or a name: what rules can count by, but not an address. */
		add_text(detect, ret, prefix->base.family ? FIELD_text : FIELD_user,
		    str_head(key->text, 1024));
	}
	ret->line = detect->line.p;
	ret->line_len = (uint32_t)detect->line.len;
}

/*
 * One event and all rules, or those in dry run; with OUT, what it completes goes there. With
 * RECALL, it waits.
 */
static void
look_at(struct detect *detect, const struct event *ev, const struct symbols *symbols,
    struct client_ip *client, bool dry_run, bool recall, struct detect_out *out)
{
	bool any;

	detect->now = ev->time;
	any = counters_count(detect, ev, symbols, client, dry_run);
	for (uint32_t r = 0; any && (out || recall) && r < detect->count; r++) {
		if (!detect->counters[detect->counter_of[r]].window)
			continue;
		if (out)
			judge(detect, r, ev, symbols, client, out);
		else
			judge_recall(detect, r, ev, symbols, client);
	}
	counters_done(detect, ev->kind);
}

/* More bans are not held back: then they re-enter in another order. */
#define HELD_MOST 10000u

/* Does a verdict wait that would have re-entered before PLACE? */
static bool
is_held_back(const struct detect *detect, uint64_t place)
{
	if (detect->held_count <= HELD_MOST)
		for (size_t i = 0; i < detect->waiting_count; i++)
			if (detect->waiting[i].place < place)
				return true;
	return false;
}

/*
 * Bans re-enter, in the order in which they are found where no verdict waits: so who is
 * banned again and again does not depend on how fast names are known.
 */
static void
look_at_bans(struct detect *detect, struct detect_out *out)
{
	size_t done = 0;

	for (; done < detect->held_count &&
	     !is_held_back(detect, detect->held[done].place); done++) {
		const struct detect_verdict *verdict = &detect->held[done].verdict;
		const struct detect_rule *rule = &detect->rules[verdict->rule];
		struct key key = {.text = verdict->key, .prefix = verdict->prefix};
		struct client_ip client = {CLIENT_UNREAD, {{0}, 0}};
		struct event ban;

		ban_event(detect, rule->name, &key, verdict->time, verdict->ban, verdict->id,
		    &ban);
		detect->of_ban = true;
		look_at(detect, &ban, NULL, &client, rule->dry_run, false, out);
		detect->of_ban = false;
		free(detect->held[done].text);
	}
	detect->held_count -= done;
	if (done)
		memmove(detect->held, detect->held + done,
		    detect->held_count * sizeof(*detect->held));
}

void
detect_event(struct detect *detect, const struct event *ev, const struct symbols *symbols,
    struct detect_out *out)
{
	struct client_ip client = {CLIENT_UNREAD, {{0}, 0}};

	out->count = 0;
	if (out->text.used)
		arena_clear(&out->text);
	detect->turn++;
	protection_note(&detect->protection, ev, symbols, &client);
	look_at(detect, ev, symbols, &client, false, false, out);
	look_at_bans(detect, out);
	counters_weigh(detect);
}

size_t
detect_waiting(struct detect *detect, int64_t now, int64_t patience, struct detect_out *out)
{
	out->count = 0;
	if (detect->waiting_count == 0)
		return 0;
	arena_clear(&out->text);
	judge_waiting(detect, now, patience, out);
	look_at_bans(detect, out);
	return detect->waiting_count;
}

void
detect_seed(struct detect *detect, const struct event *ev, const struct symbols *symbols)
{
	struct client_ip client = {CLIENT_UNREAD, {{0}, 0}};

	protection_note(&detect->protection, ev, symbols, &client);
	detect->turn++;
	look_at(detect, ev, symbols, &client, false, ev->time >= detect->recall_from, NULL);
	counters_weigh(detect);
}

void
detect_recall(struct detect *detect, int64_t since)
{
	detect->recall_from = since;
}

/* The rule called NAME, or the number of rules. */
static uint32_t
rule_named(const struct detect *detect, const char *name)
{
	uint32_t r = 0;

	while (r < detect->count && (!name || strcmp(detect->rules[r].name, name) != 0))
		r++;
	return r;
}

/* The key that rule R has a history of under TEXT. */
static void
key_banned(const struct detect *detect, uint32_t r, struct str text, struct key *ret)
{
	bool is_address = r == detect->count || detect->rules[r].punish_address ||
	    key_is_address(&detect->rules[r].by);

	key_of_text(text, is_address, ret);
}

void
detect_unbanned(struct detect *detect, const char *rule, struct str key, int64_t time)
{
	uint32_t r = rule_named(detect, rule);
	struct history *history;
	struct event ban;
	struct key banned;

	key_banned(detect, r, key, &banned);
	ban_event(detect, rule ? rule : "manual", &banned, time, 0, 0, &ban);
	counters_forget_ban(detect, &ban);
	history = lru_find(detect->bans.table, lru_key_in(r, banned.hash));
	if (history && history->until >= time)
		history_take_back(history, time);
	counters_lifted(detect, r, &banned, time);
}

void
detect_rule_fields(const struct detect_rule *rule, uint64_t ret[2])
{
	filter_fields(rule->match, ret);
	ret[rule->by.field / 64] |= UINT64_C(1) << (rule->by.field % 64);
	if (rule->distinct)
		ret[rule->of.field / 64] |= UINT64_C(1) << (rule->of.field % 64);
	for (size_t i = 0; i < rule->score_count; i++)
		filter_fields(rule->scores[i].where, ret);
}

void
detect_banned(struct detect *detect, const struct detect_earlier *earlier)
{
	const char *rule = earlier->rule ? earlier->rule : "manual";
	uint32_t r = rule_named(detect, earlier->rule);
	struct client_ip client = {CLIENT_UNREAD, {{0}, 0}};
	int64_t length = earlier->until - earlier->from;
	struct key key;
	struct event ban;

	key_of_text(earlier->key, earlier->prefix.base.family != 0, &key);
	detect->now = earlier->from;
	/* By hand, or of a rule that is gone: as number `count`. */
	if (r == detect->count && key.prefix.base.family)
		detect->bans.by_hand[key.prefix.base.family == 6][key.prefix.bits] = true;
	history_add(&detect->bans, lru_get(detect->bans.table, lru_key_in(r, key.hash)),
	    earlier->from, earlier->lifted == INT64_MIN ? earlier->until : earlier->lifted);
	if (r < detect->count) {
		counter_settle(detect, r, &key, earlier->from);
		judge_known(detect, r, &key);
	}
	if (!earlier->of_ban) {
		ban_event(detect, rule, &key, earlier->from,
		    earlier->until == INT64_MAX ? INT64_MAX : length, earlier->id, &ban);
		look_at(detect, &ban, NULL, &client,
		    r < detect->count && detect->rules[r].dry_run, false, NULL);
		counters_weigh(detect);
	}
	if (earlier->lifted != INT64_MIN)
		detect_unbanned(detect, rule, earlier->key, earlier->lifted);
}

void
detect_needs(const struct detect *detect, uint64_t ret[2])
{
	static const enum field always[] = {FIELD_ip, FIELD_user, FIELD_verdict};

	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		ret[always[i] / 64] |= UINT64_C(1) << (always[i] % 64);
	for (size_t r = 0; r < detect->count; r++)
		detect_rule_fields(&detect->rules[r], ret);
}

int64_t
detect_looks_back(const struct detect *detect)
{
	int64_t most = 0;

	for (size_t r = 0; r < detect->count; r++) {
		const struct detect_rule *rule = &detect->rules[r];
		int64_t protect = rule->protect.on ? 2 * rule->protect.lasts : 0;

		most = rule->within > most ? rule->within : most;
		most = protect > most ? protect : most;
	}
	return most;
}

struct detect_stats
detect_stats(const struct detect *detect, uint32_t rule)
{
	struct detect_stats sum = {
	    .evicted_clients = lru_evicted(detect->protection.earned) +
	        lru_evicted(detect->protection.failing),
	    .evicted_history = lru_evicted(detect->bans.table)};

	for (uint32_t r = 0; r < detect->count; r++) {
		const struct detect_stats *stats = &detect->stats[r];
		const struct counter *counter = &detect->counters[detect->counter_of[r]];

		if (rule < detect->count && rule != r)
			continue;
		sum.matched += stats->matched;
		sum.verdicts += stats->verdicts;
		sum.allowed += stats->allowed;
		sum.spared += stats->spared;
		/* What several rules count is there once. */
		if (rule == r || counter->rules[0] == r) {
			sum.keys += lru_count(counter->windows);
			sum.evicted_keys += lru_evicted(counter->windows);
		}
	}
	return sum;
}

void
detect_out_free(struct detect_out *out)
{
	free(out->verdicts);
	arena_free(&out->text);
	*out = (struct detect_out){0};
}
