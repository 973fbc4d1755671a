import { basename, dirname } from 'node:path';
import { fs } from '@storagesdk/adapters/fs';
import type { LocalStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverStoragesdk } from '../storagesdk.ts';

export async function openStoragesdk({ folder }: LocalStore): Promise<Contender> {
  return contenderOverStoragesdk(fs({ root: dirname(folder), folder: basename(folder) }));
}
