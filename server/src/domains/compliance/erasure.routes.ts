import { z } from '@hono/zod-openapi'
import { AppError, notFound } from '../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { auditEntry, noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { erasePerson } from './erasure.jobs.ts'

const erased = z
  .object({
    customer_ids: z.array(z.number()).openapi({ description: 'The customer and those who were merged into it' }),
    rows: z.record(z.string(), z.number()).openapi({ description: 'How many rows were emptied or removed, by table' }),
  })
  .openapi('ErasedCustomer')

/** A person's request to be forgotten, carried out. It cannot be taken back. */
export function erasureRoutes(services: Pick<Services, 'db' | 'vault' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'customers.erase', audit: { none: 'written in the transaction of the erasure' } },
      {
        method: 'post',
        path: '/api/customers/{id}/erase',
        tags: ['customers'],
        request: {
          params: z.object({ id: z.coerce.number().int().positive() }),
          body: {
            required: true,
            content: {
              'application/json': {
                schema: z.object({
                  reason: z.string().trim().min(2).max(200).openapi({
                    description: 'Why, e.g. the number of the request; never a name or a phone number',
                  }),
                }),
              },
            },
          },
        },
        responses: { 200: jsonContent(erased, 'What was erased'), ...errorResponses },
      },
    ),
    async (c) => {
      const { id: customerId } = c.req.valid('param')
      noteAudit(c, { reason: c.req.valid('json').reason })
      const outcome = await erasePerson(services, {
        corpId: c.get('actor').corpId,
        customerId,
        audit: auditEntry(c, 'customer.erase', 'done'),
      })
      if (outcome.kind === 'unknown') throw notFound({ zh: '客户', en: 'customer' })
      if (outcome.kind === 'busy') throw underWay()
      return c.json({ customer_ids: [...outcome.customerIds], rows: { ...outcome.rows } }, 200)
    },
  )

  return api
}

function underWay(): AppError {
  return new AppError(
    'conflict',
    {
      zh: '正在给这位客户发送内容，现在不能删除。',
      en: 'Something is being sent to this customer; he cannot be erased now.',
    },
    { hint: { zh: '请一分钟后再试。', en: 'Try again in a minute.' } },
  )
}
