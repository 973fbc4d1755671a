/**
 * Saves and reads back a stream of unknown size, in a process of its own; prints the most memory that it took.
 * Arguments: the folder, the number of bytes.
 */
import { crc32 } from 'node:zlib';
import { LocalBackend } from '../src/index.ts';

const [basePath = '', bytes = '0'] = process.argv.slice(2);
const chunkSize = 64 * 1024;

/** New chunks, each with other bytes: what is kept of them counts. */
async function* chunks(total: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < total; done += chunkSize) {
    const chunk = Buffer.alloc(Math.min(chunkSize, total - done), `chunk ${String(done)} `);
    written = crc32(chunk, written);
    yield chunk;
  }
}

await using backend = await new LocalBackend({ basePath }).initialize();
const idle = process.memoryUsage.rss();

let written = 0;
const { size } = await backend.save('large', chunks(Number(bytes)));

let read = 0;
for await (const chunk of await backend.retrieve('large')) read = crc32(chunk, read);

const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ size, isSame: written === read, aboveIdle: peak - idle, idle, peak }));
