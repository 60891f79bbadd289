/* SPDX-License-Identifier: Apache-2.0
 *
 * pipeline: what one thread does with one piece of a log: lines in; events parsed,
 * numbered, tracked and folded in batches. A finished pipeline is a fragment: it
 * can be joined to the fragment of the piece before.
 */
#ifndef ENGINE_PIPELINE_H
#define ENGINE_PIPELINE_H

#include "engine/clock.h"
#include "engine/duplicates.h"
#include "engine/engine.h"
#include "engine/retold.h"
#include "engine/wrapped.h"

/* Lines gathered before their events are handed on. */
#define BATCH 1024u

/* Lines by what came of them: of one input, tag or host. */
struct line_counts {
	uint64_t by_result[PARSE_RESULTS];
};

/* The same by the texts of tags, or of hosts: numbers differ from piece to piece. */
struct text_counts {
	struct dict texts;
	struct line_counts *counts; /* by number in `texts` */
	uint32_t room;
};

/* A shape of lines that nobody understood, or that break off. */
struct shape {
	struct str program, text, example; /* in the pipeline's arena */
	uint64_t count;
};

/* What all pipelines of a run share; read only. */
struct shared {
	const struct run_settings *settings;
	const struct plan *plan;          /* NULL: a scan */
	const struct query_limits *query_limits;
	const struct track_limits *track_limits;
	struct event_sources sources;
	const struct input_file *const *files; /* by source_no */
	const uint32_t *streams;          /* by source_no; NULL: there is one */
	uint64_t needs[KINDS][2];         /* text fields to number, by kind */
	uint64_t places;                  /* kinds whose places are asked for */
	/* A plan asks which lines completed derived events. */
	bool lines;
	run_each *each;                   /* scan: gets every event; else NULL */
	void *each_context;
};

/*
 * Sets needs: the union of what the plan and tracking look at. What tracking only hands
 * on to derived events matters if the plan looks at it there; a scan shows everything.
 */
void shared_collect_needs(struct shared *shared);

/*
 * Scratch of encode_field(). Not on the stack: what is there is zeroed at every
 * call (-ftrivial-auto-var-init), and the calls are many and mostly short.
 */
struct encode_work {
	uint32_t hash[BATCH];
	uint32_t at[BATCH];     /* indexes of events */
	uint32_t likely[BATCH]; /* dict_likely() */
	uint32_t brief[BATCH];  /* indexes of those with short texts */
	uint32_t home[BATCH];   /* and where these are remembered */
};

/* A batch of events by kind: pipeline->order has their indexes, kind by kind. */
struct buckets {
	struct bucket {
		uint32_t from, count;
	} of[KINDS];
	int64_t first, last; /* times, unless there is no event at all */
};

struct pipeline {
	const struct shared *shared;
	struct parse *parse;
	struct symbols symbols;
	struct fold *fold;       /* NULL in a scan */
	struct track *track;
	struct track_out out;    /* what tracking completed and nobody has counted yet */
	struct event *events;    /* [BATCH]: of each line; kind none: it tells nothing */
	/* [BATCH]: the lines, whose messages are still to be read. */
	struct parse_entry *entries;
	uint8_t group[BATCH];    /* of each line */
	uint16_t grouped[PARSE_GROUPS]; /* lines by group */
	struct parse_entry *groups[BATCH + PARSE_AHEAD]; /* entries group by group; then any */
	size_t count;            /* lines of the batch */
	/* Of those so many came in runs, all from one input; their events do not say so. */
	size_t run_count;
	uint32_t run_source;
	/* Of the lines of the batch that came in runs: is none earlier than one before it; and
	 * the last one's time. */
	bool ordered;
	int64_t latest;
	uint8_t kinds[BATCH];    /* of the events that were bucketed last */
	uint32_t order[BATCH];   /* and their indexes, kind by kind */
	struct encode_work work;
	struct clock clock;
	/* The first stamp that lacks a zone or a year and the clock behind it: says if a
	 * guess was right. */
	struct stamp first_stamp;
	struct clock first_clock;
	bool has_first_stamp;
	struct word_numbers *tag_words;  /* by tag_no */
	uint32_t *host_words;            /* by host_no */
	uint32_t tag_count, host_count;  /* numbered so far */
	bool frames_late;                /* lines of the batch were begun before that */
	struct line_counts *tags, *hosts;  /* by tag_no, host_no: not yet in the next two */
	uint64_t *tag_lines;             /* by tag_no: events that are not in `tags` either */
	uint32_t tag_room, tag_lines_room, host_room;
	struct text_counts programs, host_lines;
	uint32_t *source_words;          /* by source_no */
	struct region places;            /* by IP number: see places.c */
	struct line_counts *inputs;      /* by source_no */
	struct shape *shapes;
	size_t shape_count, shape_room;
	struct dict shape_dict;          /* program NUL shape -> index */
	/* The last event; its line is NULL before the first. */
	struct event last;
	struct buf last_line;
	bool has_last;                   /* "last message repeated" stands for it */
	bool lost_repeat;                /* such a line came before all events */
	/* What the last line came to that is no continuation; PARSE_RESULTS: none so far. */
	enum parse_result before;
	bool lost_indented;              /* then one came that may go on with it */
	struct wrapped wrapped;
	struct duplicates duplicates;
	struct retold *retold;           /* where there are several streams, else NULL */
	int64_t first_time, last_time;
	uint64_t lines;
	bool scan_begun;                 /* a scan's first event was there */
	bool stopped;                    /* a scan's EACH said so */
	struct arena arena;
};

