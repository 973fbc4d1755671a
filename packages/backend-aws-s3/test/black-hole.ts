import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** An address where no connection comes about, and none is refused. */
export interface BlackHole {
  readonly url: string;
  close(): void;
}

/** As a firewall that drops what comes, on the own machine: a listener that takes nothing, with a full queue. */
export async function startBlackHole(): Promise<BlackHole> {
  const script = new URL('./black-hole.child.ts', import.meta.url);
  const child = spawn(process.execPath, [...process.execArgv, script.pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let port = 0;
  for await (const line of createInterface(child.stdout)) {
    port = Number(line);
    break;
  }
  const held: Socket[] = [];
  const isFull = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(false));
      socket.on('error', () => undefined);
      held.push(socket);
      setTimeout(() => resolve(true), 500);
    });
  while (!(await isFull())) if (held.length > 64) throw new Error('The queue of the listener does not fill.');
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close: () => {
      for (const socket of held) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}
