/** Writes every block of TypeScript of the documents to `.snippets/`, where they are type-checked and run. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from './documents.ts';
import { snippetFile, snippetsFolder } from './snippet-file.ts';

rmSync(snippetsFolder, { recursive: true, force: true });
mkdirSync(snippetsFolder, { recursive: true });
for (const { path, snippets } of documents()) {
  for (const snippet of snippets) {
    // A block without import or export is a module too.
    writeFileSync(join(snippetsFolder, snippetFile(path, snippet)), `${snippet.code}\nexport {};\n`);
  }
}
// Readers need not be as strict as we are.
const compilerOptions = { noPropertyAccessFromIndexSignature: false, noUnusedLocals: false };
const config = { extends: '../../tsconfig.test.json', compilerOptions, include: ['*.ts'] };
writeFileSync(join(snippetsFolder, 'tsconfig.json'), JSON.stringify(config));
