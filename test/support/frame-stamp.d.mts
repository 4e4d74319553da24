export const STAMP: { readonly width: number; readonly height: number };
export function stamp(frame: { readonly data: Uint8Array; readonly width: number }, number: number): void;
export function readStamp(frame: {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly channels: number;
}): number | undefined;
