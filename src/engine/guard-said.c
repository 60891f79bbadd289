/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-said: bans that were logged and could not be written to the store. When they can,
 * the log is read again from where the position stood, and the same verdicts come with
 * the same ids: they are written down then, but not logged again.
 */
#include "engine/guard-room.h"

/* As many as come with the log; behind that some are logged twice. */
#define SAID_MAX 65536

#define TAG "said" /* of a record that is handed over */

static bool
is_noted(const struct guard *guard, struct str id)
{
	return dict_find(&guard->said, id, dict_hash(id)) != DICT_NONE;
}

static struct str
text_of(const uint64_t *id)
{
	return (struct str){(const char *)id, sizeof(*id)};
}

static void
note(struct guard *guard, struct str id)
{
	if (guard->said.count < SAID_MAX && !is_noted(guard, id))
		dict_add(&guard->said, id, dict_hash(id));
}

bool
guard_was_said(struct guard *guard, uint64_t id)
{
	if (is_noted(guard, text_of(&id)))
		return true;
	if (guard->behind) {
		note(guard, text_of(&id));
	} else {
		MEM_GROW(guard->just_said, guard->just_count, guard->just_room);
		guard->just_said[guard->just_count++] = id;
	}
	return false;
}

void
guard_settle_said(struct guard *guard, bool written)
{
	for (size_t i = 0; i < guard->just_count && !written; i++)
		note(guard, text_of(&guard->just_said[i]));
	guard->just_count = 0;
}

void
guard_hand_said(const struct guard *guard, struct state_out *out)
{
	struct buf record = BUF_INIT(64);

	for (uint32_t i = 0; i < guard->said.count; i++) {
		buf_clear(&record);
		buf_str(&record, dict_text(&guard->said, i));
		state_record(out, STR(TAG), &record);
	}
	buf_done(&record);
}

void
guard_take_said(struct guard *guard, struct str records)
{
	struct str what, record;

	while (state_next(&records, &what, &record))
		if (str_eq(what, STR(TAG)) && record.len == sizeof(uint64_t))
			note(guard, record);
}

void
guard_forget_said(struct guard *guard)
{
	dict_free(&guard->said);
	guard->said = (struct dict){.count = 0};
}
