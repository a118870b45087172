# SPDX-License-Identifier: MIT
"""Values in the strict form and one fault each."""

from kithref.strict import Fault, pack, scan

TITLE = """
The strict form (proto/card.md, "Conventions"): one scan of `input` with the size bound `max`.
"""

# name, expected, hex (spaces for reading)
_PLAIN = [
    # whole values
    ("zero", "ok", "00"),
    ("fixint-max", "ok", "7f"),
    ("uint8-min", "ok", "cc 80"),
    ("uint8-max", "ok", "cc ff"),
    ("uint16-min", "ok", "cd 0100"),
    ("uint16-max", "ok", "cd ffff"),
    ("uint32-min", "ok", "ce 00010000"),
    ("uint32-max", "ok", "ce ffffffff"),
    ("uint64-min", "ok", "cf 0000000100000000"),
    ("uint64-max", "ok", "cf ffffffffffffffff"),
    ("false", "ok", "c2"),
    ("true", "ok", "c3"),
    ("str-empty", "ok", "a0"),
    ("str-ascii", "ok", "a3 416461"),
    ("str-two-bytes", "ok", "a2 c3a9"),
    ("str-three-bytes", "ok", "a3 e282ac"),
    ("str-four-bytes", "ok", "a4 f09f918b"),
    ("str-last-code-point", "ok", "a4 f48fbfbf"),
    ("str-before-surrogates", "ok", "a3 ed9fbf"),
    ("str-behind-surrogates", "ok", "a3 ee8080"),
    ("str-noncharacter", "ok", "a3 efbfbf"),
    ("str-control", "ok", "a2 1b07"),
    ("bin-empty", "ok", "c4 00"),
    ("bin-zero-byte", "ok", "c4 01 00"),
    ("array-empty", "ok", "90"),
    ("map-empty", "ok", "80"),
    ("map-one", "ok", "81 00 01"),
    ("map-ascending", "ok", "83 01 a0 02 c2 cc80 c400"),
    ("map-key-uint64", "ok", "82 00 00 cf0000000100000000 00"),
    ("map-same-keys-in-two-maps", "ok", "92 81 01 02 81 01 02"),
    ("depth-4", "ok", "91 91 91 91 00"),
    ("depth-4-map", "ok", "81 00 81 00 81 00 80"),
    # the end comes too early
    ("empty", "truncated", ""),
    ("uint8-cut", "truncated", "cc"),
    ("uint16-cut", "truncated", "cd 01"),
    ("uint32-cut", "truncated", "ce 000100"),
    ("uint64-cut", "truncated", "cf 00000001000000"),
    ("str-cut", "truncated", "a3 4164"),
    ("str8-head-cut", "truncated", "d9"),
    ("str8-cut", "truncated", "d9 20 4141"),
    ("str16-head-cut", "truncated", "da 01"),
    ("str32-head-cut", "truncated", "db 000100"),
    ("bin8-head-cut", "truncated", "c4"),
    ("bin8-cut", "truncated", "c4 02 00"),
    ("bin16-cut", "truncated", "c5 0100 00"),
    ("bin16-head-cut", "truncated", "c5 01"),
    ("bin32-head-cut", "truncated", "c6 0001"),
    ("array-cut", "truncated", "92 00"),
    ("array16-cut", "truncated", "dc 0010 00"),
    ("array16-head-cut", "truncated", "dc 00"),
    ("array32-head-cut", "truncated", "dd ff0000"),
    ("map-cut-before-key", "truncated", "82 00 01"),
    ("map-cut-before-value", "truncated", "81 00"),
    ("map16-head-cut", "truncated", "de 00"),
    ("map32-head-cut", "truncated", "df 7fffff"),
    ("cut-str-is-not-looked-at", "truncated", "a3 ffff"),
    # not the one form
    ("uint8-not-shortest", "shape", "cc 7f"),
    ("uint16-not-shortest", "shape", "cd 00ff"),
    ("uint32-not-shortest", "shape", "ce 0000ffff"),
    ("uint64-not-shortest", "shape", "cf 00000000ffffffff"),
    ("str8-not-shortest", "shape", "d9 1f" + "41" * 31),
    ("str16-not-shortest", "shape", "da 00ff" + "41" * 255),
    ("str32-not-shortest", "shape", "db 00000100" + "41" * 256),
    ("bin16-not-shortest", "shape", "c5 00ff" + "00" * 255),
    ("bin32-not-shortest", "shape", "c6 00000100" + "00" * 256),
    ("array16-not-shortest", "shape", "dc 000f" + "00" * 15),
    ("array32-not-shortest", "shape", "dd 00000010" + "00" * 16),
    ("map16-not-shortest", "shape", "de 0001 00 00"),
    ("map32-not-shortest", "shape", "df 00000001 00 00"),
    ("key-not-shortest", "shape", "81 cc01 00"),
    ("key-not-shortest-before-equal", "shape", "82 01 00 cc01 00"),
    ("keys-out-of-order", "shape", "82 02 00 01 00"),
    ("keys-out-of-order-far-repeat", "shape", "83 01 00 02 00 01 00"),
    ("keys-out-of-order-inside", "shape", "91 82 cc80 00 7f 00"),
    ("trailing-byte", "shape", "00 00"),
    ("trailing-byte-behind-map", "shape", "81 00 01 c0"),
    ("not-shortest-before-limit", "shape", "dd 0000ffff"),
    ("not-shortest-length-before-limit", "shape", "db 0000ffff"),
    # types that do not exist here
    ("nil", "type", "c0"),
    ("c1", "type", "c1"),
    ("float32", "type", "ca 3f800000"),
    ("float64", "type", "cb 3ff0000000000000"),
    ("float-head-alone", "type", "ca"),
    ("int8-negative", "type", "d0 80"),
    ("int8-of-a-natural-number", "type", "d0 05"),
    ("int16", "type", "d1 8000"),
    ("int32", "type", "d2 80000000"),
    ("int64", "type", "d3 8000000000000000"),
    ("negative-fixint", "type", "ff"),
    ("negative-fixint-least", "type", "e0"),
    ("fixext1", "type", "d4 01 00"),
    ("fixext2", "type", "d5 01 0000"),
    ("timestamp", "type", "d6 ff 00000000"),
    ("timestamp64", "type", "d7 ff 0000000000000000"),
    ("fixext16", "type", "d8 01" + "00" * 16),
    ("ext8", "type", "c7 00 01"),
    ("ext16", "type", "c8 0100 01"),
    ("ext32", "type", "c9 ffffffff 01"),
    ("nil-in-array", "type", "91 c0"),
    ("nil-as-value", "type", "81 00 c0"),
    ("key-str", "type", "81 a101 00"),
    ("key-bin", "type", "81 c40101 00"),
    ("key-bool", "type", "81 c2 00"),
    ("key-negative", "type", "81 ff 00"),
    ("key-array", "type", "81 90 00"),
    ("key-nil", "type", "81 c0 00"),
    # a key twice
    ("key-twice", "dup", "82 01 00 01 00"),
    ("key-zero-twice", "dup", "82 00 00 00 00"),
    ("key-wide-twice", "dup", "82 cc80 00 cc80 00"),
    ("key-largest-twice", "dup", "82 cfffffffffffffffff 00 cfffffffffffffffff 00"),
    ("key-twice-inside", "dup", "91 82 04 05 04 06"),
    # text
    ("utf8-lone-continuation", "utf8", "a1 80"),
    ("utf8-overlong-two", "utf8", "a2 c080"),
    ("utf8-overlong-two-slash", "utf8", "a2 c1af"),
    ("utf8-overlong-three", "utf8", "a3 e09fbf"),
    ("utf8-overlong-four", "utf8", "a4 f08fbfbf"),
    ("utf8-surrogate-first", "utf8", "a3 eda080"),
    ("utf8-surrogate-last", "utf8", "a3 edbfbf"),
    ("utf8-past-last-code-point", "utf8", "a4 f4908080"),
    ("utf8-f5", "utf8", "a4 f5808080"),
    ("utf8-five-bytes", "utf8", "a5 f888808080"),
    ("utf8-fe", "utf8", "a1 fe"),
    ("utf8-start-without-rest", "utf8", "a1 c3"),
    ("utf8-rest-in-next-value", "utf8", "92 a1 c3 a1 a9"),
    ("utf8-cut-at-the-end", "utf8", "a5 41 f09f91 41"),
    ("utf8-nul", "utf8", "a3 410042"),
    ("utf8-nul-alone", "utf8", "a1 00"),
    # bounds
    ("depth-5", "limit", "91 91 91 91 91 00"),
    ("depth-5-map", "limit", "81 00 81 00 81 00 81 00 80"),
    ("depth-5-empty", "limit", "91 91 91 91 90"),
    ("depth-5-cut", "limit", "91 91 91 91 91"),
    ("array32-16-million", "limit", "dd ff000000"),
    ("bin32-4-gib", "limit", "c6 ffffffff"),
    ("map32-2-billion", "limit", "df 7fffffff"),
    ("map32-4-billion", "limit", "df ffffffff"),
    ("str32-4-gib", "limit", "db ffffffff"),
    ("array16-65535", "limit", "dc ffff"),
    ("elements-of-a-cut-array", "limit", "dc 0201"),
    ("elements-within-cut", "truncated", "dc 0200"),
    ("map-elements-of-a-cut-map", "limit", "de 0101"),
    ("map-elements-within-cut", "truncated", "de 0100"),
]


