/** An engine that cannot start here; the message says why and what would make it start. */
export class EngineUnavailable extends Error {
  override readonly name = 'EngineUnavailable';
}
