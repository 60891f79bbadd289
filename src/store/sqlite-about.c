/* SPDX-License-Identifier: Apache-2.0
 *
 * sqlite-about: the events that somebody or something is in, looked for in the file. What
 * queue ids are asked for can be many: they are a table of this connection's.
 */
#include "store/sqlite.h"

/* The numbers of the first parameters: of the network, of texts. */
#define FIRST_NET SCAN_ABOUT
#define FIRST_TEXT (SCAN_ABOUT + 2)

void
sqlite_about_text(struct buf *out, const struct store_about *about)
{
	const char *before = " AND (";

	if (about->net.base.family) {
		buf_printf(out, "%sip BETWEEN ?%d AND ?%d", before, FIRST_NET, FIRST_NET + 1);
		before = " OR ";
	}
	for (size_t i = 0; i < about->text_count; i++, before = " OR ") {
		buf_printf(out, "%s", before);
		sqlite_put_name(out, about->texts[i].field);
		buf_printf(out, " = ?%zu COLLATE NOCASE", FIRST_TEXT + i);
	}
	if (about->qid_count)
		buf_printf(out, "%sqid IN temp.wanted OR next_qid IN temp.wanted"
		    " OR orig_qid IN temp.wanted", before);
	buf_printf(out, ")");
}

void
sqlite_about_bind(sqlite3_stmt *statement, const struct store_about *about)
{
	uint8_t first[16], last[16];

	if (about->net.base.family) {
		cidr_to_keys(&about->net, first, last);
		sqlite3_bind_blob(statement, FIRST_NET, first, 16, SQLITE_TRANSIENT);
		sqlite3_bind_blob(statement, FIRST_NET + 1, last, 16, SQLITE_TRANSIENT);
	}
	for (size_t i = 0; i < about->text_count; i++)
		sqlite_bind_str(statement, (int)(FIRST_TEXT + i), about->texts[i].text);
}

int
sqlite_about_begin(struct sqlite *sqlite, const struct store_about *about, struct err *err)
{
	sqlite3_stmt *insert;
	int result = 0;

	if (sqlite_exec(sqlite, "PRAGMA temp_store = MEMORY;"
		"CREATE TEMP TABLE IF NOT EXISTS wanted (qid TEXT PRIMARY KEY) WITHOUT ROWID;"
		"DELETE FROM temp.wanted", err) < 0 ||
	    sqlite_prepare(sqlite, STR("INSERT OR IGNORE INTO temp.wanted VALUES (?1)"),
		&insert, err) < 0)
		return -1;
	for (size_t i = 0; i < about->qid_count && result == 0; i++) {
		sqlite_bind_str(insert, 1, about->qids[i]);
		result = sqlite_run(sqlite, insert, err);
	}
	sqlite3_finalize(insert);
	return result;
}
