import type { FunctionComponent } from 'react'
import { Attachments } from './Attachments.tsx'
import { ChatPreview } from './ChatPreview.tsx'
import { CountsPanel } from './CountsPanel.tsx'
import type { CampaignDetail, DraftSpec, Run } from './campaign.ts'
import { GroupCounts } from './groups/GroupCounts.tsx'
import { GroupPreview } from './groups/GroupPreview.tsx'
import { GroupReport } from './groups/GroupReport.tsx'
import { GroupRun } from './groups/GroupRun.tsx'
import { GroupsTab } from './groups/GroupsTab.tsx'
import { StepGroupSending } from './groups/StepGroupSending.tsx'
import { StepGroups } from './groups/StepGroups.tsx'
import './groups/kind.words.ts'
import type { AttachmentsProps, Kind, PreviewProps } from './kind.ts'
import './moments/kind.words.ts'
import { MomentAttachments } from './moments/MomentAttachments.tsx'
import { MomentCounts } from './moments/MomentCounts.tsx'
import { MomentPreview } from './moments/MomentPreview.tsx'
import { isByTags } from './moments/moment.rules.ts'
import { StepPublishing } from './moments/StepPublishing.tsx'
import { StepSee } from './moments/StepSee.tsx'
import { PeopleTab } from './PeopleTab.tsx'
import { ReportTab } from './ReportTab.tsx'
import { StepSending } from './StepSending.tsx'
import { type StepProps, StepWhom } from './StepWhom.tsx'

/**
 * What the editor asks of a kind: whom, what, and how it goes out, and the numbers and the phone that stand beside; and what is
 * shown of a run while it goes on, of everybody who was named, and afterwards.
 */
export interface KindParts {
  readonly Whom: FunctionComponent<StepProps>
  readonly Sending: FunctionComponent<StepProps>
  readonly Counts: FunctionComponent<{ spec: DraftSpec }>
  readonly Attachments: FunctionComponent<AttachmentsProps>
  readonly Preview: FunctionComponent<PreviewProps>
  /** Whether all are shown the same, so that there is one variant. */
  readonly oneForAll: (spec: DraftSpec) => boolean
  /** Beside the tasks of a run; null: nothing. */
  readonly Run: FunctionComponent<{ campaign: CampaignDetail; run: Run }> | null
  readonly Named: FunctionComponent<{ campaign: CampaignDetail }>
  readonly Report: FunctionComponent<{ campaign: CampaignDetail }>
}

const messages = { Attachments, Preview: ChatPreview }
const persons = { Run: null, Named: PeopleTab, Report: ReportTab }

export const kindParts: Readonly<Record<Kind, KindParts>> = {
  customer_send: {
    ...{ ...messages, ...persons },
    ...{ Whom: StepWhom, Sending: StepSending, Counts: CountsPanel, oneForAll: () => false },
  },
  group_send: {
    ...{ Whom: StepGroups, Sending: StepGroupSending, Counts: GroupCounts, Attachments },
    ...{ Preview: GroupPreview, oneForAll: () => true, Run: GroupRun, Named: GroupsTab, Report: GroupReport },
  },
  moment: {
    ...persons,
    ...{ Whom: StepSee, Sending: StepPublishing, Counts: MomentCounts, Attachments: MomentAttachments },
    ...{ Preview: MomentPreview, oneForAll: isByTags },
  },
}
