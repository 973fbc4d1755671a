const width = 28;

/** A bar on a terminal; elsewhere nothing, since the tables tell how far it is. */
export interface ProgressBar {
  step(label: string): void;
  clear(): void;
}

export function createProgressBar(total: number, output: NodeJS.WriteStream = process.stderr): ProgressBar {
  let done = 0;
  if (!output.isTTY) return { step: () => undefined, clear: () => undefined };
  return {
    step(label) {
      const filled = Math.round((done / total) * width);
      const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
      output.write(`\r\u001b[2K${bar} ${Math.floor((done / total) * 100)} %  ${label}`);
      done += 1;
    },
    clear: () => void output.write('\r\u001b[2K'),
  };
}
