import type { Claim, ConformanceCase } from './case.ts';

/** How a case ended. `refused`: the capability is not claimed, and the refusal was proved. */
export type Outcome = 'passed' | 'refused' | 'failed' | 'deviated';

/** One case that ran. */
export interface CaseRecord {
  readonly number: number;
  readonly title: string;
  readonly area: string;
  readonly claims: readonly Claim[];
  readonly outcome: Outcome;
  readonly milliseconds: number;
  /** Of a deviation whose claim was shown all the same. */
  readonly evidence?: 'scripted';
  /** Why a deviation, or the message of a failure. */
  readonly note?: string;
}

/** What the cases of one run have shown. */
export interface Evidence {
  readonly records: readonly CaseRecord[];
  add(record: CaseRecord): void;
}

/** An empty record. */
export function collectEvidence(): Evidence {
  const records: CaseRecord[] = [];
  return { records, add: (record) => void records.push(record) };
}

/** The title of a case as every report shows it. */
export function titleOf(test: ConformanceCase): string {
  return `#${test.number}${test.letter ?? ''} ${test.title}`;
}
