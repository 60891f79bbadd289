/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite on a disk that is full, or has no larger file for it: what failed is undone, and
 * done again when there is room; what SQLite itself took is given up again.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store-kit.h"

/* The status of a test that needs a file system of its own, and cannot have one. */
#define NO_DISK 77

static struct kit_event kit;

/* Writes until it fails, then again after AGAIN made room. */
static int
fill(const char *url, const char *want, void (*again)(void))
{
	static char text[60000];
	struct store_settings settings = {.url = url};
	struct store *store;
	struct err err = {""};
	size_t before;
	int failed = 0;

	if (store_open(&settings, &store, &err) < 0) {
		printf("# %s\n", err.text);
		return 1;
	}
	for (uint64_t i = 0; i < 1000 && !failed; i++) {
		before = kit_count(store, NULL, &err);
		failed = store_begin(store, &err);
		for (uint64_t k = 0; k < 4 && !failed; k++) {
			kit_begin(&kit, 4 * i + k, (int64_t)i, KIND_connect);
			kit_text(&kit, FIELD_text, (struct str){text, sizeof(text)});
			failed = kit_write(store, &kit, &err);
		}
		if (!failed)
			failed = store_commit(store, &err);
	}
	store_rollback(store);
	printf("# %s\n", err.text);
	if (!failed || !strstr(err.text, want))
		return 2;
	if (kit_count(store, NULL, &err) != before)
		return 3;
	again();
	if (store_begin(store, &err) < 0 || kit_write(store, &kit, &err) < 0 ||
	    store_commit(store, &err) < 0 || kit_count(store, NULL, &err) != before + 1) {
		printf("# %s\n", err.text);
		return 4;
	}
	store_close(store);
	return 0;
}

