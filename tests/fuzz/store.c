/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes a store whose file is not as it was written. After the first byte: P and bytes
 * for places in the file ({offset 24 bits, length, bytes}), as of a disk that goes
 * bad; or V and values for columns ({table, column, row, sort of value, its bytes}), as
 * of another program that writes there. Everything is asked and changed afterwards:
 * what comes must be possible events and bans, and each failure says why.
 */
#include <fcntl.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "store/room.h"
#include "demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define START (INT64_C(1767225600) * USEC_PER_SEC)
#define CHANGES_MAX 64

static char folder[48], path[sizeof(folder) + 8], url[sizeof(path) + 8];
static char *pristine;
static size_t pristine_size;

static void
forget_file(void)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	char name[sizeof(path) + 16];

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
}

static void
finish(void)
{
	forget_file();
	rmdir(folder);
	free(pristine);
}

static struct store *
open_store(void)
{
	struct store_settings settings = {.url = url, .busy_usec = 1};
	struct store *store = NULL;
	struct err err = {""};

	if (store_open(&settings, &store, &err) < 0)
		demand(err.text[0] != '\0');
	return store;
}

/* ---- what is written first ---- */

static int
write_event(struct store *store, unsigned i, struct err *err)
{
	static const char *const texts[] = {"192.0.2.7", "2001:db8::7", "anna@example.test",
	    "a \x01 b", "", "mx1", "saslauthd: no \xff"};
	static const enum field fields[] = {FIELD_ip, FIELD_user, FIELD_sender, FIELD_host,
	    FIELD_text, FIELD_relay_ip, FIELD_action};
	static const char *const names[] = {"/var/log/mail.log"};
	struct event_sources sources = {names, 1};
	struct event ev = {.weight = 1};
	char line[256];
	size_t used = 0;

	EVENT_SET(&ev, id, i * 977 + 1);
	EVENT_SET(&ev, time, START + (int64_t)i * 300 * USEC_PER_SEC);
	EVENT_SET(&ev, kind, (uint8_t)(1 + i % (KIND_reconnect - 1)));
	event_mark(&ev, FIELD_source);
	EVENT_SET(&ev, outcome, (uint8_t)(i % OUTCOMES));
	EVENT_SET(&ev, size, i * 100);
	EVENT_SET(&ev, delay, i);
	ev.line = line;
	for (size_t f = 0; f < sizeof(fields) / sizeof(*fields); f++) {
		const char *text = texts[(i + f) % 7];

		memcpy(line + used, text, strlen(text));
		*event_text_member(&ev, fields[f]) = (struct text){
		    .off = (uint16_t)used, .len = (uint16_t)strlen(text)};
		event_mark(&ev, fields[f]);
		used += strlen(text);
	}
	ev.line_len = (uint32_t)used;
	return store_event(store, &ev, NULL, &sources, err);
}

static int
write_ban(struct store *store, unsigned i, struct err *err)
{
	static const char *const keys[] = {"192.0.2.7", "2001:db8::/64", "anna",
	    "198.51.100.0/24"};
	struct ban ban = {.id = i + 1, .rule = STR("login-failures"),
	    .key = str_of(keys[i % 4]),
	    .from = START + (int64_t)i, .until = i % 3 ? START + (int64_t)i * 1000 : INT64_MAX,
	    .lifted = i % 5 ? INT64_MIN : START, .counted = 5, .threshold = 5, .offence = 1,
	    .reason = STR(""), .evidence = {1, 2, 3}, .evidence_count = 3, .country = "DE"};

	if (!cidr_parse(ban.key, &ban.prefix))
		ban.prefix = (struct cidr){0};
	return store_ban(store, &ban, err);
}

static int
write_positions(struct store *store, struct err *err)
{
	struct store_position positions[] = {
	    {.name = STR("/var/log/mail.log"), .head_hash = 7, .head_len = 1024, .offset = 99,
	        .replay_from = 50, .cursor = STR("")},
	    {.name = STR("journal"), .cursor = STR("s=1;i=2")}};

	return store_positions_save(store, positions, 2, err);
}

