/* SPDX-License-Identifier: Apache-2.0
 *
 * trace-story: the events of a story in groups (a message with all its hops, a
 * connection), each under a heading, told in the order of time.
 *
 *   MESSAGE 4XyZ12  from alice@shop.example              Wed 31 Dec 02:00
 *     02:00:05   +0.00s  accepted from mail.example[192.0.2.7], login alice
 */
#include "base/civil.h"
#include "base/dict.h"
#include "base/escape.h"
#include "cmd/trace.h"

/* What one story remembers; the rest is counted. */
#define LINES_MAX 50000

struct line {
	int64_t time;
	struct str text;
	uint32_t group;
};

struct group {
	int64_t first;
	struct str about; /* client or sender */
	struct str ids;   /* queue ids, or the program */
	struct str host;  /* of the first line that tells it */
	bool message;
};

struct story {
	struct line *lines;
	struct group *groups;
	size_t line_count, line_room, group_count, group_room;
	uint64_t left_out;
	bool hosts;             /* not all is of one host: headings name it */
	struct dict keys;       /* of lives and connections */
	uint32_t *group_of;     /* by number of key */
	size_t group_of_room;
	struct arena arena;
};

struct story *
story_new(void)
{
	return xcalloc(1, sizeof(struct story));
}

void
story_free(struct story *story)
{
	if (story == NULL)
		return;
	free(story->lines);
	free(story->groups);
	free(story->group_of);
	dict_free(&story->keys);
	arena_free(&story->arena);
	free(story);
}

static bool
is_postscreen(const struct event *ev)
{
	return ev->kind == KIND_session ||
	    (ev->kind >= KIND_ps_connect && ev->kind <= KIND_ps_disconnect);
}

/* What holds the events of one connection together. */
static void
put_key(struct buf *key, const struct event *ev, const struct symbols *symbols, uint32_t life)
{
	if (life != LIVES_NONE) {
		buf_printf(key, "life %u", life);
		return;
	}
	buf_str(key, trace_text(ev, FIELD_host, symbols));
	buf_char(key, ' ');
	buf_str(key, trace_text(ev, FIELD_ip, symbols));
	if (is_postscreen(ev))
		buf_printf(key, " postscreen %lld",
		    event_knows(ev, FIELD_port) ? (long long)ev->port : 0);
	else if (event_knows(ev, FIELD_pid)) {
		buf_char(key, ' ');
		buf_str(key, trace_text(ev, FIELD_program, symbols));
		buf_printf(key, " %lld", (long long)ev->pid);
	}
}

static uint32_t
new_group(struct story *story, const struct event *ev, const struct symbols *symbols,
    bool message)
{
	struct str program = trace_text(ev, FIELD_program, symbols);

	MEM_GROW(story->groups, story->group_count, story->group_room);
	story->groups[story->group_count] = (struct group){
	    .first = ev->time,
	    .message = message,
	    .about = message ? STR("") :
			       arena_str(&story->arena, trace_text(ev, FIELD_ip, symbols)),
	    .ids = message ? STR("") : arena_str(&story->arena, program),
	};
	return (uint32_t)story->group_count++;
}

static uint32_t
group_for(struct story *story, const struct event *ev, const struct symbols *symbols,
    uint32_t life)
{
	bool begins = life == LIVES_NONE &&
	    (ev->kind == KIND_connect || ev->kind == KIND_ps_connect);
	struct buf key = BUF_INIT(4096);
	uint32_t number, known = story->keys.count;

	put_key(&key, ev, symbols, life);
	number = dict_get(&story->keys, buf_view(&key));
	buf_done(&key);
	if (number < known && !begins)
		return story->group_of[number];
	if (number >= story->group_of_room) {
		story->group_of_room = number < 16 ? 32 : (size_t)number * 2;
		story->group_of = xrealloc(story->group_of, story->group_of_room,
		    sizeof(*story->group_of));
	}
	story->group_of[number] = new_group(story, ev, symbols, life != LIVES_NONE);
	return story->group_of[number];
}

/* The heading of a message learns its queue ids and its sender as they come. */
static void
learn(struct story *story, struct group *group, const struct event *ev,
    const struct symbols *symbols)
{
	struct str qid = trace_text(ev, FIELD_qid, symbols);
	struct str sender = trace_text(ev, FIELD_sender, symbols);
	struct str host = trace_text(ev, FIELD_host, symbols);

	if (group->host.len == 0 && host.len)
		group->host = arena_str(&story->arena, host);
	story->hosts |= host.len && !str_eq(story->groups[0].host, host);
	if (!group->message)
		return;
	if (group->about.len == 0 && sender.len)
		group->about = arena_str(&story->arena, sender);
	if (qid.len && str_find(group->ids, qid) == group->ids.len && group->ids.len < 60)
		group->ids = str_of(arena_printf(&story->arena, "%.*s%s%.*s",
		    STR_ARG(group->ids), group->ids.len ? " " : "", STR_ARG(qid)));
}

