/* SPDX-License-Identifier: Apache-2.0
 *
 * sandbox: this process and its children may from now on open files only below the
 * directories named, and run no program (Linux landlock(7)). There is no way back.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct sandbox_place {
	const char *path; /* a directory or file; one that we cannot see is left out */
	bool write;       /* files in it may be written, made and removed, too */
};

/*
 * 0 when it is in force; 1 when the kernel knows nothing of it; -1 on failure. What is
 * open stays open.
 */
int sandbox_enter(const struct sandbox_place *places, size_t count, struct err *err);

#endif
