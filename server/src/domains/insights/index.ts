export { alarmRoutes } from './alarms.routes.ts'
export {
  clearAlarm,
  clearAlarms,
  keepAlarms,
  listAlarms,
  raiseAlarm,
  raiseAlarms,
  type StandingAlarm,
} from './alarms.store.ts'
export type { Alarm, AlarmSubject } from './alarms.ts'
export { todayRoutes } from './today.routes.ts'
