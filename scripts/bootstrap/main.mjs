import { ensureDependencies } from './dependencies.mjs'
import { ensureNode } from './node.mjs'
import { run } from './run.mjs'
import { StopError, say } from './say.mjs'
import { taskNames, tasks } from './tasks.mjs'
import { ensureWeb } from './web.mjs'

/** Makes the machine ready (Node, dependencies, web), then runs the task in its place and ends as it ends. */
export async function main([name, ...args]) {
  try {
    const task = tasks[name]
    if (!task)
      throw new StopError(`There is no task "${name}". Tasks: ${taskNames}`, `没有任务“${name}”。可用任务:${taskNames}`)
    const node = await ensureNode()
    await ensureDependencies(node)
    if (task.web) await ensureWeb(node)
    process.exitCode = await run(node, ['--disable-warning=ExperimentalWarning', ...task.command, ...args])
  } catch (error) {
    if (!(error instanceof StopError)) throw error
    say.error(error)
    process.exitCode = error.exitCode
  }
}
