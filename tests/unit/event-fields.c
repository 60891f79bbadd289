/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of the fields agrees with struct event, and names can be looked up.
 */
#include "event/event.h"
#include "tap.h"

static void
test_table(void)
{
	bool sound = true, unique = true;

	for (unsigned i = 0; i < FIELDS; i++) {
		const struct event_field *field = &event_fields[i];
		bool text = field->type == TYPE_TEXT || field->type == TYPE_IP;

		sound = sound && field->name && field->help && field->help[0];
		sound = sound && (field->type == TYPE_IP) == (field->domain == DOMAIN_IP);
		sound = sound && (text || field->domain == DOMAIN_NONE);
		unique = unique && event_field_named(str_of(field->name)) == (enum field)i;
	}
	ok(sound, "every field has a name, a help text and a domain that fits its type");
	ok(unique, "every field is found by its name");
	ok(event_field_named(STR("sendr")) == FIELDS, "no other name is found");
	ok(event_field_named(STR("")) == FIELDS, "nor the empty one");
	is_text(event_fields[FIELD_lineno].name, 6, "lineno", "the last field has its name");
}

static void
test_enums(void)
{
	is_number(event_enum_value(FIELD_kind, STR("ps_reject")), KIND_ps_reject, "a kind");
	is_number(event_enum_value(FIELD_reason, STR("quota")), REASON_quota, "a reason");
	is_number(event_enum_value(FIELD_outcome, STR("open")), OUTCOME_open, "an outcome");
	is_number(event_enum_value(FIELD_severity, STR("panic")), SEVERITY_panic,
	    "a severity");
	is_number(event_enum_value(FIELD_kind, STR("Connect")), -1, "names have one spelling");
	is_number(event_enum_value(FIELD_port, STR("connect")), -1, "a number has no names");
	ok(strcmp(event_enum_name(FIELD_kind, KIND_repeat), "repeat") == 0, "a kind's name");
	ok(strcmp(event_enum_name(FIELD_kind, KINDS), "none") == 0, "no name beyond the last");
}

static void
test_access(void)
{
	static const char line[] = "from=<a@example.test> size=17";
	struct event ev = {.line = line, .line_len = sizeof(line) - 1};
	struct symbols symbols;

	symbols_init(&symbols);
	EVENT_TEXT(&ev, sender, ((struct str){line + 6, 14}));
	EVENT_SET(&ev, size, 17);
	EVENT_SET(&ev, derived, true);
	EVENT_SET(&ev, reason, REASON_quota);
	is_text(event_text(&ev, FIELD_sender, NULL).p, event_text(&ev, FIELD_sender, NULL).len,
	    "a@example.test", "a slice of the line");
	is_number(event_number(&ev, FIELD_size), 17, "a number");
	is_number(event_number(&ev, FIELD_derived), 1, "a bool");
	is_number(event_number(&ev, FIELD_reason), REASON_quota, "an enum");

	EVENT_TEXT(&ev, recipient, STR(""));
	is_number((int64_t)event_text(&ev, FIELD_recipient, &symbols).len, 0,
	    "the empty text");
	ev.recipient.id = symbols_get(&symbols, DOMAIN_ADDRESS, STR("b@example.test"));
	is_text(event_text(&ev, FIELD_recipient, &symbols).p,
	    event_text(&ev, FIELD_recipient, &symbols).len, "b@example.test",
	    "a derived event's text comes from the dictionary");
	event_forget(&ev, FIELD_recipient);
	ok(!event_knows(&ev, FIELD_recipient) && event_knows(&ev, FIELD_sender), "forgetting");
	symbols_free(&symbols);
}

int
main(void)
{
	test_table();
	test_enums();
	test_access();
	return tap_done();
}
