import type { Trial } from './trials.ts';

/** What every consumer does, as plain JavaScript; it throws where the answer is wrong. */
const story = `
  await backend.save('a/b.txt', 'one', { contentType: 'text/plain', metadata: { jobId: '456' } });
  await backend.save('a/b.txt', 'two', { contentType: 'text/plain', metadata: { jobId: '457' } });
  const file = await backend.retrieve('a/b.txt');
  const versions = await backend.getVersions('a/b.txt');
  const [first] = versions.slice(-1);
  if (first === undefined) throw new Error('no versions');
  await backend.restoreVersion('a/b.txt', first.versionId);
  const refused = await backend.save('../outside', 'x').catch((error) => error);
  const stream = new Blob(['x'.repeat(1000)]).stream();
  await backend.save('stream', stream);
  const found = {
    text: await file.text(),
    jobId: file.metadata['jobId'],
    listed: (await backend.listFiles()).map(({ key, size }) => key + ' ' + String(size)).join(),
    versions: versions.length,
    restored: await (await backend.retrieve('a/b.txt')).text(),
    refused: isStorageError(refused) ? refused.code : String(refused),
  };
  await backend.deletePrefix('', { allowAll: true });
  await backend.close();
  console.log(JSON.stringify(found));
`;

/** What the story prints. */
export const expected: string = JSON.stringify({
  text: 'two',
  jobId: '457',
  listed: 'a/b.txt 3,stream 1000',
  versions: 2,
  restored: 'one',
  refused: 'InvalidKey',
});

/** The source files of the consumers of one trial, by name. */
export function consumers({ from, Backend, options, notClaimed }: Trial): Record<string, string> {
  const create = `const backend = new ${Backend}(${options});`;
  return {
    'esm.mjs': `import { isStorageError } from '@storage/core';
import { ${Backend} } from '${from}';
${create}
${story}`,
    'cjs.cjs': `const { isStorageError } = require('@storage/core');
const { ${Backend} } = require('${from}');
async function main() {
  ${create}
  ${story}
}
main();
`,
    'typed.ts': `import { isStorageError, type SaveResult } from '@storage/core';
import { ${Backend} } from '${from}';
${create}
${story}
const saved: Promise<SaveResult> = backend.save('typed', 'x', { ifAbsent: true });
// @ts-expect-error an option that this backend does not claim
const refusedByType: Promise<SaveResult> = backend.save('typed', 'x', { ${notClaimed} });
await Promise.allSettled([saved, refusedByType]);
`,
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2023',
        lib: ['es2023', 'esnext.disposable'],
        types: ['node'],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      },
      files: ['typed.ts'],
    }),
    'package.json': JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  };
}
