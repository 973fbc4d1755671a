import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  type BackendConfig,
  type ConfigInput,
  defineConfig,
  isBackendConfig,
} from '../../src/config/backend-config.ts';
import { type BackendOptions, type BackendSettings, backendFields } from '../../src/config/backend-options.ts';
import { checkOptions, defineOptions, type OptionsSchema, secretsIn } from '../../src/config/check-options.ts';
import { count, duration, instance, oneOf, text, url } from '../../src/config/fields.ts';
import { either, group, optional, withDefault } from '../../src/config/structures.ts';
import { isStorageError, type StorageError } from '../../src/errors/storage-error.ts';

interface DemoOptions extends BackendOptions {
  readonly basePath: string;
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly versions?: false | { readonly keep?: number | undefined } | undefined;
  readonly maxAge?: number | string | undefined;
  readonly agent?: object | undefined;
}

interface DemoSettings extends BackendSettings {
  readonly basePath: string;
  readonly accessKey: string | undefined;
  readonly secretKey: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly versions: false | { readonly keep: number };
  readonly maxAge: number;
  readonly agent: object | undefined;
}

const schema: OptionsSchema<DemoSettings> = defineOptions({
  backend: 'DemoBackend',
  fields: {
    ...backendFields,
    basePath: text(),
    accessKey: optional(text()),
    secretKey: optional(text({ secret: true })),
    endpointUrl: optional(url()),
    versions: withDefault(either(oneOf(false), group({ keep: withDefault(count({ min: 1 }), 20) })), { keep: 20 }),
    maxAge: withDefault(duration(), 0),
    agent: optional(instance('an agent', () => true)),
  },
  rules: [
    {
      of: ['accessKey', 'secretKey'],
      check: ({ accessKey, secretKey }) =>
        (accessKey === undefined) === (secretKey === undefined) ? undefined : 'accessKey and secretKey go together',
    },
  ],
});

class DemoBackend {
  readonly settings: DemoSettings;

  constructor(options: DemoOptions) {
    this.settings = checkOptions(schema, options);
  }

  static createConfig(options: ConfigInput<DemoOptions>): BackendConfig<DemoBackend> {
    return defineConfig({ type: 'demo', schema, Backend: DemoBackend }, options);
  }
}

function configErrorOf(act: () => unknown): StorageError {
  try {
    act();
  } catch (error) {
    if (isStorageError(error)) return error;
    throw error;
  }
  throw new Error('it threw nothing');
}

