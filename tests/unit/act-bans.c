/* SPDX-License-Identifier: Apache-2.0
 *
 * act: how many bans an action keeps, and which messages make sense.
 */
#include <stdlib.h>

#include "act/room.h"
#include "tap.h"

/* Whoever asks for more and more bans does not fill a process with privileges. */
static void
full(void)
{
	size_t count = BANS_MOST;
	struct change *changes = xcalloc(count + 3, sizeof(*changes)), *more = changes + count;
	struct act_bans bans = {0};

	for (size_t i = 0; i < count + 3; i++) {
		changes[i].ban = (struct act_ban){.id = 1, .until = INT64_MAX};
		cidr_parse(STR("10.0.0.0"), &changes[i].ban.prefix);
		for (unsigned b = 1; b < 4; b++)
			changes[i].ban.prefix.base.byte[b] = (uint8_t)(i >> (24 - 8 * b));
	}
	act_bans_change(&bans, changes, count - 1);
	more[1] = changes[7];
	more[1].ban.id = 2;
	ok(act_bans_change(&bans, more, 3) == 1 && bans.count == count &&
	    act_bans_find(&bans, &changes[7].ban.prefix)->id == 2 &&
	    !act_bans_find(&bans, &more[2].ban.prefix),
	    "a full list takes no more, but what changes in it");
	ok(!act_bans_put(&bans, &more[2].ban) &&
	    act_bans_take(&bans, &changes[9].ban.prefix) &&
	    act_bans_put(&bans, &more[2].ban) && bans.count == count, "until one has gone");
	free(changes);
	free(bans.bans);
}

static void
hostile_messages(void)
{
	static const struct {
		struct act_message message;
		bool good;
	} rows[] = {
		{{.op = OP_BAN, .family = 4, .bits = 32, .address = {192, 0, 2, 1},
		    .until = 1}, true},
		{{.op = OP_BAN, .family = 4, .bits = 24, .address = {192, 0, 2, 0},
		    .until = 1}, true},
		{{.op = OP_UNBAN, .family = 4, .bits = 32, .address = {192, 0, 2, 1}}, true},
		{{.op = OP_BAN, .family = 4, .bits = 32, .address = {192, 0, 2, 1}}, false},
		{{.op = OP_BAN, .family = 4, .bits = 32, .address = {192, 0, 2, 1},
		    .until = INT64_MIN}, false},
		{{.op = OP_BAN, .family = 4, .bits = 24, .address = {192, 0, 2, 1},
		    .until = 1}, false},
		{{.op = OP_BAN, .family = 4, .bits = 33, .address = {192, 0, 2, 1},
		    .until = 1}, false},
		{{.op = OP_BAN, .family = 4, .bits = 0, .until = 1}, false},
		{{.op = OP_BAN, .family = 6, .bits = 8, .until = 1}, false},
		{{.op = OP_BAN, .family = 9, .bits = 32, .until = 1}, false},
		{{.op = 0}, false},
		{{.op = OP_COUNT}, false},
		{{.op = OP_STOP}, true},
	};
	struct change change;
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		wrong += message_check(&rows[i].message, &change) != rows[i].good;
	ok(wrong == 0, "messages that make no sense are not followed");
}

int
main(void)
{
	full();
	hostile_messages();
	return tap_done();
}
