import type { Endpoint, EndpointTree, UploadFile } from '../endpoint.ts'
import { Call, type CallSetting } from './call.ts'
import type { CallOptions, ClientOf } from './types.ts'

/** A method for each endpoint of a tree; `prefix` stands before the group's name in records and errors. */
export function methodsOf<Tree extends EndpointTree>(tree: Tree, setting: CallSetting, prefix = ''): ClientOf<Tree> {
  const method =
    (group: string, name: string, endpoint: Endpoint) =>
    (input: object, callOptions: CallOptions = {}) => {
      const { request, file } = split(endpoint, input)
      return new Call(setting, `${prefix}${group}.${name}`, endpoint, request, file, callOptions).run()
    }
  return Object.fromEntries(
    Object.entries(tree).map(([group, endpoints]) => [
      group,
      Object.fromEntries(
        Object.entries<Endpoint>(endpoints).map(([name, endpoint]) => [name, method(group, name, endpoint)]),
      ),
    ]),
    // Built by walking the same tree that the type is derived from.
  ) as unknown as ClientOf<Tree>
}

/** The file apart from the query beside it. */
function split(endpoint: Endpoint, input: object): { request: object; file: UploadFile | undefined } {
  if (endpoint.upload === undefined || !('file' in input) || !('filename' in input)) {
    return { request: input, file: undefined }
  }
  // The method's type asks for a file exactly where the endpoint declares an upload.
  const { file, filename, ...request } = input as UploadFile
  return { request, file: { file, filename } }
}
