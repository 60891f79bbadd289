/* SPDX-License-Identifier: Apache-2.0
 *
 * become: a process that may do less, for good: of another user than root, and private.
 */
#ifndef BASE_BECOME_H
#define BASE_BECOME_H

#include <pwd.h>

#include "base/err.h"

/* This process gains nothing by running programs, and its memory is nobody else's to read. */
void become_private(void);

/* This process is USER's from now on, with USER's groups: it cannot go back. And that, too. */
int become_user(const struct passwd *user, struct err *err);

#endif
