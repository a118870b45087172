# SPDX-License-Identifier: MIT
"""Every number this implementation goes by, typed here by hand and read from nowhere."""

# the strict form
STRICT_DEPTH = 4
STRICT_ELEMENTS = 512

# card
CARD_BODY_MAX = 16384
CARD_POCKET_MAX = 256
CARD_ENVELOPE_MAX = 16464
CARD_FIELDS_MAX = 64
FIELD_NAME_MAX = 128
FIELD_VALUE_MAX = 1024
FIELD_PHOTO_MAX = 8192
FIELD_LABEL_MAX = 32
FIELD_PARTS_MAX = 7
CARD_ID_BYTES = 8
REV_MAX = 2**53 - 1
REV_JUMP_MAX = 2**32
FILE_READ_MAX = 65536

# text in a QR code or a link
URI_MAX = 4296
INVITE_MAX = 1024
INVITE_ADDRESSES_MAX = 8
PORT_MIN = 1024

# statements
STATEMENT_MAX = 1024
STATEMENTS_MAX = 8
EVIDENCE_MAX = 4

# people who know each other
PARCEL_MAX = 20480

# introductions
INTRODUCTION_WORDS = 200
INTRODUCTION_WORDS_MAX = 800
INTRODUCTION_FILE_MAX = 20992

# backup
BACKUP_CHUNK = 65536
BACKUP_MAX = 1073741824
BACKUP_PARTS_MAX = 32

# key file
KEYFILE_OPS_MAX = 10
KEYFILE_MEM_KIB_MAX = 1048576
PASSPHRASE_MAX = 1024

# session
LABEL_MAX = 64
MESSAGE_MAX = 32768
TAG_BYTES = 8
TAG_COUNTS = (64, 256, 1024)
TAGS_MORE = (3, 15)  # messages of TAGS behind the last of those
TAGS_MESSAGES_MAX = 15
BOX_MIN = 17
BOX_MAX = 20600
STEP_MS = 10000
HUMAN_MS = 120000
SESSION_MS = 300000
CLOSING_MS = 2000

# transport
HANDSHAKE_MS = 5000
CONNECT_MS = 5000
HEARTBEAT_MS = 5000
HEARTBEAT_TIMEOUT_MS = 15000
LINGER_MS = 500
HWM = 16
BACKLOG = 32

# discovery
RECORD_TTL = 120
TXT_RECORD_MAX = 200
TXT_LABEL_MAX = 40

# fields of a card: kind -> (name, parts, bytes a part, single)
NAME, PHOTO = 1, 40
FIELDS = {
    1: ("name", 1, FIELD_NAME_MAX, True),
    2: ("given", 1, FIELD_NAME_MAX, True),
    3: ("family", 1, FIELD_NAME_MAX, True),
    4: ("additional", 1, FIELD_NAME_MAX, True),
    5: ("prefix", 1, FIELD_NAME_MAX, True),
    6: ("suffix", 1, FIELD_NAME_MAX, True),
    7: ("nickname", 1, FIELD_NAME_MAX, False),
    8: ("pronouns", 1, FIELD_NAME_MAX, True),
    9: ("phonetic", 1, FIELD_NAME_MAX, True),
    10: ("org", 1, FIELD_VALUE_MAX, False),
    11: ("unit", 1, FIELD_VALUE_MAX, False),
    12: ("title", 1, FIELD_VALUE_MAX, False),
    20: ("email", 1, FIELD_VALUE_MAX, False),
    21: ("tel", 1, FIELD_VALUE_MAX, False),
    22: ("url", 1, FIELD_VALUE_MAX, False),
    23: ("adr", 7, FIELD_VALUE_MAX, False),
    30: ("bday", 1, FIELD_NAME_MAX, True),
    31: ("note", 1, FIELD_VALUE_MAX, False),
    32: ("offers", 1, FIELD_VALUE_MAX, False),
    33: ("asks", 1, FIELD_VALUE_MAX, False),
    40: ("photo", 1, FIELD_PHOTO_MAX, True),
}
