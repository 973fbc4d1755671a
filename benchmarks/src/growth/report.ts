import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { axes } from './axes.ts';
import type { Curve } from './curve.ts';
import { growthMarkdown } from './markdown.ts';
import { growthSvg } from './svg.ts';

export interface GrowthReport {
  readonly date: string;
  readonly node: string;
  readonly platform: string;
  readonly cpus: string;
  readonly rounds: number;
  readonly curves: readonly Curve[];
}

const folder = new URL('../../results/', import.meta.url);

/** Puts curves into `results/growth.*`, in place of those of the same axes; or into `partial-growth`, which is not kept. */
export function keepCurves(
  circumstances: Omit<GrowthReport, 'date' | 'curves'>,
  curves: readonly Curve[],
  keeps: boolean,
): void {
  const name = keeps ? 'growth' : 'partial-growth';
  const earlier = keeps ? read(name) : [];
  const all = [...earlier.filter(({ axis }) => curves.every((curve) => curve.axis !== axis)), ...curves];
  const order = axes.map(({ id }) => id);
  all.sort((a, b) => order.indexOf(a.axis) - order.indexOf(b.axis));
  const report: GrowthReport = { ...circumstances, date: new Date().toISOString(), curves: all };
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(new URL(`${name}.md`, folder), growthMarkdown(report));
  writeFileSync(new URL(`${name}.svg`, folder), growthSvg(report));
}

function read(name: string): readonly Curve[] {
  try {
    return (JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as GrowthReport).curves;
  } catch {
    return [];
  }
}
