#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""vCards at random, read by kith, EVCard and python3-vobject: as many, with as many properties.

    tests/vcard/generated.py KITH-VCARDS [KITH-ATTRIBUTES]

Each is what several programs agree on: folded, in groups, with parameters, quoted-printable and
base64, any script, lines ended one way or the other.
"""
import os
import random
import sys
import tempfile

sys.dont_write_bytecode = True
import readers  # noqa: E402

FILES, SEED = 60, 4711
NAMES = ("FN", "N", "TEL", "EMAIL", "ADR", "NOTE", "ORG", "X-ABLabel", "X-PHONETIC-LAST-NAME",
         "url")
PARAMS = ("", ";TYPE=HOME", ";TYPE=work,voice", ';TYPE="cell,pref"', ";X-A=1;X-B=b c")
WORDS = ("Ada", "Gr\u00fc\u00dfe", "\u4f0a\u80fd", "a\\;b", "x\\,y", "\\n", "http\\://x", ";;",
         "=41", " ",
         "\U0001f600", "long" * 30)


def fold(line, rng):
    """Folded after some character, with a blank."""
    if len(line) < 20 or rng.random() < 0.5:
        return line
    at = rng.randrange(15, len(line))
    return line[:at] + "\n " + fold(line[at:], rng)


def quoted(text, rng):
    out, column = "", 0
    for byte in text.encode():
        piece = chr(byte) if 48 < byte < 58 or 96 < byte < 123 else f"={byte:02X}"
        if column > 60 and rng.random() < 0.5:
            out, column = out + "=\n", 0
        out, column = out + piece, column + 1
    return out


def prop(version, rng):
    value = " ".join(rng.choice(WORDS) for _ in range(rng.randrange(1, 6)))
    kind = rng.random()
    if kind < 0.2 and version == "2.1":
        return "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:" + quoted(value, rng)
    if kind < 0.3:
        return fold("PHOTO;ENCODING=b;TYPE=JPEG:" + "/9j/4AAQ" * rng.randrange(1, 40), rng)
    group = rng.choice(("", "", "item1."))
    line = group + rng.choice(NAMES) + rng.choice(PARAMS) + ":" + value
    return line if version == "2.1" else fold(line, rng)


def file(rng):
    """(text, vCards, properties)"""
    text, cards, count = "", rng.randrange(1, 6), 0
    for _ in range(cards):
        version = rng.choice(("2.1", "3.0", "4.0"))
        some = [prop(version, rng) for _ in range(rng.randrange(1, 12))]
        text += "\n".join(["BEGIN:VCARD", "VERSION:" + version, *some, "END:VCARD", ""])
        count += 1 + len(some)
    return text.replace("\n", rng.choice(("\n", "\r\n"))), cards, count


def main():
    program, attributes = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    rng = random.Random(SEED)
    files = [file(rng) for _ in range(FILES)]
    texts = [text for text, _, _ in files]
    said = {"made": [(cards, count) for _, cards, count in files]}
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, f"{i}.vcf") for i in range(FILES)]
        for path, text in zip(paths, texts):
            with open(path, "wb") as f:
                f.write(text.encode())
        found = readers.kith(program, paths)
    said["kith"] = [f.counts() for f in found]
    if attributes:
        said["EVCard"] = readers.evcard(attributes, texts)
    try:
        said["vobject"] = [readers.vobject(text) for text in texts]
    except ImportError:
        if os.environ.get("KITH_CI"):
            raise
        print("python3-vobject is not installed: not asked")
    wrong = 0
    for i in range(FILES):
        counts = {name: each[i] for name, each in said.items()}
        if len(set(counts.values())) > 1 or found[i].remarks:
            print(f"file {i}: {counts} {found[i].remarks}\n{texts[i]}")
            wrong += 1
    print(f"{FILES} files of {', '.join(said)}: {wrong} read differently")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
