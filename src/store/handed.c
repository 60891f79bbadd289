/* SPDX-License-Identifier: Apache-2.0
 *
 * handed: what a store has, as records for the process that takes our place; and back,
 * each checked as if it were anybody's. Or straight into another store.
 */
#include "base/state.h"
#include "store/room.h"

#include <stdlib.h>

/* ---- events: time, id and kind, then a number or text for each field that is known ---- */

struct handing {
	struct state_out *out;
	struct buf record;
};

static bool
hand_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct handing *handing = context;
	struct buf *record = &handing->record;
	struct value value;

	buf_clear(record);
	state_put_number(record, ev->time);
	state_put_number(record, (int64_t)ev->id);
	state_put_number(record, ev->kind);
	for (unsigned f = 0; f < FIELDS; f++) {
		if (!event_value(ev, (enum field)f, symbols, sources, &value))
			continue;
		state_put_number(record, f);
		if (value.type == VALUE_NUMBER)
			state_put_number(record, value.number);
		else if (f == FIELD_source)
			state_put_text(record, value.text);
		else
			state_put_text(record, event_text(ev, (enum field)f, symbols));
	}
	state_record(handing->out, STR("event"), record);
	return true;
}

static bool
take_field(struct row *row, struct str *record)
{
	struct str text;
	int64_t f, number;

	if (!state_number(record, &f) || f < 0 || f >= FIELDS)
		return false;
	switch (event_fields[f].type) {
	case TYPE_TEXT:
	case TYPE_IP:
		if (!state_text(record, &text) || text.len > EVENT_LINE_MAX)
			return false;
		row_text(row, (enum field)f, text);
		return true;
	case TYPE_ENUM:
		if (!state_number(record, &number) || number < 0 || number > UINT8_MAX ||
		    !event_enum_name((enum field)f, (unsigned)number))
			return false;
		row_number(row, (enum field)f, number);
		return true;
	case TYPE_BOOL:
	case TYPE_INT:
	case TYPE_SIZE:
	case TYPE_DURATION:
	case TYPE_MILLI:
	case TYPE_TIME:
	case TYPE_ID:
		break;
	}
	if (!state_number(record, &number))
		return false;
	row_number(row, (enum field)f, number);
	return true;
}

static bool
take_event(struct store *store, struct str record, struct err *err)
{
	int64_t time, id, kind;
	struct row row;
	bool good;

	if (!state_number(&record, &time) || !state_number(&record, &id) ||
	    !state_number(&record, &kind) || kind <= 0 || kind >= KINDS)
		return err_set(err, "what was handed over has an event that is none") == 0;
	row_init(&row);
	row_begin(&row);
	good = true;
	while (record.len && good)
		good = take_field(&row, &record);
	row_number(&row, FIELD_time, time);
	row_number(&row, FIELD_id, id);
	row_number(&row, FIELD_kind, kind);
	row_end(&row);
	if (!good)
		err_set(err, "what was handed over has an event that is none");
	good = good && store_event(store, &row.event, row.has_symbols ? &row.symbols : NULL,
	    &row.sources, err) == 0;
	row_done(&row);
	return good;
}

/* ---- bans ---- */

static bool
hand_ban(void *context, const struct ban *ban)
{
	struct handing *handing = context;
	struct buf *record = &handing->record;
	const int64_t numbers[] = {(int64_t)ban->id, ban->from, ban->until, ban->lifted,
	    (int64_t)ban->counted, (int64_t)ban->threshold, ban->since, ban->offence,
	    ban->is_protected, ban->dry_run, ban->asn, ban->prefix.base.family,
	    ban->prefix.bits, ban->commands.p != NULL};
	const struct str texts[] = {ban->rule, ban->key, ban->reason,
	    {(const char *)ban->prefix.base.byte, 16}, {ban->country, 3},
	    {(const char *)ban->evidence, ban->evidence_count * sizeof(*ban->evidence)},
	    ban->commands.p ? ban->commands : STR("")};

	buf_clear(record);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		state_put_number(record, numbers[i]);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		state_put_text(record, texts[i]);
	state_record(handing->out, STR("ban"), record);
	return true;
}

