/* SPDX-License-Identifier: Apache-2.0
 *
 * likeness: what an event tells, as a number that is the same for two lines that tell the
 * same, whatever wrote them and wherever they stand.
 */
#ifndef ENGINE_LIKENESS_H
#define ENGINE_LIKENESS_H

#include "event/event.h"

/* FIELD as a bit of word WORD of a set of fields. */
#define FIELD_BIT(field, word)                                                              \
	(FIELD_##field / 64 == (word) ? UINT64_C(1) << (FIELD_##field % 64) : 0)

/* Where and when an event was told, and how often: in which two tellings of one differ. */
#define PLACE_BITS(word)                                                                    \
	(FIELD_BIT(id, word) | FIELD_BIT(time, word) | FIELD_BIT(inferred, word) |          \
	    FIELD_BIT(truncated, word) | FIELD_BIT(count, word) | FIELD_BIT(source, word) | \
	    FIELD_BIT(lineno, word))

/* Seeded hash of the value of FIELD of EV. SYMBOLS: of numbered texts; NULL: it is raw. */
uint64_t likeness_of_field(const struct event *ev, enum field field,
    const struct symbols *symbols);

/* The same of all fields of EV but those in the set WITHOUT. */
uint64_t likeness(const struct event *ev, const uint64_t without[2],
    const struct symbols *symbols);

#endif
