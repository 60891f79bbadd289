/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

static const struct {
	uint32_t first, last;
} unsafe[] = {
	{0x0000, 0x001f}, /* C0 controls */
	{0x007f, 0x009f}, /* DEL and C1 controls */
	{0x00ad, 0x00ad}, /* soft hyphen */
	{0x061c, 0x061c}, /* Arabic letter mark */
	{0x180e, 0x180e}, /* Mongolian vowel separator */
	{0x200b, 0x200f}, /* zero width, left-to-right and right-to-left marks */
	{0x2028, 0x202e}, /* line and paragraph separators, embeddings, overrides */
	{0x2060, 0x206f}, /* invisible operators, isolates, deprecated format characters */
	{0xfeff, 0xfeff}, /* byte order mark */
	{0xfff9, 0xfffb}, /* interlinear annotation */
	{0xe0000, 0xe0fff}, /* tags, more variation selectors */
};

bool
utf8_is_unsafe(uint32_t c)
{
	for (unsigned i = 0; i < sizeof(unsafe) / sizeof(*unsafe); i++)
		if (c >= unsafe[i].first && c <= unsafe[i].last)
			return true;
	return false;
}

/* Length of a sequence by its first byte, and the least value that needs it. */
static unsigned
sequence_length(unsigned char first, uint32_t *ret_bits, uint32_t *ret_least)
{
	if (first < 0x80) {
		*ret_bits = first;
		*ret_least = 0;
		return 1;
	}
	if (first >= 0xc2 && first < 0xe0) {
		*ret_bits = first & 0x1fu;
		*ret_least = 0x80;
		return 2;
	}
	if (first >= 0xe0 && first < 0xf0) {
		*ret_bits = first & 0x0fu;
		*ret_least = 0x800;
		return 3;
	}
	if (first >= 0xf0 && first < 0xf5) {
		*ret_bits = first & 0x07u;
		*ret_least = 0x10000;
		return 4;
	}
	return 0;
}

unsigned
utf8_decode(struct str s, uint32_t *ret)
{
	uint32_t c, least;
	unsigned len;

	if (s.len == 0)
		return 0;
	len = sequence_length((unsigned char)s.p[0], &c, &least);
	if (len == 0 || len > s.len)
		return 0;
	for (unsigned i = 1; i < len; i++) {
		unsigned char byte = (unsigned char)s.p[i];

		if ((byte & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (byte & 0x3fu);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*ret = c;
	return len;
}

size_t
utf8_plain(struct str s)
{
	size_t n = 0;

	while (n < s.len && (unsigned char)(s.p[n] - 0x20) < 0x7f - 0x20)
		n++;
	return n;
}
