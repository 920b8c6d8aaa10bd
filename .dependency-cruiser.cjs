/** Every border with its reason; docs/architecture.md begins with them. Run by `npm run borders`. */
const module_ = '^src/modules/([^/]+)/';
/** Each may know those before it. Audit knows none of them, and none of them audit. */
const MODULES = ['mail-server', 'user-mail-setting', 'inbox', 'outbox', 'legacy-settings'];
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle means two things cannot be understood, tested or moved apart.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'libs-know-nothing-of-the-product',
      severity: 'error',
      comment: 'A lib could be published alone; what knows mailboxes or HRBC belongs into src.',
      from: { path: '^libs/' },
      to: { path: '^src/' },
    },
    {
      name: 'libs-through-their-door',
      severity: 'error',
      comment: 'A lib promises what its index exports and may change the rest.',
      from: { path: '^(src|libs/([^/]+))/' },
      to: { path: '^libs/[^/]+/src/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'modules-through-their-door',
      severity: 'error',
      comment: 'A module has one door, index.ts; behind it it may rearrange itself at will.',
      from: { path: '^src/', pathNot: module_ },
      to: { path: module_, pathNot: '^src/modules/[^/]+/index\\.ts$' },
    },
    {
      name: 'modules-through-their-neighbours-door',
      severity: 'error',
      comment: 'The same between modules.',
      from: { path: module_ },
      to: { path: module_, pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
    },
    ...MODULES.map((name, place) => ({
      name: `${name}-knows-no-module-above-it`,
      severity: 'error',
      comment: 'Modules go one way; where the lower one has to know something of the upper, it holds a registry.',
      from: { path: `^src/modules/${name}/` },
      to: { path: `^src/modules/(${[...MODULES.slice(place + 1), 'audit'].join('|')})/` },
    })),
    {
      name: 'audit-stands-alone',
      severity: 'error',
      comment: 'The others answer to auditors through the registries of platform/audit-trail.',
      from: { path: '^src/modules/audit/' },
      to: { path: `^src/modules/(${MODULES.join('|')})/` },
    },
    {
      name: 'platform-and-gateways-know-no-module',
      severity: 'error',
      comment: 'Imports go one way: app root, modules, then gateways and platform, then libs.',
      from: { path: '^src/(platform|gateways)/' },
      to: { path: '^src/(modules/|sandbox/|[^/]+\\.ts$)' },
    },
    {
      name: 'platform-knows-no-gateway',
      severity: 'error',
      comment: 'How the service runs does not depend on which mail systems it talks to.',
      from: { path: '^src/platform/' },
      to: { path: '^src/gateways/' },
    },
    {
      name: 'nobody-imports-the-app-root',
      severity: 'error',
      comment: 'The composition root knows everything, so nothing may know it.',
      from: { path: '^src/(modules|gateways|platform)/' },
      to: { path: '^src/(sandbox/|[^/]+\\.ts$)' },
    },
    {
      name: 'deciders-and-projections-are-pure',
      severity: 'error',
      comment:
        'Deciders, events, commands and projections import nothing but libs/eventsourcing and their siblings: no Nest, no database, no clock, no node module.',
      from: { path: '^src/modules/.*\\.(decider|events|commands|errors|projection)\\.ts$' },
      to: {
        pathNot: [
          '^libs/eventsourcing/',
          '^src/modules/.*\\.(decider|events|commands|errors|projection|policy)\\.ts$',
          '^src/modules/[^/]+/index\\.ts$',
        ],
      },
    },
    {
      name: 'eventsourcing-is-alone',
      severity: 'error',
      comment: 'libs/eventsourcing has no dependencies at all.',
      from: { path: '^libs/eventsourcing/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/eventsourcing/' },
    },
    {
      name: 'only-the-app-root-knows-the-stand-ins',
      severity: 'error',
      comment:
        'The application speaks protocols; that a store or provider is embedded is known where the parts are put together.',
      from: { path: '^src/(modules|gateways|platform)/' },
      to: { path: '^libs/(embedded-|provider-simulators)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
