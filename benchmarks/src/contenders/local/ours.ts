import { LocalBackend } from '@storage/backend-local';
import type { LocalStore } from '../../services/store.ts';
import { contenderOver } from '../backend.ts';
import type { Contender } from '../contender.ts';

export async function openOurs({ folder }: LocalStore): Promise<Contender> {
  return contenderOver(new LocalBackend({ basePath: folder }));
}

export async function openOursWithoutVersions({ folder }: LocalStore): Promise<Contender> {
  return contenderOver(new LocalBackend({ basePath: folder, versions: false }));
}
