export type { Attachment, AttachmentInput } from './attachments.ts'
export { type MemoryBudgetOptions, memoryBudget } from './budget/memory.ts'
export type { Budget, BudgetCall, BudgetForecast, LimitKind, Priority } from './budget/types.ts'
export {
  type CallbackKeys,
  type CallbackQuery,
  defaultMaxBodyBytes,
  openCallback,
  openVerification,
  type SealedQuery,
  type SealOptions,
  sealCallback,
  sealReply,
  sealVerification,
} from './callback/codec.ts'
export { type CallbackCode, CallbackError, callbackCodes } from './callback/error.ts'
export { formatEvent, parseEvent } from './callback/event.ts'
export type { EventKind, EventOfKind, KnownEvent, UnknownEvent, WecomEvent } from './callback/events/index.ts'
export { eventDeclarations } from './callback/events/index.ts'
export { type CardReply, openCardReply, sealCardReply } from './callback/reply.ts'
export type { Catalogue, Handlers, NamedEndpoint } from './catalogue.ts'
export { allEndpoints, catalogue, findEndpoint, findEndpointByPath } from './catalogue.ts'
export { createClient } from './client/client.ts'
export {
  BudgetExhaustedError,
  type CallContext,
  CallError,
  CircuitOpenError,
  DeadlineError,
  InvalidRequestError,
  NetworkError,
  UnexpectedAnswerError,
  UnknownOutcomeError,
  WecomError,
} from './client/errors.ts'
export type { CallOptions, CallOutcome, CallRecord, Client, ClientControl, ClientOptions } from './client/types.ts'
export type {
  Credential,
  Endpoint,
  EndpointTree,
  ParsedRequestOf,
  Repeat,
  RequestOf,
  ResponseOf,
  UploadEndpoint,
  UploadFile,
} from './endpoint.ts'
export { endpoint, uploadEndpoint } from './endpoint.ts'
export type { Broadcast } from './endpoints/broadcasts.ts'
export type { ContactWay } from './endpoints/contact-ways.ts'
export type { Department, Member } from './endpoints/contacts.ts'
export { addWays, type ExternalContact, type FollowInfo, type FollowUser } from './endpoints/customers.ts'
export type { GroupChat } from './endpoints/groups.ts'
export type { StrategyTagGroup } from './endpoints/strategy-tags.ts'
export type { CorpTag, CorpTagGroup } from './endpoints/tags.ts'
export type { CardLook, TemplateCard } from './endpoints/template-card.ts'
export { type ErrorEntry, errorCatalogue, explain } from './errors/index.ts'
export * from './ids.ts'
export { signJsapi } from './jsapi.ts'
export {
  defaultLimitProfile,
  type Grade,
  isLimitName,
  type LimitEntry,
  type LimitName,
  type LimitOverrides,
  type LimitProfile,
  type LimitValue,
  limitProfile,
  type NumericLimit,
  sourceNameZh,
  sourceUrl,
} from './limits.ts'
export { signWorkwx } from './pay-sign.ts'
export { type CheckedRequest, checkRequest, requestErrcode } from './request.ts'
export { memoryTokenStore } from './tokens/memory.ts'
export type { StoredToken, TokenStore } from './tokens/types.ts'
export {
  allWeixinEndpoints,
  findWeixinEndpoint,
  findWeixinEndpointByPath,
  type NamedWeixinEndpoint,
  type WeixinCatalogue,
  type WeixinHandlers,
  weixinCatalogue,
} from './weixin/catalogue.ts'
export {
  createWeixinClient,
  type WeixinClient,
  type WeixinClientOptions,
  type WeixinControl,
} from './weixin/client.ts'
export {
  openWeixinCallback,
  openWeixinVerification,
  sealWeixinCallback,
  sealWeixinVerification,
  type WeixinCallbackKeys,
  type WeixinCallbackQuery,
} from './weixin/codec.ts'
export { type Follower, hasTextScene, isPermanentCode } from './weixin/endpoints/followers.ts'
export type { MenuButton, MenuLeaf, MenuRule } from './weixin/endpoints/menus.ts'
export { type WeixinScope, weixinAuthorizeUrl } from './weixin/endpoints/oauth.ts'
export { explainWeixin, weixinErrors } from './weixin/errors.ts'
export {
  formatWeixinEvent,
  type KnownWeixinEvent,
  parseWeixinEvent,
  sceneOf,
  type WeixinEvent,
  type WeixinEventKind,
  weixinEventKey,
} from './weixin/event.ts'
export * from './weixin/ids.ts'
export { openWeixinReply, sealWeixinReply, type WeixinReply } from './weixin/reply.ts'
