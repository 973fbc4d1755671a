import { expect, test } from 'vitest';
import { checkRead, checkWrite } from '../../src/driver-kit/conditions.ts';

const noon = new Date('2026-11-26T12:00:00.700Z');
const object = { etag: '"a"', lastModified: noon };
const second = (text: string): Date => new Date(`2026-11-26T${text}Z`);

test.each([
  ['AlreadyExists', object, { ifAbsent: true }],
  ['PreconditionFailed', object, { ifMatch: '"b"' }],
  ['PreconditionFailed', undefined, { ifMatch: '"a"' }],
  ['PreconditionFailed', object, { ifNoneMatch: '"a"' }],
] as const)('a write is refused: %s', (code, current, condition) => {
  expect(() => checkWrite(current, condition)).toThrow(
    expect.objectContaining({ classification: expect.objectContaining({ code }) }),
  );
});

test.each([
  [undefined, { ifAbsent: true }],
  [object, { ifMatch: '"a"' }],
  [object, { ifNoneMatch: '"b"' }],
  [undefined, { ifNoneMatch: '"b"' }],
  [object, {}],
] as const)('a write is let through', (current, condition) => {
  expect(() => checkWrite(current, condition)).not.toThrow();
});

test.each([
  ['NotModified', { ifNoneMatch: '"a"' }],
  ['NotModified', { ifModifiedSince: second('12:00:00') }],
  ['PreconditionFailed', { ifUnmodifiedSince: second('11:59:59') }],
  ['PreconditionFailed', { ifMatch: '"b"', ifNoneMatch: '"a"' }],
] as const)('a read is refused: %s', (code, request) => {
  const refused = expect.objectContaining({ classification: expect.objectContaining({ code }) });
  expect(() => checkRead(object, request)).toThrow(refused);
  // The time may be a number as well.
  expect(() => checkRead({ ...object, lastModified: noon.getTime() }, request)).toThrow(refused);
});

test.each([
  { ifModifiedSince: second('11:59:59') },
  { ifUnmodifiedSince: second('12:00:00') },
  // An etag overrides a date of the same sense.
  { ifNoneMatch: '"b"', ifModifiedSince: second('13:00:00') },
  { ifMatch: '"a"', ifUnmodifiedSince: second('11:00:00') },
])('a read is let through', (request) => {
  expect(() => checkRead(object, request)).not.toThrow();
});
