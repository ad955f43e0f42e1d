import { z } from '@hono/zod-openapi'
import { AppError, type Said } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { createDoctor, type Doctor } from './doctor.run.ts'
import { type DoctorRun, lastRuns } from './doctor.store.ts'
import { severities } from './doctor.ts'

const findingView = z
  .object({
    code: z.string(),
    severity: z.enum(severities),
    title: z.string(),
    why: z.string(),
    menu_path: z.string().nullable(),
    mend: z.string(),
    subjects: z.array(z.object({ type: z.string(), id: z.string(), name: z.string() })),
    is_new: z.boolean().openapi({ description: 'not found by the run before' }),
  })
  .openapi('DoctorFinding')
const reportView = z
  .object({
    at: z.iso.datetime(),
    cause: z.enum(['person', 'schedule']),
    took_ms: z.int(),
    findings: z.array(findingView),
    /** Titles of what the run before found and this one did not. */
    mended: z.array(z.string()),
    outbound_ips: z.array(z.string()).openapi({ description: 'addresses of the platform that we call' }),
    inbound_ips: z.array(z.string()).openapi({ description: 'addresses that call back' }),
  })
  .openapi('DoctorReport')
const tags = ['doctor']

/** 体检: the last report, and a new one on demand. */
export function doctorRoutes(services: Services, doctor: Doctor = createDoctor(services)): Api {
  const { db } = services
  const api = createApi()
  api.openapi(
    route(
      { gate: 'guide.read' },
      {
        method: 'get',
        path: '/api/doctor',
        tags,
        responses: {
          200: jsonContent(
            z.object({ report: reportView.optional() }),
            'The last report; none: nothing was checked yet',
          ),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const [last, before] = await lastRuns(db, c.get('actor').corpId, 2)
      return c.json(last === undefined ? {} : { report: present(last, before, c.get('language')) }, 200)
    },
  )
  api.openapi(
    route(
      { gate: 'guide.read', audit: 'doctor.run' },
      {
        method: 'post',
        path: '/api/doctor/run',
        tags,
        responses: { 200: jsonContent(reportView, 'What is found now; takes some seconds'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      if (corpId === 0) throw noCorp()
      const [before] = await lastRuns(db, corpId, 1)
      const run = await doctor.run(corpId, 'person')
      noteAudit(c, { objectId: run.id, count: run.findings.length })
      return c.json(present(run, before, c.get('language')), 200)
    },
  )
  return api
}

function present(run: DoctorRun, before: DoctorRun | undefined, language: keyof Said): z.output<typeof reportView> {
  const earlier = new Set(before?.findings.map((finding) => finding.code))
  const now = new Set(run.findings.map((finding) => finding.code))
  return {
    at: run.at.toISOString(),
    cause: run.cause,
    took_ms: run.tookMs,
    findings: run.findings.map((finding) => ({
      code: finding.code,
      severity: finding.severity,
      title: finding.title[language],
      why: finding.why[language],
      menu_path: finding.menuPath?.[language] ?? null,
      mend: finding.mend[language],
      subjects: [...finding.subjects],
      is_new: before !== undefined && !earlier.has(finding.code),
    })),
    mended: (before?.findings ?? [])
      .filter((finding) => !now.has(finding.code))
      .map((finding) => finding.title[language]),
    outbound_ips: [...(run.facts.outbound ?? [])],
    inbound_ips: [...(run.facts.inbound ?? [])],
  }
}

export const noCorp = () =>
  new AppError(
    'conflict',
    { zh: '还没有接入企业。', en: 'No corp is connected yet.' },
    {
      hint: {
        zh: '先在接入向导里填写企业 ID 和应用 Secret。',
        en: 'Enter the corp id and the app’s secret in the guide first.',
      },
    },
  )
