/** The shapes of the sandbox's admin interface, taken from the sandbox itself so that the two cannot drift. */
export type {
  AddResponse,
  CallbackRecord,
  CallRecord,
  Chat,
  ChatsResponse,
  ClockChange,
  ClockState,
  Contact,
  ContactsResponse,
  CorpsResponse,
  Fault,
  FaultsResponse,
  Message,
  MessageBody,
  MessagesResponse,
  NewFaultInput,
  NewPerson,
  PeopleResponse,
  Person,
  PersonDetail,
  ReachedMessage,
  RelationStatus,
  ScanResponse,
  ScenarioState,
  ScenariosResponse,
  Settings,
  SettingsPatch,
  StreamEvent,
  WriteResponse,
} from '../../../../packages/sandbox/src/admin/schema.ts'

/** One code the brand has made: `GET /sandbox/codes`. */
export type Code = {
  readonly kind: 'contact_way' | 'link' | 'join_way'
  readonly id: string
  readonly name: string
  readonly appKey?: string
  readonly state?: string
  readonly content: string
  readonly qr: string
  readonly members: readonly string[]
}
