import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input, Radio } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { accountsKey } from './standing.ts'
import styles from './weixin.module.css'
import { words } from './words.ts'

type Given = components['schemas']['ConnectWeixin']

/** AppID and secret of an account: checked at WeChat before anything is kept. */
export function ConnectForm({ onDone }: { onDone: () => void }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const save = useMutation({
    mutationFn: (body: Given) => ask(api.POST('/api/weixin/accounts', { body })),
    onSuccess: async () => {
      message.success(t('form.done'))
      await queryClient.invalidateQueries({ queryKey: accountsKey })
      onDone()
    },
  })
  const refusal = save.error ? explain(save.error) : undefined
  const needed = [{ required: true, message: t('form.needed') }]
  return (
    <Form<Given>
      layout="vertical"
      className={styles.form ?? ''}
      initialValues={{ kind: 'official_account' }}
      onFinish={(given) => save.mutate(given)}
    >
      <Form.Item name="kind" label={t('form.kind')}>
        <Radio.Group
          options={[
            { value: 'official_account', label: t('kind.official_account') },
            { value: 'mini_program', label: t('kind.mini_program') },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="appid"
        label={t('form.appid')}
        rules={[...needed, { pattern: /^wx[0-9a-zA-Z]{8,30}$/, message: t('form.appid.bad') }]}
      >
        <Input maxLength={32} autoComplete="off" />
      </Form.Item>
      <Form.Item name="name" label={t('form.name')} rules={needed}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="secret" label={t('form.secret')} rules={needed}>
        <Input.Password maxLength={200} autoComplete="off" />
      </Form.Item>
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {t('form.save')}
      </Button>
    </Form>
  )
}
