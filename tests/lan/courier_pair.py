#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Two couriers in network namespaces; this program plays their nodes (proto/courier.md).

    courier_pair.py KITH_COURIER [CASE ...]      cases: see CASES at the end; default: all

Everything lives in namespaces that go with the processes in them.  Exits 77 (skipped) where
namespaces cannot be made.
"""

import base64
import contextlib
import ctypes
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time

try:
    import msgpack
    from nacl.public import Box, PrivateKey, PublicKey
except ImportError as e:
    print(f"skipped: {e}")
    sys.exit(77)

CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
MESSAGE_MAX, CONNECTIONS_MAX, CONNECTIONS_RESERVED = 32768, 64, 16  # proto/limits.def
CONNECTIONS_ADDRESS_MAX, HANDSHAKES_ADDRESS_MAX, HANDSHAKES_MAX = 8, 5, 50
BUDGET_MAX = 262144
NAMES = {
    "start": 1, "announce": 2, "look": 3, "dial": 4, "send": 5, "close": 6,
    "keep": 7,
    "started": 16, "announced": 17, "seen": 18, "gone": 19, "opened": 20, "bytes": 21,
    "closed": 22, "network": 23, "trouble": 24, "addresses": 25,
}
libc = ctypes.CDLL(None, use_errno=True)
program = ""


def check_call(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def die_with_parent():
    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Host:
    """A network and mount namespace, kept alive by a process that does nothing."""

    def __init__(self):
        ready, told = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                die_with_parent()
                check_call(libc.unshare(CLONE_NEWNS | CLONE_NEWNET))
                subprocess.run(["mount", "--make-rprivate", "/"], check=True)
                os.write(told, b"y")
                signal.pause()
            except BaseException:
                os.write(told, b"n")
            os._exit(0)
        ok = os.read(ready, 1) == b"y"
        os.close(ready)
        os.close(told)
        self.children = []
        if not ok:
            print("skipped: namespaces cannot be made here")
            sys.exit(77)
        self.run("ip link set lo up")

    def enter(self):
        """Called in a child: moves it into the namespaces."""
        for kind, flag in (("net", CLONE_NEWNET), ("mnt", CLONE_NEWNS)):
            fd = os.open(f"/proc/{self.pid}/ns/{kind}", os.O_RDONLY)
            check_call(libc.setns(fd, flag))
            os.close(fd)

    @contextlib.contextmanager
    def inside(self):
        """Sockets made meanwhile are of this host."""
        back = os.open("/proc/self/ns/net", os.O_RDONLY)
        there = os.open(f"/proc/{self.pid}/ns/net", os.O_RDONLY)
        try:
            check_call(libc.setns(there, CLONE_NEWNET))
            yield
        finally:
            check_call(libc.setns(back, CLONE_NEWNET))
            os.close(back)
            os.close(there)

    def run(self, command):
        subprocess.run(["nsenter", "-t", str(self.pid), "-n", "-m", "sh", "-c", command],
                       check=True)

    def output(self, command):
        return subprocess.run(["nsenter", "-t", str(self.pid), "-n", "-m", "sh", "-c", command],
                              check=True, stdout=subprocess.PIPE, text=True).stdout

    def start(self, args, wait_for, stream):
        """A service; returns once it printed a line with wait_for."""
        p = subprocess.Popen(["nsenter", "-t", str(self.pid), "-n", "-m"] + args,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, preexec_fn=die_with_parent)
        self.children.append(p)
        said = b""
        for line in getattr(p, stream):
            said += line
            if wait_for.encode() in line:
                return p
        raise AssertionError(f"{args[0]} did not start: {said.decode()}")

    def bus(self):
        """A system bus of its own."""
        self.run("""mount -t tmpfs tmpfs /run && mkdir -p /run/dbus /run/avahi-daemon
cat > /run/bus.conf <<END
<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen>
<auth>EXTERNAL</auth><policy context="default"><allow user="*"/><allow own="*"/>
<allow send_type="method_call"/><allow send_destination="*"/><allow receive_sender="*"/>
</policy></busconfig>
END""")
        self.start(["dbus-daemon", "--config-file=/run/bus.conf", "--nofork", "--nopidfile",
                    "--print-address"], "unix:", "stdout")

    def avahi(self, settings=""):
        """An Avahi daemon of its own."""
        self.bus()
        self.run("printf '[server]\\nuse-ipv4=yes\\nuse-ipv6=yes\\n%s\\n' '" + settings +
                 "' > /run/avahi.conf")
        return self.start(["avahi-daemon", "--no-drop-root", "--no-rlimits", "--no-chroot",
                           "-f", "/run/avahi.conf"], "Server startup complete", "stderr")

    def close(self):
        for p in reversed(self.children):
            p.kill()
            p.wait()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def join(a, b, v4=True, v6="none"):
    """A cable between two hosts.  v6: "none", or "local" for link-local addresses only."""
    name = f"kv{os.getpid()}"
    subprocess.run(["ip", "link", "add", name, "netns", str(a.pid), "type", "veth", "peer", "name",
                    "eth0", "netns", str(b.pid)], check=True)
    a.run(f"ip link set {name} name eth0")
    for host, number in ((a, 1), (b, 2)):
        if v6 == "none":
            host.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1")
        else:
            host.run("sysctl -qw net.ipv6.conf.eth0.accept_dad=0")
        if v4:
            host.run(f"ip addr add 10.99.0.{number}/24 dev eth0")
        host.run("ip link set eth0 up")
    for host in (a, b):  # the carrier comes when both ends are up
        host.run("for i in $(seq 100); do ip addr show dev eth0 | grep -q 'state UP' && exit 0; "
                 "sleep 0.02; done; exit 1")


class Courier:
    """A courier and the node's end of its socket."""

    def __init__(self, host, interface=None, discovery=1):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        when_r, when_w = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            host.enter()
            null = os.open("/dev/null", os.O_RDWR)
            err = os.dup(2)
            fds = [theirs.fileno(), when_w, err]
            fds = [os.dup2(fd, 30 + i) for i, fd in enumerate(fds)]
            for fd in (0, 1, 2):
                os.dup2(null, fd)
            os.dup2(30, 3)
            if os.environ.get("KITH_COURIER_STDERR"):
                os.dup2(32, 2)
            os.write(31, str(time.monotonic_ns()).encode())
            os.closerange(4, 256)
            os.execve(program, [program], {})
        theirs.close()
        os.close(when_w)
        self.born = int(os.read(when_r, 64))
        os.close(when_r)
        self.socket = ours
        self.socket.setblocking(False)
        self.events = []
        self.alive = True
        self.closed = False
        self.send("start", 1, interface or "", False)
        started = self.wait("started")
        assert started[1:] == [1, discovery, 3], started
        self.interfaces = self.wait("network")[1]

    def send(self, name, *values):
        message = {0: NAMES[name]}
        message.update((i + 1, v) for i, v in enumerate(values))
        while True:
            try:
                self.socket.send(msgpack.packb(message, use_bin_type=True))
                return
            except BlockingIOError:
                self.read(0)
                select.select([self.socket], [self.socket], [], 1)

    def read(self, timeout):
        """Takes in what has come; waits for something if nothing has."""
        if not select.select([self.socket], [], [], max(timeout, 0))[0]:
            return
        while True:
            try:
                datagram = self.socket.recv(65536)
            except BlockingIOError:
                return
            except ConnectionResetError:
                datagram = b""
            if not datagram:
                self.closed = True
                return
            m = msgpack.unpackb(datagram, raw=False, strict_map_key=False)
            assert list(m) == sorted(m)
            name = next(n for n, t in NAMES.items() if t == m[0])
            self.events.append([name] + list(m.values())[1:])

    def wait(self, name, test=lambda *values: True, timeout=10):
        """The first event of that name that passes the test; earlier ones stay in line."""
        end = time.monotonic() + timeout
        while True:
            for i, e in enumerate(self.events):
                if e[0] == name and test(*e[1:]):
                    return self.events.pop(i)
            left = end - time.monotonic()
            assert not self.closed, f"the courier went while waiting for {name}; {self.events}"
            assert left > 0, f"no {name} within {timeout} s; got {self.events}"
            self.read(left)

    def never(self, name, test=lambda *values: True, seconds=0.5):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(end - time.monotonic())
        for e in self.events:
            assert e[0] != name or not test(*e[1:]), e

    def announce(self, label="", publish=True):
        secret = PrivateKey.generate()
        self.pair, self.key = secret, bytes(secret.public_key)
        tag = base64.b32encode(os.urandom(20)).decode().lower()
        self.names = "k-" + tag[:16], "kith-" + tag[16:32]
        self.send("announce", self.key, bytes(secret), *self.names, label, publish)
        m = self.wait("announced")
        assert m[1] == self.key and m[2] >= 1024, m
        self.port = m[2]

    def sees(self, other, timeout=10, at=None):
        """At these endpoints, if they are said: those of IPv4 and of IPv6 come each on its own."""
        return self.wait("seen", lambda key, _, endpoints, *__: key == other.key and
                         at in (None, endpoints), timeout)

    def stop(self):
        """The node closes the socket; the courier has to exit 0 soon."""
        self.socket.close()
        return self.reap()

    def reap(self):
        end = time.monotonic() + 5
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.alive = False
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        raise AssertionError("the courier does not exit")

    def kill(self):
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.alive = False


