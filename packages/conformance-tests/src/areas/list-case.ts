import type { CaseContext } from '../case.ts';
import { inParallel } from '../parallel.ts';

/** Saves some keys whose order is plain, in several folders, and returns them in order. */
export async function saveSome({ backend, key }: CaseContext, howMany: number): Promise<readonly string[]> {
  const keys = Array.from({ length: howMany }, (_, index) =>
    key(`d${Math.floor(index / 4)}/k${String(index).padStart(2, '0')}`),
  );
  await inParallel(keys, (name) => backend.save(name, name));
  return keys.toSorted();
}
