export { alarmRoutes } from './alarms.routes.ts'
export {
  clearAlarm,
  clearAlarms,
  keepAlarms,
  raiseAlarm,
  raiseAlarms,
} from './alarms.store.ts'
export type { Alarm } from './alarms.ts'
export { todayRoutes } from './today.routes.ts'
