import { contenderOf } from '../contenders/find.ts';
import type { Report, Result, Row } from '../results.ts';
import type { Service } from '../services/service.ts';
import { rateText, ratioText } from './numbers.ts';

const columns = 2;
const panelWidth = 560;
const labelWidth = 232;
const barWidth = 190;
const lineHeight = 18;
const headHeight = 44;
const margin = 24;

const colours = { limit: '#9aa5b1', ours: '#1f7a4d', peer: '#7c93c3' } as const;

/** Each workload as bars, one panel beside another. */
export function svg(service: Service, report: Report): string {
  const lines = Math.max(...report.rows.map(({ results }) => results.length));
  const panelHeight = headHeight + lines * lineHeight + margin;
  const height = 64 + Math.ceil(report.rows.length / columns) * panelHeight;
  const width = columns * panelWidth + margin;
  const panels = report.rows.map((row, index) => {
    const x = margin + (index % columns) * panelWidth;
    const y = 64 + Math.floor(index / columns) * panelHeight;
    return `<g transform="translate(${x} ${y})">${panel(service, row)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img">`,
    `<title>${escape(service.title)}, side by side</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${margin}" y="32" font-size="18" font-weight="600" fill="#1c2430">${escape(service.title)}, side by side</text>`,
    `<text x="${margin}" y="52" fill="#5b6673">${escape(`Node ${report.node}, ${report.described}, medians; longer is better, but for ms; × = speed as a part of the limit`)}</text>`,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

function panel(service: Service, row: Row): string {
  const longest = Math.max(...row.results.map(({ rate }) => rate));
  const title = `<text y="24" font-size="14" font-weight="600" fill="#1c2430">${escape(row.title)} <tspan font-weight="400" fill="#5b6673">${row.unit}</tspan></text>`;
  return title + row.results.map((result, index) => bar(service, result, index, longest)).join('');
}

function bar(service: Service, result: Result, index: number, longest: number): string {
  const { kind, label } = contenderOf(service, result.contender);
  const y = headHeight + index * lineHeight;
  const length = Math.max(1, (result.rate / longest) * barWidth).toFixed(1);
  const weight = kind === 'ours' ? ' font-weight="600"' : '';
  return [
    `<text x="${labelWidth - 8}" y="${y}" text-anchor="end" fill="#1c2430"${weight}>${escape(shortLabel(label))}</text>`,
    `<rect x="${labelWidth}" y="${y - 11}" width="${length}" height="14" rx="2" fill="${colours[kind]}"/>`,
    `<text x="${labelWidth + Number(length) + 6}" y="${y}" fill="#5b6673">${rateText(result)} · ${ratioText(result)}</text>`,
  ].join('');
}

function shortLabel(label: string): string {
  return label.replace(/@storage\/backend-[a-z-]+/, 'ours');
}

export function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
