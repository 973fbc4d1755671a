import { escape } from '../report/svg.ts';
import type { Frame } from './tree.ts';

const width = 1200;
const lineHeight = 16;
const top = 58;
/** Narrower than this part of the whole is not drawn. */
const least = 0.004;
const deepest = 40;

const colours: readonly (readonly [begins: string, name: string, colour: string])[] = [
  ['@storage/', 'ours', '#7fc8a0'],
  ['@aws', 'SDK', '#f2b279'],
  ['@smithy', 'SDK', '#f2b279'],
  ['@azure', 'SDK', '#f2b279'],
  ['node', 'Node', '#a9bfe3'],
  ['native', 'native', '#c9b6e4'],
  ['(', 'V8', '#d9d9d9'],
  ['benchmark', 'the benchmark', '#e8e3c3'],
];

function colourOf(owner: string): string {
  return colours.find(([begins]) => owner.startsWith(begins))?.[2] ?? '#f5d0a9';
}

/** Called functions below their callers, as wide as the time they took; what was idle is left out. */
export function flameGraph(title: string, root: Frame): string {
  const drawn: string[] = [];
  let depths = 0;

  function draw(frame: Frame, x: number, depth: number): void {
    const part = frame.total / root.total;
    if (part < least || depth > deepest) return;
    depths = Math.max(depths, depth + 1);
    const wide = part * width;
    const label = `${frame.name} (${frame.owner})`;
    const letters = Math.floor(wide / 6.2);
    const text = letters < 4 ? '' : frame.name.slice(0, letters);
    const y = top + depth * lineHeight;
    drawn.push(
      `<g><title>${escape(label)}: ${(part * 100).toFixed(1)} %</title><rect x="${x.toFixed(1)}" y="${y}" width="${wide.toFixed(1)}" height="15" fill="${colourOf(frame.owner)}"/>` +
        `${text === '' ? '' : `<text x="${(x + 2).toFixed(1)}" y="${y + 11}">${escape(text)}</text>`}</g>`,
    );
    let at = x;
    for (const call of [...frame.calls.values()].sort((a, b) => b.total - a.total)) {
      draw(call, at, depth + 1);
      at += (call.total / root.total) * width;
    }
  }
  draw(root, 0, 0);

  const names = [...new Map(colours.map(([, name, colour]) => [name, colour]))];
  const legend = names.map(
    ([name, colour], index) =>
      `<rect x="${index * 130}" y="34" width="12" height="12" fill="${colour}"/><text x="${index * 130 + 16}" y="44">${name}</text>`,
  );
  const height = top + depths * lineHeight + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="10.5" fill="#1c2430" role="img">`,
    `<title>${escape(title)}</title><rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="0" y="20" font-size="15" font-weight="600">${escape(title)}</text>`,
    ...legend,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}
