import { basename, dirname } from 'node:path';
import { Provider } from '@tweedegolf/storage-abstraction';
import type { LocalStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverTweedegolf } from '../tweedegolf.ts';

export async function openTweedegolf({ folder }: LocalStore): Promise<Contender> {
  const config = { provider: Provider.LOCAL, directory: dirname(folder), bucketName: basename(folder) };
  return contenderOverTweedegolf(config, {});
}
