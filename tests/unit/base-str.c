/* SPDX-License-Identifier: Apache-2.0
 *
 * str: slices at their edges, and numbers up to theirs.
 */
#include "base/str.h"

#include "tap.h"

static void
searching(void)
{
	struct str s = STR("a: b: c"), none = {NULL, 0}, rest;

	is_number((int64_t)str_index(s, ':'), 1, "first of a character");
	is_number((int64_t)str_index(s, 'x'), 7, "none of it");
	is_number((int64_t)str_find(s, STR(": ")), 1, "first of a text");
	is_number((int64_t)str_find_last(s, STR(": ")), 4, "last of a text");
	is_number((int64_t)str_find_last(s, STR("a: b: c d")), 7, "a text that is too long");
	is_number((int64_t)str_find(none, STR("x")), 0, "nothing in nothing");
	is_number((int64_t)str_find_last(none, STR("x")), 0, "nor the last of it");
	rest = s;
	is_text(rest.p, str_cut(&rest, ':').len, " ", "str_cut takes what stands before");
	is_text(rest.p, rest.len, " b: c", "and leaves what stands behind");
	rest = STR("abc");
	is_number((int64_t)str_cut(&rest, ':').len, 3, "without the character it takes all");
	is_number((int64_t)rest.len, 0, "and leaves nothing");
	rest = STR("abc:");
	str_cut(&rest, ':');
	is_number((int64_t)rest.len, 0, "nothing stands behind the last character");
	s = str_trim(STR(" \t a b\t "));
	is_text(s.p, s.len, "a b", "spaces and tabs are trimmed");
	is_number((int64_t)str_trim(STR(" \t ")).len, 0, "to nothing, if that is all");
}

static void
numbers(void)
{
	struct str s = STR("12ab");
	int64_t n = -1;

	ok(str_skip_number(&s, &n) && n == 12 && s.len == 2, "a number in front");
	ok(!str_skip_number(&s, &n) && s.len == 2 && n == 12, "none: all stays as it was");
	ok(str_number(STR("9223372036854775807"), &n) && n == INT64_MAX, "the largest number");
	ok(!str_number(STR("9223372036854775808"), &n), "one more is too much");
	ok(!str_number(STR("99999999999999999999999"), &n), "and so is more");
	ok(!str_number(STR(""), &n) && !str_number(STR("-1"), &n) &&
	    !str_number(STR("1 "), &n), "digits only, and at least one");
	ok(str_number(STR("0007"), &n) && n == 7, "zeroes in front count nothing");
}

static void
comparing(void)
{
	struct str none = {NULL, 0};

	ok(str_eq(none, STR("")) && !str_eq(none, STR("a")), "empty slices are equal");
	ok(str_eq_nocase(STR("PASS new"), STR("pass NEW")), "equal but for case");
	ok(!str_eq_nocase(STR("a"), STR("ab")), "not if one is longer");
	ok(str_compare(STR("a"), STR("b")) < 0 && str_compare(STR("b"), STR("a")) > 0,
	    "order");
	ok(str_compare(STR("a"), STR("ab")) < 0 && str_compare(none, none) == 0,
	    "the shorter comes first");
	ok(str_compare(STR("\x7f"), STR("\xc3")) < 0, "bytes have no sign");
	ok(str_starts(STR("ab"), STR("a")) && !str_starts(STR("a"), STR("ab")), "beginnings");
	ok(str_ends(STR("ab"), STR("b")) && !str_ends(STR("b"), STR("ab")), "ends");
}

int
main(void)
{
	searching();
	numbers();
	comparing();
	return tap_done();
}
