/* SPDX-License-Identifier: Apache-2.0
 *
 * now: the time in microseconds. What is judged goes by the time of events, not by this.
 */
#ifndef BASE_NOW_H
#define BASE_NOW_H

#include <stdint.h>
#include <time.h>

static inline int64_t
now_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Since 1970 UTC; it may be set back. */
static inline int64_t
now_wall(void)
{
	return now_of(CLOCK_REALTIME);
}

/* Since some moment; it only goes on. */
static inline int64_t
now_monotonic(void)
{
	return now_of(CLOCK_MONOTONIC);
}

#endif
