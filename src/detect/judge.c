/* SPDX-License-Identifier: Apache-2.0
 *
 * judge: from a count that is high enough to a verdict. Who is allowed by name may have to
 * be asked for first. Then the verdict waits, and nothing else does: what comes meanwhile
 * counts as it would later, for what is within a ban is left out when that ban is known.
 * So the answer leads to the verdict that there would have been at once.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/stable-hash.h"
#include "detect/room.h"

/* More verdicts do not wait: their addresses have no names. */
#define WAITING_MOST 1000u

static uint64_t
verdict_id(const struct detect_rule *rule, struct str key, uint64_t event)
{
	uint64_t hash = stable_hash(STABLE_HASH_START, str_of(rule->name));

	hash = stable_hash(hash, (struct str){"", 1});
	hash = stable_hash(hash, key);
	hash = stable_hash(hash, (struct str){(const char *)&event, sizeof(event)});
	return stable_mix(hash);
}

/* What facts that are not in the log say of CLIENT to rule R. */
enum facts_say { FACTS_JUDGE, FACTS_ALLOW, FACTS_WAIT };

static enum facts_say
ask_facts(struct detect *detect, uint32_t r, const struct ip *client)
{
	const struct detect_allow *allow = &detect->rules[r].allow;
	struct detect_facts facts = {0};

	if (client->family == 0 || !allow_needs_facts(allow))
		return FACTS_JUDGE;
	detect->ask(detect->context, client, &facts);
	if (allow_facts(allow, &facts)) {
		detect->stats[r].allowed++;
		return FACTS_ALLOW;
	}
	return facts.waits && allow->name_count ? FACTS_WAIT : FACTS_JUDGE;
}

/* VERDICT will re-enter at PLACE. */
static void
hold(struct detect *detect, const struct detect_verdict *verdict, uint64_t place)
{
	size_t at = detect->held_count;
	struct held *held;

	MEM_GROW(detect->held, detect->held_count, detect->held_room);
	while (at > 0 && detect->held[at - 1].place > place)
		at--;
	held = &detect->held[at];
	memmove(held + 1, held, (detect->held_count++ - at) * sizeof(*held));
	*held = (struct held){.verdict = *verdict, .place = place,
	    .text = xstrndup(verdict->key.p, verdict->key.len)};
	held->verdict.key.p = held->text;
}

/*
 * Completes VERDICT on KEY, of the event EVENT, and remembers it, unless KEY is banned. It
 * re-enters at PLACE.
 */
static void
sentence(struct detect *detect, struct detect_verdict *verdict, struct key *key,
    uint64_t event, uint64_t place, struct detect_out *out)
{
	const struct detect_rule *rule = &detect->rules[verdict->rule];
	struct history *history =
	    lru_get(detect->bans.table, lru_key_in(verdict->rule, key->hash));

	if (verdict->time < history->until)
		return;
	key_write(key);
	verdict->key = arena_str(&out->text, key->text);
	verdict->prefix = key->prefix;
	verdict->id = verdict_id(rule, key->text, event);
	verdict->offence = history_offence(history, &rule->ban, verdict->time);
	verdict->ban = ban_length(&rule->ban, verdict->offence, verdict->id);
	if (verdict->is_protected && verdict->ban > rule->protect.ban_most)
		verdict->ban = rule->protect.ban_most;
	history_add(&detect->bans, history, verdict->time,
	    verdict->ban > INT64_MAX - verdict->time ? INT64_MAX :
	    verdict->time + verdict->ban);
	counter_settle(detect, verdict->rule, key, verdict->time);
	detect->stats[verdict->rule].verdicts++;
	MEM_GROW(out->verdicts, out->count, out->room);
	out->verdicts[out->count++] = *verdict;
	if (place != PLACE_NONE)
		hold(detect, verdict, place);
}

static bool
waits_already(const struct detect *detect, uint32_t r, const struct key *key)
{
	for (size_t i = 0; i < detect->waiting_count; i++)
		if (detect->waiting[i].verdict.rule == r &&
		    detect->waiting[i].key.hash == key->hash)
			return true;
	return false;
}

/* False: so many wait that this one cannot. */
static bool
let_wait(struct detect *detect, const struct detect_verdict *verdict, struct key *key,
    const struct ip *client, uint64_t event, uint64_t place)
{
	struct waiting *waiting;

	if (detect->waiting_count == WAITING_MOST)
		return false;
	MEM_GROW(detect->waiting, detect->waiting_count, detect->waiting_room);
	waiting = &detect->waiting[detect->waiting_count++];
	*waiting = (struct waiting){.verdict = *verdict, .key = *key, .client = *client,
	    .event = event, .since = INT64_MIN, .place = place};
	/* A text dies with the event. */
	if (key->prefix.base.family == 0)
		waiting->text = xstrndup(key->text.p, key->text.len);
	waiting->key.text.p = waiting->text;
	waiting->key.text.len = waiting->text ? key->text.len : 0;
	return true;
}

/* Is KEY all of a network, in which there may be others than who was counted? */
static bool
is_net(const struct detect_rule *rule, const struct key *key)
{
	const struct cidr *prefix = &key->prefix;

	return !rule->punish_address && prefix->base.family &&
	    !cidr_is_address(prefix);
}

/*
 * Who is punished for what others did, too, cannot earn it by a single mistake: a protected
 * address is left to the rules that count by address.
 */
static bool
is_spared(struct detect *detect, const struct detect_rule *rule, const struct ip *client,
    int64_t time)
{
	return rule->punish_address && client->family &&
	    protection_covers(&detect->protection, &rule->protect, client, time);
}

