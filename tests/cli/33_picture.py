# SPDX-License-Identifier: MIT
"""picture: what is drawn is parsed and measured here, by another reader: no two names overlap, nothing lies outside,
and there is nothing in it but names and lines."""

import io
import math
import os
import re
import stat
import sys
import unittest
import xml.etree.ElementTree as ElementTree

import house
from PIL import Image, ImageFont

SVG = "{http://www.w3.org/2000/svg}"
FONTS = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
	"/usr/share/fonts/TTF/DejaVuSans.ttf")
ASCENT, DESCENT = 0.76, 0.24  # of the letters: what a line of ordinary ones takes above and below where they stand

FIRST = ("Ada Grace Alan Barbara Edsger Margaret Donald Radia Linus Frances Ken Dennis Hedy Katherine Tim Vint Shafi "
	"Leslie Jean-Baptiste Bo Maximiliane Anneliese Wolfgang Željka Søren Łukasz Nguyễn Αλέξανδρος Владимир José").split()
LAST = ("Lovelace Hopper Turing Liskov Dijkstra Hamilton Knuth Perlman Torvalds Allen Thompson Li Wu Johnson "
	"Schwarzenegger-Oberhauser von-der-Leyen Kowalczyk Παπαδόπουλος Чайковский García-Márquez").split()
ODD = ["山田太郎", "محمد بن عبد الله", "דוד בן־גוריון", "🎉 Party 🎉", "Al", "X", "ЩУКИНА ЖЮЩ", "Œuvre Æther", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘GO",
	"<b>&\"evil\"</b>", "]]></svg><script>1</script>", "\u202eredro ni ton\u202c", "\ufffe\U0001fffe none",
	"Dr. Maria Theresia Walburga Amalia Christina von Habsburg-Lothringen und noch viel mehr als das"]


def names(n):
	"""So many, all different, of every length."""
	made = [f"{a} {b}" for b in LAST for a in FIRST]
	return (ODD + made)[:n]


def vcards(people, order=1):
	return "".join(f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\nEMAIL:secret{i}@example.org\r\n"
		f"NOTE:a secret note\r\nUID:urn:uuid:00000000-0000-4000-8000-{i:012}\r\nEND:VCARD\r\n"
		for i, name in list(enumerate(people))[::order]).encode()


# --- a second reader of what was drawn


class Box:
	"""A rectangle that may be turned."""

	def __init__(self, left, top, width, height, move=(0, 0), turn=0.0):
		c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
		self.corners = [(move[0] + x * c - y * s, move[1] + x * s + y * c) for x, y in (
			(left, top), (left + width, top), (left + width, top + height), (left, top + height))]
		self.centre = tuple(sum(c) / 4 for c in zip(*self.corners))
		self.reach = math.hypot(width, height) / 2

	def _span(self, axis):
		on = [x * axis[0] + y * axis[1] for x, y in self.corners]
		return min(on), max(on)

	def overlaps(self, other, slack=0.3):
		"""By separating axes; slack for tenths of pixels."""
		if math.dist(self.centre, other.centre) > self.reach + other.reach:
			return False
		for box in (self, other):
			for k in (0, 1):
				(x, y), (u, v) = box.corners[k], box.corners[k + 1]
				length = math.hypot(u - x, v - y) or 1
				axis = ((u - x) / length, (v - y) / length)
				(a, b), (c, d) = self._span(axis), other._span(axis)
				if b <= c + slack or d <= a + slack:
					return False
		return True


class Person:
	def __init__(self, group, drawn):
		self.title = group.find(f"{SVG}title").text
		self.drifting = "far" in group.get("class").split()
		self.bridge = group.find(f"{SVG}path") is not None
		text = group.find(f"{SVG}text")
		self.name = "".join(text.itertext())
		move, turn, down = re.fullmatch(
			r"translate\(([-\d. ]+)\)(?: rotate\(([-\d.]+)\))? translate\(0 ([-\d.]+)\)",
			text.get("transform")).groups()
		self.at = tuple(map(float, move.split()))
		self.turn = float(turn or 0)
		self.clip = drawn.clips[re.fullmatch(r"url\(#(.+)\)", text.get("clip-path"))[1]]
		width = drawn.font.getlength(self.name) / 100 * drawn.size
		begin = {"s": 0, "m": -width / 2, "e": -width}[text.get("class")]
		down = float(down)
		left, top, room, high = self.clip
		self.letters = Box(begin, down - ASCENT * drawn.size, width, (ASCENT + DESCENT) * drawn.size,
			self.at, self.turn)
		self.box = Box(left, top + down, room, high, self.at, self.turn)
		self.width, self.room = width, room


