import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { hostname } from 'node:os';
import type { Roots } from '../names/place.ts';

/** How often an owner shows that it is alive to those who cannot see its process. */
const heartbeatMs = 60_000;

/** Who holds a lock or has staged a file: enough for another process to tell whether it still runs. */
export interface OwnerIdentity {
  readonly id: string;
  readonly pid: number;
  /** When the process started, as its kernel counts; empty where that cannot be read. */
  readonly started: string;
  /** The run of the kernel; a reboot changes it. */
  readonly boot: string;
  /** Where `pid` counts; containers have their own. */
  readonly pidNamespace: string;
  /** The inode of the folder of locks: in a copy of a store it is another. */
  readonly home: number;
}

/** What is the same for all stores of this process. */
export type ProcessIdentity = Omit<OwnerIdentity, 'id' | 'home'>;

/** This instance's own directory for staged files, with the file that its locks are links of. */
export interface Owner {
  readonly id: string;
  readonly directory: string;
  /** Locks are links of this file, so that touching it touches them all. */
  readonly file: string;
  joined: boolean;
  staged: number;
  heartbeat: NodeJS.Timeout | undefined;
}

export function createOwner({ staging }: Roots): Owner {
  const id = `${process.pid.toString(36)}-${randomBytes(6).toString('hex')}`;
  const directory = `${staging}/${id}`;
  return { id, directory, file: `${directory}/owner`, joined: false, staged: 0, heartbeat: undefined };
}

export function startHeartbeat(owner: Owner): void {
  owner.heartbeat ??= setInterval(() => {
    const now = new Date();
    // When it cannot be touched, others take it for dead: that is what the time is for.
    fs.utimes(owner.file, now, now, () => undefined);
  }, heartbeatMs).unref();
}

export function stopHeartbeat(owner: Owner): void {
  clearInterval(owner.heartbeat);
  owner.heartbeat = undefined;
}

let self: ProcessIdentity | undefined;

/** Who this process is. */
export function ownIdentity(): ProcessIdentity {
  self ??= {
    pid: process.pid,
    started: processStart(process.pid) ?? '',
    boot: bootId(),
    pidNamespace: pidNamespace(),
  };
  return self;
}

/** When a process started, as its kernel counts; undefined when it is gone, or was killed and waits to be reaped. */
export function processStart(pid: number): string | undefined {
  const status = readOrEmpty(`/proc/${String(pid)}/stat`);
  // The second field is the name of the program, in parentheses, and may contain both.
  const [state, ...fields] = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : fields[18];
}

function bootId(): string {
  return readOrEmpty('/proc/sys/kernel/random/boot_id').trim() || hostname();
}

function pidNamespace(): string {
  try {
    return fs.readlinkSync('/proc/self/ns/pid');
  } catch {
    // Only Linux has namespaces.
    return '';
  }
}

function readOrEmpty(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    // Only Linux has /proc, and a process may be gone.
    return '';
  }
}
