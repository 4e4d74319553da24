import { UNNAMED, type ModelInfo } from '../state.ts';

/** A person's own model in a sentence's beginning or by itself; its metadata may hold no name. */
export const yourModel = (name: string): string => (name === UNNAMED ? UNNAMED : `${UNNAMED} ${name}`);

/** Whose points they are. */
export const modelInUse = ({ own, name }: ModelInfo): string =>
  own ? yourModel(name) : 'The built-in model';
