/* SPDX-License-Identifier: Apache-2.0
 *
 * tally: what a run says about its input beside the answers: lines by input,
 * program and host, how well they were understood, and the shapes of those that
 * were not.
 */
#include <stdlib.h>

#include "engine/pipeline.h"

/* Different shapes kept at most: what an attacker can make us remember. */
#define SHAPES_MAX 5000

/* Makes *LIST hold index NEED; new elements are zero. */
#define RESERVE(list, room, need)                                                           \
	do {                                                                                \
		if ((need) >= (room)) {                                                     \
			uint32_t old_ = (room);                                             \
			(room) = (need) + 64;                                               \
			(list) = xrealloc((list), (room), sizeof(*(list)));                 \
			memset((list) + old_, 0, ((room) - old_) * sizeof(*(list)));        \
		}                                                                           \
	} while (0)

static void
count_shape(struct pipeline *pipeline, struct str program, struct str text, struct str example,
    uint64_t count)
{
	struct buf key = BUF_INIT(4096);
	struct str view;
	uint32_t hash, index;

	buf_str(&key, program);
	buf_char(&key, '\0');
	buf_str(&key, text);
	view = buf_view(&key);
	hash = dict_hash(view);
	index = dict_find(&pipeline->shape_dict, view, hash);
	if (index == DICT_NONE && pipeline->shape_count < SHAPES_MAX) {
		index = dict_add(&pipeline->shape_dict, view, hash);
		MEM_GROW(pipeline->shapes, pipeline->shape_count, pipeline->shape_room);
		pipeline->shapes[pipeline->shape_count++] = (struct shape){
		    .program = arena_str(&pipeline->arena, program),
		    .text = arena_str(&pipeline->arena, text),
		    .example = arena_str(&pipeline->arena, str_head(example, 1000))};
	}
	if (index != DICT_NONE)
		pipeline->shapes[index].count += count;
	buf_done(&key);
}

void
tally_shape(struct pipeline *pipeline, const struct event *ev, struct str message)
{
	struct str line = parse_without_password((struct str){ev->line, ev->line_len});
	struct buf shape = BUF_INIT(256);

	/* Of a line without a header there is nothing but the line. */
	parse_shape(message.len ? parse_without_password(message) : line, &shape);
	count_shape(pipeline, parse_tag(pipeline->parse, ev->tag_no).program,
	    buf_view(&shape), line, 1);
	buf_done(&shape);
}

void
tally_reserve(struct pipeline *pipeline)
{
	uint32_t tags = parse_tags(pipeline->parse), hosts = parse_hosts(pipeline->parse);

	RESERVE(pipeline->tags, pipeline->tag_room, tags);
	RESERVE(pipeline->tag_lines, pipeline->tag_lines_room, tags);
	RESERVE(pipeline->hosts, pipeline->host_room, hosts);
}

/* Beyond so many, lines count as the first text's, which is the empty one. */
#define TEXTS_MAX 65000u

static void
add_counts(struct text_counts *to, struct str text, const struct line_counts *from)
{
	uint32_t number = to->texts.count > TEXTS_MAX ?
	    dict_find(&to->texts, text, dict_hash(text)) : dict_get(&to->texts, text);

	if (number == DICT_NONE)
		number = 0;
	RESERVE(to->counts, to->room, number);
	for (unsigned r = 0; r < PARSE_RESULTS; r++)
		to->counts[number].by_result[r] += from->by_result[r];
}

/* Moves the counts by number to those by text. */
static void
settle(struct pipeline *pipeline)
{
	for (uint32_t t = 0; t < pipeline->tag_lines_room; t++) {
		pipeline->tags[t].by_result[PARSE_EVENT] += pipeline->tag_lines[t];
		pipeline->tag_lines[t] = 0;
	}
	for (uint32_t t = 0; t < pipeline->tag_room && t < parse_tags(pipeline->parse); t++)
		add_counts(&pipeline->programs, parse_tag(pipeline->parse, t).program,
		    &pipeline->tags[t]);
	for (uint32_t h = 0; h < pipeline->host_room && h < parse_hosts(pipeline->parse); h++)
		add_counts(&pipeline->host_lines, parse_host(pipeline->parse, h),
		    &pipeline->hosts[h]);
	if (pipeline->tag_room)
		memset(pipeline->tags, 0, pipeline->tag_room * sizeof(*pipeline->tags));
	if (pipeline->host_room)
		memset(pipeline->hosts, 0, pipeline->host_room * sizeof(*pipeline->hosts));
}

static void
join_counts(struct text_counts *into, const struct text_counts *next)
{
	for (uint32_t n = 0; n < next->texts.count; n++)
		add_counts(into, dict_text(&next->texts, n), &next->counts[n]);
}

void
tally_free(struct pipeline *pipeline)
{
	dict_free(&pipeline->programs.texts);
	dict_free(&pipeline->host_lines.texts);
	dict_free(&pipeline->shape_dict);
	free(pipeline->programs.counts);
	free(pipeline->host_lines.counts);
	free(pipeline->tags);
	free(pipeline->tag_lines);
	free(pipeline->hosts);
	free(pipeline->shapes);
}

