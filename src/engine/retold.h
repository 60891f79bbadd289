/* SPDX-License-Identifier: Apache-2.0
 *
 * retold: events that several inputs tell of. Exim writes its main log and can write the
 * same to syslog; syslog writes a warning into mail.log, mail.warn and the journal:
 *
 *   2026-11-05 00:00:09 1xUNRD-00001l-0A <= s@a.test H=(pc) [192.0.2.1] P=smtp S=413
 *   Nov  5 00:00:09 mx exim[109]: 1xUNRD-00001l-0A <= s@a.test H=(pc) [192.0.2.1] P=smtp S=413
 *
 * An event is what it was before if another stream told of the same fields within a second,
 * and host and process id, where both name them, agree. What one stream tells twice happened
 * twice: of each stream the Nth telling is the same as the others' Nth.
 *
 * A line without a host (Exim's own logs, Dovecot's) may be another server's. That its stream
 * is a copy is believed only once both tell of the same queue id, session, connection (both
 * addresses and ports) or process id, of which no two servers have the same; then its events
 * get the host's name, so that tracking sees one server. Before, what looks alike counts
 * twice.
 */
#ifndef ENGINE_RETOLD_H
#define ENGINE_RETOLD_H

#include "event/event.h"
#include "parse/parse.h"

/*
 * Streams behind these are not compared; tellings remembered; those looked at for one event.
 */
#define RETOLD_STREAMS 64u
#define RETOLD_KEPT 65536u
#define RETOLD_LOOKS 256u

struct retold;

struct retold *retold_new(void);
void retold_free(struct retold *retold);

/*
 * EV, raw and with a time, of stream STREAM, will be given to retold_is_new() soon, with what
 * stands around it in its batch: what that tells of streams without hosts is learned first.
 */
void retold_foresee(struct retold *retold, const struct event *ev, uint32_t stream);

/*
 * EV, raw and with a time, of stream STREAM. False: others told all of it. Of a repeat of many
 * what is left is EV's weight. EV may get a host.
 */
bool retold_is_new(struct retold *retold, struct event *ev, uint32_t stream);

/* EV, of STREAM, was new to an earlier process; PARSE reads what comes. */
void retold_seed(struct retold *retold, const struct event *ev, uint32_t stream,
    const struct symbols *symbols, struct parse *parse);

#endif
