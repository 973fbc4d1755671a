import { expect, test } from 'vitest';
import { promisedBy, quotesOf, snippetsOf } from '../src/snippets.ts';

const document = `
<!-- file: .env -->
\`\`\`sh
A=1
\`\`\`

<!-- prelude -->
\`\`\`ts
const a = 1;
\`\`\`

Some text.

\`\`\`ts
console.log(a); // 1
\`\`\`

<!-- not run: it
is long -->

<!-- not run: it needs a server -->
\`\`\`ts
const c = 3;
\`\`\`

<!-- hidden
const b = 2;
-->
\`\`\`ts
console.log(a + b); // 3
\`\`\`

1. In a list:

   \`\`\`ts
   if (a > 0) {
     console.log('deep'); // deep
   }
   \`\`\`

\`\`\`text
no code
\`\`\`

\`\`\`ts title="src/a.ts"
const piece = 1;
\`\`\`
`;

test('blocks have what the document puts before them', () => {
  const [prelude, second, third, fourth, fifth, ...others] = snippetsOf(document);
  expect(others).toEqual([]);
  expect(prelude).toMatchObject({ code: 'const a = 1;\n', line: 9, notRun: undefined });
  expect(prelude?.files.get('.env')).toBe('A=1\n');
  expect(second?.code).toBe('const a = 1;\nconsole.log(a); // 1\n');
  expect(third).toMatchObject({ code: 'const a = 1;\nconst c = 3;\n', notRun: 'it needs a server' });
  expect(fourth).toMatchObject({ code: 'const a = 1;\nconst b = 2;\nconsole.log(a + b); // 3\n', notRun: undefined });
  expect(fifth?.code).toContain("if (a > 0) {\n  console.log('deep'); // deep\n}\n");
});

test('comments behind console.log promise what it prints', () => {
  expect(promisedBy(snippetsOf(document).at(-1)?.code ?? '')).toEqual(['deep']);
  expect(promisedBy('console.log(x);\n// console.log\nf(); // not printed\n')).toEqual([]);
});

test('a block with a title is a piece of a file', () => {
  expect(quotesOf(document)).toEqual([{ path: 'src/a.ts', code: 'const piece = 1;\n' }]);
});
