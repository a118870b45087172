# SPDX-License-Identifier: MIT
"""Ed25519 (RFC 8032, section 5.1) on plain integers: points that no honest signer makes, and what a
verifier has to say about them.  Slow, and not for secrets."""

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # a square root of -1

ZERO = (0, 1)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P
    return x, (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P


def mul(k, a):
    out = ZERO
    while k:
        if k & 1:
            out = add(out, a)
        a, k = add(a, a), k >> 1
    return out


def negated(a):
    return -a[0] % P, a[1]


def _x(y, sign):
    """The x that belongs to y with that lowest bit, or None: no point."""
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * ROOT % P
    if v * x * x % P != u:
        return None
    return -x % P if x & 1 != sign else x


BASE = (_x(4 * pow(5, -1, P) % P, 0), 4 * pow(5, -1, P) % P)


def encode(a):
    return (a[1] | (a[0] & 1) << 255).to_bytes(32, "little")


def decode(data):
    """The point that lies behind any encoding, one that is not canonical too; None: no point."""
    number = int.from_bytes(data, "little")
    y, sign = number % 2**255 % P, number >> 255
    x = _x(y, sign)
    return None if x is None else (x, y)


def torsion():
    """The eight points whose order divides eight; the i-th is i times the first of order eight."""
    y = 2
    while True:
        x = _x(y, 0)
        if x is not None:
            point = mul(L, (x, y))
            if mul(4, point) != ZERO:
                return [mul(i, point) for i in range(8)]
        y += 1


def encodings(a):
    """Every 32 bytes that a careless reader takes for the point: y past P, and a sign without x."""
    ys = [y for y in (a[1], a[1] + P) if y < 2**255]
    signs = (a[0] & 1,) if a[0] else (0, 1)
    return [(y | sign << 255).to_bytes(32, "little") for y in ys for sign in signs]


def challenge(r, key, message):
    return int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % L


def off(key, message, sig):
    """By how much the equation fails: the point S * BASE - R - k * key, ZERO where it holds.
    Nothing else is asked."""
    s, r, a = int.from_bytes(sig[32:], "little"), decode(sig[:32]), decode(key)
    right = add(r, mul(challenge(sig[:32], key, message), a))
    return add(mul(s, BASE), negated(right))


def verdict(key, message, sig):
    """Whether a signature holds: S below L, key and R canonical and neither of small order, and the
    equation exact.  Where only eight times the equation holds, verifiers differ: ValueError."""
    a, r = decode(key), decode(sig[:32])
    if a is None or r is None or encode(a) != key or encode(r) != sig[:32]:
        return False
    if int.from_bytes(sig[32:], "little") >= L or ZERO in (mul(8, a), mul(8, r)):
        return False
    missed = off(key, message, sig)
    if missed != ZERO and mul(8, missed) == ZERO:
        raise ValueError("verifiers differ about this one")
    return missed == ZERO
