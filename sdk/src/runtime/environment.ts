/** Node without a DOM: a server or a command line. */
export const inNode = (): boolean =>
  typeof process !== 'undefined' && !!process.versions?.node && typeof document === 'undefined';
