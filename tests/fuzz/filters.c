/* SPDX-License-Identifier: Apache-2.0
 *
 * filters: any bytes as a message of a spam filter, milter or fail2ban.
 */
#include "rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct parser *const rows[] = {
	&parser_amavis, &parser_spamd, &parser_rspamd, &parser_opendkim, &parser_opendmarc,
	&parser_policyd_spf, &parser_fail2ban, &parser_spampd, &parser_pmg,
	&parser_clamav_milter, &parser_postgrey, &parser_sqlgrey, &parser_milter_greylist,
	&parser_sogo,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return read_message(rows, sizeof(rows) / sizeof(*rows), data, size);
}
