import fsDriver from 'unstorage/drivers/fs';
import type { LocalStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverUnstorage } from '../unstorage.ts';

export async function openUnstorage({ folder }: LocalStore): Promise<Contender> {
  return contenderOverUnstorage(fsDriver({ base: folder }));
}
