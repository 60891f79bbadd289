/* SPDX-License-Identifier: Apache-2.0
 *
 * pipeline: lines in; batches of events numbered, tracked, folded.
 *
 * A batch is bucketed by kind, so that every step after parsing is a tight loop
 * over events that look alike. Only tracking runs in log order.
 */
#include "engine/pipeline.h"

#include <stdlib.h>

_Static_assert(BATCH <= EVENT_BATCH, "a batch of lines can be tracked as one");

/* What a plan does not look at, tracking need not make. */
static struct track *
new_track(const struct shared *shared, bool from_start)
{
	struct track *track = track_new(shared->track_limits, from_start);

	for (unsigned kind = 0; shared->plan && kind < KINDS; kind++) {
		uint64_t looks[2];

		if (!kind_is_derived(kind))
			continue;
		plan_looks(shared->plan, kind, looks);
		track_wants(track, kind, looks);
	}
	return track;
}

/*
 * One that reads all, unless there is a plan: then what it looks at of any event. Streams are
 * compared by all that there is.
 */
static struct parse *
new_parse(const struct shared *shared)
{
	const struct plan *plan = shared->plan;
	struct parse *parse = parse_new();
	uint64_t wanted[2] = {0, 0}, looks[2];

	if (!plan || shared->streams)
		return parse;
	for (unsigned kind = 0; kind < KINDS; kind++) {
		plan_looks(plan, kind, looks);
		wanted[0] |= looks[0];
		wanted[1] |= looks[1];
	}
	parse_wants(parse, wanted);
	return parse;
}

struct pipeline *
pipeline_new(const struct shared *shared, bool from_start, const struct clock *clock)
{
	struct pipeline *pipeline = xcalloc(1, sizeof(*pipeline));

	pipeline->shared = shared;
	pipeline->parse = new_parse(shared);
	symbols_init(&pipeline->symbols);
	if (shared->plan)
		pipeline->fold =
		    fold_new(shared->plan, shared->query_limits, &pipeline->symbols);
	pipeline->track = new_track(shared, from_start);
	if (shared->streams)
		pipeline->retold = retold_new();
	pipeline->events = xmalloc(BATCH * sizeof(*pipeline->events));
	pipeline->entries = xmalloc(BATCH * sizeof(*pipeline->entries));
	for (uint32_t i = 0; i < BATCH; i++) {
		pipeline->entries[i].event = &pipeline->events[i];
		pipeline->entries[i].line = i;
	}
	pipeline->clock = *clock;
	pipeline->ordered = true;
	pipeline->latest = INT64_MIN;
	pipeline->before = from_start ? PARSE_IGNORED : PARSE_RESULTS;
	pipeline->inputs = xcalloc(shared->sources.count, sizeof(*pipeline->inputs));
	pipeline->source_words = xcalloc(shared->sources.count, sizeof(uint32_t));
	pipeline->last_line = (struct buf)BUF_INIT(EVENT_LINE_MAX + PARSE_PADDING);
	pipeline->first_time = INT64_MAX;
	pipeline->last_time = INT64_MIN;
	return pipeline;
}

void
pipeline_free(struct pipeline *pipeline)
{
	if (!pipeline)
		return;
	parse_free(pipeline->parse);
	fold_free(pipeline->fold);
	track_free(pipeline->track);
	track_out_free(&pipeline->out);
	symbols_free(&pipeline->symbols);
	tally_free(pipeline);
	free(pipeline->events);
	free(pipeline->entries);
	free(pipeline->inputs);
	free(pipeline->source_words);
	region_free(&pipeline->places);
	free(pipeline->tag_words);
	free(pipeline->host_words);
	buf_done(&pipeline->last_line);
	wrapped_done(&pipeline->wrapped);
	retold_free(pipeline->retold);
	arena_free(&pipeline->arena);
	free(pipeline);
}

/* The words of tag TAG_NO, and of the lines that will have it. */
static void
number_tag(struct pipeline *pipeline, uint32_t tag_no)
{
	struct tag_words words = parse_tag(pipeline->parse, tag_no);
	struct symbols *symbols = &pipeline->symbols;
	struct word_numbers numbers;

	numbers.program = symbols_get(symbols, DOMAIN_WORD, words.program);
	numbers.daemon = symbols_get(symbols, DOMAIN_WORD, words.daemon);
	numbers.instance = symbols_get(symbols, DOMAIN_WORD, words.instance);
	pipeline->tag_words[tag_no] = numbers;
	parse_number_tag(pipeline->parse, tag_no, numbers);
}

