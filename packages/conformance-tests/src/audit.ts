import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Capabilities } from '@storage/core';
import { auditMarkdown } from './audit-markdown.ts';
import type { Run } from './case-run.ts';
import type { ClaimCoverage } from './claims.ts';
import { claimsOf, coverage } from './claims.ts';
import type { CaseRecord, Evidence } from './evidence.ts';
import type { EvidenceKind } from './harness.ts';

/** What one run has shown of one backend's claims. */
export interface Audit {
  readonly backend: string;
  readonly evidence: EvidenceKind;
  readonly capabilities: Capabilities;
  readonly claims: readonly ClaimCoverage[];
  readonly cases: readonly CaseRecord[];
}

/** The case that judges the others: it runs last. */
export const auditCase: {
  readonly number: 7;
  readonly title: string;
  run: () => Promise<void>;
  check: (input: { readonly run: Run; readonly evidence: Evidence; readonly complete: boolean }) => void;
} = {
  number: 7,
  title: 'every claim has an executed case, and what is not claimed was refused',
  run: () => Promise.reject(new Error('The audit needs the evidence of a run.')),
  check: ({ run, evidence, complete }) => {
    const { shared } = run;
    assert.ok(shared, 'the run is open');
    const claims = coverage(claimsOf(shared.capabilities), evidence.records, complete);
    const open = claims
      .filter((claim) => !claim.shown)
      .map((claim) => `${claim.claim} = ${JSON.stringify(claim.value)}`);
    assert.deepEqual(open, [], 'claims that no executed case proves');
  },
};

/** Writes the audit of one run as JSON, and all audits of the folder as one Markdown page. */
export async function writeAudit(input: {
  readonly name: string;
  readonly run: Run;
  readonly evidence: Evidence;
}): Promise<void> {
  const { run, evidence, name } = input;
  const folder = auditFolder();
  if (folder === undefined || run.shared === undefined) return;
  const { capabilities } = run.shared;
  const audit: Audit = {
    backend: name,
    evidence: run.harness.evidence ?? 'live',
    capabilities,
    claims: coverage(claimsOf(capabilities), evidence.records, true),
    cases: evidence.records,
  };
  await mkdir(folder, { recursive: true });
  await replace(join(folder, `${name.replaceAll(/[^\w-]+/g, '-')}.json`), `${JSON.stringify(audit, undefined, 2)}\n`);
  await replace(join(folder, 'claims.md'), auditMarkdown(await readAudits(folder)));
}

/** Every audit of a folder, by name of the backend. */
export async function readAudits(folder: string): Promise<readonly Audit[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as Audit));
}

/** Beside the suite's sources; an installed suite writes only where it is told to. */
function auditFolder(): string | undefined {
  const told = process.env['STORAGE_AUDIT_DIR'];
  if (told !== undefined && told !== '') return told;
  const installed = import.meta.dirname.includes('node_modules');
  return installed ? undefined : join(import.meta.dirname, '..', '.audit');
}

/** Several runs may write the same page at once: the last one has read all that were there. */
async function replace(path: string, text: string): Promise<void> {
  const staged = `${path}.${process.pid}.tmp`;
  await writeFile(staged, text);
  await rename(staged, path);
}
