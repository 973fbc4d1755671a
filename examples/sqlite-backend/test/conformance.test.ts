import { conformance } from '@storage/conformance-tests/vitest';
import { sqliteHarness } from './harness.ts';

conformance({ name: 'sqlite', harness: sqliteHarness() });
