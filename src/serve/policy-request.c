/* SPDX-License-Identifier: Apache-2.0
 *
 * policy-request: what Postfix asks, as SMTPD_POLICY_README has it:
 *
 *   request=smtpd_access_policy
 *   protocol_state=RCPT
 *   client_address=192.0.2.1
 *   sasl_username=anna
 *   instance=123.456.7
 *
 * Attributes come in any order; those we do not know are passed over; of one told twice
 * the first counts.
 */
#include <stddef.h>

#include "serve/room.h"

static const struct {
	struct str name;
	size_t offset; /* of its slice */
} attributes[] = {
#define A(name) {{#name, sizeof(#name) - 1}, offsetof(struct policy_request, name)}
	A(protocol_state), A(client_address), A(client_name), A(helo_name), A(sasl_username),
	A(sender), A(recipient), A(instance), A(queue_id),
#undef A
};

static void
set_attribute(struct str name, struct str value, struct policy_request *ret)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		if (str_eq(name, attributes[i].name)) {
			struct str *slot = (struct str *)(void *)((char *)ret +
			    attributes[i].offset);

			if (!slot->p)
				*slot = value;
			return;
		}
}

int
policy_request_read(struct str text, struct policy_request *ret, struct err *err)
{
	bool asks = false;

	*ret = (struct policy_request){0};
	while (text.len) {
		struct str line = str_cut(&text, '\n'), name;

		if (line.len > POLICY_LINE_MAX)
			return err_set(err, "a line of more than %d bytes", POLICY_LINE_MAX);
		if (str_index(line, '=') == line.len)
			return err_set(err, "a line that is not name=value");
		name = str_cut(&line, '=');
		if (str_eq(name, STR("request")) && !asks &&
		    !(asks = str_eq(line, STR("smtpd_access_policy"))))
			return err_set(err, "a request other than smtpd_access_policy");
		set_attribute(name, line, ret);
	}
	if (!asks)
		return err_set(err, "no request=smtpd_access_policy");
	ip_parse(ret->client_address, &ret->client);
	return 0;
}
