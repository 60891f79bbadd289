/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ip.h"

#include <arpa/inet.h>

/* Four decimal numbers below 256, without zeros in front: what inet_pton(3) takes. */
static bool
parse_ip4(struct str text, uint8_t byte[4])
{
	size_t at = 0;

	for (unsigned i = 0; i < 4; i++) {
		unsigned value = 0;
		size_t from = at;

		while (at < text.len && at < from + 3 && char_is_digit(text.p[at]))
			value = value * 10 + (unsigned)(text.p[at++] - '0');
		if (at == from || value > 255 || (at > from + 1 && text.p[from] == '0'))
			return false;
		byte[i] = (uint8_t)value;
		if (i < 3 && (at == text.len || text.p[at++] != '.'))
			return false;
	}
	return at == text.len;
}

bool
ip_parse(struct str text, struct ip *ret)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char copy[IP_TEXT_MAX];
	struct ip ip = {.family = 4};

	if (parse_ip4(text, ip.byte)) {
		*ret = ip;
		return true;
	}
	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.p, text.len);
	copy[text.len] = '\0';
	if (memchr(copy, '\0', text.len) || inet_pton(AF_INET6, copy, ip.byte) != 1)
		return false;
	ip.family = 6;
	if (memcmp(ip.byte, mapped, sizeof(mapped)) == 0) {
		memmove(ip.byte, ip.byte + 12, 4);
		memset(ip.byte + 4, 0, 12);
		ip.family = 4;
	}
	*ret = ip;
	return true;
}

/* VALUE below 1000 in decimal; returns behind it. */
static char *
put_decimal(char *to, unsigned value)
{
	if (value >= 100)
		*to++ = (char)('0' + value / 100);
	if (value >= 10)
		*to++ = (char)('0' + value / 10 % 10);
	*to++ = (char)('0' + value % 10);
	return to;
}

static char *
put_hex(char *to, unsigned value)
{
	static const char digits[] = "0123456789abcdef";
	int shift = 12;

	while (shift > 0 && value >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*to++ = digits[value >> shift & 15];
	return to;
}

static char *
put_ip4(char *to, const uint8_t byte[4])
{
	for (int i = 0; i < 4; i++) {
		if (i)
			*to++ = '.';
		to = put_decimal(to, byte[i]);
	}
	return to;
}

/* RFC 5952: the first longest run of two or more zero groups is "::". */
static char *
put_ip6(char *to, const uint8_t byte[16])
{
	unsigned group[8];
	int run = -1, run_len = 1;

	for (int i = 0; i < 8; i++)
		group[i] = (unsigned)byte[2 * i] << 8 | byte[2 * i + 1];
	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && group[i + n] == 0)
			n++;
		if (n > run_len) {
			run = i;
			run_len = n;
		}
		i += n;
	}
	for (int i = 0; i < 8; i++) {
		if (i == run) {
			*to++ = ':';
			*to++ = ':';
			i += run_len - 1;
			continue;
		}
		if (i && (run < 0 || i != run + run_len))
			*to++ = ':';
		to = put_hex(to, group[i]);
	}
	return to;
}

size_t
ip_format(const struct ip *ip, char out[IP_TEXT_MAX])
{
	char *end = ip->family == 4 ? put_ip4(out, ip->byte) : put_ip6(out, ip->byte);

	*end = '\0';
	return (size_t)(end - out);
}

/* Clears all but the first BITS bits. */
static void
mask_bits(struct ip *ip, unsigned bits)
{
	unsigned whole = bits / 8;

	if (whole >= sizeof(ip->byte))
		return;
	ip->byte[whole] &= (uint8_t)(0xff00u >> bits % 8);
	memset(ip->byte + whole + 1, 0, sizeof(ip->byte) - whole - 1);
}

bool
cidr_parse(struct str text, struct cidr *ret)
{
	struct str address = str_cut(&text, '/');
	struct cidr cidr;
	int64_t bits;

	if (!ip_parse(address, &cidr.base))
		return false;
	cidr.bits = cidr.base.family == 4 ? 32 : 128;
	if (text.p != address.p + address.len) {
		if (!str_number(text, &bits))
			return false;
		if (cidr.base.family == 4 && memchr(address.p, ':', address.len))
			bits -= 96; /* ::ffff:a.b.c.d/120 */
		if (bits < 0 || bits > cidr.bits)
			return false;
		cidr.bits = (uint8_t)bits;
	}
	mask_bits(&cidr.base, cidr.bits);
	*ret = cidr;
	return true;
}

unsigned
cidr_wrong_length(struct str text)
{
	struct str address = text;
	struct cidr cidr;
	struct ip ip;

	address = str_cut(&address, '/');
	if (address.len == text.len || !ip_parse(address, &ip) || cidr_parse(text, &cidr))
		return 0;
	return memchr(address.p, ':', address.len) ? 128 : 32;
}

size_t
cidr_format(const struct cidr *cidr, char out[CIDR_TEXT_MAX])
{
	char *end = out + ip_format(&cidr->base, out);

	*end++ = '/';
	end = put_decimal(end, cidr->bits);
	*end = '\0';
	return (size_t)(end - out);
}

bool
cidr_contains(const struct cidr *cidr, const struct ip *ip)
{
	struct ip masked = *ip;

	if (ip->family != cidr->base.family)
		return false;
	mask_bits(&masked, cidr->bits);
	return memcmp(masked.byte, cidr->base.byte, sizeof(masked.byte)) == 0;
}

struct cidr
ip_prefix(const struct ip *ip, unsigned bits)
{
	struct cidr cidr = {*ip, (uint8_t)bits};

	mask_bits(&cidr.base, cidr.bits);
	return cidr;
}

struct cidr
ip_net(const struct ip *ip)
{
	return ip_prefix(ip, ip->family == 4 ? 24 : 64);
}
