/** Newer than the types that TypeScript brings. */
interface Scheduler {
  yield(): Promise<void>;
}

/** Lets the browser draw and answer, and goes on at once. A timer would wait for a second in a tab that is hidden. */
export function nextTask(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: Partial<Scheduler> };
  if (scheduler?.yield) return scheduler.yield();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
