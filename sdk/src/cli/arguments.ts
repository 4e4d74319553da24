import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { BACKENDS, FaceKeypointsError, MODELS, type BackendOption, type ModelName } from '../index.ts';
import type { Shard } from './shard.ts';

export const FORMATS = ['jsonl', 'csv', 'pts'] as const;
export type AnnotateFormat = (typeof FORMATS)[number];

export interface AnnotateCommand {
  readonly name: 'annotate';
  /** Files and folders, as given. */
  readonly inputs: readonly string[];
  /** A file that lists more of them; "-" is stdin. */
  readonly filesFrom: string | undefined;
  readonly out: string;
  readonly format: AnnotateFormat;
  readonly shard: Shard;
  readonly flat: boolean;
  readonly maxFaces: number;
  readonly model: ModelName | URL | undefined;
  readonly detector: URL | undefined;
  readonly backend: BackendOption;
  readonly strict: boolean;
  readonly restart: boolean;
  readonly quiet: boolean;
}

export type Command = AnnotateCommand | { readonly name: 'help' | 'version' };

/** @throws FaceKeypointsError `option-invalid` */
export function parseArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { name: 'help' };
  if (values.version) return { name: 'version' };
  const [name, ...inputs] = positionals;
  if (name !== 'annotate') {
    throw wrong(name === undefined ? 'Which command? There is one: annotate.' : `Unknown command "${name}".`);
  }
  if (inputs.length === 0 && values['files-from'] === undefined)
    throw wrong('Which pictures? Name files or folders.');
  if (!values.out) throw wrong('Where to? Give --out DIR.');
  return {
    name,
    inputs,
    filesFrom: values['files-from'],
    out: values.out,
    format: oneOf('--format', values.format, FORMATS),
    shard: parseShard(values.shard),
    flat: values.flat,
    maxFaces: parseCount('--max-faces', values['max-faces']),
    model: namedModel(values.model) ?? modelUrl(values.model),
    detector: modelUrl(values.detector),
    backend: oneOf('--backend', values.backend, ['auto', ...BACKENDS] as const),
    strict: values.strict,
    restart: values.restart,
    quiet: values.quiet,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        format: { type: 'string', default: 'jsonl' },
        shard: { type: 'string', default: '1/1' },
        'files-from': { type: 'string' },
        flat: { type: 'boolean', default: false },
        'max-faces': { type: 'string', default: '1' },
        model: { type: 'string' },
        detector: { type: 'string' },
        backend: { type: 'string', default: 'wasm' },
        strict: { type: 'boolean', default: false },
        restart: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw wrong((cause as Error).message, cause);
  }
}

function parseShard(text: string): Shard {
  const [, index, count] = (text.match(/^(\d+)\/(\d+)$/) ?? []).map(Number);
  if (index >= 1 && index <= count && count <= 1e6) return { index, count };
  throw wrong(`--shard is I/N with I from 1 to N, such as 2/8, not "${text}".`);
}

function parseCount(option: string, text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw wrong(`${option} is a whole number from 1, not "${text}".`);
}

function oneOf<T extends string>(option: string, text: string, valid: readonly T[]): T {
  const found = valid.find((value) => value === text);
  if (found !== undefined) return found;
  throw wrong(`Unknown ${option} "${text}". Use one of: ${valid.join(', ')}.`);
}

/** A model of the package's; undefined for the place of another one. */
function namedModel(text: string | undefined): ModelName | undefined {
  const name = MODELS.find((model) => model === text);
  const isPlace = text === undefined || /[./:\\]/.test(text) || existsSync(text);
  if (name || isPlace) return name;
  throw wrong(`Unknown --model "${text}". Use one of: ${MODELS.join(', ')}; or a path or URL.`);
}

/** A URL, a path, or the folder of a model.json. */
function modelUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return new URL(text);
  const path = resolve(text);
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  return pathToFileURL(folder ? join(path, 'model.json') : path);
}

function wrong(message: string, cause?: unknown): FaceKeypointsError {
  return new FaceKeypointsError('option-invalid', `${message} See face-keypoints --help.`, { cause });
}
