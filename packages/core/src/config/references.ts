import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Fault } from './option-faults.ts';
import type { Environment } from './origin.ts';
import { fromText, isFromText } from './text-options.ts';

type Options = Readonly<Record<string, unknown>>;

/** Options whose references have been followed, and what was wrong with those that could not be. */
export interface Resolved {
  readonly options: Options;
  readonly faults: readonly Fault[];
}

/**
 * Puts in place of `env:NAME` the variable, in place of `file:/path` the text of the file, at whatever depth. What it
 * finds is used as it is: a secret that itself looks like a reference is none.
 */
export async function resolveReferences(options: Options, env: Environment): Promise<Resolved> {
  const faults: Fault[] = [];
  let isText = isFromText(options);
  const resolved = (await visit(options, '')) as Options;
  return { options: isText ? fromText(resolved) : resolved, faults };

  async function visit(value: unknown, path: string): Promise<unknown> {
    if (isPlain(value)) {
      const members = Object.entries(value).map(async ([name, item]) => [name, await visit(item, `${path}.${name}`)]);
      return Object.fromEntries((await Promise.all(members)) as [string, unknown][]);
    }
    if (typeof value !== 'string' || !/^(?:env|file):/.test(value)) return value;
    // A text that is found stands for what its field says: `true` for a flag.
    isText = true;
    const answer = value.startsWith('env:') ? fromVariable(value.slice(4), env) : await fromFile(value);
    if ('text' in answer) return answer.text;
    faults.push({ path, message: answer.fault });
    return value;
  }
}

/** A client or a credential is used as it is. */
function isPlain(value: unknown): value is Options {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

type Answer = { readonly text: string } | { readonly fault: string };

function fromVariable(name: string, env: Environment): Answer {
  if (!/^[A-Za-z_]\w*$/.test(name)) return { fault: 'begins with env: but goes on with no name of a variable' };
  const text = env[name];
  if (text === undefined) return { fault: `refers to the variable ${name}, which is not set: set it` };
  return text === '' ? { fault: `refers to the variable ${name}, which is empty: give it a value` } : { text };
}

async function fromFile(reference: string): Promise<Answer> {
  let path = reference.slice('file:'.length);
  try {
    if (path.startsWith('//')) path = fileURLToPath(reference);
    const text = await readFile(path, 'utf8');
    // Editors and `echo` end a file with a line break; it is no part of the secret.
    const secret = text.replace(/\r?\n$/, '');
    return secret === '' ? { fault: `refers to ${path}, which is empty: write the value into it` } : { text: secret };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    return {
      fault: `refers to ${path || 'no file'}, which cannot be read (${why}): check the path and its permissions`,
    };
  }
}
