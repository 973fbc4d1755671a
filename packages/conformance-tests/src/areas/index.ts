import type { Area } from '../case.ts';
import { concurrency } from './concurrency.ts';
import { conditions } from './conditions.ts';
import { copy } from './copy.ts';
import { deletion } from './delete.ts';
import { errors } from './errors.ts';
import { faults } from './faults.ts';
import { keys } from './keys.ts';
import { lifecycle } from './lifecycle.ts';
import { list } from './list.ts';
import { metadata } from './metadata.ts';
import { model } from './model.ts';
import { multipart } from './multipart.ts';
import { peers } from './peers.ts';
import { range } from './range.ts';
import { read } from './read.ts';
import { setup } from './setup.ts';
import { sign } from './sign.ts';
import { tiers } from './tiers.ts';
import { versions } from './versions.ts';
import { write } from './write.ts';

/** Every area of the contract, in the order of the list of cases. */
export const allAreas: readonly Area[] = [
  setup,
  keys,
  write,
  read,
  range,
  list,
  deletion,
  copy,
  metadata,
  conditions,
  multipart,
  sign,
  concurrency,
  faults,
  errors,
  versions,
  peers,
  tiers,
  lifecycle,
  model,
];
