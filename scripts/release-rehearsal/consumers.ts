import type { Trial } from './trials.ts';

/** What every consumer does, as plain JavaScript; what it found is printed. */
const story = `
  await backend.save('a/b.txt', 'one', { contentType: 'text/plain', metadata: { jobId: '456' } });
  await backend.save('a/b.txt', 'two', { contentType: 'text/plain', metadata: { jobId: '457' } });
  const file = await backend.retrieve('a/b.txt');
  const refused = await backend.save('../outside', 'x').catch((error) => error);
  await backend.save('stream', new Blob(['x'.repeat(1000)]).stream());
  const found = {
    text: await file.text(),
    jobId: file.metadata['jobId'],
    listed: (await backend.listFiles()).map(({ key, size }) => key + ' ' + String(size)).join(),
    refused: isStorageError(refused) ? refused.code : String(refused),
  };
  console.log(JSON.stringify(found));
`;

const versionsStory = `
  const versions = await backend.getVersions('a/b.txt');
  const [first] = versions.slice(-1);
  if (first === undefined) throw new Error('no versions');
  await backend.restoreVersion('a/b.txt', first.versionId);
  console.log(versions.length, await (await backend.retrieve('a/b.txt')).text());
`;

const end = `
  await backend.deletePrefix('', { allowAll: true });
  await backend.close();
`;

function storyOf({ versions }: Trial): string {
  return story + (versions ? versionsStory : '') + end;
}

/** What the story of a trial prints. */
export function expectedOf({ versions }: Trial): string {
  const found = { text: 'two', jobId: '457', listed: 'a/b.txt 3,stream 1000', refused: 'InvalidKey' };
  return [JSON.stringify(found), ...(versions ? ['2 one'] : [])].join('\n');
}

/** The source files of the consumers of one trial, by name. */
export function consumersOf(trial: Trial): Record<string, string> {
  const { from, Backend, options, notClaimed } = trial;
  const imports = `import { isStorageError } from '@storage/core';\nimport { ${Backend} } from '${from}';\n`;
  const create = `const backend = new ${Backend}(${options});\n`;
  const main = `async function main() {\n${create}${storyOf(trial)}}\nvoid main();\n`;
  const refusedByType = `// @ts-expect-error an option that this backend does not claim
const refusedByType: Promise<SaveResult> = backend.save('typed', 'x', { ${notClaimed ?? ''} });
await Promise.allSettled([refusedByType]);
`;
  return {
    'package.json': JSON.stringify({ name: 'consumer', version: '1.0.0', private: true, type: 'module' }),
    'esm.mjs': `${imports}${create}${storyOf(trial)}`,
    'cjs.cjs': `const { isStorageError } = require('@storage/core');\nconst { ${Backend} } = require('${from}');\n${main}`,
    'typed.ts': `import type { SaveResult } from '@storage/core';
${imports}${create}${storyOf(trial)}
const saved: Promise<SaveResult> = backend.save('typed', 'x', { ifAbsent: true });
await Promise.allSettled([saved]);
${notClaimed === undefined ? '' : refusedByType}`,
    'typed.cts': `${imports}${main}`,
  };
}
