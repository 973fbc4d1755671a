import type { ConnectionFault, ProxiedRequest, ProxyRule } from './connection-fault.ts';

/** Chooses the fault of each request. */
export type ChooseFault = (request: ProxiedRequest) => ConnectionFault | undefined;

/** A fresh count of what each rule has seen. */
export function chooser(rules: readonly ProxyRule[]): ChooseFault {
  const seen = rules.map(() => new Map<string, number>());
  return (request) => {
    for (const [index, rule] of rules.entries()) {
      const { skip = 0, times = 1, each = false } = rule;
      const counts = seen[index] as Map<string, number>;
      const counted = each ? `${request.method} ${request.path}` : '';
      const before = counts.get(counted) ?? 0;
      if (before >= skip + times || !matches(rule, request)) continue;
      counts.set(counted, before + 1);
      return before < skip ? undefined : rule.fault;
    }
    return undefined;
  };
}

function matches({ method, path, query, when }: ProxyRule, request: ProxiedRequest): boolean {
  if (method !== undefined && ![method].flat().includes(request.method)) return false;
  if (typeof path === 'string' && !request.path.endsWith(path)) return false;
  if (path instanceof RegExp && !path.test(request.path)) return false;
  if (typeof query === 'string' && !new URLSearchParams(request.query).has(query)) return false;
  if (query instanceof RegExp && !query.test(request.query)) return false;
  return when?.(request) ?? true;
}
