/* SPDX-License-Identifier: Apache-2.0
 *
 * What rules say in words: how long, who is allowed.
 */
#include "base/civil.h"
#include "engine/rule-text.h"
#include "tap.h"

#define HOUR USEC_PER_HOUR

static void
is_ban(const char *text, int64_t first, int64_t most, double factor, double jitter)
{
	struct detect_ban ban;
	struct err err = {""};

	ok(rule_ban(str_of(text), &ban, &err) == 0 && ban.first == first && ban.most == most &&
	    ban.factor >= factor && ban.factor <= factor && ban.jitter >= jitter &&
	    ban.jitter <= jitter, "%s", text);
}

static void
is_no_ban(const char *text)
{
	struct detect_ban ban;
	struct err err = {""};

	ok(rule_ban(str_of(text), &ban, &err) < 0 && *err.text, "not: %s", text);
}

static void
bans(void)
{
	is_ban("1h", HOUR, HOUR, 1, 0);
	is_ban("1h, x2", HOUR, INT64_MAX, 2, 0);
	is_ban("1h, x2, up to 1w", HOUR, 168 * HOUR, 2, 0);
	is_ban("1h, x2, up to 1h", HOUR, HOUR, 2, 0);
	is_ban("1h, up to forever, x1.5", HOUR, INT64_MAX, 1.5, 0);
	is_ban("1h, jitter 50%", HOUR, INT64_MAX, 1, .5);
	is_ban("1h, jitter 50%, up to 1h", HOUR, HOUR, 1, .5);
	is_ban("forever, x2", INT64_MAX, INT64_MAX, 2, 0);
	is_no_ban("2h, up to 1h");
	is_no_ban("1h, x2, x3");
	is_no_ban("1h, x0.5");
}

/* Of the only item TEXT. */
static bool
allows(const char *text, struct detect_allow *ret, struct arena *arena, struct err *err)
{
	struct str item = str_of(text);

	return rule_allow(&item, 1, arena, ret, err) == 0;
}

static void
names(void)
{
	static const char *const wrong[] = {"name:", "name:..", "name:.",
	    "name:*.example.test",
	    "name:a b", "name:example..test", "name:192.0.2.1/24", "name:mx@example.test"};
	struct arena arena = {0};
	struct detect_allow allow;
	struct err err = {""};

	ok(allows("name:mx-1.example.test", &allow, &arena, &err) && allow.name_count == 1 &&
	    str_eq(allow.names[0], STR("mx-1.example.test")), "a host");
	ok(allows("name:.example.test.", &allow, &arena, &err) &&
	    str_eq(allow.names[0], STR(".example.test")),
	    "a domain, its last dot does not count");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ok(!allows(wrong[i], &allow, &arena, &err) && *err.text, "not: %s", wrong[i]);
	ok(!allows("name:*.example.test", &allow, &arena, &err) &&
	    strstr(err.text, "name:.example.test"), "how it is written is said: %s", err.text);
	arena_free(&arena);
}

int
main(void)
{
	bans();
	names();
	return tap_done();
}
