/* SPDX-License-Identifier: Apache-2.0
 *
 * row: events as stores hold them, field by field: an event's values, and an event made
 * of values.
 */
#include "store/room.h"

/*
 * Offsets and lengths of slices have 16 bits: a text may begin at the last offset and
 * be as long as can be.
 */
#define LINE_ROOM (2 * (size_t)EVENT_LINE_MAX)

bool
event_value(const struct event *ev, enum field field, const struct symbols *symbols,
    const struct event_sources *sources, struct value *ret)
{
	enum field_type type = event_fields[field].type;

	if (!event_knows(ev, field))
		return false;
	ret->type = VALUE_TEXT;
	if (field == FIELD_source) {
		if (!sources || ev->source_no >= sources->count)
			return false;
		ret->text = str_of(sources->name[ev->source_no]);
	} else if (type == TYPE_TEXT || type == TYPE_IP) {
		ret->text = event_text(ev, field, symbols);
		if (type == TYPE_IP && ip_parse(ret->text, &ret->ip))
			ret->type = VALUE_ADDRESS;
	} else {
		ret->type = VALUE_NUMBER;
		ret->number = event_number(ev, field);
	}
	return true;
}

void
row_init(struct row *row)
{
	memset(row, 0, sizeof(*row));
	row->line = xmalloc(LINE_ROOM);
}

static void
forget_symbols(struct row *row)
{
	if (row->has_symbols)
		symbols_free(&row->symbols);
	row->has_symbols = false;
}

void
row_done(struct row *row)
{
	forget_symbols(row);
	arena_free(&row->arena);
	dict_free(&row->source_dict);
	free(row->source);
	free(row->line);
}

void
row_begin(struct row *row)
{
	struct event *ev = &row->event;

	forget_symbols(row);
	memset(&row->symbols.dict, 0, sizeof(row->symbols.dict));
	memset(ev->known, 0, sizeof(ev->known));
	row->used = 0;
	ev->kind = ev->outcome = ev->reason = ev->severity = 0;
	ev->derived = ev->truncated = ev->inferred = ev->open = false;
	ev->id = 0;
	ev->time = 0;
}

void
row_number(struct row *row, enum field field, int64_t number)
{
	char *member = (char *)&row->event + event_fields[field].offset;

	switch (event_fields[field].type) {
	case TYPE_ENUM:
		*(uint8_t *)member = (uint8_t)number;
		break;
	case TYPE_BOOL:
		*(bool *)member = number != 0;
		break;
	case TYPE_INT:
	case TYPE_SIZE:
	case TYPE_DURATION:
	case TYPE_MILLI:
	case TYPE_TIME:
	case TYPE_ID:
		memcpy(member, &number, sizeof(number));
		break;
	case TYPE_TEXT:
	case TYPE_IP:
		return;
	}
	event_mark(&row->event, field);
}

/* Sources are few, and ours: they are never forgotten. */
static void
set_source(struct row *row, struct str name)
{
	uint32_t number = dict_get(&row->source_dict, name);

	if (number == row->sources.count) {
		MEM_GROW(row->source, row->sources.count, row->source_room);
		row->source[row->sources.count++] = arena_cstr(&row->arena, name);
		row->sources.name = row->source;
	}
	row->event.source_no = number;
}

void
row_text(struct row *row, enum field field, struct str text)
{
	struct text *member = event_text_member(&row->event, field);

	text = str_head(text, EVENT_LINE_MAX); /* longer is not of our writing */
	event_mark(&row->event, field);
	*member = (struct text){.off = 0, .len = 0, .id = SYMBOL_ABSENT};
	if (field == FIELD_source) {
		set_source(row, text);
	} else if (row->used <= UINT16_MAX) {
		*member = (struct text){.off = (uint16_t)row->used, .len = (uint16_t)text.len};
		if (text.len)
			memcpy(row->line + row->used, text.p, text.len);
		row->used += text.len;
	} else if (text.len) {
		if (!row->has_symbols)
			symbols_init(&row->symbols);
		row->has_symbols = true;
		member->id = symbols_get(&row->symbols, event_fields[field].domain, text);
	}
}

void
row_address(struct row *row, enum field field, const struct ip *ip)
{
	char text[IP_TEXT_MAX];

	row_text(row, field, (struct str){text, ip_format(ip, text)});
}

void
row_end(struct row *row)
{
	struct event *ev = &row->event;

	ev->line = row->line;
	ev->line_len = (uint32_t)row->used;
	ev->weight = 1;
	if (event_knows(ev, FIELD_count))
		ev->weight = ev->count < 0 ? 0 :
		    ev->count > UINT32_MAX ? UINT32_MAX : (uint32_t)ev->count;
	row->weight = ev->weight;
	row->last = ev->time;
}

void
ip_to_key(const struct ip *ip, uint8_t key[16])
{
	memcpy(key, ip->byte, 16);
	if (ip->family == 6)
		return;
	memset(key, 0, 10);
	memset(key + 10, 0xff, 2);
	memcpy(key + 12, ip->byte, 4);
}

void
ip_of_key(const uint8_t key[16], struct ip *ret)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	*ret = (struct ip){.family = 6};
	if (memcmp(key, mapped, sizeof(mapped)) == 0) {
		ret->family = 4;
		memcpy(ret->byte, key + 12, 4);
	} else {
		memcpy(ret->byte, key, 16);
	}
}

void
cidr_to_keys(const struct cidr *cidr, uint8_t first[16], uint8_t last[16])
{
	unsigned bits = cidr->bits + (cidr->base.family == 4 ? 96u : 0u);

	ip_to_key(&cidr->base, first);
	memcpy(last, first, 16);
	for (; bits < 128; bits++)
		last[bits / 8] |= (uint8_t)(0x80 >> bits % 8);
}

bool
cidr_overlaps(const struct cidr *a, const struct cidr *b)
{
	return a->bits <= b->bits ? cidr_contains(a, &b->base) : cidr_contains(b, &a->base);
}
