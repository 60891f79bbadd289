/* SPDX-License-Identifier: Apache-2.0
 *
 * Text made safe for its medium, JSON's numbers and nesting, the nearest word,
 * regular expressions that do not run away, and buffers that grow no further than is said.
 */
#include "base/escape.h"
#include "base/json.h"
#include "base/nearest.h"
#include "base/regex.h"
#include "base/utf8.h"
#include "tap.h"

static const struct {
	struct str raw;
	const char *terminal, *csv;
} texts[] = {
	{STR(""), "", ""},
	{STR("plain text"), "plain text", "plain text"},
	{STR("a,b"), "a,b", "\"a,b\""},
	{STR("a;b"), "a;b", "\"a;b\""},
	{STR("say \"x\""), "say \"x\"", "\"say \"\"x\"\"\""},
	{STR("=1+1"), "=1+1", "'=1+1"},
	{STR("  =1+1"), "  =1+1", "'  =1+1"},
	{STR("  1"), "  1", "  1"},
	{STR("+1"), "+1", "'+1"},
	{STR("-1"), "-1", "'-1"},
	{STR("@x"), "@x", "'@x"},
	{STR("\t=1"), "\\x09=1", "'\\x09=1"},
	{STR("\r=1"), "\\x0d=1", "'\\x0d=1"},
	{STR("=HYPERLINK(\"x\",1)"), "=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""},
	{STR("\xef\xbc\x9d" "1"), "\xef\xbc\x9d" "1", "'\xef\xbc\x9d" "1"},
	{STR("\x1b[2J\x7f\n"), "\\x1b[2J\\x7f\\x0a", "\\x1b[2J\\x7f\\x0a"},
	{STR("\xc2\x9b" "1m"), "\\u{9b}1m", "\\u{9b}1m"},
	{STR("a\xe2\x80\xae" "b"), "a\\u{202e}b", "a\\u{202e}b"},
	{STR("caf\xe9 \xc3\xa9"), "caf\\xe9 \xc3\xa9", "caf\\xe9 \xc3\xa9"},
	{STR("EXAMPLE\\user"), "EXAMPLE\\user", "EXAMPLE\\user"},
	{STR("\xe2\x80"), "\\xe2\\x80", "\\xe2\\x80"},
};

static void
test_escape(void)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		buf_clear(&out);
		escape_terminal(&out, texts[i].raw);
		is_text(out.p ? out.p : "", out.len, texts[i].terminal, "for a terminal");
		buf_clear(&out);
		escape_csv(&out, texts[i].raw);
		is_text(out.p ? out.p : "", out.len, texts[i].csv, "for CSV");
	}
	buf_done(&out);
}

static void
test_escape_shell(void)
{
	static const struct {
		struct str raw;
		const char *want;
	} words[] = {
		{STR(""), "''"},
		{STR("/var/log/mail.log-1"), "/var/log/mail.log-1"},
		{STR("-x"), "'-x'"},
		{STR("a b"), "'a b'"},
		{STR("it's"), "'it'\\''s'"},
		{STR("'"), "''\\'''"},
		{STR("$(x);`y`|!z~*?"), "'$(x);`y`|!z~*?'"},
		{STR("~root"), "'~root'"},
		{STR("a\nb"), "$'a\\012b'"},
		{STR("\033[31m'\\ \xc3\xa9\xff"), "$'\\033[31m\\047\\\\ \xc3\xa9\\377'"},
		{STR("\xe2\x80\xae" "1"), "$'\\342\\200\\2561'"},
		{STR("\xc3\xa9"), "'\xc3\xa9'"},
	};
	struct buf out = BUF_INIT(BUF_UNLIMITED);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		buf_clear(&out);
		escape_shell(&out, words[i].raw);
		is_text(out.p ? out.p : "", out.len, words[i].want, "for a shell");
	}
	buf_done(&out);
}

static void
test_utf8(void)
{
	uint32_t c;

	is_number(utf8_decode(STR("\xf4\x8f\xbf\xbf"), &c), 4, "the last character");
	is_number(c, 0x10ffff, "its number");
	is_number(utf8_decode(STR("\xf4\x90\x80\x80"), &c), 0, "none behind it");
	is_number(utf8_decode(STR("\xc1\xbf"), &c), 0, "no overlong form");
	is_number(utf8_decode(STR("\xe0\x9f\xbf"), &c), 0, "nor of three");
	is_number(utf8_decode(STR("\xed\xa0\x80"), &c), 0, "no surrogate");
	is_number(utf8_decode(STR("\xe2\x82"), &c), 0, "not cut off");
	is_number(utf8_decode(STR(""), &c), 0, "not nothing");
}