static void
number_host(struct pipeline *pipeline, uint32_t host_no)
{
	uint32_t number = symbols_get(&pipeline->symbols, DOMAIN_WORD,
	    parse_host(pipeline->parse, host_no));

	pipeline->host_words[host_no] = number;
	parse_number_host(pipeline->parse, host_no, number);
}

/* Numbers the words of hosts and tags that are new since the last batch. */
static void
number_frames(struct pipeline *pipeline)
{
	uint32_t tags = parse_tags(pipeline->parse), hosts = parse_hosts(pipeline->parse);

	/* What is compared with other streams may have been given a host. */
	if (tags > pipeline->tag_count || hosts > pipeline->host_count || pipeline->retold)
		pipeline->frames_late = true;
	if (tags > pipeline->tag_count) {
		pipeline->tag_words =
		    xrealloc(pipeline->tag_words, tags, sizeof(*pipeline->tag_words));
		while (pipeline->tag_count < tags)
			number_tag(pipeline, pipeline->tag_count++);
	}
	for (uint32_t s = 0; s < pipeline->shared->sources.count; s++)
		if (pipeline->source_words[s] == SYMBOL_ABSENT)
			pipeline->source_words[s] = symbols_get(&pipeline->symbols,
			    DOMAIN_WORD, str_of(pipeline->shared->sources.name[s]));
	if (hosts > pipeline->host_count) {
		pipeline->host_words =
		    xrealloc(pipeline->host_words, hosts, sizeof(*pipeline->host_words));
		while (pipeline->host_count < hosts)
			number_host(pipeline, pipeline->host_count++);
	}
}

/* Sets pipeline->order: N events are of pipeline->kinds, as many of each as BUCKETS counts. */
static void
order_events(struct pipeline *pipeline, size_t n, struct buckets *buckets)
{
	uint32_t next[KINDS], from = 0;

	for (unsigned kind = 0; kind < KINDS; kind++) {
		next[kind] = buckets->of[kind].from = from;
		from += buckets->of[kind].count;
	}
	for (size_t i = 0; i < n; i++)
		pipeline->order[next[pipeline->kinds[i]]++] = (uint32_t)i;
	buckets->of[KIND_none].count = 0; /* lines that tell nothing */
}

/* The same of N EVENTS, of which each tells something. */
static void
bucket_events(struct pipeline *pipeline, const struct event *events, size_t n,
    struct buckets *ret)
{
	*ret = (struct buckets){.first = INT64_MAX, .last = INT64_MIN};
	for (size_t i = 0; i < n; i++) {
		uint8_t kind = pipeline->kinds[i] = events[i].kind;
		int64_t time = events[i].time;

		ret->of[kind].count++;
		ret->first = time < ret->first ? time : ret->first;
		ret->last = time > ret->last ? time : ret->last;
	}
	order_events(pipeline, n, ret);
}

static bool
is_in_range(const struct pipeline *pipeline, int64_t time)
{
	const struct run_settings *settings = pipeline->shared->settings;

	return time >= settings->since && time < settings->until;
}

static void
widen_period(struct pipeline *pipeline, int64_t first, int64_t last)
{
	if (first < pipeline->first_time)
		pipeline->first_time = first;
	if (last > pipeline->last_time)
		pipeline->last_time = last;
}

/* Drops the events outside the period asked for from ORDER. */
static size_t
only_in_range(struct pipeline *pipeline, const struct event *events, uint32_t *order, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct event *ev = &events[order[i]];

		if (!is_in_range(pipeline, ev->time))
			continue;
		widen_period(pipeline, ev->time, ev->time);
		order[kept++] = order[i];
	}
	return kept;
}

static void
fold_events(struct pipeline *pipeline, const struct event *events,
    const struct buckets *buckets)
{
	bool all = is_in_range(pipeline, buckets->first) &&
	    is_in_range(pipeline, buckets->last);

	if (all)
		widen_period(pipeline, buckets->first, buckets->last);
	fold_reserve(pipeline->fold);
	for (unsigned kind = 0; kind < KINDS; kind++) {
		uint32_t *order = pipeline->order + buckets->of[kind].from;
		size_t count = buckets->of[kind].count;

		if (count && !all)
			count = only_in_range(pipeline, events, order, count);
		if (count)
			fold_kind(pipeline->fold, kind, events, order, count);
	}
}

