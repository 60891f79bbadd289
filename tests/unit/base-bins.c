/* SPDX-License-Identifier: Apache-2.0
 *
 * bins: whatever the hashes are, all that was put in is found, once, also after the table
 * has grown and where many are in one bin or have one tag.
 */
#include "base/bins.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define COUNT 5000u

static uint32_t
any(uint32_t number)
{
	return number * UINT32_C(2654435761);
}

/* All in the last bin of every table, and around its end. */
static uint32_t
at_the_end(uint32_t number)
{
	return UINT32_MAX - number % 7 * UINT32_C(0x01000000);
}

/* All under one tag. */
static uint32_t
of_one_tag(uint32_t number)
{
	return number / 2;
}

/* How often NUMBER is found from HASH on. */
static unsigned
times_found(const struct bins *bins, uint32_t hash, uint32_t number)
{
	unsigned times = 0;

	for (uint32_t at = hash;; at++) {
		const struct bin *bin = bin_of(bins, at);

		for (uint32_t found = bin_find(bin, hash); found; found &= found - 1)
			times += bin->number[__builtin_ctz(found)] == number;
		if (!bin_is_full(bin))
			return times;
	}
}

static void
test_growing(const char *what, uint32_t (*hash)(uint32_t))
{
	struct bins bins = {.mask = 0};
	unsigned wrong = 0, grown = 0;

	for (uint32_t number = 0; number < COUNT; number++) {
		if (!bins_have_room(&bins, number)) {
			bins_double(&bins);
			grown++;
			for (uint32_t n = 0; n < number; n++)
				bins_put(&bins, hash(n), n);
			for (uint32_t n = 0; n < number; n++)
				wrong += times_found(&bins, hash(n), n) != 1;
		}
		bins_put(&bins, hash(number), number);
	}
	for (uint32_t n = 0; n < COUNT; n++)
		wrong += times_found(&bins, hash(n), n) != 1;
	ok(wrong == 0 && grown == 8 && bins.mask == 1023, "%s: %u are found", what, COUNT);
	region_free(&bins.region);
}

static void
test_clearing(void)
{
	struct bins bins = {.mask = 0};

	bins_clear(&bins);
	bins_double(&bins);
	bins_put(&bins, 7, 3);
	ok(bin_likely(bin_of(&bins, 7), 7) == 3, "one alone is the likely one");
	bins_clear(&bins);
	ok(times_found(&bins, 7, 3) == 0 && bin_likely(bin_of(&bins, 7), 7) == 0,
	    "what is cleared is empty");
	region_free(&bins.region);
}

/* 2^31 bins have no double that a number of 32 bits counts. */
static void
test_too_many(void)
{
	struct bins bins = {.mask = INT32_MAX};
	int ends[2], status;
	char said[200];
	ssize_t n;
	pid_t child;

	if (pipe(ends) < 0)
		return;
	child = fork();
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		dup2(ends[1], STDERR_FILENO);
		bins_double(&bins);
		_exit(0);
	}
	close(ends[1]);
	n = read(ends[0], said, sizeof(said) - 1);
	said[n > 0 ? n : 0] = '\0';
	ok(waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
	    WTERMSIG(status) == SIGABRT && strstr(said, "out of memory (274877906944 bytes"),
	    "too many end as memory that runs out does");
	close(ends[0]);
}

int
main(void)
{
	test_growing("hashes of all sorts", any);
	test_growing("around the end", at_the_end);
	test_growing("under one tag", of_one_tag);
	test_clearing();
	test_too_many();
	return tap_done();
}
