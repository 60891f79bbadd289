/* SPDX-License-Identifier: Apache-2.0
 *
 * memory: a store that ends with the process: what guard remembers without a file, and
 * what answers are compared with. A transaction is a list of what to put back.
 */
#include "store/room.h"

/* An event: its values, packed. */
struct packed {
	int64_t time;
	uint64_t id;
	uint64_t kind;
	size_t len;
	char bytes[];
};

struct kept_ban {
	struct ban ban;
	struct arena arena; /* its texts */
};

struct kept_rdns {
	struct store_rdns rdns;
	struct arena arena;
};

struct kept_positions {
	struct store_position *list;
	size_t count;
	struct arena arena;
};

/* Things of one sort, each by itself. */
struct shelf {
	void **item;
	size_t count, room;
	void (*free_item)(void *item);
};

/* ITEM was put at AT of SHELF in place of BEFORE (NULL: appended). */
struct undo {
	struct shelf *shelf;
	size_t at;
	void *before;
};

struct memory {
	struct store store;
	struct shelf events, bans, rdns, positions;
	struct dict identities; /* time and id of every event */
	struct undo *undo;
	size_t undo_count, undo_room;
	struct row row;
};

static struct memory *
memory_of(struct store *store)
{
	return (struct memory *)(void *)store;
}

static void
free_ban(void *item)
{
	struct kept_ban *kept = item;

	arena_free(&kept->arena);
	free(kept);
}

static void
free_rdns(void *item)
{
	struct kept_rdns *kept = item;

	arena_free(&kept->arena);
	free(kept);
}

static void
free_positions(void *item)
{
	struct kept_positions *kept = item;

	arena_free(&kept->arena);
	free(kept);
}

static int
open_store(const struct store_settings *settings, const char *path, struct store **ret,
    struct err *err)
{
	struct memory *memory;

	(void)settings;
	if (*path)
		return err_set(err, "nothing stands after memory:");
	memory = xcalloc(1, sizeof(*memory));
	memory->events.free_item = free;
	memory->bans.free_item = free_ban;
	memory->rdns.free_item = free_rdns;
	memory->positions.free_item = free_positions;
	row_init(&memory->row);
	*ret = &memory->store;
	return 0;
}

static void
empty(struct shelf *shelf)
{
	for (size_t i = 0; i < shelf->count; i++)
		shelf->free_item(shelf->item[i]);
	free(shelf->item);
}

static void
close_store(struct store *store)
{
	struct memory *memory = memory_of(store);

	empty(&memory->events);
	empty(&memory->bans);
	empty(&memory->rdns);
	empty(&memory->positions);
	dict_free(&memory->identities);
	row_done(&memory->row);
	free(memory->undo);
	free(memory);
}

static int
begin(struct store *store, struct err *err)
{
	(void)store;
	(void)err;
	return 0;
}

static int
commit(struct store *store, struct err *err)
{
	struct memory *memory = memory_of(store);

	(void)err;
	for (size_t i = 0; i < memory->undo_count; i++)
		if (memory->undo[i].before)
			memory->undo[i].shelf->free_item(memory->undo[i].before);
	memory->undo_count = 0;
	return 0;
}

static struct str
identity(const struct packed *packed)
{
	_Static_assert(offsetof(struct packed, id) == 8, "time and id are one text");
	return (struct str){(const char *)packed, 16};
}

/* A dictionary forgets nothing: a new one. */
static void
number_identities(struct memory *memory)
{
	dict_free(&memory->identities);
	memory->identities = (struct dict){.count = 0};
	for (size_t i = 0; i < memory->events.count; i++)
		dict_get(&memory->identities, identity(memory->events.item[i]));
}

static void
rollback(struct store *store)
{
	struct memory *memory = memory_of(store);
	bool events = false;

	while (memory->undo_count) {
		struct undo *undo = &memory->undo[--memory->undo_count];
		struct shelf *shelf = undo->shelf;

		events |= shelf == &memory->events;
		shelf->free_item(shelf->item[undo->at]);
		shelf->item[undo->at] = undo->before;
		if (!undo->before)
			shelf->count--;
	}
	if (events)
		number_identities(memory);
}

/* ITEM goes to place AT of SHELF, which may be the next free one. */
static void
put(struct memory *memory, struct shelf *shelf, size_t at, void *item)
{
	void *before = NULL;

	if (at == shelf->count) {
		MEM_GROW(shelf->item, shelf->count, shelf->room);
		shelf->count++;
	} else {
		before = shelf->item[at];
	}
	shelf->item[at] = item;
	MEM_GROW(memory->undo, memory->undo_count, memory->undo_room);
	memory->undo[memory->undo_count++] = (struct undo){shelf, at, before};
	if (!memory->store.in_transaction)
		commit(&memory->store, NULL);
}

