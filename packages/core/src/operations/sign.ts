import type { Call } from '../call.ts';
import type { SignCapability, SignMethod } from '../capabilities.ts';
import { checkFlag, checkOneOf, checkOptionNames, checkPositiveInteger, checkSize, checkVersionId } from '../check.ts';
import { checkChecksum } from '../checksum.ts';
import type { SignedForm, SignedRequest, SignRequest } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { checkContentType, checkHeader } from '../headers.ts';
import { checkKey } from '../keys.ts';
import type { GetUrlOptions, SignRequestOptions, UploadFormOptions } from '../options.ts';
import { claimed } from './claimed.ts';
import { requireVersioning } from './require-capability.ts';

const defaultExpiresIn = 900;
const signMethods = ['GET', 'HEAD', 'PUT', 'DELETE'] as const;
const readNames = ['expiresIn', 'versionId', 'responseContentType', 'responseContentDisposition'] as const;
const signNames = [...readNames, 'method', 'contentType', 'contentLength', 'checksum', 'ifAbsent'] as const;

/** A URL that anyone may read until it expires. */
export async function getUrl(call: Call, key: string, options: GetUrlOptions): Promise<string> {
  checkOptionNames(options, readNames);
  const { url } = await sign(call, key, { ...options, method: 'GET' });
  return url;
}

/** A request that anyone may send until it expires, with the headers that must go with it. */
export function signRequest(call: Call, key: string, options: SignRequestOptions): Promise<SignedRequest> {
  checkOptionNames(options, signNames);
  return sign(call, key, options);
}

/** An HTML form that uploads to one key. */
export async function createUploadForm(call: Call, key: string, options: UploadFormOptions): Promise<SignedForm> {
  checkOptionNames(options, ['expiresIn', 'contentType', 'minSize', 'maxSize']);
  const { uploadForm, maxExpiresIn } = signCapability(call);
  refuseUnless(call, uploadForm, 'upload forms', 'uploadForm');
  const maxSize = checkPositiveInteger('maxSize', options.maxSize);
  if (maxSize === undefined)
    throw new DriverFault('InvalidArgument', 'maxSize is missing: the most bytes that the form may upload');
  const contentType = checkContentType('contentType', options.contentType);
  const request = {
    key: checkKey(key, 'write', call.capabilities, call.anyKey),
    expiresIn: checkExpiresIn(options.expiresIn, maxExpiresIn),
    minSize: checkSize('minSize', options.minSize) ?? 0,
    maxSize,
    ...(contentType === undefined ? {} : { contentType }),
  };
  return call.request({
    effect: 'read',
    run: (context) => claimed(call.driver.signForm?.(request, context), 'signForm'),
  });
}

async function sign(call: Call, key: string, options: SignRequestOptions): Promise<SignedRequest> {
  const capability = signCapability(call);
  const method = checkMethod(options.method, capability);
  const request: SignRequest = {
    key: checkKey(key, method === 'PUT' ? 'write' : 'read', call.capabilities, call.anyKey),
    method,
    expiresIn: checkExpiresIn(options.expiresIn, capability.maxExpiresIn),
    ...writeConstraints(call, options, method, capability),
    ...(await readConstraints(call, options, method, capability)),
  };
  return call.request({ effect: 'read', run: (context) => claimed(call.driver.sign?.(request, context), 'sign') });
}

async function readConstraints(
  call: Call,
  options: SignRequestOptions,
  method: SignMethod,
  capability: SignCapability,
): Promise<Partial<SignRequest>> {
  const versionId = checkVersionId(options.versionId);
  const responseContentType = checkContentType('responseContentType', options.responseContentType);
  const responseContentDisposition = checkHeader('responseContentDisposition', options.responseContentDisposition);
  const overrides = responseContentType !== undefined || responseContentDisposition !== undefined;
  if (overrides)
    refuseUnless(call, capability.responseHeaders, 'response headers of a signed request', 'responseHeaders');
  if (overrides || versionId !== undefined) onlyFor(['GET', 'HEAD'], method, 'versionId and response headers');
  if (versionId !== undefined) await requireVersioning(call, 'the option versionId');
  return {
    ...(versionId === undefined ? {} : { versionId }),
    ...(responseContentType === undefined ? {} : { responseContentType }),
    ...(responseContentDisposition === undefined ? {} : { responseContentDisposition }),
  };
}

function writeConstraints(
  call: Call,
  options: SignRequestOptions,
  method: SignMethod,
  capability: SignCapability,
): Partial<SignRequest> {
  const contentType = checkContentType('contentType', options.contentType);
  const contentLength = checkSize('contentLength', options.contentLength);
  const checksum = options.checksum === undefined ? undefined : checkChecksum(options.checksum);
  const ifAbsent = checkFlag('ifAbsent', options.ifAbsent);
  if (contentType !== undefined)
    refuseUnless(call, capability.bindsContentType, 'a signed content type', 'bindsContentType');
  if (contentLength !== undefined)
    refuseUnless(call, capability.bindsContentLength, 'a signed length', 'bindsContentLength');
  if (checksum !== undefined) refuseUnless(call, capability.bindsChecksum, 'a signed checksum', 'bindsChecksum');
  if (ifAbsent) refuseUnless(call, capability.bindsIfAbsent, 'a signed create-only upload', 'bindsIfAbsent');
  const constrains = contentType !== undefined || contentLength !== undefined || checksum !== undefined || ifAbsent;
  if (constrains) onlyFor(['PUT'], method, 'contentType, contentLength, checksum and ifAbsent');
  return {
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentLength === undefined ? {} : { contentLength }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(ifAbsent ? { ifAbsent: true } : {}),
  };
}

function signCapability(call: Call): SignCapability {
  const { sign: capability } = call.capabilities;
  if (capability !== false) return capability;
  throw new DriverFault(
    'Unsupported',
    `${call.driver.type} cannot sign requests with these options; capabilities.sign is false`,
  );
}

function refuseUnless(call: Call, claim: boolean, what: string, name: keyof SignCapability): void {
  if (claim) return;
  throw new DriverFault(
    'Unsupported',
    `${what} is not enforced by ${call.driver.type}; capabilities.sign.${name} is false`,
  );
}

function onlyFor(methods: readonly SignMethod[], method: SignMethod, what: string): void {
  if (methods.includes(method)) return;
  throw new DriverFault('InvalidArgument', `${what} are for ${methods.join(' and ')}, not for ${method}`);
}

function checkMethod(given: unknown, capability: SignCapability): SignMethod {
  const method = checkOneOf('method', given, signMethods) ?? 'GET';
  if (capability.methods.includes(method)) return method;
  throw new DriverFault('Unsupported', `method must be one of ${capability.methods.join(', ')}, not ${method}`);
}

function checkExpiresIn(value: unknown, maxExpiresIn: number): number {
  const expiresIn = checkPositiveInteger('expiresIn', value) ?? defaultExpiresIn;
  if (expiresIn <= maxExpiresIn) return expiresIn;
  throw new DriverFault(
    'InvalidArgument',
    `expiresIn is at most ${String(maxExpiresIn)} seconds here, not ${String(expiresIn)}`,
  );
}
