import type { Layer, ObjectInfo, UploadBody } from '@storage/core/driver';
import { overDriver } from '@storage/core/driver';
import { MemoryBackend } from '@storage/core/memory';
import { answerMeasurements } from '../src/index.ts';
import type { MeasureTask } from '../src/measure.ts';
import { chunks } from '../src/measure.ts';

// What is stored would count as memory, and is not what the transfer needs: behind this layer nothing is.
answerMeasurements((task) => {
  const memory = new MemoryBackend({ singlePut: { maxSize: 256 * 1024, unknownSize: false } });
  return memory.with(drain(task));
});

/** Takes large bodies and keeps none; the object of the task is generated as it is read. */
function drain({ key: large, size: largeSize }: MeasureTask): Layer {
  return (driver) => {
    const { multipart } = driver;
    if (multipart === undefined) throw new TypeError('memory takes parts');
    let received = 0;
    return overDriver(driver, {
      multipart: {
        ...multipart,
        putPart: async ({ partNumber, body }) => {
          const size = await swallow(body);
          received += size;
          return { partNumber, size, etag: `"${partNumber}"` };
        },
        complete: async () => ({ size: received, etag: '"large"' }),
      },
      get: async (request, context) => {
        if (request.key !== large) return driver.get(request, context);
        const range = { start: 0, end: largeSize };
        const body = chunks(largeSize);
        const cancel = async (): Promise<void> => {
          await body.return();
        };
        return { info: infoOf(large, largeSize), range, body: { [Symbol.asyncIterator]: () => body, cancel } };
      },
    });
  };
}

async function swallow(body: UploadBody): Promise<number> {
  let size = 0;
  for await (const chunk of body.open()) size += chunk.byteLength;
  return size;
}

function infoOf(key: string, size: number): ObjectInfo {
  return {
    key,
    size,
    etag: '"large"',
    lastModified: new Date(0),
    contentType: 'application/octet-stream',
    metadata: {},
  };
}
