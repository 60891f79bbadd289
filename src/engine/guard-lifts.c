/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-lifts: bans that a person lifts while the store cannot be written to. They are put
 * where room was taken before (base/reserve.h), so that neither a full disk nor the end of
 * the process makes a ban come back: who opens the store next knows them. When it can be
 * written to they are written down there, and for an hour still held against what is read
 * again from where the position stood.
 */
#include "engine/guard-room.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/mem.h"

#define TAG "lift" /* of a record that is handed over */

/* "1790000000000000 1790000000000001 192.0.2.1/32 by alice: why". */
static void
put_lift(const struct guard_lift *lift, struct buf *out)
{
	char prefix[CIDR_TEXT_MAX];

	cidr_format(&lift->prefix, prefix);
	buf_printf(out, "%lld %lld %s %s", (long long)lift->time, (long long)lift->upto,
	    prefix, lift->reason);
}

static bool
read_lift(struct str text, struct guard_lift *ret)
{
	struct str time = str_cut(&text, ' '), upto = str_cut(&text, ' ');
	struct str prefix = str_cut(&text, ' ');

	snprintf(ret->reason, sizeof(ret->reason), "%.*s",
	    STR_ARG(str_head(text, sizeof(ret->reason) - 1)));
	return str_number(time, &ret->time) && str_number(upto, &ret->upto) &&
	    cidr_parse(prefix, &ret->prefix);
}

/* LIFT as it is written down, whose reason is LIFT's. */
static struct hand_lift
as_hand_lift(const struct guard_lift *lift)
{
	return (struct hand_lift){.prefix = lift->prefix, .reason = lift->reason,
	    .now = lift->time, .upto = lift->upto};
}

static void
keep_lift(struct guard *guard, const struct guard_lift *lift)
{
	for (size_t i = 0; i < guard->lift_count; i++)
		if (guard->lifts[i].time == lift->time &&
		    cidr_equal(&guard->lifts[i].prefix, &lift->prefix)) {
			guard->lifts[i].reserved |= lift->reserved;
			return;
		}
	MEM_GROW(guard->lifts, guard->lift_count, guard->lift_room);
	guard->lifts[guard->lift_count++] = *lift;
}

static void
take_reserved(void *context, struct str text)
{
	struct guard_lift lift = {.reserved = true};

	if (read_lift(text, &lift))
		keep_lift(context, &lift);
}

/* Puts LIFT where a full disk does not matter. */
static int
reserve_lift(struct guard *guard, struct guard_lift *lift, struct err *err)
{
	struct buf text = BUF_INIT(RESERVE_TEXT_MAX);
	int result;

	put_lift(lift, &text);
	result = reserve_put(&guard->reserve, buf_view(&text), err);
	buf_done(&text);
	lift->reserved = result == 0;
	return result;
}

void
guard_open_lifts(struct guard *guard)
{
	char *url = guard_store_url(guard), *path = store_beside(url, "lifts");
	struct err err;

	free(url);
	if (path && reserve_open(path, take_reserved, guard, &guard->reserve, &err) < 0)
		guard_log(guard, GUARD_WARNING, "%s: while the store cannot be written to, "
		    "nobody can be unbanned by hand", err.text);
	/* Of the process before us, whose store was away. */
	for (size_t i = 0; path && i < guard->lift_count; i++)
		if (!guard->lifts[i].reserved &&
		    reserve_lift(guard, &guard->lifts[i], &err) < 0)
			break;
	free(path);
}

struct pending {
	void (*each)(void *context, const struct hand_lift *lift);
	void *context;
};

static void
tell_pending(void *context, struct str text)
{
	const struct pending *pending = context;
	struct guard_lift lift;
	struct hand_lift hand;

	if (!read_lift(text, &lift))
		return;
	hand = as_hand_lift(&lift);
	pending->each(pending->context, &hand);
}

int
guard_pending_lifts(const char *url,
    void (*each)(void *context, const struct hand_lift *lift), void *context, struct err *err)
{
	struct pending pending = {each, context};
	char *path = store_beside(url, "lifts");
	int result = path ? reserve_read(path, tell_pending, &pending, err) : 0;

	free(path);
	return result;
}

int
guard_lift_behind(struct guard *guard, const struct cidr *prefix, const char *reason,
    struct err *err)
{
	struct guard_lift lift = {.prefix = *prefix, .time = now_wall()};
	char text[CIDR_TEXT_MAX];
	struct str key = {text, prefix_format(prefix, text)};

	lift.upto = guard->newest > lift.time ? guard->newest : lift.time;
	snprintf(lift.reason, sizeof(lift.reason), "%s", reason);
	if (reserve_lift(guard, &lift, err) < 0)
		return err_wrap(err, "the store cannot be written to, and that %s is lifted "
		    "cannot be written down beside it", text);
	keep_lift(guard, &lift);
	for (size_t r = 0; r < guard->settings.rules->count; r++)
		detect_unbanned(guard->detect, guard->settings.rules->rules[r].name, key,
		    lift.time);
	return 0;
}

const struct guard_lift *
guard_lifted(const struct guard *guard, const struct cidr *prefix, int64_t from)
{
	for (size_t i = 0; i < guard->lift_count; i++)
		if (from <= guard->lifts[i].upto &&
		    cidr_equal(&guard->lifts[i].prefix, prefix))
			return &guard->lifts[i];
	return NULL;
}

int
guard_write_lifts(struct guard *guard, struct err *err)
{
	size_t count;

	for (size_t i = 0; i < guard->lift_count; i++) {
		const struct hand_lift hand = as_hand_lift(&guard->lifts[i]);

		if (hand_lift(guard->store, &hand, NULL, NULL, &count, err) < 0)
			return -1;
	}
	return 0;
}

void
guard_hand_lifts(const struct guard *guard, struct state_out *out)
{
	struct buf record = BUF_INIT(RESERVE_TEXT_MAX);

	for (size_t i = 0; i < guard->lift_count; i++) {
		buf_clear(&record);
		put_lift(&guard->lifts[i], &record);
		state_record(out, STR(TAG), &record);
	}
	buf_done(&record);
}

void
guard_take_lifts(struct guard *guard, struct str records)
{
	struct guard_lift lift = {.reserved = false};
	struct str what, record;

	while (state_next(&records, &what, &record))
		if (str_eq(what, STR(TAG)) && guard->lift_count < RESERVE_TEXTS &&
		    read_lift(record, &lift))
			keep_lift(guard, &lift);
}

void
guard_forget_lifts(struct guard *guard)
{
	free(guard->lifts);
	guard->lifts = NULL;
	guard->lift_count = guard->lift_room = 0;
}