/* The file whose bytes are `pristine`: in one piece, nothing of it in a file beside. */
static void
prepare(void)
{
	struct err err = {""};
	struct store *store;
	sqlite3 *db;
	FILE *file;

	/* In memory, where that is possible. */
	snprintf(folder, sizeof(folder), "%s/postern-fuzz-store-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	demand(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/db", folder);
	snprintf(url, sizeof(url), "sqlite:%s", path);
	store = open_store();
	demand(store && store_begin(store, &err) == 0);
	for (unsigned i = 0; i < 120; i++)
		demand(write_event(store, i, &err) == 0);
	for (unsigned i = 0; i < 12; i++)
		demand(write_ban(store, i, &err) == 0);
	demand(write_positions(store, &err) == 0 && store_commit(store, &err) == 0);
	store_close(store);
	demand(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db,
	    "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_close(db);
	file = fopen(path, "r");
	pristine = malloc(1 << 20);
	demand(file && pristine);
	pristine_size = fread(pristine, 1, 1 << 20, file);
	fclose(file);
	demand(pristine_size > 4096 && pristine_size < 1 << 20);
	atexit(finish);
}

/* ---- what becomes of it ---- */

static void
write_patched(struct str patches)
{
	static char bytes[1 << 20];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	memcpy(bytes, pristine, pristine_size);
	while (patches.len > 4) {
		const uint8_t *head = (const uint8_t *)patches.p;
		size_t at =
		    ((size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2]) % pristine_size;
		struct str piece = str_head(str_from(patches, 4), head[3] % 64 + 1u);

		piece = str_head(piece, pristine_size - at);
		memcpy(bytes + at, piece.p, piece.len);
		patches = str_from(patches, 4 + piece.len);
	}
	demand(fd >= 0 && write(fd, bytes, pristine_size) == (ssize_t)pristine_size);
	close(fd);
}

static void
bind_value(sqlite3_stmt *update, unsigned sort, struct str value)
{
	int64_t number = 0;

	if (sort % 4 == 0)
		memcpy(&number, value.p, value.len < 8 ? value.len : 8);
	if (sort % 4 == 0)
		sqlite3_bind_int64(update, 1, number);
	else if (sort % 4 == 1)
		sqlite3_bind_text(update, 1, value.p, (int)value.len, SQLITE_STATIC);
	else if (sort % 4 == 2)
		sqlite3_bind_blob(update, 1, value.p, (int)value.len, SQLITE_STATIC);
	else
		sqlite3_bind_null(update, 1);
}

/* One UPDATE; what a table does not take stays as it was. */
static void
change_value(sqlite3 *db, const uint8_t *head, struct str value)
{
	static const char *const tables[] = {"bans", "positions", "meta", "events"};
	const char *table = tables[head[0] % 4];
	struct buf text = BUF_INIT(4096);
	sqlite3_stmt *columns, *update;
	int code;

	buf_printf(&text, "SELECT name FROM pragma_table_info('%s') LIMIT 1 OFFSET %u", table,
	    head[1]);
	demand(sqlite3_prepare_v2(db, text.p, (int)text.len, &columns, NULL) == SQLITE_OK);
	if (sqlite3_step(columns) == SQLITE_ROW) {
		buf_clear(&text);
		buf_printf(&text, "UPDATE %s SET \"%s\" = ?1", table,
		    (const char *)sqlite3_column_text(columns, 0));
		if (head[0] % 4 != 2)
			buf_printf(&text, " WHERE rowid %% 12 = %u", head[2] % 12u);
		code = sqlite3_prepare_v2(db, text.p, (int)text.len, &update, NULL);
		demand(code == SQLITE_OK);
		bind_value(update, head[3], value);
		sqlite3_step(update);
		sqlite3_finalize(update);
	}
	sqlite3_finalize(columns);
	buf_done(&text);
}

static void
write_values(struct str changes)
{
	sqlite3 *db;

	write_patched(STR(""));
	demand(sqlite3_open(path, &db) == SQLITE_OK);
	for (int i = 0; changes.len > 5 && i < CHANGES_MAX; i++) {
		const uint8_t *head = (const uint8_t *)changes.p;
		struct str value = str_head(str_from(changes, 5), head[4]);

		change_value(db, head, value);
		changes = str_from(changes, 5 + value.len);
	}
	sqlite3_close(db);
}

/* ---- what is asked of it ---- */

static bool
check_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	json_t *object;

	(void)context;
	demand(ev->kind > KIND_none && ev->kind < KINDS && ev->outcome < OUTCOMES &&
	    ev->reason < REASONS && ev->severity <= SEVERITY_panic);
	event_json(&out, ev, symbols, sources);
	object = json_loadb(out.p, out.len, JSON_ALLOW_NUL, NULL);
	demand(object != NULL);
	json_decref(object);
	buf_done(&out);
	return true;
}

