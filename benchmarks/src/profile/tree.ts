import type { Profiler } from 'node:inspector';

/** A function as called by its caller; equal calls are one. */
export interface Frame {
  readonly name: string;
  readonly owner: string;
  /** Microseconds. */
  self: number;
  total: number;
  readonly calls: Map<string, Frame>;
}

/** Whose code it is: a package, `node`, `native`, or what V8 names in brackets. */
function ownerOf({ functionName, url }: Profiler.Profile['nodes'][number]['callFrame']): string {
  if (url.startsWith('node:')) return 'node';
  if (url === '') return functionName.startsWith('(') ? functionName : 'native';
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (installed !== undefined) return installed;
  const own = /packages\/([^/]+)\//.exec(url)?.[1];
  return own === undefined ? 'benchmark' : `@storage/${own}`;
}

/** Who called whom and for how long, without the time in which nothing was done. */
export function treeOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Frame {
  const self = new Map<number, number>();
  for (const [index, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + Math.max(0, timeDeltas[index] ?? 0));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const root: Frame = { name: 'all', owner: '(root)', self: 0, total: 0, calls: new Map() };

  function add(id: number, caller: Frame): number {
    const node = byId.get(id);
    if (node === undefined || node.callFrame.functionName === '(idle)') return 0;
    const { callFrame } = node;
    const name = callFrame.functionName === '' ? '(anonymous)' : callFrame.functionName;
    const owner = ownerOf(callFrame);
    const key = `${name} ${owner} ${callFrame.url}`;
    const frame = caller.calls.get(key) ?? { name, owner, self: 0, total: 0, calls: new Map() };
    caller.calls.set(key, frame);
    const own = self.get(id) ?? 0;
    frame.self += own;
    let total = own;
    for (const child of node.children ?? []) total += add(child, frame);
    frame.total += total;
    return total;
  }

  for (const child of nodes[0]?.children ?? []) root.total += add(child, root);
  return root;
}

/** Own time of each owner, or of each function with its owner: the most first. */
export function selfTimes(root: Frame, of: (frame: Frame) => string): [name: string, microseconds: number][] {
  const times = new Map<string, number>();
  const visit = (frame: Frame): void => {
    if (frame.self > 0) times.set(of(frame), (times.get(of(frame)) ?? 0) + frame.self);
    for (const call of frame.calls.values()) visit(call);
  };
  visit(root);
  return [...times].sort((a, b) => b[1] - a[1]);
}
