import { PageShape } from '../../components/PageShape.tsx'

export function StatusPage() {
  return (
    <PageShape title="StatusPage" purpose="">
      {null}
    </PageShape>
  )
}
