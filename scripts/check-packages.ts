/**
 * Packs every package as it would be published and looks at the tarball: publint and attw agree with it, the published
 * `exports` are the developed ones without their source condition, no declaration shows a private member (two copies of
 * a class with one are not assignable to each other), and nothing is imported that an install would not bring.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import ts from 'typescript';
import { pack } from './pack.ts';
import { codeEntries, type Manifest, type Package, publishedPackages, root } from './workspace.ts';

const tarballs = join(root, '.reports', 'tarballs');

const privateMember = /^\s+(?:(?:static|readonly|abstract) )*(?:private |protected |#)/m;

function run(command: string, args: string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
}

function withoutSource(manifest: Manifest): Record<string, unknown> {
  const published: Record<string, unknown> = { './package.json': './package.json' };
  for (const [subpath, { types, default: js }] of codeEntries(manifest)) published[subpath] = { types, default: js };
  return published;
}

function exportsAgree({ manifest }: Package): string[] {
  if (isDeepStrictEqual(withoutSource(manifest), manifest.publishConfig.exports)) return [];
  return ['publishConfig.exports is not exports without "@storage/source"'];
}

function privateMembers({ folder }: Package): string[] {
  const dist = join(folder, 'dist');
  return readdirSync(dist, { encoding: 'utf8', recursive: true })
    .filter((file) => file.endsWith('.d.ts'))
    .filter((file) => privateMember.test(readFileSync(join(dist, file), 'utf8')))
    .map((file) => `dist/${file} declares a private or protected member`);
}

/** The package of a specifier: `@a/b/c` is in `@a/b`. */
function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function undeclaredImports({ folder, manifest }: Package): string[] {
  const dist = join(folder, 'dist');
  const declared = new Set([
    manifest.name,
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ]);
  return readdirSync(dist, { encoding: 'utf8', recursive: true })
    .filter((file) => /\.(?:js|d\.ts)$/.test(file))
    .flatMap((file) =>
      ts
        .preProcessFile(readFileSync(join(dist, file), 'utf8'), true, true)
        .importedFiles.map(({ fileName }) => fileName)
        .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
        .filter((specifier) => !declared.has(packageOf(specifier)))
        .map((specifier) => `dist/${file} imports ${specifier}, which is neither a dependency nor a peer`),
    );
}

async function publintProblems(tarball: string): Promise<string[]> {
  const bytes = readFileSync(tarball);
  const packed = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: packed } });
  return messages.map((message) => `publint: ${formatMessage(message, pkg) ?? message.code}`);
}

function attwProblems(tarball: string): string[] {
  try {
    run('attw', [tarball, '--profile', 'esm-only', '--format', 'ascii'], root);
    return [];
  } catch (error) {
    return [`attw: ${(error as { stdout: string }).stdout}`];
  }
}

rmSync(tarballs, { recursive: true, force: true });
let failed = false;
for (const each of publishedPackages()) {
  const tarball = pack(each, tarballs);
  const problems = [
    ...exportsAgree(each),
    ...privateMembers(each),
    ...undeclaredImports(each),
    ...(await publintProblems(tarball)),
    ...attwProblems(tarball),
  ];
  console.log(problems.length === 0 ? `ok      ${each.manifest.name}` : `not ok  ${each.manifest.name}`);
  for (const problem of problems) console.log(`        ${problem}`);
  failed ||= problems.length > 0;
}
if (failed) process.exitCode = 1;
