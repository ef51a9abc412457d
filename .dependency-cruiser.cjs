/** Who may import whom (ARCHITECTURE.md, Layout). Each rule says in its comment what it protects. */
const service = '^services/([^/]+)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle makes two files one, and ESM with decorators fails at import on it.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'services-never-import-services',
      comment:
        'Services meet on the bus alone, by their contracts. A test may start another service beside its own.',
      severity: 'error',
      from: { path: `${service}src/` },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'contracts-import-nothing-of-ours',
      comment: 'A contract is what everyone agrees on; it must not drag anyone in.',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^(libs|services|tools|test)/', pathNot: '^libs/contracts/' },
    },
    {
      name: 'the-decision-is-pure',
      comment: 'The rules of access know no database and no bus; only the cached client around them does.',
      severity: 'error',
      from: { path: '^libs/policy/src/', pathNot: '[.]spec[.]ts$|^libs/policy/src/client/' },
      to: {
        path: '^(libs|services|tools|test)/|^node:',
        pathNot: '^libs/(policy/src/(?!client/)|contracts/)',
      },
    },
    {
      name: 'policy-imports-contracts-and-platform',
      comment: 'The client of the decision asks over the bus, and that is all.',
      severity: 'error',
      from: { path: '^libs/policy/src/client/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^(libs|services|tools|test)/', pathNot: '^libs/(policy|contracts|platform)/' },
    },
    {
      name: 'the-client-stands-alone',
      comment:
        'Apps run it, in browsers too: it knows the API as its document tells it, and nothing of ours or of Node.',
      severity: 'error',
      from: { path: '^libs/client/src/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^(libs|services|tools|test|node_modules)/|^node:', pathNot: '^libs/client/' },
    },
    {
      name: 'platform-imports-only-contracts',
      comment: 'What every service needs must not know any of them, nor the rules of access.',
      severity: 'error',
      from: { path: '^libs/platform/src/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^(libs|services|tools|test)/', pathNot: '^libs/(platform|contracts)/' },
    },
    {
      name: 'tools-only-for-tools-and-tests',
      comment: 'The launcher and the stand-ins are no part of a running service.',
      severity: 'error',
      from: { path: '^(libs|services)/', pathNot: '^libs/testing/|/test/|[.]spec[.]ts$' },
      to: { path: '^tools/' },
    },
    {
      name: 'testing-only-for-tests',
      comment: 'Nothing that runs in an installation starts test servers.',
      severity: 'error',
      from: { path: '^(libs|services|tools)/[^/]*/?src/', pathNot: '^libs/testing/|[.]spec[.]ts$' },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'no-deep-relative-imports',
      comment: 'Another package is imported by its name, so that its exports decide what it offers.',
      severity: 'error',
      from: { path: '^((libs|services)/[^/]+|tools|test)/', pathNot: '^services/[^/]+/test/' },
      to: {
        path: '^(libs|services|tools)/',
        pathNot: '^$1/',
        dependencyTypes: ['local'],
        dependencyTypesNot: ['aliased-workspace'],
      },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere fails at the start instead of here.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|[.]erato|[.]scratch)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['development', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
