/* SPDX-License-Identifier: Apache-2.0
 *
 * Clocks that are set back, or by steps: a log gives the same in any pieces, in one thread
 * and in several.
 */
#include "engine-log.h"

static const struct query attempts = {
    .name = "attempts",
    .where = "attempt | message",
    .keys = {{.field = FIELD_kind}, {.field = FIELD_ip}, {.field = FIELD_outcome}},
    .key_count = 3,
    .measures = {{.name = "count", .op = MEASURE_COUNT}},
    .measure_count = 1,
    .limit = 1000,
};

static uint64_t state;

static int
below(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int)((state >> 33) % n);
}

/* What Dovecot's auth and smtpd tell of attempts; the sessions of a login process. */
static void
tell_of_one(int time, int i)
{
	int ip = below(9);

	log_tag = "dovecot";
	switch (below(4)) {
	case 0:
		log_line(time, 3, "auth: passwd-file(joe,192.0.2.%d): unknown user", ip);
		break;
	case 1:
		log_tag = "postfix/smtpd";
		log_line(time, 7, "warning: unknown[192.0.2.%d]: SASL LOGIN authentication "
		    "failed: no", ip);
		break;
	case 2:
		log_line(time, 3, "auth: passwd-file(joe,192.0.2.%d,<S%03d>): unknown user",
		    ip, i / 9);
		break;
	default:
		log_line(time, 3,
		    "imap-login: Disconnected (auth failed, %d attempts in 2 secs):"
		    " user=<joe>, method=PLAIN, rip=192.0.2.%d, lip=192.0.2.99, "
		    "session=<S%03d>",
		    1 + below(3), ip, i / 9);
		break;
	}
}

static void
skip(struct buf *out, const struct event *ev)
{
	(void)out, (void)ev;
}

int
main(void)
{
	char name[32];

	log_open();
	for (int n = 0; n < 8; n++) {
		int time = 20000;

		state = (uint64_t)n;
		log_begin("dovecot");
		for (int i = 0; i < 2000; i++) {
			time += below(9);
			if (n % 2 == 1 && below(400) == 0)
				time -= below(9000);
			tell_of_one(time - (n % 4 > 1 ? below(100) : 0), i);
		}
		snprintf(name, sizeof(name), "log %d", n);
		log_check(skip, &attempts, "", name);
	}
	log_close();
	return tap_done();
}
