/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-explain: one ban from the verdict back to the lines of the log. What the rule says
 * comes from the settings as they are now, what was counted from the ban, the events from
 * the store, the lines from the log itself, by the events' ids.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "base/escape.h"
#include "base/json.h"
#include "base/nearest.h"
#include "cmd/bans-explain.h"
#include "cmd/bans.h"

/* The bans among which the nearest id is looked for. */
#define CANDIDATES 1000

static bool
is_id(struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (!char_is_digit(word.p[i]) && !(word.p[i] >= 'a' && word.p[i] <= 'f') &&
		    !(word.p[i] >= 'A' && word.p[i] <= 'F'))
			return false;
	return word.len >= 4 && word.len <= 16;
}

static uint64_t
id_of(struct str word)
{
	uint64_t id = 0;

	for (size_t i = 0; i < word.len; i++)
		id = id << 4 | (uint64_t)(char_is_digit(word.p[i]) ? word.p[i] - '0' :
		    (word.p[i] | 0x20) - 'a' + 10);
	return id;
}

static int
no_such_id(struct bans *bans, const struct ban_list *list, const char *word, struct err *err)
{
	const char **names = xcalloc(CANDIDATES, sizeof(*names)), *near;
	size_t count = list->count < CANDIDATES ? list->count : CANDIDATES;

	for (size_t i = 0; i < count; i++)
		names[i] = arena_printf(&bans->arena, "%016llx",
		    (unsigned long long)list->bans[list->count - 1 - i].id);
	near = nearest(str_of(word), names, count);
	err_set(err, "no ban has the id %s%s%s%s", word, near ? "; did you mean " : "",
	    near ? near : "", near ? "?" : "");
	free(names);
	return -1;
}

/* Bans whose id begins with WORD: one, or it says so. */
static int
find_id(struct bans *bans, const char *word, struct ban_list *ret, struct err *err)
{
	struct ban_filter filter = {.active_at = INT64_MIN, .since = INT64_MIN,
	    .until = INT64_MAX, .dry_run = true};
	unsigned shift = 4 * (16 - (unsigned)strlen(word));
	struct ban_list all = {0};
	int result = bans_read(bans, &filter, &all, err);

	for (size_t i = 0; result == 0 && i < all.count; i++) {
		if (all.bans[i].id >> shift != id_of(str_of(word)))
			continue;
		MEM_GROW(ret->bans, ret->count, ret->room);
		ret->bans[ret->count++] = all.bans[i];
	}
	if (result == 0 && ret->count == 0)
		result = no_such_id(bans, &all, word, err);
	else if (ret->count > 1)
		result = err_set(err, "%zu bans have an id that begins with %s", ret->count,
		    word);
	free(all.bans);
	return result;
}

static int
only_guard_knows(const struct ban *ban, const struct cidr *asked, struct err *err)
{
	struct buf text = BUF_INIT(256);
	int result;

	explain_whom(ban, asked, &text);
	buf_str(&text, STR(" is banned"));
	if (ban->until != INT64_MAX) {
		buf_str(&text, STR(" until "));
		report_put_moment(&text, ban->until);
	}
	result = err_set(err, "%.*s, id %016llx; why is written down when the store can be "
	    "written to", STR_ARG(buf_view(&text)), (unsigned long long)ban->id);
	buf_done(&text);
	return result;
}

/* The bans that PREFIX (or, family 0, the name WORD) is under, or the last it was under. */
static int
find_address(struct bans *bans, const char *word, const struct cidr *prefix,
    struct ban_list *ret, struct err *err)
{
	struct ban_filter filter = {.within = *prefix, .active_at = bans->now,
	    .since = INT64_MIN, .until = INT64_MAX};

	if (!prefix->base.family)
		filter.key = word;
	if (bans_read(bans, &filter, ret, err) < 0)
		return -1;
	if (prefix->base.family && bans_behind(bans, prefix, 1, true, ret) && ret->count &&
	    ret->bans[ret->count - 1].from == INT64_MIN)
		return only_guard_knows(&ret->bans[ret->count - 1], prefix, err);
	if (ret->count)
		return 0;
	filter.active_at = INT64_MIN;
	filter.dry_run = true;
	if (bans_read(bans, &filter, ret, err) < 0)
		return -1;
	if (ret->count == 0)
		return err_set(err, "%s was never banned, as far as the store goes back",
		    word);
	ret->bans[0] = ret->bans[ret->count - 1];
	ret->count = 1;
	return 0;
}

/* What the word on the command line asks for; *RET_ASKED: its prefix, or family 0. */
static int
find_bans(struct bans *bans, struct cidr *ret_asked, struct ban_list *ret, struct err *err)
{
	const char *word = bans->options.words[0];

	*ret_asked = (struct cidr){.bits = 0};
	if (cidr_parse(str_of(word), ret_asked))
		return bans_prefix(word, ret_asked, err) < 0 ? -1 :
		    find_address(bans, word, ret_asked, ret, err);
	if (is_id(str_of(word)))
		return find_id(bans, word, ret, err);
	return find_address(bans, word, ret_asked, ret, err);
}

int
bans_explain(struct bans *bans)
{
	bool as_json = bans->options.format && strcmp(bans->options.format, "json") == 0;
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct ban_list list = {0};
	struct cidr asked;
	struct proof proof;
	struct err err;
	int result = bans_open(bans, true, &err);

	if (result == 0)
		result = find_bans(bans, &asked, &list, &err);
	for (size_t i = 0; result == 0 && i < list.count; i++) {
		result = proof_find(bans, &list.bans[i], &proof, &err);
		if (result < 0)
			break;
		if (as_json)
			explain_json(bans, &list.bans[i], &proof, &out);
		else
			explain_text(bans, &list.bans[i], &asked, &proof, i > 0, &out);
	}
	free(list.bans);
	if (result < 0) {
		buf_done(&out);
		return bans_failed(&err);
	}
	return output_all(&out);
}