def dial(a, b, endpoints, conn=1):
    """a calls b; returns b's number of the connection, the network each side names, and when."""
    a.send("dial", conn, b.key, endpoints)
    opened = a.wait("opened", lambda n, *_: n == conn)
    at = time.monotonic_ns()
    assert opened[2] == b.key and opened[3] == a.key, opened
    a.send("send", conn, b"hello")
    other = b.wait("opened")
    assert other[1] % 2 == 0 and other[2] == a.key and other[3] == b.key, other
    hello = b.wait("bytes")
    assert hello[1:] == [other[1], b"hello"], hello
    b.send("send", other[1], b"welcome")
    assert a.wait("bytes")[1:] == [conn, b"welcome"]
    return other[1], opened, other, at


def exchange(a_host, b_host, a_way=1, b_way=1, want=None, label="Ada Lovelace"):
    """The life of a pair."""
    a = Courier(a_host, discovery=a_way)
    a.announce(label)
    b = Courier(b_host, discovery=b_way)
    b.announce()
    ready = time.monotonic_ns()
    b.send("look", True)
    seen = b.sees(a, at=want and want(a))
    at_seen = time.monotonic_ns()
    assert seen[2] == label and 1 <= len(seen[3]) <= 4, seen
    conn, opened, other, at = dial(b, a, seen[3])
    print("    after exec: announced %.1f ms, peer seen %.1f ms, opened %.1f ms; seen as %s on %r" % (
        (ready - b.born) / 1e6, (at_seen - b.born) / 1e6, (at - b.born) / 1e6, seen[3], seen[4]))
    assert seen[4] and opened[5] and other[5], (seen, opened, other)
    assert a.sees(b)[2] == ""  # by the continuous browse alone: a never looked

    # the largest message, both ways; order holds
    big = os.urandom(MESSAGE_MAX)
    b.send("send", 1, big)
    b.send("send", 1, b"")
    assert a.wait("bytes")[1:] == [conn, big]
    assert a.wait("bytes")[1:] == [conn, b""]
    a.send("send", conn, big)
    assert b.wait("bytes")[1:] == [1, big]

    # a burst longer than any high-water mark arrives whole
    for i in range(30):
        b.send("send", 1, bytes([i]) * 7000)  # with the rest less than the budget
        if i == 15:
            a.wait("bytes", lambda n, data: data[0] == 10)
    for i in range(30):
        if i != 10:
            assert a.wait("bytes")[2][0] == i

    # what was sent before CLOSE arrives; CLOSED goes to the other side only
    b.send("send", 1, b"bye")
    b.send("close", 1)
    assert a.wait("bytes")[2] == b"bye"
    assert a.wait("closed")[1] == conn
    b.never("closed", seconds=0.2)
    conn, *_ = dial(b, a, seen[3], 3)
    a.send("send", conn, b"bye too")
    a.send("close", conn)
    assert b.wait("bytes")[1:] == [3, b"bye too"]
    assert b.wait("closed")[1] == 3

    # a wrong key gets nowhere, nor does a dead port; the next endpoint is tried
    b.send("dial", 5, bytes(PrivateKey.generate().public_key), seen[3][:1])
    assert b.wait("closed", timeout=15)[1] == 5
    dead = seen[3][0].rsplit(":", 1)[0] + ":1"
    b.send("dial", 7, a.key, [dead])
    assert b.wait("closed")[1] == 7
    conn, *_ = dial(b, a, [dead, "nonsense", seen[3][0]], 9)

    # the partner is killed
    b.kill()
    assert a.wait("closed")[1] == conn

    # a clean stop says goodbye
    c = Courier(b_host, discovery=b_way)
    c.announce()
    c.send("look", True)
    c.sees(a)
    a.sees(c)
    assert c.stop() == 0
    a.wait("gone", lambda key: key == c.key, timeout=5)
    assert a.stop() == 0
    return True


def case_lo():
    """one machine without a network: only the loopback, which counts when it was asked for"""
    host = Host()
    for interface, number in ((None, 0), ("lo", 1), ("wlan7", 0)):
        c = Courier(host, interface)
        assert c.interfaces == number, (interface, c.interfaces)
        assert c.stop() == 0
    exchange(host, host, want=lambda a: [f"127.0.0.1:{a.port}", f"[::1]:{a.port}"])
    host.close()


def case_veth4():
    """two machines, IPv4 only"""
    a, b = Host(), Host()
    join(a, b)
    exchange(a, b, want=lambda c: [f"10.99.0.1:{c.port}"])
    a.close()
    b.close()


def case_veth6():
    """two machines, nothing but IPv6 link-local addresses"""
    a, b = Host(), Host()
    join(a, b, v4=False, v6="local")
    exchange(a, b, want=None)
    x, y = Courier(a), Courier(b)
    x.announce()
    y.announce()
    y.send("look", True)
    seen = y.sees(x)
    assert all(e.startswith("[fe80::") and "%eth0]:" in e for e in seen[3]), seen
    assert seen[4] == "eth0 fe80::/64", seen
    conn, opened, other, _ = dial(y, x, seen[3])
    assert opened[4].endswith("%eth0") and other[4].endswith("%eth0"), (opened, other)
    for c in (x, y):
        assert c.stop() == 0
    a.close()
    b.close()


def case_daemon():
    """two machines that each run the Avahi daemon"""
    a, b = Host(), Host()
    join(a, b)
    for host in (a, b):
        host.avahi()
    exchange(a, b, 2, 2)
    a.close()
    b.close()