static void
encode_events(struct pipeline *pipeline, struct event *events,
    const struct buckets *buckets)
{
	for (unsigned kind = 0; kind < KINDS; kind++) {
		const uint32_t *order = pipeline->order + buckets->of[kind].from;
		size_t count = buckets->of[kind].count;

		if (count == 0)
			continue;
		encode_kind(pipeline, kind, events, order, count);
		places_set_kind(pipeline, kind, events, order, count);
	}
}

/* A derived event that has a place says the input by its number only. */
static void
name_sources(struct pipeline *pipeline)
{
	number_frames(pipeline);
	for (size_t i = 0; i < pipeline->out.count; i++) {
		struct event *ev = &pipeline->out.events[i];

		if (event_knows(ev, FIELD_source))
			ev->source =
			    (struct text){.id = pipeline->source_words[ev->source_no]};
	}
}

/* Derived events of some batches are folded as one: with the next one's they just fit. */
#define DERIVED_ENOUGH (FOLD_BATCH / 4 * 3)

void
fold_derived(struct pipeline *pipeline)
{
	struct buckets buckets;

	if (pipeline->shared->lines)
		name_sources(pipeline);
	for (size_t at = 0; at < pipeline->out.count; at += FOLD_BATCH) {
		struct event *events = pipeline->out.events + at;
		size_t n = pipeline->out.count - at;

		n = n < FOLD_BATCH ? n : FOLD_BATCH;
		bucket_events(pipeline, events, n, &buckets);
		encode_events(pipeline, events, &buckets);
		fold_events(pipeline, events, &buckets);
	}
	track_out_clear(&pipeline->out);
}

/* A scan hands on each event that is asked for; false once it wants no more. */
static void
hand_on(struct pipeline *pipeline, struct event *ev)
{
	const struct shared *shared = pipeline->shared;

	if (pipeline->stopped || !is_in_range(pipeline, ev->time))
		return;
	widen_period(pipeline, ev->time, ev->time);
	pipeline->stopped = !shared->each(shared->each_context, ev, &pipeline->symbols,
	    &shared->sources);
}

/* EV, which is derived, was completed by the line of TRIGGER, unless it knows better. */
static void
place_derived(struct event *ev, const struct event *trigger)
{
	if (!event_knows(ev, FIELD_lineno)) {
		ev->source_no = trigger->source_no;
		ev->offset = trigger->offset;
		EVENT_SET(ev, lineno, trigger->lineno);
		event_mark(ev, FIELD_source);
	}
	if (ev->lineno == 0)
		event_forget(ev, FIELD_lineno);
}

/* The same as track_batch(), when somebody looks at places: an event at a time. */
static void
track_lines(struct pipeline *pipeline)
{
	struct track_out *out = &pipeline->out;

	for (size_t i = 0; i < pipeline->count; i++) {
		const struct event *ev = &pipeline->events[i];
		size_t before = out->count;

		if (pipeline->kinds[i] == KIND_none)
			continue;
		track_event(pipeline->track, ev, out);
		for (size_t d = before; d < out->count; d++)
			place_derived(&out->events[d], ev);
	}
}

/* Derived events get the place of the line that completed them, and ordinals from FIRST. */
static void
hand_on_derived(struct pipeline *pipeline, const struct event *trigger, uint32_t first)
{
	for (size_t i = 0; i < pipeline->out.count; i++) {
		struct event *ev = &pipeline->out.events[i];

		place_derived(ev, trigger);
		ev->id = derived_id(ev->offset, ev->kind, first + (uint32_t)i);
		event_mark(ev, FIELD_id);
		if (pipeline->shared->places)
			places_set(pipeline, ev);
		hand_on(pipeline, ev);
	}
	track_out_clear(&pipeline->out);
}

void
pipeline_seed(struct pipeline *pipeline, const struct event *ev,
    const struct symbols *symbols, uint32_t source_no)
{
	struct event copy = *ev;

	encode_tracked(&pipeline->symbols, &copy, symbols);
	copy.source_no = source_no;
	copy.offset = ev->id;
	if (!event_knows(ev, FIELD_lineno))
		copy.lineno = 0;
	track_sweep(pipeline->track, copy.time, &pipeline->out);
	track_event(pipeline->track, &copy, &pipeline->out);
	track_out_clear(&pipeline->out);
}

