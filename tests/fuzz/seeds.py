#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the seeds of the fuzz targets from the golden vectors (proto/vectors) and a few by hand.

    tests/fuzz/seeds.py [FOLDER]

FOLDER is tests/fuzz/corpus unless told otherwise.  Run twice it writes the same files:
FOLDER/TARGET/ and eight hexadecimal digits of the content's hash.  Files that are there stay.  Of
the vectors of a kind at most EACH are taken, every n-th by length, and of those over BYTES bytes
one, so that the tree stays small.
"""
import hashlib
import os
import re
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.dirname(os.path.dirname(HERE))
EACH = 40
BYTES = 2048


def cases(name):
    """The cases of a vector file, each a list of (key, value)."""
    case = []
    with open(os.path.join(SOURCES, "proto/vectors", name + ".txt"), encoding="utf-8") as f:
        for line in f.read().split("\n") + [""]:
            if line == "" and case:
                yield case
                case = []
            elif line and line[0] != "#":
                key, value = line.split(": ", 1)
                case.append((key, value))


def hexes(name, *keys, kind=None):
    for case in cases(name):
        if kind is None or ("kind", kind) in case:
            for key, value in case:
                if key in keys and re.fullmatch(r"([0-9a-f]{2})*|-", value):
                    yield b"" if value == "-" else bytes.fromhex(value)


def few(seeds):
    """At most EACH of them, and none that is large but the smallest of those."""
    every = sorted(set(seeds), key=lambda s: (len(s), s))
    small = [s for s in every if len(s) <= BYTES]
    large = [s for s in every if len(s) > BYTES]
    return small[::max(1, -(-len(small) // EACH))] + large[:1]


def schemas(name):
    """(place, type) of every message of a .def list."""
    with open(os.path.join(SOURCES, "proto", name + ".def"), encoding="utf-8") as f:
        types = re.findall(r"^MESSAGE\(\w+, \w+, (\d+)\)", f.read(), re.M)
    return [(i, int(t)) for i, t in enumerate(types)]


def string(s):
    s = s.encode() if isinstance(s, str) else s
    return bytes([len(s)]) + s if len(s) < 255 else b"\xff" + struct.pack(">H", len(s)) + s


def body_of(envelope):
    """The signed body inside a sound envelope: array, magic, version, bin."""
    if not envelope.startswith(b"\x94\xa8KITHCARD\x01"):
        return None
    at = 11
    if envelope[at:at + 1] == b"\xc4":
        return envelope[at + 2:at + 2 + envelope[at + 1]]
    if envelope[at:at + 1] == b"\xc5":
        n = struct.unpack(">H", envelope[at + 1:at + 3])[0]
        return envelope[at + 3:at + 3 + n]
    return None


def strict():
    yield from few(hexes("strict", "input"))


def envelope():
    yield from few(hexes("card", "input", kind="card"))


def card():
    """The bodies; and Ada's with another revision, label and kind, which no vector signs."""
    yield from few(filter(None, map(body_of, hexes("card", "input", kind="card"))))
    ada = body_of(next(hexes("card", "input", kind="card")))
    yield ada.replace(b"\x04\x01\x05", b"\x04\x00\x05")
    for label in (b"\xd9\x20" + b"l" * 32, b"\xd9\x21" + b"l" * 33, b"\xa1\x1b"):
        yield ada.replace(b"\x94\x01\x00\xa0", b"\x94\x01\x00" + label)
    yield ada.replace(b"\x94\x01\x00\xa0", b"\x94\x01\x03\xa0")
    yield ada.replace(b"\x06\x91\x94", b"\x06\x92\x94\xcd\x01\x00\x00\xa0\xc4\x01\xff\x94")
    yield b"\x8a" + ada[1:] + b"\x46\xa5later"


def armor():
    yield from few(hexes("card", "input", kind="armor"))


def inside(statement):
    """The body in a sound frame, and whether it is that of a rotation."""
    if not statement.startswith(b"\x95\xa8KITHSTMT\x01") or statement[12:13] != b"\xc4":
        return None
    return bytes([1 | 2 * (statement[11] == 1)]) + statement[14 : 14 + statement[13]]


