import { ensureFirstSync } from '../domains/customers/index.ts'
import { scheduleDemoStores, seedDemoAccounts } from '../domains/organisation/index.ts'
import type { Services } from '../infra/services.ts'
import { scheduleDemoAccounts } from './accounts.ts'
import { scheduleDemoAudiences } from './audiences.ts'
import { scheduleDemoChannels } from './channels.ts'
import { connectDemoBrand } from './connect.ts'
import { connectDemoShop } from './shop-connector.ts'
import { seedDemoPolicy } from './touch-policy.ts'
import { connectDemoAccounts } from './weixin.ts'

/** The sandbox's brand as a newcomer finds it: connected, synced, greeted, with codes to scan and an account for every role. */
export async function connectDemo(
  services: Services,
  sandboxUrl: string,
  callbacksChanged: () => Promise<void>,
): Promise<void> {
  const corpId = await connectDemoBrand(services, sandboxUrl, callbacksChanged)
  if (corpId === undefined) return
  await connectDemoAccounts(services, sandboxUrl, corpId)
  await connectDemoShop(services, sandboxUrl, corpId)
  await seedDemoAccounts(services, corpId)
  await seedDemoPolicy(services, corpId)
  await ensureFirstSync(services, corpId)
  await scheduleDemoStores(services, corpId)
  await scheduleDemoAccounts(services, corpId)
  await scheduleDemoChannels(services, corpId)
  await scheduleDemoAudiences(services, corpId)
}
