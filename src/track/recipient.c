/* SPDX-License-Identifier: Apache-2.0
 *
 * recipient: the last status of each recipient of a message, and the bytes of its
 * Message-ID. Recipients are a chain; beyond a few they are found through a hash
 * as well, since a mailing list's message with ten thousand of them is retried
 * again and again. Message-IDs lie in chains of small blocks: short ones cost
 * little, and an outsider's long one no more than its length.
 */
#include "track/room.h"

#define CHAIN_SEARCHED 8u /* recipients that are looked for one after the other */
#define BLOCK_BYTES 60u

struct block {
	uint32_t next;
	char bytes[BLOCK_BYTES];
};

void
recipients_init(struct messages *messages)
{
	slots_init(&messages->by_recipient);
	pool_init(&messages->recipients, sizeof(struct recipient));
	pool_init(&messages->blocks, sizeof(struct block));
}

static uint32_t
recipient_hash(uint32_t message, uint32_t recipient, uint32_t orig)
{
	uint64_t h = hash_mix(hash_u64((uint64_t)message << 32 | recipient), orig ^ HASH_K1);

	return (uint32_t)(h >> 32 ^ h);
}

static bool
is_recipient(const struct recipient *r, uint32_t message, uint32_t recipient, uint32_t orig)
{
	return r->recipient == recipient && r->orig == orig && r->message == message;
}

/* Are its recipients, but for the first, found through by_recipient? */
static bool
is_indexed(const struct message *message)
{
	return message->recipient_count > CHAIN_SEARCHED;
}

struct recipient *
recipient_find(const struct messages *messages, struct message *message, uint32_t recipient,
    uint32_t orig)
{
	uint32_t self = message->entry.number, number, hash, at;

	if (!is_indexed(message)) {
		for EACH_RECIPIENT (r, messages, message)
			if (is_recipient(r, self, recipient, orig))
				return r;
		return NULL;
	}
	if (is_recipient(&message->first, self, recipient, orig))
		return &message->first;
	at = hash = recipient_hash(self, recipient, orig);
	while ((number = slots_next(&messages->by_recipient, hash, &at))) {
		struct recipient *r = recipient_at(messages, number);

		if (is_recipient(r, self, recipient, orig))
			return r;
	}
	return NULL;
}

static void
index_recipient(struct messages *messages, uint32_t number)
{
	const struct recipient *r = recipient_at(messages, number);

	slots_add(&messages->by_recipient, recipient_hash(r->message, r->recipient, r->orig),
	    number);
}

static void
index_all(struct messages *messages, const struct message *message)
{
	for (uint32_t n = message->first.next; n; n = recipient_at(messages, n)->next)
		index_recipient(messages, n);
}

/* Adds one to those behind the first. */
static struct recipient *
add(struct messages *messages, struct message *message, uint32_t recipient, uint32_t orig)
{
	uint32_t number = pool_take(&messages->recipients, sizeof(struct recipient));
	struct recipient *r = recipient_at(messages, number);

	*r = (struct recipient){.message = message->entry.number, .recipient = recipient,
	    .orig = orig, .next = message->first.next};
	message->first.next = number;
	message->recipient_count++;
	if (message->recipient_count == CHAIN_SEARCHED + 1)
		index_all(messages, message);
	else if (is_indexed(message))
		index_recipient(messages, number);
	return r;
}

struct recipient *
recipient_get_other(struct messages *messages, struct message *message, uint32_t recipient,
    uint32_t orig)
{
	struct recipient *r = recipient_find(messages, message, recipient, orig);

	if (r || message->recipient_count >= RECIPIENTS_MAX)
		return r;
	return add(messages, message, recipient, orig);
}

void
recipients_free(struct messages *messages, struct message *message)
{
	uint32_t number = message->first.next;

	while (number) {
		struct recipient *r = recipient_at(messages, number);
		uint32_t next = r->next;

		if (is_indexed(message))
			slots_remove(&messages->by_recipient,
			    recipient_hash(r->message, r->recipient, r->orig), number);
		pool_give(&messages->recipients, number, r);
		number = next;
	}
	message->first.next = 0;
}

void
recipients_adopt(struct messages *into, struct message *to, const struct messages *next,
    const struct message *from)
{
	const struct block *block;

	to->first.message = to->entry.number;
	to->first.next = 0;
	to->recipient_count = from->recipient_count ? 1 : 0;
	for (uint32_t n = from->recipient_count ? from->first.next : 0; n;) {
		const struct recipient *r = recipient_at(next, n);
		struct recipient *copy = add(into, to, r->recipient, r->orig);

		copy->status = r->status;
		copy->handed = r->handed;
		n = r->next;
	}
	to->msgid = 0;
	for (uint32_t n = from->msgid, *place = &to->msgid; n; n = block->next) {
		struct block *copy;

		block = pool_at(&next->blocks, n);
		*place = pool_take(&into->blocks, sizeof(*copy));
		copy = pool_at(&into->blocks, *place);
		copy->next = 0;
		memcpy(copy->bytes, block->bytes, sizeof(copy->bytes));
		place = &copy->next;
	}
}

void
recipients_renumber(struct messages *messages, uint32_t *const remap[DOMAINS])
{
	struct message *message;

	slots_clear(&messages->by_recipient);
	for (uint32_t at = 0; (message = registry_next(&messages->registry, &at));) {
		for EACH_RECIPIENT (r, messages, message) {
			r->recipient = renumbered(remap, DOMAIN_ADDRESS, r->recipient);
			r->orig = renumbered(remap, DOMAIN_ADDRESS, r->orig);
		}
		if (is_indexed(message))
			index_all(messages, message);
	}
}

void
msgid_store(struct messages *messages, struct message *message, struct str msgid)
{
	uint32_t *place = &message->msgid;

	msgid = str_head(msgid, MSGID_MAX);
	message->msgid_len = (uint32_t)msgid.len;
	while (msgid.len) {
		size_t n = msgid.len < BLOCK_BYTES ? msgid.len : BLOCK_BYTES;
		struct block *block;

		*place = pool_take(&messages->blocks, sizeof(*block));
		block = pool_at(&messages->blocks, *place);
		block->next = 0;
		memcpy(block->bytes, msgid.p, n);
		place = &block->next;
		msgid = str_from(msgid, n);
	}
}

void
msgid_free(struct messages *messages, struct message *message)
{
	uint32_t number = message->msgid;

	while (number) {
		struct block *block = pool_at(&messages->blocks, number);
		uint32_t next = block->next;

		pool_give(&messages->blocks, number, block);
		number = next;
	}
	message->msgid = message->msgid_len = 0;
}

void
msgid_copy(const struct messages *messages, const struct message *message, char *to)
{
	size_t left = message->msgid_len;

	for (uint32_t number = message->msgid; number && left;) {
		const struct block *block = pool_at(&messages->blocks, number);
		size_t n = left < BLOCK_BYTES ? left : BLOCK_BYTES;

		memcpy(to, block->bytes, n);
		to += n;
		left -= n;
		number = block->next;
	}
}