describe('checkOptions', () => {
  it('completes the options, and every name is present', () => {
    expect(checkOptions(schema, { basePath: './x', maxAge: '1h', retry: { attempts: 3 } })).toEqual({
      name: undefined,
      timeoutMs: undefined,
      idleTimeoutMs: 30_000,
      retry: { attempts: 3 },
      keys: 'portable',
      checkKeyConflicts: false,
      observer: undefined,
      logger: undefined,
      debug: undefined,
      basePath: './x',
      accessKey: undefined,
      secretKey: undefined,
      endpointUrl: undefined,
      versions: { keep: 20 },
      maxAge: 3_600_000,
      agent: undefined,
    });
  });

  it('names every fault at once, rules included, with what was probably meant', () => {
    const error = configErrorOf(() =>
      checkOptions(schema, {
        name: 'uploads',
        base_path: './x',
        accessKey: 'AKIA',
        endpointUrl: 'nowhere',
        versions: { keep: 0 },
        retry: { atempts: 3 },
        idleTimeoutMs: '5',
        logger: {},
        keys: 'some',
      }),
    );
    expect(error.code).toBe('InvalidConfig');
    expect(error.backend).toBe('uploads');
    expect(error.message).toBe(
      'the options of DemoBackend have 9 faults: base_path is not an option: did you mean basePath?; ' +
        'idleTimeoutMs must be a whole number from 1 to 2147483647; ' +
        'retry.atempts is not an option: did you mean attempts?; ' +
        "keys must be 'portable' or 'any'; " +
        'logger must be a logger with debug, info, warn and error; ' +
        'basePath is missing: a non-empty string; ' +
        'endpointUrl must be a URL that begins with http:// or https://; ' +
        'versions.keep must be a whole number from 1; ' +
        'accessKey and secretKey go together',
    );
  });

  it.each([[undefined], [null], ['./x'], [['./x']], [7]])('refuses %j in place of options', (options) => {
    const error = configErrorOf(() => checkOptions(schema, options));
    expect(error).toMatchObject({ code: 'InvalidConfig', retryable: 'no', attempts: 0 });
  });

  it('runs a rule only when its options are right by themselves', () => {
    const error = configErrorOf(() => checkOptions(schema, { basePath: 'x', accessKey: 7 }));
    expect(error.message).toBe('the options of DemoBackend: accessKey must be a non-empty string');
  });

  it('never shows a secret, where it is wrong or where its neighbour is', () => {
    for (const options of [
      { basePath: 7, accessKey: 'a', secretKey: 'hunter2-hunter2' },
      { basePath: 'x', accessKey: 'a', secretKey: 'hunter2\nhunter2' },
      { basePath: 'x', 'hunter2-hunter2': 1, accessKey: 'a', secretKey: 'hunter2-hunter2' },
      { basePath: 'x', endpointUrl: 'ftp://user:hunter2-hunter2@host' },
    ]) {
      const error = configErrorOf(() => checkOptions(schema, options));
      expect(`${error.message} ${JSON.stringify(error)} ${inspect(error)} ${error.stack ?? ''}`).not.toContain(
        'hunter2',
      );
    }
  });

  it('lists the secrets for the driver', () => {
    expect(secretsIn(schema, { secretKey: 'hunter2', endpointUrl: 'http://u:p4ss@h' })).toEqual(['hunter2', 'p4ss']);
  });
});

describe('defineConfig', () => {
  const options = {
    name: 'uploads',
    basePath: './x',
    accessKey: 'AKIA',
    secretKey: 'hunter2-hunter2',
    agent: { socket: 'raw' },
  };

  it('checks at once and creates later, a new instance each time', () => {
    const config = DemoBackend.createConfig(options);
    expect([config.name, config.type]).toEqual(['uploads', 'demo']);
    expect(isBackendConfig(config)).toBe(true);
    const backend: DemoBackend = config.create();
    expect(backend.settings.basePath).toBe('./x');
    expect(backend.settings.agent).toBe(options.agent);
    expect(config.create()).not.toBe(backend);
  });

  it('names every fault, a missing name too', () => {
    const error = configErrorOf(() => DemoBackend.createConfig({ basePath: '' } as never));
    expect(error.message).toContain('2 faults: name is missing');
    expect(configErrorOf(() => DemoBackend.createConfig(undefined as never)).code).toBe('InvalidConfig');
    expect(configErrorOf(() => DemoBackend.createConfig({ ...options, name: '' })).message).toContain('name must be');
  });

  it('shows no secret by whatever means it is printed', () => {
    const config = DemoBackend.createConfig(options);
    const printed = [
      inspect(config),
      inspect(config, { showHidden: true }),
      JSON.stringify({ config }),
      inspect({ ...config }),
    ];
    for (const text of printed) expect(text).not.toMatch(/hunter2|socket/);
    expect(JSON.parse(JSON.stringify(config))).toEqual({
      type: 'demo',
      name: 'uploads',
      basePath: './x',
      accessKey: 'AKIA',
      secretKey: '[redacted]',
      agent: '[an agent]',
    });
  });

  it('is frozen, and blind to later changes of what it was made from', () => {
    const given = { ...options, versions: { keep: 5 } };
    const config = DemoBackend.createConfig(given);
    given.basePath = './elsewhere';
    given.versions.keep = 0;
    expect(config.create().settings).toMatchObject({ basePath: './x', versions: { keep: 5 } });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.options)).toBe(true);
    expect(Object.isFrozen(options.agent)).toBe(false);
  });
});
