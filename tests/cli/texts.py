# SPDX-License-Identifier: MIT
"""Text as others may send it: this project's own list, and the shared corpora where they are."""

import json

import house

HOSTILE = [
	"Zoë Ångström-Núñez", "王小明", "שרה דוגמה", "O'Brien; Sample, Inc. \\ back", "Al\tice",
	"Bob\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mallory", "Bob\nTEL:+15550100",
	"Bob\rTEL:1", "Bob\x0bTEL:1", "Bob\x0cTEL:1", "Bob\x1eTEL:1", "Bob\x85TEL:1",
	"Bob\u2028TEL:1", "Bob\u2029TEL:1", "ends in a backslash\\", "a\\nb", "\\;\\,",
	"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]52;c;aGk=\x07", "\x9b31mC1", "x\x7f\x08y",
	"gro.elpmaxe\u202e@bob", "\u2066unclosed", "Al\u200bice", "x\ufeffy", "x\u00ady",
	"\U000e0041x",
	"Ada \u2713", "\u2705 Ada", "\U0001f512 Ada", "Z" + "\u0301" * 40, "x" * 128, "é" * 64,
	"\u3042" * 42, "\U0001f98a" * 32, "%s%n%x", "$(id)`id`", "../../etc/passwd", "-rf --help",
	"compared face to face, 3 May 2026, FOSDEM", "\ue000\U000f0000", "\U0010ffff",
]
BADGES = "\u2611\u2705\u2713\u2714\U0001f512\U0001f510\U0001f6e1"


def some(found):
	"""With sanitizers every third of a corpus: each program takes five times as long to begin then.  All of it goes
	through the same program without them, and through base_text with them (unit.base_text, fuzz.text)."""
	return found[::3] if house.sanitized() else found


def names_of_the_corpus():
	path = house.shared("text", "names-hostile-i18n.jsonl")
	if not path:
		return []
	with open(path, encoding="utf-8") as f:
		return some([json.loads(line)["text"] for line in f])


def strings_of_the_corpus():
	path = house.shared("text", "blns.txt")
	if not path:
		return []
	with open(path, "rb") as f:
		lines = f.read().split(b"\n")
	lines = [line for line in lines if line.strip() and not line.startswith(b"#")]
	return some([line.decode() for line in lines if b"\0" not in line and len(line) <= 1024])


def emoji_of_the_corpus():
	path = house.shared("text", "emoji-sample.tsv")
	if not path:
		return []
	with open(path, encoding="utf-8") as f:
		return some([line.split("\t")[1] for line in f.read().splitlines()[1:]])


def broken_bytes():
	"""What is no UTF-8, and no NUL in it."""
	broken = [b"\x80", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\x9b31m", b"Al\xff\xe9c"]
	path = house.shared("text", "invalid-utf8.tsv")
	if path:
		with open(path, encoding="ascii") as f:
			broken += [bytes.fromhex(line.split("\t")[1]) for line in f.read().splitlines()[1:]]
	return [b for b in broken if b"\0" not in b]
