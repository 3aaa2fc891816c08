import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DescMethod, getOption } from '@bufbuild/protobuf'
import { http } from '#gen/google/api/annotations_pb.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { SSchema } from '#gen/proto/clarifai/auth/scope/scope_pb.ts'
import { AuthTypeSchema } from '#gen/proto/clarifai/auth/types/types_pb.ts'
import { cl_auth_type, cl_depending_scopes } from '#gen/proto/clarifai/auth/util/extension_pb.ts'
import { v2Methods } from '#proxy/service/api.ts'

/** docs/api.md, from the descriptors and the methods there are. */
export const apiDocs = (): string => {
  const there = V2.methods.filter(isThere)
  const missing = V2.methods.filter((method) => !isThere(method))
  return `# The API, method by method

Made by \`node proxy/apiDocs.ts --write\` from the descriptors of clarifai.api.V2; a test holds it current.

Of its ${V2.methods.length} methods the server answers ${there.length} by itself; the others are \`UNIMPLEMENTED\`, over
REST code 10040 with HTTP 501. With \`UPSTREAM\` set all of them are forwarded, whatever they are.

Over gRPC, gRPC-web (binary and text) and Connect a method is \`/clarifai.api.V2/<Method>\`. REST has the routes below
(\`{UA}\` is \`/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}\`, \`{U}\` is
\`/v2/users/{user_app_id.user_id}\`); a streaming method answers one JSON object a line there
(\`application/x-ndjson\`). The scopes are what a key and a collaborator's invitation must hold.

A REST body is read as JSON whatever its \`Content-Type\` says (with a session cookie instead of a key it must not be one
that a form can send). Lists of items to write or delete have 1 to 128 of them. Bulk deletes pass over what is not there,
so that they may be repeated, and answer SUCCESS; a single delete of it is 11101.

## What patching does

\`PatchAnnotations\` and \`PatchInputs\` (of whose \`data\` the picture, video, sound or text always stays) by \`action\`. What is
absent stays as it is, whatever the action.

| field | \`merge\` | \`overwrite\` | \`remove\` |
|---|---|---|---|
| \`data\` | the fields that are sent, as below | replaced as a whole | what is named, as below |
| \`data.concepts\` | by id: a known one gets the new value in its place, others are appended | only those sent | those with these ids go |
| \`data.regions\` | the region with this id, or without one the only one; another id is refused | a region without id gets a new one; with its id and no place it stays where it is | named by its id alone it goes; with \`data.concepts\` inside, these go from it |
| \`region_info\` | the shape that is sent takes the place of the one there is (a box around a mask stays beside it) | as sent | – |
| \`data.frames\` | by id, else by time and number; inside as for \`data\` | only the one sent | alone it goes, with data inside that goes from it |
| \`data.metadata\`, \`annotation_info\` | objects recurse; in lists items with an id are merged, others appended; \`{}\` and \`[]\` replace, \`null\` says nothing | replaced as a whole | \`true\` removes the key, objects recurse, items of lists go by their id; **any other value is written in the key's place where there is one**, as Clarifai's page on patching has it: to remove, send \`true\` |
| \`data.geo\`, \`data.text\` and the other fields of \`data\` | replaced | replaced | \`geo\` goes, the others stay |
| \`status\`, \`task_id\` | replaced | replaced | replaced |
| \`dataset_ids\` of an input | joins these | is in these only | leaves these |

With \`delete_if_empty_data\` an annotation that \`remove\` leaves empty is deleted. Ids, the input, times and who made it are
never patched (the owner may give an annotation to another person).

## Answered by the server itself

| method | REST | credential | scopes |
|---|---|---|---|
${there.map(rowOf).join('\n')}

## Only with an upstream

| method | REST | credential |
|---|---|---|
${missing.map(shortRowOf).join('\n')}
`
}

const isThere = ({ localName }: DescMethod): boolean => localName in v2Methods

const rowOf = (method: DescMethod): string => {
  const scopes = getOption(method, cl_depending_scopes).map((number) => SSchema.value[number]?.name ?? String(number))
  return `| ${nameOf(method)} | ${routesOf(method)} | ${authOf(method)} | ${scopes.join(' ')} |`
}

const shortRowOf = (method: DescMethod): string => `| ${nameOf(method)} | ${routesOf(method)} | ${authOf(method)} |`

const nameOf = ({ name, methodKind }: DescMethod): string =>
  methodKind === 'unary' ? `\`${name}\`` : `\`${name}\` (${methodKind.replace('_', ' ')})`

const authOf = (method: DescMethod): string => AuthTypeSchema.value[getOption(method, cl_auth_type)]?.name ?? ''

const routesOf = (method: DescMethod): string => {
  const rule = getOption(method, http)
  return [rule, ...rule.additionalBindings]
    .flatMap(({ pattern }) =>
      pattern.case === undefined || pattern.case === 'custom'
        ? []
        : [`${pattern.case.toUpperCase()} \`${shortened(pattern.value)}\``],
    )
    .join('<br>')
}

const shortened = (template: string): string =>
  template
    .replace('/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}', '{UA}')
    .replace('/v2/users/{user_app_id.user_id}', '{U}')

export const apiDocsFile = join(import.meta.dirname, '..', 'docs', 'api.md')

/** What the page says now. */
export const writtenApiDocs = (): string => readFileSync(apiDocsFile, 'utf8')

if (import.meta.main && process.argv.includes('--write')) writeFileSync(apiDocsFile, apiDocs())
