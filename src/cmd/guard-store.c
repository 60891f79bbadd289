/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-store: what a guard that runs keeps, for those who were given no log.
 */
#include "base/civil.h"
#include "cmd/room.h"
#include "serve/serve.h"

#define GUARD_USEC (USEC_PER_SEC / 2)

static void
ignore_fault(void *context, const char *text)
{
	(void)context;
	(void)text;
}

const char *
guard_store(const struct options *options, struct arena *arena, struct settings **ret)
{
	struct buf answer = BUF_INIT(65536);
	const char *store = NULL;
	struct err err;

	if (settings_read(options->config, ignore_fault, NULL, ret, &err) == 0 &&
	    control_call(arena_cstr(arena, settings_get(*ret, SETTING_guard_control)->text),
		STR("{\"op\":\"status\"}"), GUARD_USEC, &answer, &err) == 0)
		store = arena_cstr(arena, settings_get(*ret, SETTING_store_url)->text);
	buf_done(&answer);
	return store;
}
