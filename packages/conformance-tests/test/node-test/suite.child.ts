import { after, before, describe, it } from 'node:test';
import { runConformance } from '../../src/index.ts';
import { memoryHarness } from '../memory-harness.ts';

// The suite takes whatever test framework it is given: here the one of Node.
runConformance({
  name: 'memory, under node-test',
  contract: 1,
  harness: memoryHarness(),
  test: { describe, it, beforeAll: before, afterAll: after },
});
