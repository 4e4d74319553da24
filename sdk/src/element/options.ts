/** What a person sets on `<face-keypoints>`: its properties and attributes, and what input and tracker they describe. */
import { LitElement, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { RESOLUTIONS, type CameraResolution } from '../input/camera.ts';
import type { BackendOption } from '../runtime/backend.ts';
import type { ModelOption } from '../runtime/model-choice.ts';
import type { ModelSource } from '../runtime/model-store.ts';
import type { SmoothingOptions } from '../smoothing/one-euro.ts';
import type { ElementSource } from './media/media.ts';
import type { Input } from './media/open.ts';
import type { ModelOptions } from './models.ts';
import type { OverlayStyle } from '../drawing/overlay.ts';
import { CONVERTERS, parseProperties } from './properties.ts';

export class FaceKeypointsOptions extends LitElement {
  /** Use the camera; the browser asks the person. */
  @property({ converter: CONVERTERS.camera }) camera = false;
  /** Address of a picture or video. */
  @property() src: string | null = null;
  /** Any input that has no address: a file, video element, stream, bitmap, … */
  @property({ attribute: false }) source: ElementSource | null = null;
  /** Which camera: the one that faces the person, or away from them. */
  @property({ attribute: 'facing-mode', converter: CONVERTERS.facingMode })
  facingMode: 'user' | 'environment' = 'user';
  /** A certain camera, as `navigator.mediaDevices.enumerateDevices()` names it; wins over `facing-mode`. */
  @property({ attribute: 'device-id' }) deviceId: string | null = null;
  /** Wished-for size of the camera's picture: 640 x 480, 1280 x 720 or 1920 x 1080. */
  @property({ converter: CONVERTERS.resolution }) resolution: CameraResolution = 'vga';
  /** Most faces at once; each costs one run of the network a frame. */
  @property({ attribute: 'max-faces', converter: CONVERTERS.maxFaces }) maxFaces = 1;
  /** Landmarks that rest while the face does; as a property also the filter's options. */
  @property({ converter: CONVERTERS.smoothing }) smoothing: boolean | SmoothingOptions = true;
  /** Show as in a mirror; coordinates stay those of the frame. */
  @property({ converter: CONVERTERS.mirror }) mirror = false;
  /** How the landmarks are drawn. */
  @property({ converter: CONVERTERS.overlay }) overlay: OverlayStyle = 'points';
  /** Let frames pass without looking for faces. */
  @property({ converter: CONVERTERS.paused }) paused = false;
  /**
   * The landmark model: `auto` is `lite` on wasm, else `resnet18`; or the address of a `model.json` or of its folder, as a
   * property also a model in memory, or one for each backend.
   */
  @property({ converter: CONVERTERS.model }) model: ModelOption | null = null;
  /** The detector's `model.json` or its folder, or as a property a model in memory. */
  @property() detector: ModelSource | null = null;
  /** Folder that holds copies of the package's `models/`, `wasm/` and `browser/`, where they are not beside its code. */
  @property() assets: string | null = null;
  /** Folder of the wasm binaries; wins over `assets`. */
  @property({ attribute: 'wasm-path' }) wasmPath: string | null = null;
  /** What the models run on. */
  @property({ converter: CONVERTERS.backend }) backend: BackendOption = 'auto';
  /** In a worker where the browser allows it, or on the page's thread. */
  @property({ converter: CONVERTERS.worker }) worker: 'auto' | 'off' = 'auto';
  /**
   * Several threads for what tfjs computes on wasm: the detector, and convolutions where there is no relaxed SIMD. It needs
   * cross-origin isolation and `blob:` in the page's policy.
   */
  @property({ converter: CONVERTERS.threads }) threads = false;

  /** `source` before `camera` before `src`. */
  protected get input(): Input | undefined {
    if (this.source !== null) return { kind: 'source', source: this.source };
    if (this.camera) {
      const { facingMode, deviceId } = this;
      const camera = { facingMode, ...(deviceId && { deviceId }), ...RESOLUTIONS[this.resolution] };
      return { kind: 'camera', camera };
    }
    return this.src ? { kind: 'src', url: this.src } : undefined;
  }

  /** For the tracker. */
  protected get modelOptions(): ModelOptions {
    const { model, detector, assets, wasmPath, backend, threads, maxFaces, smoothing } = this;
    return {
      ...(model !== null && { model }),
      // An attribute without a value is no address: resolved as one it would be the page's own.
      ...(detector && { detector }),
      ...(assets && { assets }),
      ...(wasmPath && { wasmPath }),
      worker: this.worker !== 'off',
      ...{ backend, threads, maxFaces, smoothing },
    };
  }

  protected override willUpdate(changed: PropertyValues): void {
    parseProperties(this, changed);
  }
}
