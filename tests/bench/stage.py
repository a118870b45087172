# SPDX-License-Identifier: MIT
"""Where a benchmark takes place: the built programs, and new homes on a real disk."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/lan"))
import net  # noqa: E402


class Stage:
    """Homes go into a folder of the build, which is removed at the end: memory would not sync."""

    def __init__(self, build, runs):
        self.runs = runs
        self.kith = str(build / "kith")
        self._tools = build / "bench"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="homes-", dir=self._tools))
        self._homes = 0

    def close(self):
        shutil.rmtree(self.folder)

    def tool(self, name):
        return str(self._tools / name)

    def home(self, name):
        """A new person; returns the path of the home."""
        self._homes += 1
        home = str(self.folder / f"{name}-{self._homes}")
        subprocess.run([self.kith, "--home", home, "--quiet", "init", f"name={name}",
                        f"email={name.lower()}@example.org"], check=True, stdout=subprocess.DEVNULL)
        return home

    def stamped(self, machine, *command, stdout=subprocess.DEVNULL, stderr=None):
        """Starts a program there; returns it and when its exec was (monotonic, ns)."""
        read, write = os.pipe()
        p = machine.popen(self.tool("stamp"), str(write), *command, stdin=subprocess.DEVNULL,
                          stdout=stdout, stderr=stderr, pass_fds=(write,))
        os.close(write)
        with open(read, encoding="ascii") as times:
            return p, int(times.readline())


@contextlib.contextmanager
def machines(*names):
    """Machines joined in pairs: the first with the second, and so on."""
    all_ = []
    try:
        for name in names:
            all_.append(net.Machine(name))
        for first, second in zip(all_[::2], all_[1::2]):
            net.cable(first, second)
        yield all_
    finally:
        for machine in all_:
            machine.close()


@contextlib.contextmanager
def running(p):
    """A program for the time of a block."""
    try:
        yield p
    finally:
        p.terminate()
        if p.stdout:
            p.stdout.close()
        p.wait(timeout=10)
