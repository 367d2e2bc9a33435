import path from 'node:path';
import tseslint from 'typescript-eslint';
import { objection, packageObjection, roomOf } from './rooms.js';

const source = path.join(import.meta.dirname, 'src');
const below = (file) => path.relative(source, file).split(path.sep).join('/');

/** Keeps the arrows of the house: `rooms.js` is the table. */
const roomsRule = {
  meta: { type: 'problem', schema: [], messages: { no: '{{reason}}' } },
  create(context) {
    const from = roomOf(below(context.filename));
    const look = (node) => {
      const specifier = node.source?.value;
      if (!from || typeof specifier !== 'string') return;
      const reason = specifier.startsWith('.')
        ? objection(from, roomOf(below(path.resolve(path.dirname(context.filename), specifier))))
        : packageObjection(from, specifier);
      if (reason) context.report({ node, messageId: 'no', data: { reason } });
    };
    return {
      ImportDeclaration: look,
      ExportNamedDeclaration: look,
      ExportAllDeclaration: look,
      ImportExpression: look,
    };
  },
};

const clocks = [
  {
    object: 'Math',
    property: 'random',
    message: 'Use base/random, so that a run can be repeated by its seed.',
  },
  {
    object: 'Date',
    property: 'now',
    message: 'Use the clock of observe/record: times of a history come from one clock.',
  },
];

/** Vitest compares the fields of an expression, and it has none. */
const vacuous = {
  selector:
    'CallExpression[callee.property.name="toMatchObject"] :matches(Property, ArrayExpression) > Literal[regex]',
  message: 'A regular expression in toMatchObject fits everything: use expect.stringMatching.',
};

export default tseslint.config(
  { ignores: ['build/**', '**/dist/**', 'coverage/**', '**/outlast-runs/**', '**/node_modules/**'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    plugins: { outlast: { rules: { rooms: roomsRule } } },
    rules: {
      'outlast/rooms': 'error',
      'max-lines': ['error', { max: 450 }],
      'max-lines-per-function': ['error', { max: 25, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-properties': ['error', ...clocks],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
    rules: { 'max-lines': ['error', { max: 450 }] },
  },
  {
    files: ['src/base/random.ts', 'src/observe/record/clock.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Callbacks of tests describe whole stories; the limit is for code that is called.
    files: ['**/test/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      'no-console': 'off',
      'no-restricted-syntax': ['error', vacuous],
    },
  },
  { files: ['reference/src/**/*.ts'], rules: { 'no-restricted-properties': 'off' } },
);