def introduction():
    """A byte that says what it is, then that: see introduction.c.  Of statements their bodies, too."""
    for form, kind in enumerate(("propose", "granted", "handover", "grant", "intro", "file", "armor")):
        yield from few(bytes([form]) + data for data in hexes("introduction", "input", kind=kind))
    for form, kind in ((7, "grant"), (8, "intro")):
        whole = [data for data in hexes("introduction", "input", kind=kind) if data[12:13] == b"\xc4"]
        yield from few(bytes([form]) + data[14 : 14 + data[13]] for data in whole)


def statement():
    """As they are; and the bodies, to be signed again."""
    whole = list(hexes("statement", "input", kind="statement"))
    yield from few(b"\0" + s for s in whole)
    yield from few(filter(None, map(inside, whole)))


def uri():
    """The vectors, and what other programs put into codes."""
    yield from few(hexes("uri", "input"))
    for other in ("WIFI:S:x;;", "https://example.org", "BEGIN:VCARD", "mecard:N:x;;", "otpauth:",
                  "4006381333931", "BCD\n", "A" * 52, " \t\r\n", "kith"):
        yield other.encode()


def keyfile():
    """A passphrase and its length, and the file; or, with the top bit, what it may cost."""
    for case in cases("keyfile"):
        case = dict(case)
        words = case.get("passphrase", "").encode()
        yield bytes([len(words) & 0x7f]) + words[:127] + bytes.fromhex(case["input"].strip("-"))
    for ops, mem in ((1, 8), (0, 8), (10, 2 ** 20), (11, 2 ** 20), (3, 2 ** 20 + 1),
                     (2 ** 31, 2 ** 22)):
        yield b"\x85horse\x04" + struct.pack(">II", ops, mem)


def base():
    for text in (b"", b"MZXW6YTBOI", b"mzxw6ytboi", b"Zm9vYmFy", b"Zm9v\nYg==\r\n",
                 b"MZ======", b"MZ", b"MY", b"M1", b"MZXW6YTBOJ", b"Zm9vYm==", b"AAAA", b"\0\0\0",
                 b"\xff\xff\xff\xff"):
        yield b"\x40" + text
    for key in hexes("keys", "ik"):
        yield b"\x10" + key


def session():
    order = schemas("session")
    place = {t: i for i, t in order}
    keys = ("hello_i", "tags", "hello_r", "request", "accept", "reveal", "auth_i", "auth_r",
            "confirm_i", "card_r", "receipt_i")
    for message in few(hexes("session", *keys, kind="handshake")):
        sealed = message[2] in (14, 15, 16, 17)  # 8N 00 TYPE ...; all of these share one shape
        yield bytes([place[0 if sealed else message[2]]]) + message
    for message in few(hexes("session", "input", kind="message")):
        if len(message) > 2:
            yield bytes([place.get(message[2], 0)]) + message
    known = ("k1", "k2", "k3", "parcel", "ack", "quiet_i", "close_i")
    for message in few(hexes("known", *known, kind="session")):
        sealed = message[2] >= 22  # K3 and what follows share the shape too; K1 and K2 have their own
        yield bytes([place[0 if sealed else message[2]]]) + message
    for case in cases("session"):
        case = dict(case)
        if case["kind"] == "plain" and len(case["input"]) < 2 * BYTES:
            yield bytes([0x40 | place[int(case["type"])]]) + bytes.fromhex(case["input"].strip("-"))
    for i, _ in order:
        yield bytes([0x80 | i]) + b"\x20" * 200


def written(name):
    """One input that lets the target fill in the fields, for every message of a list."""
    for i, _ in schemas(name):
        yield bytes([0x80 | i]) + b"\x00\x01" + string("peer") * 3 + b"\x01" * 8
        yield bytes([0x80 | i]) + string(b"\x07" * 32) * 2 + string("Ada") * 3 + b"\x01" * 8
        yield bytes([0x80 | i]) + b"\x00\x02" + string(b"\x07" * 32) + b"\x02" + \
            string("192.0.2.7:4711") * 2 + string("eth0 192.0.2.0/24")
        yield bytes([0x80 | i]) + b"\x00\x01" + string(b"\x07" * 32) + b"\x00\x00"
        yield bytes([i]) + b"\x82\x00" + bytes([schemas(name)[i][1]]) + b"\x01\x01"


def courier():
    yield from written("courier")


def control():
    yield from written("control")


