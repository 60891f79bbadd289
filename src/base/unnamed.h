/* SPDX-License-Identifier: Apache-2.0
 *
 * unnamed: a file for what is wanted for as long as the process lives: it has no name, so
 * nothing of it stays, however that ends.
 */
#ifndef BASE_UNNAMED_H
#define BASE_UNNAMED_H

/*
 * In $TMPDIR, /var/tmp or /tmp, the first that can have one; open for reading and writing,
 * and not inherited. -1, with errno: none can.
 */
int unnamed_file(void);

#endif
