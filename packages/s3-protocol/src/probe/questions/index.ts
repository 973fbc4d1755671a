import type { Question } from '../question.ts';
import { attributes } from './attributes.ts';
import { checksums } from './checksums.ts';
import { connections } from './connections.ts';
import { copies } from './copies.ts';
import { deletes } from './deletes.ts';
import { listings } from './listings.ts';
import { reads } from './reads.ts';
import { signing } from './signing.ts';
import { tiers } from './tiers.ts';
import { uploads } from './uploads.ts';
import { versions } from './versions.ts';
import { writes } from './writes.ts';

/** Everything that is asked, in the order of the table. */
export const questions: readonly Question[] = [
  ...writes,
  ...copies,
  ...deletes,
  ...reads,
  ...listings,
  ...attributes,
  ...checksums,
  ...uploads,
  ...versions,
  ...tiers,
  ...signing,
  ...connections,
];