bool
tally_within(const struct pipeline *pipeline, unsigned share)
{
	return pipeline->shape_count < SHAPES_MAX / share &&
	    parse_within(pipeline->parse, share);
}

void
tally_join(struct pipeline *into, struct pipeline *next)
{
	for (uint32_t s = 0; s < next->shared->sources.count; s++)
		for (unsigned r = 0; r < PARSE_RESULTS; r++)
			into->inputs[s].by_result[r] += next->inputs[s].by_result[r];
	settle(next);
	join_counts(&into->programs, &next->programs);
	join_counts(&into->host_lines, &next->host_lines);
	for (size_t i = 0; i < next->shape_count; i++)
		count_shape(into, next->shapes[i].program, next->shapes[i].text,
		    next->shapes[i].example, next->shapes[i].count);
}

static int
by_lines(const void *first, const void *second)
{
	const struct program_stats *a = first, *b = second;

	if (a->lines != b->lines)
		return a->lines > b->lines ? -1 : 1;
	return str_compare(a->program, b->program);
}

static int
by_count(const void *first, const void *second)
{
	const struct shape_stats *a = first, *b = second;
	int order;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	order = str_compare(a->program, b->program);
	return order ? order : str_compare(a->shape, b->shape);
}

/* The texts counted, most lines first; those without lines left out. */
static struct program_stats *
list_counts(const struct text_counts *counts, struct arena *arena, size_t *ret_count)
{
	struct program_stats *list = arena_alloc(arena, counts->texts.count * sizeof(*list));
	size_t n = 0;

	for (uint32_t i = 0; i < counts->texts.count; i++) {
		const uint64_t *count = counts->counts[i].by_result;

		list[n] = (struct program_stats){
		    .program = arena_str(arena, dict_text(&counts->texts, i)),
		    .events = count[PARSE_EVENT],
		    .ignored = count[PARSE_IGNORED],
		    .unknown = count[PARSE_UNKNOWN],
		    .malformed = count[PARSE_MALFORMED],
		    .foreign = count[PARSE_FOREIGN]};
		for (unsigned r = 0; r < PARSE_RESULTS; r++)
			list[n].lines += count[r];
		n += list[n].lines > 0;
	}
	qsort(list, n, sizeof(*list), by_lines);
	*ret_count = n;
	return list;
}

static void
result_shapes(const struct pipeline *pipeline, struct run_result *result)
{
	result->shapes =
	    arena_alloc(&result->arena, pipeline->shape_count * sizeof(*result->shapes));
	for (size_t i = 0; i < pipeline->shape_count; i++) {
		const struct shape *shape = &pipeline->shapes[i];

		result->shapes[i] = (struct shape_stats){
		    .program = arena_str(&result->arena, shape->program),
		    .shape = arena_str(&result->arena, shape->text),
		    .example = arena_str(&result->arena, shape->example),
		    .count = shape->count};
	}
	result->shape_count = pipeline->shape_count;
	qsort(result->shapes, result->shape_count, sizeof(*result->shapes), by_count);
}

static void
result_hosts(const struct pipeline *pipeline, struct run_result *result)
{
	struct program_stats *list =
	    list_counts(&pipeline->host_lines, &result->arena, &result->host_count);
	size_t n = 0;

	result->hosts =
	    arena_alloc(&result->arena, result->host_count * sizeof(*result->hosts));
	for (size_t i = 0; i < result->host_count; i++)
		if (list[i].program.len)
			result->hosts[n++] = list[i].program;
	result->host_count = n;
}

void
tally_result(struct pipeline *pipeline, struct run_result *result)
{
	uint64_t understood = 0, mail = 0;

	for (size_t s = 0; s < pipeline->shared->sources.count; s++) {
		struct input_stats *input = &result->inputs[s];
		const uint64_t *count = pipeline->inputs[s].by_result;

		input->events = count[PARSE_EVENT];
		input->ignored = count[PARSE_IGNORED];
		input->unknown = count[PARSE_UNKNOWN];
		input->malformed = count[PARSE_MALFORMED];
		input->foreign = count[PARSE_FOREIGN];
		input->lines = 0;
		for (unsigned r = 0; r < PARSE_RESULTS; r++)
			input->lines += count[r];
		understood += input->events + input->ignored;
		mail += input->events + input->ignored + input->unknown + input->malformed;
	}
	result->coverage = mail ? (double)understood / (double)mail : 1;
	result->first = pipeline->first_time;
	result->last = pipeline->last_time;
	result->lines = pipeline->lines;
	result->track = track_stats(pipeline->track);
	settle(pipeline);
	result->programs =
	    list_counts(&pipeline->programs, &result->arena, &result->program_count);
	result_shapes(pipeline, result);
	result_hosts(pipeline, result);
}
