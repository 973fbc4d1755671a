const boundary = 'form-boundary-of-the-test';

/** The body of a request, and the headers that tell what it is. */
export interface Form {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** A form with one file, byte for byte as a browser sends it. */
export function formWith(file: Uint8Array): Form {
  const head = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="file"; filename="réport.pdf"',
    'Content-Type: application/pdf',
    '\r\n',
  ].join('\r\n');
  const bytes = Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }, bytes };
}

/** The same form, ending in the middle of its file. */
export function cut(form: Form): Form {
  return { ...form, bytes: form.bytes.subarray(0, form.bytes.byteLength - 1000) };
}