/* Drops the items that FORGET says, STORE_FORGET_STEP at most; returns how many. */
static uint64_t
forget(struct shelf *shelf, bool (*old)(const void *item, enum kind kind, int64_t before),
    enum kind kind, int64_t before)
{
	size_t kept = 0, gone = 0;

	for (size_t i = 0; i < shelf->count; i++)
		if (gone < STORE_FORGET_STEP && old(shelf->item[i], kind, before)) {
			shelf->free_item(shelf->item[i]);
			gone++;
		} else {
			shelf->item[kept++] = shelf->item[i];
		}
	shelf->count = kept;
	return gone;
}

/* ---- events ---- */

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

static int
write_event(struct store *store, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources, struct err *err)
{
	struct memory *memory = memory_of(store);
	struct buf bytes = BUF_INIT(BUF_UNLIMITED);
	uint32_t known = memory->identities.count;
	struct packed *packed;
	struct value value;

	(void)err;
	for (unsigned field = 0; field < FIELDS; field++)
		if (event_value(ev, (enum field)field, symbols, sources, &value))
			pack_value(&bytes, (enum field)field, &value);
	packed = xmalloc(sizeof(*packed) + bytes.len);
	*packed = (struct packed){ev->time, ev->id, ev->kind, bytes.len};
	if (bytes.len)
		memcpy(packed->bytes, bytes.p, bytes.len);
	buf_done(&bytes);
	if (dict_get(&memory->identities, identity(packed)) < known)
		free(packed);
	else
		put(memory, &memory->events, memory->events.count, packed);
	return 0;
}

/* By time; those of one time as they came. */
static int
compare_events(const void *first, const void *second, void *context)
{
	const uint32_t *a = first, *b = second;
	const struct shelf *events = context;
	const struct packed *one = events->item[*a], *other = events->item[*b];

	if (one->time != other->time)
		return one->time < other->time ? -1 : 1;
	return *a < *b ? -1 : *a > *b;
}

static bool
in_scan(const struct packed *packed, const struct scan *scan)
{
	return packed->time >= scan->since &&
	    (packed->time < scan->until || scan->until == INT64_MAX) &&
	    (scan->kinds >> packed->kind & 1);
}

static int
scan_events(struct store *store, const struct scan *scan, scan_each *each, void *context,
    struct err *err)
{
	struct memory *memory = memory_of(store);
	struct shelf *events = &memory->events;
	uint32_t *order = xcalloc(events->count, sizeof(*order));
	struct row *row = &memory->row;
	size_t n = 0;
	bool more = true;

