import { onPath } from './programs.ts';
import { pythonWith } from './python-packages.ts';

/** How moto is started as a process. */
export interface MotoProgram {
  readonly file: string;
  readonly args: readonly string[];
}

/** `moto_server` from PATH, or moto in a Python environment of its own, which is installed once into the cache. */
export async function motoProgram(): Promise<MotoProgram> {
  const found = await onPath('moto_server');
  if (found !== undefined) return { file: found, args: [] };
  // By the module, not by the script beside it: that holds the path where it was installed first.
  return { file: await pythonWith('moto[server,s3]==5.2.3'), args: ['-m', 'moto.server'] };
}