def text():
    for s in ("Ada Lovelace", "Gr\u00fc\u00dfe, \u4f60\u597d \U0001f44b",
              "a\u0301\u0302\u0303\u0304\u0305\u0306", "\u202egnp.exe", "\u2067\u2069\u200f",
              "\x1b[2J\x1b]52;c;eA==\x07", "\x9b31m",
              "verified \u2713", "  a  b  ", "\u0391da", "\u1100\u1161\u11a8\u3164",
              "\ufb01 \u0130\u1e9e",
              "\U000e0041\ufe0f\u00ad", "\ud55c\uad6d\uc5b4" * 9, "x" * 300,
              "\U0001f468\u200d\U0001f469"):
        for columns in (4, 40, 200):
            yield bytes([columns, 60]) + s.encode()
    for s in (b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80\xbf", b"a\x00b",
              b"\xe2\x82"):
        yield bytes([40, 60]) + s


FIELDS = ("name=Ada Lovelace", "email.work=ada@example.org", "tel.mobile=+44 20 7946 0318",
          "adr.home=1 High St;London;;N1;UK", "adr=;;1 High St;London;;N1;UK", "bday=1815-12-10",
          "bday=--02-29", "NAME=x", "note=a=b;c", "url=https://example.org/~ada", "photo=x",
          "email=a@b@c", "org.x.y=z", "nope=1", "=x", "name", "adr=a;b;c;d;e;f",
          "tel." + "l" * 33 + "=1")


def field():
    for f in FIELDS:
        yield f.encode()


KINDS = ("name", "given", "family", "additional", "prefix", "suffix", "nickname", "pronouns",
         "phonetic", "org", "unit", "title", "email", "tel", "url", "adr", "bday", "note", "offers", "asks", "photo")


def vcard():
    """As vcard.c reads it: 5 bytes of time, a key, and fields: kind, flags, label, parts."""
    head = b"\x00\x68\x4e\xe1\x80" + bytes(range(32))
    ada = head + b"\x00\x00\x00" + string("Ada")
    values = ("Ada Lovelace", "a\r\nEND:VCARD\r\nBEGIN:VCARD", "a;b,c\\d\\n", "\u4f60\u597d " * 30,
              "x\u2028y\u0085z\x0bw\x1c", "\x00\x01\x7f\x9b"[1:], "https://example.org/,\\ \n%41",
              "1815-12-10", "\xff\xd8\xff\xe0")
    for value in values:
        out = head + b"\x00\x00" + string("") + string("Ada " + value)
        for i, kind in enumerate(KINDS):
            for label in ("", "work", value[:9]):
                out += bytes([i, 1]) + string(label)
                out += string(value) * (7 if kind == "adr" else 1)
                if i == 0:
                    break
        yield out[:BYTES]
    for value in values:
        for i in (6, 8, 13, 14, 16):
            yield ada + bytes([i, 1]) + string("work fax") + string(value) * 7
    yield ada + b"\x10\x00\x00" + string("a\rb\nc\r\nd\x0be")
    yield ada + b"\x0d\x00\x00" + string("http://a/\rb\n\x85c\u2028")
    yield ada + bytes([19, 0, 0]) + string(b"\xff\xd8\xff" + b"JFIF" * 60)


