import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { breaksBetween } from '../breaking/declarations.ts';

function report(code: string): string {
  return `## API Report\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
}

const before = `
// @public
export class Store {
    constructor(options: Options);
    // Warning: something
    save(key: string): Promise<void>;
}

// @public (undocumented)
export interface Options {
    readonly name?: string;
    readonly path: string;
}

// @public
export function open(path: string): Store;

// @public
export type Tier = 'hot' | 'cool';

// @public
export const codes: readonly string[];
`;

describe('breaksBetween', () => {
  test.each<[what: string, after: string, breaks: string[]]>([
    ['nothing', before, []],
    ['comments', before.replace('// Warning: something\n', '').replace('(undocumented)', ''), []],
    ['a new method', before.replace('save(', 'drop(): void;\n    save('), []],
    ['a new function', `${before}\nexport function close(): void;`, []],
    ['a new option', before.replace('readonly path', 'readonly more?: number;\n    readonly path'), []],
    [
      'a new required member',
      before.replace('readonly path', 'readonly more: number;\n    readonly path'),
      ['Options.more is required of a Options anew'],
    ],
    ['a method that is gone', before.replace('save(key: string): Promise<void>;', ''), ['Store.save is gone']],
    ['a function that is gone', before.replace('export function open(path: string): Store;', ''), ['open is gone']],
    ['another signature', before.replace('open(path: string)', 'open(path: URL)'), ['open was']],
    ['another constructor', before.replace('options: Options', 'options: string'), ['Store.Constructor was']],
    ['an option that must be given', before.replace('name?:', 'name:'), ['Options.name was']],
    ['another type', before.replace(`'cool'`, `'cold'`), ['Tier was']],
    ['another constant', before.replace('readonly string[]', 'readonly number[]'), ['codes was']],
  ])('%s', (_, after, breaks) => {
    const found = breaksBetween(report(before), report(after));
    expect(found).toHaveLength(breaks.length);
    for (const [index, text] of breaks.entries()) expect(found[index]).toContain(text);
  });
});

describe('check-breaking', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'check-breaking-'));
    mkdirSync(join(root, 'packages/demo/etc'), { recursive: true });
    mkdirSync(join(root, '.changeset'));
    writeFileSync(join(root, 'packages/demo/package.json'), JSON.stringify({ name: '@demo/core', exports: {} }));
    writeApi(before);
    git('init', '--quiet');
    git('add', '.');
    git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'release');
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function git(...args: string[]): void {
    execFileSync('git', args, { cwd: root });
  }

  function writeApi(code: string): void {
    writeFileSync(join(root, 'packages/demo/etc/index.api.md'), report(code));
  }

  function changeset(bump: string, text = ''): void {
    writeFileSync(join(root, '.changeset/a-change.md'), `---\n'@demo/core': ${bump}\n---\n\n${text}\n`);
  }

  function run(): { readonly passes: boolean; readonly said: string } {
    const script = join(import.meta.dirname, '..', 'check-breaking.ts');
    try {
      return { passes: true, said: execFileSync(process.execPath, [script, '--root', root], { encoding: 'utf8' }) };
    } catch (error) {
      return { passes: false, said: (error as { stdout: string }).stdout };
    }
  }

  test('has nothing to say before the first release', () => {
    writeApi('');
    expect(run()).toMatchObject({ passes: true, said: expect.stringContaining('never released') });
  });

  test('fails a break without a changeset, and with one that is not major', () => {
    git('tag', '@demo/core@1.0.0');
    expect(run().passes).toBe(true);
    writeApi(before.replace('save(key', 'save(path'));
    expect(run()).toMatchObject({ passes: false, said: expect.stringContaining('Store.save was') });
    changeset('minor');
    expect(run().passes).toBe(false);
    changeset('major');
    expect(run()).toMatchObject({ passes: true, said: expect.stringContaining('a major changeset') });
  });

  test('compares with the newest release, and sees an entry that is gone', () => {
    git('tag', '@demo/core@9.0.0');
    writeApi('');
    git('add', '.');
    git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'next');
    git('tag', '@demo/core@10.0.0');
    expect(run().passes).toBe(true);
    rmSync(join(root, 'packages/demo/etc/index.api.md'));
    expect(run()).toMatchObject({ passes: false, said: expect.stringContaining('the entry of index.api.md is gone') });
  });

  test('believes a changeset that calls a change compatible', () => {
    git('tag', '@demo/core@1.0.0');
    writeApi(before.replace('save(key: string)', 'save(key: string, more?: number)'));
    expect(run().passes).toBe(false);
    changeset('minor', 'compatible: Store.save');
    expect(run().passes).toBe(true);
  });

  test('believes the changelog, where the versions are made and the changesets used up', () => {
    const changelog = (text: string): void =>
      writeFileSync(
        join(root, 'packages/demo/CHANGELOG.md'),
        `# @demo/core\n\n${text}\n\n## 1.0.0\n\n### Major Changes\n`,
      );
    git('tag', '@demo/core@1.0.0');
    writeApi(before.replace('save(key', 'save(path'));
    changelog('## 1.1.0\n\n### Minor Changes\n\n- 1234567: More.');
    expect(run().passes).toBe(false);
    changelog('## 1.1.0\n\n### Minor Changes\n\n- 1234567: More.\n\n  compatible: Store.save');
    expect(run().passes).toBe(true);
    changelog('## 2.0.0\n\n### Major Changes\n\n- 1234567: Other.');
    expect(run().passes).toBe(true);
  });

  test('compares with a release, not with a prerelease after it', () => {
    git('tag', '@demo/core@1.0.0');
    writeApi(before.replace('save(key', 'save(path'));
    git('add', '.');
    git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'next');
    git('tag', '@demo/core@1.1.0-next.0');
    expect(run().passes).toBe(false);
  });
});
