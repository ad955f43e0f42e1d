/**
 * The first number of each advisory lock that lasts as long as its transaction: one a purpose, so that nobody waits for
 * somebody else's by accident. The second number says of what: a corp, or a hash. (1, id) is a living process, see
 * `infra/processes.ts`.
 */
export const locks = {
  /** Of the whole installation: 1 migrations, 2 and 3 accounts, 7 partitions. */
  installation: 7261,
  /** A landing page shows one visitor after the other. */
  landing: 7262,
  /** Who is one person, of a corp. */
  evidence: 7263,
  /** Orders of a corp reach the audiences' buyers one batch after the other. */
  buyers: 7264,
  /** Bits of a corp's audiences are folded and counted by one at a time. */
  bits: 7265,
  /** Live audiences are changed while nobody notes whom a change touches. */
  live: 7266,
  /** Stages of a corp: many note, one computes. */
  stages: 7267,
  /** Values of a corp: many note, one computes. */
  values: 7268,
  /** A corp's audiences are computed by one at a time. */
  runs: 7269,
  /** What the rules of a corp's tags come to is said by one at a time. */
  ruleTags: 7270,
  /** Touch policies of a corp are changed one after the other. */
  touchPolicies: 7271,
  /** Runs of a corp decide on people and take their touches one after the other. */
  reserving: 7272,
  /** Reports of a corp's campaigns are worked out one at a time. */
  campaignReports: 7279,
  /** A run of a campaign is planned by one at a time. */
  planning: 7280,
} as const
