/* SPDX-License-Identifier: Apache-2.0
 *
 * live: lines as they are written, to events. What follow gives is copied, as its
 * slices die at once, and goes through the pipeline in batches: a full one, or what
 * there is when nothing more waits to be read. Lines of several names are woven by time.
 */
#include <stdlib.h>

#include "base/civil.h"
#include "base/now.h"
#include "base/stable-hash.h"
#include "engine/backlog.h"
#include "engine/pipeline.h"

/*
 * Files by what tells their lines apart. A name is renamed and made anew for as long as
 * we run, while a message of long ago may still be told: so many files are remembered.
 */
#define FILES_AFTER_ROTATION 62

/* Batches are handed on at the latest with so much text. */
#define TEXT_MAX ((size_t)1024 * 1024)

/* Of a file that was changed so short before we go on in it all lines are of now. */
#define RECENT (20 * 60 * USEC_PER_SEC)

struct live {
	struct follow *follow;
	struct run_settings run;
	struct shared shared;
	struct filter *filter;
	struct live_settings settings;
	struct input_file *files; /* only what names them and their head's hash */
	const struct input_file **file_list;
	const char **names;
	uint32_t *streams;            /* of each, the number of its name */
	int64_t *linenos;             /* of its last line; 0: nobody counted */
	size_t file_count, next_file; /* slots; the one to be taken next */
	struct clock *clocks;         /* by the number of the name */
	size_t *current;              /* its file; file_count: none yet */
	bool *recent;                 /* its lines were written just now */
	int64_t now;                  /* the time of day when reading began */
	size_t name_count;
	struct backlog *backlog;      /* NULL: there is one name */
	struct clock *ahead;          /* by the number of the name, of lines put there */
	struct follow_position *positions;
	struct pipeline *pipeline;
	char *text;                   /* of the lines in the batch, up to TEXT_MAX bytes */
	size_t text_len;
	uint32_t texts_most;          /* before the next look at what is unused */
	struct arena arena;           /* names of seeded files */
};

static bool
hand_on(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct live *live = context;

	if (live->filter && !filter_match(live->filter, ev, symbols))
		return true;
	return live->settings.each(live->settings.context, ev, symbols, sources);
}

static void
flush(struct live *live)
{
	pipeline_flush(live->pipeline);
	live->text_len = 0;
}

static bool
slot_is(const struct live *live, size_t file, const char *name, uint64_t head_hash)
{
	return live->files[file].head_hash == head_hash &&
	    strcmp(live->names[file], name) == 0;
}

/* Which of the names that are followed is NAME; of what is followed no more, none. */
static uint32_t
stream_of(const struct live *live, const char *name)
{
	uint32_t stream = 0;

	while (stream < live->settings.name_count &&
	    strcmp(live->settings.names[stream], name) != 0)
		stream++;
	return stream < live->settings.name_count ? stream : UINT32_MAX;
}

/* The slot of a file, given to it when it is new. NAME lives as long as LIVE. */
static size_t
slot_of(struct live *live, const char *name, uint64_t head_hash)
{
	size_t file = 0;

	while (file < live->next_file && file < live->file_count &&
	    !slot_is(live, file, name, head_hash))
		file++;
	if (file < live->next_file && file < live->file_count)
		return file;
	file = live->next_file++ % live->file_count;
	live->streams[file] = stream_of(live, name);
	live->linenos[file] = 0;
	live->files[file].head_hash = head_hash;
	live->names[file] = live->files[file].name = name;
	live->pipeline->source_words[file] = SYMBOL_ABSENT;
	return file;
}

/* The slot of the file that a line of name NAME_NO is of. */
static size_t
file_of(struct live *live, size_t name_no, const char *name, uint64_t head_hash)
{
	size_t file = live->current[name_no];

	if (file < live->file_count && slot_is(live, file, name, head_hash))
		return file;
	flush(live);
	live->current[name_no] = slot_of(live, name, head_hash);
	return live->current[name_no];
}

