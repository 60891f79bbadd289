/* SPDX-License-Identifier: Apache-2.0
 *
 * knowledge: what rules may want to know of an address beside the log: its confirmed
 * name and its place. Opened only when a rule's `allow` asks for it.
 */
#ifndef CMD_KNOWLEDGE_H
#define CMD_KNOWLEDGE_H

#include "cmd/room.h"

struct knowledge {
	const struct options *options;
	struct dns *dns;
	struct geo *geo;
	bool asks; /* names are looked up, for a second at most; else only remembered ones */
};

/* Opens what RULES need and is not yet open. SETTINGS name databases and servers. */
int knowledge_open(struct knowledge *knowledge, const struct settings *settings,
    const struct rules *rules, const struct options *options, struct err *err);

/* A detect_ask; CONTEXT is the knowledge. */
void knowledge_ask(void *context, const struct ip *ip, struct detect_facts *ret);

void knowledge_close(struct knowledge *knowledge);

#endif
