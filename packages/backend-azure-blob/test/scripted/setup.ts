import { isStorageError, type StorageError } from '@storage/core';
import { expect, onTestFinished } from 'vitest';
import { AzureBlobBackend, type AzureBlobOptions } from '../../src/index.ts';
import {
  accountKey,
  accountName,
  containerName,
  type ScriptedAnswer,
  type ScriptedRequest,
  type ScriptedService,
  startScriptedService,
} from './scripted-service.ts';

/** A backend whose service answers as the script says, until the end of the test. */
export async function scripted(
  answer: (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>,
  options: AzureBlobOptions = {},
): Promise<{ backend: AzureBlobBackend; service: ScriptedService }> {
  const service = await startScriptedService(answer);
  const { endpointUrl } = service;
  const backend = new AzureBlobBackend({
    accountName,
    accountKey,
    containerName,
    endpointUrl,
    retry: { baseDelayMs: 1, throttledDelayMs: 1 },
    ...options,
  });
  onTestFinished(async () => {
    await backend.close();
    await service.close();
  });
  return { backend, service };
}

/** Answers one after the other; the last one again and again. */
export function inTurn(...answers: readonly ScriptedAnswer[]): () => ScriptedAnswer {
  let asked = 0;
  return () => answers[Math.min(asked++, answers.length - 1)] as ScriptedAnswer;
}

export async function errorOf(action: Promise<unknown>): Promise<StorageError> {
  const error = await action.then(
    () => expect.fail('it resolved'),
    (reason: unknown) => reason,
  );
  if (!isStorageError(error)) throw error;
  return error;
}
