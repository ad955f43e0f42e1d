import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Input, InputNumber } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from '../commerce/commerce.module.css'
import { keysKey, type Scope, scopeName, scopes } from './keys.ts'
import { words } from './words.ts'

const usual: readonly Scope[] = ['orders.write', 'products.write', 'members.write', 'events.write']

export function NewKeyForm({ onMade }: { onMade: (secret: string) => void }) {
  const t = useWords(words)
  const id = useId()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly Scope[]>(usual)
  const [perMinute, setPerMinute] = useState(600)
  const make = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/keys', { body: { name: name.trim(), scopes: [...chosen], per_minute: perMinute } })),
    onSuccess: async ({ secret }) => {
      onMade(secret)
      await queryClient.invalidateQueries({ queryKey: keysKey })
    },
  })
  const refusal = make.error ? explain(make.error) : undefined
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        make.mutate()
      }}
    >
      <div className={styles.field}>
        <label htmlFor={`${id}-name`}>{t('name')}</label>
        <Input
          id={`${id}-name`}
          value={name}
          maxLength={64}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <p className={styles.hint}>{t('name.hint')}</p>
      </div>
      <fieldset className={styles.scopes}>
        <legend className={styles.field}>{t('scopes')}</legend>
        <p className={styles.hint}>{t('scopes.hint')}</p>
        {scopes.map((scope) => (
          <Checkbox
            key={scope}
            checked={chosen.includes(scope)}
            onChange={(event) =>
              setChosen(event.target.checked ? [...chosen, scope] : chosen.filter((one) => one !== scope))
            }
          >
            {scopeName(scope, t)} <span className={styles.quiet}>{scope}</span>
          </Checkbox>
        ))}
      </fieldset>
      <div className={styles.field}>
        <label htmlFor={`${id}-limit`}>{t('limit')}</label>
        <InputNumber
          id={`${id}-limit`}
          min={1}
          max={60_000}
          precision={0}
          value={perMinute}
          onChange={(value) => setPerMinute(value ?? 600)}
        />
        <p className={styles.hint}>{t('limit.hint')}</p>
      </div>
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div>
        <Button
          type="primary"
          htmlType="submit"
          loading={make.isPending}
          disabled={name.trim() === '' || chosen.length === 0}
        >
          {t('create')}
        </Button>
      </div>
    </form>
  )
}
