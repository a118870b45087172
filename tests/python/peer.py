#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Play one session with a kith over the network, as the dialler (I) or the listener (R).

It speaks in JSON lines on standard output.  Exit status: 0 their card and their receipt for mine
were verified (as far as each side gives), 2 wrong usage, 3 the other side aborted, 4 this side
refused something, 5 the line broke or nothing came, 6 declined.
"""

import argparse
import base64
import json
import sys
import threading

sys.dont_write_bytecode = True

from kithref import faulty, keys, wire  # noqa: E402
from kithref.announce import Responder as Announcer  # noqa: E402
from kithref.find import find  # noqa: E402
from kithref.session import (  # noqa: E402
    HOW,
    Aborted,
    Closed,
    Declined,
    Initiator,
    Party,
    Refused,
    Responder,
)


def main():
    options = arguments()
    identity = keys.Identity(options.seed or keys.random(32))
    party = Party(identity, own_card(options, identity), options.label, options.how)
    tell("self", id=keys.person_id(identity.ik), fingerprint=keys.fingerprint(identity.ik))
    pair = wire.new_pair()
    if options.role == "I":
        endpoint, key = options.endpoint, options.key
        if options.find:
            try:
                endpoint, key, label = find(options.find, options.wait * 1000, options.who)
            except TimeoutError:
                return end(5, "nobody is here")
            tell("found", endpoint=endpoint, key=key.hex(), label=label)
        line = wire.Dial(endpoint, key, pair)
        return play(Initiator, options, party, line)
    line = wire.Listen(options.announce or options.bind, pair)
    key64 = base64.urlsafe_b64encode(line.s).decode().rstrip("=")
    tell("listening", endpoint=line.endpoint, key=line.s.hex(), k=key64)
    announcer = None
    if options.announce:
        announcer = Announcer(options.announce, line.s, line.port, options.label)
        threading.Thread(target=announcer.run, daemon=True).start()
        tell("announced", instance=announcer.instance)
    try:
        line.wait(options.wait * 1000)
        return play(Responder, options, party, line)
    except TimeoutError:
        line.close()
        return end(5, "nobody came")
    finally:
        if announcer:
            announcer.stop()


def play(role, options, party, line):
    tell("opened", s=line.s.hex(), c=line.c.hex())
    made = faulty.session(role, options.fault)
    session = made(party, line.s, line.c, line, tell=tell, same=person(options.answer))
    try:
        session.run()
    except Aborted as aborted:
        return end(3, "aborted", reason=str(aborted))
    except Refused as refused:
        return end(4, "refused", reason=str(refused), fault=refused.fault)
    except Declined:
        return end(6, "declined")
    except TimeoutError:
        return end(5, "nothing came")
    except Closed:
        return end(5, "closed")
    return end(0, "done", card="card" in session.done, receipt="receipt" in session.done)


def own_card(options, identity):
    if options.give_nothing:
        return b""
    fields = [[1, 0, "", options.name], [20, 0, "", "peer@example.org"]]
    return faulty.envelope(options.fault, identity, fields, options.rev)


def person(answer):
    """same, different, or ask: a line on standard input decides when the code has been told."""
    if answer == "ask":
        return lambda code: sys.stdin.readline().strip() == "same"
    return lambda code: answer == "same"


def tell(event, **values):
    print(json.dumps({"event": event, **values}, ensure_ascii=False), flush=True)


def end(status, result, **values):
    tell("end", result=result, status=status, **values)
    return status


def curve_key(text):
    """32 bytes from hex or base64url."""
    raw = bytes.fromhex(text) if len(text) == 64 else base64.urlsafe_b64decode(text + "=")
    if len(raw) != 32:
        raise ValueError
    return raw


def seed(text):
    raw = bytes.fromhex(text)
    if len(raw) != 32:
        raise ValueError
    return raw


def fault(text):
    if not faulty.known(text):
        raise ValueError
    return text


def arguments():
    names = ["%s: %s" % row for row in faulty.PLAIN.items()]
    names += ["%s=MESSAGE: %s" % row for row in faulty.AFTER.items()]
    names.append("MESSAGE: " + ", ".join(faulty.KINDS))
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="faults, and what the other side should say to them:\n  " + "\n  ".join(names),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("role", choices=("I", "R"))
    parser.add_argument("--endpoint", help="I: where to, 192.0.2.1:4711")
    parser.add_argument(
        "--key", type=curve_key, help="I: the listener's key in hex, or --key=BASE64URL"
    )
    parser.add_argument("--find", metavar="ADDRESS", help="I: by mDNS from this own address")
    parser.add_argument("--who", metavar="LABEL", help="I: with --find, the one of this label")
    parser.add_argument("--bind", default="127.0.0.1", help="R: the address to listen on")
    parser.add_argument("--announce", metavar="ADDRESS", help="R: listen here, be found by mDNS")
    parser.add_argument("--wait", type=int, default=60, help="seconds until somebody is here")
    parser.add_argument("--seed", type=seed, help="identity, 64 hex digits; random without")
    parser.add_argument("--name", default="Peer")
    parser.add_argument("--label", default="peer")
    parser.add_argument("--rev", type=int, default=1)
    parser.add_argument("--how", choices=sorted(HOW), default="unattended")
    parser.add_argument("--answer", choices=("same", "different", "ask"), default="same")
    parser.add_argument("--give-nothing", action="store_true")
    parser.add_argument("--fault", type=fault, default=None, help="see below")
    options = parser.parse_args()
    if options.role == "I" and not (options.find or options.endpoint and options.key):
        parser.error("I needs --endpoint and --key, or --find")
    return options


if __name__ == "__main__":
    sys.exit(main())
