import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Audit } from '../../packages/conformance-tests/src/audit.ts';
import type { Capabilities } from '../../packages/core/src/capabilities.ts';

/** Backends by the heading of their column: the record that the package carries, and the file that a run of the suite wrote. */
export type Audited = Readonly<Record<string, { readonly record: Capabilities; readonly file: string }>>;

/** What the last runs of the suite showed; undefined where one of them is missing. */
export function auditsIn(folder: string, audited: Audited): ReadonlyMap<string, Audit> | undefined {
  const entries = Object.entries(audited).map(
    ([heading, { file }]) => [heading, join(folder, `${file}.json`)] as const,
  );
  if (!entries.every(([, path]) => existsSync(path))) return undefined;
  return new Map(entries.map(([heading, path]) => [heading, JSON.parse(readFileSync(path, 'utf8')) as Audit]));
}

/** Claims that a run did not show, and records that are not those that it was made with. */
export function faultsOf(audits: ReadonlyMap<string, Audit>, audited: Audited): string[] {
  return [...audits].flatMap(([heading, audit]) => {
    const record: unknown = JSON.parse(JSON.stringify(audited[heading]?.record));
    const stale = isDeepStrictEqual(audit.capabilities, record) ? [] : [`${heading}: the audit is of another record`];
    const open = audit.claims.filter((claim) => !claim.shown || claim.failures.length > 0);
    return [...stale, ...open.map(({ claim }) => `${heading}: no case shows ${claim}`)];
  });
}

/** Which cases show which claim, and what could not be shown. */
export function evidenceOf(audits: ReadonlyMap<string, Audit>): string {
  const all = [...audits.values()];
  const claims = [...new Set(all.flatMap((audit) => audit.claims.map(({ claim }) => claim)))];
  const rows = [
    ['claim', ...audits.keys()],
    ['---', ...all.map(() => '---')],
    ['shown on', ...all.map(({ evidence }) => (evidence === 'live' ? 'the real thing' : `an ${evidence}`))],
    ['cases passed', ...all.map((audit) => String(audit.cases.filter(({ outcome }) => outcome === 'passed').length))],
    ...claims.map((claim) => [`\`${claim}\``, ...all.map((audit) => casesOf(audit, claim))]),
  ];
  const table = rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return [table, ...[...audits].map(([heading, audit]) => deviationsOf(heading, audit))].filter(Boolean).join('\n\n');
}

function casesOf(audit: Audit, name: string): string {
  const claim = audit.claims.find((each) => each.claim === name);
  if (claim === undefined) return '';
  const [first, second, third, ...more] = claim.cases.map((number) => `#${String(number)}`);
  const shown = [first, second, third].filter((each) => each !== undefined).join(' ');
  return more.length === 0 ? shown : `${shown} +${String(more.length)}`;
}

function deviationsOf(heading: string, audit: Audit): string {
  const deviated = audit.cases.filter(({ outcome }) => outcome === 'deviated');
  if (deviated.length === 0) return '';
  const lines = deviated.map(({ number, title, note }) => `- #${String(number)} ${title}: ${note ?? ''}`);
  return [`What was not shown of ${heading}, and why:`, '', ...lines].join('\n');
}