	(void)err;
	for (size_t i = 0; i < events->count; i++)
		if (in_scan(events->item[i], scan))
			order[n++] = (uint32_t)i;
	qsort_r(order, n, sizeof(*order), compare_events, events);
	for (size_t i = 0; i < n && more; i++) {
		const struct packed *packed = events->item[order[i]];
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

static int
period(struct store *store, int64_t *ret_first, int64_t *ret_last, struct err *err)
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

static bool
is_old_event(const void *item, enum kind kind, int64_t before)
{
	const struct packed *packed = item;

	return packed->time < before && (kind == KIND_none || packed->kind == kind);
}

static int
forget_events(struct store *store, enum kind kind, int64_t before, uint64_t *ret_count,
    struct err *err)
{
	struct memory *memory = memory_of(store);

	(void)err;
	*ret_count = forget(&memory->events, is_old_event, kind, before);
	number_identities(memory);
	return 0;
}

/* ---- bans ---- */

static int
write_ban(struct store *store, const struct ban *ban, struct err *err)
{
	struct memory *memory = memory_of(store);
	struct kept_ban *kept = xcalloc(1, sizeof(*kept));
	size_t at = 0;

	(void)err;
	kept->ban = *ban;
	kept->ban.rule = arena_str(&kept->arena, ban->rule);
	kept->ban.key = arena_str(&kept->arena, ban->key);
	kept->ban.reason = arena_str(&kept->arena, ban->reason);
	while (at < memory->bans.count &&
	    ((struct kept_ban *)memory->bans.item[at])->ban.id != ban->id)
		at++;
	put(memory, &memory->bans, at, kept);
	return 0;
}

static int
compare_bans(const void *first, const void *second)
{
	const struct ban *a = *(const struct ban *const *)first;
	const struct ban *b = *(const struct ban *const *)second;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (int64_t)a->id < (int64_t)b->id ? -1 : a->id != b->id;
}

static int
read_bans(struct store *store, const struct ban_filter *filter,
    bool (*each)(void *context, const struct ban *ban), void *context, struct err *err)
{
	const struct shelf *bans = &memory_of(store)->bans;
	const struct ban **found = xcalloc(bans->count, sizeof(*found));
	size_t n = 0;

	(void)err;
	for (size_t i = 0; i < bans->count; i++) {
		const struct kept_ban *kept = bans->item[i];

		if (ban_matches(&kept->ban, filter))
			found[n++] = &kept->ban;
	}
	qsort(found, n, sizeof(struct ban *), compare_bans);
	for (size_t i = 0; i < n && each(context, found[i]); i++)
		;
	free(found);
	return 0;
}

static bool
is_old_ban(const void *item, enum kind kind, int64_t before)
{
	const struct ban *ban = &((const struct kept_ban *)item)->ban;

	(void)kind;
	return (ban->until != INT64_MAX && ban->until < before) ||
	    (ban->lifted != INT64_MIN && ban->lifted < before);
}

static int
forget_bans(struct store *store, int64_t before, uint64_t *ret_count, struct err *err)
{
	(void)err;
	*ret_count = forget(&memory_of(store)->bans, is_old_ban, KIND_none, before);
	return 0;
}

/* ---- positions, reverse DNS ---- */

static int
save_positions(struct store *store, const struct store_position *positions, size_t count,
    struct err *err)
{
	struct memory *memory = memory_of(store);
	struct kept_positions *kept = xcalloc(1, sizeof(*kept));

	(void)err;
	kept->list = arena_alloc(&kept->arena, (count + 1) * sizeof(*kept->list));
	kept->count = count;
	for (size_t i = 0; i < count; i++) {
		kept->list[i] = positions[i];
		kept->list[i].name = arena_str(&kept->arena, positions[i].name);
		kept->list[i].cursor = arena_str(&kept->arena, positions[i].cursor);
	}
	put(memory, &memory->positions, 0, kept);
	return 0;
}

static int
load_positions(struct store *store, struct arena *arena, struct store_position **ret,
    size_t *ret_count, struct err *err)
{
	const struct shelf *positions = &memory_of(store)->positions;
	const struct kept_positions *kept = positions->count ? positions->item[0] : NULL;
	size_t count = kept ? kept->count : 0;

	(void)err;
	*ret = arena_alloc(arena, (count + 1) * sizeof(**ret));
	*ret_count = count;
	for (size_t i = 0; i < count; i++) {
		(*ret)[i] = kept->list[i];
		(*ret)[i].name = arena_str(arena, kept->list[i].name);
		(*ret)[i].cursor = arena_str(arena, kept->list[i].cursor);
	}
	return 0;
}

/* Where IP stands on the shelf, or the next free place. */
static size_t
find_rdns(const struct memory *memory, const struct ip *ip)
{
	size_t at = 0;

	while (at < memory->rdns.count && memcmp(ip,
	    &((struct kept_rdns *)memory->rdns.item[at])->rdns.ip, sizeof(*ip)) != 0)
		at++;
	return at;
}

static int
save_rdns(struct store *store, const struct store_rdns *rdns, struct err *err)
{
	struct memory *memory = memory_of(store);
	struct kept_rdns *kept = xcalloc(1, sizeof(*kept));

	(void)err;
	kept->rdns = *rdns;
	kept->rdns.name = arena_str(&kept->arena, rdns->name);
	kept->rdns.status = arena_str(&kept->arena, rdns->status);
	put(memory, &memory->rdns, find_rdns(memory, &rdns->ip), kept);
	return 0;
}

static int
load_rdns(struct store *store, const struct ip *ip, int64_t now, struct arena *arena,
    struct store_rdns *ret, struct err *err)
{
	const struct memory *memory = memory_of(store);
	size_t at = find_rdns(memory, ip);
	const struct kept_rdns *kept;

	(void)err;
	if (at == memory->rdns.count)
		return 0;
	kept = memory->rdns.item[at];
	if (kept->rdns.expires <= now)
		return 0;
	*ret = kept->rdns;
	ret->name = arena_str(arena, kept->rdns.name);
	ret->status = arena_str(arena, kept->rdns.status);
	return 1;
}

const struct store_sort store_memory = {
    .scheme = "memory",
    .open = open_store,
    .close = close_store,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .event = write_event,
    .ban = write_ban,
    .bans = read_bans,
    .positions_save = save_positions,
    .positions_load = load_positions,
    .scan = scan_events,
    .period = period,
    .forget_events = forget_events,
    .forget_bans = forget_bans,
    .rdns_save = save_rdns,
    .rdns_load = load_rdns,
};
