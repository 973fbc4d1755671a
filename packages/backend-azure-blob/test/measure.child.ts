import { answerMeasurements } from '@storage/conformance-tests';
import { AzureBlobBackend, type AzureBlobOptions } from '../src/index.ts';

/** Set by the harness, for a server that only its process knows. */
const options = JSON.parse(process.env['AZURE_MEASURED'] ?? '{}') as AzureBlobOptions;

answerMeasurements(() => new AzureBlobBackend(options));
