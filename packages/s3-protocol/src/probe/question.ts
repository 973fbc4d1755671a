import type { Answer, ClaimName } from './claims.ts';
import type { Place } from './place.ts';

/** One thing that is asked of a service, to compare the answer with a claim. */
export interface Question {
  /** The claim that it speaks of. */
  readonly claim: ClaimName;
  /** What is sent, and what to look at. */
  readonly asks: string;
  /** Asks. Writes only under the prefix of `place`; rejects when the service cannot be asked. */
  ask(place: Place): Promise<Answer | Unanswered>;
  /** Whether an answer bears the claim out. @default equal to it */
  readonly bearsOut?: (seen: Answer, claimed: Answer) => boolean;
}

/** Why an answer cannot be had in this bucket. */
interface Unanswered {
  readonly unanswered: string;
}

/** A service that takes more than is claimed bears the claim out. */
export function atLeast(seen: Answer, claimed: Answer): boolean {
  return Number(seen) >= Number(claimed);
}

/** A service that asks for less than is claimed bears the claim out. */
export function atMost(seen: Answer, claimed: Answer): boolean {
  return Number(seen) <= Number(claimed);
}
