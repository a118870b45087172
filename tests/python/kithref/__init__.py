# SPDX-License-Identifier: MIT
"""kith's formats, a second time.

Written from proto/card.md, proto/session.md, proto/courier.md and proto/discovery.md alone.  It
shares no line and no list with the C program, so that a mistake in one does not hide in the other.
"""
