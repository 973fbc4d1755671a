import type { Area } from '../case.ts';
import { defineArea } from '../case.ts';
import { keysApart } from './keys-apart.ts';
import { keyCharacters } from './keys-characters.ts';
import { keyFolders } from './keys-folders.ts';
import { keyPaths } from './keys-paths.ts';
import { keysRefused } from './keys-refused.ts';

export const keys: Area = defineArea({
  name: 'keys',
  title: 'B. Keys',
  cases: [...keyPaths, ...keysRefused, ...keyCharacters, ...keysApart, ...keyFolders].toSorted(
    (a, b) => a.number - b.number,
  ),
});
