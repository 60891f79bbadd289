/* SPDX-License-Identifier: Apache-2.0
 *
 * pam: PAM modules write into the logs of the daemons that ask them.
 */
#ifndef PARSE_PAM_H
#define PARSE_PAM_H

#include "parse/room.h"

/* Does a PAM module say MESSAGE? */
bool pam_is(struct str message);

/* What it says. PARSE_UNKNOWN: it is not about mail. */
enum parse_result pam_read(struct str message, struct event *ev);

#endif
