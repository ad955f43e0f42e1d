import { PageShape } from '../../components/PageShape.tsx'

export function LimitsPage() {
  return (
    <PageShape title="LimitsPage" purpose="">
      {null}
    </PageShape>
  )
}
