/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-behind: who is banned while the store of the guard that runs is full or away. What
 * it judged since is not in the store, but it answers: its list takes the place of the
 * store's active bans, and of those alone.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "base/escape.h"
#include "cmd/bans.h"
#include "serve/serve.h"

#define GUARD_USEC (2 * USEC_PER_SEC)

/* "192.0.2.1/32 1790000000000000 0123456789abcdef", as the guard tells it. */
static bool
read_ban(struct bans *bans, struct str text, struct ban *ret)
{
	struct str prefix = str_cut(&text, ' '), until = str_cut(&text, ' ');

	*ret = (struct ban){.from = INT64_MIN, .since = INT64_MIN, .lifted = INT64_MIN,
	    .key = prefix, .rule = STR(""), .reason = STR("")};
	if (!cidr_parse(prefix, &ret->prefix))
		return false;
	ret->until = strtoll(arena_cstr(&bans->arena, until), NULL, 10);
	ret->id = strtoull(arena_cstr(&bans->arena, text), NULL, 16);
	return true;
}

static bool
overlaps(const struct cidr *nets, size_t count, const struct cidr *prefix)
{
	for (size_t i = 0; i < count; i++)
		if (cidr_contains(&nets[i], &prefix->base) ||
		    cidr_contains(prefix, &nets[i].base))
			return true;
	return count == 0;
}

static bool
has_id(const struct ban_list *list, uint64_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->bans[i].id == id)
			return true;
	return false;
}

/* Those of the guard's ANSWER that have to do with NETS. */
static void
read_bans(struct bans *bans, struct str answer, const struct cidr *nets, size_t count,
    struct ban_list *ret)
{
	struct str key = STR("\"bans\":[");
	size_t at = str_find(answer, key);
	struct ban ban;

	answer = str_from(answer, at < answer.len ? at + key.len : answer.len);
	while (answer.len && answer.p[0] != ']') {
		str_cut(&answer, '"');
		if (!read_ban(bans, str_cut(&answer, '"'), &ban) ||
		    !overlaps(nets, count, &ban.prefix))
			continue;
		MEM_GROW(ret->bans, ret->count, ret->room);
		ret->bans[ret->count++] = ban;
	}
}

/* A prefix that is banned twice has one entry there. */
static bool
has_prefix(const struct ban_list *list, const struct cidr *prefix)
{
	for (size_t i = 0; i < list->count; i++)
		if (cidr_equal(&list->bans[i].prefix, prefix))
			return true;
	return false;
}

/* Adds LIVE to LIST. If LIVE is WHOLE, a ban that is active in LIST alone was lifted since. */
static void
unite(struct bans *bans, const struct ban_list *live, bool whole, struct ban_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct ban *ban = &list->bans[i];

		if (whole && !ban->dry_run && ban->prefix.base.family &&
		    ban_state(ban, bans->now) == BAN_ACTIVE && !has_prefix(live, &ban->prefix))
			continue;
		list->bans[kept++] = *ban;
	}
	list->count = kept;
	for (size_t i = 0; i < live->count; i++) {
		if (has_id(list, live->bans[i].id))
			continue;
		MEM_GROW(list->bans, list->count, list->room);
		list->bans[list->count++] = live->bans[i];
	}
}

static void
say_behind(int64_t since, int64_t left_out)
{
	struct buf text = BUF_INIT(64);

	report_put_moment(&text, since);
	complain("the store cannot be written to since %.*s: bans without a rule are known to "
	    "the guard alone, until it can", STR_ARG(buf_view(&text)));
	if (left_out)
		complain("%lld more of them %s not listed", (long long)left_out,
		    left_out == 1 ? "is" : "are");
	buf_done(&text);
}

/* An action keeps out nobody, as where there is no nft. */
static void
say_stuck(void *context, struct str action)
{
	(void)context;
	complain("warning: action %.*s fails: it keeps out nobody who is listed here; see "
	    "postern bans status and what the guard says", STR_ARG(action));
}

bool
bans_behind(struct bans *bans, const struct cidr *nets, size_t count, bool say,
    struct ban_list *list)
{
	struct str path = settings_get(bans->settings, SETTING_guard_control)->text;
	struct buf answer = BUF_INIT(BUF_UNLIMITED);
	struct ban_list live = {0};
	int64_t left_out;
	struct str text;
	struct err err;
	bool behind;

	behind = path.len && control_call(arena_cstr(&bans->arena, path),
	    STR("{\"op\":\"list\"}"), GUARD_USEC, &answer, &err) == 0;
	text = buf_view(&answer);
	if (behind && say)
		control_list(text, "stuck", say_stuck, NULL);
	behind = behind && str_find(text, STR("\"store_behind\":true")) < text.len;
	if (behind) {
		text = arena_str(&bans->arena, text);
		left_out = control_number(text, "left_out");
		if (say)
			say_behind(control_number(text, "behind_since"), left_out);
		read_bans(bans, text, nets, count, &live);
		unite(bans, &live, left_out == 0, list);
	}
	free(live.bans);
	buf_done(&answer);
	return behind;
}
