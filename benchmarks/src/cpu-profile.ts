import { mkdir, writeFile } from 'node:fs/promises';
import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { basename, join } from 'node:path';

/** Profiles some work, and leaves `<name>.cpuprofile` in a folder: open it in the DevTools of Chrome as a flame graph. */
export async function cpuProfile(folder: string, name: string, work: () => Promise<void>): Promise<Profiler.Profile> {
  await work();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.cpuprofile`), JSON.stringify(profile));
  return profile;
}

/** Where the time itself was spent, most of it first. */
export function topFunctions(
  profile: Profiler.Profile,
  most: number,
): { function: string; place: string; self: string }[] {
  const self = new Map<string, number>();
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const samples = profile.samples ?? [];
  for (const id of samples) {
    const frame = byId.get(id)?.callFrame;
    if (frame === undefined) continue;
    const name = `${frame.functionName || '(anonymous)'}\n${frame.url === '' ? '' : `${basename(frame.url)}:${frame.lineNumber + 1}`}`;
    self.set(name, (self.get(name) ?? 0) + 1);
  }
  return [...self]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([name, count]) => {
      const [functionName = '', place = ''] = name.split('\n');
      return { function: functionName, place, self: `${((100 * count) / samples.length).toFixed(1)} %` };
    });
}
