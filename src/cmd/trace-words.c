/* SPDX-License-Identifier: Apache-2.0
 *
 * trace-words: one event as a sentence. For each kind a verb and what follows it,
 * as far as the event knows it; kinds without a row say their name.
 *
 *   rejected at RCPT: 554 5.7.1 Relay access denied, from <a@b.example> to <c@d.example>
 */
#include "base/escape.h"
#include "cmd/trace.h"

struct part {
	const char *before;
	enum field field;
	const char *after;
};

#define PARTS 9

struct tale {
	const char *verb;
	struct part parts[PARTS];
};

#define CLIENT {" ", FIELD_name, ""}, {"[", FIELD_ip, "]"}
#define REPLY {": ", FIELD_code, ""}, {" ", FIELD_dsn, ""}, {" ", FIELD_text, ""}
#define ENVELOPE {", from <", FIELD_sender, ">"}, {", to <", FIELD_recipient, ">"}

static const struct tale tales[KINDS] = {
	[KIND_connect] = {"connected:", {CLIENT}},
	[KIND_disconnect] = {"disconnected:", {CLIENT, {"; ", FIELD_commands, ""}}},
	[KIND_accept] = {"accepted from", {CLIENT, {", login ", FIELD_user, ""},
	    {" by ", FIELD_mechanism, ""}}},
	[KIND_policy] = {"policy:", {{" ", FIELD_action, ""}, {" at ", FIELD_stage, ""}, REPLY,
	    ENVELOPE, {", helo ", FIELD_helo, ""}}},
	[KIND_milter] = {"milter:", {{" ", FIELD_action, ""}, {" at ", FIELD_stage, ""}, REPLY,
	    ENVELOPE}},
	[KIND_content] = {"content check:", {{" ", FIELD_action, ""},
	    {" at ", FIELD_stage, ""}, {": ", FIELD_text, ""}, ENVELOPE}},
	[KIND_abort] = {"broken off:", {{" ", FIELD_action, ""},
	    {" after ", FIELD_stage, ""}}},
	[KIND_rate_limit] = {"over the rate limit:", {{" ", FIELD_action, ""},
	    {", ", FIELD_attempts, ""}, {": ", FIELD_text, ""}}},
	[KIND_violation] = {"broke the protocol:", {{" ", FIELD_action, ""},
	    {" after ", FIELD_stage, ""}, {": ", FIELD_text, ""}}},
	[KIND_rdns_mismatch] = {"name does not belong to the address:", {CLIENT}},
	[KIND_tls] = {"encrypted:", {{" ", FIELD_tls, ""}, {" ", FIELD_cipher, ""}}},
	[KIND_tls_failure] = {"TLS failed:", {{" ", FIELD_text, ""}}},
	[KIND_auth_failure] = {"login failed:", {{" user ", FIELD_user, ""},
	    {" by ", FIELD_mechanism, ""}, {": ", FIELD_text, ""}}},
	[KIND_auth_success] = {"logged in:", {{" user ", FIELD_user, ""},
	    {" by ", FIELD_mechanism, ""}}},
	[KIND_auth_abort] = {"login broken off:", {{" user ", FIELD_user, ""},
	    {" by ", FIELD_mechanism, ""}}},
	[KIND_auth_error] = {"login service in trouble:", {{" ", FIELD_text, ""}}},
	[KIND_ps_connect] = {"knocked at postscreen:", {{" [", FIELD_ip, "]"},
	    {":", FIELD_port, ""}}},
	[KIND_ps_list] = {"found on a list:", {{" ", FIELD_action, ""}}},
	[KIND_ps_pass] = {"passed:", {{" ", FIELD_action, ""}}},
	[KIND_ps_dnsbl] = {"over the DNS list threshold:", {{" rank ", FIELD_rank, ""}}},
	[KIND_ps_pregreet] = {"spoke before its turn", {{" after ", FIELD_seconds, ""},
	    {": ", FIELD_text, ""}}},
	[KIND_ps_hangup] = {"hung up", {{" after ", FIELD_seconds, ""},
	    {" (", FIELD_stage, ")"}}},
	[KIND_ps_reject] = {"rejected at postscreen", {{", ", FIELD_stage, ""}, REPLY,
	    ENVELOPE, {", helo ", FIELD_helo, ""}}},
	[KIND_ps_violation] = {"broke the protocol:", {{" ", FIELD_action, ""},
	    {" after ", FIELD_stage, ""}, {": ", FIELD_text, ""}}},
	[KIND_ps_limit] = {"over a command limit:", {{" ", FIELD_action, ""},
	    {" after ", FIELD_stage, ""}}},
	[KIND_ps_disconnect] = {"shown the door", {{0}}},
	[KIND_dnsbl_hit] = {"named by DNS list", {{" ", FIELD_list, ""},
	    {" as ", FIELD_text, ""}}},
	[KIND_submitted] = {"handed in by a local program", {{", user ", FIELD_user, ""},
	    {", user id ", FIELD_uid, ""}, {", from <", FIELD_sender, ">"},
	    {", a notification about ", FIELD_orig_qid, ""}}},
	[KIND_message_id] = {"message id", {{" ", FIELD_msgid, ""}}},
	[KIND_queued] = {"in the queue:", {{" from <", FIELD_sender, ">"},
	    {", ", FIELD_size, ""}, {", recipients: ", FIELD_nrcpt, ""}}},
	[KIND_delivery] = {"delivery:", {{" ", FIELD_status, ""},
	    {", <", FIELD_recipient, ">"}, {" via ", FIELD_relay, ""},
	    {"[", FIELD_relay_ip, "]"}, {" after ", FIELD_delay, ""}, {", ", FIELD_dsn, ""},
	    {": ", FIELD_text, ""}, {", goes on as ", FIELD_next_qid, ""}}},
	[KIND_removed] = {"done, removed from the queue", {{0}}},
	[KIND_expired] = {"too old, returned to the sender", {{": ", FIELD_status, ""}}},
	[KIND_bounce_link] = {"notification sent:", {{" ", FIELD_action, ""},
	    {" as ", FIELD_next_qid, ""}}},
	[KIND_remote_note] = {"the other side:", {{" ", FIELD_relay, ""},
	    {"[", FIELD_relay_ip, "]"}, {": ", FIELD_text, ""}}},
	[KIND_spam_verdict] = {"spam filter:", {{" ", FIELD_verdict, ""},
	    {" ", FIELD_category, ""}, {", score ", FIELD_score, ""}}},
	[KIND_rate_stat] = {"rate as anvil saw it:", {{" ", FIELD_action, ""},
	    {" ", FIELD_attempts, ""}, {" in ", FIELD_seconds, ""}, {", ", FIELD_text, ""}}},
	[KIND_attempt] = {"login attempt:", {{" ", FIELD_outcome, ""},
	    {", user ", FIELD_user, ""}, {", times: ", FIELD_count, ""}}},
	[KIND_session] = {"postscreen session:", {{" ", FIELD_outcome, ""},
	    {", ", FIELD_seconds, ""}}},
	[KIND_message] = {"in all:", {{" delivered ", FIELD_delivered, ""},
	    {", deferred ", FIELD_deferred, ""}, {", bounced ", FIELD_bounced, ""},
	    {", ", FIELD_size, ""}, {", spam filter: ", FIELD_verdict, ""},
	    {", score ", FIELD_score, ""}}},
	[KIND_reconnect] = {"came back", {{" after ", FIELD_seconds, ""}}},
};

