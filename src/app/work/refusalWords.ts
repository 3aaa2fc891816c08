import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { Command } from '#sync/commands.ts'
import { ApiFailure, describe } from '#sync/errors.ts'
import { fieldWords } from '#sync/fieldWords.ts'

type Refused = Pick<Command, 'scope' | 'refused' | 'name'>

/** What people call the input of a command. */
export const inputNameOf = ({ name, scope }: Pick<Command, 'name' | 'scope'>): string => name || scope.input

/** Why the server refused it, as one sentence with the names of people and of the image. Empty: it did not. */
export function refusalWords(command: Refused, nameOf: (userId: string) => string): string {
  const { refused } = command
  if (!refused) return ''
  const said = fieldWords(refused.details)
  // the server says what became of it: nothing else need be guessed
  if (refused.code === StatusCode.TASK_CONFLICT && said) return sentence(named(said, command, nameOf))
  const { title, detail } = describe(new ApiFailure(refused))
  return `${title}. ${named(detail, command, nameOf)}`
}

/** Quoted ids are what scripts need; people know the file and each other's names. */
const named = (text: string, command: Refused, nameOf: (userId: string) => string): string =>
  withNames(text.replaceAll(`input "${command.scope.input}"`, inputNameOf(command)), nameOf)

const sentence = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`

/** What the server says of people by id, with their names: `"ana" has decided` → “Ana Berg has decided”. */
const withNames = (text: string, nameOf: (userId: string) => string): string =>
  text.replace(/"([^"\s]+)"/g, (quoted, id: string) => (nameOf(id) === id ? quoted : nameOf(id)))
