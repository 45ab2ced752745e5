// The constitution: short, and each rule has a reason. The rooms' import table is docs/design.md's.
import tseslint from 'typescript-eslint';
import { ROOMS, forbiddenRooms } from './infra/lint/rooms.mjs';

const layerBans = Object.keys(ROOMS).map((room) => ({
  files: [`${room}/**/*.ts`, `${room}/**/*.tsx`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: forbiddenRooms(room).map((other) => ({
          regex: `^(\\.\\./)+${other}(/|$)`,
          message: `${room} must not import ${other} (docs/design.md, Rooms). Declare the interface you need and let main pass it in.`,
        })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'data/**', '.cache/**', 'coverage/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error', // types are the documentation that cannot lie
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }], // a lost rejection is a lost call
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      'max-params': ['error', 3], // a fourth argument wants a named object
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: 'Take a Clock (base/clock.ts).',
        },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take a Clock (base/clock.ts).' },
        {
          selector: 'CallExpression[callee.name=/^(setTimeout|setInterval)$/]',
          message: 'Take a Clock (base/clock.ts).',
        },
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only main/config.ts reads the environment.',
        },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
    },
  },
  ...layerBans,
  // The one door to real time, the one reader of the environment, and people-facing output.
  { files: ['base/clock.ts', 'agent-web/**', 'test/**', 'infra/**'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['main/config.ts', 'main.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['test/**', 'infra/**'], rules: { 'no-console': 'off', 'max-params': 'off' } },
);
