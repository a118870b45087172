# SPDX-License-Identifier: MIT
"""Two ends of a line inside one process."""

import queue

from .session import Closed


class End:
    def __init__(self, inbox, outbox, record=None):
        self.inbox, self.outbox = inbox, outbox
        self.record = record if record is not None else []
        self.closed = False

    def send(self, data):
        if self.closed:
            raise Closed()
        self.record.append(data)
        self.outbox.put(data)

    def recv(self, wait_ms):
        try:
            data = self.inbox.get(timeout=wait_ms / 1000)
        except queue.Empty:
            raise TimeoutError from None
        if data is None:
            raise Closed()
        return data

    def close(self):
        if not self.closed:
            self.closed = True
            self.outbox.put(None)


def pair():
    """(dialler's end, listener's end)"""
    there, back = queue.Queue(), queue.Queue()
    return End(back, there), End(there, back)
