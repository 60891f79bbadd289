/* SPDX-License-Identifier: Apache-2.0
 *
 * memory-events: events packed into bytes, field by field.
 */
#include "store/memory.h"

struct packed {
	int64_t time;
	uint64_t id;
	int64_t judged; /* `time`, if it was not judged as of another */
	uint64_t kind;
	size_t len;
	char bytes[];
};

struct str
memory_event_key(const void *item)
{
	_Static_assert(offsetof(struct packed, id) == 8, "time and id are one text");
	return (struct str){item, 16};
}

static void
pack_value(struct buf *out, enum field field, const struct value *value)
{
	uint8_t key[16];

	buf_char(out, (char)field);
	buf_char(out, (char)value->type);
	switch (value->type) {
	case VALUE_NUMBER:
		buf_add(out, &value->number, sizeof(value->number));
		break;
	case VALUE_TEXT:
		buf_add(out, &value->text.len, sizeof(value->text.len));
		buf_str(out, value->text);
		break;
	case VALUE_ADDRESS:
		ip_to_key(&value->ip, key);
		buf_add(out, key, sizeof(key));
		break;
	}
}

static void
unpack_value(struct row *row, struct str *bytes)
{
	enum field field = (enum field)bytes->p[0];
	enum value_type type = (enum value_type)bytes->p[1];
	int64_t number;
	size_t len = 0;
	struct ip ip;

	*bytes = str_from(*bytes, 2);
	switch (type) {
	case VALUE_NUMBER:
		memcpy(&number, bytes->p, sizeof(number));
		row_number(row, field, number);
		len = sizeof(number);
		break;
	case VALUE_TEXT:
		memcpy(&len, bytes->p, sizeof(len));
		*bytes = str_from(*bytes, sizeof(len));
		row_text(row, field, str_head(*bytes, len));
		break;
	case VALUE_ADDRESS:
		ip_of_key((const uint8_t *)bytes->p, &ip);
		row_address(row, field, &ip);
		len = 16;
		break;
	}
	*bytes = str_from(*bytes, len);
}

int
memory_event(struct store *store, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources, struct err *err)
{
	struct memory *memory = memory_of(store);
	struct buf bytes = BUF_INIT(BUF_UNLIMITED);
	struct packed *packed;
	struct value value;

	(void)err;
	for (unsigned field = 0; field < FIELDS; field++)
		if (event_value(ev, (enum field)field, symbols, sources, &value))
			pack_value(&bytes, (enum field)field, &value);
	packed = xmalloc(sizeof(*packed) + bytes.len);
	*packed = (struct packed){ev->time, ev->id,
	    event_knows(ev, FIELD_judged) ? ev->judged : ev->time, ev->kind, bytes.len};
	if (bytes.len)
		memcpy(packed->bytes, bytes.p, bytes.len);
	buf_done(&bytes);
	if (shelf_find(&memory->events, memory_event_key(packed)))
		free(packed);
	else
		memory_put(memory, &memory->events, packed);
	return 0;
}

static int64_t
time_in(const struct packed *packed, const struct scan *scan)
{
	return scan->as_judged ? packed->judged : packed->time;
}

/* What is in a scan, in its order. */
struct found {
	int64_t time;
	uint32_t at;
};

/* By time; those of one time as they came. */
static int
compare_found(const void *first, const void *second)
{
	const struct found *a = first, *b = second;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

static bool
in_scan(const struct packed *packed, const struct scan *scan)
{
	int64_t time = time_in(packed, scan);

	return time >= scan->since && (time < scan->until || scan->until == INT64_MAX) &&
	    (scan->kinds >> packed->kind & 1);
}

int
memory_scan(struct store *store, const struct scan *scan, scan_each *each, void *context,
    struct err *err)
{
	struct memory *memory = memory_of(store);
	struct shelf *events = &memory->events;
	struct found *order = xcalloc(events->count, sizeof(*order));
	struct row *row = &memory->row;
	size_t n = 0;
	bool more = true;

	(void)err;
	for (size_t i = 0; i < events->count; i++)
		if (in_scan(events->item[i], scan))
			order[n++] =
			    (struct found){time_in(events->item[i], scan), (uint32_t)i};
	qsort(order, n, sizeof(*order), compare_found);
	for (size_t i = 0; i < n && more; i++) {
		const struct packed *packed = events->item[order[i].at];
		struct str bytes = {packed->bytes, packed->len};

		row_begin(row);
		while (bytes.len)
			unpack_value(row, &bytes);
		row_number(row, FIELD_id, (int64_t)packed->id);
		row_number(row, FIELD_time, packed->time);
		row_number(row, FIELD_kind, (int64_t)packed->kind);
		row_end(row);
		more = each(context, row);
	}
	free(order);
	return 0;
}

int
memory_period(struct store *store, int64_t *ret_first, int64_t *ret_last, struct err *err)
{
	const struct shelf *events = &memory_of(store)->events;

	(void)err;
	*ret_first = INT64_MAX;
	*ret_last = INT64_MIN;
	for (size_t i = 0; i < events->count; i++) {
		const struct packed *packed = events->item[i];

		*ret_first = packed->time < *ret_first ? packed->time : *ret_first;
		*ret_last = packed->time > *ret_last ? packed->time : *ret_last;
	}
	return 0;
}

int
memory_last_judged(struct store *store, int64_t *ret, struct err *err)
{
	const struct shelf *events = &memory_of(store)->events;

	(void)err;
	*ret = INT64_MIN;
	for (size_t i = 0; i < events->count; i++) {
		int64_t judged = ((const struct packed *)events->item[i])->judged;

		*ret = judged > *ret ? judged : *ret;
	}
	return 0;
}

struct age {
	enum kind kind;
	int64_t before;
};

static bool
is_old(const void *item, void *context)
{
	const struct packed *packed = item;
	const struct age *age = context;

	return packed->time < age->before &&
	    (age->kind == KIND_none || packed->kind == age->kind);
}

int
memory_forget_events(struct store *store, enum kind kind, int64_t before,
    uint64_t *ret_count, struct err *err)
{
	struct age age = {kind, before};

	(void)err;
	*ret_count = shelf_forget(&memory_of(store)->events, is_old, &age, STORE_FORGET_STEP);
	return 0;
}
