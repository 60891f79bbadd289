/* SPDX-License-Identifier: Apache-2.0
 *
 * The messages of many lines, which come in an order that has those together that look
 * alike: what is found out about one is tried on the next.
 */
#include "parse/row-memo.h"

#define BIT(field) (UINT64_C(1) << FIELD_##field)
_Static_assert(FIELD_count < 64 && FIELD_kind < 64, "they are in the first word of `known`");
_Static_assert(KIND_part == KIND_repeat + 1 && KINDS == KIND_part + 1, "they are the last");
_Static_assert(KINDS <= PARSE_UNSETTLED, "it is a bit that no kind has");

/* What will be read soon is fetched, and what tells where that is before. */
static inline __attribute__((always_inline)) void
fetch(const struct parse_entry *soon, const struct parse_entry *later)
{
	const char *p = soon->begun.message.p, *ev = (const char *)soon->event;

	__builtin_prefetch(later);
	__builtin_prefetch(p);
	__builtin_prefetch(p + 64);
	__builtin_prefetch(ev);
	__builtin_prefetch(ev + 64, 1);
}

/* Reads one message. Is its event all there is to it? Then its kind is known, too. */
static inline __attribute__((always_inline)) bool
read_message(struct parse_begun *begun, struct event *ev, bool wide)
{
	enum parse_result result;

	if (__builtin_expect(begun->has_rows, true)) {
		result = row_memo_read(begun, ev, wide);
		/* No row tells of a repeat, of a part or how often. */
		if (__builtin_expect(result == PARSE_EVENT, true))
			return true;
	} else if (begun->alone) {
		result = begun->reader->read(begun->message, ev);
	} else {
		begun->result = (uint8_t)parse_finish(begun, ev);
		return false;
	}
	if (result == PARSE_EVENT && ev->kind < KIND_repeat &&
	    (ev->known[0] & BIT(count)) == 0)
		return true;
	begun->result = (uint8_t)parse_settle(begun, ev, result);
	return false;
}

/* parse_messages(); WIDE, a constant: header_is_wide(). */
static inline __attribute__((always_inline)) void
read_all(const struct parse_batch *batch, bool wide)
{
	struct parse_entry *const *order = batch->order, *const *end = order + batch->count;
	uint32_t *counts = batch->counts;
	uint8_t *kinds = batch->kinds;

	for (; order < end; order++) {
		struct parse_entry *entry = *order;
		struct event *ev = entry->event;

		fetch(order[PARSE_AHEAD / 2], order[PARSE_AHEAD]);
		if (__builtin_expect(read_message(&entry->begun, ev, wide), true)) {
			kinds[entry->line] = ev->kind;
			counts[ev->kind]++;
		} else {
			kinds[entry->line] = PARSE_UNSETTLED;
		}
	}
}

#ifdef __SSE2__
MEMO_AVX2 static void
read_all_avx2(const struct parse_batch *batch)
{
	read_all(batch, true);
}
#endif

void
parse_messages(const struct parse_batch *batch)
{
#ifdef __SSE2__
	if (header_is_wide()) {
		read_all_avx2(batch);
		return;
	}
#endif
	read_all(batch, false);
}
