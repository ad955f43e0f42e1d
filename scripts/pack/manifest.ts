/** What of a package.json matters for publishing. */
export interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

export interface PackedManifest extends Omit<Manifest, 'exports'> {
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>
}

/** The same package with its doors in the compiled files. */
export function packedManifest(manifest: Manifest): PackedManifest {
  const exports = Object.entries(manifest.exports).map(([door, file]) => {
    const compiled = file.replace(/^\.\//, './dist/').replace(/\.ts$/, '')
    return [door, { types: `${compiled}.d.ts`, default: `${compiled}.js` }] as const
  })
  return {
    ...manifest,
    exports: Object.fromEntries(exports),
    engines: { node: '>=20.12' },
    files: ['dist', 'bin', 'phone'],
  }
}
