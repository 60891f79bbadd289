/* SPDX-License-Identifier: Apache-2.0
 *
 * library: shared libraries that are loaded by those who ask. What is linked costs every
 * start of the program, and is in every process, with all the libraries behind it, and
 * most processes never call it. The compiler's headers belong to one version of it: so it
 * is loaded by its soname, which the Makefile knows; another's functions may differ.
 */
#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H

#include <stddef.h>

#include "base/err.h"

/* Where the address of function NAME goes. */
struct library_function {
	const char *name;
	size_t offset;
};

/*
 * Loads SONAME and fills in the N addresses in the struct at RET. It stays loaded: some do
 * not like to be taken away.
 */
int library_load(const char *soname, const struct library_function *functions, size_t n,
    void *ret, struct err *err);

#endif
