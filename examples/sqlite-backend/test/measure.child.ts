import { answerMeasurements } from '@storage/conformance-tests';
import { SqliteBackend } from '../src/index.ts';

// A process of its own, started by the suite: over the store of the harness.
answerMeasurements(() => new SqliteBackend({ path: process.env['SQLITE_TEST_PATH'] ?? '' }));
