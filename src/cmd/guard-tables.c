/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-tables: the nft tables of the actions are ours alone, as long as the process lives
 * that starts the others. Who asks whose they are is let in and out again.
 */
#include <unistd.h>

#include "cmd/guard-room.h"

static void
no_fault(void *context, const char *text)
{
	(void)context;
	(void)text;
}

int
tables_hold(struct guard_tables *tables, struct guard_run *run, struct err *err)
{
	struct act_config config;
	int fd;

	tables->count = 0;
	actions_make(run->settings, &run->arena, no_fault, NULL, &config);
	for (size_t i = 0; i < config.count && tables->count < ACTIONS_MOST; i++) {
		if (config.actions[i].sort != ACT_NFT)
			continue;
		if (act_table_hold(config.actions[i].table, &fd, err) < 0) {
			tables_release(tables);
			return err_wrap(err, "action %s", config.actions[i].name);
		}
		if (fd >= 0)
			tables->held[tables->count++] = fd;
	}
	return 0;
}

void
tables_release(struct guard_tables *tables)
{
	while (tables->count)
		close(tables->held[--tables->count]);
}

void
tables_turn_away(const struct guard_tables *tables)
{
	for (size_t i = 0; i < tables->count; i++)
		act_table_turn_away(tables->held[i]);
}
