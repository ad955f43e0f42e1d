import { expect } from 'vitest'
import type { ConsoleSide } from './console.ts'
import type { Stage } from './stage.ts'

/** A store whose members are those of a department; waits for the first reading of the members. */
export async function makeStore(
  { db }: Pick<Stage, 'db'>,
  console: ConsoleSide,
  store: { code: string; name: string; department: string },
): Promise<string> {
  const department = () =>
    db.selectFrom('departments').select('department_id').where('name', '=', store.department).executeTakeFirst()
  await expect.poll(department, { timeout: 20_000 }).toBeDefined()
  const { status, body } = await console.call<{ id: string }>('POST', '/api/stores', {
    code: store.code,
    name: store.name,
    department_id: (await department())?.department_id,
  })
  expect(status, JSON.stringify(body)).toBe(201)
  return body.id
}
