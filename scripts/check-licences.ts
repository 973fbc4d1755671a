/**
 * Looks at the licence of everything that is installed: what users get with a package must be permissive, tools may be
 * whatever does not reach into what they make. A licence that is not listed here fails, until somebody has read it.
 */
import { execFileSync } from 'node:child_process';
import { root } from './workspace.ts';

const permissive = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0'];
// Public domain, says the page.
const tv4 = 'http://geraintluff.github.io/tv4/LICENSE.txt';
const forTools = [...permissive, 'MPL-2.0', 'Python-2.0', 'WTFPL', 'Unlicense', 'CC0-1.0', 'CC-BY-4.0', 'AFL-2.1', tv4];

type Licences = Readonly<Record<string, readonly { readonly name: string }[]>>;

function installed(...options: string[]): Licences {
  const json = execFileSync('pnpm', ['--recursive', 'licenses', 'list', '--json', ...options], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  return JSON.parse(json) as Licences;
}

/** `(MIT OR CC0-1.0)` is a choice; of `A AND B` each has to be allowed. */
function allows(allowed: readonly string[], expression: string): boolean {
  const choices = expression.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((licence) => allowed.includes(licence.trim())));
}

function check(title: string, licences: Licences, allowed: readonly string[]): void {
  const refused = Object.entries(licences).filter(([licence]) => !allows(allowed, licence));
  const count = Object.values(licences).reduce((sum, packages) => sum + packages.length, 0);
  console.log(
    `${refused.length === 0 ? 'ok    ' : 'not ok'}  ${title}: ${String(count)} packages, ${Object.keys(licences).join(', ')}`,
  );
  for (const [licence, packages] of refused) {
    console.log(`        ${licence}: ${packages.map(({ name }) => name).join(', ')}`);
    process.exitCode = 1;
  }
}

check('what users install', installed('--prod'), permissive);
check('everything, tools included', installed(), forTools);