def case_mixed():
    """the Avahi daemon here, a responder of kith's own there"""
    a, b = Host(), Host()
    join(a, b)
    a.avahi()
    exchange(a, b, 2, 1)
    exchange(b, a, 1, 2)
    a.close()
    b.close()


def case_daemon_lost():
    """the Avahi daemon stops under a courier; bytes go on"""
    a, b = Host(), Host()
    join(a, b)
    service = a.avahi()
    x, y = Courier(a, discovery=2), Courier(b)
    x.announce()
    y.announce()
    y.send("look", True)
    conn, *_ = dial(y, x, y.sees(x)[3])
    service.terminate()
    service.wait()
    print("   ", x.wait("trouble")[1])
    y.send("send", 1, b"still here")
    assert x.wait("bytes")[1:] == [conn, b"still here"]
    for c in (x, y):
        assert c.stop() == 0
    a.close()
    b.close()


def case_daemon_mute():
    """an Avahi daemon that lets nobody publish: the courier does it itself"""
    a, b = Host(), Host()
    join(a, b)
    a.avahi("[publish]\ndisable-user-service-publishing=yes")
    x, y = Courier(a, discovery=2), Courier(b)
    x.announce()
    y.announce()
    print("   ", x.wait("trouble")[1])
    y.send("look", True)
    dial(y, x, y.sees(x)[3])
    x.sees(y)
    for c in (x, y):
        assert c.stop() == 0
    a.close()
    b.close()


def case_daemon_alone():
    """an Avahi daemon that neither publishes for us nor tolerates another: said, and found still"""
    a, b = Host(), Host()
    join(a, b)
    a.avahi("disallow-other-stacks=yes\n[publish]\ndisable-publishing=yes")
    x, y = Courier(a, discovery=2), Courier(b)
    x.announce()
    y.announce()
    print("   ", x.wait("trouble")[1])
    conn, *_ = dial(x, y, x.sees(y)[3])
    for c in (x, y):
        assert c.stop() == 0
    a.close()
    b.close()


def case_bus_only():
    """a system bus without an Avahi daemon"""
    host = Host()
    host.bus()
    exchange(host, host)
    host.close()


def case_nobody_there():
    """an address where nothing answers"""
    a, b = Host(), Host()
    join(a, b)
    x, y = Courier(a), Courier(b)
    x.announce()
    y.announce()
    b.run("ip addr add 10.99.0.50/24 dev eth0; "
          "ip rule add from 10.99.0.50 lookup 77; ip route add blackhole default table 77")
    start = time.monotonic()
    x.send("dial", 1, y.key, ["10.99.0.50:4711", f"10.99.0.2:{y.port}"])
    assert x.wait("opened", timeout=8)[4] == "10.99.0.2"
    print(f"    the next endpoint after {time.monotonic() - start:.1f} s")
    x.send("dial", 3, y.key, ["10.99.0.50:4711"])
    x.send("close", 3)  # a dial that is taken back says nothing more
    x.never("closed", lambda n: n == 3, seconds=6)
    for c in (x, y):
        assert c.stop() == 0
    a.close()
    b.close()


def case_network():
    """the address changes under a courier"""
    a, b = Host(), Host()
    join(a, b)
    x, y = Courier(a), Courier(b)
    assert x.interfaces == y.interfaces == 1, (x.interfaces, y.interfaces)
    x.announce()
    y.announce()
    old = y.sees(x)  # by the browse, which will hear the goodbye
    dial(y, x, old[3])
    # a second address is how a move begins: the goodbye goes out while the first still stands
    first = x.key
    a.run("ip addr add 10.99.0.77/24 dev eth0")
    y.wait("gone", lambda key: key == first)
    assert x.wait("network")[1] == 1
    # many changes in one burst are told once
    a.run("printf '%s\\n' 'addr flush dev eth0' 'addr add 10.99.0.70/24 dev eth0' "
          "'addr del 10.99.0.70/24 dev eth0' 'addr add 10.99.0.77/24 dev eth0' | ip -batch -")
    assert x.wait("network")[1] == 1
    x.never("network", seconds=0.3)
    x.announce()
    assert y.sees(x)[3] == [f"10.99.0.77:{x.port}"]
    # a node that says nothing gets its records back under the new address
    a.run("ip addr add 10.99.0.78/24 dev eth0")
    x.wait("network")
    seen = y.wait("seen", lambda key, label, endpoints, network: key == x.key and
                  f"10.99.0.78:{x.port}" in endpoints)
    assert f"10.99.0.77:{x.port}" in seen[3]
    # who moves faster than a goodbye says none: it would tell the new network the old names
    with b.inside():
        tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
    tap.setblocking(False)
    names = x.names
    os.kill(x.pid, signal.SIGSTOP)
    a.run("ip addr flush dev eth0; ip addr add 10.99.0.79/24 dev eth0")
    with contextlib.suppress(BlockingIOError):  # what was said before
        while tap.recv(65536):
            pass
    os.kill(x.pid, signal.SIGCONT)
    assert x.wait("network")[1] == 1
    x.announce()
    assert y.sees(x)[3] == [f"10.99.0.79:{x.port}"]
    said = b""
    with contextlib.suppress(BlockingIOError):
        while packet := tap.recv(65536):
            said += packet
    tap.close()
    assert x.names[0].encode() in said
    for name in names:
        assert name.encode() not in said, name
    # IPv6 that comes up beside it is no other network: same key, same names
    y.events.clear()
    a.run("cd /proc/sys/net/ipv6/conf/eth0; echo 0 > accept_dad; echo 0 > disable_ipv6; "
          "ip addr add fd00:6b::1/64 dev eth0 nodad")
    x.never("network", seconds=0.5)
    y.never("gone", lambda key: key == x.key, seconds=0.1)
    # nor when all of it but one goes again, by hand or by itself
    a.run("ip addr add fd00:6b::2/64 dev eth0 nodad valid_lft 1 preferred_lft 1; "
          "ip addr del fd00:6b::1/64 dev eth0")
    x.never("network", seconds=2.5)
    y.never("gone", lambda key: key == x.key, seconds=0.1)
    assert "fd00:6b" not in a.output("ip addr show dev eth0")
    # the last one of an interface is
    a.run("ip addr flush dev eth0 scope link")
    assert x.wait("network")[1] == 1
    a.run("ip link set eth0 down")
    assert x.wait("network")[1] == 0
    x.wait("gone", lambda key: key == y.key)
    for c in (x, y):
        assert c.stop() == 0
    a.close()
    b.close()


def case_interface():
    """START names one interface: nothing happens on the others"""
    a, b = Host(), Host()
    join(a, b)
    lo, eth, all_ = Courier(a, "lo"), Courier(a, "eth0"), Courier(b)
    for c in (lo, eth, all_):
        c.announce()
    for c in (lo, eth, all_):
        c.send("look", True)
    assert eth.sees(all_)[3] == [f"10.99.0.2:{all_.port}"]
    assert all_.sees(eth)[3] == [f"10.99.0.1:{eth.port}"]
    dial(all_, eth, [f"10.99.0.1:{eth.port}"])
    # who is not on the loopback is not let in
    all_.send("dial", 11, lo.key, [f"10.99.0.1:{lo.port}"])
    all_.wait("closed", lambda n: n == 11)
    lo.never("opened", seconds=0.3)
    lo.never("seen", lambda key, *_: key == all_.key)
    none = Courier(a, "wlan7")
    print("   ", none.wait("trouble")[1])
    for c in (lo, eth, all_, none):
        assert c.stop() == 0
    a.close()
    b.close()