static void
set_limit(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void
lift_limit(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	set_limit(limit.rlim_max);
}

static int
fill_to_limit(void)
{
	signal(SIGXFSZ, SIG_IGN);
	set_limit(3 << 20);
	return fill("sqlite:x.db", "cannot be read or written", lift_limit);
}

static void
remove_ballast(void)
{
	unlink("full/ballast");
}

/* A file system of our own, of 6 MiB. False: not to be had here. */
static bool
small_disk(void)
{
	char map[64];
	uid_t uid = geteuid();

	if (uid != 0) {
		snprintf(map, sizeof(map), "0 %u 1", uid);
		if (unshare(CLONE_NEWUSER) < 0 || !kit_write_file("/proc/self/uid_map", map))
			return false;
	}
	return unshare(CLONE_NEWNS) == 0 &&
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    (mkdir("full", 0700) == 0 || errno == EEXIST) &&
	    mount("tmpfs", "full", "tmpfs", 0, "size=6m") == 0;
}

/* Half of it taken by others. */
static int
fill_disk(void)
{
	int fd;

	if (!small_disk())
		return NO_DISK;
	fd = open("full/ballast", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || posix_fallocate(fd, 0, 3 << 20) != 0)
		return NO_DISK;
	close(fd);
	return fill("sqlite:full/x.db", "no space left on the disk", remove_ballast);
}

/* ---- the WAL has all of it ---- */

static const struct store_settings on_disk = {.url = "sqlite:full/x.db", .busy_usec = 30000};

static int
save_positions(struct store *store, struct err *err)
{
	static char name[2000];
	struct store_position positions[40];

	memset(name, 'n', sizeof(name));
	for (size_t i = 0; i < 40; i++)
		positions[i] = (struct store_position){.name = {name, sizeof(name)}};
	return store_positions_save(store, positions, 40, err);
}

static int
save_event(struct store *store, uint64_t number, struct err *err)
{
	static char text[20000];

	kit_begin(&kit, number, (int64_t)number, KIND_connect);
	kit_text(&kit, FIELD_text, (struct str){text, sizeof(text)});
	return store_begin(store, err) == 0 && kit_write(store, &kit, err) == 0 ?
	    store_commit(store, err) : -1;
}

/* What fills it: the same pages over and over, or EVENTS, that will take room in the file. */
struct filled {
	bool events, killed;
	struct store *store;
	uint64_t *written; /* events that are there; of all processes */
};

/* While somebody reads what there was, all that is written stays in the WAL. */
static int
fill_wal(struct filled *filled)
{
	struct store_settings reading = {.url = on_disk.url, .read_only = true};
	struct store *store, *reader;
	struct stat status = {.st_size = 0};
	struct err err = {""};
	int result = 0;

	kit_must(store_open(&on_disk, &store, &err), &err, "store");
	kit_must(save_positions(store, &err), &err, "positions");
	kit_must(store_open(&reading, &reader, &err), &err, "reader");
	kit_must(store_hold(reader, &err), &err, "hold");
	kit_count(reader, NULL, &err);
	while (result == 0) {
		result = filled->events ? save_event(store, *filled->written, &err)
					: save_positions(store, &err);
		*filled->written += filled->events && result == 0;
	}
	store_rollback(store);
	stat("full/x.db-wal", &status);
	printf("# %s: WAL of %lld bytes\n", err.text, (long long)status.st_size);
	filled->store = store;
	if (filled->killed)
		return strstr(err.text, "no space left") ? 0 : 2;
	store_close(reader);
	return strstr(err.text, "no space left") && status.st_size > 2 << 20 ? 0 : 2;
}

/*
 * Nobody gave up any room: what is there is there, and more than its size is written. That
 * fails now and then, as the WAL cannot become as long as it would, but is done when tried
 * again.
 */
static int
goes_on(struct filled *filled)
{
	struct err err = {""};

	for (unsigned i = 0; i < 200; i++)
		if (save_positions(filled->store, &err) < 0 &&
		    save_positions(filled->store, &err) < 0) {
			printf("# after %u: %s\n", i, err.text);
			return 4;
		}
	if (kit_count(filled->store, NULL, &err) != *filled->written)
		return 5;
	store_close(filled->store);
	return 0;
}

/* It goes on where it failed, or, killed there, in another process. */
static int
take_disk(bool events, bool killed)
{
	struct filled filled = {events, killed, NULL, mmap(NULL, sizeof(uint64_t),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)};
	struct err err = {""};
	int status = 0;
	pid_t pid;

	if (!small_disk())
		return NO_DISK;
	if (!killed) {
		status = fill_wal(&filled);
		return status ? status : goes_on(&filled);
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		status = fill_wal(&filled);
		fflush(stdout);
		_exit(status);
	}
	if (waitpid(pid, &status, 0) < 0 || status != 0)
		return 3;
	if (store_open(&on_disk, &filled.store, &err) == 0)
		return goes_on(&filled);
	printf("# %s\n", err.text);
	return 6;
}

static int
take_by_rewriting(void)
{
	return take_disk(false, false);
}

static int
take_by_rewriting_killed(void)
{
	return take_disk(false, true);
}

static int
take_by_events(void)
{
	return take_disk(true, false);
}

static int
take_by_events_killed(void)
{
	return take_disk(true, true);
}

/* TEST's result, in a process of its own. */
static void
in_child(int (*test)(void), const char *what)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		int result = test();

		fflush(stdout);
		_exit(result);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_DISK)
		ok(true, "%s # SKIP no file system of our own", what);
	else
		is_number(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0, what);
}

int
main(void)
{
	kit_enter();
	in_child(fill_to_limit, "no larger file: undone, and done again later");
	in_child(fill_disk, "full disk: undone, and done again later");
	in_child(take_by_rewriting, "a WAL that took the disk gives it back");
	in_child(take_by_rewriting_killed, "and after a kill");
	in_child(take_by_events, "a WAL that took the disk, its events not yet in the file");
	in_child(take_by_events_killed, "and after a kill");
	kit_leave();
	return tap_done();
}
