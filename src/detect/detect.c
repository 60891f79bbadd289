/* SPDX-License-Identifier: Apache-2.0
 *
 * detect: each rule looks at each event it matches. A key's window is counted on until
 * it reaches the rule's threshold; then there is a verdict, and the window begins anew.
 * While a key is banned by a rule, nothing of it counts for that rule: what still comes
 * are the lines of connections that were open.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/stable-hash.h"
#include "detect/room.h"

const struct detect_limits detect_limits_default = {
	.keys = 100000,
	.clients = 100000,
	.history = 200000,
};

struct detect {
	const struct detect_rule *rules;
	size_t count;
	struct lru **windows;        /* by rule */
	struct detect_stats *stats;  /* by rule */
	struct lru *history;         /* by rule and key */
	struct protection protection;
	detect_ask *ask;
	void *context;
	struct buf line;             /* of a verdict that re-enters */
};

struct detect *
detect_new(const struct detect_rule *rules, size_t count, const struct detect_limits *limits,
    detect_ask *ask, void *context)
{
	struct detect *detect = xcalloc(1, sizeof(*detect));

	detect->rules = rules;
	detect->count = count;
	detect->windows = xcalloc(count + 1, sizeof(struct lru *));
	detect->stats = xcalloc(count + 1, sizeof(*detect->stats));
	for (size_t r = 0; r < count; r++)
		detect->windows[r] = lru_new(sizeof(struct window), limits->keys, window_done);
	detect->history = lru_new(sizeof(struct history), limits->history, NULL);
	protection_init(&detect->protection, rules, count, limits->clients);
	detect->ask = ask;
	detect->context = context;
	detect->line = (struct buf)BUF_INIT(EVENT_LINE_MAX);
	return detect;
}

void
detect_free(struct detect *detect)
{
	if (!detect)
		return;
	for (size_t r = 0; r < detect->count; r++)
		lru_free(detect->windows[r]);
	lru_free(detect->history);
	lru_free(detect->protection.table);
	free(detect->windows);
	free(detect->stats);
	buf_done(&detect->line);
	free(detect);
}

/* What an event adds to a rule's window; points 0: nothing. */
static struct mark
make_mark(const struct detect_rule *rule, const struct event *ev,
    const struct symbols *symbols)
{
	struct mark mark = {.time = ev->time, .id = ev->id, .points = ev->weight};
	struct key value;

	if (rule->distinct) {
		mark.points = key_of(&rule->of, ev, symbols, &value);
		if (mark.points)
			mark.value = hash_bytes(value.text.p, value.text.len) | 1;
	} else if (rule->scores) {
		uint64_t points = 0;

		for (size_t i = 0; i < rule->score_count; i++)
			if (filter_match(rule->scores[i].where, ev, symbols))
				points += (uint64_t)rule->scores[i].points * ev->weight;
		mark.points = points < UINT32_MAX ? (uint32_t)points : UINT32_MAX;
	}
	return mark;
}

/* Marks kept are enough for a protected address, too. */
static uint64_t
need_of(const struct detect_rule *rule)
{
	return (uint64_t)rule->count * (rule->protect.on ? rule->protect.multiply : 1);
}

/* Counts EV for rule R; the window of its key, NULL when it does not count. */
static struct window *
count_event(struct detect *detect, uint32_t r, const struct event *ev,
    const struct symbols *symbols, struct key *ret_key)
{
	const struct detect_rule *rule = &detect->rules[r];
	const struct history *history;
	struct window *window;
	struct mark mark;

	if (!filter_match(rule->match, ev, symbols) ||
	    !key_of(&rule->by, ev, symbols, ret_key))
		return NULL;
	detect->stats[r].matched++;
	if (allow_event(&rule->allow, ev, symbols)) {
		detect->stats[r].allowed++;
		return NULL;
	}
	history = lru_find(detect->history, lru_key_of(r, ret_key->text));
	if (history && ev->time < history->until && !rule->punish_address)
		return NULL;
	mark = make_mark(rule, ev, symbols);
	if (mark.points == 0)
		return NULL;
	window = lru_get(detect->windows[r], lru_key_of(r, ret_key->text));
	window_add(window, &mark, rule->within, need_of(rule));
	return window;
}