class Drawn:
	def __init__(self, raw):
		self.raw = raw
		self.root = ElementTree.fromstring(raw)
		self.view = tuple(map(float, self.root.get("viewBox").split()))
		self.size = float(self.root.get("font-size"))
		self.font = FONT
		self.clips = {c.get("id"): tuple(float(c[0].get(k)) for k in ("x", "y", "width", "height"))
			for c in self.root.iter(f"{SVG}clipPath")}
		self.people = [Person(g, self) for g in self.root.iter(f"{SVG}g")
			if "person" in (g.get("class") or "").split()]
		self.ties = [p.get("d") for g in self.root.iter(f"{SVG}g") if g.get("class") == "ties" for p in g]

	def dots(self):
		"""Where everybody stands, and I."""
		found = []
		for g in self.root.iter(f"{SVG}g"):
			if "person" not in (g.get("class") or "").split():
				continue
			circle, path = g.find(f"{SVG}circle"), g.find(f"{SVG}path")
			if circle is not None:
				found.append((float(circle.get("cx")), float(circle.get("cy"))))
			else:  # a diamond, from its left corner
				x, y, right = map(float, re.match(r"M([-\d.]+) ([-\d.]+)l([-\d.]+)", path.get("d")).groups())
				found.append((x + right, y))
		[core] = [c for c in self.root.iter(f"{SVG}circle") if c.get("class") == "core"]
		return found + [(float(core.get("cx")), float(core.get("cy")))]

	def named(self, beginning):
		[found] = [p for p in self.people if p.title.startswith(beginning)]
		return found


