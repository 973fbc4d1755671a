import { log, progress } from '@clack/prompts';

/** A bar in a terminal; in a pipe or a log only its last line. Left without `close`, by an error, it ends as failed. */
export interface ProgressBar extends Disposable {
  advance(): void;
  close(message: string): void;
}

export function openProgressBar(max: number): ProgressBar {
  if (!process.stdout.isTTY) {
    return { advance: () => undefined, close: (message) => log.step(message), [Symbol.dispose]: () => undefined };
  }
  const bar = progress({ max, size: 40, style: 'block' });
  let isOpen = true;
  let done = 0;
  bar.start('Saving');
  return {
    advance: () => {
      done += 1;
      if (isOpen) bar.advance(1, `${String(done)} of ${String(max)}`);
    },
    close: (message) => {
      isOpen = false;
      bar.stop(message);
    },
    // A bar that goes on turning would keep the process alive.
    [Symbol.dispose]: () => {
      if (isOpen) bar.error('Not all files are saved');
      isOpen = false;
    },
  };
}
