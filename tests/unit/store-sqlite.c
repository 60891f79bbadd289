/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite when things go wrong: locked, read-only, damaged, of another version or
 * another program, killed in the middle; and that the indexes are used.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store-kit.h"
#include "store/sqlite.h"

static struct kit_event kit;

static void
remove_store(void)
{
	unlink("x.db");
	unlink("x.db-wal");
	unlink("x.db-shm");
}

/* A new x.db with COUNT events of 1 KiB. */
static struct store *
make_store(unsigned count)
{
	static char text[1024];
	struct store *store;
	struct err err = {""};

	remove_store();
	store = kit_open("sqlite:x.db");
	memset(text, 'x', sizeof(text));
	kit_must(store_begin(store, &err), &err, "begin");
	for (unsigned i = 0; i < count; i++) {
		kit_begin(&kit, i, i, KIND_connect);
		kit_text(&kit, FIELD_text, (struct str){text, sizeof(text)});
		kit_must(kit_write(store, &kit, &err), &err, "event");
	}
	kit_must(store_commit(store, &err), &err, "commit");
	return store;
}

static void
sql(const char *text)
{
	sqlite3 *db = NULL;

	if (sqlite3_open("x.db", &db) != SQLITE_OK ||
	    sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		printf("# %s: %s\n", text, sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* What opening x.db says; "" when it opens. */
static const char *
try_open(bool read_only)
{
	struct store_settings settings = {.url = "sqlite:x.db", .read_only = read_only};
	struct store *store;
	static struct err err;

	err.text[0] = '\0';
	if (store_open(&settings, &store, &err) == 0)
		store_close(store);
	return err.text;
}

static void
says(const char *text, const char *want, const char *what)
{
	ok(strstr(text, want) && (*want || !*text), "%s: %s", what, text);
}

/* ---- locks ---- */

static void
test_locked(void)
{
	struct store_settings settings = {.url = "sqlite:x.db", .busy_usec = 30000};
	struct store *one = make_store(1), *other;
	struct err err = {""};

	kit_must(store_open(&settings, &other, &err), &err, "second");
	kit_must(store_begin(one, &err), &err, "begin");
	ok(store_begin(other, &err) < 0, "begin beside another's transaction");
	says(err.text, "locked by another process for longer than 0.03 s", "says");
	kit_begin(&kit, 9, 9, KIND_connect);
	ok(kit_write(other, &kit, &err) < 0, "nor can it write: %s", err.text);
	is_number((int64_t)kit_count(other, NULL, &err), 1, "but read");
	store_rollback(one);
	ok(store_begin(other, &err) == 0 && kit_write(other, &kit, &err) == 0 &&
	    store_commit(other, &err) == 0, "and afterwards it can");
	store_close(other);
	store_close(one);
}

/* ---- who may not write ---- */

static void
test_reader(void)
{
	struct store_settings settings = {.url = "sqlite:x.db", .read_only = true};
	struct store *writer, *reader;
	struct err err = {""};

	remove_store();
	says(try_open(true), "No such file or directory", "to read what is not there");
	writer = make_store(3);
	kit_must(store_open(&settings, &reader, &err), &err, "reader");
	is_number((int64_t)kit_count(reader, NULL, &err), 3, "a reader beside the writer");
	ok(kit_write(reader, &kit, &err) < 0 && store_begin(reader, &err) < 0,
	    "does not write: %s", err.text);
	kit_begin(&kit, 100, 100, KIND_connect);
	kit_must(kit_write(writer, &kit, &err), &err, "event");
	is_number((int64_t)kit_count(reader, NULL, &err), 4, "and sees what is new");
	store_close(reader);
	store_close(writer);
	close(open("x.db", O_RDWR | O_TRUNC));
	says(try_open(true), "nothing was stored yet", "to read an empty file");
}

/* Runs TEST as somebody who may read the directory, not write to it; its exit status. */
static int
as_nobody(int (*test)(void))
{
	int status = -1;
	pid_t pid;

	chmod(".", 0555);
	chmod("x.db", 0444);
	chmod("x.db-wal", 0444);
	chmod("x.db-shm", 0444);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(geteuid() == 0 && setresuid(65534, 65534, 65534) < 0 ? 99 : test());
	if (pid > 0)
		waitpid(pid, &status, 0);
	chmod(".", 0700);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
read_as_nobody(void)
{
	struct store_settings settings = {.url = "sqlite:x.db", .read_only = true};
	struct store *store;
	struct err err;
	size_t count;

	if (store_open(&settings, &store, &err) < 0) {
		printf("# %s\n", err.text);
		return 1;
	}
	count = kit_count(store, NULL, &err);
	store_close(store);
	return count == 3 ? 0 : 2;
}

static int
write_as_nobody(void)
{
	const char *text = try_open(false);

	printf("# %s\n", text);
	return strstr(text, "cannot be written: Permission denied") ? 0 : 1;
}

static void
test_nobody(void)
{
	struct store *store = make_store(3);

	is_number(as_nobody(read_as_nobody), 0, "who may only read reads beside the writer");
	store_close(store);
	is_number(as_nobody(read_as_nobody), 0, "and when nobody writes");
	is_number(as_nobody(write_as_nobody), 0, "who may not write is told");
	chmod("x.db", 0600);
}

/* ---- versions, strangers, damage ---- */

static void
test_versions(void)
{
	struct store *store;
	struct err err;

	store_close(make_store(2));
	sql("UPDATE meta SET value = 99 WHERE key = 'schema'");
	says(try_open(false), "written by a newer postern: its schema is version 99", "newer");
	says(try_open(true), "written by a newer postern", "newer, to read");

	remove_store();
	sql("CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT;"
	    "INSERT INTO meta VALUES ('schema', 0);"
	    "CREATE TABLE events (arrival INTEGER PRIMARY KEY, id INTEGER NOT NULL,"
	    " time INTEGER NOT NULL, kind TEXT NOT NULL, \"user\" TEXT) STRICT;"
	    "INSERT INTO events VALUES (1, 7, 70, 'attempt', 'anna'),"
	    " (2, 8, 60, 'later', '')");
	says(try_open(true), "written by an older postern: start the guard anew, as in "
	    "systemctl restart postern", "older, to read: says what to do");
	says(try_open(false), "", "older: is brought up to date");
	store = kit_open("sqlite:x.db");
	ok(kit_count(store, "attempt & user=anna & !ip", &err) == 1 &&
	    kit_count(store, NULL, &err) == 1, "with all that is known here");
	kit_begin(&kit, 9, 90, KIND_connect);
	kit_text(&kit, FIELD_ip, STR("192.0.2.1"));
	ok(kit_write(store, &kit, &err) == 0 && kit_count(store, "ip=192.0.2.1", &err) == 1,
	    "and has all columns");
	store_close(store);
	says(try_open(true), "", "then it can be read, too");
	sql("ALTER TABLE events DROP COLUMN asn");
	says(try_open(true), "written by an older postern", "one field less, to read");
	says(try_open(false), "", "a field more is a column more");

	remove_store();
	sql("CREATE TABLE meta (key TEXT, value TEXT)");
	says(try_open(false), "is a database of another program", "a stranger's");
	remove_store();
	sql("CREATE TABLE songs (name TEXT)");
	says(try_open(false), "is a database of another program", "another stranger's");
	ok(access("x.db-wal", F_OK) < 0, "which is left as it was");
	remove_store();
	kit_write_file("x.db",
	    "Nov 20 17:00:00 mx postfix/smtpd[1]: connect from x[192.0.2.1]\n");
	says(try_open(false), "is not an SQLite database: moved away, it is made anew",
	    "a log");
	remove_store();
	if (geteuid() == 0) {
		ok(true, "a folder that is closed to root # SKIP there is none");
		return;
	}
	chmod(".", 0500);
	says(try_open(false), "cannot be made: Permission denied", "in a closed folder");
	chmod(".", 0700);
}

/* As the first version made it; the new fields are columns that are not there. */
static const char first_version[] =
    "PRAGMA journal_mode = WAL;"
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT;"
    "INSERT INTO meta VALUES ('schema', 1);"
    "CREATE TABLE events (arrival INTEGER PRIMARY KEY, id INTEGER NOT NULL,"
    " time INTEGER NOT NULL, kind TEXT NOT NULL, ip ANY, \"user\" TEXT) STRICT;"
    "CREATE UNIQUE INDEX events_time ON events (time, id);"
    "CREATE INDEX events_kind ON events (kind, time);"
    "CREATE TABLE bans (id INTEGER PRIMARY KEY, rule TEXT NOT NULL,"
    " key TEXT NOT NULL, family INTEGER NOT NULL, prefix BLOB, prefix_last BLOB,"
    " bits INTEGER NOT NULL, \"from\" INTEGER NOT NULL, until INTEGER, lifted INTEGER,"
    " reason TEXT NOT NULL, counted INTEGER NOT NULL, threshold INTEGER NOT NULL,"
    " since INTEGER NOT NULL, offence INTEGER NOT NULL, protected INTEGER NOT NULL,"
    " dry_run INTEGER NOT NULL, evidence TEXT NOT NULL, country TEXT NOT NULL,"
    " asn INTEGER NOT NULL) STRICT;"
    "CREATE INDEX bans_from ON bans (\"from\");"
    "CREATE INDEX bans_prefix ON bans (prefix);"
    "CREATE TABLE positions (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    " head_hash INTEGER NOT NULL, head_len INTEGER NOT NULL, offset INTEGER NOT NULL,"
    " replay_from INTEGER NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL,"
    " mtime INTEGER NOT NULL, cursor TEXT NOT NULL) STRICT;"
    "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
    " INSERT INTO events SELECT i, i, i, 'connect', NULL, NULL FROM n;"
    "INSERT INTO bans VALUES (5, 'login', '192.0.2.1', 4,"
    " x'00000000000000000000ffffc0000201', x'00000000000000000000ffffc0000201', 128, 10,"
    " NULL, NULL, 'r', 5, 5, 1, 1, 0, 0, '', '', 0);"
    "INSERT INTO positions VALUES (0, 'mail.log', 1, 2, 3, 4, 5, 6, 7, '');";

/* A number that QUERY gives from x.db; -1: none. */
static int64_t
number_of(const char *query)
{
	sqlite3_stmt *statement = NULL;
	sqlite3 *db = NULL;
	int64_t ret = -1;

	sqlite3_open("x.db", &db);
	if (sqlite3_prepare_v2(db, query, -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		ret = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return ret;
}

#define ALL_IS_THERE                                                                      \
	"SELECT (SELECT count(*) FROM events) = 20000 AND"                                \
	" (SELECT count(*) FROM bans WHERE id = 5 AND rule = 'login') = 1 AND"            \
	" (SELECT count(*) FROM positions WHERE name = 'mail.log' AND offset = 3) = 1"
#define HAS_NEW                                                                           \
	"SELECT (SELECT count(*) FROM pragma_table_info('bans') WHERE name = 'commands') +" \
	" (SELECT count(*) FROM pragma_table_info('positions') WHERE name = 'path') +"    \
	" (SELECT count(*) FROM pragma_table_info('events') WHERE name = 'judged') +"     \
	" (SELECT count(*) FROM sqlite_schema WHERE name = 'events_judged')"

/* Killed anywhere while it is brought up to date: the first version, or all of the last. */
static void
test_killed_migration(void)
{
	unsigned whole = 0, kills = 0;
	int64_t version, parts;

	for (; kills < 20; kills++) {
		pid_t pid;

		remove_store();
		sql(first_version);
		fflush(stdout);
		pid = fork();
		if (pid == 0) {
			try_open(false);
			_exit(0);
		}
		usleep(kit_random() % 30000);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		version = number_of("SELECT value FROM meta WHERE key = 'schema'");
		parts = number_of(HAS_NEW);
		whole += ((version == 1 && parts == 0) || (version == 3 && parts == 4)) &&
		    number_of(ALL_IS_THERE) == 1;
	}
	is_number(whole, kills, "killed while an older one is brought up to date");
	says(try_open(false), "", "and then it is");
	ok(number_of(HAS_NEW) == 4 && number_of(ALL_IS_THERE) == 1, "with all that was there");
}

/* Reads all there is, if it opens. */
static void
read_all(size_t *failed)
{
	struct store_settings settings = {.url = "sqlite:x.db"};
	struct ban_filter bans = {.active_at = INT64_MIN, .until = INT64_MAX};
	struct store *store;
	struct table *table;
	struct err err;
	static const struct query by_ip = {.name = "q", .keys = {{.field = FIELD_ip}},
	    .key_count = 1, .measures = {{.name = "count", .op = MEASURE_COUNT}},
	    .measure_count = 1};

	if (store_open(&settings, &store, &err) < 0) {
		++*failed;
		return;
	}
	*failed += kit_count(store, NULL, &err) == SIZE_MAX;
	*failed += kit_count(store, "attempt", &err) == SIZE_MAX;
	store_bans(store, &bans, NULL, NULL, &err);
	if (store_query(store, &by_ip, NULL, 0, INT64_MAX, &table, &err) == 0)
		table_free(table);
	store_close(store);
}

/* Flips bytes of a good file, over and over: errors are fine, crashes are not. */
static void
test_damage(void)
{
	static char good[1 << 20], bad[1 << 20];
	struct err err = {""};
	struct store *store = make_store(100);
	size_t failed = 0;
	FILE *file;
	size_t n;

	store_close(store);
	file = fopen("x.db", "r");
	n = file ? fread(good, 1, sizeof(good), file) : 0;
	if (file)
		fclose(file);
	for (unsigned round = 0; round < 200; round++) {
		memcpy(bad, good, n);
		for (unsigned i = 0; i < 1 + round % 40; i++)
			bad[100 + kit_random() % (n - 100)] = (char)kit_random();
		remove_store();
		file = fopen("x.db", "w");
		if (!file || fwrite(bad, 1, round % 5 ? n : n / 2, file) == 0)
			ok(false, "cannot write x.db");
		if (file)
			fclose(file);
		read_all(&failed);
	}
	ok(n > 100000 && failed > 20, "damage is an error (%zu times), and no more", failed);
	memset(good + 8192, 0xaa, n - 8192);
	file = fopen("x.db", "w");
	if (file && fwrite(good, 1, n, file) == n && fclose(file) == 0) {
		struct store_settings settings = {.url = "sqlite:x.db"};

		if (store_open(&settings, &store, &err) == 0) {
			kit_count(store, NULL, &err);
			store_close(store);
		}
		says(err.text, "is damaged", "says");
	}
}

/* ---- kill -9 ---- */

/* Writes transactions from FROM on until it is killed. */
static _Noreturn void
write_forever(uint64_t from)
{
	struct store *store = kit_open("sqlite:x.db");
	struct store_position position = {.name = STR("mail.log"), .cursor = STR("")};
	struct ban ban = {.rule = STR("r"), .key = STR("k"), .lifted = INT64_MIN};
	struct err err;

	for (uint64_t t = from;; t++) {
		kit_must(store_begin(store, &err), &err, "begin");
		for (uint64_t i = 0; i < 10; i++) {
			kit_begin(&kit, 10 * t + i, (int64_t)t, KIND_connect);
			kit_text(&kit, FIELD_ip, STR("192.0.2.1"));
			kit_must(kit_write(store, &kit, &err), &err, "event");
		}
		ban.id = t + 1;
		kit_must(store_ban(store, &ban, &err), &err, "ban");
		position.offset = t + 1;
		kit_must(store_positions_save(store, &position, 1, &err), &err, "positions");
		kit_must(store_commit(store, &err), &err, "commit");
	}
}

static bool
count_ban(void *context, const struct ban *ban)
{
	(void)ban;
	++*(uint64_t *)context;
	return true;
}

/* Events, bans and the position in x.db tell of the same transactions; how many, or -1. */
static int64_t
transactions(void)
{
	struct ban_filter all = {.active_at = INT64_MIN, .since = INT64_MIN,
	    .until = INT64_MAX};
	struct store *store = kit_open("sqlite:x.db");
	struct store_position *positions;
	struct arena arena = {NULL, 0};
	struct err err = {""};
	uint64_t bans = 0, offset;
	size_t events, count;

	events = kit_count(store, NULL, &err);
	kit_must(store_bans(store, &all, count_ban, &bans, &err), &err, "bans");
	kit_must(store_positions_load(store, &arena, &positions, &count, &err), &err, "load");
	offset = count ? positions[0].offset : 0;
	arena_free(&arena);
	store_close(store);
	if (events != 10 * offset || bans != offset)
		printf("# %zu events, %ju bans, position %ju\n", events, (uintmax_t)bans,
		    (uintmax_t)offset);
	return events == 10 * offset && bans == offset ? (int64_t)offset : -1;
}

static void
test_killed(void)
{
	int64_t done = 0;
	unsigned kills = 0;

	store_close(make_store(0));
	while (kills < 50 && done >= 0) {
		pid_t pid;

		fflush(stdout);
		pid = fork();
		if (pid == 0)
			write_forever((uint64_t)done);
		usleep(1000 + kit_random() % 20000);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		done = transactions();
		kills++;
	}
	ok(kills == 50 && done > 0, "killed 50 times, whole transactions (%jd) each time",
	    (intmax_t)done);
}

/* ---- indexes ---- */

static bool
plan_has(const char *text, const char *want)
{
	char *explain = xasprintf("EXPLAIN QUERY PLAN %s", text);
	sqlite3_stmt *statement = NULL;
	struct buf plan = BUF_INIT(4096);
	sqlite3 *db = NULL;
	bool has;

	sqlite3_open("x.db", &db);
	if (sqlite3_prepare_v2(db, explain, -1, &statement, NULL) == SQLITE_OK)
		while (sqlite3_step(statement) == SQLITE_ROW)
			buf_printf(&plan, "%s; ",
			    (const char *)sqlite3_column_text(statement, 3));
	buf_char(&plan, '\0');
	has = strstr(plan.p, want) && !strstr(plan.p, "SCAN events");
	printf("# %s\n", plan.p);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	buf_done(&plan);
	free(explain);
	return has;
}

/* Does the plan of SCAN have WANT? */
static bool
scan_uses(const struct scan *scan, const char *want)
{
	struct buf text = BUF_INIT(65536);
	uint8_t columns[FIELDS];
	bool has;
	unsigned n;

	sqlite_scan_text(scan, &text, columns, &n);
	buf_char(&text, '\0');
	has = plan_has(text.p, want);
	buf_done(&text);
	return has;
}

static void
uses(uint64_t kinds, bool any_order, const char *want, const char *what)
{
	struct scan scan;

	scan_all(&scan, 5, 10);
	scan.kinds = kinds;
	scan.any_order = any_order;
	ok(scan_uses(&scan, want), "%s", what);
}

/* What a guard starts with is sorted by nobody. */
static void
uses_judged(void)
{
	struct scan scan;

	scan_all(&scan, 5, 10);
	scan.as_judged = true;
	scan.kinds = UINT64_C(1) << KIND_connect | UINT64_C(1) << KIND_accept;
	ok(scan_uses(&scan, "MERGE (UNION ALL)") &&
	    scan_uses(&scan, "events_judged (judged") &&
	    scan_uses(&scan, "events_time (time"), "as judged: two that are in order");
}

static void
uses_required(const char *where, const char *want)
{
	struct filter *filter;
	struct err err = {""};
	struct scan scan;

	kit_must(filter_compile(str_of(where), &filter, &err), &err, where);
	scan_all(&scan, 5, 10);
	scan_narrow(&scan, filter);
	ok(scan_uses(&scan, want), "%s", where);
	filter_free(filter);
}

static void
test_give_back(void)
{
	struct store *store = make_store(STORE_FORGET_STEP);
	struct stat full, less;
	uint64_t count = 0;
	struct err err = {""};

	sql("PRAGMA wal_checkpoint(TRUNCATE)");
	stat("x.db", &full);
	for (unsigned i = 0; i < 5; i++)
		kit_must(store_forget_events(store, KIND_none, INT64_MAX, &count, &err), &err,
		    "forget");
	store_close(store);
	sql("PRAGMA wal_checkpoint(TRUNCATE)");
	stat("x.db", &less);
	ok(less.st_size < full.st_size / 4, "forgetting makes room: %jd bytes, then %jd",
	    (intmax_t)full.st_size, (intmax_t)less.st_size);
}

static void
test_indexes(void)
{
	store_close(make_store(10));
	uses(UINT64_MAX, false, "events_time (time>? AND time<?)", "a period has its index");
	uses(UINT64_C(1) << KIND_attempt, false, "events_kind (kind=? AND time>? AND time<?)",
	    "so has one kind's");
	uses(UINT64_C(3) << KIND_attempt, false, "events_time (time>? AND time<?)",
	    "some kinds in order: the period's");
	uses(UINT64_C(3) << KIND_attempt, true, "events_kind (kind=? AND time>? AND time<?)",
	    "some kinds in any order: the kinds'");
	uses(~(UINT64_C(3) << KIND_attempt), true, "events_time (time>? AND time<?)",
	    "most kinds: the period's");
	uses_required("ip = 192.0.2.1", "events_ip (ip=? AND time>? AND time<?)");
	uses_required("attempt & ip = 192.0.2.1 & user = anna", "events_");
	uses_judged();
	ok(plan_has("SELECT min(time) FROM events", "events_time"), "the oldest");
	ok(plan_has("DELETE FROM events WHERE arrival IN (SELECT arrival FROM events"
		    " WHERE kind = 'x' AND time < 5 LIMIT 3)", "events_kind"),
	    "what is to be forgotten");
}

int
main(void)
{
	kit_enter();
	test_locked();
	test_reader();
	test_nobody();
	test_versions();
	test_killed_migration();
	test_damage();
	test_killed();
	test_give_back();
	test_indexes();
	kit_leave();
	return tap_done();
}
