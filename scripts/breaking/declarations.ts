import ts from 'typescript';

/** One thing that users of a package can name: a function, or a member as `Class.member`. */
interface Declaration {
  readonly text: string;
  /** Whether somebody who implements the interface it is in must have it. */
  readonly required: boolean;
}

/** What an API report shows, by name; comments do not count. */
function declarationsIn(report: string): ReadonlyMap<string, Declaration> {
  const code = /^```ts\n([^]*?)^```$/m.exec(report)?.[1] ?? '';
  const source = ts.createSourceFile('report.ts', code, ts.ScriptTarget.Latest, true);
  const found = new Map<string, Declaration>();
  const printer = ts.createPrinter({ removeComments: true });
  const textOf = (node: ts.Node): string =>
    printer.printNode(ts.EmitHint.Unspecified, node, source).replace(/\s+/g, ' ');
  const add = (name: string, node: ts.Node, required = false): void => {
    // Overloads are one declaration.
    const text = [found.get(name)?.text, textOf(node)].filter(Boolean).join(' ');
    found.set(name, { text, required });
  };
  for (const statement of source.statements) {
    if (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)) {
      const name = statement.name?.text ?? 'default';
      const heritage = statement.heritageClauses?.map(textOf).join(' ') ?? '';
      const parameters = statement.typeParameters?.map(textOf).join(', ') ?? '';
      found.set(name, { text: `${name}<${parameters}> ${heritage}`, required: false });
      for (const member of statement.members) {
        const required = ts.isInterfaceDeclaration(statement) && (member as ts.TypeElement).questionToken === undefined;
        add(`${name}.${member.name?.getText(source) ?? ts.SyntaxKind[member.kind]}`, member, required);
      }
    } else if (ts.isVariableStatement(statement)) {
      for (const each of statement.declarationList.declarations) add(each.name.getText(source), each);
    } else if (ts.isFunctionDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      add(statement.name?.text ?? 'default', statement);
    } else if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    ) {
      for (const each of statement.exportClause.elements) add(`export ${each.name.text}`, each);
    }
  }
  return found;
}

/**
 * What of an API is gone, other than it was, or asked of implementers anew. A change of a signature counts, also one that
 * only takes more: what compiles after it is for a person to say.
 */
export function breaksBetween(before: string, after: string): string[] {
  const [old, now] = [declarationsIn(before), declarationsIn(after)];
  const changed = [...old].flatMap(([name, { text }]) => {
    const current = now.get(name)?.text;
    if (current === undefined) return [`${name} is gone`];
    return current === text ? [] : [`${name} was ${text}, and is ${current}`];
  });
  const asked = [...now].flatMap(([name, { required }]) => {
    const owner = name.split('.')[0] ?? '';
    return required && !old.has(name) && old.has(owner) ? [`${name} is required of a ${owner} anew`] : [];
  });
  return [...changed, ...asked];
}
