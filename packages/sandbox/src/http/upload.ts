/** The file of a multipart upload. */
export interface UploadedFile {
  /** Name of the form field. */
  readonly field: string
  readonly filename: string
  readonly contentType: string
  readonly body: Buffer
}

/** The first file of a multipart body; undefined when there is none or the body is not multipart. */
export async function readUpload(body: Buffer, contentType: string | undefined): Promise<UploadedFile | undefined> {
  if (contentType === undefined || !/^multipart\/form-data/i.test(contentType)) return undefined
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => undefined)
  for (const [field, value] of form ?? []) {
    if (typeof value === 'string') continue
    return { field, filename: value.name, contentType: value.type, body: Buffer.from(await value.arrayBuffer()) }
  }
  return undefined
}
