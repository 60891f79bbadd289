/* SPDX-License-Identifier: Apache-2.0
 *
 * codecs: the table of compressions, recognised by magic bytes, never by name.
 */
#include "input/room.h"

static const struct codec *const codecs[] = {
#define ROW(id) &codec_##id,
	CODECS(ROW)
#undef ROW
};

/* Compressions without a row in this build: to refuse by name is better than to read noise. */
static const struct {
	const char *name;
	const char *command;
	struct str magic;
} unreadable[] = {
	{"xz", "xz -dc", {"\xfd" "7zXZ\0", 6}},
	{"zstd", "zstd -dc", {"\x28\xb5\x2f\xfd", 4}},
	{"bzip2", "bzip2 -dc", {"BZh", 3}},
	{"lz4", "lz4 -dc", {"\x04\x22\x4d\x18", 4}},
	{"compress", "gzip -dc", {"\x1f\x9d", 2}},
	{"zip", "unzip -p", {"PK\3\4", 4}},
	/* Settings and a size, no magic; nothing in it tells damage. No text begins so. */
	{"lzma", "xz -dc", {"\x5d\0\0", 3}},
};

int
codec_find(struct str head, const struct codec **ret, struct err *err)
{
	const struct codec *codec = &codec_plain;

	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (codecs[i]->recognise(head)) {
			codec = codecs[i];
			break;
		}
	for (size_t i = 0; i < sizeof(unreadable) / sizeof(unreadable[0]); i++)
		if (codec == &codec_plain && str_starts(head, unreadable[i].magic))
			return err_set(err, "compressed with %s, which is not understood; "
			    "give its text to standard input: %s FILE | postern ... -",
			    unreadable[i].name, unreadable[i].command);
	*ret = codec;
	return 0;
}
