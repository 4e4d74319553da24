/** Which landmark model runs: one that comes with the package, by name, or one of the user's own. */
import { FaceKeypointsError } from '../errors.ts';
import { checkOptionNames } from '../option-names.ts';
import { BACKENDS, type BackendName } from './backend.ts';
import { inNode } from './environment.ts';
import type { ModelSource } from './model-store.ts';

/** The landmark models that come with the package: the accurate one, and one of a tenth of its multiplications. */
export const MODELS = ['resnet18', 'lite'] as const;
/** A landmark model that comes with the package. */
export type ModelName = (typeof MODELS)[number];

/** A model for each backend, of which only that of the backend in use is loaded. One that is left out is as with `auto`. */
export type ModelsByBackend = Readonly<Partial<Record<BackendName, 'auto' | ModelName | ModelSource>>>;

/**
 * `auto`: `lite` on wasm, in a browser; `resnet18` on a GPU and in Node. Else the name of a built-in model, a model of
 * one's own, or one for each backend. Text with a `/`, `.` or `:` in it is the address of a `model.json` or of its folder.
 */
export type ModelOption =
  | 'auto'
  | ModelName
  | Exclude<ModelSource, string>
  | ModelsByBackend
  // An address; written so that editors still propose the names.
  | (string & {});

/**
 * The models to load, by backend: which it will be is known only once one runs.
 * @param builtIn the sources of the package's own models
 * @throws FaceKeypointsError `option-invalid`: text that is neither a name nor an address
 */
export function chooseModels(
  option: ModelOption,
  builtIn: Readonly<Record<ModelName, ModelSource>>,
): Readonly<Record<BackendName, ModelSource>> {
  const sourceFor = (backend: BackendName): ModelSource => {
    const choice = (isByBackend(option) ? option[backend] : option) ?? 'auto';
    const model = choice === 'auto' ? automatic(backend) : choice;
    return isName(model) ? builtIn[model] : model;
  };
  return { webgpu: sourceFor('webgpu'), webgl: sourceFor('webgl'), wasm: sourceFor('wasm') };
}

/** Live pictures need speed, which wasm lacks; what Node is given can wait. */
const automatic = (backend: BackendName): ModelName =>
  backend === 'wasm' && !inNode() ? 'lite' : 'resnet18';

/** Whether text can be an address; names have nothing of the kind in them. */
export const isAddress = (text: string): boolean => /[./:]/.test(text);

function isName(model: ModelName | ModelSource): model is ModelName {
  if (typeof model !== 'string' || isAddress(model)) return false;
  if ((MODELS as readonly string[]).includes(model)) return true;
  throw new FaceKeypointsError(
    'option-invalid',
    `Unknown model "${model}". Use one of: auto, ${MODELS.join(', ')}; or the address of a model.json or its folder.`,
  );
}

/** What models in memory and those by their files' addresses have of their own. */
const OF_SOURCES = ['json', 'files', 'modelTopology', 'weightSpecs', 'weightData', 'format'];

/**
 * Also one without keys: all are left out. A URL shows none of its own.
 * @throws FaceKeypointsError `option-invalid`: a name that is no backend's
 */
function isByBackend(option: ModelOption): option is ModelsByBackend {
  if (typeof option !== 'object' || option instanceof URL) return false;
  if (Object.keys(option).some((key) => OF_SOURCES.includes(key))) return false;
  checkOptionNames(option, BACKENDS, 'model.');
  return true;
}
