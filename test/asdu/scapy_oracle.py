"""Reads ASDUs from standard input, one per line in hexadecimal digits, and prints what scapy makes of each, as JSON.

The numbers are scapy's own, uncorrected; scapy.ts knows where they have to be read differently.
"""
import json
import sys

try:
    from scapy.contrib.scada.iec104 import iec104_decode
except ImportError:
    sys.exit(3)


def plain(packet):
    """The fields of a scapy packet as numbers and texts."""
    fields = {}
    for field in packet.fields_desc:
        value = packet.getfieldval(field.name)
        if field.name == 'io':
            continue
        fields[field.name] = value.hex() if isinstance(value, bytes) else value
    return fields


for line in sys.stdin:
    asdu = bytes.fromhex(line)
    packet = iec104_decode(bytes([0x68, len(asdu) + 4, 0, 0, 0, 0]) + asdu)
    header = plain(packet)
    objects = []
    for io in getattr(packet, 'io', None) or []:
        objects.append({'class': type(io).__name__, 'fields': plain(io), 'left': bytes(io.payload).hex()})
    print(json.dumps({'class': type(packet).__name__, 'header': header, 'objects': objects,
                      'left': bytes(packet.payload).hex()}))
