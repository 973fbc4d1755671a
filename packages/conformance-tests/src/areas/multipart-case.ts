import type { MultipartCapability, UploadSession } from '@storage/core';
import type { PartReceipt } from '@storage/core/driver';
import { expectRefused } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { CaseContext, Claim, ConformanceCase } from '../case.ts';
import type { HarnessExtra } from '../harness.ts';

/** A case of uploads in parts; where they are not claimed, it shows the refusal. */
export function partsCase(item: {
  readonly number: number;
  readonly letter?: string;
  readonly title: string;
  readonly claims?: readonly Claim[];
  readonly uses?: readonly HarnessExtra[];
  readonly run: (context: CaseContext, claim: MultipartCapability) => Promise<void>;
}): ConformanceCase {
  const { claims = [], run, ...rest } = item;
  return {
    ...rest,
    claims: ['multipart', ...claims],
    needs: ({ multipart }) => multipart !== false,
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      await expectRefused(context, context.key(), (backend) => backend.createUpload(context.key()));
      await expectRefused(context, context.key(), (backend) => backend.resumeUpload('token'));
    },
    run: (context) => run(context, context.capabilities.multipart as MultipartCapability),
  };
}

/** Bytes of part `partNumber`: as large as the service wants them, and unlike any other part. */
export function partOf({ limits }: CaseContext, partNumber: number): Uint8Array {
  return pattern(limits.partSize + partNumber, partNumber);
}

/** Sends parts with these numbers, in this order. */
export async function sendParts(
  context: CaseContext,
  upload: UploadSession,
  numbers: readonly number[],
): Promise<PartReceipt[]> {
  const receipts: PartReceipt[] = [];
  for (const number of numbers) receipts.push(await upload.putPart(number, partOf(context, number)));
  return receipts;
}
