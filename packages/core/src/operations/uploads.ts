import type { Call } from '../call.ts';
import { checkFlag, checkFunction, checkOptionNames, checkPositiveInteger, checkText } from '../check.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { FileInfo, SaveResult } from '../file-info.ts';
import { checkKey } from '../keys.ts';
import type { BaseOptions, CleanupOptions, DownloadFileOptions, UploadFileOptions, UploadOptions } from '../options.ts';
import * as transfer from '../transfer/cleanup.ts';
import { downloadFile as download } from '../transfer/download-file.ts';
import { uploadFile as uploadFromDisk } from '../transfer/upload-file.ts';
import {
  createUpload as openUpload,
  type RunCall,
  resumeUpload as reopenUpload,
  type UploadSession,
} from '../transfer/upload-session.ts';
import { checkKeyConflicts } from './check-key-conflicts.ts';
import { requireCapability, requireVersioning } from './require-capability.ts';
import { toSaveResult } from './results.ts';
import { downloadRequest, readOptionNames } from './retrieve.ts';
import { saveOptionNames, saveRequest, uploadOptionNames } from './save.ts';

/** Stores a file from disk. */
export async function uploadFile(
  call: Call,
  key: string,
  path: string,
  options: UploadFileOptions,
): Promise<SaveResult> {
  checkOptionNames(options, [...saveOptionNames, 'resume', 'onToken']);
  const request = saveRequest(call, key, options, undefined);
  const resume = checkText('resume', options.resume);
  if (resume !== undefined) requireCapability(call, 'multipart', 'the option resume');
  const onToken = checkFunction<(token: string) => void>('onToken', options.onToken);
  const from = checkPath(path);
  if (call.checkKeyConflicts) await checkKeyConflicts(call, request.key);
  const response = await uploadFromDisk(call, {
    ...request,
    path: from,
    ...(resume === undefined ? {} : { resume }),
    ...(onToken === undefined ? {} : { onToken }),
  });
  return toSaveResult(request.key, request.attributes, response, call.capabilities);
}

/** Fetches a file to disk. */
export async function downloadFile(
  call: Call,
  key: string,
  path: string,
  options: DownloadFileOptions,
): Promise<FileInfo> {
  checkOptionNames(options, [...readOptionNames, 'partSize', 'concurrency', 'resume']);
  const partSize = checkPositiveInteger('partSize', options.partSize);
  const concurrency = checkPositiveInteger('concurrency', options.concurrency);
  const target = { path: checkPath(path), resume: options.resume === undefined || checkFlag('resume', options.resume) };
  const request = downloadRequest(call, key, options);
  if (request.versionId !== undefined) await requireVersioning(call, 'the option versionId');
  return download(call, {
    ...request,
    ...target,
    ...(partSize === undefined ? {} : { partSize }),
    ...(concurrency === undefined ? {} : { concurrency }),
  });
}

/** Opens an upload in parts. */
export async function createUpload(
  call: Call,
  key: string,
  options: UploadOptions,
  run: RunCall,
): Promise<UploadSession> {
  requireCapability(call, 'multipart', 'createUpload');
  checkOptionNames(options, uploadOptionNames);
  const { key: checked, attributes, condition, integrity, native } = saveRequest(call, key, options, undefined);
  const request = { key: checked, attributes, condition, integrity };
  if (call.checkKeyConflicts) await checkKeyConflicts(call, checked);
  return openUpload(run, call, native === undefined ? request : { ...request, native });
}

/** Goes on with an upload. */
export async function resumeUpload(
  call: Call,
  token: string,
  options: BaseOptions,
  run: RunCall,
): Promise<UploadSession> {
  requireCapability(call, 'multipart', 'resumeUpload');
  checkOptionNames(options, []);
  const session = reopenUpload(run, call.driver, token);
  // A token comes from outside: whoever can forge one must not reach a key that no upload could begin.
  checkKey(session.key, 'write', call.capabilities, call.anyKey);
  return session;
}

/** Removes what killed uploads left behind. */
export async function cleanup(call: Call, options: CleanupOptions): Promise<transfer.CleanupResult> {
  checkOptionNames(options, ['olderThan', 'key']);
  requireCapability(call, 'multipart', 'cleanup');
  const key = options.key === undefined ? undefined : checkKey(options.key, 'read', call.capabilities);
  return transfer.cleanup(call, { olderThan: options.olderThan, ...(key === undefined ? {} : { key }) });
}

function checkPath(path: unknown): string {
  if (typeof path === 'string' && path !== '') return path;
  throw new DriverFault('InvalidArgument', 'path must be the path of a file on this machine');
}
