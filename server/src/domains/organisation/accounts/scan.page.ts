import type { Said } from '../../../infra/errors.ts'
import type { ScanProblem } from './scan-problems.ts'

const words = {
  title: { zh: '没有登录成功', en: 'You are not logged in' },
  back: { zh: '返回登录页', en: 'Back to the log-in page' },
} as const satisfies Record<string, Said>

/** A page without scripts: the person comes from the platform and the console is not loaded yet. */
export function scanProblemPage(problem: ScanProblem, language: keyof Said): string {
  const text = (said: Said) => escaped(said[language])
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(words.title)} · 暖域 Nuanyu</title>
<style>
:root { color-scheme: light dark; --paper: #faf8f4; --surface: #fff; --ink: #1f2328; --quiet: #6b6f76; --line: #e9e4db; --jade: #0e7c66; --on: #fff }
@media (prefers-color-scheme: dark) { :root { --paper: #16181a; --surface: #1f2224; --ink: #eceae5; --quiet: #a3a7ad; --line: #33373a; --jade: #4fc3a6; --on: #10201c } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink); font: 14px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans SC", system-ui }
main { max-width: 420px; margin: 24px; padding: 32px; background: var(--surface); border: 1px solid var(--line); border-radius: 8px }
h1 { margin: 0 0 8px; font-size: 20px } p { margin: 0 0 8px } .todo { color: var(--quiet) }
a { display: inline-block; margin-top: 16px; padding: 8px 16px; border-radius: 8px; background: var(--jade); color: var(--on); text-decoration: none }
a:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
</style>
</head>
<body><main><h1>${text(words.title)}</h1><p>${text(problem.what)}</p><p class="todo">${text(problem.todo)}</p><a href="/login">${text(words.back)}</a></main></body>
</html>
`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
