import { useQuery } from '@tanstack/react-query'
import { Alert, Button, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { audiencesKey } from '../audiences/audiences.ts'
import styles from './tags.module.css'
import { type TagItem, tagsKey } from './tags.ts'
import { useTagChanges } from './useTagChanges.ts'
import { words } from './words.ts'

interface Named {
  id: string
  name: string
}

/** Has a tag follow an audience: whoever is in it has the tag, and loses it when he leaves. One of the two is given. */
export function RuleDialog({ tag, audience, onClose }: { tag?: TagItem; audience?: Named; onClose: () => void }) {
  const t = useWords(words)
  const carryOut = useTagChanges()
  const [tagId, setTagId] = useState(tag?.id)
  const [audienceId, setAudienceId] = useState(audience?.id ?? tag?.rule?.audience_id)
  const [keepDays, setKeepDays] = useState<number | null>(tag?.rule?.keep_days ?? null)
  const chosen = tagId !== undefined && audienceId !== undefined
  const cost = useQuery({
    queryKey: [...tagsKey, 'rule-cost', tagId, audienceId],
    queryFn: () =>
      ask(
        api.GET('/api/tags/{id}/rule-cost', {
          params: { path: { id: tagId ?? '' }, query: { audience_id: audienceId ?? '' } },
        }),
      ),
    enabled: chosen,
    retry: false,
  })

  async function give() {
    if (tagId === undefined || audienceId === undefined) return
    const body = { audience_id: audienceId, keep_days: keepDays }
    const path = { params: { path: { id: tagId } } }
    if (await carryOut(() => ask(api.PUT('/api/tags/{id}/rule', { ...path, body })), t('rule.begun'))) onClose()
  }
  async function end() {
    if (tag === undefined) return
    const path = { params: { path: { id: tag.id } } }
    if (await carryOut(() => ask(api.DELETE('/api/tags/{id}/rule', path)), t('rule.ended'))) onClose()
  }

  return (
    <Modal
      open
      title={tag ? t('rule.title', { name: tag.name }) : t('rule.title.audience', { name: audience?.name ?? '' })}
      okText={t('rule.give')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: !chosen || cost.data === undefined }}
      onOk={() => void give()}
      onCancel={onClose}
    >
      <div className={styles.dialog}>
        <p className={styles.quiet}>{t('rule.how')}</p>
        {tag ? (
          <AudienceChoice value={audienceId} onChange={setAudienceId} />
        ) : (
          <TagChoice value={tagId} onChange={setTagId} />
        )}
        <InputNumber
          className={styles.choose ?? ''}
          aria-label={t('rule.keep')}
          prefix={<span className={styles.quiet}>{t('rule.keep')}</span>}
          placeholder={t('rule.keep.always')}
          min={1}
          max={3_650}
          precision={0}
          value={keepDays}
          onChange={setKeepDays}
        />
        {cost.error && <ErrorState error={cost.error} />}
        {cost.data && (
          <Alert
            type="info"
            title={
              cost.data.calls === 0
                ? t('rule.cost.own', { persons: exactCount(cost.data.persons) })
                : t('rule.cost', {
                    persons: exactCount(cost.data.persons),
                    calls: exactCount(cost.data.calls),
                    minutes: exactCount(cost.data.minutes),
                  })
            }
          />
        )}
        {tag?.rule && (
          <Button type="link" danger className={styles.end ?? ''} onClick={() => void end()}>
            {t('rule.end', { audience: tag.rule.audience })}
          </Button>
        )}
      </div>
    </Modal>
  )
}

interface ChoiceProps {
  value: string | undefined
  onChange: (value: string) => void
}

function AudienceChoice({ value, onChange }: ChoiceProps) {
  const t = useWords(words)
  const { data, error } = useQuery({
    queryKey: [...audiencesKey, 'list'],
    queryFn: () => ask(api.GET('/api/audiences')),
  })
  const following = (data?.items ?? []).filter((one) => one.kind !== 'static')
  if (error) return <ErrorState error={error} />
  return (
    <Select
      aria-label={t('rule.audience')}
      placeholder={t('rule.audience')}
      className={styles.choose ?? ''}
      showSearch={{ optionFilterProp: 'label' }}
      notFoundContent={t('rule.no.audience')}
      {...(value === undefined ? {} : { value })}
      onChange={onChange}
      options={following.map((one) => ({ value: one.id, label: one.name }))}
    />
  )
}

function TagChoice({ value, onChange }: ChoiceProps) {
  const t = useWords(words)
  const { data, error } = useQuery({ queryKey: tagsKey, queryFn: () => ask(api.GET('/api/tags')) })
  if (error) return <ErrorState error={error} />
  return (
    <Select
      aria-label={t('rule.tag')}
      placeholder={t('rule.tag')}
      className={styles.choose ?? ''}
      showSearch={{ optionFilterProp: 'label' }}
      {...(value === undefined ? {} : { value })}
      onChange={onChange}
      options={(data?.groups ?? []).map((group) => ({
        label: group.name,
        title: group.name,
        options: group.tags.map((tag) => ({
          ...{ value: tag.id, label: `${group.name} / ${tag.name}` },
          // one rule a tag: that of another audience is ended on the page of tags
          disabled: tag.rule !== null,
        })),
      }))}
    />
  )
}
