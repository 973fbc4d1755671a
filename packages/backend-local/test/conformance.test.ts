import { conformance } from '@storage/conformance-tests/vitest';
import { afterAll } from 'vitest';
import { localHarness } from './store.ts';

const harness = localHarness();
afterAll(() => harness.close());

conformance({ name: 'local', harness });
