/* SPDX-License-Identifier: Apache-2.0
 *
 * mail-unsent: what nobody was told of yet, in a file: so it outlives the process. The file
 * is a head and messages as an action gets them, and checked like those: whoever may write
 * it can have people told of bans, and no more.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "act/mail.h"
#include "base/replace.h"

#define MAGIC "postern unsent 1"

struct head {
	char magic[16];
	int64_t since;
	uint64_t bans;
};

void
unsent_put(const struct unsent *unsent, struct buf *out)
{
	struct head head = {.since = unsent->since, .bans = unsent->bans};

	memcpy(head.magic, MAGIC, sizeof(head.magic));
	buf_add(out, &head, sizeof(head));
	for (size_t i = 0; i < unsent->named; i++) {
		const struct act_ban *ban = &unsent->list[i];
		struct act_message message = {.op = OP_BAN, .id = ban->id, .until = ban->until,
		    .family = ban->prefix.base.family, .bits = ban->prefix.bits};

		memcpy(message.address, ban->prefix.base.byte, message.family == 4 ? 4 : 16);
		buf_add(out, &message, sizeof(message));
	}
}

int
unsent_parse(struct str text, struct unsent *ret, struct err *err)
{
	struct unsent unsent;
	struct head head;

	if (text.len < sizeof(head) || memcmp(text.p, MAGIC, sizeof(head.magic)) != 0)
		return err_set(err, "not what was left unsent");
	memcpy(&head, text.p, sizeof(head));
	text = str_from(text, sizeof(head));
	unsent = (struct unsent){.since = head.since, .bans = head.bans};
	while (text.len >= sizeof(struct act_message) && unsent.named < UNSENT_NAMED) {
		struct act_message message;
		struct change change;

		memcpy(&message, text.p, sizeof(message));
		text = str_from(text, sizeof(message));
		if (message.op != OP_BAN || !message_check(&message, &change))
			return err_set(err, "a ban in it makes no sense");
		unsent.list[unsent.named++] = change.ban;
	}
	if (text.len || unsent.named == 0 || head.bans < unsent.named ||
	    head.bans > UINT32_MAX || head.since <= 0)
		return err_set(err, "its numbers make no sense");
	*ret = unsent;
	return 0;
}

int
unsent_write(const char *path, const struct unsent *unsent, struct err *err)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED);
	int result;

	unsent_put(unsent, &text);
	result = replace_file(path, buf_view(&text), 0600, err);
	buf_done(&text);
	return result;
}

int
unsent_read(const char *path, struct unsent *ret, struct err *err)
{
	char text[sizeof(struct head) + UNSENT_NAMED * sizeof(struct act_message) + 1];
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	ssize_t n;

	*ret = (struct unsent){.named = 0};
	if (fd < 0)
		return errno == ENOENT ? 0 : err_set(err, "%s: %s", path, strerror(errno));
	n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read(fd, text, sizeof(text)) : -1;
	close(fd);
	if (n < 0)
		return err_set(err, "%s: cannot be read", path);
	if (unsent_parse((struct str){text, (size_t)n}, ret, err) < 0)
		return err_wrap(err, "%s", path);
	return 0;
}
