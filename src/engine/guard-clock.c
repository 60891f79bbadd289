/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-clock: the time of day is set now and then, by hand or when the network comes up.
 * A ban ends at its time of day, which is what is written down and shown; but the kernel's
 * sets end their elements by a clock that only goes on, so actions are told anew. Set
 * back, bans that had ended may be active again, and windows would wait for the time to
 * come that their latest events had.
 */
#include "engine/guard-room.h"

#include <stdlib.h>

#include "base/civil.h"

/* Slewing is slower by far, from one turn to the next. */
#define STEP (USEC_PER_SEC / 2)

void
guard_watch_clock(struct guard *guard)
{
	int64_t clock = now_wall() - now_monotonic();
	int64_t step = clock - guard->clock;

	guard->clock = clock;
	if (llabs(step) < STEP)
		return;
	guard_log(guard, GUARD_WARNING, "the clock was set %s by %lld s; bans end at the time "
	    "of day that they had", step < 0 ? "back" : "forward",
	    (long long)((llabs(step) + STEP) / USEC_PER_SEC));
	if (step < 0 && !guard->behind) {
		guard_renew(guard, now_wall());
		return;
	}
	for (size_t a = 0; a < 64 && (guard->all_actions >> a & 1); a++)
		guard_tell_all(guard, a);
}
