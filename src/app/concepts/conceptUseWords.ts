import { count } from '#app/messages.ts'
import type { GetConceptUseResponse } from '#gen/marquee/v1/office_pb.ts'

export type Use = Pick<GetConceptUseResponse, 'annotations' | 'regions' | 'inputs' | 'people' | 'taskNames'>

export const isUsed = ({ annotations, taskNames }: Use): boolean => annotations > 0 || taskNames.length > 0

/** How many labels use it, in few words. */
export const countOfUse = ({ annotations }: Use): string => count(annotations, 'label')

/** "1,204 regions and 3 whole images, on 310 inputs, by 4 people; offered by the task “Cars”". */
export function wordsOfUse({ annotations, regions, inputs, people, taskNames }: Use): string {
  const wholes = annotations - regions
  const labels = [regions > 0 ? count(regions, 'region') : '', wholes > 0 ? count(wholes, 'whole image') : ''].filter(
    (words) => words !== '',
  )
  const by = people > 0 ? `, by ${count(people, 'person', 'people')}` : ''
  const said = labels.length > 0 ? `${labels.join(' and ')}, on ${count(inputs, 'input')}${by}` : 'no label'
  if (taskNames.length === 0) return said
  const some = taskNames.slice(0, 3).map((name) => `“${name}”`)
  const more = taskNames.length - some.length
  const names = new Intl.ListFormat('en').format(more > 0 ? [...some, `${more} more`] : some)
  return `${said}; offered by the ${taskNames.length === 1 ? 'task' : 'tasks'} ${names}`
}
