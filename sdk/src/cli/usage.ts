export const USAGE = `face-keypoints annotate FILES... --out DIR [options]

Finds the 68 landmarks of each face in pictures, and in those of folders (with their subfolders).
DIR/annotations.jsonl holds an object a picture, with all its faces (none: an empty list); DIR/manifest.json says
how it was made and which pictures failed. The same command again goes on where an earlier one ended or was killed.

  --out DIR          where the results go; made if missing
  --format NAME      jsonl (default); csv: also DIR/annotations.csv, a row a face; pts: also an iBUG .pts file a face, under
                     the picture's path (further faces: NAME.face2.pts, ...)
  --shard I/N        only part I of N (from 1): a picture's part follows from its path alone, whatever others there are
  --files-from FILE  also the files listed there, one a line or ended by NUL; "-" is the standard input. One of them that is
                     not there fails like a broken picture; one that is named here is wrong use
  --flat             of folders only the pictures right in them
  --max-faces K      most faces a picture, the largest first (default 1)
  --model NAME       resnet18 (default); lite, faster and less accurate; or one of yours: model.json, its folder, or a URL
  --detector PATH    another face detector
  --backend NAME     wasm (default), or auto
  --strict           stop at the first picture that fails
  --restart          forget earlier results in DIR
  --quiet            no progress
  --help, --version

Exit codes: 0 all pictures done; 1 some failed (listed with reasons, and tried again next time); 2 wrong use, or it could not
go on; 130 or 143 ended by a signal after the picture in work. Progress goes to stderr.`;
