// The doors and layers of ARCHITECTURE.md sections 1 and 2, as rules over imports. `npm run check` applies them;
// scripts/check/layers.test.ts plants a fault for each.

const domains = '^server/src/domains'
const tests = '([.]test[.]tsx?$|[.]testing[.]ts$|/testing[^/]*[.]ts$|/testing/|-stage[.]ts$|/fixtures/)'
/** `<thing>.<role>.ts` says by its name what it does besides deciding; the doors are no rules either. */
const roles = '[.][a-z-]+[.]ts$|/index[.]ts$'

/** Where a room's rules meet its stores: the steps of a walk, in order. Everything else without a role is a pure rule. */
const coordinators = [
  'acquisition/adds/add-claim',
  'acquisition/adds/add-lookups',
  'acquisition/adds/add-path',
  'acquisition/capacity/capacity-watch',
  'acquisition/channels/channel-alarms',
  'acquisition/channels/channel-checks',
  'acquisition/channels/channel-write',
  'acquisition/codes/code-bring-up',
  'acquisition/codes/code-call',
  'acquisition/codes/code-orphans',
  'acquisition/codes/code-pictures',
  'acquisition/codes/code-refresh',
  'acquisition/codes/code-resolve',
  'acquisition/codes/code-show',
  'acquisition/codes/code-upkeep',
  'acquisition/landing/landing-assign',
  'acquisition/links/link-watch',
  'acquisition/welcomes/welcome-record',
  'acquisition/welcomes/welcome-sender',
  'commerce/overtaken',
  'content/links/opens-inbox',
  'customers/freshness/customer-upkeep',
  'customers/freshness/freshness-people',
  'customers/freshness/freshness-read',
  'customers/freshness/half-watch',
  'customers/freshness/put-on',
  'customers/owners/own',
  'customers/sync/customers-operations',
  'customers/sync/sync-people',
  'customers/sync/sync-write',
  'groups/group-read',
  'groups/group-upkeep',
  'intake/callback-apps',
  'intake/intake',
  'organisation/accounts/session-opening',
  'organisation/leaves/leaves.change',
  'reach/governor/decide-person',
  'reach/moments/moment-jobs',
  'reach/moments/moment-launch',
  'reach/moments/moment-looks',
  'reach/moments/moment-refusals',
  'reach/moments/moment-results',
  'reach/moments/moment-rounds',
  'reach/moments/moment-seek',
  'reach/moments/viewers',
  'reach/plan/held',
  'reach/plan/outlook',
  'reach/plan/planning',
  'reach/plan/planning-groups',
  'reach/run/absent',
  'reach/run/brief',
  'reach/run/customers',
  'reach/run/ended',
  'reach/run/groups',
  'reach/run/launch',
  'reach/run/offers',
  'reach/run/reassigned',
  'reach/run/results',
  'reach/run/run-acts',
  'reach/run/run-upkeep',
  'reach/run/seek',
  'reach/run/steer',
  'reach/run/taken-back',
  'tags/tag-calls',
  'tags/tag-adopt',
  'tags/tag-catalogue',
  'tags/tag-platform',
  'tags/tag-upkeep',
  'tags/tag-work',
  'weixin/account-clients',
  'weixin/account-facts',
  'weixin/callback-inbox',
  'weixin/page-visitors',
  'weixin/weixin-upkeep',
].map((name) => `${domains}/${name}[.]ts$`)

const rules = { path: `${domains}/[^/]+/.+[.]ts$`, pathNot: [roles, tests, ...coordinators] }

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

export default {
  forbidden: [
    forbid(
      'no-cycles',
      'Two files that need each other are one file, or lack a third. (A type may point back: it is gone at run time.)',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'no-cycles-of-rooms',
      'Two rooms that need each other talk by events.',
      { path: `${domains}/([^/]+)/` },
      { circular: true, via: { path: `${domains}/`, pathNot: `${domains}/$1/` } },
    ),
    forbid(
      'resolvable',
      'An import leads nowhere.',
      {},
      { couldNotResolve: true, pathNot: ['[.]css$', '^virtual:', '^node:', '[.]svg'] },
    ),
    forbid(
      'doors',
      'A room is entered through its index.ts only.',
      { path: `${domains}/([^/]+)/`, pathNot: tests },
      { path: `${domains}/([^/]+)/.+`, pathNot: [`${domains}/$1/`, `${domains}/[^/]+/index[.]ts$`] },
    ),
    forbid(
      'doors-from-outside',
      'The server’s frame enters a room through its index.ts only.',
      { path: '^(server/src|bench|e2e)/', pathNot: [domains, tests] },
      {
        path: `${domains}/[^/]+/.+`,
        pathNot: [`${domains}/[^/]+/index[.]ts$`, `${domains}/[^/]+/[^/]+[.]routes[.]ts$`],
      },
    ),
    forbid(
      'infra-below',
      'infra serves the rooms and knows none of them.',
      { path: '^server/src/infra', pathNot: tests },
      { path: `${domains}|^packages/sandbox` },
    ),
    forbid(
      'packages-alone',
      'packages/ stand alone: no server, no web.',
      { path: '^packages/' },
      { path: '^(server|web|bench|e2e)/' },
    ),
    forbid(
      'wecom-first',
      'The description of the platform knows nothing of its twin.',
      { path: '^packages/wecom' },
      { path: '^packages/sandbox' },
    ),
    forbid(
      'pure-rules',
      'A rule is a function over plain data: no store, no database, no HTTP. A file that joins rules and stores is named in `coordinators`.',
      rules,
      {
        path: '([.]store[.]ts$|^server/src/infra/(db|http|services|jobs|effects)|node_modules/(kysely|pg|hono|@hono)/)',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'database-in-stores',
      'All SQL stands in stores.',
      { path: domains, pathNot: ['[.]store[.]ts$', tests, ...coordinators] },
      { path: 'node_modules/(kysely|pg|pg-copy-streams)/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'schemas-are-shapes',
      'A schema describes data and needs no database.',
      { path: '[.]schema[.]ts$' },
      { path: '([.](store|routes|jobs)[.]ts$|^server/src/infra/db/|node_modules/(kysely|pg)/)' },
    ),
    forbid(
      'routes-at-the-edge',
      'Nothing but the door builds on a route.',
      { path: domains, pathNot: ['/index[.]ts$', '[.]route(s|rs)[.]ts$', tests] },
      { path: '[.]routes[.]ts$' },
    ),
    forbid(
      'tests-stay-tests',
      'What tests need is not for the product.',
      { pathNot: [tests, '^(bench|e2e)/'] },
      { path: tests },
    ),
    forbid(
      'web-apart',
      'The pages know the server by its API only.',
      { path: '^web/', pathNot: '^web/scripts/' },
      { path: '^server/' },
    ),
    forbid(
      'apps-apart',
      'The apps of web/ share only web/shared.',
      { path: '^web/(console|phone|h5|workbench)/' },
      { path: '^web/(console|phone|h5|workbench)/', pathNot: '^web/$1/' },
    ),
  ],
  options: {
    // TypeScript 7 has no API for tools yet.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // Tests may use syntax that the parser's walker does not know yet (`using`), and may import what they like.
    exclude: { path: ['^web/dist', '^[^/]+/node_modules/.*/node_modules', '[.](test|e2e)[.]tsx?$'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
}
