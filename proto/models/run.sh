#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh pass|fail MODEL.pml [-Dswitch ...]: search the whole state space of a model.
# Exits 0 when the verdict is the expected one, 1 when it is not, 77 when there is no spin or no cc.
# fail: an assertion must be violated.  An incomplete search is neither.

expect=$1 model=$2
shift 2 || { echo "usage: run.sh pass|fail MODEL.pml [-Dswitch ...]" >&2; exit 1; }
for tool in spin "${CC:-cc}"; do
	command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done

model=$(readlink -f "$model")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
spin -a "$@" "$model" >spin.log 2>&1 || { cat spin.log; exit 1; }
"${CC:-cc}" -O1 -w -DCOLLAPSE -DVECTORSZ=2048 -DSAFETY -o pan pan.c || exit 1
./pan -m200000 >pan.log 2>&1

verdict=none
if grep -q 'assertion violated' pan.log; then
	verdict=fail
elif grep -q 'errors: 0' pan.log && ! grep -q 'max search depth too small\|out of memory' pan.log; then
	verdict=pass
fi
grep -E '^pan:1|errors:|states, stored' pan.log
echo "verdict $verdict, expected $expect"
[ "$verdict" = "$expect" ]
