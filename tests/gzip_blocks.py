# SPDX-License-Identifier: ISC
"""gzip_blocks.py COMMAND …: gzip in blocks by the book (SAM specification 4.1), with zlib alone.

  blocks FILE            of each block offset, size and length of text, tab-separated; fails for anything else than blocks, an
                         empty one last
  pack LENGTH <TEXT      blocks of so many bytes of text, or of lengths in turn (7,300,0), and the empty one
  member FLAGS <TEXT     one member whose header has a name, a comment, an extra field, its sum: n, c, x, s
"""
import struct
import sys
import zlib

END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def deflate(text):
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(text) + packer.flush()


def block(text):
    packed = deflate(text)
    size = 18 + len(packed) + 8
    return END[:16] + struct.pack("<H", size - 1) + packed + struct.pack("<II", zlib.crc32(text), len(text))


def blocks(path):
    data = open(path, "rb").read()
    at = length = 0
    while at < len(data):
        size = struct.unpack_from("<H", data, at + 16)[0] + 1
        assert data[at:at + 16] == END[:16], at
        text = zlib.decompress(data[at + 18:at + size - 8], -15)
        length = len(text)
        assert struct.unpack_from("<II", data, at + size - 8) == (zlib.crc32(text), length), at
        assert length <= 65536
        print(at, size, length, sep="\t")
        at += size
    assert at == len(data) and data.endswith(END) and length == 0


def pack(lengths):
    text = sys.stdin.buffer.read()
    out, at, turn = [], 0, 0
    while at < len(text):
        out.append(block(text[at:at + lengths[turn % len(lengths)]]))
        at += lengths[turn % len(lengths)]
        turn += 1
    sys.stdout.buffer.write(b"".join(out) + END)


def member(flags):
    text = sys.stdin.buffer.read()
    bits = 8 * ("n" in flags) | 16 * ("c" in flags) | 4 * ("x" in flags) | 2 * ("s" in flags)
    head = bytes([0x1f, 0x8b, 8, bits]) + bytes(6)
    head += b"\7\0ZZ\3\0abc" * ("x" in flags) + b"name.csv\0" * ("n" in flags) + b"a comment\0" * ("c" in flags)
    head += struct.pack("<H", zlib.crc32(head) & 0xffff) * ("s" in flags)
    sys.stdout.buffer.write(head + deflate(text) + struct.pack("<II", zlib.crc32(text), len(text)))


if sys.argv[1] == "blocks":
    blocks(sys.argv[2])
elif sys.argv[1] == "pack":
    pack([int(word) for word in sys.argv[2].split(",")])
else:
    member(sys.argv[2])
