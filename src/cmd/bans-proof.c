/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-proof: the events that a ban stands on and the lines they were made of.
 */
#include "cmd/bans-explain.h"
#include "cmd/trace.h"

struct gathering {
	struct bans *bans;
	struct proof *proof;
	size_t missing;
	size_t at; /* whose ban is looked for */
};

static void
tell(struct gathering *gathering, struct proof_event *proof, const struct event *ev,
    const struct symbols *symbols, const struct event_sources *sources)
{
	struct arena *arena = &gathering->bans->arena;
	struct buf text = BUF_INIT(BUF_UNLIMITED);

	proof->kept = true;
	proof->time = ev->time;
	if (event_knows(ev, FIELD_source))
		proof->source = arena_str(arena, str_of(sources->name[ev->source_no]));
	telling(&text, ev, symbols);
	proof->words = arena_str(arena, buf_view(&text));
	buf_clear(&text);
	event_json(&text, ev, symbols, sources);
	proof->json = arena_str(arena, buf_view(&text));
	buf_done(&text);
	gathering->missing--;
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct gathering *gathering = context;
	struct proof *proof = gathering->proof;

	for (size_t i = 0; i < proof->count; i++)
		if (proof->events[i].id == ev->id && !proof->events[i].kept)
			tell(gathering, &proof->events[i], ev, symbols, sources);
	return gathering->missing > 0;
}

/*
 * Most rules count what the banned address did: asking for it alone is quick. Where that
 * does not find all, everything in the window is looked at.
 */
static int
gather_events(struct gathering *gathering, const struct ban *ban, struct err *err)
{
	struct store *store = gathering->bans->store;
	int64_t until = ban->from < INT64_MAX ? ban->from + 1 : INT64_MAX;
	char prefix[CIDR_TEXT_MAX], where[CIDR_TEXT_MAX + 16];

	if (ban->prefix.base.family && gathering->missing) {
		cidr_format(&ban->prefix, prefix);
		snprintf(where, sizeof(where), "ip in %s", prefix);
		if (store_scan_judged(store, ban->since, until, where, take_event, gathering,
			err) < 0)
			return -1;
	}
	return gathering->missing == 0 ? 0 :
	    store_scan_judged(store, ban->since, until, NULL, take_event, gathering, err);
}

static bool
take_ban(void *context, const struct ban *ban)
{
	struct gathering *gathering = context;
	struct proof_event *proof = &gathering->proof->events[gathering->at];

	proof->is_ban = true;
	proof->time = ban->from;
	proof->words = str_of(arena_printf(&gathering->bans->arena,
	    "banned by %.*s: postern bans explain %016llx", STR_ARG(ban->rule),
	    (unsigned long long)ban->id));
	return false;
}

/* What rules against those who come again count are bans: their ids are the events'. */
static int
gather_bans(struct gathering *gathering, struct err *err)
{
	struct ban_filter filter = {.active_at = INT64_MIN, .since = INT64_MIN,
	    .until = INT64_MAX, .dry_run = true};

	for (gathering->at = 0; gathering->at < gathering->proof->count; gathering->at++) {
		filter.id = gathering->proof->events[gathering->at].id;
		if (!gathering->proof->events[gathering->at].kept &&
		    store_bans(gathering->bans->store, &filter, take_ban, gathering, err) < 0)
			return -1;
	}
	return 0;
}

/* The lines of those events that are of the same source as the one at FIRST. */
static void
find_lines(struct bans *bans, struct proof *proof, size_t first)
{
	struct evidence list[BAN_EVIDENCE];
	size_t place[BAN_EVIDENCE], count = 0;
	const char *source = arena_cstr(&bans->arena, proof->events[first].source);
	struct err err;

	for (size_t i = first; i < proof->count; i++)
		if (proof->events[i].kept &&
		    str_eq(proof->events[i].source, proof->events[first].source)) {
			place[count] = i;
			list[count++] = (struct evidence){.id = proof->events[i].id,
			    .time = proof->events[i].time};
		}
	if (evidence_find(source, list, count, &bans->arena, &err) < 0)
		proof->fault = arena_cstr(&bans->arena, str_of(err.text));
	for (size_t i = 0; i < count; i++)
		proof->events[place[i]].line = list[i];
}

int
proof_find(struct bans *bans, const struct ban *ban, struct proof *ret, struct err *err)
{
	struct gathering gathering = {bans, ret, ban->evidence_count, 0};

	*ret = (struct proof){.count = ban->evidence_count};
	for (size_t i = 0; i < ret->count; i++)
		ret->events[i].id = ban->evidence[i];
	if (gather_events(&gathering, ban, err) < 0 || gather_bans(&gathering, err) < 0)
		return -1;
	for (size_t i = 0; i < ret->count; i++) {
		bool seen = !ret->events[i].kept;

		for (size_t before = 0; before < i && !seen; before++)
			seen = str_eq(ret->events[before].source, ret->events[i].source);
		if (!seen)
			find_lines(bans, ret, i);
	}
	return 0;
}
