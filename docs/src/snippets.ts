/** A block of TypeScript of a document, complete with what the document says goes before it. */
export interface Snippet {
  /** Line of the document on which the code of the block begins. */
  readonly line: number;
  readonly code: string;
  /** Files that are to lie in the working directory, by name: what blocks of another language show. */
  readonly files: ReadonlyMap<string, string>;
  /** Why it is not run, where the document says so. */
  readonly notRun: string | undefined;
}

const fence = /^( *)```(\w*)([^\n]*)\n([^]*?)^\1```$/gm;

// A comment directly above a block says something about it.
const directive = /<!-- *(prelude|hidden|not run|file)(?:: *((?:(?!-->).)*?))?(?:\n((?:(?!-->)[^])*?))? *-->\n+$/;

/**
 * The blocks of TypeScript of a document, in order. What a comment above a block may say:
 * `<!-- prelude -->`: the code of this block goes before each that follows, up to the next prelude;
 * `<!-- hidden` + lines + `-->`: these lines go before this block;
 * `<!-- file: NAME -->`: this block, of whatever language, is a file that the blocks after it find;
 * `<!-- not run: REASON -->`: this block is type-checked only.
 */
export function snippetsOf(document: string): Snippet[] {
  const snippets: Snippet[] = [];
  const files = new Map<string, string>();
  let prelude = '';
  for (const match of document.matchAll(fence)) {
    const [, indent = '', language, info = '', body = ''] = match;
    const before = document.slice(0, match.index);
    const [, kind, argument = '', hidden = ''] = directive.exec(before) ?? [];
    const code = indent === '' ? body : body.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    if (kind === 'file') files.set(argument, code);
    // What has a title is a piece of the file of that name.
    if (language !== 'ts' || info.includes('title=')) continue;
    if (kind === 'prelude') prelude = code;
    const above = kind === 'prelude' || code.includes(prelude) ? hidden : prelude + hidden;
    snippets.push({
      line: before.split('\n').length + 1,
      code: above + code,
      files: new Map(files),
      notRun: kind === 'not run' ? argument : undefined,
    });
  }
  return snippets;
}

/** What the comments behind `console.log(…);` say that it prints. */
export function promisedBy(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1] ?? '');
}

/** Blocks that show a piece of a file: ```` ```ts title="path" ````. */
export function quotesOf(document: string): { readonly path: string; readonly code: string }[] {
  return [...document.matchAll(fence)].flatMap(([, , , info = '', code = '']) => {
    const path = /title="([^"]+)"/.exec(info)?.[1];
    return path === undefined ? [] : [{ path, code }];
  });
}
