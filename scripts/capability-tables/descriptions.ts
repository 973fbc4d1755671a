import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** What each capability means, in the words of its docstring; those of a group are named `group.member`. */
export type Descriptions = ReadonlyMap<string, string>;

/** Groups of capabilities, and the interface that has their members. */
const groups: Readonly<Record<string, string>> = { multipart: 'MultipartCapability', sign: 'SignCapability' };

/** Reads the docstrings of `Capabilities` from its source. */
export function descriptionsOf(file: string): Descriptions {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const rows = membersOf(source, 'Capabilities').flatMap(([name, text]) => {
    const members = groups[name] === undefined ? [] : membersOf(source, groups[name]);
    return [[name, text] as const, ...members.map(([member, of]) => [`${name}.${member}`, of] as const)];
  });
  return new Map(rows);
}

function membersOf(source: ts.SourceFile, name: string): (readonly [name: string, text: string])[] {
  const found = source.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === name);
  if (found === undefined || !ts.isInterfaceDeclaration(found)) throw new Error(`no interface ${name}`);
  return found.members.map((member) => [member.name?.getText(source) ?? '', docstringOf(member)] as const);
}

function docstringOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join(' ')
    .replace(/\s+/g, ' ');
}
