/* SPDX-License-Identifier: Apache-2.0
 *
 * history: earlier bans make the next one longer. The jitter keeps a net of machines
 * that was banned at once from coming back at once; it comes from a hash, so that a
 * replay finds the same.
 */
#include "detect/room.h"

void
history_add(struct history *history, int64_t from, int64_t until)
{
	if (history->count == HISTORY_TIMES) {
		memmove(history->times, history->times + 1,
		    (HISTORY_TIMES - 1) * sizeof(*history->times));
		history->count--;
	}
	history->times[history->count++] = from;
	history->until = until > history->until ? until : history->until;
}

uint32_t
history_offence(const struct history *history, const struct detect_ban *ban, int64_t time)
{
	uint32_t offence = 1;

	for (uint32_t i = 0; i < history->count; i++)
		offence += time - history->times[i] <= ban->remembered;
	return offence;
}

int64_t
ban_length(const struct detect_ban *ban, uint32_t offence, uint64_t salt)
{
	double length = (double)ban->first, most = (double)ban->most;

	if (ban->first == INT64_MAX)
		return INT64_MAX;
	for (uint32_t n = 1; n < offence && length < most; n++)
		length *= ban->factor;
	length = length > most ? most : length;
	length += length * ban->jitter * ((double)(salt >> 11) / (double)(1ull << 53));
	return length >= (double)INT64_MAX / 2 ? INT64_MAX : (int64_t)length;
}
