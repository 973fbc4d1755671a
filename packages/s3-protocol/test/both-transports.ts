import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { StorageDriver } from '@storage/core/driver';
import type { Transport } from '../src/index.ts';
import { openScripted } from './scripted-driver.ts';

/** An answer of the scripted server: no emulator gives all of these. */
export interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the connection ends after the body, before its time. */
  readonly isCut?: boolean;
}

/** Both transports before one server. */
export interface BothTransports {
  /** What the server answers from now on. */
  answer(answer: Answer): void;
  /** What a call gives, or what its error is called. */
  outcome(transport: Transport, call: (driver: StorageDriver) => Promise<unknown>): Promise<unknown>;
  close(): Promise<void>;
}

export async function openBothTransports(): Promise<BothTransports> {
  let answer: Answer = { status: 500 };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    request.once('end', () => {
      const { status, body = '', headers = {}, isCut = false } = answer;
      response.writeHead(status, { 'x-amz-request-id': 'R1', ...headers });
      if (isCut) response.write(body, () => response.destroy());
      else response.end(request.method === 'HEAD' ? '' : body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drivers = new Map<Transport, StorageDriver>();
  for (const transport of ['sdk', 'direct'] as const) drivers.set(transport, await openScripted(server, { transport }));

  return {
    answer: (next) => {
      answer = next;
    },
    outcome(transport, call) {
      const driver = drivers.get(transport);
      if (driver === undefined) throw new Error(`no driver for ${transport}`);
      return call(driver).then(
        (value) => ({ resolved: value }),
        (error: unknown) => ({ ...driver.classify(error), message: error instanceof Error ? error.message : '' }),
      );
    },
    async close() {
      for (const driver of drivers.values()) await driver.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
