import { redact } from '@storage/core/driver';
import { parseArguments, UsageError, usage } from './arguments.ts';
import { type ProbeOptions, type ProbeReport, probe } from './run.ts';
import { toTable } from './table.ts';

/** Where a command reads its environment and writes. */
interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Runs `storage-s3-probe` and resolves to its exit code. */
export async function runCommand(args: readonly string[], { env, stdout, stderr }: Terminal): Promise<0 | 1 | 2> {
  const fail = (message: string): 2 => {
    stderr.write(`storage-s3-probe: ${message}\n`);
    return 2;
  };
  try {
    const command = parseArguments(args, env);
    if (command === 'help') {
      stdout.write(usage);
      return 0;
    }
    const { json, options } = command;
    const report = await probe(options).catch((error: unknown) => fail(explain(error, options)));
    if (report === 2) return report;
    const text = json ? `${JSON.stringify(report, undefined, 2)}\n` : toTable(report);
    stdout.write(redact(text, secretsOf(options)));
    return isBorneOut(report) ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageError) return fail(`${error.message}; see --help`);
    throw error;
  }
}

function isBorneOut({ results }: ProbeReport): boolean {
  return results.every(({ outcome }) => outcome === 'agrees' || outcome === 'open');
}

function explain(error: unknown, options: ProbeOptions): string {
  const { message, name } = error instanceof Error ? error : { message: String(error), name: 'Error' };
  return redact(`${name}: ${message}`, secretsOf(options));
}

function secretsOf({ secretKey, sessionToken }: ProbeOptions): string[] {
  return sessionToken === undefined ? [secretKey] : [secretKey, sessionToken];
}