def _built():
    yield "elements-512", "ok", bytes.fromhex("dc0200") + bytes(512), 32768
    yield "elements-513", "limit", bytes.fromhex("dc0201") + bytes(513), 32768
    yield "elements-256-pairs", "ok", pack({k: 0 for k in range(256)}), 32768
    yield "elements-257-pairs", "limit", pack({k: 0 for k in range(257)}), 32768
    yield "elements-512-in-sum", "ok", pack([[0] * 250, [0] * 260]), 32768
    yield "elements-513-in-sum", "limit", pack([[0] * 250, [0] * 261]), 32768
    yield "elements-of-map-and-array", "ok", pack({1: [0] * 255, 2: [0] * 253}), 32768
    yield "elements-of-map-and-array-one-past", "limit", pack({1: [0] * 255, 2: [0] * 254}), 32768
    yield "nested-91", "limit", b"\x91" * 4096, 32768
    yield "nested-dc-ff-ff", "limit", b"\xdc\xff\xff" * 1024, 32768
    yield "str-31", "ok", pack("a" * 31), 32768
    yield "str-32", "ok", pack("a" * 32), 32768
    yield "str-255", "ok", pack("a" * 255), 32768
    yield "str-256", "ok", pack("a" * 256), 32768
    yield "bin-255", "ok", pack(bytes(255)), 32768
    yield "bin-256", "ok", pack(bytes(256)), 32768
    yield "array-15", "ok", pack([0] * 15), 32768
    yield "array-16", "ok", pack([0] * 16), 32768
    yield "map-15", "ok", pack({k: 0 for k in range(15)}), 32768
    yield "map-16", "ok", pack({k: 0 for k in range(16)}), 32768
    yield "size-at-bound", "ok", pack(bytes(62)), 64
    yield "size-past-bound", "limit", pack(bytes(63)), 64
    yield "size-past-bound-before-anything", "limit", bytes([0xC0]) * 65, 64
    yield "length-at-bound-cut", "truncated", bytes.fromhex("c440"), 64
    yield "length-past-bound", "limit", bytes.fromhex("c441"), 64
    yield "str-length-at-bound-cut", "truncated", bytes.fromhex("d940"), 64
    yield "str-length-past-bound", "limit", bytes.fromhex("d941"), 64
    yield "length-within-bound-of-message-cut", "truncated", bytes.fromhex("c58000"), 32768
    yield "length-past-bound-of-message", "limit", bytes.fromhex("c58001"), 32768
    yield "first-fault-type-before-utf8", "type", bytes.fromhex("92c0a1ff"), 32768
    yield "first-fault-utf8-before-type", "utf8", bytes.fromhex("92a1ffc0"), 32768
    yield "first-fault-dup-before-trailing", "dup", bytes.fromhex("820100010000"), 32768
    yield "first-fault-type-before-trailing", "type", bytes.fromhex("c000"), 32768


def cases():
    plain = ((name, want, bytes.fromhex(text), 32768) for name, want, text in _PLAIN)
    for name, want, data, size_max in (*plain, *_built()):
        assert _outcome(data, size_max) == want, "%s: %s" % (name, _outcome(data, size_max))
        yield [("name", name), ("expect", want), ("max", size_max), ("input", data)]


def _outcome(data, size_max):
    try:
        scan(data, size_max)
    except Fault as fault:
        return str(fault)
    return "ok"
