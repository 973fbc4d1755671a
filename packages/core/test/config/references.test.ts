import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveReferences } from '../../src/config/references.ts';
import { BackendRegistry } from '../../src/config/registry.ts';
import { fromText, isFromText } from '../../src/config/text-options.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storage-references-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

async function faultOf(reference: string): Promise<string> {
  const { faults } = await resolveReferences({ group: { key: reference } }, { EMPTY: '' });
  expect(faults).toHaveLength(1);
  expect(faults[0]?.path).toBe('.group.key');
  return faults[0]?.message ?? '';
}

describe('a reference', () => {
  it('is followed at any depth, and what it finds is used as it is', async () => {
    const path = await file('key', 'file:/not/followed\n');
    const agent = new (class Agent {
      readonly key = 'env:A';
    })();
    const { options, faults } = await resolveReferences(
      { a: 'env:A', group: { b: `file:${path}`, c: 7 }, url: pathToFileURL(path).href, plain: 'x', agent },
      { A: 'env:B' },
    );
    expect(faults).toEqual([]);
    expect({ ...options }).toMatchObject({ a: 'env:B', group: { b: 'file:/not/followed', c: 7 }, plain: 'x' });
    expect(options['url']).toBe('file:/not/followed');
    expect(options['agent']).toBe(agent);
  });

  it.each([
    ['secret', 'secret'],
    ['secret\n', 'secret'],
    ['secret\r\n', 'secret'],
    ['two\n\n', 'two\n'],
    [' spaces ', ' spaces '],
  ])('takes the text of a file without its last line break: %j', async (text, secret) => {
    const { options } = await resolveReferences({ key: `file:${await file('text', text)}` }, {});
    expect(options['key']).toBe(secret);
  });

  it('has its text read by the field that it is for, and leaves options without one as they are', async () => {
    expect(isFromText((await resolveReferences({ a: 'env:A' }, { A: 'true' })).options)).toBe(true);
    expect(isFromText((await resolveReferences({ a: 'x' }, {})).options)).toBe(false);
    expect(isFromText((await resolveReferences(fromText({ a: 'x' }), {})).options)).toBe(true);
  });

  it('says what is wrong with it, and what to do', async () => {
    expect(await faultOf('env:MISSING')).toBe('refers to the variable MISSING, which is not set: set it');
    expect(await faultOf('env:EMPTY')).toBe('refers to the variable EMPTY, which is empty: give it a value');
    expect(await faultOf('env:hunter2-hunter2!')).not.toContain('hunter2');
    expect(await faultOf('file:')).toContain('cannot be read');
    expect(await faultOf(`file:${join(folder, 'none')}`)).toBe(
      `refers to ${join(folder, 'none')}, which cannot be read (ENOENT): check the path and its permissions`,
    );
    expect(await faultOf(`file:${folder}`)).toContain('EISDIR');
    expect(await faultOf('file://host/share')).toContain('cannot be read (ERR_INVALID_FILE_URL_HOST)');
    expect(await faultOf(`file:${await file('empty', '\n')}`)).toContain('is empty: write the value into it');
  });

  it('is followed by a registry too, which names its fault beside the others', async () => {
    const registry = new BackendRegistry();
    const create = registry.create({ type: 'memory', name: 'env:NOT_THERE_AT_ALL', nope: 1 } as never);
    await expect(create).rejects.toMatchObject({
      code: 'InvalidConfig',
      message: expect.stringMatching(/name refers to the variable NOT_THERE_AT_ALL.*nope is not an option/),
    });
  });
});
