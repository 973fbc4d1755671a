import { conformance } from '../src/vitest.ts';
import { memoryHarness } from './memory-harness.ts';

// A service as S3 is one: unknown sizes and large bodies go as parts.
const singlePut = { maxSize: 128 * 1024, unknownSize: false };

conformance({ name: 'memory, in parts', harness: memoryHarness({ singlePut, minPartSize: 64 * 1024 }) });
