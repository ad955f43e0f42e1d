import type { Locator, Page } from 'playwright-core'
import type { Customer } from './platform.ts'

/** The sandbox's phone in the hands of whoever is played. */
export interface PhoneSide {
  readonly page: Page
  /** The glass of the phone: what the person played sees. */
  readonly glass: Locator
  /** Plays this person, who has just scanned a code with this content. */
  scan(customer: Customer, content: string): Promise<void>
  /** Plays this person and reads the code off a picture, as from a poster. */
  scanPicture(customer: Customer, picture: Buffer): Promise<void>
  /** Taps «添加到通讯录» and waits for the chat that opens. */
  add(): Promise<void>
  openChat(customer: Customer, peer: string): Promise<void>
  /** The messages of the open chat. */
  readonly log: Locator
}

export function openPhone(page: Page, url: string): PhoneSide {
  const glass = page.getByRole('region', { name: '手机' })
  const log = glass.getByRole('log')
  const go = (query: Record<string, string>) => page.goto(`${url}/?${new URLSearchParams(query)}`)
  return {
    page,
    glass,
    log,
    async scan(customer, content) {
      await go({ as: customer.id, scan: content })
    },
    async scanPicture(customer, picture) {
      await go({ as: customer.id })
      await glass.getByRole('button', { name: '扫一扫' }).first().click()
      await glass.getByRole('tab', { name: '上传图片' }).click()
      await glass
        .locator('input[type=file]')
        .setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: picture })
    },
    async add() {
      await glass.getByRole('button', { name: '添加到通讯录' }).click()
      await log.waitFor()
    },
    async openChat(customer, peer) {
      await go({ as: customer.id, chat: peer })
      await log.waitFor()
    },
  }
}
