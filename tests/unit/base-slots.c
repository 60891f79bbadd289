/* SPDX-License-Identifier: Apache-2.0
 *
 * slots: whatever the hashes are, all that was put in is found after the table has grown
 * in place, once, and nothing else.
 */
#include "base/slots.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define FIRST 16u
#define COUNT 5000u

static uint32_t
any(uint32_t number)
{
	return number * UINT32_C(2654435761);
}

/* They stand close to each other, at the end of every table and around it. */
static uint32_t
at_the_end(uint32_t number)
{
	return UINT32_MAX - number % 7;
}

/* Half of them move to the second half, next to each other. */
static uint32_t
in_a_row(uint32_t number)
{
	return number / 2;
}

static uint32_t
few(uint32_t number)
{
	return number % 3 * UINT32_C(0x10000001) + 14;
}

/* Is NUMBER found from HASH on? */
static bool
is_found(const struct region *table, uint32_t mask, uint32_t hash, uint32_t number)
{
	const struct slot *slots = slots_in(table);

	for (uint32_t i = hash & mask; slots[i].number; i = (i + 1) & mask)
		if (slots[i].number == number)
			return slots[i].hash == hash;
	return false;
}

/* How many of the first COUNT numbers are lost, or how many are there too often. */
static unsigned
wrong_of(const struct region *table, uint32_t mask, uint32_t (*hash)(uint32_t), uint32_t count)
{
	unsigned wrong = 0;
	uint32_t used = 0;

	for (uint32_t number = 1; number <= count; number++)
		wrong += !is_found(table, mask, hash(number), number);
	for (uint32_t i = 0; i <= mask; i++)
		used += slots_in(table)[i].number != 0;
	return wrong + (used != count);
}

static void
test_growing(const char *what, uint32_t (*hash)(uint32_t))
{
	struct region table = {.p = NULL};
	uint32_t mask = 0;
	unsigned wrong = 0;

	for (uint32_t number = 1; number <= COUNT; number++) {
		if (mask == 0 || number > mask / 8 * 7) {
			slots_double(&table, &mask, FIRST);
			wrong += wrong_of(&table, mask, hash, number - 1);
		}
		slots_put(slots_in(&table), mask, (struct slot){hash(number), number});
	}
	ok(wrong == 0 && mask == 8191, "%s: %u grow in place", what, COUNT);
	region_free(&table);
}

/* 2^31 slots have no double that a number of 32 bits counts. */
static void
test_too_many(void)
{
	struct region table = {.p = NULL};
	uint32_t mask = INT32_MAX;
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
		slots_double(&table, &mask, FIRST);
		_exit(0);
	}
	close(ends[1]);
	n = read(ends[0], said, sizeof(said) - 1);
	said[n > 0 ? n : 0] = '\0';
	ok(waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
	    WTERMSIG(status) == SIGABRT && strstr(said, "out of memory (34359738368 bytes"),
	    "too many end as memory that runs out does");
	close(ends[0]);
}

int
main(void)
{
	test_growing("hashes of all sorts", any);
	test_growing("around the end", at_the_end);
	test_growing("in a row", in_a_row);
	test_growing("of three hashes", few);
	test_too_many();
	return tap_done();
}