/* A line without a year is of the last one that does not put it in the future. */
static void
begin_clock(struct live *live, struct clock *clock, size_t name_no, struct str line)
{
	struct stamp stamp;

	clock->now = live->recent[name_no] ? live->now : 0;
	if (clock->first_year || !parse_stamp(line, &stamp) || stamp.has_year)
		return;
	clock->first_year =
	    clock_first_year(stamp.local, 0, 0, now_wall(), live->settings.year);
}

static void
pass_line(struct live *live, const struct follow_line *line)
{
	bool journal = strcmp(line->name, "journal") == 0;
	size_t file = file_of(live, line->source, line->name, journal ? 0 : line->head_hash);
	int64_t *lineno = &live->linenos[file];
	struct clock *clock = &live->clocks[line->source];
	struct str text = line->text;

	if (live->text_len + text.len > TEXT_MAX)
		flush(live);
	*lineno = line->offset == 0 ? 1 : *lineno ? *lineno + 1 : 0;
	begin_clock(live, clock, line->source, text);
	memcpy(live->text + live->text_len, text.p, text.len);
	text.p = live->text + live->text_len;
	live->text_len += text.len;
	live->pipeline->clock = *clock;
	pipeline_line(live->pipeline, text, (uint32_t)file,
	    journal ? line->head_hash : line->offset, journal ? 0 : *lineno);
	*clock = live->pipeline->clock;
	if (live->pipeline->count == 0) /* it was full and was handed on */
		live->text_len = 0;
}

/* Passes on what waits, as far as FOLLOW can have nothing older; NULL: all. */
static void
pass_backlog(struct live *live, const struct follow *follow)
{
	const struct follow_line *line;

	while (live->backlog && (line = backlog_next(live->backlog, follow)))
		pass_line(live, line);
}

static void
keep_line(struct live *live, const struct follow_line *line)
{
	struct clock *ahead = &live->ahead[line->source];
	bool inferred, stamped;
	struct stamp stamp;
	int64_t time = 0;

	begin_clock(live, ahead, line->source, line->text);
	stamped = parse_stamp(line->text, &stamp);
	if (stamped)
		time = clock_resolve(ahead, &stamp, &inferred);
	if (backlog_is_full(live->backlog))
		pass_backlog(live, NULL);
	backlog_add(live->backlog, line, stamped ? &time : NULL);
}

static void
take_line(void *context, const struct follow_line *line)
{
	struct live *live = context;
	struct follow_line copy = *line;

	/* One more byte tells that it is too long. */
	if (copy.text.len > EVENT_LINE_MAX)
		copy.text.len = EVENT_LINE_MAX + 1;
	if (live->backlog)
		keep_line(live, &copy);
	else
		pass_line(live, &copy);
}

static bool
holds(void *context, size_t source)
{
	const struct live *live = context;

	return live->backlog && backlog_holds(live->backlog, source);
}

/* Lines that may be gone are an event, too: who reads the log must know. */
static void
tell_loss(struct live *live, const struct follow_notice *notice)
{
	struct str sure = notice->kind == FOLLOW_LOST ? STR("certain") : STR("possible");
	struct event ev = {.weight = 1, .kind = KIND_evidence_lost, .time = notice->time};
	struct buf line = BUF_INIT(EVENT_LINE_MAX);
	size_t file = live->current[notice->source];
	struct str text;

	buf_str(&line, sure);
	buf_str(&line, str_of(notice->text));
	text = buf_view(&line);
	ev.line = line.p;
	ev.line_len = (uint32_t)line.len;
	ev.source_no = (uint32_t)file_of(live, notice->source, notice->name,
	    file < live->file_count ? live->files[file].head_hash : 0);
	event_mark(&ev, FIELD_kind);
	event_mark(&ev, FIELD_time);
	event_mark(&ev, FIELD_source);
	EVENT_TEXT(&ev, action, ((struct str){text.p, sure.len}));
	EVENT_TEXT(&ev, text, str_from(text, sure.len));
	EVENT_SET(&ev, id, event_id(stable_hash(STABLE_HASH_START, str_of(notice->name)),
	    (uint64_t)notice->time, 0));
	if (ev.time >= live->run.since && !live->pipeline->stopped)
		live->pipeline->stopped = !hand_on(live, &ev, &live->pipeline->symbols,
		    &live->shared.sources);
	buf_done(&line);
}

