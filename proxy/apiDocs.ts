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
