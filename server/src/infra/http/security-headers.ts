import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { ApiVariables } from './api.ts'

/**
 * What browsers may do with our answers. Documents carry the whole policy. An asset or an answer of the API is no
 * document: what protects it is that it is taken for nothing else; one that is opened all the same may run nothing.
 * The first page loads some forty assets, and the whole set on each was 20 KB of a first load of 300.
 */
export function securityHeaders(frames: readonly string[]): MiddlewareHandler<{ Variables: ApiVariables }> {
  const forDocuments = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      // antd writes its styles into the page
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:', 'https:', ...frames],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'", ...frames],
      frameSrc: ["'self'", ...frames],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
    },
    // the console may run on plain HTTP inside a company; HSTS belongs to the proxy in front
    strictTransportSecurity: false,
  })
  return async (c, next) => {
    await next()
    const kind = c.res.headers.get('content-type') ?? ''
    if (kind.startsWith('text/html')) {
      await forDocuments(c, async () => undefined)
      return
    }
    c.res.headers.set('x-content-type-options', 'nosniff')
    c.res.headers.set('cross-origin-resource-policy', 'same-origin')
    if (isProgram(kind)) return
    c.res.headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    c.res.headers.set('referrer-policy', 'no-referrer')
  }
}

/** Scripts, styles and fonts: a browser that is sent to one shows its text. */
function isProgram(kind: string): boolean {
  return /^(text\/javascript|application\/javascript|text\/css|font\/)/.test(kind)
}