struct pipeline *pipeline_new(const struct shared *shared, bool from_start,
    const struct clock *clock);
void pipeline_free(struct pipeline *pipeline);

/*
 * One line, without its newline. OFFSET and LINENO are where it stands in source
 * SOURCE_NO; LINENO 0: nobody knows. The line, with PARSE_PADDING behind it, must stay in
 * place until pipeline_flush().
 */
void pipeline_line(struct pipeline *pipeline, struct str line, uint32_t source_no,
    uint64_t offset, int64_t lineno);

struct lines;
struct team;

/*
 * The lines of LINES, whose release() must be pipeline_flush(), until a batch is full and
 * handed on; false at their end, where the rest waits for pipeline_flush().
 */
bool pipeline_read(struct pipeline *pipeline, struct lines *lines);

/* Hands on the lines gathered so far; afterwards they may go. */
void pipeline_flush(struct pipeline *pipeline);

/*
 * Reads the messages of the lines gathered; see gather.c. Sets pipeline->kinds, and counts
 * and times of *RET. Returns the last event, NULL when there is none; gather_keep() keeps a
 * copy for "last message repeated".
 */
const struct event *gather_messages(struct pipeline *pipeline, struct buckets *ret);
void gather_keep(struct pipeline *pipeline, const struct event *last);

/* Has another stream told all of EV, an event that was just read? */
static inline bool
pipeline_is_retold(struct pipeline *pipeline, struct event *ev)
{
	return pipeline->retold && !retold_is_new(pipeline->retold, ev,
	    pipeline->shared->streams[ev->source_no]);
}

/* Keeps its tables below their caps. */
void pipeline_cap(struct pipeline *pipeline);

/*
 * Forgets the texts in SYMBOLS that TRACK, from the log's beginning, does not hold any more,
 * when there are more than *MOST, which becomes twice as many as are left, at least LEAST.
 * Numbers that others keep mean nothing once it returns true.
 */
bool renumber_when_many(struct track *track, struct symbols *symbols, uint32_t least,
    uint32_t *most);

/* Texts that tracking has numbered, about 100 bytes each; then unused ones are forgotten. */
#define TRACKED_TEXTS_MOST 50000u

/* The same for a pipeline between batches, without queries. */
void pipeline_forget_texts(struct pipeline *pipeline, uint32_t least, uint32_t *most);

/*
 * Is none of its tables filled to more than a SHAREth of its cap, and was there always room
 * for what is tracked?
 */
bool pipeline_within(const struct pipeline *pipeline, unsigned share);

/*
 * EV, of before the lines, is tracked and nothing is handed on. It is of source SOURCE_NO
 * as far as derived events are concerned, in a line that nobody counted.
 */
void pipeline_seed(struct pipeline *pipeline, const struct event *ev,
    const struct symbols *symbols, uint32_t source_no);

/* Numbers and folds what tracking completed. */
void fold_derived(struct pipeline *pipeline);

/* join.c: NEXT continues INTO, which all of TEAM help with; NEXT is good for nothing then. */
void pipeline_join(struct pipeline *into, struct pipeline *next, struct team *team);

/*
 * carry.c: what the last lines of a pipeline mean for those that come next.
 *
 * Does what NEXT has read as if nothing was before read differently behind INTO's lines?
 */
