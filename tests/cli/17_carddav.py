#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The road to a phone, from end to end: kith, a folder, vdirsyncer, a CardDAV server (Radicale, on
loopback), vdirsyncer, another folder, kith; and khard in between.  17_carddav.py KITH SEED"""

import base64
import io
import os
import re
import shutil
import subprocess
import sys
import threading

import house

TOOLS = ("khard", "vdirsyncer", "radicale")
GRACE = "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", "FN:Grace Hopper", "N:Hopper;Grace;;;",
	"UID:5f4d3c2b-0000-4000-8000-000000000001", "EMAIL;TYPE=WORK:grace@example.org",
	"item1.TEL:+1 202 555 0143", "item1.X-ABLabel:boat", "X-FOO;X-P=a:b\\,c",
	"PHOTO;ENCODING=b;TYPE=JPEG:%s", "END:VCARD", ""))

KHARD = """[addressbooks]
[[people]]
path = {dir}
[general]
default_action = list
editor = false
merge_editor = false
"""

SYNC = """[general]
status_path = "{status}"
[pair people]
a = "here"
b = "there"
collections = ["people"]
conflict_resolution = null
[storage here]
type = "filesystem"
path = "{dir}"
fileext = ".vcf"
[storage there]
type = "carddav"
url = "{url}"
username = "ada"
password = "unused"
"""

RADICALE = """[server]
hosts = 127.0.0.1:0
[auth]
type = none
[storage]
filesystem_folder = {dir}
[logging]
level = info
"""


class CardDav(house.Case):
	def setUp(self):
		super().setUp()
		config = self.file("radicale.conf", RADICALE.format(dir=self.path("server")))
		self.server = subprocess.Popen(["radicale", "--config", config], text=True,
			stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=self.env())
		self.addCleanup(self.stop)
		for line in self.server.stderr:
			found = re.search(r"Listening on '\[127\.0\.0\.1\]:(\d+)'", line)
			if found:
				self.url = f"http://127.0.0.1:{found[1]}/"
				break
		self.reader = threading.Thread(target=self.server.stderr.read)
		self.reader.start()

	def stop(self):
		self.server.terminate()
		self.reader.join()
		self.server.wait(timeout=30)
		self.server.stderr.close()

	def file(self, name, text):
		with open(self.path(name), "w", encoding="utf-8", newline="") as f:
			f.write(text)
		return self.path(name)

	def run_tool(self, *command, stdin=""):
		done = subprocess.run(command, input=stdin, text=True, capture_output=True,
			env=self.env(), timeout=60)
		self.assertEqual(done.returncode, 0, f"{command}: {done.stdout}{done.stderr}")
		return done.stdout

	def sync(self, side):
		"""Brings the folder of that side and the server in step."""
		config = self.path(f"{side}.conf")
		if not os.path.exists(config):
			os.makedirs(self.path(side, "people"), exist_ok=True)
			self.file(f"{side}.conf", SYNC.format(status=self.path(f"{side}.status"),
				dir=self.path(side), url=self.url))
			self.run_tool("vdirsyncer", "-c", config, "discover", "people", stdin="y\n" * 4)
		self.run_tool("vdirsyncer", "-c", config, "sync")

	def khard(self, side, *args, stdin=""):
		config = self.file(f"khard-{side}.conf",
			KHARD.format(dir=self.path(side, "people")))
		return self.run_tool("khard", "-c", config, *args, stdin=stdin)

	def export(self, home, side):
		os.makedirs(self.path(side), exist_ok=True)
		self.kith(home, "export", "--vdir", self.path(side, "people"))

	def take(self, home, side):
		return self.kith(home, "import", "--vdir", self.path(side, "people"))

	def show(self, home, who):
		return self.kith(home, "show", who, "--json").json

	def there_and_back(self):
		"""Ada has Grace from a phone's vCard and Jo's signed card; what reaches Ada's other
		machine by the server."""
		from PIL import Image
		picture = io.BytesIO()
		Image.effect_noise((64, 64), 60).convert("RGB").save(picture, "JPEG")
		self.photo = base64.b64encode(picture.getvalue()).decode()
		self.kith("ada", "init", "name=Ada Lovelace")
		self.kith("other", "init", "name=Ada Lovelace")
		self.kith("ada", "import", self.file("grace.vcf", GRACE % self.photo))
		self.jo = self.person("jo", "Jo March", "email.work=jo@example.org", "tel.boat=+44 1")
		self.kith("ada", "import", self.jo)
		self.kith("ada", "edit", "jo", "note=met at the library")
		self.export("ada", "laptop")
		self.sync("laptop")
		self.sync("phone")
		self.take("other", "phone")

	def signed_file(self, side):
		folder = self.path(side, "people")
		for name in os.listdir(folder):
			with open(os.path.join(folder, name), encoding="utf-8") as f:
				if name.endswith(".vcf") and "X-KITH-CARD" in f.read():
					return os.path.join(folder, name)
		return None

	def values(self, fields):
		return {(f["kind"], f["label"]): f["value"] for f in fields}

	def test_everything_survives_the_server(self):
		"""Photo, key, label and a property that nobody knows."""
		self.there_and_back()
		grace = self.values(self.show("other", "grace")["fields"])
		self.assertEqual(grace[("tel", "boat")], "+1 202 555 0143")
		self.assertEqual(grace[("email", "work")], "grace@example.org")
		self.assertEqual(grace[("photo", None)], self.photo)
		out = self.kith("other", "export", "grace").out
		self.assertIn("X-FOO;X-P=a:b\\,c", out)
		here, there = self.show("ada", "jo"), self.show("other", "jo")
		self.assertEqual(there["id"], here["id"])
		self.assertEqual(there["fields"], here["fields"])
		self.assertEqual(there["met"][0]["how"], "file")
		self.assertEqual(self.values(there["own"])[("note", None)], "met at the library")
		self.assertRegex(self.kith("ada", "verify", self.signed_file("phone")).out,
			"(?s)signed by.*not altered.*not part of what was signed: note")

	def test_a_change_on_the_other_side_comes_back(self):
		self.there_and_back()
		self.kith("other", "edit", "grace", "title=Rear admiral")
		self.export("other", "phone")
		self.sync("phone")
		self.sync("laptop")
		told = self.take("ada", "laptop")
		self.assertIn("updated", told.out)
		self.assertEqual(self.values(self.show("ada", "grace")["fields"])[("title", None)],
			"Rear admiral")
		self.assertNotIn("updated", self.take("ada", "laptop").out)

	def test_nothing_goes_to_and_fro(self):
		self.there_and_back()
		self.export("other", "phone")
		self.sync("phone")
		self.sync("laptop")
		self.assertNotRegex(self.take("ada", "laptop").out, "(?m)^(new|updated)")
		self.export("ada", "laptop")
		self.sync("laptop")
		self.sync("phone")
		self.assertNotRegex(self.take("other", "phone").out, "(?m)^(new|updated)")

	def test_khard_sees_and_changes(self):
		self.there_and_back()
		listed = self.khard("laptop", "list")
		for text in ("Grace Hopper", "Jo March", "boat"):
			self.assertIn(text, listed)
		shown = self.khard("laptop", "show", "Grace")
		self.assertIn("boat: +1 202 555 0143", shown)
		template = self.khard("laptop", "show", "--format", "yaml", "Grace")
		changed = re.sub(r"(?m)^Note *:.*$", "Note : sent by khard", template)
		self.assertNotEqual(changed, template)
		self.khard("laptop", "edit", "-i", self.file("khard.yaml", changed), "Grace",
			stdin="y\n" * 4)
		self.take("ada", "laptop")
		grace = self.values(self.show("ada", "grace")["fields"])
		self.assertEqual(grace[("note", None)], "sent by khard")
		self.assertEqual(grace[("tel", "boat")], "+1 202 555 0143")
		self.assertEqual(grace[("photo", None)], self.photo)


if __name__ == "__main__":
	missing = [tool for tool in TOOLS if not shutil.which(tool)]
	if missing and not os.environ.get("KITH_CI"):
		print(f"skipped: {', '.join(missing)} is not here")
		sys.exit(77)
	house.main()
