import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Masked } from '../../components/Masked.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { CustomerAudiences } from '../audiences/CustomerAudiences.tsx'
import { CustomerOrders } from '../commerce/CustomerOrders.tsx'
import { CustomerFields } from '../fields/CustomerFields.tsx'
import { CustomerTouches } from '../governor/CustomerTouches.tsx'
import { CustomerWishes } from '../governor/CustomerWishes.tsx'
import { CustomerStanding } from '../lifecycle/CustomerStanding.tsx'
import { PersonTags } from '../tags/PersonTags.tsx'
import { CustomerWeixin } from '../weixin/CustomerWeixin.tsx'
import { words } from './customer.words.ts'
import styles from './customers.module.css'
import { customersKey, listPath } from './customers.ts'
import { Face } from './Face.tsx'
import { GroupsPanel } from './groups/GroupsPanel.tsx'
import { groupWords } from './groups/words.ts'
import { PersonIdentities } from './PersonIdentities.tsx'
import { RelationCard } from './RelationCard.tsx'
import { StatusTag } from './StatusTag.tsx'
import { StillReading } from './StillReading.tsx'
import { CustomerSenders } from './senders/CustomerSenders.tsx'
import { Timeline } from './Timeline.tsx'
import { useFreshPerson } from './useFreshPerson.ts'
import { words as listWords } from './words.ts'

type Clear = ReadonlyMap<string, { remark: string; description: string; mobiles: string[] }>

/** One customer: who he is, every member's relation with him, and all that happened. */
export function CustomerPage() {
  const t = useWords(words)
  const ofList = useWords(listWords)
  const ofGroups = useWords(groupWords)
  const navigate = useNavigate()
  const { id = '' }: { id?: string } = useParams({ strict: false })
  const mayReveal = useMay('customers.reveal')
  const mayOrders = useMay('orders.read')
  const [clear, setClear] = useState<Clear>(new Map())
  const [told, setTold] = useState<{ name: string; phone: string } | null>(null)
  const { data, error, refetch } = useQuery({
    queryKey: [...customersKey, 'one', id],
    queryFn: () => ask(api.GET('/api/customers/{id}', { params: { path: { id: Number(id) } } })),
  })
  useFreshPerson(Number(id))
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={10} />

  async function reveal(reason: string): Promise<string> {
    const answer = await ask(
      api.POST('/api/customers/{id}/reveal', { params: { path: { id: Number(id) } }, body: { reason } }),
    )
    setClear(new Map(answer.relations.map((relation) => [relation.userid, relation])))
    setTold(answer.imported)
    return answer.name
  }

  const name = data.name === '' ? ofList(data.status === 'none' ? 'known.unnamed' : 'unnamed') : data.name
  const imported = told ?? data.imported
  const past = data.relations.filter((relation) => relation.status === 'ended')
  const present = data.relations.filter((relation) => relation.status !== 'ended')
  return (
    <PageShape
      title={name}
      purpose={t('detail.purpose')}
      action={<Button onClick={() => void navigate({ to: listPath })}>{t('back')}</Button>}
    >
      <div className={styles.detail}>
        <div className={styles.column}>
          <Panel>
            <div className={styles.head}>
              <Face url={data.avatar} size={64} />
              <div>
                <div className={styles.name}>
                  {data.masked ? (
                    <Masked
                      name={t('detail.reveal', { name })}
                      masked={name}
                      {...(mayReveal ? { onReveal: reveal } : {})}
                    />
                  ) : (
                    name
                  )}
                  {data.corp_name !== null && <span className={styles.corp}>@{data.corp_name}</span>}
                </div>
                <StatusTag status={data.status} />
              </div>
            </div>
            <FactList
              facts={[
                ...(data.status === 'none'
                  ? []
                  : [
                      { label: t('detail.kind'), value: ofList(`kind.${data.kind}`) },
                      { label: t('detail.gender'), value: t(`gender.${data.gender}`) },
                    ]),
                ...(data.corp_name === null ? [] : [{ label: t('detail.company'), value: data.corp_name }]),
                ...(data.status === 'none'
                  ? []
                  : [
                      {
                        label: t('detail.read'),
                        value: data.detail_at === null ? t('detail.notRead') : <Ago at={data.detail_at} />,
                      },
                    ]),
                ...(data.external_userid === null
                  ? []
                  : [{ label: t('detail.id'), value: <code className={styles.id}>{data.external_userid}</code> }]),
                ...(imported === null
                  ? []
                  : [
                      { label: t('detail.imported.name'), value: imported.name || '–' },
                      { label: t('detail.imported.phone'), value: imported.phone || '–' },
                      { label: t('detail.imported.at'), value: <Ago at={data.imported?.at ?? data.created_at} /> },
                    ]),
              ]}
            />
            <StillReading id={Number(id)} />
          </Panel>
          <CustomerStanding id={data.id} />
          <PersonTags id={Number(id)} />
          <CustomerAudiences id={data.id} />
          <CustomerFields id={data.id} />
          <PersonIdentities id={Number(id)} />
          <CustomerWeixin id={Number(id)} />
          <CustomerTouches id={Number(id)} />
          <CustomerWishes id={Number(id)} />
        </div>
        <div className={styles.column}>
          <Panel title={t('detail.relations')}>
            {data.relations.length === 0 && <p className={styles.quiet}>{t('detail.none')}</p>}
            {present.map((relation) => (
              <RelationCard key={relation.userid} relation={relation} clear={clear.get(relation.userid)} />
            ))}
            {past.length > 0 && <h3 className={styles.heading}>{t('detail.relations.past')}</h3>}
            {past.map((relation) => (
              <RelationCard key={relation.userid} relation={relation} clear={clear.get(relation.userid)} />
            ))}
          </Panel>
          {data.status !== 'none' && <CustomerSenders id={Number(id)} />}
          {mayOrders && <CustomerOrders id={Number(id)} />}
          <Panel title={ofGroups('title')}>
            <GroupsPanel id={Number(id)} />
          </Panel>
          <Panel title={t('detail.timeline')}>
            <Timeline id={Number(id)} since={exactTime(data.created_at)} />
          </Panel>
        </div>
      </div>
    </PageShape>
  )
}