static uint64_t
verdict_id(const struct detect_rule *rule, struct str key, uint64_t event)
{
	uint64_t hash = stable_hash(STABLE_HASH_START, str_of(rule->name));

	hash = stable_hash(hash, (struct str){"", 1});
	hash = stable_hash(hash, key);
	hash = stable_hash(hash, (struct str){(const char *)&event, sizeof(event)});
	return stable_mix(hash);
}

static void
take_evidence(struct detect_verdict *verdict, const struct window *window)
{
	uint32_t n = window->count < DETECT_EVIDENCE ? window->count : DETECT_EVIDENCE;

	for (uint32_t i = 0; i < n; i++)
		verdict->evidence[i] = window->marks[window->count - n + i].id;
	verdict->evidence_count = n;
	verdict->since = window->count ? window->marks[0].time : verdict->time;
}

/* Do facts that are not in the log keep KEY from being judged? */
static bool
allowed_by_facts(struct detect *detect, uint32_t r, const struct ip *ip)
{
	struct detect_facts facts = {0};

	if (ip->family == 0 || !allow_needs_facts(&detect->rules[r].allow))
		return false;
	detect->ask(detect->context, ip, &facts);
	if (!allow_facts(&detect->rules[r].allow, &facts))
		return false;
	detect->stats[r].allowed++;
	return true;
}

/* WINDOW of KEY, which EV completed if it is enough: the verdict, else false. */
static bool
judge(struct detect *detect, uint32_t r, const struct event *ev,
    const struct symbols *symbols, struct window *window, struct key *key,
    struct detect_verdict *ret)
{
	const struct detect_rule *rule = &detect->rules[r];
	uint64_t sum = window_sum(window);
	struct ip client = {0};

	*ret = (struct detect_verdict){.rule = r, .time = ev->time, .counted = sum,
	    .threshold = rule->count};
	if (sum < rule->count)
		return false;
	key_client(ev, symbols, &client);
	ret->is_protected = client.family &&
	    protection_covers(&detect->protection, &rule->protect, &client, ev->time);
	if (ret->is_protected) {
		ret->threshold *= rule->protect.multiply;
		if (sum < ret->threshold) {
			detect->stats[r].spared++;
			return false;
		}
	}
	if (allowed_by_facts(detect, r, &client))
		return false;
	take_evidence(ret, window);
	if (!rule->punish_address) {
		window_clear(window);
	} else {
		struct detect_key address = {.field = FIELD_ip};

		if (!key_of(&address, ev, symbols, key))
			return false;
	}
	return true;
}

