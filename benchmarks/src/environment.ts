import { cpus, platform, release } from 'node:os';

/** What the figures depend on, for whoever reads them later. */
export function describeMachine(): { node: string; platform: string; cpus: string } {
  const [first] = cpus();
  return {
    node: process.versions.node,
    platform: `${platform()} ${release().split('-')[0] ?? ''}`,
    cpus: `${cpus().length} × ${first?.model.trim() ?? 'CPU'}`,
  };
}
