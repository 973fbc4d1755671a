import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { flameGraph } from './flame.ts';
import { type Frame, selfTimes, treeOf } from './tree.ts';

const ending = '.cpuprofile';
const functionsTold = 12;

/** A flame graph beside each profile of a folder, and one page about all. The profiles open in speedscope and DevTools too. */
export function writeProfiles(folder: string): void {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
  const sections = names.flatMap((name) => {
    const root = treeOf(JSON.parse(readFileSync(`${folder}/${name}${ending}`, 'utf8')) as Profiler.Profile);
    writeFileSync(`${folder}/${name}.svg`, flameGraph(name, root));
    return section(name, root);
  });
  const head = [
    '# Where the time goes',
    '',
    'CPU profiles of what the clock measures, sampled every 200 µs; what was idle is left out. In a picture, called functions are below their callers.',
    '',
  ];
  writeFileSync(`${folder}/index.md`, [...head, ...sections].join('\n'));
  console.log(`${names.length} profiles: ${folder}/index.md`);
}

function section(name: string, root: Frame): string[] {
  const percent = (microseconds: number): string => `${((microseconds / root.total) * 100).toFixed(1)} %`;
  const owners = selfTimes(root, ({ owner }) => owner).filter(([, time]) => time / root.total >= 0.01);
  const functions = selfTimes(root, (frame) => `\`${frame.name}\` of ${frame.owner}`).slice(0, functionsTold);
  return [
    `## ${name}`,
    '',
    `![Flame graph](${name}.svg)`,
    '',
    `Own time: ${owners.map(([owner, time]) => `${owner} ${percent(time)}`).join(', ')}.`,
    '',
    '| function | own time |',
    '| --- | --: |',
    ...functions.map(([told, time]) => `| ${told} | ${percent(time)} |`),
    '',
  ];
}
