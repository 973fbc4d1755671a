import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom. No backend knows another backend, the suite knows no backend, nothing imports the cli.
 * A package that is missing here may import no sibling at all.
 */
const siblings = {
  core: [],
  's3-protocol': ['core'],
  'backend-local': ['core'],
  'backend-minio': ['core', 's3-protocol'],
  'backend-aws-s3': ['core', 's3-protocol'],
  'backend-azure-blob': ['core'],
  'conformance-tests': ['core'],
  cli: ['core'],
};

/** Only the package that talks to a service has its SDK. */
const sdks = {
  's3-protocol': '@aws-sdk|@smithy',
  'backend-minio': '@aws-sdk|@smithy',
  'backend-aws-s3': '@aws-sdk|@smithy',
  'backend-azure-blob': '@azure',
};

const everySdk = '@aws-sdk|@smithy|@azure';

function importRules(name, allowed, sdk) {
  const own = [name, ...allowed].join('|');
  const foreignSdks = everySdk
    .split('|')
    .filter((scope) => !sdk.split('|').includes(scope))
    .join('|');
  return {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^@storage/(?!(?:${own})(?:/|$))`,
            message: `${name} may import ${allowed.length === 0 ? 'no sibling' : allowed.join(', ')}.`,
          },
          {
            regex:
              '^(?:\\.\\./)+(?:packages/)?(?:core|cli|s3-protocol|conformance-tests|backend-[\\w-]+)/(?:src|test|dist)/',
            message: 'Import a sibling by its package name.',
          },
          ...(foreignSdks
            ? [{ regex: `^(?:${foreignSdks})/`, message: `${name} does not speak to that service.` }]
            : []),
        ],
      },
    ],
  };
}

const directions = Object.entries(siblings).flatMap(([name, allowed]) => [
  { files: [`packages/${name}/src/**/*.ts`], rules: importRules(name, allowed, sdks[name] ?? '') },
  // Tests of a backend are its harness for the suite.
  {
    files: [`packages/${name}/test/**/*.ts`],
    rules: importRules(name, [...allowed, 'conformance-tests'], sdks[name] ?? ''),
  },
]);

export default defineConfig(
  globalIgnores([
    '**/dist/',
    'docs/.snippets/',
    '**/coverage/',
    '**/.turbo/',
    '**/.reports/',
    '**/storage/',
    'benchmarks/',
    'examples/sqlite-backend/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      // It does not know type arguments of calls: `call<void>('fsync', …)`.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // `async` without `await` is how a driver turns a throw into a rejection.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-undef': 'off', // TypeScript knows.
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportAllDeclaration[exportKind=value]',
          message: 'The public API is a hand-written list.',
        },
      ],
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
  },
  {
    files: ['packages/*/test/**/*.ts', '**/*.test.ts', '**/*.test-d.ts'],
    rules: {
      // A wrong `!` fails its test, and `expect.any()` is `any`.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  ...directions,
);
