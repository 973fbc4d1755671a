import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { peerCounts } from './peers-many.ts';
import { peerMemory } from './peers-memory.ts';
import { peerSafety } from './peers-safety.ts';
import { peerWrites } from './peers-write.ts';

export const peers: Area = defineArea({
  name: 'peers',
  title: 'P. Found in other libraries',
  cases: [...peerWrites, ...peerCounts, ...peerMemory, ...peerSafety].toSorted((a, b) => a.number - b.number),
});
