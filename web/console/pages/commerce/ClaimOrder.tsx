import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { money } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from './commerce.module.css'
import { ordersKey } from './orders.ts'
import { words } from './words.ts'

const isTail = (tail: string) => /^[0-9A-Za-z]{4,12}$/.test(tail)

/** The customer tells the end of the number on his parcel's slip: an order of nobody's becomes his. */
export function ClaimOrder({ id }: { id: number }) {
  const t = useWords(words)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('claim.open')}
      </Button>
      {open && <ClaimDialog id={id} onClose={() => setOpen(false)} />}
    </>
  )
}

function ClaimDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const [tail, setTail] = useState('')
  const [home, setHome] = useState<number>()
  const path = { id }
  const { data, error } = useQuery({
    queryKey: [...ordersKey, 'claimable', id, tail],
    queryFn: () => ask(api.GET('/api/customers/{id}/order-candidates', { params: { path, query: { tail } } })),
    enabled: isTail(tail),
  })
  const claim = useMutation({
    mutationFn: (homeId: number) =>
      api.POST('/api/customers/{id}/order-claims', { params: { path }, body: { home_id: homeId, tail } }),
    onSuccess: () => {
      void message.success(t('claim.done'))
      onClose()
      void queryClient.invalidateQueries()
    },
  })
  const failed = claim.error ?? error
  const failure = failed && explain(failed)
  const found = isTail(tail) ? (data?.items ?? []) : []
  return (
    <Modal
      open
      title={t('claim.title')}
      okText={t('claim.confirm')}
      okButtonProps={{ disabled: home === undefined, loading: claim.isPending }}
      onOk={() => home !== undefined && claim.mutate(home)}
      onCancel={onClose}
    >
      <div className={styles.claim}>
        <p>{t('claim.text')}</p>
        <Input
          aria-label={t('claim.tail')}
          placeholder={t('claim.tail')}
          maxLength={12}
          value={tail}
          onChange={(event) => {
            setTail(event.target.value.trim())
            setHome(undefined)
          }}
        />
        {failure && <Alert type="error" title={failure.title} description={failure.hint} role="alert" />}
        {isTail(tail) && data && found.length === 0 && <p className={styles.quiet}>{t('claim.none')}</p>}
        {found.length > 0 && (
          <Radio.Group
            className={styles.claim ?? ''}
            value={home ?? null}
            onChange={(event) => setHome(Number(event.target.value))}
            options={found.map((one) => ({
              value: one.home_id,
              label: `…${one.tail} · ${exactTime(one.ordered_at)} · ${money(one.amount)} · ${listed(one.goods)}${one.store === null ? '' : ` · ${one.store}`}`,
            }))}
          />
        )}
      </div>
    </Modal>
  )
}
