/* SPDX-License-Identifier: Apache-2.0
 *
 * nearest: the word that was probably meant, for messages about bad ones.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

#include "base/str.h"

/*
 * The candidate nearest to WORD, the first of equals, or NULL when none is near
 * enough to be worth naming. Case does not count; swapped letters are one slip; a
 * word of three letters or more is near what it begins.
 */
const char *nearest(struct str word, const char *const *candidates, size_t n);

#endif