def vcards():
    """A byte that says how the file comes in, and files with every oddity of the reader."""
    def vcf(*lines, end="\r\n", version="3.0"):
        text = end.join(("BEGIN:VCARD", "VERSION:" + version) + lines + ("END:VCARD", ""))
        return text.encode()

    ada = vcf("FN:Ada Lovelace", "N:Lovelace;Ada;;;", "item1.TEL;TYPE=CELL,pref:+44 20",
              'item1.X-ABLabel:_$!<Home>!$_', 'ADR;TYPE="work,home";LABEL="a:b;c":;;x\\, y;;;;')
    quoted = vcf("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Gr=C3=", "=BC=C3=9Fe=", " x", "",
                 "LABEL;QUOTED-PRINTABLE:=", "", "=41", "TEL;HOME;PREF;:1", version="2.1")
    coded = vcf("PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/", "4AAQ", " SkZJ", "", "LOGO;BASE64:",
                " /9j=", "X:1", version="2.1")
    agent = vcf("AGENT:", "BEGIN:VCARD", "VERSION:2.1", "N:inner", "END:VCARD", "TEL:1",
                version="2.1")
    files = [ada, quoted, coded, agent, ada + quoted, ada.replace(b"\r\n", b"\n"),
             ada.replace(b"\r\n", b"\r"), ada.replace(b"\r\n", b"\r\r\n"), ada.lower(),
             b"\xef\xbb\xbf" + ada, ada.decode().encode("utf-16"), ada.decode().encode("utf-16-be"),
             b"\r\n\njunk\n" + ada + b"END:VCARD\n" + ada[:-12], ada[:40] + ada,
             ada.replace(b"AD", b"A\r\n D"), ada.replace(b"AD", b"A\n\t\n\n D"),
             vcf("N;CHARSET=Shift_JIS:\u8c37").replace("\u8c37".encode(), b"\x88\xc9\x94\\"),
             vcf("N;CHARSET=BLABLA:x", "FN:y").replace(b"x", b"\xfc").replace(b"y", b"\xe9\x00"),
             vcf("N;CHARSET=ISO-2022-JP:\x1b$B$\"\x1b(B", "FN;QUOTED-PRINTABLE:=FC=00\u00fc="),
             vcf("N:p", "BEGIN:VCARD", "N:a", "END:VCARD", "BEGIN:VCARD", "END:VCARD", "TEL:1"),
             vcf("ADR:;;a\\", "b\\", "c;;;;", "X:a\rb", "BEGIN: VCARD ", "END:vcard\t"),
             b"BEGIN:VCARD\nAGENT:\n" * 7 + b"END:VCARD\n" * 7,
             vcf("PHOTO:data:image/png;base64,iVBO%52w==", "PHOTO;VALUE=uri:file:///etc/passwd",
                 "KEY:data:,a%20b", "PHOTO:/9j/4AAQ", "N;P" + ";P" * 70 + ":x", version="4.0"),
             vcf(*["X:%d" % i for i in range(120)])]
    for i, text in enumerate(files):
        yield bytes([i]) + text


def vcardmap():
    """As vcardmap.c reads it: an even byte and fields, or an odd one and two vCards."""
    for seed in vcard():
        yield b"\x00" + seed[37:]
    for version in ("2.1", "3.0", "4.0"):
        lines = ("FN:Ada Lovelace", "N:Lovelace;Ada;;Dr;", "item1.TEL;TYPE=CELL,PREF:1",
                 "item1.X-ABLabel:_$!<Home>!$_", "NICKNAME:a,b\\,c", "ORG:X;Y;Z", "URL:http\\://x/a b",
                 "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4UFC",
                 "X-PHONETIC-LAST-NAME:l", "X-PHONETIC-FIRST-NAME:f", 'ADR;TYPE="work,pref":;;s;;;;;;',
                 "item7.X-ABDATE:2001-01-01", "item7.X-ABLabel:x", "X-ODD;A=\"b;c\":d", "REV:r", "UID:u")
        text = "\r\n".join(("BEGIN:VCARD", "VERSION:" + version) + lines + ("END:VCARD", ""))
        other = text.replace(":1\r", ":2\r").replace("X-ODD", "X-EVEN").replace("UID:u\r\n", "")
        yield b"\x01" + text.encode()
        yield b"\x01" + text.encode() + b"\x00" + other.encode()
    quoted = ("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:=E4=0D=0A=F6", "TEL;WORK;PREF:tel:1",
              "N;X-KITH-DERIVED=both:B;A;;;", "FN:A B", "EMAIL;INTERNET:mailto:a@b", "TEL:", "N:")
    yield ("\x01BEGIN:VCARD\nVERSION:2.1\n" + "\n".join(quoted) + "\nEND:VCARD\n").encode()
    folded = ("N;X-KITH-DERIVED=both:B;A;", "TEL;WORK;" + "=" * 100 + ":1", "NOTE:" + "\\;=" * 50)
    text = "\nBEGIN:VCARD\nVERSION:3.0\n" + "\n".join(folded) + "\nEND:VCARD\n"
    yield ("\x01" + text + "\x00" + text.replace("50", "51").replace(":B", ":BCD")).encode()


def txt_rdata(label="Ada", key=None):
    import base64
    key = base64.urlsafe_b64encode(key or bytes(range(32))).rstrip(b"=")
    parts = [b"v=1", b"k=" + key] + ([b"n=" + label.encode()] if label else [])
    return b"".join(bytes([len(p)]) + p for p in parts)


def txt():
    yield b"\x00" + txt_rdata()
    yield b"\x00" + txt_rdata("")
    yield b"\x00" + txt_rdata("\u4f60" * 20)
    yield b"\x00\x00" + txt_rdata()
    yield b"\x00" + txt_rdata(key=b"\x00" * 31 + b"\x01") + b"\x03k=x\x03K=y\x01n"
    yield b"\x00" + txt_rdata()[:-1]
    yield b"\x00\x03V=1\x03v=2"
    yield b"\x01" + bytes(range(32)) + "Gr\u00fc\u00dfe".encode()


