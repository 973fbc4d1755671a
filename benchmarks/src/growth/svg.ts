import { contenderOf } from '../contenders/find.ts';
import { escape } from '../report/svg.ts';
import { serviceOf } from '../services/index.ts';
import { type Curve, cpuOf, lineOf, type Measure, memoryOf, timeOf } from './curve.ts';
import { amount } from './markdown.ts';
import type { GrowthReport } from './report.ts';

const columns = 3;
const panel = { width: 400, height: 270 } as const;
const plot = { x: 58, y: 44, width: 320, height: 170 } as const;
const margin = 24;
const colours = { limit: '#9aa5b1', ours: '#1f7a4d', peer: '#7c93c3' } as const;

interface Panel {
  readonly curve: Curve;
  readonly title: string;
  readonly unit: string;
  readonly measures: readonly { readonly of: Measure; readonly dashed: boolean }[];
}

/** Lines, both scales logarithmic: what is in proportion is straight. */
export function growthSvg({ node, curves }: GrowthReport): string {
  const panels = curves.flatMap(panelsOf);
  const width = columns * panel.width + margin;
  const height = 64 + Math.ceil(panels.length / columns) * panel.height;
  const drawn = panels.map((each, index) => {
    const x = margin + (index % columns) * panel.width;
    const y = 64 + Math.floor(index / columns) * panel.height;
    return `<g transform="translate(${x} ${y})">${draw(each)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" role="img">`,
    '<title>Cost against work</title>',
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    `<text x="${margin}" y="32" font-size="18" font-weight="600" fill="#1c2430">Cost against work</text>`,
    `<text x="${margin}" y="52" fill="#5b6673">Node ${escape(node)}; both scales logarithmic; full lines: time, broken lines: client CPU; green: ours, grey: the limit, blue: client-s3</text>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function panelsOf(curve: Curve): Panel[] {
  const cost: Panel = {
    curve,
    title: curve.title,
    unit: 'µs per operation',
    measures: [
      { of: timeOf, dashed: false },
      { of: cpuOf, dashed: true },
    ],
  };
  if (curve.of !== 'bytes' && curve.axis !== 'keys-list') return [cost];
  const memory = { curve, title: `${curve.title}: memory`, unit: 'peak MiB above idle' };
  return [cost, { ...memory, measures: [{ of: memoryOf, dashed: false }] }];
}

function draw({ curve, title, unit, measures }: Panel): string {
  const contenders = [...new Set(curve.points.flatMap(({ results }) => results.map(({ contender }) => contender)))];
  const lines = contenders.flatMap((contender) =>
    measures.map(({ of, dashed }) => ({
      colour: colours[contenderOf(serviceOf(curve.service), contender).kind],
      dashed,
      points: lineOf(curve, contender, of).filter(({ x, y }) => x > 0 && y > 0),
    })),
  );
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const across = scale(
    all.map(({ x }) => x),
    plot.x,
    plot.width,
    1,
  );
  const up = scale(
    all.map(({ y }) => y),
    plot.y + plot.height,
    plot.height,
    -1,
  );
  const ticksAcross = [...new Set(all.map(({ x }) => x))].sort((a, b) => a - b);
  const every = Math.ceil(ticksAcross.length / 7);
  return [
    `<text y="16" font-size="13" font-weight="600" fill="#1c2430">${escape(title)}</text>`,
    `<text y="32" fill="#5b6673">${unit}, by ${curve.of}</text>`,
    `<rect x="${plot.x}" y="${plot.y}" width="${plot.width}" height="${plot.height}" fill="none" stroke="#d5dae0"/>`,
    ...ticksAcross
      .filter((_, index) => index % every === 0 || index === ticksAcross.length - 1)
      .map(
        (x) =>
          `<text x="${across(x).toFixed(1)}" y="${plot.y + plot.height + 16}" text-anchor="middle" fill="#5b6673">${amount(curve, x)}</text>`,
      ),
    ...decades(all.map(({ y }) => y)).map(
      (y) =>
        `<path d="M${plot.x} ${up(y).toFixed(1)}h${plot.width}" stroke="#eceff2"/><text x="${plot.x - 6}" y="${(up(y) + 4).toFixed(1)}" text-anchor="end" fill="#5b6673">${y.toLocaleString('en-US')}</text>`,
    ),
    ...lines.map(({ colour, dashed, points }) => {
      const path = points.map(
        ({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${across(x).toFixed(1)} ${up(y).toFixed(1)}`,
      );
      return `<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="2"${dashed ? ' stroke-dasharray="4 3"' : ''}/>`;
    }),
  ].join('');
}

function scale(values: readonly number[], from: number, length: number, direction: 1 | -1): (value: number) => number {
  const least = Math.floor(Math.log10(Math.min(...values)));
  const most = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...values))));
  return (value) => from + (direction * (Math.log10(value) - least) * length) / (most - least);
}

function decades(values: readonly number[]): number[] {
  const least = Math.floor(Math.log10(Math.min(...values)));
  const most = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: most - least + 1 }, (_, index) => 10 ** (least + index));
}
