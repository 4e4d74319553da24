#!/bin/sh
# All cores of this machine: one process a shard, JOBS of them at once.
#   SHARDS=8 sh gnu-parallel.sh PICTURES OUT [options of face-keypoints annotate]
# The same command again goes on where this one ended. Exits with the number of shards in which something failed.
set -eu
pictures=$1
out=$2
shift 2
: "${SHARDS:=$(nproc)}" "${JOBS:=$(nproc)}" "${FACE_KEYPOINTS:=npx face-keypoints}"

status=0
# -q: names with blanks reach the command as they are.
# shellcheck disable=SC2086  # the command may be several words
seq "$SHARDS" | parallel -q --jobs "$JOBS" --line-buffer --tag \
  $FACE_KEYPOINTS annotate "$pictures" --out "$out" --shard "{}/$SHARDS" "$@" || status=$?

# Joined files are one recording: every reader of ours takes the header lines between them.
cat "$out"/annotations-*-of-"$SHARDS".jsonl > "$out/all.jsonl"
exit "$status"
