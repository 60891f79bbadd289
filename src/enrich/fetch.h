/* SPDX-License-Identifier: Apache-2.0
 *
 * fetch: the bytes of a URL into a file, unpacked if they are gzip.
 */
#ifndef ENRICH_FETCH_H
#define ENRICH_FETCH_H

#include "base/replace.h"
#include "enrich/room.h"

/* No database is bigger; what is, is something else. */
#define FETCH_MAX (UINT64_C(2) << 30)

/*
 * The bytes of URL (https://, file://, a path, http:// of this host) into TO. The
 * file's time becomes that of the original, where that is told.
 */
int fetch(const char *url, const struct replacement *to, struct err *err);

/* Is it gzip's? Then what it unpacks to is appended to TO, with FROM's time. */
int fetch_unpack(const struct replacement *from, const struct replacement *to,
    bool *ret_packed, struct err *err);

/* Is URL of a sort that fetch() takes? */
int fetch_check(const char *url, struct err *err);

#endif
