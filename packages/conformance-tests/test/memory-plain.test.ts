import { conformance } from '../src/vitest.ts';
import { memoryHarness } from './memory-harness.ts';
import { plain } from './plain-layer.ts';

conformance({ name: 'memory, with nothing optional', harness: memoryHarness({ versions: false }, plain) });
