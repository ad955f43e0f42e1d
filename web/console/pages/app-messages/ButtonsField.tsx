import { Button, Input, Select } from 'antd'
import type { components } from '#shared/api/schema.gen.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './app-messages.module.css'
import { words } from './words.ts'

export type MessageButton = components['schemas']['AppMessageButton']
type Deed = MessageButton['does']

const most = 6
/** What a button says until somebody writes something else; members read it, in whatever language the console is. */
const usualText: Readonly<Record<Deed, string>> = { acknowledge: '收到', done: '已跟进', open: '查看' }

interface Props {
  /** The name of the kind of message, for who cannot see where the buttons stand. */
  readonly of: string
  readonly buttons: readonly MessageButton[]
  /** What buttons of this kind may do. */
  readonly deeds: readonly Deed[]
  readonly disabled: boolean
  /** What is wrong with which button, as the server says it. */
  readonly fault: { readonly at: number; readonly said: string } | undefined
  readonly onChange: (buttons: readonly MessageButton[]) => void
}

/** The buttons below a message: with one or more of them it is sent as a card. */
export function ButtonsField({ of, buttons, deeds, disabled, fault, onChange }: Props) {
  const t = useWords(words)
  const change = (at: number, part: Partial<MessageButton>) =>
    onChange(buttons.map((one, place) => (place === at ? { ...one, ...part } : one)))
  const free = deeds.filter((deed) => deed === 'open' || !buttons.some((one) => one.does === deed))
  const [next] = free
  return (
    <fieldset className={styles.buttons}>
      <legend className={styles.legend}>{t('buttons.title')}</legend>
      {buttons.map(({ does, text, url = '' }, at) => {
        const label = `${of} · ${t('buttons.nth', { at: at + 1 })}`
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a button is what stands at its place
          <div key={at}>
            <div className={styles.button}>
              <Select<Deed>
                value={does}
                disabled={disabled}
                aria-label={`${label} · ${t('buttons.does')}`}
                className={styles.deed ?? ''}
                options={deeds.map((deed) => ({
                  ...{ value: deed, label: t(`deed.${deed}`) },
                  disabled: deed !== does && !free.includes(deed),
                }))}
                onChange={(deed) => change(at, { does: deed, text: text || usualText[deed] })}
              />
              <Input
                value={text}
                disabled={disabled}
                maxLength={10}
                aria-label={`${label} · ${t('buttons.text')}`}
                className={styles.text ?? ''}
                onChange={(event) => change(at, { text: event.target.value })}
              />
              {does === 'open' && (
                <Input
                  value={url}
                  disabled={disabled}
                  maxLength={2_000}
                  placeholder="https://"
                  aria-label={`${label} · ${t('buttons.url')}`}
                  className={styles.address ?? ''}
                  onChange={(event) => change(at, { url: event.target.value })}
                />
              )}
              {!disabled && (
                <Button
                  type="text"
                  aria-label={`${label} · ${t('buttons.remove')}`}
                  onClick={() => onChange(buttons.filter((_, place) => place !== at))}
                >
                  {t('buttons.remove')}
                </Button>
              )}
            </div>
            {fault?.at === at && (
              <p className={styles.fault} role="alert">
                {fault.said}
              </p>
            )}
          </div>
        )
      })}
      {!disabled && next !== undefined && buttons.length < most && (
        <Button
          size="small"
          onClick={() => onChange([...buttons, { does: next, text: usualText[next] }])}
          aria-label={`${of} · ${t('buttons.add')}`}
        >
          {t('buttons.add')}
        </Button>
      )}
      <p className={styles.quiet}>{t(buttons.length === 0 ? 'buttons.none' : 'buttons.how')}</p>
    </fieldset>
  )
}
