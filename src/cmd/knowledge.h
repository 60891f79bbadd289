/* SPDX-License-Identifier: Apache-2.0
 *
 * knowledge: what rules may want to know of an address beside the log: its confirmed
 * name and its place. Opened only when a rule asks for it.
 */
#ifndef CMD_KNOWLEDGE_H
#define CMD_KNOWLEDGE_H

#include "cmd/room.h"

struct knowledge {
	struct dns *dns;
	struct geo *geo;
	bool asks; /* names are asked for and remembered; else what is remembered is all */
	bool places; /* `geo` is wanted if there is one, whatever rules ask for */
	char *place; /* where a guard remembers names; NULL: nowhere */
	uint64_t written; /* so many replies were there when it last did */
	int64_t next_write;
};

/*
 * Where a guard of SETTINGS remembers names, for itself and for replays: beside its store.
 * NULL: nowhere, as it has none. The caller frees it.
 */
char *knowledge_place(const struct settings *settings);

/* Opens what RULES need and is not yet open. SETTINGS name databases and servers. */
int knowledge_open(struct knowledge *knowledge, const struct settings *settings,
    const struct rules *rules, const struct options *options, struct err *err);

/* A detect_ask; CONTEXT is the knowledge. Never waits: a name being asked for says so. */
void knowledge_ask(void *context, const struct ip *ip, struct detect_facts *ret);

/* Readable when there are answers for knowledge_process(); -1: nothing is ever asked. */
int knowledge_fd(const struct knowledge *knowledge);
void knowledge_process(void *knowledge);

void knowledge_close(struct knowledge *knowledge);

#endif
