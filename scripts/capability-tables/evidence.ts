import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Audit } from '../../packages/conformance-tests/src/audit.ts';
import type { Claim } from '../../packages/conformance-tests/src/case.ts';
import { type ClaimCoverage, type ClaimValue, claimsOf } from '../../packages/conformance-tests/src/claims.ts';
import type { Capabilities } from '../../packages/core/src/capabilities.ts';

/** A backend: the record that its package carries, and the files that runs of the suite wrote, the best evidence first. */
export interface Audited {
  readonly record: Capabilities;
  readonly files: readonly string[];
  /** Claims that rest on the documentation of the service: no server that runs here can show them. */
  readonly documented?: readonly Claim[];
}

/** The same with what is in the files. */
interface Shown {
  readonly heading: string;
  readonly claims: readonly ClaimValue[];
  readonly audits: readonly Audit[];
  readonly documented: readonly Claim[];
}

/** What the last runs of the suite showed; undefined where one of them is missing. */
export function auditsIn(folder: string, audited: Readonly<Record<string, Audited>>): readonly Shown[] | undefined {
  const pathOf = (file: string): string => join(folder, `${file}.json`);
  const all = Object.values(audited).flatMap(({ files }) => files);
  if (!all.map(pathOf).every(existsSync)) return undefined;
  return Object.entries(audited).map(([heading, { record, files, documented = [] }]) => ({
    heading,
    // As JSON has it: a file knows no `undefined`.
    claims: claimsOf(JSON.parse(JSON.stringify(record)) as Capabilities),
    audits: files.map((file) => JSON.parse(readFileSync(pathOf(file), 'utf8')) as Audit),
    documented,
  }));
}

/** Claims that no run showed with the value that the record has, and those that a run found to be false. */
export function faultsOf(backends: readonly Shown[]): string[] {
  return backends.flatMap(({ heading, claims, audits, documented }) => {
    const open = claims.filter((each) => proofOf(audits, each) === undefined && !documented.includes(each.claim));
    const proven = claims.filter((each) => proofOf(audits, each) !== undefined && documented.includes(each.claim));
    const failed = audits.flatMap((audit) => audit.claims.filter(({ failures }) => failures.length > 0));
    return [
      ...open.map(({ claim }) => `${heading}: no case shows ${claim}`),
      ...proven.map(({ claim }) => `${heading}: ${claim} is shown by now, and need not be documented`),
      ...failed.map(({ claim, failures }) => `${heading}: ${claim} failed in #${failures.join(', #')}`),
    ];
  });
}

/** Which cases show which claim, on what, and what could not be shown. */
export function evidenceOf(backends: readonly Shown[]): string {
  const names = [...new Set(backends.flatMap(({ claims }) => claims.map(({ claim }) => claim)))];
  const rows = [
    ['claim', ...backends.map(({ heading }) => heading)],
    ['---', ...backends.map(() => '---')],
    ['shown by', ...backends.map(({ audits }) => audits.map(runOf).join(', then '))],
    ...names.map((name) => [`\`${name}\``, ...backends.map((backend) => casesOf(backend, name))]),
  ];
  const table = rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const deviations = backends.flatMap(({ heading, audits }) => audits.map((audit) => deviationsOf(heading, audit)));
  return [table, ...deviations].filter(Boolean).join('\n\n');
}

interface Proof {
  readonly coverage: ClaimCoverage;
  readonly audit: Audit;
}

/** The best run that showed a claim with this very value. */
function proofOf(audits: readonly Audit[], { claim, value }: ClaimValue): Proof | undefined {
  for (const audit of audits) {
    const coverage = audit.claims.find((each) => each.claim === claim);
    if (coverage?.shown === true && isDeepStrictEqual(coverage.value, value)) return { coverage, audit };
  }
  return undefined;
}

function casesOf({ claims, audits, documented }: Shown, name: string): string {
  const claim = claims.find((each) => each.claim === name);
  if (claim === undefined) return '';
  const proof = proofOf(audits, claim);
  if (proof === undefined) return documented.includes(claim.claim) ? 'documented' : 'not shown';
  const { cases, scripted } = proof.coverage;
  const numbers = cases.length > 0 ? cases : scripted;
  const [first, second, third, ...more] = numbers.map((number) => `#${String(number)}`);
  const named = [first, second, third].filter((each) => each !== undefined).join(' ');
  const rest = more.length === 0 ? '' : ` +${String(more.length)}`;
  const kind = cases.length > 0 ? proof.audit.evidence : 'scripted';
  // The first kind is said above.
  return `${named}${rest}${kind === audits[0]?.evidence ? '' : ` (${kind})`}`;
}

function runOf({ evidence, cases }: Audit): string {
  const passed = cases.filter(({ outcome }) => outcome === 'passed').length;
  return `${evidence}: ${String(passed)} cases passed`;
}

function deviationsOf(heading: string, audit: Audit): string {
  const deviated = audit.cases.filter(({ outcome }) => outcome === 'deviated');
  if (deviated.length === 0) return '';
  const lines = deviated.map(({ number, title, note }) => `- #${String(number)} ${title}: ${note ?? ''}`);
  return [`What the run “${audit.backend}” did not show of ${heading}, and why:`, '', ...lines].join('\n');
}
