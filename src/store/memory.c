/* SPDX-License-Identifier: Apache-2.0
 *
 * memory: transactions, bans and positions of the store in memory.
 */
#include "store/memory.h"

/* Each item begins with what its texts are in. */
struct kept_ban {
	struct arena arena;
	struct ban ban;
};

struct kept_positions {
	struct arena arena;
	struct store_position *list;
	size_t count;
};

static struct str
ban_key(const void *item)
{
	const struct kept_ban *kept = item;

	return (struct str){(const char *)&kept->ban.id, sizeof(kept->ban.id)};
}

/* There is one list. */
static struct str
positions_key(const void *item)
{
	(void)item;
	return STR("");
}

static void
free_kept(void *item)
{
	arena_free(item);
	free(item);
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
	memory->events = (struct shelf){.key = memory_event_key, .free_item = free};
	memory->bans = (struct shelf){.key = ban_key, .free_item = free_kept};
	memory->positions = (struct shelf){.key = positions_key, .free_item = free_kept};
	row_init(&memory->row);
	*ret = &memory->store;
	return 0;
}

static void
close_store(struct store *store)
{
	struct memory *memory = memory_of(store);

	shelf_done(&memory->events);
	shelf_done(&memory->bans);
	shelf_done(&memory->positions);
	row_done(&memory->row);
	free(memory->log.undo);
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
	(void)err;
	shelf_commit(&memory_of(store)->log);
	return 0;
}

static void
rollback(struct store *store)
{
	shelf_rollback(&memory_of(store)->log);
}

void
memory_put(struct memory *memory, struct shelf *shelf, void *item)
{
	shelf_put(shelf, &memory->log, item);
	if (!memory->store.in_transaction)
		shelf_commit(&memory->log);
}

/* ---- bans ---- */

static int
write_ban(struct store *store, const struct ban *ban, struct err *err)
{
	struct memory *memory = memory_of(store);
	struct kept_ban *kept = xcalloc(1, sizeof(*kept));

	(void)err;
	kept->ban = ban_copy(ban, &kept->arena);
	memory_put(memory, &memory->bans, kept);
	return 0;
}

/* As SQLite orders them, whose integers have a sign. */
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
	const struct ban **found = xcalloc(bans->count, sizeof(struct ban *));
	size_t n = 0;

	(void)err;
	for (size_t i = 0; i < bans->count; i++) {
		const struct kept_ban *kept = bans->item[i];

		if (ban_matches(&kept->ban, filter))
			found[n++] = &kept->ban;
	}
	qsort(found, n, sizeof(struct ban *), compare_bans);
	for (size_t i = 0; i < n; i++)
		if (!each(context, found[i]))
			break;
	free(found);
	return 0;
}

static bool
is_over(const void *item, void *context)
{
	const struct ban *ban = &((const struct kept_ban *)item)->ban;
	int64_t before = *(const int64_t *)context;

	return (ban->until != INT64_MAX && ban->until < before) ||
	    (ban->lifted != INT64_MIN && ban->lifted < before);
}

static int
forget_bans(struct store *store, int64_t before, uint64_t *ret_count, struct err *err)
{
	(void)err;
	*ret_count = shelf_forget(&memory_of(store)->bans, is_over, &before,
	    STORE_FORGET_STEP);
	return 0;
}

/* ---- positions ---- */

static struct store_position
copy_position(struct arena *arena, const struct store_position *from)
{
	struct store_position copy = *from;

	copy.name = arena_str(arena, from->name);
	copy.cursor = arena_str(arena, from->cursor);
	copy.path = arena_str(arena, from->path);
	return copy;
}

static int
save_positions(struct store *store, const struct store_position *positions, size_t count,
    struct err *err)
{
	struct memory *memory = memory_of(store);
	struct kept_positions *kept = xcalloc(1, sizeof(*kept));

	(void)err;
	kept->list = arena_alloc(&kept->arena, (count + 1) * sizeof(*kept->list));
	kept->count = count;
	for (size_t i = 0; i < count; i++)
		kept->list[i] = copy_position(&kept->arena, &positions[i]);
	memory_put(memory, &memory->positions, kept);
	return 0;
}

static int
load_positions(struct store *store, struct arena *arena, struct store_position **ret,
    size_t *ret_count, struct err *err)
{
	const struct kept_positions *kept =
	    shelf_find(&memory_of(store)->positions, positions_key(NULL));
	size_t count = kept ? kept->count : 0;

	(void)err;
	*ret = arena_alloc(arena, (count + 1) * sizeof(**ret));
	*ret_count = count;
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = copy_position(arena, &kept->list[i]);
	return 0;
}

const struct store_sort store_memory = {
    .scheme = "memory",
    .open = open_store,
    .close = close_store,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .event = memory_event,
    .ban = write_ban,
    .bans = read_bans,
    .positions_save = save_positions,
    .positions_load = load_positions,
    .scan = memory_scan,
    .period = memory_period,
    .last_judged = memory_last_judged,
    .forget_events = memory_forget_events,
    .forget_bans = forget_bans,
};
