/* SPDX-License-Identifier: Apache-2.0
 *
 * A store that is damaged: set aside with its WAL, and read around what makes no sense.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/civil.h"
#include "base/now.h"
#include "store-kit.h"

#define EVENTS 2000u /* of 1 KiB, a minute between them */

static struct kit_event kit;

static void
fill_store(int64_t first)
{
	struct store_position position = {.name = STR("mail.log"), .offset = 7};
	struct ban ban = {.rule = STR("r"), .key = STR("k"), .until = INT64_MAX,
	    .lifted = INT64_MIN, .from = first, .id = 5};
	struct store *store = kit_open("sqlite:x.db");
	static char text[1024];
	struct err err;

	memset(text, 'x', sizeof(text));
	kit_must(store_begin(store, &err), &err, "begin");
	kit_must(store_positions_save(store, &position, 1, &err), &err, "positions");
	kit_must(store_ban(store, &ban, &err), &err, "ban");
	for (unsigned i = 0; i < EVENTS; i++) {
		kit_begin(&kit, i + 1, first + (int64_t)i * 60 * USEC_PER_SEC, KIND_connect);
		kit_text(&kit, FIELD_text, (struct str){text, sizeof(text)});
		kit_must(kit_write(store, &kit, &err), &err, "event");
	}
	kit_must(store_commit(store, &err), &err, "commit");
	store_close(store);
}

/* COUNT bytes at OFFSET of x.db, which make no sense. */
static void
overwrite(off_t offset, size_t count)
{
	int fd = open("x.db", O_WRONLY | O_CLOEXEC);

	while (fd >= 0 && count-- > 0 && pwrite(fd, "\xaa", 1, offset) == 1)
		offset++;
	close(fd);
}

static struct store_salvaged
salvage(const char *url, int64_t since, struct store **ret)
{
	struct store_settings settings = {.url = url, .alone = true};
	struct store_salvaged salvaged = {0};
	struct store *from;
	struct err err = {""};

	*ret = kit_open("memory:");
	if (store_open(&settings, &from, &err) < 0) {
		printf("# %s\n", err.text);
		return salvaged;
	}
	kit_must(store_salvage(from, since, *ret, NULL, NULL, &salvaged, &err), &err,
	    "salvage");
	store_close(from);
	return salvaged;
}

static void
test_around(void)
{
	int64_t first = now_wall() - USEC_PER_DAY * 2, last;
	struct store_salvaged salvaged;
	struct stat status;
	struct store *store;
	struct err err = {""};
	char *aside;

	fill_store(first);
	stat("x.db", &status);
	overwrite(status.st_size / 2 / 4096 * 4096, 4096);
	close(open("x.db-wal", O_WRONLY | O_CREAT, 0600));
	ok(store_set_aside("sqlite:x.db", &aside, &err) == 0, "set aside %s", err.text);
	ok(access("x.db", F_OK) < 0 && access("x.db-wal", F_OK) < 0 &&
	    strstr(aside, "x.db.damaged-2") && access(store_file(aside), F_OK) == 0,
	    "under another name: %s", aside);
	salvaged = salvage(aside, first, &store);
	printf("# %llu events\n", (unsigned long long)salvaged.events);
	ok(salvaged.positions == 1 && salvaged.bans == 1, "positions and bans");
	ok(salvaged.events > EVENTS * 9 / 10 && salvaged.events < EVENTS, "and most events");
	is_number((int64_t)kit_count(store, NULL, &err), (int64_t)salvaged.events,
	    "are there");
	ok(store_last_judged(store, &last, &err) == 0 &&
	    last > now_wall() - USEC_PER_DAY, "those behind the damage, too");
	store_close(store);
	free(aside);
}

static void
test_nothing(void)
{
	struct store_salvaged salvaged;
	struct store *store;
	struct err err = {""};
	unsigned count = 1;
	char *aside = NULL;
	char name[64];

	fill_store(now_wall());
	overwrite(0, 4096);
	sleep(1); /* the name has the time */
	ok(store_set_aside("sqlite:x.db", &aside, &err) == 0, "set aside %s", err.text);
	salvaged = salvage(aside, 0, &store);
	ok(salvaged.positions == 0 && salvaged.bans == 0 && salvaged.events == 0,
	    "of one without a head there is nothing");
	store_close(store);
	free(aside);
	for (; count < STORE_ASIDE_MOST - 1; count++) {
		snprintf(name, sizeof(name), "x.db.damaged-%u", count);
		close(open(name, O_WRONLY | O_CREAT, 0600));
	}
	fill_store(now_wall());
	ok(store_set_aside("sqlite:x.db", &aside, &err) < 0 && access("x.db", F_OK) == 0,
	    "too many: %s", err.text);
	ok(store_set_aside("memory:", &aside, &err) < 0, "one without a file: %s", err.text);
}

int
main(void)
{
	kit_enter();
	test_around();
	test_nothing();
	kit_leave();
	return tap_done();
}
