import { z } from 'zod'

/** `GET /sandbox/clock`, the answer of `POST /sandbox/clock`, and each event of `GET /sandbox/clock/stream` (event `clock`). */
export const ClockState = z.object({
  nowMs: z.number(),
  /** Sandbox seconds per machine second. */
  rate: z.number(),
  paused: z.boolean(),
  /** The machine's time at which `nowMs` was read. */
  realMs: z.number(),
})
export type ClockState = z.infer<typeof ClockState>

/** `POST /sandbox/clock`: applied in the order rate, paused, setMs, advanceMs. Time never goes back. */
export const ClockChange = z.object({
  rate: z.number().positive().max(1_000_000).optional(),
  paused: z.boolean().optional(),
  setMs: z.number().optional(),
  advanceMs: z.number().min(0).optional(),
})
export type ClockChange = z.infer<typeof ClockChange>

export const FaultKind = z.enum([
  /** The answer comes `delayMs` later (machine time); the effect is made after the delay. */
  'delay',
  /** The call answers `errcode`, without effect. */
  'errcode',
  /** The effect is made, then the connection is cut without an answer. */
  'lost_answer',
  /** The access token of the call is invalidated before the call is checked: it answers 40014. */
  'token_revoked',
  'callback_late',
  'callback_double',
  /** Held back until the next callback of the same app has gone. */
  'callback_reorder',
  'callback_lost',
  /** Delivered, then repeated as if the answer had not been heard, until the attempts are used up. */
  'callback_repeat',
  /** A message that the platform took is not delivered: its callback says so. `event`: `weixin/oa.template_sent`, `weixin/subscribe_message.sent`. */
  'undelivered',
])
export type FaultKind = z.infer<typeof FaultKind>

/** `POST /sandbox/faults`. Every given part of `match` must fit; an empty match fits everything. */
export const NewFault = z.object({
  kind: FaultKind,
  match: z
    .object({
      /** Path of the endpoint, whole or its end: `externalcontact/send_welcome_msg`. For calls. */
      path: z.string().optional(),
      appKey: z.string().optional(),
      /** `Event` or `Event/ChangeType`: `change_external_contact/add_external_contact`. For callbacks. */
      event: z.string().optional(),
      userid: z.string().optional(),
    })
    .default({}),
  /** Only the nth fitting call or callback, from 1. */
  nth: z.number().int().min(1).optional(),
  /** A share of the fitting ones, drawn from the seed. */
  share: z.number().min(0).max(1).optional(),
  /** Switches itself off after so many hits. */
  times: z.number().int().min(1).optional(),
  delayMs: z.number().min(0).optional(),
  errcode: z.number().int().optional(),
})
export type NewFault = z.infer<typeof NewFault>
/** As a client may send it. */
export type NewFaultInput = z.input<typeof NewFault>

export const Fault = NewFault.extend({ id: z.string(), seen: z.number().int(), hits: z.number().int() })
export type Fault = z.infer<typeof Fault>

/** `GET /sandbox/faults`, and the answer of `POST` and of `DELETE /sandbox/faults[/:id]`. */
export const FaultsResponse = z.object({ faults: z.array(Fault) })
export type FaultsResponse = z.infer<typeof FaultsResponse>

export const ScenarioState = z.object({
  name: z.string(),
  title: z.string(),
  titleZh: z.string(),
  running: z.boolean(),
  startedMs: z.number().nullable(),
  durationMs: z.number(),
  progress: z.number().min(0).max(1),
  adds: z.number().int(),
  actions: z.number().int(),
})
export type ScenarioState = z.infer<typeof ScenarioState>

/** `GET /sandbox/scenarios`, and the answer of start and stop. */
export const ScenariosResponse = z.object({ scenarios: z.array(ScenarioState) })
export type ScenariosResponse = z.infer<typeof ScenariosResponse>

/** `POST /sandbox/scenarios/:name/start`: the scenario's own values when left out. */
export const ScenarioOptions = z.object({
  durationS: z
    .number()
    .positive()
    .max(31 * 86_400)
    .optional(),
  addsPerMinute: z.number().positive().max(600_000).optional(),
  /** QR contents, links or config ids to scan; every contact way and link of the corp when left out. */
  contents: z.array(z.string()).optional(),
  /** New people only (true), or also people of the world who are not yet friends with the member. */
  newPeople: z.boolean().optional(),
})
export type ScenarioOptions = z.infer<typeof ScenarioOptions>
