/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ip.h"

/* Four decimal numbers below 256, without zeros in front: what inet_pton(3) takes. */
static bool
parse_ip4(const char *p, const char *end, uint8_t byte[4])
{
	for (unsigned i = 0; i < 4; i++) {
		unsigned digit, value;

		if (p == end || (value = (unsigned char)(*p++ - '0')) > 9)
			return false;
		if (p < end && (digit = (unsigned char)(*p - '0')) <= 9) {
			if (value == 0)
				return false;
			value = value * 10 + digit;
			if (++p < end && (digit = (unsigned char)(*p - '0')) <= 9) {
				value = value * 10 + digit;
				p++;
			}
		}
		if (value > 255 || (i < 3 && (p == end || *p++ != '.')))
			return false;
		byte[i] = (uint8_t)value;
	}
	return p == end;
}

/* What the hexadecimal digit C is worth; 16: it is none. */
static inline unsigned
hex_value(char c)
{
	unsigned decimal = (unsigned char)(c - '0'),
	    letter = (unsigned char)((c | 0x20) - 'a');

	return decimal <= 9 ? decimal : letter <= 5 ? letter + 10 : 16;
}

/* The forms of RFC 4291 2.2, without a zone: what inet_pton(3) takes. */
static bool
parse_ip6(const char *p, const char *end, uint8_t byte[16])
{
	size_t at = 0, gap = 16; /* where "::" is; 16: none */

	if (end - p < 2 || (*p == ':' && *++p != ':'))
		return false;
	while (p < end) {
		const char *from = p;
		unsigned value = 0, digit;

		if (*p == ':') { /* the second */
			if (gap < 16 || at == 16)
				return false;
			gap = at;
			p++;
			continue;
		}
		for (; p < end && (digit = hex_value(*p)) < 16; p++)
			value = value << 4 | digit;
		if (p < end && *p == '.') {
			if (at > 12 || !parse_ip4(from, end, byte + at))
				return false;
			at += 4;
			break;
		}
		if (p == from || p - from > 4 || at == 16)
			return false;
		byte[at++] = (uint8_t)(value >> 8);
		byte[at++] = (uint8_t)value;
		if (p < end && (*p++ != ':' || p == end))
			return false;
	}
	if (gap == 16 || at == 16)
		return gap == 16 && at == 16;
	memmove(byte + 16 - (at - gap), byte + gap, at - gap);
	memset(byte + gap, 0, 16 - at);
	return true;
}

bool
ip_parse(struct str text, struct ip *ret)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	const char *end = text.p + text.len;
	struct ip ip = {.family = 4};

	if (parse_ip4(text.p, end, ip.byte)) {
		*ret = ip;
		return true;
	}
	if (text.len >= IP_TEXT_MAX || !parse_ip6(text.p, end, ip.byte))
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
	cidr.bits = ip_bits(cidr.base.family);
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

size_t
prefix_format(const struct cidr *prefix, char out[CIDR_TEXT_MAX])
{
	return cidr_is_address(prefix) ? ip_format(&prefix->base, out) :
	    cidr_format(prefix, out);
}

int
cidr_compare(const struct cidr *a, const struct cidr *b)
{
	int order = a->base.family - b->base.family;

	if (order == 0)
		order = memcmp(a->base.byte, b->base.byte, sizeof(a->base.byte));
	return order ? order : a->bits - b->bits;
}

bool
cidr_is_canonical(const struct cidr *cidr)
{
	char text[CIDR_TEXT_MAX];
	struct cidr parsed;

	return cidr_parse((struct str){text, cidr_format(cidr, text)}, &parsed) &&
	    cidr_equal(&parsed, cidr);
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

bool
ip_is_private(const struct ip *ip)
{
	static const struct cidr nets[] = {
		{{.byte = {10}, .family = 4}, 8}, {{.byte = {172, 16}, .family = 4}, 12},
		{{.byte = {192, 168}, .family = 4}, 16},
		{{.byte = {100, 64}, .family = 4}, 10},
		{{.byte = {169, 254}, .family = 4}, 16}, {{.byte = {127}, .family = 4}, 8},
		{{.byte = {0xfc}, .family = 6}, 7}, {{.byte = {0xfe, 0x80}, .family = 6}, 10},
		{{.byte = {[15] = 1}, .family = 6}, 128},
	};

	for (size_t i = 0; i < sizeof(nets) / sizeof(*nets); i++)
		if (cidr_contains(&nets[i], ip))
			return true;
	return false;
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
	static const uint8_t translated[12] = {0x00, 0x64, 0xff, 0x9b};

	if (ip->family == 4)
		return ip_prefix(ip, 24);
	return ip_prefix(ip, memcmp(ip->byte, translated, sizeof(translated)) == 0 ? 120 : 64);
}

/*
 * ip_is_formatted(). *RET_NET is how long the first four groups are, where no gap is among
 * them, else 0.
 */
static bool
is_plain_ip6(struct str text, size_t *ret_net)
{
	unsigned groups = 0, digits = 0;
	bool gap = false;

	*ret_net = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (c != ':') {
			/* A group of zeros, or zeros before one; no digit, or a capital. */
			if ((digits == 0 && c == '0') || ++digits > 4 ||
			    hex_value(c) > 15 || !(c & 0x20))
				return false;
			groups += digits == 1;
		} else if (digits) {
			digits = 0;
			if (groups == 4 && !gap)
				*ret_net = i;
		} else if (gap || groups == 0) {
			return false;
		} else {
			gap = true;
		}
	}
	return digits && (gap ? groups <= 6 : groups == 8);
}

bool
ip_is_formatted(struct str text)
{
	size_t net;

	return is_plain_ip6(text, &net);
}

/* To OUT the text of NET and behind it LENGTH, of SIZE with its NUL; returns their length. */
static size_t
put_net(struct str net, const char *length, size_t size, char *out)
{
	memcpy(out, net.p, net.len);
	memcpy(out + net.len, length, size);
	return net.len + size - 1;
}

/* Where there is one spelling only, that of the network is there already. */
size_t
ip_net_text(struct str text, char out[CIDR_TEXT_MAX])
{
	uint8_t byte[4];
	size_t n = text.len;
	struct cidr net;
	struct ip ip;

	if (parse_ip4(text.p, text.p + text.len, byte)) {
		while (text.p[n - 1] != '.')
			n--;
		return put_net(str_head(text, n), "0/24", sizeof("0/24"), out);
	}
	if (is_plain_ip6(text, &n) && n)
		return put_net(str_head(text, n), "::/64", sizeof("::/64"), out);
	if (!ip_parse(text, &ip))
		return 0;
	net = ip_net(&ip);
	return cidr_format(&net, out);
}
