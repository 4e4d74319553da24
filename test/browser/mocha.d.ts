/** The little that the browser tests use of mocha, which comes with the test runner. */
interface MochaTest {
  skip(): never;
  timeout(ms: number): void;
}
declare function describe(name: string, body: () => void): void;
declare function it(name: string, body: (this: MochaTest) => void | Promise<void>): void;
declare function afterEach(body: () => void | Promise<void>): void;
declare function beforeEach(body: () => void | Promise<void>): void;
