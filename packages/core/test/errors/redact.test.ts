import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/errors/redact.ts';

const secret = 'hunter2/abc+def==';

describe('redact: forms that are always secret', () => {
  it.each([
    ['SAS', `https://acct.blob.core.windows.net/c/b?sv=2024&sp=r&sig=${encodeURIComponent(secret)}&se=2030`],
    ['SigV4 query', `https://s3/b/k?X-Amz-Credential=AKIA%2F2020&X-Amz-Signature=${encodeURIComponent(secret)}&x=1`],
    ['session token in a query', `?X-Amz-Security-Token=${encodeURIComponent(secret)}&x=1`],
    ['signed URL inside a query', `copy?source=https%3A%2F%2Fhost%2Fb%3Fsig%3D${encodeURIComponent(secret)}`],
    ['SigV4 header', `authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature=${secret}`],
    ['SharedKey header', `Authorization: SharedKey acct:${secret}`],
    ['printed headers', `{ authorization: 'Bearer ${secret}', host: 'x' }`],
    ['headers as JSON', JSON.stringify({ Authorization: `Basic ${secret}`, host: 'x' })],
    ['bearer token in prose', `sent Bearer ${secret} to the service`],
    ['JSON web token', `got eyJhbGciOiJIUzI1.${'a'.repeat(9)}.${secret}`.replace(secret, 'hunter2')],
    ['connection string', `DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=${secret};EndpointSuffix=x`],
    ['SAS connection string', `BlobEndpoint=https://x/;SharedAccessSignature=sv=2024&sig=${secret}`],
    ['JSON field', JSON.stringify({ secretAccessKey: secret, region: 'x' })],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ secretKey: secret, region: 'x' }) })],
    ['printed object', `{ accountKey: '${secret}', accountName: 'acct' }`],
    ['password with spaces', JSON.stringify({ password: `two words ${secret}` })],
    ['environment', `AWS_SECRET_ACCESS_KEY=${secret}`],
    ['URL with user and password', `minio://user:${encodeURIComponent(secret)}@host:9000/bucket`],
    ['STS answer', `<Credentials><SecretAccessKey>${secret}</SecretAccessKey></Credentials>`],
    ['signature echoed by the service', `<SignatureProvided>${secret}</SignatureProvided>`],
    ['customer key', `x-amz-server-side-encryption-customer-key: ${secret}`],
  ])('%s', (_form, text) => {
    const redacted = redact(text);
    expect(redacted).not.toContain('hunter2');
    expect(redacted).toContain('[redacted]');
  });

  it('keeps what is not secret, and the names', () => {
    expect(redact('https://acct.blob.core.windows.net/c/b?sv=2024&sig=abcd&se=2030')).toBe(
      'https://acct.blob.core.windows.net/c/b?sv=2024&sig=[redacted]&se=2030',
    );
    expect(redact('AccountName=acct;AccountKey=abcd==;EndpointSuffix=x')).toBe(
      'AccountName=acct;AccountKey=[redacted];EndpointSuffix=x',
    );
    expect(JSON.parse(redact(JSON.stringify({ secretKey: 'a"b', region: 'x' })))).toEqual({
      secretKey: '[redacted]',
      region: 'x',
    });
  });

  it.each([
    'save "users/123/resume.pdf" on "local": the key is taken already',
    "ENOENT: no such file or directory, open '/srv/files/data/design.txt'",
    'connect ECONNREFUSED 127.0.0.1:9000',
    'see https://example.com/keys and mailto:someone@example.com',
    '',
  ])('leaves %j alone', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('redact: values given', () => {
  it('blanks a value verbatim, in a URL and in JSON', () => {
    const text = `${secret} ${encodeURIComponent(secret)} ${JSON.stringify({ x: 'a"b\\c' })}`;
    const redacted = redact(text, [secret, 'a"b\\c']);
    expect(redacted).toBe('[redacted] [redacted] {"x":"[redacted]"}');
  });

  it('blanks values that overlap as a whole', () => {
    expect(redact('xx abcdefgh yy', ['abcdef', 'cdefgh', 'def'])).toBe('xx [redacted] yy');
  });

  it('does not garble a text for a value too short to be a secret', () => {
    expect(redact('an apple', ['a', ''])).toBe('an apple');
  });
});

describe('redact: properties', () => {
  const value = fc
    .string({ minLength: 4, maxLength: 40, unit: 'binary' })
    .filter((text) => !'[redacted]'.includes(text));

  it('never lets a given value through, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string(), value, fc.string(), (before, hidden, after) => {
        expect(redact(`${before}${hidden}${after}`, [hidden]).replaceAll('[redacted]', '\n')).not.toContain(hidden);
      }),
    );
  });

  it('never lets a token through in the forms that services print', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9+/]{8,44}={0,2}$/);
    const forms = fc.constantFrom<(token: string) => string>(
      (t) => `?sig=${t}&x=1`,
      (t) => `X-Amz-Signature=${t}`,
      (t) => `Authorization: SharedKey acct:${t}`,
      (t) => JSON.stringify({ headers: { authorization: `Bearer ${t}` } }),
      (t) => `AccountKey=${t};x`,
      (t) => `{ secretAccessKey: '${t}' }`,
    );
    fc.assert(
      fc.property(token, forms, fc.lorem(), (hidden, form, prose) => {
        expect(redact(`${prose} ${form(hidden)} ${prose}`).replaceAll('[redacted]', '\n')).not.toContain(hidden);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string(), value, (text, hidden) => {
        const once = redact(`${text} sig=${hidden}`, [hidden]);
        expect(redact(once, [hidden])).toBe(once);
      }),
    );
  });
});

it('takes linear time on hostile text', () => {
  const hostile = 'authorization="\\'.repeat(4_000) + '://'.repeat(20_000) + 'sig='.repeat(20_000);
  const start = performance.now();
  redact(hostile);
  expect(performance.now() - start).toBeLessThan(2_000);
});
