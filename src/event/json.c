/* SPDX-License-Identifier: Apache-2.0
 *
 * json: one event as a JSON object, from the table of the fields:
 *
 *   {"time":"2026-01-01T00:00:00.000000Z","host":"mx","kind":"connect","ip":"192.0.2.1"}
 *
 * A key appears when its field is known and says something: no `derived: false`,
 * no `reason: "none"`.
 */
#include "base/civil.h"
#include "base/json.h"
#include "event/event.h"

/*
 * An address in its one form; what is none ("unknown") stays as logged, and text
 * without a colon is one of the two: ip_parse() takes IPv4 in one spelling only.
 */
static void
write_ip(struct json *json, const char *name, struct str text)
{
	char canonical[IP_TEXT_MAX];
	struct ip ip;

	if (str_index(text, ':') < text.len && ip_parse(text, &ip)) {
		ip_format(&ip, canonical);
		text = str_of(canonical);
	}
	json_key(json, name);
	json_str(json, text);
}

static void
write_source(struct json *json, const struct event *ev, const struct event_sources *sources)
{
	if (!sources || ev->source_no >= sources->count)
		return;
	json_key(json, "source");
	json_str(json, str_of(sources->name[ev->source_no]));
}

static void
write_time(struct json *json, const char *name, int64_t time)
{
	char text[RFC3339_MAX];

	json_key(json, name);
	json_str(json, (struct str){text, civil_rfc3339(time, text)});
}

static void
write_number(struct json *json, const char *name, int64_t value, unsigned decimals)
{
	json_key(json, name);
	json_decimal(json, value, decimals);
}

static void
write_field(struct json *json, const struct event *ev, enum field field,
    const struct symbols *symbols)
{
	const char *name = event_fields[field].name;
	int64_t value = event_number(ev, field);

	switch (event_fields[field].type) {
	case TYPE_TEXT:
		json_key(json, name);
		json_str(json, event_text(ev, field, symbols));
		break;
	case TYPE_IP:
		write_ip(json, name, event_text(ev, field, symbols));
		break;
	case TYPE_ENUM: /* value 0 is "none" in each of them */
		if (value == 0)
			break;
		json_key(json, name);
		json_str(json, str_of(event_enum_name(field, (unsigned)value)));
		break;
	case TYPE_BOOL:
		if (!value)
			break;
		json_key(json, name);
		json_bool(json, true);
		break;
	case TYPE_INT:
	case TYPE_SIZE:
		write_number(json, name, value, 0);
		break;
	case TYPE_DURATION:
		write_number(json, name, value, 6);
		break;
	case TYPE_MILLI:
		write_number(json, name, value, 3);
		break;
	case TYPE_TIME:
		write_time(json, name, value);
		break;
	case TYPE_ID:
		json_key(json, name);
		json_id(json, (uint64_t)value);
		break;
	}
}

void
event_json(struct buf *out, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct json json = {.out = out};

	json_object_begin(&json);
	for (unsigned word = 0; word < 2; word++)
		for (uint64_t bits = ev->known[word]; bits; bits &= bits - 1) {
			unsigned field = word * 64 + (unsigned)__builtin_ctzll(bits);

			if (field == FIELD_source)
				write_source(&json, ev, sources);
			else
				write_field(&json, ev, (enum field)field, symbols);
		}
	json_object_end(&json);
}