static void
take_notice(void *context, const struct follow_notice *notice)
{
	struct live *live = context;

	if (notice->kind == FOLLOW_FAULT || notice->kind == FOLLOW_LEFT_OUT ||
	    notice->kind == FOLLOW_HOLE) {
		live->settings.fault(live->settings.context, notice->text);
		return;
	}
	pass_backlog(live, NULL);
	flush(live);
	tell_loss(live, notice);
}

static void
make_slots(struct live *live)
{
	size_t names = live->name_count;

	live->file_count = names + FILES_AFTER_ROTATION;
	live->files = xcalloc(live->file_count, sizeof(*live->files));
	live->file_list = xcalloc(live->file_count, sizeof(const struct input_file *));
	live->names = xcalloc(live->file_count, sizeof(*live->names));
	live->streams = xcalloc(live->file_count, sizeof(*live->streams));
	live->linenos = xcalloc(live->file_count, sizeof(*live->linenos));
	for (size_t f = 0; f < live->file_count; f++) {
		live->file_list[f] = &live->files[f];
		live->names[f] = "";
	}
	live->clocks = xcalloc(names, sizeof(*live->clocks));
	live->recent = xcalloc(names, sizeof(*live->recent));
	live->current = xcalloc(names, sizeof(*live->current));
	live->ahead = xcalloc(names, sizeof(*live->ahead));
	live->backlog = names > 1 ? backlog_new(names) : NULL;
	for (size_t n = 0; n < names; n++) {
		clock_init(&live->clocks[n], 0);
		clock_init(&live->ahead[n], 0);
		live->current[n] = live->file_count;
	}
}

/* Is what name number N reads first of now? Not if it may have waited for hours. */
static bool
begins_now(const struct live_settings *settings, size_t n)
{
	int64_t changed = INT64_MIN;

	for (size_t i = 0; n < settings->name_count && i < settings->from_count; i++)
		if (strcmp(settings->from[i].name, settings->names[n]) == 0 &&
		    settings->from[i].mtime > changed)
			changed = settings->from[i].mtime;
	return changed == INT64_MIN ? !settings->from_start : now_wall() - changed < RECENT;
}

static void
make_pipeline(struct live *live)
{
	struct clock clock;

	live->run = (struct run_settings){.since = live->settings.since, .until = INT64_MAX,
	    .geo = live->settings.geo};
	live->shared = (struct shared){.settings = &live->run,
	    .query_limits = &query_limits_default,
	    .track_limits = live->settings.track_limits ? live->settings.track_limits :
	        &track_limits_default,
	    .sources = {live->names, (uint32_t)live->file_count},
	    .files = live->file_list,
	    .streams = live->name_count > 1 ? live->streams : NULL,
	    .each = hand_on, .each_context = live};
	shared_collect_needs(&live->shared);
	clock_init(&clock, 0);
	live->pipeline = pipeline_new(&live->shared, true, &clock);
}

/* The names that are followed live as long as LIVE. */
static void
keep_names(struct live *live)
{
	size_t count = live->settings.name_count;
	const char **names = arena_alloc(&live->arena, (count + 1) * sizeof(*names));

	for (size_t n = 0; n < count; n++)
		names[n] = arena_cstr(&live->arena, str_of(live->settings.names[n]));
	live->settings.names = names;
}

