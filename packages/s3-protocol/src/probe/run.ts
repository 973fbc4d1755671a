import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Answer, type ClaimName, claimNames, claimOf, type S3Claims } from './claims.ts';
import { cleanUp } from './clean-up.ts';
import { Place } from './place.ts';
import type { Question } from './question.ts';
import { questions } from './questions/index.ts';
import { clientOf, type ProbeTarget } from './target.ts';

/** What is asked, where, and what the answers are compared with. */
export interface ProbeOptions extends ProbeTarget {
  readonly claims: S3Claims;
}

/** One claim, and what the service did. */
export interface ProbeResult {
  readonly claim: ClaimName;
  /** What was sent, and what was looked at. */
  readonly asks: string;
  readonly claimed: Answer;
  readonly seen?: Answer;
  /** `open`: this bucket cannot tell; `failed`: the service could not be asked. */
  readonly outcome: 'agrees' | 'differs' | 'open' | 'failed';
  /** Why it is open or failed. */
  readonly reason?: string;
}

/** What a probe found. */
export interface ProbeReport {
  readonly results: readonly ProbeResult[];
  /** Claims that no request can show. */
  readonly notAsked: readonly string[];
}

/**
 * Asks a live service what it does and compares that with claims. Writes under a fresh prefix of the bucket, and removes
 * what it wrote.
 *
 * Rejects with the service's error when the bucket cannot be written to at all, or what was written not removed.
 *
 * @example
 * const { results } = await probe({ ...target, bucketName: 'scratch', claims: knownClaims.minio });
 * for (const { claim, claimed, seen } of results.filter(({ outcome }) => outcome === 'differs')) {
 *   console.log(claim, claimed, seen);
 * }
 */
export async function probe({ claims, ...target }: ProbeOptions): Promise<ProbeReport> {
  const client = clientOf(target, { keepAlive: false });
  const root = new Place(target, client, `storage-probe-${randomBytes(6).toString('hex')}/`);
  try {
    // What fails here fails everywhere, and is no answer.
    await root.put(root.key('begin'), 'text');
    try {
      return { results: await answersOf(root, claims), notAsked: notAsked(claims) };
    } finally {
      await cleanUp(root);
    }
  } finally {
    client.destroy();
  }
}

/** One question after the other: what one does to the service must not be the answer to another. */
async function answersOf(root: Place, claims: S3Claims): Promise<ProbeResult[]> {
  const results = [];
  for (const question of questions) {
    const place = new Place(root.target, root.client, root.key(`${question.claim}/`));
    results.push(await resultOf(question, place, claims));
    await place.abortAll();
  }
  return results;
}

async function resultOf(question: Question, place: Place, claims: S3Claims): Promise<ProbeResult> {
  const { claim, asks, bearsOut = isDeepStrictEqual } = question;
  const claimed = claimOf(claims, claim);
  const about = { claim, asks, claimed };
  try {
    const seen = await question.ask(place);
    if (isUnanswered(seen)) return { ...about, outcome: 'open', reason: seen.unanswered };
    return { ...about, seen, outcome: bearsOut(seen, claimed) ? 'agrees' : 'differs' };
  } catch (error) {
    return {
      ...about,
      outcome: 'failed',
      reason: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown',
    };
  }
}

function isUnanswered(seen: unknown): seen is { readonly unanswered: string } {
  return typeof seen === 'object' && seen !== null && 'unanswered' in seen;
}

function notAsked(claims: S3Claims): string[] {
  const asked = new Set<string>(questions.map(({ claim }) => claim));
  return claimNames(claims).filter((name) => !asked.has(name));
}