static void
test_json(void)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct json json = {.out = &out};

	json_object_begin(&json);
	json_key(&json, "list");
	json_array_begin(&json);
	json_int(&json, INT64_MIN);
	json_int(&json, INT64_MAX);
	json_real(&json, 0.1);
	json_real(&json, 100.0 / 3);
	json_real(&json, 1e300);
	json_real(&json, __builtin_nan(""));
	json_bool(&json, false);
	json_null(&json);
	json_array_end(&json);
	json_key_str(&json, STR("a\nb"));
	json_object_begin(&json);
	json_object_end(&json);
	json_key(&json, "d");
	json_array_begin(&json);
	json_decimal(&json, 50000, 6);
	json_decimal(&json, 3000000, 6);
	json_decimal(&json, -1500, 3);
	json_decimal(&json, 0, 6);
	json_decimal(&json, INT64_MIN, 18);
	json_array_end(&json);
	json_object_end(&json);
	is_text(out.p, out.len,
	    "{\"list\":[-9223372036854775808,9223372036854775807,0.1,33.333333333333336,"
	    "1e+300,null,false,null],\"a\\nb\":{},"
	    "\"d\":[0.05,3,-1.5,0,-9.223372036854775808]}",
	    "nesting and numbers");
	buf_done(&out);
}

static void
test_nearest(void)
{
	static const char *const names[] = {
	    "sender", "recipient", "reason", "relay", "relay_ip", "ip", "auth_failure"};
	static const struct {
		const char *word, *near;
	} cases[] = {
		{"sendr", "sender"},
		{"sneder", "sender"},
		{"SENDER", "sender"},
		{"recipent", "recipient"},
		{"relayip", "relay_ip"},
		{"auth", "auth_failure"},
		{"pi", "ip"},
		{"xyzzy", NULL},
		{"", NULL},
		{"a-word-that-is-longer-than-any-name-could-be", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *near = nearest(str_of(cases[i].word), names, 7);

		ok(near == cases[i].near ||
			(near && cases[i].near && strcmp(near, cases[i].near) == 0),
		    "near \"%s\": %s", cases[i].word, near ? near : "nothing");
	}
}

static bool
matches(const char *pattern, struct str text)
{
	struct regex *regex;
	struct err err;
	bool match;

	if (regex_compile(str_of(pattern), &regex, &err) < 0)
		return false;
	match = regex_match(regex, text);
	match = regex_match(regex, text) && match;
	regex_free(regex);
	return match;
}

static void
test_regex(void)
{
	struct regex *regex;
	struct err err;
	char text[60000];

	ok(matches("aDm", STR("the ADMIN")), "plain text, caseless");
	ok(!matches("admin", STR("admi")), "not a part of it");
	ok(matches("", STR("")), "the empty pattern");
	ok(matches("^a+$", STR("AAA")), "a pattern, caseless");
	ok(!matches("^a+$", STR("")), "and no match");
	ok(matches("x\\x00y", STR("x\0Y")), "a NUL in the text");
	ok(matches("\xff+", STR("\xff")), "bytes that are not UTF-8");
	ok(regex_compile(STR("(*UTF)."), &regex, &err) < 0, "UTF mode is refused");
	ok(regex_compile(STR("a{2,1}"), &regex, &err) < 0, "a bad one: %s", err.text);
	memset(text, 'a', sizeof(text));
	ok(matches("^(a|b)*$", (struct str){text, 3000}), "a line's length is no problem");
	ok(!matches("(a+)+$b", (struct str){text, sizeof(text)}), "a runaway pattern ends");
}

/* The maximum is no power of two, as buffers grow. */
static void
test_maximum(void)
{
	struct buf out = BUF_INIT(300);

	for (int i = 0; i < 297; i++)
		buf_char(&out, 'x');
	buf_printf(&out, "%s", "abc");
	ok(out.len == 300 && !out.overflow, "a buffer takes as much as is said");
	buf_char(&out, 'x');
	ok(out.len == 300 && out.overflow, "and no more");
	buf_done(&out);
}

int
main(void)
{
	test_maximum();
	test_escape();
	test_escape_shell();
	test_utf8();
	test_json();
	test_nearest();
	test_regex();
	return tap_done();
}
