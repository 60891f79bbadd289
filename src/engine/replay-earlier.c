/* SPDX-License-Identifier: Apache-2.0
 *
 * replay-earlier: a replay that goes on from what a guard has kept. What the log itself
 * tells is in the store, too, where a guard has read it: so the store is read up to the
 * event that the log begins with.
 */
#include "engine/pipeline.h"
#include "engine/replay-side.h"

bool
replay_tell_earlier(struct replaying *replaying, struct side *side,
    const struct event *ev)
{
	struct earlier *earlier = &side->earlier;

	if (earlier_read_bans(earlier, &replaying->err) < 0 ||
	    earlier_tell_before(earlier, ev->time, ev->id, &replaying->err) < 0) {
		replaying->failed = true;
		return false;
	}
	side->replay.earlier = earlier->events + earlier->told;
	earlier->store = NULL;
	replay_note_acts(side, ev->time);
	return true;
}

/* What of before the log goes to tracking, up to the event that it begins with. */
struct tracked {
	struct pipeline *pipeline;
	const struct event *first;
};

static bool
take_tracked(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	const struct tracked *tracked = context;

	(void)sources;
	if (ev->id == tracked->first->id)
		return false;
	pipeline_seed(tracked->pipeline, ev, symbols, tracked->first->source_no);
	return true;
}

bool
replay_begin(void *context, struct pipeline *pipeline, const struct event *first)
{
	struct replaying *replaying = context;
	struct tracked tracked = {pipeline, first};
	struct store *store = replaying->sides[0]->earlier.store;

	if (!store || store_scan(store, first->time - EARLIER_TRACKED, first->time + 1,
		"!derived", take_tracked, &tracked, &replaying->err) == 0)
		return true;
	replaying->failed = true;
	return false;
}
