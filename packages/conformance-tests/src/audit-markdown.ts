import type { Audit } from './audit.ts';
import type { ClaimCoverage } from './claims.ts';

/** All audits as one page: a table of claims by backend, each cell with its value and the cases that show it. */
export function auditMarkdown(audits: readonly Audit[]): string {
  const claims = [...new Set(audits.flatMap((audit) => audit.claims.map((claim) => claim.claim)))];
  const rows = claims.map((claim) => {
    const cells = audits.map((audit) => cell(audit.claims.find((candidate) => candidate.claim === claim)));
    return `| \`${claim}\` | ${cells.join(' | ')} |`;
  });
  return [
    '# Claims and their evidence',
    '',
    'Each cell: what the backend claims, and the numbers of the conformance cases that showed it.',
    '',
    `| claim | ${audits.map((audit) => audit.backend).join(' | ')} |`,
    `|---|${audits.map(() => '---|').join('')}`,
    `| evidence | ${audits.map((audit) => audit.evidence).join(' | ')} |`,
    `| cases passed | ${audits.map((audit) => tally(audit)).join(' | ')} |`,
    ...rows,
    '',
    ...audits.flatMap(deviationList),
  ].join('\n');
}

function cell(claim: ClaimCoverage | undefined): string {
  if (claim === undefined) return '–';
  const value = Array.isArray(claim.value) ? claim.value.join(', ') : String(claim.value);
  const cases = claim.cases.map((number) => `#${number}`).join(' ');
  const deviations = claim.deviations
    .map((number) => `${claim.scripted.includes(number) ? 'scripted' : 'deviation'} #${number}`)
    .join(' ');
  const failures = claim.failures.map((number) => `**fails #${number}**`).join(' ');
  const evidence = [cases, deviations, failures].filter((part) => part !== '').join(' ');
  return `${value} (${evidence === '' ? '**not shown**' : evidence})`.replaceAll('|', '\\|');
}

function tally(audit: Audit): string {
  const of = (outcome: string): number => audit.cases.filter((record) => record.outcome === outcome).length;
  return `${of('passed')} + ${of('refused')} refusals, ${of('deviated')} deviations, ${of('failed')} failures`;
}

function deviationList(audit: Audit): readonly string[] {
  const deviations = audit.cases.filter((record) => record.outcome === 'deviated');
  if (deviations.length === 0) return [];
  const lines = deviations.map((record) => `- #${record.number} ${record.title}: ${record.note ?? ''}`);
  return [`## Deviations of ${audit.backend}`, '', ...lines, ''];
}
