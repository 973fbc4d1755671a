import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { abortedWrites } from './write-abort.ts';
import { writeAttributes } from './write-attributes.ts';
import { writeBodies } from './write-bodies.ts';
import { writeChecksums } from './write-checksums.ts';
import { writeLimits } from './write-limits.ts';
import { overwrites } from './write-overwrite.ts';
import { writeSizes } from './write-sizes.ts';
import { failingSources } from './write-sources.ts';

export const write: Area = defineArea({
  name: 'write',
  title: 'C. Write',
  cases: [
    ...writeBodies,
    ...writeAttributes,
    ...writeChecksums,
    ...overwrites,
    ...failingSources,
    ...abortedWrites,
    ...writeLimits,
    ...writeSizes,
  ].toSorted((a, b) => a.number - b.number),
});
