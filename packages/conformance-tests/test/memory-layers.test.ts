import { prefixed } from '@storage/core';
import { faulty } from '../src/faults.ts';
import { conformance } from '../src/vitest.ts';
import { memoryHarness } from './memory-harness.ts';

conformance({ name: 'memory, prefixed', harness: memoryHarness({}, prefixed('tenants/7/')) });
conformance({ name: 'memory, behind a layer that lets everything pass', harness: memoryHarness({}, faulty()) });
