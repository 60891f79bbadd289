/* SPDX-License-Identifier: Apache-2.0
 *
 * sqlite-bans: verdicts. A prefix is its first and last address, as 16 bytes each, so
 * that who overlaps whom is two comparisons; no end, not lifted and commands that are not
 * known are NULL.
 */
#include "store/sqlite.h"

/* The ids of the evidence as events' ids are printed, a space between them. */
static void
put_evidence(struct buf *out, const struct ban *ban)
{
	for (uint32_t i = 0; i < ban->evidence_count; i++)
		buf_printf(out, "%s%016llx", i ? " " : "",
		    (unsigned long long)ban->evidence[i]);
}

static void
read_evidence(struct ban *ban, struct str text)
{
	while (text.len && ban->evidence_count < sizeof(ban->evidence) / sizeof(uint64_t)) {
		struct str word = str_cut(&text, ' ');
		uint64_t id = 0;

		for (size_t i = 0; i < word.len; i++)
			id = id << 4 | (uint64_t)(word.p[i] <= '9' ? word.p[i] - '0'
								   : word.p[i] - 'a' + 10);
		ban->evidence[ban->evidence_count++] = id;
	}
}

static void
bind_prefix(sqlite3_stmt *statement, const struct cidr *prefix)
{
	uint8_t first[16], last[16];

	sqlite3_bind_int(statement, 4, prefix->base.family);
	sqlite3_bind_int(statement, 7, prefix->bits);
	if (!prefix->base.family)
		return;
	cidr_to_keys(prefix, first, last);
	sqlite3_bind_blob(statement, 5, first, sizeof(first), SQLITE_TRANSIENT);
	sqlite3_bind_blob(statement, 6, last, sizeof(last), SQLITE_TRANSIENT);
}

int
sqlite_ban(struct store *store, const struct ban *ban, struct err *err)
{
	struct sqlite *sqlite = sqlite_of(store);
	sqlite3_stmt *statement = sqlite_statement(sqlite, ST_ban, err);
	struct buf evidence = BUF_INIT(1024);
	int result;

	if (!statement)
		return -1;
	put_evidence(&evidence, ban);
	sqlite3_clear_bindings(statement);
	sqlite3_bind_int64(statement, 1, (int64_t)ban->id);
	sqlite_bind_str(statement, 2, ban->rule);
	sqlite_bind_str(statement, 3, ban->key);
	bind_prefix(statement, &ban->prefix);
	sqlite3_bind_int64(statement, 8, ban->from);
	if (ban->until != INT64_MAX)
		sqlite3_bind_int64(statement, 9, ban->until);
	if (ban->lifted != INT64_MIN)
		sqlite3_bind_int64(statement, 10, ban->lifted);
	sqlite_bind_str(statement, 11, ban->reason);
	sqlite3_bind_int64(statement, 12, (int64_t)ban->counted);
	sqlite3_bind_int64(statement, 13, (int64_t)ban->threshold);
	sqlite3_bind_int64(statement, 14, ban->since);
	sqlite3_bind_int64(statement, 15, ban->offence);
	sqlite3_bind_int(statement, 16, ban->is_protected);
	sqlite3_bind_int(statement, 17, ban->dry_run);
	sqlite_bind_str(statement, 18, buf_view(&evidence));
	sqlite_bind_str(statement, 19, (struct str){ban->country,
	    strnlen(ban->country, sizeof(ban->country))});
	sqlite3_bind_int64(statement, 20, ban->asn);
	if (ban->commands.p)
		sqlite_bind_str(statement, 21, ban->commands);
	result = sqlite_run(sqlite, statement, err);
	buf_done(&evidence);
	return result;
}

/* What is no prefix, as in a file that is damaged, is none. */
static void
read_prefix(sqlite3_stmt *statement, struct cidr *ret)
{
	struct str first = sqlite_column(statement, 4);
	int64_t family = sqlite3_column_int64(statement, 3);
	int64_t bits = sqlite3_column_int64(statement, 5);
	struct ip base = {0};

	if (first.len == 16)
		ip_of_key((const uint8_t *)first.p, &base);
	*ret = (struct cidr){0};
	if (base.family && base.family == family && bits >= 0 &&
	    bits <= ip_bits(base.family))
		*ret = ip_prefix(&base, (unsigned)bits);
}

static int64_t
number_or(sqlite3_stmt *statement, int column, int64_t absent)
{
	if (sqlite3_column_type(statement, column) == SQLITE_NULL)
		return absent;
	return sqlite3_column_int64(statement, column);
}

