/* SPDX-License-Identifier: Apache-2.0
 *
 * replay-follow: what the banned still do in the log. An event falls under the bans of its
 * client's address and network; who that is, is remembered by the address's number.
 */
#include "base/mem.h"
#include "engine/replay-side.h"

struct str
replay_prefix_key(const struct cidr *prefix, char room[PREFIX_KEY])
{
	room[0] = (char)prefix->base.family;
	room[1] = (char)prefix->bits;
	memcpy(room + 2, prefix->base.byte, 16);
	return (struct str){room, PREFIX_KEY};
}

static uint32_t
banned_as(const struct side *side, struct cidr prefix)
{
	char room[PREFIX_KEY];

	return replay_find_subject(side, replay_prefix_key(&prefix, room));
}

static void
look_up(const struct side *side, const struct ip *ip, uint32_t ret[2])
{
	struct cidr whole = {*ip, ip_bits(ip->family)};

	ret[0] = banned_as(side, whole);
	ret[1] = side->stamp > 1 ? banned_as(side, ip_net(ip)) : REPLAY_NONE;
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

void
replay_add_sums(struct replay_sums *to, const struct replay_sums *what)
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
	struct replay_ban *bans = side->replay.bans;
	bool prevented = false;

	for (unsigned s = 0; s < 2; s++) {
		uint32_t list = REPLAY_NONE;

		if (subjects[s] != REPLAY_NONE &&
		    time < side->replay.subjects[subjects[s]].until)
			list = side->replay.subjects[subjects[s]].last;
		for (; list != REPLAY_NONE; list = bans[list].other) {
			uint32_t at = ban_at(side, list, time);

			if (at == REPLAY_NONE || time >= bans[at].end)
				continue;
			replay_add_sums(&bans[at].prevented, what);
			replay_add_sums(&side->replay.rules[bans[at].rule].prevented, what);
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
			if (time < bans[at].end) {
				*ret_after = false;
				return at;
			}
			if (ended == REPLAY_NONE || bans[at].end > bans[ended].end)
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
	return !event_is_spam(ev, symbols);
}

/* A message is told when it is gone, but the client was there when it came. */
static int64_t
time_at_door(const struct event *ev)
{
	bool waited = ev->kind == KIND_message && event_knows(ev, FIELD_delay) &&
	    ev->delay > 0;

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

void
replay_follow(struct side *side, const struct filter *rejected, const struct event *ev,
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
		replay_add_sums(&side->replay.prevented, &what);
}
