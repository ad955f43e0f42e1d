import { UploadOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Checkbox, Input, Select, Upload } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { FactList } from '../../components/FactList.tsx'
import { explain } from '../../lib/explain.ts'
import type { StepProps } from './ChannelWizard.tsx'
import type { ChannelInput } from './channel.ts'
import styles from './channels.module.css'
import { Field, FieldGroup } from './Field.tsx'
import { words } from './wizard.words.ts'
import { words as listWords } from './words.ts'

export function StepFinish({ draft, change }: StepProps) {
  const t = useWords(words)
  const tList = useWords(listWords)
  const { input } = draft
  const set = (part: Partial<ChannelInput>) => change((before) => ({ ...before, input: { ...before.input, ...part } }))
  const tags = useQuery({
    queryKey: ['channels', 'tags'],
    queryFn: () => ask(api.GET('/api/channels/tags')).then((answer) => answer.groups),
  })
  return (
    <>
      <Field label={t('field.tags')} hint={t('field.tags.hint')}>
        <Select<string[]>
          className={styles.wide}
          mode="multiple"
          value={input.tag_ids}
          showSearch={{ optionFilterProp: 'label' }}
          loading={tags.isPending}
          options={(tags.data ?? []).map((group) => ({
            label: group.name,
            title: group.name,
            options: group.tags.map((tag) => ({ value: tag.id, label: tag.name })),
          }))}
          onChange={(ids) => set({ tag_ids: ids })}
        />
      </Field>
      <div className={styles.pair}>
        <Field label={t('field.remark')} hint={t('field.remark.hint')}>
          <Input
            value={input.remark}
            count={{ show: true, max: 20, strategy: (text) => [...text].length }}
            onChange={(event) => set({ remark: event.target.value })}
          />
        </Field>
        <Field label={t('field.description')}>
          <Input
            value={input.description}
            count={{ show: true, max: 150, strategy: (text) => [...text].length }}
            onChange={(event) => set({ description: event.target.value })}
          />
        </Field>
      </div>
      <div className={styles.field}>
        <Checkbox checked={input.skip_verify} onChange={(event) => set({ skip_verify: event.target.checked })}>
          {t('field.skipVerify')}
        </Checkbox>
      </div>
      <FieldGroup label={t('field.logo')}>
        <LogoField id={input.logo_id} onChange={(id) => set({ logo_id: id })} />
      </FieldGroup>
      <h2 className={styles.summaryTitle}>{t('summary.title')}</h2>
      <FactList
        facts={[
          { label: t('field.name'), value: input.name || '–' },
          { label: t('field.kind'), value: tList(`kind.${input.kind}`) },
          { label: t('field.members'), value: t('summary.members', { count: input.members.length }) },
          { label: t('field.strategy'), value: t(`strategy.${input.strategy}`) },
          { label: t('field.rota'), value: t(input.shifts.length === 0 ? 'rota.always' : 'rota.bands') },
          { label: t('field.dailyLimit'), value: input.daily_limit ?? t('member.limit.none') },
        ]}
      />
    </>
  )
}

function LogoField({ id, onChange }: { id: string | null; onChange: (id: string | null) => void }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const upload = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData()
      form.set('file', file)
      return ask(api.POST('/api/channels/logos', { body: form as never, bodySerializer: (body) => body as never }))
    },
    onSuccess: (made) => onChange(made.id),
    onError: (error) => message.error(`${explain(error).title}${explain(error).hint}`),
  })
  return (
    <span className={styles.span}>
      {id !== null && <img className={styles.logo} src={`/api/channels/logos/${id}`} alt={t('field.logo')} />}
      <Upload
        accept="image/png,image/jpeg,image/webp,image/svg+xml"
        showUploadList={false}
        beforeUpload={(file) => {
          upload.mutate(file)
          return false
        }}
      >
        <Button icon={<UploadOutlined />} loading={upload.isPending}>
          {t('logo.upload')}
        </Button>
      </Upload>
      {id === null ? (
        <span className={styles.quiet}>{t('logo.none')}</span>
      ) : (
        <Button onClick={() => onChange(null)}>{t('logo.remove')}</Button>
      )}
    </span>
  )
}
