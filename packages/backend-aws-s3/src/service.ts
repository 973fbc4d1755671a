/** Who answers: AWS, or another service that speaks S3. It decides what can be relied on. */
export type Service = 'aws' | 'generic';

const awsHost = /\.amazonaws\.com(?:\.cn)?$/i;

/** The service that the options mean. */
export function serviceOf(options: {
  readonly service: Service | undefined;
  readonly endpointUrl: string | undefined;
}): Service {
  const { service, endpointUrl } = options;
  if (service !== undefined) return service;
  return endpointUrl === undefined || awsHost.test(new URL(endpointUrl).hostname) ? 'aws' : 'generic';
}
