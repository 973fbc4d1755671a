import { fs } from 'files-sdk/fs';
import type { LocalStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverFiles } from '../files-sdk.ts';

export async function openFilesSdk({ folder }: LocalStore): Promise<Contender> {
  return contenderOverFiles(fs({ root: folder }), { multipart: false });
}