def case_hidden():
    """publish off: reachable, but not to be found; one's own records are no row"""
    host = Host()
    a, b = Courier(host), Courier(host)
    a.announce("Ada", publish=False)
    b.announce("Bob")
    for c in (a, b):
        c.send("look", True)
    a.sees(b)
    b.never("seen")
    a.never("seen", lambda key, *_: key == a.key)
    dial(b, a, [f"127.0.0.1:{a.port}"])
    # oneself is not dialled
    a.send("dial", 5, a.key, [f"127.0.0.1:{a.port}"])
    assert a.wait("closed")[1] == 5
    # an earlier listener stays while it has a connection, and goes with it
    first, port = a.key, a.port
    a.announce("Ada")
    assert b.sees(a)[2] == "Ada"
    b.send("send", 1, b"to the old one")
    assert a.wait("bytes")[2] == b"to the old one"
    b.send("close", 1)
    a.wait("closed")
    b.send("dial", 7, first, [f"127.0.0.1:{port}"])
    assert b.wait("closed")[1] == 7
    for c in (a, b):
        assert c.stop() == 0
    host.close()


def start_peer(host, own, server_key, port, frames, name=None, patience=3):
    """A stranger with libzmq: connects, sends one message of the given frames, and ends with status
    1 when its connection was cut, 0 when nothing happened for some seconds."""
    pid = os.fork()
    if pid:
        return pid
    die_with_parent()
    host.enter()
    zmq = ctypes.CDLL("libzmq.so.5")
    for f in ("zmq_ctx_new", "zmq_socket"):
        getattr(zmq, f).restype = ctypes.c_void_p
    context = ctypes.c_void_p(zmq.zmq_ctx_new())
    s = ctypes.c_void_p(zmq.zmq_socket(context, 5))  # DEALER
    public = bytes(own.public_key)
    for option, value in ((48, public), (49, bytes(own)), (50, server_key)):
        zmq.zmq_setsockopt(s, option, value, 32)
    for option, value in ((17, 0), (18, -1)):  # LINGER, RECONNECT_IVL
        zmq.zmq_setsockopt(s, option, ctypes.byref(ctypes.c_int(value)), 4)
    if name:
        zmq.zmq_setsockopt(s, 5, name, len(name))  # ROUTING_ID
    zmq.zmq_socket_monitor(s, b"inproc://m", 0x0200)  # DISCONNECTED
    m = ctypes.c_void_p(zmq.zmq_socket(context, 0))
    zmq.zmq_setsockopt(m, 27, ctypes.byref(ctypes.c_int(patience * 1000)), 4)  # RCVTIMEO
    zmq.zmq_connect(m, b"inproc://m")
    zmq.zmq_connect(s, f"tcp://127.0.0.1:{port}".encode())
    for n, frame in enumerate(frames):
        zmq.zmq_send(s, frame, len(frame), 2 if n + 1 < len(frames) else 0)
    os._exit(zmq.zmq_recv(m, ctypes.create_string_buffer(64), 64, 0) >= 0)


class Wire:
    """A client with ZMTP 3.1 and CurveZMQ (RFC 23, 26) of its own: can do what libzmq would not."""

    def __init__(self, where, source, server_key, own=None):
        self.socket = socket.create_connection(where, 5, (source, 0))
        self.own, self.brief = own or PrivateKey.generate(), PrivateKey.generate()
        self.server = PublicKey(server_key)
        self.number = 0

    def nonce(self, prefix):
        self.number += 1
        return prefix + struct.pack("!Q", self.number)

    def read(self, n):
        data = b""
        while len(data) < n:
            part = self.socket.recv(n - len(data))
            if not part:
                raise ConnectionResetError
            data += part
        return data

    def frame(self, body, flags=0):
        long = len(body) > 255
        return struct.pack("!BQ" if long else "!BB", flags | (2 if long else 0), len(body)) + body

    def command(self):
        flags, n = self.read(2)
        return self.read(n if not flags & 2 else (n << 56) + int.from_bytes(self.read(7), "big"))

    def greet(self):
        self.socket.sendall(b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"CURVE".ljust(20, b"\0") +
                            bytes(32))
        self.read(64)

    def hello(self):
        self.greet()
        nonce = self.nonce(b"CurveZMQHELLO---")
        box = Box(self.brief, self.server).encrypt(bytes(64), nonce).ciphertext
        self.socket.sendall(self.frame(b"\x05HELLO\x01\x00" + bytes(72) +
                                       bytes(self.brief.public_key) + nonce[16:] + box, 4))
        welcome = self.command()
        assert welcome[:8] == b"\x07WELCOME", welcome
        plain = Box(self.brief, self.server).decrypt(welcome[24:], b"WELCOME-" + welcome[8:24])
        self.there, self.cookie = PublicKey(plain[:32]), plain[32:]
        self.line = Box(self.brief, self.there)

    def initiate(self, metadata):
        """The rest of the handshake; returns what came back."""
        nonce = b"VOUCH---" + os.urandom(16)
        vouch = Box(self.own, self.there).encrypt(
            bytes(self.brief.public_key) + bytes(self.server), nonce).ciphertext
        plain = bytes(self.own.public_key) + nonce[8:] + vouch
        for key, value in metadata:
            plain += bytes([len(key)]) + key + struct.pack("!I", len(value)) + value
        nonce = self.nonce(b"CurveZMQINITIATE")
        self.socket.sendall(self.frame(b"\x08INITIATE" + self.cookie + nonce[16:] +
                                       self.line.encrypt(plain, nonce).ciphertext, 4))
        return self.command()

    def shake(self, metadata=((b"Socket-Type", b"DEALER"), (b"Identity", b""))):
        self.hello()
        ready = self.initiate(metadata)
        assert ready[:6] == b"\x05READY", ready

    def message(self, payload, more=False):
        nonce = self.nonce(b"CurveZMQMESSAGEC")
        return self.frame(b"\x07MESSAGE" + nonce[16:] + self.line.encrypt(
            bytes([more]) + payload, nonce).ciphertext)


def zmq_peer(*args, **more):
    return os.waitstatus_to_exitcode(os.waitpid(start_peer(*args, **more), 0)[1])


def case_strangers():
    """what breaks the rules of the transport loses its connection, and nobody else's"""
    host = Host()
    a, b = Courier(host), Courier(host)
    a.announce()
    b.announce()
    conn, *_ = dial(b, a, [f"127.0.0.1:{a.port}"])
    own = PrivateKey.generate()
    assert zmq_peer(host, own, a.key, a.port, [b"x" * (MESSAGE_MAX + 1)]) == 1
    assert zmq_peer(host, own, a.key, a.port, [b"x" * (33 * 1024)]) == 1
    assert zmq_peer(host, own, a.key, a.port, [b"two", b"frames"]) == 1
    a.never("opened", seconds=0.1)
    assert zmq_peer(host, own, a.key, a.port, [b"fine"]) == 0
    m = a.wait("opened")
    assert m[2] == bytes(own.public_key)
    assert a.wait("bytes")[1:] == [m[1], b"fine"]
    assert a.wait("closed")[1] == m[1]
    assert zmq_peer(host, own, os.urandom(32), a.port, [b"wrong key"]) == 1
    assert zmq_peer(host, a.pair, a.key, a.port, [b"a mirror"]) == 1
    a.never("opened", seconds=0.1)

    # nobody speaks under the name of another, but a name that is free again may be used
    first = start_peer(host, own, a.key, a.port, [b"first"], name=b"same", patience=2)
    m = a.wait("opened")
    assert a.wait("bytes")[1:] == [m[1], b"first"]
    assert zmq_peer(host, PrivateKey.generate(), a.key, a.port, [b"second"], name=b"same",
                    patience=1) == 0
    a.never("opened", seconds=0.1)
    assert os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) == 0
    assert a.wait("closed")[1] == m[1]
    third = PrivateKey.generate()
    assert zmq_peer(host, third, a.key, a.port, [b"third"], name=b"same", patience=1) == 0
    m = a.wait("opened")
    assert m[2] == bytes(third.public_key) and a.wait("bytes")[1:] == [m[1], b"third"]
    assert a.wait("closed")[1] == m[1]

    # who only shakes hands is shown the door after ten seconds
    start = time.monotonic()
    assert zmq_peer(host, own, a.key, a.port, [], patience=15) == 1
    assert 9 < time.monotonic() - start < 13
    b.send("send", 1, b"still here")
    assert a.wait("bytes")[1:] == [conn, b"still here"]

    for c in (a, b):
        assert c.stop() == 0
    host.close()


