export { addStaffTasks, finishStaffTask, type StaffTask } from './staff-tasks.store.ts'
