import { conformance } from '../src/vitest.ts';
import { memoryHarness } from './memory-harness.ts';

conformance({ name: 'memory', harness: memoryHarness() });
