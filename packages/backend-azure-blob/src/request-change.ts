import type { RequestPolicyFactory, WebResource } from '@azure/storage-blob';

/** What a change sees of a request, and may set: the same for whoever sends it. */
export interface ChangeableRequest extends Pick<WebResource, 'method'> {
  url: string;
  readonly headers: Pick<WebResource['headers'], 'get' | 'set' | 'contains'>;
}

/** Changes a request before it is signed. */
export type RequestChange = (request: ChangeableRequest) => void;

/** A change as the pipeline of the SDK takes it. */
export function changing(change: RequestChange): RequestPolicyFactory {
  return {
    create: (next) => ({
      sendRequest: (request) => {
        change(request);
        return next.sendRequest(request);
      },
    }),
  };
}
