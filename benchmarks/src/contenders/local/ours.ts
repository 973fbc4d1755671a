import { LocalBackend } from '@storage/backend-local';
import type { LocalStore } from '../../services/store.ts';
import { contenderOver } from '../backend.ts';
import type { Contender } from '../contender.ts';

export async function openOurs({ folder }: LocalStore): Promise<Contender> {
  return contenderOver(new LocalBackend({ basePath: folder }));
}

/** Nothing that was overwritten is forgotten. */
export async function openOursKeepingAll({ folder }: LocalStore): Promise<Contender> {
  return contenderOver(new LocalBackend({ basePath: folder, versions: { keep: 100_000 } }));
}

export async function openOursWithoutVersions({ folder }: LocalStore): Promise<Contender> {
  return contenderOver(new LocalBackend({ basePath: folder, versions: false }));
}
