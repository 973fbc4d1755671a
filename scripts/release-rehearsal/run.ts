import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Variables beside those of this process. */
export type Env = Readonly<Record<string, string>>;

/** What a command printed on its standard output. A failure carries everything that it printed. */
export async function run(command: string, args: readonly string[], cwd: string, env: Env = {}): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, [...args], {
      cwd,
      env: { ...inherited(), ...env },
      maxBuffer: 64 * 1024 * 1024,
      shell: process.platform === 'win32',
    });
    return stdout.trim();
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error([`${command} ${args.join(' ')} failed in ${cwd}`, stdout, stderr].join('\n'), { cause: error });
  }
}

/** This process's environment without what pnpm tells its scripts: a user's package manager has settings of its own. */
function inherited(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^p?npm_(?:config|package)_/i.test(name)));
}
