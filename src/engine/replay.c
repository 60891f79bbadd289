/* SPDX-License-Identifier: Apache-2.0
 *
 * replay: a log through detectors, and the bans that come out followed. An event falls
 * under the bans of its client's address and network; who that is, is remembered by the
 * address's number until somebody new is banned.
 */
#include "engine/replay.h"

#include <stdlib.h>

#include "base/mem.h"
#include "engine/engine.h"

/* What came back from the door: refused by postscreen, smtpd or a milter. */
#define REJECTED "policy & action=reject | ps_reject | milter & action=\"milter-reject\""

/* Subjects of the address with that number, as of STAMP; 0: not looked up. */
struct memo {
	uint32_t stamp;
	uint32_t subjects[2];
};

/* A replay while it runs. */
struct side {
	struct replay replay;    /* first: it is what remains */
	const struct rules *rules;
	struct detect *detect;
	struct detect_out out;
	uint64_t kinds;          /* bit set: kinds the detector wants */
	struct dict who;         /* subjects by prefix or text; its number is the index */
	struct dict harm_keys;   /* harms by client, user and `after` */
	struct dict harmed;      /* clients; with "!" those while banned */
	struct region memo;      /* struct memo by number of the address */
	uint32_t stamp;          /* networks among the subjects + 1 */
	bool followed;           /* there is a prefix among the subjects */
	size_t ban_room, subject_room, harm_room;
	struct buf key;
	struct arena arena;
};

struct replaying {
	struct side **sides;
	size_t count;
	struct filter *rejected;
};

_Static_assert(KINDS <= 64, "kinds fit a bit set");

static struct str
prefix_key(const struct cidr *prefix, char room[18])
{
	room[0] = (char)prefix->base.family;
	room[1] = (char)prefix->bits;
	memcpy(room + 2, prefix->base.byte, 16);
	return (struct str){room, 18};
}

/* The subject of KEY in WHO, or REPLAY_NONE. */
static uint32_t
find_subject(const struct side *side, struct str key)
{
	return dict_find(&side->who, key, dict_hash(key));
}

static void
look_up(const struct side *side, const struct ip *ip, uint32_t ret[2])
{
	struct cidr whole = {*ip, ip->family == 4 ? 32 : 128}, net = ip_net(ip);
	char room[18];

	ret[0] = find_subject(side, prefix_key(&whole, room));
	ret[1] = side->stamp == 1 ? REPLAY_NONE : find_subject(side, prefix_key(&net, room));
}

/* Fills RET with who of the banned EV's client is; REPLAY_NONE: nobody. */
static bool
subjects_of(struct side *side, const struct event *ev, const struct symbols *symbols,
    uint32_t ret[2])
{
	uint32_t number = ev->ip.id;
	struct memo *memo = NULL;
	struct ip ip;

	if (number) {
		region_reserve(&side->memo, ((size_t)number + 1) * sizeof(*memo));
		memo = (struct memo *)(void *)side->memo.p + number;
		if (memo->stamp == side->stamp) {
			memcpy(ret, memo->subjects, sizeof(memo->subjects));
			return ret[0] != REPLAY_NONE || ret[1] != REPLAY_NONE;
		}
	}
	ret[0] = ret[1] = REPLAY_NONE;
	if (ip_parse(event_text(ev, FIELD_ip, symbols), &ip))
		look_up(side, &ip, ret);
	if (memo) {
		memo->stamp = side->stamp;
		memcpy(memo->subjects, ret, sizeof(memo->subjects));
	}
	return ret[0] != REPLAY_NONE || ret[1] != REPLAY_NONE;
}

/* The ban at TIME, or else the last before it, of those from BAN on by its rule. */
static uint32_t
ban_at(const struct side *side, uint32_t ban, int64_t time)
{
	while (ban != REPLAY_NONE && side->replay.bans[ban].from > time)
		ban = side->replay.bans[ban].earlier;
	return ban;
}

static void
add_sums(struct replay_sums *to, const struct replay_sums *what)
{
	to->events += what->events;
	to->attempts += what->attempts;
	to->rejects += what->rejects;
}

