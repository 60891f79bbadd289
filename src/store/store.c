/* SPDX-License-Identifier: Apache-2.0
 *
 * store: the one interface over all sorts: which one a URL means, what a failure does to
 * the transaction it happens in.
 */
#include "store/room.h"

static const struct store_sort *const sorts[] = {
#define ROW(id) &store_##id,
    STORES(ROW)
#undef ROW
    NULL,
};

/* The sort that URL means, and what stands behind its scheme; NULL: none. */
static const struct store_sort *
find_sort(const char *url, const char **ret_path, struct err *err)
{
	struct str path = str_of(url), scheme = str_cut(&path, ':');

	*ret_path = path.p;
	for (size_t i = 0; sorts[i]; i++)
		if (str_eq(scheme, str_of(sorts[i]->scheme)) && scheme.len < strlen(url))
			return sorts[i];
	err_set(err, "store \"%s\": expected sqlite:FILE or memory:", url);
	return NULL;
}

int
store_open(const struct store_settings *settings, struct store **ret, struct err *err)
{
	const char *path;
	const struct store_sort *sort = find_sort(settings->url, &path, err);

	if (!sort)
		return -1;
	if (sort->open(settings, path, ret, err) < 0)
		return err_wrap(err, "store %s", settings->url);
	(*ret)->sort = sort;
	(*ret)->read_only = settings->read_only || settings->alone;
	(*ret)->url = xstrdup(settings->url);
	return 0;
}

int
store_check(const char *url, struct err *err)
{
	const char *path;

	if (!find_sort(url, &path, err))
		return -1;
	return strcmp(url, "sqlite:") ? 0 :
	    err_set(err, "expected the name of a file after sqlite:");
}

int
store_look(const char *url, struct err *err)
{
	const char *path;
	const struct store_sort *sort = find_sort(url, &path, err);

	if (!sort || !sort->look || sort->look(path, err) == 0)
		return sort ? 0 : -1;
	return err_wrap(err, "%s", path);
}

const char *
store_file(const char *url)
{
	return strncmp(url, "sqlite:", 7) == 0 && url[7] ? url + 7 : NULL;
}

void
store_close(struct store *store)
{
	char *url;

	if (!store)
		return;
	store_rollback(store);
	url = store->url;
	store->sort->close(store);
	free(url);
}

int
store_told(const struct store *store, int result, struct err *err)
{
	return result < 0 ? err_wrap(err, "store %s", store->url) : result;
}

/* May something be written? */
static int
check_writable(const struct store *store, struct err *err)
{
	if (store->read_only)
		err_set(err, "was opened for reading only");
	else if (store->undone)
		err_set(err, "the transaction failed and was undone");
	else
		return 0;
	return store_told(store, -1, err);
}

/* RESULT of a write: a failure undoes the transaction. */
static int
settle(struct store *store, int result, struct err *err)
{
	if (result < 0 && store->in_transaction) {
		store->sort->rollback(store);
		store->undone = true;
	}
	return store_told(store, result, err);
}

int
store_begin(struct store *store, struct err *err)
{
	if (store->in_transaction && !store->undone)
		return err_set(err, "a transaction is open already");
	store->in_transaction = store->undone = false;
	if (check_writable(store, err) < 0 ||
	    store_told(store, store->sort->begin(store, err), err) < 0)
		return -1;
	store->in_transaction = true;
	return 0;
}

int
store_commit(struct store *store, struct err *err)
{
	int result = check_writable(store, err);

	if (result == 0)
		result = settle(store, store->sort->commit(store, err), err);
	store->in_transaction = store->undone = false;
	return result;
}

void
store_rollback(struct store *store)
{
	if (store->in_transaction && !store->undone)
		store->sort->rollback(store);
	store->in_transaction = store->undone = false;
}

int
store_event(struct store *store, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources, struct err *err)
{
	if (check_writable(store, err) < 0)
		return -1;
	return settle(store, store->sort->event(store, ev, symbols, sources, err), err);
}

