/** What a person calls the browser and system of a User-Agent; undefined when it is none that people use. */
export function deviceOf(userAgent: string): { browser: string; system: string } | undefined {
  const browser = firstOf(userAgent, [
    [/wxwork\//i, '企业微信 WeCom'],
    [/MicroMessenger\//i, '微信 WeChat'],
    [/Edg(?:e|A|iOS)?\//, 'Edge'],
    [/QQBrowser\//, 'QQ 浏览器'],
    [/Firefox\/|FxiOS\//, 'Firefox'],
    [/Chrome\/|CriOS\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ])
  const system = firstOf(userAgent, [
    [/HarmonyOS/i, 'HarmonyOS'],
    [/iPhone|iPad/, 'iOS'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS X|Macintosh/, 'macOS'],
    [/Linux/, 'Linux'],
  ])
  return browser === undefined || system === undefined ? undefined : { browser, system }
}

function firstOf(text: string, known: readonly (readonly [RegExp, string])[]): string | undefined {
  return known.find(([pattern]) => pattern.test(text))?.[1]
}