/* Family and length of a prefix, or neither; nothing behind the length. */
static bool
take_prefix(struct cidr *prefix, int64_t family, int64_t bits, struct str bytes)
{
	if (bytes.len != 16 || (family != 0 && family != 4 && family != 6) || bits < 0 ||
	    bits > (family == 4 ? 32 : family == 6 ? 128 : 0))
		return false;
	*prefix = (struct cidr){0};
	if (family == 0)
		return true;
	prefix->base.family = (uint8_t)family;
	prefix->bits = (uint8_t)bits;
	memcpy(prefix->base.byte, bytes.p, family == 4 ? 4 : 16);
	return cidr_is_canonical(prefix);
}

static bool
take_ban(struct store *store, struct str record, struct err *err)
{
	enum { ID, FROM, UNTIL, LIFTED, COUNTED, THRESHOLD, SINCE, OFFENCE, PROTECTED,
		DRY, ASN, FAMILY, BITS, KNOWN, NUMBERS };
	enum { RULE, KEY, REASON, ADDRESS, COUNTRY, EVIDENCE, COMMANDS, TEXTS };
	int64_t n[NUMBERS];
	struct str t[TEXTS];
	struct ban ban;
	bool good = true;

	for (size_t i = 0; i < NUMBERS && good; i++)
		good = state_number(&record, &n[i]);
	for (size_t i = 0; i < TEXTS && good; i++)
		good = state_text(&record, &t[i]);
	if (!good || record.len || t[COUNTRY].len != sizeof(ban.country) ||
	    t[EVIDENCE].len > sizeof(ban.evidence) || n[OFFENCE] < 0 ||
	    n[OFFENCE] > UINT32_MAX || n[ASN] < 0 || n[ASN] > UINT32_MAX)
		return err_set(err, "what was handed over has a ban that is none") == 0;
	ban = (struct ban){.id = (uint64_t)n[ID], .rule = t[RULE], .key = t[KEY],
	    .from = n[FROM], .until = n[UNTIL], .lifted = n[LIFTED], .reason = t[REASON],
	    .counted = (uint64_t)n[COUNTED], .threshold = (uint64_t)n[THRESHOLD],
	    .since = n[SINCE], .offence = (uint32_t)n[OFFENCE],
	    .is_protected = n[PROTECTED] != 0, .dry_run = n[DRY] != 0,
	    .asn = (uint32_t)n[ASN],
	    .evidence_count = (uint32_t)(t[EVIDENCE].len / sizeof(*ban.evidence))};
	if (n[KNOWN])
		ban.commands = t[COMMANDS];
	memcpy(ban.evidence, t[EVIDENCE].p, ban.evidence_count * sizeof(*ban.evidence));
	memcpy(ban.country, t[COUNTRY].p, 2);
	if (!take_prefix(&ban.prefix, n[FAMILY], n[BITS], t[ADDRESS]))
		return err_set(err, "what was handed over has a ban of no address") == 0;
	return store_ban(store, &ban, err) == 0;
}

/* ---- positions: all in one record, as they replace each other ---- */

static void
hand_positions(struct handing *handing, const struct store_position *positions, size_t count)
{
	buf_clear(&handing->record);
	for (size_t i = 0; i < count; i++) {
		const struct store_position *at = &positions[i];
		const int64_t numbers[] = {(int64_t)at->head_hash, at->head_len,
		    (int64_t)at->offset, (int64_t)at->replay_from, (int64_t)at->device,
		    (int64_t)at->inode, at->mtime};

		state_put_text(&handing->record, at->name);
		state_put_text(&handing->record, at->cursor);
		state_put_text(&handing->record, at->path);
		for (size_t n = 0; n < sizeof(numbers) / sizeof(*numbers); n++)
			state_put_number(&handing->record, numbers[n]);
	}
	state_record(handing->out, STR("positions"), &handing->record);
}