def name(n):
    return b"".join(bytes([len(p)]) + p.encode() for p in n.split(".") if p) + b"\x00"


def record(n, kind, rdata, cls=0x8001, ttl=120):
    head = n if isinstance(n, bytes) else name(n)
    return head + struct.pack(">HHIH", kind, cls, ttl, len(rdata)) + rdata


def reply():
    service, inst, host = "_kith._tcp.local", "k-1a._kith._tcp.local", "k-1a.local"
    srv = struct.pack(">HHH", 0, 0, 4711) + name(host)
    records = [record(service, 12, name(inst), 1), record(inst, 33, srv),
               record(inst, 16, txt_rdata()), record(host, 1, bytes([192, 0, 2, 7])),
               record(host, 28, bytes([0xfe, 0x80] + [0] * 13 + [7]))]

    def packet(answers, flags=0x8400, question=b"", questions=0):
        head = struct.pack(">HHHHHH", 4711, flags, questions, len(answers), 0, 0)
        return b"\x00" + head + question + b"".join(answers)

    yield packet(records)
    yield packet(records[::-1])
    yield packet(records, question=name(service) + b"\x00\x0c\x00\x01", questions=1)
    yield packet([record(service, 12, b"\x04k-1a\xc0\x0c", 1), record(b"\xc0\x2d", 33, srv)]
                 + records[2:])
    yield packet([record(b"\xc0\x0c", 12, b"\xc0\x0c")])
    yield packet([r.replace(b"k-1a", b"K-1A") for r in records])
    for i in range(1, len(records)):
        yield packet(records[:i] + records[i + 1:])  # one is missing
    yield packet([record(service, 12, name(inst), 1), record(inst, 33, srv),
                  record(host, 1, bytes([192, 0, 2, 7])), record(host, 1, bytes([192, 0, 2, 8]))])
    yield packet(records, flags=0)
    yield packet(records, flags=0x8403)
    yield packet(records)[:-3]
    yield b"\x80" + name(inst)
    yield b"\x86" + srv


def records():
    for label in ("k-1a2b", "K-1A2B", "K-1A", "a.b", ""):
        for addresses in (0, 1, 9):
            out = string(label) + string("host") + bytes(range(32)) + string("Ada")
            some = b"\x01\x00\xc0\x00\x02\x07" * addresses
            yield b"\x12\x67" + out + bytes([1, addresses]) + some


def sightings():
    one = b"\x00\x01\x00\x05\x32\x41\x01\x1d"  # somebody at 192.0.2.7, on the second interface
    yield one + b"\xff"
    yield b"\xdc\x00\x05" + one + b"\xff"  # a key of our own
    for port in (22, 1023, 1024):
        yield b"\x00\x01\x00\x05\x12" + struct.pack(">H", port) + b"\x01\x1d\xff"
    yield b"".join(b"\x00\x01" + struct.pack(">H", i) + b"\x02\x01\x1d"
                   for i in range(300)) + b"\xff"
    yield (one + b"\xff\xa0\x00\x05\x32\xff") * 4
    yield one + b"\xff\xbe\x04\xb0\xff\xd2\x01\xff\xd2\x00\xff\xdc\x00\x05\xff\xe6\xff"


def endpoint():
    for text in ("192.0.2.1:4711", "[2001:db8::1]:4711", "[fe80::1%eth0]:4711", "[fe80::1]:1",
                 "[::1]:65535", "127.0.0.1:65536", "0.0.0.0:1", "[::ffff:1.2.3.4]:9", "host:1",
                 "[2001:db8::1%eth0]:4711", "[fe80::1%nope]:2", "1.2.3.4:01"):
        yield b"\x00" + text.encode()
    yield b"\x01\x01\x12\x67\x02\xfe\x80" + b"\x00" * 13 + b"\x07"
    yield b"\x01\x00\x12\x67\x00\xc0\x00\x02\xff"


