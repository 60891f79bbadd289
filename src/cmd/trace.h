/* SPDX-License-Identifier: Apache-2.0
 *
 * trace: the parts of `postern trace`: what is looked for, the lives of queue ids
 * that have to do with it, and the story that is told.
 */
#ifndef CMD_TRACE_H
#define CMD_TRACE_H

#include "base/arena.h"
#include "cmd/room.h"

/* A text field, empty when EV does not know it. */
static inline struct str
trace_text(const struct event *ev, enum field field, const struct symbols *symbols)
{
	return event_knows(ev, field) ? event_text(ev, field, symbols) : STR("");
}

/* What is looked for. */
struct thing {
	struct str text;   /* without the <> of an address or message id */
	bool is_net;       /* an address or a network: only clients are compared */
	struct cidr net;
};

struct thing thing_of(struct str word);

/* Does EV itself name THING, in a field that says who or what it is about? */
bool thing_named(const struct thing *thing, const struct event *ev,
    const struct symbols *symbols);

/*
 * The fields whose texts thing_named() compares: COUNT of them in RET, of at most
 * THING_TEXTS, with what they would hold.
 */
#define THING_TEXTS 10
size_t thing_texts(const struct thing *thing, struct arena *arena,
    struct store_text ret[THING_TEXTS]);

/*
 * Queue ids to watch. A short one is used again: its lives are counted, each
 * ended by `removed`, and each is wanted or not. Passes over the same input count
 * alike, so what one pass learned the next one uses.
 */
struct lives;

struct lives *lives_new(void);
void lives_free(struct lives *lives);

/* Begins a pass; all lives are counted anew. */
void lives_begin(struct lives *lives);

/*
 * Takes one event of the pass; NAMED: it names the thing. Returns the group of the
 * life it belongs to if that is wanted, else LIVES_NONE. Lives that continue each
 * other (next_qid), or of which one is a notification about the other (orig_qid), are
 * one group.
 */
#define LIVES_NONE UINT32_MAX
uint32_t lives_event(struct lives *lives, const struct event *ev,
    const struct symbols *symbols, bool named);

/* Must another pass be made, because this one learned something too late? */
bool lives_unsettled(const struct lives *lives);

/*
 * The queue ids that are watched, COUNT of them, in ARENA: what is not named and has none of
 * them in qid, next_qid or orig_qid makes no difference to a pass.
 */
const struct str *lives_ids(const struct lives *lives, struct arena *arena,
    size_t *ret_count);

/* Events of the story, told in groups. */
struct story;

struct story *story_new(void);
void story_free(struct story *story);

/* Adds EV to its group: that of its life, or of its connection (GROUP LIVES_NONE). */
void story_add(struct story *story, const struct event *ev, const struct symbols *symbols,
    uint32_t group);

/* Tells it all; WORD is what was asked for. */
void story_tell(const struct story *story, const char *word, const struct report_style *style,
    struct buf *out);

/*
 * trace-pipes.c: pipes among the inputs of OPTIONS, behind the thing, are read into files
 * now, which take their place: names in ARENA, or standard input itself. They stay open.
 */
int trace_keep_pipes(struct options *options, struct arena *arena, struct err *err);

/* trace-kept.c: what a guard keeps, instead of a log. */
struct kept;

/* The store at URL, as it is now. */
int kept_open(const char *url, struct kept **ret, struct err *err);
void kept_close(struct kept *kept);

/* One pass: EACH gets all of [SINCE, UNTIL) that LIVES or THING make a difference for. */
int kept_pass(struct kept *kept, const struct thing *thing, const struct lives *lives,
    int64_t since, int64_t until, run_each *each, void *context, struct err *err);

/* "what /var/lib/... keeps from ... to ..." */
void kept_put_period(const struct kept *kept, struct buf *out);

/* Says on stderr what SETTINGS keep for less time than back to FIRST. */
void kept_warn(const struct settings *settings, int64_t first);

/* One event in words, without time: "rejected at RCPT: 554 5.7.1 ...". */
void telling(struct buf *out, const struct event *ev, const struct symbols *symbols);

#endif