def connect(host, courier, source):
    """A connection that says nothing."""
    with host.inside():
        return socket.create_connection(("127.0.0.1", courier.port), 5, (source, 0))


def wire(host, courier, source):
    with host.inside():
        return Wire(("127.0.0.1", courier.port), source, courier.key)


def speaker(host, courier, source):
    """A stranger whose first message has come; with the courier's number for it."""
    w = wire(host, courier, source)
    w.shake()
    w.socket.sendall(w.message(b"hello"))
    w.conn = courier.wait("opened", lambda n, key, *_: key == bytes(w.own.public_key))[1]
    assert courier.wait("bytes", lambda n, _: n == w.conn)[2] == b"hello"
    return w


def cut(sockets, want=None, timeout=2):
    """Those whose end has come: once there are as many as wanted, else after the time."""
    over, end = [], time.monotonic() + timeout
    while time.monotonic() < end and (want is None or len(over) < want):
        left = [s for s in sockets if s not in over]
        for s in select.select(left, [], [], max(0, end - time.monotonic()))[0]:
            try:
                if s.recv(4096):
                    continue
            except ConnectionResetError:
                pass
            over.append(s)
    return over


def is_cut(s, timeout=2):
    return cut([s], 1, timeout) == [s]


def stays(sockets, seconds=0.5):
    return cut(sockets, None, seconds) == []


