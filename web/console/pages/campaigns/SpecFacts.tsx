import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { exactCount, share } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useSaid } from '#shared/i18n/said.ts'
import { type Fact, FactList } from '../../components/FactList.tsx'
import { audiencesKey } from '../audiences/audiences.ts'
import { clockText } from '../welcome/welcome.ts'
import { type CampaignDetail, isEverybody, type Spec, senderSetsKey, type Whom } from './campaign.ts'
import { goalText, hoursText, scheduleText } from './campaignTexts.ts'
import { useChannelFacts } from './channels/channelFacts.ts'
import { words } from './detail.words.ts'
import { useGroupFacts } from './groups/groupFacts.ts'
import { useKindWords } from './kind.ts'
import { isByTags } from './moments/moment.rules.ts'
import { useMomentFacts } from './moments/momentFacts.ts'
import { words as wizardWords } from './wizard.words.ts'
import { words as listWords } from './words.ts'

/** The names of the audiences and the set that a spec speaks of. */
export function useSpecNames(spec: Spec) {
  const whoms = [spec.whom, ...spec.exclusions.map((one) => one.whom), ...spec.variants.map((one) => one.for)]
  const ids = [...new Set(whoms.flatMap((one) => (one !== null && 'audience' in one ? one.audience : [])))].sort()
  const audiences = useQuery({
    queryKey: [...audiencesKey, 'values', 'audience', 'names', ids],
    queryFn: () => ask(api.GET('/api/audience-values', { params: { query: { kind: 'audience', q: '', ids } } })),
    enabled: ids.length > 0,
    staleTime: 60_000,
  })
  const sets = useQuery({
    queryKey: senderSetsKey,
    queryFn: () => ask(api.GET('/api/sender-sets')),
    enabled: spec.senders.set !== null,
  })
  return {
    audience: (id: string) => audiences.data?.items.find((one) => one.id === id)?.name ?? '…',
    set: (id: string) => sets.data?.items.find((one) => one.id === id)?.name ?? '…',
  }
}

/** The rules that a spec has of its own, in words: whom it is for must be read without opening the editor. */
function useRuleTexts(spec: Spec): (rule: Extract<Whom, { rule: unknown }>['rule']) => string | undefined {
  const said = useSaid()
  const rules = [spec.whom, ...spec.exclusions.map((one) => one.whom)].flatMap((one) =>
    one !== null && 'rule' in one && !isEverybody(one.rule) ? [one.rule] : [],
  )
  const { data } = useQuery({
    queryKey: [...audiencesKey, 'words', rules],
    queryFn: () => ask(api.POST('/api/audiences/words', { body: { rules } })),
    enabled: rules.length > 0,
    staleTime: 60_000,
  })
  return (rule) => {
    const words = data?.words[rules.indexOf(rule)]
    return words && said(words)
  }
}

/** What a spec says, each part as one labelled line. */
export function useSpecFacts(spec: Spec): Fact[] {
  const t = useKindWords(words)
  const tList = useKindWords(listWords)
  const tWizard = useKindWords(wizardWords)
  const names = useSpecNames(spec)
  const ruleText = useRuleTexts(spec)
  const channels = useChannelFacts(spec)
  const ofGroups = useGroupFacts(spec)
  const ofTags = useMomentFacts(spec)
  const hours = (count: number) => hoursText(tList, count).trim()
  const whomText = (whom: Whom | null) =>
    whom === null
      ? t('value.no')
      : 'audience' in whom
        ? t('value.audience', { name: names.audience(whom.audience) })
        : isEverybody(whom.rule)
          ? t('value.everybody')
          : (ruleText(whom.rule) ?? t('value.rule'))
  const { senders, governed, canary, window } = spec
  return [
    { label: t('fact.goal'), value: goalText(tList, spec.goal) },
    {
      label: t('fact.window'),
      value: t('value.attribution', {
        ...{ click: hours(spec.attribution.click_hours), send: hours(spec.attribution.send_hours) },
      }),
    },
    { label: t('fact.marketing'), value: tWizard(spec.marketing ? 'marketing.yes' : 'marketing.no') },
    ...(spec.kind === 'group_send'
      ? ofGroups
      : isByTags(spec)
        ? ofTags
        : [
            { label: t('fact.whom'), value: whomText(spec.whom) },
            {
              label: t('fact.exclusions'),
              value:
                spec.exclusions.length === 0
                  ? t('value.no')
                  : listed(
                      spec.exclusions.map((one) => t('value.exclusion', { name: one.name, whom: whomText(one.whom) })),
                    ),
            },
          ]),
    { label: t('fact.time'), value: scheduleText(tList, spec.schedule) },
    {
      label: t('fact.hours'),
      value: window === null ? t('value.always') : `${clockText(window.from)}–${clockText(window.until)}`,
    },
    { label: t('fact.expires'), value: hours(spec.expires_hours) },
    { label: t('fact.reminders'), value: t('value.reminders', { count: spec.reminders }) },
    {
      label: t('fact.senders'),
      value:
        (senders.set === null ? tWizard('senders.any') : names.set(senders.set)) +
        (senders.most === null ? '' : ` · ≤ ${exactCount(senders.most)}`),
    },
    { label: t('fact.priority'), value: governed.priority },
    ...(isByTags(spec) ? [] : [whenCapped()]),
    ...(spec.kind === 'group_send' || isByTags(spec) ? [] : comparedWith()),
  ]

  // what a group may have is asked of every send, of a person only where it is marketing
  function whenCapped(): Fact {
    const asked = spec.marketing || spec.kind === 'group_send'
    const drops = governed.when_capped === 'drop'
    return {
      label: t('fact.governed'),
      value: !asked ? '–' : drops ? tWizard('capped.drop') : t('value.hold', { hours: hours(governed.wait_hours) }),
    }
  }

  // a group hears one content or none, and by corp tags the platform decides: nobody is held out or drawn
  function comparedWith(): Fact[] {
    return [
      { label: t('fact.holdout'), value: share(spec.holdout_permille / 1_000) },
      ...channels,
      {
        label: t('fact.canary'),
        value:
          canary === null
            ? t('value.no')
            : t('value.canary', {
                ...{ share: share(canary.permille / 1_000), hours: hours(canary.hours) },
                most: share(canary.most_deletes_permille / 1_000),
              }),
      },
    ]
  }
}

export function SpecFacts({ campaign }: { campaign: CampaignDetail }) {
  const t = useKindWords(words)
  const facts = useSpecFacts(campaign.spec)
  const next = campaign.next_at
  return (
    <FactList
      facts={next === null ? facts : [{ label: t('fact.next'), value: exactTime(next).slice(0, 16) }, ...facts]}
    />
  )
}
