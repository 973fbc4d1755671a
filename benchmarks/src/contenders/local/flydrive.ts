import { FSDriver } from 'flydrive/drivers/fs';
import type { LocalStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverFlydrive } from '../flydrive.ts';

export async function openFlydrive({ folder }: LocalStore): Promise<Contender> {
  return contenderOverFlydrive(new FSDriver({ location: folder, visibility: 'private' }), { unsized: true });
}
