import { answerMeasurements } from '@storage/conformance-tests';
import { MinioBackend, type MinioOptions } from '../src/index.ts';

// From the process that runs the suite: the same bucket.
const options = JSON.parse(process.env['MEASURED_MINIO'] ?? '{}') as MinioOptions;

answerMeasurements(() => new MinioBackend(options));
