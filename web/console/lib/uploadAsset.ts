import { api, ask } from '#shared/api/client.ts'

/** Keeps a picture, video or file with the server, which puts it at the platform. */
export function uploadAsset(file: File) {
  return ask(
    api.POST('/api/media', {
      body: { file: file.name },
      bodySerializer: () => {
        const form = new FormData()
        form.set('file', file)
        return form
      },
    }),
  )
}