def room():
    """A byte a step (room.c): who does what, and how many messages arrive."""
    def arrive(n):
        return bytes([(n - 1) * 10])

    def decide(who, what, row):
        return bytes([3, who + 3 * what, row])

    ada, grace, mallory, agree = 0, 1, 2, b"\x02"
    rest = arrive(8) + agree + arrive(8) + agree + arrive(12) + agree + arrive(20)
    code = b"\x00" + decide(ada, 0, 1) + arrive(8) + agree + arrive(8)  # on both screens
    yield b"\x00" + decide(ada, 0, 1) + rest
    yield b"\x00" + decide(ada, 0, 0) + rest
    for who, what in ((ada, 4), (grace, 4), (ada, 5), (grace, 6)):  # one after the other
        yield code + decide(who, what, 1) + arrive(9) + agree + arrive(9) + agree + arrive(9)
    yield b"\x00" + decide(mallory, 0, 1) + rest
    yield b"\x01" + decide(mallory, 0, 1) + rest
    yield b"\x00" + decide(ada, 0, 1) + decide(grace, 0, 1) + arrive(20) + rest
    asked = b"\x00" + decide(mallory, 0, 1) + arrive(8)
    yield asked + b"\x08\x20\x00\x28\x00" + rest
    yield asked + agree + arrive(8) + b"\x08\x20\x00\x03\x00" + rest
    yield code[:-1] + b"\x07\x02\x00\x00\x21" + arrive(20) + b"\xf5"
    two = b"\x00" + decide(grace, 0, 1) + decide(mallory, 0, 1) + arrive(24)  # nobody answers
    yield two
    yield two + agree + arrive(24) + rest
    for n in range(1, 16):  # nobody says anything more
        yield b"\x00" + decide(ada, 0, 1) + arrive(4) + agree + arrive(n)
        yield code + agree + arrive(n)
    for what in range(0, 45, 2):  # everything that can happen around them, under a code
        yield code + bytes([6, what]) + rest + b"\xf5"
    def owes(who, whom, kind, data):
        return bytes([250, who + 3 * whom + 9 * (kind - 1)]) + string(data)

    def wait(n):  # n * n fifths of a second
        return bytes([5 + 10 * n])

    meet = (wait(5) + arrive(20) * 2) * 3
    for manners in (0x08, 0x78, 0x38):  # they know each other; and nobody is in a swap, or only Mallory
        head = bytes([manners])
        yield head + meet
        for kind in range(1, 9):
            yield head + owes(ada, grace, kind, "what is due") + owes(grace, ada, kind, "") + meet
            yield head + owes(mallory, ada, kind, b"\xff" * 40) + b"\x08\x20\x00\x03\x00" + meet
        yield head + owes(ada, grace, 3, "x") * 20 + meet * 4  # until no more can be given back
        yield head + owes(mallory, grace, 3, "x") * 20 + meet * 4
        many = b"".join(owes(a, b, 1 + (a + b) % 3, "x") for a in range(3) for b in range(3) if a != b)
        yield head + many * 4 + meet * 2
        yield head + many + meet + bytes([253, grace]) + meet + bytes([254, grace]) + wait(24) + meet
        yield head + many + decide(ada, 0, 1) + arrive(8) + agree + meet + agree + meet
        for n in range(1, 12):  # nobody says anything more
            yield head + many + wait(12) + arrive(n)


