import type { Alarm } from '../../insights/index.ts'
import type { Finding } from './doctor.ts'

/** Alarms of the doctor: one a finding, except information; the welcome's has a kind of its own. */
export const doctorAlarmKinds = ['doctor.finding', 'welcome.no_code'] as const

export function alarmsOf(corpId: number, findings: readonly Finding[]): readonly Alarm[] {
  return findings
    .filter((finding) => finding.severity !== 'info')
    .map((finding) => ({
      corpId,
      kind: finding.code === 'welcome.no_code' ? 'welcome.no_code' : 'doctor.finding',
      key: `doctor:${finding.code}`,
      severity: finding.severity,
      title: finding.title,
      advice:
        finding.menuPath === null
          ? finding.mend
          : {
              zh: `${finding.menuPath.zh}：${finding.mend.zh}`,
              en: `${finding.menuPath.en}: ${finding.mend.en}`,
            },
      subject: { type: 'finding', id: finding.code, path: '/settings/connect?tab=doctor' },
    }))
}