static const struct tale other = {NULL, {{" ", FIELD_action, ""}, {" ", FIELD_text, ""}}};

static void
put_value(struct buf *out, const struct event *ev, enum field field,
    const struct symbols *symbols)
{
	enum field_type type = event_fields[field].type;
	int64_t n = type == TYPE_TEXT || type == TYPE_IP ? 0 : event_number(ev, field);

	switch (type) {
	case TYPE_TEXT:
	case TYPE_IP:
		escape_terminal(out, event_text(ev, field, symbols));
		break;
	case TYPE_ENUM:
		buf_str(out, str_of(event_enum_name(field, (unsigned)n)));
		break;
	case TYPE_SIZE:
		report_put_bytes(out, n);
		break;
	case TYPE_DURATION:
		report_put_seconds(out, (double)n / 1e6);
		break;
	case TYPE_MILLI:
		buf_printf(out, "%g", (double)n / 1000);
		break;
	case TYPE_BOOL:
	case TYPE_INT:
	case TYPE_TIME:
	case TYPE_ID:
		buf_printf(out, "%lld", (long long)n);
		break;
	}
}

void
telling(struct buf *out, const struct event *ev, const struct symbols *symbols)
{
	const struct tale *tale = tales[ev->kind].verb ? &tales[ev->kind] : &other;
	bool named = false; /* what stands before: an address follows its name at once */

	buf_str(out, str_of(tale->verb ? tale->verb : event_enum_name(FIELD_kind, ev->kind)));
	for (unsigned i = 0; i < PARTS && tale->parts[i].before; i++) {
		const struct part *part = &tale->parts[i];

		if (!event_knows(ev, part->field)) {
			named = false;
			continue;
		}
		if (part->before[0] == '[' && !named)
			buf_char(out, ' ');
		named = true;
		buf_str(out, str_of(part->before));
		put_value(out, ev, part->field, symbols);
		buf_str(out, str_of(part->after));
	}
	if (event_knows(ev, FIELD_open) && ev->open)
		buf_str(out, STR(" - not finished when the log ends"));
}