static bool
check_ban(void *context, const struct ban *ban)
{
	const struct cidr *prefix = &ban->prefix;
	char text[CIDR_TEXT_MAX];
	struct cidr again;

	(void)context;
	demand(prefix->base.family == 0 || prefix->base.family == 4 ||
	    prefix->base.family == 6);
	demand(prefix->bits <= (prefix->base.family == 4 ? 32 : 128));
	demand(ban->evidence_count <= 16 && memchr(ban->country, '\0', sizeof(ban->country)));
	if (prefix->base.family) {
		demand(cidr_format(prefix, text) < sizeof(text));
		demand(cidr_parse(str_of(text), &again) &&
		    memcmp(&again.base, &prefix->base, sizeof(again.base)) == 0);
	}
	ban_state(ban, START);
	return true;
}

static void
ask_bans(struct store *store)
{
	struct ban_filter filter = {.active_at = INT64_MIN, .since = INT64_MIN,
	    .until = INT64_MAX, .dry_run = true};
	struct err err = {""};

	if (store_bans(store, &filter, check_ban, NULL, &err) < 0)
		demand(err.text[0] != '\0');
	filter.active_at = START;
	cidr_parse(STR("192.0.2.0/25"), &filter.within);
	store_bans(store, &filter, check_ban, NULL, &err);
	cidr_parse(STR("2001:db8::/63"), &filter.within);
	store_bans(store, &filter, check_ban, NULL, &err);
}

static void
ask_events(struct store *store)
{
	static const struct query hours = {.name = "hours", .keys = {{.field = FIELD_time,
	    .function = KEY_HOUR}, {.field = FIELD_kind}}, .key_count = 2,
	    .order = QUERY_BY_KEY,
	    .measures = {{.name = "count", .op = MEASURE_COUNT},
	    {.name = "last", .op = MEASURE_LAST}}, .measure_count = 2};
	static const struct query nets = {.name = "nets", .keys = {{.field = FIELD_ip,
	    .function = KEY_NET}}, .key_count = 1, .measures = {
	    {.name = "count", .op = MEASURE_COUNT},
	    {.name = "p90", .op = MEASURE_QUANTILE, .field = FIELD_delay, .quantile = 0.9},
	    {.name = "bytes", .op = MEASURE_SUM, .field = FIELD_size},
	    {.name = "users", .op = MEASURE_DISTINCT, .field = FIELD_user}},
	    .measure_count = 4};
	const struct query *queries[] = {&hours, &nets};
	struct store_range range = {INT64_MIN, INT64_MAX, NULL, NULL};
	struct table *tables[2], *table;
	int64_t first, last;
	struct err err = {""};

	store_period(store, &first, &last, &err);
	if (store_scan(store, INT64_MIN, INT64_MAX, NULL, check_event, NULL, &err) < 0)
		demand(err.text[0] != '\0');
	store_scan(store, START, START + USEC_PER_DAY, "attempt | ip in 192.0.2.0/24",
	    check_event, NULL, &err);
	if (store_queries(store, queries, 2, &range, tables, &err) == 0)
		for (int i = 0; i < 2; i++)
			table_free(tables[i]);
	if (store_query(store, &hours, NULL, INT64_MIN, INT64_MAX, &table, &err) == 0)
		table_free(table);
}

static void
ask_positions(struct store *store)
{
	struct store_position *positions;
	struct arena arena = {0};
	struct err err = {""};
	size_t count;

	if (store_positions_load(store, &arena, &positions, &count, &err) < 0)
		demand(err.text[0] != '\0');
	else
		for (size_t i = 0; i < count; i++)
			demand(positions[i].name.len + positions[i].cursor.len < 1 << 20);
	arena_free(&arena);
}

static void
change(struct store *store)
{
	struct err err = {""};
	uint64_t count;

	if (store_begin(store, &err) == 0) {
		if (write_event(store, 500, &err) == 0 && write_ban(store, 3, &err) == 0 &&
		    write_positions(store, &err) == 0 && store_commit(store, &err) == 0)
			err.text[0] = '\0';
		else
			store_rollback(store);
	}
	store_forget_events(store, KIND_none, START + 3600 * USEC_PER_SEC, &count, &err);
	store_forget_bans(store, START, &count, &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size};
	struct store *store;

	if (!pristine)
		prepare();
	forget_file();
	if (str_skip_char(&rest, 'P'))
		write_patched(rest);
	else if (str_skip_char(&rest, 'V'))
		write_values(rest);
	else
		return 0;
	store = open_store();
	if (!store)
		return 0;
	ask_bans(store);
	ask_positions(store);
	ask_events(store);
	change(store);
	ask_bans(store);
	store_close(store);
	return 0;
}
