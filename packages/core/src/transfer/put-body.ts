import type { Call } from '../call.ts';
import type { PutRequest, PutResponse } from '../driver.ts';
import { isConditional } from '../operations/write-condition.ts';
import type { AttemptBody } from './attempt-body.ts';
import { createOwnershipToken, ownLanding } from './ownership.ts';
import type { ProgressMeter } from './progress-meter.ts';
import type { UploadRequest } from './upload-request.ts';

/** Stores a body with one request, which is repeated only where the body can be. */
export async function putBody(
  call: Call,
  request: Omit<UploadRequest, 'source'>,
  body: AttemptBody,
  progress: ProgressMeter,
): Promise<PutResponse> {
  const { key, condition, checksum, integrity, native } = request;
  const token = request.attributes.token ?? (isConditional(condition) ? createOwnershipToken() : undefined);
  const put: Omit<PutRequest, 'body' | 'onProgress'> = {
    key,
    attributes: token === undefined ? request.attributes : { ...request.attributes, token },
    condition,
    integrity,
    ...(checksum === undefined ? {} : { checksum }),
    ...(native === undefined ? {} : { native }),
  };

  const response = await call.request<PutResponse>({
    effect: 'write',
    repeatable: () => body.repeatable(),
    run(context) {
      const { passed, sent } = attemptMeter(call, progress);
      return body.send(context, passed, (sending) =>
        call.driver.put({ ...put, body: sending, onProgress: sent }, context),
      );
    },
    ...(token === undefined ? {} : { landed: () => ownLanding(call, key, token) }),
  });
  call.addBytes(response.size);
  progress.report(response.size);
  return response;
}

/** Progress of one attempt: what the driver says that it sent, else what it took. */
function attemptMeter(call: Call, progress: ProgressMeter): Record<'passed' | 'sent', (total: number) => void> {
  let driverTells = false;
  return {
    passed(total) {
      call.lastAt = performance.now();
      if (!driverTells) progress.report(total);
    },
    sent(total) {
      driverTells = true;
      call.lastAt = performance.now();
      progress.report(total);
    },
  };
}
