/* SPDX-License-Identifier: Apache-2.0
 *
 * sqlite-insert: events written. An event has a dozen of the many fields, and SQLite takes
 * longer for a parameter without a value than for a column that is not named: so there is
 * a statement for each set of fields that events come with, up to a cap; the rest go
 * through one with all of them.
 */
#include "store/sqlite.h"

/* Different sets of fields that have a statement of their own; each takes some 10 KiB. */
#define INSERTS_MOST 160u

#define INSERT_SLOTS 256u

/* Addresses of one event, which stay where they are until it is written. */
#define F(name, type, ...) + (TYPE_##type == TYPE_IP)
enum { ADDRESSES_MOST = EVENT_FIELDS(F) };
#undef F

struct insert {
	uint64_t fields[2]; /* bit set: parameters in the order of the fields */
	sqlite3_stmt *statement;
};

struct sqlite_inserts {
	struct insert slots[INSERT_SLOTS];
	struct insert all;
	unsigned count;
};

#define ALWAYS                                                                              \
	(UINT64_C(1) << FIELD_id | UINT64_C(1) << FIELD_time | UINT64_C(1) << FIELD_kind)

_Static_assert(FIELD_id < 64 && FIELD_time < 64 && FIELD_kind < 64, "they are in one word");
_Static_assert((INSERT_SLOTS & (INSERT_SLOTS - 1)) == 0, "slots are found by a mask");

static void
put_text(struct buf *out, const uint64_t fields[2])
{
	const char *before = "";
	unsigned count = 0;

	buf_printf(out, "INSERT INTO events (");
	for (unsigned field = 0; field < FIELDS; field++) {
		if (!(fields[field / 64] >> (field % 64) & 1))
			continue;
		buf_printf(out, "%s", before);
		sqlite_put_name(out, (enum field)field);
		before = ", ";
		count++;
	}
	buf_printf(out, ") VALUES (");
	for (unsigned n = 1; n <= count; n++)
		buf_printf(out, n > 1 ? ", ?%u" : "?%u", n);
	buf_printf(out, ") ON CONFLICT (time, id) DO NOTHING");
}

static int
prepare(struct sqlite *sqlite, struct insert *insert, const uint64_t fields[2],
    struct err *err)
{
	struct buf text = BUF_INIT(65536);
	int result;

	put_text(&text, fields);
	result = sqlite_prepare(sqlite, buf_view(&text), &insert->statement, err);
	if (result == 0)
		memcpy(insert->fields, fields, sizeof(insert->fields));
	buf_done(&text);
	return result;
}

int
sqlite_inserts_new(struct sqlite *sqlite, struct err *err)
{
	uint64_t all[2] = {UINT64_MAX, UINT64_MAX};

	sqlite->inserts = xcalloc(1, sizeof(*sqlite->inserts));
	return prepare(sqlite, &sqlite->inserts->all, all, err);
}

void
sqlite_inserts_free(struct sqlite *sqlite)
{
	if (!sqlite->inserts)
		return;
	for (unsigned i = 0; i < INSERT_SLOTS; i++)
		sqlite3_finalize(sqlite->inserts->slots[i].statement);
	sqlite3_finalize(sqlite->inserts->all.statement);
	free(sqlite->inserts);
}

/* The statement for FIELDS; the one for all when there are enough of them. */
static const struct insert *
insert_for(struct sqlite *sqlite, const uint64_t fields[2])
{
	struct sqlite_inserts *inserts = sqlite->inserts;
	uint32_t at = (uint32_t)(hash_mix(fields[0] ^ HASH_K1, fields[1] ^ HASH_K2) >> 8);
	struct err ignored;

	for (;; at++) {
		struct insert *insert = &inserts->slots[at & (INSERT_SLOTS - 1)];

		if (insert->statement && insert->fields[0] == fields[0] &&
		    insert->fields[1] == fields[1])
			return insert;
		if (insert->statement)
			continue;
		if (inserts->count == INSERTS_MOST ||
		    prepare(sqlite, insert, fields, &ignored) < 0)
			return &inserts->all;
		inserts->count++;
		return insert;
	}
}

static void
bind_value(sqlite3_stmt *statement, int number, enum field field, const struct value *value,
    uint8_t key[16])
{
	switch (value->type) {
	case VALUE_NUMBER:
		if (event_fields[field].type == TYPE_ENUM)
			sqlite_bind_str(statement, number,
			    str_of(event_enum_name(field, (unsigned)value->number)));
		else
			sqlite3_bind_int64(statement, number, value->number);
		break;
	case VALUE_TEXT:
		sqlite_bind_str(statement, number, value->text);
		break;
	case VALUE_ADDRESS:
		ip_to_key(&value->ip, key);
		sqlite3_bind_blob(statement, number, key, 16, SQLITE_STATIC);
		break;
	}
}

/* The value of EV's FIELD; those that are always there have one, marked or not. */
static bool
value_of(const struct event *ev, enum field field, const struct symbols *symbols,
    const struct event_sources *sources, struct value *ret)
{
	if (field != FIELD_id && field != FIELD_time && field != FIELD_kind)
		return event_value(ev, field, symbols, sources, ret);
	ret->type = VALUE_NUMBER;
	ret->number = field == FIELD_id ? (int64_t)ev->id :
		      field == FIELD_time ? ev->time : (int64_t)ev->kind;
	return true;
}

int
sqlite_event(struct store *store, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources, struct err *err)
{
	struct sqlite *sqlite = sqlite_of(store);
	uint64_t fields[2] = {ev->known[0] | ALWAYS, ev->known[1]};
	const struct insert *insert = insert_for(sqlite, fields);
	uint8_t keys[ADDRESSES_MOST][16];
	unsigned addresses = 0;
	struct value value;
	int number = 0;

	if (insert == &sqlite->inserts->all)
		sqlite3_clear_bindings(insert->statement);
	for (unsigned word = 0; word < 2; word++)
		for (uint64_t bits = fields[word]; bits; bits &= bits - 1) {
			enum field field = word * 64 + (unsigned)__builtin_ctzll(bits);

			number = insert == &sqlite->inserts->all ? (int)field + 1 : number + 1;
			if (!value_of(ev, field, symbols, sources, &value)) {
				sqlite3_bind_null(insert->statement, number);
				continue;
			}
			bind_value(insert->statement, number, field, &value, keys[addresses]);
			addresses += value.type == VALUE_ADDRESS;
		}
	return sqlite_run(sqlite, insert->statement, err);
}
