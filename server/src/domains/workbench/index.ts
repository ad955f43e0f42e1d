export { addStaffTasks, type StaffTask } from './staff-tasks.store.ts'