/* Adds WHAT, at TIME, to the bans of SUBJECTS that last then; true if there is one. */
static bool
prevent(struct side *side, const uint32_t subjects[2], int64_t time,
    const struct replay_sums *what)
{
	bool prevented = false;

	for (unsigned s = 0; s < 2; s++) {
		uint32_t list = subjects[s] == REPLAY_NONE ? REPLAY_NONE :
		    side->replay.subjects[subjects[s]].last;

		for (; list != REPLAY_NONE; list = side->replay.bans[list].other) {
			uint32_t at = ban_at(side, list, time);
			struct replay_ban *ban = &side->replay.bans[at];

			if (at == REPLAY_NONE || time >= ban->until)
				continue;
			add_sums(&ban->prevented, what);
			add_sums(&side->replay.rules[ban->rule].prevented, what);
			prevented = true;
		}
	}
	return prevented;
}

/* Which ban of SUBJECTS stands for what happened at TIME, and whether it had ended. */
static uint32_t
ban_for(const struct side *side, const uint32_t subjects[2], int64_t time, bool *ret_after)
{
	const struct replay_ban *bans = side->replay.bans;
	uint32_t ended = REPLAY_NONE;

	for (unsigned s = 0; s < 2; s++) {
		uint32_t list = subjects[s] == REPLAY_NONE ? REPLAY_NONE :
		    side->replay.subjects[subjects[s]].last;

		for (; list != REPLAY_NONE; list = bans[list].other) {
			uint32_t at = ban_at(side, list, time);

			if (at == REPLAY_NONE)
				continue;
			if (time < bans[at].until) {
				*ret_after = false;
				return at;
			}
			if (ended == REPLAY_NONE || bans[at].until > bans[ended].until)
				ended = at;
		}
	}
	*ret_after = true;
	return ended;
}

static struct str
harm_key(struct buf *room, struct str client, struct str user, bool after)
{
	buf_clear(room);
	buf_str(room, client);
	buf_char(room, after ? '1' : '0');
	buf_str(room, user);
	return buf_view(room);
}

static void
count_harmed(struct side *side, struct str client, bool after)
{
	uint32_t before = side->harmed.count;

	buf_clear(&side->key);
	buf_str(&side->key, client);
	dict_get(&side->harmed, buf_view(&side->key));
	side->replay.harmed += side->harmed.count - before;
	before = side->harmed.count;
	if (after)
		return;
	buf_char(&side->key, '!');
	dict_get(&side->harmed, buf_view(&side->key));
	side->replay.harmed_during += side->harmed.count - before;
}

/* The harm of that key, made if there is room; NULL: there is none. */
static struct replay_harm *
get_harm(struct side *side, struct str client, struct str user, bool after, uint32_t ban,
    int64_t time)
{
	struct replay *replay = &side->replay;
	struct str key = harm_key(&side->key, client, user, after);
	uint32_t number = dict_find(&side->harm_keys, key, dict_hash(key));

	if (number != DICT_NONE)
		return &replay->harms[number];
	if (replay->harm_count == REPLAY_HARMS) {
		replay->dropped_harms++;
		return NULL;
	}
	dict_get(&side->harm_keys, key);
	MEM_GROW(replay->harms, replay->harm_count, side->harm_room);
	replay->harms[replay->harm_count] = (struct replay_harm){
	    .client = arena_str(&side->arena, client), .user = arena_str(&side->arena, user),
	    .after = after, .ban = ban, .first = time, .last = time};
	count_harmed(side, client, after);
	return &replay->harms[replay->harm_count++];
}

/* Did EV do what only a friend does: log in, bring mail that was delivered and no spam? */
static bool
is_friendly(const struct event *ev, const struct symbols *symbols)
{
	if (ev->kind == KIND_attempt)
		return event_knows(ev, FIELD_outcome) && ev->outcome == OUTCOME_success;
	if (ev->kind != KIND_message || !event_knows(ev, FIELD_delivered) ||
	    ev->delivered <= 0 || (event_knows(ev, FIELD_bounced) && ev->bounced > 0))
		return false;
	return !event_knows(ev, FIELD_verdict) ||
	    str_eq(event_text(ev, FIELD_verdict, symbols), STR("clean"));
}

/* A message is told when it is gone, but the client was there when it came. */
static int64_t
time_at_door(const struct event *ev)
{
	bool waited = ev->kind == KIND_message && event_knows(ev, FIELD_delay) && ev->delay > 0;

	return waited ? ev->time - ev->delay : ev->time;
}

