/* SPDX-License-Identifier: MIT
 *
 * scan - the strict form of MessagePack that kith signs, sends and reads (proto/card.md, "strict").
 *
 * One pass without allocation and without recursion, so that nothing hostile reaches the library's
 * decoder: a five-byte array head can ask msgpack-c for 96 GB.
 */
#ifndef KITH_CODEC_SCAN_H
#define KITH_CODEC_SCAN_H

#include <kith/bytes.h>

/*
 * Checks that s is exactly one object in strict form: shortest encodings, maps with strictly
 * ascending unsigned keys, no nil, float, negative number, ext or reserved byte, str in valid UTF-8
 * without NUL, at most KITH_STRICT_DEPTH levels and KITH_STRICT_ELEMENTS elements, at most
 * max_bytes in all.
 *
 * Returns KITH_OK, or the first fault met from the left:
 *   KITH_ERR_LIMIT      s, or a declared length or count, is over its limit;
 *   KITH_ERR_TRUNCATED  s ends inside an element (also when s is empty);
 *   KITH_ERR_SHAPE      not the shortest encoding, keys out of order, bytes behind the object;
 *   KITH_ERR_TYPE       nil, float, negative, ext, 0xc1, or a key that is not an unsigned number;
 *   KITH_ERR_DUP        a key twice in one map;
 *   KITH_ERR_UTF8       a str that is not UTF-8, or that holds NUL.
 */
enum kith_err kith_scan(struct kith_span s, size_t max_bytes) KITH_MUST_CHECK;

#endif
