# SPDX-License-Identifier: MIT
"""Pictures: onto a card, from a card, and what pictures must not do."""

import base64
import fcntl
import io
import json
import os
import pty
import random
import re
import select
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest
import zlib

import house

try:
	from PIL import Image, ImageChops, ImageDraw, ImageOps, ImageStat
except ImportError:
	print("skipped: python3-pil is not here", file=sys.stderr)
	sys.exit(1 if os.environ.get("KITH_CI") else 77)

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "python"))
from kithref import card, keys  # noqa: E402
from kithref.strict import pack  # noqa: E402

PHOTO_MAX = 8192
FILE_MAX = 33554432
KIND_PHOTO = 40
PNG = b"\x89PNG\r\n\x1a\n"


def chunk(name, data):
	return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def flat_png(width, height, lines=None):
	"""One bit a pixel, all black; lines: how many of them are really there."""
	deflate = zlib.compressobj(9)
	row = b"" if lines == 0 else bytes(1 + (width + 7) // 8)
	data = b"".join(deflate.compress(row) for _ in range(height if lines is None else lines))
	return PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)) + \
		chunk(b"IDAT", data + deflate.flush()) + chunk(b"IEND", b"")


def portrait(width=800, height=600):
	"""Like a photo: soft light, a face, and small print that blurs easily."""
	across = Image.linear_gradient("L").rotate(90).resize((width, height))
	down = Image.linear_gradient("L").resize((width, height))
	im = Image.merge("RGB", (across, down, ImageChops.add(across, down, 2)))
	draw = ImageDraw.Draw(im)
	x, y, r = width // 2, height // 2, height // 4
	draw.ellipse((x - r, y - r, x + r, y + r), fill=(228, 190, 160))
	for at in (x - r // 2, x + r // 2):
		draw.ellipse((at - r // 8, y - r // 4, at + r // 8, y), fill=(40, 40, 60))
	draw.text((x - r // 2, y + r // 3), "ADA LOVELACE", fill=(0, 0, 0))
	return im


def corners():
	"""A square of four colours, so that every way to hold it looks different."""
	im = Image.new("RGB", (240, 240))
	for at, colour in (((0, 0), (220, 30, 30)), ((120, 0), (30, 200, 30)),
			((0, 120), (30, 30, 220)), ((120, 120), (220, 220, 40))):
		im.paste(colour, (*at, at[0] + 120, at[1] + 120))
	return im


def encoded(im, kind, **how):
	out = io.BytesIO()
	im.save(out, kind, **how)
	return out.getvalue()


def opened(data):
	im = Image.open(io.BytesIO(data))
	im.load()
	return im


def difference(a, b):
	"""Root of the mean square, of 255."""
	stats = ImageStat.Stat(ImageChops.difference(a.convert("RGB"), b.convert("RGB")))
	return (sum(stats.sum2) / sum(stats.count)) ** 0.5


class Photo(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Ada")

	def file(self, data, name="in"):
		path = self.path(name)
		with open(path, "wb") as f:
			f.write(data)
		return path

	def take(self, data):
		"""Puts it on the card; what the card holds then."""
		r = self.kith("h", "card", "set", f"photo={self.file(data)}")
		photo = self.photo()
		self.assertIn(f"a picture of {len(photo)} bytes", r.out)
		return photo

	def photo(self, home="h", *who):
		command = ["show", *who] if who else ["card"]
		self.kith(home, *command, "--save-photo", self.path("out.jpg"))
		self.assertEqual(stat.S_IMODE(os.stat(self.path("out.jpg")).st_mode), 0o600)
		with open(self.path("out.jpg"), "rb") as f:
			return f.read()

	def card_with(self, name, photo):
		"""The file of a card of somebody with that picture, whatever it is."""
		who = keys.Identity(keys.random(32))
		fields = [[1, 0, "", name], [KIND_PHOTO, 0, "", photo]]
		return self.file(card.seal(who, pack(card.body(who, fields))), f"{name}.kith")

	def refused(self, data, words, status=6):
		before = self.kith("h", "card", "--json").raw
		r = self.kith("h", "card", "set", f"photo={self.file(data)}", status=status)
		self.assertRegex(r.err, words)
		self.assertEqual(r.err.count("\n"), 1 + (status == 2), r.err)
		self.assertEqual(self.kith("h", "card", "--json").raw, before)


class Taking(Photo):
	def test_every_way_up_of_every_kind(self):
		for kind, how in (("JPEG", {"quality": 95}), ("PNG", {}), ("WEBP", {"lossless": True})):
			for o in range(1, 9):
				exif = Image.Exif()
				exif[0x0112] = o
				data = encoded(corners(), kind, exif=exif, **how)
				want = ImageOps.exif_transpose(opened(data)).convert("RGB")
				with self.subTest(kind=kind, orientation=o):
					got = opened(self.take(data))
					self.assertEqual(got.size, (240, 240))
					self.assertLess(difference(got, want), 12)

	def test_a_wrong_way_up_is_as_it_is(self):
		for o in (0, 9, 65535):
			exif = Image.Exif()
			exif[0x0112] = o
			got = opened(self.take(encoded(corners(), "JPEG", exif=exif)))
			self.assertLess(difference(got, corners()), 12)

	def test_the_middle_is_cut_out(self):
		for size in ((900, 300), (300, 900)):
			im = Image.new("RGB", size, (255, 0, 0))
			im.paste((0, 0, 255), (size[0] // 2 - 150, size[1] // 2 - 150,
				size[0] // 2 + 150, size[1] // 2 + 150))
			got = opened(self.take(encoded(im, "PNG")))
			self.assertEqual(got.size, (300, 300))
			self.assertLess(difference(got, Image.new("RGB", (300, 300), (0, 0, 255))), 12)

	def test_it_fits_and_is_sharp(self):
		im = portrait()
		data = self.take(encoded(im, "JPEG", quality=95))
		got = opened(data)
		self.assertLessEqual(len(data), PHOTO_MAX)
		self.assertGreaterEqual(got.width, 288)
		want = im.crop((100, 0, 700, 600)).resize(got.size, Image.Resampling.BOX)
		self.assertLess(difference(got, want), 8)
		blurred = want.resize((80, 80)).resize(got.size)
		self.assertLess(difference(got, want), difference(blurred, want))

	def test_noise_gets_smaller_until_it_fits(self):
		im = Image.frombytes("RGB", (600, 600), os.urandom(600 * 600 * 3))
		data = self.take(encoded(im, "PNG"))
		self.assertLessEqual(len(data), PHOTO_MAX)
		self.assertLess(opened(data).width, 200)

	def test_a_small_one_is_not_blown_up(self):
		self.assertEqual(opened(self.take(encoded(portrait(100, 60), "PNG"))).size, (60, 60))
		self.assertEqual(opened(self.take(encoded(Image.new("RGB", (1, 1), (9, 200, 9)),
			"PNG"))).size, (1, 1))
		self.assertEqual(opened(self.take(encoded(Image.new("RGB", (1, 500)), "JPEG"))).size,
			(1, 1))

	def test_what_else_the_file_told_is_gone(self):
		exif = Image.Exif()
		exif[0x010F] = "SPYCAM"
		exif.get_ifd(0x8825)[1] = "N"
		data = encoded(portrait(), "JPEG", exif=exif, comment=b"at home, SPYCAM",
			icc_profile=b"SPYCAM" * 30)
		self.assertGreater(data.count(b"SPYCAM"), 2)
		got = self.take(data)
		for word in (b"SPYCAM", b"Exif", b"CREATOR", b"ICC_PROFILE"):
			self.assertNotIn(word, got)
		self.assertEqual(self.markers(got) - {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}, set())

	@staticmethod
	def markers(jpeg):
		at, found = 2, set()
		while not found & {0xDA}:
			found.add(jpeg[at + 1])
			at += 2 + int.from_bytes(jpeg[at + 2:at + 4], "big")
		return found

	def test_what_is_transparent_is_white(self):
		im = Image.new("RGBA", (200, 200), (255, 0, 0, 0))
		im.paste((0, 0, 255, 255), (0, 0, 100, 200))
		want = Image.new("RGB", (200, 200), (255, 255, 255))
		want.paste((0, 0, 255), (0, 0, 100, 200))
		index = im.convert("RGB").quantize(4)
		index.info["transparency"] = index.getpixel((150, 100))
		for kind, data in (("rgba", encoded(im, "PNG")),
				("palette", encoded(index, "PNG", transparency=index.getpixel((150, 100)))),
				("webp", encoded(im, "WEBP", lossless=True))):
			with self.subTest(kind):
				self.assertLess(difference(opened(self.take(data)), want), 12)
		half = Image.new("RGBA", (50, 50), (0, 0, 0, 128))
		self.assertAlmostEqual(opened(self.take(encoded(half, "PNG"))).getpixel((25, 25))[0],
			127, delta=4)

	def test_every_kind_of_pixel(self):
		im = portrait()
		want = im.crop((100, 0, 700, 600)).resize((320, 320), Image.Resampling.BOX)
		moving = {"save_all": True, "append_images": [im.rotate(180)], "duration": 100}
		for kind, data in (("progressive", encoded(im, "JPEG", progressive=True)),
				("cmyk", encoded(im.convert("CMYK"), "JPEG", quality=95)),
				("4:4:4", encoded(im, "JPEG", subsampling=0)),
				("moving webp", encoded(im, "WEBP", **moving)),
				("moving webp, clear", encoded(im.convert("RGBA"), "WEBP", **moving)),
				("moving png", encoded(im, "PNG", **moving)),
				("lossless", encoded(im, "WEBP", lossless=True)),
				("palette", encoded(im.quantize(256), "PNG"))):
			with self.subTest(kind):
				got = opened(self.take(data)).convert("RGB").resize((320, 320))
				self.assertLess(difference(got, want), 14)
		for kind, data in (("grey jpeg", encoded(im.convert("L"), "JPEG")),
				("grey png", encoded(im.convert("L"), "PNG")),
				("grey and clear", encoded(im.convert("LA"), "PNG")),
				("16 bits", encoded(im.convert("L").convert("I;16"), "PNG")),
				("one bit", encoded(im.convert("1"), "PNG"))):
			with self.subTest(kind):
				self.take(data)

	def test_same_picture_is_no_revision(self):
		data = encoded(portrait(), "JPEG")
		self.take(data)
		r = self.kith("h", "card", "set", f"photo={self.file(data)}")
		self.assertIn("Nothing was different", r.err)

	def test_unset_and_replace(self):
		first = self.take(encoded(portrait(), "JPEG"))
		second = self.take(encoded(corners(), "PNG"))
		self.assertNotEqual(first, second)
		kinds = [f["kind"] for f in self.kith("h", "card", "--json").json["fields"]]
		self.assertEqual(kinds, ["name", "photo"])
		self.kith("h", "card", "unset", "photo")
		r = self.kith("h", "card", "--save-photo", self.path("gone"), status=1)
		self.assertIn("card set photo=FILE", r.err)
		self.assertFalse(os.path.exists(self.path("gone")))

	def test_a_full_card_gets_a_smaller_one_down_to_a_floor(self):
		data = encoded(portrait(), "JPEG")
		whole = len(self.take(data))
		self.kith("h", "card", "unset", "photo")
		for i in range(10):
			self.kith("h", "card", "set", f"note.{i}=" + "x" * 1000)
		self.kith("h", "card", "set", f"photo={self.file(data)}")
		smaller = len(self.photo())
		self.assertLess(smaller, whole)
		self.kith("h", "card", "unset", "photo")
		for i in range(10, 15):
			self.kith("h", "card", "set", f"note.{i}=" + "x" * 1000)
		r = self.kith("h", "card", "set", f"photo={self.file(data)}", status=6)
		self.assertIn("no room on the card", r.err)
		# with something gone in the same command there is room again
		for i in range(6):
			self.kith("h", "card", "unset", f"note.{i}")
		self.kith("h", "card", "set", f"photo={self.file(data)}", "org=Engines")
		self.assertEqual(len(self.photo()), whole)

	def test_usage(self):
		self.kith("h", "card", "set", "photo=", status=2)
		path = self.file(encoded(corners(), "PNG"))
		self.kith("h", "card", "set", f"photo={path}", f"photo={path}", status=2)
		self.kith("h", "card", "set", "photo=/nonexistent", status=1)
		self.kith("h", "card", "set", f"photo={self.folder}", status=1)
		self.kith("h", "card", "--photo", "--json", status=2)
		self.kith("h", "card", "set", "note=x", "--photo", status=2)


class Refusing(Photo):
	def test_other_files(self):
		"""Polyglots among them: the first bytes decide, and what stands behind the picture is left behind."""
		jpeg = encoded(portrait(), "JPEG")
		for data in (b"", b"\n", b"GIF89a" + jpeg, b"BM" + bytes(100), b"%PDF-1.4\n" + jpeg,
				b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"II*\0" + bytes(64),
				encoded(corners(), "GIF"), b"\xff\xd8", PNG[:7], b"RIFF\x04\0\0\0WAVE"):
			with self.subTest(data[:12]):
				self.refused(data, "reads JPEG, PNG and WebP")
		tail = b"PK\x03\x04 a whole archive, or <script>"
		self.assertNotIn(b"archive", self.take(jpeg + tail))

	def test_not_all_of_it(self):
		for kind, how in (("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}),
				("WEBP", {}), ("WEBP", {"lossless": True})):
			whole = encoded(portrait(), kind, **how)
			for n in (16, 40, len(whole) // 3, len(whole) - 20):
				with self.subTest(kind=kind, bytes=n):
					self.refused(whole[:n], "damaged, or not all of it")

	def test_claimed_sizes_are_refused_before_anything_is_decoded(self):
		start = time.monotonic()
		self.refused(flat_png(60000, 60000, lines=1), "million pixels")
		self.refused(flat_png(2 ** 31 - 1, 2 ** 31 - 1, lines=0), "million pixels")
		jpeg = bytearray(encoded(corners(), "JPEG"))
		at = jpeg.index(b"\xff\xc0")
		jpeg[at + 5:at + 9] = b"\xff\xff\xff\xff"
		self.refused(bytes(jpeg), "million pixels")
		self.assertLess(time.monotonic() - start, 10)

	def test_zeros_that_were_100_mb(self):
		self.refused(flat_png(30000, 27000), "million pixels")

	def test_as_many_pixels_as_may_be_and_one_row_more(self):
		self.assertEqual(opened(self.take(flat_png(8192, 8192))).size, (320, 320))
		self.refused(flat_png(8192, 8193), "million pixels")

	def test_as_many_bytes_as_may_be_and_one_more(self):
		jpeg = encoded(portrait(), "JPEG")
		self.take(jpeg + bytes(FILE_MAX - len(jpeg)))
		self.refused(jpeg + bytes(FILE_MAX - len(jpeg) + 1), "32 MiB")

	def test_headers_that_lie(self):
		self.refused(flat_png(500, 500, lines=10), "damaged")
		self.refused(PNG + chunk(b"IEND", b""), "damaged")
		self.refused(PNG + chunk(b"IHDR", bytes(13)) + chunk(b"IEND", b""), "damaged")
		png = encoded(corners(), "PNG")
		bad = bytearray(png)
		bad[29] ^= 1  # the check sum of the header does not hold
		self.refused(bytes(bad), "damaged")
		webp = bytearray(encoded(corners(), "WEBP", save_all=True,
			append_images=[Image.new("RGB", (240, 240))], duration=9))
		at = webp.index(b"ANMF") + 8 + 6
		webp[at] ^= 1  # the frame says another width than what is coded in it
		self.refused(bytes(webp), "damaged")

	def test_changed_bytes_end_in_a_sentence_or_a_picture(self):
		chance = random.Random(14)
		for kind in ("JPEG", "PNG", "WEBP"):
			whole = encoded(portrait(200, 200), kind)
			for _ in range(12):
				bad = bytearray(whole)
				for _ in range(chance.randrange(1, 20)):
					bad[chance.randrange(len(bad))] = chance.randrange(256)
				done = subprocess.run([house.KITH, "--home", self.path("h"), "card", "set",
					f"photo={self.file(bytes(bad))}"], capture_output=True, env=self.env(),
					timeout=60)
				self.assertIn(done.returncode, (0, 6))
				if done.returncode:
					self.assertRegex(done.stderr, rb"^kith: .*\n$")


class Arriving(Photo):
	"""A picture that came with a card is looked at before anybody else gets it."""

	def test_a_swapped_picture_is_saved_byte_for_byte(self):
		for name, photo in (("Jo", encoded(portrait(120, 120), "JPEG", quality=60)),
				("Pat", encoded(corners(), "PNG")),
				("Wim", encoded(portrait(160, 160), "WEBP", quality=40))):
			self.assertLessEqual(len(photo), PHOTO_MAX)
			self.kith("h", "import", self.card_with(name, photo))
			self.assertEqual(self.photo("h", name), photo)
			self.assertIn("a picture of", self.kith("h", "show", name).out)

	def test_what_does_not_pass_is_handed_to_nobody(self):
		jpeg = encoded(portrait(120, 120), "JPEG", quality=60)
		for i, (photo, words) in enumerate(((b"#!/bin/sh\necho owned\n", "reads JPEG"),
				(jpeg[:-200], "damaged"), (flat_png(60000, 60000, lines=1), "million pixels"),
				(b"GIF89a" + jpeg, "reads JPEG"))):
			name = f"Eve{i}"
			self.kith("h", "import", self.card_with(name, photo))
			r = self.kith("h", "show", name, "--save-photo", self.path("out.jpg"), status=6)
			self.assertRegex(r.err, words)
			self.assertFalse(os.path.exists(self.path("out.jpg")))
			self.assertEqual(self.kith("h", "show", name, "--photo", status=6).raw.count(b"\x1b"),
				0)

	def test_an_export_has_what_passes_and_leaves_out_the_rest(self):
		"""The address book that reads the vCard decodes its picture; the signed card stays whole."""
		good = encoded(portrait(120, 120), "JPEG", quality=60)
		self.kith("h", "import", self.card_with("Jo", good))
		self.kith("h", "import", self.card_with("Eve", good[:-200]))
		for form, begin in (("vcard3", "PHOTO;ENCODING=b;TYPE=JPEG:"),
				("vcard4", "PHOTO:data:image/jpeg;base64,")):
			r = self.kith("h", "export", "--all", "--format", form)
			unfolded = r.out.replace("\r\n ", "")
			self.assertEqual(unfolded.count("PHOTO"), 1)
			self.assertIn(begin + base64.b64encode(good).decode(), unfolded)
			self.assertEqual(r.err.count("left out"), 1, r.err)
			self.assertRegex(r.err, "Eve.*left out.*damaged")
			path = self.file(r.raw, "all.vcf")
			self.assertEqual(unfolded.count("X-KITH-CARD:"), 2)
		self.kith("g", "init", "name=Grace")
		self.kith("g", "import", path)
		self.assertEqual(self.photo("g", "Jo"), good)
		r = self.kith("g", "show", "Eve", "--save-photo", self.path("out"), status=6)
		self.assertIn("damaged", r.err)

	def test_names_of_files(self):
		self.kith("h", "import", self.card_with("Pat", encoded(corners(), "PNG")))
		r = self.kith("h", "show", "Pat", "--save-photo", self.path("p.png"))
		self.assertIn("PNG, 240 x 240 pixels", r.err)
		self.assertNotIn("Mind", r.err)
		r = self.kith("h", "show", "Pat", "--save-photo", self.path("p.jpg"))
		self.assertIn("does not end in .png", r.err)
		os.symlink(self.path("target"), self.path("link.png"))
		self.kith("h", "show", "Pat", "--save-photo", self.path("link.png"))
		self.assertFalse(os.path.lexists(self.path("target")))
		self.kith("h", "show", "Pat", "--save-photo", self.path("no", "p.png"), status=1)
		r = self.kith("h", "show", "Pat", "--save-photo", "-")
		self.assertEqual(opened(r.raw).size, (240, 240))
		self.kith("h", "show", "Pat", "--photo", "--json", status=2)

	def test_nobody_without_one(self):
		self.person("g", "Grace")
		self.kith("h", "import", self.card_of("g"))
		r = self.kith("h", "show", "grace", "--save-photo", self.path("x"), status=1)
		self.assertIn("no picture", r.err)

	def test_of_somebody_who_was_imported(self):
		"""Own values may be larger than a card's."""
		photo = encoded(portrait(), "JPEG", quality=95)
		self.assertGreater(len(photo), PHOTO_MAX)
		text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ida Rhodes\r\nN:Rhodes;Ida;;;\r\n" \
			f"PHOTO;ENCODING=b;TYPE=JPEG:{base64.b64encode(photo).decode()}\r\nEND:VCARD\r\n"
		self.kith("h", "import", self.file(text.encode(), "ida.vcf"))
		self.assertEqual(self.photo("h", "ida"), photo)


FAKE = """#!/usr/bin/python3
import os, sys
"""


class Helper(Photo):
	"""Whatever becomes of the helper is one sentence."""

	def setUp(self):
		super().setUp()
		self.data = encoded(corners(), "PNG")
		self.bin = self.path("bin")
		os.mkdir(self.bin)
		shutil.copy(house.KITH, os.path.join(self.bin, "kith"))

	def helper(self, script):
		path = os.path.join(self.bin, "kith-picture")
		with open(path, "w", encoding="ascii") as f:
			f.write(FAKE + script)
		os.chmod(path, 0o755)

	def run_beside(self, *args, left=()):
		return subprocess.run([os.path.join(self.bin, "kith"), "--home", self.path("h"), *args],
			capture_output=True, env=self.env(), timeout=60, pass_fds=left)

	def read(self, *names):
		with open(os.path.join(*names), "rb") as f:
			return f.read()

	def named(self, folder, text):
		"""The files with that text."""
		return [n for n in os.listdir(folder) if text in self.read(folder, n)]

	def with_helper(self, script, *args, status, left=()):
		if script is not None:
			self.helper(script)
		done = self.run_beside(*args, left=left)
		self.assertEqual(done.returncode, status, done)
		self.assertRegex(done.stderr.decode(), r"^kith: [^\n]*\n$")
		return done.stderr.decode()

	def set(self, script, status=6, left=()):
		return self.with_helper(script, "card", "set", f"photo={self.file(self.data)}",
			status=status, left=left)

	def test_sizes_that_no_picture_has(self):
		"""A helper that was taken over may say any number of pixels."""
		before = self.kith("h", "card", "--json").json
		good = encoded(portrait(120, 120), "JPEG", quality=60)
		card = self.card_with("Jo", good)
		self.kith("h", "import", card)
		for wide, high, status in ((0, 5, 6), (5, 0, 6), (1 << 31, 1 << 31, 6), (50000, 50000, 6), (120, 120, 0)):
			with self.subTest(wide=wide, high=high):
				self.helper(f"sys.stdin.buffer.read()\nos.write(1, b'\\x01' + "
					f"({wide}).to_bytes(4, 'big') + ({high}).to_bytes(4, 'big'))\n")
				done = self.run_beside("show", "Jo", "--save-photo", self.path("out.jpg"))
				self.assertEqual(done.returncode, status, done)
				self.assertEqual(os.path.exists(self.path("out.jpg")), status == 0)
		self.assertEqual(self.kith("h", "card", "--json").json, before)

	def test_only_a_plain_small_picture_is_signed(self):
		"""What `take` gives goes into a signed card: nothing may hide in it."""
		plain = encoded(portrait(120, 120), "JPEG", quality=60)
		wide = encoded(portrait(321, 120), "JPEG", quality=30)
		before = self.kith("h", "card", "--json").json
		for answer in (plain[:2] + b"\xff\xe1\0\x08Exif\0\0" + plain[2:], plain[:2] + b"\xff\xfe\0\x04hi" +
				plain[2:], plain + b"#!/bin/sh", plain[:-2], wide, b"\xff\xd8\xff<script>"):
			with self.subTest(answer[:40]):
				self.assertIn("given up", self.set(f"sys.stdin.buffer.read()\nos.write(1, {answer!r})\n"))
		self.assertEqual(self.kith("h", "card", "--json").json, before)
		self.helper(f"sys.stdin.buffer.read()\nos.write(1, {plain!r})\n")
		done = self.run_beside("card", "set", f"photo={self.file(self.data)}")
		self.assertEqual(done.returncode, 0, done)

	def test_a_folder_gets_what_passes_once(self):
		"""Of whom nothing is new the picture is not checked again."""
		log, folder = self.path("log"), self.path("people")
		script = f"open({log!r}, 'a').write(sys.argv[1] + ' ')\n" \
			f"os.execv({os.path.join(os.path.dirname(house.KITH), 'kith-picture')!r}, sys.argv)"
		good = encoded(portrait(120, 120), "JPEG", quality=60)
		self.kith("h", "import", self.card_with("Jo", good))
		self.kith("h", "import", self.card_with("Eve", b"\xff\xd8\xff" + good[-200:]))
		self.helper(script)

		def export(checks, **count):
			done = self.run_beside("export", "--vdir", folder, "--json")
			self.assertEqual(done.returncode, 0, done)
			told = json.loads(done.stdout)
			self.assertEqual({k: told[k] for k in count}, count)
			err = done.stderr.decode()
			self.assertEqual(len(re.findall("Eve: .*left out", err)), err.count("\n"))
			with open(log, encoding="ascii") as f:
				self.assertEqual(f.read(), "check " * checks)
			os.truncate(log, 0)
			text = b"".join(self.read(folder, n) for n in sorted(os.listdir(folder)))
			self.assertEqual(text.count(b"PHOTO"), 1)
			self.assertEqual(text.count(b"X-KITH-CARD"), 2)

		export(2, new=2)
		export(1, same=2)  # Eve's, which her file has not
		self.kith("h", "edit", "jo", "note=met at the library")
		export(2, written=1, same=1)
		# without the helper nothing is known of a picture: what is there stays, and what is new waits
		self.helper("sys.exit(11)")
		self.kith("h", "edit", "jo", "note=met at the harbour")
		before = self.read(folder, *self.named(folder, b"FN:Jo"))
		done = self.run_beside("export", "--vdir", folder)
		self.assertEqual(done.returncode, 1, done)
		self.assertIn(b"in a cage alone", done.stderr)
		self.assertEqual(self.read(folder, *self.named(folder, b"FN:Jo")), before)

	def test_missing(self):
		self.assertIn("kith-picture is missing", self.set(None, status=1))

	def test_no_program(self):
		path = os.path.join(self.bin, "kith-picture")
		with open(path, "wb") as f:
			f.write(b"\x7fELF nonsense")
		os.chmod(path, 0o755)
		self.assertIn("cannot start kith-picture", self.set(None, status=1))

	def test_crashes_and_lies(self):
		for script in ("os.kill(os.getpid(), 11)", "os.kill(os.getpid(), 9)", "sys.exit(0)",
				"print('GIF89a')", "sys.exit(1)", "os.write(1, b'\\xff\\xd8\\xff' + bytes(9000))",
				"sys.stderr.write('words of its own'); sys.exit(77)"):
			with self.subTest(script):
				err = self.set(script)
				self.assertIn("given up", err)
				self.assertNotIn("words of its own", err)

	def test_of_another_version(self):
		self.assertIn("another version", self.set("sys.exit(10)", status=1))

	def test_without_a_cage(self):
		self.assertIn("in a cage alone", self.set("sys.exit(11)", status=1))

	def test_it_reads_nothing(self):
		"""And its end of the pipe closes while kith writes: no signal ends kith."""
		self.data = bytes(PNG) + os.urandom(4 << 20)
		self.assertIn("damaged", self.set("sys.exit(13)"))

	def test_it_inherits_nothing(self):
		told = self.path("told")
		script = f"""
fds = sorted(os.readlink("/proc/self/fd/" + n).split(":")[0] for n in ("0", "1", "2"))
more = [n for n in os.listdir("/proc/self/fd") if int(n) > 3]
import signal
ignored = [s for s in (signal.SIGPIPE, signal.SIGINT) if signal.getsignal(s) == signal.SIG_IGN]
with open({told!r}, "w") as f:
	f.write(repr((fds, more, dict(os.environb), sys.argv[1:], os.getsid(0) == os.getpid(),
		[s for s in ignored if s == signal.SIGINT])))
sys.exit(12)
"""
		with open("/dev/zero", "rb") as left:
			self.set(script, left=[left.fileno()])
		with open(told, encoding="ascii") as f:
			fds, more, environ, argv, alone, ignored = eval(f.read())  # noqa: S307
		self.assertEqual(fds, ["/dev/null", "pipe", "pipe"])
		self.assertEqual(more, [])
		self.assertLessEqual(set(environ), {b"LC_CTYPE", b"__PYVENV_LAUNCHER__"})
		self.assertEqual(argv, ["take", "8192"])
		self.assertTrue(alone)
		self.assertEqual(ignored, [])


KITTY = b"\x1b_Gi=31;OK\x1b\\"
DA1_SIXEL = b"\x1b[?62;4;22c"
DA1 = b"\x1b[?62;22c"


class Screen:
	"""A terminal that answers what it is told to, when kith asks."""

	def __init__(self, case, answer, *args, program=None):
		ours, theirs = pty.openpty()
		fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 800, 480))
		self.before = termios.tcgetattr(theirs)
		run = subprocess.Popen([program or house.KITH, "--home", case.path("h"), *args], stdin=theirs,
			stdout=theirs, stderr=theirs, start_new_session=True, env=case.env(TERM="xterm"),
			preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
		self.said = b""
		asked = False
		pidfd = os.pidfd_open(run.pid)
		while True:
			ready = select.select([ours, pidfd], [], [], 30)[0]
			if ready == [pidfd]:  # it wrote and ended while select looked from one to the other
				ready += select.select([ours], [], [], 0)[0]
			if ours in ready:
				self.said += os.read(ours, 65536)
			elif pidfd in ready:
				break
			else:
				raise AssertionError(f"nothing comes any more: {self.said!r}")
			if not asked and b"\x1b[c" in self.said:
				asked = True
				self.raw = termios.tcgetattr(theirs)
				os.write(ours, answer)
		self.status = run.wait(60)
		self.after = termios.tcgetattr(theirs)
		self.asked = asked
		os.set_blocking(theirs, False)
		quiet = termios.tcgetattr(theirs)
		quiet[3] &= ~termios.ICANON
		termios.tcsetattr(theirs, termios.TCSANOW, quiet)
		try:
			self.left = os.read(theirs, 4096)
		except BlockingIOError:
			self.left = b""
		for fd in (ours, theirs, pidfd):
			os.close(fd)


class Drawing(Photo):
	def setUp(self):
		super().setUp()
		self.take(encoded(corners(), "PNG"))

	def screen(self, answer, status=0, args=("card", "--photo"), program=None):
		s = Screen(self, answer, *args, program=program)
		self.assertEqual(s.status, status, s.said)
		self.assertTrue(s.asked)
		self.assertEqual(s.after, s.before, "the terminal's settings are not what they were")
		self.assertFalse(s.raw[3] & (termios.ECHO | termios.ICANON), "answers would be echoed")
		self.assertEqual(s.left, b"", "an answer is left as if it had been typed")
		return s.said

	def test_kitty(self):
		said = self.screen(KITTY + DA1)
		self.assertIn(b"a picture of", said)
		pieces = re.findall(rb"\x1b_G(a=T,f=100,q=2,)?m=([01]);([A-Za-z0-9+/=]*)\x1b\\", said)
		self.assertEqual([bool(p[0]) for p in pieces], [True] + [False] * (len(pieces) - 1))
		self.assertEqual([p[1] for p in pieces], [b"1"] * (len(pieces) - 1) + [b"0"])
		self.assertTrue(all(len(p[2]) <= 4096 for p in pieces))
		drawn = opened(base64.b64decode(b"".join(p[2] for p in pieces)))
		self.assertEqual((drawn.format, drawn.size), ("PNG", (240, 240)))
		self.assertLess(difference(drawn, corners()), 12)

	def test_kitty_goes_before_sixel(self):
		self.assertIn(b"\x1b_Ga=T", self.screen(KITTY + DA1_SIXEL))

	def test_sixel(self):
		said = self.screen(DA1_SIXEL)
		sixels = re.findall(rb"\x1bP[0-9;]*q([^\x1b]*)\x1b\\", said)
		self.assertEqual(len(sixels), 1)
		width, height, colours = self.sixel_size(sixels[0])
		self.assertEqual(width, 240)
		self.assertIn(height, (240, 246))
		self.assertGreaterEqual(colours, 4)

	@staticmethod
	def sixel_size(text):
		"""What a terminal would draw: columns, rows, colours."""
		text = text.replace(b"\r", b"").replace(b"\n", b"")
		x = width = 0
		bands = 1
		for m in re.finditer(rb'"[\d;]*|#\d+(?:;[\d;]*)?|!(\d+)([?-~])|([?-~])|([$-])', text):
			if m[4]:
				x, bands = 0, bands + (m[4] == b"-")
			elif m[2] or m[3]:
				x += int(m[1] or 1)
				width = max(width, x)
		colours = len(set(re.findall(rb"#(\d+)(?!;)", text)))
		return width, 6 * (bands - text.endswith(b"-")), colours

	def test_a_helper_that_was_taken_over_says_nothing_to_the_terminal(self):
		"""Sixels go there as they are: nothing else may be among them."""
		program = self.path("bin", "kith")
		os.mkdir(self.path("bin"))
		shutil.copy(house.KITH, program)
		for drawn, status in ((b"\x1bPq#0~~$-\x1b\\", 0), (b"\x1bPq~~\x1b\\\x1b]0;owned\a\x1b\\", 6),
				(b"\x1bPq~~\x07~\x1b\\", 6), (b"\x1bP+q5463\x1b\\", 6), (b"owned", 6), (b"", 6),
				(b"\x1bPq~~", 6), (b"\x1bPq\x9b31m\x1b\\", 6), (b"\x1bPq!9999~\x1b\\", 6),
				(b"\x1bPq\"1;1;9999;6~\x1b\\", 6), (b"\x1bPq" + b"~-" * 60 + b"\x1b\\", 6)):
			path = self.path("bin", "kith-picture")
			with open(path, "w", encoding="ascii") as f:
				f.write(FAKE + "answer = {'check': b'\\x01\\0\\0\\0\\x01\\0\\0\\0\\x01'}\n"
					f"sys.stdin.buffer.read()\nos.write(1, answer.get(sys.argv[1], {drawn!r}))\n")
			os.chmod(path, 0o755)
			with self.subTest(drawn):
				said = self.screen(DA1_SIXEL, status, program=program)
				self.assertNotIn(b"owned", said)
				self.assertEqual(said.count(b"\x1bP"), status == 0)

	def test_neither(self):
		said = self.screen(DA1, status=1)
		self.assertIn(b"--save-photo FILE", said)
		self.assertNotIn(b"\x1b_Ga=T", said)

	def test_kitty_says_no(self):
		said = self.screen(b"\x1b_Gi=31;EBADF:no\x1b\\" + DA1, status=1)
		self.assertIn(b"--save-photo", said)

	def test_a_mute_terminal_is_not_waited_for_long(self):
		start = time.monotonic()
		self.screen(b"", status=1)
		self.assertLess(time.monotonic() - start, 5)

	def test_half_an_answer_is_none_and_not_left_behind(self):
		self.screen(b"\x1b[?62;4", status=1)

	def test_ctrl_c_ends_the_question(self):
		start = time.monotonic()
		self.screen(b"\x03", status=1)
		self.assertLess(time.monotonic() - start, 0.9)

	def test_nonsense_is_no_answer(self):
		for answer in (b"\x1b[?4;x;c", b"\x1b[?62;44;14c", b"A" * 600, b"\x1b[4c" * 3):
			self.screen(answer, status=1)

	def test_of_somebody_else(self):
		photo = encoded(portrait(160, 100), "JPEG")
		who = keys.Identity(keys.random(32))
		fields = [[1, 0, "", "Grace"], [KIND_PHOTO, 0, "", photo]]
		self.kith("h", "import", self.file(card.seal(who, pack(card.body(who, fields))), "g"))
		said = self.screen(KITTY + DA1, args=("show", "grace", "--photo"))
		data = b"".join(re.findall(rb"\x1b_G[^;]*;([A-Za-z0-9+/=]*)\x1b\\", said)[1:])
		self.assertEqual(opened(base64.b64decode(data)).size, (160, 100))

	def test_over_a_pipe_nothing_is_asked(self):
		r = self.kith("h", "card", "--photo", status=1)
		self.assertNotIn(b"\x1b", r.raw)
		self.assertIn("--save-photo", r.err)


class Codes(unittest.TestCase):
	"""The helper itself, beside kith: a code of qr's in what a camera makes of it."""

	def codes(self, im, kind="PNG", **how):
		helper = os.path.join(os.path.dirname(house.KITH), "kith-picture")
		done = subprocess.run([helper, "codes"], input=encoded(im, kind, **how),
			capture_output=True, check=True, timeout=60)
		found, at = [], 0
		while at < len(done.stdout):
			n = int.from_bytes(done.stdout[at:at + 4], "big")
			found.append(done.stdout[at + 4:at + 4 + n])
			at += 4 + n
		return found

	def setUp(self):
		folder = tempfile.mkdtemp(prefix="kith-cli-")
		self.addCleanup(shutil.rmtree, folder)
		env = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"}
		env.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
		for args in (("init", "name=\u00c4da"), ("qr", "--png", os.path.join(folder, "q.png"))):
			subprocess.run([house.KITH, "--home", os.path.join(folder, "h"), *args], check=True,
				env=env, capture_output=True, timeout=60)
		self.code = Image.open(os.path.join(folder, "q.png")).convert("L")
		self.text = self.codes(self.code)
		self.assertEqual(len(self.text), 1)
		self.assertIn("\u00c4da".encode(), self.text[0])

	def test_light_on_dark(self):
		self.assertEqual(self.codes(ImageOps.invert(self.code)), self.text)

	def test_in_a_photo(self):
		for width, height, kind in ((800, 800, "PNG"), (4000, 3000, "JPEG"), (8000, 6000, "JPEG")):
			im = portrait(width, height).convert("L")
			code = self.code.resize((height // 2, height // 2)).rotate(7, fillcolor=255, expand=True)
			im.paste(code, (width // 2 - code.width // 2, height // 8))
			with self.subTest(width):
				self.assertEqual(self.codes(im, kind), self.text)

	def test_two_in_one(self):
		im = Image.new("L", (self.code.width * 2 + 40, self.code.height), 255)
		im.paste(self.code, (0, 0))
		im.paste(self.code, (self.code.width + 40, 0))
		self.assertEqual(self.codes(im), self.text * 2)

	def test_none(self):
		self.assertEqual(self.codes(portrait()), [])


class Lazy(unittest.TestCase):
	def test_kith_itself_loads_no_picture_library(self):
		out = subprocess.run(["ldd", house.KITH], capture_output=True, text=True, check=True).stdout
		for name in ("libgd", "libexif", "libzbar", "libsixel", "libjpeg", "libwebp", "libpng"):
			self.assertNotIn(name, out)


house.main()
