import type { Capabilities } from '@storage/core';
import type { Claim } from './case.ts';
import type { CaseRecord } from './evidence.ts';

/** A claim and what the record says of it. */
export interface ClaimValue {
  readonly claim: Claim;
  readonly value: unknown;
}

/** A claim and the cases that show it. */
export interface ClaimCoverage extends ClaimValue {
  /** Whether enough cases ran. */
  readonly shown: boolean;
  /** Numbers of the cases that passed, the refusal of what is not claimed included. */
  readonly cases: readonly number[];
  readonly deviations: readonly number[];
  /** Those of the deviations whose claim was shown against scripted answers. */
  readonly scripted: readonly number[];
  readonly failures: readonly number[];
}

/** Claims whose members are claims of their own. */
const compound: readonly string[] = ['multipart', 'sign', 'singlePut'];

/** Claims where `false` is a refusal that must be proved; of the others, `false` describes a behaviour. */
const refusable: ReadonlySet<Claim> = new Set([
  'listMetadata',
  'ifAbsentPut',
  'ifMatchPut',
  'ifNoneMatchPut',
  'ifAbsentCopy',
  'ifMatchCopy',
  'sourceIfMatchCopy',
  'ifMatchDelete',
  'mustExistDelete',
  'ifMatchMetadata',
  'modifiedSinceRead',
  'multipart',
  'copy',
  'setMetadata',
  'sign',
  'versions',
  'undelete',
  'tiers',
  'archiveTiers',
  'tags',
  'sign.bindsContentType',
  'sign.bindsContentLength',
  'sign.bindsChecksum',
  'sign.bindsIfAbsent',
  'sign.responseHeaders',
  'sign.uploadForm',
] satisfies Claim[]);

/** Every claim of a record, members of compound ones apart. */
export function claimsOf(capabilities: Capabilities): readonly ClaimValue[] {
  return Object.entries(capabilities as unknown as Record<string, unknown>).flatMap(([name, value]): ClaimValue[] => {
    const own = { claim: name as Claim, value };
    if (!compound.includes(name) || typeof value !== 'object' || value === null) return [own];
    const members = Object.entries(value as Record<string, unknown>).map(([member, inner]) => ({
      claim: `${name}.${member}` as Claim,
      value: inner,
    }));
    return name === 'singlePut' ? members : [{ ...own, value: true }, ...members];
  });
}

/** What the records show of each claim. `complete`: a claim without any case is not shown. */
export function coverage(
  claims: readonly ClaimValue[],
  records: readonly CaseRecord[],
  complete: boolean,
): readonly ClaimCoverage[] {
  return claims.map(({ claim, value }) => {
    const of = records.filter((record) => record.claims.includes(claim));
    const wanted = value === false && refusable.has(claim) ? 'refused' : 'passed';
    const cases = numbers(of.filter((record) => record.outcome === wanted));
    const deviations = numbers(of.filter((record) => record.outcome === 'deviated'));
    const scripted = numbers(of.filter((record) => record.outcome === 'deviated' && record.evidence === 'scripted'));
    const failures = numbers(of.filter((record) => record.outcome === 'failed'));
    const shown =
      failures.length === 0 && (cases.length > 0 || deviations.length > 0 || (!complete && of.length === 0));
    return { claim, value, shown, cases, deviations, scripted, failures };
  });
}

function numbers(records: readonly CaseRecord[]): readonly number[] {
  return [...new Set(records.map((record) => record.number))].toSorted((a, b) => a - b);
}
