/* SPDX-License-Identifier: Apache-2.0
 *
 * rule-text: the small languages in a rule's settings.
 */
#ifndef ENGINE_RULE_TEXT_H
#define ENGINE_RULE_TEXT_H

#include "base/err.h"
#include "detect/detect.h"

/* "ip", "net(ip)" or "net", "user", "domain(sender)". */
int rule_key(struct str text, struct detect_key *ret, struct err *err);

/* "1h, x2, up to 1w, jitter 10%, remember 30d"; the first part may be "forever". */
int rule_ban(struct str text, struct detect_ban *ret, struct err *err);

/* "192.0.2.0/24", "name:.example.test", "user:x", "country:DE", "asn:64496". */
int rule_allow(const struct str *items, size_t count, struct arena *arena,
    struct detect_allow *ret, struct err *err);

#endif
