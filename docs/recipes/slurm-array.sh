#!/bin/sh
# One array task a shard:
#   sbatch slurm-array.sh PICTURES OUT [options of face-keypoints annotate]
# A task that is requeued, or submitted again (--array=3,7), goes on where it ended.
#SBATCH --job-name=face-keypoints
#SBATCH --array=1-64
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --time=04:00:00
#SBATCH --requeue
set -eu
pictures=$1
out=$2
shift 2
# As in --array above. Not SLURM_ARRAY_TASK_COUNT, which is smaller when only some tasks are submitted again.
: "${SHARDS:=64}" "${FACE_KEYPOINTS:=npx face-keypoints}"

# shellcheck disable=SC2086  # the command may be several words
exec $FACE_KEYPOINTS annotate "$pictures" --out "$out" --shard "$SLURM_ARRAY_TASK_ID/$SHARDS" "$@"
