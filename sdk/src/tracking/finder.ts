import type { Cropper } from '../crop/cropper.ts';
import { regionOfDetection } from '../crop/detection-region.ts';
import type { Region } from '../crop/region.ts';
import type { BlazeFace, Detection } from '../detector/blazeface.ts';
import { boxOfPoints, boxOverlap, regionOfFinding, toFinding, type Finding } from '../face.ts';
import type { Frame } from '../input/frame.ts';
import type { LandmarkNetwork } from '../landmarks/network.ts';
import { isPlausibleFace } from '../landmarks/pose.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { SAME_FACE, withoutDuplicates } from './association.ts';

/** Below this probability a crop holds no face. */
const MIN_PRESENCE = 0.5;
/** Candidates that are looked at beside those there is room for: some are no faces, and to look at all at once costs less. */
const SPARE_CANDIDATES = 2;

export interface LocateOptions {
  /** Look at each crop's mirror image as well: two runs of the network, not one, for points a hundredth nearer. */
  readonly mirrored?: boolean;
}

export interface SearchOptions extends LocateOptions {
  /** Candidates are looked at so often at most, as long as the network refuses some; any number by default. */
  readonly rounds?: number;
}

/** Faces of one frame: the networks and the crops between them, with no memory of earlier frames. */
export class FaceFinder {
  readonly network: LandmarkNetwork;
  /** What was spent since they were last set, ms. */
  timings = { detect: 0, landmarks: 0 };
  readonly #runtime: Runtime;
  readonly #detector: BlazeFace;
  readonly #cropper: Cropper;
  #detected: { readonly frame: Frame; readonly detections: readonly Detection[] } | undefined;

  /**
   * Takes all but the runtime over, to dispose of them.
   * @param cropper for the network's size
   */
  constructor(runtime: Runtime, detector: BlazeFace, network: LandmarkNetwork, cropper: Cropper) {
    this.network = network;
    this.#runtime = runtime;
    this.#detector = detector;
    this.#cropper = cropper;
  }

  /**
   * Faces besides those known: detector, then landmarks twice, the second time around the points of the first.
   * @param options those of looking hold for the second time
   * @returns the largest first, at most `room`
   */
  async search(
    frame: Frame,
    known: readonly { readonly finding: Finding }[],
    room: number,
    { rounds = Infinity, ...options }: SearchOptions = {},
  ): Promise<Finding[]> {
    const rest = (await this.detect(frame))
      .filter(({ box }) =>
        known.every(({ finding }) => boxOverlap(box, boxOfPoints(finding.points)) < SAME_FACE),
      )
      .sort((a, b) => sizeOfBox(b) - sizeOfBox(a));
    const found: Finding[] = [];
    /** Looked at once. */
    let likely: Finding[] = [];
    // The landmark network tells better what is a face: where it refuses large ones, smaller ones have their turn.
    for (let round = 0; round < rounds && found.length < room && rest.length + likely.length > 0; round++) {
      const left = room - found.length;
      const next = rest.splice(0, Math.max(0, left + SPARE_CANDIDATES - likely.length));
      const regions = next.map((detection) => this.regionOfDetection(detection));
      const taken = [...known, ...found.map((finding) => ({ finding }))];
      likely = largestFirst([...likely, ...(await this.locate(frame, regions))], taken);
      const nearer = likely.splice(0, left).map((finding) => this.regionOf(finding));
      found.push(...largestFirst(await this.locate(frame, nearer, options), taken));
    }
    return largestFirst(found);
  }

  /** What the detector sees, best first; asked again about the same frame it does not run again. */
  async detect(frame: Frame): Promise<readonly Detection[]> {
    if (this.#detected?.frame !== frame) {
      const start = performance.now();
      this.#detected = { frame, detections: await this.#detector.detect(frame.pixels()) };
      this.timings.detect += performance.now() - start;
    }
    return this.#detected.detections;
  }

  /** Lets go of the last frame and its pixels, which may be many megabytes; what is asked next is of another one. */
  forget(): void {
    this.#detected = undefined;
    this.#cropper.forget();
  }

  /** Landmarks in each region; undefined where there is no face. */
  async locate(
    frame: Frame,
    regions: readonly Region[],
    { mirrored = false }: LocateOptions = {},
  ): Promise<(Finding | undefined)[]> {
    if (regions.length === 0) return [];
    const start = performance.now();
    const crops = await this.#runtime.run(() => this.#cropper.crop(frame, regions));
    const { length } = regions;
    const output = mirrored
      ? await this.network.predictWithMirror(crops, length)
      : await this.network.predict(crops, length);
    this.timings.landmarks += performance.now() - start;
    return regions.map((region, i) => {
      const finding = toFinding(output, i, region);
      return finding.presence >= MIN_PRESENCE && isPlausibleFace(finding.points) ? finding : undefined;
    });
  }

  /** Where to look for a face next that was found here. */
  regionOf(finding: Finding): Region {
    return regionOfFinding(finding, this.network.metadata.cropFactor);
  }

  /** Where to look for a face that the detector found. */
  regionOfDetection(detection: Detection): Region {
    return regionOfDetection(detection, this.network.metadata.cropFactor);
  }

  dispose(): void {
    this.forget();
    this.#cropper.dispose();
    this.#detector.dispose();
    this.network.dispose();
  }
}

/** One of each face, and none of those `known`. */
function largestFirst(
  findings: readonly (Finding | undefined)[],
  known: readonly { readonly finding: Finding }[] = [],
): Finding[] {
  const sorted = findings.filter((finding) => finding !== undefined).sort((a, b) => b.size - a.size);
  const found = sorted.map((finding) => ({ finding }));
  return withoutDuplicates(found, known).map(({ finding }) => finding);
}

const sizeOfBox = ({ box }: Detection): number => Math.max(box.width, box.height);