bool carry_matters(const struct pipeline *into, const struct pipeline *next);

/* A part of pipeline_join(): before INTO counts NEXT's lines as its own. */
void carry_join(struct pipeline *into, struct pipeline *next);

/* The input has ended. */
void pipeline_finish(struct pipeline *pipeline);

/* Numbers the fields in shared->needs of EVENTS[order[0..n)], all of KIND. */
void encode_kind(struct pipeline *pipeline, enum kind kind, struct event *events,
    const uint32_t *order, size_t n);

/* Numbers in INTO the texts of EV, which are SYMBOLS' so far, that tracking reads. */
void encode_tracked(struct symbols *into, struct event *ev, const struct symbols *symbols);

/* Which events get places; adds the addresses to what is numbered. */
void places_collect(struct shared *shared);

/* What is known of an IP number; all zero: not looked up yet. */
struct place_memo {
	uint32_t country; /* number in WORD */
	uint32_t aso;     /* number in NAME, or SYMBOL_ABSENT */
	uint32_t asn;     /* 0: none */
	uint32_t asked;
};

/* Looks up the place of address NUMBER of SYMBOLS; sets country, asn and aso of EV. */
void place_look_up(const struct geo *geo, struct symbols *symbols, uint32_t number,
    struct place_memo *ret);
void place_set(struct event *ev, const struct place_memo *memo);

/* Sets country, asn and aso of EV by its address, which must be numbered. */
void places_set(struct pipeline *pipeline, struct event *ev);

/* The same for EVENTS[order[0..n)], all of KIND, if somebody asks for them. */
void places_set_kind(struct pipeline *pipeline, enum kind kind, struct event *events,
    const uint32_t *order, size_t n);

/*
 * Counts and describes lines for run_result: see tally.c. tally_reserve() makes room
 * for the tags and hosts numbered so far; tally_shape() is a part of tally_line().
 */
void tally_reserve(struct pipeline *pipeline);
void tally_shape(struct pipeline *pipeline, const struct event *ev, struct str message);

/* COUNT lines of one input, tag and host, EV's, came to RESULT. */
static inline void
tally_lines(struct pipeline *pipeline, const struct event *ev, enum parse_result result,
    uint64_t count)
{
	pipeline->inputs[ev->source_no].by_result[result] += count;
	pipeline->tags[ev->tag_no].by_result[result] += count;
	if (event_knows(ev, FIELD_host))
		pipeline->hosts[ev->host_no].by_result[result] += count;
}

static inline void
tally_line(struct pipeline *pipeline, const struct event *ev, struct str message,
    enum parse_result result)
{
	tally_lines(pipeline, ev, result, 1);
	if (result == PARSE_UNKNOWN || result == PARSE_MALFORMED)
		tally_shape(pipeline, ev, message);
}

/*
 * COUNT events, begun in a run with EV, are taken for understood; their tags have been counted
 * in pipeline->tag_lines.
 */
static inline void
tally_run(struct pipeline *pipeline, const struct event *ev, uint64_t count)
{
	pipeline->inputs[pipeline->run_source].by_result[PARSE_EVENT] += count;
	pipeline->hosts[ev->host_no].by_result[PARSE_EVENT] += count;
}

/* EV is none of them. */
static inline void
tally_not_run(struct pipeline *pipeline, const struct event *ev)
{
	pipeline->inputs[ev->source_no].by_result[PARSE_EVENT]--;
	pipeline->hosts[ev->host_no].by_result[PARSE_EVENT]--;
	pipeline->tag_lines[ev->tag_no]--;
}

bool tally_within(const struct pipeline *pipeline, unsigned share);
void tally_join(struct pipeline *into, struct pipeline *next);
void tally_result(struct pipeline *pipeline, struct run_result *result);
void tally_free(struct pipeline *pipeline);

/* Numbers of what the end of the input completed: behind all that its last line did. */
#define ORDINAL_AT_END 0x10000u

/* Of what was over before TRIGGER: what that completes is numbered from 1 all the same. */
#define ORDINAL_SWEPT 0x8000u

/*
 * The id of the derived event that is number NUMBER, from 1, of those that the event with
 * the id TRIGGER completed. A line completes at most one message, whenever that is told.
 */
static inline uint64_t
derived_id(uint64_t trigger, enum kind kind, uint32_t number)
{
	return event_id(0, trigger,
	    kind == KIND_message && number < ORDINAL_AT_END ? ORDINAL_AT_END - 1 : number);
}

#endif
