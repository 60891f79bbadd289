/* SPDX-License-Identifier: Apache-2.0
 *
 * become: from root to a user who may do less, for good.
 */
#ifndef BASE_BECOME_H
#define BASE_BECOME_H

#include <pwd.h>

#include "base/err.h"

/*
 * This process is USER's from now on, with USER's groups: it cannot go back, gains
 * nothing by running programs, and its memory is nobody else's to read.
 */
int become_user(const struct passwd *user, struct err *err);

#endif
