import { Operator } from 'opendal';
import type { LocalStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverOpendal } from '../opendal.ts';

export async function openOpendal({ folder }: LocalStore): Promise<Contender> {
  return contenderOverOpendal(new Operator('fs', { root: folder }), { keepsAttributes: false });
}
