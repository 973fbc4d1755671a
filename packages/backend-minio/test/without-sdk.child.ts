import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { MinioBackend, type MinioOptions } from '../src/index.ts';

/** Does what most programs do with a bucket that is there, then asks for the SDK; tells after which step it was loaded. */
const [options = '{}'] = process.argv.slice(2);
const backend = new MinioBackend(JSON.parse(options) as MinioOptions);

let loadedBy: string | undefined;

async function step(name: string, work: Promise<unknown>): Promise<void> {
  await work;
  const modules = Object.keys(createRequire(import.meta.url).cache);
  if (modules.some((file) => /[\\/]@(?:aws-sdk|smithy)[\\/]/.test(file))) loadedBy ??= name;
}

/** In parts, since it is a stream of more than one. */
const large = (): ReadableStream<Uint8Array> => new Blob([new Uint8Array(17 * 1024 ** 2)]).stream();

await step('save', backend.save('small', 'text'));
await step(
  'retrieve',
  backend.retrieve('small').then((file) => file.text()),
);
await step('getMetadata', backend.getMetadata('small'));
await step('listPage', backend.listPage());
await step('save in parts', backend.save('large', large()));
await step('save in parts if absent', backend.save(randomUUID(), large(), { ifAbsent: true }));
const upload = await backend.createUpload('session');
await step('putPart', upload.putPart(1, new Uint8Array(5 * 1024 ** 2)));
await step('complete', upload.complete());
await step(
  'abort',
  backend.createUpload('session').then((other) => other.abort()),
);
await step('delete', backend.delete('small'));
await step('native', backend.native());

await backend.close();
process.stdout.write(loadedBy ?? 'nothing');
