export type { Audit } from './audit.ts';
export { readAudits } from './audit.ts';
export { auditMarkdown } from './audit-markdown.ts';
export type { AreaName, CaseContext, Claim, FaultyBackend, ProxiedBackend } from './case.ts';
export type { ClaimCoverage, ClaimValue } from './claims.ts';
export type { CaseRecord, Outcome } from './evidence.ts';
export type {
  BackendServer,
  Deviation,
  Deviations,
  EvidenceKind,
  Harness,
  HarnessExtra,
  Leftover,
  Limits,
  MakeOptions,
  Planted,
} from './harness.ts';
export { answerMeasurements } from './measure.ts';
export type { ConformanceOptions, EvaluateOptions, TestApi } from './run-conformance.ts';
export { evaluate, runConformance } from './run-conformance.ts';
