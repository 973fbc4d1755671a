import { expect, test } from 'vitest';
import { auditMarkdown } from '../src/audit-markdown.ts';
import { coverage } from '../src/claims.ts';
import type { CaseRecord } from '../src/evidence.ts';

const record = (number: number, more: Partial<CaseRecord>): CaseRecord => ({
  number,
  title: `case ${String(number)}`,
  area: 'delete',
  claims: ['mustExistDelete'],
  outcome: 'passed',
  milliseconds: 1,
  ...more,
});

test('a claim that scripted answers showed is printed as such, another deviation and a case as what they are', () => {
  const records = [
    record(1, {}),
    record(2, { outcome: 'deviated', note: 'the emulator cannot' }),
    record(3, { outcome: 'deviated', note: 'the emulator cannot either', evidence: 'scripted' }),
  ];
  const claims = coverage([{ claim: 'mustExistDelete', value: true }], records, true);
  expect(claims).toMatchObject([{ shown: true, cases: [1], deviations: [2, 3], scripted: [3] }]);
  const audit = { backend: 'b', evidence: 'emulator', capabilities: {} as never, claims, cases: records } as const;
  expect(auditMarkdown([audit])).toContain('| `mustExistDelete` | true (#1 deviation #2 scripted #3) |');
});