def memory(courier, what):
    with open(f"/proc/{courier.pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith(what + ":"))


def established(host, port):
    with host.inside():
        return len(subprocess.run(["ss", "-Htn", "state", "established", f"sport = :{port}"],
                                  check=True, capture_output=True, text=True).stdout.splitlines())


def case_budget():
    """what one connection may bring, to the byte; nobody's neighbour pays (cases 51, 52; T6)"""
    host = Host()
    a, b = Courier(host), Courier(host)
    a.announce()
    b.announce()
    conn, *_ = dial(b, a, [f"127.0.0.1:{a.port}"])

    # to the byte: the last one is the first of a frame that does not come
    w = speaker(host, a, "127.0.0.2")
    sent, most = 0, 30000

    def count():
        with host.inside():
            out = subprocess.run(["ss", "-Htni", f"sport = :{w.socket.getsockname()[1]}"],
                                 check=True, capture_output=True, text=True).stdout
        return int(out.split("bytes_sent:")[1].split()[0])

    while BUDGET_MAX - count() > most + 100:
        w.socket.sendall(w.message(bytes(most)))
        assert len(a.wait("bytes", lambda n, _: n == w.conn)[2]) == most
    w.socket.sendall(w.message(bytes(BUDGET_MAX - count() - len(w.message(bytes(300))) + 300)))
    a.wait("bytes", lambda n, _: n == w.conn)
    assert count() == BUDGET_MAX, count()
    assert stays([w.socket])
    w.socket.sendall(b"\0")
    assert is_cut(w.socket)
    a.wait("closed", lambda n: n == w.conn)

    # a message without end, of large and of empty frames: libzmq would collect it
    for size, frames in ((32000, 1500), (0, 60000)):
        w = speaker(host, a, f"127.0.0.{3 + (size == 0)}")
        endless = b"".join(w.message(bytes(size), more=True) for _ in range(frames))
        before = memory(a, "VmHWM")
        try:
            w.socket.sendall(endless)
        except OSError:
            pass
        assert is_cut(w.socket)
        a.wait("closed", lambda n: n == w.conn)
        a.never("bytes", seconds=0.1)
        print(f"    {len(endless) // 1000} kB in frames of {size}: "
              f"{memory(a, 'VmHWM') - before} KiB more")
        assert memory(a, "VmHWM") < 128 * 1024 or os.environ.get("KITH_COURIER_STDERR")

    # before the handshake as well: commands that never lead to one
    x = connect(host, a, "127.0.0.5")
    x.sendall(b"\xff\0\0\0\0\0\0\0\1\x7f\x03\x01CURVE" + bytes(47))
    x.sendall(b"\x06" + (8 << 30).to_bytes(8, "big") + bytes(1000))
    assert is_cut(x)

    # who was called may not send more than who calls
    for _ in range(BUDGET_MAX // 30000 + 1):
        a.send("send", conn, bytes(30000))
    b.wait("closed", lambda n: n == 1)
    a.wait("closed", lambda n: n == conn)
    assert sum(len(e[2]) for e in b.events if e[0] == "bytes") <= BUDGET_MAX + 30000

    # an idle courier wakes for nothing
    before = switches(a.pid)
    a.never("opened", seconds=3)
    assert switches(a.pid) - before < 20, switches(a.pid) - before
    for c in (a, b):
        assert c.stop() == 0
    host.close()


def case_address_cap():
    """one address has eight connections; the ninth is cut, and nobody else's (case 49; T8)"""
    host = Host()
    a = Courier(host)
    a.announce()
    many = []
    for n in range(CONNECTIONS_ADDRESS_MAX):
        many.append(connect(host, a, "127.0.0.2"))
        assert stays(many, 1.1 / HANDSHAKES_ADDRESS_MAX)
    assert is_cut(connect(host, a, "127.0.0.2"), 1)
    other = connect(host, a, "127.0.0.3")
    assert stays(many + [other], 0.3)
    many.pop(3).close()
    # when the courier has seen that there is a place, it is there to be had
    end = time.monotonic() + 2
    while established(host, a.port) > CONNECTIONS_ADDRESS_MAX:
        assert time.monotonic() < end
    many.append(connect(host, a, "127.0.0.2"))
    assert stays(many + [other], 0.3)
    assert a.stop() == 0
    host.close()


def case_rates():
    """five handshakes a second from one address, fifty from all; one cannot spend the others'"""
    host = Host()
    a = Courier(host)
    a.announce()
    first = [connect(host, a, "127.0.0.2") for _ in range(40)]
    over = cut(first, 40 - HANDSHAKES_ADDRESS_MAX)
    assert 40 - CONNECTIONS_ADDRESS_MAX <= len(over) <= 40 - HANDSHAKES_ADDRESS_MAX, len(over)
    others = [connect(host, a, f"127.0.1.{n}") for n in range(HANDSHAKES_ADDRESS_MAX * 8)]
    assert stays(others, 0.2)
    for s in first + others:
        s.close()

    # everybody together: a fresh courier, so that all buckets are full
    b = Courier(host)
    b.announce()
    let_in, start = 0, time.monotonic()
    for turn in range(4):
        some = [connect(host, b, f"127.0.{2 + turn}.{n}") for n in range(1, 31)]
        let_in += len(some) - len(cut(some, None, 0.05))
        for s in some:
            s.close()
    took = time.monotonic() - start
    print(f"    {let_in} of 120 in {took:.2f} s")
    assert HANDSHAKES_MAX <= let_in <= HANDSHAKES_MAX * (1 + took) + 1, let_in
    for c in (a, b):
        assert c.stop() == 0
    host.close()


def case_proofs():
    """whole handshakes are counted too: eight that wait do not finish at once (case 49)"""
    host = Host()
    a, b = Courier(host), Courier(host)
    a.announce()
    b.announce()
    many = []
    for _ in range(CONNECTIONS_ADDRESS_MAX):
        many.append(wire(host, a, "127.0.0.2"))
        many[-1].hello()
        assert stays([w.socket for w in many], 1.1 / HANDSHAKES_ADDRESS_MAX)
    answers = [w.initiate([(b"Socket-Type", b"DEALER"), (b"Identity", b"")]) for w in many]
    ready = sum(answer.startswith(b"\x05READY") for answer in answers)
    assert HANDSHAKES_ADDRESS_MAX <= ready < CONNECTIONS_ADDRESS_MAX, answers
    assert answers.count(b"\x05ERROR\x03400") == CONNECTIONS_ADDRESS_MAX - ready, answers
    dial(b, a, [f"127.0.0.1:{a.port}"])
    for c in (a, b):
        assert c.stop() == 0
    host.close()


def case_crowd():
    """a full house: who has not spoken goes, then who is not kept; own dials find their place"""
    host = Host()
    a = Courier(host)
    a.announce()
    places = CONNECTIONS_MAX - CONNECTIONS_RESERVED
    address = (f"127.0.{n // 200 + 1}.{n % 200 + 1}" for n in range(10000))
    speakers = []
    for _ in range(places - 8):
        speakers.append(speaker(host, a, next(address)))
        speakers[-1].kept = len(speakers) % 2 == 0
        if speakers[-1].kept:
            a.send("keep", speakers[-1].conn)
    a.send("keep", 4444)  # nobody's number
    mute = [connect(host, a, next(address)) for _ in range(8)]
    assert stays(mute + [w.socket for w in speakers], 0.3)
    assert established(host, a.port) == places
    # each of twelve that come gets the place of one that has not spoken
    for n in range(12):
        mute.append(connect(host, a, next(address)))
        assert len(cut(mute, 1)) == 1 and established(host, a.port) <= places
        mute = [s for s in mute if s not in cut(mute, None, 0.02)]
    assert len(mute) == 8 and stays([w.socket for w in speakers], 0.1)
    a.never("closed", seconds=0.1)

    # they speak: now the ones that are not kept have to go, and the node is told
    for s in mute:
        s.close()
    end = time.monotonic() + 2
    while established(host, a.port) > places - 8:
        assert time.monotonic() < end
    speakers += [speaker(host, a, next(address)) for _ in range(8)]
    for w in speakers[-8:]:
        w.kept = False
    for n in range(10):
        newcomer = speaker(host, a, next(address))
        newcomer.kept = False
        gone = a.wait("closed")[1]
        loser = next(w for w in speakers if w.conn == gone)
        assert not loser.kept and is_cut(loser.socket)
        speakers.remove(loser)
        speakers.append(newcomer)

    # all are kept: the newcomer goes
    for w in speakers:
        a.send("keep", w.conn)
    a.send("look", False)
    a.never("closed", seconds=0.2)
    for _ in range(3):
        assert is_cut(connect(host, a, next(address)))
    a.never("closed", seconds=0.1)
    assert established(host, a.port) == places and stays([w.socket for w in speakers], 0.1)

    # what the person picks has a place, as many times as were reserved
    others = [Courier(host) for _ in range(3)]
    for c in others:
        c.announce()
    for n in range(CONNECTIONS_RESERVED):
        dial(a, others[n % 3], [f"127.0.0.1:{others[n % 3].port}"], 2 * n + 1)
        a.never("closed", seconds=0.5 / HANDSHAKES_ADDRESS_MAX)
    a.send("dial", 999, others[0].key, [f"127.0.0.1:{others[0].port}"])
    assert a.wait("closed")[1] == 999
    speakers[0].socket.sendall(speakers[0].message(b"still here"))
    assert a.wait("bytes", lambda n, _: n == speakers[0].conn)[2] == b"still here"
    assert a.stop() == 0
    for c in others:
        assert c.stop() == 0
    host.close()


def case_forgers():
    """what libzmq would not send: forged and long names, many frames (cases 55, 57; T12)"""
    host = Host()
    a, b = Courier(host), Courier(host)
    a.announce()
    b.announce()
    conn, *_ = dial(b, a, [f"127.0.0.1:{a.port}"])

    def shaken(source, *metadata):
        w = wire(host, a, source)
        w.shake(((b"Socket-Type", b"DEALER"),) + metadata)
        return w

    # a User-Id and an address of his own choice are not believed
    w = shaken("127.0.0.2", (b"User-Id", b"x" * 40), (b"Peer-Address", b"10.0.0.1"),
               (b"Identity", b""))
    w.socket.sendall(w.message(b"it is me"))
    m = a.wait("opened")
    assert m[2] == bytes(w.own.public_key) and m[4] == "127.0.0.2", m
    assert a.wait("bytes")[1:] == [m[1], b"it is me"]

    # a name of 255 bytes is one, of 256 none
    w = shaken("127.0.0.3", (b"Identity", b"n" * 255))
    w.socket.sendall(w.message(b"long"))
    m = a.wait("opened")
    a.send("send", m[1], b"answer")
    assert a.wait("bytes")[1:] == [m[1], b"long"]
    assert w.command()[:8] == b"\x07MESSAGE"
    w = shaken("127.0.0.4", (b"Identity", b"n" * 256))
    w.socket.sendall(w.message(b"too long"))
    assert is_cut(w.socket)

    # frames: two and three are too many, an empty one is a message
    for n, frames in enumerate(([b"one", b"two"], [b"", b"", b""])):
        w = shaken(f"127.0.0.{5 + n}", (b"Identity", b""))
        w.socket.sendall(b"".join(w.message(f, i + 1 < len(frames)) for i, f in enumerate(frames)))
        assert is_cut(w.socket)
    w = shaken("127.0.0.7", (b"Identity", b""))
    w.socket.sendall(w.message(b""))
    m = a.wait("opened")
    assert m[4] == "127.0.0.7" and a.wait("bytes")[1:] == [m[1], b""]
    w.socket.sendall(w.message(b"and", True) + w.message(b"more"))
    assert is_cut(w.socket)
    a.wait("closed", lambda n: n == m[1])
    a.never("closed", lambda n: n == conn, seconds=0.1)
    b.send("send", 1, b"still here")
    assert a.wait("bytes")[1:] == [conn, b"still here"]
    for c in (a, b):
        assert c.stop() == 0
    host.close()


def case_slow():
    """nothing, half a greeting, a byte a second: all are gone in time (cases 49, 50; T8)"""
    host = Host()
    a, b = Courier(host), Courier(host)
    a.announce()
    b.announce()
    half = []
    for n in range(20):
        half.append(connect(host, a, f"127.0.1.{n + 1}"))
        if n % 2:
            half[-1].sendall(b"\xff\0\0\0")
    drip = wire(host, a, "127.0.0.2")
    drip.greet()
    start, next_byte = time.monotonic(), 0
    while half or drip:
        assert time.monotonic() - start < 6.5, (len(half), drip)
        if drip and time.monotonic() - start > next_byte:
            next_byte += 1
            try:
                drip.socket.sendall(b"\x04\xc8\x05HELLO"[next_byte - 1:next_byte])
            except OSError:
                drip = None
        for s in cut(half, len(half), 0.1):
            half.remove(s)
        if drip and cut([drip.socket], 1, 0.05):
            drip = None
    print(f"    all gone after {time.monotonic() - start:.1f} s")
    dial(b, a, [f"127.0.0.1:{a.port}"])
    for c in (a, b):
        assert c.stop() == 0
    host.close()


def case_deaf():
    """who takes nothing is given up; what is sent to others is not held up (case 58)"""
    host = Host()
    a, b = Courier(host), Courier(host)
    a.announce()
    b.announce()
    conn, *_ = dial(b, a, [f"127.0.0.1:{a.port}"])
    w = wire(host, a, "127.0.0.2")
    w.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    w.shake()
    w.socket.sendall(w.message(b"hello"))
    deaf = a.wait("opened")[1]
    before, sent = memory(a, "VmHWM"), 0
    while not any(e[:2] == ["closed", deaf] for e in a.events):
        assert sent < 1000
        a.send("send", deaf, bytes(MESSAGE_MAX))
        a.send("send", conn, str(sent).encode())
        assert b.wait("bytes", timeout=1)[2] == str(sent).encode()
        sent += 1
        a.read(0)
    print(f"    given up after {sent} messages, {memory(a, 'VmHWM') - before} KiB more")
    assert sent > 64
    for c in (a, b):
        assert c.stop() == 0
    host.close()


def endless(f):
    """A process that does f until it is ended."""
    pid = os.fork()
    if pid == 0:
        try:
            die_with_parent()
            f()
        finally:
            os._exit(1)
    return pid


def case_hammer():
    """connections that come and go at once do not cost an honest one its place (case 56)"""
    host = Host()
    a, b = Courier(host), Courier(host)
    a.announce()
    b.announce()
    # The courier's own thread gets what is left of one processor, ZeroMQ's threads the others: it
    # comes late to everything, as on a loaded machine.
    own, *others = sorted(os.sched_getaffinity(0))
    for task in os.listdir(f"/proc/{a.pid}/task"):
        os.sched_setaffinity(int(task), {own} if int(task) == a.pid else others or {own})
    os.setpriority(os.PRIO_PROCESS, a.pid, 19)
    def busy():
        os.sched_setaffinity(0, {own})
        while True:
            pass

    def hammer():
        with host.inside():
            while True:
                s = socket.create_connection(("127.0.0.1", a.port), 5, ("127.0.0.2", 0))
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                s.close()

    pids = [endless(f) for f in (busy, busy, hammer)]
    for n in range(1, 17, 2):
        b.send("dial", n, a.key, [f"127.0.0.1:{a.port}"])
        assert b.wait("opened", timeout=5)[1] == n
        b.never("closed", seconds=1.5 / HANDSHAKES_ADDRESS_MAX)
    for pid in pids:
        end(pid)
    for c in (a, b):
        assert c.stop() == 0
    host.close()


def case_old_listeners():
    """the ninth announcement ends the connections of the first, and says so"""
    host = Host()
    a, b = Courier(host), Courier(host)
    a.announce()
    b.announce()
    conn, *_ = dial(b, a, [f"127.0.0.1:{a.port}"])
    first = a.key
    held = []
    for n in range(7):  # each of the others has a connection too, so that it stays
        a.announce()
        held.append(speaker(host, a, f"127.0.0.{n + 2}"))
    a.never("closed", seconds=0.1)
    b.send("send", 1, b"still here")
    assert a.wait("bytes")[1:] == [conn, b"still here"] and a.key != first
    a.announce()
    assert a.wait("closed")[1] == conn
    assert b.wait("closed")[1] == 1
    a.never("closed", seconds=0.1)
    assert stays([w.socket for w in held], 0.1)
    for c in (a, b):
        assert c.stop() == 0
    host.close()


def case_orders():
    """a node that breaks the rules loses its courier"""
    host = Host()
    pair = PrivateKey.generate()
    wrong = [
        (("start", 1, "", False), 1),
        (("dial", 2, bytes(32), []), 1),
        (("announce", bytes(pair.public_key), bytes(pair), "a.b", "h", "", True), 1),
        (("announce", bytes(31), bytes(pair), "a", "h", "", True), 1),
        (("closed", 1), 1),
    ]
    for order, status in wrong:
        c = Courier(host)
        c.send(*order)
        assert c.reap() == status, order
    c = Courier(host)
    c.socket.send(b"\xc0")
    assert c.reap() == 1
    c = Courier(host)
    os.kill(c.pid, signal.SIGTERM)
    assert c.reap() == 0
    host.close()


def case_slow_node():
    """strangers cannot fill the queue of a node that reads slowly; nothing is lost"""
    host = Host()
    a, b = Courier(host), Courier(host)
    a.announce()
    b.announce()
    lines = {}
    for n in range(1, 15, 2):
        lines[dial(b, a, [f"127.0.0.1:{a.port}"], n)[0]] = []
        b.never("closed", seconds=1 / HANDSHAKES_ADDRESS_MAX)
    for i in range(40):
        for n in range(1, 15, 2):
            b.send("send", n, bytes([i]) * 5000)
    b.never("closed", seconds=1)  # a's node reads nothing meanwhile
    for _ in range(40 * len(lines)):
        m = a.wait("bytes")
        lines[m[1]].append(m[2][0])
    assert all(got == list(range(40)) for got in lines.values()), lines

    # who sends without end to one that does not read is given up by his own courier
    conn, *_ = dial(b, a, [f"127.0.0.1:{a.port}"], 99)
    for i in range(2000):
        b.send("send", 99, bytes(32000))
        b.read(0)
        if any(e[:2] == ["closed", 99] for e in b.events):
            break
    b.wait("closed", lambda n: n == 99)
    a.wait("closed", lambda n: n == conn)
    for c in (a, b):
        assert c.stop() == 0
    host.close()


def name(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".")) + b"\0"


def record(owner, kind, data, ttl=120, flush=True):
    return (name(owner) + struct.pack("!HHIH", kind, 0x8001 if flush else 1, ttl, len(data)) + data)


def packet(number, *records):
    return struct.pack("!6H", number, 0x8400, 0, len(records), 0, 0) + b"".join(records)


PTR, TXT, SRV, A, AAAA = 12, 16, 33, 1, 28
SERVICE = "_kith._tcp.local"


def person(label, key, port=4711, address="127.0.0.1", version="1", host=None, text=None):
    """The records of somebody who may not exist."""
    host = host or f"host-{label}.local"
    strings = [f"v={version}".encode(), b"k=" + base64.urlsafe_b64encode(key).rstrip(b"=")]
    if text is not None:
        strings.append(b"n=" + text)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return [record(SERVICE, PTR, name(f"{label}.{SERVICE}"), flush=False),
            record(f"{label}.{SERVICE}", SRV, struct.pack("!3H", 0, 0, port) + name(host)),
            record(f"{label}.{SERVICE}", TXT, b"".join(bytes([len(t)]) + t for t in strings)),
            record(host, AAAA if ":" in address else A, socket.inet_pton(family, address))]


def responder(host, answers, unasked=()):
    """Answers every query that does not come from port 5353 with these packets (functions of the
    query's number); sends others unasked, to everybody.  Runs until killed."""
    ready, told = os.pipe()
    pid = os.fork()
    if pid:
        os.close(told)
        assert os.read(ready, 1)
        os.close(ready)
        return pid
    die_with_parent()
    host.enter()
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
    s.bind(("", 5353))
    where = socket.inet_aton("224.0.0.251") + socket.inet_aton("127.0.0.1")
    s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, where)
    s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    for one in unasked:
        s.sendto(one, ("224.0.0.251", 5353))
    os.write(told, b"y")
    while True:
        query, source = s.recvfrom(9000)
        if source[1] != 5353 and len(query) > 12:
            for answer in answers:
                s.sendto(answer(int.from_bytes(query[:2], "big")), source)


