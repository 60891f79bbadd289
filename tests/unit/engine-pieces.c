/* SPDX-License-Identifier: Apache-2.0
 *
 * pieces: where a thread begins that has nothing to read.
 */
#include "engine/pieces.h"

#include "tap.h"

/* STATE: '.' free, 'x' read, '>' read by one who may go on. Expects the piece under '^'. */
static void
check(const char *state, bool nearest, const char *mark, const char *what)
{
	struct piece list[16] = {{.taken = false}};
	struct pieces pieces = {.list = list, .count = strlen(state)};
	size_t want = 0;

	while (mark[want] == ' ')
		want++;
	for (size_t p = 0; p < pieces.count; p++)
		list[p] = (struct piece){.taken = state[p] != '.', .open = state[p] == '>'};
	is_number((int64_t)pieces_free_one(&pieces, nearest), (int64_t)want, what);
}

int
main(void)
{
	check("........", false,
	      "^", "at first the beginning");
	check(">.......", false,
	      "    ^", "then the middle");
	check(">...>...", false,
	      "  ^", "the middle of the first of two equal ones");
	check(">..>....", false,
	      "      ^", "of the largest");
	check("x..>....", true,
	      " ^", "or of the nearest, whose beginning it is where nobody goes on");
	check("xx.x...x", false,
	      "    ^", "the beginning of the largest");
	check("xxxx>..x", false,
	      "      ^", "of two the one behind");
	check("xxxxx>.x", false,
	      "        ^", "a single one is left to who comes to it");
	check(">.xx.xxx", false,
	      "    ^", "but not where nobody does");
	check("xxxxxxxx", false,
	      "        ^", "none is left");
	check("", false,
	      "^", "there was none");
	return tap_done();
}
