/* SPDX-License-Identifier: Apache-2.0
 *
 * postfix-violation: rows of smtpd about clients that do not keep to SMTP. A row's
 * word is the action.
 */
#ifndef PARSE_POSTFIX_VIOLATION_H
#define PARSE_POSTFIX_VIOLATION_H

#include "parse/postfix.h"

postfix_reader postfix_violation; /* what follows CL in a warning; it is already set */
postfix_reader postfix_violation_by;    /* CL[: TEXT] */
postfix_reader postfix_pipelining;      /* STAGE from CL[: TEXT] */
postfix_reader postfix_illegal_address; /* CL in STAGE command: TEXT */
postfix_reader postfix_bdat;            /* CL; the text is the row's prefix */
postfix_reader postfix_etrn;            /* ARGUMENT... from CL */
postfix_reader postfix_size_limit;

#endif
