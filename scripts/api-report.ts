/**
 * Writes the public API of every entry to `packages/<name>/etc/<subpath>.api.md`, so that a change of it shows in the
 * diff. With `--check` nothing is written, and a report that is not up to date fails.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { codeEntries, type Package, publishedPackages, root } from './workspace.ts';

const check = process.argv.includes('--check');

/** Whether the report of one entry is up to date; without `--check` it always is, afterwards. */
function report({ folder }: Package, subpath: string, types: string): boolean {
  const name = subpath === '.' ? 'index' : subpath.slice('./'.length).replaceAll('/', '-');
  const etc = join(folder, 'etc');
  if (!existsSync(etc)) mkdirSync(etc);
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(folder, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, types),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2023',
            lib: ['ES2023', 'ESNext.Disposable'],
            module: 'NodeNext',
            types: ['node'],
          },
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: etc,
        reportTempFolder: join(root, '.api', basename(folder)),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        // Releases have no alpha or beta parts, and the docstrings are Markdown, not TSDoc.
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: !check,
    messageCallback: (message) => (message.handled = true),
  });
  return !result.apiReportChanged || !check;
}

const stale = publishedPackages().flatMap((each) =>
  codeEntries(each.manifest)
    .filter(([subpath, { types }]) => !report(each, subpath, types))
    .map(([subpath]) => `${each.manifest.name} ${subpath}`),
);
for (const entry of stale)
  console.error(`The API report of ${entry} is not up to date: run \`pnpm api\` and commit etc/.`);
if (stale.length > 0) process.exitCode = 1;
