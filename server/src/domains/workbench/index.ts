export { addStaffTasks } from './staff-tasks.store.ts'