class Picture(house.Case):
	def draw(self, home, *args):
		path = self.path("x.svg")
		self.kith(home, "picture", "-o", path, *args)
		with open(path, "rb") as f:
			return Drawn(f.read())

	def ada(self, home, people, order=1):
		self.kith(home, "init", "name=Ada Lovelace", "email=ada@example.org")
		path = self.path("people.vcf")
		with open(path, "wb") as f:
			f.write(vcards(people, order))
		self.kith(home, "import", path)

	def holds(self, drawn, people):
		"""What is true of every picture."""
		self.assertEqual(len(drawn.people), len(people))
		self.assertEqual(drawn.root.get("role"), "img")
		ids = {e.get("id"): e for e in drawn.root.iter() if e.get("id")}
		for name in drawn.root.get("aria-labelledby").split():
			self.assertTrue(ids[name].text)
		self.assertGreaterEqual(drawn.size * float(drawn.root.get("width")) / drawn.view[2], 11)
		x, y, width, height = drawn.view
		for i, a in enumerate(drawn.people):
			self.assertTrue(a.title and a.name)
			for box in (a.box, a.letters if a.width <= a.room else a.box):
				for u, v in box.corners:
					self.assertTrue(x <= u <= x + width and y <= v <= y + height, a.name)
			for b in drawn.people[i + 1:]:
				self.assertFalse(a.box.overlaps(b.box), (a.name, b.name))
		for tag in {e.tag.removeprefix(SVG) for e in drawn.root.iter()}:
			self.assertIn(tag, ("svg", "title", "desc", "style", "rect", "circle", "path", "text", "g",
				"defs", "clipPath"))
		for secret in (b"secret", b"example.org", b"urn:uuid", b"http://www.w3.org/1999", b"href", b"<script"):
			self.assertNotIn(secret, drawn.raw)
		bad = re.search(rb"[\x00-\x09\x0b-\x1f]|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xef\xbf[\xbe\xbf]", drawn.raw)
		self.assertIsNone(bad)

	def letters_fit(self, drawn):
		"""Names that a font here has letters for are not wider than the room that was kept for them."""
		plain = [p for p in drawn.people if re.fullmatch(r"[ -~À-ſΑ-ωά-ώА-я…]+", p.name)]
		self.assertGreater(len(plain), len(drawn.people) // 2)
		for p in plain:
			self.assertLessEqual(p.width, p.room + 0.5, p.name)

	def test_five(self):
		people = ["Grace Hopper", "Alan Turing", "Barbara Liskov", "Edsger Dijkstra", "Margaret Hamilton"]
		self.ada("h", people)
		self.kith("h", "ring", "grace", "inner")
		self.kith("h", "ring", "alan", "middle")
		self.kith("h", "relate", "grace", "alan", "old friends, a secret")
		drawn = self.draw("h")
		self.holds(drawn, people)
		self.letters_fit(drawn)
		self.assertEqual({p.name for p in drawn.people}, set(people))
		self.assertEqual({p.turn for p in drawn.people}, {0})
		self.assertEqual(len(drawn.ties), 1)
		self.assertEqual(drawn.named("Grace").title, "Grace Hopper, inner")
		desc = next(drawn.root.iter(f"{SVG}desc")).text
		self.assertEqual(desc, "5 people around the centre, the nearest inside. inner: 1. middle: 1. "
			"In no ring: 3. Ties between them: 1.")
		centre = drawn.view[2] / 2, next(float(c.get("cy")) for c in drawn.root.iter(f"{SVG}circle"))
		away = {p.title.split()[0]: math.dist(p.at, centre) for p in drawn.people}
		self.assertLess(away["Grace"], away["Alan"])
		self.assertLess(away["Alan"], min(away["Barbara"], away["Edsger"], away["Margaret"]))

	def crowd(self, n, inner, middle, ties):
		people = names(n)
		self.ada("h", people)
		plain = people[len(ODD):]
		for i, name in enumerate(plain[:inner + middle]):
			self.kith("h", "ring", name, "inner" if i < inner else "middle")
		pairs = {frozenset((i, (i * 7 + 3) % (inner + middle))) for i in range(ties)}
		for a, b in pairs:
			self.kith("h", "relate", plain[a], plain[b], "so")
		drawn = self.draw("h")
		self.holds(drawn, people)
		self.letters_fit(drawn)
		self.assertEqual(len(drawn.ties), len(pairs))
		return drawn

	def test_fifty(self):
		drawn = self.crowd(50, 8, 14, 14)
		cut = drawn.named("Dr. Maria")
		self.assertTrue(cut.name.endswith("…"))
		self.assertGreater(len(cut.title), len(cut.name))

	def test_five_hundred_and_one_more(self):
		drawn = self.crowd(500, 12, 10, 6)
		self.assertGreater(len({round(p.turn) for p in drawn.people}), 100)
		self.kith("h", "add", "name=Zoe Zzz", "email=zoe@example.org")
		told = self.kith("h", "picture", "-o", self.path("y.svg"), "--json")
		self.assertEqual((told.json["people"], told.json["left_out"]), (500, 1))
		self.assertIn("1 more have no room", told.err)
		# who has a line comes before those who have none, and a bridge before both
		for other in names(500)[-2:]:
			self.kith("h", "relate", "zoe", other, "so")
			self.assertTrue(self.draw("h").named("Zoe"), other)
		self.kith("h", "ring", "zoe", "inner", "--out", names(500)[len(ODD)])
		self.assertTrue(self.draw("h").named("Zoe"))

	def test_the_order_of_the_store_is_not_seen(self):
		for home, order in (("h", 1), ("g", -1)):
			self.ada(home, names(40), order)
			self.kith(home, "ring", names(40)[-1], "inner")
			for a, b in ((20, 21), (21, 22), (30, 31))[::order]:
				self.kith(home, "relate", names(40)[a], names(40)[b], "so")
		one = self.draw("h").raw
		self.assertEqual(one, self.draw("h").raw)
		self.assertEqual(one, self.draw("g").raw)

	def test_bridges_and_who_is_drifting_have_shapes(self):
		people = ["Grace", "Alan", "Barbara", "Edsger", "Margaret"]
		self.at("2026-01-05")
		self.ada("h", people)
		for a, b in (("grace", "alan"), ("alan", "barbara"), ("barbara", "edsger")):
			self.kith("h", "relate", a, b, "so")
		self.kith("h", "ring", "margaret", "inner")
		self.kith("h", "touch", "margaret", "--how", "met")
		before = self.draw("h")
		self.assertEqual({p.title for p in before.people if p.bridge}, {"Alan, bridge", "Barbara, bridge"})
		self.assertEqual([p for p in before.people if p.drifting], [])
		self.assertIn(b">bridge</text>", before.raw)
		self.assertNotIn(b">drifting</text>", before.raw)
		self.at("2026-03-05")
		after = self.draw("h")
		self.assertEqual({p.title for p in after.people if p.drifting}, {"Margaret, inner, drifting"})
		self.assertIn(b">drifting</text>", after.raw)

	def test_rings_that_are_asked_for(self):
		people = ["Grace", "Alan", "Barbara"]
		self.ada("h", people)
		self.kith("h", "ring", "grace", "inner")
		self.kith("h", "ring", "alan", "outer")
		for args, there in ((["inner"], {"Grace"}), (["inner", "OUTER"], {"Grace", "Alan"}),
				(["inner,none"], {"Grace", "Barbara"}), (["middle"], set())):
			self.assertEqual({p.name for p in self.draw("h", "--ring", *args).people}, there)
		r = self.kith("h", "picture", "-o", self.path("z.svg"), "--ring", "nowhere", status=1)
		self.assertIn('"nowhere"', r.err)
		self.assertFalse(os.path.exists(self.path("z.svg")))

	def test_who_was_let_go_or_is_blocked_is_not_in_it(self):
		self.ada("h", ["Grace", "Alan"])
		self.kith("g", "init", "name=Bob")
		self.kith("h", "import", self.card_of("g"))
		self.assertEqual(len(self.draw("h").people), 3)
		self.kith("h", "block", "bob", "--yes")
		self.assertEqual({p.name for p in self.draw("h").people}, {"Grace", "Alan"})
		self.kith("h", "review", "--json", stdin=b'{"who": "alan", "decide": "let-go"}\n')
		self.assertEqual({p.name for p in self.draw("h").people}, {"Grace"})

	def test_lines_between_those_who_were_together(self):
		"""CHART_TOGETHER_MAX people, and one more."""
		self.kith("h", "init", "name=Ada")
		for i in range(8):
			self.kith("h", "add", f"name=Person {i}", "org=Engines Ltd")
		self.assertEqual(len(self.draw("h").ties), 8 * 7 // 2)
		self.unlined(0, None)
		self.kith("h", "add", "name=Person 8", "org=Engines Ltd")
		self.assertEqual(self.draw("h").ties, [])
		self.unlined(1, "1 event or organisation")
		self.kith("h", "relate", "person 1", "person 2", "so")
		self.kith("h", "relate", "person 2", "person 1", "so again")
		self.assertEqual(len(self.draw("h").ties), 1)
		self.kith("h", "event", "start", "Fair")
		for i in range(9):
			self.kith("h", "event", "add", "Fair", f"person {i}")
		self.unlined(2, "2 events and organisations")
		self.kith("h", "ring", "person 1", "inner")
		self.unlined(0, None, "--ring", "inner")  # one of them alone

	def unlined(self, n, words, *args):
		"""Where lines are left out that is said: on the screen, in JSON, to a screen reader."""
		told = self.kith("h", "picture", "-o", self.path("x.svg"), "--json", *args)
		desc = next(self.draw("h", *args).root.iter(f"{SVG}desc")).text
		self.assertEqual(told.json["unlined"], n)
		self.assertEqual("No lines are drawn inside of" in told.err, n > 0)
		self.assertEqual("Without lines inside" in desc, n > 0)
		if words:
			self.assertIn(f"No lines are drawn inside of {words} of more than 8 people; groups stand together.\n",
				told.err)
			self.assertIn(f" Without lines inside, as more than 8 people: {words}.", desc)

	def test_lines_pass_others(self):
		"""No line of a few people runs through the dot of somebody else, or through mine."""
		people = ["Grace Hopper", "Alan Turing", "Barbara Liskov", "Edsger Dijkstra", "Katherine Johnson",
			"Donald Knuth", "Mary Somerville", "Clara Schumann", "Fanny Hensel", "Nadia Boulanger",
			"Rosa Luxemburg", "Luther Burbank"]
		self.ada("h", people)
		for ring, who in (("inner", (0, 6, 7)), ("middle", (1, 3, 9, 10))):
			for i in who:
				self.kith("h", "ring", people[i], ring)
		for a, b in ((0, 1), (0, 2), (1, 2), (0, 3), (2, 3), (6, 7), (7, 8), (7, 9), (8, 9), (6, 9), (0, 6),
				(10, 11), (6, 10), (4, 0), (4, 3), (5, 3), (1, 4), (6, 11)):
			self.kith("h", "relate", people[a], people[b], "so")
		drawn = self.draw("h")
		dots = drawn.dots()
		self.assertEqual((len(dots), len(drawn.ties)), (13, 18))
		for tie in drawn.ties:
			a, b, c, d = [tuple(map(float, p.split())) for p in re.findall(r"[-\d.]+ [-\d.]+", tie)]
			line = [tuple(u ** 3 * a[i] + 3 * u * u * t * b[i] + 3 * u * t * t * c[i] + t ** 3 * d[i]
				for i in (0, 1)) for t, u in ((k / 500, 1 - k / 500) for k in range(501))]
			for dot in dots:
				if min(math.dist(dot, end) for end in (a, d)) > 1:
					self.assertGreater(min(math.dist(dot, p) for p in line), 8, (tie, dot))

	def test_nobody(self):
		self.kith("h", "init", "name=Ada")
		self.holds(self.draw("h"), [])

	def test_colours(self):
		self.ada("h", ["Grace"])
		self.assertIn(b"prefers-color-scheme", self.draw("h").raw)
		self.assertNotIn(b"prefers-color-scheme", self.draw("h", "--light").raw)
		self.assertNotIn(b"#fff", self.draw("h", "--dark").raw)

	def png(self, *args):
		path = self.path("x.png")
		self.kith("h", "picture", "-o", path, *args)
		with open(path, "rb") as f:
			return Image.open(io.BytesIO(f.read())).convert("RGB")

	def test_png(self):
		self.ada("h", ["Grace Hopper", "Alan"])
		told = self.kith("h", "picture", "-o", self.path("x.png"), "--json").json
		image = self.png()
		self.assertEqual(image.size, (told["width"], told["height"]))
		self.assertEqual(image.getpixel((1, 1)), (255, 255, 255))
		self.assertIn((0x16, 0x19, 0x1d), image.getdata())
		dark = self.png("--dark", "--size", "800")
		self.assertEqual(dark.size[0], 800)
		self.assertEqual(dark.getpixel((1, 1)), (0x10, 0x13, 0x16))
		self.assertEqual(stat.S_IMODE(os.stat(self.path("x.png")).st_mode), 0o600)
		r = self.kith("h", "picture", "-o", self.path("x.png"), "--size", "200")
		self.assertRegex(r.err, r"from --size \d+ on")
		least = int(re.search(r"--size (\d+)", r.err)[1])
		self.assertNotIn("--size", self.kith("h", "picture", "-o", self.path("x.png"), "--size",
			str(least)).err)
		self.assertIn("--size", self.kith("h", "picture", "-o", self.path("x.png"), "--size",
			str(least - 1)).err)

	def test_letters_in_the_png_are_where_the_svg_says(self):
		"""Dark pixels inside of each name's box, drawn by the fonts of the cage."""
		self.ada("h", ["Grace Hopper", "Alan", "Αλέξανδρος", "Владимир"])
		drawn, image = self.draw("h", "--light"), self.png()
		for p in drawn.people:
			xs, ys = zip(*p.letters.corners)
			part = image.crop((int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1))
			dark = sum(1 for r, g, b in part.getdata() if r + g + b < 200)
			self.assertGreater(dark, 4 * len(p.name), p.name)

	def test_standard_output(self):
		self.ada("h", ["Grace"])
		self.assertEqual(self.kith("h", "picture", "-o", "-").raw, self.draw("h").raw)
		self.assertEqual(self.kith("h", "picture", "-o", "-", "--json").raw, self.draw("h").raw)

	def test_wrong_usage(self):
		self.kith("h", "init", "name=Ada")
		for args in ((), ("-o", "x.jpg"), ("-o", "x"), ("-o", "x.svg", "--light", "--dark"), ("-o", "x.svg", "more"),
				("-o", "x.png", "--size", "199"), ("-o", "x.png", "--size", "6001"),
				("-o", "x.png", "--size", "x"), ("-o", "x.svg", "--ring", ","),
				("-o", "x.svg", "--ring", ",".join("abcdefghijklmnopqr"))):
			self.assertIn("usage: kith picture", self.kith("h", "picture", *args, status=2).err)
		self.kith("h", "picture", "-o", self.path("no", "x.svg"), status=1)


found = [path for path in FONTS if os.path.exists(path)]
if not found:
	print("DejaVu Sans is not installed (Debian: fonts-dejavu-core)", file=sys.stderr)
	sys.exit(1 if "KITH_CI" in os.environ else 77)
FONT = ImageFont.truetype(found[0], 100)
if __name__ == "__main__":
	house.main()
