import { v7 as uuid } from 'uuid'
import { insertConnector, listConnectors } from '../domains/commerce/index.ts'
import type { Services } from '../infra/services.ts'
import { shopAppid } from './shop.store.ts'

/** The sandbox's shop as a connector: its orders are read by a cursor too, so that none is lost that no webhook told. */
export async function connectDemoOrders(
  { db, clock, vault }: Pick<Services, 'db' | 'clock' | 'vault'>,
  sandboxUrl: string,
  corpId: number,
): Promise<void> {
  const known = await listConnectors(db, corpId)
  if (known.some(({ kind }) => kind === 'sandbox-shop')) return
  await insertConnector(db, {
    ...{ id: uuid(), corpId, kind: 'sandbox-shop', name: '沙箱商城', createdAt: clock.now(), createdBy: null },
    config: { url: sandboxUrl, appid: (await shopAppid(db, corpId)) ?? '' },
    secretSealed: vault.seal(uuid()),
  })
}
