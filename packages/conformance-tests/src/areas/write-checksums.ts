import { absent, expectCode, expectEarly, holds, unchanged } from '../assertions.ts';
import { pattern, webStream } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { checksumOf, wrongChecksumOf } from '../checksums.ts';

export const writeChecksums: readonly ConformanceCase[] = [
  {
    number: 51,
    title: 'a right checksum of any algorithm is accepted, in hexadecimal and in base64',
    run: async ({ backend, key }) => {
      const bytes = pattern(3000, 51);
      for (const algorithm of ['crc32', 'crc64nvme', 'md5', 'sha1', 'sha256'] as const) {
        const checksum = checksumOf(algorithm, bytes);
        await backend.save(key(algorithm), bytes, { checksum });
        await holds(backend, key(algorithm), bytes);
        const base64 = { algorithm, value: Buffer.from(checksum.value, 'hex').toString('base64') };
        await backend.save(key(algorithm), webStream(bytes), { checksum: base64 });
        await holds(backend, key(algorithm), bytes);
      }
    },
  },
  {
    number: 51,
    title: 'a wrong checksum rejects ChecksumMismatch and nothing is stored',
    run: async ({ backend, key, limits }) => {
      const small = pattern(3000, 51);
      const large = pattern(limits.partSize + 100, 51);
      const { partSize } = limits;
      for (const algorithm of ['crc32', 'crc64nvme', 'md5', 'sha1', 'sha256'] as const) {
        const checksum = wrongChecksumOf(algorithm, small);
        await expectCode(backend.save(key(), small, { checksum }), 'ChecksumMismatch');
        await expectCode(backend.save(key(), webStream(small), { checksum }), 'ChecksumMismatch');
      }
      const checksum = wrongChecksumOf('sha256', large);
      await expectCode(backend.save(key(), webStream(large), { checksum, partSize }), 'ChecksumMismatch');
      await absent(backend, key());
    },
  },
  {
    number: 51,
    title: 'a checksum that is none is InvalidArgument, before any request',
    run: async (context) => {
      const wrong = [
        { algorithm: 'md5', value: 'zz' },
        { algorithm: 'sha256', value: 'abcd' },
        { algorithm: 'rot13', value: 'abcd' },
        'd41d8cd98f00b204e9800998ecf8427e',
      ];
      for (const checksum of wrong) {
        const options = { checksum: checksum as never };
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), 'x', options));
      }
    },
  },
  {
    number: 52,
    title: 'a wrong checksum over an existing key leaves the old object as it was',
    run: async ({ backend, key, limits }) => {
      const bytes = pattern(limits.partSize + 77, 52);
      const checksum = wrongChecksumOf('md5', bytes);
      await backend.save(key(), 'old', { metadata: { version: 'old' }, contentType: 'text/plain' });
      for (const body of [bytes, webStream(bytes)]) {
        const save = (): Promise<unknown> => backend.save(key(), body, { checksum, partSize: limits.partSize });
        await unchanged(backend, key(), () => expectCode(save, 'ChecksumMismatch'));
      }
    },
  },
];