int
live_open(const struct live_settings *settings, struct live **ret, struct err *err)
{
	struct follow_settings follow = {.names = settings->names,
	    .count = settings->name_count, .from = settings->from,
	    .from_count = settings->from_count, .from_start = settings->from_start,
	    .poll = settings->poll};
	struct filter *filter = NULL;
	struct live *live;

	if (settings->where && filter_compile(str_of(settings->where), &filter, err) < 0)
		return -1;
	live = xcalloc(1, sizeof(*live));
	live->settings = *settings;
	keep_names(live);
	if (live->settings.texts_most == 0)
		live->settings.texts_most = TRACKED_TEXTS_MOST;
	live->texts_most = live->settings.texts_most;
	live->filter = filter;
	live->name_count = settings->name_count ? settings->name_count : 1;
	live->text = xmalloc(TEXT_MAX + PARSE_PADDING);
	make_slots(live);
	for (size_t n = 0; n < live->name_count; n++)
		live->recent[n] = begins_now(settings, n);
	make_pipeline(live);
	if (follow_open(&follow, &live->follow, err) < 0) {
		live_close(live);
		return -1;
	}
	*ret = live;
	return 0;
}

/* *RET: positions behind what was passed on; false: nobody can say them. */
static bool
rewound(struct live *live, const struct follow_position **ret, size_t *ret_count)
{
	const struct follow_position *positions;
	size_t count = follow_positions(live->follow, &positions);

	live->positions = xrealloc(live->positions, count + 1, sizeof(*positions));
	memcpy(live->positions, positions, count * sizeof(*positions));
	*ret = live->positions;
	*ret_count = count;
	return !live->backlog || backlog_rewind(live->backlog, live->positions, count);
}

bool
live_read(struct live *live)
{
	struct follow_sink sink = {take_line, take_notice, live, holds};
	const struct follow_position *positions;
	size_t count;

	live->now = now_wall();
	follow_read(live->follow, &sink);
	pass_backlog(live, live->follow);
	/* What was rotated away meanwhile cannot be read again from a position. */
	if (live->backlog && (backlog_is_late(live->backlog, now_monotonic()) ||
	    !rewound(live, &positions, &count)))
		pass_backlog(live, NULL);
	flush(live);
	if (live->pipeline->stopped)
		return false;
	/* What comes behind what there was is written while we look. */
	for (size_t n = 0; n < live->name_count; n++)
		live->recent[n] |= !follow_has_more(live->follow, n);
	pipeline_forget_texts(live->pipeline, live->settings.texts_most, &live->texts_most);
	return true;
}

/* NAME as it is known to LIVE, for ever. */
static const char *
keep_name(struct live *live, const char *name)
{
	for (size_t f = 0; f < live->next_file && f < live->file_count; f++)
		if (strcmp(live->names[f], name) == 0)
			return live->names[f];
	return arena_cstr(&live->arena, str_of(name));
}

void
live_seed(struct live *live, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	const char *name = event_knows(ev, FIELD_source) && ev->source_no < sources->count ?
	    sources->name[ev->source_no] : "";
	uint32_t slot = (uint32_t)slot_of(live, keep_name(live, name), 0);
	struct pipeline *pipeline = live->pipeline;

	if (pipeline->retold)
		retold_seed(pipeline->retold, ev, live->streams[slot], symbols,
		    pipeline->parse);
	pipeline_seed(pipeline, ev, symbols, slot);
}

int
live_fd(const struct live *live)
{
	return follow_fd(live->follow);
}

size_t
live_positions(struct live *live, const struct follow_position **ret)
{
	size_t count;

	rewound(live, ret, &count);
	return count;
}

void
live_close(struct live *live)
{
	if (!live)
		return;
	if (live->follow)
		follow_close(live->follow);
	backlog_free(live->backlog);
	free(live->ahead);
	free(live->positions);
	pipeline_free(live->pipeline);
	filter_free(live->filter);
	free(live->files);
	free(live->file_list);
	free(live->names);
	free(live->streams);
	arena_free(&live->arena);
	free(live->clocks);
	free(live->linenos);
	free(live->recent);
	free(live->current);
	free(live->text);
	free(live);
}
