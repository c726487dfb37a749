import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import jest from 'eslint-plugin-jest';
import security from 'eslint-plugin-security';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/', '**/generated/', 'coverage/', '.cache/'] },
  js.configs.recommended,
  security.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: ['./tsconfig.spec.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    rules: {
      // Reads every obj[key] as an attack; strict TypeScript covers what is real of it.
      'security/detect-object-injection': 'off',
      // Paths here come from the checkout and the configuration, never from a request.
      'security/detect-non-literal-fs-filename': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.spec.ts', '**/conformance/**/*.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      // Tests state expectations in helpers named expect… too, and the conformance suite is a function.
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'fc.assert', '**.expect*'] }],
      'jest/no-export': 'off',
      'jest/valid-title': 'off',
      'jest/no-standalone-expect': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // A wire format is read and written by index; each index is held by a loop or a check one line above.
    files: ['pulsar/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // A fuzz test takes one of two outcomes for right, and says what is right of each.
    files: ['pulsar/**/*.spec.ts'],
    rules: { 'jest/no-conditional-expect': 'off' },
  },
  {
    files: ['pulsar/**/*.{cjs,js}'],
    languageOptions: { globals: { process: 'readonly', require: 'readonly', Buffer: 'readonly' } },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        URL: 'readonly',
        setTimeout: 'readonly',
      },
    },
    rules: { 'no-console': 'off' },
  },
  prettier,
);
