import type { FunctionComponent } from 'react'
import { Attachments } from './Attachments.tsx'
import { ChatPreview } from './ChatPreview.tsx'
import { CountsPanel } from './CountsPanel.tsx'
import type { DraftSpec } from './campaign.ts'
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
import { StepSending } from './StepSending.tsx'
import { type StepProps, StepWhom } from './StepWhom.tsx'

/** What the editor asks of a kind: whom, what, and how it goes out; and the numbers and the phone that stand beside. */
export interface KindParts {
  readonly Whom: FunctionComponent<StepProps>
  readonly Sending: FunctionComponent<StepProps>
  readonly Counts: FunctionComponent<{ spec: DraftSpec }>
  readonly Attachments: FunctionComponent<AttachmentsProps>
  readonly Preview: FunctionComponent<PreviewProps>
  /** Whether all are shown the same, so that there is one variant. */
  readonly oneForAll: (spec: DraftSpec) => boolean
}

const messages = { Attachments, Preview: ChatPreview }

export const kindParts: Readonly<Record<Kind, KindParts>> = {
  customer_send: { ...messages, Whom: StepWhom, Sending: StepSending, Counts: CountsPanel, oneForAll: () => false },
  group_send: { ...messages, Whom: StepGroups, Sending: StepGroupSending, Counts: () => null, oneForAll: () => true },
  moment: {
    ...{ Whom: StepSee, Sending: StepPublishing, Counts: MomentCounts, Attachments: MomentAttachments },
    ...{ Preview: MomentPreview, oneForAll: isByTags },
  },
}
