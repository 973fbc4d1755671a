import { LocalBackend } from '../src/index.ts';

const [basePath = ''] = process.argv.slice(2);
const backend = new LocalBackend({ basePath });

async function* endless(): AsyncGenerator<Uint8Array> {
  for (let round = 0; ; round += 1) {
    yield Buffer.alloc(1024 * 1024, round);
    // It goes on until it is killed; the parent is told when something must be on the disk.
    if (round === 8) {
      process.send?.('staged');
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    }
  }
}

await backend.save('key', endless());
