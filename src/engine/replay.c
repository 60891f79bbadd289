/* SPDX-License-Identifier: Apache-2.0
 *
 * replay: a log through detectors, and the bans that come out. The verdicts of one event
 * follow what it did as one of the banned.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "engine/replay-side.h"

/* What came back from the door: refused by postscreen, smtpd or a milter. */
#define REJECTED "policy & action=reject | ps_reject | milter & action=\"milter-reject\""

/* A new subject: who it is of the addresses must be looked up anew. */
static void
forget_memo(struct side *side, const struct detect_verdict *verdict,
    const struct symbols *symbols)
{
	const struct dict *dict = &symbols->dict[DOMAIN_IP];
	const struct cidr *prefix = &verdict->prefix;
	uint32_t number;

	side->followed = true;
	if (!cidr_is_address(prefix)) {
		side->stamp++;
		return;
	}
	number = dict_find(dict, verdict->key, dict_hash(verdict->key));
	if (number == DICT_NONE)
		return;
	if (((size_t)number + 1) * sizeof(struct memo) <= side->memo.size)
		((struct memo *)(void *)side->memo.p)[number].stamp = 0;
}

/* Who VERDICT is on, made if it is somebody new. */
static uint32_t
get_subject(struct side *side, const struct detect_verdict *verdict,
    const struct symbols *symbols)
{
	struct replay *replay = &side->replay;
	char room[PREFIX_KEY];
	struct str key;
	uint32_t number;

	if (verdict->prefix.base.family) {
		key = replay_prefix_key(&verdict->prefix, room);
	} else {
		buf_clear(&side->key);
		buf_char(&side->key, '\0');
		buf_str(&side->key, verdict->key);
		key = buf_view(&side->key);
	}
	number = replay_find_subject(side, key);
	if (number != DICT_NONE)
		return number;
	dict_get(&side->who, key);
	if (verdict->prefix.base.family)
		forget_memo(side, verdict, symbols);
	MEM_GROW(replay->subjects, replay->subject_count, side->subject_room);
	replay->subjects[replay->subject_count] = (struct replay_subject){
	    .key = arena_str(&side->arena, verdict->key), .prefix = verdict->prefix,
	    .first = (uint32_t)replay->ban_count, .last = REPLAY_NONE,
	    .until = INT64_MIN};
	return (uint32_t)replay->subject_count++;
}

/* Puts BAN at the head of its subject's, and the one before it by its rule behind it. */
static void
link_ban(struct side *side, struct replay_subject *subject, struct replay_ban *ban,
    uint32_t number)
{
	struct replay_ban *bans = side->replay.bans;
	uint32_t *link = &subject->last;

	while (*link != REPLAY_NONE && bans[*link].rule != ban->rule)
		link = &bans[*link].other;
	ban->earlier = *link;
	if (*link != REPLAY_NONE)
		*link = bans[*link].other;
	ban->other = subject->last;
	subject->last = number;
}

static void
add_ban(struct side *side, const struct detect_verdict *verdict,
    const struct symbols *symbols)
{
	struct replay *replay = &side->replay;
	struct replay_rule *rule = &replay->rules[verdict->rule];
	bool good = verdict->ban > INT64_MAX - verdict->time;
	struct replay_subject *subject;
	struct replay_ban *ban;
	uint32_t who;

	rule->bans++;
	rule->is_protected += verdict->is_protected;
	if (replay->ban_count == REPLAY_BANS) {
		replay->dropped_bans++;
		return;
	}
	who = get_subject(side, verdict, symbols);
	subject = &replay->subjects[who];
	MEM_GROW(replay->bans, replay->ban_count, side->ban_room);
	ban = &replay->bans[replay->ban_count];
	*ban = (struct replay_ban){.rule = verdict->rule, .subject = who,
	    .from = verdict->time, .until = good ? INT64_MAX : verdict->time + verdict->ban,
	    .id = verdict->id, .counted = verdict->counted, .threshold = verdict->threshold,
	    .since = verdict->since, .offence = verdict->offence,
	    .is_protected = verdict->is_protected};
	ban->end = ban->until;
	link_ban(side, subject, ban, (uint32_t)replay->ban_count);
	replay->ban_count++;
	rule->subjects += ban->earlier == REPLAY_NONE;
	subject->bans++;
	subject->until = ban->until > subject->until ? ban->until : subject->until;
	if (good || subject->banned > INT64_MAX - verdict->ban)
		subject->banned = INT64_MAX;
	else
		subject->banned += verdict->ban;
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct replaying *replaying = context;

	(void)sources;
	for (size_t s = 0; s < replaying->count; s++) {
		struct side *side = replaying->sides[s];

		replay_act_until(side, ev->time);
		replay_follow(side, replaying->rejected, ev, symbols);
		if ((side->kinds >> ev->kind & 1) == 0)
			continue;
		if (side->earlier.store && !replay_tell_earlier(replaying, side, ev))
			return false;
		if (earlier_told(&side->earlier, ev->time, ev->id))
			continue;
		detect_event(side->detect, ev, symbols, &side->out);
		for (size_t v = 0; v < side->out.count; v++)
			add_ban(side, &side->out.verdicts[v], symbols);
	}
	return true;
}

