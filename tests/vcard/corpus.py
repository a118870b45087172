#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files that programs wrote: kith reads every vCard that any other reader reads.

    tests/vcard/corpus.py KITH-VCARDS [KITH-ATTRIBUTES] [--table FILE]

The files are not part of the project: ../shared/vcards beside it, where there is one.  What other
readers made of them stands in oracle-vobject.tsv there.  EVCard (KITH-ATTRIBUTES) and
python3-vobject are asked again here where they are installed.  Every difference has a reason in
EXPLAINED, and a reason that is no longer needed is a failure.  --table writes what was found, file
by file.
"""
import csv
import os
import pathlib
import sys

sys.dont_write_bytecode = True
import readers  # noqa: E402

SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared/vcards"
AOSP = "LineageOS-android_frameworks_opt_vcard/"
KINZEL = "FolkerKinzel-VCards/"

# (file, reader): why its counts are not kith's.
EXPLAINED = {
    (KINZEL + "Cropped_2_1.vcf", "sabre"):
        "it has no END, and sabre, which forgives that, gives back nothing",
    (AOSP + "v21_nest.vcf", "scanner"):
        "two vCards inside without an AGENT: each is one property of the outer, not its lines",
    (AOSP + "v21_nest.vcf", "EVCard, table"): "as above: EVCard counts some of the inner lines",
    ("nuovo-vCard-parser/Example3.0.vcf", "EVCard, table"):
        "what cut it for EVCard took the folded END inside an AGENT for the end",
    ("stalwartlabs-calcard/008.vcf", "EVCard, table"): "as above",
}


def absent():
    print(f"{SHARED} is not there: skipped")
    return 1 if os.environ.get("KITH_CI") else 77


def told(row, found):
    """(reader, (cards, properties)) of every reader of the table that read the file."""
    yield "scanner", (int(row["scan_cards"]), int(row["scan_props"]))
    if row["vobject"] == "ok":
        yield "vobject, table", (int(row["vobject_cards"]), int(row["vobject_props"]))
    if row["sabre217"] == "ok":
        yield "sabre", (int(row["sabre_cards"]), int(row["sabre_props"]))
    if row["eds"] == "ok":  # which was not asked how many vCards
        yield "EVCard, table", (found.cards, int(row["eds_attrs"]))


def asked(rows, attributes):
    """The same of those that are installed, row by row."""
    texts = [readers.text_of((SHARED / "given" / row["file"]).read_bytes()) for row in rows]
    plain = [text if text is not None else "" for text in texts]
    each = [[] for _ in rows]
    if attributes:
        for i, counts in enumerate(readers.evcard(attributes, plain)):
            if texts[i] is not None and counts:
                each[i].append(("EVCard", counts))
    try:
        for i, text in enumerate(plain):
            counts = readers.vobject(text)
            if texts[i] is not None and counts:
                each[i].append(("vobject", counts))
    except ImportError:
        if os.environ.get("KITH_CI"):
            raise
        print("python3-vobject is not installed: not asked")
    return each


def write_table(path, rows, all_found, others):
    with open(path, "w", encoding="utf-8") as f:
        f.write("| file | kith: vCards, properties | other readers | remarks |\n")
        f.write("|---|---|---|---|\n")
        for row, found, other in zip(rows, all_found, others):
            said = "; ".join(f"{name} {c}, {p}" for name, (c, p) in other)
            remarks = "; ".join(f"{line}: {text}" for line, text in found.remarks)
            f.write(f"| {row['file']} | {found.cards}, {found.properties} | {said} | {remarks} |\n")


def main():
    arguments = sys.argv[1:]
    table = None
    if "--table" in arguments:
        at = arguments.index("--table")
        table = arguments[at + 1]
        del arguments[at:at + 2]
    program, attributes = arguments[0], arguments[1] if len(arguments) > 1 else None
    if not SHARED.is_dir():
        return absent()
    with open(SHARED / "oracle-vobject.tsv", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    all_found = readers.kith(program, [str(SHARED / "given" / row["file"]) for row in rows])
    others = [list(told(row, found)) + more
              for row, found, more in zip(rows, all_found, asked(rows, attributes))]
    wrong, needed = 0, set()
    for row, found, other in zip(rows, all_found, others):
        for name, counts in other:
            if counts == found.counts():
                continue
            if (row["file"], name) in EXPLAINED:
                needed.add((row["file"], name))
                continue
            print(f"{row['file']}: {name} has {counts}, kith {found.counts()}")
            wrong += 1
    asked_for = {name for other in others for name, _ in other}
    for key in EXPLAINED:
        if key not in needed and key[1] in asked_for:
            print(f"{key[0]}: what is explained of {key[1]} is not so")
            wrong += 1
    if table:
        write_table(table, rows, all_found, others)
    print(f"{len(rows)} files, {sum(f.cards for f in all_found)} vCards, "
          f"{sum(f.properties for f in all_found)} properties, "
          f"{sum(len(f.remarks) for f in all_found)} remarks; "
          f"readers: {', '.join(sorted(asked_for))}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
