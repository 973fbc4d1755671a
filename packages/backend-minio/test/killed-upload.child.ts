import { MinioBackend, type MinioOptions } from '../src/index.ts';

/** Sends parts of an upload without an end, and tells its token; it is to be killed. */
const [options = '{}', key = ''] = process.argv.slice(2);
const backend = new MinioBackend(JSON.parse(options) as MinioOptions);
const upload = await backend.createUpload(key);
for (let number = 1; ; number += 1) {
  await upload.putPart(number, new Uint8Array(5 * 1024 * 1024));
  process.send?.(upload.toToken());
}