/* Before the first event of a scan: who reads it may know of earlier ones. */
static void
begin_scan(struct pipeline *pipeline, const struct event *first)
{
	const struct run_settings *settings = pipeline->shared->settings;

	pipeline->scan_begun = true;
	if (settings->begin && !settings->begin(settings->beginner, pipeline, first))
		pipeline->stopped = true;
}

static void
scan_batch(struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++) {
		struct event *ev = &pipeline->events[i];

		if (ev->kind == KIND_none)
			continue;
		ev->id = event_id(pipeline->shared->files[ev->source_no]->head_hash,
		    ev->offset, 0);
		/* From here on its id stands for its place: what it completes is known by
		 * that, whether the line was read just now or comes from a store. */
		ev->offset = ev->id;
		event_mark(ev, FIELD_id);
		if (!pipeline->scan_begun)
			begin_scan(pipeline, ev);
		hand_on(pipeline, ev);
		track_sweep(pipeline->track, ev->time, &pipeline->out);
		hand_on_derived(pipeline, ev, ORDINAL_SWEPT);
		track_event(pipeline->track, ev, &pipeline->out);
		hand_on_derived(pipeline, ev, 1);
	}
}

/* Hands on what the lines of the batch tell, which BUCKETS has. */
static void
hand_on_batch(struct pipeline *pipeline, const struct buckets *buckets)
{
	number_frames(pipeline);
	encode_events(pipeline, pipeline->events, buckets);
	if (pipeline->fold) {
		if (pipeline->shared->lines)
			track_lines(pipeline);
		else
			track_batch(pipeline->track, pipeline->events, pipeline->kinds,
			    pipeline->count, &pipeline->out);
		fold_events(pipeline, pipeline->events, buckets);
		if (pipeline->out.count >= DERIVED_ENOUGH)
			fold_derived(pipeline);
	} else {
		scan_batch(pipeline);
	}
}

void
pipeline_flush(struct pipeline *pipeline)
{
	struct buckets buckets;
	const struct event *last = gather_messages(pipeline, &buckets);

	if (last) {
		order_events(pipeline, pipeline->count, &buckets);
		hand_on_batch(pipeline, &buckets);
		gather_keep(pipeline, last);
	}
	wrapped_clear(&pipeline->wrapped);
	pipeline->frames_late = false;
	pipeline->count = pipeline->run_count = 0;
	pipeline->ordered = true;
	pipeline->latest = INT64_MIN;
}

void
pipeline_cap(struct pipeline *pipeline)
{
	uint32_t *remap[DOMAINS];

	if (!pipeline->fold)
		return;
	fold_derived(pipeline);
	if (!fold_shrink(&pipeline->fold, &pipeline->symbols, remap))
		return;
	track_renumber(pipeline->track, remap);
	pipeline->tag_count = pipeline->host_count = 0;
	region_free(&pipeline->places);
	pipeline->has_last = false;
	memset(pipeline->source_words, 0, pipeline->shared->sources.count * sizeof(uint32_t));
	symbols_remap_free(remap);
}

bool
pipeline_within(const struct pipeline *pipeline, unsigned share)
{
	return fold_within(pipeline->fold, share) && tally_within(pipeline, share) &&
	    track_had_room(pipeline->track);
}

/* What is known of the entries whose ends never came. */
static void
give_up_wrapped(struct pipeline *pipeline)
{
	struct event *ev = pipeline->events;
	struct buckets buckets;

	while (pipeline->wrapped.count && pipeline->count < BATCH) {
		if (wrapped_give_up(pipeline, ev) == PARSE_EVENT) {
			event_mark(ev++, FIELD_kind);
			pipeline->count++;
		}
	}
	if (pipeline->count) {
		bucket_events(pipeline, pipeline->events, pipeline->count, &buckets);
		hand_on_batch(pipeline, &buckets);
	}
	pipeline->count = 0;
}

void
pipeline_finish(struct pipeline *pipeline)
{
	bool more;

	give_up_wrapped(pipeline);
	if (!pipeline->fold) {
		track_finish(pipeline->track, pipeline->last_time, SIZE_MAX, &pipeline->out);
		hand_on_derived(pipeline, &pipeline->last, ORDINAL_AT_END);
		return;
	}
	do {
		more = track_finish(pipeline->track, pipeline->last_time, FOLD_BATCH,
		    &pipeline->out);
		for (size_t i = 0; pipeline->shared->lines && i < pipeline->out.count; i++)
			place_derived(&pipeline->out.events[i], &pipeline->last);
		fold_derived(pipeline);
	} while (more);
	pipeline_cap(pipeline);
}
