import js from '@eslint/js';
import ts from 'typescript-eslint';

const NODE = [
  'console',
  'process',
  'Buffer',
  'URL',
  'fetch',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'performance',
];
const BROWSER = [
  'document',
  'window',
  'navigator',
  'location',
  'File',
  'DataTransfer',
  'DragEvent',
  'createImageBitmap',
  'MediaRecorder',
  'OffscreenCanvas',
  'Worker',
  'addEventListener',
  'postMessage',
];
const globals = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default ts.config(
  {
    ignores: [
      '**/dist/',
      '**/build/',
      '**/runs/',
      '**/node_modules/',
      'sdk/browser/',
      'sdk/models/',
      'sdk/wasm/',
      'public/models/',
    ],
  },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['warn'] }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // The compiler checks indexing; a `!` marks what the reader may rely on.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['**/*.{mjs,js}'], languageOptions: { globals: globals([...NODE, ...BROWSER]) } },
  // AssemblyScript, which has no imports of types alone.
  { files: ['sdk/assembly/**'], rules: { '@typescript-eslint/consistent-type-imports': 'off' } },
  // What runs in a terminal talks to it.
  {
    files: ['scripts/**', 'sdk/bench/**', 'test/**', 'training/**', '*.mjs'],
    rules: { 'no-console': 'off' },
  },
);
