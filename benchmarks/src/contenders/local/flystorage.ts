import { LocalStorageAdapter } from '@flystorage/local-fs';
import type { LocalStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverFlystorage } from '../flystorage.ts';

export async function openFlystorage({ folder }: LocalStore): Promise<Contender> {
  return contenderOverFlystorage(new LocalStorageAdapter(folder));
}