def end(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def case_liars():
    """answers that are wrong in every way leave only the right ones"""
    host = Host()
    a = Courier(host)
    a.announce()
    key = lambda n: bytes([n]) * 32
    wrong = [
        person("own", a.key), person("zero", bytes(32)), person("short", key(1)[:31]),
        person("low", key(2), port=80), person("none", key(3), port=0),
        person("all", key(4), address="0.0.0.0"), person("many", key(5), address="224.0.0.1"),
        person("cast", key(6), address="255.255.255.255"),
        person("mapped", key(7), address="::ffff:127.0.0.1"), person("new", key(8), version="2"),
        person("dot\\.ted", key(9)), person("elsewhere", key(10), host="host.example.org"),
        person("half", key(11))[:3], person("half", key(12))[1:],
        person("gone", key(13))[1:] + [record(SERVICE, PTR, name(f"gone.{SERVICE}"), 0, False)],
        person("endless", key(14), text=b"x" * 200)[:2] +
        [record(f"endless.{SERVICE}", TXT, b"".join(b"\xff" + b"x" * 255 for _ in range(3)))],
    ]
    answers = [lambda n, r=r: packet(n, *r) for r in wrong]
    answers += [lambda n: b"", lambda n: os.urandom(300), lambda n: packet(n)[:11],
                lambda n: packet(n, *person("cut", key(15)))[:-1],
                lambda n: packet(n ^ 1, *person("other", key(16))),
                lambda n: packet(n, name(SERVICE) + struct.pack("!HHIH", PTR, 1, 120, 2) +
                                 b"\xc0" + bytes([12 + len(name(SERVICE)) + 10]),
                                 *person("loop", key(17))[1:]),
                lambda n: packet(n, *person("big", key(18)), record("x.local", TXT, bytes(9000))),
                lambda n: packet(n, *person("true", key(99), text=b"\xff\xfe")),
                lambda n: packet(n, *person("twins", key(100), text=b"Eve"),
                                 *person("more", key(101)))]
    pid = responder(host, answers)
    a.send("look", True)
    for n, label in ((99, ""), (100, "Eve"), (101, "")):
        seen = a.wait("seen", lambda k, *_: k == key(n))
        assert seen[2:4] == [label, ["127.0.0.1:4711"]], seen
    a.never("seen", seconds=3)  # the last of the queries is out by then
    end(pid)
    assert a.stop() == 0
    host.close()


def case_flood():
    """thousands of instances that do not exist do not hide the one that does"""
    host = Host()
    a = Courier(host)
    a.announce()
    false = [packet(0, *(record(SERVICE, PTR, name(f"k-{i:05d}-{j:02d}.{SERVICE}"), flush=False)
                         for j in range(20))) for i in range(150)]
    junk = [os.urandom(n % 400) for n in range(300)] + [p[:n % len(p)] for n, p in enumerate(false)]
    pid = responder(host, [], false + junk)
    b = Courier(host)
    b.announce("Bob")
    a.send("look", True)
    seen = a.sees(b)
    dial(a, b, seen[3])
    a.send("look", False)
    c = Courier(host)
    c.announce("Cleo")
    start = time.monotonic()
    a.sees(c, 40)  # by the browse, whose lookups are busy with the false ones
    with open(f"/proc/{a.pid}/status") as f:
        rss = next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))
    print(f"    found beside 3000 false ones after {time.monotonic() - start:.1f} s; {rss} KiB")
    assert rss < 48 * 1024 or os.environ.get("KITH_COURIER_STDERR")
    end(pid)
    for x in (a, b, c):
        assert x.stop() == 0
    host.close()


