/* SPDX-License-Identifier: Apache-2.0
 *
 * sqlite: opening the file, transactions, statements that are kept, and what went wrong
 * in words for the operator.
 */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"

#define BUSY_USEC (5 * USEC_PER_SEC)

/* Logs are about people: others on the machine have no business here. */
#define FILE_MODE 0640

static const char *const texts[] = {
#define S(name, text) text,
    STATEMENTS(S)
#undef S
};

static int
is_none(struct err *err)
{
	return err_set(err, "is not an SQLite database: moved away, it is made anew");
}

int
sqlite_failed_writing(struct sqlite *sqlite, int error, struct err *err)
{
	bool full = error == 0 || error == ENOSPC || error == EDQUOT;

	sqlite->fault = full ? STORE_FULL : STORE_OTHER;
	return full ? err_set(err, "no space left on the disk")
		    : err_set(err, "cannot be read or written: %s", strerror(error));
}

static enum store_fault
fault_of(int code, int error)
{
	if (code == SQLITE_FULL || error == ENOSPC || error == EDQUOT)
		return STORE_FULL;
	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? STORE_DAMAGED : STORE_OTHER;
}

int
sqlite_failed(struct sqlite *sqlite, struct err *err)
{
	int code = sqlite3_errcode(sqlite->db), error = sqlite3_system_errno(sqlite->db);

	sqlite->fault = fault_of(code & 0xff, error);
	switch (code & 0xff) {
	case SQLITE_FULL:
		return err_set(err, "no space left on the disk");
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, "locked by another process for longer than %g s",
		    (double)sqlite->busy_usec / USEC_PER_SEC);
	case SQLITE_READONLY:
		return err_set(err, "cannot be written: file or directory is read-only");
	case SQLITE_NOTADB:
		return is_none(err);
	case SQLITE_CORRUPT:
		return err_set(err, "is damaged (%s); sqlite3's .recover saves what can "
		    "be read", sqlite3_errmsg(sqlite->db));
	case SQLITE_CANTOPEN:
		return err_set(err, "cannot be opened: %s",
		    error ? strerror(error) : sqlite3_errmsg(sqlite->db));
	case SQLITE_IOERR:
		return err_set(err, "cannot be read or written: %s",
		    error ? strerror(error) : sqlite3_errmsg(sqlite->db));
	}
	return err_set(err, "%s", sqlite3_errmsg(sqlite->db));
}

int
sqlite_prepare(struct sqlite *sqlite, struct str text, sqlite3_stmt **ret, struct err *err)
{
	if (sqlite3_prepare_v3(sqlite->db, text.p, (int)text.len, SQLITE_PREPARE_PERSISTENT,
		ret, NULL) != SQLITE_OK)
		return sqlite_failed(sqlite, err);
	return 0;
}

sqlite3_stmt *
sqlite_statement(struct sqlite *sqlite, enum statement number, struct err *err)
{
	sqlite3_stmt **kept = &sqlite->statement[number];

	if (!*kept && sqlite_prepare(sqlite, str_of(texts[number]), kept, err) < 0)
		return NULL;
	return *kept;
}

int
sqlite_run(struct sqlite *sqlite, sqlite3_stmt *statement, struct err *err)
{
	int result = 0;

	if (sqlite3_step(statement) != SQLITE_DONE)
		result = sqlite_failed(sqlite, err);
	sqlite3_reset(statement);
	return result;
}

int
sqlite_exec(struct sqlite *sqlite, const char *text, struct err *err)
{
	if (sqlite3_exec(sqlite->db, text, NULL, NULL, NULL) != SQLITE_OK)
		return sqlite_failed(sqlite, err);
	return 0;
}

struct str
sqlite_column(sqlite3_stmt *statement, int column)
{
	const void *p = sqlite3_column_blob(statement, column);

	return (struct str){p, p ? (size_t)sqlite3_column_bytes(statement, column) : 0};
}

void
sqlite_bind_str(sqlite3_stmt *statement, int number, struct str text)
{
	sqlite3_bind_text(statement, number, text.p ? text.p : "", (int)text.len,
	    SQLITE_STATIC);
}

/* https://www.sqlite.org/fileformat.html, 1.3; an empty file is a database without tables. */
static int
look(const char *path, struct err *err)
{
	static const char magic[] = "SQLite format 3";
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char head[sizeof(magic)];
	ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof(head));

	if (fd >= 0)
		close(fd);
	return n <= 0 || (n == sizeof(head) && memcmp(head, magic, sizeof(magic)) == 0) ? 0 :
	    is_none(err);
}

static void
close_store(struct store *store)
{
	struct sqlite *sqlite = sqlite_of(store);

	for (unsigned i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(sqlite->statement[i]);
	sqlite_inserts_free(sqlite);
	sqlite3_close(sqlite->db);
	row_done(&sqlite->row);
	free(sqlite->path);
	free(sqlite);
}

/*
 * Made here for its mode's sake. Only a new file is opened by us: closing one takes away
 * the locks that SQLite may hold on it in this process.
 */
static int
make_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE), error = errno;

	/* Where that is so SQLite would try to read it, and say that it is not there. */
	if (fd < 0 && (error == EACCES || error == EPERM || error == EROFS) &&
	    access(path, F_OK) < 0)
		return err_set(err, "cannot be made: %s", strerror(error));
	if (fd >= 0)
		close(fd);
	return 0;
}

