#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Small databases of the documentation ranges, in formats that others write.

fixtures.py DIRECTORY makes flat.mmdb, nested.mmdb, v4.mmdb, asn.mmdb (MaxMind DB File
Format Specification 2.0) and GeoIP.dat, GeoIPv6.dat, GeoLiteCity.dat (GeoIP legacy).
"""
import ipaddress
import os
import struct
import sys

EPOCH = 1767225600  # 2026-01-01


def encode(value):
    """A value of MaxMind DB's data section; no pointers."""
    def head(kind, size):
        size_bytes = b''
        if size >= 285:
            size, size_bytes = 30, struct.pack('>H', size - 285)
        elif size >= 29:
            size, size_bytes = 29, struct.pack('>B', size - 29)
        if kind > 7:
            return bytes([size, kind - 7]) + size_bytes
        return bytes([kind << 5 | size]) + size_bytes
    if isinstance(value, str):
        return head(2, len(value.encode())) + value.encode()
    if isinstance(value, float):
        return head(3, 8) + struct.pack('>d', value)
    if isinstance(value, dict):
        return head(7, len(value)) + b''.join(encode(k) + encode(v) for k, v in value.items())
    if isinstance(value, list):
        return head(11, len(value)) + b''.join(encode(v) for v in value)
    if isinstance(value, tuple):  # (kind, number): 5 = uint16, 6 = uint32, 9 = uint64
        kind, number = value
        text = number.to_bytes(8, 'big').lstrip(b'\0')
        return head(kind, len(text)) + text
    raise TypeError(value)


def tree(ranges, bits):
    """Nodes [left, right]; a leaf is ('data', index), nothing is None."""
    nodes = [[None, None]]
    for network, index in ranges:
        address, at = int(network.network_address), 0
        for depth in range(network.prefixlen):
            side = address >> (bits - 1 - depth) & 1
            if depth == network.prefixlen - 1:
                nodes[at][side] = ('data', index)
            else:
                if not isinstance(nodes[at][side], int):
                    nodes.append([None, None])
                    nodes[at][side] = len(nodes) - 1
                at = nodes[at][side]
    return nodes


def networks(entries, bits):
    """IPv4 lies at ::/96 in a tree of 128 bits."""
    for index, text in enumerate(entries):
        network = ipaddress.ip_network(text)
        if network.version == 4 and bits == 128:
            network = ipaddress.IPv6Network((int(network.network_address),
                                             network.prefixlen + 96))
        yield network, index


def mmdb(path, kind, entries, bits=128):
    data, offsets = b'', []
    for value in entries.values():
        offsets.append(len(data))
        data += encode(value)
    nodes = tree(networks(entries, bits), bits)
    out = b''
    for node in nodes:
        for side in node:
            if side is None:
                number = len(nodes)
            elif isinstance(side, tuple):
                number = len(nodes) + 16 + offsets[side[1]]
            else:
                number = side
            out += number.to_bytes(3, 'big')
    metadata = {'binary_format_major_version': (5, 2), 'binary_format_minor_version': (5, 0),
                'build_epoch': (9, EPOCH), 'database_type': kind, 'description': {},
                'ip_version': (5, 6 if bits == 128 else 4), 'languages': [],
                'node_count': (6, len(nodes)), 'record_size': (5, 24)}
    with open(path, 'wb') as file:
        file.write(out + bytes(16) + data + b'\xab\xcd\xefMaxMind.com' + encode(metadata))


def legacy(path, edition, entries, bits, begin, tail=b'', records=b''):
    """ENTRIES: network -> number behind BEGIN (None: behind the nodes)."""
    nodes = tree(((ipaddress.ip_network(text), number) for text, number in entries.items()),
                 bits)
    if begin is None:
        begin = len(nodes)
    out = b''
    for node in nodes:
        for side in node:
            number = begin if side is None else \
                begin + side[1] if isinstance(side, tuple) else side
            out += number.to_bytes(3, 'little')
    segments = begin.to_bytes(3, 'little') if records else b''
    with open(path, 'wb') as file:
        file.write(out + records + b'\0\0\0GEO-TEST 20260101 Build' +
                   b'\xff\xff\xff' + bytes([edition]) + segments + tail)


COUNTRY_BEGIN = 16776960


def main(directory):
    place = lambda name: os.path.join(directory, name)
    mmdb(place('flat.mmdb'), 'city ipvAll', {
        '192.0.2.0/25': {'country_code': 'DE', 'state1': 'Hesse', 'city': 'Musterstadt',
                         'latitude': 50.5, 'longitude': 9.25},
        '2001:db8::/33': {'country_code': 'SE', 'city': '', 'latitude': 62.0,
                          'longitude': 400.0}})
    mmdb(place('nested.mmdb'), 'DBIP-City-Lite', {
        '192.0.2.0/24': {'country': {'iso_code': 'FR', 'names': {'en': 'France'}},
                         'city': {'names': {'en': 'Exempleville'}},
                         'subdivisions': [{'names': {'en': 'Exemplie'}}],
                         'location': {'latitude': 46.5, 'longitude': 2.5}},
        '2001:db8::/32': {'registered_country': {'iso_code': 'NO'}}})
    mmdb(place('v4.mmdb'), 'country ipv4', {'198.51.100.0/24': {'country_code': 'US'}}, 32)
    mmdb(place('asn.mmdb'), 'DBIP-ASN-Lite (compat=GeoLite2-ASN)', {
        '192.0.2.0/24': {'autonomous_system_number': (6, 64496),
                         'autonomous_system_organization': 'Example Hosting'}})
    legacy(place('GeoIP.dat'), 106, {'192.0.2.0/24': 56, '198.51.100.0/25': 225}, 32,
           COUNTRY_BEGIN)
    legacy(place('GeoIPv6.dat'), 12, {'2001:db8::/32': 191}, 128, COUNTRY_BEGIN)
    coordinate = lambda degrees: int((degrees + 180) * 10000).to_bytes(3, 'little')
    record = lambda north, east: bytes([56]) + b'05\0' + 'Müsterstadt'.encode('latin-1') + \
        b'\0\0' + coordinate(north) + coordinate(east)
    known = record(50.5, 9.25)
    legacy(place('GeoLiteCity.dat'), 2, {'192.0.2.0/24': 1, '198.51.100.0/24': 1 + len(known)},
           32, None, records=b'\0' + known + record(50.5, 400))


if __name__ == '__main__':
    main(sys.argv[1])
