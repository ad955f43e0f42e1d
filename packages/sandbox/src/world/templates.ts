/** Group welcome templates [92366]: what a newcomer of a group is greeted with once the owner has chosen it. */
export interface GroupWelcomeTemplate {
  readonly templateId: string
  readonly appKey: string
  text: string | undefined
  /** The attachment as the app gave it. */
  attachment:
    | { kind: 'image' | 'link' | 'miniprogram' | 'file' | 'video'; fields: Readonly<Record<string, unknown>> }
    | undefined
}

export type Templates = Map<string, GroupWelcomeTemplate>

export const createTemplates = (): Templates => new Map()
