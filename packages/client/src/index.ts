export { type Client, createClient, NuanyuError } from './client.ts'
export type {
  BatchAnswer,
  CustomerRef,
  EventInput,
  MemberInput,
  MemberView,
  OrderInput,
  OrderView,
  ProductInput,
  ProductView,
  RowAnswer,
} from './shapes.ts'
export { batchLimit } from './shapes.ts'
