/* SPDX-License-Identifier: Apache-2.0
 *
 * plans: what happens to a mail server, as steps that are planned ahead, of which each
 * is a line.
 */
#include "genlog.h"

static void
plan_message(struct session *s, step *arrives)
{
	s->recipients = below(100) < 80 ? 1 : 2 + below(RECIPIENTS - 1);
	for (uint32_t i = 0; i < s->recipients; i++)
		s->recipient[i] = draw(s->outgoing ? &remotes : &locals);
	plan(s, arrives);
	plan(s, message_id);
	plan(s, active);
	s->retry = s->outgoing && percent(6);
	if (s->retry) {
		for (uint32_t i = 0; i < s->recipients; i++)
			plan(s, deliver);
		plan(s, retry);
	}
	for (uint32_t i = 0; i < s->recipients; i++)
		plan(s, deliver);
	if (s->outgoing && percent(3))
		plan(s, notify);
	plan(s, removed);
}

static void
plan_spammer(struct session *s)
{
	plan(s, ps_connect);
	for (uint32_t i = below(3); i > 0; i--)
		plan(s, dnsbl_hit);
	if (percent(40))
		plan(s, ps_pregreet);
	plan(s, ps_dnsbl);
	if (percent(70))
		plan(s, ps_refuse_dnsbl);
	plan(s, percent(15) ? ps_hangup : ps_disconnect);
}

static void
plan_newcomer(struct session *s)
{
	plan(s, ps_connect);
	if (percent(50)) {
		plan(s, ps_refuse_new);
		plan(s, ps_pass_new);
		plan(s, ps_disconnect);
	} else {
		plan(s, ps_hangup);
		plan(s, ps_disconnect);
	}
}

static void
plan_known(struct session *s)
{
	plan(s, ps_connect);
	plan(s, percent(10) ? ps_allow : ps_pass_old);
	if (percent(8))
		plan(s, smtpd_rdns);
	plan(s, smtpd_connect);
	if (percent(75))
		plan(s, smtpd_tls);
}

static void
plan_incoming(struct session *s)
{
	plan_known(s);
	plan_message(s, accept_message);
	plan(s, smtpd_disconnect);
}

static void
plan_refused(struct session *s)
{
	plan_known(s);
	s->refusals = 1 + below(3);
	for (uint32_t i = 0; i < s->refusals; i++)
		plan(s, smtpd_refuse);
	s->lost = percent(20);
	if (s->lost)
		plan(s, smtpd_lost);
	plan(s, smtpd_disconnect);
}

static void
plan_guesser(struct session *s)
{
	s->failures = 1 + below(3);
	plan(s, smtpd_connect);
	for (uint32_t i = 0; i < s->failures; i++)
		plan(s, smtpd_auth_failure);
	s->lost = percent(60);
	if (s->lost)
		plan(s, smtpd_lost);
	plan(s, smtpd_disconnect);
}

static void
plan_submission(struct session *s)
{
	s->authenticated = s->outgoing = true;
	s->login = draw(&logins);
	s->sender = draw(&locals);
	plan(s, smtpd_connect);
	plan(s, smtpd_tls);
	plan_message(s, accept_message);
	plan(s, smtpd_disconnect);
}

static void
plan_local(struct session *s)
{
	s->outgoing = true;
	s->sender = draw(&locals);
	plan_message(s, pickup);
}

static void
plan_statistics(struct session *s)
{
	plan(s, statistics);
}

static const struct {
	uint32_t weight;
	void (*plan)(struct session *session);
} happenings[] = {
    {20, plan_spammer},
    {10, plan_newcomer},
    {32, plan_incoming},
    {13, plan_refused},
    {14, plan_guesser},
    {8, plan_submission},
    {1, plan_local},
    {2, plan_statistics},
};

/* A server process takes 100 clients (Postfix's max_use), then another takes its place. */
static uint32_t
process_of(uint32_t slot)
{
	static uint32_t pid[SLOTS], used[SLOTS], last = 2000;

	if (used[slot] == 0)
		pid[slot] = last++;
	used[slot] = (used[slot] + 1) % 100;
	return pid[slot];
}

void
begin(struct session *s, uint32_t slot)
{
	uint32_t at = below(100);

	*s = (struct session){.slot = slot};
	s->client = draw(&clients);
	s->sender = draw(&remotes);
	s->port = 1024 + below(64000);
	s->pid = process_of(slot);
	for (size_t i = 0; i < sizeof(happenings) / sizeof(*happenings); i++) {
		if (at < happenings[i].weight) {
			happenings[i].plan(s);
			return;
		}
		at -= happenings[i].weight;
	}
}
