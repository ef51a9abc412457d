import tseslint from 'typescript-eslint';

export default tseslint.config(
  // What the build makes is not ours to form: libs/client/src/api.ts.
  { ignores: ['**/dist/', '**/node_modules/', '.erato/', 'coverage/', 'libs/client/src/api.ts'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-extraneous-class': 'off',
      // A message class describes what travels as JSON: nobody calls its constructor.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Neither have such classes, nor those of rows, anything but data.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'max-lines': ['error', { max: 300 }],
      'max-params': ['error', { max: 6 }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['tools/**/*.ts', 'libs/client/examples/*.ts', '**/*.mjs'],
    rules: { 'no-console': 'off' },
  },
);
