const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text of XML as it was meant. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|([a-z]+));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** The text of the first element with this name, which has no attributes and no elements inside. */
export function textOf(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`);
  if (start < 0) return undefined;
  const from = start + name.length + 2;
  const end = xml.indexOf(`</${name}>`, from);
  return end < 0 ? undefined : decodeEntities(xml.slice(from, end));
}

/**
 * Called with each element as it ends: its name, its depth (the root has 1), its text if no element is inside, and what
 * its tag says after the name, as it is written.
 */
export type OnElement = (name: string, depth: number, text: string, attributes: string) => void;

/**
 * Reads the XML that storage services answer with: elements, text, entities, CDATA. Comments and
 * instructions are passed over. Throws a `SyntaxError` where it is cut off or not well-formed.
 */
export function readXml(xml: string, onElement: OnElement): void {
  const open: string[] = [];
  const attributes: string[] = [];
  let text = '';
  let at = xml.indexOf('<');
  let seenRoot = false;
  while (at >= 0) {
    const end = endOfMarkup(xml, at);
    const second = xml.charCodeAt(at + 1);
    if (second === slash) {
      const name = xml.slice(at + 2, end).trimEnd();
      if (open.pop() !== name) throw new SyntaxError(`the XML has </${name}> where it closes nothing`);
      onElement(name, open.length + 1, text, attributes.pop() ?? '');
      text = '';
    } else if (second === bang) {
      if (xml.startsWith('<![CDATA[', at)) text += xml.slice(at + 9, end - 2);
    } else if (second !== question) {
      if (open.length === 0 && seenRoot) throw new SyntaxError('the XML has a second root');
      seenRoot = true;
      const isEmpty = xml.charCodeAt(end - 1) === slash;
      const to = isEmpty ? end - 1 : end;
      const name = nameAt(xml, at + 1, to);
      const rest = xml.slice(at + 1 + name.length, to);
      if (isEmpty) onElement(name, open.length + 1, '', rest);
      else {
        open.push(name);
        attributes.push(rest);
      }
      text = '';
    }
    const next = xml.indexOf('<', end + 1);
    const until = next < 0 ? xml.length : next;
    if (until > end + 1 && open.length > 0) text += decodeEntities(xml.slice(end + 1, until));
    at = next;
  }
  if (open.length > 0 || !seenRoot) throw new SyntaxError('the XML is cut off');
}

const slash = 47;
const bang = 33;
const question = 63;

/** Where the `>` of a tag, comment, instruction or CDATA is. */
function endOfMarkup(xml: string, at: number): number {
  const closing = xml.startsWith('<!--', at) ? '-->' : xml.startsWith('<![CDATA[', at) ? ']]>' : '>';
  const end = xml.indexOf(closing, at + 1);
  if (end < 0) throw new SyntaxError('the XML is cut off');
  return end + closing.length - 1;
}

/** The name of a tag, which attributes may follow. */
function nameAt(xml: string, from: number, to: number): string {
  let end = from;
  while (end < to && xml.charCodeAt(end) > 32) end += 1;
  if (end === from) throw new SyntaxError('the XML has a tag without a name');
  return xml.slice(from, end);
}
