/* SPDX-License-Identifier: Apache-2.0
 *
 * enrich: facts about an address that are not in the log.
 */
#ifndef ENRICH_ENRICH_H
#define ENRICH_ENRICH_H

#include "enrich/dns.h"

#endif