static bool
is_protected(struct detect *detect, const struct detect_rule *rule, const struct key *key,
    const struct ip *client, int64_t time)
{
	return (client->family &&
	    protection_covers(&detect->protection, &rule->protect, client,
	        time)) ||
	    (is_net(rule, key) && protection_covers_net(&detect->protection, &rule->protect,
	        &key->prefix, time));
}

/*
 * Since when what counts for rule R does so against CLIENT. An address that was let in begins
 * then where the window is not its own, too: against all others that goes on.
 */
static int64_t
counts_from(struct detect *detect, uint32_t r, const struct ip *client)
{
	int64_t from = counter_banned_until(detect, r,
	    &detect->counters[detect->counter_of[r]].key), lifted;
	struct key address;

	if (!detect->rules[r].punish_address || client->family == 0)
		return from;
	key_of_address(client, false, &address);
	lifted = history_lifted(&detect->bans, &address);
	return lifted > from ? lifted : from;
}

/* Is the count of rule R enough? Then *RET is what is known of its verdict. */
static bool
is_enough(struct detect *detect, uint32_t r, const struct event *ev, const struct ip *client,
    struct detect_verdict *ret)
{
	const struct detect_rule *rule = &detect->rules[r];
	struct counter *counter = &detect->counters[detect->counter_of[r]];
	int64_t from = counts_from(detect, r, client);
	struct standing standing;

	if (ev->time < from)
		return false;
	standing = window_standing(counter, rule->within, from);
	if (standing.sum < rule->count)
		return false;
	/* A client was looked at before; a network may hold others, a relay is none. */
	if (!rule->punish_address && counter->key.prefix.base.family &&
	    allow_within(&rule->allow, &counter->key.prefix)) {
		detect->stats[r].allowed++;
		return false;
	}
	if (is_spared(detect, rule, client, ev->time)) {
		detect->stats[r].spared++;
		return false;
	}
	*ret = (struct detect_verdict){.rule = r, .time = ev->time, .counted = standing.sum,
	    .threshold = rule->count, .since = standing.since};
	ret->is_protected = is_protected(detect, rule, &counter->key, client, ev->time);
	if (ret->is_protected) {
		ret->threshold *= rule->protect.multiply;
		if (standing.sum < ret->threshold) {
			detect->stats[r].spared++;
			return false;
		}
	}
	ret->evidence_count = window_evidence(counter, &standing, ret->evidence);
	return true;
}

/* Is somebody to be judged by rule R for EV? Then *RET is the verdict, *RET_KEY on whom. */
static bool
is_due(struct detect *detect, uint32_t r, const struct event *ev,
    const struct symbols *symbols,
    struct client_ip *client, struct detect_verdict *ret, struct key *ret_key)
{
	struct detect_key address = {.field = FIELD_ip};
	const struct key *key = &detect->counters[detect->counter_of[r]].key;

	if (!is_enough(detect, r, ev, key_client(ev, symbols, client), ret))
		return false;
	*ret_key = *key;
	if (key->text.p == key->room)
		ret_key->text.p = ret_key->room;
	if (detect->rules[r].punish_address &&
	    !key_of(&address, ev, symbols, client, ret_key))
		return false;
	return !waits_already(detect, r, ret_key);
}

/* Where what rule R finds re-enters. */
static uint64_t
place_of(const struct detect *detect, uint32_t r)
{
	return detect->of_ban ? PLACE_NONE : detect->turn * detect->count + r;
}

void
judge(struct detect *detect, uint32_t r, const struct event *ev,
    const struct symbols *symbols, struct client_ip *client, struct detect_out *out)
{
	const struct ip *ip = key_client(ev, symbols, client);
	uint64_t place = place_of(detect, r);
	struct detect_verdict verdict;
	struct key key;
	enum facts_say say;

	if (!is_due(detect, r, ev, symbols, client, &verdict, &key))
		return;
	say = ask_facts(detect, r, ip);
	if (say == FACTS_ALLOW ||
	    (say == FACTS_WAIT && let_wait(detect, &verdict, &key, ip, ev->id, place)))
		return;
	sentence(detect, &verdict, &key, ev->id, place, out);
}

void
judge_recall(struct detect *detect, uint32_t r, const struct event *ev,
    const struct symbols *symbols, struct client_ip *client)
{
	const struct ip *ip = key_client(ev, symbols, client);
	struct detect_verdict verdict;
	struct key key;

	if (detect->rules[r].allow.name_count && ip->family &&
	    is_due(detect, r, ev, symbols, client, &verdict, &key))
		let_wait(detect, &verdict, &key, ip, ev->id, place_of(detect, r));
}

void
judge_known(struct detect *detect, uint32_t r, const struct key *key)
{
	size_t left = 0;

	for (size_t i = 0; i < detect->waiting_count; i++) {
		if (detect->waiting[i].verdict.rule == r &&
		    detect->waiting[i].key.hash == key->hash)
			free(detect->waiting[i].text);
		else
			detect->waiting[left++] = detect->waiting[i];
	}
	detect->waiting_count = left;
}

void
judge_waiting(struct detect *detect, int64_t now, int64_t patience, struct detect_out *out)
{
	size_t left = 0;

	for (size_t i = 0; i < detect->waiting_count; i++) {
		struct waiting waiting = detect->waiting[i];
		enum facts_say say = ask_facts(detect, waiting.verdict.rule, &waiting.client);

		waiting.since = waiting.since == INT64_MIN ? now : waiting.since;
		if (say == FACTS_WAIT && now - waiting.since < patience) {
			detect->waiting[left++] = waiting;
			continue;
		}
		if (say != FACTS_ALLOW)
			sentence(detect, &waiting.verdict, &waiting.key, waiting.event,
			    waiting.place, out);
		free(waiting.text);
	}
	detect->waiting_count = left;
}
