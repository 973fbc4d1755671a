import type { Area } from '../case.ts';
import { conditions } from './conditions.ts';
import { deletion } from './delete.ts';
import { keys } from './keys.ts';
import { list } from './list.ts';
import { metadata } from './metadata.ts';
import { range } from './range.ts';
import { read } from './read.ts';
import { setup } from './setup.ts';
import { write } from './write.ts';

/** Every area of the contract, in the order of the list of cases. */
export const allAreas: readonly Area[] = [setup, keys, write, read, range, list, deletion, metadata, conditions];
