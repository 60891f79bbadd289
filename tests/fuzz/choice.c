/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes the expressions that choose postscreen's clients by their actions: what is
 * read must choose the same of a client twice, and its negation the others.
 */
#include "report/screen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct table *
one_client(void)
{
	struct table *table = table_new("client", 1 + SCREEN_FIRST_RETURNED + 1);
	struct cell *cells = table_row(table);

	for (unsigned a = 0; a < SCREEN_ACTION_COUNT; a += 3)
		cells[1 + a] = (struct cell){.known = true, .n = a};
	return table;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct screen_choice *choice, *opposite;
	struct buf negated = BUF_INIT(1u << 20);
	struct table *table;
	struct err err;

	if (screen_choice_parse(text, &choice, &err) < 0)
		return 0;
	table = one_client();
	buf_str(&negated, STR("!("));
	buf_str(&negated, text);
	buf_char(&negated, ')');
	/* It may have become too deep or too long. */
	if (screen_choice_parse(buf_view(&negated), &opposite, &err) == 0) {
		if (screen_chooses(choice, table, 0) == screen_chooses(opposite, table, 0))
			abort();
		screen_choice_free(opposite);
	}
	screen_choice_free(choice);
	table_free(table);
	buf_done(&negated);
	return 0;
}
