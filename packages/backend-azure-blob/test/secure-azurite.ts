import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { TokenCredential } from '../src/index.ts';

/** An Azurite process with TLS, which takes tokens of Microsoft Entra ID as well as its key. */
export interface SecureAzurite {
  readonly endpointUrl: string;
  readonly accountName: string;
  readonly accountKey: string;
  /** Its own certificate, as PEM. */
  readonly ca: string;
  stop(): Promise<void>;
}

const accountName = 'storagetests';
const accountKey = Buffer.alloc(64, 'k').toString('base64');

/** Starts it with a certificate made for this run by OpenSSL. */
export async function startSecureAzurite(): Promise<SecureAzurite> {
  const folder = await mkdtemp(join(tmpdir(), 'secure-azurite-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  await promisify(execFile)('openssl', [...request, ...names, '-keyout', key, '-out', cert]);

  const port = await freePort();
  const flags = ['--inMemoryPersistence', '--silent', '--skipApiVersionCheck', '--disableTelemetry'];
  const child = spawn(
    process.execPath,
    [azuriteMain(), '--blobPort', String(port), '--cert', cert, '--key', key, '--oauth', 'basic', ...flags],
    { env: { ...process.env, AZURITE_ACCOUNTS: `${accountName}:${accountKey}` }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  await said(child, 'successfully listens');
  return {
    endpointUrl: `https://127.0.0.1:${port}/${accountName}`,
    accountName,
    accountKey,
    ca: await readFile(cert, 'utf8'),
    stop: async () => {
      process.removeListener('exit', kill);
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        kill();
        await gone;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A credential whose tokens say what the emulator checks; it does not check who signed them. */
export function credentialOf(claims: Readonly<Record<string, unknown>> = {}): TokenCredential & { asked: number } {
  const id = '00000000-0000-0000-0000-000000000001';
  const seconds = Math.floor(Date.now() / 1000);
  const payload = {
    aud: 'https://storage.azure.com',
    iss: `https://sts.windows.net/${id}/`,
    nbf: seconds - 60,
    iat: seconds - 60,
    exp: seconds + 3600,
    oid: id,
    tid: id,
    ver: '1.0',
    ...claims,
  };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ typ: 'JWT', alg: 'RS256' })}.${part(payload)}.${part({ made: 'here' })}`;
  return {
    asked: 0,
    getToken() {
      this.asked += 1;
      return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
    },
  };
}

/** The program of the `azurite` package, a dependency of the suite. */
function azuriteMain(): string {
  const suite = createRequire(import.meta.url).resolve('@storage/conformance-tests/package.json');
  return join(dirname(createRequire(suite).resolve('azurite/package.json')), 'dist/src/blob/main.js');
}

/** Goes on reading: a process whose output nobody takes ends by it. */
async function said(child: ChildProcess, text: string): Promise<void> {
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`Azurite ended. It said: ${printed}`)));
    child.stdout?.on('data', (piece: Buffer) => {
      printed = (printed + piece.toString()).slice(-4_096);
      if (printed.includes(text)) resolve();
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
