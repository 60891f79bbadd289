/* SPDX-License-Identifier: Apache-2.0
 *
 * regex: a user's regular expression (PCRE2, caseless, by bytes) on text that
 * outsiders wrote. Time and memory of a match are bounded: one that passes the
 * bounds is no match.
 */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct regex;

int regex_compile(struct str pattern, struct regex **ret, struct err *err);
void regex_free(struct regex *regex);

/* Is there a match anywhere in S? Any number of threads may ask at once. */
bool regex_match(const struct regex *regex, struct str s);

#endif