int
store_ban(struct store *store, const struct ban *ban, struct err *err)
{
	if (check_writable(store, err) < 0)
		return -1;
	return settle(store, store->sort->ban(store, ban, err), err);
}

int
store_hold(struct store *store, struct err *err)
{
	return store->sort->hold ? store_told(store, store->sort->hold(store, err), err) : 0;
}

bool
store_is_gone(const struct store *store)
{
	return store->sort->is_gone && store->sort->is_gone(store);
}

enum store_fault
store_fault(const struct store *store)
{
	return store->sort->fault ? store->sort->fault(store) : STORE_OTHER;
}

struct ban
ban_copy(const struct ban *ban, struct arena *arena)
{
	struct ban copy = *ban;

	copy.rule = arena_str(arena, ban->rule);
	copy.key = arena_str(arena, ban->key);
	copy.reason = arena_str(arena, ban->reason);
	if (ban->commands.p)
		copy.commands = arena_str(arena, ban->commands);
	return copy;
}

enum ban_state
ban_state(const struct ban *ban, int64_t now)
{
	if (ban->lifted != INT64_MIN && ban->lifted <= now)
		return BAN_LIFTED;
	return ban->until <= now ? BAN_EXPIRED : BAN_ACTIVE;
}

bool
ban_matches(const struct ban *ban, const struct ban_filter *filter)
{
	return (!filter->rule || str_eq(ban->rule, str_of(filter->rule))) &&
	    (!filter->key || str_eq(ban->key, str_of(filter->key))) &&
	    (!filter->id || ban->id == filter->id) &&
	    (!filter->within.base.family || cidr_overlaps(&ban->prefix, &filter->within)) &&
	    (filter->active_at == INT64_MIN ||
		ban_state(ban, filter->active_at) == BAN_ACTIVE) &&
	    ban->from >= filter->since && ban->from < filter->until &&
	    (filter->dry_run || !ban->dry_run);
}

int
store_bans(struct store *store, const struct ban_filter *filter,
    bool (*each)(void *context, const struct ban *ban), void *context, struct err *err)
{
	return store_told(store, store->sort->bans(store, filter, each, context, err), err);
}

int
store_positions_save(struct store *store, const struct store_position *positions,
    size_t count, struct err *err)
{
	bool alone = !store->in_transaction;
	int result;

	if (alone ? store_begin(store, err) < 0 : check_writable(store, err) < 0)
		return -1;
	result = settle(store, store->sort->positions_save(store, positions, count, err), err);
	if (!alone)
		return result;
	if (result == 0)
		return store_commit(store, err);
	store_rollback(store);
	return -1;
}

int
store_positions_load(struct store *store, struct arena *arena,
    struct store_position **ret, size_t *ret_count, struct err *err)
{
	return store_told(store,
	    store->sort->positions_load(store, arena, ret, ret_count, err), err);
}

int
store_period(struct store *store, int64_t *ret_first, int64_t *ret_last, struct err *err)
{
	return store_told(store, store->sort->period(store, ret_first, ret_last, err), err);
}

int
store_last_judged(struct store *store, int64_t *ret, struct err *err)
{
	return store_told(store, store->sort->last_judged(store, ret, err), err);
}

/* Forgetting is a transaction of its own. */
static int
check_forget(const struct store *store, struct err *err)
{
	if (store->in_transaction)
		return err_set(err, "forgetting waits for the end of the transaction");
	return check_writable(store, err);
}

int
store_forget_events(struct store *store, enum kind kind, int64_t before,
    uint64_t *ret_count, struct err *err)
{
	if (check_forget(store, err) < 0)
		return -1;
	return store_told(store,
	    store->sort->forget_events(store, kind, before, ret_count, err), err);
}

int
store_forget_bans(struct store *store, int64_t before, uint64_t *ret_count, struct err *err)
{
	if (check_forget(store, err) < 0)
		return -1;
	return store_told(store, store->sort->forget_bans(store, before, ret_count, err), err);
}
