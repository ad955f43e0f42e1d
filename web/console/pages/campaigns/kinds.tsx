import type { FunctionComponent } from 'react'
import { CountsPanel } from './CountsPanel.tsx'
import type { DraftSpec } from './campaign.ts'
import { StepGroupSending } from './groups/StepGroupSending.tsx'
import { StepGroups } from './groups/StepGroups.tsx'
import './groups/kind.words.ts'
import type { Kind } from './kind.ts'
import { StepSending } from './StepSending.tsx'
import { type StepProps, StepWhom } from './StepWhom.tsx'

/** What the editor asks of a kind: whom, and how it goes out; and the numbers that stand beside. */
export interface KindParts {
  readonly Whom: FunctionComponent<StepProps>
  readonly Sending: FunctionComponent<StepProps>
  readonly Counts: FunctionComponent<{ spec: DraftSpec }>
}

const customers: KindParts = { Whom: StepWhom, Sending: StepSending, Counts: CountsPanel }

export const kindParts: Readonly<Record<Kind, KindParts>> = {
  customer_send: customers,
  group_send: { Whom: StepGroups, Sending: StepGroupSending, Counts: () => null },
  moment: customers,
}
