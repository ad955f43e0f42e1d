import { v7 as uuid } from 'uuid'
import { insertConnector, listConnectors } from '../domains/commerce/index.ts'
import type { Services } from '../infra/services.ts'
import { shopAppid } from './shop.store.ts'
import { putInSandbox } from './weixin.ts'

const kind = 'sandbox-shop'

/**
 * The sandbox's shop as a connector, as a person would set it up: what happens there is posted to the connector's address at
 * once, and read by its cursors too, so that nothing is lost that no webhook told.
 */
export async function connectDemoShop(
  { db, clock, vault, config }: Pick<Services, 'db' | 'clock' | 'vault' | 'config'>,
  sandboxUrl: string,
  corpId: number,
): Promise<void> {
  const known = (await listConnectors(db, corpId)).find((one) => one.kind === kind)
  const id = known?.id ?? uuid()
  const secret = known?.secretSealed == null ? uuid() : vault.open(known.secretSealed)
  if (known === undefined)
    await insertConnector(db, {
      ...{ id, corpId, kind, name: '沙箱商城', createdAt: clock.now(), createdBy: null },
      config: { url: sandboxUrl, appid: (await shopAppid(db, corpId)) ?? '' },
      secretSealed: vault.seal(secret),
    })
  await putInSandbox(sandboxUrl, '/shop/webhook', { url: `${config.publicUrl}/callbacks/connectors/${id}`, secret })
}
