import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { setupClaims } from './setup-claims.ts';
import { setupClose } from './setup-close.ts';
import { setupLayers } from './setup-layers.ts';
import { setupStore } from './setup-store.ts';

export const setup: Area = defineArea({
  name: 'setup',
  title: 'A. Setup, lifecycle, identity',
  cases: [...setupStore, ...setupClose, ...setupClaims, ...setupLayers].toSorted((a, b) => a.number - b.number),
});
