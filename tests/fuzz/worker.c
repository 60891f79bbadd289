/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes the process of an action, which has privileges that who talks to it has not:
 * any bytes as its messages, in datagrams of any length. Whatever it is sent, each line
 * of the table it keeps is a ban that it may make, and each answer ends; it takes nothing more
 * behind the first message that makes no sense. The first byte picks the table's form and
 * whether the last message may break off, the second how many are in a datagram.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "act/room.h"
#include "demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As many as a socket takes before anyone reads. */
#define DATAGRAMS 64

static char folder[] = "/tmp/postern-fuzz-worker-XXXXXX";
static char path[sizeof(folder) + 8];

static void
finish(void)
{
	unlink(path);
	rmdir(folder);
}

static void
prepare(void)
{
	if (path[0])
		return;
	demand(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/table", folder);
	atexit(finish);
}

/* PREFIX as the worker may put it down: canonical, and not too wide. */
static void
check_prefix(struct str prefix)
{
	char text[CIDR_TEXT_MAX];
	struct cidr cidr;

	demand(cidr_parse(prefix, &cidr));
	demand(cidr.bits >= (cidr.base.family == 4 ? 8 : 16));
	demand(str_eq(prefix, (struct str){text, cidr_format(&cidr, text)}));
}

static void
check_table(enum act_format format)
{
	static char text[1 << 20];
	FILE *file = fopen(path, "r");
	struct str rest = {text, 0};

	if (!file)
		return;
	rest.len = fread(text, 1, sizeof(text), file);
	demand(rest.len < sizeof(text));
	fclose(file);
	unlink(path);
	while (rest.len) {
		struct str line = str_cut(&rest, '\n');

		if (str_starts(line, STR("#")) || format == ACT_HASH || format == ACT_IPSET)
			continue;
		check_prefix(str_head(line,
		    str_index(str_head(line, str_index(line, '\t')), ' ')));
	}
}

static void
check_answers(int fd)
{
	struct act_answer answer;
	ssize_t n;

	while ((n = recv(fd, &answer, sizeof(answer), MSG_DONTWAIT)) > 0)
		demand(n == sizeof(answer) && answer.failed <= 1 && answer.wants_all <= 1 &&
		    memchr(answer.text, '\0', sizeof(answer.text)));
}

/* Does a datagram make sense? */
static bool
makes_sense(const uint8_t *data, size_t size)
{
	struct act_message message;
	struct change change;

	if (size % sizeof(message) || size > MESSAGES_MAX * sizeof(message))
		return false;
	for (size_t at = 0; at < size; at += sizeof(message)) {
		memcpy(&message, data + at, sizeof(message));
		if (!message_check(&message, &change))
			return false;
	}
	return true;
}

/* Returns whether all of it makes sense. */
static bool
send_pieces(int fd, const uint8_t *data, size_t size, size_t piece)
{
	bool sense = true;

	for (size_t at = 0, n = 0; at < size && n < DATAGRAMS; at += piece, n++) {
		size_t len = size - at < piece ? size - at : piece;

		if (send(fd, data + at, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			break;
		sense &= makes_sense(data + at, len);
	}
	return sense;
}

/* What nft would be given of each message that is one. */
static void
check_script(const uint8_t *data, size_t size)
{
	struct buf script = BUF_INIT(BUF_UNLIMITED);

	for (; size >= sizeof(struct act_message); size -= sizeof(struct act_message)) {
		struct act_message message;
		struct change change;

		memcpy(&message, data, sizeof(message));
		data += sizeof(message);
		if (message_check(&message, &change) && message.op == OP_BAN) {
			demand(ban_seconds(&change.ban, 1) >= 0);
			act_put_nft("t", &change.ban, 1, 1, &script);
		}
		buf_clear(&script);
	}
	buf_done(&script);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const to[] = {"postmaster"};
	struct act_settings settings = {.name = "fuzz", .sort = ACT_FILE, .path = path,
	    .text = "REJECT {id} {ip} {prefix} {seconds}", .to = to, .to_count = 1,
	    .every_usec = INT64_C(3600000000)};
	bool sense;
	int pair[2];

	if (size < 2)
		return 0;
	prepare();
	settings.format = data[0] % 64 % (ACT_RBLDNSD + 1);
	if (data[0] < 192)
		size -= (size - 2) % sizeof(struct act_message);
	/* Nobody reads answers while it works: those that find no room are lost. */
	demand(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
	    pair) == 0);
	sense = send_pieces(pair[0], data + 2, size - 2,
	    (data[1] + 1u) * sizeof(struct act_message));
	shutdown(pair[0], SHUT_WR);
	demand((worker_run(&settings, pair[1], false) == 0) == sense);
	check_answers(pair[0]);
	close(pair[0]);
	close(pair[1]);
	check_table(settings.format);
	check_script(data + 2, size - 2);
	return 0;
}
