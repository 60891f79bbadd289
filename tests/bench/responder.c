/* SPDX-License-Identifier: Apache-2.0
 *
 * responder: the tests' name server as a program. Prints its port, answers until its
 * standard input ends, then prints how many queries there were.
 */
#include "../responder.h"

int
main(void)
{
	struct responder responder;
	char byte;

	if (!responder_start(&responder)) {
		perror("responder");
		return 1;
	}
	printf("%u\n", responder.port);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	printf("%llu\n", (unsigned long long)responder.count->queries);
	responder_stop(&responder);
	return 0;
}
