import { PageShape } from '../../components/PageShape.tsx'

export function CallbacksPage() {
  return (
    <PageShape title="CallbacksPage" purpose="">
      {null}
    </PageShape>
  )
}
