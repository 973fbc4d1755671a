import {
  type BackendOptions,
  type BackendSettings,
  backendFields,
  checkOptions,
  defineOptions,
  flag,
  type OptionsSchema,
  optional,
  text,
  url,
  withDefault,
} from '@storage/core/driver';
import type { AzureBlobDriverOptions } from './driver.ts';

/** Options of `AzureBlobBackend`. */
export interface AzureBlobOptions extends BackendOptions {
  readonly accountName: string;
  readonly accountKey: string;
  readonly containerName: string;
  /** Address of the account. @default `https://<accountName>.blob.core.windows.net` */
  readonly endpointUrl?: string | undefined;
  /** Create the container when a write meets none. @default false */
  readonly createContainer?: boolean | undefined;
}

interface AzureBlobSettings extends BackendSettings {
  readonly accountName: string;
  readonly accountKey: string;
  readonly containerName: string;
  readonly endpointUrl: string | undefined;
  readonly createContainer: boolean;
}

export const azureBlobOptions: OptionsSchema<AzureBlobSettings> = defineOptions({
  backend: 'AzureBlobBackend',
  fields: {
    ...backendFields,
    accountName: text({ pattern: /^[a-z0-9]{3,24}$/, expected: 'an account name (3 to 24 of a-z and 0-9)' }),
    accountKey: text({
      secret: true,
      pattern: /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
      expected: 'an account key (base64)',
    }),
    containerName: text({
      pattern: /^(?:(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]|\$root|\$web)$/,
      expected: 'a container name (3 to 63 of a-z, 0-9 and single "-")',
    }),
    endpointUrl: optional(url()),
    createContainer: withDefault(flag(), false),
  },
});

/** The options, checked: what every backend takes, and what the driver needs. */
export function parseOptions(options: AzureBlobOptions): { settings: BackendSettings; driver: AzureBlobDriverOptions } {
  const settings = checkOptions(azureBlobOptions, options);
  const { accountName, accountKey, containerName, createContainer } = settings;
  const endpointUrl = settings.endpointUrl ?? `https://${accountName}.blob.core.windows.net`;
  return { settings, driver: { accountName, accountKey, containerName, endpointUrl, createContainer } };
}
