import { join } from 'node:path'
import type { Config } from '../../../infra/config.ts'
import type { Connector } from './connector.ts'
import { folder } from './folder/index.ts'
import { sandboxShop } from './sandbox-shop/index.ts'
import { webhook } from './webhook/index.ts'

/** Every connector, one line each. */
const connectors: readonly Connector[] = [webhook, folder, sandboxShop]

export function connectorOf(kind: string): Connector | undefined {
  return connectors.find((one) => one.kind === kind)
}

export const kinds = connectors.map(({ kind }) => kind)
export const pulledKinds = connectors.filter(({ pull }) => pull !== undefined).map(({ kind }) => kind)

/** The folder that is a connector's own, below DATA_DIR. */
export function folderOf({ dataDir }: Pick<Config, 'dataDir'>, id: string): string {
  return join(dataDir, 'connectors', id)
}