/* Completes VERDICT on KEY and remembers it; false when KEY is banned already. */
static bool
sentence(struct detect *detect, struct detect_verdict *verdict, const struct key *key,
    const struct event *ev, struct arena *text)
{
	const struct detect_rule *rule = &detect->rules[verdict->rule];
	struct history *history =
	    lru_get(detect->history, lru_key_of(verdict->rule, key->text));

	if (ev->time < history->until)
		return false;
	verdict->key = arena_str(text, key->text);
	verdict->prefix = key->prefix;
	verdict->id = verdict_id(rule, key->text, ev->id);
	verdict->offence = history_offence(history, &rule->ban, ev->time);
	verdict->ban = ban_length(&rule->ban, verdict->offence, verdict->id);
	if (verdict->is_protected && verdict->ban > rule->protect.ban_most)
		verdict->ban = rule->protect.ban_most;
	history_add(history, ev->time, verdict->ban > INT64_MAX - ev->time ? INT64_MAX :
	    ev->time + verdict->ban);
	detect->stats[verdict->rule].verdicts++;
	return true;
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
	bool whole = prefix->bits == (prefix->base.family == 4 ? 32 : 128);
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
	if (prefix->base.family && whole) {
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

static struct detect_verdict *
add_verdict(struct detect_out *out)
{
	MEM_GROW(out->verdicts, out->count, out->room);
	return &out->verdicts[out->count++];
}

/* One event and all rules; with JUDGE, what it completes goes to OUT. */
static void
look_at(struct detect *detect, const struct event *ev, const struct symbols *symbols,
    bool judging, struct detect_out *out)
{
	struct detect_verdict verdict;

	for (uint32_t r = 0; r < detect->count; r++) {
		struct key key;
		struct window *window;

		if (!filter_may_match_kind(detect->rules[r].match, ev->kind))
			continue;
		detect->stats[r].judged += judging;
		window = count_event(detect, r, ev, symbols, &key);
		if (window && judging &&
		    judge(detect, r, ev, symbols, window, &key, &verdict) &&
		    sentence(detect, &verdict, &key, ev, &out->text))
			*add_verdict(out) = verdict;
	}
}

void
detect_event(struct detect *detect, const struct event *ev, const struct symbols *symbols,
    struct detect_out *out)
{
	struct event ban;
	size_t found;

	out->count = 0;
	arena_clear(&out->text);
	protection_note(&detect->protection, ev, symbols);
	look_at(detect, ev, symbols, true, out);
	found = out->count;
	for (size_t i = 0; i < found; i++) {
		struct detect_verdict verdict = out->verdicts[i];
		struct key key = {.text = verdict.key, .prefix = verdict.prefix};

		ban_event(detect, detect->rules[verdict.rule].name, &key, verdict.time,
		    verdict.ban, verdict.id, &ban);
		look_at(detect, &ban, symbols, true, out);
	}
}

void
detect_seed(struct detect *detect, const struct event *ev, const struct symbols *symbols)
{
	protection_note(&detect->protection, ev, symbols);
	look_at(detect, ev, symbols, false, NULL);
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

void
detect_banned(struct detect *detect, const char *rule, struct str text, int64_t from,
    int64_t until, bool of_ban)
{
	uint32_t r = rule_named(detect, rule);
	struct key key;
	struct event ban;

	key_of_text(text, &key);
	if (r < detect->count) {
		history_add(lru_get(detect->history, lru_key_of(r, text)), from, until);
		if (!detect->rules[r].punish_address)
			lru_remove(detect->windows[r], lru_key_of(r, text));
	}
	if (of_ban)
		return;
	ban_event(detect, rule ? rule : "manual", &key, from,
	    until == INT64_MAX ? INT64_MAX : until - from, 0, &ban);
	look_at(detect, &ban, NULL, false, NULL);
}

void
detect_unbanned(struct detect *detect, const char *rule, struct str key, int64_t time)
{
	uint32_t r = rule_named(detect, rule);
	struct history *history;

	if (r == detect->count)
		return;
	history = lru_find(detect->history, lru_key_of(r, key));
	if (history && history->until > time)
		history->until = time;
	lru_remove(detect->windows[r], lru_key_of(r, key));
}

void
detect_needs(const struct detect *detect, uint64_t ret[2])
{
	static const enum field always[] = {FIELD_ip, FIELD_user, FIELD_verdict};

	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		ret[always[i] / 64] |= UINT64_C(1) << (always[i] % 64);
	for (size_t r = 0; r < detect->count; r++) {
		const struct detect_rule *rule = &detect->rules[r];

		filter_fields(rule->match, ret);
		ret[rule->by.field / 64] |= UINT64_C(1) << (rule->by.field % 64);
		if (rule->distinct)
			ret[rule->of.field / 64] |= UINT64_C(1) << (rule->of.field % 64);
		for (size_t i = 0; i < rule->score_count; i++)
			filter_fields(rule->scores[i].where, ret);
	}
}

int64_t
detect_looks_back(const struct detect *detect)
{
	int64_t most = 0;

	for (size_t r = 0; r < detect->count; r++) {
		const struct detect_rule *rule = &detect->rules[r];
		int64_t protect = rule->protect.on ?
		    rule->protect.lasts + rule->protect.over : 0;

		most = rule->within > most ? rule->within : most;
		most = protect > most ? protect : most;
	}
	return most;
}

struct detect_stats
detect_stats(const struct detect *detect, uint32_t rule)
{
	struct detect_stats sum = {.evicted_clients = lru_evicted(detect->protection.table),
	    .evicted_history = lru_evicted(detect->history)};

	for (uint32_t r = 0; r < detect->count; r++) {
		const struct detect_stats *stats = &detect->stats[r];

		if (rule < detect->count && rule != r)
			continue;
		sum.judged += stats->judged;
		sum.matched += stats->matched;
		sum.verdicts += stats->verdicts;
		sum.allowed += stats->allowed;
		sum.spared += stats->spared;
		sum.keys += lru_count(detect->windows[r]);
		sum.evicted_keys += lru_evicted(detect->windows[r]);
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
