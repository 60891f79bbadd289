/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes postern.conf: read, and made into rules and actions. Each fault that is counted
 * is told, as text, and what has none can be judged by.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int told;

static void
take_fault(void *context, const char *text)
{
	(void)context;
	told++;
	if (!*text)
		abort();
}

static void
check_rules(const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct detect_rule *rule = &rules->rules[i];

		if (!rule->match || rule->count < 1 || rule->within < 1 ||
		    rule->ban.first < 1 || rule->ban.factor < 1 ||
		    (rule->scores && rule->distinct))
			abort();
		for (size_t a = 0; a < rule->score_count; a++)
			if (!rule->scores[a].where || rule->scores[a].points < 1)
				abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("settings", MFD_CLOEXEC), faults, more;
	struct act_config actions = {0};
	struct settings *settings = NULL;
	struct arena arena = {0};
	struct rules rules;
	char path[64];
	struct err err;

	if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	told = 0;
	faults = settings_read(path, take_fault, NULL, &settings, &err);
	if (faults >= 0 && faults != told)
		abort();
	more = rules_make(settings, take_fault, NULL, &rules);
	more += actions_make(settings, &arena, take_fault, NULL, &actions);
	/* What was told when it was read may count once more. */
	if (faults >= 0 && (faults ? faults + more < told : more != told))
		abort();
	check_rules(&rules);
	rules_done(&rules);
	arena_free(&arena);
	settings_free(settings);
	close(fd);
	return 0;
}
