/** The WeCom platform's twin; `createSandbox().listen({ port })` and call it like the real one. */
export * from './admin/schema.ts'
export type { ClockOptions, SandboxClock } from './clock/clock.ts'
export type { Oracle } from './oracle/oracle.ts'
export { chancesOf, reactionOf } from './reach/model.ts'
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'
export type { World } from './world/world.ts'