static struct side *
side_new(const struct replay_config *config, detect_ask *ask, void *context)
{
	struct side *side = xcalloc(1, sizeof(*side));
	const struct rules *rules = config->rules;

	side->rules = rules;
	side->stamp = 1;
	side->key = (struct buf)BUF_INIT(BUF_UNLIMITED);
	side->detect = detect_new(rules->rules, rules->count, &config->limits, ask, context);
	side->earlier = (struct earlier){.store = config->store, .rules = rules,
	    .detect = side->detect, .tried = true};
	side->replay.rules = xcalloc(rules->count + 1, sizeof(*side->replay.rules));
	side->replay.rule_count = rules->count;
	side->kinds = rules_kinds(rules);
	for (size_t r = 0; r < rules->count; r++) {
		side->replay.rules[r].name =
		    arena_cstr(&side->arena, str_of(rules->rules[r].name));
		side->replay.rules[r].dry_run = rules->plans[r].dry_run;
	}
	return side;
}

static int
by_client(const void *a, const void *b)
{
	const struct replay_harm *x = a, *y = b;
	int order = str_compare(x->client, y->client);

	if (order == 0)
		order = str_compare(x->user, y->user);
	return order ? order : (int)x->after - (int)y->after;
}

const struct replay_harm *
replay_find_harm(const struct replay *replay, const struct replay_harm *harm)
{
	return replay->harm_count == 0 ? NULL : bsearch(harm, replay->harms,
	    replay->harm_count, sizeof(*harm), by_client);
}

/* What the caller gets of SIDE is its first member. */
static struct replay *
side_finish(struct side *side)
{
	struct replay *replay = &side->replay;

	replay_find_peak(replay);
	if (replay->harm_count)
		qsort(replay->harms, replay->harm_count, sizeof(*replay->harms), by_client);
	for (uint32_t r = 0; r < replay->rule_count; r++)
		replay->rules[r].stats = detect_stats(side->detect, r);
	replay->stats = detect_stats(side->detect, (uint32_t)replay->rule_count);
	detect_free(side->detect);
	side->detect = NULL;
	earlier_done(&side->earlier);
	side->earlier = (struct earlier){.store = NULL};
	return replay;
}

void
replay_free(struct replay *replay)
{
	struct side *side = (struct side *)(void *)replay;

	if (!replay)
		return;
	detect_free(side->detect);
	earlier_done(&side->earlier);
	detect_out_free(&side->out);
	free(side->acts);
	dict_free(&side->who);
	dict_free(&side->harm_keys);
	dict_free(&side->harmed);
	region_free(&side->memo);
	buf_done(&side->key);
	arena_free(&side->arena);
	free(replay->rules);
	free(replay->bans);
	free(replay->subjects);
	free(replay->harms);
	free(side);
}

/* The text fields that the sides and WHERE look at. */
static void
collect_reads(const struct replaying *replaying, const struct filter *where, uint64_t ret[2])
{
	static const enum field own[] = {FIELD_ip, FIELD_user, FIELD_sender, FIELD_verdict};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		ret[own[i] / 64] |= UINT64_C(1) << (own[i] % 64);
	for (size_t s = 0; s < replaying->count; s++)
		detect_needs(replaying->sides[s]->detect, ret);
	if (where)
		filter_fields(where, ret);
}

static int
run_sides(const struct run_settings *settings, struct replaying *replaying, bool guess_years,
    struct run_result **ret_run, struct err *err)
{
	struct run_settings run = *settings;
	struct filter *where = NULL;
	uint64_t reads[2] = {0, 0};
	int status;

	if (settings->where && filter_compile(str_of(settings->where), &where, err) < 0)
		return -1;
	if (filter_compile(STR(REJECTED), &replaying->rejected, err) < 0) {
		filter_free(where);
		return -1;
	}
	collect_reads(replaying, where, reads);
	run.reads = reads;
	run.guess_years = guess_years;
	run.begin = replay_begin;
	run.beginner = replaying;
	status = run_scan(&run, take_event, replaying, ret_run, err);
	filter_free(replaying->rejected);
	filter_free(where);
	if (status == 0 && replaying->failed) {
		run_result_free(*ret_run);
		*err = replaying->err;
		return -1;
	}
	return status;
}

static void
make_sides(struct replaying *replaying, const struct replay_config *configs, detect_ask *ask,
    void *context)
{
	for (size_t s = 0; s < replaying->count; s++)
		replaying->sides[s] = side_new(&configs[s], ask, context);
}

static void
free_sides(const struct replaying *replaying)
{
	for (size_t s = 0; s < replaying->count; s++)
		replay_free(&replaying->sides[s]->replay);
}

int
replay_run(const struct run_settings *settings, const struct replay_config *configs,
    size_t count, detect_ask *ask, void *context, struct replay **ret,
    struct run_result **ret_run, struct err *err)
{
	struct replaying replaying = {.count = count};
	int status;

	replaying.sides = xcalloc(count + 1, sizeof(struct side *));
	make_sides(&replaying, configs, ask, context);
	status = run_sides(settings, &replaying, true, ret_run, err);
	if (status == 0 && (*ret_run)->wrong_year) {
		run_result_free(*ret_run);
		free_sides(&replaying);
		make_sides(&replaying, configs, ask, context);
		status = run_sides(settings, &replaying, false, ret_run, err);
	}
	if (status < 0)
		free_sides(&replaying);
	for (size_t s = 0; s < count && status == 0; s++)
		ret[s] = side_finish(replaying.sides[s]);
	free(replaying.sides);
	return status;
}
