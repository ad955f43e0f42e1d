import type { AttachmentInput } from '@nuanyu/wecom'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import {
  linkAddress,
  linkSettings,
  mintLinks,
  type PlatformMedia,
  platformAttachments,
  settingsOfCorp,
  siteOfCorp,
  withToken,
} from '../../content/index.ts'
import type { CampaignContent } from '../campaigns/campaign.schema.ts'
import { contentOf, pagesOf, renderContent, urlsOf } from '../campaigns/content.ts'
import { policiesAt } from '../governor/policies.store.ts'
import { preferencesAddress } from '../preferences/preference-token.ts'
import { reachSettings } from '../settings/settings.store.ts'
import type { Hours } from './hours.ts'
import { taskKey } from './recipients.store.ts'
import type { Run } from './runs.store.ts'
import type { Task } from './task.ts'

/** The hours of a run by the policies of this moment. What is no marketing knows no quiet hours. */
export async function hoursOf(on: Executor, { corpId, spec }: Pick<Run, 'corpId' | 'spec'>, now: Date): Promise<Hours> {
  const policies = spec.marketing ? await policiesAt(on, corpId, now) : []
  return {
    window: spec.window,
    quiet: policies.flatMap(({ rules }) => (rules.quiet === null ? [] : [rules.quiet])),
    zone: await zoneOfCorp(on, corpId),
  }
}

/** What a task says, as the platform takes it. */
export interface Message {
  readonly text: string
  readonly attachments: readonly AttachmentInput[]
  /** Assets that are not at the platform: nothing goes out without them. */
  readonly missing: readonly string[]
  /** The addresses of its own links, by which it is known again; a card's page is not told by every listing. */
  readonly links: readonly string[]
}

/** What is written for one member, or for all of a Moment: under whose links it stands. */
export type Written = Pick<Task, 'runId' | 'number' | 'variant' | 'sender'>

/** What each of these tasks says, with links of its own; in the transaction that claims them. */
export async function writeMessages(
  needs: Pick<Services, 'vault' | 'config'>,
  tx: Tx,
  corpId: number,
  tasks: readonly Written[],
  runs: ReadonlyMap<number, Run>,
  media: ReadonlyMap<string, PlatformMedia>,
): Promise<ReadonlyMap<string, Message>> {
  const contents = await writeContents(needs, tx, corpId, tasks, runs)
  return new Map(
    [...contents].map(([key, { text, attachments, links }]) => [
      key,
      { text, ...platformAttachments(attachments, (id) => media.get(id)), links },
    ]),
  )
}

/** The same before its files have a place at the platform. */
export async function writeContents(
  { vault, config }: Pick<Services, 'vault' | 'config'>,
  tx: Tx,
  corpId: number,
  tasks: readonly Written[],
  runs: ReadonlyMap<number, Run>,
): Promise<ReadonlyMap<string, CampaignContent & Pick<Message, 'links'>>> {
  const [site, { brand }] = [await siteOfCorp(tx, config, corpId), await reachSettings(tx, corpId)]
  const { parameter } = linkSettings(await settingsOfCorp(tx, corpId))
  const contents = tasks.map((task) => {
    const written = runs.get(task.runId)?.spec.variants[task.variant]?.content
    if (written === undefined) throw new Error(`run ${task.runId} has no variant ${task.variant}`)
    const content = contentOf(written, task.sender)
    // a card says its token to the mini program alone, and only where the corp has named a parameter for it
    return { task, content, urls: urlsOf(content), pages: parameter === undefined ? new Map() : pagesOf(content) }
  })
  const tokens = await mintLinks(
    tx,
    vault,
    corpId,
    contents.flatMap(({ task, urls, pages }) =>
      [...urls, ...pages.keys()].map((target, place) => ({ target, run: task.runId, task: task.number, place })),
    ),
  )
  const preferences = preferencesAddress(site, vault, corpId)
  let at = 0
  return new Map(
    contents.map(({ task, content, urls, pages: untold }) => {
      const links = new Map(urls.map((url) => [url, linkAddress(site, tokens[at++] ?? '')]))
      const pages = new Map(
        [...untold].map(([leads, page]) => [leads, withToken(page, parameter ?? '', tokens[at++] ?? '')]),
      )
      const rendered = renderContent(content, { brand, links, preferences, pages })
      return [taskKey(task), { ...rendered, links: [...links.values()] }]
    }),
  )
}
