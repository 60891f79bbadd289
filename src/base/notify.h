/* SPDX-License-Identifier: Apache-2.0
 *
 * notify: tells the service manager how we are (sd_notify(3)): datagrams to the socket
 * that NOTIFY_SOCKET names. Where nobody wants to know, these do nothing.
 */
#ifndef BASE_NOTIFY_H
#define BASE_NOTIFY_H

#include <stdint.h>

#include "base/err.h"

enum notify_state {
	NOTIFY_STATUS, /* nothing but the text */
	NOTIFY_READY,
	NOTIFY_RELOADING, /* NOTIFY_READY ends it */
	NOTIFY_STOPPING,
	NOTIFY_BEGINNING, /* for a minute more, if need be */
	NOTIFY_WATCHDOG,
};

/*
 * STATUS: what `systemctl status` shows, one line, or NULL for none. 0 also when nobody
 * listens. -1: NOTIFY_SOCKET is there, and could not be written to.
 */
int notify(enum notify_state state, const char *status, struct err *err);

/*
 * NOTIFY_WATCHDOG is due once in so many microseconds at most (send it twice as often,
 * and not at every turn of a loop: each is a datagram); 0: never. From WATCHDOG_USEC;
 * WATCHDOG_PID, if it is set, must be ours or our parent's: who does the work speaks for
 * the process that was started (NotifyAccess=all).
 */
int64_t notify_watchdog_usec(void);

#endif
