import { answerMeasurements } from '@storage/conformance-tests';
import { AwsS3Backend, type AwsS3Options } from '../src/index.ts';

// From the process that runs the suite: the same bucket.
const options = JSON.parse(process.env['MEASURED_AWS_S3'] ?? '{}') as AwsS3Options;

answerMeasurements(() => new AwsS3Backend(options));