def parcel():
    """Steps of what Ada says and Bob does: see parcel.c."""
    meet, hear = b"\x0c\x00\x00", b"\x0d\x27" + b"\x00" * 8
    start = b"\x00"  # how she stands

    def take(kind, data):
        return bytes([0, kind - 1]) + string(data)

    def number(how):
        return b"\x00" * (how % 7) + b"\x02"

    def decide(what, row):
        return bytes([14, what, row])

    for kind, name, of in ((1, "card", "card"), (2, "statement", "statement"),
                           (4, "introduction", "propose"), (5, "introduction", "granted"),
                           (6, "introduction", "handover")):
        some = [data for data in hexes(name, "input", kind=of) if len(data) < 1024]
        for data in sorted(set(some), key=lambda d: (len(d), d))[::max(1, len(some) // 6)]:
            yield start + take(kind, data) + hear
    for body in list(filter(None, map(body_of, hexes("card", "input", kind="card"))))[:4]:
        yield start + b"\x01" + string(body) + hear
    statements = (inside(data) for data in hexes("statement", "input", kind="statement"))
    for data in list(filter(None, statements))[:40:8]:
        yield start + bytes([4, 0 if data[0] & 2 else 1]) + string(data[1:]) + meet
    for how in (0, 1, 6, 8, 16, 17, 64):  # a card; and one of his that she holds, and gives back
        card = bytes([2, how]) + number(how)
        yield start + card + hear + card + meet + hear
        yield start + card + b"\x03\x01" + meet + b"\x03\x01" + b"\x03\x01"
        held = b"\x01\x40" + bytes([how]) + number(how)
        for said in (b"\x00\x00", b"\x00\x80\x00\x09", b"\x00\xff\x05bytes", b"\x01", b"\x03"):
            answer = b"\x0d\x27" + said + b"\x00" * 6
            yield b"\x02" + held + answer + b"\x0c\x02\x00" + held + answer
    for what in (0, 2, 4, 6, 64, 132, 134, 192, 200):  # she asks for what she gave
        yield start + bytes([3, what]) + b"\x03\x00" + meet + bytes([3, what]) + hear
    yield b"\x01" + bytes([3, 0])  # who has not agreed
    far = [b"\x40\x06" + most for most in (b"\x1f" + b"\xff" * 6, b"\x0f" + b"\xff" * 6, b"\0\0\1\0\0\0\0")]
    for held in [b"\x00", b"\x1f", b"\xc0\x00\x02", b"\xff"] + far:  # what he has signed, and what he has not
        yield b"\x02\x01" + held + hear + b"\x0c\x02\x00\x01" + held + decide(6, 0) + hear
    yield start + b"\x05\x02" + take(1, b"") + meet + b"\x05\x03" + meet
    yield start + b"\x0b\x00\x00" + meet + b"\x05\x00" + b"\x05\x01" + meet
    yield start + b"\x0b\x02" + string(b"\x91\xc4\x00") + meet
    propose = b"\x06\x07\x00\x00"
    intro = b"\x08\x07\x00\x00\x01\x00\x00"
    yield start + propose + decide(0, 1) + hear + intro + hear
    yield start + propose + decide(0, 1) + intro + decide(1, 1) + intro
    yield start + b"".join(bytes([6, i, 0, 0]) for i in range(20)) + decide(0, 9) + hear
    yield start + propose + decide(7, 39) + decide(7, 39) + decide(0, 1) + hear
    yield start + hear + b"\x07\x00\x05\x00\x00" + hear + b"\x07\x00\x06\x00\x00"
    for what in (0, 1, 3, 5, 7):
        yield start + bytes([9, what]) + decide(2, 5) + hear + bytes([9, what]) + decide(2, 1) + hear
        yield start + decide(3, 0) + hear + bytes([10, what]) + bytes([10, what + 8]) + decide(4, 0) + hear
    for standing in (b"\x01", b"\x02\x00\x00", b"\x42\x09\x00", b"\x03\x01\x40\x00\x02"):
        yield standing + hear + decide(6, 0) + hear + meet + hear
    yield start + decide(5, 1) + take(2, b"") + meet + decide(5, 0) + meet + hear


def edit():
    text = "# a line\n\n" + "\n".join(f for f in FIELDS if "photo" not in f)
    yield text.encode()
    yield b"name=Ada\\nLovelace\\\\\r\nnote.a\\nb=c\n"
    yield b"name=Ada\nname=Grace\nemail=a\nnope\n\x1b[2J=1\n"
    yield b"name=Ada\nnote=a\\\\nb\\\\\\nc\\rd"
    yield b"\n".join(b"note=%d" % i for i in range(66)) + b"\nname=x"


def netlink():
    """As netlink.c reads it: a chunk of messages, each with its head and attributes."""
    name = b"\x53eth0\x00"  # IFLA_IFNAME, 5 bytes
    link = b"\x13\x02\x00" + name
    v4 = b"\x10\x02\x18\x00\x42\xc0\x00\x02\x07"
    yield b"\x00\x01" + link + b"\x00\x01" + v4 + b"\x00"
    yield b"\x01\x02" + link + link + b"\x00\x03" + v4 * 3 + b"\x00\x05\x00\x01" + link
    wide = b"\x14\x02\x81\x00\xf2\x10\x20\x01" + b"\x07" * 14
    narrow = b"\x10\x02\x21\x00\x42\xc0\x00\x02\x07"
    yield b"\x00\x01" + link + b"\x00\x02" + narrow + wide + b"\x00"
    yield b"\x00" + (b"\x1f" + b"\x03\x02" * 31) * 10 + b"\x00\x01" + v4 + b"\x00"
    yield b"\x00\xff\x20" + b"\x20\x00\x00\x00\x10\x00" + b"\x00" * 26


def picture():
    """The parts of the three kinds, small, whole and with one thing wrong; and command lines."""
    def jpeg(size=b"\x00\x01\x00\x02", more=b"", end=b"\xff\xd9"):
        return b"\xff\xd8" + more + b"\xff\xc0\x00\x0b\x08" + size + b"\x01\x01\x11\x00" + \
            b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x2a" + end

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + b"CRC!"

    def png(width=3, height=2, more=b""):
        return b"\x89PNG\r\n\x1a\n" + more + chunk(b"IHDR", struct.pack(">II", width, height) +
            b"\x08\x00\x00\x00\x00") + chunk(b"eXIf", exif) + chunk(b"IEND", b"")

    def riff(*parts):
        body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
                        for name, data in parts)
        return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body

    exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    coded = (b"VP8L", b"\x2f\x02\x40\0\0\0")
    lossy = (b"VP8 ", b"\0\0\0\x9d\x01\x2a\x03\0\x02\0")
    frame = b"\0" * 6 + b"\x02\0\0\x01\0\0\x64\0\0\0"
    for coding in (coded, lossy):
        inner = riff(coding)[12:]
        yield b"\0" + riff(coding, (b"EXIF", b"Exif\0\0" + exif))
        yield b"\0" + riff((b"VP8X", bytes(10)), (b"ANIM", bytes(6)), (b"ANMF", frame + inner))
        yield b"\0" + riff((b"ANMF", frame + b"ALPH\x01\0\0\0\x01\0" + inner),
                          (b"ANMF", frame + inner))
    app1 = b"\xff\xe1" + struct.pack(">H", 8 + len(exif)) + b"Exif\0\0" + exif
    for file in (jpeg(), jpeg(more=app1), jpeg(b"\xff" * 4), jpeg(more=b"\xff\xff\xff\xd8"),
                 jpeg(end=b""), png(), png(60000, 60000), png(8192, 8192), png(0, 1),
                 png(more=chunk(b"eXIf", exif)), png()[:-5], riff(), b"", b"GIF89a"):
        yield b"\0" + file
    for words in (["check"], ["codes"], ["take", "8192"], ["png", "4096"], ["sixel", "0"],
                  ["plot", "177", "4", "22"], ["plot", "4096", "1", "1"]):
        yield bytes([1, 1 + len(words)]) + b"".join(string(w.encode()) for w in ["p"] + words)


def backup():
    """Files, contents, papers and retired keys of the vectors, each with one thing wrong."""
    for case in map(dict, cases("backup")):
        kind = case["kind"]
        if kind == "paper":
            yield b"t" + case["text"].encode()
        else:
            yield (b"f" if kind == "file" else b"r") + bytes.fromhex(case["input"].strip("-"))
    one = b"\x0cidentity.key" + (3).to_bytes(8, "big") + b"key"
    for content in (one, one + b"\x07kith.db" + bytes(8), one * 33, b"\x01a" + b"\xff" * 8, b"\x20" + b"a" * 40,
                    b"\x02.a" + bytes(8), b""):
        yield b"p" + content
        yield b"s" + content


def query():
    """Terms of every kind, and such as are none."""
    for text in ("navy compilers", '"analytical engine" -org:ibm', "tag:rust -ring:none met:2026", "met:<2026-05",
                 "touched:>3w", "touched:never", "is:drifting promise:open", "by:ada note:x offers:y asks:z title:t",
                 "event:\"FOSDEM 2026\"", "http://x", "is:happy", '"a \\" b', "met:2026-02-30", "-", "--x", "tag:",
                 "\u200b", "\u5b89\u85e4", "a" * 4097, "x " * 33):
        yield text.encode()
    yield b"ada \xff"


TARGETS = (strict, envelope, card, armor, statement, introduction, uri, keyfile, backup, base, session, courier, control, text, field,
           vcard, vcards, vcardmap, txt, reply, records, sightings, endpoint, netlink, edit, picture, room,
           parcel, query)


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "corpus")
    for target in TARGETS:
        folder = os.path.join(root, target.__name__)
        os.makedirs(folder, exist_ok=True)
        for seed in sorted(set(target())):
            with open(os.path.join(folder, hashlib.sha256(seed).hexdigest()[:8]), "wb") as f:
                f.write(seed)


if __name__ == "__main__":
    main()
