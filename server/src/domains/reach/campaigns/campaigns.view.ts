import type { z } from '@hono/zod-openapi'
import { isApproved, type Submission } from '../approvals/approval.ts'
import type { campaignDetail, campaignRow, submissionView } from './campaigns.schema.ts'
import type { ListedCampaign, RunRow, VersionRow } from './campaigns.store.ts'
import { type Changed, changedWords } from './changed.words.ts'
import type { CampaignFault } from './checks.ts'

type Row = z.output<typeof campaignRow>
type RunView = NonNullable<Row['run']>

export function presentCampaign(one: Omit<ListedCampaign, 'run'>): Omit<Row, 'run'> {
  const { spec } = one
  return {
    ...{ id: one.id, name: one.name, kind: spec.kind, state: one.state, version: one.version },
    ...{ template: one.template, marketing: spec.marketing, goal: spec.goal, schedule: spec.schedule },
    next_at: one.nextAt?.toISOString() ?? null,
    author: one.author,
    changed_at: one.changedAt.toISOString(),
  }
}

export function presentRun(run: RunRow): RunView {
  return {
    ...{ id: run.id, version: run.version, rehearsal: run.rehearsal, why: run.why },
    state: run.state as RunView['state'],
    planned_for: run.plannedFor.toISOString(),
  }
}

export function presentSubmission(
  of: Submission,
  names: ReadonlyMap<string, string>,
  reader: string,
  changed: readonly Changed[] = [],
) {
  const verdicts = of.verdicts.map(({ name, verdict, words, through, at }) => ({
    ...{ name, verdict, words, through, at: at.toISOString() },
  }))
  return {
    ...{ recipients: of.recipients, needed: of.needed, verdicts },
    agreed: of.verdicts.filter((one) => one.verdict === 'agree').length,
    submitted_at: of.submittedAt.toISOString(),
    submitted_by: of.submittedBy === null ? null : (names.get(of.submittedBy) ?? null),
    changed: changed.map((what) => ({ what, said: changedWords[what] })),
    mine: of.authors.includes(reader) || of.verdicts.some((one) => one.accountId === reader) || isApproved(of),
  } satisfies z.output<typeof submissionView>
}

export function presentDetail(
  one: Omit<ListedCampaign, 'run'>,
  more: {
    readonly faults: readonly CampaignFault[]
    readonly submission: z.output<typeof submissionView> | null
    readonly versions: readonly VersionRow[]
    readonly runs: readonly RunRow[]
  },
): z.output<typeof campaignDetail> {
  return {
    ...presentCampaign(one),
    ...{ spec: one.spec, copied_from: one.copiedFrom, faults: [...more.faults], submission: more.submission },
    versions: more.versions.map(({ version, changedAt, changedBy }) => ({
      ...{ version, changed_at: changedAt.toISOString(), changed_by: changedBy },
    })),
    runs: more.runs.map((run) => ({
      ...presentRun(run),
      started_at: run.startedAt?.toISOString() ?? null,
      ended_at: run.endedAt?.toISOString() ?? null,
    })),
  }
}
