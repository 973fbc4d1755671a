import { setupError } from './config-error.ts';
import { installLine } from './package-manager.ts';
import type { BackendClass, BackendLoader } from './registry.ts';
import { importUrl, resolvePackage } from './resolve-package.ts';

const aliases: ReadonlyMap<string, string> = new Map([
  ['aws_s3', 'aws-s3'],
  ['azure_blob', 'azure-blob'],
]);

const known: readonly (readonly [type: string, packageName: string, exportName: string])[] = [
  ['local', '@storage/backend-local', 'LocalBackend'],
  ['minio', '@storage/backend-minio', 'MinioBackend'],
  ['aws-s3', '@storage/backend-aws-s3', 'AwsS3Backend'],
  ['azure-blob', '@storage/backend-azure-blob', 'AzureBlobBackend'],
];

/** The name under which a type is kept. */
export function canonical(type: string): string {
  return aliases.get(type) ?? type;
}

/** Loaders of the types that this project has; a package is looked for in each folder in turn. */
export function knownBackends(folders: readonly string[]): [type: string, loader: BackendLoader][] {
  return [
    ['memory', loadMemory],
    ...known.map(([type, packageName, exportName]): [string, BackendLoader] => [
      type,
      () => loadPackage(type, packageName, exportName, folders),
    ]),
  ];
}

async function loadMemory(): Promise<BackendClass> {
  return (await import('../memory/index.ts')).MemoryBackend;
}

async function loadPackage(
  type: string,
  packageName: string,
  exportName: string,
  folders: readonly string[],
): Promise<BackendClass> {
  const found = resolvePackage(packageName, folders);
  if ('url' in found) return (await importUrl(found.url))[exportName] as BackendClass;
  const [application = '.'] = folders;
  const message =
    `the backend type "${type}" needs the package ${packageName}, which is not installed (looked in ` +
    `${found.lookedIn.join(', ')}); install it with: ${installLine(packageName, application)}`;
  throw setupError('BackendNotInstalled', 'load', message);
}
