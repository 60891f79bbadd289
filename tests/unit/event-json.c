/* SPDX-License-Identifier: Apache-2.0
 *
 * An event as JSON: which keys appear, in which order, in which form; and that
 * nothing an outsider writes breaks it.
 */
#include <jansson.h>

#include "event/event.h"
#include "tap.h"

static const char *const names[] = {"mail.log", "old/mail.log.1"};
static const struct event_sources sources = {names, 2};

static void
is_event(const struct event *ev, const struct symbols *symbols, const char *want,
    const char *what)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);

	event_json(&out, ev, symbols, &sources);
	is_text(out.p, out.len, want, what);
	buf_done(&out);
}

/* An event of KIND whose line, and sender, is TEXT. */
static struct event
event_of(enum kind kind, struct str text)
{
	struct event ev = {.line = text.p, .line_len = (uint32_t)text.len, .weight = 1};

	EVENT_SET(&ev, kind, (uint8_t)kind);
	EVENT_TEXT(&ev, sender, text);
	return ev;
}

static void
test_types(const struct symbols *symbols)
{
	struct event ev = event_of(KIND_delivery, STR("a@example.test"));

	EVENT_SET(&ev, id, 0x0123456789abcdefull);
	EVENT_SET(&ev, time, INT64_C(1767225600000001));
	EVENT_SET(&ev, port, 25);
	EVENT_SET(&ev, size, 10240);
	EVENT_SET(&ev, delay, 50000);
	EVENT_SET(&ev, delay_queue, 3000000);
	EVENT_SET(&ev, delay_connect, 0);
	EVENT_SET(&ev, score, -6500);
	EVENT_SET(&ev, reason, REASON_unknown_user);
	EVENT_SET(&ev, truncated, true);
	EVENT_SET(&ev, lineno, 7);
	ev.source_no = 1;
	event_mark(&ev, FIELD_source);
	is_event(&ev, symbols,
	    "{\"id\":\"0123456789abcdef\",\"time\":\"2026-01-01T00:00:00.000001Z\","
	    "\"kind\":\"delivery\",\"port\":25,\"sender\":\"a@example.test\","
	    "\"reason\":\"unknown_user\",\"size\":10240,\"delay\":0.05,\"delay_queue\":3,"
	    "\"delay_connect\":0,\"score\":-6.5,\"truncated\":true,"
	    "\"source\":\"old/mail.log.1\",\"lineno\":7}",
	    "every type, in the order of the fields");
}

static void
test_left_out(const struct symbols *symbols)
{
	struct event ev = event_of(KIND_connect, STR(""));

	EVENT_SET(&ev, reason, REASON_none);
	EVENT_SET(&ev, outcome, OUTCOME_none);
	EVENT_SET(&ev, severity, SEVERITY_none);
	EVENT_SET(&ev, derived, false);
	ev.source_no = 2;
	event_mark(&ev, FIELD_source);
	is_event(&ev, symbols, "{\"kind\":\"connect\",\"sender\":\"\"}",
	    "none, false and an input without a name are left out; the null sender is not");
}

static void
test_ip(struct symbols *symbols)
{
	static const struct {
		const char *logged, *want;
	} cases[] = {
		{"192.0.2.1", "{\"kind\":\"connect\",\"ip\":\"192.0.2.1\"}"},
		{"::ffff:192.0.2.1", "{\"kind\":\"connect\",\"ip\":\"192.0.2.1\"}"},
		{"2001:DB8:0:0:0:0:0:1", "{\"kind\":\"connect\",\"ip\":\"2001:db8::1\"}"},
		{"unknown", "{\"kind\":\"connect\",\"ip\":\"unknown\"}"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct event ev = event_of(KIND_connect, str_of(cases[i].logged));

		EVENT_TEXT(&ev, ip, str_of(cases[i].logged));
		event_forget(&ev, FIELD_sender);
		is_event(&ev, symbols, cases[i].want, cases[i].logged);
		ev.ip = (struct text){
		    .id = symbols_get(symbols, DOMAIN_IP, str_of(cases[i].logged))};
		is_event(&ev, symbols, cases[i].want, "the same from the dictionary");
	}
}

static const struct {
	struct str raw;
	const char *want;
} nasty[] = {
	{STR("a\"b\\c/d"), "a\\\"b\\\\c/d"},
	{STR("\b\f\n\r\t"), "\\b\\f\\n\\r\\t"},
	{STR("\x1b[31m\x7f\0z"), "\\u001b[31m\\u007f\\u0000z"},
	{STR("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\xa7"),
	    "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\xa7"},
	{STR("\xc2\x9b" "31m"), "\\u009b31m"},
	{STR("\xe2\x80\xae" "gpj.exe"), "\\u202egpj.exe"},
	{STR("\xe2\x81\xa6\xef\xbb\xbf\xe2\x80\x8b"), "\\u2066\\ufeff\\u200b"},
	{STR("\xf3\xa0\x80\x81"), "\\udb40\\udc01"},
	{STR("caf\xe9"), "caf\\u00e9"},
	{STR("\xc0\xaf\xed\xa0\x80"), "\\u00c0\\u00af\\u00ed\\u00a0\\u0080"},
	{STR("\xf4\x90\x80\x80\xe2\x82"), "\\u00f4\\u0090\\u0080\\u0080\\u00e2\\u0082"},
};

static void
test_nasty(const struct symbols *symbols)
{
	for (size_t i = 0; i < sizeof(nasty) / sizeof(*nasty); i++) {
		struct event ev = event_of(KIND_connect, nasty[i].raw);
		char want[200];

		snprintf(want, sizeof(want), "{\"kind\":\"connect\",\"sender\":\"%s\"}",
		    nasty[i].want);
		is_event(&ev, symbols, want, "nasty text");
	}
}

/* Every two-byte text gives JSON that a strict reader takes. */
static void
test_all_bytes(const struct symbols *symbols)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	unsigned bad = 0;

	for (unsigned i = 0; i < 65536; i++) {
		char text[2] = {(char)(i >> 8), (char)i};
		struct event ev = event_of(KIND_connect, (struct str){text, 2});
		json_t *read;

		buf_clear(&out);
		event_json(&out, &ev, symbols, &sources);
		read = json_loadb(out.p, out.len, JSON_ALLOW_NUL, NULL);
		bad += !read;
		json_decref(read);
	}
	is_number(bad, 0, "all pairs of bytes are valid JSON");
	buf_done(&out);
}

int
main(void)
{
	struct symbols symbols;

	symbols_init(&symbols);
	test_types(&symbols);
	test_left_out(&symbols);
	test_ip(&symbols);
	test_nasty(&symbols);
	test_all_bytes(&symbols);
	symbols_free(&symbols);
	return tap_done();
}
