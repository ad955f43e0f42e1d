import { useMutation } from '@tanstack/react-query'
import { App, Form, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { personKey } from './governor.ts'
import { wishWords } from './wishes.words.ts'

/** Notes what a customer wishes, with how we know it: without, nothing is noted. */
export function NotedDialog(props: {
  id: number
  title: string
  okText: string
  /** What is noted. */
  children?: ReactNode
  save(reason: string): Promise<unknown>
  onClose(): void
}) {
  const { id, title, okText, children, save, onClose } = props
  const t = useWords(wishWords)
  const { message } = App.useApp()
  const [reason, setReason] = useState('')
  const noting = useMutation({
    mutationFn: () => save(reason),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [...personKey, id] })
      void message.success(t('noted'))
      onClose()
    },
    onError: (failure) => void message.error(`${explain(failure).title}${explain(failure).hint}`),
  })
  return (
    <Modal
      open
      title={title}
      okText={okText}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: reason.trim().length < 2, loading: noting.isPending }}
      onOk={() => noting.mutate()}
      onCancel={onClose}
    >
      <Form layout="vertical">
        {children}
        <Form.Item label={t('reason')} htmlFor="wish-reason">
          <Input id="wish-reason" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