static void
note_harm(struct side *side, const uint32_t subjects[2], const struct event *ev,
    const struct symbols *symbols)
{
	enum field name = event_knows(ev, FIELD_user) ? FIELD_user : FIELD_sender;
	struct str user = event_knows(ev, name) ? event_text(ev, name, symbols) : STR("");
	struct str client = event_text(ev, FIELD_ip, symbols);
	int64_t time = time_at_door(ev);
	char room[IP_TEXT_MAX];
	struct replay_harm *harm;
	struct ip ip;
	bool after;
	uint32_t ban = ban_for(side, subjects, time, &after);

	if (ban == REPLAY_NONE)
		return;
	if (ip_parse(client, &ip))
		client = (struct str){room, ip_format(&ip, room)};
	harm = get_harm(side, client, str_head(user, 1024), after, ban, time);
	if (!harm)
		return;
	if (ev->kind == KIND_message)
		harm->messages += ev->weight;
	else
		harm->logins += ev->weight;
	harm->first = time < harm->first ? time : harm->first;
	harm->last = time > harm->last ? time : harm->last;
}

/* What EV means to those who are banned already. */
static void
follow(struct side *side, const struct filter *rejected, const struct event *ev,
    const struct symbols *symbols)
{
	struct replay_sums what = {0};
	uint32_t subjects[2];

	if (!side->followed || !event_knows(ev, FIELD_ip) ||
	    !subjects_of(side, ev, symbols, subjects))
		return;
	if (is_friendly(ev, symbols)) {
		note_harm(side, subjects, ev, symbols);
	} else if (ev->kind == KIND_attempt) {
		what.attempts = ev->weight;
	}
	if (!kind_is_derived(ev->kind)) {
		what.events = ev->weight;
		what.rejects = filter_match(rejected, ev, symbols) ? ev->weight : 0;
	}
	if ((what.events || what.attempts) && prevent(side, subjects, ev->time, &what))
		add_sums(&side->replay.prevented, &what);
}

/* A new subject: who it is of the addresses must be looked up anew. */
static void
forget_memo(struct side *side, const struct detect_verdict *verdict,
    const struct symbols *symbols)
{
	const struct dict *dict = &symbols->dict[DOMAIN_IP];
	const struct cidr *prefix = &verdict->prefix;
	uint32_t number;

	side->followed = true;
	if (prefix->bits != (prefix->base.family == 4 ? 32 : 128)) {
		side->stamp++;
		return;
	}
	number = dict_find(dict, verdict->key, dict_hash(verdict->key));
	if (number == DICT_NONE)
		return;
	number = dict_record(dict, number)->alias;
	if (((size_t)number + 1) * sizeof(struct memo) <= side->memo.size)
		((struct memo *)(void *)side->memo.p)[number].stamp = 0;
}

