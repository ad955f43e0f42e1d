import { createClient, memoryBudget, memoryTokenStore } from '@nuanyu/wecom'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// SC27: a member with many customers has three sends to confirm today, and only a phone
const stage = await openStage('three-sends', { settings: { reach: { habits: { prompt: 0, late: 0 } } } })
const { platform } = stage
const userid = 'chenxiaoyu'

test('a guide finishes the three sends of the day on the phone with at most five taps', async () => {
  await askThreeTimes()
  const phone = await stage.phone()
  await phone.page.goto(`${platform.url}/?as=${userid}`)
  const assistant = phone.glass.getByRole('button', { name: /群发助手/ })
  await assistant.getByText('3 条待发送').waitFor({ timeout: 30_000 })
  await stage.judged(phone.page, 'waiting')

  let taps = 0
  const tap = async (button: ReturnType<typeof phone.glass.getByRole>) => {
    await button.click()
    taps += 1
  }
  await tap(assistant)
  await phone.glass.getByText('阳光玫瑰今天到店').waitFor()
  await stage.judged(phone.page, 'three')
  for (const left of [2, 1, 0]) {
    await tap(phone.glass.getByRole('button', { name: /^(发送|发表)$/ }).first())
    await expect.poll(() => phone.glass.getByRole('button', { name: /^(发送|发表)$/ }).count()).toBe(left)
  }
  expect(taps).toBeLessThanOrEqual(5)
  await phone.glass.getByText('已发表').waitFor()
  await stage.picture(phone.page, 'all-sent')

  const { tasks } = await platform.get<Tasks>(`/sandbox/people/${userid}/tasks`)
  expect(tasks.map(({ state }) => state)).toEqual(['sent', 'sent'])
  const { moments } = await platform.get<Moments>(`/sandbox/people/${userid}/moments`)
  expect(moments.map(({ state }) => state)).toEqual(['published'])
})

interface Tasks {
  readonly tasks: readonly { readonly state: string }[]
}
interface Moments {
  readonly moments: readonly { readonly state: string }[]
}
interface Corps {
  readonly corps: readonly {
    readonly corpId: string
    readonly apps: readonly { readonly appKey: string; readonly secret: string }[]
  }[]
}

/** Two sends to her customers and a Moment, as a brand's app makes them. */
async function askThreeTimes(): Promise<void> {
  const [brand] = (await platform.get<Corps>('/sandbox/corps')).corps
  const app = brand?.apps.find(({ appKey }) => appKey === 'nuanyu')
  if (brand === undefined || app === undefined) throw new Error('the sandbox has no brand with our app')
  const client = createClient({
    ...{ baseUrl: platform.url, corpId: brand.corpId, appKey: app.appKey, secret: app.secret },
    ...{ tokens: memoryTokenStore(), budget: memoryBudget() },
  })
  for (const content of ['阳光玫瑰今天到店，买一送一', '明天会员日，积分翻倍'])
    await client.broadcasts.add({ chat_type: 'single', sender: userid, text: { content } })
  await client.moments.add({
    text: { content: '新到的猫山王，门店试吃' },
    visible_range: { sender_list: { user_list: [userid] } },
  })
}
