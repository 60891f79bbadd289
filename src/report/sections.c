/* SPDX-License-Identifier: Apache-2.0
 *
 * sections: the list of all sections, in the order of their help, and the choice
 * that makes the first screen.
 */
#include "report/room.h"

const struct section *const sections[] = {
#define ROW(id) &section_##id,
	SECTIONS(ROW)
#undef ROW
};

const size_t sections_count = sizeof(sections) / sizeof(*sections);

const struct section *const sections_default[] = {
	&section_overview, &section_findings, &section_clients, &section_networks,
	&section_users, &section_senders, &section_recipients, &section_domains,
	&section_scripts, &section_rejects, &section_dnsbl, &section_delays, &section_hosts,
};

const size_t sections_default_count = sizeof(sections_default) / sizeof(*sections_default);
