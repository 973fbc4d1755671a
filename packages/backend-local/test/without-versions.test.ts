import { conformance } from '@storage/conformance-tests/vitest';
import { afterAll } from 'vitest';
import { localHarness } from './store.ts';

const harness = localHarness({ versions: false });
afterAll(() => harness.close());

conformance({ name: 'local without versions', harness });
