/** Columns of a workgroup's tile, and threads along each of its sides. */
export const TILE_COLUMNS = 64;
const SIDE = 16;
/** How much of the depth is in a workgroup's memory at a time. */
const DEPTH = 16;

/**
 * Reads four elements of a factor: `(outer, depth) -> vec4f`, in the body of a WGSL function. Outer is the row of the left
 * factor or the column of the right one. `along` says which of the two the four differ in; it is a multiple of four.
 * Beyond the factor's end the body gives zeros.
 */
export interface FactorReader {
  readonly along: 'outer' | 'depth';
  readonly body: string;
}

export interface ProductCode {
  readonly tileRows: 64 | 128;
  /** Buffers and constants. */
  readonly declarations: string;
  /** WGSL functions `depthFrom(slice: u32) -> u32` and `depthTo`: the part of the depth that slice z of the workgroups adds up. */
  readonly depth: string;
  readonly left: FactorReader;
  readonly right: FactorReader;
  /** Body of `(row: u32, column: u32, sum: vec4f)`, four columns of the product, which may lie beyond its end. */
  readonly write: string;
}

/**
 * A matrix product whose factors are never laid out as matrices: a convolution and both its gradients are such products
 * (implicit GEMM: Chetlur et al., "cuDNN", 2014). Each workgroup keeps strips of both factors in its shared memory and a
 * tile of the product in registers, 4 x 4 or 8 x 4 elements a thread.
 */
export function tiledProduct({ tileRows, declarations, depth, left, right, write }: ProductCode): string {
  const blocks = tileRows / 64;
  const rows = Array.from({ length: blocks * 4 }, (_, row) => row);
  const component = (row: number) => 'xyzw'[row % 4];
  return `${declarations}
// A column of padding keeps threads off each other's memory banks.
const LEFT_STRIDE = ${tileRows / 4 + 1}u;
const RIGHT_STRIDE = ${TILE_COLUMNS / 4 + 1}u;
var<workgroup> leftStrip: array<vec4f, ${DEPTH * (tileRows / 4 + 1)}>;
var<workgroup> rightStrip: array<vec4f, ${DEPTH * (TILE_COLUMNS / 4 + 1)}>;
// For the readers and the writer: the workgroup's slice, and where its depth ends.
var<private> slice: u32;
var<private> depthEnd: u32;

${depth}
fn readLeft(outer: u32, depth: u32) -> vec4f { ${left.body} }
fn readRight(outer: u32, depth: u32) -> vec4f { ${right.body} }
fn writeProduct(row: u32, column: u32, sum: vec4f) { ${write} }

@compute @workgroup_size(${SIDE}, ${SIDE})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u,
        @builtin(local_invocation_index) thread: u32) {
  slice = group.z;
  let end = depthTo(group.z);
  depthEnd = end;
  let firstRow = group.x * ${tileRows}u;
  let firstColumn = group.y * ${TILE_COLUMNS}u;
  ${rows.map((row) => `var sum${row} = vec4f();`).join(' ')}
  for (var start = depthFrom(group.z); start < end; start += ${DEPTH}u) {
    ${load('left', left, tileRows, 0)}
    ${load('right', right, TILE_COLUMNS, left.along === 'depth' ? tileRows : 0)}
    workgroupBarrier();
    for (var depth = 0u; depth < ${DEPTH}u; depth++) {
      let b = rightStrip[depth * RIGHT_STRIDE + local.x];
      ${Array.from({ length: blocks }, (_, k) => `let a${k} = leftStrip[depth * LEFT_STRIDE + ${k * 16}u + local.y];`).join(' ')}
      ${rows.map((row) => `sum${row} += a${row >> 2}.${component(row)} * b;`).join('\n      ')}
    }
    workgroupBarrier();
  }
  let column = firstColumn + 4u * local.x;
  ${rows.map((row) => `writeProduct(firstRow + ${(row >> 2) * 64 + (row % 4)}u + 4u * local.y, column, sum${row});`).join('\n  ')}
}`;
}

/**
 * Brings a strip of a factor to the workgroup's memory, depth by depth. What is read along the depth is turned, four by
 * four, so that no two threads write parts of one vector.
 * @param firstThread the threads before it have another strip to bring
 */
function load(name: 'left' | 'right', { along }: FactorReader, outer: number, firstThread: number): string {
  const read = name === 'left' ? 'readLeft' : 'readRight';
  const strip = `${name}Strip`;
  const [stride, first] = name === 'left' ? ['LEFT_STRIDE', 'firstRow'] : ['RIGHT_STRIDE', 'firstColumn'];
  if (along === 'outer') {
    return `for (var i = thread; i < ${(DEPTH * outer) / 4}u; i += ${SIDE * SIDE}u) {
      let depth = i / ${outer / 4}u;
      let four = i % ${outer / 4}u;
      ${strip}[depth * ${stride} + four] = ${read}(${first} + 4u * four, start + depth);
    }`;
  }
  return `if (thread >= ${firstThread}u && thread < ${firstThread + outer}u) {
      let i = thread - ${firstThread}u;
      let four = i / ${DEPTH / 4}u;
      let depth = 4u * (i % ${DEPTH / 4}u);
      let outer = ${first} + 4u * four;
      let r0 = ${read}(outer, start + depth);
      let r1 = ${read}(outer + 1u, start + depth);
      let r2 = ${read}(outer + 2u, start + depth);
      let r3 = ${read}(outer + 3u, start + depth);
      let at = depth * ${stride} + four;
      ${['x', 'y', 'z', 'w'].map((c, k) => `${strip}[at + ${k}u * ${stride}] = vec4f(r0.${c}, r1.${c}, r2.${c}, r3.${c});`).join('\n      ')}
    }`;
}