def case_clash():
    """somebody claims our very records: ours stay"""
    host = Host()
    a, b = Courier(host), Courier(host)
    a.announce("Ada")
    b.sees(a)
    forged = packet(0, *person(a.names[0], bytes([66]) * 32, port=6666, host=f"{a.names[1]}.local"))
    for _ in range(3):
        end(responder(host, [], [forged] * 5))
        a.never("closed", seconds=0.5)
    c = Courier(host)
    c.announce()
    assert f"127.0.0.1:{a.port}" in c.wait("seen", lambda k, *_: k == a.key)[3]  # by the browse
    c.send("look", True)
    dial(c, a, [f"127.0.0.1:{a.port}"])
    for x in (a, b, c):
        assert x.stop() == 0
    host.close()


def case_half_open():
    """a partner whose cable is pulled is gone after the heartbeat's time"""
    a, b = Host(), Host()
    join(a, b)
    x, y = Courier(a), Courier(b)
    x.announce()
    y.announce()
    y.send("look", True)
    conn, *_ = dial(y, x, y.sees(x)[3])
    b.run("ip link set eth0 down")
    start = time.monotonic()
    assert x.wait("closed", timeout=25)[1] == conn
    assert y.wait("closed", timeout=25)[1] == 1
    print(f"    after {time.monotonic() - start:.1f} s")
    for c in (x, y):
        assert c.stop() == 0
    a.close()
    b.close()


def switches(pid):
    """How often it went to wait; being pushed aside by others does not count."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status") as f:
            total += sum(int(line.split()[1]) for line in f if line.startswith("voluntary_ctxt_switches"))
    return total


def case_idle():
    """a courier with nothing to do does next to nothing"""
    a, b = Host(), Host()
    join(a, b)
    x, y = Courier(a), Courier(b)
    x.announce()
    y.announce()
    x.sees(y)
    x.never("closed", seconds=5)  # Avahi's first announcements and queries
    before = switches(x.pid)
    x.never("closed", seconds=10)
    woken = switches(x.pid) - before
    with open(f"/proc/{x.pid}/smaps_rollup") as f:
        rss = next(int(line.split()[1]) for line in f if line.startswith("Rss"))
    print(f"    {woken} switches in 10 s, {rss} KiB")
    assert woken < 60, woken
    for c in (x, y):
        assert c.stop() == 0
    a.close()
    b.close()


CASES = [case_lo, case_veth4, case_veth6, case_daemon, case_mixed, case_daemon_lost,
         case_daemon_mute, case_daemon_alone, case_bus_only, case_nobody_there, case_network,
         case_interface, case_hidden, case_strangers, case_budget, case_address_cap, case_rates,
         case_proofs, case_crowd, case_forgers, case_slow, case_deaf,
         case_hammer, case_old_listeners, case_orders, case_slow_node, case_liars,
         case_flood, case_clash, case_half_open, case_idle]


def main():
    global program
    program = os.path.abspath(sys.argv[1])
    for case in CASES:
        name = case.__name__[len("case_"):]
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        print(f"{name}: {case.__doc__}", flush=True)
        start = time.monotonic()
        case()
        print(f"    ok, {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