static const char ban_columns[] =
    "SELECT id, rule, key, family, prefix, bits, \"from\", until, lifted, reason, counted,"
    " threshold, since, offence, protected, dry_run, evidence, country, asn, commands"
    " FROM bans WHERE \"from\" >= ?1 AND \"from\" < ?2";

static void
read_ban(sqlite3_stmt *statement, struct ban *ret)
{
	struct str country;

	*ret = (struct ban){
	    .id = (uint64_t)sqlite3_column_int64(statement, 0),
	    .rule = sqlite_column(statement, 1),
	    .key = sqlite_column(statement, 2),
	    .from = sqlite3_column_int64(statement, 6),
	    .until = number_or(statement, 7, INT64_MAX),
	    .lifted = number_or(statement, 8, INT64_MIN),
	    .reason = sqlite_column(statement, 9),
	    .counted = (uint64_t)sqlite3_column_int64(statement, 10),
	    .threshold = (uint64_t)sqlite3_column_int64(statement, 11),
	    .since = sqlite3_column_int64(statement, 12),
	    .offence = (uint32_t)sqlite3_column_int64(statement, 13),
	    .is_protected = sqlite3_column_int(statement, 14),
	    .dry_run = sqlite3_column_int(statement, 15),
	    .asn = (uint32_t)sqlite3_column_int64(statement, 18),
	};
	if (sqlite3_column_type(statement, 19) != SQLITE_NULL)
		ret->commands = sqlite_column(statement, 19);
	if (sqlite3_column_type(statement, 19) != SQLITE_NULL && !ret->commands.p)
		ret->commands = STR("");
	read_prefix(statement, &ret->prefix);
	read_evidence(ret, sqlite_column(statement, 16));
	country = str_head(sqlite_column(statement, 17), sizeof(ret->country) - 1);
	if (country.len)
		memcpy(ret->country, country.p, country.len);
}

/* What FILTER asks for, as far as it keeps bans from being read at all. */
static int
prepare_bans(struct sqlite *sqlite, const struct ban_filter *filter, sqlite3_stmt **ret,
    struct err *err)
{
	struct buf text = BUF_INIT(4096);
	uint8_t first[16], last[16];
	int result;

	buf_printf(&text, "%s", ban_columns);
	if (filter->id)
		buf_printf(&text, " AND id = ?3");
	if (filter->within.base.family)
		buf_printf(&text, " AND family = ?4 AND prefix <= ?6 AND prefix_last >= ?5");
	if (filter->active_at != INT64_MIN)
		buf_printf(&text, " AND (until IS NULL OR until > ?7)");
	buf_printf(&text, " ORDER BY \"from\", id");
	result = sqlite_prepare(sqlite, buf_view(&text), ret, err);
	buf_done(&text);
	if (result < 0)
		return -1;
	sqlite3_bind_int64(*ret, 1, filter->since);
	sqlite3_bind_int64(*ret, 2, filter->until);
	sqlite3_bind_int64(*ret, 3, (int64_t)filter->id);
	if (filter->within.base.family) {
		cidr_to_keys(&filter->within, first, last);
		sqlite3_bind_int(*ret, 4, filter->within.base.family);
		sqlite3_bind_blob(*ret, 5, first, sizeof(first), SQLITE_TRANSIENT);
		sqlite3_bind_blob(*ret, 6, last, sizeof(last), SQLITE_TRANSIENT);
	}
	sqlite3_bind_int64(*ret, 7, filter->active_at);
	return 0;
}

int
sqlite_bans(struct store *store, const struct ban_filter *filter,
    bool (*each)(void *context, const struct ban *ban), void *context, struct err *err)
{
	struct sqlite *sqlite = sqlite_of(store);
	sqlite3_stmt *statement;
	struct ban ban;
	int code, result = 0;

	if (prepare_bans(sqlite, filter, &statement, err) < 0)
		return -1;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		read_ban(statement, &ban);
		if (ban_matches(&ban, filter) && !each(context, &ban))
			break;
	}
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		result = sqlite_failed(sqlite, err);
	sqlite3_finalize(statement);
	return result;
}

int
sqlite_forget_bans(struct store *store, int64_t before, uint64_t *ret_count, struct err *err)
{
	struct sqlite *sqlite = sqlite_of(store);
	sqlite3_stmt *statement = sqlite_statement(sqlite, ST_forget_bans, err);

	if (!statement)
		return -1;
	sqlite3_bind_int64(statement, 1, before);
	sqlite3_bind_int64(statement, 2, STORE_FORGET_STEP);
	if (sqlite_run(sqlite, statement, err) < 0)
		return -1;
	*ret_count = (uint64_t)sqlite3_changes64(sqlite->db);
	return sqlite_give_back(sqlite, err);
}