/* Who VERDICT is on, made if it is somebody new. */
static uint32_t
get_subject(struct side *side, const struct detect_verdict *verdict,
    const struct symbols *symbols)
{
	struct replay *replay = &side->replay;
	char room[18];
	struct str key;
	uint32_t number;

	if (verdict->prefix.base.family) {
		key = prefix_key(&verdict->prefix, room);
	} else {
		buf_clear(&side->key);
		buf_char(&side->key, '\0');
		buf_str(&side->key, verdict->key);
		key = buf_view(&side->key);
	}
	number = find_subject(side, key);
	if (number != DICT_NONE)
		return number;
	dict_get(&side->who, key);
	if (verdict->prefix.base.family)
		forget_memo(side, verdict, symbols);
	MEM_GROW(replay->subjects, replay->subject_count, side->subject_room);
	replay->subjects[replay->subject_count] = (struct replay_subject){
	    .key = arena_str(&side->arena, verdict->key), .prefix = verdict->prefix,
	    .first = (uint32_t)replay->ban_count, .last = REPLAY_NONE};
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
	link_ban(side, subject, ban, (uint32_t)replay->ban_count);
	replay->ban_count++;
	rule->subjects += ban->earlier == REPLAY_NONE;
	subject->bans++;
	if (good || subject->banned > INT64_MAX - verdict->ban)
		subject->banned = INT64_MAX;
	else
		subject->banned += verdict->ban;
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	const struct replaying *replaying = context;

	(void)sources;
	for (size_t s = 0; s < replaying->count; s++) {
		struct side *side = replaying->sides[s];

		follow(side, replaying->rejected, ev, symbols);
		if ((side->kinds >> ev->kind & 1) == 0)
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
	side->replay.rules = xcalloc(rules->count + 1, sizeof(*side->replay.rules));
	side->replay.rule_count = rules->count;
	/* Logins and mail protect, whatever the rules match. */
	side->kinds = UINT64_C(1) << KIND_attempt | UINT64_C(1) << KIND_message;
	for (size_t r = 0; r < rules->count; r++) {
		side->replay.rules[r].name =
		    arena_cstr(&side->arena, str_of(rules->rules[r].name));
		side->replay.rules[r].dry_run = rules->plans[r].dry_run;
		for (unsigned kind = 0; kind < KINDS; kind++)
			if (filter_may_match_kind(rules->rules[r].match, kind))
				side->kinds |= UINT64_C(1) << kind;
	}
	return side;
}

/* A moment when somebody's bans begin or end. */
struct edge {
	int64_t time;
	int change;
};

static int
by_time(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->change - y->change; /* who leaves makes room */
}

static int
by_subject(const void *a, const void *b)
{
	const struct replay_ban *const *x = a, *const *y = b;

	if ((*x)->subject != (*y)->subject)
		return (*x)->subject < (*y)->subject ? -1 : 1;
	if ((*x)->from != (*y)->from)
		return (*x)->from < (*y)->from ? -1 : 1;
	return 0;
}

/* The bans of prefixes as edges, those that overlap of one subject made one. */
static size_t
make_edges(const struct replay *replay, const struct replay_ban **sorted, struct edge *edges)
{
	size_t count = 0;

	for (size_t i = 0; i < replay->ban_count;) {
		uint32_t subject = sorted[i]->subject;
		int64_t from = sorted[i]->from, until = sorted[i]->until;

		for (i++; i < replay->ban_count && sorted[i]->subject == subject &&
		    sorted[i]->from <= until; i++)
			until = sorted[i]->until > until ? sorted[i]->until : until;
		if (replay->subjects[subject].prefix.base.family == 0)
			continue;
		edges[count++] = (struct edge){from, 1};
		edges[count++] = (struct edge){until, -1};
	}
	return count;
}

static void
find_peak(struct replay *replay)
{
	const struct replay_ban **sorted =
	    xcalloc(replay->ban_count + 1, sizeof(struct replay_ban *));
	struct edge *edges = xcalloc(2 * replay->ban_count + 1, sizeof(*edges));
	uint64_t now = 0;
	size_t count;

	for (size_t i = 0; i < replay->ban_count; i++)
		sorted[i] = &replay->bans[i];
	qsort(sorted, replay->ban_count, sizeof(*sorted), by_subject);
	count = make_edges(replay, sorted, edges);
	qsort(edges, count, sizeof(*edges), by_time);
	for (size_t i = 0; i < count; i++) {
		now = edges[i].change > 0 ? now + 1 : now - 1;
		if (now > replay->peak) {
			replay->peak = now;
			replay->peak_time = edges[i].time;
		}
	}
	free(sorted);
	free(edges);
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

	find_peak(replay);
	qsort(replay->harms, replay->harm_count, sizeof(*replay->harms), by_client);
	for (uint32_t r = 0; r < replay->rule_count; r++)
		replay->rules[r].stats = detect_stats(side->detect, r);
	replay->stats = detect_stats(side->detect, (uint32_t)replay->rule_count);
	detect_free(side->detect);
	side->detect = NULL;
	return replay;
}

void
replay_free(struct replay *replay)
{
	struct side *side = (struct side *)(void *)replay;

	if (!replay)
		return;
	detect_free(side->detect);
	detect_out_free(&side->out);
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
run_sides(const struct run_settings *settings, struct replaying *replaying,
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
	status = run_scan(&run, take_event, replaying, ret_run, err);
	filter_free(replaying->rejected);
	filter_free(where);
	return status;
}

int
replay_run(const struct run_settings *settings, const struct replay_config *configs,
    size_t count, detect_ask *ask, void *context, struct replay **ret,
    struct run_result **ret_run, struct err *err)
{
	struct replaying replaying = {.count = count};
	int status;

	replaying.sides = xcalloc(count + 1, sizeof(struct side *));
	for (size_t s = 0; s < count; s++)
		replaying.sides[s] = side_new(&configs[s], ask, context);
	status = run_sides(settings, &replaying, ret_run, err);
	for (size_t s = 0; s < count; s++)
		if (status < 0)
			replay_free(&replaying.sides[s]->replay);
		else
			ret[s] = side_finish(replaying.sides[s]);
	free(replaying.sides);
	return status;
}