/*
 * The files beside it stay when it is closed: who may only read could not make them, and
 * not read without them.
 */
static int
open_file(struct sqlite *sqlite, const struct store_settings *settings, struct err *err)
{
	bool read_only = settings->read_only;
	struct stat status;
	int keep = 1;

	if (read_only && stat(sqlite->path, &status) < 0)
		return err_set(err, "%s", strerror(errno));
	if (!read_only && make_file(sqlite->path, err) < 0)
		return -1;
	if (sqlite3_open_v2(sqlite->path, &sqlite->db, SQLITE_OPEN_NOMUTEX |
		(read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE), NULL) != SQLITE_OK)
		return sqlite_failed(sqlite, err);
	if (!read_only && sqlite3_db_readonly(sqlite->db, "main") == 1)
		return err_set(err, "cannot be written: %s", strerror(EACCES));
	sqlite3_extended_result_codes(sqlite->db, 1);
	sqlite3_busy_timeout(sqlite->db, (int)(sqlite->busy_usec / 1000));
	sqlite3_file_control(sqlite->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	if (!settings->alone)
		return 0;
	/* What is usually in FILE-shm is in memory then; and nothing is moved at the end. */
	sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return sqlite_exec(sqlite, "PRAGMA locking_mode = EXCLUSIVE", err);
}

/* Steps of SQLite's machine: some hundredths of a second. */
#define PULSE_STEPS 1000000

static int
progress(void *context)
{
	const struct store_settings *settings = context;

	settings->pulse(settings->context);
	return 0;
}

static int
ready(struct sqlite *sqlite, const struct store_settings *settings, struct err *err)
{
	struct store_settings copy = *settings;
	int result;

	if (settings->pulse)
		sqlite3_progress_handler(sqlite->db, PULSE_STEPS, progress, &copy);
	result = sqlite_schema(sqlite, settings, err);
	if (settings->pulse)
		sqlite3_progress_handler(sqlite->db, 0, NULL, NULL);
	if (result == 0 && !settings->read_only && !settings->alone)
		result = sqlite_inserts_new(sqlite, err);
	return result;
}

static int
open_store(const struct store_settings *settings, const char *path, struct store **ret,
    struct err *err)
{
	struct sqlite *sqlite = xcalloc(1, sizeof(*sqlite));
	int result;

	/* What SQLite allocates is not added up, which takes a lock each time. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	row_init(&sqlite->row);
	sqlite->path = xstrdup(path);
	sqlite->busy_usec = settings->busy_usec ? settings->busy_usec : BUSY_USEC;
	result = *path ? open_file(sqlite, settings, err)
		       : err_set(err, "expected the name of a file after sqlite:");
	if (result == 0)
		result = ready(sqlite, settings, err);
	if (result < 0 && settings->ret_fault)
		*settings->ret_fault = sqlite->fault;
	if (result < 0)
		close_store(&sqlite->store);
	else
		*ret = &sqlite->store;
	return result;
}

static int
begin(struct store *store, struct err *err)
{
	struct sqlite *sqlite = sqlite_of(store);
	sqlite3_stmt *statement = sqlite_statement(sqlite, ST_begin, err);

	if (sqlite->fault == STORE_FULL)
		sqlite_space_give(sqlite);
	sqlite->fault = STORE_OTHER;
	return statement ? sqlite_run(sqlite, statement, err) : -1;
}

/* A transaction of reading, which no commit of others changes; closing ends it. */
static int
hold(struct store *store, struct err *err)
{
	return sqlite_exec(sqlite_of(store), "BEGIN", err);
}

static bool
is_gone(const struct store *store)
{
	int gone = 0;

	/* Has its name another file number, or none? */
	sqlite3_file_control(((const struct sqlite *)(const void *)store)->db, "main",
	    SQLITE_FCNTL_HAS_MOVED, &gone);
	return gone != 0;
}

static enum store_fault
fault(const struct store *store)
{
	return ((const struct sqlite *)(const void *)store)->fault;
}

static int
commit(struct store *store, struct err *err)
{
	struct sqlite *sqlite = sqlite_of(store);
	sqlite3_stmt *statement = sqlite_statement(sqlite, ST_commit, err);

	if (!statement || sqlite_space_take(sqlite, err) < 0)
		return -1;
	return sqlite_run(sqlite, statement, err);
}

/* After some failures SQLite has done it already. */
static void
rollback(struct store *store)
{
	struct sqlite *sqlite = sqlite_of(store);
	struct err ignored;
	sqlite3_stmt *statement = sqlite_statement(sqlite, ST_rollback, &ignored);

	if (statement && !sqlite3_get_autocommit(sqlite->db))
		sqlite_run(sqlite, statement, &ignored);
}

const struct store_sort store_sqlite = {
    .scheme = "sqlite",
    .open = open_store,
    .look = look,
    .close = close_store,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .event = sqlite_event,
    .ban = sqlite_ban,
    .bans = sqlite_bans,
    .positions_save = sqlite_positions_save,
    .positions_load = sqlite_positions_load,
    .scan = sqlite_scan,
    .hold = hold,
    .is_gone = is_gone,
    .fault = fault,
    .period = sqlite_period,
    .last_judged = sqlite_last_judged,
    .forget_events = sqlite_forget_events,
    .forget_bans = sqlite_forget_bans,
};
