/** What a collaborator may do, in words, and the API's scopes behind it. Each role includes the ones before it. */
export interface Role {
  readonly id: 'view' | 'label' | 'concepts' | 'upload' | 'manage'
  readonly label: string
  readonly description: string
  /** the same to whom it is offered, after “You will be able to” */
  readonly offer: string
  /** names of clarifai.auth.scope.S; the minimum of every RPC the role needs (cl_depending_scopes) */
  readonly scopes: readonly string[]
}

const view = [
  'Apps_Get',
  'Workflows_Get',
  'Models_Get',
  'Inputs_Get',
  'Concepts_Get',
  'Annotations_Get',
  'Collaborators_Get',
  'Datasets_Get',
  'SavedSearch_Get',
  'Search',
]
const label = [...view, 'Tasks_Get', 'Annotations_Add', 'Annotations_Delete']
const concepts = [...label, 'Concepts_Add']
const upload = [...concepts, 'Inputs_Add', 'Predict']
const manage = [...upload, 'Inputs_Delete', 'Collaborators_Add']

export const roles: readonly Role[] = [
  {
    id: 'view',
    label: 'Can view',
    description: 'See inputs, labels, concepts and people',
    offer: 'look at inputs, labels, concepts and people',
    scopes: view,
  },
  {
    id: 'label',
    label: 'Can label',
    description: 'Also draw, change and delete their own labels',
    offer: 'label: draw, and change and delete your own labels',
    scopes: label,
  },
  {
    id: 'concepts',
    label: 'Can add concepts',
    description: 'Also label, add and rename concepts',
    offer: 'label, and add and rename concepts',
    scopes: concepts,
  },
  {
    id: 'upload',
    label: 'Can upload',
    description: 'Also label, add concepts and inputs',
    offer: 'label, add concepts, and add inputs',
    scopes: upload,
  },
  {
    id: 'manage',
    label: 'Can manage',
    description: 'Also delete inputs and invite people',
    offer: 'label, add concepts, add and delete inputs, and invite people',
    scopes: manage,
  },
]

/** The highest role that these scopes cover wholly; undefined when they cover none. `All` covers every role. */
export function roleOf(scopes: readonly string[]): Role | undefined {
  const given = new Set(scopes)
  return roles.findLast((role) => given.has('All') || role.scopes.every((scope) => given.has(scope)))
}
