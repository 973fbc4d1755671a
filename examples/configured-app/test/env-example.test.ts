import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { BackendRegistry, StorageBackend } from '@storage/core';
import { storageFromEnv } from '@storage/core/config';
import { backendFields, type Fields, group } from '@storage/core/driver';
import { MemoryBackend } from '@storage/core/memory';
import { describe, expect, test } from 'vitest';
import { awsS3Options } from '../../../packages/backend-aws-s3/src/config.ts';
import { azureBlobOptions } from '../../../packages/backend-azure-blob/src/config.ts';
import { localOptions } from '../../../packages/backend-local/src/config.ts';
import { minioOptions } from '../../../packages/backend-minio/src/config.ts';

const text = readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8');

/** Every variable of the file, those that are commented out too. */
const env = parseEnv(text.replaceAll(/^#(?=[A-Z])/gm, '')) as Record<string, string>;

// In place of the file, which is not on this machine.
const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

/** What can only be given by a program. */
const objects = ['logger', 'observer', 'credential', 'credentials'];

const schemas: readonly (readonly [name: string, type: string, fields: Fields<Record<string, unknown>>])[] = [
  ['disk', 'local', localOptions.fields],
  ['minio', 'minio', minioOptions.fields],
  ['aws', 'aws-s3', awsS3Options.fields],
  ['azure', 'azure-blob', azureBlobOptions.fields],
];

/** The options of a backend of the file, as they reach its constructor. */
async function optionsOf(name: string, type: string): Promise<object> {
  let given: object = {};
  class Probe extends MemoryBackend {
    constructor(options: object) {
      super();
      given = options;
    }
  }
  const registry = new BackendRegistry().register(type, Probe);
  const prefix = `STORAGE_${name.toUpperCase()}_`;
  const own = Object.entries(env)
    .filter(([variable]) => variable.startsWith(prefix))
    .map(([variable, value]) => [variable, value.replace(/^file:.*\.pem$/, certificate)] as const);
  const backend = await storageFromEnv({
    env: { STORAGE_BACKENDS: name, ...Object.fromEntries(own) },
    registry,
  }).backend(name as never);
  expect(backend).toBeInstanceOf(StorageBackend);
  return given;
}

test('the file names the backends that it describes', () => {
  expect(env['STORAGE_BACKENDS']).toBe(schemas.map(([name]) => name).join(','));
  expect(env['STORAGE_DEFAULT']).toBe(schemas[0]?.[0]);
});

describe.each(schemas)('the variables of %s', (name, type, fields) => {
  test('are options of its backend, with values that it takes', async () => {
    const schema = group(fields);
    const checked = schema.check(schema.fromText(await optionsOf(name, type)));
    expect('faults' in checked ? checked.faults.map(({ path, message }) => `${path} ${message}`) : []).toEqual([]);
  });

  test('are all that it has', async () => {
    const given = Object.keys(await optionsOf(name, type));
    // What all have is shown for the first.
    const shared = name === schemas[0]?.[0] ? [] : Object.keys(backendFields);
    const wanted = Object.keys(fields).filter((option) => ![...objects, ...shared].includes(option));
    expect(wanted.filter((option) => !given.includes(option))).toEqual([]);
  });
});
