export type { S3Profile } from '../profile.ts';
export type { Answer, ClaimName, S3Claims } from './claims.ts';
export { knownClaims } from './claims.ts';
export type { ProbeOptions, ProbeReport, ProbeResult } from './run.ts';
export { probe } from './run.ts';
export { toTable } from './table.ts';
export type { ProbeTarget } from './target.ts';