static bool
take_positions(struct store *store, struct str record, struct err *err)
{
	struct store_position *list = NULL;
	size_t count = 0, room = 0;
	bool good = true;

	while (record.len && good) {
		struct store_position at = {0};
		int64_t n[7];

		good = state_text(&record, &at.name) && state_text(&record, &at.cursor) &&
		    state_text(&record, &at.path) && !memchr(at.path.p, '\0', at.path.len) &&
		    !memchr(at.name.p, '\0', at.name.len) &&
		    !memchr(at.cursor.p, '\0', at.cursor.len);
		for (size_t i = 0; i < 7 && good; i++)
			good = state_number(&record, &n[i]);
		if (!good || n[1] < 0 || n[1] > UINT32_MAX) {
			err_set(err, "what was handed over has a position that is none");
			good = false;
			break;
		}
		at.head_hash = (uint64_t)n[0];
		at.head_len = (uint32_t)n[1];
		at.offset = (uint64_t)n[2];
		at.replay_from = (uint64_t)n[3];
		at.device = (uint64_t)n[4];
		at.inode = (uint64_t)n[5];
		at.mtime = n[6];
		MEM_GROW(list, count, room);
		list[count++] = at;
	}
	good = good && store_positions_save(store, list, count, err) == 0;
	free(list);
	return good;
}

/* Rows on their way from one store into another. */
struct copying {
	struct store *into;
	struct err *err;
	int result;
};

int
store_hand_over(struct store *store, int64_t since, struct state_out *out, struct err *err)
{
	struct handing handing = {.out = out, .record = BUF_INIT(BUF_UNLIMITED)};
	struct ban_filter all = {.active_at = INT64_MIN, .since = INT64_MIN,
	    .until = INT64_MAX, .dry_run = true};
	struct store_position *positions;
	struct arena arena = {0};
	size_t count;
	int result = store_positions_load(store, &arena, &positions, &count, err);

	if (result == 0) {
		hand_positions(&handing, positions, count);
		result = store_bans(store, &all, hand_ban, &handing, err);
	}
	if (result == 0)
		result = store_scan(store, since, INT64_MAX, NULL, hand_event, &handing, err);
	arena_free(&arena);
	buf_done(&handing.record);
	return result;
}

static bool
copy_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct copying *copying = context;

	copying->result = store_event(copying->into, ev, symbols, sources, copying->err);
	return copying->result == 0;
}

static bool
copy_ban(void *context, const struct ban *ban)
{
	struct copying *copying = context;

	copying->result = store_ban(copying->into, ban, copying->err);
	return copying->result == 0;
}

int
store_copy(struct store *from, int64_t since, struct store *into, struct err *err)
{
	struct copying copying = {.into = into, .err = err};
	struct ban_filter all = {.active_at = INT64_MIN, .since = INT64_MIN,
	    .until = INT64_MAX, .dry_run = true};
	struct store_position *positions;
	struct arena arena = {0};
	size_t count;
	int result = store_begin(into, err);

	if (result == 0)
		result = store_positions_load(from, &arena, &positions, &count, err);
	if (result == 0)
		result = store_positions_save(into, positions, count, err);
	if (result == 0)
		result = store_bans(from, &all, copy_ban, &copying, err);
	if (result == 0 && copying.result == 0)
		result = store_scan(from, since, INT64_MAX, NULL, copy_event, &copying, err);
	if (result == 0 && copying.result == 0)
		result = store_commit(into, err);
	if (result < 0 || copying.result < 0)
		store_rollback(into);
	arena_free(&arena);
	return result < 0 ? result : copying.result;
}

bool
store_handed(struct str records)
{
	struct str tag, record;

	while (state_next(&records, &tag, &record))
		if (str_eq(tag, STR("positions")))
			return true;
	return false;
}

int
store_take_over(struct store *store, struct str records, struct err *err)
{
	static const struct {
		const char *tag;
		bool (*take)(struct store *store, struct str record, struct err *err);
	} takers[] = {{"event", take_event}, {"ban", take_ban}, {"positions", take_positions}};
	struct str tag, record;
	bool good = store_begin(store, err) == 0;

	while (good && state_next(&records, &tag, &record))
		for (size_t i = 0; good && i < sizeof(takers) / sizeof(*takers); i++)
			if (str_eq(tag, str_of(takers[i].tag)))
				good = takers[i].take(store, record, err);
	if (good)
		return store_commit(store, err);
	store_rollback(store);
	return -1;
}
