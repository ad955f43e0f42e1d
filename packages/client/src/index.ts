export { type Client, createClient, NuanyuError } from './client.ts'
export type {
  BatchAnswer,
  ChatInput,
  CustomerRef,
  EventInput,
  LeaveInput,
  MemberInput,
  MemberView,
  OrderInput,
  OrderView,
  OwnerInput,
  ProductInput,
  ProductView,
  RowAnswer,
} from './shapes.ts'
export { batchLimit } from './shapes.ts'
