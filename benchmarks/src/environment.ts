import { statfsSync } from 'node:fs';
import { cpus, platform, release } from 'node:os';

const tmpfs = 0x01021994;

/** What the figures depend on, for whoever reads them later. */
export function describeMachine(folder: string): { node: string; platform: string; cpus: string; fileSystem: string } {
  const [first] = cpus();
  return {
    node: process.versions.node,
    platform: `${platform()} ${release().split('-')[0] ?? ''}`,
    cpus: `${cpus().length} × ${first?.model.trim() ?? 'CPU'}`,
    fileSystem: statfsSync(folder).type === tmpfs ? 'tmpfs (memory)' : `the disk of ${folder}`,
  };
}
