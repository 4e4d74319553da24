import { startEngine } from '../engines/choose.ts';
import { ENGINE_NAMES, type Engine, type EngineName } from '../engines/engine.ts';
import { EngineUnavailable } from '../engines/unavailable.ts';

type Start = (name: EngineName | undefined, log: (line: string) => void) => Promise<Engine>;

/**
 * The engine of a run: the one that is asked for; else, where a run goes on, the one that it was started on, as others
 * round differently; else the fastest that starts.
 * @param before as the run's record names it; runs that were started before it was recorded name none
 * @throws EngineUnavailable when the one that is asked for does not start
 */
export async function startRunEngine(
  asked: EngineName | undefined,
  before: string | undefined,
  log: (line: string) => void,
  start: Start = startEngine,
): Promise<Engine> {
  const own = ENGINE_NAMES.find((name) => name === before);
  if (asked || !own) {
    const engine = await start(asked, log);
    if (own && engine.name !== own) log(changed(own, engine));
    return engine;
  }
  try {
    return await start(own, log);
  } catch (error) {
    if (!(error instanceof EngineUnavailable)) throw error;
    const engine = await start(undefined, () => {});
    log(`${changed(own, engine)} (${own} does not start here: ${error.message})`);
    return engine;
  }
}

function changed(own: EngineName, { name }: Engine): string {
  return `WARNING: the run was started on the engine ${own} and goes on with ${name}: its figures will not be quite the same`;
}