/* An attempt is told by its own lines, unless only the statistics knew of it. */
static bool
is_told_already(const struct event *ev)
{
	return ev->kind == KIND_attempt && ev->outcome != OUTCOME_refused &&
	    ev->outcome != OUTCOME_error;
}

void
story_add(struct story *story, const struct event *ev, const struct symbols *symbols,
    uint32_t life)
{
	struct buf text = BUF_INIT(65536);
	uint32_t group;

	if (is_told_already(ev))
		return;
	if (story->line_count == LINES_MAX) {
		story->left_out++;
		return;
	}
	group = group_for(story, ev, symbols, life);
	learn(story, &story->groups[group], ev, symbols);
	telling(&text, ev, symbols);
	if (ev->weight > 1)
		buf_printf(&text, " (%u times)", ev->weight);
	MEM_GROW(story->lines, story->line_count, story->line_room);
	story->lines[story->line_count++] = (struct line){
	    ev->time, arena_str(&story->arena, buf_view(&text)), group};
	buf_done(&text);
}

static void
put_heading(const struct group *group, bool hosts, const struct report_style *style,
    struct buf *out)
{
	struct buf title = BUF_INIT(BUF_UNLIMITED);
	unsigned width;

	buf_str(&title, group->message ? STR("MESSAGE ") :
	    group->about.len ? STR("CLIENT ") : STR("NO CLIENT NAMED"));
	escape_terminal(&title, group->message ? group->ids : group->about);
	if (group->message ? group->about.len : group->ids.len)
		buf_str(&title, group->message ? STR("  from ") : STR("  at "));
	escape_terminal(&title, group->message ? group->about : group->ids);
	if (hosts && group->host.len) {
		buf_str(&title, STR("  on "));
		escape_terminal(&title, group->host);
	}
	width = report_width(buf_view(&title));
	if (style->colour)
		buf_str(out, STR("\033[1m"));
	buf_str(out, buf_view(&title));
	if (style->colour)
		buf_str(out, STR("\033[0m"));
	buf_printf(
	    out, "%*s", width + 18 < style->width ? (int)(style->width - width - 16) : 2, "");
	report_put_moment(out, group->first);
	buf_char(out, '\n');
	buf_done(&title);
}

static void
put_line(const struct line *line, int64_t first, struct buf *out)
{
	struct civil civil =
	    civil_of(line->time + zone_offset(line->time) * USEC_PER_SEC);
	struct buf since = BUF_INIT(64);

	buf_char(&since, '+');
	report_put_seconds(&since, (double)(line->time - first) / USEC_PER_SEC);
	buf_printf(out, "  %02d:%02d:%02d %8.*s  ", civil.hour, civil.minute, civil.second,
	    STR_ARG(buf_view(&since)));
	buf_str(out, line->text);
	buf_char(out, '\n');
	buf_done(&since);
}

static void
put_summary(const struct story *story, const char *word, struct buf *out)
{
	size_t messages = 0;

	for (size_t i = 0; i < story->group_count; i++)
		messages += story->groups[i].message;
	escape_terminal(out, str_of(word));
	buf_str(out, STR(": "));
	report_put_things(out, messages, "message");
	buf_str(out, STR(", "));
	report_put_things(out, story->group_count - messages, "connection");
	buf_str(out, STR(", "));
	report_put_things(out, story->line_count, "event");
	buf_char(out, '\n');
	if (story->left_out) {
		report_put_count(out, story->left_out);
		buf_str(
		    out, STR(" later events are left out; --since and --until narrow it\n"));
	}
}

/* By group, time, and then as they came: a message that was held back comes late. */
static int
compare_lines(const void *a, const void *b, void *context)
{
	const struct story *story = context;
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	const struct line *x = &story->lines[i], *y = &story->lines[j];

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (i > j) - (i < j);
}

void
story_tell(const struct story *story, const char *word, const struct report_style *style,
    struct buf *out)
{
	size_t *order = xcalloc(story->line_count + 1, sizeof(*order));

	put_summary(story, word, out);
	for (size_t i = 0; i < story->line_count; i++)
		order[i] = i;
	qsort_r(order, story->line_count, sizeof(*order), compare_lines,
	    (void *)(uintptr_t)story);
	for (size_t i = 0; i < story->line_count; i++) {
		const struct line *line = &story->lines[order[i]];
		const struct group *group = &story->groups[line->group];

		if (i == 0 || story->lines[order[i - 1]].group != line->group) {
			buf_char(out, '\n');
			put_heading(group, story->hosts, style, out);
		}
		put_line(line, group->first, out);
	}
	free(order);
}
