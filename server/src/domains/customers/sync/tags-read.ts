import { type Client, type StrategyTagGroup, WecomError } from '@nuanyu/wecom'

/** The app may not use strategies, or the corp has none. */
const noStrategies = new Set([48002, 60011, 301002])

/** All tags of the corp, and those of strategies that our app made. */
export async function readCorpTags(client: Client): Promise<readonly StrategyTagGroup[]> {
  const options = { priority: 'bulk' } as const
  const { tag_group } = await client.tags.list({}, options)
  try {
    const strategies = await client.strategyTags.list({}, options)
    return [...tag_group, ...strategies.tag_group]
  } catch (error) {
    if (error instanceof WecomError && noStrategies.has(error.errcode)) return tag_group
    throw error
  }
}
