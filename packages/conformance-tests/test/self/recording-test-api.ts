import type { TestApi } from '../../src/run-conformance.ts';

type Body = () => Promise<void>;

/** A test framework that runs one test, and tells how it ended. */
export interface Recording {
  readonly test: TestApi;
  /** Titles of all tests. */
  readonly titles: readonly string[];
  /** Runs the hooks of the outermost group around one test; resolves to what it failed with, or undefined. */
  run(title: string): Promise<Error | undefined>;
}

/** Records what `runConformance` declares. */
export function recordTests(): Recording {
  const tests = new Map<string, Body>();
  const before: Body[] = [];
  const after: Body[] = [];
  let depth = 0;

  const test: TestApi = {
    describe: (_name, body) => {
      depth += 1;
      body();
      depth -= 1;
    },
    it: (name, body) => void tests.set(name, body),
    // Inner groups have hooks of their own, the audit's, which one test is not enough for.
    beforeAll: (body) => depth === 1 && before.push(body),
    afterAll: (body) => depth === 1 && after.push(body),
  };

  async function run(title: string): Promise<Error | undefined> {
    const body = tests.get(title);
    if (body === undefined) throw new Error(`there is no test ${title}`);
    for (const hook of before) await hook();
    try {
      await body();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      for (const hook of after) await hook();
    }
  }

  return {
    test,
    run,
    get titles() {
      return [...tests.keys()];
    },
  };
}
